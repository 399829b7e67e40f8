"""The formulas by which measures of the catalogue are followed month by month; each measure names its own (`what_if`).

The time to the Care Certificate follows a gamma distribution. Its mean is the one with which today's share of newcomers
is within 84 days; its spread is assumed. Part of the mean is waiting for an assessor; that part grows with the
newcomers for each assessor: twice the newcomers, or half the capacity, and the wait is twice as long. So the share
within 84 days is not linear in the lever.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from t4c_lib.framework import Measure, MeasureKind, ModelPath, catalogue
from t4c_lib.whatif.flows import Run
from t4c_lib.whatif.joiners import FEEDERS
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array, over_a_year, ratio, share
from t4c_lib.whatif.resources import appraisals_held, usual_appraisals
from t4c_lib.whatif.sampling import share_of_people

DAYS_ALLOWED = 84
DAYS_A_WEEK = 7
# Newcomers of a month are past their 84th day three months later.
MONTHS_UNTIL_KNOWN = 3
# Joiners a month below which there is no load of today to compare with.
HARDLY_ANYBODY = 1e-9
# A gamma distribution has nobody at no time at all, nor anybody for ever.
NEARLY_NONE = 1e-6


@dataclass(frozen=True, eq=False)
class MeasurePath:
    """A measure month by month."""

    key: str  #: of the measure in the catalogue
    #: shape (months + 1, *batch), in the measure's unit, shares as fractions; None if there is no path.
    values: Array | None
    reason: str = ""  #: why there is none, one sentence; empty if there is one
    note: str = ""  #: what the path leaves out or stands in for; may be empty


def _qualified(run: Run) -> Array:
    """Support staff with level 2 or above: learners by what they hold meanwhile, everybody on a pathway."""
    names = ("apprentices_{}_level_2", "support_{}_level_2", "support_{}_level_3")
    people = run.people("pathway")
    for name in names:
        people = people + run.people(name.format("young")) + run.people(name.format("older"))
    return people


def _turnover(run: Run) -> Array:
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


def _feeder_year(which: int) -> Callable[[Run], Array]:
    def path(run: Run) -> Array:
        feeder = FEEDERS[which]
        monthly = np.broadcast_to(feeder.amount(run.inputs) / MONTHS_A_YEAR, (run.months + 1, run.path.shape[-1]))
        return over_a_year(monthly, run.inputs.today(feeder.today) / MONTHS_A_YEAR)

    return path


def _appraised(run: Run) -> Array:
    people = run.people("support")
    more = ratio(over_a_year(appraisals_held(run) - usual_appraisals(run), np.zeros(people.shape[-1])), people)
    appraised = np.clip(run.inputs.rate("appraisal-received-assistants") + more, 0.0, 1.0)
    if run.generator is None:
        return appraised
    # The figure is a survey's: who answers is chance, too.
    answered = run.inputs.counted("survey_respondents")
    return share_of_people("appraised", run.generator, appraised, np.where(np.isnan(answered), people, answered))


def _starts(run: Run) -> Array:
    inputs = run.inputs
    today = inputs.today("apprenticeship_starts") + inputs.today("apprentice_joiner_share") * _joiners_today(run)
    return over_a_year(run.flow_flat("apprenticeship_starts"), today)


def _on_pathway(run: Run) -> Array:
    """People on a pathway; where they and the moves were both counted, as counted and as the model has them change."""
    people, counted = run.people("pathway"), run.inputs.counted("on_pathway")
    return np.where(np.isnan(counted), people, np.maximum(counted + people - people[0], 0.0))


def mean_weeks(run: Run) -> Array:
    """Mean weeks to the certificate of those who start in each month: months + 1 x batch."""
    inputs, usual = run.inputs, _joiners_today(run)
    # Assessors see to a year's newcomers: more in one month than in another is not more than they can take on.
    joiners = over_a_year(run.joiners.support.sum(axis=1), usual) / MONTHS_A_YEAR
    # Month 0 stands for today; where nobody joins today there is no load to compare with, and it is left as it is.
    load = np.divide(joiners, usual, out=np.ones_like(joiners), where=usual > HARDLY_ANYBODY)
    load[0] = 1.0
    capacity = inputs.lever_change("assessor-capacity")
    if capacity is not None:
        load = load / (1 + capacity)
    waiting = inputs.rate("care-certificate-waiting")
    today = _mean_weeks_today(inputs.rate("care-certificate-in-time"), inputs.rate("care-certificate-spread"))
    return np.asarray(today * (1 - waiting + waiting * load))


def _mean_weeks_today(share: Array, spread: Array) -> Array:
    """The mean with which a share of newcomers is within 84 days; none or all of them are taken as nearly so."""
    from scipy.special import gammaincinv

    shape = 1 / spread**2
    within = np.clip(share, NEARLY_NONE, 1 - NEARLY_NONE)
    return np.asarray(DAYS_ALLOWED * shape / (DAYS_A_WEEK * gammaincinv(shape, within)))


def _joiners_today(run: Run) -> Array:
    return run.inputs.today("join_support_young") + run.inputs.today("join_support_older")


def share_within(days: float, weeks: Array, spread: Array) -> Array:
    """Share of newcomers certified within so many days, for mean weeks and a spread (standard deviation over mean)."""
    from scipy.special import gammainc

    shape = 1 / spread**2
    return np.asarray(gammainc(shape, days * shape / (weeks * DAYS_A_WEEK)))


def certified_in_time(run: Run) -> Array:
    """Of newcomers whose first 84 days ended in the year to each month, the share certified: months + 1 x batch."""
    shares = share_within(DAYS_ALLOWED, mean_weeks(run), run.inputs.rate("care-certificate-spread"))
    late = np.empty_like(shares)
    late[:MONTHS_UNTIL_KNOWN] = shares[0]
    late[MONTHS_UNTIL_KNOWN:] = shares[: max(len(shares) - MONTHS_UNTIL_KNOWN, 0)]
    late = over_a_year(late, late[0]) / MONTHS_A_YEAR
    if run.generator is None:
        return late
    usual, counted = _joiners_today(run), run.inputs.counted("newcomers_to_care")
    part = np.where(np.isnan(counted), run.inputs.rate("care-starter-share"), ratio(counted, MONTHS_A_YEAR * usual))
    newcomers = over_a_year(run.flow_flat("support_joiners"), usual) * part
    return share_of_people("certified in time", run.generator, late, newcomers)


PATHS: dict[ModelPath, Callable[[Run], Array]] = {
    ModelPath.YOUNG_SHARE: lambda run: share(run.people("trust_young"), run.people("trust")),
    ModelPath.COURSES: _feeder_year(1),
    ModelPath.QUALIFIED_SHARE: lambda run: share(_qualified(run), run.people("support")),
    ModelPath.TURNOVER: _turnover,
    ModelPath.PLACEMENTS: _feeder_year(0),
    ModelPath.APPRAISED: _appraised,
    ModelPath.QUALIFIED: _qualified,
    ModelPath.CERTIFIED: certified_in_time,
    ModelPath.APPRENTICESHIP_STARTS: _starts,
    ModelPath.ON_PATHWAY: _on_pathway,
    ModelPath.REGISTERING: lambda run: over_a_year(run.flow_flat("to_registered"), run.inputs.registering_today),
}
_WITHOUT_NUMBER = {
    MeasureKind.EVIDENCE: "It is a document with a date, not a number to project.",
    MeasureKind.REVIEW: "It is a review with a next date, not a number to project.",
}


def reason_for(measure: Measure) -> str:
    """Why a measure has no path; empty for one that has."""
    return _WITHOUT_NUMBER[measure.kind] if measure.what_if is None else measure.what_if.not_followed


def measure_path(run: Run, name: str) -> MeasurePath:
    """The path of a measure, by key or reference. Raises UnknownNameError with the closest keys."""
    measure = catalogue().measure(name)
    followed = measure.what_if
    if followed is None or followed.path is None:
        return MeasurePath(measure.key, None, reason_for(measure))
    return MeasurePath(measure.key, run.shaped(PATHS[followed.path](run)), note=followed.note)
