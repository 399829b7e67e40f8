"""The newest figure of a series as a baseline, what a plan lacks beside the evidence, and which figures to ask for."""

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from t4c_lib.evidence import Organisation
from t4c_lib.evidence.breakdowns import breakdown_of, parts_of
from t4c_lib.evidence.collection_workbook import MeasureRequest, Rhythm, collect
from t4c_lib.evidence.collection_workbook.request import Collection
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE
from t4c_lib.framework import MeasureKind, catalogue, series
from t4c_lib.framework import series as known_series
from t4c_lib.periods import MONTHS_IN_A_YEAR, Month, parse_period
from t4c_lib.plan import Finding, MeasureRow, Plan, check
from t4c_lib.plan.partnership.agreement_status import unagreed
from t4c_lib.plan.partnership.decisions import Act
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.progress import turnover_and_derived_series as derived_series
from t4c_lib.progress.figures import end_and_kind
from t4c_lib.progress.turnover_and_derived_series import KNOWN, MONTHLY, parts_of_series, pooled, with_derived_figures
from t4c_lib.quantities import Baseline, Unit

_UNITS = {MeasureKind.SHARE: Unit.SHARE, MeasureKind.RATE: Unit.RATE}


def _latest(found: pd.DataFrame, series: str, as_of: Month | None) -> Baseline | None:
    places = np.flatnonzero(found["state"].isin(KNOWN)).tolist()
    ends = ((end_and_kind(found.index[place])[0], place) for place in places)
    allowed = [one for one in ends if as_of is None or one[0] <= as_of.last_day]
    return None if not allowed else _baseline(series, _judged(series, found, found.iloc[max(allowed)[1]]))


@dataclass(frozen=True)
class RowFigures:
    """What was counted for rows of a plan: of exactly their measure, population and group."""

    observations: pd.DataFrame  #: as the store gives them, of one organisation
    as_of: Month | None = None  #: for `newest`, nothing that ended after this month
    _found: dict[tuple[str, str, str], pd.DataFrame] = field(default_factory=dict, init=False, repr=False)
    _figures: dict[tuple[object, ...], Baseline | None] = field(default_factory=dict, init=False, repr=False)
    _then: dict[str, "RowFigures"] = field(default_factory=dict, init=False, repr=False)

    def newest(self, row: MeasureRow) -> Baseline | None:
        """The newest figure as a baseline; None where nobody counted."""
        return self._figure(row, self.as_of)

    def counted(self, row: MeasureRow) -> Baseline | None:
        """The figure for the period of the row's own baseline; None without one, or where nobody counted then."""
        if row.baseline is None or not row.baseline.period:
            return None
        period = parse_period(row.baseline.period)
        found = self._figure(row, Month.ended_by(period.last_day))
        if found is not None and found.period == str(period):
            return found
        if row.what.judged_on is not None:
            return None
        # Periods of another kind may end on the same day.
        if str(period) not in self._then:
            self._then[str(period)] = RowFigures(self.observations[self.observations["period"] == str(period)])
        return self._then[str(period)].newest(row)

    @cached_property
    def _places(self) -> Mapping[Any, Any]:
        return self.observations.groupby(["series", "population", "breakdown"], sort=False).indices

    def of(self, series: str, population: str, group: str = "", as_of: Month | None = None) -> Baseline | None:
        """The newest figure of a series that was counted; None where there is none. Newest is what ended last.

        Of a measure that is judged on several months together it is the pool of the months up to the newest one; its
        period is the financial year if they are one, else the newest month. Nothing that ended after `as_of` counts.
        `group`: as a plan writes it: "race: Asian", "age: 16 to 24", "level: 3" for a qualification at level 3 or
        above; everybody if empty.
        """
        asked = series, population, group
        if asked not in self._found:
            own = self._places_of(*asked)
            found = self.observations.iloc[np.sort(np.concatenate(own)) if own else slice(0)]
            known = with_derived_figures(found, [group])
            chosen = known[(known["series"] == series) & (known["breakdown"] == breakdown_of(group))]
            self._found[asked] = chosen.set_index("period").sort_index()
        if (*asked, as_of) not in self._figures:
            self._figures[*asked, as_of] = _latest(self._found[asked], series, as_of)
        return self._figures[*asked, as_of]

    def _places_of(self, series: str, population: str, group: str) -> list[Any]:
        """Where the figures of a group stand, and those from which they may be worked out."""
        breakdown = breakdown_of(group)
        of = {breakdown, *parts_of(breakdown), *([ALL] if parts_of_series(series) else [])}
        keys = [(one, population, part) for one in (series, *parts_of_series(series)) for part in of]
        return [self._places[key] for key in keys if key in self._places]

    def _figure(self, row: MeasureRow, as_of: Month | None) -> Baseline | None:
        series, population, group = row.what.series, row.population or "", row.group
        # What is counted of nobody in particular comes out of a staff extract as a figure of the whole workforce.
        if not population and not self._places_of(series, "", group):
            population = TRUST_WORKFORCE
        return self.of(series, population, group, as_of)


