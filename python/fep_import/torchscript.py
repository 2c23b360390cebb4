"""Makes a TorchScript module of a network."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .answer import answer_of
from .failure import ImportFailure
from .found import Found
from .idle_casts import drop_idle_casts
from .model_check import ModelCheck, check_model, first_line
from .model_file import reference_clip
from .plain_functions import plain_functions


def to_torchscript(found: Found) -> tuple[torch.jit.ScriptModule, ModelCheck]:
    """
    The network as a script, as it comes out of a file, that was checked against it.

    A network that may script is scripted first: its branches and its exported methods stay. Any other is
    traced, with one clip, or with two where what was traced then does not take two. Raises ImportFailure
    where nothing that can be made computes what the network computes.
    """
    found.network = found.network.float().eval().requires_grad_(False)
    apart: tuple[torch.jit.ScriptModule, ModelCheck] | None = None
    reason = ""
    for make in ways(found):
        try:
            script = reloaded(make())
            check = check_model(script, found)
        except Exception as error:  # whatever a library's code raises; it is told below
            reason = reason or first_line(error)
            continue
        if check.batch == "alike":
            return script, check
        apart = apart or (script, check)
    if apart is not None:
        return apart
    raise ImportFailure(
        f"{found.name} cannot be made a TorchScript file: {reason}",
        "Check --frames, --size and --layout. A network whose Python branches on the pixels has to be scripted: "
        "give it as FILE.py:FUNCTION with a forward that torch.jit.script takes.",
    )


def ways(found: Found) -> list[Callable[[], torch.jit.ScriptModule]]:
    traced = [lambda: trace(found, clips=1), lambda: trace(found, clips=2)]
    return [lambda: torch.jit.script(found.network), *traced] if found.scriptable else traced


def trace(found: Found, clips: int) -> torch.jit.ScriptModule:
    example = reference_clip(found.layout, found.input).repeat(clips, 1, 1, 1, 1)
    with warnings.catch_warnings(), torch.no_grad(), plain_functions():
        warnings.simplefilter("ignore")  # of numbers that become constants: the check compares other clips
        script = torch.jit.trace(Answer(found.network), example, check_trace=False)
    drop_idle_casts(script)
    return script


def reloaded(script: torch.jit.ScriptModule) -> torch.jit.ScriptModule:
    """What a file of it holds."""
    buffer = io.BytesIO()
    torch.jit.save(script, buffer)
    buffer.seek(0)
    return torch.jit.load(buffer).eval()


class Answer(nn.Module):
    """A network whose answer is a tensor by itself, also where the network returns it in a tuple or mapping."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, clip: Tensor) -> Tensor:
        return answer_of(self.network(clip))
