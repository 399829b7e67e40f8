"""Learning takes a fixed number of months: who began together is due together, less those who left on the way.

The learners themselves stand in the stocks, added up. What each month's beginners come to when they are due follows
from their number and from the chances of the months between, so no group has to be carried along month by month.
"""

from functools import cached_property

import numpy as np

from t4c_lib.whatif.inputs import STAY_OLDER, STAY_YOUNG, TURN_25, Inputs
from t4c_lib.whatif.model_parameters import Array
from t4c_lib.whatif.state import LEARNING, OLDER, PATHWAY, YOUNG


class LearnerCohorts:
    """Apprenticeships (by the qualification held meanwhile) and pathways: 3 rows.

    Attributes:
        began: learners who began at the end of each month: months + 1 x 2 ages x 3 rows x batch. Row 0 stays 0.
        ended: those whose learning ended in each month, laid out likewise.
        first: the learners of month 0: 2 ages x 3 rows x batch.
    """

    def __init__(self, inputs: Inputs, first: Array | None = None) -> None:
        first = inputs.first[:, LEARNING] if first is None else first
        size = first.shape[-1]
        self._inputs = inputs
        self.began = np.zeros((inputs.months + 1, *first.shape))
        self.ended = np.zeros(self.began.shape)
        self.lasting = np.broadcast_to(inputs.learning_months, (3, size))
        self.first, self.any_first = first, bool(np.any(first))
        self.longest = int(self.lasting.max(initial=1))
        self.shortest = int(self.lasting.min(initial=inputs.months + 1))
        self._month = first.size
        self._nobody = np.arange(first.size).reshape(first.shape)
        self._place = self._nobody - self._month * self.lasting
        self._survival = (VaryingSurvival if inputs.transitions_vary else ConstantSurvival)(inputs, self.lasting)

    @cached_property
    def first_shares(self) -> Array:
        """Of the learners of month 0, the share due in each month: (longest + 1) x 2 ages x 3 rows x batch."""
        apprentices, pathway = (self._inputs.share_by_months_to_go(kind) for kind in (0, PATHWAY))
        return np.stack((apprentices, apprentices, pathway), axis=2)

    def due(self, month: int) -> Array | None:
        """Those whose learning ends in a month, after leaving and ageing: 2 ages x 3 rows x batch; None for nobody."""
        self._survival.pass_month(month)
        due: Array | None = None
        if month > self.shortest:
            # Nobody began in month 0 or before, so whoever would be due from there is looked up in the empty first row.
            places = np.maximum(self._place + month * self._month, self._nobody)
            due = _survivors(self.began.take(places, mode="clip"), self._survival.of_those_due(month))
        if self.any_first and month <= self.longest:
            first = _survivors(self.first * self.first_shares[month], self._survival.since_month_0(month))
            due = first if due is None else due + first
        return due


def _survivors(learners: Array, transitions: Array) -> Array:
    """Learners by age at their start -> by age now. `transitions`: 3 transitions x (1 or 3 rows) x batch."""
    now = learners * transitions[STAY_YOUNG::STAY_OLDER]
    now[OLDER] += learners[YOUNG] * transitions[TURN_25]
    return now


class ConstantSurvival:
    """What became, by now, of learners who began some months ago, where chances are the same in every month.

    What counts then is how long somebody has been learning.
    """

    def __init__(self, inputs: Inputs, lasting: Array) -> None:
        self._after = inputs.survival
        self._at_end = _picked(self._after, lasting)

    def pass_month(self, month: int) -> None:
        """Take in the chances of a month. Called once a month, in order."""

    def of_those_due(self, month: int) -> Array:  # noqa: ARG002  (they are as many months on in every month)
        """Of those who began as long ago as their learning lasts: 3 transitions x 3 rows x batch."""
        return self._at_end

    def since_month_0(self, month: int) -> Array:
        """Of those who were there at month 0: 3 transitions x 1 x batch."""
        passed: Array = self._after[month][:, None]
        return passed


class VaryingSurvival(ConstantSurvival):
    """The same where chances change: what became of those who began at each month's end is followed."""

    def __init__(self, inputs: Inputs, lasting: Array) -> None:
        self.inputs, self.lasting = inputs, lasting
        self._of_beginners = np.zeros((inputs.months + 1, 3, lasting.shape[-1]))
        self._of_beginners[:, STAY_YOUNG::STAY_OLDER] = 1.0
        self._longest = int(lasting.max(initial=1))
        # Whoever begins later is not due before the run ends.
        self._last_due = max(inputs.months - int(lasting.min(initial=inputs.months)), 0)

    def pass_month(self, month: int) -> None:
        young, turn, older = self.inputs.transitions(month).support
        begun = self._of_beginners[max(month - self._longest, 0) : min(month, self._last_due + 1)]
        begun[:, TURN_25] *= older
        begun[:, TURN_25] += begun[:, STAY_YOUNG] * turn
        begun[:, STAY_YOUNG] *= young
        begun[:, STAY_OLDER] *= older

    def of_those_due(self, month: int) -> Array:
        return _picked(self._of_beginners, np.maximum(month - self.lasting, 0))

    def since_month_0(self, month: int) -> Array:  # noqa: ARG002  (what has passed so far is what was followed)
        passed: Array = self._of_beginners[0][:, None]
        return passed


def _picked(table: Array, rows: Array) -> Array:
    """From rows x 3 transitions x batch: 3 transitions x 3 kinds of learning x batch, each from its own row."""
    size = table.shape[-1]
    across = np.arange(size) if size > 1 else 0
    picked: Array = table.take((rows[None] * 3 + np.arange(3)[:, None, None]) * size + across)
    return picked
