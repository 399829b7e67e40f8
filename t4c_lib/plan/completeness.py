"""Is a plan complete? Everything that is missing, and everything that can't be, in the order of the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from t4c_lib.periods import Month
from t4c_lib.plan.equality import EqualityAssessment
from t4c_lib.plan.findings import Finding, must, should
from t4c_lib.plan.joint_checks import check_together
from t4c_lib.plan.measure_checks import Baselines, Counted, Setting, check_measure
from t4c_lib.plan.model import Plan
from t4c_lib.plan.parts import Effect
from t4c_lib.plan.row_checks import check_action, day_words

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
    setting = Setting(today or dt.date.today(), plan.years[0], baselines, counted)
    return (
        *_years(plan, setting.today),
        *(finding for row in plan.actions for finding in check_action(row, setting.today)),
        *(finding for row in plan.measures for finding in check_measure(row, setting)),
        *check_together(plan),
        *_equality(plan.equality, plan),
    )


def _years(plan: Plan, today: dt.date) -> Iterator[Finding]:
    last = plan.years[-1]
    if last.last_day < today:
        yield must("the plan", "years", f"Its last year, {last}, ended on {day_words(last.last_day)}: roll it on.")


def _equality(assessment: EqualityAssessment | None, plan: Plan) -> Iterator[Finding]:
    if assessment is None:
        yield must(ASSESSMENT, "", "There is none: say what the plan does to each group of people.")
        return
    if not assessment.by:
        yield must(ASSESSMENT, "by", "It doesn't say who made it.")
    if assessment.date is None:
        yield must(ASSESSMENT, "date", "It has no date.")
    elif Month.of(assessment.date) + MONTHS_AN_ASSESSMENT_LASTS < plan.years[0].months[0]:
        made, begins = day_words(assessment.date), plan.years[0].months[0].label
        yield should(ASSESSMENT, "date", f"It was made on {made}, over a year before the plan begins in {begins}.")
    missing = assessment.not_considered
    if missing:
        yield must(ASSESSMENT, "groups", f"These groups are not considered: {', '.join(missing)}.")
    for one in assessment.groups:
        if one.effect is Effect.NEGATIVE and not one.mitigation:
            yield must(one.label, "mitigation", "The effect is negative, and nothing is said of what is done about it.")
        elif one.effect is Effect.NOT_KNOWN:
            yield should(one.label, "effect", "The effect is not known.")
        elif not one.evidence:
            yield should(one.label, "evidence", f"Nothing is said of what the effect, {one.effect}, rests on.")
