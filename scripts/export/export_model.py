"""Makes a model file from a published checkpoint, or from random weights.

    python scripts/export/export_model.py --arch r2plus1d_18 --checkpoint r2plus1d_18.pth \\
        --classes kinetics400.txt --out models/r2plus1d_18.pt
    python scripts/export/export_model.py --arch tsm_r50 --random-init --seed 1 --out tsm_r50.pt

The release is told from the names in the checkpoint. docs/models.md lists the releases and what is known of
each. Exit codes: 0 done, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from checkpoint import Misfit, State, load_weights, misfit, read_checkpoint
from class_names import read_class_names
from export_error import ExportError
from layouts import Layout
from model_file import Description, Input, reference_clip, save_model_file
from random_weights import randomize
from releases import RELEASES, Release


@dataclass(frozen=True)
class Plan:
    """A release with one of its heads chosen, and the input that was asked for."""

    release: Release
    layout: Layout
    input: Input
    classes: int
    #: Tensors of the release's other heads: they must be in a checkpoint, and are left out.
    ignored: dict[str, torch.Size]


def plan(release: Release, head: str | None, given: Input) -> Plan:
    if not release.heads:
        return Plan(release, release.layout, given, release.classes, {})
    published, classes = release.heads[head or next(iter(release.heads))]
    others = [pair for pair in release.heads.values() if pair[0] != published]
    return Plan(release, release.layout.with_head(published), given, classes, ignored_tensors(others))


def ignored_tensors(heads: list[tuple[str, int]], features: int = 2048) -> dict[str, torch.Size]:
    shapes = {}
    for name, classes in heads:
        shapes[f"{name}.weight"] = torch.Size((classes, features))
        shapes[f"{name}.bias"] = torch.Size((classes,))
    return shapes


def wanted_tensors(planned: Plan, network: nn.Module) -> dict[str, torch.Size]:
    """Published names and shapes of all that a checkpoint must hold."""
    own = {planned.layout.published(name): value.shape for name, value in network.state_dict().items()}
    return {**own, **planned.ignored}


def class_count(planned: Plan, state: State) -> int:
    """What the checkpoint's last layer returns; fine-tuned ones have other classes than the release."""
    bias = state.get(planned.layout.published("fc.bias"), state.get("logits.conv3d.bias"))
    return planned.classes if bias is None or bias.ndim != 1 else bias.numel()


def skeleton(planned: Plan, classes: int) -> nn.Module:
    """The network without memory for its weights, to look at names and shapes."""
    with torch.device("meta"):
        return planned.release.build(classes, planned.input)


def choose(plans: list[Plan], state: State) -> Plan:
    """The release whose names fit a checkpoint; one that fits none is refused with all that differs."""
    fits: list[tuple[Misfit, Plan]] = []
    for planned in plans:
        found = misfit(state, wanted_tensors(planned, skeleton(planned, class_count(planned, state))))
        if not found:
            return planned
        fits.append((found, planned))
    found, planned = min(fits, key=lambda pair: len(pair[0]))
    names = ", ".join(p.release.name for p in plans)
    raise ExportError(
        f"The checkpoint does not fit {planned.release.architecture} ({names}). Closest is "
        f"{planned.release.name}, where these tensors are\n{found}",
        "Check --arch, and that it is the checkpoint of a whole network as docs/models.md lists it.",
    )


def from_checkpoint(plans: list[Plan], path: Path, names: list[str]) -> tuple[Plan, nn.Module]:
    state = read_checkpoint(path)
    planned = choose(plans, state)
    classes = class_count(planned, state)
    if names and len(names) != classes:
        raise ExportError(
            f"The checkpoint has {classes} classes, the list of names {len(names)}.",
            "Give the list that belongs to the checkpoint, in the order of its outputs.",
        )
    network = planned.release.build(classes, planned.input)
    load_weights(network, state, planned.layout.published)
    return planned, network


