"""Where networks come from: one module for each kind of source, which turns it into a `Found`."""

from __future__ import annotations

import argparse
import importlib
import re
from pathlib import Path

from ..failure import ImportFailure
from ..found import Found

#: What a prefix of SOURCE stands for: the module here, and how to write it.
PREFIXES = {
    "torchvision": "torchvision_model",
    "pytorchvideo": "pytorchvideo_model",
    "mmaction2": "mmaction2_model",
    "release": "released",
    "huggingface": "huggingface",
}

FORMS = """\
  FOLDER                    of a HuggingFace model: config.json, model.safetensors, preprocessor_config.json
  huggingface:OWNER/NAME    the same, from the hub's cache on this machine (or with --download)
  torchvision:NAME          any of torchvision.models.video
  pytorchvideo:NAME         of pytorchvideo.models.hub: X3D, Slow, SlowFast, I3D, CSN, R(2+1)D, MViT
  mmaction2:CONFIG.py       with its checkpoint as --weights
  release:NAME              a published checkpoint, as --weights, of a network that is defined here
  FILE.py:FUNCTION          your own: a function that returns the network
  FILE.pt2                  a program of torch.export"""


#: The options of weights that each kind of source takes.
TAKES = {
    "torchvision_model": {"weights", "random_init", "download", "allow_pickle", "class_count"},
    "pytorchvideo_model": {"weights", "random_init", "download", "allow_pickle", "class_count"},
    "mmaction2_model": {"weights", "random_init", "allow_pickle"},
    "released": {"weights", "random_init", "allow_pickle", "class_count", "release", "head"},
    "huggingface": {"random_init", "download", "allow_pickle", "class_count"},
    "own_module": {"weights", "random_init", "allow_pickle", "pathways", "class_count"},
    "exported_program": set(),
}


def require_taken(name: str, options: argparse.Namespace) -> None:
    """Refuses an option that would change nothing."""
    for option in set().union(*TAKES.values()) - TAKES[name]:
        if getattr(options, option) not in (None, False):
            raise ImportFailure(
                f"--{option.replace('_', '-')} means nothing for {options.source}.", "Leave it out."
            )


def find(options: argparse.Namespace) -> Found:
    """Recognises what a source is, and reads it."""
    name, rest = kind_of(options.source)
    require_taken(name, options)
    module = importlib.import_module(f".{name}", __name__)
    return module.find(rest, options)


def kind_of(source: str) -> tuple[str, str]:
    """The module for a source, and the part of it that the module needs."""
    prefix, colon, rest = source.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix], rest
    path = Path(source)
    if path.is_dir():
        return "huggingface", source
    if source.endswith(".pt2"):
        return "exported_program", source
    if re.fullmatch(r"(.+\.py|[A-Za-z_][\w.]*):[A-Za-z_]\w*", source):
        return "own_module", source
    if re.fullmatch(r"[\w.-]+/[\w.-]+", source) and not path.exists():
        return "huggingface", source
    what = "a file of another kind" if path.is_file() else "neither a folder nor a known kind of source"
    raise ImportFailure(f"{source} is {what}.", f"SOURCE is one of\n{FORMS}")
