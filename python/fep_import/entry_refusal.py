"""Says why a network takes no clip, and what to do."""

from __future__ import annotations

import inspect
import re

from torch import nn

from .failure import ImportFailure
from .model_file import Input

#: What no other clip would mend.
FAULTS = ("NameError", "UnboundLocalError", "ModuleNotFoundError")

#: Tensors that stand for places: `pos_embed`, `position_embeddings`, `positional_encoding`, `pos`.
POSITIONS = re.compile(r"(^|[^a-z])(pos(_|ition|$)|(time|temporal)_(pos|embed))")


def refusal(
    network: nn.Module, given: Input, source: str, reasons: dict[str, str], others: list[str]
) -> ImportFailure:
    """
    @param reasons: why not, by layout
    @param others: layouts that nobody asked for, and that work
    """
    by_reason: dict[str, list[str]] = {}
    for layout, reason in reasons.items():
        by_reason.setdefault(reason, []).append(layout)
    lines = [f"  {', '.join(layouts)}: {reason}" for reason, layouts in by_reason.items()]
    signature = f"  forward takes {inspect.signature(network.forward)}"
    return ImportFailure(
        f"{source} takes no clip of {given.frames} frames of {given.height}x{given.width}:\n"
        + "\n".join(lines or [signature]),
        f"It takes {' and '.join(others)}: leave --layout out." if others else what_to_do(network, reasons),
    )


def what_to_do(network: nn.Module, reasons: dict[str, str]) -> str:
    if any(reason.startswith(FAULTS) for reason in reasons.values()):
        return "That is an error in forward itself, whatever the clip: correct it there."
    fixed = position_embeddings(network)
    if fixed:
        return (
            f"Its position embeddings ({fixed}) fix the size of its clips: give the --frames and --size that it "
            "was built for, or build it for others."
        )
    return (
        "Check --frames and --size. A network that asks for more than a clip of pictures has to be wrapped in "
        "a module whose forward takes the clip alone. Of several pathways, --pathways 4,1 says every how many "
        "frames each takes."
    )


def position_embeddings(network: nn.Module) -> str:
    """Names and shapes of the first tensors that stand for places."""
    found = [
        f"{name} {'×'.join(map(str, value.shape))}"
        for name, value in network.state_dict().items()
        if value.ndim > 1 and POSITIONS.search(name.lower())
    ]
    return ", ".join(found[:3])
