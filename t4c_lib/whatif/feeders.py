"""Ways in: placements, pre-employment courses and ambassadors bring applicants, and some of them start in support."""

from __future__ import annotations

from dataclasses import dataclass

from t4c_lib.whatif.inputs import Inputs
from t4c_lib.whatif.values import MONTHS_A_YEAR, Array


@dataclass(frozen=True)
class Feeder:
    """One way in.

    Attributes:
        lever: what moves it, and its name.
        today: the part of State that says how much of it there is.
        chain: assumptions whose product is the starters for each unit of it.
        lag: assumption that says how many months later they start.
    """

    lever: str
    today: str
    chain: tuple[str, ...]
    lag: str

    def starters_each(self, inputs: Inputs) -> Array:
        """Starters that a unit of it brings."""
        product = inputs.rate(self.chain[0])
        for name in self.chain[1:]:
            product = product * inputs.rate(name)
        return product

    def starters_today(self, inputs: Inputs) -> Array:
        """Starters a month that it brings today; they are among today's joiners."""
        return inputs.today(self.today) * self.starters_each(inputs) / MONTHS_A_YEAR

    def extra_starters(self, inputs: Inputs) -> Array | None:
        """Starters a month over today's (fewer where negative): months + 1 x batch; None where the lever is not set."""
        if self.lever not in inputs.settings:
            return None
        today = inputs.today(self.today)
        then = inputs.amount_today_and(today, self.lever, inputs.whole_months(self.lag))
        return (then - today) * self.starters_each(inputs) / MONTHS_A_YEAR

    def amount(self, inputs: Inputs) -> Array:
        """How much of it there is in each month, a year's worth: months + 1 (or 1) x batch."""
        return inputs.amount_today_and(inputs.today(self.today), self.lever)


FEEDERS = (
    Feeder("placements", "placements", ("work-experience-into-nhs-job",), "placement-months-to-start"),
    Feeder(
        "pre-employment-courses",
        "pre_employment_courses",
        ("pre-employment-course-places", "pre-employment-into-our-job"),
        "pre-employment-months-to-start",
    ),
    Feeder(
        "ambassadors",
        "ambassadors",
        ("ambassador-contacts", "ambassador-contact-into-nhs-job"),
        "ambassador-months-to-start",
    ),
)


def extra_starters(inputs: Inputs) -> Array | None:
    """Starters a month over today's from all of them; None where none of their levers is set."""
    total: Array | None = None
    for feeder in FEEDERS:
        extra = feeder.extra_starters(inputs)
        if extra is not None:
            total = extra if total is None else total + extra
    return total


def starters_today(inputs: Inputs) -> Array:
    """Starters a month whom all of them bring today."""
    first, *others = (feeder.starters_today(inputs) for feeder in FEEDERS)
    for other in others:
        first = first + other
    return first
