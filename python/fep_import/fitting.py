"""Fits the names of a checkpoint to those of a network that was wrapped in another way when it was saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import torch

from .checkpoint import COUNTER, WRAPPERS, State

#: Most names that a prefix is made of.
DEPTH = 3

#: Least share of all names that has to have a prefix.
LEAST_SHARE = 0.2


def fitted(state: State, wanted: dict[str, torch.Size]) -> State:
    """
    The checkpoint under the names that most of the network's have, with their shapes.

    Prefixes are taken off and put on: of DataParallel and torch.compile at any place, of the attribute under
    which a training module or a wrapper keeps the network before the whole. Tensors beside the prefix are
    left out where all that the network wants is there.
    """
    best = max(renamed(state, wanted), key=lambda names: covered(names, state, wanted))
    fits = {new: state[old] for new, old in best.items()}
    if covered(best, state, wanted) < sum(1 for name in wanted if not name.endswith(COUNTER)):
        fits.update({old: state[old] for old in state if old not in set(best.values())})
    return fits


def renamed(state: State, wanted: dict[str, torch.Size]) -> Iterator[dict[str, str]]:
    """Old names by new ones, the least changed first; `max` takes the first of equals."""
    as_is = {name: name for name in state}
    plain = {without_wrappers(name): name for name in state}
    yield as_is
    for names in (as_is, plain) if plain != as_is else (as_is,):
        inner = [names, *(taken_off(names, prefix) for prefix in prefixes(names))]
        yield from inner
        for prefix in prefixes(wanted):
            yield from ({prefix + new: old for new, old in one.items()} for one in inner)


def without_wrappers(name: str) -> str:
    """Without `module` and `_orig_mod`, wherever they are."""
    wrappers = {wrapper.rstrip(".") for wrapper in WRAPPERS}
    return ".".join(part for part in name.split(".") if part not in wrappers)


def taken_off(names: dict[str, str], prefix: str) -> dict[str, str]:
    return {new.removeprefix(prefix): old for new, old in names.items() if new.startswith(prefix)}


def prefixes(names: Iterable[str]) -> list[str]:
    """What many of the names begin with: `model.`, `model.backbone.`."""
    names = list(names)
    counts = Counter(
        ".".join(parts[:depth]) + "."
        for parts in (name.split(".") for name in names)
        for depth in range(1, min(DEPTH, len(parts) - 1) + 1)
    )
    return [prefix for prefix, count in counts.items() if count >= LEAST_SHARE * len(names)]


def covered(names: dict[str, str], state: State, wanted: dict[str, torch.Size]) -> int:
    return sum(
        1
        for name, shape in wanted.items()
        if name in names and state[names[name]].shape == shape and not name.endswith(COUNTER)
    )
