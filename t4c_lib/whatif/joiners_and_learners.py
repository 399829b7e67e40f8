"""Who joins and who learns.

Joiners are told by age, as an apprentice or not, by qualification; they are given, or fill posts. Placements,
pre-employment courses and ambassadors bring applicants, and some of them start in support.

Learning takes a fixed number of months: who began together is due together, less those who left on the way. The
learners themselves stand in the stocks, added up. What each month's beginners come to when they are due follows from
their number and from the chances of the months between, so no group has to be carried along month by month.
"""

from functools import cached_property, reduce
from operator import add, mul
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, RootModel

from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.inputs import STAY_OLDER, STAY_YOUNG, TURN_25, Inputs
from t4c_lib.whatif.levers import YOUNG_JOINERS
from t4c_lib.whatif.rates import MONTHS_A_YEAR, Array, part_of
from t4c_lib.whatif.state import APPRENTICES, IN_POST, LEARNING, NOT_SUPPORT, OLDER, PATHWAY, REST, SUPPORT, YOUNG


class Feeder(BaseModel, frozen=True, extra="forbid"):
    """One way in, as feeders.yaml has it."""

    lever: str  #: what moves it, and its name
    today: str  #: the part of WorkforceState that says how much of it there is
    chain: tuple[str, ...]  #: assumptions whose product is the starters for each unit of it
    lag: str  #: assumption that says how many months later they start

    def extra_starters(self, inputs: Inputs) -> Array | None:
        """Starters a month over today's (fewer where negative): months + 1 x batch; None where the lever is not set."""
        if self.lever not in inputs.settings:
            return None
        today = inputs.today(self.today)
        then = inputs.amount_with_lever(today, self.lever, inputs.whole_months(self.lag))
        return (then - today) * reduce(mul, map(inputs.rate, self.chain)) / MONTHS_A_YEAR

    def amount(self, inputs: Inputs) -> Array:
        """How much of it there is in each month, a year's worth: months + 1 (or 1) x batch."""
        return inputs.amount_with_lever(inputs.today(self.today), self.lever)


FEEDERS = read_shipped(RootModel[dict[str, tuple[Feeder, ...]]], __package__, "feeders.yaml").root["feeders"]


def extra_starters(inputs: Inputs) -> Array | None:
    """Starters a month over today's from all of them; None where none of their levers is set."""
    found = [extra for feeder in FEEDERS if (extra := feeder.extra_starters(inputs)) is not None]
    return reduce(add, found) if found else None


class Arrivals(NamedTuple):
    """Joiners of a month: apprentices (2 ages x 2 rows x batch), in post (2 x 3 x batch) and the rest (2 x batch)."""

    apprentices: Array
    in_post: Array
    rest: Array

    def join(self, stocks: Array) -> None:
        """Add them to the stocks: 2 ages x 8 rows x batch."""
        stocks[:, APPRENTICES] += self.apprentices
        stocks[:, IN_POST] += self.in_post
        stocks[:, REST] += self.rest


