"""The figures of one organisation as they may be published: the small-number policy applied to all that was counted.

Whatever is worked out from counts (a year of its months, a cohort of twelve, a group of groups) is worked out from the
exact ones first; then each is hidden or rounded by itself. What pages and papers show is worked out from the result.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from t4c_lib.disclosure.published import PublishedFigures, publish
from t4c_lib.disclosure.relations import DENOMINATOR, NUMERATOR, SeriesSums
from t4c_lib.disclosure.suppression_policy import Policy, policy
from t4c_lib.evidence import SourceFile
from t4c_lib.framework import MeasureKind, ModelPath, catalogue, populations, series_followed
from t4c_lib.framework import series as known_series
from t4c_lib.framework.series import other_series
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress.derived_series import (
    HEADCOUNT,
    JOINERS,
    LEAVERS,
    MONTHLY,
    POOLED_MONTHS,
    pooled,
    with_derived_figures,
    with_missing_periods,
)
from t4c_lib.progress.figures import TIME_OVER_TIME
from t4c_lib.progress.provenance import SOURCE_KEY
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.quantities import Baseline, Unit


def published_figures(
    observations: pd.DataFrame, sources: Iterable[SourceFile], groups: Iterable[str] = ()
) -> PublishedFigures:
    """What was counted of an organisation, as it may be published.

    Args:
        observations: of one organisation, as the store gives them.
        sources: the files that told them; what has an attribution was officially published, and passes.
        groups: that a plan puts together, as plans write them.

    Returns:
        The figures, followed by those worked out from them. A measure that is judged on several months has the pool of
        months up to each, POOLED_MONTHS being how many of them are known; its single months are not published.
    """
    every = _with_pools(with_derived_figures(observations, groups))
    official = {(one.digest, one.publication, one.reader_version) for one in sources if one.attribution}
    return publish(
        every,
        official=[key in official for key in zip(*(every[name] for name in SOURCE_KEY), strict=True)],
        of_time=every["series"].isin(series_of_time()),
        policy=policy(),
        sums=series_sums(),
    )


def _with_pools(observations: pd.DataFrame) -> pd.DataFrame:
    """Cohorts of a month replaced by the pool of the months up to it, where a measure is judged on several."""
    made = [observations.assign(**{POOLED_MONTHS: 0.0})]
    for series, months in {one.series: one.judged_on for one in catalogue().measures if one.judged_on}.items():
        is_cohort = (made[0]["series"] == series) & made[0]["period"].str.fullmatch(MONTHLY)
        cohorts, made[0] = made[0][is_cohort], made[0][~is_cohort]
        for _, own in cohorts.groupby(["population", "breakdown"], sort=False):
            pool = pooled(with_missing_periods(own.drop(columns=POOLED_MONTHS).sort_values("period")), months)
            pool = pool.rename(columns={"months": POOLED_MONTHS})[[*observations.columns, POOLED_MONTHS]]
            made.append(pool[pool["period"].isin(own["period"])])
    return pd.concat(made, ignore_index=True).sort_values("period", kind="stable", ignore_index=True)


def published_plan(plan: Plan, sources: Iterable[SourceFile]) -> tuple[Plan, frozenset[RowKey]]:
    """The plan with baselines as they may be published, out of rounded counts; and the rows whose baseline is hidden.

    `plan`: as it was agreed. `sources`: files with an attribution were officially published; a baseline from one of
    them stays as it is.
    """
    official, held = {one.name for one in sources if one.attribution}, policy()
    rows = [
        row if row.baseline is None or row.baseline.source in official else _published_row(row, row.baseline, held)
        for row in plan.measures
    ]
    hidden = {row.key for row in rows if row.baseline is None} & {row.key for row in plan.measures if row.baseline}
    return plan.changed(measures=tuple(rows)), frozenset(hidden)


def as_published(
    plan: Plan | None, observations: pd.DataFrame, sources: Sequence[SourceFile]
) -> tuple[PublishedFigures, Plan | None, frozenset[RowKey]]:
    """Figures, with those of the groups that the plan puts together; the plan; its rows whose baseline is hidden."""
    if plan is None:
        return published_figures(observations, sources), None, frozenset()
    figures = published_figures(observations, sources, [row.group for row in plan.measures])
    return (figures, *published_plan(plan, sources))


def _published_row(row: MeasureRow, baseline: Baseline, held: Policy) -> MeasureRow:
    """The row with its baseline rounded; without one where that is hidden, or the target can't be had from there."""
    # Made anew, for a copy would keep the target that was worked out from the exact baseline.
    public = row.changed(baseline=_published_baseline(baseline, held))
    return public if public.target is not None or row.target is None else row.changed(baseline=None)


def _published_baseline(baseline: Baseline, held: Policy) -> Baseline | None:
    if baseline.unit is Unit.COUNT:
        count = float(held.rounded(baseline.value))
        return None if math.isnan(count) else replace(baseline, value=count)
    if baseline.numerator is None or baseline.denominator is None:
        return None  # nobody knows of how many people such a percentage is
    part, whole = (float(count) for count in held.rounded([baseline.numerator, baseline.denominator]))
    if math.isnan(part) or not whole >= held.smallest_base:
        return None
    return replace(baseline, value=part / whole, numerator=part, denominator=whole)


def series_sums() -> SeriesSums:
    """What readers of published figures know to hold between series, whatever the figures."""
    years = {(f"{series}-12-months", series) for series in (JOINERS, LEAVERS)}
    turnover = (series_followed(ModelPath.TURNOVER), LEAVERS)
    same = other_series().same_people
    above = {(one.series, NUMERATOR, one.numerator, one.group) for one in same}
    below = {(one.series, DENOMINATOR, one.denominator, "") for one in same}
    return SeriesSums(
        frozenset({*years, turnover}),
        frozenset({(HEADCOUNT, JOINERS, LEAVERS)}),
        frozenset(above | below),
        frozenset((one.name, one.part_of) for one in populations() if one.part_of),
    )


def series_of_time() -> frozenset[str]:
    """The series that are time over time: days lost of days available."""
    return frozenset(one.key for one in known_series() if one.kind is MeasureKind.RATE and one.unit == TIME_OVER_TIME)
