"""Saves a trained mini model in the format of `python/fep_import/model_file.py`."""

from __future__ import annotations

import sys
from pathlib import Path

from torch import nn

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from fep_import.model_file import Description, Input, clip_shape, load_model_file, save_model_file  # noqa: E402

from clips import CLASSES  # noqa: E402

__all__ = ["clip_shape", "load_archive", "save_archive"]

load_archive = load_model_file


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
    """The model file samples frames uniformly and stretches them to size × size."""
    given = Input(
        frames,
        size,
        size,
        sampling={"type": "uniform"},
        resize={"mode": "stretch"},
        mean=(mean[0], mean[1], mean[2]),
        std=(std[0], std[1], std[2]),
    )
    save_model_file(
        network, Description(name, architecture, given, list(CLASSES), licence="Apache-2.0"), path
    )
