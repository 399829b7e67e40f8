"""What the what-if answers of one measure: where scenarios lead, how likely a target is, what levers bring and take.

Page and command line both ask here, so a figure is the same wherever it is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from t4c_lib import whatif
from t4c_lib.framework import MeasureKind
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import amount_text, amount_texts
from t4c_lib.progress.levy import DURATION, OLD_FUNDS, InTraining, LevyOutlook, levy_outlook
from t4c_lib.progress.levy import PARAMETERS as LEVY_PARAMETERS
from t4c_lib.progress.target_chances import why_no_forecast
from t4c_lib.progress.trajectory import direction
from t4c_lib.progress.what_if import YEAR, WhatIf, forecasts, outcome_of
from t4c_lib.quantities import Unit, count_of
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Scenario, format_amount
from t4c_lib.whatif.outcomes_and_odds import SHARES, label, parts, sampled_rates
from t4c_lib.whatif.rates import BANDS, Array, draws
from t4c_lib.whatif.what_matters import lever_contributions, sensitivity

COST_DRAWS = 400
FEW_HOURS = 25  # fewer are none to speak of
FINEST = 0.01  # of a percentage point, or of what is counted: less is not told
NOTHING = 1e-9  # less is the last bits of floating point
LOOKED_AHEAD = 5  # years after the target's date in which a chance is looked for
# Answers that the what-if keeps for whoever puts the question again, another page included; others hold whole runs.
OF_A_FEW_NUMBERS = {"_contributions", "takes", "levy_totals", "need", "matters"}
MOST_KEPT = 2_000
_P = ParamSpec("_P")
_T = TypeVar("_T")
_Asked = Callable[Concatenate["WhatIfQuestion", Scenario, _P], _T]


def _kept(method: _Asked[_P, _T]) -> _Asked[_P, _T]:
    """A method of a question that works a thing out once for a scenario, and whatever else it is asked with."""

    @wraps(method)
    def found(self: "WhatIfQuestion", scenario: Scenario, /, *args: _P.args, **named: _P.kwargs) -> _T:
        asked = self.row.key, self.due, self.goal, scenario.settings, tuple(scenario.assumptions.items())
        key = (method.__name__, *asked, args, tuple(named.items()))
        kept = self.opened.answers if method.__name__ in OF_A_FEW_NUMBERS else self._known
        if key not in kept:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[key] = method(self, scenario, *args, **named)
        known: _T = kept[key]  # type: ignore[assignment]  # what this method made
        return known

    return found


class Span(NamedTuple):
    """A figure with central assumptions, and the ends between which 80 of 100 draws of them lie."""

    low: float
    middle: float
    high: float

    def text(self, unit: str = "", between: str = "\n{} to {}", least: float = 1) -> str:
        """The figure and its range, to two figures that count; a dash where it is less than the `least` that counts."""
        if all(abs(end) < least for end in self):
            return "–"
        low, middle, high = (two_figures(end, unit) for end in self)
        return middle + between.format(low, high)


def two_figures(value: float, unit: str = "") -> str:
    """An amount to two figures that count, with its unit before it: "£54,000"."""
    size = float(f"{abs(value):.2g}")
    return f"{'−' if value < 0 and size else ''}{unit}{size:,.0f}"


def span(values: Array) -> Span:
    """The range of figures of which the first is the central one and the others are draws."""
    middle, (low, high) = float(values[0]), np.quantile(values[1:], BANDS).tolist()
    return Span(min(low, middle), middle, max(middle, high))


class Taken(NamedTuple):
    """What something takes more than doing nothing, from month 1 to the month asked for."""

    pounds: Span  #: paid by the organisation, backfill included
    hours: Span  #: away from posts

    @property
    def text(self) -> str:
        """Pounds with their interval, and hours: "£54,000 (£32,000 to £87,000), 900 release hours"."""
        size, fewer = abs(self.hours.middle), " fewer" if self.hours.middle < 0 else ""
        hours = "no" if size < FEW_HOURS else f"{two_figures(size)}{fewer}"
        return f"{self.pounds.text('£', ' ({} to {})').replace('–', 'no cost')}, {hours} release hours"


class LevyTotals(NamedTuple):
    """Pounds of the levy account from month 1 to the month asked for."""

    opening: Span  #: what is in the account at the end of month 0
    paid_in: Span
    used: Span
    expired: Span
    closing: Span  #: what is in the account at the end of the month asked for
    beyond: Span  #: what the organisation pays towards training that the account couldn't pay


@dataclass(frozen=True, eq=False)
class WhatIfQuestion:
    """A measure and a target of it, put to the what-if of one organisation. Whatever was worked out is kept."""

    opened: WhatIf  #: the what-if, opened for a plan that has the row
    row: MeasureRow  #: the measure
    due: Month  #: the month by whose end it is looked at
    goal: float | None = None  #: the target, in the measure's own unit; None where there is none
    _known: dict[tuple[object, ...], Any] = field(default_factory=dict, init=False, repr=False)

    def is_same(self, other: "WhatIfQuestion") -> bool:
        """Whether both ask the same, so that what was worked out for one holds."""
        return other.opened is self.opened and (other.row, other.due, other.goal) == (self.row, self.due, self.goal)

    @cached_property
    def outcome(self) -> str:
        """What the model calls it."""
        return outcome_of(self.row.measure, self.row.population)

    @property
    def month(self) -> int:
        """The due month, counted from month 0."""
        return self.opened.month.months_until(self.due)

    @cached_property
    def why_none(self) -> str:
        """Why no forecast of it is made here, one sentence; empty where one is."""
        return why_no_forecast(self.row, self.opened, due=self.due)

    def target(self, month: int) -> whatif.OutcomeTarget:
        """The target as the model is asked for it, by a month; without a goal one of 0, for what the draws come to."""
        lower = direction(self.row) == "lower"
        by, name = f"by {(self.opened.month + month).label}", label(self.outcome)
        return whatif.OutcomeTarget(self.outcome, self.goal or 0.0, month, lower_is_better=lower, label=name, by=by)

    # Where it leads

    @_kept
    def run(self, scenario: Scenario) -> whatif.Projection:
        """What is expected under a scenario, to a year after the due month."""
        return self.opened.run(scenario, self.month + YEAR)

    @_kept
    def path(self, scenario: Scenario) -> Array:
        """The measure as expected, month by month from month 0 to a year after the due month."""
        return whatif.outcome(self.run(scenario), self.outcome)

    def people(self, scenario: Scenario) -> float | None:
        """How many people the measure counts in the due month; None where it is no count or share of staff."""
        return float(parts(self.run(scenario), self.outcome)[0][self.month]) if self.outcome in SHARES else None

    @_kept
    def odds(self, scenario: Scenario) -> whatif.Odds:
        """Bands, and what the draws come to in the due month and a year after."""
        targets = [self.target(self.month), self.target(self.month + YEAR)]
        return self.opened.odds(targets, scenario=scenario, months=self.month + YEAR)

    def band(self, scenario: Scenario, *, is_quick: bool = False) -> pd.DataFrame:
        """Day, low, middle and high month by month; low and high are NaN where the draws are not to be waited for."""
        middle = self.path(scenario)
        none = np.full_like(middle, np.nan)
        low, _, high = (none, middle, none) if is_quick else self.odds(scenario).bands[self.outcome]
        return pd.DataFrame({"day": self.days, "low": low, "middle": middle, "high": high})

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        """The last days of months 0 to a year after the due month."""
        return pd.DatetimeIndex([(self.opened.month + step).last_day for step in range(self.month + YEAR + 1)])

    def first_month(self, scenario: Scenario, chance: float) -> Month | None:
        """The first month, a whole number of years after the due one, in which the target has that chance; or None."""
        targets = [self.target(self.month + YEAR * years) for years in range(LOOKED_AHEAD + 1)]
        far = self.opened.odds(targets, scenario=scenario, months=targets[-1].month)
        return next((self.opened.month + one.month for one in targets if far.chance(one) >= chance), None)

    def elsewhere(self, scenarios: Sequence[Scenario]) -> list[tuple[MeasureRow, list[float]]]:
        """Other measures of the plan that can be forecast, with what each scenario leads to in the due month."""
        rows = self.opened.plan.measures if self.opened.plan else ()
        known = [row for row in rows if (row.measure, row.population) in forecasts() and not row.group and row.is_open]
        runs = [self.run(one) for one in scenarios]
        return [
            (row, [float(whatif.outcome(run, outcome_of(row.measure, row.population))[self.month]) for run in runs])
            for row in known
            if row.key != self.row.key and not why_no_forecast(row, self.opened, due=self.due)
        ]

    # What levers bring and take

    def brought(self, scenario: Scenario) -> Mapping[str, float]:
        """What each part of a scenario brings to the measure in the due month; they add up to its difference."""
        return {name: float(part[0]) for name, part in self._contributions(scenario).items()}

    def people_brought(self, scenario: Scenario) -> Mapping[str, float]:
        """The same in people above the line of a share of staff; empty for other measures."""
        is_share = self.outcome in SHARES
        return {name: float(part[1]) for name, part in self._contributions(scenario).items()} if is_share else {}

    @_kept
    def _contributions(self, scenario: Scenario) -> Mapping[str, Array]:
        opened, outcomes = self.opened, [self.outcome, *SHARES.get(self.outcome, ())[:1]]
        asked = opened.pipeline, opened.start.state, opened.assumptions, scenario, outcomes
        return lever_contributions(*asked, month=self.month)

    @cached_property
    def effects(self) -> Mapping[str, float]:
        """What each lever alone, a quarter of the way along its slider, does to the measure in the due month."""
        names = list(LEVERS)
        settings = [
            LeverSetting(name, np.eye(len(names) + 1)[place + 1] * one.shown.most / 4, self.opened.acts_from)
            for place, (name, one) in enumerate(LEVERS.items())
        ]
        opened = self.opened
        run = opened.pipeline.run(opened.start.state, whatif.central_rates(opened.assumptions), settings, self.month)
        found = whatif.outcome(run, self.outcome)[self.month]
        return dict(zip(names, (found[1:] - found[0]).tolist(), strict=True))

    def moving(self, scenario: Scenario) -> list[str]:
        """The levers that move the measure visibly, or are set and move it; the one of the largest effect first."""
        brought, effects = self.brought(scenario), self.effects
        least = FINEST if self.row.what.baseline_unit is Unit.COUNT else FINEST / 100
        moving = [name for name in LEVERS if abs(effects[name]) >= least or abs(brought.get(name, 0)) > NOTHING]
        return sorted(moving, key=lambda name: (-abs(effects[name]), -abs(brought.get(name, 0.0))))

    @_kept
    def takes(self, scenario: Scenario) -> Taken:
        """Pounds and hours to the end of the due month, beyond what doing nothing takes."""
        mine, nothing = (self._drawn(one)[1] for one in (scenario, DOING_NOTHING))
        return Taken(*(span(one - other) for one, other in zip(mine, nothing, strict=True)))

    @_kept
    def _drawn(self, scenario: Scenario) -> tuple[InTraining, tuple[Array, Array], Mapping[str, Array]]:
        """Of a run to the due month, first with central figures, then with draws: who is in training; pounds and hours.

        And the figures of the levy likewise. The run itself takes seven megabytes, so it is let go.
        """
        opened, figures = self.opened, whatif.with_scenario(self.opened.assumptions, scenario)
        central, sampled = whatif.central_rates(figures), sampled_rates(figures, COST_DRAWS)
        rates = {name: np.append(central[name], sampled[name] + np.zeros(COST_DRAWS)) for name in central.by_name}
        levy = draws((figures.get(name) for name in LEVY_PARAMETERS), COST_DRAWS)
        money = {name: np.append(figures.get(name).central, values) for name, values in levy.items()}
        run = opened.pipeline.run(opened.start.state, whatif.Rates(rates), scenario.settings, self.month)
        spent = (sum(values[1:].sum(axis=0) for values in of.values()) for of in (run.costs.pounds, run.costs.hours))
        pounds, hours = map(np.asarray, spent)
        training = InTraining(run.people("trust"), run.people("apprentices"), run.flow_flat("apprenticeship_starts"))
        return training, (pounds, hours), money | {DURATION: rates[DURATION]}

    @_kept
    def levy(self, scenario: Scenario, lasts: int | None = None) -> LevyOutlook:
        """The levy account from month 1 to the due month; `lasts` are the months until funds of the old rule expire."""
        opened, (run, _, rates), months = self.opened, self._drawn(scenario), lasts or self.old_funds_last
        return levy_outlook(run, rates, opened.assumptions, opened.observations, opened.month, lasts=months)

    @property
    def old_funds_last(self) -> int:
        """Months until levy funds that were paid in under the rule of before expire, as it is assumed."""
        return round(self.opened.assumptions.get(OLD_FUNDS).central)

    @_kept
    def levy_totals(self, scenario: Scenario, lasts: int | None = None) -> LevyTotals:
        """The account added up, each with its range; `lasts` as `levy` has it."""
        found = self.levy(scenario, lasts)
        paid_in, used, expired = (getattr(found.account, one).sum(axis=0) for one in ("paid_in", "used", "expired"))
        closing, beyond = found.account.balance[-1], found.co_invested.sum(axis=0)
        return LevyTotals(*map(span, (closing - paid_in + used + expired, paid_in, used, expired, closing, beyond)))

    @property
    def levy_spent(self) -> str:
        """Training that the account paid, beside what is assumed for as many months; empty if it was not entered."""
        found, ways = self.levy(DOING_NOTHING), {"count_of": count_of, "two_figures": two_figures}
        return text_from("progress/levy_spent.txt.j2", spent=found.spent, today=found.training_today, **ways).strip()

    # Backward, and what it rests on

    @_kept
    def need(self, scenario: Scenario, lever: str, chance: float | None = None) -> whatif.Need:
        """What one lever has to be for the target with all else as in the scenario; None for as expected."""
        opened, there = self.opened, scenario.setting(lever)
        besides = scenario.with_setting(opened.from_here(there)) if there else scenario
        asked = opened.pipeline, opened.start.state, opened.assumptions, [self.target(self.month)], [lever]
        known = opened.tried if scenario == DOING_NOTHING else None  # whatever the goal was
        (need,) = whatif.solve_each(*asked, scenario=besides, start_month=opened.acts_from, chance=chance, known=known)
        return need

    def together(self, scenario: Scenario, first: str, second: str, steps: int = 6) -> list[tuple[float, float]]:
        """Two levers that reach the target as expected: amounts of the first, and what the second has to be then."""
        alone, known = self.need(scenario, first), scenario.setting(first)
        if not alone.amount:
            return []
        setting = self.opened.from_here(known or LeverSetting(first, 0.0))
        amounts = np.linspace(0.0, alone.amount, steps)
        if LEVERS[first].shown.scale == 1:  # of whole things
            amounts = np.unique(np.ceil(amounts))
        needs = [self.need(scenario.with_setting(replace(setting, amount=float(one))), second) for one in amounts]
        pairs = zip(amounts.tolist(), needs, strict=True)
        return [(one, need.practical) for one, need in pairs if need.practical is not None and need.practical >= 0]

    @_kept
    def matters(self, scenario: Scenario) -> pd.DataFrame:
        """Assumptions by how far each alone moves the measure in the due month, see `sensitivity`."""
        asked = self.opened.pipeline, self.opened.start.state, self.opened.assumptions, self.outcome
        return sensitivity(*asked, month=self.month, scenario=scenario)


MOST_LEVERS = 4  # of those that move a measure, most direct first


class LeverNeeded(NamedTuple):
    """What one lever alone has to be for a target; of a measure whose number is decided, what that number takes."""

    label: str  #: of the lever
    amount: str  #: in words: "9 more a year"
    taken: Taken  #: to the target's date, beyond what doing nothing takes


class TargetEffects(NamedTuple):
    """What a target takes, how likely it is, and what else it moves."""

    #: each alone is enough; none where the model doesn't follow the measure, or it is met without.
    levers: tuple[LeverNeeded, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()  #: other measures that the first of them moves, each with a sentence
    #: what the plan as a whole asks for and can't be given, release hours above all.
    warnings: tuple[str, ...] = ()
    chance: float | None = None  #: of meeting it with the plan, 0 to 1; None where there is none
    why_none: str = ""  #: why there is no chance, one sentence
    #: day, low, middle and high month by month with the plan, as far as it can be forecast.
    expected: pd.DataFrame | None = None


def target_effects(opened: WhatIf, row: MeasureRow) -> TargetEffects:
    """Of a row's target, in the what-if of its plan; nothing for a row without one, or once its date has come."""
    if row.target is None or opened.plan is None or opened.month.months_until(row.target.due) < 1:
        return TargetEffects()
    whole = opened.with_plan(opened.plan.with_row(row), opened.as_of)
    asked = WhatIfQuestion(whole, row, row.target.due, row.target.goal)
    alone = [DOING_NOTHING.with_setting(one) for one in _settings(asked)]
    is_forecast = row.is_open and not asked.why_none
    return TargetEffects(
        levers=tuple(_needed(one, asked) for one in alone),
        elsewhere=tuple(_elsewhere(alone[0], asked)) if alone else (),
        warnings=whole.run(whole.plan_scenario, asked.month).warnings(),
        chance=asked.odds(whole.plan_scenario).chance(asked.target(asked.month)) if is_forecast else None,
        why_none=asked.why_none if row.is_open else "",
        expected=None if asked.why_none else asked.band(whole.plan_scenario).head(asked.month + 1),
    )


