"""Writes model files with random weights for the tests of the addon.

    full_size_models.py FOLDER

One of every architecture, R(2+1)D-18 for clips of its full size and the others for small ones, with what
PyTorch answers: `<name>.npy` is a clip C×T×H×W, `<name>.answer.json` the outputs and the map of gradients.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from fep_import.command import main  # noqa: E402
from fep_import.model_file import clip_shape, load_model_file  # noqa: E402

#: Frames, size and classes.
SIZES = {
    "r2plus1d_18": (16, 112, 400),
    "r2plus1d_34": (8, 32, 5),
    "mc3_18": (8, 32, 5),
    "r3d_18": (8, 32, 5),
    "tsm_r50": (8, 32, 5),
    "i3d": (16, 32, 5),
    "cnn_lstm": (8, 64, 5),
    "video_transformer": (8, 64, 5),
}


def write(folder: Path, architecture: str, *more: object) -> Path:
    out = folder / f"{architecture}.pt"
    given = [f"release:{architecture}", "--random-init", "--seed", "3", "--out", out, *more]
    if main([str(one) for one in given]) != 0:
        raise SystemExit(1)
    return out


def answer(path: Path) -> None:
    """A clip, the outputs, and the channels' mean of the absolute gradient of the second class's score."""
    script, manifest = load_model_file(path)
    given = manifest["input"]
    generator = torch.Generator().manual_seed(21)
    shape = clip_shape(given["layout"], given["frames"], given["height"], given["width"])
    clip = torch.randn(shape, generator=generator).requires_grad_()
    output = script(clip)
    score = output if manifest["output"]["activation"] == "logits" else output.log()
    gradient = torch.autograd.grad(score[0, 1], clip)[0]
    if given["layout"] == "NTCHW":
        clip, gradient = clip.transpose(1, 2), gradient.transpose(1, 2)
    np.save(path.with_suffix(".npy"), clip.detach()[0].numpy())
    map = gradient[0].abs().mean(dim=0)
    facts = {"output": output[0].tolist(), "gradients": map.flatten().tolist()}
    path.with_name(f"{path.stem}.answer.json").write_text(json.dumps(facts))


def write_all(folder: Path) -> None:
    for architecture, (frames, size, classes) in SIZES.items():
        given = ("--frames", frames, "--size", size, "--class-count", classes, "--resize", "stretch")
        answer(write(folder, architecture, *given))


if __name__ == "__main__":
    torch.set_num_threads(2)
    write_all(Path(sys.argv[1]))
