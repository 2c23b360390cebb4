"""Passes of a network or a script over clips of noise, and how far two of them differ."""

from __future__ import annotations

import re
from collections.abc import Callable

import torch
from torch import Tensor

from .model_file import REFERENCE_SEED, Input, reference_clip

#: Clips of noise; the first is the one whose answer the manifest records.
SEEDS = (REFERENCE_SEED, REFERENCE_SEED + 1)


def noise_clips(layout: str, given: Input) -> list[Tensor]:
    """Two clips of noise, the second darker and with less contrast."""
    first, second = (reference_clip(layout, given, seed) for seed in SEEDS)
    return [first, second * 0.5 - 1]


def with_gradient(network: Callable[[Tensor], Tensor], clip: Tensor) -> tuple[Tensor, Tensor]:
    """The logits, and the gradient of the largest with respect to the clip."""
    clip = clip.clone().requires_grad_()
    torch.manual_seed(0)
    logits = network(clip)
    if not isinstance(logits, Tensor):
        raise TypeError(f"forward returned a {type(logits).__name__}, a tensor N×classes was expected")
    if not logits.requires_grad:
        raise ValueError("no gradient reaches the clip")
    (gradient,) = torch.autograd.grad(logits.flatten(1).amax(), clip)
    return logits.detach(), gradient


def difference(found: Tensor, expected: Tensor, floor: float = 1e-30) -> float:
    return float((found - expected).abs().max()) / max(floor, float(expected.abs().max()))


#: TorchScript puts the reason on the first line, or behind its own trace.
TRACE = re.compile(r"^(The following operation failed|Traceback of TorchScript)")


def first_line(error: Exception) -> str:
    """The sentence of an error."""
    lines = (str(error).strip() or type(error).__name__).splitlines()
    line = lines[-1] if TRACE.match(lines[0]) else lines[0]
    return line.removeprefix("RuntimeError: ")
