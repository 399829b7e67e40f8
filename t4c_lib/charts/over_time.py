"""Charts of figures in time order: run chart, XmR chart, figures against a trajectory, and the fan of a what-if.

An XmR chart has natural process limits and says what is a signal. A run chart has the median, where figures are too few
for limits; it says so, and has no icon. A fan has the band that holds 80 of 100 cases, and other paths beside. All of
them are told how the figures are written (`scale`), what the axis shows, with its unit (`measured`), and the finding
(`title`).
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import pandas as pd

from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, columns_as_rows, dated, description, month_text, note_rows, numbers
from t4c_lib.charts.theme import (
    BLUE,
    HEADER,
    INK,
    POINT_SYMBOLS,
    QUIET_INK,
    SLATE,
    TARGET,
    TRAJECTORY,
    Band,
    Entry,
    Stroke,
    header_rows,
    icons_of,
)
from t4c_lib.whatif.target_probability import format_chance

RUN_FIGURES = Stroke(BLUE, width=3)
MEDIAN = Stroke(INK, (5, 4), 2)
GOAL = Stroke(TARGET, (12, 4, 2, 4), 2.5)  # of the XmR chart too
LEAST_POINTS = 13

_RUN_CHART = Template("run_chart", ("points", "median", "target", NOTE, HEADER))


def run_chart(
    points: pd.DataFrame, *, scale: Scale, measured: str, title: str, target: float | None = None, note: str = ""
) -> Picture:
    """Draw it.

    `points`: a row for each period, oldest first: day, period (its words) and value (NaN where missing). `target`: one
    number, or None. `note`: small print; if empty, that there are too few points.
    """
    counted = [value for value in numbers(points, "value") if value is not None]
    note = f"Run chart. {note or too_few_points(len(counted))}"
    middle = median(counted) if counted else None
    rows = scale.rows(points)
    key: list[Entry] = [("Figures", RUN_FIGURES)]
    if middle is not None:
        key.append((f"Median {scale.text(middle)}", MEDIAN))
    if target is not None:
        key.append((f"Target {scale.text(target)}", GOAL))
    said = description("Run chart", rows, scale, note=note, middle=middle, target=target)
    drawing = _RUN_CHART.filled(
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


XMR_FIGURES = Stroke(SLATE, width=2)
MEAN = Stroke(INK, width=2)
LIMITS = Stroke(QUIET_INK, (5, 4), 2)

_CONTROL_CHART = Template("control_chart", ("points", "limits", "target", NOTE, HEADER))


def control_chart(
    points: pd.DataFrame,
    *,
    note: str,
    scale: Scale,
    measured: str,
    title: str,
    target: float | None = None,
    variation: str | None = None,
    assurance: str | None = None,
) -> Picture:
    """Draw it.

    `points`: a row for each period, oldest first: day, period (its words), value (NaN where missing), mean, lower,
    upper, phase, special_cause (the rule's words) and point_type. `note`: the profile of rules, one sentence; printed
    on the chart. `target`: one number, or None. `variation`, `assurance`: icons of the last point, as the rules name
    them; None where there is none.
    """
    values = numbers(points, "value")
    types = points["point_type"].tolist()
    rows = scale.rows(
        points,
        rule=points["special_cause"].tolist(),
        path=[POINT_SYMBOLS[kind][1].path if kind else "circle" for kind in types],
        colour=[POINT_SYMBOLS[kind][1].colour if kind else "" for kind in types],
    )
    limits = columns_as_rows(
        when=[row["when"] for row in rows],
        phase=points["phase"].tolist(),
        **{side: numbers(points, side) for side in ("mean", "lower", "upper")},
    )
    edges = (row[side] for row in limits for side in ("lower", "upper"))
    icons = icons_of(variation, assurance)
    told = zip(*(points[name] for name in ("period", "special_cause", "point_type")), strict=True)
    key: list[Entry] = [("Mean", MEAN), ("Natural process limits", LIMITS)]
    key += [] if target is None else [(f"Target {scale.text(target)}", GOAL)]
    key += [look for kind, look in POINT_SYMBOLS.items() if kind in types]
    said = description(
        "XmR chart",
        rows,
        scale,
        icons=icons,
        note=note,
        target=target,
        end=None if points.empty else points.iloc[-1],
        phases=points["phase"].nunique(),
        signals=[f"{period} ({cause})" for period, cause, kind in told if kind.startswith("special")],
    )
    drawing = _CONTROL_CHART.filled(
        {
            "points": rows,
            "limits": limits,
            "target": [] if target is None else [{"value": target}],
            NOTE: note_rows(note),
            HEADER: header_rows(icons, key),
        },
        measured=measured,
        description=said,
        parameters=scale.axis([*values, *edges, target], from_zero=False),
    )
    columns = {"Figure": "value", "Mean": "mean", "Lower limit": "lower", "Upper limit": "upper"}
    table = {
        "Period": points["period"].tolist(),
        **{name: [scale.text(value) for value in numbers(points, column)] for name, column in columns.items()},
        "Special cause": points["special_cause"].tolist(),
    }
    return Picture(title, said, pd.DataFrame(table), drawing)


COUNTED_FIGURES = Stroke(BLUE, width=3.5)
INTERVAL = Stroke("#93a4b3", width=1.8)
WAY = Stroke(TRAJECTORY, (9, 5), 3)
EXPECTED = Stroke("#3d7a68", (2, 4), 2.5)
EXPECTED_BAND = Band("#dcebe6", "#3d7a68")

_AGAINST_TRAJECTORY = Template("against_trajectory", ("figures", "expected", "way", "last", "goal", NOTE, HEADER))


def against_trajectory(
    figures: pd.DataFrame,
    trajectory: pd.DataFrame | None = None,
    expected: pd.DataFrame | None = None,
    *,
    scale: Scale,
    measured: str,
    title: str,
    status: str = "",
    chance: float | None = None,
    variation: str | None = None,
    assurance: str | None = None,
    note: str = "",
) -> Picture:
    """Draw it. Without a target there is no line to it.

    `figures`: a row for each period, oldest first: day (its last), period (its words), value (NaN where missing), low
    and high (the interval; NaN where there is none). `trajectory`: as planned: day and value, the last row being the
    target, and, where there are checkpoints, is_checkpoint; None while no target is set. `expected`: by the what-if,
    month by month: day, low, middle and high (10, 50 and 90 in a hundred); or None.

    `status`: the word of its status. `chance`: of meeting the target, 0 to 1; None where nothing models it.
    `variation`, `assurance`: icons, as the rules of special causes name them; None where there are too few points.
    `note`: small print, such as that there are too few points for an icon.
    """
    lows, highs = numbers(figures, "low"), numbers(figures, "high")
    rows = scale.rows(figures, low=lows, high=highs, between=_between(scale, lows, highs))
    way = [] if trajectory is None else columns_as_rows(**_plain(trajectory, ("value",)))
    ahead = [] if expected is None else columns_as_rows(**_plain(expected, ("low", "middle", "high")))
    last = [{**row, "words": row["said"]} for row in rows if row["value"] is not None][-1:]
    goal = [{**row, "words": f"target {scale.text(row['value'])}"} for row in way[-1:]]
    rising = len(way) < 2 or way[-1]["value"] >= way[0]["value"]
    icons = icons_of(variation, assurance)
    said = description(
        "against the trajectory",
        rows,
        scale,
        icons=icons,
        note=note,
        trajectory=way,
        due=None if trajectory is None else trajectory["day"].iloc[-1],
        expected=ahead,
        chance="" if chance is None else format_chance(chance),
        status=status,
    )
    drawn = [row[name] for row in (*rows, *ahead, *way) for name in ("value", "low", "high") if name in row]
    drawing = _AGAINST_TRAJECTORY.filled(
        {
            "figures": rows,
            "expected": ahead,
            "way": way,
            "last": last,
            "goal": goal,
            NOTE: note_rows(note),
            HEADER: header_rows(icons, _key(rows, way, ahead)),
        },
        measured=measured,
        description=said,
        parameters={"last_above": not (way and rising), "goal_above": rising, **scale.axis(drawn, from_zero=False)},
    )
    return Picture(title, said, _table(rows, trajectory, expected, scale), drawing)


def _between(scale: Scale, lows: list[float | None], highs: list[float | None]) -> list[str]:
    ends = zip(lows, highs, strict=True)
    return ["" if low is None or high is None else f"{scale.text(low)} to {scale.text(high)}" for low, high in ends]


def _plain(table: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, list[Any]]:
    days = table["day"].dt.to_pydatetime()
    return {"when": [month_text(day) for day in days], **{name: numbers(table, name) for name in columns}}


def _key(figures: list[dict[str, Any]], trajectory: list[Any], expected: list[Any]) -> list[Entry]:
    key: list[Entry] = [("Counted", COUNTED_FIGURES)]
    if any(row["low"] is not None for row in figures):
        key.append(("95% interval", INTERVAL))
    if trajectory:
        key.append(("Planned trajectory", WAY))
    if expected:
        key += [("What the model expects", EXPECTED), ("80 of 100 cases", EXPECTED_BAND)]
    return key


def _table(
    figures: list[dict[str, Any]], trajectory: pd.DataFrame | None, expected: pd.DataFrame | None, scale: Scale
) -> pd.DataFrame:
    """The figures; then where the trajectory starts, its checkpoints and target, and the end of what is expected."""
    rows = [(row["period"], row["said"], row["between"], "") for row in figures]
    if trajectory is not None:
        stops = trajectory.get("is_checkpoint", pd.Series(False, index=trajectory.index)).to_numpy(copy=True)
        stops[[0, -1]] = True
        rows += [(f"Planned: {day:%B %Y}", scale.text(value), "", "") for day, value in dated(trajectory[stops])]
    if expected is not None and len(expected):
        end = expected.iloc[-1]
        between = f"{scale.text(end['low'])} to {scale.text(end['high'])}"
        rows.append((f"Expected: {end['day']:%B %Y}", scale.text(end["middle"]), "", between))
    made = pd.DataFrame(rows, columns=["Period", "Figure", "95% interval", "80 of 100 cases"])
    return made.drop(columns=[name for name in made.columns[2:] if not made[name].any()])


FAN_BAND = Band("#cfe1f2", BLUE)
FAN_MIDDLE = Stroke(BLUE, width=3.5)
SO_FAR = Stroke(INK, width=2)
CASES = "80 of 100 cases"
# No more than two are told apart at a glance.
OTHER_PATHS = (Stroke(QUIET_INK, (2, 4), 2.5), Stroke("#5c3d8f", (9, 5), 2.5))

_FAN = Template("fan", ("counted", "band", "other", "last", "goal", HEADER))


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

    `band`: month by month: day, low, middle and high (the 10th, 50th and 90th of 100 cases in order); low and high are
    NaN where no band is known. `name`: what the band's way is called. `cases`: what lies within the band. `others`: up
    to two further paths without a band, by name: day and value. `counted`: the figures so far: day and value; or None.
    `goal`: day and value of the target; or None. `chance`: of meeting it, 0 to 1; or None. `also`: values for which the
    axis has room, whether or not they are drawn.
    """
    days = [day for day, _ in dated(band, values="middle")]
    low, middle, high = (numbers(band, part) for part in ("low", "middle", "high"))
    rows = columns_as_rows(
        when=[month_text(day) for day in days],
        low=low,
        middle=middle,
        high=high,
        said=[scale.text(value) for value in middle],
        between=_between(scale, low, high),
    )
    paths = {one: dated(path) for one, path in (others or {}).items()}
    looks = dict(zip(paths, OTHER_PATHS, strict=False))
    beside = [
        {"when": month_text(day), "value": value, "name": one, "colour": looks[one].colour, "dash": looks[one].dash}
        for one, path in paths.items()
        for day, value in path
    ]
    past = [] if counted is None else dated(counted)
    end = rows[-1]
    key: list[Entry] = [*([("Counted", SO_FAR)] if past else []), (name, FAN_MIDDLE)]
    if has_band := any(value is not None for value in low):
        key.append((cases, FAN_BAND))
    key += looks.items()
    within = f", {f'in {cases}' if cases == CASES else cases} {end['between']}" if has_band else ""
    said = description(
        "Fan chart",
        rows,
        scale,
        days=days,
        name=name,
        within=within,
        ends={one: path[-1][1] for one, path in paths.items() if path},
        aim=goal,
        chance="" if chance is None else format_chance(chance),
    )
    marked = [] if goal is None else [(*goal, f"target {scale.text(goal[1])}")]
    every = [value for path in (past, *paths.values()) for _, value in path]
    drawing = _FAN.filled(
        {
            "counted": [{"when": month_text(day), "value": value} for day, value in past if value is not None],
            "band": rows,
            "other": beside,
            "last": [{"when": end["when"], "value": end["middle"], "words": end["said"]}],
            "goal": [{"when": month_text(day), "value": value, "words": words} for day, value, words in marked],
            HEADER: header_rows((), key),
        },
        measured=measured,
        description=said,
        parameters=scale.axis([*low, *middle, *high, *every, *also, *(one[1] for one in marked)], from_zero=False),
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
