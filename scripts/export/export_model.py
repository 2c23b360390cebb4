"""Makes a model file from a published checkpoint, or from random weights.

    python scripts/export/export_model.py --arch r2plus1d_18 --checkpoint r2plus1d_18.pth \\
        --classes kinetics400.txt --out models/r2plus1d_18.pt
    python scripts/export/export_model.py --arch tsm_r50 --random-init --seed 1 --out tsm_r50.pt

The release is recognised by the tensor names in the checkpoint. docs/models.md lists the releases. Exit
codes: 0 done, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn

from checkpoint import load_weights, read_checkpoint
from class_names import read_class_names
from export_error import ExportError
from model_file import Description, Input, reference_clip, save_model_file
from options import parser
from plan import Plan, choose, class_count, plan
from random_weights import randomize
from releases import RELEASES, Release


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


def wanted_input(release: Release, options: argparse.Namespace) -> Input:
    """The release's input, overridden by the options."""
    resize = wanted_resize(release, options)
    given = {"frames": options.frames, "sampling": options.sampling, "resize": resize}
    if options.size is not None:
        given |= {"height": options.size, "width": options.size}
    return replace(release.input, **{key: value for key, value in given.items() if value is not None})


def wanted_resize(release: Release, options: argparse.Namespace) -> dict[str, Any]:
    """The release's resize; the options override its size and its filter separately."""
    filter_names = ("antialias", "interpolation")
    own = release.input.resize
    own_filter = {name: own[name] for name in filter_names if name in own}
    given = {name: getattr(options, name) for name in filter_names}
    return (options.resize or own) | own_filter | {k: v for k, v in given.items() if v is not None}


def releases_of(options: argparse.Namespace) -> list[Release]:
    """The releases that match the options."""
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
    options = parser(__doc__).parse_args(arguments)
    try:
        manifest = export(options)
    except (ExportError, ValueError, ArithmeticError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        if getattr(error, "hint", ""):
            print(f"  → {error.hint}", file=sys.stderr)
        return 1
    except RuntimeError as error:  # a traceback of the script; its last line is the reason
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
