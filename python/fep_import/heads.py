"""The tensors in whatever a network returns, and which of them holds the scores of classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from torch import Tensor, nn

from .failure import ImportFailure

#: Names of returned tensors that are no scores of classes, where another one may be.
OTHER_THAN_SCORES = {
    "attention",
    "attentions",
    "embedding",
    "embeddings",
    "feat",
    "feats",
    "feature",
    "features",
    "hidden",
    "hidden_states",
    "last_hidden_state",
    "loss",
    "pooled",
    "pooler_output",
}

#: How many keys may lead to a tensor: a record may hold itself.
DEEPEST = 6


@dataclass(frozen=True)
class Head:
    """One of the tensors that a network returns, and the keys that lead to it."""

    keys: tuple[Any, ...]
    #: The same by position, as a user may count them.
    places: tuple[int, ...]
    tensor: Tensor

    @property
    def name(self) -> str:
        return ".".join(map(str, self.keys))

    @property
    def place(self) -> str:
        return ".".join(map(str, self.places))

    def __str__(self) -> str:
        return f"{self.name} ({sizes(self.tensor)})"


class Attribute(str):
    """A key that is an attribute's name."""


def entries(value: Any) -> list[tuple[Any, Any]]:
    """What a mapping, tuple, list or record holds, by key; nothing of anything else."""
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return attributes(value, value._fields)
    if isinstance(value, (list, tuple)):
        return list(enumerate(value))
    if is_dataclass(value):
        return attributes(value, [field.name for field in fields(value)])
    is_record = hasattr(value, "__dict__") and not isinstance(value, nn.Module)
    return attributes(value, vars(value)) if is_record else []


def attributes(value: Any, names: Iterable[str]) -> list[tuple[Attribute, Any]]:
    return [(Attribute(name), getattr(value, name)) for name in names]


def entry_of(value: Any, key: Any) -> Any:
    return getattr(value, key) if isinstance(key, Attribute) else value[key]


def heads_of(returned: Any, keys: tuple[Any, ...] = (), places: tuple[int, ...] = ()) -> list[Head]:
    """All tensors of numbers with a fraction in what a network returned."""
    if len(keys) > DEEPEST:
        return []
    if isinstance(returned, Tensor):
        return [Head(keys, places, returned)] if returned.is_floating_point() else []
    found = (
        heads_of(value, (*keys, key), (*places, place))
        for place, (key, value) in enumerate(entries(returned))
    )
    return [head for heads in found for head in heads]


def choose_head(returned: Any, wanted: str | None, classes: int | None) -> Head:
    """
    The tensor that holds the scores of classes.

    Without a wanted name it is the only one, that of the name `logits`, or the only one of the shape
    1×classes. Raises ImportFailure that lists them where that leaves more than one.
    @param classes: how many there are, where that is known
    """
    heads = heads_of(returned)
    if wanted is not None:
        return wanted_head(heads, wanted)
    if not heads:
        kind = type(returned).__name__
        raise ImportFailure(
            f"forward returned a {kind} without a tensor of scores; a tensor N×classes was expected.",
            "Let forward return the scores of the classes.",
        )
    if len(heads) == 1:
        return heads[0]
    for likely in narrowed(heads, classes):
        if len(likely) == 1:
            return likely[0]
    raise ImportFailure(
        f"The network returns {len(heads)} tensors, and which holds the classes cannot be told: "
        f"{listed(heads)}.",
        f"Say which by its name or index: {' or '.join(f'--output {head.name}' for head in heads[:3])}.",
    )


def narrowed(heads: list[Head], classes: int | None) -> list[list[Head]]:
    """The heads that are likely to hold the scores, by one sign after another."""
    flat = [head for head in heads if is_answer(head.tensor)]
    named = [head for head in flat if str(head.keys[-1]).lower() not in OTHER_THAN_SCORES]
    counted = [head for head in flat if head.tensor.shape[-1] == classes]
    return [[head for head in heads if head.keys[-1] == "logits"], counted, flat, named]


def is_answer(tensor: Tensor) -> bool:
    return tensor.ndim == 2 and tensor.shape[0] == 1 and tensor.shape[1] > 1


def wanted_head(heads: list[Head], wanted: str) -> Head:
    """The head of a name or of an index, or the only one below it."""
    for name in (lambda head: head.name, lambda head: head.place):
        exact = [head for head in heads if name(head) == wanted]
        below = [head for head in heads if name(head).startswith(f"{wanted}.")]
        for found in (exact, below):
            if len(found) == 1:
                return found[0]
    several = [head for head in heads if head.name.startswith(f"{wanted}.")]
    if several:
        raise ImportFailure(
            f"--output {wanted}: it holds several tensors: {listed(several)}.",
            "Give the name of one of them.",
        )
    if len(heads) == 1 and not heads[0].keys:
        raise ImportFailure(
            f"--output {wanted}: the network returns one tensor ({sizes(heads[0].tensor)}) without a name.",
            "Leave --output out.",
        )
    raise ImportFailure(
        f"The network returns no tensor {wanted}, but {listed(heads) or 'none with numbers of classes'}.",
        "Give one of these names, or its index, with --output.",
    )


def listed(heads: list[Head]) -> str:
    return ", ".join(map(str, heads[:20])) + (" …" if len(heads) > 20 else "")


def sizes(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"
