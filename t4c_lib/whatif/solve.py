"""Backward: what a lever has to be so that a target is met by its date.

A share of stocks is (y0 + y1 r) / (n0 + n1 r) in a lever r that stocks follow along a straight line, so two runs give
the answer in closed form. A run at the answer then shows whether it holds: a limit that was met on the way (nobody left
to replace, a share of joiners at its end) bends the line. Where it does, and for every other lever, the answer is found
by a bracketed search (Brent's method) within the lever's range.

At a chosen chance the question is put to every draw of the assumptions, each with individual chance, and the
answer meets the target in that part of them. Aiming exactly at the target with central figures gives about an even
chance.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, cast

import numpy as np

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumptions
from t4c_lib.whatif.levers import LEVERS, LeverSetting, lever, round_outward
from t4c_lib.whatif.outcomes_and_odds import OutcomeTarget, central_rates, outcome, parts, sampled_rates, with_scenario
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.rates import DEFAULT_SEED, Array, Rates, ratio, share
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario
from t4c_lib.whatif.state import WorkforceState

SOLVE_DRAWS = 1000
MET, LINE, SEARCH, NEVER = "met already", "straight line", "search", "out of reach"
# How near to the goal, relative to it, an answer in closed form must come to stand.
CLOSE = 1e-10
# At a chosen chance the answer rests on some hundred draws; finer than this part of the lever's range means nothing.
FINE_ENOUGH = 1e-5
# What the last bits of floating point can make of a lever that does nothing.
NOTHING = 1e-13
MOST_SECANTS = 6
# Where the best lies between the ends of the range, a look at some amounts between them finds it.
LOOKED_AT = 9
MOST_KNOWN = 500  # amounts tried; 5 kB each

KnownParts = dict[tuple[str, str, int], dict[bytes, tuple[Array, Array | None]]]


def solve_each(
    pipeline: Pipeline,
    state: WorkforceState,
    assumptions: Assumptions,
    targets: Iterable[OutcomeTarget],
    levers: Iterable[str] = tuple(LEVERS),
    *,
    scenario: Scenario = DOING_NOTHING,
    start_month: int = 1,
    ramp_months: int = 0,
    chance: float | None = None,
    draws: int = SOLVE_DRAWS,
    seed: int = DEFAULT_SEED,
    known: "KnownParts | None" = None,
) -> "tuple[Need, ...]":
    """What each lever alone has to be for each target, with what else a scenario does; target by target.

    Where the scenario sets the lever, its start and ramp are kept and its amount is not; else it begins to act in
    `start_month` and acts in full after `ramp_months`. The target is to be met with a `chance` (more than 0, less than
    1), by so many draws; on the central path if None.

    `known` keeps what the model gives at amounts that were tried, on the central path; whoever asks again for another
    goal, with all else the same, hands it in again and gets the answer sooner.

    Raises:
        UnknownNameError: there is no such lever or outcome.
        SettingError: a chance that can't be, several organisations at once, or a measure without a projection.
    """
    if state.batch:
        raise SettingError([f"one organisation at a time can be solved for, not {int(np.prod(state.batch))}"])
    if chance is not None and not 0 < chance < 1:
        raise SettingError([f"a chance lies between 0 and 1, not at {chance:g}"])
    figures = with_scenario(assumptions, scenario)
    rates = central_rates(figures) if chance is None else sampled_rates(figures, draws, seed)
    chosen = [lever(name).name for name in levers]
    tried: KnownParts = known if known is not None and chance is None else {}
    found = []
    for target in targets:
        today: dict[tuple[LeverSetting, ...], IndividualVariation | None] = {}
        for name in chosen:
            setting = scenario.setting(name) or LeverSetting(name, 0.0, start_month, ramp_months)
            others = tuple(one for one in scenario.settings if one.lever != name)
            parts_at = tried.setdefault((name, target.outcome, target.month), {})
            question = Solver(pipeline, state, rates, others, setting, target, chance, known=parts_at)
            if chance is not None:
                # With the lever at no change, the variation is the same whichever lever it is.
                if others not in today:
                    today[others] = question.with_variation(0.0, seed).variation
                question = replace(question, variation=today[others])
            found.append(question.need(seed))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class IndividualVariation:
    """What individual chance adds to an outcome in each draw, at one amount of a lever.

    Nearby amounts are given the same deviation, as much larger or smaller as the spread of a share, or of a count, is.
    So an answer can be searched for on a smooth line; it is drawn anew at the answer (`Solver.need`).
    """

    added: Array  #: drawn outcome less expected outcome, a draw each
    expected: Array  #: the expected outcome where it was drawn
    is_share: bool  #: whether the outcome is a share of people

    def at(self, expected: Array) -> Array:
        """Outcomes with that deviation, of expected outcomes ... x draws."""
        now, then = (np.maximum(one * (1 - one) if self.is_share else one, 0.0) for one in (expected, self.expected))
        return np.asarray(expected + self.added * np.sqrt(ratio(now, then, 1.0)))


@dataclass(frozen=True)
class Solver:
    """What a lever has to be for a target, asked of one organisation."""

    pipeline: Pipeline  #: with its closure
    state: WorkforceState  #: one organisation at month 0
    rates: Rates  #: central figures, or draws of them where a chance is asked for
    others: tuple[LeverSetting, ...]  #: what else is set
    setting: LeverSetting  #: of the lever; its amount is what is looked for
    target: OutcomeTarget  #: what is to be reached
    chance: float | None  #: with which chance; None for the central path
    #: that individual chance adds, see `with_variation`; None for the central path.
    variation: IndividualVariation | None = None
    #: what came out at amounts that were asked for before, whatever the goal was.
    known: dict[bytes, tuple[Array, Array | None]] = field(default_factory=dict, repr=False)

    def with_variation(self, amount: float, seed: int) -> "Solver":
        """The same question with individual chance, drawn where the lever is set to an amount."""
        settings = (*self.others, replace(self.setting, amount=amount))
        drawn = self.pipeline.run(self.state, self.rates, settings, self.target.month, np.random.default_rng([seed, 1]))
        expected = self._values(np.array([amount]))[0]
        added = outcome(drawn, self.target.outcome)[self.target.month] - expected
        return replace(self, variation=IndividualVariation(added, expected, self.target.is_share))

    def need(self, seed: int = DEFAULT_SEED) -> "Need":
        """The answer. At a chance it is found with today's variation first, then again with the one at that answer."""
        found = self._need()
        if self.variation is None or not found.amount:
            return found
        return self.with_variation(found.amount, seed)._need()

    def _need(self) -> "Need":
        known = LEVERS[self.setting.lever]
        between = np.linspace(known.low, known.high, LOOKED_AT)[1:-1] if self.chance is None else np.empty(0)
        amounts = np.unique(np.concatenate((between, [known.low, 0.0, known.high])))
        margins = self.margins(amounts)
        best = int(np.argmax(margins))
        now = int(np.searchsorted(amounts, 0.0))
        if margins[best] - margins[now] <= NOTHING * max(abs(self.target.value), 1.0):
            best = now
        low, high, method = self._enough_range(amounts, margins, now)
        amount, reached = None, float(margins[now])
        if low is not None and high is not None:
            if low <= 0 <= high:
                amount, method = 0.0, MET
            else:
                amount = low if low > 0 else high
                reached = float(self.margins(np.array([amount]))[0])
        goal, sign = self.target.value, -1 if self.target.lower_is_better else 1
        return Need(
            target=self.target,
            lever=self.setting.lever,
            chance=self.chance,
            amount=amount,
            practical=round_outward(self.setting.lever, amount, up=amount > 0) if amount else amount,
            outcome=goal + sign * reached,
            best_amount=float(amounts[best]),
            best=goal + sign * float(margins[best]),
            method=method,
            low=low,
            high=high,
        )

    def _enough_range(self, amounts: Array, margins: Array, now: int) -> tuple[float | None, float | None, str]:
        """The amounts nearest to no change at all that are enough: from, to, and how they were found; or none."""
        enough = np.flatnonzero(margins >= 0)
        if not enough.size:
            return None, None, NEVER
        nearest = int(enough[np.argmin(np.abs(enough - now))])
        short = np.flatnonzero(margins < 0)  # the amounts that are not enough bound those that are
        first, last = max(short[short < nearest], default=-1) + 1, min(short[short > nearest], default=len(amounts)) - 1
        methods, ends = {LINE}, []
        for inside, outside in ((first, first - 1), (last, last + 1)):
            if 0 <= outside < len(amounts):
                end, method = self._crossing(float(amounts[outside]), float(amounts[inside]))
                methods.add(method)
                ends.append(end)
            else:
                ends.append(float(amounts[inside]))
        return ends[0], ends[1], SEARCH if SEARCH in methods else LINE

    def _crossing(self, outside: float, inside: float) -> tuple[float, str]:
        """Where between an amount that is not enough and one that is the target is just met."""
        if LEVERS[self.setting.lever].is_linear and (on_line := self._on_line(outside, inside)) is not None:
            return on_line
        from scipy.optimize import brentq

        known = LEVERS[self.setting.lever]
        finest = 0.0 if self.chance is None else FINE_ENOUGH * (known.high - known.low)
        asked: dict[float, float] = {}

        def margin(amount: float) -> float:
            asked[amount] = float(self.margins(np.array([amount]))[0])
            return asked[amount]

        brentq(margin, *(min(outside, inside), max(outside, inside)), xtol=max(finest, 1e-15), rtol=1e-15, maxiter=200)
        # Of what was looked at, the amount nearest to the crossing that is enough, or as good as enough.
        almost = -CLOSE * max(abs(self.target.value), 1e-300)
        good = [amount for amount, found in asked.items() if found >= almost]
        return min(good, key=lambda amount: abs(amount - outside)), SEARCH

    def _on_line(self, outside: float, inside: float) -> tuple[float, str] | None:
        """The crossing from two runs, if stocks follow the lever along a straight line all the way there.

        The line may be bent a little (places on a pathway are given to both ages in proportion); a few steps along the
        secant then mend it.
        """
        # Not as far as the end, where a limit is likelier to bend the line.
        second = inside / 4 if outside == 0 else (outside + inside) / 2
        weights = self._weights(np.array([outside, second]))
        slopes = (weights[1] - weights[0]) / (second - outside)
        upward = inside > outside
        if np.any(slopes <= 0 if upward else slopes >= 0):
            return None
        crossings = outside - weights[0] / slopes
        amount = float(self._at_chance(crossings if upward else -crossings, smallest=True)) * (1 if upward else -1)
        close = CLOSE * max(abs(self.target.value), 1e-300)
        before, off_before = second, math.nan
        for step in range(MOST_SECANTS):
            if not min(outside, inside) <= amount <= max(outside, inside):
                return None
            off = float(self.margins(np.array([amount]))[0])
            if abs(off) <= close:
                return amount, SEARCH if step else LINE
            if step == 0:
                off_before = float(self.margins(np.array([before]))[0])
            if off == off_before:
                return None
            before, amount, off_before = amount, amount - off * (amount - before) / (off - off_before), off
        return None

    def _at_chance(self, values: Array, *, smallest: bool) -> Array:
        """Along the draws: the value that `chance` of them lie at or below (smallest) or at or above."""
        if self.chance is None:
            return np.asarray(values[..., 0])
        count = values.shape[-1]
        place = max(math.ceil(self.chance * count - 1e-9), 1) - 1
        place = place if smallest else count - 1 - place
        return np.asarray(np.partition(values, place, axis=-1)[..., place])

    def margins(self, amounts: Array) -> Array:
        """By how much the target is met at each amount; at a chance, what is reached or passed with that chance."""
        values = self._values(amounts)
        if self.variation is not None:
            values = self.variation.at(values)
        return self._at_chance(self.target.margin(values), smallest=False)

    def _values(self, amounts: Array) -> Array:
        above, below = self._parts(amounts)
        return above if below is None else share(above, below)

    def _weights(self, amounts: Array) -> Array:
        """What stands above the line less the goal times what stands below: straight where stocks are."""
        above, below = self._parts(amounts)
        goal = self.target.value if self.variation is None else self.target.value - self.variation.added
        weights = above - goal * (1.0 if below is None else below)
        return -weights if self.target.lower_is_better else weights

    def _parts(self, amounts: Array) -> tuple[Array, Array | None]:
        asked = amounts.tobytes()
        if asked not in self.known:
            if len(self.known) >= MOST_KNOWN:
                self.known.clear()
            self.known[asked] = self._run(amounts)
        return self.known[asked]

    def _run(self, amounts: Array) -> tuple[Array, Array | None]:
        setting = replace(self.setting, amount=amounts[:, None])
        run = self.pipeline.run(self.state, self.rates, (*self.others, setting), self.target.month)
        # A lever at no change at all is as good as not set, so the run may know nothing of the amounts.
        shape = (len(amounts), *(self.rates.batch or (1,)))
        above, below = (
            None if part is None else np.broadcast_to(part[self.target.month], shape)
            for part in parts(run, self.target.outcome)
        )
        return cast("Array", above), below


class Need(NamedTuple):
    """What a lever has to be for a target."""

    target: OutcomeTarget  #: what is to be reached
    lever: str  #: its name
    chance: float | None  #: with which chance, 0 to 1; None for the central path
    #: the least change against today that is enough; 0 if the target is met without, None if out of reach.
    amount: float | None
    practical: float | None  #: the same, rounded as people would set it and still enough; None if out of reach
    #: what comes out at the amount, or without the lever if out of reach; of a chance, what is reached or passed with
    #: it.
    outcome: float
    #: where the lever's range is best for the target, and what comes out there.
    best_amount: float
    best: float
    method: str  #: how it was found: MET, LINE (two runs), SEARCH or NEVER
    #: the whole stretch of amounts that are enough; None if out of reach.
    low: float | None
    high: float | None
