"""The ways in which the arguments of a network's forward allow to hand it a clip."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

from .entry import Entry, arranged
from .model_file import Input, reference_clip

#: What networks call the argument or entry that is a clip.
CLIP_NAMES = (
    "pixel_values",
    "pixel_values_videos",
    "video",
    "videos",
    "clip",
    "clips",
    "frames",
    "imgs",
    "images",
    "inputs",
    "x",
)

#: Every how many frames SlowFast's slow pathway has one; of those that run, the first is taken.
SLOW_STRIDES = (4, 8, 2, 16)

#: Inputs that no clip of pictures contains.
OTHER_INPUTS = ("audio", "box", "depth", "flow", "label", "length", "mask", "pose", "state", "target", "text")

#: As many entries as a mapping may be asked for.
MOST_NAMES = 3


@dataclass(frozen=True)
class Wanted:
    """What is said of the entry; None where it is to be found out."""

    layout: str | None = None
    strides: tuple[int, ...] | None = None


def ways(network: nn.Module, wanted: Wanted, given: Input, layouts: tuple[str, ...]) -> Iterator[list[Entry]]:
    """How the arguments of forward allow to hand over a clip, the simplest way first."""
    parameters = list(inspect.signature(network.forward).parameters.values())
    by_place = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = tuple(p.name for p in by_place if p.default is p.empty)
    if len(required) > 1:
        yield pathways("arguments", required, wanted)
        return
    if wanted.strides is None or len(wanted.strides) == 1:
        if by_place or any(p.kind is p.VAR_POSITIONAL for p in parameters):
            yield [Entry()]
        yield [Entry(form="keywords", names=(name,)) for name in names_of(parameters)]
    yield pathways("list", ("slow", "fast"), wanted)
    yield from named_pathways(network, parameters, wanted, given, layouts)


def names_of(parameters: list[inspect.Parameter]) -> list[str]:
    """Arguments to give by name: the only required one, or those with the usual names."""
    alone = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    if alone:
        return alone if len(alone) == 1 else []
    known = {p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}
    return [name for name in CLIP_NAMES if name in known]


def pathways(form: str, names: tuple[str, ...], wanted: Wanted, given_names: bool = False) -> list[Entry]:
    """The strides that pathways of these names may have."""
    keys = names if given_names else ()
    if wanted.strides is not None:
        return [Entry(form=form, names=keys, strides=wanted.strides)] if len(wanted.strides) > 1 else []
    if any(other in name.lower() for name in names for other in OTHER_INPUTS):
        return []
    if len(names) != 2:
        return [Entry(form=form, names=keys, strides=(1,) * len(names))]
    first, last = (name.lower() for name in names)
    slow_is_last = "fast" in first or "slow" in last
    strides = [(1, stride) if slow_is_last else (stride, 1) for stride in SLOW_STRIDES]
    return [Entry(form=form, names=keys, strides=each) for each in [*strides, (1, 1)]]


def named_pathways(
    network: nn.Module,
    parameters: list[inspect.Parameter],
    wanted: Wanted,
    given: Input,
    layouts: tuple[str, ...],
) -> Iterator[list[Entry]]:
    """By the names that a network asks a mapping, or its keywords, for."""
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    alone = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty)
    if len(alone) > 1:
        yield pathways("keywords", alone, wanted, given_names=True)
    forms: dict[str, Callable[..., object]] = {"mapping": lambda named: network(named)}
    if takes_any:
        forms["keywords"] = lambda named: network(**named)
    for form, call in forms.items():
        for names in dict.fromkeys(asked_names(call, given, layout) for layout in layouts):
            if len(names) == 1:
                yield [Entry(form=form, names=names)]
            elif names:
                yield pathways(form, names, wanted, given_names=True)


def asked_names(call: Callable[..., object], given: Input, layout: str) -> tuple[str, ...]:
    """The names for which a network raises KeyError, one after the other."""
    names: list[str] = []
    clip = reference_clip("NCTHW" if layout == "NCTHW" else "NTCHW", given)
    while len(names) < MOST_NAMES:
        try:
            with torch.no_grad():
                call({name: arranged(clip, layout) for name in names})
        except KeyError as error:
            if not error.args or not isinstance(error.args[0], str) or error.args[0] in names:
                break
            names.append(error.args[0])
        except Exception:  # of the clip's shape: the names are known by now
            break
        else:
            break
    return tuple(names)
