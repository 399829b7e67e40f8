"""The events of a month, in order, as they are expected to go.

People leave; survivors turn 25; learning ends; people in post begin to learn; joiners arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from t4c_lib.errors import SettingError
from t4c_lib.whatif.flows import ExpectedFlows, Flows
from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.joiners import Joiners
from t4c_lib.whatif.learner_cohorts import LearnerCohorts
from t4c_lib.whatif.model_parameters import Array
from t4c_lib.whatif.state import APPRENTICES, IN_POST, LEARNING, MOVED_UP, NOT_SUPPORT, OLDER, SUPPORT, YOUNG

# So small that no flow of people is, and large enough to divide by.
NOBODY = 1e-300


class MonthStep:
    """What happens in a month, as expected.

    Attributes:
        first: stocks at month 0: 2 ages x 8 rows x batch.
        joiners: who joins.
        learners: who learns.
    """

    def __init__(self, inputs: Inputs, *, keeps_size: bool) -> None:
        self.inputs, self.first, self.keeps_size = inputs, inputs.first, keeps_size
        self.joiners = joiners = Joiners(inputs, fills_posts=keeps_size)
        self.learners = LearnerCohorts(inputs)
        self.steady_arrivals = joiners.arrivals(0) if joiners.is_steady and not keeps_size else None
        self.wanted = inputs.starts_wanted
        self.somebody_begins = bool(np.any(self.wanted))
        self.enough = np.maximum(self.wanted, NOBODY)
        self.share = np.empty((3, inputs.first.shape[-1]))

    @cached_property
    def posts(self) -> tuple[Array, Array]:
        """Support posts, and those of the rest of the workforce, where their number is kept."""
        return self.first[:, SUPPORT].sum(axis=(0, 1)), self.first[:, NOT_SUPPORT].sum(axis=(0, 1))

    def flows(self, path: Array) -> Flows:
        """Who left, turned 25 and completed in a run that is over."""
        return ExpectedFlows(self.inputs, path, self.learners)

    def __call__(self, before: Array, after: Array, month: int) -> None:
        self.leave_and_age(before, after, month)
        self.end_learning(after, month)
        self.begin_learning(after, month)
        self.join(after, month)

    def leave_and_age(self, before: Array, after: Array, month: int) -> None:
        """People leave; of those aged 16 to 24 who stay, some turn 25."""
        for rows, group in self.inputs.transitions(month).parts:
            young = before[YOUNG, rows]
            np.multiply(young, group.stay_young, out=after[YOUNG, rows])
            older = np.multiply(before[OLDER, rows], group.stay_older, out=after[OLDER, rows])
            older += young * group.turn_25

    def end_learning(self, after: Array, month: int) -> None:
        """Who is due goes back to post or one step up; some of those who complete a pathway leave."""
        due = self.learners.due(month)
        if due is None:
            return
        learning = after[:, LEARNING]
        # The last of a group may differ from what is left in the stock by a rounding error.
        ended = np.minimum(due, learning, out=self.learners.ended[month])
        learning -= ended
        complete, stay = self.inputs.completing(month)
        after[:, MOVED_UP] += ended * stay
        after[:, IN_POST] += ended * (1 - complete)

    def begin_learning(self, after: Array, month: int) -> None:
        """People in post begin an apprenticeship or a pathway, each group in proportion to its number."""
        if not self.somebody_begins:
            return
        people = after[:, IN_POST]
        beginning = np.multiply(people, self.share_beginning(people, month), out=self.learners.began[month])
        people -= beginning
        after[:, LEARNING] += beginning

    def share_beginning(self, people: Array, month: int) -> Array:
        """Of people in post, by qualification, the share that begins to learn: 3 rows x batch."""
        row = month if len(self.wanted) > 1 else 0
        (apprentices, pathway), enough = self.wanted[row], self.enough[row]
        (none, level_2, level_3), older = people
        can_begin = none + level_2 + older[0] + older[1]
        np.divide(apprentices, np.maximum(can_begin, enough[0]), out=self.share[0])
        self.share[1] = self.share[0]
        np.divide(pathway, np.maximum(level_3 + older[2], enough[1]), out=self.share[2])
        return self.share

    def join(self, after: Array, month: int) -> None:
        """Joiners arrive, some of them as apprentices."""
        if self.keeps_size:
            self.joiners.to_fill(after, month, self.posts)
        arrivals = self.joiners.arrivals(month) if self.steady_arrivals is None else self.steady_arrivals
        arrivals.join(after)
        self.learners.began[month, :, APPRENTICES] += arrivals.apprentices


Step = Callable[[Array, Array, int], None]


def run_months(first: Array, months: int, step: Step) -> Array:
    """The stocks of every month: an array of (months + 1) x the shape of `first`, month 0 included.

    `step(before, after, month)` reads the stocks at a month's start and writes those at its end into `after`.

    Raises:
        SettingError: months is not a whole number of 0 or more.
    """
    check_months(months)
    path = np.empty((months + 1, *first.shape))
    path[0] = first
    for month in range(1, months + 1):
        step(path[month - 1], path[month], month)
    return path


def check_months(months: int) -> None:
    """Raises SettingError unless it is a whole number of 0 or more."""
    if months < 0 or int(months) != months:
        raise SettingError([f"the number of months must be a whole number, 0 or more, not {months}"])
