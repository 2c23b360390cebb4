"""Turns a video classifier of another library into a model file of fep-native.

    python -m fep_import ./videomae-folder --out videomae.pt
    python -m fep_import torchvision:r2plus1d_18 --weights r2plus1d_18.pth --out r2plus1d_18.pt

Exit codes: 0 done, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

from .failure import ImportFailure
from .importing import import_model
from .options import parser
from .places import is_own
from .trials import start

#: The exit code after SIGTERM.
INTERRUPTED = 143


def main(arguments: list[str] | None = None, answer: TextIO | None = None) -> int:
    """@param answer: where the result goes; standard output by default"""
    options = parser(__doc__).parse_args(arguments)
    start()
    try:
        require_place(options.out)
        manifest = import_model(options)
    except (Exception, SystemExit) as error:  # other libraries' code runs: nothing may end without a sentence
        if is_interrupt(error):
            raise
        report(error, options.json, answer)
        return 1
    print(
        json.dumps({"out": str(options.out), "manifest": manifest})
        if options.json
        else summary(options, manifest),
        file=answer,
        flush=True,
    )
    return 0


def is_interrupt(error: BaseException) -> bool:
    """What the handler of SIGTERM raises."""
    return isinstance(error, SystemExit) and error.code == INTERRUPTED


def require_place(out: Path) -> None:
    """Before the work: whether the file can be written."""
    if out.is_dir():
        raise ImportFailure(f"{out} is a folder.", "Name the file in it: --out FOLDER/model.pt.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImportFailure(
            f"The folder {out.parent} cannot be made: {error.strerror}.", "Give another --out."
        ) from error
    if not os.access(out.parent, os.W_OK):
        raise ImportFailure(f"The folder {out.parent} cannot be written to.", "Give another --out.")


def report(error: BaseException, as_json: bool, answer: TextIO | None) -> None:
    message, hint = describe(error)
    if as_json:
        print(json.dumps({"error": {"message": message, "hint": hint}}), file=answer, flush=True)
        return
    print(f"error: {message}", file=sys.stderr)
    if hint:
        print(f"  → {hint}", file=sys.stderr)


def describe(error: BaseException) -> tuple[str, str]:
    if isinstance(error, ImportFailure):
        return str(error), error.hint
    reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
    if isinstance(error, ModuleNotFoundError) and error.name:
        hint = f"{sys.executable} -m pip install {error.name}, or name another Python with --python."
        return f"The model's library needs the package {error.name}, which {sys.executable} lacks.", hint
    frame = traceback.extract_tb(error.__traceback__)[-1]
    if isinstance(error, (ValueError, ArithmeticError, OSError)) and not is_own(frame):
        return reason, ""
    return (
        f"{type(error).__name__} in {frame.name} ({frame.filename}:{frame.lineno}): {reason}",
        "That is in the source's own code, which has to run by itself."
        if is_own(frame)
        else "Check --frames and --size, and that the library's version knows this model.",
    )


def summary(options: Any, manifest: dict[str, Any]) -> str:
    given = manifest["input"]
    return (
        f"{options.out}: {manifest['architecture']}, {given['layout']}, {given['frames']} frames of "
        f"{given['height']}x{given['width']}, {len(manifest['reference']['logits'])} classes, "
        f"{options.out.stat().st_size / 2**20:.1f} MiB"
    )
