"""The connected pipeline: stocks of staff month by month, each choice with its effect on all the others.

The events of a month, in order (docs/decisions/0008-pipeline.md draws them): people leave; survivors turn 25; learning
ends; people in post begin to learn; joiners arrive, and are exposed from the next month on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from t4c_lib.errors import UnknownNameError
from t4c_lib.whatif.fates import Fates
from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.joining import Joining
from t4c_lib.whatif.lever import Setting, check_settings
from t4c_lib.whatif.projection import Projection
from t4c_lib.whatif.state import State
from t4c_lib.whatif.stepping import march
from t4c_lib.whatif.stocks import (
    IN_POST,
    LEARNING,
    MOVED_UP,
    NOT_SUPPORT,
    OLDER,
    SUPPORT,
    YOUNG,
)
from t4c_lib.whatif.tunnels import Tunnels
from t4c_lib.whatif.values import Array, Rates

ADDITIVE, CONSTANT = "additive", "constant establishment"
CLOSURES = (ADDITIVE, CONSTANT)
# So small that no flow of people is, and large enough to divide by.
NOBODY = 1e-300


@dataclass(frozen=True)
class Pipeline:
    """The model, as one of two closures.

    Attributes:
        closure: "additive", joiners are given; or "constant establishment", joiners fill what is vacant, so that
            support staff and the rest of the workforce both keep their size.

    Raises:
        UnknownNameError: there is no such closure.
    """

    closure: str = ADDITIVE

    def __post_init__(self) -> None:
        if self.closure not in CLOSURES:
            raise UnknownNameError("closure", self.closure, CLOSURES)

    def run(
        self,
        state: State,
        rates: Rates,
        settings: Iterable[Setting] = (),
        months: int = 60,
        noise: np.random.Generator | None = None,
    ) -> Projection:
        """What happens from month 0 to `months`, both included.

        Args:
            state: who is there at month 0; numbers or arrays of batch shape.
            rates: the assumptions; numbers or arrays of batch shape. All shapes are broadcast against each other.
            settings: levers that are set; one that changes nothing is as good as none.
            months: whole months, 0 or more.
            noise: a generator for the luck of single people (binomial survival, Poisson arrivals); None for what is
                expected. With it, every stock is a whole number of people.

        Raises:
            UnknownNameError: there is no such lever.
            SettingError: settings or months that can't be.
        """
        inputs = Inputs.of(state, rates, check_settings(settings), months)
        joining, tunnels = Joining(inputs, fills_posts=self.closure == CONSTANT), Tunnels(inputs)
        month = Month(inputs, joining, tunnels, self.closure == CONSTANT)
        path = march(inputs.first, months, month)
        return Projection(self.closure, inputs, path, joining, tunnels, Fates(inputs, path, tunnels))


class Month:
    """What happens in a month, as expected."""

    def __init__(self, inputs: Inputs, joining: Joining, tunnels: Tunnels, keeps_size: bool) -> None:
        self.inputs, self.joining, self.tunnels = inputs, joining, tunnels
        self.keeps_size = keeps_size
        if keeps_size:
            first = inputs.first
            self.posts = first[:, SUPPORT].sum(axis=(0, 1)), first[:, NOT_SUPPORT].sum(axis=(0, 1))
        self.steady_arrivals = joining.arrivals(0) if joining.is_steady and not keeps_size else None
        self.wanted = inputs.starts_wanted
        self.somebody_begins = bool(np.any(self.wanted))
        self.enough = np.maximum(self.wanted, NOBODY)
        self.share = np.empty((3, inputs.first.shape[-1]))

    def __call__(self, before: Array, after: Array, month: int) -> None:
        self.leave_and_age(before, after, month)
        self.end_learning(after, month)
        self.begin_learning(after, month)
        self.join(after, month)

    def leave_and_age(self, before: Array, after: Array, month: int) -> None:
        """People leave; of those aged 16 to 24 who stay, some turn 25."""
        for rows, fate in self.inputs.chances(month).parts:
            young = before[YOUNG, rows]
            np.multiply(young, fate.stay_young, out=after[YOUNG, rows])
            older = np.multiply(before[OLDER, rows], fate.stay_older, out=after[OLDER, rows])
            older += young * fate.turn_25

    def end_learning(self, after: Array, month: int) -> None:
        """Who is due goes back to post or one step up; some of those who complete a pathway leave."""
        due = self.tunnels.due(month)
        if due is None:
            return
        learning = after[:, LEARNING]
        # The last of a group may differ from what is left in the stock by a rounding error.
        ended = np.minimum(due, learning, out=self.tunnels.ended[month])
        learning -= ended
        complete, stay = self.inputs.completing(month)
        after[:, MOVED_UP] += ended * stay
        after[:, IN_POST] += ended * (1 - complete)

    def begin_learning(self, after: Array, month: int) -> None:
        """People in post begin an apprenticeship or a pathway, each group in proportion to its number."""
        if not self.somebody_begins:
            return
        row = month if len(self.wanted) > 1 else 0
        (apprentices, pathway), enough = self.wanted[row], self.enough[row]
        people = after[:, IN_POST]
        (none, level_2, level_3), older = people
        can_begin = none + level_2 + older[0] + older[1]
        np.divide(apprentices, np.maximum(can_begin, enough[0]), out=self.share[0])
        self.share[1] = self.share[0]
        np.divide(pathway, np.maximum(level_3 + older[2], enough[1]), out=self.share[2])
        beginning = np.multiply(people, self.share, out=self.tunnels.began[month])
        people -= beginning
        after[:, LEARNING] += beginning

    def join(self, after: Array, month: int) -> None:
        """Joiners arrive, some of them as apprentices."""
        if self.keeps_size:
            self.joining.to_fill(after, month, self.posts)
        arrivals = self.joining.arrivals(month) if self.steady_arrivals is None else self.steady_arrivals
        after += arrivals
        self.tunnels.began[month] += arrivals[:, LEARNING]
