"""What is checked of the row of a measure: the X and all it hangs on, or the sign that something exists or was held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from t4c_lib.errors import T4CError
from t4c_lib.framework import Better, Measure, MeasureKind
from t4c_lib.periods import FinancialYear, parse_period
from t4c_lib.plan.findings import Finding, must, should
from t4c_lib.plan.measure_rows import MeasureKey, MeasureRow
from t4c_lib.plan.parts import Checkpoint, RowState, Status
from t4c_lib.plan.row_checks import check_dates, check_evidence, day_words
from t4c_lib.plan.target import Target
from t4c_lib.quantities import Baseline, ChangeKind, Unit, number, percent

# The figures of a plan's measures: the evidence has them, which a plan doesn't know, so callers give them.
Counted = Callable[[MeasureRow], Baseline | None]  # what was counted for the period of a row's own baseline
Baselines = Callable[[MeasureRow], Baseline | None] | Mapping[MeasureKey, Baseline]  # the newest figure of a row
TOLERANCE = 1e-9
ROUNDED, ROUNDED_SHARE = 0.5, 0.0005  # as people write them: whole people or days, and tenths of a per cent


@dataclass(frozen=True)
class Setting:
    """What a row is checked against besides itself."""

    today: dt.date
    first_year: FinancialYear
    baselines: Baselines | None
    counted: Counted | None


def newest(row: MeasureRow, baselines: Baselines | None) -> Baseline | None:
    """The newest figure of a row's measure, population and group; None if there is none."""
    if baselines is None or not row.has_amount:
        return None
    return baselines.get(row.key) if isinstance(baselines, Mapping) else baselines(row)


def check_measure(row: MeasureRow, setting: Setting) -> Iterator[Finding]:
    """What the row of a measure lacks."""
    if row.state is RowState.LEFT_OUT or row.closed is not None or row.on_record is not None:
        return  # what follows from the record of the pledge has nothing to fill in
    if row.is_open and not row.post:
        yield must(row, "post", "No responsible post named.")
    yield from check_dates(row)
    if row.has_amount:
        yield from _amount(row, setting)
    elif row.what.kind is MeasureKind.EVIDENCE:
        yield from check_evidence(row)
    yield from _review(row, setting.today)


def _amount(row: MeasureRow, setting: Setting) -> Iterator[Finding]:
    # A group that is not under-represented is reported, and never has an X.
    if row.change is None and (row.gap is None or row.gap > 0):
        yield _unset(row)
    yield from _baseline(row, setting)
    if row.is_closer:
        yield from _comparison(row)
    if row.change is None:
        return
    if row.due is None:
        yield must(row, "due", "It has an X and no date by which it is to be reached.")
    elif row.due.last_day < setting.today and row.status is not Status.DONE:
        yield should(row, "due", f"Its date, {row.due.label}, has passed: say how it went, or set a later one.")
    for field, words in row.obstacles:
        yield must(row, field, words[0].upper() + words[1:])
    if row.target is not None:
        yield from _direction(row, row.target)
        yield from _way(row)
        yield from _checkpoints(row, row.target)
        if row.what.within and row.target.due > setting.first_year.months[-1]:
            yield should(row, "due", f"The framework wants it within {row.what.within}.")


def _unset(row: MeasureRow) -> Finding:
    if row.what.target is not None:
        return must(row, "change", f"The X is not set; the framework asks for {_asked(row.what)}.")
    if row.what.x is not None:
        return must(row, "change", "The X is not set.")
    return should(row, "change", "No change is set, so it is followed without a target.")


def _asked(what: Measure) -> str:
    assert what.target is not None  # noqa: S101  (asked for just where there is one)
    change = what.target.change
    is_level = change.kind is ChangeKind.LEVEL and what.baseline_unit is not Unit.COUNT
    return percent(change.amount, 0) if is_level else f"{change.text} today's figure"


def _baseline(row: MeasureRow, setting: Setting) -> Iterator[Finding]:
    found = newest(row, setting.baselines)
    if row.baseline is None:
        there = f"; the evidence has {found.text} for {parse_period(found.period).label}" if found else ""
        if row.change is None:
            yield should(row, "baseline", f"There is no baseline{there}.")
        else:
            yield must(row, "baseline", f"There is no baseline to reckon the X from{there}.")
        return
    if not row.baseline.source:
        yield must(row, "baseline", "The baseline has no source.")
    counted = setting.counted(row) if setting.counted is not None else found
    if counted is not None and counted.period == row.baseline.period and _differs(row.baseline, counted):
        yield should(row, "baseline", _contradiction(row.baseline, counted))


