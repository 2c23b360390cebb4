"""The sixteen symmetries of the classes: mirror images, the swap of the axes, and time reversed.

The set of classes is closed under them. So one generated clip teaches several motions, and a network that
sees the same actor and scene under several labels cannot rely on appearance.
"""

from __future__ import annotations

import torch
from torch import Tensor

from clips import CLASSES

#: The class after a symmetry; classes that are not listed stay the same.
BACKWARDS = {
    "left": "right",
    "right": "left",
    "up": "down",
    "down": "up",
    "clockwise": "counter-clockwise",
    "counter-clockwise": "clockwise",
    "grow": "shrink",
    "shrink": "grow",
}
MIRRORED = {
    "left": "right",
    "right": "left",
    "clockwise": "counter-clockwise",
    "counter-clockwise": "clockwise",
}
UPSIDE_DOWN = {
    "up": "down",
    "down": "up",
    "clockwise": "counter-clockwise",
    "counter-clockwise": "clockwise",
}
TRANSPOSED = {
    "left": "up",
    "up": "left",
    "right": "down",
    "down": "right",
    "clockwise": "counter-clockwise",
    "counter-clockwise": "clockwise",
    "sway": "bounce",
    "bounce": "sway",
}

COUNT = 16


def relabel(label: Tensor, change: dict[str, str]) -> Tensor:
    """The labels after a symmetry."""
    table = torch.tensor([CLASSES.index(change.get(name, name)) for name in CLASSES])
    return table[label]


def apply(clips: Tensor, label: Tensor, which: int) -> tuple[Tensor, Tensor]:
    """Applies symmetry 0 … 15 to clips N×3×T×H×W and their labels; 0 is the identity."""
    if which & 1:
        clips, label = clips.flip(2), relabel(label, BACKWARDS)
    if which & 2:
        clips, label = clips.flip(4), relabel(label, MIRRORED)
    if which & 4:
        clips, label = clips.flip(3), relabel(label, UPSIDE_DOWN)
    if which & 8:
        clips, label = clips.transpose(3, 4), relabel(label, TRANSPOSED)
    return clips, label


def several(clips: Tensor, label: Tensor, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Every clip under `count` different symmetries, concatenated along the batch."""
    chosen = torch.randperm(COUNT, generator=generator)[:count].tolist()
    pairs = [apply(clips, label, which) for which in chosen]
    return torch.cat([pair[0] for pair in pairs]), torch.cat([pair[1] for pair in pairs])
