"""fep::blur_pyramid and fep::perturb against plain PyTorch and the golden pyramid."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F


def blur(clip: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of C×T×H×W by two zero-padded convolutions."""
    reach = math.ceil(4 * sigma)
    x = torch.arange(-reach, reach + 1, dtype=clip.dtype)
    kernel = torch.exp(-((x / sigma) ** 2) / 2)
    kernel = kernel / kernel.sum()
    rows = F.conv1d(clip.reshape(-1, 1, clip.shape[-1]), kernel.view(1, 1, -1), padding=reach).view(clip.shape)
    columns = rows.transpose(-1, -2)
    return F.conv1d(columns.reshape(-1, 1, columns.shape[-1]), kernel.view(1, 1, -1), padding=reach).view(
        columns.shape
    ).transpose(-1, -2)


def reference(pyramid: Tensor, mask: Tensor) -> Tensor:
    """M ⊗ X by gathering both levels."""
    levels = pyramid.shape[0]
    position = mask * (levels - 1)
    lower = position.floor().long()
    upper = (lower + 1).clamp(max=levels - 1)
    weight = (position - lower).unsqueeze(1)

    def pick(level: Tensor) -> Tensor:
        index = level[:, None, None].expand(-1, 1, pyramid.shape[1], -1, -1, -1)
        return torch.gather(pyramid.expand(len(mask), *pyramid.shape), 1, index)[:, 0]

    return (1 - weight) * pick(lower) + weight * pick(upper)


def test_pyramid_equals_convolutions(fep):
    clip = torch.randn(3, 2, 30, 17, dtype=torch.float64)
    pyramid = fep.blur_pyramid(clip, 5, 6.0)
    for level, sigma in enumerate([6.0, 4.5, 3.0, 1.5]):
        # σ is rounded to float32 on the way, as the published code does, whatever the clip's type.
        assert torch.allclose(pyramid[level], blur(clip, sigma), atol=1e-6, rtol=0)
    assert torch.equal(pyramid[4], clip)


def test_golden_pyramid(fep, golden):
    pyramid = fep.blur_pyramid(golden("clip"), 8, 20.0)
    assert torch.allclose(pyramid[:, :, 0], golden("pyramid_frame0"), atol=1e-5, rtol=0)


@pytest.mark.parametrize("levels", [2, 8])
def test_perturb_and_its_gradient(fep, levels):
    pyramid = torch.randn(levels, 3, 4, 9, 11, dtype=torch.float64)
    mask = torch.rand(2, 4, 9, 11, dtype=torch.float64)
    mask[0, 0] = 1
    mask[0, 1] = 0
    mask.requires_grad_(True)
    expected = reference(pyramid, mask)
    got = fep.perturb(pyramid, mask)
    assert torch.allclose(got, expected, atol=1e-14)
    upstream = torch.randn_like(expected)
    (slow,) = torch.autograd.grad(expected, mask, upstream)
    (fast,) = torch.autograd.grad(got, mask, upstream)
    assert torch.allclose(fast, slow, atol=1e-12)
    single = fep.perturb(pyramid.float(), mask.detach().float())
    assert torch.allclose(single.double(), expected, atol=2e-5)


def test_gradient_vanishes_where_all_is_kept(fep):
    pyramid = torch.randn(8, 3, 2, 5, 5)
    ones = torch.ones(1, 2, 5, 5)
    gradient = fep.perturb_backward(torch.randn(1, 3, 2, 5, 5), pyramid, ones)
    assert torch.equal(gradient, torch.zeros_like(gradient))


def test_gradcheck(fep):
    pyramid = torch.randn(4, 3, 2, 3, 4, dtype=torch.float64)
    # Away from the levels themselves, where the interpolation has a kink.
    mask = ((torch.randint(0, 3, (2, 2, 3, 4)) + 0.2 + 0.6 * torch.rand(2, 2, 3, 4)) / 3).double().requires_grad_(True)
    assert torch.autograd.gradcheck(lambda m: fep.perturb(pyramid, m), mask)


def test_masks_beyond_the_range_read_the_ends(fep):
    pyramid = torch.randn(8, 3, 1, 1, 3)
    mask = torch.tensor([[[[-5.0, 7.0, float("nan")]]]])
    got = fep.perturb(pyramid, mask)[0, :, 0, 0]
    assert torch.equal(got[:, 0], pyramid[0, :, 0, 0, 0])
    assert torch.equal(got[:, 1], pyramid[7, :, 0, 0, 1])


def test_shapes_are_named(fep):
    with pytest.raises(Exception, match="mask must be N x T x H x W"):
        fep.perturb(torch.randn(8, 3, 2, 5, 5), torch.ones(1, 2, 5, 6))


@pytest.mark.parametrize("width", [16, 23, 40])
def test_a_mask_that_is_part_of_a_canvas(fep, width):
    """Rows that lie apart, as a crop's do, are read where they are."""
    pyramid = torch.randn(8, 3, 2, 9, width)
    canvas = torch.rand(2, 2, 20, width + 15)
    mask = canvas[:, :, 4:13, 7 : 7 + width]
    whole = mask.contiguous()
    assert not mask.is_contiguous()
    assert torch.allclose(fep.perturb(pyramid, mask), fep.perturb(pyramid, whole), atol=1e-6)
    gradient = torch.randn(2, 3, 2, 9, width)
    assert torch.allclose(fep.perturb_backward(gradient, pyramid, mask), fep.perturb_backward(gradient, pyramid, whole), atol=1e-5)
    apart = canvas[:, :, 4:13, ::2][..., :16]
    assert torch.allclose(fep.perturb(pyramid[..., :16], apart), fep.perturb(pyramid[..., :16], apart.contiguous()), atol=1e-6)
