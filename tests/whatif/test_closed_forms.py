"""The pipeline in its simplest setting, support staff by two ages and nobody who learns, against its closed forms.

With leave_young, leave_older and age_out chances a month, phi = (1 - leave_young)(1 - age_out), psi = 1 - leave_older,
kappa = (1 - leave_young) age_out, g(x) = (1 - x^T) / (1 - x) and D = (psi^T - phi^T) / (psi - phi),

    young_T = phi^T young_0 + r_y g(phi)
    older_T = psi^T older_0 + r_o g(psi) + kappa young_0 D + r_y kappa (g(psi) - D) / (1 - phi)

and for a workforce N that is kept at its size, p of whose joiners are aged 16 to 24 and c more a month besides,

    young_T = lambda^T young_0 + (p leave_older N + c) g(lambda),   lambda = phi + p (leave_young - leave_older)

Quotients are written as the sums they stand for: where psi is near phi, or either near 1, these keep their digits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from t4c_lib.parameters import Assumptions
from t4c_lib.whatif import LEVERS, YOUNG_JOINERS, OutcomeTarget, Pipeline, Projection, WorkforceState
from t4c_lib.whatif.solve import LINE
from tests.whatif.asking_making import certain_but, solve
from tests.whatif.pipeline_making import two_stock_rates

pytestmark = pytest.mark.law

EXACT = 1e-9
KEPT = Pipeline("constant establishment")


def powers(x: float, months: int) -> float:
    """1 + x + ... + x^(months - 1): g(x)."""
    return math.fsum(x**k for k in range(months))


@dataclass(frozen=True)
class TwoAges:
    """People of two ages, chances a month, joiners a month."""

    young: float
    older: float
    leave_young: float
    leave_older: float
    age_out: float
    join_young: float
    join_older: float

    @property
    def phi(self) -> float:
        return (1 - self.leave_young) * (1 - self.age_out)

    @property
    def psi(self) -> float:
        return 1 - self.leave_older

    @property
    def kappa(self) -> float:
        return (1 - self.leave_young) * self.age_out

    @property
    def young_share_of_joiners(self) -> float:
        return self.join_young / (self.join_young + self.join_older)

    def after(self, months: int) -> tuple[float, float]:
        """Young and older people, joiners given."""
        between = [math.fsum(self.psi**j * self.phi ** (k - 1 - j) for j in range(k)) for k in range(months + 1)]
        young = self.phi**months * self.young + self.join_young * powers(self.phi, months)
        older = self.psi**months * self.older + self.join_older * powers(self.psi, months)
        older += self.kappa * (self.young * between[months] + self.join_young * math.fsum(between[:months]))
        return young, older

    def joiners_for(self, share: float, months: int) -> float | None:
        """Young joiners a month that bring the young to a share of the workforce; None where no number does."""
        nobody, one = replace(self, join_young=0.0), replace(self, join_young=1.0)
        (y0, o0), (y, o) = nobody.after(months), one.after(months)
        gain = (y - y0) - share * (y - y0 + o - o0)
        return (share * (y0 + o0) - y0) / gain if gain > 0 else None

    def kept_at_size(self, months: int, more: float = 0.0, share_of_joiners: float | None = None) -> float:
        """Young people in a workforce that keeps its size, so many more young joiners a month in the place of older."""
        p = self.young_share_of_joiners if share_of_joiners is None else share_of_joiners
        stay = self.phi + p * (self.leave_young - self.leave_older)
        joining = p * self.leave_older * (self.young + self.older) + more
        return stay**months * self.young + joining * powers(stay, months)

    @property
    def state(self) -> WorkforceState:
        joining = {"join_support_young": self.join_young, "join_support_older": self.join_older}
        return WorkforceState(support_young_none=self.young, support_older_none=self.older, **joining)

    @property
    def figures(self) -> Assumptions:
        """Certain figures in which the chances are these."""
        return certain_but(
            leavers_support_under_25=self.leave_young * 12,
            leavers_support_25_and_over=self.leave_older * 12,
            ageing_out=self.age_out,
        )

    def run(self, pipeline: Pipeline, months: int = 60) -> Projection:
        return pipeline.run(self.state, two_stock_rates(self.leave_young, self.leave_older, self.age_out), (), months)


people = st.floats(min_value=0, max_value=50_000)
chances = st.floats(min_value=0.0005, max_value=0.075)
flows = st.floats(min_value=0, max_value=500)
any_ages = st.builds(TwoAges, people, people, chances, chances, chances, flows, flows)
staffed = st.builds(
    TwoAges,
    st.floats(10, 3000),
    st.floats(100, 20_000),
    chances,
    chances,
    chances,
    st.floats(0.5, 100),
    st.floats(0.5, 300),
)
months = st.integers(min_value=1, max_value=60)
TRUST = TwoAges(174, 2876, 0.236 / 12, 0.098 / 12, 1 / 108, 6, 24)


@settings(max_examples=50)
@given(any_ages)
def test_joiners_given_the_path_is_the_closed_form(ages: TwoAges) -> None:
    run = ages.run(Pipeline())
    for month in (1, 7, 36, 60):
        young, older = ages.after(month)
        assert run.stock("support_young")[month] == pytest.approx(young, rel=EXACT, abs=EXACT)
        assert run.stock("support_older")[month] == pytest.approx(older, rel=EXACT, abs=EXACT)


@pytest.mark.parametrize("gap", [0.0, 1e-15, 1e-12, 1e-9, 1e-6])
def test_no_digits_are_lost_where_both_ages_shrink_alike(gap: float) -> None:
    ages = TwoAges(174, 2876, 0.01, 1 - 0.99 * 0.98 - gap, 0.02, 6, 22)
    assert ages.run(Pipeline()).stock("support_older")[48] == pytest.approx(ages.after(48)[1], rel=1e-12)


@settings(max_examples=50)
@given(staffed)
def test_kept_at_its_size_the_path_is_the_closed_form(ages: TwoAges) -> None:
    run = ages.run(KEPT)
    for month in (1, 12, 60):
        expected = ages.kept_at_size(month)
        assert run.stock("support_young")[month] == pytest.approx(expected, rel=EXACT)
        assert run.stock("support")[month] == pytest.approx(ages.young + ages.older, rel=1e-12)


def test_flows_are_those_of_the_equations_month_by_month() -> None:
    for pipeline in (Pipeline(), KEPT):
        run = TRUST.run(pipeline)
        young, older = (run.stock(f"support_{age}")[:-1] for age in ("young", "older"))
        leavers = TRUST.leave_young * young + TRUST.leave_older * older
        np.testing.assert_allclose(run.flow("support_leavers")[1:], leavers, rtol=1e-12)
        np.testing.assert_allclose(run.flow("aged_out")[1:], TRUST.kappa * young, rtol=1e-12)


@settings(max_examples=30)
@given(staffed)
def test_where_it_settles_it_stays(ages: TwoAges) -> None:
    young = ages.join_young / (1 - ages.phi)
    older = (ages.join_older + ages.kappa * young) / ages.leave_older
    settled = replace(ages, young=young, older=older).run(Pipeline())
    np.testing.assert_allclose(settled.stock("support_young"), young, rtol=EXACT)
    np.testing.assert_allclose(settled.stock("support_older"), older, rtol=EXACT)


@settings(max_examples=40, deadline=None)
@given(staffed, st.floats(0.01, 0.6), months)
def test_the_joiners_solved_for_are_those_of_the_closed_form(ages: TwoAges, share: float, month: int) -> None:
    target = OutcomeTarget("support_young_share", share, month)
    need = solve(Pipeline(), ages.state, ages.figures, target, YOUNG_JOINERS)
    joiners = ages.joiners_for(share, month)
    most = ages.join_young + LEVERS[YOUNG_JOINERS].high / 12
    if need.amount is None:
        assert joiners is None or joiners > most * (1 - EXACT)
    elif need.amount == 0:
        young, older = ages.after(month)
        assert young >= share * (young + older) * (1 - EXACT)
    else:
        assert ages.join_young + need.amount / 12 == pytest.approx(joiners, rel=EXACT)
        assert need.method == LINE


@settings(max_examples=40, deadline=None)
@given(staffed, st.floats(0.01, 0.6), months)
def test_joiners_in_the_place_of_older_ones_are_those_of_the_closed_form(
    ages: TwoAges, share: float, month: int
) -> None:
    target = OutcomeTarget("support_young_share", share, month)
    need = solve(KEPT, ages.state, ages.figures, target, YOUNG_JOINERS)
    p, people = ages.young_share_of_joiners, ages.young + ages.older
    stay = ages.phi + p * (ages.leave_young - ages.leave_older)
    more = (share * people - ages.kept_at_size(month)) / powers(stay, month)
    if need.amount:
        assert need.amount > 0
        # Until posts run out: whoever is to join finds one that an older joiner would have had.
        vacant = fewest_vacant(ages, month, more)
        assume((1 - p) * vacant > more)
        assert need.amount / 12 == pytest.approx(more, rel=EXACT)


def fewest_vacant(ages: TwoAges, until: int, more: float) -> float:
    """The fewest posts that fall vacant in a month on the way."""
    people = ages.young + ages.older
    young = [ages.kept_at_size(month, more) for month in range(until)]
    return min(ages.leave_young * one + ages.leave_older * (people - one) for one in young)


@settings(max_examples=30, deadline=None)
@given(staffed, st.floats(0.01, 0.6), months)
def test_the_share_of_joiners_solved_for_reaches_the_target_by_the_closed_form(
    ages: TwoAges, share: float, month: int
) -> None:
    target = OutcomeTarget("support_young_share", share, month)
    need = solve(KEPT, ages.state, ages.figures, target, "young-joiners")
    if need.amount:
        p = ages.young_share_of_joiners + need.amount
        young = ages.kept_at_size(month, share_of_joiners=p)
        assert young / (ages.young + ages.older) == pytest.approx(share, rel=EXACT)


def test_people_followed_by_chance_have_the_mean_and_variance_of_theory() -> None:
    """Each person leaves or turns 25 by chance, joiners arrive at random (Poisson)."""
    rng = np.random.default_rng(20260401)
    runs, month = 4000, 24
    drawn = Pipeline().run(
        TRUST.state,
        two_stock_rates(np.full(runs, TRUST.leave_young), TRUST.leave_older, TRUST.age_out),
        months=month,
        generator=rng,
    )
    young, older = (drawn.stock(f"support_{age}")[month] for age in ("young", "older"))
    stay = TRUST.phi**month
    variance = TRUST.young * stay * (1 - stay) + TRUST.join_young * (1 - stay) / (1 - TRUST.phi)
    means = TRUST.after(month)
    assert abs(young.mean() - means[0]) <= 4 * math.sqrt(variance / runs)
    assert abs(young.var(ddof=1) - variance) <= 4 * variance * math.sqrt(2 / runs)
    assert abs(older.mean() - means[1]) <= 4 * older.std(ddof=1) / math.sqrt(runs)
