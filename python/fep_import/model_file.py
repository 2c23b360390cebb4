"""Writes and reads a model file: a TorchScript archive with its manifest in the extra file `fep.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

REFERENCE_SEED = 7

#: Largest difference between the script's and the network's logits, relative to the largest.
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
    #: The values of black and white before `mean` and `std`; the manifest's default if absent.
    pixelRange: tuple[float, float] | None = None


@dataclass(frozen=True)
class Tokens:
    """How layers that return N×L×C lay out a clip: `prefix` class tokens, then one for each cell of the grid."""

    #: T', H' and W'.
    grid: tuple[int, int, int]
    prefix: int = 0


@dataclass(frozen=True)
class Description:
    """The part of a manifest that the network itself does not contain."""

    name: str
    architecture: str
    input: Input
    classes: list[str] = field(default_factory=list)
    activation: str = "logits"
    licence: str | None = None
    #: The layer that Grad-CAM looks at; where it is left out, the model's structure tells.
    cam_layer: str | None = None
    tokens: Tokens | None = None
    #: Where the network came from, and what was checked; see `model_check.py`.
    origin: dict[str, Any] | None = None


def clip_shape(
    layout: str, frames: int, height: int, width: int | None = None, clips: int = 1
) -> tuple[int, ...]:
    """Shape of a model's input; square if no width is given."""
    width = height if width is None else width
    return (clips, 3, frames, height, width) if layout == "NCTHW" else (clips, frames, 3, height, width)


def reference_clip(layout: str, given: Input, seed: int = REFERENCE_SEED) -> Tensor:
    """The clip whose logits a manifest records; other seeds give other clips of noise."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(clip_shape(layout, given.frames, given.height, given.width), generator=generator)


def save_model_file(network: nn.Module, description: Description, path: Path) -> dict[str, Any]:
    """
    Scripts a network in evaluation mode and float32, and saves it with its manifest.

    The network's class has a `layout`, and optionally a `cam_layer` and the exported methods `features` and
    `head`. Raises ArithmeticError if the script's logits differ from the network's. Returns the manifest.
    """
    network = network.float().eval().requires_grad_(False)
    script = torch.jit.script(network)
    clip = reference_clip(str(network.layout), description.input)
    with torch.no_grad():
        compare(script(clip)[0], network(clip)[0])
    if description.cam_layer is None:
        description = replace(description, cam_layer=getattr(network, "cam_layer", None))
    return write_model_file(script, description, str(network.layout), path)


def write_model_file(
    script: torch.jit.ScriptModule, description: Description, layout: str, path: Path
) -> dict[str, Any]:
    """Saves a script with its manifest, and records its answer to the reference clip. Returns the manifest."""
    with torch.no_grad():
        logits = script(reference_clip(layout, description.input))[0].float()
    manifest = manifest_of(script, description, layout, logits)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under another name until it is whole: a reader never sees half a file.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        torch.jit.save(
            script,
            str(unfinished),
            _extra_files={"fep.json": json.dumps(manifest, indent=2, allow_nan=False)},
        )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def manifest_of(
    script: torch.jit.ScriptModule, description: Description, layout: str, logits: Tensor
) -> dict[str, Any]:
    further = {
        "camLayer": description.cam_layer,
        "tokens": description.tokens and asdict(description.tokens),
        "licence": description.licence,
        "origin": description.origin,
    }
    return {
        "schemaVersion": 1,
        "name": description.name,
        "architecture": description.architecture,
        "input": {"layout": layout, **present(asdict(description.input))},
        "output": {"classes": description.classes, "activation": description.activation},
        "methods": [name for name in ("features", "head") if script._c._has_method(name)],
        "reference": {"seed": REFERENCE_SEED, "logits": [float(f"{float(value):.7g}") for value in logits]},
        **present(further),
    }


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


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
