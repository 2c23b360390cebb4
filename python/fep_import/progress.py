"""Says what is being done, for whoever waits."""

from __future__ import annotations

import sys


def step(what: str) -> None:
    """One line on stderr, which lib/import/python.ts recognises by its beginning."""
    print(f"… {what}", file=sys.stderr, flush=True)
