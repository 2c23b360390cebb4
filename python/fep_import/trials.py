"""Tries what may end the process: two clips at once, and bfloat16. libtorch crashes on some networks.

    python -m fep_import.trials FILE LAYOUT INPUT

runs in a process of its own, and prints a line of JSON for each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from .model_file import TOLERANCE, Input
from .passes import difference, first_line, noise_clips, with_gradient
from .rounded import rounded_to_bfloat16

#: What is tried, in this order.
TRIALS = ("batch", "bfloat16")


def tried(file: Path, layout: str, given: Input) -> tuple[str, str]:
    """Whether two clips at once are answered as each alone, and whether it runs in bfloat16; see ModelCheck."""
    command = [sys.executable, "-m", __name__, str(file), layout, json.dumps(asdict(given))]
    places = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    ended = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
    )
    found = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    results = {name: text for one in found for name, text in one.items()}
    crash = f"libtorch crashes ({ended.returncode})"
    return results.get("batch", f"one clip at a time: {crash}"), results.get("bfloat16", crash)


def main(file: str, layout: str, given: str) -> None:
    script = torch.jit.load(file).eval()
    clips = noise_clips(layout, Input(**json.loads(given)))
    for name, trial in zip(TRIALS, (batch, bfloat16), strict=True):
        with torch.jit.optimized_execution(name == "bfloat16"):
            print(json.dumps({name: trial(script, clips)}), flush=True)


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
    try:
        rounded = rounded_to_bfloat16(script)
        logits, gradient = with_gradient(lambda x: rounded(x.bfloat16()).float(), clips[0])
    except Exception as error:  # an operator without bfloat16 says so in its own way
        return first_line(error)
    finite = torch.isfinite(logits).all() and torch.isfinite(gradient).all()
    return "yes" if finite else "the logits or the gradient overflow"


if __name__ == "__main__":
    main(*sys.argv[1:])
