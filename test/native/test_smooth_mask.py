"""fep::smooth_mask against a direct transcription of its definition, in float64."""

import math

import pytest
import torch
from torch import Tensor


def axis(frame: int, step: int, sigma: float) -> tuple[int, int, int, int, int]:
    """(points, canvas, pad, radius, margin) of one axis, as DESIGN's definition has it."""
    points = math.ceil(frame / step)
    pad, radius = 1 + math.ceil(2 * sigma / step), 1 + math.ceil(sigma / step)
    cells = points + 2 * pad - 2 * radius
    margin = round(sigma)
    while step * cells - step + 1 < margin + frame:
        cells += 1
    return points, step * cells - step + 1, pad, radius, margin


def reference(parameters: Tensor, height: int, width: int, step: int, sigma: float) -> Tensor:
    """The mask generator pixel by pixel and point by point."""
    rows, canvas_h, pad, radius, _ = axis(height, step, sigma)
    columns, canvas_w, *_ = axis(width, step, sigma)
    u_y, u_x = torch.arange(canvas_h)[:, None], torch.arange(canvas_w)[None, :]
    values = []
    for tap_y in range(2 * radius + 1):
        for tap_x in range(2 * radius + 1):
            i_y, i_x = u_y // step + tap_y - pad, u_x // step + tap_x - pad
            distance = torch.sqrt(((u_y - (sigma + step * i_y)) ** 2 + (u_x - (sigma + step * i_x)) ** 2).double())
            weight = torch.exp(-2 * (distance / sigma - 0.5).clamp(min=0) ** 2)
            inside = (i_y >= 0) & (i_y < rows) & (i_x >= 0) & (i_x < columns)
            p = parameters[..., i_y.clamp(0, rows - 1), i_x.clamp(0, columns - 1)]
            values.append(p * weight * inside)
    v = torch.stack(values)
    return (v * torch.softmax(20 * v, 0)).sum(0).clamp(0, 1)


GEOMETRIES = [
    *((64, 64, 7, 11.0), (64, 64, 13, 23.0), (40, 56, 7, 23.0), (33, 21, 5, 3.5), (64, 64, 4, 6.0), (9, 9, 1, 0.5)),
    *((30, 47, 9, 5.0), (64, 64, 7, 1.0)),  # a cell's last pixel is apart; and cells are added behind the points
]


@pytest.mark.parametrize("height,width,step,sigma", GEOMETRIES)
def test_equals_its_definition(fep, height, width, step, sigma):
    shape = (2, 3, math.ceil(height / step), math.ceil(width / step))
    p = torch.rand(shape, dtype=torch.float64)
    p[p < 0.3] = 0
    p[p > 0.8] = 1
    expected = reference(p, height, width, step, sigma)
    assert torch.allclose(fep.smooth_mask(p, height, width, step, sigma), expected, atol=1e-12, rtol=0)
    single = fep.smooth_mask(p.float(), height, width, step, sigma)
    assert torch.allclose(single.double(), expected, atol=2e-6, rtol=0)


@pytest.mark.parametrize("value", [3.5, -4.0])
def test_float_equals_double_beyond_0_and_1(fep, value):
    """A loop clamps its parameters; whoever calls the operator need not."""
    geometry = 64, 64, 7, 11.0
    p = torch.rand(3, 10, 10, dtype=torch.float64) * 0.02
    p[:, 2::4, 1::4] = value
    expected = reference(p, *geometry)
    assert torch.allclose(fep.smooth_mask(p.float(), *geometry).double(), expected, atol=2e-6, rtol=0)
    upstream = torch.randn_like(expected)
    gradient = fep.smooth_mask_backward(upstream, p, *geometry)
    single = fep.smooth_mask_backward(upstream.float(), p.float(), *geometry).double()
    assert (single - gradient).abs().max() < 2e-6 * gradient.abs().max()


@pytest.mark.parametrize("height,width,step,sigma", GEOMETRIES)
def test_backward_equals_autograd_of_the_definition(fep, height, width, step, sigma):
    shape = (5, math.ceil(height / step), math.ceil(width / step))
    p = torch.rand(shape, dtype=torch.float64)
    p[p < 0.3] = 0
    p[p > 0.8] = 1
    p.requires_grad_(True)
    canvas = reference(p, height, width, step, sigma)
    upstream = torch.randn_like(canvas)
    (expected,) = torch.autograd.grad(canvas, p, upstream)
    got = fep.smooth_mask_backward(upstream, p.detach(), height, width, step, sigma)
    assert torch.allclose(got, expected, atol=1e-11, rtol=1e-10)
    single = fep.smooth_mask_backward(upstream.float(), p.detach().float(), height, width, step, sigma)
    assert (single - expected).abs().max() <= 2e-5 * expected.abs().max()


def test_gradcheck(fep):
    p = (0.1 + 0.8 * torch.rand(2, 3, 3, dtype=torch.float64)).requires_grad_(True)
    assert torch.autograd.gradcheck(lambda q: fep.smooth_mask(q, 15, 14, 5, 7.0), p)


@pytest.mark.parametrize("step,sigma", [(7, 11), (13, 23)])
def test_golden_canvas(fep, golden, step, sigma):
    p = golden(f"generator_{step}_{sigma}_parameters").float()
    expected = golden(f"generator_{step}_{sigma}_canvas")
    assert torch.allclose(fep.smooth_mask(p, 64, 64, step, float(sigma)), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("step,sigma", [(4, 6.0), (3, 4.0), (7, 1.0), (9, 1.0), (8, 12.0), (10, 10.0), (16, 9.0), (64, 64.0), (1, 1.0)])
@pytest.mark.parametrize("frame", [1, 17, 64])
def test_the_canvas_always_holds_the_frame(fep, frame, step, sigma):
    points = math.ceil(frame / step)
    canvas = fep.smooth_mask(torch.ones(1, points, points), frame, frame, step, sigma)
    margin = round(sigma)
    crop = canvas[..., margin : margin + frame, margin : margin + frame]
    assert crop.shape[-2:] == (frame, frame)
    expected = reference(torch.ones(1, points, points, dtype=torch.float64), frame, frame, step, sigma)
    assert torch.allclose(canvas.double(), expected, atol=2e-6, rtol=0)


def test_does_not_depend_on_the_number_of_threads(fep):
    p = torch.rand(16, 9, 9)
    canvases = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        canvases.append(fep.smooth_mask(p, 112, 112, 13, 23.0))
    torch.set_num_threads(2)
    assert torch.equal(canvases[0], canvases[1])


@pytest.mark.parametrize(
    "arguments", [(0, 64, 7, 11.0), (64, 64, 0, 11.0), (64, 64, 7, 0.0), (64, 64, 7, float("nan")), (65, 71, 7, 11.0)]
)
def test_refuses_what_makes_no_sense(fep, arguments):
    with pytest.raises(Exception, match="step|sigma|frame|mask parameters"):
        fep.smooth_mask(torch.ones(1, 10, 10), *arguments)
