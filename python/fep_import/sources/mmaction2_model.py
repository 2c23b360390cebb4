"""A recogniser of MMAction2: its configuration, and its checkpoint as --weights."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import Tensor, nn

from ..checkpoint import State
from ..failure import ImportFailure
from ..found import Found, normalization
from ..libraries import admit_torchvision, require
from ..model_file import Input, reference_clip
from ..published.releases import RELEASES
from ..weights import fill
from . import released

#: The steps of a test pipeline that say which frames are seen.
SAMPLERS = ("SampleFrames", "UniformSample", "UniformSampleFrames", "DenseSampleFrames")
CROPS = ("CenterCrop", "ThreeCrop", "TenCrop")


class Logits(nn.Module):
    """Clips N×C×T×H×W (3-D networks) or N×T×C×H×W (2-D ones) to logits."""

    def __init__(self, recognizer: nn.Module, over_frames: bool) -> None:
        super().__init__()
        self.recognizer = recognizer
        self.over_frames = over_frames

    def forward(self, clip: Tensor) -> Tensor:
        # MMAction2's second axis counts the frames of 2-D networks, and the clips of a video for 3-D ones.
        inputs = clip if self.over_frames else clip.unsqueeze(1)
        return self.recognizer.extract_feat(inputs, stage="head")[0]


def find(source: str, options: argparse.Namespace) -> Found:
    path = configuration(source, options)
    admit_torchvision()
    admit_incomplete_wheel()
    try:
        apis = require("mmaction.apis", "mmaction2")
    except ImportFailure as missing:
        return without_library(missing, options)
    config = require("mmengine").Config.fromfile(str(path))
    over_frames = config.model.type == "Recognizer2D"
    given = input_of(config, over_frames)
    layout = "NTCHW" if over_frames else "NCTHW"
    recognizer = apis.init_recognizer(config, None, device="cpu").eval()
    network = Logits(recognizer, over_frames)
    filled = network if options.random_init else recognizer
    weights = fill(filled, reference_clip(layout, given), options, path.name, refuse)
    return Found(
        network,
        layout,
        given,
        name=path.stem,
        architecture=f"{type(recognizer.backbone).__name__} (MMAction2)",
        libraries=("mmaction2", "mmengine"),
        weights=weights,
    )


def refuse() -> State:
    """A configuration has no weights of its own."""
    raise ImportFailure(
        "The checkpoint is missing.", "Add --weights FILE.pth, or --random-init to try without."
    )


def admit_incomplete_wheel() -> None:
    """MMAction2 1.2.0 on the package index lacks the folder of one localiser, and does not load without it."""
    installed = importlib.util.find_spec("mmaction")
    if installed is None or (Path(installed.origin).parent / "models" / "localizers" / "drn").is_dir():
        return
    folder = "mmaction.models.localizers.drn"
    absent = ModuleType(f"{folder}.drn")
    absent.DRN = type("DRN", (), {})  # type: ignore[attr-defined]
    sys.modules.setdefault(folder, ModuleType(folder))
    sys.modules.setdefault(absent.__name__, absent)


def configuration(source: str, options: argparse.Namespace) -> Path:
    """The path of CONFIG.py or CONFIG.py+CHECKPOINT, whose second part becomes --weights."""
    config, plus, checkpoint = source.partition("+")
    if plus and options.weights is None:
        options.weights = Path(checkpoint.strip())
    path = Path(config.strip())
    if not path.is_file():
        raise ImportFailure(
            f"There is no configuration {path}.", "Give it as mmaction2:CONFIG.py --weights FILE.pth."
        )
    return path


def without_library(missing: ImportFailure, options: argparse.Namespace) -> Found:
    """One of MMAction2's networks that this package defines itself, where the checkpoint's names say so."""
    if options.weights is None:
        raise missing
    for architecture, releases in RELEASES.items():
        if not any(release.name == "mmaction2" for release in releases):
            continue
        try:
            return released.find(
                architecture, argparse.Namespace(**{**vars(options), "release": "mmaction2"})
            )
        except ImportFailure:
            continue
    raise missing


def input_of(config: Any, over_frames: bool) -> Input:
    """What the validation or test pipeline does to a video, with one clip and the central crop."""
    steps = pipeline(config)
    sampler = step_of(steps, SAMPLERS)
    crop = step_of(steps, CROPS)["crop_size"]
    width, height = (crop, crop) if isinstance(crop, int) else crop
    prepared = config.model.data_preprocessor
    dense = {"type": "dense", "stride": sampler.get("frame_interval", 1)}
    return Input(
        frames=sampler.get("num_clips", 1) if over_frames else sampler["clip_len"],
        height=height,
        width=width,
        sampling={"type": "uniform"} if over_frames or "frame_interval" not in sampler else dense,
        resize={**target(step_of(steps, ("Resize",))), "antialias": False},  # OpenCV does not
        pixelRange=(0.0, 255.0),
        **normalization(prepared.get("mean", 0), prepared.get("std", 1)),
    )


def pipeline(config: Any) -> list[dict[str, Any]]:
    for name in ("val_pipeline", "test_pipeline"):
        if config.get(name):
            return config[name]
    raise ImportFailure(
        "The configuration has neither val_pipeline nor test_pipeline.", "Describe the input by flags."
    )


def step_of(steps: list[dict[str, Any]], kinds: tuple[str, ...]) -> dict[str, Any]:
    for step in steps:
        if step["type"] in kinds:
            return step
    raise ImportFailure(f"The configuration's pipeline has no step {' or '.join(kinds)}.")


def target(step: dict[str, Any]) -> dict[str, Any]:
    """-1 and a number is the shorter side; two numbers are width and height."""
    width, height = step["scale"]
    if step.get("keep_ratio", True):
        return {
            "mode": "short-side",
            "size": max(width, height) if -1 in (width, height) else min(width, height),
        }
    return {"mode": "stretch", "height": height, "width": width}
