"""Makes a TorchScript module of a network."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn

from .answer import Reading
from .answering import Answering
from .entry import Entry
from .failure import ImportFailure
from .found import Found
from .idle_casts import drop_idle_casts
from .model_check import ModelCheck, check_model
from .model_file import reference_clip
from .passes import first_line
from .plain_functions import plain_functions


def to_torchscript(found: Found) -> tuple[torch.jit.ScriptModule, ModelCheck]:
    """
    The network as a script, as it comes out of a file, that was checked against it.

    A network that may script is scripted first: its branches and its exported methods stay. Any other is
    traced, with one clip, or with two where what was traced then does not take two. Raises ImportFailure
    where nothing that can be made computes what the network computes.
    """
    apart: tuple[torch.jit.ScriptModule, ModelCheck] | None = None
    reason = ""
    for make in ways(found):
        try:
            with saved(make()) as (script, file):
                check = check_model(script, file, found)
        except ImportFailure:  # of the network itself
            raise
        except Exception as error:  # whatever a library's code raises; it is told below
            reason = first_line(error)  # of the last way, which is a trace
            continue
        if check.batch == "alike":
            return script, check
        apart = apart or (script, check)
    if apart is not None:
        return apart
    raise ImportFailure(
        f"{found.name} cannot be made a TorchScript file: {reason}",
        "Check --frames, --size and --layout, and that the network is one of a clip to classes. Where its Python "
        "branches on the pixels, give it as FILE.py:FUNCTION with a forward that torch.jit.script takes.",
    )


def ways(found: Found) -> list[Callable[[], torch.jit.ScriptModule]]:
    traced = [lambda: trace(found, clips=1), lambda: trace(found, clips=2)]
    return [lambda: scripted(found.network), *traced] if found.scriptable else traced


def scripted(network: nn.Module) -> torch.jit.ScriptModule:
    return network.scripted() if isinstance(network, Answering) else torch.jit.script(network)


def trace(found: Found, clips: int) -> torch.jit.ScriptModule:
    example = reference_clip(found.layout, found.input).repeat(clips, 1, 1, 1, 1)
    # Layers of traced files are named below `network`.
    whole = (
        found.network
        if isinstance(found.network, Answering)
        else Answering(found.network, Entry(found.layout), Reading())
    )
    with warnings.catch_warnings(), torch.no_grad(), plain_functions():
        warnings.simplefilter("ignore")  # of numbers that become constants: the check compares other clips
        script = torch.jit.trace(whole, example, check_trace=False)
    drop_idle_casts(script)
    return script


@contextmanager
def saved(script: torch.jit.ScriptModule) -> Iterator[tuple[torch.jit.ScriptModule, Path]]:
    """The script as it comes out of a file, and that file, for as long as it is compared."""
    with tempfile.TemporaryDirectory(prefix="fep-import-") as folder:
        file = Path(folder) / "script.pt"
        torch.jit.save(script, str(file))
        yield torch.jit.load(str(file)).eval(), file
