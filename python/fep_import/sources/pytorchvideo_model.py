"""pytorchvideo.models.hub: X3D, Slow, SlowFast, I3D, C2D, CSN, R(2+1)D and MViT, as trained on Kinetics-400."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..failure import ImportFailure
from ..found import Found, asked_for
from ..libraries import admit_torchvision, require
from ..model_file import Input, reference_clip
from ..nearest import nearest
from ..pooling import fit_pooling
from ..weights import class_count, fill

#: Every how many frames of the fast pathway there is one of the slow.
ALPHA = 4


@dataclass(frozen=True)
class Trained:
    """How a model of the hub was evaluated."""

    frames: int
    stride: int
    #: Of the central crop; X3D was evaluated on larger ones than its pooling was made for.
    size: int
    short_side: int = 256
    pathways: int = 1


#: Frames × stride of the model zoo's table, sizes of the hub's examples; of X3D-L those of its paper.
MODELS = {
    "x3d_xs": Trained(4, 12, 182, 182),
    "x3d_s": Trained(13, 6, 182, 182),
    "x3d_m": Trained(16, 5, 256),
    "x3d_l": Trained(16, 5, 312, 356),
    "efficient_x3d_xs": Trained(4, 12, 182, 182),
    "efficient_x3d_s": Trained(13, 6, 182, 182),
    "slow_r50": Trained(8, 8, 256),
    "c2d_r50": Trained(8, 8, 256),
    "i3d_r50": Trained(8, 8, 256),
    "slowfast_r50": Trained(32, 2, 256, pathways=2),
    "slowfast_r101": Trained(32, 2, 256, pathways=2),
    "slowfast_16x8_r101_50_50": Trained(64, 2, 256, pathways=2),
    "csn_r101": Trained(32, 2, 256),
    "r2plus1d_r50": Trained(16, 4, 256),
    "mvit_base_16x4": Trained(16, 4, 224),
    "mvit_base_32x3": Trained(32, 3, 224),
}


class TwoPathways(nn.Module):
    """SlowFast from one clip: all frames for the fast pathway, every fourth for the slow one."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, clip: Tensor) -> Tensor:
        frames = clip.shape[2]
        slow = torch.linspace(0, frames - 1, frames // ALPHA, device=clip.device).long()
        return self.network([clip.index_select(2, slow), clip])


def find(name: str, options: argparse.Namespace) -> Found:
    admit_torchvision()
    hub = require("pytorchvideo.models.hub")
    if name not in MODELS:
        raise ImportFailure(
            f"pytorchvideo's hub has no classifier of clips {name}.",
            f"{nearest(name, MODELS)}It has {', '.join(MODELS)}.",
        )
    trained = MODELS[name]
    given = asked_for(input_of(trained), options)
    own = build(hub, name, given, options)
    network = TwoPathways(own) if trained.pathways == 2 else own
    clip = reference_clip("NCTHW", given)
    if options.frames or options.size:
        fit_pooling(network, clip)
    filled = network if options.random_init else own  # random weights are scaled by a pass of the whole
    weights = fill(filled, clip, options, f"pytorchvideo's {name}", lambda: fetch(hub, name, options))
    return Found(
        network,
        "NCTHW",
        given,
        name=name,
        architecture=name,
        libraries=("pytorchvideo", "torchvision"),
        weights=weights,
    )


def input_of(trained: Trained) -> Input:
    return Input(
        trained.frames,
        trained.size,
        trained.size,
        sampling={"type": "dense", "stride": trained.stride},
        resize={"mode": "short-side", "size": trained.short_side, "antialias": False},
        mean=(0.45, 0.45, 0.45),
        std=(0.225, 0.225, 0.225),
    )


def build(hub: Any, name: str, given: Input, options: argparse.Namespace) -> nn.Module:
    """The hub's network, for as many classes as are asked for or as the weights have."""
    if name.startswith("mvit"):
        classes = class_count(options, "head.proj", 400)
        sizes = {"spatial_size": (given.height, given.width), "temporal_size": given.frames}
        return getattr(hub, name)(pretrained=False, head_num_classes=classes, **sizes).eval()
    if name.startswith("efficient_x3d"):
        return getattr(hub, name)(num_classes=class_count(options, "projection.model", 400)).eval()
    last = "blocks.6.proj" if MODELS[name].pathways == 2 else "blocks.5.proj"
    return getattr(hub, name)(pretrained=False, model_num_class=class_count(options, last, 400)).eval()


def fetch(hub: Any, name: str, options: argparse.Namespace) -> dict[str, Tensor]:
    if not options.download:
        raise ImportFailure(
            f"The weights of {name} are needed.",
            "Give their file (.pyth) with --weights, let pytorchvideo fetch them with --download, or take "
            "--random-init to try without.",
        )
    try:
        return getattr(hub, name)(pretrained=True, progress=False).state_dict()
    except Exception as error:  # of the network, of the disk
        raise ImportFailure(
            f"pytorchvideo could not get the weights of {name}: {error}", "Give their file with --weights."
        ) from error
