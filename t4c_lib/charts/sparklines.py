"""A row for each measure: how it went, where it stands, and the word for that."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import WORDS, Scale, dated, fit_text, row_top
from t4c_lib.charts.symbols import STATUS_SYMBOLS
from t4c_lib.charts.theme import BLUE, TEXT, TRAJECTORY, lines_of

LINE, GOAL = Stroke(BLUE, width=2.5), Stroke(TRAJECTORY, (4, 3), 2.5)
_HEIGHT, _LINE_TOP, _LINE_HEIGHT = 76, 28, 34
_STATUS_ROOM = 104  # pixels for the word of a status in a narrow chart


@dataclass(frozen=True, eq=False)
class Sparkline:
    """One measure."""

    name: str  #: its words
    figures: pd.DataFrame  #: a row for each period, oldest first: day, period (its words) and value (NaN where missing)
    scale: Scale  #: how its figures are written
    status: str  #: the word of its status
    reason: str = ""  #: the same in one sentence
    goal: float | None = None  #: the target; None while it is unset


_TEMPLATE = Template("sparklines", ("rows", "line", "goals", HEADER))


def sparklines(sparks: list[Sparkline], *, title: str) -> Picture:
    """Draw them. `sparks`: the measures, in the order of the rows. `title`: the finding."""
    rows, line, goals, table, said = [], [], [], [], []
    for place, spark in enumerate(sparks):
        known = dated(spark.figures)
        values = [value for _, value in known if value is not None]
        top = row_top(place, _HEIGHT)
        shown = [*values, *([] if spark.goal is None else [spark.goal])]
        low, span = (min(shown), max(shown) - min(shown)) if shown else (0.0, 0.0)
        line += [{"row": place, **point} for point in _line([_height(value, low, span, top) for _, value in known])]
        if spark.goal is not None and values:
            goals.append({"y": _height(spark.goal, low, span, top)})
        rows.append(_row(spark, top, spark.scale.text(values[-1]) if values else "–"))
        table.append(_line_of_table(spark, values))
        said.append(f"{spark.name}: {table[-1]['Latest'] or 'no figure'}, {spark.status}")
    description = f"{len(sparks)} small lines, one for each measure. {'; '.join(said)}."
    key = [("Figures, oldest to latest", LINE), *([("Target", GOAL)] if goals else [])]
    drawing = _TEMPLATE.filled(
        {"rows": rows, "line": line, "goals": goals, HEADER: header_rows((), key)},
        measured="Each line has its own scale",
        description=description,
        height=_HEIGHT * max(1, len(rows)),
    )
    columns = ["Measure", "First", "Latest", "Target", "Status", "Why"]
    return Picture(title, description, pd.DataFrame(table, columns=columns), drawing)


def _height(value: float | None, low: float, span: float, top: int) -> float | None:
    if value is None:
        return None
    return top + _LINE_TOP + _LINE_HEIGHT * (1 - (value - low) / span if span else 0.5)


def _line(heights: list[float | None]) -> list[dict[str, Any]]:
    """The points of a line; a gap begins another run, which is not joined to the one before."""
    points: list[dict[str, Any]] = []
    run = 0
    for at, height in enumerate(heights):
        if height is None:
            run += 1
        else:
            along = at / (len(heights) - 1) if len(heights) > 1 else 1.0
            points.append({"along": along, "y": height, "run": run, "dot": False})
    if points:
        points[-1]["dot"] = True
    return points


def _row(spark: Sparkline, top: int, latest: str) -> dict[str, Any]:
    return {
        **fit_text(spark.name),
        "said": latest,
        "status": spark.status,
        "narrow_status": lines_of(spark.status, _STATUS_ROOM, TEXT),
        **STATUS_SYMBOLS[spark.status].drawn,
        "top_y": top,
        "words_y": top + WORDS,
        "middle_y": top + _LINE_TOP + _LINE_HEIGHT / 2,
    }


def _line_of_table(spark: Sparkline, values: list[float]) -> dict[str, str]:
    periods = spark.figures["period"][spark.figures["value"].notna()].tolist()
    ends = [f"{spark.scale.text(values[at])} ({periods[at]})" for at in (0, -1)] if values else ["", ""]
    return {
        "Measure": spark.name,
        "First": ends[0],
        "Latest": ends[1],
        "Target": spark.scale.text(spark.goal),
        "Status": spark.status,
        "Why": spark.reason,
    }
