"""What a picture says in words and figures is what it draws, and nothing is drawn that is not there."""

from __future__ import annotations

import pandas as pd
import pytest

from t4c_lib.charts import Picture, ShareLines, share_and_target
from t4c_lib.charts.share_and_target import DRIFT, PLANNED
from t4c_lib.periods import Month
from t4c_lib.progress import Shape, Stop, Trajectory, history
from tests.counted import WHOLE, observation, table

pytestmark = pytest.mark.unit

COUNTED = table([observation("young-share", f"2026-0{month}", 50 + month, out_of=1000) for month in (1, 2, 4)])
HISTORY = history(COUNTED, "young-share", WHOLE)
STOPS = (Stop(Month(2026, 10).last_day, 0.06),)
STEPPED = Trajectory(0.054, 0.08, Month(2026, 4).last_day, Month(2027, 4).last_day, Shape.STEPPED, STOPS)
WAY, MONTHLY = STEPPED.corners(), STEPPED.monthly()


def drawn_lines(picture: Picture) -> set[str]:
    assert picture.drawing is not None
    return {row["line"] for rows in picture.drawing.tables.values() for row in rows if "line" in row}


def test_a_target_is_drawn_only_when_there_is_one() -> None:
    without = share_and_target(ShareLines(("All staff", HISTORY)), measured="Share", title="Title")
    assert drawn_lines(without) == {"All staff"}
    assert without.description.endswith("No target is set.")
    full = share_and_target(
        ShareLines(("All staff", HISTORY), drift=MONTHLY.assign(value=0.05), trajectory=WAY),
        measured="Share",
        title="Title",
    )
    assert drawn_lines(full) == {"All staff", DRIFT, PLANNED}
    assert "Planned trajectory: 5.4% in April 2026, 8.0% in April 2027." in full.description


def test_a_gap_is_named_and_left_empty() -> None:
    picture = share_and_target(ShareLines(("All staff", HISTORY)), measured="Share", title="Title")
    assert "1 month missing" in picture.description
    march = picture.table[picture.table["Month"] == "March 2026"].iloc[0]
    assert march["All staff"] == ""


def test_the_table_holds_what_is_drawn() -> None:
    lines = ShareLines(("All staff", HISTORY), trajectory=WAY, planned=MONTHLY)
    picture = share_and_target(lines, measured="Share", title="Title")
    assert "Checkpoint in October 2026: 6.0%." in picture.description
    steps = picture.table.set_index("Month")[PLANNED]
    assert steps[["September 2026", "October 2026", "March 2027"]].tolist() == ["5.4%", "6.0%", "6.0%"]
    assert picture.table.columns.tolist() == ["Month", "All staff", PLANNED]
    assert picture.table.iloc[0].tolist() == ["January 2026", "5.1%", ""]
    assert picture.table.iloc[-1].tolist() == ["April 2027", "", "8.0%"]


def test_the_specification_asks_for_nothing_from_outside() -> None:
    picture = share_and_target(ShareLines(("All staff", HISTORY), trajectory=WAY), measured="Share", title="Title")
    assert picture.drawing is not None
    specification = picture.drawing.specification(600)
    text = str({key: value for key, value in specification.items() if key != "$schema"})
    assert "http" not in text
    assert specification["description"] == picture.drawing.description == picture.description


def test_a_picture_is_drawn_as_svg_with_its_text_as_text() -> None:
    svg = share_and_target(
        ShareLines(("All staff", HISTORY), trajectory=WAY), measured="Share of staff", title="T"
    ).svg(600)
    assert svg.startswith("<svg")
    assert "target 8.0%" in svg
    assert "Share of staff" in svg


def test_an_empty_history_says_that_nothing_was_counted() -> None:
    empty = pd.DataFrame({"month": pd.to_datetime([]), "value": pd.Series([], dtype=float)})
    lines = ShareLines(("All staff", HISTORY), ("Support staff", empty))
    assert "Support staff: nothing counted." in share_and_target(lines, measured="Share", title="T").description