def _differs(planned: Baseline, counted: Baseline) -> bool:
    """Whether two figures for one period are not the same, but for what was rounded when one was typed."""
    parts = [(planned.numerator, counted.numerator), (planned.denominator, counted.denominator)]
    known = [(one, other) for one, other in parts if one is not None and other is not None]
    if known:
        return any(abs(one - other) > ROUNDED for one, other in known)
    return abs(planned.value - counted.value) > (ROUNDED_SHARE if planned.is_fraction else ROUNDED)


def _contradiction(planned: Baseline, counted: Baseline) -> str:
    when = parse_period(planned.period).label
    words = f"The evidence has {_figure(counted)} for {when}, not {_figure(planned)}."
    if not planned.source or counted.source in ("", planned.source):
        return words
    return f"{words} Source of the evidence: {counted.source}; of the plan: {planned.source}."


def _figure(one: Baseline) -> str:
    if one.numerator is None or one.denominator is None:
        return one.text
    return f"{one.text} ({number(one.numerator)} of {number(one.denominator)})"


def _comparison(row: MeasureRow) -> Iterator[Finding]:
    has_figures = row.change is not None or row.baseline is not None or row.comparison is not None
    if has_figures and not row.group:
        yield must(row, "group", "It doesn't say which group of people it is about.")
    if row.comparison is None:
        if row.change is not None:
            yield must(row, "comparison", f"There is no share to compare with: {row.what.compare_with}.")
        return
    if not row.comparison.source:
        yield must(row, "comparison", "The share compared with has no source.")
    if row.change is not None and row.gap is not None and row.gap <= 0 and row.baseline is not None:
        here, there = percent(row.baseline.value), percent(row.comparison.share)
        words = f"The group is not under-represented ({here} here, {there} there): that is reported, and is no target."
        yield must(row, "change", words)


def _direction(row: MeasureRow, target: Target) -> Iterator[Finding]:
    step = target.goal - target.baseline.value
    if abs(step) <= TOLERANCE:
        yield should(row, "change", f"It asks for {target.baseline.text}, which is today's figure.")
    elif (step < 0) == (row.what.better is Better.HIGHER):
        words = f"It leads from {_value(target, target.baseline.value)} to {_value(target, target.goal)}"
        yield should(row, "change", f"{words}, and {row.what.better} is better.")


def _way(row: MeasureRow) -> Iterator[Finding]:
    if row.way is not None and row.checkpoints:
        words = f"It is said to be {row.way}, but the checkpoints count while there are any; take one of the two out."
        yield should(row, "way", words)


def _checkpoints(row: MeasureRow, target: Target) -> Iterator[Finding]:
    measured = parse_period(target.baseline.period)
    earlier: Checkpoint | None = None
    reached = target.baseline.value
    for one in row.checkpoints:
        name = f"The checkpoint of {one.due.label}"
        if one.due.last_day <= measured.last_day or one.due >= target.due:
            words = f"{name} does not lie between the baseline ({measured.label}) and {target.due.label}."
            yield must(row, "checkpoints", words)
        if earlier is not None and one.due <= earlier.due:
            yield must(row, "checkpoints", f"{name} stands after that of {earlier.due.label}; put them in order.")
        try:
            value = one.goal(target.baseline)
        except T4CError as error:
            yield must(row, "checkpoints", f"{name} can't be: {error}")
            continue
        low, high = sorted((reached, target.goal))
        if not low - TOLERANCE <= value <= high + TOLERANCE:
            words = f"{name}, {_value(target, value)}, is not on the way from {_value(target, reached)}"
            yield should(row, "checkpoints", f"{words} to {_value(target, target.goal)}.")
        earlier, reached = one, value


def _value(target: Target, value: float) -> str:
    return percent(value) if target.baseline.is_fraction else number(value)


def _review(row: MeasureRow, today: dt.date) -> Iterator[Finding]:
    review = row.review
    if row.what.kind is MeasureKind.REVIEW:
        if review is None or (review.every is None and review.next is None):
            every = f"; the framework has it every {row.what.every} months" if row.what.every else ""
            yield must(row, "review", f"It doesn't say when it is held{every}.")
        elif review.last is None and review.next is None:
            yield should(row, "review", "It was not held yet, and no month is set for the first time.")
    if review is not None and review.is_overdue(today) and review.due is not None:
        last = f", last held on {day_words(review.last)}" if review.last else ""
        yield should(row, "review", f"A review was due in {review.due.label}{last}.")
