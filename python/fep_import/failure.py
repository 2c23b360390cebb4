"""A failure with an explanation."""

from __future__ import annotations


class ImportFailure(Exception):
    """The message says what was wrong and what was expected; the hint says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
