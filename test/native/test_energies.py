"""fep::area_energy and fep::core_energy against sorting and convolving."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F


def area_reference(mask: Tensor, area: float, per_frame: bool) -> Tensor:
    """R_a of Eq. (1), by a full stable sort."""
    groups = mask.reshape(mask.shape[0], -1) if per_frame else mask.reshape(1, -1)
    n = groups.shape[1]
    target = torch.ones(n, dtype=mask.dtype)
    target[: int(n * (1 - area))] = 0
    return ((groups.sort(dim=1, stable=True).values - target) ** 2).mean()


@pytest.mark.parametrize("per_frame", [False, True])
@pytest.mark.parametrize("area", [0.0, 0.05, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("shape", [(3, 7, 9), (16, 92, 92), (1, 1, 1)])
def test_area_equals_sorting(fep, shape, area, per_frame):
    mask = torch.rand(2, *shape, dtype=torch.float64)
    # Many equal values, at the ends and in between, as real masks have.
    mask[mask < 0.5] = 0
    mask[mask > 0.95] = 1
    mask[(mask > 0.6) & (mask < 0.8)] = 0.7
    mask.requires_grad_(True)
    energy = fep.area_energy(mask, [area, 0.2], per_frame)
    expected = torch.stack([area_reference(mask[0], area, per_frame), area_reference(mask[1], 0.2, per_frame)])
    assert torch.allclose(energy, expected, atol=1e-13)
    (fast,) = torch.autograd.grad(energy.sum(), mask)
    (slow,) = torch.autograd.grad(expected.sum(), mask)
    assert torch.allclose(fast, slow, atol=1e-15)
    single = fep.area_energy(mask.detach().float(), [area, 0.2], per_frame)
    assert torch.allclose(single.double(), expected, atol=1e-6)


def test_area_where_the_sample_misleads(fep):
    """The threshold is looked for where a sample has it; these masks are made so that it lies elsewhere."""
    n, sampled = 40_000, 4096
    places = [((i * 0x9E3779B97F4A7C15 % 2**64) >> 32) * n >> 32 for i in range(sampled)]
    for value in (0.0, 1.0, float("nan")):
        mask = torch.rand(1, 4, 100, 100, dtype=torch.float64)
        mask.view(-1)[places] = value
        if value != value:
            assert fep.area_energy(mask, [0.3], False).isnan().all()
            continue
        mask.requires_grad_(True)
        energy, expected = fep.area_energy(mask, [0.3], False), area_reference(mask[0], 0.3, False)
        assert torch.allclose(energy, expected, atol=1e-13)
        (fast,) = torch.autograd.grad(energy.sum(), mask)
        (slow,) = torch.autograd.grad(expected, mask)
        assert torch.allclose(fast, slow, atol=1e-15)


def test_area_gradcheck(fep):
    mask = torch.randperm(60).view(1, 3, 4, 5).double().div(60).requires_grad_(True)
    assert torch.autograd.gradcheck(lambda m: fep.area_energy(m, [0.15], False), mask)
    assert torch.autograd.gradcheck(lambda m: fep.area_energy(m, [0.15], True), mask)


def test_area_of_not_a_number_is_not_a_number(fep):
    mask = torch.rand(1, 4, 20, 20)
    mask[0, 1, 3, 3] = float("nan")
    assert fep.area_energy(mask, [0.1], False).isnan().all()


@pytest.mark.parametrize("areas", [[1.5], [-0.1], [0.1, 0.2]])
def test_area_refuses_what_is_no_share(fep, areas):
    with pytest.raises(Exception, match="area"):
        fep.area_energy(torch.rand(1, 2, 3, 3), areas, False)


def core_reference(mask: Tensor, area: float) -> Tensor:
    """STEP's core energy by conv3d and sorting."""
    z, y, x = torch.meshgrid(torch.arange(7) - 3, torch.arange(11) - 5, torch.arange(11) - 5, indexing="ij")
    ellipsoid = ((z / 3) ** 2 + (y / 5) ** 2 + (x / 5) ** 2 <= 1).double()
    kernel = (ellipsoid / ellipsoid.sum())[None, None]
    responses = F.conv3d(mask[None, None], kernel, stride=(1, 11, 11)).flatten().sort(descending=True).values
    top = min(math.ceil(area * mask.numel() / 443), len(responses))
    rest = responses[top:]
    return ((responses[:top] - 1) ** 2).mean() + ((rest**2).mean() if len(rest) else 0)


@pytest.mark.parametrize("shape", [(16, 92, 92), (7, 11, 11), (8, 40, 25)])
def test_core_equals_convolving(fep, shape):
    mask = torch.rand(1, *shape, dtype=torch.float64, requires_grad=True)
    energy = fep.core_energy(mask, [0.1])
    expected = core_reference(mask[0], 0.1)
    assert torch.allclose(energy, expected, atol=1e-13)
    (fast,) = torch.autograd.grad(energy.sum(), mask)
    (slow,) = torch.autograd.grad(expected, mask)
    assert torch.allclose(fast, slow, atol=1e-15)


def test_core_refuses_small_masks(fep):
    with pytest.raises(Exception, match="at least 7 frames"):
        fep.core_energy(torch.rand(1, 6, 20, 20), [0.1])
