"""The operators of frozen networks against PyTorch's own, and what they keep for the backward pass.

To the last bit, but where a convolution is let add up in any order: there, as near to float64 as PyTorch is.
"""

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

PRECISIONS = [torch.float32, torch.float64, torch.bfloat16]


def gradient_of(function, x: Tensor, upstream: Tensor) -> tuple[Tensor, Tensor]:
    """A function's value and its gradient with respect to x."""
    x = x.detach().requires_grad_(True)
    y = function(x)
    (gradient,) = torch.autograd.grad(y, x, upstream)
    return y.detach(), gradient


def check_alike(function, reference, x: Tensor) -> None:
    upstream = torch.randn_like(reference(x))
    for got, expected in zip(gradient_of(function, x, upstream), gradient_of(reference, x, upstream)):
        assert got.dtype == expected.dtype
        assert torch.equal(got, expected), (got - expected).abs().max()
    with torch.no_grad():
        assert torch.equal(function(x), reference(x))


def bytes_kept(function, x: Tensor) -> int:
    """Of tensors that the graph behind a function's value holds."""
    kept = {}

    def see(tensor: Tensor) -> Tensor:
        kept[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(see, lambda tensor: tensor):
        function(x.detach().requires_grad_(True))
    return sum(kept.values())


def cast(tensor: Tensor | None, dtype: torch.dtype) -> Tensor | None:
    return None if tensor is None else tensor.to(dtype)


def check_as_exact(function, reference, x: Tensor) -> None:
    """A function of (x, number type) departs from its reference in float64 hardly further than the reference does."""
    upstream = torch.randn_like(reference(x, x.dtype))
    both = [gradient_of(lambda x, of=of: of(x, x.dtype), x, upstream) for of in (function, reference)]
    exact = gradient_of(lambda x: reference(x, x.dtype), x.double(), upstream.double())
    for got, expected, truth in zip(*both, exact):
        assert got.dtype == expected.dtype and got.shape == expected.shape
        departure, allowed = [(y.double() - truth).abs().max() for y in (got, expected)]
        assert departure <= 1.5 * allowed + 4 * truth.abs().max() * torch.finfo(x.dtype).eps


# (input, weight, stride, padding, dilation, groups): the shapes of R(2+1)D and TSM, and odd ones.
IN_THE_SAME_ORDER = [
    ((8, 16, 14, 14), (32, 16, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    ((8, 16, 14, 15), (16, 16, 3, 3), (2, 2), (1, 1), (1, 1), 1),
    ((2, 8, 9, 9), (8, 1, 3, 3), (1, 1), (2, 2), (2, 2), 8),
    ((2, 4, 20), (6, 4, 3), (2,), (1,), (1,), 1),
    ((2, 6, 4, 9, 9), (4, 6, 3, 3, 3), (1, 1, 1), (1, 1, 1), (1, 1, 1), 1),
    ((2, 6, 4, 9, 9), (4, 6, 1, 1, 1), (2, 2, 2), (0, 0, 0), (1, 1, 1), 1),
]
IN_TWO_DIMENSIONS = [
    ((2, 3, 4, 16, 18), (12, 3, 1, 7, 7), (1, 2, 2), (0, 3, 3), (1, 1, 1), 1),
    ((1, 12, 4, 8, 9), (8, 12, 3, 1, 1), (2, 1, 1), (1, 0, 0), (1, 1, 1), 1),
    ((3, 12, 5, 8, 9), (8, 12, 3, 1, 1), (1, 1, 1), (2, 0, 0), (2, 1, 1), 1),
    ((2, 8, 3, 9, 7), (16, 4, 1, 3, 3), (1, 1, 1), (0, 1, 1), (1, 1, 1), 2),
    ((2, 8, 3, 5, 7), (16, 8, 1, 1, 1), (1, 1, 1), (0, 0, 0), (1, 1, 1), 1),
    ((1, 9, 1, 1, 1), (5, 9, 1, 1, 1), (1, 1, 1), (0, 0, 0), (1, 1, 1), 1),
]
IN_PHASES = [
    ((2, 3, 16, 18), (12, 3, 7, 7), (2, 2), (3, 3), (1, 1), 1),
    ((2, 3, 17, 19), (12, 3, 3, 5), (2, 2), (1, 0), (1, 1), 1),
    ((1, 1, 20, 23), (6, 1, 2, 3), (3, 3), (0, 1), (1, 1), 1),  # whose last rows no output has seen
    ((1, 4, 16, 16), (6, 4, 4, 4), (4, 4), (0, 0), (1, 1), 1),
    ((1, 2, 11, 12), (6, 2, 1, 1), (2, 2), (0, 0), (1, 1), 1),  # whose every second pixel no output has seen
]

PLAIN = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}
CHANNELS_LAST = {3: torch.contiguous_format, 4: torch.channels_last, 5: torch.channels_last_3d}


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("shape,weight,stride,padding,dilation,groups", [*IN_THE_SAME_ORDER, *IN_TWO_DIMENSIONS, *IN_PHASES])
def test_convolution(fep, shape, weight, stride, padding, dilation, groups, with_bias, dtype):
    x, w = torch.randn(shape, dtype=dtype), torch.randn(weight, dtype=dtype)
    bias = torch.randn(weight[0], dtype=dtype) if with_bias else None
    for layout in {torch.contiguous_format, CHANNELS_LAST[len(shape)]}:
        laid_out = w.contiguous(memory_format=layout)
        check_alike(
            lambda x: fep.frozen_convolution(x, laid_out, bias, stride, padding, dilation, groups),
            lambda x: PLAIN[len(shape)](x, laid_out, bias, stride, padding, dilation, groups),
            x.contiguous(memory_format=layout),
        )


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("shape,weight,stride,padding,dilation,groups", [*IN_TWO_DIMENSIONS, *IN_PHASES])
def test_convolution_in_another_order(fep, shape, weight, stride, padding, dilation, groups, with_bias, dtype):
    x, w = torch.randn(shape, dtype=dtype), torch.randn(weight, dtype=dtype)
    bias = torch.randn(weight[0], dtype=dtype) if with_bias else None
    layout = CHANNELS_LAST[len(shape)]
    numbers = (stride, padding, dilation, groups)
    laid_out = w.contiguous(memory_format=layout)
    # Of the two, libtorch works channels-last where either is.
    for form in {layout, torch.contiguous_format}:
        check_as_exact(
            lambda x, type: fep.frozen_convolution(x, laid_out.to(type), cast(bias, type), *numbers, True),
            lambda x, type: PLAIN[len(shape)](x, laid_out.to(type), cast(bias, type), *numbers),
            x.contiguous(memory_format=form),
        )


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("shape", [(2, 5, 3, 7, 6), (3, 5, 8, 9), (4, 5)])
def test_batch_norm(fep, shape, affine, dtype):
    norm = nn.BatchNorm3d(5, affine=affine).eval()
    for values in [norm.running_mean, norm.weight, norm.bias]:
        if values is not None:
            nn.init.normal_(values)
    nn.init.uniform_(norm.running_var, 0.1, 2)
    norm = norm.to(dtype).requires_grad_(False)
    parts = (norm.weight, norm.bias, norm.running_mean, norm.running_var)
    x = torch.randn(shape, dtype=dtype)
    channels_last = {4: torch.channels_last, 5: torch.channels_last_3d}.get(len(shape), torch.contiguous_format)
    for layout in {torch.contiguous_format, channels_last}:
        check_alike(
            lambda x: fep.frozen_batch_norm(x, *parts, norm.eps),
            lambda x: F.batch_norm(x, parts[2], parts[3], parts[0], parts[1], eps=norm.eps),
            x.contiguous(memory_format=layout),
        )


@pytest.mark.parametrize("dtype", [*PRECISIONS, torch.float16])
@pytest.mark.parametrize("shape", [(), (0,), (3, 5, 7), (2, 3, 4, 70, 50)])
def test_rectify(fep, shape, dtype):
    x = torch.randn(shape, dtype=dtype)
    check_alike(fep.rectify, F.relu, x)
    if x.dim() > 2:
        check_alike(fep.rectify, F.relu, x.transpose(0, 2))  # dense in another order
        check_alike(fep.rectify, F.relu, x[..., ::2])  # not dense


def test_rectify_lets_nan_pass(fep):
    x = torch.tensor([float("nan"), -float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e-45, -1e-45])
    upstream = torch.arange(1.0, 9.0)
    for got, expected in zip(gradient_of(fep.rectify, x, upstream), gradient_of(F.relu, x, upstream)):
        assert torch.equal(got.nan_to_num(nan=7), expected.nan_to_num(nan=7))


def test_a_gradient_may_lie_in_another_order(fep):
    x, upstream = torch.randn(2, 3, 4, 5), torch.randn(5, 4, 3, 2).permute(3, 2, 1, 0)
    for got, expected in zip(gradient_of(fep.rectify, x, upstream), gradient_of(F.relu, x, upstream)):
        assert torch.equal(got, expected)


def test_an_axis_of_one_does_not_reorder(fep):
    """A lone clip's stride says nothing: the gradient stays where it is, and is not copied into another order."""
    upstream = torch.randn(1, 8, 3, 5, 5).contiguous(memory_format=torch.channels_last_3d)
    _, passed = fep.rectify_with_passed(upstream)
    strides = [8, *upstream.stride()[1:]]
    gradient = fep.rectify_backward(upstream, passed, strides)
    assert gradient.stride() == upstream.stride()
    assert torch.equal(gradient, upstream * (upstream > 0))


@pytest.mark.parametrize("taps,padding", [((1, 3, 3), (0, 1, 1)), ((3, 1, 1), (1, 0, 0))])
def test_convolutions_leave_strides_as_libtorch_does(fep, taps, padding):
    """It would take another order for a lone clip whose stride is not the usual one."""
    ordered = {"memory_format": torch.channels_last_3d}
    x = torch.randn(1, 8, 4, 6, 6).contiguous(**ordered).requires_grad_(True)
    weight = torch.randn(16, 8, *taps).contiguous(**ordered)
    y = fep.frozen_convolution(x, weight, None, [1, 1, 1], padding, [1, 1, 1], 1, True)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert y.stride() == torch.empty(y.shape).contiguous(**ordered).stride()
    assert gradient.stride() == x.stride()


def test_what_is_kept_for_the_backward_pass(fep):
    x, weight = torch.randn(2, 8, 4, 16, 16), torch.randn(12, 8, 1, 3, 3)
    convolve = lambda x: fep.frozen_convolution(x, weight, None, (1, 1, 1), (0, 1, 1), (1, 1, 1), 1)
    assert bytes_kept(fep.rectify, x) == x.numel() / 8
    assert bytes_kept(convolve, x) == 4 * weight.numel()
    parts = [torch.ones(8)] * 4
    assert bytes_kept(lambda x: fep.frozen_batch_norm(x, *parts, 1e-5), x) <= 4 * 3 * 8
    # PyTorch's, for comparison: the hook sees what there is to see.
    assert bytes_kept(F.relu, x) == 4 * x.numel()


def test_parameters_have_no_gradient(fep):
    x, weight = torch.randn(1, 2, 5, 5), torch.randn(3, 2, 3, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="no gradient with respect to its weights"):
        fep.frozen_convolution(x, weight, None, (1, 1), (0, 0), (1, 1), 1)
    with pytest.raises(RuntimeError, match="no gradient with respect to its parameters"):
        fep.frozen_batch_norm(x, torch.ones(2, requires_grad=True), None, torch.zeros(2), torch.ones(2), 1e-5)


def test_bits_of_what_passed(fep):
    x = torch.randn(3, 7, 5)
    output, passed = fep.rectify_with_passed(x)
    bits = np.unpackbits(passed.numpy(), bitorder="little")[: x.numel()]
    assert torch.equal(torch.from_numpy(bits).bool(), (x > 0).flatten())
    assert torch.equal(output, x.relu())


def test_mismatched_gradient_is_refused(fep):
    _, passed = fep.rectify_with_passed(torch.randn(2, 30))
    with pytest.raises(ValueError, match="a bit for each element"):
        fep.rectify_backward(torch.randn(2, 60), passed, [60, 1])
    with pytest.raises(ValueError, match="as many strides"):
        fep.rectify_backward(torch.randn(2, 30), passed, [1])
    with pytest.raises(ValueError, match="must fill its memory"):
        fep.rectify_backward(torch.randn(2, 30), passed, [100, 1])


def shifted(frames: Tensor, length: int, share: int, offset: int) -> Tensor:
    """A temporal shift, one frame after the other."""
    clips, moved = frames.unflatten(0, (-1, length)), frames.shape[1] // share
    nothing = torch.zeros_like(clips[:, 0])

    def neighbour(t: int) -> Tensor:
        return clips[:, t] if 0 <= t < length else nothing

    return torch.stack(
        [
            torch.cat(
                [
                    neighbour(t + offset)[:, :moved],
                    neighbour(t - offset)[:, moved : 2 * moved],
                    clips[:, t, 2 * moved :],
                ],
                dim=1,
            )
            for t in range(length)
        ],
        dim=1,
    ).flatten(0, 1)


@pytest.mark.parametrize("offset", [1, -1])
@pytest.mark.parametrize("shape,length,share", [((8, 16, 5, 6), 4, 8), ((3, 9, 4, 4), 3, 2), ((2, 4, 3), 1, 3), ((6, 5), 2, 8)])
def test_temporal_shift(fep, shape, length, share, offset):
    x = torch.randn(shape)
    channels_last = torch.channels_last if len(shape) == 4 else torch.contiguous_format
    for layout in {torch.contiguous_format, channels_last}:
        laid_out = x.contiguous(memory_format=layout)
        check_alike(
            lambda x: fep.temporal_shift(x, length, share, offset),
            lambda x: shifted(x, length, share, offset),
            laid_out,
        )
        assert fep.temporal_shift(laid_out, length, share, offset).stride() == laid_out.stride()
    assert bytes_kept(lambda x: fep.temporal_shift(x, length, share, offset), x) == 0


@pytest.mark.parametrize("arguments,message", [((3, 8, 1), "multiple of the clip's length"), ((4, 1, 1), "one in 2 or more"), ((4, 8, 2), "neighbours")])
def test_temporal_shift_refuses(fep, arguments, message):
    with pytest.raises(ValueError, match=message):
        fep.temporal_shift(torch.randn(8, 16, 2, 2), *arguments)
