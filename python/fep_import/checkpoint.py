"""Reads a published checkpoint and fits it to a network, tensor by tensor."""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .failure import ImportFailure

State = dict[str, Tensor]

#: The keys under which releases keep the state dict in a checkpoint that holds more.
STATE_KEYS = ("state_dict", "model_state_dict", "model_state", "model", "net")

#: The prefixes of DataParallel and of torch.compile for the wrapped network; some releases were saved with one.
WRAPPERS = ("module.", "_orig_mod.")

#: A counter of batch norm's training steps. Older releases lack it, and inference does not use it.
COUNTER = "num_batches_tracked"

MOST_LISTED = 40


def read_checkpoint(path: Path, allow_pickle: bool = False) -> State:
    """
    Returns the tensors of a checkpoint by name, without a wrapper's prefix.

    Unpickles only tensors and plain values (`weights_only`), and `argparse.Namespace`, in which training
    scripts store their arguments; with `allow_pickle` anything, which runs whatever code the file holds.
    """
    try:
        with torch.serialization.safe_globals([argparse.Namespace]):
            loaded = torch.load(path, map_location="cpu", weights_only=not allow_pickle)
    except FileNotFoundError:
        raise ImportFailure(f"There is no checkpoint {path}.") from None
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, LookupError, ValueError) as error:
        raise ImportFailure(
            f"{path} cannot be read as a checkpoint: {(str(error).strip() or 'it is empty').splitlines()[0]}",
            "It must be a file of torch.save with a state dict. A file with other objects is refused, because "
            "loading it runs their code; where it is trusted, add --allow-pickle.",
        ) from error
    return unwrap(state_of(loaded, path))


def state_of(loaded: Any, path: Path) -> State:
    """The state dict, under whichever key a release keeps it."""
    for key in STATE_KEYS:
        if isinstance(loaded, dict) and isinstance(loaded.get(key), dict):
            loaded = loaded[key]
            break
    if not isinstance(loaded, dict):
        raise ImportFailure(f"{path} holds a {type(loaded).__name__}, a state dict was expected.")
    state = {name: value for name, value in loaded.items() if isinstance(value, Tensor)}
    if not state:
        raise ImportFailure(
            f"{path} holds no tensors under {', '.join(STATE_KEYS)} or at its top level, "
            f"but {', '.join(map(str, loaded)) or 'nothing'}."
        )
    return state


def unwrap(state: State) -> State:
    """Removes a wrapper's prefix if all names have it."""
    for wrapper in WRAPPERS:
        if all(name.startswith(wrapper) for name in state):
            state = {name.removeprefix(wrapper): value for name, value in state.items()}
    return state


@dataclass(frozen=True)
class Misfit:
    """How a checkpoint differs from what a network needs, in the checkpoint's names."""

    missing: list[str]
    unexpected: list[str]
    #: `name: 64x3 instead of 64x45`.
    misshapen: list[str]

    def __len__(self) -> int:
        return len(self.missing) + len(self.unexpected) + len(self.misshapen)

    def __str__(self) -> str:
        kinds = (
            ("missing", self.missing),
            ("unexpected", self.unexpected),
            ("of another shape", self.misshapen),
        )
        return "\n".join(line for kind, names in kinds for line in listed(kind, names))


def listed(kind: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = [f"    … and {len(names) - MOST_LISTED} more"] if len(names) > MOST_LISTED else []
    return [f"  {kind} ({len(names)}):", *(f"    {name}" for name in names[:MOST_LISTED]), *more]


def misfit(state: State, wanted: dict[str, torch.Size]) -> Misfit:
    """How a checkpoint differs from the wanted names and shapes."""
    return Misfit(
        missing=[name for name in wanted if name not in state and not name.endswith(COUNTER)],
        unexpected=[name for name in state if name not in wanted and not name.endswith(COUNTER)],
        misshapen=[
            f"{name}: {sizes(state[name].shape)} instead of {sizes(shape)}"
            for name, shape in wanted.items()
            if name in state and state[name].shape != shape
        ],
    )


def sizes(shape: Iterable[int]) -> str:
    return "x".join(map(str, shape)) or "a single number"


def load_weights(network: nn.Module, state: State, published: Callable[[str], str]) -> None:
    """Copies a checkpoint that fits into a network; `published` maps our tensor names to the checkpoint's."""
    own = network.state_dict()
    network.load_state_dict({name: state.get(published(name), value) for name, value in own.items()})
