"""Writes a trained network as a TorchScript archive with its manifest in the extra file `fep.json`."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn

from clips import CLASSES

REFERENCE_SEED = 7


def clip_shape(layout: str, frames: int, size: int, clips: int = 1) -> tuple[int, ...]:
    """Shape of the model's input."""
    return (clips, 3, frames, size, size) if layout == "NCTHW" else (clips, frames, 3, size, size)


def save_archive(
    network: nn.Module,
    name: str,
    architecture: str,
    frames: int,
    size: int,
    mean: list[float],
    std: list[float],
    path: Path,
) -> None:
    """Scripts the network in evaluation mode, float32, and records what it answers to a known input."""
    layout = str(network.layout)
    network = network.float().eval().requires_grad_(False)
    script = torch.jit.script(network)
    generator = torch.Generator().manual_seed(REFERENCE_SEED)
    reference = torch.randn(clip_shape(layout, frames, size), generator=generator)
    with torch.no_grad():
        logits = script(reference)[0]
    manifest = {
        "schemaVersion": 1,
        "name": name,
        "architecture": architecture,
        "input": {
            "layout": layout,
            "frames": frames,
            "height": size,
            "width": size,
            "sampling": {"type": "uniform"},
            "resize": {"mode": "stretch"},
            "mean": mean,
            "std": std,
            "channelOrder": "RGB",
        },
        "output": {"classes": list(CLASSES), "activation": "logits"},
        "camLayer": network.cam_layer,
        "methods": ["features", "head"],
        "reference": {"seed": REFERENCE_SEED, "logits": [round(float(value), 6) for value in logits]},
        "licence": "Apache-2.0",
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.jit.save(script, str(path), _extra_files={"fep.json": json.dumps(manifest, indent=2)})


def load_archive(path: Path) -> tuple[torch.jit.ScriptModule, dict]:
    """The scripted network and its manifest."""
    extra = {"fep.json": ""}
    script = torch.jit.load(str(path), map_location="cpu", _extra_files=extra)
    return script, json.loads(extra["fep.json"])
