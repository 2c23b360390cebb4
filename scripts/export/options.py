"""The command's options and the syntax of their values."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from releases import RELEASES


SAMPLING_HELP = "uniform[:start|middle|end|step] or dense[:STRIDE][:start|middle|end]"


def parser(description: str | None) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    result.add_argument("--arch", choices=sorted(RELEASES), required=True)
    weights = result.add_mutually_exclusive_group(required=True)
    weights.add_argument("--checkpoint", type=Path, help="the published file")
    weights.add_argument(
        "--random-init", action="store_true", help="random weights, for benchmarks and tests"
    )
    result.add_argument("--out", type=Path, required=True, help="the model file to write")
    result.add_argument("--classes", type=Path, help="class names: any text or JSON file")
    result.add_argument(
        "--release", help="one of the architecture's releases, instead of recognising it by the tensor names"
    )
    result.add_argument("--head", choices=["verb", "noun"], help="which head of an EPIC-Kitchens checkpoint")
    result.add_argument("--name", help="the model's name; by default the name of the file")
    result.add_argument("--seed", type=int, default=0, help="the seed of --random-init")
    result.add_argument("--class-count", type=positive, help="number of classes, without --classes")
    group = result.add_argument_group("input, if it differs from the release's")
    group.add_argument("--frames", type=positive)
    group.add_argument("--size", type=positive, help="height and width")
    group.add_argument("--sampling", type=sampling, help=SAMPLING_HELP)
    group.add_argument("--resize", type=resize, help="stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS")
    antialias = {"action": argparse.BooleanOptionalAction, "help": "resize like Pillow, or like OpenCV"}
    group.add_argument("--antialias", **antialias)
    group.add_argument("--interpolation", choices=["bilinear", "bicubic"], help="filter for resizing")
    return result


def sampling(text: str) -> dict[str, Any]:
    """`uniform`, `uniform:step`, `dense:STRIDE` or `dense:STRIDE:start`."""
    match = re.fullmatch(r"(uniform)(?::(start|middle|end|step))?", text)
    match = match or re.fullmatch(r"(dense)(?::(?P<stride>[1-9]\d*))?(?::(start|middle|end))?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"it must be {SAMPLING_HELP}")
    stride = {"stride": int(match["stride"] or 1)} if match[1] == "dense" else {}
    offset = match.group(match.re.groups)
    return {"type": match[1], **stride, **({"offset": offset} if offset else {})}


def resize(text: str) -> dict[str, Any]:
    """`stretch`, `stretch:HEIGHTxWIDTH` or `short-side:PIXELS`."""
    match = re.fullmatch(r"(stretch)(?::(\d+)x(\d+))?|short-side:(\d+)", text)
    if not match:
        raise argparse.ArgumentTypeError("it must be stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS")
    if match[4]:
        return {"mode": "short-side", "size": int(match[4])}
    size = {"height": int(match[2]), "width": int(match[3])} if match[2] else {}
    return {"mode": "stretch", **size}


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("it must be a whole number of 1 or more")
    return int(text)
