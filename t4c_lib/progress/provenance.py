"""Every figure with where it came from: as a table for the analyst, and as it may be published.

Whatever is worked out from counts (a year of its months, a cohort of twelve, a group of groups) is worked out from the
exact ones first; then each is hidden or rounded by itself. What pages and papers show is worked out from the result.
"""

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from t4c_lib.disclosure import Audience
from t4c_lib.disclosure.published import PublishedFigures, publish
from t4c_lib.disclosure.relations import DENOMINATOR, NUMERATOR, SeriesSums
from t4c_lib.disclosure.suppression_policy import TREATMENT, Policy, policy
from t4c_lib.evidence import SourceFile
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.filesystem import write_whole
from t4c_lib.framework import Measure, MeasureKind, ModelPath, catalogue, populations, series_followed
from t4c_lib.framework import series as known_series
from t4c_lib.framework.catalogue import other_series
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress import turnover_and_derived_series as derived_series
from t4c_lib.progress.baselines import RowFigures
from t4c_lib.progress.figures import TIME_OVER_TIME
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.progress.turnover_and_derived_series import JOINERS, KNOWN, LEAVERS, POOLED_MONTHS, with_derived_figures
from t4c_lib.quantities import Baseline, Unit, count_of, number

_ORIGIN = ("source_file", "source_digest", "source_rows", "extract_date", "reader", "reader_version")
PROVENANCE_COLUMNS = (
    *("organisation", "measures", "series", "population", "breakdown", "period", "numerator", "denominator", "value"),
    *("unit", "state", POOLED_MONTHS, *_ORIGIN, TREATMENT, "audience"),
)
# How a spreadsheet knows a formula: OWASP, "CSV Injection". The wide signs are what East Asian keyboards write.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SOURCE_KEY = ("source_digest", "reader", "reader_version")


class MeasureBaseline(NamedTuple):
    """The latest known figure of a measure for one population; a proxy where the measure asks for another."""

    baseline: Baseline
    population: str
    is_proxy: bool


def measure_baseline(counted: RowFigures, measure: str, group: str = "") -> MeasureBaseline | None:
    """Where a measure stands, by its own population if counted, else a proxy. Raises UnknownNameError: no measure."""
    row = catalogue().measure(measure)
    asked = row.population
    # Placements, courses and the like are counted of nobody: "" is their population.
    for population in dict.fromkeys((asked or "", TRUST_WORKFORCE, SUPPORT_STAFF)):
        if (now := counted.of(row.series, population, group)) is not None:
            return MeasureBaseline(now, population, asked is not None and population != asked)
    return None


class SourcedBaseline(NamedTuple):
    """Where a measure stands, and the file that says so."""

    measure: Measure  #: of the framework
    latest: MeasureBaseline | None  #: its newest known figure; None where there is none for everybody together
    source: SourceFile | None  #: the file of that figure
    #: period and state of a newer figure that is not known ("2026-03 suppressed"); empty where there is none.
    newer: str = ""
    groups: int = 0  #: how many figures of groups there are for the newest period that has some


def sourced_baselines(counted: RowFigures, sources: Iterable[SourceFile]) -> tuple[SourcedBaseline, ...]:
    """Every measure of which anything was observed, in the framework's order, with the file it was read from."""
    files = _by_key(sources)
    observations = with_derived_figures(counted.observations)
    found = []
    for measure in catalogue().measures:
        rows = observations[observations["series"] == measure.series]
        if rows.empty:
            continue
        now = measure_baseline(counted, measure.key)
        groups = rows[(rows["breakdown"] != ALL) & rows["state"].isin(KNOWN)]
        last = max(groups["period"], key=lambda period: parse_period(period).last_day, default="")
        newest = int((groups["period"] == last).sum())
        if now is None:
            found.append(SourcedBaseline(measure, None, None, _not_known(rows, ""), newest))
            continue
        whole = rows[(rows["population"] == now.population) & (rows["breakdown"] == ALL)]
        # The year that a small cohort is judged on is no row of its own: its newest month is.
        end = parse_period(now.baseline.period).last_day
        row = whole[[parse_period(period).last_day == end for period in whole["period"]]].iloc[0]
        source = files.get(tuple(row[name] for name in SOURCE_KEY))
        found.append(SourcedBaseline(measure, now, source, _not_known(whole, now.baseline.period), newest))
    return tuple(found)


