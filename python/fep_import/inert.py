"""Reads a checkpoint without running its code, whatever else than tensors it holds.

Training frameworks keep their settings beside the weights, as objects of classes of their own. Those objects
become mappings that do nothing: nothing is imported and no code of the file's runs.
"""

from __future__ import annotations

import argparse
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch

#: Modules of Python whose objects are settings. Any other of Python's own in a file of weights is refused.
OF_SETTINGS = {
    "argparse",
    "collections",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "pathlib",
    "types",
    "typing",
}


def load_inertly(path: Path) -> Any:
    """As torch.load with `weights_only`, and its errors; objects of unknown classes become empty mappings."""
    names = [name for name in unknown_names(path) if name.partition(".")[0] not in refused_modules()]
    stand_ins = [(stand_in(name), name) for name in names]
    with torch.serialization.safe_globals([argparse.Namespace, *stand_ins]):
        return torch.load(path, map_location="cpu", weights_only=True)


class Partial:
    """Stands for functools.partial, whose state is no mapping."""

    def __new__(cls, *values: Any, **named: Any) -> Partial:
        return super().__new__(cls)

    def __setstate__(self, state: Any) -> None:
        pass


def stand_in(name: str) -> type:
    """A class whose making yields a mapping, which is one of the types that torch.load lets a file fill."""
    if name == "functools.partial":
        return Partial

    def make(cls: type, *values: Any, **named: Any) -> OrderedDict[str, Any]:
        made: OrderedDict[str, Any] = OrderedDict()
        made.stands_for = name  # type: ignore[attr-defined]
        return made

    return type(name, (), {"__new__": make})


def stands_for(value: Any) -> str | None:
    """The class that was not loaded, of what became of its object."""
    return getattr(value, "stands_for", None)


def unknown_names(path: Path) -> list[str]:
    """The classes and functions in a file that weights do not need; none in a file of torch's old format."""
    try:
        return torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except Exception:  # torch.load will say what is wrong
        return []


def refused_modules() -> frozenset[str]:
    return frozenset(sys.stdlib_module_names) - OF_SETTINGS
