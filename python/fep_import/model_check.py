"""Compares a script with the network that it was made of: what it answers, and which gradients it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .failure import ImportFailure
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
    Raises ArithmeticError where logits or gradients differ, ImportFailure where no file would be right.

    The second clip shows what a trace has kept of the first: a branch it took, or a number it computed.
    @param file: the same script
    """
    clips = noise_clips(found.layout, found.input)
    logits = gradient = 0.0
    # As the addon runs it. PyTorch's optimiser of graphs has wrong gradients for some attention layers.
    with torch.jit.optimized_execution(False):
        for clip in clips:
            eager, eager_gradient = eager_pass(found, clip)
            scripted, scripted_gradient = with_gradient(script, clip)
            logits = max(logits, difference(scripted, eager, floor=1.0))
            gradient = max(gradient, difference(scripted_gradient, eager_gradient))
    require_close("the logits", logits, TOLERANCE)
    require_close("the gradient with respect to the clip", gradient, GRADIENT_TOLERANCE)
    return ModelCheck(logits, gradient, *tried(file, found.layout, found.input))


def eager_pass(found: Found, clip: Tensor) -> tuple[Tensor, Tensor]:
    """The network's own logits and gradient. Raises ImportFailure where no file of it could be explained."""
    try:
        logits, gradient = with_gradient(found.network, clip)
    except ValueError as error:
        raise ImportFailure(
            f"{found.name} cannot be explained: {error}.",
            "Let forward neither detach its clip nor run under torch.no_grad().",
        ) from error
    require_repeatable(found, clip, logits)
    require_logits(logits)
    return logits, gradient


def require_repeatable(found: Found, clip: Tensor, logits: Tensor) -> None:
    torch.manual_seed(1)
    with torch.no_grad():
        again = found.network(clip)
    if difference(again, logits, floor=1.0) > TOLERANCE:
        raise ImportFailure(
            f"{found.name} answers one clip in two ways: the network draws random numbers, or keeps a state.",
            "Let its dropout end with training, F.dropout(x, p, self.training), and begin every clip anew.",
        )


def require_logits(logits: Tensor) -> None:
    if not torch.isfinite(logits).all():
        raise ImportFailure(
            "The network answers NaN or infinity to a clip of noise.",
            "Check that the weights are whole, and --mean, --std and --pixel-range.",
        )


def require_close(what: str, found: float, allowed: float) -> None:
    if not found <= allowed:
        raise ArithmeticError(f"{what} of the script and of the network differ by {found:.2g} of the largest")
