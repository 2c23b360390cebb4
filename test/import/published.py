"""What is known of the published releases: their tensors' names and shapes, and what their own code answers.

`layouts/<architecture>-<release>.txt` lists a checkpoint's tensors, one a line, as the release's own code
makes them; the first line says which code. `logits.json` holds what that code answered to `clip()` with the
weights of `weights()`.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class PublishedLayout:
    """Shapes of a checkpoint's tensors by name."""

    architecture: str
    release: str
    shapes: dict[str, tuple[int, ...]]


def read_layout(path: Path) -> PublishedLayout:
    architecture, release = path.stem.split("-")
    lines = [
        line.split() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    shapes = {name: tuple(map(int, sizes.split("x"))) for name, sizes in lines}
    return PublishedLayout(architecture, release, shapes)


LAYOUTS = {path.stem: read_layout(path) for path in sorted((FOLDER / "layouts").glob("*.txt"))}

LOGITS: dict[str, dict] = (
    json.loads((FOLDER / "logits.json").read_text()) if (FOLDER / "logits.json").exists() else {}
)


def weights(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """Weights that depend on nothing but a tensor's name and shape."""
    return {name: weight(name.removeprefix("module."), tuple(shape)) for name, shape in shapes.items()}


def weight(name: str, shape: tuple[int, ...]) -> Tensor:
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    drawn = torch.randn(shape, generator=generator)
    if len(shape) > 1:
        return drawn * math.sqrt(1 / math.prod(shape[1:]))
    if name.endswith("running_var"):
        return 1 + 0.2 * drawn.abs()
    return 0.1 * drawn + (1 if name.endswith("weight") else 0)


def clip(shape: tuple[int, ...]) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(11))
