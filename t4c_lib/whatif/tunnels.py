"""Learning takes a fixed number of months: who began together is due together, less those who left on the way.

The learners themselves stand in the stocks, added up. What each month's beginners come to when they are due follows from
their number and from the chances of the months between, so no group has to be carried along month by month.
"""

from __future__ import annotations

import numpy as np

from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.stocks import OLDER, YOUNG
from t4c_lib.whatif.values import Array

STAY_YOUNG, TURN_25, STAY_OLDER = 0, 1, 2


class Tunnels:
    """Apprenticeships (by the qualification held meanwhile) and pathways: 3 rows.

    Attributes:
        began: learners who began at the end of each month: months + 1 x 2 ages x 3 rows x batch. Row 0 stays 0.
        ended: those whose learning ended in each month, laid out likewise.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        first = inputs.first_learning
        size = first.shape[-1]
        self.began = np.zeros((inputs.months + 1, *first.shape))
        self.ended = np.zeros_like(self.began)
        self.lasting = np.broadcast_to(inputs.learning_months, (3, size))
        # Nobody knows how long today's learners have been at it: as many are due in each of the months to come.
        self.first_due = first / self.lasting
        self.first_are_there = bool(np.any(first))
        self.longest = int(self.lasting.max(initial=1))
        self.shortest = int(self.lasting.min(initial=inputs.months + 1))
        self._place = np.arange(2 * 3 * size).reshape(2, 3, size)
        self._month = 2 * 3 * size
        self._survival: Survival = Changing(inputs, size) if inputs.chances_change else Steady(inputs, self.lasting)

    def due(self, month: int) -> Array | None:
        """Those whose learning ends in a month, after leaving and ageing: 2 ages x 3 rows x batch; None if there are none."""
        self._survival.pass_month(month)
        due: Array | None = None
        if month > self.shortest:
            began = np.maximum(month - self.lasting, 0)
            due = self._survivors(
                np.take(self.began, began * self._month + self._place), self._survival.of_beginners(month, self.lasting)
            )
        if self.first_are_there and month <= self.longest:
            first = self._survivors(self.first_due * (month <= self.lasting), self._survival.since_month_0(month))
            due = first if due is None else due + first
        return due

    @staticmethod
    def _survivors(learners: Array, chances: Array) -> Array:
        """Learners by age at their start -> by age now. `chances`: 3 x (1 or 3 rows) x batch."""
        now = np.empty_like(learners)
        np.multiply(learners[YOUNG], chances[STAY_YOUNG], out=now[YOUNG])
        np.multiply(learners[OLDER], chances[STAY_OLDER], out=now[OLDER])
        now[OLDER] += learners[YOUNG] * chances[TURN_25]
        return now


class Survival:
    """What became, by now, of learners who began some months ago."""

    def pass_month(self, month: int) -> None:
        """Take in the chances of a month. Called once a month, in order."""
        raise NotImplementedError

    def of_beginners(self, month: int, lasting: Array) -> Array:
        """Of those due in this month: 3 fates x 3 rows x batch."""
        raise NotImplementedError

    def since_month_0(self, month: int) -> Array:
        """Of those who were there at month 0: 3 fates x 1 x batch."""
        raise NotImplementedError


class Steady(Survival):
    """Chances are the same in every month, so what counts is how long somebody has been learning."""

    def __init__(self, inputs: Inputs, lasting: Array) -> None:
        chances = inputs.chances(0)
        young, turn, older = (part[0] for part in (chances.stay_young, chances.turn_25, chances.stay_older))
        # Fates after 0, 1, 2, ... months; whoever is due after the last month of the run is not asked for.
        self.after = np.empty((inputs.months + 1, 3, young.size))
        self.after[0] = [[1.0], [0.0], [1.0]]
        for length in range(inputs.months):
            before, after = self.after[length], self.after[length + 1]
            after[STAY_YOUNG] = before[STAY_YOUNG] * young
            after[TURN_25] = before[TURN_25] * older + before[STAY_YOUNG] * turn
            after[STAY_OLDER] = before[STAY_OLDER] * older
        self.at_end = _picked(self.after, np.minimum(lasting, inputs.months))

    def pass_month(self, month: int) -> None:
        pass

    def of_beginners(self, month: int, lasting: Array) -> Array:
        return self.at_end

    def since_month_0(self, month: int) -> Array:
        return self.after[month][:, None]


class Changing(Survival):
    """Chances change, so every month's beginners are followed: what became of those who began at each month's end."""

    def __init__(self, inputs: Inputs, size: int) -> None:
        self.inputs = inputs
        self.of_month = np.zeros((inputs.months + 1, 3, size))
        self.of_month[:, (STAY_YOUNG, STAY_OLDER)] = 1.0

    def pass_month(self, month: int) -> None:
        chances = self.inputs.chances(month)
        young, turn, older = (part[0] for part in (chances.stay_young, chances.turn_25, chances.stay_older))
        begun = self.of_month[:month]
        begun[:, TURN_25] *= older
        begun[:, TURN_25] += begun[:, STAY_YOUNG] * turn
        begun[:, STAY_YOUNG] *= young
        begun[:, STAY_OLDER] *= older

    def of_beginners(self, month: int, lasting: Array) -> Array:
        return _picked(self.of_month, np.maximum(month - lasting, 0))

    def since_month_0(self, month: int) -> Array:
        return self.of_month[0][:, None]


def _picked(table: Array, rows: Array) -> Array:
    """From rows x 3 fates x batch: 3 fates x 3 kinds of learning x batch, each kind and run from its own row."""
    size = table.shape[-1]
    across = np.arange(size) if size > 1 else 0
    fates = np.arange(3)[:, None, None]
    return np.take(table, (rows[None] * 3 + fates) * size + across)
