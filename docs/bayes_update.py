"""What an organisation's own count teaches about a share: prior, data, posterior.

The prior is the assumption's interval, as a Beta distribution with quantiles as near to its three figures as a Beta can
have. After k of n people, Beta(a, b) becomes Beta(a + k, b + n - k): the prior counts like a + b people seen before.

Only the page on the what-if shows it so far: it moves to t4c_lib/whatif with the register of placements.
"""

from dataclasses import dataclass

import numpy as np

from t4c_lib.errors import SettingError
from t4c_lib.parameters import Assumption
from t4c_lib.quantities import number, percent
from t4c_lib.whatif.rates import Array

# A Beta has two numbers and the interval three, so a lopsided interval isn't met exactly; from here the text says so.
WORTH_REPORTING = 0.01
MOST_PEOPLE = 1e9  # an interval so narrow that it counts like more people than this is as good as certain


@dataclass(frozen=True)
class BetaShare:
    """A share we don't know, as a Beta distribution.

    Attributes:
        a, b: its two numbers, both above 0.
        low, central, high: quantiles at the ends and the middle of the coverage, 0 to 1.
    """

    a: float
    b: float
    low: float
    central: float
    high: float

    @classmethod
    def of(cls, a: float, b: float, coverage: float = 0.8) -> "BetaShare":
        """Worked out from its two numbers."""
        low, central, high = (float(end) for end in _quantiles(a, b, coverage))
        return cls(a, b, low, central, high)

    @property
    def people(self) -> float:
        """How many people it counts like."""
        return self.a + self.b

    def __str__(self) -> str:
        return f"{percent(self.central)} ({percent(self.low)} to {percent(self.high)})"


@dataclass(frozen=True)
class BayesUpdate:
    """An assumption before and after local evidence.

    Attributes:
        assumption: as it was.
        prior: the Beta fitted to it.
        fit_error: how far the farthest of the prior's three quantiles lies from the assumption's figure, 0 to 1.
        k, n: the local count: k of n people.
        posterior: the Beta after the count.
        updated: the assumption after the count, with the posterior's quantiles and a source that says all of this.
    """

    assumption: Assumption
    prior: BetaShare
    fit_error: float
    k: int
    n: int
    posterior: BetaShare
    updated: Assumption

    @property
    def sentence(self) -> str:
        """Prior, data and posterior, and how many people it rests on, in plain words."""
        data = f"counted {self.k:,} of {self.n:,} ({percent(self.k / self.n)})" if self.n else "no local count yet"
        text = (
            f"{self.assumption.label}: prior {self.prior}, {data}, updated {self.posterior}. Based on "
            f"{self.n:,} {'person' if self.n == 1 else 'people'} counted locally; the prior has the weight of "
            f"{number(self.prior.people)}."
        )
        if self.fit_error >= WORTH_REPORTING:
            text += f" The fitted prior is within {number(self.fit_error * 100)} points of the given interval."
        return text


def update_share(assumption: Assumption, k: int, n: int, *, source: str, date: str) -> BayesUpdate:
    """Update a share by a local count.

    Args:
        assumption: a share or chance that is an interval.
        k: people of whom it was true, 0 to n.
        n: people counted, 0 or more.
        source: where the count comes from, such as "placement register".
        date: the period that was counted, as t4c_lib.periods writes it, or a calendar year.

    Raises:
        SettingError: a count that can't be, or an assumption that no count can teach: it is no share, or it is certain.
    """
    problems = []
    if not assumption.unit.is_share:
        problems.append(f"{assumption.name} is counted in '{assumption.unit}'; only a share can be updated by a count")
    elif assumption.is_certain:
        problems.append(f"{assumption.name} is certain ({assumption.central:g}), so no count can change it")
    whole = [isinstance(value, int) and not isinstance(value, bool) for value in (k, n)]
    if not all(whole) or not 0 <= k <= n:
        problems.append(f"the count must be whole numbers of people, k of n with k from 0 to n, not {k} of {n}")
    if problems:
        raise SettingError(problems)
    prior = fit_beta(assumption)
    fit_error = max(abs(getattr(prior, end) - getattr(assumption, end)) for end in ("low", "central", "high"))
    posterior = BetaShare.of(prior.a + k, prior.b + n - k, assumption.coverage)
    updated = (
        assumption
        if n == 0
        else assumption.with_values(
            low=posterior.low,
            central=posterior.central,
            high=posterior.high,
            source=f"{source}: {k:,} of {n:,}, together with {assumption.source}",
            date=date,
            judgement=False,
            interval=f"Beta posterior: {n:,} people counted locally, prior with the weight of {number(prior.people)}",
        )
    )
    return BayesUpdate(assumption, prior, fit_error, k, n, posterior, updated)


def fit_beta(assumption: Assumption) -> BetaShare:
    """The Beta with quantiles nearest to an interval's three figures (least squares over the interval's width)."""
    from scipy.optimize import least_squares

    width = assumption.high - assumption.low
    figures = np.array([assumption.low, assumption.central, assumption.high])
    # Where a normal of that width would start: the search is short from there.
    mean = min(max(assumption.central, 1e-3), 1 - 1e-3)
    people = min(max(mean * (1 - mean) / (width / 2.56) ** 2 - 1, 0.5), MOST_PEOPLE)

    def misses(logs: Array) -> Array:
        a, b = np.exp(logs)
        off: Array = (_quantiles(a, b, assumption.coverage) - figures) / width
        return off

    start = np.log([mean * people, (1 - mean) * people])
    found = least_squares(misses, start, bounds=(np.log(1e-3), np.log(MOST_PEOPLE)), xtol=1e-12, ftol=1e-12)
    a, b = np.exp(found.x)
    return BetaShare.of(float(a), float(b), assumption.coverage)


def _quantiles(a: float, b: float, coverage: float) -> Array:
    from scipy.special import betaincinv

    found: Array = betaincinv(a, b, np.array([(1 - coverage) / 2, 0.5, (1 + coverage) / 2]))
    return found
