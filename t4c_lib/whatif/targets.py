"""What people ask a projection for: outcomes by name, targets set on them, and figures to calculate with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumptions, Layered, layered
from t4c_lib.quantities import number, percent
from t4c_lib.whatif.model_parameters import MODEL_PARAMETERS, Array, Rates, share
from t4c_lib.whatif.projection import Projection
from t4c_lib.whatif.sampling import DEFAULT_SEED, draws
from t4c_lib.whatif.scenarios import Scenario

# Shares of stocks. Above and below the line each follows a recruit-like lever along a straight line; their quotient
# does not.
SHARES = {
    "support_young_share": ("support_young", "support"),
    "trust_young_share": ("trust_young", "trust"),
}
LABELS = {
    "support_young_share": "Support staff aged 16 to 24",
    "trust_young_share": "Staff aged 16 to 24",
    "support": "Support staff",
    "trust": "Workforce",
    "apprentices": "Apprentices",
    "pathway": "On a registered pathway",
    "registered": "Newly registered",
}


def outcome(projection: Projection, name: str) -> Array:
    """An outcome month by month, (months + 1) x batch.

    Args:
        projection: of a run.
        name: "support_young_share" or "trust_young_share", a sum of stocks ("support", "registered"), or the key of a
            measure of the national framework ("turnover").

    Raises:
        UnknownNameError: there is no such outcome.
        SettingError: the measure has no projection; the message says why.
    """
    above, below = parts(projection, name)
    return above if below is None else share(above, below)


def parts(projection: Projection, name: str) -> tuple[Array, Array | None]:
    """An outcome as what stands above and below the line; None below where it is no share of stocks."""
    if name in SHARES:
        above, below = SHARES[name]
        return projection.stock(above), projection.stock(below)
    if name in LABELS:
        return projection.stock(name), None
    found = projection.measure(name)
    if found.values is None:
        raise SettingError([f"'{name}' has no projection: {found.reason}"])
    return np.broadcast_to(found.values, (projection.months + 1, *projection.batch)), None


@dataclass(frozen=True)
class OutcomeTarget:
    """An outcome that is to be reached by a month.

    Attributes:
        outcome: its name, see `outcome`.
        value: the goal, in the outcome's own unit; shares are fractions 0 to 1.
        month: how many months from month 0, 1 or more.
        lower_is_better: whether the goal is met by being at it or below it, as with turnover.
        label: how people call it; the outcome's own label if empty.
        by: the date in words, "by March 2028"; how many months from month 0 it is, if empty.

    Raises:
        SettingError: a goal that is no number, or a month below 1; both at once.
    """

    outcome: str
    value: float
    month: int
    lower_is_better: bool = False
    label: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        problems = []
        if not math.isfinite(self.value):
            problems.append(f"the goal of '{self.outcome}' is a number, not {self.value}")
        if self.month < 1 or int(self.month) != self.month:
            problems.append(f"the target of '{self.outcome}' is due in month 1 or later, not {self.month}")
        if problems:
            raise SettingError(problems)

    @property
    def name(self) -> str:
        """How people call it."""
        return self.label or LABELS.get(self.outcome) or self.outcome

    @property
    def when(self) -> str:
        """The way people say it: by March 2028, in 36 months, in 1 month."""
        return self.by or f"in {self.month} month{'' if self.month == 1 else 's'}"

    def margin(self, values: Array) -> Array:
        """By how much outcomes are on the right side of the goal; 0 is met."""
        return self.value - values if self.lower_is_better else values - self.value

    def format_value(self, value: float) -> str:
        """A figure of this outcome as people read it."""
        return percent(value) if self.is_share else number(value)

    @property
    def is_share(self) -> bool:
        """Whether figures are written as percentages: shares of stocks, and measures with a goal below 1."""
        return self.outcome in SHARES or (self.outcome not in LABELS and 0 < self.value < 1)

    def __str__(self) -> str:
        side = " or less" if self.lower_is_better else ""
        return f"{self.name}: {self.format_value(self.value)}{side} {self.when}"


def with_scenario(assumptions: Assumptions, scenario: Scenario) -> Assumptions:
    """The assumptions as they are under a scenario: its own figures laid over them, but under what is set live."""
    if not scenario.assumptions:
        return assumptions
    if isinstance(assumptions, Layered):
        return assumptions.under(scenario.assumptions)
    return layered(assumptions, scenario=scenario.assumptions)


def central_rates(assumptions: Assumptions) -> Rates:
    """The central figure of every assumption that the what-if takes. Raises UnknownNameError if one is missing."""
    return Rates({name: assumptions.get(name).central for name in MODEL_PARAMETERS})


def sampled_rates(assumptions: Assumptions, count: int, seed: int = DEFAULT_SEED) -> Rates:
    """Draws of every assumption that the what-if takes; a certain one stays a single number.

    Where all are certain the first is given `count` times: individual chance alone, then, makes one draw differ from
    another.

    Raises:
        UnknownNameError: an assumption is missing.
        SettingError: a count or a seed that can't be.
    """
    needed = [assumptions.get(name) for name in MODEL_PARAMETERS]
    drawn = draws((one for one in needed if not one.is_certain), count, seed)
    rates = Rates({one.name: one.central if one.is_certain else drawn[one.name] for one in needed})
    first = needed[0]
    return rates if rates.batch else rates.with_values({first.name: np.full(count, first.central)})
