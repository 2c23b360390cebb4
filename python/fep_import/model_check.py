"""Compares a script with the network that it was made of: what it answers, and which gradients it has."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from .answer import answer_of
from .found import Found
from .model_file import TOLERANCE, reference_clip
from .rounded import rounded_to_bfloat16

#: Largest difference of the two gradients with respect to the clip, relative to the largest entry.
GRADIENT_TOLERANCE = 1e-4

#: Clips of noise; the first is the one whose answer the manifest records.
SEEDS = (7, 8)


@dataclass(frozen=True)
class ModelCheck:
    """What was found; differences are relative to the largest entry."""

    classes: int
    logits: float
    gradient: float
    #: `alike` where two clips at once are answered as each alone, else `apart` or why two are refused.
    batch: str
    #: Whether it runs and has finite gradients in bfloat16: `yes`, or why not.
    bfloat16: str

    def figures(self) -> dict[str, Any]:
        """As the manifest holds them."""
        return {name: value for name, value in asdict(self).items() if name != "classes"}


def check_model(script: torch.jit.ScriptModule, found: Found) -> ModelCheck:
    """
    Raises ArithmeticError where logits or gradients differ, ValueError where the output is none of a classifier.

    The second clip shows what a trace has kept of the first: a branch it took, or a number it computed.
    """
    clips = [reference_clip(found.layout, found.input, seed) for seed in SEEDS]
    clips[1] = clips[1] * 0.5 - 1
    logits = gradient = 0.0
    alone = []
    for clip in clips:
        eager, eager_gradient = with_gradient(lambda x: answer_of(found.network(x)), clip)
        scripted, scripted_gradient = with_gradient(script, clip)
        require_logits(eager)
        logits = max(logits, difference(scripted, eager, floor=1.0))
        gradient = max(gradient, difference(scripted_gradient, eager_gradient))
        alone.append(scripted)
    require_close("the logits", logits, TOLERANCE)
    require_close("the gradient with respect to the clip", gradient, GRADIENT_TOLERANCE)
    return ModelCheck(
        alone[0].shape[1], logits, gradient, batch(script, clips, alone), bfloat16(script, clips[0])
    )


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


def require_logits(logits: Tensor) -> None:
    if logits.ndim != 2 or logits.shape[0] != 1 or logits.shape[1] < 2:
        shape = "×".join(map(str, logits.shape))
        raise ValueError(f"the network answers {shape} to one clip; 1×classes was expected")
    if not torch.isfinite(logits).all():
        raise ValueError("the network answers NaN or infinity to a clip of noise")


def difference(found: Tensor, expected: Tensor, floor: float = 1e-30) -> float:
    return float((found - expected).abs().max()) / max(floor, float(expected.abs().max()))


def require_close(what: str, found: float, allowed: float) -> None:
    if not found <= allowed:
        raise ArithmeticError(f"{what} of the script and of the network differ by {found:.2g} of the largest")


def batch(script: torch.jit.ScriptModule, clips: list[Tensor], alone: list[Tensor]) -> str:
    try:
        with torch.no_grad():
            together = script(torch.cat(clips))
    except Exception as error:  # TorchScript's own and whatever an operator raises
        return f"one clip at a time: {first_line(error)}"
    if together.shape[0] != len(clips):
        return "apart"
    return "alike" if difference(together, torch.cat(alone), floor=1.0) <= 10 * TOLERANCE else "apart"


def bfloat16(script: torch.jit.ScriptModule, clip: Tensor) -> str:
    try:
        rounded = rounded_to_bfloat16(script)
        logits, gradient = with_gradient(lambda x: rounded(x.bfloat16()).float(), clip)
    except Exception as error:  # an operator without bfloat16 says so in its own way
        return first_line(error)
    finite = torch.isfinite(logits).all() and torch.isfinite(gradient).all()
    return "yes" if finite else "the logits or the gradient overflow"


#: TorchScript puts the reason on the first line, or behind its own trace.
TRACE = re.compile(r"^(The following operation failed|Traceback of TorchScript)")


def first_line(error: Exception) -> str:
    """The sentence of an error."""
    lines = (str(error).strip() or type(error).__name__).splitlines()
    line = lines[-1] if TRACE.match(lines[0]) else lines[0]
    return line.removeprefix("RuntimeError: ")
