"""Reads a published checkpoint and fits it to a network, tensor by tensor."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .failure import ImportFailure
from .inert import load_inertly, stands_for

State = dict[str, Tensor]

#: The keys under which a state dict is kept in a checkpoint that holds more, those of averaged weights last.
STATE_KEYS = (
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "net",
    "network",
    "module",
    "params",
    "weights",
    "state_dict_ema",
    "model_ema",
    "ema",
)

#: The prefixes of DataParallel and of torch.compile for the wrapped network; some releases were saved with one.
WRAPPERS = ("module.", "_orig_mod.")

#: A counter of batch norm's training steps. Older releases lack it, and inference does not use it.
COUNTER = "num_batches_tracked"

MOST_LISTED = 40

#: What torch.load raises for a file that it does not take, or whose classes are not here.
READING_ERRORS = (
    pickle.UnpicklingError,
    RuntimeError,
    EOFError,
    OSError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ImportError,
)


def read_checkpoint(path: Path, allow_pickle: bool = False) -> State:
    """
    Returns the tensors of a checkpoint by name, without a wrapper's prefix.

    Takes only tensors and plain values from it (`inert.py`); with `allow_pickle` anything, which runs
    whatever code the file holds.
    """
    try:
        load = load_inertly if not allow_pickle else load_running_code
        loaded = load(path)
    except FileNotFoundError:
        raise ImportFailure(f"There is no checkpoint {path}.") from None
    except READING_ERRORS as error:
        raise ImportFailure(
            f"{path} cannot be read as a checkpoint: {reason_of(error)}",
            "It must be a file of torch.save with a state dict. A file with other objects is refused, because "
            "loading it runs their code; where it is trusted, add --allow-pickle.",
        ) from error
    return unwrap(state_of(loaded, path))


def load_running_code(path: Path) -> Any:
    return torch.load(path, map_location="cpu", weights_only=False)


def reason_of(error: Exception) -> str:
    """The sentence of an error; that of torch.load about a file with code is behind its advice."""
    text = str(error).strip() or "it is empty"
    return text.rpartition("WeightsUnpickler error: ")[2].strip().splitlines()[0]


def state_of(loaded: Any, path: Path) -> State:
    """The state dict, under whichever keys it is kept."""
    if stands_for(loaded):
        raise ImportFailure(
            f"{path} holds a whole {stands_for(loaded)}, a state dict was expected.",
            "Loading it runs its code: save its state_dict(), or, where it is trusted, add --allow-pickle.",
        )
    if not isinstance(loaded, (dict, nn.Module)):
        raise ImportFailure(f"{path} holds a {type(loaded).__name__}, a state dict was expected.")
    state = state_within(loaded)
    if state is not None:
        return state
    whole = [f"{key} is a whole {stands_for(value)}" for key, value in loaded.items() if stands_for(value)]
    advice = f"{', '.join(whole)}, whose loading runs code: save a state_dict(), or add --allow-pickle."
    raise ImportFailure(
        f"{path} holds no tensors under {', '.join(STATE_KEYS)} or at its top level, "
        f"but {', '.join(map(str, loaded)) or 'nothing'}.",
        advice if whole else "",
    )


def state_within(value: Any) -> State | None:
    """The tensors by name in a mapping of them or a module, or under the first of STATE_KEYS with some."""
    if isinstance(value, nn.Module):
        return value.state_dict()
    if not isinstance(value, Mapping):
        return None
    for key in STATE_KEYS:
        found = state_within(value.get(key))
        if found:
            return found
    state = {name: tensor for name, tensor in value.items() if isinstance(tensor, Tensor)}
    return state or only_one([state_within(inner) for inner in value.values()])


def only_one(states: list[State | None]) -> State | None:
    found = [state for state in states if state]
    return found[0] if len(found) == 1 else None


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
