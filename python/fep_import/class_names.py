"""Reads class names from any text or JSON file; `lib/manifest/classNames.ts` reads the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .failure import ImportFailure

#: `12 juggling balls` and `juggling balls 12`, separated by spaces, a tab, a comma, a semicolon or a colon.
NUMBER_FIRST = re.compile(r"^(\d+)(?:\s*[,;:\t]\s*|\s+)(.+)$")
NUMBER_LAST = re.compile(r"^(.+?)(?:\s*[,;:\t]\s*|\s+)(\d+)$")


def read_class_names(path: Path) -> list[str]:
    """
    Returns the names in the order of a model's outputs.

    JSON: an array of names, or an object that maps names to indices or indices to names. Text: one name per
    line. If every line has a number before or after the name, and the numbers count from 0 or 1, they
    determine the order.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportFailure(f"The class names in {path} cannot be read: {error}") from error
    try:
        return parse_class_names(text)
    except ValueError as error:
        raise ImportFailure(
            f"The class names in {path} cannot be read: {error}.",
            "Give a JSON array of names, a JSON object of names and indices, or a text file with one name a "
            "line.",
        ) from error


def parse_class_names(text: str) -> list[str]:
    names = from_json(json.loads(text)) if text.lstrip()[:1] in ("[", "{") else from_lines(text)
    if not names:
        raise ValueError("there are none")
    return names


def from_json(value: Any) -> list[str]:
    if isinstance(value, list):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("the array holds something else than strings")
        return value
    pairs = [(index, name) if isinstance(index, int) else (name, index) for name, index in value.items()]
    try:
        names = in_order([(int(index), str(name).strip('"')) for index, name in pairs])
    except ValueError:
        names = None
    if names is None:
        raise ValueError("the object's indices do not count from 0 or 1")
    return names


def from_lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = [match.groups() for line in lines if (match := NUMBER_FIRST.match(line))]
    last = [match.groups() for line in lines if (match := NUMBER_LAST.match(line))]
    for pairs in ([(int(i), name) for i, name in first], [(int(i), name) for name, i in last]):
        names = in_order(pairs) if len(pairs) == len(lines) else None
        if names is not None:
            return names
    return lines


def in_order(pairs: list[tuple[int, str]]) -> list[str] | None:
    """The names sorted by number; None if the numbers do not count from 0 or 1."""
    ordered = sorted(pairs)
    numbers = [index for index, _ in ordered]
    start = numbers[0] if numbers else 0
    if start not in (0, 1) or numbers != list(range(start, start + len(numbers))):
        return None
    return [name for _, name in ordered]
