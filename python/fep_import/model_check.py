"""Compares a script with the network that it was made of: what it answers, and which gradients it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .found import Found
from .model_file import TOLERANCE
from .passes import difference, noise_clips, with_gradient
from .trials import tried

#: Largest difference of the two gradients with respect to the clip, relative to the largest entry.
GRADIENT_TOLERANCE = 1e-4


@dataclass(frozen=True)
class ModelCheck:
    """What was found; differences are relative to the largest entry."""

    logits: float
    gradient: float
    #: `alike` where two clips at once are answered as each alone, else `apart` or why two are refused.
    batch: str
    #: Whether it runs and has finite gradients in bfloat16: `yes`, or why not.
    bfloat16: str


def check_model(script: torch.jit.ScriptModule, file: Path, found: Found) -> ModelCheck:
    """
    Raises ArithmeticError where logits or gradients differ, ValueError where the output is none of a classifier.

    The second clip shows what a trace has kept of the first: a branch it took, or a number it computed.
    @param file: the same script
    """
    clips = noise_clips(found.layout, found.input)
    logits = gradient = 0.0
    # As the addon runs it. PyTorch's optimiser of graphs has wrong gradients for some attention layers.
    with torch.jit.optimized_execution(False):
        for clip in clips:
            eager, eager_gradient = with_gradient(found.network, clip)
            require_repeatable(found, clip, eager)
            scripted, scripted_gradient = with_gradient(script, clip)
            require_logits(eager)
            logits = max(logits, difference(scripted, eager, floor=1.0))
            gradient = max(gradient, difference(scripted_gradient, eager_gradient))
    require_close("the logits", logits, TOLERANCE)
    require_close("the gradient with respect to the clip", gradient, GRADIENT_TOLERANCE)
    return ModelCheck(logits, gradient, *tried(file, found.layout, found.input))


def require_repeatable(found: Found, clip: Tensor, logits: Tensor) -> None:
    torch.manual_seed(1)
    with torch.no_grad():
        again = found.network(clip)
    if difference(again, logits, floor=1.0) > TOLERANCE:
        raise ValueError(
            "the network draws random numbers, as of dropout that is on in evaluation, or keeps a state"
        )


def require_logits(logits: Tensor) -> None:
    if logits.ndim != 2 or logits.shape[0] != 1 or logits.shape[1] < 2:
        shape = "×".join(map(str, logits.shape))
        raise ValueError(f"the network answers {shape} to one clip; 1×classes was expected")
    if not torch.isfinite(logits).all():
        raise ValueError("the network answers NaN or infinity to a clip of noise")


def require_close(what: str, found: float, allowed: float) -> None:
    if not found <= allowed:
        raise ArithmeticError(f"{what} of the script and of the network differ by {found:.2g} of the largest")
