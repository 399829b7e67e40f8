"""Who left, turned 25 and completed, found from the stocks and chances of each month after the run."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np

from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.stocks import NOT_SUPPORT, OLDER, PATHWAY, SUPPORT, YOUNG
from t4c_lib.whatif.tunnels import Tunnels
from t4c_lib.whatif.values import Array


class Fates(Protocol):
    """What became of people in a run. Every array has a row for each month; row 0 is 0."""

    @property
    def support_leavers(self) -> Array:
        """Support staff who left, who did so on completing a pathway included: months + 1 x 2 ages x batch."""

    @property
    def rest_leavers(self) -> Array:
        """The rest of the workforce who left: months + 1 x 2 ages x batch."""

    @property
    def aged_out(self) -> Array:
        """Who turned 25 and stayed: months + 1 x 8 rows x batch."""

    @property
    def completed(self) -> Array:
        """Learners who completed: months + 1 x 2 ages x 3 rows x batch."""

    @property
    def moved_up(self) -> Array:
        """Those of them who stayed: for a pathway, the newly registered."""


class KnownFates(Fates):
    """The same as expected, worked out from the stocks when it is asked for."""

    def __init__(self, inputs: Inputs, path: Array, tunnels: Tunnels) -> None:
        self.inputs, self.path, self.tunnels = inputs, path, tunnels

    def _months(self) -> range:
        return range(1, self.inputs.months + 1)

    @cached_property
    def support_leavers(self) -> Array:
        left = np.zeros_like(self.path[:, :, 0])
        there = self.path[:-1, :, SUPPORT].sum(axis=2)
        if self.inputs.chances_change:
            for month in self._months():
                young, older = self.inputs.leaving(month)
                left[month, YOUNG] = there[month - 1, YOUNG] * young
                left[month, OLDER] = there[month - 1, OLDER] * older
        else:
            young, older = self.inputs.leaving(0)
            left[1:, YOUNG] = there[:, YOUNG] * young
            left[1:, OLDER] = there[:, OLDER] * older
        return left + self.completed[:, :, PATHWAY] - self.moved_up[:, :, PATHWAY]

    @cached_property
    def rest_leavers(self) -> Array:
        left = np.zeros_like(self.path[:, :, 0])
        there = self.path[:-1, :, NOT_SUPPORT].sum(axis=2)
        young, older = self.inputs.leaving_rest
        left[1:, YOUNG] = there[:, YOUNG] * young
        left[1:, OLDER] = there[:, OLDER] * older
        return left

    @cached_property
    def aged_out(self) -> Array:
        aged = np.zeros_like(self.path[:, YOUNG])
        for month in self._months():
            for rows, fate in self.inputs.chances(month).parts:
                np.multiply(self.path[month - 1, YOUNG, rows], fate.turn_25, out=aged[month, rows])
        return aged

    @cached_property
    def completed(self) -> Array:
        return self._of_ended(0)

    @cached_property
    def moved_up(self) -> Array:
        return self._of_ended(1)

    def _of_ended(self, which: int) -> Array:
        found = np.zeros_like(self.tunnels.ended)
        for month in self._months():
            np.multiply(self.tunnels.ended[month], self.inputs.completing(month)[which], out=found[month])
        return found
