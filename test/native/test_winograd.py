"""Winograd's convolutions against PyTorch's in float64, beside what PyTorch's own departs from them in float32."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

# (input, weight, padding)
FRAMES = [
    ((2, 64, 14, 14), (96, 64, 3, 3), (1, 1)),
    ((1, 5, 9, 7), (3, 5, 3, 3), (0, 2)),
    ((3, 16, 1, 1), (8, 16, 3, 3), (1, 1)),
    ((1, 17, 56, 40), (33, 17, 3, 3), (2, 0)),  # more tiles than one block holds
    ((2, 24, 5, 14, 11), (20, 24, 1, 3, 3), (0, 1, 1)),
]
TIME = [
    ((1, 64, 16, 28, 28), (64, 64, 3, 1, 1), (1, 0, 0)),
    ((2, 7, 5, 3, 4), (9, 7, 3, 1, 1), (1, 0, 0)),
    ((1, 12, 3, 5, 5), (8, 12, 3, 1, 1), (0, 0, 0)),
    ((1, 12, 1, 5, 5), (8, 12, 3, 1, 1), (2, 0, 0)),
]
ALL = [
    ((1, 64, 8, 14, 14), (64, 64, 3, 3, 3), (1, 1, 1)),
    ((2, 5, 4, 9, 7), (3, 5, 3, 3, 3), (0, 0, 2)),
    ((1, 8, 1, 3, 5), (6, 8, 3, 3, 3), (2, 1, 0)),
    ((2, 9, 40, 12, 8), (7, 9, 3, 3, 3), (1, 2, 1)),
]
CHANNELS_LAST = {4: torch.channels_last, 5: torch.channels_last_3d}


def plain(x: Tensor, weight: Tensor, bias: Tensor | None, padding: tuple[int, ...]) -> Tensor:
    bias = None if bias is None else bias.to(x.dtype)
    return (F.conv2d if x.dim() == 4 else F.conv3d)(x, weight.to(x.dtype), bias, padding=padding)


def plane_padding(weight: tuple[int, ...], padding: tuple[int, ...]) -> tuple[int, ...]:
    if weight[2:] == (3, 3, 3):
        return padding
    return (padding[0], 0) if len(weight) == 5 and weight[2] == 3 else padding[-2:]


def value_and_gradient(function, x: Tensor, upstream: Tensor) -> tuple[Tensor, Tensor]:
    x = x.detach().requires_grad_(True)
    y = function(x)
    (gradient,) = torch.autograd.grad(y, x, upstream.to(y.dtype))
    return y.detach(), gradient


@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("channels_last", [True, False])
@pytest.mark.parametrize("shape,weight,padding", [*FRAMES, *TIME, *ALL])
def test_against_float64(fep, shape, weight, padding, channels_last, with_bias):
    x, w = torch.randn(shape), torch.randn(weight) / np.sqrt(np.prod(weight[1:]))
    bias = torch.randn(weight[0]) if with_bias else None
    kernels = (fep.winograd_kernels(w), fep.winograd_gradient_kernels(w))
    planes = plane_padding(weight, padding)
    layout = CHANNELS_LAST[len(shape)] if channels_last else torch.contiguous_format
    x = x.contiguous(memory_format=layout)
    ways = {
        "exact": (lambda x: plain(x, w, bias, padding), x.double()),
        "direct": (lambda x: plain(x, w, bias, padding), x),
        "winograd": (lambda x: fep.winograd_convolution(x, *kernels, bias, planes), x),
    }
    upstream = torch.randn_like(plain(x, w, bias, padding))
    found = {name: value_and_gradient(way, given, upstream) for name, (way, given) in ways.items()}
    for exact, direct, winograd in zip(*found.values()):
        assert winograd.dtype == torch.float32 and winograd.shape == exact.shape
        departure, of_direct = [(y - exact).abs().max() for y in (winograd, direct)]
        # Sums of six inputs and of six products stand around each product.
        assert departure <= 4 * of_direct + 8 * exact.abs().max() * torch.finfo(torch.float32).eps
    with torch.no_grad():
        assert torch.equal(fep.winograd_convolution(x, *kernels, bias, planes), found["winograd"][0])


def test_kernels_are_values_at_the_points(fep):
    a, b = 3 / 4, 4 / 3
    # The taps as a polynomial at each point, over the product of the point's distances from the others: the
    # definition of Toom and Cook.
    points = np.array([0, a, -a, b, -b])
    rows = [x ** np.arange(3) / np.prod([x - y for y in points if y != x]) for x in points]
    factors = torch.tensor(np.array([*rows, [0, 0, 1]]))
    weight = torch.randn(5, 7, 3, 3, 3)
    expected = torch.einsum("ia,jb,kcdab->dijck", factors, factors, weight.double()).float()
    assert torch.allclose(fep.winograd_kernels(weight), expected, rtol=0, atol=2e-6)
    assert torch.allclose(fep.winograd_kernels(weight[:, :, 1])[0], expected[1], rtol=0, atol=2e-6)
    along_time = weight[:, :, :, :1, :1]
    expected = torch.einsum("ia,kca->ick", factors, weight[:, :, :, 0, 0].double()).float()
    assert torch.allclose(fep.winograd_kernels(along_time)[0, :, 0], expected, rtol=0, atol=2e-6)


def test_what_is_refused(fep):
    weight = torch.randn(4, 6, 3, 3)
    kernels = (fep.winograd_kernels(weight), fep.winograd_gradient_kernels(weight))
    convolve = lambda x, padding=(1, 1), bias=None: fep.winograd_convolution(x, *kernels, bias, padding)
    with pytest.raises(RuntimeError, match="takes float32"):
        convolve(torch.randn(1, 6, 8, 8, dtype=torch.float64))
    with pytest.raises(RuntimeError, match="other channels"):
        convolve(torch.randn(1, 5, 8, 8))
    with pytest.raises(RuntimeError, match="padding of 0 to 2"):
        convolve(torch.randn(1, 6, 8, 8), padding=(3, 1))
    with pytest.raises(RuntimeError, match="bias"):
        convolve(torch.randn(1, 6, 8, 8), bias=torch.randn(6))
    with pytest.raises(RuntimeError, match="smaller than a kernel"):
        convolve(torch.randn(1, 6, 2, 2), padding=(0, 0))
    with pytest.raises(RuntimeError, match="winograd_kernels takes"):
        fep.winograd_kernels(torch.randn(4, 6, 5, 5))
