"""A program of torch.export."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..failure import ImportFailure
from ..found import Found, bare_input
from ..model_file import clip_shape


def find(source: str, options: argparse.Namespace) -> Found:
    if not Path(source).is_file():
        raise ImportFailure(f"There is no file {source}.")
    try:
        program = torch.export.load(source)
    except Exception as error:  # a file of another kind, or of a newer torch
        raise ImportFailure(
            f"{source} cannot be read as a program of torch.export: {str(error).splitlines()[0]}",
            "It must be a file of torch.export.save of this torch or an older one.",
        ) from error
    layout, frames, height, width = shape_of(program, options)
    sizes = clip_shape(layout, frames, height, width)
    if program.range_constraints:  # TorchScript traces no symbols
        program = torch.export.export(program.module(), (torch.zeros(sizes),))
    return Found(
        torch.export.unflatten(program),  # with its submodules, for methods that look at layers
        layout,
        bare_input(frames, height, width),
        name=Path(source).stem,
        architecture="exported program",
        weights=[Path(source)],
    )


def shape_of(program: torch.export.ExportedProgram, options: argparse.Namespace) -> tuple[str, int, int, int]:
    """The layout and the sizes of the clip that the program was exported for."""
    names = program.graph_signature.user_inputs
    shapes = [
        tuple(node.meta["val"].shape)
        for node in program.graph.nodes
        if node.op == "placeholder" and node.name in names
    ]
    if len(shapes) != 1 or len(shapes[0]) != 5:
        raise ImportFailure(
            f"The program takes {shapes}; one clip of five axes was expected.",
            "Export a network that takes one clip.",
        )
    sizes = [int(size) if isinstance(size, int) else None for size in shapes[0]]
    layout = options.layout or ("NCTHW" if sizes[1] == 3 else "NTCHW")
    frames = sizes[2] if layout == "NCTHW" else sizes[1]
    height, width = options.size or (sizes[3], sizes[4])
    frames = options.frames or frames
    if not (frames and height and width):
        raise ImportFailure("The program takes clips of any size.", "Say which: --frames N --size N.")
    return layout, frames, height, width
