"""A row for each measure: how it went, where it stands, and the word for that."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Stroke, header_layers, header_rows
from t4c_lib.charts.layers import WORDS, as_given, fit_text, pixels, row_top, words_above
from t4c_lib.charts.picture import Picture, Template, table_named
from t4c_lib.charts.scale import Scale, dated
from t4c_lib.charts.symbols import STATUS_SYMBOLS
from t4c_lib.charts.theme import BLUE, GRID, STRONG, TEXT, TRAJECTORY, lines_of, themed

LINE, GOAL = Stroke(BLUE, width=2.5), Stroke(TRAJECTORY, (4, 3), 2.5)
_HEIGHT, _LINE_TOP, _LINE_HEIGHT = 76, 28, 34
_STATUS_ROOM, _STATUS_LINE = 104, 16  # pixels for the word of a status in a narrow chart, and from line to line
_LINE_SHARE = "(width < 520 ? 0.36 : 0.55)"  # of the width goes to the line, the rest to figure and word


@dataclass(frozen=True, eq=False)
class Sparkline:
    """One measure.

    Attributes:
        name: its words.
        figures: a row for each period, oldest first: day, period (its words) and value (NaN where missing).
        scale: how its figures are written.
        status: the word of its status.
        reason: the same in one sentence.
        goal: the target; None while it is unset.
    """

    name: str
    figures: pd.DataFrame
    scale: Scale
    status: str
    reason: str = ""
    goal: float | None = None


def _build() -> Any:
    import altair as alt

    rows = alt.Chart(table_named("rows"))
    at_x = alt.X("px:Q", scale=None, axis=None)
    line = alt.Chart(table_named("line")).transform_calculate(px=f"datum.along * width * {_LINE_SHARE}")
    goals = alt.Chart(table_named("goals")).transform_calculate(px="0", px2=f"width * {_LINE_SHARE}")
    right = rows.transform_calculate(px=f"width * {_LINE_SHARE} + 16")
    figure = right.encode(x=at_x, y=pixels("middle_y"))
    words = rows.transform_calculate(px=f"width * {_LINE_SHARE} + (width < 520 ? 92 : 130)")
    status = words.encode(x=at_x, y=pixels("middle_y"))
    written = words.transform_calculate(
        shown="width < 520 ? datum.narrow_status : datum.status",
        status_y=f"datum.middle_y - (width < 520 ? {_STATUS_LINE / 2} * (length(datum.narrow_status) - 1) : 0)",
    ).encode(x=at_x, y=pixels("status_y"))
    layers = [
        rows.mark_rule(stroke=GRID).encode(x=alt.value(0), x2=alt.value(alt.expr("width")), y=pixels("top_y")),
        goals.mark_rule(**GOAL.mark).encode(x=at_x, x2="px2:Q", y=pixels("y")),
        line.mark_line(**LINE.mark).encode(x=at_x, y=pixels("y"), detail=["row:N", "run:Q"], order="along:Q"),
        line.transform_filter("datum.dot")
        .mark_point(filled=True, fill=BLUE, size=80, opacity=1)
        .encode(x=at_x, y=pixels("y")),
        figure.mark_text(align="left", baseline="middle", fontSize=STRONG, fontWeight="bold").encode(text="said:N"),
        status.mark_point(size=190, opacity=1, strokeWidth=2).encode(
            **as_given(shape="path:N", fill="fill:N", stroke="colour:N")
        ),
        written.mark_text(align="left", baseline="middle", dx=14, fontSize=TEXT, lineHeight=_STATUS_LINE).encode(
            text="shown:N"
        ),
        words_above(rows),
        *header_layers(),
    ]
    return themed(alt.layer(*layers))


_TEMPLATE = Template("sparklines", _build, ("rows", "line", "goals", HEADER))


def sparklines(sparks: list[Sparkline], *, title: str, measured: str = "Each line has its own scale") -> Picture:
    """Draw them.

    Args:
        sparks: the measures, in the order of the rows.
        title: the finding.
        measured: the words above.
    """
    rows, line, goals, table, said = [], [], [], [], []
    for place, spark in enumerate(sparks):
        known = dated(spark.figures)
        values = [value for _, value in known if value is not None]
        top = row_top(place, _HEIGHT)
        shown = [*values, *([] if spark.goal is None else [spark.goal])]
        low, span = (min(shown), max(shown) - min(shown)) if shown else (0.0, 0.0)
        heights = [_height(value, low, span, top) for _, value in known]
        line += [{"row": place, **point} for point in _line(heights)]
        if spark.goal is not None and values:
            goals.append({"y": _height(spark.goal, low, span, top)})
        rows.append(_row(spark, top, spark.scale.text(values[-1]) if values else "–"))
        table.append(_line_of_table(spark, values))
        said.append(f"{spark.name}: {table[-1]['Latest'] or 'no figure'}, {spark.status}")
    description = f"{len(sparks)} small lines, one for each measure. {'; '.join(said)}."
    key = [("Figures, oldest to latest", LINE), *([("Target", GOAL)] if goals else [])]
    drawing = _TEMPLATE.filled(
        {"rows": rows, "line": line, "goals": goals, HEADER: header_rows((), key)},
        measured=measured,
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
    symbol = STATUS_SYMBOLS[spark.status]
    return {
        **fit_text(spark.name),
        "said": latest,
        "status": spark.status,
        "narrow_status": lines_of(spark.status, _STATUS_ROOM, TEXT),
        "path": symbol.path,
        "fill": symbol.colour if symbol.filled else "white",
        "colour": symbol.colour,
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
