"""Care Certificate: which part of the newcomers holds it, week by week after their first day."""

import pandas as pd

from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import Scale
from t4c_lib.charts.theme import BLUE, HEADER, INK, Stroke, header_rows
from t4c_lib.quantities import number

CURVE = Stroke(BLUE, width=3.5)
DUE = Stroke(INK, (5, 4), 2)
_DUE_WEEKS = 12


_TEMPLATE = Template("certificate_curve", ("curve", "due", "axis", HEADER))


def certificate_curve(weeks: pd.DataFrame, *, newcomers: float, title: str) -> Picture:
    """Draw it.

    Args:
        weeks: a row for each week: week (0 and up) and share (a fraction; never falls).
        newcomers: how many people the curve is made of.
        title: the finding.
    """
    scale = Scale()
    rows = [
        {"week": int(week), "share": float(share), "said": scale.text(float(share))}
        for week, share in zip(weeks["week"], weeks["share"], strict=True)
    ]
    due = [row for row in rows if row["week"] == _DUE_WEEKS]
    at_12 = f" By week 12 {due[0]['said']} hold it." if due else ""
    description = (
        f"Stepped curve of {number(newcomers)} newcomers, weeks {rows[0]['week']} to {rows[-1]['week']}.{at_12} At the "
        f"end {rows[-1]['said']} hold it."
    )
    drawing = _TEMPLATE.filled(
        {
            "curve": rows,
            "due": due,
            "axis": [{"words": "weeks after the first day →"}],
            HEADER: header_rows((), [("Hold the Care Certificate", CURVE), ("12 weeks", DUE)]),
        },
        measured="Share of newcomers who hold the Care Certificate",
        description=description,
        parameters={"last_week": rows[-1]["week"], "low": 0, "high": 1, "axis_format": ".0%"},
    )
    table = pd.DataFrame(
        {"Week": [str(row["week"]) for row in rows], "Share who hold it": [row["said"] for row in rows]}
    )
    return Picture(title, description, table, drawing)
