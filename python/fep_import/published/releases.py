"""The published releases: their network, the names of its tensors, and the input it expects.

docs/models.md gives the source of each fact and the file of each release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import nn

from ..model_file import Input
from ..networks.cnn_lstm import CNNLSTM
from ..networks.i3d import I3D
from ..networks.tsm import TSMResNet50
from ..networks.video_resnet import MC3_18, R2PLUS1D_18, R2PLUS1D_34, R3D_18, Variant, VideoResNet
from ..networks.video_transformer import VideoTransformer
from .layouts import MIT_TSM, MMACTION2_R2PLUS1D, MMACTION2_TSM, PIERGIAJ_I3D, TORCHVISION, Layout


@dataclass(frozen=True)
class Release:
    """A published form of a network."""

    name: str
    #: The architecture's usual name.
    architecture: str
    #: Builds the network for a number of classes and an input.
    build: Callable[[int, Input], nn.Module]
    layout: Layout
    input: Input
    #: Number of classes of the published weights.
    classes: int = 400
    #: The last layers to choose from: by name, the release's name and the number of classes.
    heads: dict[str, tuple[str, int]] = field(default_factory=dict)
    activation: str = "logits"
    #: Whether weights were published; if not, only random weights are possible.
    published: bool = True


IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
KINETICS = {"mean": (0.43216, 0.394666, 0.37645), "std": (0.22803, 0.22145, 0.216989)}
SHORT_SIDE_256 = {"mode": "short-side", "size": 256}
#: With OpenCV, which does not antialias.
SHORT_SIDE_256_CV2 = {**SHORT_SIDE_256, "antialias": False}
UNIFORM = {"type": "uniform"}


def dense(stride: int) -> dict[str, object]:
    return {"type": "dense", "stride": stride}


def video_resnet(variant: Variant) -> Callable[[int, Input], nn.Module]:
    return lambda classes, _: VideoResNet(variant, classes)


def i3d(classes: int, given: Input) -> I3D:
    if given.frames < 9:
        raise ValueError(
            "I3D needs 9 frames or more: it averages pairs of feature maps, one map for 8 frames"
        )
    return I3D(classes)


def torchvision(architecture: str, variant: Variant) -> Release:
    """16 frames at 15 a second, stretched to 128×171 without antialiasing, the central 112×112."""
    resize = {"mode": "stretch", "height": 128, "width": 171, "antialias": False}
    given = Input(16, 112, 112, dense(2), resize, **KINETICS)
    return Release("torchvision", architecture, video_resnet(variant), TORCHVISION, given)


def tsm_r50(
    name: str,
    layout: Layout,
    heads: dict[str, tuple[str, int]] | None = None,
    resize: dict[str, object] = SHORT_SIDE_256,
) -> Release:
    """8 frames, one from the middle of each segment, short side scaled to 256, the central 224×224."""
    return Release(
        name,
        "TSM-ResNet-50",
        lambda classes, given: TSMResNet50(classes, given.frames),
        layout,
        Input(8, 224, 224, UNIFORM, resize, **IMAGENET),
        heads=heads or {},
    )


#: The releases of each architecture, the most common first.
RELEASES: dict[str, list[Release]] = {
    "r2plus1d_18": [torchvision("R(2+1)D-18", R2PLUS1D_18)],
    "r2plus1d_34": [
        Release(
            "mmaction2",
            "R(2+1)D-34",
            video_resnet(R2PLUS1D_34),
            MMACTION2_R2PLUS1D,
            Input(8, 224, 224, dense(8), SHORT_SIDE_256_CV2, **IMAGENET),
        )
    ],
    "mc3_18": [torchvision("MC3-18", MC3_18)],
    "r3d_18": [torchvision("R3D-18", R3D_18)],
    "tsm_r50": [
        tsm_r50("mit", MIT_TSM),
        tsm_r50("mmaction2", MMACTION2_TSM, resize=SHORT_SIDE_256_CV2),
        tsm_r50("epic", MIT_TSM, {"verb": ("fc_verb", 125), "noun": ("fc_noun", 352)}),
    ],
    "i3d": [
        Release(
            "piergiaj",
            "I3D",
            i3d,
            PIERGIAJ_I3D,
            Input(64, 224, 224, dense(1), SHORT_SIDE_256, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)),
        )
    ],
    "cnn_lstm": [
        Release(
            "random",
            "CNN+LSTM",
            lambda classes, _: CNNLSTM(classes),
            Layout(),
            Input(16, 112, 112, UNIFORM, {"mode": "stretch"}, (0, 0, 0), (1, 1, 1), channelOrder="BGR"),
            activation="softmax",
            published=False,
        )
    ],
    "video_transformer": [
        Release(
            "random",
            "video transformer",
            lambda classes, given: VideoTransformer(classes, given.frames, given.height),
            Layout(),
            Input(16, 112, 112, UNIFORM, {"mode": "stretch"}, **IMAGENET),
            published=False,
        )
    ],
}
