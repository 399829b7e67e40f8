"""A share over time, where it drifts if nothing changes, and the agreed way to its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from t4c_lib.charts.picture import Picture
from t4c_lib.charts.theme import BLUE, INK, QUIET_INK, SLATE, TRAJECTORY, month_axis, percent_axis, themed
from t4c_lib.quantities import percent

DRIFT = "If nothing changes"
AGREED_WAY = "The way to the target"
_STYLE = {  # colour, dashes, width: a line keeps all three wherever it is drawn
    "first": (BLUE, [1, 0], 4.0),
    "second": (SLATE, [1, 0], 2.0),
    DRIFT: (QUIET_INK, [2, 4], 2.5),
    AGREED_WAY: (TRAJECTORY, [9, 5], 3.0),
}


@dataclass(frozen=True, eq=False)
class ShareLines:
    """What is to be drawn. Each table has the columns month (its first day) and value (a fraction, NaN for a gap).

    Attributes:
        first: the history that the measure is about, and its name.
        second: another history beside it, and its name; or None.
        drift: where the share goes if nothing changes; or None.
        way: the agreed way to the target, its last row being the target; or None while no target is set.
    """

    first: tuple[str, pd.DataFrame]
    second: tuple[str, pd.DataFrame] | None = None
    drift: pd.DataFrame | None = None
    way: pd.DataFrame | None = None


def share_and_target(lines: ShareLines, *, measured: str, title: str) -> Picture:
    """Draw it. An absent target draws no line.

    Args:
        lines: the tables to draw.
        measured: what the axis shows, such as "Share of staff aged 16 to 24".
        title: the finding.
    """
    named = _named(lines)
    drawn = pd.concat(
        [table.assign(line=name)[["month", "value", "line"]] for name, table in named.items()], ignore_index=True
    )
    styles = [_STYLE.get(name, _STYLE["first" if name == lines.first[0] else "second"]) for name in named]
    names = list(named)
    legend = alt.Legend(title=None, orient="top", direction="vertical", columns=2, offset=6, rowPadding=4)
    base = alt.Chart(drawn)
    line = base.mark_line(interpolate="linear", invalid="break-paths-show-domains", strokeCap="round").encode(
        x=month_axis(),
        y=percent_axis(float(drawn["value"].max())),
        color=alt.Color(
            "line:N", scale=alt.Scale(domain=names, range=[style[0] for style in styles]), sort=names, legend=legend
        ),
        strokeDash=alt.StrokeDash(
            "line:N", scale=alt.Scale(domain=names, range=[style[1] for style in styles]), sort=names, legend=legend
        ),
        strokeWidth=alt.StrokeWidth(
            "line:N", scale=alt.Scale(type="ordinal", domain=names, range=[style[2] for style in styles]), legend=None
        ),
        tooltip=[
            alt.Tooltip("line:N", title="Line"),
            alt.Tooltip("month:T", title="Month", format="%B %Y"),
            alt.Tooltip("value:Q", title="Share", format=".1%"),
        ],
    )
    layers = [line, _end_label(lines.first[1], BLUE, above=lines.way is None)]
    if lines.way is not None:
        layers.append(_target_mark(lines.way))
    description = _description(named, lines)
    return Picture(
        themed(alt.layer(*layers), measured=measured, description=description), title, description, _table(named)
    )


def _named(lines: ShareLines) -> dict[str, pd.DataFrame]:
    named = {lines.first[0]: lines.first[1]}
    if lines.second is not None:
        named[lines.second[0]] = lines.second[1]
    if lines.drift is not None:
        named[DRIFT] = lines.drift
    if lines.way is not None:
        named[AGREED_WAY] = lines.way
    return named


def _end_label(history: pd.DataFrame, colour: str, *, above: bool) -> Any:
    last = history.dropna(subset=["value"]).tail(1).assign(text=lambda row: [percent(value) for value in row["value"]])
    base = alt.Chart(last[["month", "value", "text"]]).encode(x="month:T", y="value:Q")
    mark = base.mark_point(filled=True, size=110, color=colour, opacity=1)
    text = base.mark_text(dy=-16 if above else 20, align="right", dx=6, fontSize=16, fontWeight="bold", color=colour)
    return mark + text.encode(text="text:N")


def _target_mark(way: pd.DataFrame) -> Any:
    last = way.tail(1).assign(text=lambda row: [f"target {percent(value)}" for value in row["value"]])
    base = alt.Chart(last[["month", "value", "text"]]).encode(x="month:T", y="value:Q")
    mark = base.mark_point(shape="diamond", filled=True, size=260, color=TRAJECTORY, opacity=1)
    text = base.mark_text(dy=-18, align="right", dx=8, fontSize=16, fontWeight="bold", color=INK)
    return mark + text.encode(text="text:N")


def _description(named: dict[str, pd.DataFrame], lines: ShareLines) -> str:
    parts = []
    for name, table in named.items():
        known = table.dropna(subset=["value"])
        if known.empty:
            parts.append(f"{name}: nothing counted.")
            continue
        first, last = known.iloc[0], known.iloc[-1]
        gaps = len(table) - len(known)
        gap_text = f", {gaps} month{'s' if gaps > 1 else ''} missing" if gaps else ""
        parts.append(
            f"{name}: {percent(first['value'])} in {first['month']:%B %Y}, {percent(last['value'])} in "
            f"{last['month']:%B %Y}{gap_text}."
        )
    if lines.way is None:
        parts.append("No target is set.")
    return "Line chart by month. " + " ".join(parts)


def _table(named: dict[str, pd.DataFrame]) -> pd.DataFrame:
    wide = pd.concat({name: table.set_index("month")["value"] for name, table in named.items()}, axis=1).sort_index()
    shown = wide.map(lambda value: "" if pd.isna(value) else percent(value))
    shown.insert(0, "Month", [f"{month:%B %Y}" for month in wide.index])
    return shown.reset_index(drop=True)
