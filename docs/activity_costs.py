"""What each activity of a what-if takes: hours and pounds, to be laid beside what it brings.

No page, report or command asks for them yet, and tests hold them: they move to `t4c_lib/whatif/resources.py` with the
page that shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.whatif.flows import Run
from t4c_lib.whatif.joiners import FEEDERS
from t4c_lib.whatif.levers import YOUNG_JOINERS
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array
from t4c_lib.whatif.resources import hours
from t4c_lib.whatif.state import APPRENTICES, SUPPORT, YOUNG

COST_COLUMNS = ("activity", "levers", "hours", "pounds")

# Activity -> the levers that move it. An activity several levers move has its cost stated once, for all of them.
ACTIVITIES: dict[str, tuple[str, ...]] = {
    "placements": ("placements",),
    "pre-employment courses": ("pre-employment-courses",),
    "ambassadors": ("ambassadors",),
    "apprenticeships": ("apprenticeship-starts", "vacancies-as-apprenticeships", "apprenticeship-completion"),
    "pathways": ("registered-pathway-places",),
    "appraisals": ("appraisal-capacity",),
    "assessors": ("assessor-capacity",),
    "recruiting young joiners": ("young-joiners", YOUNG_JOINERS),
    "retaining under-25s": ("retention-under-25",),
    "retaining other support staff": ("retention-25-and-over",),
}


@dataclass(frozen=True, eq=False)
class Costs:
    """Hours and pounds a month of each activity, shape (months + 1, *batch). The pounds pay for the hours, too."""

    hours: Mapping[str, Array]
    pounds: Mapping[str, Array]

    def over(self, nothing: "Costs") -> "Costs":
        """What it takes more than another run, such as doing nothing."""
        return Costs(
            {name: self.hours[name] - nothing.hours[name] for name in self.hours},
            {name: self.pounds[name] - nothing.pounds[name] for name in self.pounds},
        )

    def frame(self) -> pd.DataFrame:
        """A row for each activity, summed over months 1 to the last; of an array, the median. Columns COST_COLUMNS."""
        rows = [
            (
                name,
                ", ".join(ACTIVITIES[name]),
                float(np.median(self.hours[name][1:].sum(axis=0))),
                float(np.median(self.pounds[name][1:].sum(axis=0))),
            )
            for name in ACTIVITIES
        ]
        return pd.DataFrame(rows, columns=list(COST_COLUMNS))


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
    paid["pre-employment courses"] = paid["pre-employment courses"] + courses * inputs.rate(
        "pre-employment-course-cost"
    )
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
