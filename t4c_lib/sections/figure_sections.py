"""Sections of figures: measures against trajectory or process limits, age profile, sickness, and what is not known."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import pandas as pd

from t4c_lib import charts
from t4c_lib.charts import age_profile
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE, State
from t4c_lib.framework import Measure, MeasureKind, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import RowProgress, SpcNote, StartingState, WhatIf, row_figures, row_progress
from t4c_lib.progress.figures import amount_text, period_label
from t4c_lib.progress.spc import Autocorrelation
from t4c_lib.progress.status import EVEN_CHANCE
from t4c_lib.progress.turnover_and_derived_series import KNOWN, with_derived_figures
from t4c_lib.progress.what_if_answers import WhatIfQuestion, levers_needed
from t4c_lib.quantities import count_of, number, percent
from t4c_lib.sections.section import Fact, Section
from t4c_lib.whatif import Scenario
from t4c_lib.whatif.outcomes_and_odds import format_chance


class Drawable(NamedTuple):
    """A measure's figures as charts take them."""

    #: period in words, day, value, low, high and state; of a gap in percentage points, else as they are.
    figures: pd.DataFrame
    scale: charts.Scale  #: how they are written
    measured: str  #: what they are, with their unit
    factor: float = 1.0  #: by what values were multiplied (100 for a gap)


def drawable(progress: RowProgress) -> Drawable:
    """The figures of a measure's row. Raises TypeError for an action, which has none."""
    row = progress.row
    if not isinstance(row, MeasureRow):
        raise TypeError(f"{row.label} has no figures.")
    figures = progress.figures[["day", "value", "low", "high", "state"]].copy()
    periods = zip(progress.figures["period"], progress.figures["months"], strict=True)
    labels = [period_label(period, int(months), row.what.judged_on or 0) for period, months in periods]
    figures.insert(0, "period", labels)
    latest = progress.latest
    whose = row.population if latest is None else latest.population
    proxy = " (a proxy)" if latest is not None and latest.is_proxy else ""
    # Some measures name their population themselves: "Sickness absence of support staff".
    of_whom = f", {whose}{proxy}" if whose and (proxy or whose not in row.wording) else ""
    if row.is_closer:
        figures[["value", "low", "high"]] *= 100
        measured = f"{row.group}: percentage points below the comparison group{of_whom}"
        return Drawable(figures, charts.Scale(is_fraction=False, things="points"), measured, 100.0)
    if row.what.kind is MeasureKind.COUNT:
        scale = charts.Scale(is_fraction=False, things=row.what.unit)
        return Drawable(figures, scale, f"{row.wording}, {row.what.unit}")
    pooled = f"; {row.what.judged_on} months together" if row.what.judged_on else ""
    scale = charts.Scale(typed=row.change.amount if row.change else None)
    return Drawable(figures, scale, f"{row.wording}{of_whom}, percent{pooled}")


def chart_note(progress: RowProgress) -> str:
    """The small print of a chart: the rules used, what to beware of, why there is no icon, what is not shown."""
    ways = {"overlapping": Autocorrelation.OVERLAPPING, "too_few": charts.too_few_points}
    return _words("note", one=progress, kind=progress.spc_note.name, **ways).strip()


def signals_picture(progress: RowProgress, title: str) -> charts.Picture:
    """The XmR chart of a measure; a run chart where there are too few figures or they share months."""
    drawn, found = drawable(progress), progress.signals
    goal = None if progress.trajectory is None else progress.trajectory.target * drawn.factor
    note = chart_note(progress)
    if found is None or progress.spc_note is not SpcNote.SHOWN:
        return charts.run_chart(
            drawn.figures, scale=drawn.scale, measured=drawn.measured, title=title, target=goal, note=note
        )
    limits = {name: getattr(found, name) * drawn.factor for name in ("mean", "lower", "upper")}
    marks = {name: getattr(found, name) for name in ("phase", "special_cause", "point_type")}
    return charts.control_chart(
        drawn.figures.assign(**limits, **marks),
        note=note,
        scale=drawn.scale,
        measured=drawn.measured,
        title=title,
        target=goal,
        variation=progress.variation,
        assurance=progress.assurance,
    )


def measure_picture(progress: RowProgress, expected: pd.DataFrame | None = None) -> charts.Picture:
    """A measure's figures against the planned trajectory; without a target its XmR or run chart."""
    assert progress.latest is not None  # noqa: S101  (asked for where there is a figure)
    title = f"{progress.label}. {_words('finding', one=progress, even=EVEN_CHANCE, chance=format_chance)}"
    if progress.trajectory is None:
        return signals_picture(progress, title)
    drawn = drawable(progress)
    return charts.against_trajectory(
        drawn.figures,
        _times(progress.trajectory.corners(), drawn.factor),
        None if expected is None else _times(expected, drawn.factor),
        scale=drawn.scale,
        measured=drawn.measured,
        title=title,
        status=progress.status.text,
        chance=progress.chance,
        variation=progress.variation,
        assurance=progress.assurance,
        note=chart_note(progress),
    )


