"""What is known of an organisation and what is not: age profile, Care Certificate, sickness, funnel, sources."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import pandas as pd

from t4c_lib.charts import age_profile
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE, State
from t4c_lib.framework import Measure, catalogue
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import RowProgress, StartingState, row_figures, row_progress
from t4c_lib.progress.derived_series import KNOWN, with_derived_figures
from t4c_lib.quantities import count_of, number, percent
from t4c_lib.sections.measure_progress import drawable, signals_picture
from t4c_lib.sections.section import Fact, Section

AGE_PREFIX = "age="
_AGE_UNKNOWN = "Not recorded"


def age_section(observations: pd.DataFrame) -> Section:
    """Which part of all staff is in each age group at the newest count, and which part of support staff."""
    heading = "Age profile"
    by_group = observations[observations["series"] == catalogue().by_group.series]
    ages = by_group[by_group["breakdown"].str.startswith(AGE_PREFIX)]
    staff = _newest(ages[ages["population"] == TRUST_WORKFORCE])
    if staff.empty:
        return Section(heading, ("No figures by age group have been added. A staff extract provides them.",))
    period = staff["period"].iloc[0]
    others = _newest(ages[(ages["population"] == SUPPORT_STAFF) & (ages["period"] == period)])
    beside = dict(zip(others["label"], others["value"], strict=True))
    table = staff.assign(other=[beside.get(label, float("nan")) for label in staff["label"]])
    when = parse_period(period).label
    youngest = table.iloc[0]
    title = f"{percent(youngest['share'])} of all staff were {youngest['label']} in {when}"
    picture = age_profile(
        table,
        names=("All staff", "Support staff"),
        measured=f"Share of people whose age is known, {when}, percent",
        title=title,
    )
    return Section(heading, (f"{number(table['count'].sum())} people whose age is known, {when}.",), picture=picture)


def _newest(ages: pd.DataFrame) -> pd.DataFrame:
    """The newest period's rows: label, count, share, youngest first; those whose age isn't known left out."""
    known = ages[~ages["breakdown"].str.endswith(_AGE_UNKNOWN) & ages["value"].notna()]
    latest = known[known["period"] == known["period"].max()] if not known.empty else known
    ordered = latest.sort_values("breakdown")
    groups = [str(name).removeprefix(AGE_PREFIX) for name in ordered["breakdown"]]
    labels = [group.replace("-", " to ").replace("+", " and over") for group in groups]
    return ordered.assign(label=labels, count=ordered["numerator"], share=ordered["value"])


SICKNESS = "sickness"


def sickness_section(observations: pd.DataFrame, organisation: Organisation, as_of: dt.date | None = None) -> Section:
    """The months known, each with days lost and days available; says whose days they are.

    Nothing that ended after `as_of` counts; all months do if it is None.
    """
    row = MeasureRow.of(measure=SICKNESS)
    found = row_progress(row, row_figures(row, observations, as_of), as_of or dt.date.max)
    heading, latest = "Sickness absence", found.latest
    if latest is None:
        return Section(
            heading,
            warning=(
                f"Not known for {organisation.name}: no file with its sickness absence has been added. NHS England "
                "publishes it by organisation and month; a staff extract holds it too."
            ),
        )
    periods = [parse_period(period).label for period in found.figures["period"]]
    rate = found.text_of(latest.value)
    sentence = (
        f"{count_of(len(periods), 'months')}, {periods[0]} to {periods[-1]}. The rate is the FTE days lost to sickness "
        "divided by the FTE days available in the month."
    )
    warning = ""
    if latest.is_proxy:
        warning = (
            f"A proxy: these figures are for all staff together. The pledge's measure is about {row.population}, whose "
            "figures are not published; a staff extract would give them."
        )
    whose = "all staff (proxy)" if latest.is_proxy else row.population
    facts = (Fact(rate, f"Sickness absence, {latest.when}", f"{found.counts}, {whose}"),)
    caption = f"all staff, a proxy for {row.population}" if latest.is_proxy else row.population
    return Section(
        heading,
        (sentence,),
        facts,
        signals_picture(found, f"Sickness absence was {rate} in {latest.when}"),
        _sickness_table(found),
        f"Sickness absence by month, {caption}",
        warning=warning,
    )


def _sickness_table(found: RowProgress) -> pd.DataFrame:
    drawn, figures = drawable(found), found.figures
    return pd.DataFrame(
        {
            "Month": drawn.figures["period"],
            "FTE days lost": [_days(days) for days in figures["numerator"]],
            "FTE days available": [_days(days) for days in figures["denominator"]],
            "Sickness absence": [
                text or state for text, state in zip(drawn.scale.texts(drawn.figures), figures["state"], strict=True)
            ],
        }
    )


def _days(days: float) -> str:
    return "" if pd.isna(days) else number(days, 2)  # as published


@dataclass(frozen=True)
class Coverage:
    """The framework's measures that count something: all of them (`counted`), and those without a figure (`missing`).

    Of those that are `hidden` there are small numbers only, which are not shown.
    """

    counted: tuple[Measure, ...]
    missing: tuple[Measure, ...]
    hidden: tuple[Measure, ...]

    @classmethod
    def of(cls, observations: pd.DataFrame) -> Self:
        """What is known by the figures of one organisation."""
        every = with_derived_figures(observations)
        known = set(every.loc[every["state"].isin(KNOWN), "series"])
        small = set(every.loc[every["state"] == State.suppressed.value, "series"]) - known
        counted = tuple(measure for measure in catalogue().measures if measure.kind not in ("evidence", "review"))
        hidden = tuple(measure for measure in counted if measure.series in small)
        return cls(counted, tuple(one for one in counted if one.series not in known | small), hidden)

    @cached_property
    def known(self) -> tuple[Measure, ...]:
        """Those with a figure."""
        return tuple(one for one in self.counted if one not in self.missing and one not in self.hidden)


def what_is_not_known(observations: pd.DataFrame, organisation: Organisation) -> Section:
    """Every measure of the framework that counts something and has no figure here, with where one would come from."""
    coverage = Coverage.of(observations)
    missing, found = coverage.missing, len(coverage.known)
    sentence = (
        f"Of the framework's {len(coverage.counted)} measures that count something, {found} "
        f"{'has' if found == 1 else 'have'} a figure for {organisation.name} and {len(missing)} "
        f"{'has' if len(missing) == 1 else 'have'} none. The other "
        f"{len(catalogue().measures) - len(coverage.counted)} ask for "
        "something that is in place or reviewed, not counted."
    )
    names = ", ".join(f"{_ref(one.ref, one.part)} {one.name}" for one in coverage.hidden)
    not_shown = (f"Small numbers only, which are not shown: {names}.",) if names else ()
    table = missing_table(missing)
    return Section("What is not known", (sentence, *not_shown), table=table, table_caption="Measures without a figure")


def missing_table(missing: Iterable[Measure]) -> pd.DataFrame:
    """Measures, each with where a figure would come from."""
    rows = [(f"{_ref(one.ref, one.part)} {one.name}", one.source_of_data) for one in missing]
    return pd.DataFrame(rows, columns=["Measure", "Where a figure would come from"])


def _ref(ref: str, part: str | None) -> str:
    return f"{ref} ({part})" if part else ref


def what_it_rests_on(start: StartingState) -> Section:
    """The numbers the answers start from, and which of them are national figures for want of local ones."""
    lines = [(one.label, one.text, one.source) for one in start.numbers]
    table = pd.DataFrame(lines, columns=["Number", "Value", "Where it comes from"])
    names = "; ".join(f"{part.label[0].lower()}{part.label[1:]}" for part in start.defaults)
    some = f"{len(start.defaults)} of {len(start.numbers)} numbers"
    warning = f"{some} are stand-ins for figures not counted here: {names}." if start.defaults else ""
    sentence = (
        "Worked out month by month: people leave, some turn 25, learn or move up, others join. Everything goes on as "
        "it is unless a target asks for more joiners. The figures are expected values, with about an even chance of "
        "more or less."
    )
    return Section(
        "What this rests on",
        (sentence,),
        table=table,
        table_caption=f"Starting point, {start.month.label}",
        warning=warning,
        level=3,
    )
