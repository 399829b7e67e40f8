"""What docs/reference/stable-names.md promises analysts: names, what they say of themselves, columns of tables."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from stable_names import columns_of, found, stable_names

from t4c_lib.charts import Picture
from t4c_lib.periods import Month
from t4c_lib.progress import row_figures
from t4c_lib.progress.what_if import open_what_if
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING
from tests.served import ROOT

OWN = "DEMO-MH"
QUESTION = "t4c_lib.progress.what_if_answers.WhatIfQuestion"
BESIDES = {"t4c_lib.whatif.DOING_NOTHING"}  # named in the words of another row: a value has no docstring


@pytest.mark.unit
@pytest.mark.parametrize("name", stable_names())
def test_a_stable_name_is_there_and_says_what_it_is(name: str) -> None:
    said = found(name).__doc__
    assert said, name
    assert len(said.split()) >= 3, said


@pytest.mark.unit
def test_a_name_that_is_gone_is_found() -> None:
    assert len(stable_names()) > 50
    with pytest.raises(AttributeError):
        found("t4c_lib.store.Store.no_such_name")
    with pytest.raises(ImportError):
        found("t4c_lib.no_such_room.name")


@pytest.mark.unit
def test_the_analysis_notebook_uses_stable_names_only() -> None:
    cells = json.loads((ROOT / "workbooks" / "analysis.ipynb").read_text(encoding="utf-8"))["cells"]
    used = set()
    for cell in (one for one in cells if one["cell_type"] == "code"):
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            if isinstance(node, ast.ImportFrom):
                used |= {f"{node.module}.{one.name}" for one in node.names}
    assert used - BESIDES - stable_names().keys() == set()


@pytest.fixture
def tables(store_file: Path) -> dict[str, pd.DataFrame]:
    """A table of each kind that the page promises, by the name that gives it."""
    with Store.open(store_file, read_only=True) as store:
        revision, evidence, newest = store.latest_plan(OWN), store.observations(OWN), store.newest_month(OWN)
    assert revision is not None
    assert newest is not None
    row = revision.plan.measure("young-share")
    assert row.target is not None
    opened = open_what_if(revision.plan, evidence, Month.parse(newest).last_day)
    asked = WhatIfQuestion(opened, row, row.target.due, row.target.goal)
    return {
        "t4c_lib.store.Store.observations": evidence,
        "t4c_lib.progress.row_figures": row_figures(row, evidence),
        f"{QUESTION}.band": asked.band(DOING_NOTHING),
        f"{QUESTION}.matters": asked.matters(DOING_NOTHING),
    }


@pytest.mark.flow
def test_tables_have_the_columns_that_the_page_lists_and_shares_are_fractions(tables: dict[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        listed = columns_of(name)
        assert len(listed) >= 4, name
        assert list(table.columns[: len(listed)]) == listed, name
    evidence = tables["t4c_lib.store.Store.observations"]
    shares = evidence.loc[evidence["unit"] == "share", "value"].dropna()
    assert len(shares) > 100
    assert shares.between(0, 1).all()
    unknown = evidence.loc[evidence["state"].isin(["suppressed", "missing", "not applicable"]), "value"]
    assert unknown.isna().all()
    band = tables[f"{QUESTION}.band"]
    assert (band["low"].between(0, 1) & (band["low"] <= band["high"])).all()


@pytest.mark.flow
def test_the_lines_for_analysts_end_in_a_picture(store_file: Path) -> None:
    guide = (ROOT / "docs" / "guide" / "for-analysts.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    lines = code.strip().splitlines()
    assert len([line for line in lines if line and not line.startswith("from ")]) <= 6
    known: dict[str, Any] = {}
    exec("\n".join([*lines[:-1], f"shown = {lines[-1]}"]), known)
    shown = known["shown"]
    assert isinstance(shown, Picture)
    assert shown._repr_svg_().startswith("<svg ")
    assert len(shown.table) > 12
