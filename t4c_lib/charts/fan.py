"""Fan: where the what-if expects a measure to go, with the band that holds 80 of 100 cases, and other paths beside."""

from collections.abc import Mapping, Sequence

import pandas as pd

from t4c_lib.charts.header import HEADER, Band, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import Scale, columns_as_rows, dated, description, month_text, numbers
from t4c_lib.charts.theme import BLUE, INK, QUIET_INK
from t4c_lib.whatif.outcomes_and_odds import format_chance

BAND = Band("#cfe1f2", BLUE)
MIDDLE = Stroke(BLUE, width=3.5)
COUNTED = Stroke(INK, width=2)
CASES = "80 of 100 cases"
OTHERS = (Stroke(QUIET_INK, (2, 4), 2.5), Stroke("#5c3d8f", (9, 5), 2.5))  # no more than two are told apart at a glance

_TEMPLATE = Template("fan", ("counted", "band", "other", "last", "goal", HEADER))


def fan(
    band: pd.DataFrame,
    *,
    scale: Scale,
    measured: str,
    title: str,
    name: str = "With the plan",
    cases: str = CASES,
    others: Mapping[str, pd.DataFrame] | None = None,
    counted: pd.DataFrame | None = None,
    goal: tuple[pd.Timestamp, float] | None = None,
    chance: float | None = None,
    also: Sequence[float] = (),
) -> Picture:
    """Draw it.

    `band`: day, low, middle and high (the 10th, 50th and 90th of 100 cases in order); low and high are NaN where no
    band is known. `name`: what the band's way is called. `cases`: what lies within the band. `others`: up to two
    further paths without a band, by name: day and value. `counted`: the figures so far: day and value. `goal`: day and
    value of the target. `chance`: of meeting it, 0 to 1. `also`: values for which the axis has room, whether or not
    they are drawn.
    """
    days = [day for day, _ in dated(band, values="middle")]
    low, middle, high = (numbers(band, part) for part in ("low", "middle", "high"))
    rows = columns_as_rows(
        when=[month_text(day) for day in days],
        low=low,
        middle=middle,
        high=high,
        said=[scale.text(value) for value in middle],
        between=list(map(scale.between, low, high)),
    )
    paths = {one: dated(path) for one, path in (others or {}).items()}
    looks = dict(zip(paths, OTHERS, strict=False))
    beside = [
        {"when": month_text(day), "value": value, "name": one, "colour": looks[one].colour, "dash": looks[one].dash}
        for one, path in paths.items()
        for day, value in path
    ]
    past = [] if counted is None else dated(counted)
    end = rows[-1]
    key: list[Entry] = [*([("Counted", COUNTED)] if past else []), (name, MIDDLE)]
    if has_band := any(value is not None for value in low):
        key.append((cases, BAND))
    key += looks.items()
    due, target = goal or (None, None)
    marked = [{"when": month_text(due), "value": target, "words": f"target {scale.text(target)}"}] if due else []
    said = description(
        "Fan chart",
        rows,
        scale,
        days=days,
        name=name,
        within=f"{'in ' if cases == CASES else ''}{cases} {end['between']}" if has_band else "",
        paths=paths,
        target=target,
        due=due,
        chance="" if chance is None else format_chance(chance),
    )
    every = [value for path in (past, *paths.values()) for _, value in path]
    drawing = _TEMPLATE.filled(
        {
            "counted": [{"when": month_text(day), "value": value} for day, value in past if value is not None],
            "band": rows,
            "other": beside,
            "last": [{"when": end["when"], "value": end["middle"], "words": end["said"]}],
            "goal": marked,
            HEADER: header_rows((), key),
        },
        measured=measured,
        description=said,
        parameters=scale.axis([*low, *middle, *high, *every, *also, target], from_zero=False),
    )
    table = {
        "Month": [f"{day:%B %Y}" for day in days],
        name: [row["said"] for row in rows],
        **({cases: [row["between"] for row in rows]} if has_band else {}),
    }
    for one, path in paths.items():
        known = dict(path)
        table[one] = [scale.text(known.get(day)) for day in days]
    return Picture(title, said, pd.DataFrame(table), drawing)
