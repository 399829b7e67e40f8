"""What learning and supervision take: hours away from the post; and what could not be given.

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
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array
from t4c_lib.whatif.state import APPRENTICES, PATHWAY

WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, eq=False)
class ReleaseHours:
    """Hours a month, arrays of shape (months + 1, *batch).

    Attributes:
        wanted: by what draws on the pool.
        available: what can be given up. Where more is wanted the run goes on, and `sentence` says so.
    """

    wanted: Mapping[str, Array]
    available: Array

    @property
    def total(self) -> Array:
        """All that is wanted."""
        total: Array = np.sum(list(self.wanted.values()), axis=0)
        return total

    @property
    def over(self) -> Array:
        """Hours wanted beyond those available; 0 where they are enough."""
        return np.maximum(self.total - self.available, 0.0)

    def sentence(self) -> str:
        """The over-commitment in plain words, of an array its worst member; empty when there is none."""
        over = self.over.reshape(len(self.over), -1)
        if over.shape[0] < 2 or not np.any(over[1:] > 0):
            return ""
        worst = int(over.sum(axis=0).argmax())
        month = int(over[:, worst].argmax())
        total, available = (part.reshape(len(part), -1)[month, worst] for part in (self.total, self.available))
        months = np.flatnonzero(over[1:, worst] > 0) + 1
        return (
            f"Release hours: more needed than available in {count_of(len(months), 'months')}, from "
            f"month {months[0]}; most in month {month}: {number(total)} hours needed, {number(available)} available."
        )


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
    usual: Array = run.inputs.rate("appraisal-received-assistants") * run.people("support") / MONTHS_A_YEAR
    return usual


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
        return (
            f"{capitalised(name)}: only {number(given)} of {number(wanted)} possible in "
            f"{count_of(len(months), 'months')}, from month {months[0]}."
        )


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
    extra = extra_starters(run.inputs)
    if extra is not None:
        wanted_extra = np.maximum(extra, 0.0)
        wanted_extra[0] = 0.0
        room = run.joiners.support.sum(axis=1)
        taken = np.minimum(wanted_extra, room) if run.closure != "additive" else wanted_extra
        found["starters from placements, courses and ambassadors"] = Limit(run.shaped(wanted_extra), run.shaped(taken))
    return found
