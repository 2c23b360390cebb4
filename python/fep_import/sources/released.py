"""A published checkpoint of a network that this package defines itself, told by the names of its tensors."""

from __future__ import annotations

import argparse
from dataclasses import replace

from torch import nn

from ..checkpoint import load_weights
from ..class_names import read_class_names
from ..failure import ImportFailure
from ..found import Found
from ..model_file import Input, reference_clip
from ..nearest import nearest
from ..networks.random_weights import randomize
from ..published.plan import Plan, choose, class_count, plan
from ..published.releases import RELEASES, Release
from ..weights import read_state


def find(architecture: str, options: argparse.Namespace) -> Found:
    if architecture not in RELEASES:
        raise ImportFailure(
            f"There is no release of {architecture}.",
            f"{nearest(architecture, RELEASES)}There are {', '.join(sorted(RELEASES))}.",
        )
    if options.weights is None and not options.random_init:
        raise ImportFailure(
            "The checkpoint is missing.", "Add --weights FILE, or --random-init to try without."
        )
    plans = [
        plan(release, options.head, given(release, options)) for release in releases(architecture, options)
    ]
    planned, network = (
        from_seed(plans[0], options) if options.random_init else from_checkpoint(plans, options)
    )
    if planned.release.heads and options.head is None:
        raise ImportFailure(
            "The network has two heads, and a model file has one.", "Add --head verb or --head noun."
        )
    return Found(
        network,
        str(network.layout),
        planned.input,
        name=architecture,
        architecture=planned.release.architecture,
        activation=planned.release.activation,
        weights=[] if options.random_init else [options.weights],
        scriptable=True,
    )


def releases(architecture: str, options: argparse.Namespace) -> list[Release]:
    """The releases that match the options."""
    found = RELEASES[architecture]
    if options.release is not None:
        known = ", ".join(release.name for release in found)
        found = [release for release in found if release.name == options.release]
        if not found:
            raise ImportFailure(f"{architecture} has no release {options.release}, but {known}.")
    if options.head is not None:
        found = [release for release in found if release.heads]
        if not found:
            raise ImportFailure(f"{architecture} has one head; leave --head out.")
    if options.weights is not None and not found[0].published:
        raise ImportFailure(f"{architecture} has no published weights.", "Use --random-init.")
    return found


def given(release: Release, options: argparse.Namespace) -> Input:
    """The release's input for the frames and the size that are asked for: some networks depend on them."""
    height, width = options.size or (release.input.height, release.input.width)
    return replace(release.input, frames=options.frames or release.input.frames, height=height, width=width)


def from_checkpoint(plans: list[Plan], options: argparse.Namespace) -> tuple[Plan, nn.Module]:
    state = read_state(options)
    planned = choose(plans, state)
    network = planned.release.build(class_count(planned, state), planned.input)
    load_weights(network, state, planned.layout.published)
    return planned, network


def from_seed(planned: Plan, options: argparse.Namespace) -> tuple[Plan, nn.Module]:
    names = read_class_names(options.classes) if options.classes else []
    network = planned.release.build(len(names) or options.class_count or planned.classes, planned.input)
    randomize(network, reference_clip(str(network.layout), planned.input), options.seed)
    return planned, network
