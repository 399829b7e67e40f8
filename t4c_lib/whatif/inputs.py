"""What a run knows before its first month: assumptions and levers as arrays, month by month where they change.

Arrays end in the flattened batch, or in 1 where all members of the batch share a value. Nothing here depends on the
stocks, so it is worked out once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from t4c_lib.whatif.levers import LeverSetting
from t4c_lib.whatif.rates import MONTHS_A_YEAR, Array, Rates, Value, monthly_from_annual_rate, part_of, ratio
from t4c_lib.whatif.state import APPRENTICES, IN_POST, NOT_SUPPORT, PATHWAY, ROWS, SUPPORT, WorkforceState

# Levers on leaving: of support staff aged 16 to 24, and from 25 on.
RETENTION = ("retention-under-25", "retention-25-and-over")
# And on those of either age who leave in their first twelve months, as a part of all who leave.
EARLY_LEAVERS, OF_LEAVERS = "early-leavers", "early-leaver-share"
# Flows that go on as they were counted, and the assumptions that say how far the years to come may differ.
VARYING = {
    "join_support_young": ("joiners-support", "joiners-support-under-25"),
    "join_support_older": ("joiners-support",),
    "join_rest_young": ("joiners-rest", "joiners-rest-under-25"),
    "join_rest_older": ("joiners-rest",),
    "moves_into_registered": ("moves-into-registered",),
}
STAY_YOUNG, TURN_25, STAY_OLDER = 0, 1, 2
MOST_GROWTH = 0.05  # a year; beyond it staff came from elsewhere, as in a merger


class Transitions(NamedTuple):
    """What becomes of somebody in a month."""

    stay_young: Array  #: chance that somebody aged 16 to 24 is still here and still under 25 at its end
    turn_25: Array  #: that they are still here and 25
    stay_older: Array  #: that somebody aged 25 or over is still here

    @classmethod
    def of(cls, leave_young: Array, leave_older: Array, age_out: Array) -> "Transitions":
        """From the chances of leaving and, for those who stay, of turning 25."""
        stay = 1 - leave_young
        return cls(stay * (1 - age_out), stay * age_out, 1 - leave_older)


class MonthTransitions(NamedTuple):
    """Transition chances in a month; arrays along the batch."""

    support: Transitions  #: of support staff
    #: of all, for the model: rows of the stocks, and transitions that broadcast to them.
    parts: tuple[tuple[slice, Transitions], ...]

    @classmethod
    def of(cls, support: Transitions, rest: Transitions) -> "MonthTransitions":
        """One part for each where there are many runs; one for both in a single run, where calls cost most."""
        if all(part.size == 1 for part in (*support, *rest)):
            times = [SUPPORT.stop, NOT_SUPPORT.stop - NOT_SUPPORT.start]
            rows = (np.repeat(np.concatenate(pair), times)[:, None] for pair in zip(support, rest, strict=True))
            return cls(support, ((slice(0, ROWS), Transitions(*rows)),))
        return cls(support, ((SUPPORT, support), (NOT_SUPPORT, rest)))


@dataclass(frozen=True, eq=False)
class Inputs:
    """Everything that a run is given."""

    state: WorkforceState  #: who is there at month 0
    rates: Rates  #: the assumptions
    settings: Mapping[str, LeverSetting]  #: by lever, those that change something
    months: int  #: how far the run goes
    batch: tuple[int, ...]  #: shape of the batch
    _known_transitions: dict[tuple[float, ...], MonthTransitions] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, state: WorkforceState, rates: Rates, settings: Mapping[str, LeverSetting], months: int) -> "Inputs":
        """The same with the batch that all of it makes together."""
        amounts = [np.shape(setting.amount) for setting in settings.values()]
        return cls(state, rates, settings, months, np.broadcast_shapes(state.batch, rates.batch, *amounts))

    def flat(self, value: Value) -> Array:
        """A value along the flattened batch; of length 1 where it is a single number."""
        values = np.asarray(value, dtype=np.float64)
        return values.reshape(1) if values.ndim == 0 else np.broadcast_to(values, self.batch).reshape(-1)

    def rate(self, name: str) -> Array:
        """An assumption along the flattened batch."""
        return self.flat(self.rates[name])

    def chance(self, name: str) -> Array:
        """A yearly rate of leaving as a chance a month, of the years to come."""
        of_last_year = self.flat(monthly_from_annual_rate(self.rates[name]))  # type: ignore[arg-type]
        return np.minimum(of_last_year * self.rate("leavers-against-last-year"), 1.0)

    def whole_months(self, name: str, least: int = 0) -> Array:
        """An assumption in months, rounded to whole ones."""
        return np.maximum(np.rint(self.rate(name)), least)

    def counted(self, name: str) -> Array:
        """A part of the state as it was counted, along the flattened batch."""
        return self.flat(getattr(self.state, name))

    def today(self, name: str) -> Array:
        """A flow or an activity from month 1 on, along the flattened batch: as counted, times how it varies."""
        flow = self.counted(name)
        for varying in VARYING.get(name, ()):
            flow = flow * self.rate(varying)
        return flow

    @cached_property
    def all_months(self) -> Array:
        """Months 0 to the last, as a column to broadcast against the batch."""
        return np.arange(self.months + 1, dtype=np.float64)[:, None]

    def lever_change(self, lever: str, lag: Array | None = None) -> Array | None:
        """What a lever adds in each month (months + 1 x batch), `lag` months late; None where it is not set."""
        if (setting := self.settings.get(lever)) is None:
            return None
        return self.flat(setting.amount) * setting.in_force(self.all_months if lag is None else self.all_months - lag)

    def amount_with_lever(self, today: Array, lever: str, lag: Array | None = None) -> Array:
        """What there is today and what the lever adds, at least 0: months + 1 x batch, or 1 x batch if never moved."""
        change = self.lever_change(lever, lag)
        return today[None] if change is None else np.maximum(today + change, 0.0)

    def monthly_with_lever(self, today: Array, lever: str) -> Array:
        """What there is a month and a twelfth of what the lever, counted by the year, adds; at least 0 if it is set."""
        change = self.lever_change(lever)
        return today if change is None else np.maximum(today + change / MONTHS_A_YEAR, 0.0)

    # --- chances -----------------------------------------------------------------------------------------------------

    @cached_property
    def _retention(self) -> dict[str, Array]:
        months = self.all_months[:, 0]
        return {one: self.settings[one].in_force(months) for one in (*RETENTION, EARLY_LEAVERS) if one in self.settings}

    @property
    def transitions_vary(self) -> bool:
        """Whether chances differ from month to month."""
        return bool(self._retention)

    @cached_property
    def leaving_today(self) -> tuple[Array, Array]:
        """Chances that support staff aged 16 to 24, and from 25 on, leave in a month, with no lever set."""
        return self.chance("leavers-support-under-25"), self.chance("leavers-support-25-and-over")

    def leaving(self, month: int) -> tuple[Array, Array]:
        """Chances that support staff aged 16 to 24, and from 25 on, leave in a month."""
        (young, of_young), (older, of_older) = zip(self.leaving_today, RETENTION, strict=True)
        return self._retained(young, of_young, month), self._retained(older, of_older, month)

    def _retained(self, chance: Array, lever: str, month: int) -> Array:
        for name, part in ((lever, 1.0), (EARLY_LEAVERS, self.rate(OF_LEAVERS))):
            if name in self._retention:
                fall = self.flat(self.settings[name].amount) * self._retention[name][month]
                chance = np.asarray(np.clip(chance * (1 - part * fall), 0.0, 1.0))
        return chance

    @cached_property
    def leaving_rest(self) -> tuple[Array, Array]:
        """The same in the rest of the workforce."""
        return self.chance("leavers-rest-under-25"), self.chance("leavers-rest-25-and-over")

    def transitions(self, month: int) -> MonthTransitions:
        """What becomes of people in a month. Months in which retention is equally far share one object."""
        force = tuple(float(acting[month]) for acting in self._retention.values())
        if force not in self._known_transitions:
            support = Transitions.of(*self.leaving(month), self.rate("ageing-out"))
            rest = Transitions.of(*self.leaving_rest, self.rate("ageing-out-rest"))
            self._known_transitions[force] = MonthTransitions.of(support, rest)
        return self._known_transitions[force]

    # --- learning ----------------------------------------------------------------------------------------------------

    @cached_property
    def learning_months(self) -> Array:
        """Whole months of each kind of learning: 3 rows x batch."""
        apprenticeship = self.whole_months("apprenticeship-months", 1)
        pathway = self.whole_months("pathway-months", 1)
        return np.stack(np.broadcast_arrays(apprenticeship, apprenticeship, pathway)).astype(np.int64)

    @cached_property
    def survival(self) -> Array:
        """Of people who begin to learn, by age then: still young, turned 25, the older who stay; with no lever set.

        Shape: months since (0 to the longest that learning lasts) x 3 x batch.
        """
        support = Transitions.of(*self.leaving_today, self.rate("ageing-out"))
        young, turn, older, _ = np.broadcast_arrays(*support, self.learning_months[0])
        after = np.empty((int(self.learning_months.max(initial=1)) + 1, 3, *young.shape))
        after[0] = [[1.0], [0.0], [1.0]]
        stay = np.stack((young, older, older))
        for before, now in pairwise(after):
            np.multiply(before, stay, out=now)
            now[TURN_25] += before[STAY_YOUNG] * turn
        return after

    @cached_property
    def _growth(self) -> Array:
        """By what part support staff grew in a month of the last year; 0 where it is not known. At most 5% a year.

        Who is learning began when there were fewer of them, or more: starts follow the number of staff.
        """
        before, now = self.counted("support_a_year_ago"), self.flat(self.state.support)
        return np.asarray(np.clip(ratio(now, before, 1.0), 1 - MOST_GROWTH, 1 + MOST_GROWTH) ** (1 / MONTHS_A_YEAR) - 1)

    @cached_property
    def _learning_now(self) -> Array:
        """Of one beginner a month, those who are in learning once it has gone on for long, by months since they began.

        Shape: months since x 2 ages x batch; the last row is the share that is there when its learning ends.
        """
        # Those who begin are as young as support staff in post.
        in_post = self.state.array(self.state.batch)[:, IN_POST].sum(axis=1)
        young = self.flat(part_of(*in_post).reshape(self.state.batch))
        still, turned, older = self.survival[:, STAY_YOUNG], self.survival[:, TURN_25], self.survival[:, STAY_OLDER]
        return np.stack(np.broadcast_arrays(young * still, young * turned + (1 - young) * older), axis=1)

    def _at_end(self, kind: int) -> Array:
        """Of beginners of a kind of learning, the share who are there when it ends: batch."""
        now = self._learning_now.sum(axis=1)
        lasting = np.broadcast_to(self.learning_months[kind], now.shape[1:])
        return np.asarray(np.take_along_axis(now, lasting[None], axis=0)[0])

    def _in_learning(self, kind: int) -> Array:
        """People in a kind of learning for each who begins a month, by age: 2 x batch."""
        now = self._learning_now
        lasting = np.broadcast_to(self.learning_months[kind], now.shape[2:])
        months = np.arange(len(now), dtype=np.float64)[:, None]
        before = (months < lasting) * (1 + self._growth) ** -months  # how many began, over those who begin now
        return np.asarray((now * before[:, None]).sum(axis=0))

    def share_by_months_to_go(self, kind: int) -> Array:
        """Of today's learners of a kind, by age, the share with so many months to go: (longest + 1) x 2 ages x batch.

        As many of the age began in each of the months that the learning lasts, and have left (or turned 25) since as
        support staff do, so fewer are left of those who began long ago. Row 0 is 0.
        """
        now = self.survival[:, [STAY_YOUNG, STAY_OLDER]]
        months, lasting = np.arange(len(now))[:, None], np.broadcast_to(self.learning_months[kind], now.shape[2:])
        since = np.clip(lasting - months, 0, None)
        found = np.take_along_axis(now, np.broadcast_to(since[:, None], now.shape), axis=0)
        found = found * ((1 + self._growth) ** -since)[:, None]
        found = found * ((months >= 1) & (months <= lasting))[:, None]
        return np.asarray(found / found.sum(axis=0))

    @cached_property
    def _pathway_starts_so_far(self) -> Array:
        """People who started a pathway in a month: as many as the moves into registered roles need, where counted."""
        if not self.state.is_known("moves_into_registered"):
            return self.today("pathway_starts")
        arriving = self.rate("pathway-completion") * self.rate("pathway-retention") * self._at_end(PATHWAY)
        # Those who arrive now began when there were fewer staff; the year's moves are those of half a year ago.
        growing = (1 + self._growth) ** (self.learning_months[PATHWAY] + MONTHS_A_YEAR / 2)
        return ratio(self.today("moves_into_registered") * growing, arriving)

    @cached_property
    def _pathway_starts(self) -> Array:
        """People who start a pathway in a month from month 1 on."""
        starts = self._pathway_starts_so_far
        return starts * self.rate("pathway-starts") if self.state.is_known("moves_into_registered") else starts

    def _with_learners(self, stocks: Array) -> Array:
        """The same people, as many of them learning as the flows counted need, where learners were not counted."""
        if self.state.is_known("moves_into_registered"):
            row, post = PATHWAY, IN_POST.stop - 1
            there = stocks[:, row] + stocks[:, post]
            stocks[:, row] = np.minimum(self._pathway_starts_so_far * self._in_learning(PATHWAY), there)
            stocks[:, post] = there - stocks[:, row]
        if not self.state.apprentices_are_counted:
            learning, posts = APPRENTICES, slice(IN_POST.start, IN_POST.stop - 1)
            there = stocks[:, learning] + stocks[:, posts]
            total = there.sum(axis=1)
            wanted = np.minimum(self.today("apprenticeship_starts") * self._in_learning(0), total)
            stocks[:, learning] = there * ratio(wanted, total)[:, None]
            stocks[:, posts] = there - stocks[:, learning]
        return stocks

    @property
    def registering_today(self) -> Array:
        """Support staff who move into a registered role in a month at month 0: as counted, else as learners lead to."""
        counted = self.counted("moves_into_registered")
        if not np.any(np.isnan(counted)):
            return counted
        registered = self.rate("pathway-completion") * self.rate("pathway-retention")
        return np.asarray(self._pathway_starts * self._at_end(PATHWAY) * registered)

    @cached_property
    def _completing(self) -> tuple[Array, Array]:
        completion = self.rate("apprenticeship-achievement")[None]
        if (change := self.lever_change("apprenticeship-completion")) is not None:
            completion = np.clip(completion + change, 0.0, 1.0)
        pathway = self.rate("pathway-completion")[None]
        registered = pathway * self.rate("pathway-retention")
        complete = np.stack(np.broadcast_arrays(completion, completion, pathway), axis=1)
        return complete, np.stack(np.broadcast_arrays(completion, completion, registered), axis=1)

    def completing(self, month: int) -> tuple[Array, Array]:
        """Shares of finishers who complete, and who then stay: 3 rows x batch each."""
        complete, stay = self._completing
        row = month if len(complete) > 1 else 0
        return complete[row], stay[row]

    @cached_property
    def starts_wanted(self) -> Array:
        """People in post who are to start an apprenticeship, or a pathway, in a month: months + 1 x 2 x batch."""
        apprentices = self.monthly_with_lever(self.today("apprenticeship_starts")[None], "apprenticeship-starts")
        pathway = self.monthly_with_lever(self._pathway_starts[None], "registered-pathway-places")
        return np.stack(np.broadcast_arrays(apprentices, pathway), axis=1)

    @cached_property
    def qualifications(self) -> tuple[Array, Array]:
        """Shares of ordinary joiners (3 x batch) and of apprentices who join (2 x batch), by qualification."""
        qualified, at_3 = self.rate("joiners-qualified"), self.rate("qualified-at-level-3")
        level_3 = qualified * at_3
        ordinary = np.stack(np.broadcast_arrays(1 - qualified, qualified - level_3, level_3))
        return ordinary, np.stack((1 - qualified, qualified))

    @cached_property
    def first(self) -> Array:
        """Stocks at month 0: 2 ages x 8 rows x batch."""
        return self._with_learners(self.state.array(self.batch))
