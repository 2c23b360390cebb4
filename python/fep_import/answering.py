"""A network as one of a clip to N×classes, however it is handed clips and whatever it returns."""

from __future__ import annotations

import argparse
import linecache
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from .activation import activation_of
from .answer import Reading, axes_to_average
from .entry import Entry
from .failure import ImportFailure
from .found import Found
from .heads import choose_head
from .model_file import reference_clip
from .passes import first_line, noise_clips


class Entered(nn.Module):
    """A network that takes the clips of a model file."""

    def __init__(self, network: nn.Module, entry: Entry) -> None:
        super().__init__()
        self.network = network
        self.entry = entry

    def forward(self, clip: Tensor) -> Any:
        return self.entry(self.network, clip)


class Answering(nn.Module):
    """A network that takes the clips of a model file and answers with one tensor, N×classes."""

    def __init__(self, network: nn.Module, entry: Entry, reading: Reading) -> None:
        super().__init__()
        self.network = network
        self.entry = entry
        self.reading = reading

    def forward(self, clip: Tensor) -> Tensor:
        return self.reading(self.entry(self.network, clip), clip.shape[0])

    def scripted(self) -> torch.jit.ScriptModule:
        """
        The same as a script, which keeps the branches of a network.

        Raises TypeError where the network is to be handed more than its clip.
        """
        if not self.entry.is_plain:
            raise TypeError("a network of several inputs, or of another order of axes, is traced")
        picking = type(
            "Answering", (nn.Module,), {"forward": compiled(self.reading.forward_in_torchscript())}
        )()
        picking.network = self.network
        return torch.jit.script(picking)


def compiled(source: str) -> Callable[..., Tensor]:
    """The function `forward` of a source, which torch.jit.script will look up again by its lines."""
    place = f"<{source}>"
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    names: dict[str, Any] = {"Tensor": Tensor}
    exec(compile(source, place, "exec"), names)  # noqa: S102 - of this package
    return names["forward"]


def answering(found: Found, options: argparse.Namespace) -> Found:
    """A source's network as one of a clip to N×classes: which output, averaged how, and what it is."""
    network = prepared(found.network)
    entry = found.entry or Entry(options.layout or found.layout)
    found = replace(found, network=network, layout=entry.plain_layout)
    clip = reference_clip(found.layout, found.input).requires_grad_()
    returned = returned_for(network, entry, clip)
    count = len(found.classes) or options.class_count
    head = choose_head(returned, options.output, count)
    reading = Reading(
        head.keys, axes_to_average(head.tensor, options.average_over, found.input.frames, count)
    )
    answer = reading(returned, 1)
    require_names(found, answer.shape[1])
    whole = Answering(network, entry, reading)
    activation = found.activation or activation_of(answer, lambda: another_answer(whole, found))
    require_classes(answer.shape[1], activation)
    is_plain = entry.is_plain and returned is answer
    return replace(found, network=network if is_plain else whole, activation=activation)


def returned_for(network: nn.Module, entry: Entry, clip: Tensor) -> Any:
    """What a network returns for a clip to which the gradient is wanted."""
    try:
        return entry(network, clip)
    except RuntimeError as error:
        if "requires grad" not in str(error):
            raise
        raise ImportFailure(
            f"The network leaves PyTorch, and no gradient reaches the clip: {first_line(error)}",
            "Let forward compute with tensors alone, without numpy() and tolist().",
        ) from error


def require_classes(outputs: int, activation: str) -> None:
    if outputs == 1 and activation != "sigmoid":
        raise ImportFailure(
            "The network answers 1×1 to one clip; 1×classes was expected.",
            "If its one score tells whether something happens, add --activation sigmoid.",
        )


def prepared(network: nn.Module) -> nn.Module:
    """In evaluation mode and float32, its parameters constants."""
    # Without gradients for its parameters, PyTorch would take a layer of its own that has no derivative.
    torch.backends.mha.set_fastpath_enabled(False)
    network = network.float().eval()
    for module in network.modules():
        module.training = False  # also of one whose own train() keeps its dropout on
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network


def another_answer(network: nn.Module, found: Found) -> Tensor:
    with torch.no_grad():
        return network(noise_clips(found.layout, found.input)[1])


def require_names(found: Found, outputs: int) -> None:
    """Refuses a list of names for another number of classes, before the work."""
    if found.classes and outputs != len(found.classes):
        raise ImportFailure(
            f"The network tells {outputs} classes apart, and the list of names has {len(found.classes)}.",
            "Give the list that belongs to the weights with --classes, in the order of the outputs.",
        )
