"""What a run recorded of its gradients, against SciPy's DCT, the printed bands and plain PyTorch.

Usage: recorded_gradients.py modulate FOLDER LOW HIGH    before.npy against after.npy, T×H×W
       recorded_gradients.py spectrum FOLDER LOW HIGH    shares of before.npy's energy in A, in B, in neither
       recorded_gradients.py generator FOLDER STEP SIGMA pixels.npy (T×H×W) taken back to parameters.npy's points

Prints one JSON object.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.fft import dctn, idctn

folder, first, second = Path(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])


def load(name: str) -> np.ndarray:
    return np.load(folder / f"{name}.npy").astype(np.float64)


def printed_bands(shape: tuple[int, ...], low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """A and B as the paper prints them, 1-based, with a tolerance at the edges."""
    a, b = np.zeros(shape), np.zeros(shape)
    for index in itertools.product(*(range(n) for n in shape)):
        one_based = [i + 1 for i in index]
        a[index] = all(i <= low * n + 1e-6 for i, n in zip(one_based, shape))
        b[index] = not all(i <= (1 - high) * n + 1e-6 for i, n in zip(one_based, shape))
    return a, b


def soft_maximum(p: torch.Tensor, size: int, step: int, sigma: float) -> torch.Tensor:
    """The mask generator's definition on the frame's pixels, every control point looked at: T×size×size."""
    radius, pad = 1 + math.ceil(sigma / step), 1 + math.ceil(2 * sigma / step)
    canvas = torch.arange(size, dtype=torch.float64) + round(sigma)
    taps = torch.arange(2 * radius + 1)
    points = torch.floor(canvas / step).long().unsqueeze(1) + taps - pad
    distance = canvas.unsqueeze(1) - (sigma + step * points)
    on_grid = (points >= 0) & (points < p.shape[-1])
    index = points.clamp(0, p.shape[-1] - 1)
    both = (distance[:, None, :, None] ** 2 + distance[None, :, None, :] ** 2).sqrt() / sigma
    weight = torch.exp(-2 * (both - 0.5).clamp_min(0) ** 2)
    weight = weight * (on_grid[:, None, :, None] & on_grid[None, :, None, :])
    values = (p[:, index[:, None, :, None], index[None, :, None, :]] * weight).flatten(3)
    return (values * torch.softmax(20 * values, dim=3)).sum(3)


def modulate() -> dict[str, float]:
    before, after = load("before"), load("after")
    a, b = printed_bands(before.shape, first, second)
    spectrum = dctn(before, norm="ortho")
    expected = idctn(a * spectrum, norm="ortho") + idctn(b * spectrum, norm="ortho")
    return {"error": np.abs(after - expected).max() / np.abs(before).max(), "removed": np.abs(before - after).max()}


def spectrum() -> dict[str, float]:
    before = load("before")
    a, b = printed_bands(before.shape, first, second)
    energy = dctn(before, norm="ortho") ** 2 / (before**2).sum()
    return {"low": (a * energy).sum(), "high": (b * energy).sum(), "removed": ((1 - a - b) * energy).sum()}


def generator() -> dict[str, float]:
    pixels, found, mask = load("pixels"), load("parameters"), load("mask")
    p = torch.from_numpy(mask).requires_grad_(True)
    frame = soft_maximum(p, pixels.shape[-1], int(first), second)
    (expected,) = torch.autograd.grad((frame * torch.from_numpy(pixels)).sum(), p)
    return {"error": np.abs(found - expected.numpy()).max() / np.abs(expected.numpy()).max()}


print(json.dumps({"modulate": modulate, "spectrum": spectrum, "generator": generator}[sys.argv[1]]()))
