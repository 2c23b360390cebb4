"""From a source to a model file."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import Any

from torch import nn

from .answering import Answering, answering
from .class_names import read_class_names
from .failure import ImportFailure
from .found import Found, at_size
from .libraries import versions
from .model_file import Description, Input, Tokens, write_model_file
from .progress import step
from .sources import find
from .torchscript import to_torchscript
from .weights import digest


def import_model(options: argparse.Namespace) -> dict[str, Any]:
    """Writes the model file and returns its manifest. Raises ImportFailure with what to do."""
    step("loading the library and the weights")
    found = found_network(options)
    step("making a TorchScript file, and comparing it with the network")
    script, check = to_torchscript(found)
    description = Description(
        name=found.name,
        architecture=found.architecture,
        input=found.input,
        classes=found.classes,
        activation=found.activation,
        cam_layer=cam_layer(found.network),
        tokens=found.tokens,
        origin={
            "source": options.source,
            "libraries": versions(*found.libraries),
            "weights": [{"file": path.name, "sha256": digest(path)} for path in found.weights],
            **({"seed": options.seed} if options.random_init else {}),
            "check": asdict(check),
        },
    )
    step(f"writing {options.out.name}")
    return write_model_file(script, description, found.layout, options.out)


def found_network(options: argparse.Namespace) -> Found:
    """The network of a source as one of a clip to N×classes, described by the source and the options."""
    found = described(find(options), options)
    require_room(found.input)
    return answering(found, options)


def described(found: Found, options: argparse.Namespace) -> Found:
    """What the source says, where the options do not say otherwise."""
    classes = read_class_names(options.classes) if options.classes else found.classes
    tokens = Tokens(*options.tokens) if options.tokens else found.tokens
    return replace(
        found,
        name=options.name or found.name,
        activation=options.activation or found.activation,
        classes=classes,
        tokens=tokens,
        input=wanted_input(found.input, options),
    )


def cam_layer(network: nn.Module) -> str | None:
    """The layer that a network's class names for Grad-CAM, by its path in the file."""
    if isinstance(network, Answering):
        inner = cam_layer(network.network)
        return inner and f"network.{inner}"
    named = getattr(network, "cam_layer", None)
    return named if isinstance(named, str) else None


def wanted_input(own: Input, options: argparse.Namespace) -> Input:
    """A source's input, overridden by the options."""
    own = at_size(own, options.size)
    given = {
        "frames": options.frames,
        "sampling": options.sampling,
        "resize": wanted_resize(own, options),
        "mean": options.mean,
        "std": options.std,
        "channelOrder": options.channel_order,
        "pixelRange": options.pixel_range,
    }
    return replace(own, **{k: v for k, v in given.items() if v is not None})


def wanted_resize(own: Input, options: argparse.Namespace) -> dict[str, Any]:
    """The source's resize; the options override its size and its filter separately."""
    filter_names = ("antialias", "interpolation")
    own_filter = {name: own.resize[name] for name in filter_names if name in own.resize}
    given = {name: getattr(options, name) for name in filter_names}
    return (options.resize or own.resize) | own_filter | {k: v for k, v in given.items() if v is not None}


def require_room(given: Input) -> None:
    """Refuses a resize after which frames are smaller than the crop."""
    sides = [given.resize[name] for name in ("size", "height", "width") if name in given.resize]
    if sides and min(sides) < min(given.height, given.width):
        raise ImportFailure(
            f"Frames are resized to {min(sides)} pixels, and the network takes {given.height}x{given.width}.",
            "Give a larger --resize, or a smaller --size.",
        )
