"""What was wanted and what could be given. Nothing is cut down without being told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from t4c_lib.quantities import number
from t4c_lib.whatif.feeders import extra_starters
from t4c_lib.whatif.stocks import APPRENTICES, PATHWAY
from t4c_lib.whatif.values import Array

if TYPE_CHECKING:
    from t4c_lib.whatif.projection import Projection

# Less than a thousandth of a person is a rounding error.
TOLD_FROM = 1e-3


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
        if short.size == 0 or short.max() < TOLD_FROM:
            return ""
        worst = int(short.sum(axis=0).argmax())
        months = np.flatnonzero(short[:, worst] >= TOLD_FROM)
        wanted, given = (part.reshape(len(part), -1)[months, worst].sum() for part in (self.wanted, self.given))
        return (
            f"{name[0].upper()}{name[1:]}: {number(given)} of {number(wanted)} could take place in the "
            f"{len(months)} month{'' if len(months) == 1 else 's'} from month {months[0]} on in which not all fitted."
        )


def limits(run: Projection) -> dict[str, Limit]:
    """The limits that a run can meet."""
    wanted = np.broadcast_to(run.inputs.starts_wanted, (run.months + 1, 2, run.path.shape[-1])).copy()
    wanted[0] = 0.0
    began = run.tunnels.began
    joined = run.joining.apprentices.sum(axis=1)
    joined[0] = 0.0
    given = began[:, :, APPRENTICES].sum(axis=(1, 2)) - joined, began[:, :, PATHWAY].sum(axis=1)
    found = {
        name: Limit(run.shaped(wanted[:, kind]), run.shaped(given[kind]))
        for kind, name in enumerate(("apprenticeship starts of people in post", "registered pathway places"))
    }
    extra = extra_starters(run.inputs)
    if extra is not None:
        wanted_extra = np.maximum(extra, 0.0)
        wanted_extra[0] = 0.0
        room = run.joining.support.sum(axis=1)
        taken = np.minimum(wanted_extra, room) if run.closure != "additive" else wanted_extra
        found["starters from placements, courses and ambassadors"] = Limit(run.shaped(wanted_extra), run.shaped(taken))
    return found
