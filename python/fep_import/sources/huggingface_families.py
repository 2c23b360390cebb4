"""The kinds of video classifiers of transformers: what their configurations call things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..failure import ImportFailure


@dataclass(frozen=True)
class Family:
    """What the configuration of a kind of model calls its sizes, and what no file of it says."""

    frames: str
    size: str
    #: Frames from one to the next in the published evaluation; None for evenly spread ones.
    stride: int | None
    #: T', H', W' of a tube by the configuration; None where that is not known.
    tube: Callable[[Any], tuple[int, int, int]] | None
    #: Class tokens before the tubes'.
    prefix: int = 0
    argument: str = "pixel_values"


def pair(size: Any) -> tuple[int, int]:
    """Configurations hold one number for both sides, or both."""
    height, width = (size, size) if isinstance(size, int) else size
    return height, width


FAMILIES = {
    "videomae": Family("num_frames", "image_size", 4, lambda c: (c.tubelet_size, *pair(c.patch_size))),
    "timesformer": Family("num_frames", "image_size", 32, lambda c: (1, *pair(c.patch_size)), prefix=1),
    "vivit": Family("num_frames", "image_size", 2, lambda c: tuple(c.tubelet_size), prefix=1),
    "videoprism_vision_model": Family(
        "num_frames", "image_size", None, lambda c: tuple(c.tubelet_size), argument="pixel_values_videos"
    ),
    "vjepa2": Family(
        "frames_per_clip",
        "crop_size",
        None,
        lambda c: (c.tubelet_size, *pair(c.patch_size)),
        argument="pixel_values_videos",
    ),
}

#: What configurations of kinds that are not known call frames and sizes.
FRAMES = ("num_frames", "frames_per_clip", "n_frames")
SIZES = ("image_size", "crop_size", "img_size")


def family_of(transformers: Any, config: Any, where: str) -> Family:
    """The family of a configuration; of a kind that is not known, what its names tell."""
    known = FAMILIES.get(config.model_type)
    if known is not None:
        return known
    mapping = getattr(transformers, "MODEL_FOR_VIDEO_CLASSIFICATION_MAPPING", {})
    frames, size = (next((n for n in names if hasattr(config, n)), None) for names in (FRAMES, SIZES))
    if type(config) in mapping and frames and size:
        argument = getattr(mapping[type(config)], "main_input_name", "pixel_values")
        return Family(frames, size, None, None, argument=argument)
    raise ImportFailure(
        f"{where} holds a model of the kind {config.model_type}.",
        f"Known are the video classifiers {', '.join(FAMILIES)}; any other goes as FILE.py:FUNCTION.",
    )
