"""A measure's figures against the planned trajectory to its target."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Band, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, columns_as_rows, dated, description, month_text, note_rows, numbers
from t4c_lib.charts.symbols import icons_of
from t4c_lib.charts.theme import BLUE, TRAJECTORY
from t4c_lib.whatif.target_probability import format_chance

FIGURES = Stroke(BLUE, width=3.5)
INTERVAL = Stroke("#93a4b3", width=1.8)
WAY = Stroke(TRAJECTORY, (9, 5), 3)
MIDDLE = Stroke("#3d7a68", (2, 4), 2.5)
BAND = Band("#dcebe6", "#3d7a68")


@dataclass(frozen=True, eq=False)
class MeasureCourse:
    """What is to be drawn."""

    #: a row for each period, oldest first: day (its last), period (its words), value (NaN where missing), low and high
    #: (the interval; NaN where there is none).
    figures: pd.DataFrame
    #: as planned: day and value, the last row being the target, and, where there are checkpoints, is_checkpoint; None
    #: while no target is set.
    trajectory: pd.DataFrame | None = None
    #: where the what-if expects it, month by month: day, low, middle and high (10, 50 and 90 in a hundred); or None.
    expected: pd.DataFrame | None = None
    status: str = ""  #: the word of its status
    chance: float | None = None  #: of meeting the target, 0 to 1; None where nothing models it
    variation: str | None = None  #: icon, as the rules of special causes name it; None where there are too few points
    assurance: str | None = None  #: likewise
    note: str = ""  #: small print, such as that there are too few points for an icon


_TEMPLATE = Template("against_trajectory", ("figures", "expected", "way", "last", "goal", NOTE, HEADER))


def against_trajectory(course: MeasureCourse, *, scale: Scale, measured: str, title: str) -> Picture:
    """Draw it. Without a target there is no line to it.

    Args:
        course: figures, trajectory, expectation and what is said of them.
        scale: how the figures are written.
        measured: what the axis shows, with its unit.
        title: the finding.
    """
    figures = _figure_rows(course.figures, scale)
    trajectory = [] if course.trajectory is None else columns_as_rows(**_plain(course.trajectory, ("value",)))
    expected = [] if course.expected is None else columns_as_rows(**_plain(course.expected, ("low", "middle", "high")))
    last = [{**row, "words": row["said"]} for row in figures if row["value"] is not None][-1:]
    goal = [{**row, "words": f"target {scale.text(row['value'])}"} for row in trajectory[-1:]]
    rising = len(trajectory) < 2 or trajectory[-1]["value"] >= trajectory[0]["value"]
    icons = icons_of(course.variation, course.assurance)
    said = description(
        "against the trajectory",
        figures,
        scale,
        icons=icons,
        note=course.note,
        trajectory=trajectory,
        due=None if course.trajectory is None else course.trajectory["day"].iloc[-1],
        expected=expected,
        chance="" if course.chance is None else format_chance(course.chance),
        status=course.status,
    )
    drawn = [row[name] for row in (*figures, *expected) for name in ("value", "low", "high") if name in row]
    drawing = _TEMPLATE.filled(
        {
            "figures": figures,
            "expected": expected,
            "way": trajectory,
            "last": last,
            "goal": goal,
            NOTE: note_rows(course.note),
            HEADER: header_rows(icons, _key(figures, trajectory, expected)),
        },
        measured=measured,
        description=said,
        parameters={
            "last_above": not (trajectory and rising),
            "goal_above": rising,
            **scale.axis([*drawn, *(row["value"] for row in trajectory)], from_zero=False),
        },
    )
    return Picture(title, said, _table(course, figures, expected, scale), drawing)


def _figure_rows(figures: pd.DataFrame, scale: Scale) -> list[dict[str, Any]]:
    lows, highs = numbers(figures, "low"), numbers(figures, "high")
    between = [
        "" if low is None or high is None else f"{scale.text(low)} to {scale.text(high)}"
        for low, high in zip(lows, highs, strict=True)
    ]
    return scale.rows(figures, low=lows, high=highs, between=between)


def _plain(table: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, list[Any]]:
    days = table["day"].dt.to_pydatetime()
    return {"when": [month_text(day) for day in days], **{name: numbers(table, name) for name in columns}}


def _key(figures: list[dict[str, Any]], trajectory: list[Any], expected: list[Any]) -> list[Entry]:
    key: list[Entry] = [("Counted", FIGURES)]
    if any(row["low"] is not None for row in figures):
        key.append(("95% interval", INTERVAL))
    if trajectory:
        key.append(("Planned trajectory", WAY))
    if expected:
        key += [("What the model expects", MIDDLE), ("80 of 100 cases", BAND)]
    return key


def _table(course: MeasureCourse, figures: list[dict[str, Any]], expected: list[Any], scale: Scale) -> pd.DataFrame:
    columns = ("Period", "Figure", "95% interval", "80 of 100 cases")
    rows = [{"Period": row["period"], "Figure": row["said"], "95% interval": row["between"]} for row in figures]
    if course.trajectory is not None:
        stops = dated(_stops(course.trajectory))
        rows += [{"Period": f"Planned: {day:%B %Y}", "Figure": scale.text(value)} for day, value in stops]
    if course.expected is not None and expected:
        end, when = expected[-1], course.expected["day"].iloc[-1]
        between = f"{scale.text(end['low'])} to {scale.text(end['high'])}"
        rows.append({"Period": f"Expected: {when:%B %Y}", "Figure": scale.text(end["middle"]), columns[3]: between})
    made = pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows], columns=list(columns))
    empty = [name for name in made.columns[2:] if not made[name].any()]
    return made.drop(columns=empty)


def _stops(trajectory: pd.DataFrame) -> pd.DataFrame:
    """Where a trajectory starts, each of its checkpoints, and its target."""
    ends = pd.Series([place in (0, len(trajectory) - 1) for place in range(len(trajectory))], index=trajectory.index)
    return trajectory[ends | trajectory["is_checkpoint"]] if "is_checkpoint" in trajectory else trajectory[ends]
