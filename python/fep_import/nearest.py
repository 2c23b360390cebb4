"""Which known name a wrong one may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(wrong: str, known: Iterable[str]) -> str:
    """`Did you mean r3d_18? `, or nothing where no name is near."""
    by_letters = {letters(name): name for name in known}
    found = difflib.get_close_matches(letters(wrong), by_letters, n=1, cutoff=0.6)
    return f"Did you mean {by_letters[found[0]]}? " if found else ""


def letters(name: str) -> str:
    """Without case and signs: `R2Plus1D-18` and `r2plus1d_18` are alike."""
    return "".join(sign for sign in name.lower() if sign.isalnum())
