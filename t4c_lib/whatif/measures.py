"""The formulas by which measures of the catalogue are followed month by month; each names its own (`what_if`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from t4c_lib.framework import Measure, MeasureKind, ModelPath, catalogue
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


PATHS: dict[ModelPath, Callable[[Projection], Array]] = {
    ModelPath.YOUNG_SHARE: _young_share,
    ModelPath.COURSES: _feeder_year(1),
    ModelPath.QUALIFIED_SHARE: lambda run: share(_qualified(run), run.people("support")),
    ModelPath.TURNOVER: _turnover,
    ModelPath.PLACEMENTS: _feeder_year(0),
    ModelPath.APPRAISED: _appraised,
    ModelPath.QUALIFIED: _qualified,
    ModelPath.CERTIFIED: certified_in_time,
    ModelPath.APPRENTICESHIP_STARTS: _starts,
    ModelPath.ON_PATHWAY: _on_pathway,
    ModelPath.REGISTERING: _registering,
}
_WITHOUT_NUMBER = {
    MeasureKind.EVIDENCE: "It is there or it isn't: it has a document and a date, and no number to project.",
    MeasureKind.REVIEW: "It is done on a rhythm: it has a next date, and no number to project.",
}


def reason_for(measure: Measure) -> str:
    """Why a measure has no path; empty for one that has."""
    return _WITHOUT_NUMBER[measure.kind] if measure.what_if is None else measure.what_if.not_followed


def measure_path(run: Projection, name: str) -> MeasurePath:
    """The path of a measure, by key or reference. Raises UnknownNameError with the closest keys."""
    measure = catalogue().measure(name)
    followed = measure.what_if
    if followed is None or followed.path is None:
        return MeasurePath(measure.key, None, reason_for(measure))
    return MeasurePath(measure.key, run.shaped(PATHS[followed.path](run)), note=followed.note)
