"""`t4c evidence template` and `add`: the workbook goes out, is filled in, and its figures come back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile
from t4c_lib.plan import Plan, RowState
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.counted import table

pytestmark = pytest.mark.flow


@pytest.fixture
def known(run: Run) -> Run:
    """The command line on a store that knows one organisation."""
    source = SourceFile("made.csv", "0" * 64, "made", 1, 0, None, "")
    nothing = table([])[list(OBSERVATION_COLUMNS)]
    with Store.open() as store:
        store.add_evidence([Loaded(source, (Organisation("ZZ9", "Nowhere Trust", demonstration=True),), nothing)])
    return run


def test_figures_go_out_as_a_workbook_and_come_back(known: Run, tmp_path: Path) -> None:
    file = tmp_path / "figures.xlsx"
    code, out, _ = known("evidence", "template", "ZZ9", "--out", str(file), "--to", "2026-03")
    assert code == 0
    assert "there is no plan yet" in out
    book = openpyxl.load_workbook(file)
    book["ESR"]["F6"], book["ESR"]["G6"] = "5.7%", 1000
    book.save(file)
    code, out, err = known("evidence", "add", str(file))
    assert code == 1
    assert "sheet 'ESR', cell F6: '5.7%' is not a number" in err
    assert "every problem is marked in" in out
    copy = tmp_path / "figures-marked.xlsx"
    book = openpyxl.load_workbook(copy)
    assert book["ESR"]["F6"].comment is not None
    book["ESR"]["F6"] = 57
    book.save(copy)
    code, out, _ = known("evidence", "add", str(copy))
    assert code == 0
    assert "1 new" in out
    with Store.open() as store:
        (row,) = store.observations("ZZ9").to_dict("records")
    assert (row["series"], row["period"], row["value"]) == ("young-share", "2025-04", 0.057)


def test_a_plan_s_open_measures_are_asked_for_and_no_others(known: Run, tmp_path: Path) -> None:
    plan = Plan.suggested("ZZ9", "Nowhere Trust", ["2026/27"])
    kept = {"young-share", "pledge-published"}
    rows = [
        row if row.measure in kept else row.model_copy(update={"state": RowState.LEFT_OUT, "reason": "not now"})
        for row in plan.measures
    ]
    with Store.open() as store:
        store.save_plan(plan.model_copy(update={"measures": tuple(rows)}), by="Ada", side="both", note="")
    file = tmp_path / "figures.xlsx"
    code, out, _ = known("evidence", "template", "ZZ9", "--out", str(file), "--every", "quarter")
    assert code == 0
    assert "1 figure of the plan, revision 1" in out
    assert "4 rows on 1 sheet: ESR" in out
    assert openpyxl.load_workbook(file).sheetnames == ["Read me", "What to count", "ESR"]
    assert openpyxl.load_workbook(file)["ESR"].max_row == 9


def test_a_wrong_organisation_month_or_file_is_told(known: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "figures.xlsx")
    assert "ZZ9" in known("evidence", "template", "ZZ8", "--out", file)[2]
    assert "is not a month" in known("evidence", "template", "ZZ9", "--out", file, "--to", "March")[2]
    assert known("evidence", "template", "ZZ9", "--out", file)[0] == 0
    assert "is there already" in known("evidence", "template", "ZZ9", "--out", file)[2]
