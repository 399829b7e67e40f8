"""Is a plan complete and consistent? What each row lacks, what rows say against each other, and the assessment."""

import datetime as dt
from collections.abc import Iterator
from itertools import combinations

from t4c_lib.framework import Better, catalogue
from t4c_lib.periods import Day, Month
from t4c_lib.plan.measure_rows import MeasureRow, Target
from t4c_lib.plan.plan import EqualityAssessment, Plan
from t4c_lib.plan.row_checks import Baselines, CheckContext, Counted, Finding, check_action, check_measure, must, should
from t4c_lib.plan.row_fields import Effect, RowState

ASSESSMENT = "the equality impact assessment"
MONTHS_AN_ASSESSMENT_LASTS = 12  # before the plan begins; an older one was made of another plan


def check(
    plan: Plan, today: dt.date | None = None, baselines: Baselines | None = None, counted: Counted | None = None
) -> tuple[Finding, ...]:
    """Everything that a plan lacks.

    Args:
        plan: the plan.
        today: what is past is judged by; the day of the call if None.
        baselines: the newest figure for a row, as a mapping by `MeasureRow.key` or a function of the row; with it the
            figure that the evidence has is told where there is no baseline, or one that the evidence contradicts.
        counted: the figure that was counted for the period of a row's own baseline, as a function of the row; with it
            every baseline is compared with the evidence of its time, else only one of the newest period.

    Returns:
        What is found of the plan as a whole, then of each action and each measure, then between rows. Rows that are
        left out or closed are not looked at. An unset X counts as nothing anywhere, and is told here.
    """
    context = CheckContext(today or dt.date.today(), plan.years[0], baselines, counted)
    return (
        *_years(plan, context.today),
        *(finding for row in plan.actions for finding in check_action(row, context.today)),
        *(finding for row in plan.measures for finding in check_measure(row, context)),
        *cross_row_checks(plan),
        *_equality(plan.equality, plan),
    )


def _years(plan: Plan, today: dt.date) -> Iterator[Finding]:
    last = plan.years[-1]
    if last.last_day < today:
        yield must("the plan", "years", f"Its last year, {last}, ended on {Day(last.last_day).label}: roll it forward.")


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


TOLERANCE = 1e-9


def cross_row_checks(plan: Plan) -> Iterator[Finding]:
    """What rows say of each other."""
    rows = [row for row in plan.measures if row.state is not RowState.LEFT_OUT and row.closed is None]
    for one, other in combinations(rows, 2):
        if (one.what.series, one.population, one.group) == (other.what.series, other.population, other.group):
            yield from _one_series(one, other)
    for row in rows:
        yield from _pair(row, rows)
    yield from _intentions(plan)


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
    """Whether two goals for one series differ on one date, or the later one is behind the earlier."""
    first, last = sorted((one, other), key=lambda target: target.due)
    step = last.goal - first.goal
    if first.due == last.due:
        return abs(step) > TOLERANCE
    return step < -TOLERANCE if better is Better.HIGHER else step > TOLERANCE


def _goal(target: Target) -> str:
    return f"{target.baseline.text_of(target.goal)} by {target.due.label}"


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


def _intentions(plan: Plan) -> Iterator[Finding]:
    named = {row.intention_number for row in plan.every_row}
    for intention in catalogue().intentions:
        if intention.number not in named:
            words = "The plan has no action and no measure for it: adopt some, or leave them out and give the reason."
            yield should(f"intention {intention.number}", "", words)
