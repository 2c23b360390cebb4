"""Writes and reads a model file: a TorchScript archive with its manifest in the extra file `fep.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

REFERENCE_SEED = 7

#: Largest difference between the scripted and the eager network, relative to the largest logit.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Input:
    """The input that a model expects; the fields are those of `lib/manifest/manifest.ts`."""

    frames: int
    height: int
    width: int
    sampling: dict[str, Any]
    resize: dict[str, Any]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    channelOrder: str = "RGB"


@dataclass(frozen=True)
class Description:
    """The part of a manifest that the network itself does not contain."""

    name: str
    architecture: str
    input: Input
    classes: list[str] = field(default_factory=list)
    activation: str = "logits"
    licence: str | None = None


def clip_shape(
    layout: str, frames: int, height: int, width: int | None = None, clips: int = 1
) -> tuple[int, ...]:
    """Shape of a model's input; square if no width is given."""
    width = height if width is None else width
    return (clips, 3, frames, height, width) if layout == "NCTHW" else (clips, frames, 3, height, width)


def reference_clip(layout: str, given: Input) -> Tensor:
    """The clip whose logits a manifest records."""
    generator = torch.Generator().manual_seed(REFERENCE_SEED)
    return torch.randn(clip_shape(layout, given.frames, given.height, given.width), generator=generator)


def save_model_file(network: nn.Module, description: Description, path: Path) -> dict[str, Any]:
    """
    Scripts a network in evaluation mode and float32, and records its logits for a known clip.

    The network's class has a `layout`, and optionally a `cam_layer` and the exported methods `features` and
    `head`. Raises ArithmeticError if the script's logits differ from the network's. Returns the manifest.
    """
    layout = str(network.layout)
    network = network.float().eval().requires_grad_(False)
    script = torch.jit.script(network)
    clip = reference_clip(layout, description.input)
    with torch.no_grad():
        logits = script(clip)[0]
        compare(logits, network(clip)[0])
    manifest = {
        "schemaVersion": 1,
        "name": description.name,
        "architecture": description.architecture,
        "input": {"layout": layout, **asdict(description.input)},
        "output": {"classes": description.classes, "activation": description.activation},
        "methods": [name for name in ("features", "head") if hasattr(script, name)],
        "reference": {"seed": REFERENCE_SEED, "logits": [float(f"{float(value):.7g}") for value in logits]},
    }
    cam_layer = getattr(network, "cam_layer", None)
    if cam_layer is not None:
        manifest["camLayer"] = cam_layer
    if description.licence is not None:
        manifest["licence"] = description.licence
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.jit.save(script, str(path), _extra_files={"fep.json": json.dumps(manifest, indent=2)})
    return manifest


def compare(scripted: Tensor, eager: Tensor) -> None:
    """Refuses a script that does not compute what its network computes."""
    allowed = TOLERANCE * max(1.0, float(eager.abs().max()))
    difference = float((scripted - eager).abs().max())
    if not difference <= allowed:
        raise ArithmeticError(f"the script is off by {difference:.3g} where {allowed:.3g} is allowed")


def load_model_file(path: Path) -> tuple[torch.jit.ScriptModule, dict[str, Any]]:
    """The scripted network and its manifest."""
    extra = {"fep.json": ""}
    script = torch.jit.load(str(path), map_location="cpu", _extra_files=extra)
    return script, json.loads(extra["fep.json"])
