"""The summary of measures against the published cases of the package that NHS charts are made with."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from t4c_lib.charts.run_chart import LEAST_POINTS
from t4c_lib.charts.symbols import icons_of
from t4c_lib.html_templates import from_template
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import no_figures
from t4c_lib.progress.row_progress import row_progress
from t4c_lib.quantities import percent
from t4c_lib.sections.row_view import RowView

MIDDLE, SCALE = 0.5, 0.01  # a case's value of 1.5 is drawn as 51.5%: limits move and stretch alike, signals stay
ROW = {
    "increase": MeasureRow.of(measure="young-share", change={"kind": "level", "amount": 0.9}),
    "decrease": MeasureRow.of(measure="sickness", change={"kind": "level", "amount": 0.1}),
}


def as_in_the_table(shared: Path) -> list[dict[str, Any]]:
    """The cases without a target and with the settings of the table: one phase, outliers screened as there."""
    every = json.loads((shared / "cases" / "spc_cases.json").read_text())["series_cases"]
    return [
        case
        for case in every
        if not case["input"]["rebase_index"]
        and case["input"]["fix_after_n_points"] is None
        and case["input"]["target"] is None
        and case["input"]["screen_outliers"]
        and len(case["input"]["values"]) >= LEAST_POINTS
        and case["input"]["improvement_direction"] in ROW
    ]


def view(case: dict[str, Any]) -> RowView:
    values = [MIDDLE + SCALE * value for value in case["input"]["values"]]
    days = pd.date_range("2023-01-31", periods=len(values), freq="ME")
    figures = pd.DataFrame(
        {"period": [f"{day:%Y-%m}" for day in days], "day": days, "value": values, "population": "x", "source": "x.csv"}
    ).assign(numerator=float("nan"), denominator=float("nan"), low=float("nan"), high=float("nan"))
    figures = figures.assign(state="counted", months=0.0, step=0.0, official=0.0)[list(no_figures().columns)]
    row = ROW[case["input"]["improvement_direction"]]
    return RowView(row_progress(row, figures, dt.date(2026, 1, 1)))


@pytest.mark.law
def test_mean_limits_and_variation_of_the_table_are_those_that_were_published(shared: Path) -> None:
    found = as_in_the_table(shared)
    assert len(found) == 5
    for case in found:
        one, (limits,) = view(case), case["expected"]["limits"]
        due = [percent(MIDDLE + SCALE * limits[name]) for name in ("mean", "lpl", "upl")]
        assert one.limits == due, case["id"]
        assert one.icons[0] == icons_of(case["expected"]["variation_icon"], None)[0], case["id"]
        table = from_template("sections/board_tables.html.j2", "summary", [one], "x")
        cells = BeautifulSoup(table, "html.parser").select("tbody td")
        shown = {str(cell.get("data-label")): cell.get_text() for cell in cells}
        assert [shown[name] for name in ("Mean", "Lower limit", "Upper limit")] == due
