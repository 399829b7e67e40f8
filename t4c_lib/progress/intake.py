"""How many placements a target needs: from what is known of the way from a placement to a choice or a job.

A share is known as a Beta distribution: before, by Jeffreys' prior, as no figure is published; after, with what the
register counted (A. Gelman and others, Bayesian Data Analysis, 3rd edition, 2013, section 2.4). How many of so many
placements follow it is Beta-binomial, which holds both what we don't know of the share and the luck of so many people.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import betaincinv, betaln, gammaln

from t4c_lib.evidence.observations import ALL
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.trajectory import Trajectory

NOTHING_KNOWN = (0.5, 0.5)  # Jeffreys' prior
WANTED = 0.8  # the chance with which the target is to be reached
MOST = 5_000  # placements that are tried


class LearntShare(NamedTuple):
    """A share of people by what was known before, and with what was counted here."""

    counted: tuple[float, float]  #: how many, of how many

    @property
    def posterior(self) -> tuple[float, float]:
        """The two parameters of its Beta distribution."""
        part, whole = self.counted
        return NOTHING_KNOWN[0] + part, NOTHING_KNOWN[1] + whole - part

    @property
    def ends(self) -> list[float]:
        """Low, median and high; between low and high it lies with the chance WANTED."""
        return [float(one) for one in betaincinv(*self.posterior, ((1 - WANTED) / 2, 0.5, (1 + WANTED) / 2))]


@dataclass(frozen=True)
class Intake:
    """How many placements a year a number of young people asks for."""

    wanted: float  #: people a year
    reported: float  #: of them, those whom schools and colleges report besides
    by: str  #: the month by whose end
    share: LearntShare  #: of those hosted who choose the NHS
    hosted: dict[str, int]  #: placements of each year that is counted, the newest last

    @property
    def goal(self) -> float:
        """How many are to come by way of a placement."""
        return max(self.wanted - self.reported, 0.0)

    @cached_property
    def expected(self) -> int:
        """So many that as many as wanted are expected."""
        a, b = self.share.posterior
        return int(np.ceil(self.goal * (a + b) / a))

    @cached_property
    def likely(self) -> int | None:
        """So many that the goal is reached with the chance WANTED; None where not even MOST would do.

        The goal is reached with the placement that brings the last of so many; how many that takes is
        beta-negative-binomial.
        """
        if not self.goal:
            return 0
        a, b = self.share.posterior
        goal = np.ceil(self.goal)
        tried = np.arange(goal, MOST + 1)
        last_of_them = gammaln(tried) - gammaln(goal) - gammaln(tried - goal + 1)
        last_of_them += betaln(a + goal, b + tried - goal) - betaln(a, b)
        reached = np.flatnonzero(np.cumsum(np.exp(last_of_them)) >= WANTED)
        return int(tried[reached[0]]) if len(reached) else None


def intake_for(table: pd.DataFrame, wanted: Trajectory, latest: Figure | None) -> Intake | None:
    """The intake for a target; None where nobody followed up was hosted.

    `table`: of counts (`tally_of`). `latest`: the measure's newest figure, of which what doesn't come by way of a
    placement is held to stay as it is.
    """
    whole = table[(table["dimension"] == ALL) & (table["followed"] > 0)]
    by_year = whole.groupby("year")[["hosted", "choosing"]].sum()
    if not len(by_year):
        return None
    share = LearntShare((float(by_year["choosing"].sum()), float(by_year["hosted"].sum())))
    is_newest = latest and latest.period == by_year.index[-1]
    reported = latest.value - float(by_year["choosing"].iloc[-1]) if latest and is_newest else 0.0
    hosted = {str(year): int(count) for year, count in by_year["hosted"].items()}
    return Intake(wanted.target, max(reported, 0.0), f"{wanted.due:%B %Y}", share, hosted)
