"""A HuggingFace video classifier: a folder with config.json, model.safetensors and preprocessor_config.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from ..checkpoint import sizes
from ..entry_refusal import POSITIONS
from ..failure import ImportFailure
from ..found import Found, asked_for, normalization
from ..libraries import admit_torchvision, require
from ..model_file import Input, Tokens, reference_clip
from ..networks.random_weights import randomize
from .huggingface_families import FAMILIES, Family, family_of, pair

__all__ = ["FAMILIES", "find", "input_of", "tubes"]


class Logits(nn.Module):
    """Clips N×T×C×H×W to logits."""

    def __init__(self, model: nn.Module, argument: str) -> None:
        super().__init__()
        self.model = model
        self.argument = argument

    def forward(self, clip: Tensor) -> Tensor:
        logits = self.model(**{self.argument: clip}).logits
        if logits.ndim == 2 and logits.shape[0] == clip.shape[0]:
            return logits
        # TimeSformer with attention over space alone answers for each frame, VideoPrism with an axis of one.
        return logits.reshape(clip.shape[0], -1, logits.shape[-1]).mean(1)


def tubes(given: Input, tube: tuple[int, Any, Any]) -> tuple[int, int, int]:
    """The grid of non-overlapping tubes of so many frames, rows and columns."""
    time, height, width = tube
    return given.frames // time, given.height // height, given.width // width


#: Pillow's numbers of the filters that a manifest knows.
FILTERS = {2: "bilinear", 3: "bicubic"}


def find(source: str, options: argparse.Namespace) -> Found:
    folder = folder_of(source, options)
    if not (folder / "config.json").is_file():
        raise ImportFailure(
            f"{folder} has no config.json.",
            "Give the folder that save_pretrained wrote, or OWNER/NAME of the hub.",
        )
    admit_torchvision()
    transformers = require("transformers")
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    family = family_of(transformers, config, str(folder))
    given = asked_for(input_of(folder, config, family, options), options)
    if options.frames:
        setattr(config, family.frames, options.frames)
    if options.size and (given.height == given.width or not isinstance(getattr(config, family.size), int)):
        # A network of squares keeps its own size otherwise, and may take others by interpolating positions.
        setattr(config, family.size, given.height if given.height == given.width else options.size)
    if options.class_count is not None:
        config.num_labels = options.class_count
    model = load(transformers, folder, config, given, family, options)
    return Found(
        Logits(model, family.argument).eval(),
        "NTCHW",
        given,
        name=Path(getattr(config, "_name_or_path", "") or folder).name,
        architecture=type(model).__name__,
        classes=names_of(config),
        activation="sigmoid" if config.problem_type == "multi_label_classification" else None,
        libraries=("transformers",),
        weights=[]
        if options.random_init
        else sorted(folder.glob("*.safetensors")) or sorted(folder.glob("*.bin")),
        tokens=family.tube and Tokens(tubes(given, family.tube(config)), family.prefix),
    )


def folder_of(source: str, options: argparse.Namespace) -> Path:
    """The folder itself, or that of a model in the hub's cache."""
    if Path(source).is_dir():
        return Path(source)
    hub = require("huggingface_hub")
    try:
        return Path(hub.snapshot_download(source, local_files_only=not options.download))
    except Exception as error:  # the hub's many kinds
        raise ImportFailure(
            f"There is no folder {source}, and the hub's cache on this machine has no such model.",
            f"Fetch it with --download, or by hand: hf download {source}",
        ) from error


def names_of(config: Any) -> list[str]:
    """The classes in the order of the outputs."""
    names = {int(index): str(name) for index, name in (config.id2label or {}).items()}
    return [names[index] for index in sorted(names)]


def load(
    transformers: Any, folder: Path, config: Any, given: Input, family: Family, options: argparse.Namespace
) -> nn.Module:
    classifier = transformers.AutoModelForVideoClassification
    if options.random_init:
        model = classifier.from_config(config)
        randomize(Logits(model, family.argument), reference_clip("NTCHW", given), options.seed)
        return model
    if not options.allow_pickle and not any(folder.glob("*.safetensors")):
        raise ImportFailure(
            f"{folder} has no model.safetensors.",
            "Loading any other file of weights can run code in it. Where it is trusted, add --allow-pickle.",
        )
    model, report = classifier.from_pretrained(
        folder,
        config=config,
        local_files_only=True,
        use_safetensors=not options.allow_pickle,
        ignore_mismatched_sizes=True,  # they are named below
        output_loading_info=True,
    )
    require_whole(folder, report)
    return model.float()


