"""Fan: where the what-if expects a measure to go, with the band that holds 80 of 100 cases."""

import pandas as pd

from t4c_lib.charts.header import HEADER, Band, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import Scale, columns_as_rows, dated, month_text, numbers
from t4c_lib.charts.theme import BLUE, QUIET_INK
from t4c_lib.whatif.target_probability import format_chance

BAND = Band("#cfe1f2", BLUE)
MIDDLE = Stroke(BLUE, width=3.5)
OTHER = Stroke(QUIET_INK, (2, 4), 2.5)


_TEMPLATE = Template("fan", ("band", "other", "last", "goal", HEADER))


def fan(
    band: pd.DataFrame,
    *,
    scale: Scale,
    measured: str,
    title: str,
    names: tuple[str, str] = ("With the plan", "If nothing changes"),
    other: pd.DataFrame | None = None,
    goal: tuple[pd.Timestamp, float] | None = None,
    chance: float | None = None,
) -> Picture:
    """Draw it.

    Args:
        band: month by month: day, low, middle and high (the 10th, 50th and 90th of 100 cases in order).
        scale: how the values are written.
        measured: what the axis shows, with its unit.
        title: the finding.
        names: what the band and the other line are called.
        other: another path without a band: day and value; or None.
        goal: day and value of the target; or None.
        chance: of meeting it, 0 to 1; or None.
    """
    days = [day for day, _ in dated(band, values="middle")]
    low, middle, high = (numbers(band, name) for name in ("low", "middle", "high"))
    rows = columns_as_rows(
        when=[month_text(day) for day in days],
        low=low,
        middle=middle,
        high=high,
        said=[scale.text(value) for value in middle],
        between=[f"{scale.text(least)} to {scale.text(most)}" for least, most in zip(low, high, strict=True)],
    )
    path = [] if other is None else dated(other)
    beside = [{"when": month_text(day), "value": value} for day, value in path]
    end = rows[-1]
    key: list[Entry] = [(names[0], MIDDLE), ("80 of 100 cases", BAND)]
    sentences = [
        f"Fan chart from {days[0]:%B %Y} to {days[-1]:%B %Y}. {names[0]}: {rows[0]['said']} at first, {end['said']} at "
        f"last, in 80 of 100 cases {end['between']}."
    ]
    if path:
        key.append((names[1], OTHER))
        sentences.append(f"{names[1]}: {scale.text(path[-1][1])} at last.")
    if goal is not None:
        sentences.append(f"Target {scale.text(goal[1])} by {goal[0]:%B %Y}.")
    if chance is not None:
        sentences.append(f"Chance of meeting it: {format_chance(chance)}.")
    marked = []
    if goal is not None:
        marked = [{"when": month_text(goal[0]), "value": goal[1], "words": f"target {scale.text(goal[1])}"}]
    shown = [*low, *high, *(value for _, value in path), None if goal is None else goal[1]]
    drawing = _TEMPLATE.filled(
        {
            "band": rows,
            "other": beside,
            "last": [{"when": end["when"], "value": end["middle"], "words": end["said"]}],
            "goal": marked,
            HEADER: header_rows((), key),
        },
        measured=measured,
        description=" ".join(sentences),
        parameters=scale.axis(shown, from_zero=False),
    )
    table = {
        "Month": [f"{day:%B %Y}" for day in days],
        names[0]: [row["said"] for row in rows],
        "80 of 100 cases": [row["between"] for row in rows],
    }
    if other is not None:
        known = dict(path)
        table[names[1]] = [scale.text(known.get(day)) for day in days]
    return Picture(title, " ".join(sentences), pd.DataFrame(table), drawing)
