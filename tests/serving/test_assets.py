"""The chart program: made once, whole, and free of addresses that it would fetch from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from t4c_lib.serving import build_assets
from t4c_lib.serving.assets import CHART_PROGRAM

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_assets(tmp_path_factory.mktemp("built"))


def test_it_imports_nothing(program: Path) -> None:
    text = program.read_text(encoding="utf-8")
    assert not re.search(r"""\bimport\s*[({"'*]|\bfrom\s*["']https?:""", text)
    assert text.rstrip().endswith(";")


def test_it_is_not_made_again_while_its_versions_stand(program: Path) -> None:
    made = program.stat().st_mtime_ns
    build_assets(program.parents[len(CHART_PROGRAM.parts) - 1])
    assert program.stat().st_mtime_ns == made


def test_it_is_made_again_when_another_version_made_it(program: Path) -> None:
    whole = program.read_text(encoding="utf-8")
    program.write_text("// Vega, by Altair 1.0 and vl-convert 0.1\nhalf a fi", encoding="utf-8")
    build_assets(program.parents[len(CHART_PROGRAM.parts) - 1])
    assert program.read_text(encoding="utf-8") == whole