def require_whole(folder: Path, report: dict[str, Any]) -> None:
    """Refuses weights without a classifier: the library would draw random ones and only warn."""
    missing = [str(key) for key in report.get("missing_keys", [])]
    misshapen = [in_words(key) for key in report.get("mismatched_keys", [])]
    places = [key for key in misshapen if POSITIONS.search(key.partition(":")[0].lower())]
    if places:
        raise ImportFailure(
            f"The position embeddings in {folder} are of another clip than asked for: {places[0]}.",
            "They fix its frames and size: leave --frames and --size out.",
        )
    wrong = missing + misshapen
    if wrong:
        raise ImportFailure(
            f"{folder} lacks weights that the classifier needs: {', '.join(wrong[:4])}"
            f"{' …' if len(wrong) > 4 else ''}.",
            "A pre-trained encoder explains nothing by itself: give a model that was fine-tuned to classes.",
        )


def in_words(mismatch: Any) -> str:
    """A name, and the two shapes that transformers tells with it."""
    if isinstance(mismatch, str):
        return mismatch
    name, found, wanted = mismatch
    return f"{name}: {sizes(found)} instead of {sizes(wanted)}"


def input_of(folder: Path, config: Any, family: Family, options: argparse.Namespace) -> Input:
    height, width = pair(getattr(config, family.size))
    prepared = preprocessing(folder, is_said=getattr(options, "mean", None) and getattr(options, "std", None))
    if options.size is None:
        require_crop(prepared, height, width)
    return Input(
        frames=getattr(config, family.frames),
        height=height,
        width=width,
        sampling={"type": "dense", "stride": family.stride} if family.stride else {"type": "uniform"},
        resize=resize_of(prepared, height, width),
        pixelRange=pixel_range(prepared),
        **normalization_of(prepared),
    )


def require_crop(prepared: dict[str, Any], height: int, width: int) -> None:
    """Refuses a preprocessing whose frames are of another size than the network's."""
    crop = prepared.get("crop_size")
    if not prepared.get("do_center_crop", True) or not crop:
        return
    sides = (crop, crop) if isinstance(crop, int) else (crop.get("height"), crop.get("width"))
    if None not in sides and tuple(sides) != (height, width):
        raise ImportFailure(
            f"The preprocessing crops frames to {sides[0]}x{sides[1]}, and the network takes {height}x{width}.",
            "Say which with --size.",
        )


def preprocessing(folder: Path, is_said: Any = None) -> dict[str, Any]:
    """What the folder says of pixels; transformers' files have had several names."""
    for name in ("video_preprocessor_config.json", "preprocessor_config.json", "processor_config.json"):
        if (folder / name).is_file():
            found = json.loads((folder / name).read_text(encoding="utf-8"))
            return found.get("video_processor", found.get("image_processor", found))
    if is_said:
        return {}
    raise ImportFailure(
        f"{folder} has no preprocessor_config.json, which says how pixels are prepared.",
        "Fetch it too, or say how: --mean and --std, and --resize if frames are not stretched.",
    )


def resize_of(prepared: dict[str, Any], height: int, width: int) -> dict[str, Any]:
    size = prepared.get("size") or {}
    filter_name = FILTERS.get(prepared.get("resample", 2))
    if filter_name is None:
        raise ImportFailure(
            f"The preprocessing resizes with Pillow's filter {prepared['resample']}; known are 2 and 3."
        )
    interpolation = {"interpolation": filter_name}
    if not prepared.get("do_resize", True):
        return {"mode": "short-side", "size": max(height, width), **interpolation}
    if isinstance(size, int):
        return {"mode": "short-side", "size": size, **interpolation}
    if "shortest_edge" in size:
        return {"mode": "short-side", "size": size["shortest_edge"], **interpolation}
    return {
        "mode": "stretch",
        "height": size.get("height", height),
        "width": size.get("width", width),
        **interpolation,
    }


def pixel_range(prepared: dict[str, Any]) -> tuple[float, float] | None:
    """0 to 255 times the factor; ViViT's processors move it down by one unless `offset` is false."""
    if not prepared.get("do_rescale", True):
        return (0.0, 255.0)
    high = 255 * float(prepared.get("rescale_factor", 1 / 255))
    kind = prepared.get("video_processor_type") or prepared.get("image_processor_type") or ""
    low = -1.0 if prepared.get("offset", kind.startswith("Vivit")) else 0.0
    rounded = (low, round(high + low, 6))
    return None if rounded == (0.0, 1.0) else rounded


def normalization_of(prepared: dict[str, Any]) -> dict[str, tuple[float, float, float]]:
    if not prepared.get("do_normalize", True):
        return normalization(0, 1)
    return normalization(prepared.get("image_mean", 0), prepared.get("image_std", 1))
