"""What each activity takes: hours away from the post, and pounds. The levers that move it are named with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from t4c_lib.whatif.feeders import FEEDERS
from t4c_lib.whatif.lever import YOUNG_JOINERS
from t4c_lib.whatif.release_hours import hours
from t4c_lib.whatif.stocks import APPRENTICES, SUPPORT, YOUNG
from t4c_lib.whatif.values import MONTHS_A_YEAR, Array

if TYPE_CHECKING:
    from t4c_lib.whatif.projection import Projection

COST_COLUMNS = ("activity", "levers", "hours", "pounds")

# Activity -> the levers that move it. An activity several levers move has its cost told once, for all of them.
ACTIVITIES: dict[str, tuple[str, ...]] = {
    "placements": ("placements",),
    "pre-employment courses": ("pre-employment-courses",),
    "ambassadors": ("ambassadors",),
    "apprenticeships": ("apprenticeship-starts", "vacancies-as-apprenticeships", "apprenticeship-completion"),
    "pathways": ("registered-pathway-places",),
    "appraisals": ("appraisal-capacity",),
    "assessors": ("assessor-capacity",),
    "finding young joiners": ("young-joiners", YOUNG_JOINERS),
    "keeping under-25s": ("retention-under-25",),
    "keeping the rest": ("retention-25-and-over",),
}


@dataclass(frozen=True, eq=False)
class Costs:
    """Hours and pounds a month of each activity, shape (months + 1, *batch). The pounds pay for the hours, too."""

    hours: Mapping[str, Array]
    pounds: Mapping[str, Array]

    def over(self, nothing: Costs) -> Costs:
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


def costs(run: Projection) -> Costs:
    """Hours and pounds of a run."""
    inputs = run.inputs
    courses, ambassadors = (feeder.amount(inputs) / MONTHS_A_YEAR for feeder in FEEDERS[1:])
    young_today, older_today = inputs.today("join_support_young"), inputs.today("join_support_older")
    taken = hours(run)
    taken["ambassadors"] = ambassadors * inputs.rate("ambassador-hours")
    capacity = inputs.moved("assessor-capacity")
    certificates = inputs.rate("care-starter-share") * (young_today + older_today)[None]
    taken["assessors"] = certificates * (1.0 if capacity is None else 1 + capacity) * inputs.rate("assessor-hours")
    nothing = np.zeros((1, 1))
    paid = {name: taken.get(name, nothing) * inputs.rate("backfill-cost") for name in ACTIVITIES}
    starts = run.tunnels.began[:, :, APPRENTICES].sum(axis=(1, 2))
    paid["pre-employment courses"] = paid["pre-employment courses"] + courses * inputs.rate(
        "pre-employment-course-cost"
    )
    paid["apprenticeships"] = paid["apprenticeships"] + starts * inputs.rate("apprenticeship-cost")
    paid["pathways"] = paid["pathways"] + run.people("pathway") * inputs.rate("pathway-cost") / MONTHS_A_YEAR
    paid["finding young joiners"] = _young_found(run) * inputs.rate("young-joiner-cost")
    for age, name in enumerate(("keeping under-25s", "keeping the rest")):
        paid[name] = _kept(run, age) * inputs.rate("retention-cost")
    shaped = {name: run.shaped(taken.get(name, nothing)) for name in ACTIVITIES}
    return Costs(shaped, {name: run.shaped(values) for name, values in paid.items()})


def _young_found(run: Projection) -> Array:
    """Joiners aged 16 to 24 a month whom a lever brings: months + 1 (or 1) x batch."""
    found = np.zeros((1, 1))
    points, more = run.inputs.moved("young-joiners"), run.joining.more_young
    if points is not None:
        found = found + np.maximum(points, 0.0) * run.joining.support.sum(axis=1)
    if more is not None:
        # No more than joined: posts that are filled may be fewer than the young people wanted.
        found = found + np.minimum(np.maximum(more, 0.0), run.joining.support[:, YOUNG])
    return found


def _kept(run: Projection, age: int) -> Array:
    """People a month who would have left at today's chances; none where more leave: months + 1 x batch."""
    kept = np.zeros((run.months + 1, run.path.shape[-1]))
    if run.inputs.chances_change:
        today = run.inputs.leaving_today[age]
        for month in range(1, run.months + 1):
            there = run.path[month - 1, age, SUPPORT].sum(axis=0)
            kept[month] = there * np.maximum(today - run.inputs.leaving(month)[age], 0.0)
    return kept
