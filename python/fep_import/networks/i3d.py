"""I3D: the Inception network with its filters inflated over time.

Carreira and Zisserman, "Quo Vadis, Action Recognition? A New Model and the Kinetics Dataset", 2017. It was
trained in TensorFlow, whose SAME padding depends on the size of the input and puts the odd pixel last.
Modules are named as in the PyTorch port of piergiaj/pytorch-i3d.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def pad_same(x: Tensor, kernel: list[int], stride: list[int]) -> Tensor:
    """Zeros around T, H and W, so that a window at every stride yields ⌈size/stride⌉."""
    pads: list[int] = []
    for axis in (2, 1, 0):  # F.pad starts with the last axis
        size = x.size(2 + axis)
        windows = (size + stride[axis] - 1) // stride[axis]
        total = max((windows - 1) * stride[axis] + kernel[axis] - size, 0)
        pads.append(total // 2)
        pads.append(total - total // 2)
    return F.pad(x, pads)


class Unit(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__()
        self.kernel = [kernel] * 3
        self.stride = [stride] * 3
        self.conv3d = nn.Conv3d(inputs, outputs, kernel, stride, bias=False)
        self.bn = nn.BatchNorm3d(outputs, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv3d(pad_same(x, self.kernel, self.stride))))


class Pool(nn.Module):
    """Max pooling over an input padded with zeros."""

    def __init__(self, kernel: list[int], stride: list[int]) -> None:
        super().__init__()
        self.kernel = kernel
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return F.max_pool3d(pad_same(x, self.kernel, self.stride), self.kernel, self.stride)


class Mixed(nn.Module):
    """Four branches side by side; `widths` are their outputs and, in the middle two, the width in between."""

    def __init__(self, inputs: int, widths: tuple[int, int, int, int, int, int]) -> None:
        super().__init__()
        self.b0 = Unit(inputs, widths[0])
        self.b1a = Unit(inputs, widths[1])
        self.b1b = Unit(widths[1], widths[2], 3)
        self.b2a = Unit(inputs, widths[3])
        self.b2b = Unit(widths[3], widths[4], 3)
        self.b3a = Pool([3, 3, 3], [1, 1, 1])
        self.b3b = Unit(inputs, widths[5])

    def forward(self, x: Tensor) -> Tensor:
        branches = (self.b0(x), self.b1b(self.b1a(x)), self.b2b(self.b2a(x)), self.b3b(self.b3a(x)))
        return torch.cat(branches, dim=1)


class Logits(nn.Module):
    """A 1×1×1 convolution with a bias."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.conv3d = nn.Conv3d(inputs, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv3d(x)


class I3D(nn.Module):
    """Clips N×3×T×H×W, T at least 9, to logits N×classes; the last feature map is N×1024×T/8×H/32×W/32."""

    layout = "NCTHW"
    cam_layer = "Mixed_5c"

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.Conv3d_1a_7x7 = Unit(3, 64, 7, 2)
        self.MaxPool3d_2a_3x3 = Pool([1, 3, 3], [1, 2, 2])
        self.Conv3d_2b_1x1 = Unit(64, 64)
        self.Conv3d_2c_3x3 = Unit(64, 192, 3)
        self.MaxPool3d_3a_3x3 = Pool([1, 3, 3], [1, 2, 2])
        self.Mixed_3b = Mixed(192, (64, 96, 128, 16, 32, 32))
        self.Mixed_3c = Mixed(256, (128, 128, 192, 32, 96, 64))
        self.MaxPool3d_4a_3x3 = Pool([3, 3, 3], [2, 2, 2])
        self.Mixed_4b = Mixed(480, (192, 96, 208, 16, 48, 64))
        self.Mixed_4c = Mixed(512, (160, 112, 224, 24, 64, 64))
        self.Mixed_4d = Mixed(512, (128, 128, 256, 24, 64, 64))
        self.Mixed_4e = Mixed(512, (112, 144, 288, 32, 64, 64))
        self.Mixed_4f = Mixed(528, (256, 160, 320, 32, 128, 128))
        self.MaxPool3d_5a_2x2 = Pool([2, 2, 2], [2, 2, 2])
        self.Mixed_5b = Mixed(832, (256, 160, 320, 32, 128, 128))
        self.Mixed_5c = Mixed(832, (384, 192, 384, 48, 128, 128))
        self.logits = Logits(1024, classes)

    @torch.jit.export
    def features(self, x: Tensor) -> Tensor:
        """The last feature map, N×1024×T'×H'×W'."""
        y = self.Conv3d_2b_1x1(self.MaxPool3d_2a_3x3(self.Conv3d_1a_7x7(x)))
        y = self.Mixed_3b(self.MaxPool3d_3a_3x3(self.Conv3d_2c_3x3(y)))
        y = self.Mixed_4b(self.MaxPool3d_4a_3x3(self.Mixed_3c(y)))
        y = self.Mixed_4f(self.Mixed_4e(self.Mixed_4d(self.Mixed_4c(y))))
        return self.Mixed_5c(self.Mixed_5b(self.MaxPool3d_5a_2x2(y)))

    @torch.jit.export
    def head(self, features: Tensor) -> Tensor:
        """Logits from the last feature map, averaged over space and over pairs of neighbours in time."""
        pairs = F.avg_pool3d(features.mean(dim=[3, 4], keepdim=True), [2, 1, 1], 1)
        return self.logits(pairs).mean(dim=[2, 3, 4])

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
