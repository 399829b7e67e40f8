"""A measure's figures against the planned trajectory to its target."""

from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Band, Entry, Stroke, header_rows
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import NOTE, Scale, columns_as_rows, dated, description, month_text, note_rows, numbers
from t4c_lib.charts.symbols import icons_of
from t4c_lib.charts.theme import BLUE, TRAJECTORY
from t4c_lib.whatif.outcomes_and_odds import format_chance

FIGURES = Stroke(BLUE, width=3.5)
INTERVAL = Stroke("#93a4b3", width=1.8)
WAY = Stroke(TRAJECTORY, (9, 5), 3)
MIDDLE = Stroke("#3d7a68", (2, 4), 2.5)
BAND = Band("#dcebe6", "#3d7a68")


_TEMPLATE = Template("against_trajectory", ("figures", "expected", "way", "last", "goal", NOTE, HEADER))


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

    `figures`: day (the period's last), period (its words), value (NaN where missing), low and high (the interval; NaN
    where there is none). `trajectory`: as planned: day and value, the last row being the target, and, where there are
    checkpoints, is_checkpoint; None while no target is set. `expected`: by the what-if, month by month: day, low,
    middle and high (10, 50 and 90 in a hundred). `status`: its word. `chance`: of meeting the target, 0 to 1; None
    where nothing models it. `variation`, `assurance`: icons, as the rules of special causes name them; None where there
    are too few points. `note`: small print, such as that there are too few points for an icon.
    """
    lows, highs = numbers(figures, "low"), numbers(figures, "high")
    rows = scale.rows(figures, low=lows, high=highs, between=list(map(scale.between, lows, highs)))
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
    drawing = _TEMPLATE.filled(
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
        between = scale.between(end["low"], end["high"])
        rows.append((f"Expected: {end['day']:%B %Y}", scale.text(end["middle"]), "", between))
    made = pd.DataFrame(rows, columns=["Period", "Figure", "95% interval", "80 of 100 cases"])
    return made.drop(columns=[name for name in made.columns[2:] if not made[name].any()])