def _not_known(rows: pd.DataFrame, after: str) -> str:
    """The newest figure for everybody that ended after a period, where it is not known; empty where there is none."""
    unknown = rows[(rows["breakdown"] == ALL) & ~rows["state"].isin(KNOWN)]
    ended = [
        (parse_period(period).last_day, f"{period} {state}")
        for period, state in zip(unknown["period"], unknown["state"], strict=True)
    ]
    later = [one for one in ended if not after or one[0] > parse_period(after).last_day]
    return max(later)[1] if later else ""


def format_baseline(one: SourcedBaseline) -> str:
    """A measure's baseline and its source, in a few lines."""
    return text_from("progress/sourced_baseline.txt.j2", one=one, count_of=count_of, number=number).rstrip()


def provenance_table(figures: pd.DataFrame | PublishedFigures, sources: Iterable[SourceFile]) -> pd.DataFrame:
    """Every figure with its parts, its state and its source, and those worked out of several: PROVENANCE_COLUMNS.

    `measures` names the measures that read the series, with spaces between them. A value that is not known is NaN, and
    `state` says if it is suppressed, missing or not applicable; zero is a value. Exact figures are marked as not for
    publication; published ones say how each was treated, and not how many rows an organisation's own file has. Where a
    measure is judged on several months, published ones are of these together, and POOLED_MONTHS says of how many.
    """
    rows = {key: source.rows for key, source in _by_key(sources).items()}
    if isinstance(figures, PublishedFigures):
        observations, audience = figures.table, Audience.PUBLISHED
        rows = {key: rows[key] for key, source in _by_key(sources).items() if source.attribution}
    else:
        derived = [with_derived_figures(own) for _, own in figures.groupby("organisation")]
        observations, audience = pd.concat(derived or [figures]), Audience.FORUM
        observations[TREATMENT], observations[POOLED_MONTHS] = "", 0.0
    reads: dict[str, list[str]] = {}
    for measure in catalogue().measures:
        for key in (measure.series, *measure.counts_also):
            reads.setdefault(key, []).append(measure.key)
    order = {key: at for at, key in enumerate(reads)}
    file_keys = zip(*(observations[name] for name in SOURCE_KEY), strict=True)
    table = observations.assign(
        measures=[" ".join(reads.get(series, ())) for series in observations["series"]],
        source_file=observations["source"],
        source_rows=pd.array([rows.get(key) for key in file_keys], dtype="Int64"),
        order=[order.get(series, len(order)) for series in observations["series"]],
        audience=audience.marking,
        **{POOLED_MONTHS: observations[POOLED_MONTHS].where(observations[POOLED_MONTHS] > 0)},
    )
    by = ["organisation", "order", "series", "population", "breakdown", "period"]
    return table.sort_values(by, ignore_index=True)[list(PROVENANCE_COLUMNS)]


def provenance_csv(table: pd.DataFrame) -> str:
    """The table as comma-separated text, in which no cell can be taken for a formula."""
    return spreadsheet_csv([table.columns, *table.itertuples(index=False, name=None)])


def spreadsheet_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as comma-separated text. A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(_cell(value)) for value in row] for row in rows)
    return out.getvalue()


def write_provenance(table: pd.DataFrame, file: Path) -> None:
    """Write the table as CSV, all or nothing, over an earlier one. Raises InputError: the file can't be written."""
    # The mark at the beginning tells Excel that it is UTF-8.
    write_whole(file, provenance_csv(table).encode("utf-8-sig"))


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) else repr(float(value))
    return str(value)


