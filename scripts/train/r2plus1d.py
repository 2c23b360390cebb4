"""R(2+1)D for small clips: residual blocks whose 3-D convolutions are split into space and time.

A (2+1)D convolution is a convolution over space, batch norm, ReLU, and a convolution over time (Tran et al.,
"A Closer Look at Spatiotemporal Convolutions for Action Recognition", 2018).

Tensors between the layers are N×C×T×H×W with the channels innermost in memory. In that order the frames are
a batch of images and each pixel's history is a row of another image, both without a copy, so that two fast
2-D convolutions do the work of one slow 3-D convolution.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def middle_width(inputs: int, outputs: int) -> int:
    """The width between the two halves at which they have about as many weights as one 3×3×3 convolution."""
    return max(16, 27 * inputs * outputs // (9 * inputs + 3 * outputs) // 16 * 16)


class SpaceConv(nn.Module):
    """The same k×k convolution and batch norm on every frame."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        clips, channels, frames, height, width = x.shape
        pictures = x.transpose(1, 2).reshape(clips * frames, channels, height, width)
        y = self.norm(self.conv(pictures.contiguous(memory_format=torch.channels_last)))
        return y.reshape(clips, frames, y.size(1), y.size(2), y.size(3)).transpose(1, 2)


class TimeConv(nn.Module):
    """The same convolution over 3 frames and batch norm at every pixel."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, (3, 1), (stride, 1), (1, 0), bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        clips, channels, frames, height, width = x.shape
        y = self.norm(self.conv(x.reshape(clips, channels, frames, height * width)))
        return y.reshape(clips, y.size(1), y.size(2), height, width)


class FactorisedConv(nn.Sequential):
    """A (2+1)D convolution."""

    def __init__(self, inputs: int, outputs: int, time_stride: int = 1, space_stride: int = 1) -> None:
        middle = middle_width(inputs, outputs)
        super().__init__(
            SpaceConv(inputs, middle, stride=space_stride), nn.ReLU(), TimeConv(middle, outputs, time_stride)
        )


class Shortcut(nn.Module):
    """Maps the input of a block to the size of its output: every stride-th frame, 1×1 convolution."""

    def __init__(self, inputs: int, outputs: int, time_stride: int, space_stride: int) -> None:
        super().__init__()
        self.time_stride = time_stride
        self.project = SpaceConv(inputs, outputs, kernel=1, stride=space_stride)

    def forward(self, x: Tensor) -> Tensor:
        if self.time_stride > 1:
            x = x[:, :, :: self.time_stride]
        return self.project(x)


class ResidualBlock(nn.Module):
    """Two (2+1)D convolutions and a shortcut."""

    def __init__(self, inputs: int, outputs: int, time_stride: int = 1, space_stride: int = 1) -> None:
        super().__init__()
        self.first = FactorisedConv(inputs, outputs, time_stride, space_stride)
        self.second = FactorisedConv(outputs, outputs)
        self.relu = nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if inputs != outputs or time_stride != 1 or space_stride != 1:
            self.shortcut = Shortcut(inputs, outputs, time_stride, space_stride)

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(self.relu(self.first(x)))
        return self.relu(y + self.shortcut(x))


class R2Plus1DMini(nn.Module):
    """Clips N×3×T×H×W to logits N×classes; the last feature map is N×64×T/2×H/8×W/8."""

    layout = "NCTHW"
    cam_layer = "stage3"

    def __init__(self, classes: int, widths: tuple[int, int, int, int] = (16, 32, 48, 64)) -> None:
        super().__init__()
        stem, first, second, third = widths
        self.stem = nn.Sequential(
            SpaceConv(3, stem, kernel=5, stride=2), nn.ReLU(), TimeConv(stem, stem), nn.ReLU()
        )
        self.stage1 = ResidualBlock(stem, first, space_stride=2)
        self.stage2 = ResidualBlock(first, second, time_stride=2, space_stride=2)
        self.stage3 = ResidualBlock(second, third)
        self.classifier = nn.Linear(third, classes)

    @torch.jit.export
    def features(self, x: Tensor) -> Tensor:
        """The last feature map, N×C×T'×H'×W'."""
        return self.stage3(self.stage2(self.stage1(self.stem(x))))

    @torch.jit.export
    def head(self, features: Tensor) -> Tensor:
        """Logits from the last feature map."""
        return self.classifier(features.mean(dim=[2, 3, 4]))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
