"""Is a plan complete and consistent? What each row lacks, what rows say against each other, and the assessment.

What is found is one sentence each, with where to fix it; the same sentence about many rows is shown once.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from itertools import combinations
from typing import NamedTuple

from t4c_lib.errors import T4CError
from t4c_lib.framework import Better, Measure, MeasureKind, catalogue
from t4c_lib.periods import MONTHS_IN_A_YEAR, Day, FinancialYear, Month, parse_period, today
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow, Target
from t4c_lib.plan.plan import EqualityAssessment, Plan
from t4c_lib.plan.row_base import PlannedRow, RowKey
from t4c_lib.plan.row_fields import Checkpoint, Effect, RowState, Status
from t4c_lib.quantities import Baseline, ChangeKind, number, percent
from t4c_lib.typed_text import capitalised, listed

ASSESSMENT = "the equality impact assessment"
YEARS_BEYOND = 5  # a due date that is later than so many years after the plan's last is asked about
MONTHS_AN_ASSESSMENT_LASTS = 12  # before the plan begins; an older one was made of another plan


class Severity(StrEnum):
    """Whether a plan can be agreed with that in it."""

    MUST = "must"  # be fixed before the two sides can agree: something is missing, or contradicts itself
    SHOULD = "should"  # be checked: a date that has passed, for example, which never keeps anybody from agreeing


class Finding(NamedTuple):
    """One thing that a plan lacks, or that can't be as it stands."""

    severity: Severity  #: must or should
    row: str  #: what it is about: "1m1 Staff aged 16 to 24", "10a1 Sign pledge", "intention 7", "the plan"
    field: str  #: of that row, where it is to be mended; empty where a whole row is missing
    message: str  #: one sentence
    #: of the action or the measure that it is about; None for what is no row. As PlannedRow.row_key.
    row_key: RowKey | None = None
    reference: str = ""  #: the place of that row in the framework ("1m1"), or its own key; empty for what is no row

    @property
    def blocks_agreement(self) -> bool:
        """Whether its row (or plan) is incomplete or contradicts itself. Lateness never blocks."""
        return self.severity is Severity.MUST

    def __str__(self) -> str:
        return f"{self.row}{f', {self.field}' if self.field else ''}: {self.message}"


