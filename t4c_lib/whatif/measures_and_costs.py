"""What follows from a run: measures month by month, hours away from the post, pounds, and what could not be given.

Each measure of the catalogue names the formula by which it is followed (`what_if`). The time to the Care Certificate
follows a gamma distribution. Its mean is the one with which today's share of newcomers is within 84 days; its spread is
assumed. Part of the mean is waiting for an assessor; that part grows with the newcomers for each assessor: twice the
newcomers, or half the capacity, and the wait is twice as long. So the share within 84 days is not linear in the lever.

Apprenticeships, pathways, appraisals and supervision all draw on one pool of hours. Nothing is cut down without a
sentence that says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from t4c_lib.framework import Measure, MeasureKind, ModelPath, catalogue
from t4c_lib.quantities import count_of, number
from t4c_lib.typed_text import capitalised
from t4c_lib.whatif.flows import Run
from t4c_lib.whatif.joiners_and_learners import FEEDERS, extra_starters
from t4c_lib.whatif.levers import ACTIVITIES
from t4c_lib.whatif.rates import MONTHS_A_YEAR, Array, over_a_year, ratio, share, share_of_people
from t4c_lib.whatif.state import APPRENTICES, PATHWAY, SUPPORT, YOUNG

WEEKS_A_MONTH = 52 / 12


class ReleaseHours(NamedTuple):
    """Hours a month, arrays of shape (months + 1, *batch)."""

    wanted: Mapping[str, Array]  #: by what draws on the pool
    available: Array  #: what can be given up. Where more is wanted the run goes on, and `sentence` says so

    @property
    def total(self) -> Array:
        """All that is wanted."""
        return np.asarray(np.sum(list(self.wanted.values()), axis=0))

    def sentence(self) -> str:
        """The over-commitment in plain words, of an array its worst member; empty when there is none."""
        over = np.maximum(self.total - self.available, 0.0).reshape(len(self.available), -1)
        if not np.any(over[1:] > 0):
            return ""
        worst = int(over.sum(axis=0).argmax())
        month = int(over[:, worst].argmax())
        total, available = (part.reshape(len(part), -1)[month, worst] for part in (self.total, self.available))
        months = np.flatnonzero(over[1:, worst] > 0) + 1
        when = f"{count_of(len(months), 'months')}, from month {months[0]}; most in month {month}"
        hours = f"{number(total)} hours needed, {number(available)} available"
        return f"Release hours: more needed than available in {when}: {hours}."


def hours(run: Run) -> dict[str, Array]:
    """Hours a month wanted from the pool, by activity: months + 1 x batch."""
    inputs = run.inputs
    placements, courses, _ = (feeder.amount(inputs) / MONTHS_A_YEAR for feeder in FEEDERS)
    participants = courses * inputs.rate("pre-employment-course-places")
    return {
        "apprenticeships": run.people("apprentices") * inputs.rate("apprenticeship-release") * WEEKS_A_MONTH,
        "pathways": run.people("pathway") * inputs.rate("pathway-release") * WEEKS_A_MONTH,
        "appraisals": appraisals_held(run) * inputs.rate("appraisal-hours"),
        "placements": placements * inputs.rate("placement-supervision"),
        "pre-employment courses": participants * inputs.rate("pre-employment-supervision"),
    }


def appraisals_held(run: Run) -> Array:
    """Appraisals held a month, at most one a year each: months + 1 x batch; with nothing done, as many as are usual."""
    held = run.inputs.monthly_with_lever(usual_appraisals(run), "appraisal-capacity")
    return np.minimum(held, run.people("support") / MONTHS_A_YEAR)


def usual_appraisals(run: Run) -> Array:
    """Appraisals a month with which the share of staff who have one stays as it is today: months + 1 x batch."""
    return np.asarray(run.inputs.rate("appraisal-received-assistants") * run.people("support") / MONTHS_A_YEAR)


class Costs(NamedTuple):
    """Hours and pounds a month of each activity, shape (months + 1, *batch). The pounds pay for the hours, too."""

    hours: Mapping[str, Array]
    pounds: Mapping[str, Array]


def _young_found(run: Run) -> Array:
    """Joiners aged 16 to 24 a month whom a lever brings: months + 1 (or 1) x batch."""
    found = np.zeros((1, 1))
    points, more = run.inputs.lever_change("young-joiners"), run.joiners.more_young
    if points is not None:
        found = found + np.maximum(points, 0.0) * run.joiners.support.sum(axis=1)
    if more is not None:
        # No more than joined: posts that are filled may be fewer than the young people wanted.
        found = found + np.minimum(np.maximum(more, 0.0), run.joiners.support[:, YOUNG])
    return found


def _kept(run: Run, age: int) -> Array:
    """People a month who would have left at today's chances; none where more leave: months + 1 x batch."""
    kept = np.zeros((run.months + 1, run.path.shape[-1]))
    if run.inputs.transitions_vary:
        today = run.inputs.leaving_today[age]
        for month in range(1, run.months + 1):
            there = run.path[month - 1, age, SUPPORT].sum(axis=0)
            kept[month] = there * np.maximum(today - run.inputs.leaving(month)[age], 0.0)
    return kept


# Less than a thousandth of a person is a rounding error.
REPORTED_FROM = 1e-3