def plan_findings(
    plan: Plan, figures: RowFigures, record: PartnershipRecord, acts: Sequence[Act], day: dt.date
) -> tuple[Finding, ...]:
    """All that a plan lacks on a day, with the evidence, and the partnership's record of that day, beside it."""
    return (
        *check(record.with_recorded(plan), day, baselines=figures.newest, counted=figures.counted),
        *record.contradicted(plan),
        *unagreed(plan.every_row, acts),
    )


def _judged(series: str, found: pd.DataFrame, newest: pd.Series) -> pd.Series:
    """The figure by which a measure is judged: a month's own, or the pool of the months up to it."""
    months = next((one.judged_on for one in catalogue().measures if one.series == series), None)
    last = parse_period(str(newest.name))
    if months is None or not isinstance(last, Month):
        return newest
    monthly = found[found.index.str.fullmatch(MONTHLY) & (found.index <= str(last))]
    pool = pooled(derived_series.with_missing_periods(monthly.rename_axis("period").reset_index()), months).iloc[-1]
    year = last.financial_year
    is_a_year = months == MONTHS_IN_A_YEAR == pool["months"] and last == year.months[-1]
    return pool.rename(str(year) if is_a_year else str(last))


def _baseline(series: str, row: pd.Series) -> Baseline:
    when, source = str(row.name), str(row["source"])
    guessed = MeasureKind.COUNT if pd.isna(row["denominator"]) else MeasureKind.SHARE
    unit = _UNITS.get(next((one.kind for one in known_series() if one.key == series), guessed), Unit.COUNT)
    if unit is Unit.COUNT:
        return Baseline.count(float(row["value"]), period=when, source=source)
    measure = next((one for one in catalogue().measures if one.series == series), None)
    counted, base = (measure.counted, measure.base_of(str(row["population"]))) if measure else ("people", "workforce")
    if pd.isna(row["numerator"]) or pd.isna(row["denominator"]) or not row["denominator"]:
        # Published as a share without its parts, as the staff survey's weighted percentages are.
        return Baseline(float(row["value"]), None, None, when, source, unit, counted, base)
    numerator, denominator = float(row["numerator"]), float(row["denominator"])
    return Baseline.of(numerator, denominator, period=when, source=source, unit=unit, counted=counted, base=base)


def plan_collection(
    organisation: Organisation,
    plan: Plan | None,
    last: Month,
    *,
    every: Rhythm | None = None,
    only: Container[str] | None = None,
) -> Collection:
    """What is asked of an organisation: the open measures of its plan that have an amount, or all of the framework's.

    `last`: the latest month of which figures are wanted. `every`: how often; as each measure is counted if None.
    `only`: keys of the measures that are asked for; all if None.
    """
    if plan is None:
        asked = [MeasureRequest(one) for one in catalogue().measures if one.baseline_unit is not None]
    else:
        rows = [(row, row.what.model_copy(update={"name": row.wording})) for row in plan.measures if row.can_have_x]
        asked = [MeasureRequest(what, row.population, row.group) for row, what in rows]
    wanted = [one for one in asked if only is None or one.measure.key in only]
    keys = {one.measure.key for one in wanted}
    return collect(
        organisation.code,
        organisation.name,
        wanted,
        last,
        every=every,
        demonstration=organisation.demonstration,
        besides=[one for one in series() if one.collected is not None and one.collected.asked_with in keys],
    )
