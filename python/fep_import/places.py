"""Whose code an error came up in."""

from __future__ import annotations

import traceback
from pathlib import Path

#: The importer's own code.
HERE = str(Path(__file__).parent)


def is_own(frame: traceback.FrameSummary) -> bool:
    """Whether a place is in the source's own code, rather than in the importer's or an installed package's."""
    installed = any(folder in frame.filename for folder in ("site-packages", "dist-packages"))
    return not installed and not frame.filename.startswith((HERE, "<"))


def own_place(error: Exception) -> str:
    """Where in the network's own code an error came up, as ` (net.py:23)`; empty for any other code."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if is_own(frame)]
    return f" ({Path(own[-1].filename).name}:{own[-1].lineno})" if own else ""