class Limit(NamedTuple):
    """People a month who were to do something and who did; arrays of shape (months + 1, *batch)."""

    wanted: Array
    given: Array

    @property
    def short(self) -> Array:
        """How many fewer did."""
        return np.maximum(self.wanted - self.given, 0.0)

    def sentence(self, name: str) -> str:
        """The shortfall in plain words; empty when there is none."""
        short = self.short.reshape(len(self.short), -1)
        if short.size == 0 or short.max() < REPORTED_FROM:
            return ""
        worst = int(short.sum(axis=0).argmax())
        months = np.flatnonzero(short[:, worst] >= REPORTED_FROM)
        wanted, given = (part.reshape(len(part), -1)[months, worst].sum() for part in (self.wanted, self.given))
        when = f"{count_of(len(months), 'months')}, from month {months[0]}"
        return f"{capitalised(name)}: only {number(given)} of {number(wanted)} possible in {when}."


DAYS_ALLOWED = 84
DAYS_A_WEEK = 7
# Newcomers of a month are past their 84th day three months later.
MONTHS_UNTIL_KNOWN = 3
# Joiners a month below which there is no load of today to compare with.
HARDLY_ANYBODY = 1e-9
# A gamma distribution has nobody at no time at all, nor anybody for ever.
NEARLY_NONE = 1e-6


class MeasurePath(NamedTuple):
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


def certified_in_time(run: Run) -> Array:
    """Of newcomers whose first 84 days ended in the year to each month, the share certified: months + 1 x batch."""
    from scipy.special import gammainc

    shape = 1 / run.inputs.rate("care-certificate-spread") ** 2  # the spread is the standard deviation over the mean
    shares = np.asarray(gammainc(shape, DAYS_ALLOWED * shape / (mean_weeks(run) * DAYS_A_WEEK)))
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


@dataclass(frozen=True, eq=False)
class Projection(Run):
    """What a run found: stocks and flows, and what follows from them: measures, hours and money."""

    def measure(self, name: str) -> MeasurePath:
        """A measure, by key or reference, by month, or why it has no path. Raises UnknownNameError: the closest."""
        measure = catalogue().measure(name)
        followed = measure.what_if
        if followed is None or followed.path is None:
            return MeasurePath(measure.key, None, reason_for(measure))
        return MeasurePath(measure.key, self.shaped(PATHS[followed.path](self)), note=followed.note)

    @cached_property
    def release(self) -> ReleaseHours:
        """The hours that all of it takes away from posts, and those that there are."""
        rate = self.inputs.rate
        there = self.people("support") * rate("contracted-hours") * WEEKS_A_MONTH * rate("release-allowance")
        return ReleaseHours({name: self.shaped(wanted) for name, wanted in hours(self).items()}, self.shaped(there))

    @cached_property
    def costs(self) -> Costs:
        """Hours and pounds of each activity."""
        inputs, rate = self.inputs, self.inputs.rate
        courses, ambassadors = (feeder.amount(inputs) / MONTHS_A_YEAR for feeder in FEEDERS[1:])
        taken = hours(self)
        taken["ambassadors"] = ambassadors * rate("ambassador-hours")
        capacity = inputs.lever_change("assessor-capacity")
        certificates = rate("care-starter-share") * _joiners_today(self)[None]
        taken["assessors"] = certificates * (1.0 if capacity is None else 1 + capacity) * rate("assessor-hours")
        nothing = np.zeros((1, 1))
        paid = {name: taken.get(name, nothing) * rate("backfill-cost") for name in ACTIVITIES}
        starts = self.learners.began[:, :, APPRENTICES].sum(axis=(1, 2))
        paid["pre-employment courses"] = paid["pre-employment courses"] + (courses * rate("pre-employment-course-cost"))
        paid["apprenticeships"] = paid["apprenticeships"] + starts * rate("apprenticeship-cost")
        paid["pathways"] = paid["pathways"] + self.people("pathway") * rate("pathway-cost") / MONTHS_A_YEAR
        paid["recruiting young joiners"] = _young_found(self) * rate("young-joiner-cost")
        for age, name in enumerate(("retaining under-25s", "retaining other support staff")):
            paid[name] = _kept(self, age) * rate("retention-cost")
        shaped = {name: self.shaped(taken.get(name, nothing)) for name in ACTIVITIES}
        return Costs(shaped, {name: self.shaped(values) for name, values in paid.items()})

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """What was wanted and what could be given, where the two can differ."""
        wanted = np.broadcast_to(self.inputs.starts_wanted, (self.months + 1, 2, self.path.shape[-1])).copy()
        wanted[0] = 0.0
        began = self.learners.began
        joined = self.joiners.apprentices.sum(axis=1)
        joined[0] = 0.0
        given = began[:, :, APPRENTICES].sum(axis=(1, 2)) - joined, began[:, :, PATHWAY].sum(axis=1)
        found = {
            name: Limit(self.shaped(wanted[:, kind]), self.shaped(given[kind]))
            for kind, name in enumerate(("apprenticeship starts of existing staff", "registered pathway places"))
        }
        if (extra := extra_starters(self.inputs)) is not None:
            wanted_extra = np.maximum(extra, 0.0)
            wanted_extra[0] = 0.0
            room = self.joiners.support.sum(axis=1)
            taken = np.minimum(wanted_extra, room) if self.closure != "additive" else wanted_extra
            limit = Limit(self.shaped(wanted_extra), self.shaped(taken))
            found["starters from placements, courses and ambassadors"] = limit
        return found

    def warnings(self) -> tuple[str, ...]:
        """A sentence for every limit that was met and for hours that are not there; of an array, its worst member."""
        found = (limit.sentence(name) for name, limit in self.limits.items())
        return tuple(sentence for sentence in (*found, self.release.sentence()) if sentence)
