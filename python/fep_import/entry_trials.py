"""Finds by trial how a network is handed clips, where nobody says it."""

from __future__ import annotations

import inspect
from dataclasses import replace

import torch
from torch import nn

from .entry import LAYOUTS, OTHER_LAYOUTS, PLAIN_LAYOUTS, Entry
from .entry_forms import Wanted, ways
from .entry_refusal import refusal
from .failure import ImportFailure
from .heads import heads_of
from .model_file import Input, reference_clip
from .passes import first_line
from .places import own_place

#: Numbers of frames that tell axes apart where the clip's own number is that of the channels.
OTHER_FRAMES = (8, 4, 6, 5, 16)

#: Layouts by how sure it is, where networks take several, that they were meant.
RANKS = (PLAIN_LAYOUTS, *((layout,) for layout in OTHER_LAYOUTS))

#: Of a picture. A clip of as many frames has two axes that a network may take for each other.
CHANNELS = 3


def find_entry(network: nn.Module, given: Input, wanted: Wanted, source: str) -> Entry:
    """Raises ImportFailure where no way works, saying why, or where several do and only the user can know."""
    layouts = (wanted.layout,) if wanted.layout else LAYOUTS
    reasons: dict[str, str] = {}
    for forms in ways(network, wanted, given, layouts):
        running: list[list[Entry]] = []
        for form in forms:
            entries = running_layouts(network, form, layouts, given, reasons)
            running += [entries] if entries else []
            if running and is_told(network, form):
                break
        if running:
            require_one(network, running, source)
            return likeliest(running[0], network, given, source)
    others = [one for one in LAYOUTS if wanted.layout and why_not(network, Entry(one), given) is None]
    raise refusal(network, given, source, reasons, others)


def is_told(network: nn.Module, form: Entry) -> bool:
    """Whether the frames of pathways are: two arguments of other names may be the same clip twice."""
    names = inspect.signature(network.forward).parameters
    return form.form != "arguments" or any("slow" in name.lower() or "fast" in name.lower() for name in names)


def require_one(network: nn.Module, running: list[list[Entry]], source: str) -> None:
    """Refuses to guess the frames of pathways."""
    names = list(inspect.signature(network.forward).parameters)
    if len(running) > 1:
        raise ImportFailure(
            f"{source}: which frames of a clip {' and '.join(names[:2])} are cannot be told.",
            "Say every how many: --pathways 1,1 hands both all frames, 4,1 the first every fourth.",
        )


def likeliest(running: list[Entry], network: nn.Module, given: Input, source: str) -> Entry:
    for rank in RANKS:
        likely = [entry for entry in running if entry.layout in rank]
        if likely:
            break
    return likely[0] if len(likely) == 1 else settled(network, likely, given, source)


def running_layouts(
    network: nn.Module, form: Entry, layouts: tuple[str, ...], given: Input, reasons: dict[str, str]
) -> list[Entry]:
    """The layouts in which the network runs; of the others, why not, if no form before has told."""
    running = []
    for layout in layouts:
        entry = replace(form, layout=layout)
        reason = why_not(network, entry, given)
        if reason is None:
            running.append(entry)
        else:
            reasons.setdefault(layout, reason)
    return running


def why_not(network: nn.Module, entry: Entry, given: Input) -> str | None:
    """Why a network cannot be handed a clip in this way; None if it can."""
    try:
        with torch.no_grad():
            heads = heads_of(entry(network, reference_clip(entry.plain_layout, given)))
    except Exception as error:  # whatever a network raises
        kind = "" if isinstance(error, RuntimeError) else f"{type(error).__name__}: "
        return f"{kind}{first_line(error)}{own_place(error)}"
    return None if heads else "forward returned no tensor of numbers"


def answer_alike(network: nn.Module, running: list[Entry], given: Input) -> bool:
    """Whether a network tells the axes apart itself, and answers the same clip alike in either order."""
    clip = reference_clip("NTCHW", given)
    plain = {"NTCHW": clip, "NCTHW": clip.transpose(1, 2)}
    with torch.no_grad():
        answers = [heads_of(entry(network, plain[entry.layout]))[0].tensor for entry in running]
    return all(answer.shape == answers[0].shape and torch.equal(answer, answers[0]) for answer in answers)


def settled(network: nn.Module, running: list[Entry], given: Input, source: str) -> Entry:
    """The one of several layouts that also works for another number of frames than that of the channels."""
    for frames in OTHER_FRAMES if given.frames == CHANNELS else ():
        left = [entry for entry in running if why_not(network, entry, replace(given, frames=frames)) is None]
        if len(left) == 1:
            return left[0]
    if answer_alike(network, running, given):
        return running[0]
    layouts = [entry.layout for entry in running]
    raise ImportFailure(
        f"{source} takes clips of {given.frames} frames as {' and as '.join(layouts)}, and which it was "
        "trained with cannot be told.",
        f"Say which: {' or '.join(f'--layout {layout}' for layout in layouts)}.",
    )
