"""The CUDA kernels against the CPU's in float64: compiled for the CPU always, on a GPU where there is one.

On the CPU every kernel's body runs over its whole grid, threads and blocks once in order and once in reverse: a result
that depended on their order would be a race on a GPU.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Iterator

import pytest
import torch
from native_build import RELEASE
from on_host import load_on_host
from torch import Tensor

DOUBLE, SINGLE = torch.float64, torch.float32


@dataclass
class Backend:
    """Where the kernels run: operators by name, and the device their tensors lie on."""

    name: str
    operators: Any
    device: str

    def call(self, operator: str, *arguments: Any, dtype: torch.dtype = DOUBLE) -> tuple[Tensor, ...]:
        """The operator on its own device, tensors of floats in `dtype`; results on the CPU in float64."""

        def there(argument: Any) -> Any:
            if not isinstance(argument, Tensor):
                return argument
            # Strides stay: views of a canvas, channels last.
            whole = argument if argument._base is None else argument._base
            moved = whole.to(self.device, dtype if whole.is_floating_point() else whole.dtype)
            return moved.as_strided(argument.size(), argument.stride(), argument.storage_offset())

        function = getattr(self.operators, operator)
        with torch.no_grad():
            results = function(*map(there, arguments))
        results = results if isinstance(results, (tuple, list)) else (results,)
        return tuple(result.detach().cpu().to(DOUBLE) for result in results)

    def orders(self) -> Iterator[None]:
        """Once for each order in which threads can be run."""
        for backwards in [False, True] if self.name == "on-host" else [False]:
            if self.name == "on-host":
                self.operators.run_backwards(backwards)
            yield
        if self.name == "on-host":
            self.operators.run_backwards(False)


@pytest.fixture(scope="module", params=["on-host", "cuda"])
def backend(request) -> Backend:
    if request.param == "on-host":
        return Backend("on-host", load_on_host(), "cpu")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device: the kernels ran on the CPU only")
    library = RELEASE / "libfep_ops_cuda.so"
    if not library.exists():
        pytest.skip("the CUDA operators are not built (FEP_CUDA)")
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.ops.load_library(str(library))
    return Backend("cuda", torch.ops.fep, "cuda")


def check(backend: Backend, fep: Any, operator: str, *arguments: Any, atol: float, single: float) -> None:
    """The kernel is the CPU's, in float64 to `atol`, in float32 to `single`; the same in any order, and always."""
    expected = getattr(fep, operator)(*arguments)
    expected = expected if isinstance(expected, (tuple, list)) else (expected,)
    expected = tuple(one.to(DOUBLE) for one in expected)
    runs = [backend.call(operator, *arguments) for _ in backend.orders()]
    for got in runs:
        assert len(got) == len(expected)
        for one, wanted in zip(got, expected):
            assert one.shape == wanted.shape
            assert torch.allclose(one, wanted, atol=atol, rtol=1e-12), (one - wanted).abs().max()
    singles = [backend.call(operator, *arguments, dtype=SINGLE) for _ in (*backend.orders(), *backend.orders())]
    for one, wanted in zip(singles[0], expected):
        assert torch.allclose(one, wanted, atol=single, rtol=1e-4), (one - wanted).abs().max()
    for again in singles[1:]:
        assert all(torch.equal(one, other) for one, other in zip(singles[0], again))


def mask_values(*shape: int) -> Tensor:
    """As masks are: mostly 0 and 1, many equal values in between. Whole numbers over 256, exact in float32 too."""
    mask = torch.randint(0, 257, shape).to(DOUBLE) / 256
    mask[mask < 0.4] = 0
    mask[mask > 0.9] = 1
    mask[(mask > 0.55) & (mask < 0.7)] = 0.625
    return mask


# (height, width, step, sigma): usual ones, axes of one pixel, a step beyond the frame, no neighbours, odd ones.
GRIDS = [(112, 112, 13, 23.0), (40, 56, 7, 11.0), (1, 30, 7, 11.0), (30, 1, 4, 9.5), (1, 1, 3, 2.0), (9, 14, 20, 5.0), (17, 23, 1, 0.4)]


@pytest.mark.parametrize("height,width,step,sigma", GRIDS)
@pytest.mark.parametrize("leading", [(2,), (1, 2), ()])
def test_smooth_mask(backend, fep, height, width, step, sigma, leading):
    points = [math.ceil(height / step), math.ceil(width / step)]
    p = mask_values(*leading, *points)
    grid = (height, width, step, sigma)
    check(backend, fep, "smooth_mask_with_denominator", p, *grid, atol=1e-12, single=2e-3)
    canvas, denominator = fep.smooth_mask_with_denominator(p, *grid)
    upstream = torch.randn_like(canvas)
    upstream[..., ::3] = 0
    check(backend, fep, "smooth_mask_backward_from", upstream, p, canvas, denominator, *grid, atol=1e-11, single=1e-3)
    apart = upstream.transpose(-1, -2).contiguous().transpose(-1, -2)
    check(backend, fep, "smooth_mask_backward_from", apart, p, canvas, denominator, *grid, atol=1e-11, single=1e-3)


