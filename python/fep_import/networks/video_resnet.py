"""Residual networks over space and time: R3D, MC3 and R(2+1)D.

Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action Recognition", 2018. A convolution of a
block is a full 3×3×3 one, one over space only, or one over space and one over time with batch norm and ReLU
between them. Modules are named as in torchvision's `VideoResNet`, so that `layer4` is what users expect.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

WIDTHS = (64, 128, 256, 512)


@dataclass(frozen=True)
class Variant:
    """What distinguishes the networks of this family."""

    #: Blocks of each stage.
    blocks: tuple[int, int, int, int]
    #: Convolutions of each stage: `whole`, `space` or `factorised`.
    convolutions: tuple[str, str, str, str]
    #: Channels between the two halves of the stem; None if it is a single convolution.
    stem_middle: int | None = None
    #: Whether a max pooling over space follows the stem.
    pooled_stem: bool = False
    #: Whether both convolutions of a block have the middle width of the first, or each its own.
    shared_middle: bool = True
    #: Whether a shortcut that changes the size is factorised as well.
    factorised_shortcut: bool = False
    #: Epsilon of the batch norms after a convolution; those inside one have PyTorch's default.
    eps: float = 1e-5


FACTORISED = ("factorised",) * 4

R3D_18 = Variant((2, 2, 2, 2), ("whole",) * 4)
MC3_18 = Variant((2, 2, 2, 2), ("whole", "space", "space", "space"))
R2PLUS1D_18 = Variant((2, 2, 2, 2), FACTORISED, stem_middle=45)
#: As in MMAction2: a pooled stem, eps 1e-3 in the outer batch norms, factorised shortcuts.
R2PLUS1D_34 = Variant(
    (3, 4, 6, 3),
    FACTORISED,
    stem_middle=83,
    pooled_stem=True,
    shared_middle=False,
    factorised_shortcut=True,
    eps=1e-3,
)


def middle_width(inputs: int, outputs: int, kernel: int = 3) -> int:
    """The width between space and time at which the two have as many weights as one 3×k×k convolution."""
    area = kernel * kernel
    return 3 * area * inputs * outputs // (area * inputs + 3 * outputs)


def factorised(inputs: int, middle: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    """A convolution over space, batch norm, ReLU, a convolution over time; kernel 1 or 3."""
    around = kernel // 2
    return nn.Sequential(
        nn.Conv3d(inputs, middle, (1, kernel, kernel), (1, stride, stride), (0, around, around), bias=False),
        nn.BatchNorm3d(middle),
        nn.ReLU(),
        nn.Conv3d(middle, outputs, (kernel, 1, 1), (stride, 1, 1), (around, 0, 0), bias=False),
    )


def convolution(kind: str, inputs: int, middle: int, outputs: int, stride: int) -> nn.Module:
    if kind == "factorised":
        return factorised(inputs, middle, outputs, 3, stride)
    if kind == "whole":
        return nn.Conv3d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Conv3d(inputs, outputs, (1, 3, 3), (1, stride, stride), (0, 1, 1), bias=False)


def stem(variant: Variant) -> nn.Sequential:
    """Outputs 64 channels at half the height and width."""
    norm = nn.BatchNorm3d(WIDTHS[0], variant.eps)
    if variant.stem_middle is None:
        return nn.Sequential(
            nn.Conv3d(3, WIDTHS[0], (3, 7, 7), (1, 2, 2), (1, 3, 3), bias=False), norm, nn.ReLU()
        )
    return nn.Sequential(
        nn.Conv3d(3, variant.stem_middle, (1, 7, 7), (1, 2, 2), (0, 3, 3), bias=False),
        nn.BatchNorm3d(variant.stem_middle),
        nn.ReLU(),
        nn.Conv3d(variant.stem_middle, WIDTHS[0], (3, 1, 1), 1, (1, 0, 0), bias=False),
        norm,
        nn.ReLU(),
    )


class Block(nn.Module):
    """Two convolutions and a shortcut."""

    def __init__(self, variant: Variant, kind: str, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        first = middle_width(inputs, outputs)
        second = first if variant.shared_middle else middle_width(outputs, outputs)
        self.conv1 = nn.Sequential(
            convolution(kind, inputs, first, outputs, stride),
            nn.BatchNorm3d(outputs, variant.eps),
            nn.ReLU(),
        )
        self.conv2 = nn.Sequential(
            convolution(kind, outputs, second, outputs, 1), nn.BatchNorm3d(outputs, variant.eps)
        )
        self.relu = nn.ReLU()
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                shortcut(variant, kind, inputs, outputs, stride), nn.BatchNorm3d(outputs, variant.eps)
            )

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.conv2(self.conv1(x)) + self.downsample(x))


def shortcut(variant: Variant, kind: str, inputs: int, outputs: int, stride: int) -> nn.Module:
    """A 1×1×1 convolution with the strides of the block's first one."""
    if variant.factorised_shortcut:
        return factorised(inputs, middle_width(inputs, outputs, 1), outputs, 1, stride)
    time_stride = 1 if kind == "space" else stride
    return nn.Conv3d(inputs, outputs, 1, (time_stride, stride, stride), bias=False)


class VideoResNet(nn.Module):
    """Clips N×3×T×H×W to logits N×classes; the last feature map has 512 channels."""

    layout = "NCTHW"
    cam_layer = "layer4"

    def __init__(self, variant: Variant, classes: int) -> None:
        super().__init__()
        self.stem = stem(variant)
        pool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
        self.pool: nn.Module = pool if variant.pooled_stem else nn.Identity()
        self.layer1 = self.stage(variant, 0, WIDTHS[0])
        self.layer2 = self.stage(variant, 1, WIDTHS[0])
        self.layer3 = self.stage(variant, 2, WIDTHS[1])
        self.layer4 = self.stage(variant, 3, WIDTHS[2])
        self.fc = nn.Linear(WIDTHS[3], classes)

    @staticmethod
    def stage(variant: Variant, index: int, inputs: int) -> nn.Sequential:
        kind, outputs = variant.convolutions[index], WIDTHS[index]
        first = Block(variant, kind, inputs, outputs, 1 if index == 0 else 2)
        others = [Block(variant, kind, outputs, outputs, 1) for _ in range(variant.blocks[index] - 1)]
        return nn.Sequential(first, *others)

    @torch.jit.export
    def features(self, x: Tensor) -> Tensor:
        """The last feature map, N×512×T'×H'×W'."""
        return self.layer4(self.layer3(self.layer2(self.layer1(self.pool(self.stem(x))))))

    @torch.jit.export
    def head(self, features: Tensor) -> Tensor:
        """Logits from the last feature map."""
        return self.fc(features.mean(dim=[2, 3, 4]))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
