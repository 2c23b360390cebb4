"""A temporal shift network for small clips: a 2-D residual network that sees time by shifting channels.

Before each residual branch, a share of the channels moves one frame ahead and an equal share one frame back
(Lin et al., "TSM: Temporal Shift Module for Efficient Video Understanding", 2019). The logits of a clip are
the mean of its frames' logits.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class TemporalShift(nn.Module):
    """Moves 1/share of the channels one frame ahead and 1/share one frame back; keeps the shape N·T×C×H×W.

    Frames without a neighbour get zeros. The result is concatenated from slices and nothing is written in
    place, so that autograd and TorchScript see a plain function of the input.
    """

    def __init__(self, frames: int, share: int) -> None:
        super().__init__()
        self.frames = frames
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        _, channels, height, width = x.shape
        moved = channels // self.share
        clips = x.reshape(-1, self.frames, channels, height, width)
        ahead = clips[:, :, :moved]
        back = clips[:, :, moved : 2 * moved]
        still = clips[:, :, 2 * moved :]
        ahead = torch.cat((torch.zeros_like(ahead[:, :1]), ahead[:, :-1]), dim=1)
        back = torch.cat((back[:, 1:], torch.zeros_like(back[:, :1])), dim=1)
        return torch.cat((ahead, back, still), dim=2).reshape(-1, channels, height, width)


class ShiftBlock(nn.Module):
    """Two 3×3 convolutions after a temporal shift, and a shortcut that is not shifted."""

    def __init__(self, inputs: int, outputs: int, frames: int, share: int, stride: int = 1) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            TemporalShift(frames, share),
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.relu = nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if inputs != outputs or stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.branch(x) + self.shortcut(x))


class TSMMini(nn.Module):
    """Clips N×T×3×H×W to logits N×classes; the last feature map is N×64×T×H/8×W/8."""

    layout = "NTCHW"
    cam_layer = "blocks"

    def __init__(
        self,
        classes: int,
        frames: int = 16,
        widths: tuple[int, int, int] = (16, 32, 64),
        share: int = 4,
    ) -> None:
        super().__init__()
        stem, first, second = widths
        self.frames = frames
        self.stem = nn.Sequential(
            nn.Conv2d(3, stem, 5, 2, 2, bias=False),
            nn.BatchNorm2d(stem),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(
            ShiftBlock(stem, first, frames, share, stride=2),
            ShiftBlock(first, second, frames, share, stride=2),
            ShiftBlock(second, second, frames, share),
            ShiftBlock(second, second, frames, share),
            ShiftBlock(second, second, frames, share),
        )
        self.classifier = nn.Linear(second, classes)

    @torch.jit.export
    def features(self, x: Tensor) -> Tensor:
        """The last feature map, N×C×T×H'×W'."""
        clips, frames, channels, height, width = x.shape
        pictures = x.reshape(clips * frames, channels, height, width)
        maps = self.blocks(self.stem(pictures.contiguous(memory_format=torch.channels_last)))
        return maps.reshape(clips, frames, maps.size(1), maps.size(2), maps.size(3)).transpose(1, 2)

    @torch.jit.export
    def head(self, features: Tensor) -> Tensor:
        """Logits from the last feature map: the mean of every frame's logits."""
        frames = self.classifier(features.mean(dim=[3, 4]).transpose(1, 2))
        return frames.mean(dim=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
