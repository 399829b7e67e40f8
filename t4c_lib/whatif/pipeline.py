"""The connected pipeline: stocks of staff month by month, each choice with its effect on all the others.

The events of a month, in order (docs/decisions/0008-pipeline.md draws them): people leave; survivors turn 25; learning
ends; people in post begin to learn; joiners arrive, and are exposed from the next month on. All that goes as it is
expected to, or with what happens to each person drawn.

Drawn, who stays, turns 25, completes or begins to learn is chosen person by person (binomial); joiners arrive as
Poisson counts, or fill the posts that are vacant. The mean over many runs is the expected path as long as no limit is
met. Learners are drawn together and not group by group, those of month 0 apart from those who begin later: of the ones
in learning, each is due with the chance that the expected sizes of the groups give. That is how many of a known total
belong to the group that is due, where groups begin as Poisson counts and are thinned, so means and variances come out
right; group by group would take most of the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.whatif import state
from t4c_lib.whatif.flows import ExpectedFlows, Flows
from t4c_lib.whatif.inputs import Inputs, Transitions
from t4c_lib.whatif.joiners_and_learners import Joiners, LearnerCohorts
from t4c_lib.whatif.levers import LeverSetting, check_settings
from t4c_lib.whatif.measures_and_costs import Projection
from t4c_lib.whatif.rates import Array, Rates, part_of, ratio
from t4c_lib.whatif.state import APPRENTICES, IN_POST, LEARNING, OLDER, SUPPORT, YOUNG, WorkforceState

# So small that no flow of people is, and large enough to divide by.
NEARLY_ZERO = 1e-300


class MonthStep:
    """What happens in a month, as expected. `first`: the stocks at month 0, 2 ages x 8 rows x batch."""

    def __init__(self, inputs: Inputs, *, keeps_size: bool) -> None:
        self.inputs, self.first, self.keeps_size = inputs, inputs.first, keeps_size
        self.joiners = joiners = Joiners(inputs, fills_posts=keeps_size)
        self.learners = LearnerCohorts(inputs)
        self.steady_arrivals = joiners.arrivals(0) if joiners.is_steady and not keeps_size else None
        self.wanted = inputs.starts_wanted
        self.somebody_begins = bool(np.any(self.wanted))
        self.enough = np.maximum(self.wanted, NEARLY_ZERO)
        self.share = np.empty((3, inputs.first.shape[-1]))

    @cached_property
    def posts(self) -> tuple[Array, Array]:
        """Support posts, and those of the rest of the workforce, where their number is kept."""
        return self.first[:, SUPPORT].sum(axis=(0, 1)), self.first[:, state.NOT_SUPPORT].sum(axis=(0, 1))

    def flows(self, path: Array) -> Flows | ExpectedFlows:
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
        after[:, state.MOVED_UP] += ended * stay
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
            self.joiners.fill_posts(after, month, self.posts)
        arrivals = self.joiners.arrivals(month) if self.steady_arrivals is None else self.steady_arrivals
        arrivals.join(after)
        self.learners.began[month, :, APPRENTICES] += arrivals.apprentices


class SampledLearners:
    """People in learning, as drawn and expected (2 ages x 3 rows x batch). `groups`: by when they are due, expected."""

    def __init__(self, inputs: Inputs, people: Array) -> None:
        self.people, self.expected = people.copy(), people.copy()
        self.groups = LearnerCohorts(inputs, people)

    def chance_due(self, inputs: Inputs, month: int) -> Array | None:
        """For each who is left in a month after leaving, the chance that learning ends in it; None where none does."""
        stay_young, turn_25, stay_older = inputs.transitions(month).support
        young, older = self.expected
        self.expected = np.stack((young * stay_young, older * stay_older + young * turn_25))
        due = self.groups.due(month)
        if due is None:
            return None
        chance = ratio(due, self.expected)
        self.expected = np.maximum(self.expected - due, 0.0)
        return chance

    def enter(self, expected: Array, month: int) -> None:
        """As many as were to be expected begin at the end of a month."""
        self.groups.began[month] += expected
        self.expected = self.expected + expected


class StochasticStep(MonthStep):
    """What happens in a month, drawn. Stocks are whole numbers; those at month 0 are rounded."""

    def __init__(self, inputs: Inputs, generator: np.random.Generator, *, keeps_size: bool) -> None:
        super().__init__(inputs, keeps_size=keeps_size)
        self.generator = generator
        self.first = self._whole(inputs.first)
        # What is expected is kept; what is drawn is written over a copy of it.
        self.expected = self.joiners
        self.joiners = self.joiners.copy()
        months, size = inputs.months + 1, self.first.shape[-1]
        shapes = ((2,), (2,), (state.ROWS,), (2, 3), (2, 3))
        self.drawn = Flows(*(np.zeros((months, *shape, size)) for shape in shapes))
        nobody = np.zeros_like(self.first[:, LEARNING])
        self.early, self.late = (SampledLearners(inputs, people) for people in (self.first[:, LEARNING], nobody))

    def flows(self, path: Array) -> Flows:  # noqa: ARG002  (they were drawn, and can't be found from the stocks)
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
        transitions = self.inputs.transitions(month)
        drawn = self.drawn
        for rows, group in transitions.parts:
            after[:, rows], drawn.aged_out[month, rows] = self._stay(self._not_early(before, rows), group)
        if self.early.people.any():
            self.early.people, turned_25 = self._stay(self.early.people, transitions.support)
            drawn.aged_out[month, LEARNING] += turned_25
        self.late.people = after[:, LEARNING].copy()
        after[:, LEARNING] += self.early.people
        aged = drawn.aged_out[month]
        for rows, left in ((SUPPORT, drawn.support_leavers), (state.NOT_SUPPORT, drawn.rest_leavers)):
            left[month] = (before[:, rows] - after[:, rows]).sum(axis=1)
            turned_25 = aged[rows].sum(axis=0)
            left[month, YOUNG] -= turned_25
            left[month, OLDER] += turned_25

    def _not_early(self, before: Array, rows: slice) -> Array:
        """The people of some rows, without those who have been learning since month 0."""
        if rows.start > LEARNING.start:
            return before[:, rows]
        people = before[:, rows].copy()
        people[:, LEARNING] -= self.early.people
        return people

    def _stay(self, people: Array, group: Transitions) -> tuple[Array, Array]:
        """Those of 2 ages x rows x batch who stay, and how many of them turned 25."""
        young, older = people
        stay_young, turn_25, stay_older = group
        still_young = self.chosen(young, stay_young)
        turned_25 = self.chosen(young - still_young, ratio(turn_25, 1 - stay_young))
        return np.stack((still_young, self.chosen(older, stay_older) + turned_25)), turned_25

    def end_learning(self, after: Array, month: int) -> None:
        chances = [learners.chance_due(self.inputs, month) for learners in (self.early, self.late)]
        if all(chance is None for chance in chances):
            return
        ended = self.learners.ended[month]
        for learners, chance in zip((self.early, self.late), chances, strict=True):
            if chance is not None:
                due = self.chosen(learners.people, chance)
                learners.people -= due
                ended += due
        complete, stay = self.inputs.completing(month)
        completed = self.chosen(ended, complete)
        moved_up = self.chosen(completed, ratio(stay, complete))
        after[:, LEARNING] -= ended
        after[:, state.MOVED_UP] += moved_up
        after[:, IN_POST] += ended - completed
        self.drawn.completed[month], self.drawn.moved_up[month] = completed, moved_up
        self.drawn.support_leavers[month] += (completed - moved_up)[:, state.PATHWAY]

    def begin_learning(self, after: Array, month: int) -> None:
        people = after[:, IN_POST]
        share = self.share_beginning(people, month)
        beginning = self.chosen(people, share)
        self._enter(beginning, people * share, month)
        people -= beginning
        after[:, LEARNING] += beginning

    def join(self, after: Array, month: int) -> None:
        expected = np.zeros_like(after)
        if self.keeps_size:
            self.expected.fill_posts(after, month, self.posts)
        self.expected.arrivals(month).join(expected)
        if self.keeps_size:
            joined = self._posts_filled(month)
        else:
            joined = self.generator.poisson(np.maximum(expected, 0.0)).astype(np.float64)
        after += joined
        self.joiners.apprentices[month] = joined[:, APPRENTICES].sum(axis=1)
        self.joiners.support[month] = joined[:, SUPPORT].sum(axis=1)
        self.joiners.rest[month] = joined[:, state.REST]
        self._enter(joined[:, LEARNING], expected[:, LEARNING], month)

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
        joined[:, state.REST] = self._by_age(expected.rest[month])
        return joined

    def _by_age(self, expected: Array) -> Array:
        vacant = np.rint(expected[YOUNG] + expected[OLDER])
        young = self.chosen(vacant, part_of(expected[YOUNG], expected[OLDER]))
        return np.stack((young, vacant - young))

    def _enter(self, learners: Array, expected: Array, month: int) -> None:
        """Learners who begin at the end of a month, and as many as were to be expected."""
        self.learners.began[month] += learners
        self.late.people += learners
        self.late.enter(expected, month)


ADDITIVE, CONSTANT = "additive", "constant establishment"
CLOSURES = (ADDITIVE, CONSTANT)


@dataclass(frozen=True)
class Pipeline:
    """The model, as one of two closures. Raises UnknownNameError: there is no such closure."""

    #: "additive", joiners are given; or "constant establishment", joiners fill what is vacant, so that support staff
    #: and the rest of the workforce both keep their size.
    closure: str = ADDITIVE

    def __post_init__(self) -> None:
        if self.closure not in CLOSURES:
            raise UnknownNameError("closure", self.closure, CLOSURES)

    def run(
        self,
        state: WorkforceState,
        rates: Rates,
        settings: Iterable[LeverSetting] = (),
        months: int = 60,
        generator: np.random.Generator | None = None,
    ) -> Projection:
        """What happens from month 0 to `months`, both included; numbers and arrays of batch shape are broadcast.

        A lever that is set to change nothing is as good as none. `generator` draws what happens to each person
        (binomial survival, Poisson arrivals), and every stock is a whole number of people; None for what is expected.
        Raises UnknownNameError: there is no such lever; SettingError: settings or months that can't be.
        """
        if months < 0 or int(months) != months:
            raise SettingError([f"the number of months must be a whole number, 0 or more, not {months}"])
        inputs = Inputs.of(state, rates, check_settings(settings), months)
        keeps_size = self.closure == CONSTANT
        kind = MonthStep if generator is None else partial(StochasticStep, generator=generator)
        step = kind(inputs, keeps_size=keeps_size)
        path = np.empty((months + 1, *step.first.shape))  # stocks by month
        path[0] = step.first
        for month in range(1, months + 1):
            step(path[month - 1], path[month], month)
        return Projection(self.closure, inputs, path, step.joiners, step.learners, step.flows(path), generator)
