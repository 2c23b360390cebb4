"""What a source holds: a network, and what is known of its input and output."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from torch import nn

from .entry import Entry
from .model_file import Input, Tokens


@dataclass
class Found:
    """A network in evaluation mode, and its description."""

    network: nn.Module
    #: Axes of the clips of the model file: `NCTHW` or `NTCHW`.
    layout: str
    input: Input
    name: str
    architecture: str
    #: In the order of the outputs; empty if the source does not name them.
    classes: list[str] = field(default_factory=list)
    #: `logits`, `softmax` or `sigmoid`; None where what the network answers tells.
    activation: str | None = None
    #: Packages that define the network.
    libraries: tuple[str, ...] = ()
    #: The files of its weights; empty for random ones.
    weights: list[Path] = field(default_factory=list)
    #: Where its layers return tokens instead of feature maps.
    tokens: Tokens | None = None
    #: Whether torch.jit.script is tried before a trace, which keeps no branches and no exported methods.
    scriptable: bool = False
    #: How the network is handed a clip, if not as one tensor of this layout.
    entry: Entry | None = None


def at_size(given: Input, size: tuple[int, int] | None) -> Input:
    """An input of other frames, with the resize in proportion: the margin around the crop stays."""
    if size is None or size == (given.height, given.width):
        return given
    height, width = size
    by = max(height / given.height, width / given.width)
    sides = [name for name in ("size", "height", "width") if name in given.resize]
    resize = given.resize | {name: math.ceil(given.resize[name] * by) for name in sides}
    return replace(given, height=height, width=width, resize=resize)


def asked_for(given: Input, options: argparse.Namespace) -> Input:
    """A source's input with the frames and size that are asked for, at which a network is built and tried."""
    given = at_size(given, options.size)
    return replace(given, frames=options.frames) if options.frames else given


def bare_input(frames: int, height: int, width: int) -> Input:
    """Of a network of which nothing but the sizes is known."""
    uniform, stretch = {"type": "uniform"}, {"mode": "stretch"}
    return Input(frames, height, width, uniform, stretch, mean=(0, 0, 0), std=(1, 1, 1))


def normalization(mean: Any, std: Any) -> dict[str, tuple[float, float, float]]:
    """The fields of Input for numbers as libraries keep them: one for all channels, or three."""
    return {"mean": per_channel(mean), "std": per_channel(std)}


def per_channel(values: Any) -> tuple[float, float, float]:
    numbers = [values] * 3 if isinstance(values, (int, float)) else list(values)
    if len(numbers) == 1:
        numbers = numbers * 3
    red, green, blue = (float(number) for number in numbers)
    return red, green, blue
