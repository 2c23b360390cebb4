"""No race in the CUDA kernels: every pair of threads of a block, between two barriers, and every pair of blocks.

The kernels are compiled for the CPU with each read and write announced (race_watch.cc). Where one thread writes a byte,
no other may touch it before the next barrier; atomic additions may meet each other.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from on_host import load_watched
from torch import Tensor

DOUBLE = torch.float64


@pytest.fixture(scope="module")
def watched() -> Any:
    return load_watched()


def races_of(watched: Any, operator: str, *arguments: Any) -> list[str]:
    """The races of one call; it has to be one that is watched."""
    watched.take_races()
    getattr(watched, operator)(*arguments)
    races, accesses = watched.take_races()
    assert accesses > 0, f"{operator} reads and writes nothing"
    return races


def mask(*shape: int) -> Tensor:
    """Zeros, ones and many equal values in between, which the energies' searches take apart."""
    values = torch.randint(0, 65, shape).to(DOUBLE) / 64
    values[values < 0.3] = 0
    values[values > 0.9] = 1
    values[(values > 0.5) & (values < 0.7)] = 0.625
    return values


def test_a_race_of_blocks_is_found(watched):
    counter = torch.zeros(1, dtype=torch.int32)
    writing = races_of(watched, "racing_blocks", counter, False, False)
    assert writing and all("blocks or elements" in race for race in writing)
    assert races_of(watched, "racing_blocks", counter, True, False) == []  # atomic additions may meet
    assert races_of(watched, "racing_blocks", counter, True, True) != []  # but not a plain read


def test_a_race_of_threads_is_found(watched):
    values = torch.rand(128, dtype=DOUBLE)
    assert any("threads of a block" in race for race in races_of(watched, "racing_sum", values, False))
    assert races_of(watched, "racing_sum", values, True) == []


@pytest.mark.parametrize("dtype", [DOUBLE, torch.float32])
@pytest.mark.parametrize("shape", [(1, 7, 24, 31), (3, 8, 13, 12)])
@pytest.mark.parametrize("per_frame", [False, True])
def test_energies(watched, shape, per_frame, dtype):
    values, areas = mask(*shape).to(dtype), [0.1] * shape[0]
    assert races_of(watched, "area_energy_with_gradient", values, areas, per_frame) == []
    assert races_of(watched, "core_energy_with_gradient", values, areas) == []


def test_energy_of_more_masks_than_a_launch_takes(watched):
    assert races_of(watched, "area_energy_with_gradient", mask(70, 1, 9, 9), [0.1] * 70, False) == []


@pytest.mark.parametrize("height,width,step,sigma", [(28, 33, 7, 11.0), (17, 23, 1, 0.4), (1, 30, 7, 11.0)])
def test_smooth_mask(watched, height, width, step, sigma):
    parameters = mask(2, -(-height // step), -(-width // step))
    grid = (height, width, step, sigma)
    assert races_of(watched, "smooth_mask_with_denominator", parameters, *grid) == []
    canvas, denominator = watched.smooth_mask_with_denominator(parameters, *grid)
    gradient = torch.randn_like(canvas)
    assert races_of(watched, "smooth_mask_backward_from", gradient, parameters, canvas, denominator, *grid) == []


def test_perturb(watched):
    pyramid, values = torch.randn(8, 3, 2, 9, 11, dtype=DOUBLE), mask(2, 2, 9, 11)
    assert races_of(watched, "perturb", pyramid, values) == []
    gradient = torch.randn(2, 3, 2, 9, 11, dtype=DOUBLE)
    assert races_of(watched, "perturb_backward", gradient, pyramid, values) == []


def test_frequency(watched):
    small, large = torch.randn(2, 4, 9, 9, dtype=DOUBLE), torch.randn(2, 5, 34, 33, dtype=DOUBLE)
    assert races_of(watched, "dct3", large) == []  # a small one is a product of matrices, without a kernel of ours
    assert races_of(watched, "idct3", large) == []
    for gradient in (small, large):
        assert races_of(watched, "frequency_modulate", gradient, 0.5, 0.2) == []


def test_rectify(watched):
    values = torch.randn(2, 3, 4, 5, 7)
    assert races_of(watched, "rectify_with_passed", values) == []
    output, passed = watched.rectify_with_passed(values)
    assert races_of(watched, "rectify_backward", torch.randn_like(output), passed, list(values.stride())) == []
