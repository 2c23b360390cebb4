"""Any network: a function in a Python file or module that returns it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..answering import Entered, prepared
from ..entry_forms import Wanted
from ..entry_trials import find_entry
from ..failure import ImportFailure
from ..found import Found, bare_input
from ..model_file import reference_clip
from ..networks.random_weights import randomize
from ..own_code import made
from ..progress import step
from ..weights import load_strictly, read_state

#: What nothing but the user can know of a network, and the flags that say it.
NEEDED = {"layout": "--layout", "frames": "--frames", "size": "--size"}


def find(source: str, options: argparse.Namespace) -> Found:
    missing = [flag for key, flag in NEEDED.items() if getattr(options, key) is None]
    if missing not in ([], ["--layout"]):
        raise ImportFailure(
            f"{source} does not say what clips its network takes.",
            f"Add {' '.join(missing)} (and --mean, --std, --sampling and --classes as it was trained). "
            "The layout and the activation are found by trial where they can be.",
        )
    place, _, name = source.rpartition(":")
    network = made(place, name, source, options)
    given = bare_input(options.frames, *options.size)
    weights = []
    if options.weights is not None and not options.random_init:
        load_strictly(network, read_state(options), source)
        weights.append(options.weights)
    step("trying how it takes a clip")
    entry = find_entry(prepared(network), given, Wanted(options.layout, options.pathways), source)
    if not entry.is_plain or options.layout is None:
        step(f"it takes {entry}")
    if options.random_init:
        randomize(Entered(network, entry), reference_clip(entry.plain_layout, given), options.seed)
    return Found(
        network,
        entry.plain_layout,
        given,
        name=Path(place).stem,
        architecture=type(network).__name__,
        weights=weights,
        scriptable=True,
        entry=entry,
    )
