"""Run chart: figures in time order with their median, where they are too few for limits. It says so; it has no icon."""

from statistics import median

import pandas as pd

from t4c_lib.charts.header import HEADER, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, description, note_rows, numbers
from t4c_lib.charts.theme import BLUE, INK, TARGET

FIGURES = Stroke(BLUE, width=3)
MEDIAN = Stroke(INK, (5, 4), 2)
GOAL = Stroke(TARGET, (12, 4, 2, 4), 2.5)
LEAST_POINTS = 13

_TEMPLATE = Template("run_chart", ("points", "median", "target", NOTE, HEADER))


def run_chart(
    points: pd.DataFrame, *, scale: Scale, measured: str, title: str, target: float | None = None, note: str = ""
) -> Picture:
    """Draw it.

    `points`: day, period (its words) and value (NaN where missing). `target`: one number, or None. `note`: small print;
    if empty, that there are too few points.
    """
    counted = [value for value in numbers(points, "value") if value is not None]
    note = f"Run chart. {note or too_few_points(len(counted))}"
    middle = median(counted) if counted else None
    rows = scale.rows(points)
    key: list[Entry] = [("Figures", FIGURES)]
    if middle is not None:
        key.append((f"Median {scale.text(middle)}", MEDIAN))
    if target is not None:
        key.append((f"Target {scale.text(target)}", GOAL))
    said = description("Run chart", rows, scale, note=note, middle=middle, target=target)
    drawing = _TEMPLATE.filled(
        {
            "points": rows,
            "median": [] if middle is None else [{"value": middle}],
            "target": [] if target is None else [{"value": target}],
            NOTE: note_rows(note),
            HEADER: header_rows((), key),
        },
        measured=measured,
        description=said,
        parameters=scale.axis([*counted, target], from_zero=False),
    )
    table = pd.DataFrame({"Period": [row["period"] for row in rows], "Figure": [row["said"] for row in rows]})
    return Picture(title, said, table, drawing)


def too_few_points(points: int) -> str:
    """What is said of a chart that has too few points for limits and icons."""
    figures = "1 figure" if points == 1 else f"{points} figures"
    return f"{figures}: limits and icons need at least {LEAST_POINTS}."