@pytest.mark.parametrize("shape", [(3, 4, 9, 11), (1, 1, 1, 1), (2, 1, 5, 1), (3, 2, 1, 40)])
@pytest.mark.parametrize("levels", [2, 8])
@pytest.mark.parametrize("masks", [1, 3])
def test_perturb(backend, fep, shape, levels, masks):
    channels, frames, height, width = shape
    pyramid = torch.randn(levels, *shape, dtype=DOUBLE)
    mask = mask_values(masks, frames, height, width)
    # Values on a level belong to the next interval or to the one before, by rounding: keep them on this side of it.
    between = (mask > 0) & (mask < 1) & ((mask * (levels - 1) % 1) == 0)
    mask[between] += 1 / 1024
    canvas = torch.rand(masks, frames, height + 9, width + 6, dtype=DOUBLE)
    canvas[:, :, 4 : 4 + height, 3 : 3 + width] = mask
    part_of_canvas = canvas[:, :, 4 : 4 + height, 3 : 3 + width]
    for one in (mask, part_of_canvas):
        check(backend, fep, "perturb", pyramid, one, atol=1e-14, single=1e-5)
    upstream = torch.randn(masks, *shape, dtype=DOUBLE)
    channels_last = upstream.permute(0, 2, 3, 4, 1).contiguous().permute(0, 4, 1, 2, 3)
    frames_first = upstream.transpose(1, 2).contiguous().transpose(1, 2)
    for gradient in (upstream, channels_last, frames_first):
        check(backend, fep, "perturb_backward", gradient, pyramid, part_of_canvas, atol=1e-12, single=1e-4)


def test_perturb_beyond_the_range_reads_the_ends(backend):
    pyramid = torch.randn(8, 3, 1, 1, 4)
    mask = torch.tensor([[[[-5.0, 7.0, float("nan"), 1.0]]]])
    (got,) = backend.call("perturb", pyramid, mask, dtype=SINGLE)
    expected = torch.stack([pyramid[level, :, 0, 0, x] for x, level in enumerate([0, 7, 0, 7])], dim=1)
    assert torch.equal(got[0, :, 0, 0], expected.double())
    (slope,) = backend.call("perturb_backward", torch.ones(1, 3, 1, 1, 4), pyramid, mask, dtype=SINGLE)
    assert slope[0, 0, 0, 1] == 0 and slope[0, 0, 0, 3] == 0


@pytest.mark.parametrize("shape", [(2, 3, 7, 9), (1, 4, 60, 80), (3, 1, 1, 1), (2, 5, 64, 64), (1, 1, 1, 4097)])
@pytest.mark.parametrize("per_frame", [False, True])
@pytest.mark.parametrize("area", [0.0, 0.1, 0.37, 1.0])
def test_area(backend, fep, shape, per_frame, area):
    mask = mask_values(*shape)
    areas = [area, 0.2, 0.9][: shape[0]]
    check(backend, fep, "area_energy_with_gradient", mask, areas, per_frame, 3.5, atol=1e-12, single=1e-5)


@pytest.mark.parametrize("value", [0.0, -0.0, 0.3, 1.0])
def test_area_where_all_values_are_equal(backend, fep, value):
    """The last of them are pulled to 1, across the borders of pieces."""
    mask = torch.full((1, 3, 50, 90), value, dtype=DOUBLE)
    check(backend, fep, "area_energy_with_gradient", mask, [0.317], False, 1.0, atol=1e-12, single=1e-5)
    _, gradient = backend.call("area_energy_with_gradient", mask, [0.317], False, 1.0)
    zeros = int(mask.numel() * (1 - 0.317))
    pulled_up = gradient.flatten() != gradient.flatten()[0]
    assert torch.equal(pulled_up, torch.arange(mask.numel()) >= zeros)


def test_area_of_any_numbers(backend, fep):
    """Negative, huge and tiny ones too: what is selected is a rank."""
    mask = torch.randn(1, 2, 33, 70, dtype=DOUBLE) * torch.exp2(torch.randint(-30, 30, (1, 2, 33, 70)).to(DOUBLE))
    mask = mask.float().double()
    _, expected = fep.area_energy_with_gradient(mask, [0.25], False, 1.0)
    for dtype in (DOUBLE, SINGLE):
        for _ in backend.orders():
            _, got = backend.call("area_energy_with_gradient", mask, [0.25], False, 1.0, dtype=dtype)
            assert torch.allclose(got, expected, rtol=1e-6)


