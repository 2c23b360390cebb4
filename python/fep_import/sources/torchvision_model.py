"""torchvision.models.video: R3D, MC3, R(2+1)D, S3D, MViT, Swin3D, with the transforms of their weights."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import torch

from ..failure import ImportFailure
from ..found import Found, asked_for, normalization
from ..libraries import admit_torchvision, require
from ..model_file import Input, reference_clip
from ..nearest import nearest
from ..pooling import fit_pooling
from ..weights import class_count, fill

#: Videos have about 30 frames a second; the weights were evaluated at fewer.
VIDEO_RATE = 30

#: Where MViT, Swin and the others keep the layer that makes the logits.
LAST_LAYERS = {"mvit": "head.1", "swin3d": "head", "s3d": "classifier.1"}


def find(name: str, options: argparse.Namespace) -> Found:
    admit_torchvision()
    models = require("torchvision.models")
    known = models.list_models(module=require("torchvision.models.video"))
    if name not in known:
        raise ImportFailure(
            f"torchvision has no video model {name}.", f"{nearest(name, known)}It has {', '.join(known)}."
        )
    published = models.get_model_weights(name).DEFAULT
    given = asked_for(input_of(published), options)
    last = next((layer for prefix, layer in LAST_LAYERS.items() if name.startswith(prefix)), "fc")
    classes = class_count(options, last, len(published.meta["categories"]))
    with mvit_of(given) if name.startswith("mvit") else nullcontext():
        network = models.get_model(name, weights=None, num_classes=classes).eval()
    clip = reference_clip("NCTHW", given)
    if options.frames or options.size:
        fit_pooling(network, clip)
    weights = fill(
        network,
        clip,
        options,
        f"torchvision's {name}",
        lambda: fetch(published, options),
    )
    names = list(published.meta["categories"])
    return Found(
        network,
        "NCTHW",
        given,
        name=name,
        architecture=name,
        classes=names if len(names) == classes and not options.class_count else [],
        libraries=("torchvision",),
        weights=weights or ([] if options.random_init else [cached(published)]),
    )


@contextmanager
def mvit_of(given: Input) -> Iterator[None]:
    """Within it, torchvision builds MViT, which has positions for one size of clips, for this one."""
    module = require("torchvision.models.video.mvit", "torchvision")
    original = module._mvit
    sizes = {"spatial_size": (given.height, given.width), "temporal_size": given.frames}
    module._mvit = lambda *values, **named: original(*values, **{**named, **sizes})
    try:
        yield
    finally:
        module._mvit = original


def input_of(published: Any) -> Input:
    """The evaluation's transforms, and its clip: `frame_rate` and `clip_len` are in the weights' description."""
    transforms = published.transforms()
    text = published.meta["_docs"]
    rate = float(re.search(r"frame_rate=([\d.]+)", text)[1])
    height, width = transforms.crop_size
    return Input(
        frames=int(re.search(r"clip_len=(\d+)", text)[1]),
        height=height,
        width=width,
        sampling={"type": "dense", "stride": round(VIDEO_RATE / rate)},
        resize={**target(transforms.resize_size), "antialias": False},
        **normalization(transforms.mean, transforms.std),
    )


def target(size: list[int]) -> dict[str, Any]:
    if len(size) == 1:
        return {"mode": "short-side", "size": size[0]}
    return {"mode": "stretch", "height": size[0], "width": size[1]}


def cached(published: Any) -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / published.url.rpartition("/")[2]


def fetch(published: Any, options: argparse.Namespace) -> dict[str, torch.Tensor]:
    """The published weights, out of torch's own cache, or from where torchvision has them."""
    if not cached(published).is_file() and not options.download:
        raise ImportFailure(
            f"The weights {cached(published).name} are not on this machine.",
            "Give their file with --weights, let torchvision fetch them with --download, or take --random-init "
            "to try without.",
        )
    try:
        return published.get_state_dict(progress=False, check_hash=True)
    except Exception as error:  # of the network, of the disk
        raise ImportFailure(
            f"torchvision could not get its weights {published.url}: {error}",
            "Give their file with --weights.",
        ) from error
