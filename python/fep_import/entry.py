"""How a network is handed a clip: the order of its axes, one or several pathways, and by which arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

#: What model files hold, and the order in which others are made of one of them.
PLAIN_LAYOUTS = ("NCTHW", "NTCHW")
#: Channels last; a batch of frames; frames stacked along the channels, N×(T·3)×H×W.
OTHER_LAYOUTS = ("NTHWC", "TCHW", "stacked")
LAYOUTS = (*PLAIN_LAYOUTS, *OTHER_LAYOUTS)

#: How the pathways are handed over: one tensor, a list, or arguments or entries by place or name.
FORMS = ("clip", "list", "arguments", "keywords", "mapping")


@dataclass(frozen=True)
class Entry:
    """How `forward` takes a clip whose axes are those of a model file."""

    #: One of LAYOUTS.
    layout: str = "NCTHW"
    form: str = "clip"
    #: Of the keywords or of the mapping's entries, in the order of the pathways.
    names: tuple[str, ...] = ()
    #: Every how many frames of the clip each pathway has one.
    strides: tuple[int, ...] = (1,)

    @property
    def plain_layout(self) -> str:
        """The layout of the model file."""
        return self.layout if self.layout in PLAIN_LAYOUTS else "NTCHW"

    @property
    def is_plain(self) -> bool:
        """Whether the network takes the model file's clip itself."""
        return self == Entry(self.plain_layout)

    def __call__(self, network: nn.Module, clip: Tensor) -> Any:
        given = [arranged(self.pathway(clip, stride), self.layout) for stride in self.strides]
        if self.form == "list":
            return network(given)
        if self.form in ("keywords", "mapping"):
            named = dict(zip(self.names, given, strict=True))
            return network(**named) if self.form == "keywords" else network(named)
        return network(*given)

    def pathway(self, clip: Tensor, stride: int) -> Tensor:
        """Every so many frames, evenly spread from the first to the last as SlowFast takes them."""
        if stride == 1:
            return clip
        axis = 2 if self.plain_layout == "NCTHW" else 1
        frames = clip.shape[axis]
        kept = torch.linspace(0, frames - 1, max(1, frames // stride), device=clip.device).long()
        return clip.index_select(axis, kept)

    def __str__(self) -> str:
        pathways = (
            "" if self.strides == (1,) else f", pathways of every {', '.join(map(str, self.strides))} frames"
        )
        names = f" as {', '.join(self.names)}" if self.names else ""
        return f"{self.layout}{names}{pathways}"


def arranged(clip: Tensor, layout: str) -> Tensor:
    """A clip of a model file in a network's order of axes."""
    if layout == "NTHWC":
        return clip.permute(0, 1, 3, 4, 2)
    if layout == "TCHW":
        return clip.flatten(0, 1)
    return clip.flatten(1, 2) if layout == "stacked" else clip