class Joiners:
    """The joiners of each month, given beforehand (additive) or found from who is in post (constant establishment).

    Attributes:
        support: support joiners, months + 1 x 2 ages x batch; found month by month where posts are filled. What
            stands in row 0 counts for nothing.
        rest: the same for the rest of the workforce.
        apprentices: those of `support` who join as apprentices.
    """

    def __init__(self, inputs: Inputs, *, fills_posts: bool) -> None:
        self.inputs = inputs
        self.size = inputs.first.shape[-1]
        self.extra = extra_starters(inputs)
        if fills_posts:
            shape = (inputs.months + 1, 2, self.size)
            self.support, self.rest, self.apprentices = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        else:
            self.support, self.rest, self.apprentices = self._given()

    def copy(self) -> "Joiners":
        """The same, with joiners that can be written over."""
        twin = Joiners.__new__(Joiners)
        twin.__dict__.update(self.__dict__)
        twin.support, twin.rest, twin.apprentices = self.support.copy(), self.rest.copy(), self.apprentices.copy()
        return twin

    def _today(self) -> tuple[Array, Array]:
        return self.inputs.today("join_support_young"), self.inputs.today("join_support_older")

    @cached_property
    def apprentice_share(self) -> Array:
        """Share of support joiners who join as apprentices: months + 1 (or 1) x batch."""
        today = self.inputs.today("apprentice_joiner_share")[None]
        change = self.inputs.lever_change("vacancies-as-apprenticeships")
        return today if change is None else np.clip(today + change, 0.0, 1.0)

    @cached_property
    def young_points(self) -> Array | None:
        """What levers add to the share of young joiners: months + 1 x batch; None where none does."""
        points = self.inputs.lever_change("young-joiners")
        vacancies = self.inputs.lever_change("vacancies-as-apprenticeships")
        if vacancies is not None:
            shift = vacancies * (self.inputs.rate("apprentice-vacancy-young-share") - self.young_share_today)
            points = shift if points is None else points + shift
        return points

    @cached_property
    def young_share_today(self) -> Array:
        """Share of support joiners aged 16 to 24 today; 0 where nobody joins."""
        return part_of(*self._today())

    @cached_property
    def more_young(self) -> Array | None:
        """Joiners aged 16 to 24 a month over today's, by the lever that counts them: months + 1 x batch, or None.

        They come on top of all others where joiners are given, and in the place of older ones where posts are filled.
        """
        change = self.inputs.lever_change(YOUNG_JOINERS)
        return None if change is None else change / MONTHS_A_YEAR

    def _given(self) -> tuple[Array, Array, Array]:
        """The joiners of every month from those of today and the levers (additive closure)."""
        young, older = (flow[None] for flow in self._today())
        points = self.young_points
        if points is not None:
            total = young + older
            shifted = np.clip(young + total * points, 0.0, total)
            older = older - (shifted - young)
            young = shifted
        if self.extra is not None:
            share = self.inputs.rate("feeder-young-share")
            young = np.maximum(young + self.extra * share, 0.0)
            older = np.maximum(older + self.extra * (1 - share), 0.0)
        if self.more_young is not None:
            young = np.maximum(young + self.more_young, 0.0)
        support = np.stack(np.broadcast_arrays(young, older), axis=-2)
        rest = np.stack(np.broadcast_arrays(self.inputs.today("join_rest_young"), self.inputs.today("join_rest_older")))
        apprentices = self.joining_as_apprentices(support, self.apprentice_share)
        shape = (self.inputs.months + 1, 2, self.size)
        return tuple(np.broadcast_to(part, shape) for part in (support, rest, apprentices))  # type: ignore[return-value]

    def joining_as_apprentices(self, joiners: Array, share: Array) -> Array:
        """Those of the joiners (... x 2 ages x batch) who join as apprentices, by age."""
        young, older = joiners[..., YOUNG, :], joiners[..., OLDER, :]
        wanted = share * (young + older)
        likely = wanted * self.inputs.rate("apprentice-vacancy-young-share")
        among_young = np.minimum(np.maximum(likely, wanted - older), young)
        return np.stack((among_young, np.minimum(wanted - among_young, older)), axis=-2)

    def fill_posts(self, after: Array, month: int, posts: tuple[Array, Array]) -> None:
        """Fill in the joiners of a month who bring both parts of the workforce back to their size."""
        support_posts, rest_posts = posts
        vacant = np.maximum(support_posts - after[:, SUPPORT].sum(axis=(0, 1)), 0.0)
        share = self.young_share_today
        if self.young_points is not None:
            share = np.clip(share + self.young_points[month], 0.0, 1.0)
        young = vacant * share
        if self.extra is not None:
            extra = np.clip(self.extra[month], -vacant, vacant)
            young = np.clip(young + extra * (self.inputs.rate("feeder-young-share") - share), 0.0, vacant)
        if self.more_young is not None:
            young = np.clip(young + self.more_young[month], 0.0, vacant)
        self.support[month, YOUNG], self.support[month, OLDER] = young, vacant - young
        row = month if len(self.apprentice_share) > 1 else 0
        self.apprentices[month] = self.joining_as_apprentices(self.support[month], self.apprentice_share[row])
        vacant = np.maximum(rest_posts - after[:, NOT_SUPPORT].sum(axis=(0, 1)), 0.0)
        young = vacant * self.young_share_of_rest
        self.rest[month, YOUNG], self.rest[month, OLDER] = young, vacant - young

    @cached_property
    def young_share_of_rest(self) -> Array:
        """Share of the rest's joiners aged 16 to 24 today; 0 where nobody joins."""
        return part_of(self.inputs.today("join_rest_young"), self.inputs.today("join_rest_older"))

    @property
    def is_steady(self) -> bool:
        """Whether given joiners are the same in every month."""
        moved = (self.extra, self.young_points, self.more_young)
        return all(one is None for one in moved) and len(self.apprentice_share) == 1

    def arrivals(self, month: int) -> Arrivals:
        """The joiners of a month by age and qualification."""
        ordinary, apprentices = self.inputs.qualifications
        learning = self.apprentices[month]
        in_post = (self.support[month] - learning)[:, None] * ordinary
        return Arrivals(learning[:, None] * apprentices, in_post, self.rest[month])


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
    """What became, by now, of learners by how many months they have learned: chances are the same in every month."""

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
