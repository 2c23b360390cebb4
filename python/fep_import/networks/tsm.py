"""A temporal shift network: ResNet-50 on every frame, whose blocks see time by shifting channels.

Lin et al., "TSM: Temporal Shift Module for Efficient Video Understanding", 2019, in its `blockres` form: the
shift precedes the first convolution of every residual branch; the shortcut is not shifted. Modules are named
as in torchvision's `resnet50`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

#: One eighth of the channels is shifted each way.
SHARE = 8
EXPANSION = 4


class TemporalShift(nn.Module):
    """
    Keeps the shape N·T×C×H×W: the first C/8 channels come from the next frame, the second C/8 from the
    previous one.

    Frames without that neighbour get zeros. The result is concatenated from slices and nothing is written in
    place, so that autograd and TorchScript see a plain function of the input.
    """

    def __init__(self, frames: int, share: int = SHARE) -> None:
        super().__init__()
        self.frames = frames
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        _, channels, height, width = x.shape
        moved = channels // self.share
        clips = x.reshape(-1, self.frames, channels, height, width)
        next_ones, before, still = clips.split([moved, moved, channels - 2 * moved], dim=2)
        nothing = torch.zeros_like(next_ones[:, :1])
        next_ones = torch.cat((next_ones[:, 1:], nothing), dim=1)
        before = torch.cat((nothing, before[:, :-1]), dim=1)
        return torch.cat((next_ones, before, still), dim=2).reshape(-1, channels, height, width)


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions after a temporal shift, and a shortcut."""

    def __init__(self, inputs: int, width: int, frames: int, stride: int) -> None:
        super().__init__()
        outputs = width * EXPANSION
        self.shift = TemporalShift(frames)
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(self.shift(x))))
        y = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(y)))))
        return self.relu(y + self.downsample(x))


class TSMResNet50(nn.Module):
    """Clips N×T×3×H×W to logits N×classes; the last feature map is N×2048×T×H/32×W/32."""

    layout = "NTCHW"
    cam_layer = "layer4"

    def __init__(self, classes: int, frames: int = 8) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = self.stage(3, 64, 64, frames, stride=1)
        self.layer2 = self.stage(4, 256, 128, frames)
        self.layer3 = self.stage(6, 512, 256, frames)
        self.layer4 = self.stage(3, 1024, 512, frames)
        self.fc = nn.Linear(2048, classes)

    @staticmethod
    def stage(blocks: int, inputs: int, width: int, frames: int, stride: int = 2) -> nn.Sequential:
        first = Bottleneck(inputs, width, frames, stride)
        others = [Bottleneck(width * EXPANSION, width, frames, 1) for _ in range(blocks - 1)]
        return nn.Sequential(first, *others)

    @torch.jit.export
    def features(self, x: Tensor) -> Tensor:
        """The last feature map, N×2048×T×H'×W'."""
        clips, frames, channels, height, width = x.shape
        y = self.maxpool(self.relu(self.bn1(self.conv1(x.reshape(-1, channels, height, width)))))
        y = self.layer4(self.layer3(self.layer2(self.layer1(y))))
        return y.reshape(clips, frames, y.size(1), y.size(2), y.size(3)).transpose(1, 2)

    @torch.jit.export
    def head(self, features: Tensor) -> Tensor:
        """Logits from the last feature map: the mean of every frame's logits."""
        return self.fc(features.mean(dim=[3, 4]).transpose(1, 2)).mean(dim=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
