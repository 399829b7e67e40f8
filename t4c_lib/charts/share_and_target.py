"""A share over time, where it goes if nothing changes, and the planned trajectory to its target."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.header import HEADER, Stroke, header_layers, header_rows
from t4c_lib.charts.layers import as_given, words_at
from t4c_lib.charts.picture import Picture, Template, table_named
from t4c_lib.charts.scale import Scale, columns_as_rows, dated, month_text
from t4c_lib.charts.theme import BLUE, QUIET_INK, SLATE, TRAJECTORY, themed, value_axis, value_parameters, when_axis
from t4c_lib.quantities import percent

DRIFT = "If nothing changes"
PLANNED = "Planned trajectory"
FIRST, SECOND, DRIFTING, WAY = "first", "second", "drift", "way"
STROKES = {
    FIRST: Stroke(BLUE, width=4),
    SECOND: Stroke(SLATE),
    DRIFTING: Stroke(QUIET_INK, (2, 4), 2.5),
    WAY: Stroke(TRAJECTORY, (9, 5), 3),
}
_SHARES = Scale()


@dataclass(frozen=True, eq=False)
class ShareLines:
    """What is to be drawn. Each table but `trajectory` has month (its first day) and value (a fraction, NaN for a gap).

    Attributes:
        first: the history that the measure is about, and its name.
        second: another history beside it, and its name; or None.
        drift: where the share goes if nothing changes; or None.
        trajectory: the corners of the planned one, its last row being the target: day, value, is_checkpoint; a day
            at which it steps stands twice. None while no target is set.
        planned: the same month by month, for the table of figures; or None.
    """

    first: tuple[str, pd.DataFrame]
    second: tuple[str, pd.DataFrame] | None = None
    drift: pd.DataFrame | None = None
    trajectory: pd.DataFrame | None = None
    planned: pd.DataFrame | None = None


def _build() -> Any:
    import altair as alt

    line = (
        alt.Chart(table_named("lines"))
        .mark_line(invalid="break-paths-show-domains", strokeCap="round")
        .encode(
            x=when_axis(),
            y=value_axis(),
            detail="role:N",
            **as_given(stroke="colour:N", strokeDash="dash:N", strokeWidth="thick:Q"),
            tooltip=[
                alt.Tooltip("line:N", title="Line"),
                alt.Tooltip("when:T", title="Month", format="%B %Y"),
                alt.Tooltip("said:N", title="Share"),
            ],
        )
    )
    last = alt.Chart(table_named("last")).mark_point(filled=True, size=110, color=BLUE, opacity=1)
    goal = alt.Chart(table_named("goal")).mark_point(
        shape="diamond", filled=True, size=260, color=TRAJECTORY, opacity=1
    )
    layers = [
        line,
        last.encode(x="when:T", y="value:Q"),
        words_at("last", above="last_above", colour=BLUE),
        goal.encode(x="when:T", y="value:Q"),
        words_at("goal", above=True),
        *header_layers(),
    ]
    parameters = [*value_parameters(), alt.param(name="last_above", value=True)]
    return themed(alt.layer(*layers).add_params(*parameters))


_TEMPLATE = Template("share_and_target", _build, (HEADER, "lines", "last", "goal"))


def share_and_target(lines: ShareLines, *, measured: str, title: str) -> Picture:
    """Draw it. An absent target draws no line.

    Args:
        lines: the tables to draw.
        measured: what the axis shows, such as "Share of staff aged 16 to 24".
        title: the finding.
    """
    named = _named(lines)
    rows = [row for role, (name, table) in named.items() for row in _rows(role, name, table)]
    values = [row["value"] for row in rows if row["value"] is not None]
    description = _description(named, lines)
    last = [row for row in rows if row["role"] == FIRST and row["value"] is not None][-1:]
    goal = [row for row in rows if row["role"] == WAY][-1:]
    header = header_rows((), [(name, STROKES[role]) for role, (name, _) in named.items()])
    drawing = _TEMPLATE.filled(
        {
            HEADER: header,
            "lines": rows,
            "last": [{**row, "words": row["said"]} for row in last],
            "goal": [{**row, "words": f"target {row['said']}"} for row in goal],
        },
        measured=measured,
        description=description,
        parameters={"last_above": lines.trajectory is None, **_SHARES.axis(values, from_zero=True)},
    )
    return Picture(title, description, _table(named, lines.planned), drawing)


def _named(lines: ShareLines) -> dict[str, tuple[str, pd.DataFrame]]:
    """The lines that there are, by their part in the chart."""
    named = {FIRST: lines.first}
    if lines.second is not None:
        named[SECOND] = lines.second
    if lines.drift is not None:
        named[DRIFTING] = (DRIFT, lines.drift)
    if lines.trajectory is not None:
        # A value for March stands at the tick of March, as figures do.
        months = lines.trajectory["day"].dt.to_period("M").dt.to_timestamp()
        named[WAY] = (PLANNED, lines.trajectory.assign(month=months))
    return named


def _rows(role: str, name: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    known, stroke = dated(table, "month"), STROKES[role]
    return columns_as_rows(
        when=[month_text(month) for month, _ in known],
        value=[value for _, value in known],
        said=[_SHARES.text(value) for _, value in known],
        role=[role] * len(known),
        line=[name] * len(known),
        colour=[stroke.colour] * len(known),
        dash=[stroke.dash] * len(known),
        thick=[stroke.width] * len(known),
    )


def _description(named: dict[str, tuple[str, pd.DataFrame]], lines: ShareLines) -> str:
    parts = []
    for name, table in named.values():
        known = [(month, value) for month, value in dated(table, "month") if value is not None]
        if not known:
            parts.append(f"{name}: nothing counted.")
            continue
        (first, began), (last, ended) = known[0], known[-1]
        gaps = len(table) - len(known)
        gap_text = f", {gaps} month{'s' if gaps > 1 else ''} missing" if gaps else ""
        parts.append(f"{name}: {percent(began)} in {first:%B %Y}, {percent(ended)} in {last:%B %Y}{gap_text}.")
    if lines.trajectory is None:
        parts.append("No target is set.")
    else:
        stops = lines.trajectory[lines.trajectory["is_checkpoint"]]
        parts += [f"Checkpoint in {day:%B %Y}: {percent(value or 0.0)}." for day, value in dated(stops)]
    return "Line chart by month. " + " ".join(parts)


def _table(named: dict[str, tuple[str, pd.DataFrame]], planned: pd.DataFrame | None) -> pd.DataFrame:
    by_name = {name: dict(dated(table, "month")) for name, table in named.values()}
    if planned is not None:
        by_name[PLANNED] = dict(dated(planned, "month"))
    months = sorted({month for values in by_name.values() for month in values})
    columns = {name: [_SHARES.text(values.get(month)) for month in months] for name, values in by_name.items()}
    return pd.DataFrame({"Month": [f"{month:%B %Y}" for month in months], **columns})
