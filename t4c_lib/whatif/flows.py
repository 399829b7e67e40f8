"""What a run found: stocks and flows of people, month by month."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from t4c_lib.errors import find_named
from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.joiners_and_learners import Joiners, LearnerCohorts
from t4c_lib.whatif.rates import Array
from t4c_lib.whatif.state import APPRENTICES, NOT_SUPPORT, OLDER, PATHWAY, SUPPORT, YOUNG, place


@dataclass(eq=False)
class Flows:
    """What became of people in a run. Every array has a row for each month; row 0 is 0."""

    support_leavers: Array  #: support staff who left, also on completing a pathway: months + 1 x 2 ages x batch
    rest_leavers: Array  #: the rest of the workforce who left: months + 1 x 2 ages x batch
    aged_out: Array  #: who turned 25 and stayed: months + 1 x 8 rows x batch
    completed: Array  #: learners who completed: months + 1 x 2 ages x 3 rows x batch
    moved_up: Array  #: those of them who stayed: for a pathway, the newly registered


class ExpectedFlows:
    """The same as expected, worked out from the stocks when it is asked for."""

    def __init__(self, inputs: Inputs, path: Array, learners: LearnerCohorts) -> None:
        self.inputs, self.path, self.learners = inputs, path, learners

    def _months(self) -> range:
        return range(1, self.inputs.months + 1)

    @cached_property
    def support_leavers(self) -> Array:
        left = np.zeros_like(self.path[:, :, 0])
        there = self.path[:-1, :, SUPPORT].sum(axis=2)
        for month in self._months():
            left[month] = there[month - 1] * np.stack(np.broadcast_arrays(*self.inputs.leaving(month)))
        return left + self.completed[:, :, PATHWAY] - self.moved_up[:, :, PATHWAY]

    @cached_property
    def rest_leavers(self) -> Array:
        left = np.zeros_like(self.path[:, :, 0])
        there = self.path[:-1, :, NOT_SUPPORT].sum(axis=2)
        left[1:] = there * np.stack(np.broadcast_arrays(*self.inputs.leaving_rest))
        return left

    @cached_property
    def aged_out(self) -> Array:
        aged = np.zeros_like(self.path[:, YOUNG])
        for month in self._months():
            for rows, group in self.inputs.transitions(month).parts:
                np.multiply(self.path[month - 1, YOUNG, rows], group.turn_25, out=aged[month, rows])
        return aged

    @cached_property
    def completed(self) -> Array:
        return self._ended(0)

    @cached_property
    def moved_up(self) -> Array:
        return self._ended(1)

    def _ended(self, which: int) -> Array:
        found = np.zeros_like(self.learners.ended)
        for month in self._months():
            np.multiply(self.learners.ended[month], self.inputs.completing(month)[which], out=found[month])
        return found


@dataclass(frozen=True, eq=False)
class Run:
    """The stocks and flows of one run. Arrays it gives have the shape (months + 1, *batch); flows of month 0 are 0."""

    closure: str  #: which of the two it was
    inputs: Inputs  #: what the run was given
    path: Array  #: every stock in every month: months + 1 x 2 ages x 8 rows x flattened batch
    joiners: Joiners  #: who joined
    learners: LearnerCohorts  #: who began and ended learning
    flows: Flows | ExpectedFlows  #: who left, aged out and completed
    #: that what happens to each person was drawn with; None for what is expected.
    generator: np.random.Generator | None = None

    @property
    def months(self) -> int:
        return self.inputs.months

    @property
    def batch(self) -> tuple[int, ...]:
        return self.inputs.batch

    def shaped(self, values: Array) -> Array:
        """From months + 1 (or 1) x flattened batch (or 1) to the shape of the batch."""
        size = int(np.prod(self.batch, dtype=np.int64))
        return np.broadcast_to(values, (self.months + 1, size)).reshape(self.months + 1, *self.batch)

    def people(self, name: str) -> Array:
        """A stock or a sum of stocks, the batch flattened. Raises UnknownNameError."""
        ages, rows = place(name)
        return np.asarray(self.path[:, ages, rows].sum(axis=(1, 2)))

    def stock(self, name: str) -> Array:
        """People in a stock (STOCKS) or a sum ("support", "trust_young"). Raises UnknownNameError: the closest."""
        return self.shaped(self.people(name))

    def flow(self, name: str) -> Array:
        """People who do something in each month (FLOWS); 0 in month 0. Raises UnknownNameError."""
        return self.shaped(self.flow_flat(name))

    def flow_flat(self, name: str) -> Array:
        """The same, the batch flattened."""
        flow = find_named("flow", name, FLOWS)(self).copy()
        flow[0] = 0.0
        return flow


FLOWS: dict[str, Callable[[Run], Array]] = {
    "support_joiners": lambda run: run.joiners.support.sum(axis=1),
    "support_joiners_young": lambda run: run.joiners.support[:, YOUNG],
    "support_joiners_older": lambda run: run.joiners.support[:, OLDER],
    "rest_joiners": lambda run: run.joiners.rest.sum(axis=1),
    "support_leavers": lambda run: run.flows.support_leavers.sum(axis=1),
    "support_leavers_young": lambda run: run.flows.support_leavers[:, YOUNG],
    "support_leavers_older": lambda run: run.flows.support_leavers[:, OLDER],
    "rest_leavers": lambda run: run.flows.rest_leavers.sum(axis=1),
    "aged_out": lambda run: run.flows.aged_out.sum(axis=1),
    "support_aged_out": lambda run: run.flows.aged_out[:, SUPPORT].sum(axis=1),
    "apprenticeship_starts": lambda run: run.learners.began[:, :, APPRENTICES].sum(axis=(1, 2)),
    "apprenticeships_completed": lambda run: run.flows.completed[:, :, APPRENTICES].sum(axis=(1, 2)),
    "pathway_starts": lambda run: run.learners.began[:, :, PATHWAY].sum(axis=1),
    "to_registered": lambda run: run.flows.moved_up[:, :, PATHWAY].sum(axis=1),
}
