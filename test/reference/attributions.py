"""Saliency methods once more, in plain PyTorch and NumPy from their papers' formulas, on a model that is split.

    attributions.py MODEL CLIP TARGET FOLDER

MODEL is TorchScript with `features` and `head`, CLIP a .npy of C×T×H×W, normalised; every map is written to FOLDER
as <name>.npy, T×H×W.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Callable

import numpy as np
import torch
from torch import Tensor

torch.set_num_threads(1)

BASELINE = torch.tensor([-2.5, -1.6, -1.0]).view(3, 1, 1, 1)
SEED = 5


def slope(model: torch.jit.ScriptModule, clip: Tensor, target: int) -> Tensor:
    """∂ logit/∂ clip."""
    variable = clip[None].clone().requires_grad_(True)
    return torch.autograd.grad(model(variable)[0, target], variable)[0][0]


def input_x_gradient(model: torch.jit.ScriptModule, clip: Tensor, target: int) -> Tensor:
    return (clip * slope(model, clip, target)).sum(0).abs()


def integrated_gradients(model: torch.jit.ScriptModule, clip: Tensor, target: int, steps: int = 10) -> Tensor:
    slopes = [
        slope(model, BASELINE + (k + 0.5) / steps * (clip - BASELINE), target).double() for k in range(steps)
    ]
    return ((clip - BASELINE) * torch.stack(slopes).mean(0)).sum(0).abs()


def noisy_slopes(model: torch.jit.ScriptModule, clip: Tensor, target: int, samples: int = 6) -> Tensor:
    generator = torch.Generator().manual_seed(SEED)
    sigma = 0.2 * (clip.max() - clip.min())
    slopes = []
    for _ in range(samples):
        noise = torch.randn(clip.shape, generator=generator)
        slopes.append(slope(model, clip + sigma * noise, target).double())
    return torch.stack(slopes)


def stretch(length: int, larger: int) -> np.ndarray:
    """Linear interpolation along one axis, pixels as intervals: a larger×length matrix."""
    matrix = np.zeros((larger, length))
    for i in range(larger):
        place = min(max((i + 0.5) * length / larger - 0.5, 0), length - 1)
        below = int(place)
        above = min(below + 1, length - 1)
        matrix[i, below] += 1 - (place - below)
        matrix[i, above] += place - below
    return matrix


def enlarge(volume: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    matrices = [stretch(length, larger) for length, larger in zip(volume.shape, sizes)]
    return np.einsum("ai,bj,ck,ijk->abc", *matrices, volume)


def grad_cam(maps: np.ndarray, slopes: np.ndarray, per_frame: bool) -> np.ndarray:
    """C×T×H×W to T×H×W, position by position."""
    cam = np.zeros(maps.shape[1:])
    for c, t in itertools.product(range(maps.shape[0]), range(maps.shape[1])):
        shared = slopes[c, t] if per_frame else slopes[c]
        cam[t] += shared.mean() * maps[c, t]
    return np.maximum(cam, 0)


def grad_cam_plus_plus(maps: np.ndarray, slopes: np.ndarray, per_frame: bool) -> np.ndarray:
    """The derivatives are those of exp(score), divided by exp(score)."""
    cam = np.zeros(maps.shape[1:])
    for c, t in itertools.product(range(maps.shape[0]), range(maps.shape[1])):
        here = np.s_[c, t] if per_frame else np.s_[c]
        total = maps[here].sum()
        weight = 0.0
        for g in slopes[here].flat:
            denominator = 2 * g**2 + total * g**3
            alpha = g**2 / denominator if denominator != 0 else 0.0
            weight += alpha * max(g, 0.0)
        cam[t] += weight * maps[c, t]
    return np.maximum(cam, 0)


def smooth_grid(
    sizes: tuple[int, ...], cells: tuple[int, ...], make: Callable[[Tensor], Tensor], generator: torch.Generator
) -> np.ndarray:
    grid = make(torch.rand([n + 1 for n in cells], generator=generator)).double().numpy()
    shifts = torch.rand(3, generator=generator)
    sides = [-(-size // n) for size, n in zip(sizes, cells)]
    field = enlarge(grid, tuple((n + 1) * side for n, side in zip(cells, sides)))
    first = [int(u * side) for u, side in zip(shifts, sides)]
    return field[tuple(slice(f, f + size) for f, size in zip(first, sizes))]


def rise(model: torch.jit.ScriptModule, clip: Tensor, target: int, samples: int = 11) -> np.ndarray:
    generator = torch.Generator().manual_seed(SEED)
    total, kept = np.zeros(clip.shape[1:]), np.zeros(clip.shape[1:])
    for _ in range(samples):
        mask = smooth_grid(tuple(clip.shape[1:]), (3, 5, 4), lambda u: u < 0.5, generator)
        with torch.no_grad():
            answer = model((clip * torch.from_numpy(mask).float())[None]).double().softmax(1)[0, target].item()
        total += answer * mask
        kept += mask
    return total / kept


def random_control(clip: Tensor) -> np.ndarray:
    field = smooth_grid(
        tuple(clip.shape[1:]), (4, 7, 7), lambda u: u, torch.Generator().manual_seed(SEED)
    )
    ranks = np.empty(field.size)
    ranks[field.ravel().argsort(kind="stable")] = np.arange(field.size) / (field.size - 1)
    return ranks.reshape(field.shape)


def main(model_path: str, clip_path: str, target: int, folder: Path) -> None:
    model = torch.jit.load(model_path).eval()
    clip = torch.from_numpy(np.load(clip_path))
    slopes = noisy_slopes(model, clip, target)
    found = {
        "gradients": slope(model, clip, target).abs().mean(0),
        "input-x-gradient": input_x_gradient(model, clip, target),
        "integrated-gradients": integrated_gradients(model, clip, target),
        "smoothgrad": slopes.mean(0).abs().mean(0),
        "smoothgrad-squared": slopes.square().mean(0).mean(0),
        "smoothgrad-variance": slopes.var(0, unbiased=False).mean(0),
        "rise": rise(model, clip, target),
        "random": random_control(clip),
    }
    features = model.features(clip[None]).detach().requires_grad_(True)
    gradient = torch.autograd.grad(model.head(features)[0, target], features)[0][0].double().numpy()
    maps = features.detach()[0].double().numpy()
    for name, method in (("grad-cam", grad_cam), ("grad-cam-plus-plus", grad_cam_plus_plus)):
        for weights in ("clip", "frame"):
            cam = method(maps, gradient, weights == "frame")
            found[f"{name}-{weights}"] = enlarge(cam, tuple(clip.shape[1:]))
    for name, attribution in found.items():
        np.save(folder / f"{name}.npy", np.asarray(attribution, dtype=np.float32))
    with torch.no_grad():
        scores = model(torch.stack([clip, BASELINE.expand_as(clip)]))[:, target].tolist()
    (folder / "scores.json").write_text(json.dumps(scores))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
