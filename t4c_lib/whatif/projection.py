"""What a run found: stocks, flows, shares, measures, hours and money, month by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from t4c_lib.errors import UnknownNameError
from t4c_lib.whatif.costs import Costs, costs
from t4c_lib.whatif.fates import Fates
from t4c_lib.whatif.feeders import extra_starters, starters_today
from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.joining import Joining
from t4c_lib.whatif.lever import Setting
from t4c_lib.whatif.limits import Limit, limits
from t4c_lib.whatif.measures import MeasurePath, measure_path
from t4c_lib.whatif.noise import Luck
from t4c_lib.whatif.rates import share
from t4c_lib.whatif.release_hours import ReleaseHours, release_hours
from t4c_lib.whatif.state import State
from t4c_lib.whatif.stocks import APPRENTICES, OLDER, PATHWAY, SUPPORT, YOUNG, place
from t4c_lib.whatif.tunnels import Tunnels
from t4c_lib.whatif.values import Array, Rates


@dataclass(frozen=True, eq=False)
class Projection:
    """One run. Arrays it gives have the shape (months + 1, *batch); flows of month 0 are 0.

    Attributes:
        closure: which of the two it was.
        inputs: what the run was given.
        path: every stock in every month: months + 1 x 2 ages x 8 rows x flattened batch.
        joining: who joined.
        tunnels: who began and ended learning.
        fates: who left, aged out and completed.
        luck: of single people, where it was drawn; else None.
    """

    closure: str
    inputs: Inputs
    path: Array
    joining: Joining
    tunnels: Tunnels
    fates: Fates
    luck: Luck | None = None

    @property
    def state(self) -> State:
        """Who was there at month 0."""
        return self.inputs.state

    @property
    def rates(self) -> Rates:
        """The assumptions it rests on."""
        return self.inputs.rates

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The levers that were set and changed something."""
        return tuple(self.inputs.settings.values())

    @property
    def months(self) -> int:
        """The last month."""
        return self.inputs.months

    @property
    def batch(self) -> tuple[int, ...]:
        """Shape of the batch; () for a single run."""
        return self.inputs.batch

    def shaped(self, values: Array) -> Array:
        """From months + 1 (or 1) x flattened batch (or 1) to the shape of the batch."""
        size = int(np.prod(self.batch, dtype=np.int64))
        return np.broadcast_to(values, (self.months + 1, size)).reshape(self.months + 1, *self.batch)

    def people(self, name: str) -> Array:
        """A stock or a sum of stocks, the batch flattened. Raises UnknownNameError."""
        ages, rows = place(name)
        people: Array = self.path[:, ages, rows].sum(axis=(1, 2))
        return people

    def stock(self, name: str) -> Array:
        """People in a stock (STOCKS) or in a sum of stocks ("support", "trust_young", "apprentices", ...).

        Raises UnknownNameError, which names the closest.
        """
        return self.shaped(self.people(name))

    @property
    def support_young_share(self) -> Array:
        """Share of support staff aged 16 to 24, 0 to 1; 0 where there is nobody."""
        return self.shaped(share(self.people("support_young"), self.people("support")))

    @property
    def trust_young_share(self) -> Array:
        """Share of the whole workforce aged 16 to 24, 0 to 1; 0 where there is nobody."""
        return self.shaped(share(self.people("trust_young"), self.people("trust")))

    def flow(self, name: str) -> Array:
        """People who do something in each month (FLOWS); 0 in month 0. Raises UnknownNameError."""
        return self.shaped(self.flow_flat(name))

    def flow_flat(self, name: str) -> Array:
        """The same, the batch flattened."""
        if name not in FLOWS:
            raise UnknownNameError("flow", name, FLOWS)
        flow = FLOWS[name](self).copy()
        flow[0] = 0.0
        return flow

    def measure(self, name: str) -> MeasurePath:
        """A measure of the catalogue, by key or reference, month by month, or the reason why it has no path.

        Raises UnknownNameError, which names the closest.
        """
        return measure_path(self, name)

    @cached_property
    def release(self) -> ReleaseHours:
        """The hours that all of it takes away from posts, and those that there are."""
        return release_hours(self)

    @cached_property
    def costs(self) -> Costs:
        """Hours and pounds of each activity."""
        return costs(self)

    @cached_property
    def limits(self) -> Mapping[str, Limit]:
        """What was wanted and what could be given, where the two can differ."""
        return limits(self)

    def told(self) -> tuple[str, ...]:
        """A sentence for every limit that was met and for hours that are not there; of an array, its worst member."""
        found = (limit.sentence(name) for name, limit in self.limits.items())
        return tuple(sentence for sentence in (*found, self.release.sentence()) if sentence)


def _feeder_starters(projection: Projection) -> Array:
    extra = extra_starters(projection.inputs)
    starters = np.broadcast_to(starters_today(projection.inputs), projection.path.shape[::3]).copy()
    if extra is not None:
        starters += extra
    room: Array = projection.joining.support.sum(axis=1)
    return np.maximum(np.minimum(starters, room), 0.0)


def _applications(projection: Projection) -> Array:
    starters = _feeder_starters(projection)
    others: Array = projection.joining.support.sum(axis=1) - starters
    inputs = projection.inputs
    return others / inputs.rate("application-success") + starters / inputs.rate("feeder-application-success")


FLOWS: dict[str, Callable[[Projection], Array]] = {
    "support_joiners": lambda run: run.joining.support.sum(axis=1),
    "support_joiners_young": lambda run: run.joining.support[:, YOUNG],
    "support_joiners_older": lambda run: run.joining.support[:, OLDER],
    "rest_joiners": lambda run: run.joining.rest.sum(axis=1),
    "support_leavers": lambda run: run.fates.support_leavers.sum(axis=1),
    "support_leavers_young": lambda run: run.fates.support_leavers[:, YOUNG],
    "support_leavers_older": lambda run: run.fates.support_leavers[:, OLDER],
    "rest_leavers": lambda run: run.fates.rest_leavers.sum(axis=1),
    "aged_out": lambda run: run.fates.aged_out.sum(axis=1),
    "support_aged_out": lambda run: run.fates.aged_out[:, SUPPORT].sum(axis=1),
    "apprenticeship_starts": lambda run: run.tunnels.began[:, :, APPRENTICES].sum(axis=(1, 2)),
    "apprenticeships_completed": lambda run: run.fates.completed[:, :, APPRENTICES].sum(axis=(1, 2)),
    "pathway_starts": lambda run: run.tunnels.began[:, :, PATHWAY].sum(axis=1),
    "to_registered": lambda run: run.fates.moved_up[:, :, PATHWAY].sum(axis=1),
    "feeder_starters": _feeder_starters,
    "applications": _applications,
}
