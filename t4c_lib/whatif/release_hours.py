"""One pool of hours away from the post: apprenticeships, pathways, appraisals and supervision all draw on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from t4c_lib.quantities import number
from t4c_lib.whatif.feeders import FEEDERS
from t4c_lib.whatif.values import MONTHS_A_YEAR, Array

if TYPE_CHECKING:
    from t4c_lib.whatif.projection import Projection

WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, eq=False)
class ReleaseHours:
    """Hours a month, arrays of shape (months + 1, *batch).

    Attributes:
        wanted: by what draws on the pool.
        there: what can be given up. More may be wanted than there is: the run goes on, and it is told.
    """

    wanted: Mapping[str, Array]
    there: Array

    @property
    def total(self) -> Array:
        """All that is wanted."""
        total: Array = np.sum(list(self.wanted.values()), axis=0)
        return total

    @property
    def over(self) -> Array:
        """Hours wanted beyond those there; 0 where they are enough."""
        return np.maximum(self.total - self.there, 0.0)

    def sentence(self) -> str:
        """The over-commitment in plain words, of an array its worst member; empty when there is none."""
        over = self.over.reshape(len(self.over), -1)
        if over.shape[0] < 2 or not np.any(over[1:] > 0):
            return ""
        worst = int(over.sum(axis=0).argmax())
        month = int(over[:, worst].argmax())
        total, there = (part.reshape(len(part), -1)[month, worst] for part in (self.total, self.there))
        months = np.flatnonzero(over[1:, worst] > 0) + 1
        return (
            f"Release hours: more are wanted than there are in {len(months)} month{'' if len(months) == 1 else 's'}, "
            f"from month {months[0]} on; most in month {month}: {number(total)} hours wanted, {number(there)} there."
        )


def hours(run: Projection) -> dict[str, Array]:
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


def release_hours(run: Projection) -> ReleaseHours:
    """The pool of a run."""
    inputs = run.inputs
    there = run.people("support") * inputs.rate("contracted-hours") * WEEKS_A_MONTH * inputs.rate("release-allowance")
    return ReleaseHours({name: run.shaped(wanted) for name, wanted in hours(run).items()}, run.shaped(there))


def appraisals_held(run: Projection) -> Array:
    """Appraisals a month: what can be held, at most one a year for each member of support staff: months + 1 x batch.

    As long as nothing is done, the share of staff who have one stays as it is today.
    """
    usual = usual_appraisals(run)
    more = run.inputs.moved("appraisal-capacity")
    held = usual if more is None else np.maximum(usual + more / MONTHS_A_YEAR, 0.0)
    return np.minimum(held, run.people("support") / MONTHS_A_YEAR)


def usual_appraisals(run: Projection) -> Array:
    """Appraisals a month with which the share of staff who have one stays as it is today: months + 1 x batch."""
    usual: Array = run.inputs.rate("appraisal-received-assistants") * run.people("support") / MONTHS_A_YEAR
    return usual
