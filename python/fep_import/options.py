"""The command's options and the syntax of their values."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path
from typing import Any

from .answer import AXES_BY_NAME
from .entry import LAYOUTS
from .sources import FORMS

LAYOUT_HELP = "order of the clip's axes; TCHW: a batch of frames, stacked: N x (T*3) x H x W"
AVERAGE_HELP = "what to average over if it returns several scores a clip: time, segments, or axes as in 2,3,4"
SAMPLING_HELP = "uniform[:start|middle|end|step] or dense[:STRIDE][:start|middle|end]"


def parser(description: str | None) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="fep_import",
        description=description,
        epilog=f"SOURCE is one of\n{FORMS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    result.add_argument("source", metavar="SOURCE")
    result.add_argument("--out", type=Path, required=True, help="the model file to write")
    result.add_argument("--json", action="store_true", help="print the manifest, or the error, as JSON")
    add_weights(result.add_argument_group("weights"))
    add_description(result.add_argument_group("what the source does not say, or says otherwise"))
    add_input(result.add_argument_group("input, if it differs from the source's"))
    return result


def add_weights(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--weights", type=Path, help="a state dict of the network: safetensors or torch.save")
    group.add_argument("--random-init", action="store_true", help="random weights, for benchmarks and tests")
    group.add_argument("--seed", type=int, default=0, help="the seed of --random-init")
    group.add_argument(
        "--download", action="store_true", help="let the library fetch weights that this machine lacks"
    )
    group.add_argument(
        "--allow-pickle",
        action="store_true",
        help="read weights whose loading can run code; safetensors cannot",
    )
    group.add_argument("--release", help="of the releases, instead of telling it by the tensor names")
    group.add_argument("--head", choices=["verb", "noun"], help="which head of an EPIC-Kitchens checkpoint")


def add_description(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--name", help="the model's name; by default the name of the file")
    group.add_argument("--classes", type=Path, help="class names: any text or JSON file")
    group.add_argument("--class-count", type=positive, help="number of classes, without --classes")
    group.add_argument(
        "--activation", choices=["logits", "softmax", "sigmoid"], help="what the network returns"
    )
    group.add_argument(
        "--output", metavar="NAME|INDEX", help="of several returned tensors, as in out.logits or 1"
    )
    group.add_argument("--average-over", type=axes, metavar="time|AXES", help=AVERAGE_HELP)
    group.add_argument("--tokens", type=tokens, help="T'xH'xW'[+CLASS_TOKENS] of a network of tokens")


def add_input(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--layout", choices=LAYOUTS, help=LAYOUT_HELP)
    group.add_argument(
        "--pathways", type=strides, help="of several inputs: every how many frames each takes, 4,1"
    )
    group.add_argument("--frames", type=positive)
    group.add_argument("--size", type=size, help="frame size, N or HEIGHTxWIDTH")
    group.add_argument("--sampling", type=sampling, help=SAMPLING_HELP)
    group.add_argument("--resize", type=resize, help="stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS")
    antialias = {"action": argparse.BooleanOptionalAction, "help": "resize like Pillow, or like OpenCV"}
    group.add_argument("--antialias", **antialias)
    group.add_argument("--interpolation", choices=["bilinear", "bicubic"], help="filter for resizing")
    group.add_argument("--pixel-range", type=pixel_range, help="black and white before --mean: LOW..HIGH")
    group.add_argument("--mean", type=per_channel, help="R,G,B")
    group.add_argument("--std", type=deviations, help="R,G,B")
    group.add_argument("--channel-order", choices=["RGB", "BGR"])


def axes(text: str) -> str:
    """`time`, `segments`, or numbers of axes."""
    if text not in AXES_BY_NAME and not re.fullmatch(r"\d(,\d)*", text):
        raise argparse.ArgumentTypeError("it must be time, segments, or numbers of axes as in 2,3,4")
    return text


def strides(text: str) -> tuple[int, ...]:
    """`4,1`."""
    if not re.fullmatch(r"[1-9]\d*(,[1-9]\d*)*", text):
        raise argparse.ArgumentTypeError("it must be numbers of frames, one for each input, as in 4,1")
    return tuple(int(part) for part in text.split(","))


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
    match = re.fullmatch(r"(stretch)(?::([1-9]\d*)x([1-9]\d*))?|short-side:([1-9]\d*)", text)
    if not match:
        raise argparse.ArgumentTypeError("it must be stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS")
    if match[4]:
        return {"mode": "short-side", "size": int(match[4])}
    size = {"height": int(match[2]), "width": int(match[3])} if match[2] else {}
    return {"mode": "stretch", **size}


def size(text: str) -> tuple[int, int]:
    """`N` or `HEIGHTxWIDTH`."""
    match = re.fullmatch(r"([1-9]\d*)(?:x([1-9]\d*))?", text)
    if not match:
        raise argparse.ArgumentTypeError("it must be N or HEIGHTxWIDTH")
    return int(match[1]), int(match[2] or match[1])


def tokens(text: str) -> tuple[tuple[int, int, int], int]:
    """`8x14x14` or `8x14x14+1`."""
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)x([1-9]\d*)(?:\+(\d+))?", text)
    if not match:
        raise argparse.ArgumentTypeError("it must be TxHxW or TxHxW+CLASS_TOKENS")
    return (int(match[1]), int(match[2]), int(match[3])), int(match[4] or 0)


def per_channel(text: str) -> tuple[float, float, float]:
    """`0.45` or `0.485,0.456,0.406`."""
    numbers = [finite(part) for part in text.split(",")]
    if len(numbers) not in (1, 3):
        raise argparse.ArgumentTypeError("it must be one number, or three, with commas between them")
    red, green, blue = numbers * 3 if len(numbers) == 1 else numbers
    return red, green, blue


def deviations(text: str) -> tuple[float, float, float]:
    """As `per_channel`, above 0."""
    values = per_channel(text)
    if min(values) <= 0:
        raise argparse.ArgumentTypeError("it must be above 0")
    return values


def finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no number") from None
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError("it must be finite")
    return number


def pixel_range(text: str) -> tuple[float, float]:
    """`0..255` or `-1..1`."""
    low, separator, high = text.partition("..")
    if not separator:
        raise argparse.ArgumentTypeError("it must be LOW..HIGH")
    black, white = finite(low), finite(high)
    if black >= white:
        raise argparse.ArgumentTypeError("it must be LOW..HIGH, the lower number first")
    return black, white


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("it must be a whole number of 1 or more")
    return int(text)
