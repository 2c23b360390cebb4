"""Lets the tests import the importer, and makes every architecture small enough to run often."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))
torch.set_num_threads(1)  # other tests use the other cores

from fep_import.model_file import reference_clip  # noqa: E402
from fep_import.networks.random_weights import randomize  # noqa: E402
from fep_import.published.releases import RELEASES  # noqa: E402
from fep_import.trials import start  # noqa: E402

start()  # before any computation, from which on this process cannot be forked

#: Frames and size at which an architecture is quick; what it needs at least, where it needs something.
SMALL = {"i3d": (16, 32), "video_transformer": (4, 48), "cnn_lstm": (5, 48)}
CLASSES = 7


def small_network(architecture: str) -> tuple[nn.Module, Tensor]:
    """The network at full width with few classes, and a clip of few and small frames."""
    release = RELEASES[architecture][0]
    frames, size = SMALL.get(architecture, (8, 40))
    given = replace(release.input, frames=frames, height=size, width=size)
    network = release.build(CLASSES, given)
    clip = reference_clip(str(network.layout), given)
    randomize(network, clip, 5)
    return network, clip


@pytest.fixture(scope="module", params=sorted(RELEASES))
def small(request: pytest.FixtureRequest) -> tuple[str, nn.Module, Tensor]:
    network, clip = small_network(request.param)
    return request.param, network, clip