def _by_key(sources: Iterable[SourceFile]) -> dict[tuple[object, ...], SourceFile]:
    """The files by what an observation says of its own. Two readings of one file are two."""
    return {(one.digest, one.publication, one.reader_version): one for one in sources}


def published_figures(
    observations: pd.DataFrame, sources: Iterable[SourceFile], groups: Iterable[str] = ()
) -> PublishedFigures:
    """What was counted of an organisation, as it may be published.

    `observations`: of one organisation, as the store gives them. `sources`: the files that told them; what has an
    attribution was officially published, and passes. `groups`: that a plan puts together, as plans write them.

    Gives the figures, followed by those worked out from them. A measure that is judged on several months has the pool
    of months up to each, POOLED_MONTHS being how many of them are known; its single months are not published.
    """
    every = _with_pools(with_derived_figures(observations, groups))
    official = {(one.digest, one.publication, one.reader_version) for one in sources if one.attribution}
    things = {one.series for one in catalogue().measures if one.counts_things}  # which tell of no person
    keys = zip(every["series"], *(every[name] for name in SOURCE_KEY), strict=True)
    return publish(
        every,
        official=[series in things or tuple(key) in official for series, *key in keys],
        of_time=every["series"].isin(series_of_time()),
        policy=policy(),
        sums=series_sums(),
    )


def _with_pools(observations: pd.DataFrame) -> pd.DataFrame:
    """Cohorts of a month replaced by the pool of the months up to it, where a measure is judged on several."""
    made = [observations.assign(**{POOLED_MONTHS: 0.0})]
    for series, months in {one.series: one.judged_on for one in catalogue().measures if one.judged_on}.items():
        is_cohort = (made[0]["series"] == series) & made[0]["period"].str.fullmatch(derived_series.MONTHLY)
        cohorts, made[0] = made[0][is_cohort], made[0][~is_cohort]
        for _, own in cohorts.groupby(["population", "breakdown"], sort=False):
            told = own.drop(columns=POOLED_MONTHS).sort_values("period")
            pool = derived_series.pooled(derived_series.with_missing_periods(told), months)
            pool = pool.rename(columns={"months": POOLED_MONTHS})[[*observations.columns, POOLED_MONTHS]]
            made.append(pool[pool["period"].isin(own["period"])])
    return pd.concat(made, ignore_index=True).sort_values("period", kind="stable", ignore_index=True)


def published_plan(plan: Plan, sources: Iterable[SourceFile]) -> tuple[Plan, frozenset[RowKey]]:
    """The plan with baselines as they may be published, out of rounded counts; and the rows whose baseline is hidden.

    `plan`: as it was agreed. `sources`: files with an attribution were officially published; a baseline from one of
    them stays as it is.
    """
    official, held = {one.name for one in sources if one.attribution}, policy()
    rows = [_published_row(row, official, held) for row in plan.measures]
    hidden = {row.key for row in rows if row.baseline is None} & {row.key for row in plan.measures if row.baseline}
    return plan.changed(measures=tuple(rows)), frozenset(hidden)


def _published_row(row: MeasureRow, official: set[str], held: Policy) -> MeasureRow:
    """The row with its baseline rounded; without one where that is hidden, or the target can't be had from there."""
    if row.baseline is None or row.what.counts_things or row.baseline.source in official:
        return row
    # Made anew, for a copy would keep the target that was worked out from the exact baseline.
    public = row.changed(baseline=_published_baseline(row.baseline, held))
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
        frozenset({(derived_series.HEADCOUNT, JOINERS, LEAVERS)}),
        frozenset(above | below),
        frozenset((one.name, one.part_of) for one in populations() if one.part_of),
    )


def series_of_time() -> frozenset[str]:
    """The series that are time over time: days lost of days available."""
    return frozenset(one.key for one in known_series() if one.kind is MeasureKind.RATE and one.unit == TIME_OVER_TIME)
