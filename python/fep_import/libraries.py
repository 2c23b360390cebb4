"""Other libraries: found or missed in words that help, and told by their versions."""

from __future__ import annotations

import importlib
import re
import sys
from importlib import metadata
from types import ModuleType

import torch

from .failure import ImportFailure


def require(module: str, package: str | None = None) -> ModuleType:
    """Imports a library. Raises ImportFailure with the command that installs it, or with why it fails."""
    name = package or module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = error.name or module
        raise ImportFailure(
            f"{name} is needed for this source, and {sys.executable} has no {missing}.",
            f"{sys.executable} -m pip install {name}, or name another Python with --python.",
        ) from error
    except Exception as error:  # a library may fail to load in any way
        reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
        raise ImportFailure(
            f"{name} is installed, and cannot be loaded: {reason}",
            f"Find out with: {sys.executable} -c 'import {module}'",
        ) from error


#: What a build of torchvision for another torch says, of each operator that it did not bring along.
ABSENT_OPERATOR = re.compile(r"operator torchvision::(\w+) does not exist")
_declared: list[torch.library.Library] = []


def admit_torchvision() -> None:
    """
    Lets torchvision be imported, by other libraries too, where its operators are for another build of torch.

    Those are of detection (`nms` and the like); no video model uses them. They are declared without an
    implementation. Does nothing where torchvision loads, or is not installed.
    """
    for _ in range(50):
        try:
            importlib.import_module("torchvision")
        except RuntimeError as error:
            absent = ABSENT_OPERATOR.search(str(error))
            if not absent:
                return
            declare(absent[1])
            for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
                del sys.modules[name]
        except Exception:  # whoever needs it will say what is wrong
            return
        else:
            return


def lacks_torchvision_s_operators(error: BaseException | None) -> bool:
    """Whether an error is for want of `admit_torchvision`, however many errors it has led to."""
    while error is not None:
        if ABSENT_OPERATOR.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def declare(operator: str) -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")
    library.define(f"{operator}(Tensor input) -> Tensor")
    _declared.append(library)


def versions(*packages: str) -> dict[str, str]:
    """The installed versions, torch's among them."""
    found = {"torch": torch.__version__}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