def levers_needed(asked: WhatIfQuestion) -> list[LeverNeeded]:
    """What each lever alone has to be for the target of a row of the plan that can be forecast."""
    return [_needed(DOING_NOTHING.with_setting(one), asked) for one in _settings(asked)]


def _settings(asked: WhatIfQuestion) -> Iterator[LeverSetting]:
    """The levers that a target takes, each alone enough; the one that it sets where the partners decide the number."""
    followed, opened = asked.row.what.what_if, asked.opened
    if followed is None or followed.path is None or asked.row.group:
        return
    if followed.decided_by:
        setting = opened.plan_scenario.setting(followed.decided_by)
        if setting is not None:
            yield setting
    elif not asked.why_none:
        for need in (asked.need(DOING_NOTHING, name) for name in followed.moved_by[:MOST_LEVERS]):
            if need.amount is not None and need.amount > 0:
                yield LeverSetting(need.lever, need.practical or need.amount, opened.acts_from)


def _needed(alone: Scenario, asked: WhatIfQuestion) -> LeverNeeded:
    (setting,) = alone.settings
    amount = format_amount(setting.lever, float(setting.amount))
    return LeverNeeded(LEVERS[setting.lever].label, amount, asked.takes(alone))


def _elsewhere(alone: Scenario, asked: WhatIfQuestion) -> Iterator[tuple[str, str]]:
    """Where other measures of the plan end with a lever and without it, as far as one can see a difference."""
    for other, (then, else_) in asked.elsewhere([alone, DOING_NOTHING]):
        if other.what.kind is MeasureKind.COUNT:  # of people and things: a part of one is no difference
            then, else_ = round(then), round(else_)  # noqa: PLW2901
        if amount_text(other, then) != amount_text(other, else_):
            moved, unmoved = amount_texts(other, then, else_)
            yield other.wording, f"ends at {moved}, not {unmoved}"
