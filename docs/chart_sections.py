"""Sections of the gallery and of the page on the what-if alone: no page or report of the workbook has them yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd
from certificate_by_week import curve_of
from charts_to_come import certificate_curve, tornado, waterfall

from t4c_lib.charts import Scale, fan, funnel, icons_of
from t4c_lib.errors import find_named
from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.framework import series as every_series
from t4c_lib.periods import Month, parse_period
from t4c_lib.progress import RowProgress
from t4c_lib.progress.turnover_and_derived_series import KNOWN
from t4c_lib.quantities import number, percent
from t4c_lib.sections import Section
from t4c_lib.sections.figure_sections import drawable, signals_picture
from t4c_lib.whatif.outcomes_and_odds import LABELS, SHARES, format_chance

NOTHING_DONE = "If nothing changes"
MOST_ASSUMPTIONS = 8


@dataclass(frozen=True)
class OutcomeFormat:
    """What the what-if was asked about.

    Attributes:
        label: of the outcome, in words.
        scale: how its values are written.
        measured: the words above a chart, with the unit.
    """

    label: str
    scale: Scale
    measured: str


def outcome_format(outcome: str) -> OutcomeFormat:
    """How an outcome is written: a measure of the framework, or one of the model's own shares and stocks.

    Raises:
        UnknownNameError: no such measure, and no outcome of the model that is a share or a stock.
    """
    if outcome in LABELS:
        label = LABELS[outcome]
        if outcome in SHARES:
            return OutcomeFormat(label, Scale(), f"{label}, percent")
        return OutcomeFormat(label, Scale(is_fraction=False, decimals=0, things="people"), f"{label}, people")
    what = catalogue().measure(outcome)
    is_count = what.kind is MeasureKind.COUNT
    scale = Scale(is_fraction=False, things=what.unit) if is_count else Scale()
    return OutcomeFormat(what.name, scale, f"{what.name}, {what.unit if is_count else 'percent'}")


def expected_section(
    bands: pd.DataFrame,
    outcome: str,
    start: Month,
    *,
    nothing: pd.DataFrame | None = None,
    goal: tuple[Month, float] | None = None,
    chance: float | None = None,
    level: int = 3,
) -> Section:
    """Where a measure is expected to go: the middle of the draws, and the band that holds 80 of 100.

    Args:
        bands: columns outcome, month (from 0), low, central and high, as `whatif.Odds.frame` gives them.
        outcome: which of them.
        start: month 0.
        nothing: the same of doing nothing, to be drawn beside it; or None.
        goal: month and value of the target; or None.
        chance: of meeting it, 0 to 1; or None.
        level: of the heading.
    """
    what = outcome_format(outcome)
    band = _dated(bands, outcome, start)
    end = start + int(bands["month"].max())
    other = None if nothing is None else _dated(nothing, outcome, start).rename(columns={"middle": "value"})
    last = band.iloc[-1]
    between = f"{what.scale.text(last['low'])} and {what.scale.text(last['high'])}"
    middle = what.scale.words(last["middle"])
    title = f"{what.label}: {middle} expected in {end.label}, in 80 of 100 cases between {between}"
    picture = fan(
        band,
        scale=what.scale,
        measured=what.measured,
        title=title,
        name="Expected",
        others=None if other is None else {NOTHING_DONE: other},
        goal=None if goal is None else (pd.Timestamp(goal[0].last_day), goal[1]),
        chance=chance,
    )
    sentences = []
    if goal is not None:
        odds = "" if chance is None else f": the chance of meeting it is {format_chance(chance)}"
        sentences.append(f"The target is {what.scale.words(goal[1])} by {goal[0].label}{odds}.")
    return Section(f"What to expect: {what.label.lower()}", tuple(sentences), picture=picture, level=level)


def contributions_section(
    contributions: pd.DataFrame, outcome: str, *, nothing: float, when: Month, level: int = 3
) -> Section:
    """What each lever of a scenario brings, from doing nothing to the whole of it.

    Args:
        contributions: columns label and contribution, as `whatif.lever_contributions` gives them.
        outcome: what they are contributions to.
        nothing: its value if nothing is done.
        when: the month they are for.
        level: of the heading.
    """
    what = outcome_format(outcome)
    parts = contributions.rename(columns={"label": "name", "contribution": "amount"})
    total = nothing + float(parts["amount"].sum())
    picture = waterfall(
        parts[["name", "amount"]],
        start=nothing,
        scale=what.scale,
        measured=f"{what.measured}, {when.label}",
        title=(
            f"{what.label}: {what.scale.text(nothing)} if nothing changes, {what.scale.text(total)} with the whole "
            "scenario"
        ),
        names=(NOTHING_DONE, "Whole scenario"),
    )
    return Section("Contribution of each lever", picture=picture, level=level)


def sensitivity_section(ranked: pd.DataFrame, outcome: str, *, when: Month, level: int = 3) -> Section:
    """Which assumptions move the answer most.

    Args:
        ranked: as `whatif.sensitivity` gives them, the widest swing first.
        outcome: what they move.
        when: the month it is for.
        level: of the heading.
    """
    heading = "Assumptions that matter most"
    moving = ranked[ranked["swing"] > 0]
    if moving.empty:
        return Section(heading, ("No uncertain assumption changes this result.",), level=level)
    what = outcome_format(outcome)
    shown = moving.head(MOST_ASSUMPTIONS)
    table = pd.DataFrame(
        {
            "name": shown["label"],
            "low": shown["at_low"],
            "high": shown["at_high"],
            "low_text": [_amount(value, unit) for value, unit in zip(shown["low"], shown["unit"], strict=True)],
            "high_text": [_amount(value, unit) for value, unit in zip(shown["high"], shown["unit"], strict=True)],
        }
    )
    picture = tornado(
        table,
        centre=float(moving["at_central"].iloc[0]),
        scale=what.scale,
        measured=f"{what.measured}, {when.label}",
        title=f"Largest effect: {shown['label'].iloc[0]}",
    )
    rest = len(moving) - len(shown)
    sentences = ("Each assumption alone at its low and its high end, all others at their central value.",)
    more = (f"{rest} more have a smaller effect.",) if rest else ()
    return Section(heading, (*sentences, *more), picture=picture, level=level)


DAYS_OF_A_WEEK = 7
_DUE_WEEK = 12


def certificate_section(observations: pd.DataFrame, organisation: str, *, level: int = 2) -> Section:
    """The share of newcomers who hold the certificate, week by week after their first day.

    Args:
        observations: as the store gives them.
        organisation: its code.
        level: of the heading.
    """
    heading = "Time to the Care Certificate"
    found = curve_of(observations, organisation)
    if found is None:
        sentence = "No figures on the Care Certificate have been added. A staff extract provides them."
        return Section(heading, (sentence,), level=level)
    curve = pd.DataFrame({"week": found.days // DAYS_OF_A_WEEK, "share": found.share})
    in_time = curve[curve["week"] <= _DUE_WEEK]["share"].iloc[-1]
    title = f"{percent(in_time)} of newcomers hold the certificate {_DUE_WEEK} weeks after their first day"
    picture = certificate_curve(curve, newcomers=found.newcomers, title=title)
    sentence = "Newcomers who left, or who started too recently, are included up to the last day known of them."
    return Section(heading, (sentence,), picture=picture, level=level)


def funnel_section(
    observations: pd.DataFrame,
    names: Mapping[str, str],
    *,
    series: str,
    population: str,
    own: str = "",
    period: str | None = None,
) -> Section:
    """Everybody's figure of one period in a funnel: people out of people only, since chance's limits need people.

    Args:
        observations: of several organisations.
        names: what each code is called.
        series: key of a share of people.
        population: of whom.
        own: code of the organisation shown by name; empty for none.
        period: which; by default the one that most organisations have, the newest of those.

    Raises:
        UnknownNameError: no series of that name.
        ValueError: the series is no share of people.
    """
    what = find_named("series", series, {one.key: one for one in every_series()})
    if what.kind is not MeasureKind.SHARE:
        raise ValueError(f"A funnel compares shares of people; '{series}' is a {what.kind}.")
    heading = f"{what.label}: organisations side by side"
    chosen = observations[
        (observations["series"] == series)
        & (observations["population"] == population)
        & (observations["breakdown"] == "all")
        & observations["state"].isin(KNOWN)
        & (observations["denominator"] > 0)
    ]
    if period is None and not chosen.empty:
        counts = chosen.groupby("period")["organisation"].nunique()
        period = str(counts[counts == counts.max()].index.max())
    found = chosen[chosen["period"] == period]
    if len(found) < 2:
        return Section(heading, ("Fewer than two organisations have figures to compare.",))
    assert period is not None  # noqa: S101
    when = parse_period(period).label
    table = pd.DataFrame(
        {
            "name": [names.get(code, code) for code in found["organisation"]],
            "numerator": found["numerator"].to_numpy(),
            "denominator": found["denominator"].to_numpy(),
        }
    )
    mine = names.get(own, own)
    picture = funnel(
        table,
        own=mine,
        measured=f"{what.label}, {population}, {when}, percent",
        base="people",
        title=f"{len(table)} organisations in {when}",
    )
    places = dict(zip(picture.table["Organisation"], picture.table["Place"], strict=True))
    shares = dict(zip(picture.table["Organisation"], picture.table["Share"], strict=True))
    if mine in places:
        title = f"{mine}: {shares[mine]} in {when}, {places[mine]}"
        picture = replace(picture, title=title)
    return Section(heading, picture=picture)


def signals_section(progress: RowProgress, *, level: int = 3) -> Section:
    """One measure with what the rules of special causes say of it: an XmR chart, or a run chart that says why not.

    Raises:
        TypeError: the row is an action.
    """
    drawn, latest = drawable(progress), progress.latest
    heading = f"{progress.row.reference} {progress.row.wording}: signal or chance?"
    if latest is None:
        return Section(heading, (progress.status.reason,), level=level)
    now = f"{drawn.scale.words(latest.value * drawn.factor)} in {latest.when}"
    icon = icons_of(progress.variation, None)
    said = icon[0].label.lower() if icon else "too few figures to tell a signal from chance"
    picture = signals_picture(progress, f"{now[0].upper()}{now[1:]}: {said}")
    return Section(heading, tuple(one.text for one in icon), picture=picture, level=level)


def _dated(bands: pd.DataFrame, outcome: str, start: Month) -> pd.DataFrame:
    chosen = bands[bands["outcome"] == outcome] if "outcome" in bands else bands
    days = [pd.Timestamp((start + int(month)).last_day) for month in chosen["month"]]
    return chosen.assign(day=days).rename(columns={"central": "middle"})[["day", "low", "middle", "high"]]


def _amount(value: float, unit: str) -> str:
    """An assumption's figure with its unit: "14% a year", "12 months"; a ratio has none."""
    for part in ("share", "per person"):
        if unit.startswith(part):
            return f"{number(value * 100, 1)}%{unit.removeprefix(part)}"
    return number(value, 1) if unit == "ratio" else f"{number(value, 1)} {unit}"
