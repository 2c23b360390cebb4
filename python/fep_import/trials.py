"""Tries what may end the process: two clips at once, and bfloat16. libtorch crashes on some networks.

    python -m fep_import.trials FILE LAYOUT INPUT

runs in a process of its own, and prints a line of JSON for each. Where processes fork, `start` saves that.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import torch
from torch import Tensor

from .model_file import TOLERANCE, Input
from .passes import difference, first_line, noise_clips, with_gradient
from .rounded import rounded_to_bfloat16
from .trier import Trier

#: What is tried, in this order.
TRIALS = ("batch", "bfloat16")


def threads() -> int:
    """Of this process; 0 where the system does not tell."""
    return len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 0


#: Those that loading torch has started. Any more are of operators, and no fork survives them.
LOADED = threads()
_trier: Trier | None = None


def start() -> None:
    """To be called before any computation: trials then need no new Python, which would import torch again."""
    global _trier
    may_fork = sys.platform == "linux" and threads() <= LOADED
    if may_fork and (_trier is None or not _trier.is_usable):
        _trier = Trier(try_all)


def tried(file: Path, layout: str, given: Input) -> tuple[str, str]:
    """Whether two clips at once are answered as each alone, and whether it runs in bfloat16; see ModelCheck."""
    printed, code = tried_elsewhere([str(file), layout, json.dumps(asdict(given))])
    found = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    results = {name: text for one in found for name, text in one.items()}
    crash = f"libtorch crashes ({code})"
    return results.get("batch", f"one clip at a time: {crash}"), results.get("bfloat16", crash)


def tried_elsewhere(arguments: list[str]) -> tuple[str, int]:
    """What try_all printed in a process of its own, and that one's exit code."""
    if _trier is not None and _trier.is_usable:
        with contextlib.suppress(OSError):
            return _trier.run(arguments)
    places = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    ended = subprocess.run(
        [sys.executable, "-m", __name__, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
    )
    return ended.stdout, ended.returncode


def try_all(file: str, layout: str, given: str, output: TextIO = sys.stdout) -> None:
    script = torch.jit.load(file).eval()
    clips = noise_clips(layout, Input(**json.loads(given)))
    for name, trial in zip(TRIALS, (batch, bfloat16), strict=True):
        with torch.jit.optimized_execution(name == "bfloat16"):
            print(json.dumps({name: trial(script, clips)}), file=output, flush=True)


def batch(script: torch.jit.ScriptModule, clips: list[Tensor]) -> str:
    try:
        with torch.no_grad():
            alone = torch.cat([script(clip) for clip in clips])
            together = script(torch.cat(clips))
    except Exception as error:  # TorchScript's own and whatever an operator raises
        return f"one clip at a time: {first_line(error)}"
    if together.shape != alone.shape:
        return "apart"
    return "alike" if difference(together, alone, floor=1.0) <= 10 * TOLERANCE else "apart"


def bfloat16(script: torch.jit.ScriptModule, clips: list[Tensor]) -> str:
    if emulates_bfloat16():
        return "not tried: this processor emulates it, many times slower than float32"
    try:
        rounded = rounded_to_bfloat16(script)
        logits, gradient = with_gradient(lambda x: rounded(x.bfloat16()).float(), clips[0])
    except Exception as error:  # an operator without bfloat16 says so in its own way
        return first_line(error)
    finite = torch.isfinite(logits).all() and torch.isfinite(gradient).all()
    return "yes" if finite else "the logits or the gradient overflow"


def emulates_bfloat16() -> bool:
    """Whether a pass in it may take minutes: a convolution takes thirty times as long as in float32 without AVX-512."""
    is_x86 = platform.machine() in ("x86_64", "AMD64")
    return is_x86 and "512" not in torch.backends.cpu.get_cpu_capability()


if __name__ == "__main__":
    try_all(*sys.argv[1:])
