"""Every measure of the catalogue: how its path is worked out, or why it has none. A table, one row a measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from t4c_lib.framework import Measure, MeasureKind, catalogue
from t4c_lib.whatif.care_certificate import certified_in_time
from t4c_lib.whatif.joiners import FEEDERS
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array, over_a_year, ratio, share
from t4c_lib.whatif.resources import appraisals_held, usual_appraisals

if TYPE_CHECKING:
    from t4c_lib.whatif.projection import Projection


@dataclass(frozen=True, eq=False)
class MeasurePath:
    """A measure month by month.

    Attributes:
        key: of the measure in the catalogue.
        values: shape (months + 1, *batch), in the measure's unit, shares as fractions; None if there is no path.
        reason: why there is none, one sentence; empty if there is one.
        note: what the path leaves out or stands in for; may be empty.
    """

    key: str
    values: Array | None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Computed:
    """How a measure's path is worked out.

    Attributes:
        path: from a run to months + 1 x batch.
        moved_by: levers that move it, most direct first.
        note: what it leaves out or stands in for.
    """

    path: Callable[[Projection], Array]
    moved_by: tuple[str, ...]
    note: str = ""


def _young_share(run: Projection) -> Array:
    return share(run.people("trust_young"), run.people("trust"))


def _qualified(run: Projection) -> Array:
    """Support staff with level 2 or above: learners by what they hold meanwhile, everybody on a pathway."""
    names = ("apprentices_{}_level_2", "support_{}_level_2", "support_{}_level_3")
    people = run.people("pathway")
    for name in names:
        people = people + run.people(name.format("young")) + run.people(name.format("older"))
    return people


def _turnover(run: Projection) -> Array:
    """Leavers of 12 months over the mean of the headcounts at both ends; at month 0, as it was counted."""
    inputs, support = run.inputs, run.people("support")
    young, older = inputs.leaving_today
    left, before = inputs.counted("left_support"), inputs.counted("support_a_year_ago")
    expected = run.people("support_young")[0] * young + run.people("support_older")[0] * older
    left = np.where(np.isnan(left), expected, left)
    before = np.where(np.isnan(before), support[0], before)
    a_year_before = support[: max(len(support) - MONTHS_A_YEAR, 0)]
    # Between a year ago and month 0 headcount is taken to have changed evenly.
    part = (np.arange(min(MONTHS_A_YEAR, len(support))) / MONTHS_A_YEAR)[:, None]
    opening = np.concatenate((before + (support[0] - before) * part, a_year_before))
    return ratio(over_a_year(run.flow_flat("support_leavers"), left), (support + opening) / 2)


def _feeder_year(which: int) -> Callable[[Projection], Array]:
    def path(run: Projection) -> Array:
        feeder = FEEDERS[which]
        monthly = np.broadcast_to(feeder.amount(run.inputs) / MONTHS_A_YEAR, (run.months + 1, run.path.shape[-1]))
        return over_a_year(monthly, run.inputs.today(feeder.today) / MONTHS_A_YEAR)

    return path


def _appraised(run: Projection) -> Array:
    people = run.people("support")
    more = ratio(over_a_year(appraisals_held(run) - usual_appraisals(run), np.zeros(people.shape[-1])), people)
    appraised = np.clip(run.inputs.rate("appraisal-received-assistants") + more, 0.0, 1.0)
    if run.individual_chance is None:
        return appraised
    # The figure is a survey's: who answers is chance, too.
    answered = run.inputs.counted("survey_respondents")
    return run.individual_chance.share_of_people(appraised, np.where(np.isnan(answered), people, answered))


def _starts(run: Projection) -> Array:
    inputs = run.inputs
    joiners = inputs.today("join_support_young") + inputs.today("join_support_older")
    today = inputs.today("apprenticeship_starts") + inputs.today("apprentice_joiner_share") * joiners
    return over_a_year(run.flow_flat("apprenticeship_starts"), today)


def _on_pathway(run: Projection) -> Array:
    """People on a pathway; where they and the moves were both counted, as counted and as the model has them change."""
    people, counted = run.people("pathway"), run.inputs.counted("on_pathway")
    return np.where(np.isnan(counted), people, np.maximum(counted + people - people[0], 0.0))


def _registering(run: Projection) -> Array:
    return over_a_year(run.flow_flat("to_registered"), run.inputs.registering_today)


_INTO_POST = ("placements", "pre-employment-courses", "ambassadors")
_BY_AGE = (
    *("young-joiners", "vacancies-as-apprenticeships", "young-joiners-a-year", *_INTO_POST),
    *("retention-under-25", "retention-25-and-over"),
)
COMPUTED: dict[str, Computed] = {
    "young-share": Computed(_young_share, _BY_AGE),
    "pre-employment-partners": Computed(_feeder_year(1), ("pre-employment-courses",)),
    "attainment": Computed(
        lambda run: share(_qualified(run), run.people("support")),
        (
            "apprenticeship-starts",
            "apprenticeship-completion",
            "vacancies-as-apprenticeships",
            "registered-pathway-places",
        ),
        "Level 2 or above.",
    ),
    "turnover": Computed(_turnover, ("retention-25-and-over", "retention-under-25", *_BY_AGE[:2])),
    "work-experience-placements": Computed(_feeder_year(0), ("placements",)),
    "appraisal-received": Computed(_appraised, ("appraisal-capacity",)),
    "support-qualifications": Computed(
        _qualified,
        ("apprenticeship-starts", "apprenticeship-completion", "vacancies-as-apprenticeships"),
        "Level 2 or above.",
    ),
    "certificate-in-12-weeks": Computed(certified_in_time, ("assessor-capacity", "retention-25-and-over")),
    "apprenticeship-starts": Computed(_starts, ("apprenticeship-starts", "vacancies-as-apprenticeships")),
    "staff-on-new-pathways": Computed(_on_pathway, ("registered-pathway-places",)),
    "support-to-registered": Computed(_registering, ("registered-pathway-places",)),
}

_GROUPS = "The model knows people's age and qualification, not the other groups to which they belong."
_WHOLE_AREA = (
    "The model knows who comes by the organisation's own placements, courses and ambassadors, and not the choices of a "
    "whole area."
)
NOT_COMPUTED: dict[str, str] = {
    "local-applications": "The model knows all applications for support jobs, and not which of them are local.",
    "nhs-as-career-choice": _WHOLE_AREA,
    "young-people-choosing-nhs": _WHOLE_AREA,
    "local-diversity": _GROUPS,
    "application-diversity": _GROUPS,
    "qualification-diversity": _GROUPS,
    "sickness": "No figure says how any of the levers changes absence, so absence is left as it is.",
    "subject-choices": "Nobody has counted how visits to schools change the subjects that students pick.",
    "appraisal-meaningful": "How useful an appraisal is depends on the talk itself; no lever here reaches that.",
    "release-grievances": "No figure links grievances to hours of release; months with too few hours are told instead.",
    "workforce-plan-fit": "It needs the moves that the year's workforce plan foresees, and they stand in that plan.",
    "case-studies": "How many are published is decided outright; no flow of people leads to it.",
    "union-learning-reps": "How many there are is decided by the unions; no flow of people leads to it.",
}

_WITHOUT_NUMBER = {
    MeasureKind.EVIDENCE: "It is there or it isn't: it has a document and a date, and no number to project.",
    MeasureKind.REVIEW: "It is done on a rhythm: it has a next date, and no number to project.",
}


def reason_for(measure: Measure) -> str:
    """Why a measure has no path; empty for one that has."""
    if measure.key in COMPUTED:
        return ""
    return NOT_COMPUTED.get(measure.key) or _WITHOUT_NUMBER[measure.kind]


def measure_path(run: Projection, name: str) -> MeasurePath:
    """The path of a measure, by key or reference. Raises UnknownNameError with the closest keys."""
    measure = catalogue().measure(name)
    if measure.key not in COMPUTED:
        return MeasurePath(measure.key, None, reason_for(measure))
    computed = COMPUTED[measure.key]
    return MeasurePath(measure.key, run.shaped(computed.path(run)), note=computed.note)
