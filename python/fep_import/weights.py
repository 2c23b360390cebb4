"""The weights of a network: out of a file, from the library, or random."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from torch import Tensor, nn

from .checkpoint import Misfit, State, misfit, read_checkpoint
from .entry_refusal import POSITIONS
from .failure import ImportFailure
from .fitting import fitted
from .libraries import require
from .networks.random_weights import randomize
from .progress import step


def read_state(options: argparse.Namespace) -> State:
    """The tensors of --weights: a safetensors file, or one of torch.save."""
    return read_file(options.weights, options.allow_pickle)


@lru_cache(maxsize=1)  # the number of classes is read first, then the weights
def read_file(path: Path, allow_pickle: bool) -> State:
    if not path.is_file():
        raise ImportFailure(f"There is no file of weights {path}.", "Give the path of one with --weights.")
    if path.suffix != ".safetensors":
        return read_checkpoint(path, allow_pickle)
    try:
        return require("safetensors.torch", "safetensors").load_file(str(path))
    except ImportFailure:
        raise
    except Exception as error:  # the library's own kind among them
        raise ImportFailure(f"{path} cannot be read as safetensors: {error}") from error


def load_strictly(network: nn.Module, state: State, source: str) -> None:
    """Copies weights into a network. Raises ImportFailure with every name that does not fit."""
    wanted = {name: value.shape for name, value in network.state_dict().items()}
    fits = fitted(state, wanted)
    wrong = misfit(fits, wanted)
    if wrong:
        raise ImportFailure(f"The weights do not fit {source}:\n{wrong}", what_to_do(wrong))
    if len(fits) < len(state):
        step(
            f"{len(state) - len(fits)} of {len(state)} tensors of the weights are of other parts, and left out"
        )
    network.load_state_dict(fits, strict=False)


def what_to_do(wrong: Misfit) -> str:
    if any(POSITIONS.search(line.partition(":")[0].lower()) for line in wrong.misshapen):
        return (
            "Position embeddings fix the frames and the size of the clips: give the --frames and --size that "
            "the weights were trained with."
        )
    if wrong.misshapen and not wrong.missing:
        return "Build the network as it was trained: of as many classes, and of the same widths."
    return (
        "Check that they belong to this network. Prefixes such as module. and model. are taken off; other "
        "names have to be the network's own."
    )


def fill(
    network: nn.Module, clip: Tensor, options: argparse.Namespace, source: str, fetch: Callable[[], State]
) -> list[Path]:
    """
    Fills a network by the options: with random weights, those of a file, or what `fetch` returns.

    Returns the files.
    """
    if options.random_init:
        randomize(network, clip, options.seed)
        return []
    if options.weights is not None:
        load_strictly(network, read_state(options), source)
        return [options.weights]
    load_strictly(network, fetch(), source)
    return []


def class_count(options: argparse.Namespace, last_layer: str, default: int) -> int:
    """The number of classes: asked for, or that of the weights, by the bias of the network's last layer."""
    if options.class_count is not None:
        return options.class_count
    if options.weights is None or options.random_init:
        return default
    last = f".{last_layer}.bias"
    counts = {value.numel() for name, value in read_state(options).items() if f".{name}".endswith(last)}
    return counts.pop() if len(counts) == 1 else default


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    result = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            result.update(block)
    return result.hexdigest()
