"""The engine's expected path against people followed one by one, who share no code with it.

For every setting the mean over copies of the trust must lie within 4 standard errors of the engine's path, for every
stock and for the flows of a year, at months 12, 36 and 60. Ratios (shares, turnover) are not linear in people: the mean
of a ratio differs from the ratio of means by about what the second derivative says, which is reckoned from the copies
and added to the 4 standard errors. Where vacancies or places run out for some copies and not for the mean, the expected
path is the path of the mean, as docs/decisions/0008-pipeline.md says; the settings here stay clear of that.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from t4c_lib.whatif import STOCKS, LeverSetting, Pipeline, Projection, Rates, WorkforceState
from t4c_lib.whatif.outcomes_and_odds import outcome
from tests.whatif.made_up import CHANCES, FLOWS, PEOPLE
from tests.whatif.people.simulation import Choice, Floats, Simulation, Trust

pytestmark = pytest.mark.law

MONTHS, COPIES = 60, 60
LOOKED_AT = (12, 36, 60)
FLOWS_SEEN = (
    "support_leavers",
    "support_leavers_young",
    "support_leavers_older",
    "support_joiners_young",
    "support_joiners_older",
    "rest_leavers",
    "apprenticeship_starts",
    "apprenticeships_completed",
    "pathway_starts",
    "to_registered",
    "aged_out",
)

TODAY = Trust(stocks=PEOPLE, flows=FLOWS, chances=CHANCES)
SETTINGS: dict[str, dict[str, Choice]] = {
    "nothing": {},
    "feeders": {"placements": Choice(160, 3, 6), "pre-employment-courses": Choice(5), "ambassadors": Choice(90, 6)},
    "who joins": {"vacancies-as-apprenticeships": Choice(0.3, 4), "young-joiners": Choice(0.15, 1, 12)},
    "more young joiners": {"young-joiners-a-year": Choice(36, 3, 6)},
    "who stays": {"retention-under-25": Choice(0.4, 1, 10), "retention-25-and-over": Choice(-0.3, 13)},
    "learning": {
        "apprenticeship-starts": Choice(60, 2),
        "apprenticeship-completion": Choice(0.2, 7, 20),
        "registered-pathway-places": Choice(30, 1, 24),
    },
    "less of it": {
        "placements": Choice(-90),
        "young-joiners": Choice(-0.2, 20),
        "apprenticeship-starts": Choice(-30),
        "registered-pathway-places": Choice(-20, 10),
    },
    "all at once": {
        "placements": Choice(100),
        "vacancies-as-apprenticeships": Choice(0.2, 6, 12),
        "retention-under-25": Choice(0.25, 3),
        "retention-25-and-over": Choice(0.1),
        "apprenticeship-starts": Choice(40, 12),
        "registered-pathway-places": Choice(24),
    },
}
ONE_EACH = {
    "placements": Choice(300, 2),
    "pre-employment-courses": Choice(12, 1, 9),
    "ambassadors": Choice(200),
    "vacancies-as-apprenticeships": Choice(0.5, 3, 4),
    "young-joiners": Choice(0.4),
    "young-joiners-a-year": Choice(60, 4, 8),
    "retention-under-25": Choice(0.6, 2, 12),
    "retention-25-and-over": Choice(0.5, 7),
    "early-leavers": Choice(0.5, 5, 6),
    "apprenticeship-starts": Choice(150, 1, 6),
    "apprenticeship-completion": Choice(0.35, 3),
    "registered-pathway-places": Choice(60, 2),
}
KEPT = ("nothing", "who joins", "more young joiners", "all at once")


def projected(trust: Trust) -> Projection:
    closure = "constant establishment" if trust.keeps_its_size else "additive"
    settings = [LeverSetting(name, one.amount, one.start_month, one.ramp_months) for name, one in trust.choices.items()]
    state = WorkforceState(**trust.stocks, **trust.flows)
    return Pipeline(closure=closure).run(state, Rates(trust.chances), settings, MONTHS)


def last_year(flow: Floats, month: int) -> Floats:
    total: Floats = flow[month - 11 : month + 1].sum(axis=0)
    return total


def agrees(what: str, seen: Floats, expected: float, allowance: float = 0.0) -> list[str]:
    """A sentence where the mean of what was seen lies further off than 4 standard errors and the allowance."""
    error = float(seen.std(ddof=1)) / np.sqrt(len(seen))
    off = float(seen.mean()) - expected
    if abs(off) <= 4 * error + allowance + 1e-9:
        return []
    return [f"{what}: people {seen.mean():.4f} +- {error:.4f}, engine {expected:.4f}"]


def ratio_agrees(what: str, part: Floats, whole: Floats, expected: float) -> list[str]:
    ratio = part / whole
    second_order = abs(np.cov(part, whole)[0, 1]) + abs(ratio.mean()) * whole.var(ddof=1)
    return agrees(what, ratio, expected, allowance=float(second_order / whole.mean() ** 2))


def disagreements(people: Simulation, engine: Projection, months: tuple[int, ...]) -> list[str]:
    """Every stock, flow of a year and measure that lies too far off, in words."""
    wrong: list[str] = []
    for month in months:
        stocks = {name: seen[month] for name, seen in people.stocks.items()}
        year_before = people.stocks["support"][month - 12]
        for stock in (*STOCKS, "support", "support_young", "trust", "trust_young"):
            wrong += agrees(f"{stock} in {month}", stocks[stock], float(engine.stock(stock)[month]))
        for flow in FLOWS_SEEN:
            seen = last_year(people.flows[flow], month)
            wrong += agrees(f"{flow} to {month}", seen, float(last_year(engine.flow(flow), month)))
        share = outcome(engine, "support_young_share")[month]
        wrong += ratio_agrees(f"young support in {month}", stocks["support_young"], stocks["support"], float(share))
        qualified = sum(stocks[name] for name in stocks if "level" in name and name.startswith(("support", "appr")))
        qualified = qualified + stocks["pathway_young"] + stocks["pathway_older"]
        leavers, mean_staff = last_year(people.flows["support_leavers"], month), (stocks["support"] + year_before) / 2
        for measure, part, whole in (
            ("young-share", stocks["trust_young"], stocks["trust"]),
            ("attainment", qualified, stocks["support"]),
            ("turnover", leavers, mean_staff),
        ):
            wrong += ratio_agrees(f"{measure} in {month}", part, whole, measured(engine, measure, month))
        registered = last_year(people.flows["to_registered"], month)
        wrong += agrees("support-to-registered", registered, measured(engine, "support-to-registered", month))
        starts = last_year(people.flows["apprenticeship_starts"], month)
        wrong += agrees("apprenticeship starts", starts, measured(engine, "apprenticeship-starts", month))
    return wrong


def measured(engine: Projection, measure: str, month: int) -> float:
    values = engine.measure(measure).values
    assert values is not None
    return float(values[month])


@pytest.mark.parametrize(
    ("name", "keeps_its_size"),
    [*((name, False) for name in SETTINGS), *((name, True) for name in KEPT)],
    ids=[*SETTINGS, *(f"{name}, constant establishment" for name in KEPT)],
)
def test_the_expected_path_is_the_mean_of_people_followed_one_by_one(name: str, keeps_its_size: bool) -> None:
    trust = replace(TODAY, choices=SETTINGS[name], keeps_its_size=keeps_its_size)
    people = Simulation(trust, copies=COPIES, months=MONTHS, seed=20261122)
    wrong = disagreements(people, projected(trust), LOOKED_AT)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lever", ONE_EACH)
def test_each_lever_alone_moves_people_as_it_moves_the_expected_path(lever: str) -> None:
    trust = replace(TODAY, choices={lever: ONE_EACH[lever]})
    people = Simulation(trust, copies=40, months=36, seed=20261123)
    wrong = disagreements(people, projected(trust), (12, 36))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("capacity", [0.0, 1.5, -0.4])
def test_newcomers_waiting_one_by_one_hold_the_certificate_in_time_as_often_as_the_measure_says(
    capacity: float,
) -> None:
    """Joiners are as many as today, so only the assessors' capacity changes the part of the time that is waiting."""
    rng = np.random.default_rng(84)
    waiting = CHANCES["care-certificate-waiting"]
    shape = 1 / CHANCES["care-certificate-spread"] ** 2
    # A mean of 12 weeks is what the share of the example stands for.
    mean_days = 7 * 12 * (1 - waiting + waiting / (1 + capacity))
    in_time = (rng.gamma(shape, mean_days / shape, 200_000) <= 84).astype(float)
    trust = replace(TODAY, choices={"assessor-capacity": Choice(capacity)})
    assert not agrees("in time", in_time, measured(projected(trust), "certificate-in-12-weeks", 24))