def _times(table: pd.DataFrame, factor: float) -> pd.DataFrame:
    values = [name for name in table.columns if name not in ("day", "is_checkpoint")]
    return table.assign(**{name: table[name] * factor for name in values})


TARGETS_TAKE = "What the targets take"


def targets_section(
    rows: Iterable[RowProgress], opened: WhatIf, whole: str = "", scenario: Scenario | None = None
) -> Section:
    """Every target that the plan's what-if can forecast: its chance, what each lever alone has to be; `whole` first.

    `scenario`: one of which the chances stand beside those of the plan.
    """
    found = []
    for one in rows:
        if not isinstance(one.row, MeasureRow) or one.row.target is None or one.chance is None:
            continue
        target = one.row.target
        asked = WhatIfQuestion(opened, one.row, target.due, target.goal)
        alone = "; ".join(f"{lever.label}: {lever.amount}, {lever.taken.text}" for lever in levers_needed(asked))
        is_expected = one.chance >= EVEN_CHANCE
        without = "none needed, it is expected with the plan" if is_expected else "no single lever is enough"
        goal = f"{amount_text(one.row, target.goal)} by {target.due.label}"
        chances = [format_chance(one.chance)]
        if scenario is not None:
            chances.append(format_chance(asked.odds(scenario).chance(asked.target(asked.month))))
        found.append((one.label, goal, *chances, alone or without))
    if not found:
        return Section(TARGETS_TAKE, ("No target of the plan can be forecast.",))
    sentence = "Each lever alone would be enough as expected, about an even chance. Costs run to the target's date."
    besides = [f"Chance with {scenario.name}"] if scenario is not None else []
    table = pd.DataFrame(found, columns=["Measure", "Target", "Chance with the plan", *besides, "Enough by itself"])
    said = tuple(filter(None, (whole, sentence)))
    return Section(TARGETS_TAKE, said, table=table, table_caption="Targets that can be forecast")


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
    ordered = (known[known["period"] == known["period"].max()] if not known.empty else known).sort_values("breakdown")
    groups = [str(name).removeprefix(AGE_PREFIX) for name in ordered["breakdown"]]
    labels = [group.replace("-", " to ").replace("+", " and over") for group in groups]
    return ordered.assign(label=labels, count=ordered["numerator"], share=ordered["value"])


SICKNESS = "sickness"


def _words(part: str, **shown: object) -> str:
    return text_from("sections/figure_sections.txt.j2", part=part, **shown).rstrip()


def sickness_section(observations: pd.DataFrame, organisation: Organisation, as_of: dt.date | None = None) -> Section:
    """The months known, with days lost and available, and whose they are; those after `as_of` are left out."""
    row = MeasureRow.of(measure=SICKNESS)
    found = row_progress(row, row_figures(row, observations, as_of), as_of or dt.date.max)
    heading, latest = "Sickness absence", found.latest
    if latest is None:
        return Section(heading, warning=_words("sickness unknown", name=organisation.name))
    periods = [parse_period(period).label for period in found.figures["period"]]
    rate = found.text_of(latest.value)
    sentence = _words("sickness", months=count_of(len(periods), "months"), first=periods[0], last=periods[-1])
    warning = _words("sickness proxy", population=row.population) if latest.is_proxy else ""
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
    missing = coverage.missing
    counts = {"counted": len(coverage.counted), "found": len(coverage.known), "every": len(catalogue().measures)}
    sentence = _words("not known", name=organisation.name, missing=len(missing), **counts)
    names = ", ".join(f"{_ref(one.ref, one.part)} {one.name}" for one in coverage.hidden)
    not_shown = (f"Small numbers only, which are not shown: {names}.",) if names else ()
    table = missing_table(missing)
    return Section("What is not known", (sentence, *not_shown), table=table, table_caption="Measures without a figure")


def missing_table(missing: Iterable[Measure]) -> pd.DataFrame:
    """Measures, each with where a figure would come from."""
    fed = "; or the Work experience page, once it has a year that is complete"
    where = ((one, one.source_of_data + (fed if one.fed_by else "")) for one in missing)
    rows = [(f"{_ref(one.ref, one.part)} {one.name}", source) for one, source in where]
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
    return Section(
        "What this rests on",
        (_words("rests on"),),
        table=table,
        table_caption=f"Starting point, {start.month.label}",
        warning=warning,
        level=3,
    )
