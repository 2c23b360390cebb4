"""Loads the operator library into Python's own PyTorch, where it is checked against independent code."""

from __future__ import annotations

import json
from typing import Any, Callable

import numpy as np
import pytest
import torch
from native_build import RELEASE, ROOT

GOLDEN = ROOT / "test" / "fixtures" / "golden"

torch.ops.load_library(str(RELEASE / "libfep_ops.so"))
torch.set_num_threads(2)


@pytest.fixture(scope="session")
def fep() -> Any:
    """The operators, `torch.ops.fep`."""
    return torch.ops.fep


@pytest.fixture(scope="session")
def golden() -> Callable[[str], torch.Tensor]:
    """Reads `<name>.npy` from the golden values."""
    return lambda name: torch.from_numpy(np.load(GOLDEN / f"{name}.npy"))


@pytest.fixture(scope="session")
def golden_cases() -> dict[str, Any]:
    """golden.json."""
    return json.loads((GOLDEN / "golden.json").read_text())


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Every test draws the same random numbers, alone or among others."""
    torch.manual_seed(0)