def test_area_of_many_masks(backend, fep):
    """More than one launch hands out ranks."""
    mask = mask_values(70, 2, 5, 6)
    areas = torch.rand(70, dtype=DOUBLE).tolist()
    check(backend, fep, "area_energy_with_gradient", mask, areas, True, 1.0, atol=1e-12, single=1e-5)


def test_area_of_not_a_number_is_not_a_number(backend):
    mask = torch.rand(1, 4, 20, 20)
    mask[0, 1, 3, 3] = float("nan")
    energy, _ = backend.call("area_energy_with_gradient", mask, [0.1], False, 1.0, dtype=SINGLE)
    assert energy.isnan().all()


@pytest.mark.parametrize("shape", [(1, 7, 11, 11), (2, 16, 92, 81), (3, 8, 40, 25)])
@pytest.mark.parametrize("area", [0.0, 0.1, 1.0])
def test_core(backend, fep, shape, area):
    mask = torch.randint(0, 1025, shape).to(DOUBLE) / 1024
    mask[:, :, :, : shape[3] // 2] = 0  # responses that are equal
    areas = [area, 0.3, 0.05][: shape[0]]
    check(backend, fep, "core_energy_with_gradient", mask, areas, atol=1e-13, single=1e-5)


# Longest axis up to 32: products with matrices; beyond: Fourier transforms. Even, odd and prime lengths, and 1.
GRADIENTS = [(16, 9, 9), (1, 5, 7), (8, 33, 34), (5, 1, 41), (2, 64, 3), (1, 1, 37), (40, 2, 1), (3, 36, 45)]


@pytest.mark.parametrize("shape", GRADIENTS)
@pytest.mark.parametrize("leading", [(), (2, 1)])
def test_dct(backend, fep, shape, leading):
    x = torch.randn(*leading, *shape, dtype=DOUBLE)
    check(backend, fep, "dct3", x, atol=1e-12, single=1e-4)
    check(backend, fep, "idct3", x, atol=1e-12, single=1e-4)
    check(backend, fep, "dct3", x.transpose(-1, -2).contiguous().transpose(-1, -2), atol=1e-12, single=1e-4)


@pytest.mark.parametrize("shape", [(16, 9, 9), (5, 34, 33)])
@pytest.mark.parametrize("ratios", [(0.5, 0.2), (0.1, 0.0), (0.3, 0.7), (0.0, 0.4), (0.5, 0.2, 0.25, 0.5)])
def test_frequency_modulate(backend, fep, shape, ratios):
    x = torch.randn(2, *shape, dtype=DOUBLE)
    check(backend, fep, "frequency_modulate", x, *ratios, atol=1e-12, single=1e-4)


# None, fewer than a byte's eight, as many, and more; dense, dense in another order, and not.
@pytest.mark.parametrize("shape", [(), (0,), (7,), (8,), (3, 5, 7), (2, 3, 4, 30, 21)])
def test_rectify(backend, fep, shape):
    x = torch.randint(-2, 3, shape).to(DOUBLE)
    for one in [x] if x.dim() < 3 else [x, x.transpose(0, 2), x[..., ::2]]:
        check(backend, fep, "rectify_with_passed", one, atol=0, single=0)
        output, passed = fep.rectify_with_passed(one)
        upstream = torch.randint(-9, 10, one.shape).to(DOUBLE)
        check(backend, fep, "rectify_backward", upstream, passed, output.stride(), atol=0, single=0)


def test_inputs_are_left_alone(backend):
    mask, x = mask_values(1, 2, 34, 35), torch.randn(1, 34, 35, dtype=DOUBLE)
    before = mask.clone(), x.clone()
    backend.call("area_energy_with_gradient", mask, [0.1], False, 1.0)
    for operator in ("dct3", "idct3"):
        backend.call(operator, x)
    backend.call("frequency_modulate", x, 0.5, 0.2)
    assert torch.equal(mask, before[0]) and torch.equal(x, before[1])


@pytest.mark.parametrize(
    "call,message",
    [
        (lambda o: o.perturb(torch.rand(8, 3, 2, 5, 5), torch.ones(1, 2, 5, 6)), "mask must be N x T x H x W"),
        (lambda o: o.area_energy_with_gradient(torch.rand(1, 2, 3, 3), [1.5], False, 1.0), "area"),
        (lambda o: o.core_energy_with_gradient(torch.rand(1, 6, 20, 20), [0.1]), "at least 7 frames"),
        (lambda o: o.frequency_modulate(torch.rand(4, 4, 4), 0.6, 0.5), "ratios of low and high"),
        (lambda o: o.smooth_mask_with_denominator(torch.ones(1, 10, 10), 65, 71, 7, 11.0), "mask parameters"),
    ],
)
def test_refuses_what_the_cpu_refuses(backend, call: Callable[[Any], Any], message):
    if backend.name == "cuda":
        pytest.skip("the same functions; the CPU's tensors would take the CPU's kernels")
    with pytest.raises(Exception, match=message):
        call(backend.operators)
