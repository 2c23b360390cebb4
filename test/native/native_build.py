"""The native build under test: build/Release, or another that the environment names (scripts/sanitize.mjs)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RELEASE = Path(os.environ.get("FEP_TEST_BUILD", ROOT / "build" / "Release"))

#: What a library that is to go with it has to be compiled with.
FLAGS = os.environ.get("FEP_TEST_FLAGS", "").split()
