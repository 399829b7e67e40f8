"""Answers to backward questions: what one lever takes for one target, and whether one lever meets several."""

from __future__ import annotations

from dataclasses import dataclass

from t4c_lib.quantities import percent
from t4c_lib.whatif.lever import LEVERS
from t4c_lib.whatif.targets import Target
from t4c_lib.whatif.told import amount_told

MET, LINE, SEARCH, NEVER = "met already", "straight line", "search", "out of reach"


@dataclass(frozen=True)
class Need:
    """What a lever has to be for a target.

    Attributes:
        target: what is to be reached.
        lever: its name.
        chance: with which chance, 0 to 1; None for the central path.
        amount: the least change against today that is enough; 0 if the target is met without, None if out of reach.
        practical: the same, rounded as people would set it and still enough; None if out of reach.
        outcome: what comes out at the amount, or without the lever if out of reach; of a chance, what is reached or
            passed with it.
        best_amount, best: where the lever's range is best for the target, and what comes out there.
        method: how it was found: MET, LINE (two runs), SEARCH or NEVER.
        low, high: the whole stretch of amounts that are enough; None if out of reach.
    """

    target: Target
    lever: str
    chance: float | None
    amount: float | None
    practical: float | None
    outcome: float
    best_amount: float
    best: float
    method: str
    low: float | None
    high: float | None

    @property
    def is_reachable(self) -> bool:
        """Whether some amount within the lever's range is enough."""
        return self.amount is not None

    @property
    def best_told(self) -> str:
        """The best as people read it, with as many decimals as it takes to tell it from the goal."""
        told = self.target.said(self.best)
        if told == self.target.said(self.target.value) and self.target.is_share:
            return percent(self.best, 2)
        return told

    @property
    def sentence(self) -> str:
        """The answer in plain words."""
        target, odds = self.target, "" if self.chance is None else f" with a chance of {percent(self.chance, 0)}"
        goal = f"{target.name}: {target.said(target.value)} {target.when}{odds}"
        what = LEVERS[self.lever].label
        if self.amount is None and target.said(self.best) == target.said(self.outcome):
            return f"{goal} is out of reach by '{what}' alone, which leaves it at {target.said(self.outcome)}."
        if self.amount is None:
            return (
                f"{goal} is out of reach by '{what}' alone: the best within its range is {self.best_told}, at "
                f"{amount_told(self.lever, self.best_amount)}."
            )
        if self.method == MET:
            return f"{goal} is met without '{what}': it would be {target.said(self.outcome)}."
        text = f"{goal} takes '{what}': {amount_told(self.lever, self.practical or self.amount)}."
        return text if self.amount > 0 else f"{text} That is less than is done today."