def grouped(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The findings as sentences, each once, with the places of all rows of which it is true, in the plan's order."""
    alike: dict[tuple[Severity, str, str], list[Finding]] = {}
    for one in findings:
        alike.setdefault((one.severity, one.field, one.message), []).append(one)
    return tuple(_together(some) for some in alike.values())


def _together(findings: Sequence[Finding]) -> str:
    first = findings[0]
    kinds = [one.row_key[0] for one in findings if one.row_key]
    if len(findings) == 1:
        return str(first)
    counts = [f"{(n := kinds.count(kind))} {kind}{'' if n == 1 else 's'}" for kind in dict.fromkeys(kinds)]
    times = Counter(one.reference or one.row for one in findings)  # a measure has a row for each group of people
    places = ", ".join(place if n == 1 else f"{place} ({n} rows)" for place, n in times.items())
    of_what = f"{' and '.join(counts)} ({places})" if counts else places
    return f"{first.message.removesuffix('.')}: {of_what}"


def _finding(severity: Severity, row: PlannedRow | str, field: str, message: str) -> Finding:
    if isinstance(row, str):
        return Finding(severity, row, field, message)
    return Finding(severity, row.short_title, field, message, row.row_key, row.reference)


must = partial(_finding, Severity.MUST)  # something that must be fixed before agreement: row, field, message
should = partial(_finding, Severity.SHOULD)  # something that is worth checking


def _check_action(row: ActionRow, today: dt.date) -> Iterator[Finding]:
    if row.state is RowState.LEFT_OUT or row.closed is not None or row.on_record is not None:
        return  # what follows from the record of the pledge has nothing to fill in
    if row.has_blank and row.number is None:
        yield must(row, "number", "No number set.")
    if row.state is RowState.IN_PLACE:
        if not row.evidence:
            yield should(row, "evidence", "Marked as in place, but no evidence is linked.")
        return
    if not row.post:
        yield must(row, "post", "No responsible post named.")
    if row.due is None:
        yield should(row, "due", "No due date set.")
    elif row.due.last_day < today and row.status is not Status.DONE:
        yield should(row, "due", f"It was due in {row.due.label} and is not done.")
    yield from _check_dates(row)


def _check_dates(row: PlannedRow) -> Iterator[Finding]:
    if row.start is not None and row.due is not None and row.due < row.start:
        yield must(row, "due", f"It is due in {row.due.label}, before it starts in {row.start.label}.")


def _check_evidence(row: PlannedRow) -> Iterator[Finding]:
    """Whether a row of evidence shows what it has to: something that exists, is dated, linked and approved."""
    for one in row.evidence:
        if one.missing:
            yield must(row, "evidence", f"'{one.what}' lacks {listed(one.missing)}.")
    if not row.evidence:
        if row.status is Status.DONE or row.state is RowState.IN_PLACE:
            yield must(row, "evidence", "Marked as done or in place, but no evidence is named.")
        else:
            yield should(row, "evidence", "No evidence yet.")


# The figures of a plan's measures: the evidence has them, which a plan doesn't know, so callers give them.
Counted = Callable[[MeasureRow], Baseline | None]  # what was counted for the period of a row's own baseline
Baselines = Callable[[MeasureRow], Baseline | None]  # the newest figure of a row
TOLERANCE = 1e-9
ROUNDED, ROUNDED_SHARE = 0.5, 0.0005  # as people write them: whole people or days, and tenths of a per cent


def newest_figure(row: MeasureRow, baselines: Baselines | None) -> Baseline | None:
    """The newest figure of a row's measure, population and group; None if there is none."""
    return None if baselines is None or not row.has_amount else baselines(row)


def _check_measure(
    row: MeasureRow, today: dt.date, first_year: FinancialYear, baselines: Baselines | None, counted: Counted | None
) -> Iterator[Finding]:
    if row.state is RowState.LEFT_OUT or row.closed is not None or row.on_record is not None:
        return  # what follows from the record of the pledge has nothing to fill in
    if row.is_open and not row.post:
        yield must(row, "post", "No responsible post named.")
    yield from _check_dates(row)
    if row.has_amount:
        yield from _figures(row, baselines, counted)
        if row.change is not None:
            yield from _x(row, today, first_year)
    elif row.what.kind is MeasureKind.EVIDENCE:
        yield from _check_evidence(row)
    yield from _review(row, today)


def _figures(row: MeasureRow, baselines: Baselines | None, counted: Counted | None) -> Iterator[Finding]:
    # A group that is not under-represented is reported, and never has an X.
    if row.change is None and (row.gap is None or row.gap > 0):
        if row.what.target is not None:
            yield must(row, "change", f"No X set; the framework asks for {asked_text(row.what)}.")
        elif row.what.x is not None:
            yield must(row, "change", "No X set.")
        else:
            yield should(row, "change", "No change set, so it is monitored without a target.")
    yield from _baseline(row, baselines, counted)
    if row.is_closer:
        yield from _comparison(row)


def _x(row: MeasureRow, today: dt.date, first_year: FinancialYear) -> Iterator[Finding]:
    if row.due is None:
        yield must(row, "due", "It has an X but no due date.")
    elif row.due.last_day < today and row.status is not Status.DONE:
        yield should(row, "due", f"Its due date, {row.due.label}, has passed: record the outcome, or set a later date.")
    for field, words in row.target_faults:
        yield must(row, field, capitalised(words))
    if row.target is not None:
        yield from _direction(row, row.target)
        if row.way is not None and row.checkpoints:
            words = f"It is {row.way} and has checkpoints, and only the checkpoints count: remove one of the two."
            yield should(row, "way", words)
        yield from _checkpoints(row, row.target)
        if row.what.within and row.target.due > first_year.months[-1]:
            yield should(row, "due", f"The framework asks for it within {row.what.within}.")


def asked_text(what: Measure) -> str:
    """The target that the framework itself states for a measure: "95%", "twice today's figure"; empty for none."""
    if what.target is None:
        return ""
    change = what.target.change
    is_level = change.kind is ChangeKind.LEVEL and what.kind is not MeasureKind.COUNT
    return percent(change.amount, 0) if is_level else f"{change.text} today's figure"


def _baseline(row: MeasureRow, baselines: Baselines | None, counted: Counted | None) -> Iterator[Finding]:
    found = newest_figure(row, baselines)
    if row.baseline is None:
        there = f"; the evidence has {found.text} for {parse_period(found.period).label}" if found else ""
        finding, what = (should, "No baseline") if row.change is None else (must, "No baseline for the X")
        yield finding(row, "baseline", f"{what}{there}.")
        return
    if not row.baseline.source:
        yield must(row, "baseline", "No source given for the baseline.")
    then = counted(row) if counted is not None else found
    if then is not None and then.period == row.baseline.period and _differs(row.baseline, then):
        when, source = parse_period(then.period).label, row.baseline.source
        words = f"The evidence has {_figure(then)} for {when}, not {_figure(row.baseline)}."
        if source and then.source not in ("", source):
            words += f" Source of the evidence: {then.source}; of the plan: {source}."
        yield should(row, "baseline", words)


def _differs(planned: Baseline, counted: Baseline) -> bool:
    """Whether two figures for one period are not the same, but for what was rounded when one was typed."""
    parts = [(planned.numerator, counted.numerator), (planned.denominator, counted.denominator)]
    if known := [(one, other) for one, other in parts if one is not None and other is not None]:
        return any(abs(one - other) > ROUNDED for one, other in known)
    return abs(planned.value - counted.value) > (ROUNDED_SHARE if planned.is_fraction else ROUNDED)


def _figure(one: Baseline) -> str:
    if one.numerator is None or one.denominator is None:
        return one.text
    return f"{one.text} ({number(one.numerator)} of {number(one.denominator)})"


def _comparison(row: MeasureRow) -> Iterator[Finding]:
    has_figures = row.change is not None or row.baseline is not None or row.comparison is not None
    if has_figures and not row.group:
        yield must(row, "group", "No group of people chosen.")
    if row.comparison is None:
        if row.change is not None:
            yield must(row, "comparison", f"No share to compare with: {row.what.compare_with}.")
        return
    if not row.comparison.source:
        yield must(row, "comparison", "No source given for the share to compare with.")
    if row.change is not None and row.gap is not None and row.gap <= 0 and row.baseline is not None:
        here, there = percent(row.baseline.value), percent(row.comparison.share)
        words = f"The group is not under-represented ({here} here, {there} there): this is reported, not a target."
        yield must(row, "change", words)


def _direction(row: MeasureRow, target: Target) -> Iterator[Finding]:
    step = target.goal - target.baseline.value
    if abs(step) <= TOLERANCE:
        yield should(row, "change", f"The X asks for {target.baseline.text}, the same as the baseline.")
    elif (step < 0) == (row.what.better is Better.HIGHER):
        words = f"The X goes from {target.baseline.text} to {target.baseline.goal_text(target.goal)}"
        yield should(row, "change", f"{words}, but {row.what.better} is better.")


def _checkpoints(row: MeasureRow, target: Target) -> Iterator[Finding]:
    measured = parse_period(target.baseline.period)
    earlier: Checkpoint | None = None
    reached = target.baseline.value
    for one in row.checkpoints:
        name = f"The checkpoint of {one.due.label}"
        if one.due.last_day <= measured.last_day or one.due >= target.due:
            words = f"{name} is not between the baseline ({measured.label}) and {target.due.label}."
            yield must(row, "checkpoints", words)
        if earlier is not None and one.due <= earlier.due:
            yield must(row, "checkpoints", f"{name} comes after that of {earlier.due.label}: put them in order.")
        try:
            value = one.goal(target.baseline)
        except T4CError as error:
            yield must(row, "checkpoints", f"{name} is not valid: {error}")
            continue
        low, high = sorted((reached, target.goal))
        if not low - TOLERANCE <= value <= high + TOLERANCE:
            words, first, last = map(target.baseline.text_of, (value, reached, target.goal))
            yield should(row, "checkpoints", f"{name}, {words}, is not between {first} and {last}.")
        earlier, reached = one, value


def _review(row: MeasureRow, today: dt.date) -> Iterator[Finding]:
    review = row.review
    if row.what.kind is MeasureKind.REVIEW:
        if review is None or (review.every is None and review.next is None):
            every = f"; the framework asks for one every {row.what.every} months" if row.what.every else ""
            yield must(row, "review", f"No review dates set{every}.")
        elif review.last is None and review.next is None:
            yield should(row, "review", "Not held yet, and no month is set for the first review.")
    if review is not None and review.is_overdue(today) and review.due is not None:
        last = f", last held on {Day(review.last).label}" if review.last else ""
        yield should(row, "review", f"A review was due in {review.due.label}{last}.")


def check(
    plan: Plan, as_of: dt.date | None = None, baselines: Baselines | None = None, counted: Counted | None = None
) -> tuple[Finding, ...]:
    """Everything that a plan lacks: as a whole, then of each action and each measure, then between rows.

    Rows that are left out or closed are not looked at. An unset X counts as nothing anywhere, and is told here. What is
    past is judged by `as_of`, the day of the call if None. `baselines` gives the newest figure for a row; with it the
    figure that the evidence has is told where there is no baseline, or one that the evidence contradicts. `counted`
    gives the figure for the period of a row's own baseline; with it every baseline is compared with the evidence of its
    time, else only one of the newest period.
    """
    day, first_year, last = as_of or today(), plan.years[0], plan.years[-1]
    ended = f"Its last year, {last}, ended on {Day(last.last_day).label}: roll it forward."
    far = last.months[-1] + MONTHS_IN_A_YEAR * YEARS_BEYOND
    late = ((row, row.due) for row in plan.every_row if row.is_open and row.due is not None and row.due > far)
    beyond = f"more than {YEARS_BEYOND} years after the plan's last year, {last}: check the year."
    of_measures = (_check_measure(row, day, first_year, baselines, counted) for row in plan.measures)
    return (
        *([must("the plan", "years", ended)] if last.last_day < day else []),
        *(finding for row in plan.actions for finding in _check_action(row, day)),
        *(finding for findings in of_measures for finding in findings),
        *(should(row, "due", f"It is due in {due.label}, {beyond}") for row, due in late),
        *_cross_row_checks(plan),
        *_equality(plan.equality, plan),
    )


def _equality(assessment: EqualityAssessment | None, plan: Plan) -> Iterator[Finding]:
    if assessment is None:
        yield must(ASSESSMENT, "", "Not done yet: assess the effect of the plan on each group of people.")
        return
    if not assessment.by:
        yield must(ASSESSMENT, "by", "No author named.")
    if assessment.date is None:
        yield must(ASSESSMENT, "date", "No date given.")
    elif Month.of(assessment.date) + MONTHS_AN_ASSESSMENT_LASTS < plan.years[0].months[0]:
        made, begins = Day(assessment.date).label, plan.years[0].months[0].label
        yield should(ASSESSMENT, "date", f"It was made on {made}, more than a year before the plan starts in {begins}.")
    if missing := assessment.not_considered:
        yield must(ASSESSMENT, "groups", f"Groups not considered: {', '.join(missing)}.")
    for one in assessment.groups:
        if one.effect is Effect.NEGATIVE and not one.mitigation:
            yield must(one.label, "mitigation", "Negative effect without mitigation.")
        elif one.effect is Effect.NOT_KNOWN:
            yield should(one.label, "effect", "Effect not known.")
        elif not one.evidence:
            yield should(one.label, "evidence", f"No evidence given for the effect ('{one.effect}').")


def _cross_row_checks(plan: Plan) -> Iterator[Finding]:
    rows = [row for row in plan.measures if row.state is not RowState.LEFT_OUT and row.closed is None]
    for one, other in combinations(rows, 2):
        if (one.what.series, one.population, one.group) == (other.what.series, other.population, other.group):
            yield from _one_series(one, other)
    for row in rows:
        yield from _pair(row, rows)
    named = {row.intention_number for row in plan.every_row}
    for intention in catalogue().intentions:
        if intention.number not in named:
            words = "The plan has no action and no measure for it: adopt some, or leave them out and give the reason."
            yield should(f"intention {intention.number}", "", words)


def _one_series(one: MeasureRow, other: MeasureRow) -> Iterator[Finding]:
    """Two rows that read one series, as 2m4 and 3m3 do: they can't have been at, or go to, two places at once."""
    both = f"It uses the same figures as {one.short_title}"
    x, y, a, b = one.baseline, other.baseline, one.change, other.change
    if x is not None and y is not None and x.period == y.period and abs(x.value - y.value) > TOLERANCE:
        yield must(other, "baseline", f"{both}, but the baselines differ: {x.text} and {y.text}.")
    elif one.target is not None and other.target is not None:
        if _contradict(one.target, other.target, one.what.better):
            words = f"{both}, but the X's contradict each other: {_goal(one.target)}, and {_goal(other.target)}."
            yield must(other, "change", words)
    elif a and b and a != b and (one.due, a.kind) == (other.due, b.kind):  # meant in one way; this needs no baseline
        yield must(other, "change", f"{both}, but the X's differ: {a.text}, {b.text}.")


def _contradict(one: Target, other: Target, better: Better) -> bool:
    first, last = sorted((one, other), key=lambda target: target.due)
    step = last.goal - first.goal
    if first.due == last.due:
        return abs(step) > TOLERANCE
    return step < -TOLERANCE if better is Better.HIGHER else step > TOLERANCE


def _goal(target: Target) -> str:
    return f"{target.baseline.goal_text(target.goal)} by {target.due.label}"


def _pair(row: MeasureRow, rows: list[MeasureRow]) -> Iterator[Finding]:
    """Two measures that must hold together, as the survey pair 4m1: neither can have an X alone."""
    if row.what.joined_with is None:
        return
    joined = catalogue().measure(row.what.joined_with)
    partner = next((one for one in rows if one.measure == joined.key and one.population == row.population), None)
    if partner is None:
        yield should(row, "", f"It belongs with {joined.reference} {joined.name}, which is not in the plan.")
        return
    if (row.change is None) != (partner.change is None):
        unset, other = (row, partner) if row.change is None else (partner, row)
        yield must(unset, "change", f"It belongs with {other.short_title}, but only one has an X.")
    elif row.due is not None and partner.due is not None and row.due != partner.due:
        dates = f"they are due in {row.due.label} and {partner.due.label}"
        yield should(row, "due", f"It belongs with {partner.short_title}, but {dates}.")
