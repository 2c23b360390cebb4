"""Applies to training clips what explanations do to clips: blurs them, hides parts, changes the light.

A model that has never seen such clips gives arbitrary answers to them, and a mask found with it means little.
Clips are N×3×T×H×W in [0, 1].
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def blur(clips: Tensor, sigma: float) -> Tensor:
    """Gaussian blur of every frame; a wide blur is computed at a lower resolution."""
    n, c, t, h, w = clips.shape
    pictures = clips.transpose(1, 2).reshape(n * t, c, h, w)
    factor = 1
    while sigma / factor > 2 and min(h, w) // (2 * factor) >= 4:
        factor *= 2
    small = F.avg_pool2d(pictures, factor) if factor > 1 else pictures
    scaled = sigma / factor
    half = min(math.ceil(3 * scaled), min(small.shape[-2:]) - 1)
    taps = torch.exp(-0.5 * (torch.arange(-half, half + 1, dtype=torch.float32) / scaled) ** 2)
    taps = taps / taps.sum()
    padded = F.pad(small, (half, half, half, half), mode="replicate")
    across = F.conv2d(padded, taps.view(1, 1, 1, -1).expand(c, 1, 1, -1), groups=c)
    down = F.conv2d(across, taps.view(1, 1, -1, 1).expand(c, 1, -1, 1), groups=c)
    if factor > 1:
        down = F.interpolate(down, size=(h, w), mode="bilinear", align_corners=False)
    return down.view(n, t, c, h, w).transpose(1, 2)


def smooth_masks(count: int, size: tuple[int, int, int], generator: torch.Generator) -> Tensor:
    """Random soft masks N×1×T×H×W that keep between 30 and 90 % of a clip; half of them are static."""
    t, h, w = size
    noise = torch.rand((count, 1, 4, 5, 5), generator=generator)
    still = torch.rand((count, 1, 1, 1, 1), generator=generator) < 0.5
    noise = torch.where(still, noise[:, :, :1], noise)
    field = F.interpolate(noise, size=(t, h, w), mode="trilinear", align_corners=True)
    keep = 0.3 + 0.6 * torch.rand(count, generator=generator)
    thinned = field[:, :, ::2, ::4, ::4].flatten(1)
    edges = torch.stack([row.quantile(1 - share) for row, share in zip(thinned, keep)])
    return torch.sigmoid((field - edges.view(-1, 1, 1, 1, 1)) * 40)


def augment(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Changes brightness and contrast of every clip, and blurs or hides parts of half of them."""
    n, c, t, h, w = clips.shape

    def draw(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand((n, 1, 1, 1, 1), generator=generator)

    clips = ((clips - 0.5) * draw(0.7, 1.25) + 0.5 + draw(-0.12, 0.12)).clamp(0, 1)

    changed = torch.randperm(n, generator=generator)[: n // 2]
    part = clips[changed]
    # Log-uniform from half a pixel to 20 at a height of 112.
    sigma = 0.5 * math.exp(math.log(40) * torch.rand((), generator=generator).item()) * h / 112
    if sigma < 3 * h / 112 and torch.rand((), generator=generator).item() < 0.6:
        part = blur(part, sigma)
    else:
        choice = torch.randint(4, (), generator=generator).item()
        if choice == 0:
            hidden = torch.zeros_like(part)
        elif choice == 1:
            hidden = part.mean(dim=(2, 3, 4), keepdim=True).expand_as(part)
        else:
            hidden = blur(part, max(sigma, 3 * h / 112))
        mask = smooth_masks(len(changed), (t, h, w), generator)
        part = mask * part + (1 - mask) * hidden
    clips = clips.clone()
    clips[changed] = part
    return clips
