"""What to export: a release, recognised by a checkpoint's tensor names, one of its heads, and an input."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from ..checkpoint import Misfit, State, misfit
from ..failure import ImportFailure
from ..model_file import Input
from .layouts import Layout
from .releases import Release


@dataclass(frozen=True)
class Plan:
    """A release with one of its heads and an input."""

    release: Release
    layout: Layout
    input: Input
    classes: int
    #: Tensors of the release's other heads: a checkpoint must contain them, and the export leaves them out.
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
    """Published names and shapes of all tensors that a checkpoint must contain."""
    own = {planned.layout.published(name): value.shape for name, value in network.state_dict().items()}
    return {**own, **planned.ignored}


def class_count(planned: Plan, state: State) -> int:
    """The number of classes in a checkpoint, which differs from the release's after fine-tuning."""
    bias = state.get(planned.layout.published("fc.bias"), state.get("logits.conv3d.bias"))
    return planned.classes if bias is None or bias.ndim != 1 else bias.numel()


def skeleton(planned: Plan, classes: int) -> nn.Module:
    """The network without memory for its weights, for names and shapes only."""
    with torch.device("meta"):
        return planned.release.build(classes, planned.input)


def choose(plans: list[Plan], state: State) -> Plan:
    """The release whose names match a checkpoint; else an error with the differences from the closest."""
    fits: list[tuple[Misfit, Plan]] = []
    for planned in plans:
        found = misfit(state, wanted_tensors(planned, skeleton(planned, class_count(planned, state))))
        if not found:
            return planned
        fits.append((found, planned))
    found, planned = min(fits, key=lambda pair: len(pair[0]))
    names = ", ".join(p.release.name for p in plans)
    raise ImportFailure(
        f"The checkpoint does not fit {planned.release.architecture} ({names}). Closest is "
        f"{planned.release.name}, where these tensors are\n{found}",
        "Check the release, and that it is the checkpoint of a whole network as docs/models.md lists it.",
    )
