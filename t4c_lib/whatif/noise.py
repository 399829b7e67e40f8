"""The luck of single people: the same month, with everybody's fate drawn instead of expected.

Who stays, turns 25, completes or begins to learn is drawn person by person (binomial); joiners arrive as Poisson
counts, or fill the posts that are vacant. The mean over many runs is the expected path as long as no limit is met.

Learners are drawn all together and not group by group: of those in learning, as many are due as the groups that began
lead to expect, each with the same chance. Group by group would take most of the time and give the same mean; the
variance is that of people followed one by one within what can be told (tests/whatif/test_noise.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from t4c_lib.whatif.inputs import Fate, Inputs
from t4c_lib.whatif.joining import part_of
from t4c_lib.whatif.month import Month
from t4c_lib.whatif.stocks import (
    APPRENTICES,
    IN_POST,
    LEARNING,
    MOVED_UP,
    NOT_SUPPORT,
    OLDER,
    PATHWAY,
    REST,
    ROWS,
    SUPPORT,
    YOUNG,
)
from t4c_lib.whatif.values import Array


@dataclass(frozen=True, eq=False)
class DrawnFates:
    """What became of people, as drawn; laid out as Fates."""

    support_leavers: Array
    rest_leavers: Array
    aged_out: Array
    completed: Array
    moved_up: Array


@dataclass(frozen=True, eq=False)
class Luck:
    """The luck of single people in figures that are made of a few of them: newcomers, people who answer a survey.

    Attributes:
        generator: that the run was drawn with.
    """

    generator: np.random.Generator

    def share_of_people(self, share: Array, people: Array) -> Array:
        """How many of the people, each with the chance, over all of them; month 0 was counted and stays.

        Args:
            share: months + 1 x batch, 0 to 1.
            people: how many they are, to whole ones; broadcast to that. Where there is nobody the share stays.
        """
        whole = np.broadcast_to(np.rint(people), share.shape)
        drawn = self.generator.binomial(whole.astype(np.int64), np.clip(share, 0.0, 1.0))
        found = np.divide(drawn, whole, out=share.copy(), where=whole > 0)
        found[0] = share[0]
        return np.asarray(found)


class NoisyMonth(Month):
    """What happens in a month, drawn. Stocks are whole numbers; those at month 0 are rounded."""

    def __init__(self, inputs: Inputs, generator: np.random.Generator, *, keeps_size: bool) -> None:
        super().__init__(inputs, keeps_size=keeps_size)
        self.generator = generator
        self.first = self._whole(inputs.first)
        # Groups of learners go on from whole people, too.
        self.tunnels.first = self.first[:, LEARNING]
        self.tunnels.first_are_there = bool(self.tunnels.first.any())
        # What is expected is kept; what is drawn is written over a copy of it.
        self.expected = self.joining
        self.joining = self.joining.copy()
        months, size = inputs.months + 1, self.first.shape[-1]
        self.drawn = DrawnFates(
            np.zeros((months, 2, size)),
            np.zeros((months, 2, size)),
            np.zeros((months, ROWS, size)),
            np.zeros((months, 2, 3, size)),
            np.zeros((months, 2, 3, size)),
        )
        # How many learners the groups that began lead to expect, from month to month.
        self.learners = self.tunnels.first.copy()

    def fates(self, path: Array) -> DrawnFates:  # noqa: ARG002  (they were drawn, and can't be found from the stocks)
        return self.drawn

    def chosen(self, people: Array, chance: Array) -> Array:
        """How many of the people, each with the chance."""
        if not people.any():
            return np.zeros(np.broadcast_shapes(people.shape, chance.shape))
        return self.generator.binomial(people.astype(np.int64), np.clip(chance, 0.0, 1.0)).astype(np.float64)

    def _whole(self, stocks: Array) -> Array:
        """Stocks as whole people: none is off by one or more, sums that were whole stay so, means stay as they are."""
        summed = np.zeros((stocks.shape[0], stocks.shape[1] + 1, stocks.shape[2]))
        np.cumsum(stocks, axis=1, out=summed[:, 1:])
        # Sums of whole people may be off by a rounding error.
        start = self.generator.uniform(1e-7, 1 - 1e-7, (stocks.shape[0], 1, stocks.shape[2]))
        return np.diff(np.floor(summed + start), axis=1)

    def leave_and_age(self, before: Array, after: Array, month: int) -> None:
        chances = self.inputs.chances(month)
        drawn = self.drawn
        for rows, fate in chances.parts:
            after[:, rows], drawn.aged_out[month, rows] = self._stay(before[:, rows], fate)
        moved = drawn.aged_out[month]
        for rows, left in ((SUPPORT, drawn.support_leavers), (NOT_SUPPORT, drawn.rest_leavers)):
            left[month] = (before[:, rows] - after[:, rows]).sum(axis=1)
            turned_25 = moved[rows].sum(axis=0)
            left[month, YOUNG] -= turned_25
            left[month, OLDER] += turned_25
        stay_young, turn_25, stay_older = chances.support
        still = self.learners[YOUNG] * stay_young
        self.learners[OLDER] = self.learners[OLDER] * stay_older + self.learners[YOUNG] * turn_25
        self.learners[YOUNG] = still

    def _stay(self, people: Array, fate: Fate) -> tuple[Array, Array]:
        """Those of 2 ages x rows x batch who stay, and how many of them turned 25."""
        young, older = people
        still_young = self.chosen(young, fate.stay_young)
        gone = 1 - fate.stay_young
        turning = np.divide(fate.turn_25, gone, out=np.zeros_like(gone), where=gone > 0)
        turned_25 = self.chosen(young - still_young, turning)
        return np.stack((still_young, self.chosen(older, fate.stay_older) + turned_25)), turned_25

    def end_learning(self, after: Array, month: int) -> None:
        due = self.tunnels.due(month)
        if due is None:
            return
        chance = np.divide(due, self.learners, out=np.zeros_like(due), where=self.learners > 0)
        self.learners = np.maximum(self.learners - due, 0.0)
        self.tunnels.ended[month] = ended = self.chosen(after[:, LEARNING], chance)
        complete, stay = self.inputs.completing(month)
        completed = self.chosen(ended, complete)
        kept = np.divide(stay, complete, out=np.zeros_like(complete), where=complete > 0)
        moved_up = self.chosen(completed, kept)
        after[:, LEARNING] -= ended
        after[:, MOVED_UP] += moved_up
        after[:, IN_POST] += ended - completed
        self.drawn.completed[month], self.drawn.moved_up[month] = completed, moved_up
        self.drawn.support_leavers[month] += (completed - moved_up)[:, PATHWAY]

    def begin_learning(self, after: Array, month: int) -> None:
        people = after[:, IN_POST]
        beginning = self.chosen(people, self.share_beginning(people, month))
        people -= beginning
        after[:, LEARNING] += beginning
        self._enter(beginning, month)

    def join(self, after: Array, month: int) -> None:
        if self.keeps_size:
            self.expected.to_fill(after, month, self.posts)
            joined = self._posts_filled(month)
        else:
            expected = np.zeros_like(after)
            self.expected.arrivals(month).join(expected)
            joined = self.generator.poisson(np.maximum(expected, 0.0)).astype(np.float64)
        after += joined
        self.joining.apprentices[month] = joined[:, APPRENTICES].sum(axis=1)
        self.joining.support[month] = joined[:, SUPPORT].sum(axis=1)
        self.joining.rest[month] = joined[:, REST]
        self._enter(joined[:, LEARNING], month)

    def _posts_filled(self, month: int) -> Array:
        """The vacant posts, all of them filled, with joiners drawn by age, kind and qualification."""
        expected, (ordinary, apprentices) = self.expected, self.inputs.qualifications
        joined = np.zeros(self.first.shape)
        support = self._by_age(expected.support[month])
        as_apprentices = expected.apprentices[month]
        learning = self.chosen(support, part_of(as_apprentices, expected.support[month] - as_apprentices))
        joined[:, APPRENTICES.start + 1] = self.chosen(learning, apprentices[1])
        joined[:, APPRENTICES.start] = learning - joined[:, APPRENTICES.start + 1]
        none = self.chosen(support - learning, ordinary[0])
        qualified = support - learning - none
        level_3 = self.chosen(qualified, part_of(ordinary[2], ordinary[1]))
        joined[:, IN_POST] = np.stack((none, qualified - level_3, level_3), axis=1)
        joined[:, REST] = self._by_age(expected.rest[month])
        return joined

    def _by_age(self, expected: Array) -> Array:
        vacant = np.rint(expected[YOUNG] + expected[OLDER])
        young = self.chosen(vacant, part_of(expected[YOUNG], expected[OLDER]))
        return np.stack((young, vacant - young))

    def _enter(self, learners: Array, month: int) -> None:
        """Learners who begin at the end of a month."""
        self.tunnels.began[month] += learners
        self.learners += learners
