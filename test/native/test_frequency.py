"""fep::dct3, idct3 and frequency_modulate against SciPy and the printed definitions of A and B."""

import itertools

import numpy as np
import pytest
import torch
from scipy.fft import dctn, idctn

SHAPES = [(16, 9, 9), (8, 112, 111), (1, 5, 7), (3, 1, 4), (1, 1, 1), (2, 13, 1), (17, 31, 6)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("leading", [(), (2,), (2, 3)])
def test_equals_scipy(fep, shape, leading):
    x = torch.randn(*leading, *shape, dtype=torch.float64)
    axes = (-3, -2, -1)
    assert torch.allclose(fep.dct3(x), torch.from_numpy(dctn(x.numpy(), axes=axes, norm="ortho")), atol=1e-12)
    assert torch.allclose(fep.idct3(x), torch.from_numpy(idctn(x.numpy(), axes=axes, norm="ortho")), atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_round_trip_and_parseval(fep, shape):
    x = torch.randn(shape)
    spectrum = fep.dct3(x)
    assert torch.allclose(fep.idct3(spectrum), x, atol=1e-5)
    assert torch.allclose(spectrum.norm(), x.norm(), rtol=1e-6)


def printed_bands(shape: tuple[int, int, int], low: float, high: float) -> np.ndarray:
    """A + B as the paper prints them, index by index, 1-based, with a tolerance at the edges."""
    gain = np.zeros(shape)
    for index in itertools.product(*(range(n) for n in shape)):
        one_based = [i + 1 for i in index]
        in_a = all(i <= low * n + 1e-6 for i, n in zip(one_based, shape))
        in_b = not all(i <= (1 - high) * n + 1e-6 for i, n in zip(one_based, shape))
        gain[index] = float(in_a) + float(in_b)
    return gain


@pytest.mark.parametrize("low,high", [(0.5, 0.2), (0.5, 0.1), (0.7, 0.0), (0.2, 0.9 - 0.2), (0.3, 0.3), (0.0, 0.4)])
@pytest.mark.parametrize("shape", [(16, 9, 9), (10, 10, 10), (8, 17, 23)])
def test_modulation_equals_the_printed_bands(fep, shape, low, high):
    x = torch.randn(2, *shape, dtype=torch.float64)
    spectrum = dctn(x.numpy(), axes=(1, 2, 3), norm="ortho") * printed_bands(shape, low, high)
    expected = torch.from_numpy(idctn(spectrum, axes=(1, 2, 3), norm="ortho"))
    assert torch.allclose(fep.frequency_modulate(x, low, high), expected, atol=1e-12)


@pytest.mark.parametrize("temporal", [(1.0, 0.0), (0.25, 0.5), (0.0, 0.3)])
def test_the_axis_t_may_have_ratios_of_its_own(fep, temporal):
    """A and B as printed, with r_l and r_h of T on the first axis and those of space on the others."""
    shape, spatial = (16, 9, 11), (0.5, 0.2)
    low, high = zip(temporal, spatial, spatial)
    gain = np.zeros(shape)
    for index in itertools.product(*(range(n) for n in shape)):
        in_a = all(i + 1 <= r * n + 1e-6 for i, n, r in zip(index, shape, low))
        in_b = not all(i + 1 <= (1 - r) * n + 1e-6 for i, n, r in zip(index, shape, high))
        gain[index] = float(in_a) + float(in_b)
    x = torch.randn(shape, dtype=torch.float64)
    expected = torch.from_numpy(idctn(dctn(x.numpy(), norm="ortho") * gain, norm="ortho"))
    assert torch.allclose(fep.frequency_modulate(x, *spatial, *temporal), expected, atol=1e-12)
    assert torch.autograd.gradcheck(
        lambda y: fep.frequency_modulate(y, *spatial, *temporal), torch.rand(3, 4, 4, dtype=torch.float64).requires_grad_()
    )


@pytest.mark.parametrize("low", [0.0, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_all_frequencies_are_the_identity(fep, low):
    x = torch.randn(16, 9, 9, dtype=torch.float64)
    assert torch.allclose(fep.frequency_modulate(x, low, 1 - low), x, atol=1e-12)


def test_band_edges_tolerate_rounding(fep):
    """(1 − 0.9)·10 is 0.99… in floating point; the band still begins at index 1."""
    x = torch.zeros(10, 10, 10, dtype=torch.float64)
    x[0, 0, 0] = 1
    dc_only = fep.idct3(x)
    assert torch.allclose(fep.frequency_modulate(dc_only, 0.0, 0.9), torch.zeros_like(x), atol=1e-12)


def test_the_dc_term_survives_small_grids(fep):
    """⌊0.1·9⌋ = 0 would leave nothing of the gradient at all."""
    x = torch.rand(16, 9, 9, dtype=torch.float64)
    got = fep.frequency_modulate(x, 0.1, 0.0)
    assert torch.allclose(got.mean(dim=(1, 2)).mean(), x.mean(), atol=1e-12)
    assert got.abs().max() > 0


@pytest.mark.parametrize("low,high", [(-0.1, 0.2), (0.2, -0.1), (0.6, 0.5), (float("nan"), 0.1)])
def test_refuses_impossible_ratios(fep, low, high):
    with pytest.raises(Exception, match="ratios of low and high frequencies"):
        fep.frequency_modulate(torch.rand(4, 4, 4), low, high)


def test_gradcheck(fep):
    x = torch.randn(3, 4, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(fep.dct3, x)
    assert torch.autograd.gradcheck(fep.idct3, x)
    assert torch.autograd.gradcheck(lambda y: fep.frequency_modulate(y, 0.4, 0.3), x)


def test_modulating_the_gradient_is_modulating_the_mask(fep):
    """Eq. (5) and §1 of the supplement: it holds, exactly, for the linear update M ← M + ε∇M̃."""
    mask = torch.randn(6, 7, 8, dtype=torch.float64)
    gradients = torch.randn(20, 6, 7, 8, dtype=torch.float64)
    filtered_steps = fep.frequency_modulate(mask, 0.5, 0.2)
    plain_steps = mask.clone()
    for gradient in gradients:
        filtered_steps = filtered_steps + 0.05 * fep.frequency_modulate(gradient, 0.5, 0.2)
        plain_steps = plain_steps + 0.05 * gradient
    assert torch.allclose(filtered_steps, fep.frequency_modulate(plain_steps, 0.5, 0.2), atol=1e-12)
