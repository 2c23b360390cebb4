"""Any network: a function in a Python file or module that returns it."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from torch import nn

from ..failure import ImportFailure
from ..found import Found, bare_input
from ..model_file import reference_clip
from ..networks.random_weights import randomize
from ..weights import load_strictly, read_state

#: What nothing but the user can know of a network, and the flags that say it.
NEEDED = {"layout": "--layout", "frames": "--frames", "size": "--size"}


def find(source: str, options: argparse.Namespace) -> Found:
    missing = [flag for name, flag in NEEDED.items() if getattr(options, name) is None]
    if missing:
        raise ImportFailure(
            f"{source} does not say what clips its network takes.",
            f"Add {' '.join(missing)} (and --mean, --std, --sampling, --activation and --classes as it was trained).",
        )
    place, _, function = source.rpartition(":")
    module = load(place)
    network = call(module, function, source)
    given = bare_input(options.frames, *options.size)
    weights = []
    if options.random_init:
        randomize(network, reference_clip(options.layout, given), options.seed)
    elif options.weights is not None:
        load_strictly(network, read_state(options), source)
        weights.append(options.weights)
    return Found(
        network.eval(),
        options.layout,
        given,
        name=Path(place).stem,
        architecture=type(network).__name__,
        weights=weights,
        scriptable=True,
    )


def load(place: str) -> ModuleType:
    """Imports a file, with its folder among the places for its own imports, or a module by its name."""
    path = Path(place)
    if path.suffix != ".py":
        sys.path.insert(0, str(Path.cwd()))
        try:
            return importlib.import_module(place)
        except ModuleNotFoundError as error:
            raise ImportFailure(
                f"There is no Python module {error.name}.", "Give the path of a file: FILE.py:FUNCTION."
            ) from error
    if not path.is_file():
        raise ImportFailure(f"There is no file {place}.", "Give FILE.py:FUNCTION.")
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def call(module: ModuleType, function: str, source: str) -> nn.Module:
    build = getattr(module, function, None)
    if not callable(build):
        public = [
            name for name, value in vars(module).items() if callable(value) and not name.startswith("_")
        ]
        raise ImportFailure(
            f"{source}: there is no function {function}.", f"The file has {', '.join(public)}."
        )
    network = build()
    if not isinstance(network, nn.Module):
        raise ImportFailure(
            f"{source} returned a {type(network).__name__}; a torch.nn.Module was expected.",
            "Let the function return the network, without arguments.",
        )
    return network