def from_seed(planned: Plan, seed: int, names: list[str], classes: int | None) -> tuple[Plan, nn.Module]:
    network = planned.release.build(len(names) or classes or planned.classes, planned.input)
    randomize(network, reference_clip(str(network.layout), planned.input), seed)
    return planned, network


def sampling(text: str) -> dict[str, Any]:
    """`uniform`, or `dense:STRIDE`."""
    match = re.fullmatch(r"(uniform)|dense(?::([1-9]\d*))?", text)
    if not match:
        raise argparse.ArgumentTypeError("it must be uniform, dense or dense:STRIDE")
    return {"type": "uniform"} if match[1] else {"type": "dense", "stride": int(match[2] or 1)}


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


def wanted_input(release: Release, options: argparse.Namespace) -> Input:
    """The release's input, with what was asked for in its place."""
    given = {"frames": options.frames, "sampling": options.sampling, "resize": options.resize}
    if options.size is not None:
        given |= {"height": options.size, "width": options.size}
    return replace(release.input, **{key: value for key, value in given.items() if value is not None})


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
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
        "--release", help="one of the architecture's releases, instead of telling it by the names"
    )
    result.add_argument("--head", choices=["verb", "noun"], help="which head of an EPIC-Kitchens checkpoint")
    result.add_argument("--name", help="the model's name; the file's by default")
    result.add_argument("--seed", type=int, default=0, help="of --random-init")
    result.add_argument("--class-count", type=positive, help="of --random-init without --classes")
    group = result.add_argument_group("input, where it is not the release's own")
    group.add_argument("--frames", type=positive)
    group.add_argument("--size", type=positive, help="height and width")
    group.add_argument("--sampling", type=sampling, help="uniform, dense or dense:STRIDE")
    group.add_argument("--resize", type=resize, help="stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS")
    return result


def releases_of(options: argparse.Namespace) -> list[Release]:
    """The releases that the options leave open."""
    releases = RELEASES[options.arch]
    if options.release is not None:
        known = ", ".join(release.name for release in releases)
        releases = [release for release in releases if release.name == options.release]
        if not releases:
            raise ExportError(f"{options.arch} has no release {options.release}, but {known}.")
    if options.head is not None:
        releases = [release for release in releases if release.heads]
        if not releases:
            raise ExportError(f"{options.arch} has one head; leave --head out.")
    if options.checkpoint is not None and not releases[0].published:
        raise ExportError(f"{options.arch} has no published weights.", "Use --random-init.")
    return releases


def export(options: argparse.Namespace) -> dict[str, Any]:
    """Writes the model file and returns its manifest."""
    names = read_class_names(options.classes) if options.classes else []
    plans = [plan(release, options.head, wanted_input(release, options)) for release in releases_of(options)]
    if options.random_init:
        planned, network = from_seed(plans[0], options.seed, names, options.class_count)
    else:
        planned, network = from_checkpoint(plans, options.checkpoint, names)
    if planned.release.heads and options.head is None:
        raise ExportError(
            "The network has two heads, and a model file has one.", "Add --head verb or --head noun."
        )
    description = Description(
        name=options.name or options.out.stem,
        architecture=planned.release.architecture,
        input=planned.input,
        classes=names,
        activation=planned.release.activation,
    )
    return save_model_file(network, description, options.out)


def main(arguments: list[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        manifest = export(options)
    except (ExportError, ValueError, ArithmeticError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        if getattr(error, "hint", ""):
            print(f"  → {error.hint}", file=sys.stderr)
        return 1
    except RuntimeError as error:  # a traceback of the script, whose last line is the reason
        print(f"error: the network cannot be run or written: {str(error).splitlines()[-1]}", file=sys.stderr)
        print("  → Check --frames and --size, and that there is room on the disk.", file=sys.stderr)
        return 1
    given = manifest["input"]
    print(
        f"{options.out}: {manifest['architecture']}, {given['layout']}, {given['frames']} frames of "
        f"{given['height']}x{given['width']}, {len(manifest['reference']['logits'])} classes, "
        f"{options.out.stat().st_size / 2**20:.1f} MiB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
