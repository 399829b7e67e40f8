"""What each activity takes: hours away from the post, and pounds; and what could not be given.

Apprenticeships, pathways, appraisals and supervision all draw on one pool of hours. Nothing is cut down without a
sentence that says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from t4c_lib.quantities import count_of, number
from t4c_lib.typed_text import capitalised
from t4c_lib.whatif.flows import Run
from t4c_lib.whatif.joiners import FEEDERS, extra_starters
from t4c_lib.whatif.levers import ACTIVITIES
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array
from t4c_lib.whatif.state import APPRENTICES, PATHWAY, SUPPORT, YOUNG

WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, eq=False)
class ReleaseHours:
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


def release_hours(run: Run) -> ReleaseHours:
    """The pool of a run."""
    inputs = run.inputs
    there = run.people("support") * inputs.rate("contracted-hours") * WEEKS_A_MONTH * inputs.rate("release-allowance")
    return ReleaseHours({name: run.shaped(wanted) for name, wanted in hours(run).items()}, run.shaped(there))


def appraisals_held(run: Run) -> Array:
    """Appraisals a month: what can be held, at most one a year for each member of support staff: months + 1 x batch.

    As long as nothing is done, the share of staff who have one stays as it is today.
    """
    usual = usual_appraisals(run)
    more = run.inputs.lever_change("appraisal-capacity")
    held = usual if more is None else np.maximum(usual + more / MONTHS_A_YEAR, 0.0)
    return np.minimum(held, run.people("support") / MONTHS_A_YEAR)


def usual_appraisals(run: Run) -> Array:
    """Appraisals a month with which the share of staff who have one stays as it is today: months + 1 x batch."""
    return np.asarray(run.inputs.rate("appraisal-received-assistants") * run.people("support") / MONTHS_A_YEAR)


@dataclass(frozen=True, eq=False)
class Costs:
    """Hours and pounds a month of each activity, shape (months + 1, *batch). The pounds pay for the hours, too."""

    hours: Mapping[str, Array]
    pounds: Mapping[str, Array]


def costs(run: Run) -> Costs:
    """Hours and pounds of a run."""
    inputs = run.inputs
    courses, ambassadors = (feeder.amount(inputs) / MONTHS_A_YEAR for feeder in FEEDERS[1:])
    young_today, older_today = inputs.today("join_support_young"), inputs.today("join_support_older")
    taken = hours(run)
    taken["ambassadors"] = ambassadors * inputs.rate("ambassador-hours")
    capacity = inputs.lever_change("assessor-capacity")
    certificates = inputs.rate("care-starter-share") * (young_today + older_today)[None]
    taken["assessors"] = certificates * (1.0 if capacity is None else 1 + capacity) * inputs.rate("assessor-hours")
    nothing = np.zeros((1, 1))
    paid = {name: taken.get(name, nothing) * inputs.rate("backfill-cost") for name in ACTIVITIES}
    starts = run.learners.began[:, :, APPRENTICES].sum(axis=(1, 2))
    given = courses * inputs.rate("pre-employment-course-cost")
    paid["pre-employment courses"] = paid["pre-employment courses"] + given
    paid["apprenticeships"] = paid["apprenticeships"] + starts * inputs.rate("apprenticeship-cost")
    paid["pathways"] = paid["pathways"] + run.people("pathway") * inputs.rate("pathway-cost") / MONTHS_A_YEAR
    paid["recruiting young joiners"] = _young_found(run) * inputs.rate("young-joiner-cost")
    for age, name in enumerate(("retaining under-25s", "retaining other support staff")):
        paid[name] = _kept(run, age) * inputs.rate("retention-cost")
    shaped = {name: run.shaped(taken.get(name, nothing)) for name in ACTIVITIES}
    return Costs(shaped, {name: run.shaped(values) for name, values in paid.items()})


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


@dataclass(frozen=True, eq=False)
class Limit:
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


def limits(run: Run) -> dict[str, Limit]:
    """The limits that a run can meet."""
    wanted = np.broadcast_to(run.inputs.starts_wanted, (run.months + 1, 2, run.path.shape[-1])).copy()
    wanted[0] = 0.0
    began = run.learners.began
    joined = run.joiners.apprentices.sum(axis=1)
    joined[0] = 0.0
    given = began[:, :, APPRENTICES].sum(axis=(1, 2)) - joined, began[:, :, PATHWAY].sum(axis=1)
    found = {
        name: Limit(run.shaped(wanted[:, kind]), run.shaped(given[kind]))
        for kind, name in enumerate(("apprenticeship starts of existing staff", "registered pathway places"))
    }
    if (extra := extra_starters(run.inputs)) is not None:
        wanted_extra = np.maximum(extra, 0.0)
        wanted_extra[0] = 0.0
        room = run.joiners.support.sum(axis=1)
        taken = np.minimum(wanted_extra, room) if run.closure != "additive" else wanted_extra
        found["starters from placements, courses and ambassadors"] = Limit(run.shaped(wanted_extra), run.shaped(taken))
    return found
