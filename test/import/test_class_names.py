"""Class names from any text or JSON file; test/14.models.full-size.test.mjs reads the same cases."""

from __future__ import annotations

import json

import pytest
from fep_import.class_names import parse_class_names, read_class_names
from fep_import.failure import ImportFailure
from published import FOLDER

CASES = json.loads((FOLDER / "class_names.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_class_names(case, tmp_path):
    path = tmp_path / "names"
    path.write_text(case["text"], encoding="utf-8")
    if "names" in case:
        assert read_class_names(path) == case["names"]
    else:
        with pytest.raises(ImportFailure, match=case["error"]):
            read_class_names(path)


def test_text_without_a_mark_of_its_encoding():
    assert parse_class_names("über\nnaïve") == ["über", "naïve"]
