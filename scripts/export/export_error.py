"""A failure that has been explained: what was wrong, and what to do."""

from __future__ import annotations


class ExportError(Exception):
    """The message says what was wrong and what was expected, the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
