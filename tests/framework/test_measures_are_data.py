"""Measures are only data: no code knows a single one by its key."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import t4c_lib
from t4c_lib.framework import catalogue
from t4c_lib.whatif import LEVERS

pytestmark = pytest.mark.unit

ROOT = Path(t4c_lib.__file__).parent
# A publication is of something: its reader names the series that it fills. So does whoever counts a staff extract.
READERS = "evidence"
# A section that is about one measure names it.
ABOUT_ONE = {"sections/figure_sections.py": "sickness"}
# What a lever changes first, in words; not the measure.
IN_WORDS = {"whatif/levers.py": "turnover"}


def test_no_code_knows_a_measure_by_its_key() -> None:
    keys = {measure.key for measure in catalogue().measures}
    found = []
    for file in sorted(ROOT.rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if name.startswith(f"{READERS}/"):
            continue
        # A lever may have the name of the measure that it moves.
        allowed = {ABOUT_ONE.get(name), IN_WORDS.get(name), *(LEVERS if name.startswith("whatif/") else ())}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in keys - allowed:
                found.append(f"{name}, line {node.lineno}: {node.value}")
    assert found == []
