"""Loads a user's Python, and calls what makes the network."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from .failure import ImportFailure
from .libraries import admit_torchvision, lacks_torchvision_s_operators
from .nearest import nearest

#: How many folders the root of a project may be above a file's own.
HIGHEST = 4

#: What functions call their number of classes.
CLASS_COUNTS = ("num_classes", "n_classes", "nb_classes", "num_labels", "class_count", "classes")


def made(place: str, name: str, source: str, options: argparse.Namespace) -> nn.Module:
    """The network that the function, class or variable of a name is or makes."""
    try:
        return network_of(named(load(place), name, source), source, options)
    except Exception as error:  # of whatever library it imports
        if not lacks_torchvision_s_operators(error):
            raise
        admit_torchvision()
        return network_of(named(load(place), name, source), source, options)


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
    try:
        return in_project(path)
    except ImportError as error:
        if "relative import" not in str(error):
            raise
        return of_package(path.resolve())


def in_project(path: Path) -> ModuleType:
    """A file that imports from the root of its project, which may be some folders above it."""
    try:
        return of_file(path)
    except ModuleNotFoundError as error:
        root = root_with(error.name or "", path)
        if root is None:
            raise
        sys.path.insert(0, str(root))
        return in_project(path)


def root_with(module: str, path: Path) -> Path | None:
    """The nearest folder above a file's own that has a module, and in which Python does not look yet."""
    top = module.partition(".")[0]
    for folder in path.resolve().parents[1 : 1 + HIGHEST]:
        has_it = (folder / top).is_dir() or (folder / f"{top}.py").is_file()
        if top and has_it and str(folder) not in sys.path:
            return folder
    return None


def of_file(path: Path) -> ModuleType:
    # Under its own name, by which others may import it, if nothing else has that.
    name = f"own_{path.stem}" if path.stem in {*sys.modules, *sys.stdlib_module_names} else path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def of_package(path: Path) -> ModuleType:
    """A file that imports what stands beside it by `from .`, as part of the packages that it is in."""
    root = path.parent.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    sys.path.insert(0, str(root))
    return importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts))


def named(module: ModuleType, name: str, source: str) -> Any:
    """The function, class or network of a name."""
    found = getattr(module, name, None)
    if callable(found):
        return found
    public = [key for key, value in vars(module).items() if is_own(value, module) and not key.startswith("_")]
    raise ImportFailure(
        f"{source}: there is no function {name}.",
        f"{nearest(name, public)}The file has {', '.join(public) or 'none'}.",
    )


def is_own(value: Any, module: ModuleType) -> bool:
    """Whether a module defines it and did not import it."""
    return callable(value) and getattr(value, "__module__", module.__name__) == module.__name__


def number_of_classes(build: Any, options: argparse.Namespace) -> dict[str, int]:
    """The argument for --class-count, by the name that a function has for it."""
    if options.class_count is None:
        return {}
    names = inspect.signature(build).parameters
    for name in CLASS_COUNTS:
        if name in names:
            return {name: options.class_count}
    raise ImportFailure(
        f"--class-count: {options.source} takes no number of classes.",
        f"Leave it out, or give the function an argument {CLASS_COUNTS[0]}.",
    )


def network_of(build: Any, source: str, options: argparse.Namespace) -> nn.Module:
    """What a function or class makes, or a network itself, out of its wrapper."""
    try:
        arguments = number_of_classes(build, options)
        network = build if isinstance(build, nn.Module) else build(**arguments)
    except TypeError as error:
        if error.__traceback__.tb_next is not None:  # of its own code
            raise
        raise ImportFailure(
            f"{source} cannot be called without arguments: {error}.",
            "Give its arguments defaults, or write a function without any that returns the network; a number of classes "
            "is said by --class-count.",
        ) from error
    if isinstance(network, (tuple, list)):  # beside its transforms
        modules = [one for one in network if isinstance(one, nn.Module)]
        network = modules[0] if len(modules) == 1 else network
    if not isinstance(network, nn.Module):
        raise ImportFailure(
            f"{source} returned a {type(network).__name__}; a torch.nn.Module was expected.",
            "Let the function return the network, without arguments.",
        )
    return unwrapped(network)


def unwrapped(network: nn.Module) -> nn.Module:
    """The network within DataParallel, DistributedDataParallel or what torch.compile made."""
    if isinstance(network, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
        return unwrapped(network.module)
    inner = getattr(network, "_orig_mod", None)
    return unwrapped(inner) if isinstance(inner, nn.Module) else network
