"""Laws of the pipeline that hold for any trust, any assumptions and any levers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from t4c_lib.framework import catalogue
from t4c_lib.whatif import LEVERS, STOCKS, LeverSetting, Pipeline, Projection, Rates, WorkforceState
from t4c_lib.whatif.flows import FLOWS
from t4c_lib.whatif.outcomes_and_odds import outcome
from t4c_lib.whatif.rates import share
from tests.whatif.made_up import PEOPLE, RATES, TRUST, closures, rates, states
from tests.whatif.made_up import settings as lever_settings

pytestmark = pytest.mark.law

FOLLOWED = [measure.key for measure in catalogue().followed.values()]

MONTHS = 40


def size(run: Projection) -> float:
    """How many people there ever are or come: rounding errors are told against it."""
    return float(run.stock("trust").max() + run.flow("support_joiners").sum() + run.flow("rest_joiners").sum()) + 1.0


def same_to_the_last_bit(one: Projection, other: Projection) -> bool:
    measures = [(one.measure(key).values, other.measure(key).values) for key in FOLLOWED]
    flows = [(one.flow(name), other.flow(name)) for name in FLOWS]
    pairs = [(one.path, other.path), *flows, *measures]
    return all(np.array_equal(first, second, equal_nan=True) for first, second in pairs)  # type: ignore[arg-type]


@settings(max_examples=50)
@given(closures, states(), rates(), st.lists(st.sampled_from(list(LEVERS)), unique=True), st.integers(1, 30))
def test_levers_left_where_they_are_give_the_do_nothing_path_to_the_last_bit(
    closure: str, state: WorkforceState, assumed: Rates, names: list[str], start: int
) -> None:
    nothing = Pipeline(closure).run(state, assumed, months=MONTHS)
    untouched = Pipeline(closure).run(state, assumed, [LeverSetting(name, 0.0, start, 5) for name in names], MONTHS)
    assert same_to_the_last_bit(nothing, untouched)


@settings(max_examples=50)
@given(closures, states(), rates(), lever_settings())
def test_people_are_conserved_every_month(
    closure: str, state: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...]
) -> None:
    run = Pipeline(closure).run(state, assumed, chosen, MONTHS)
    tiny = 1e-9 * size(run)
    flow = {name: run.flow(name)[1:] for name in FLOWS}
    support = flow["support_joiners"] - flow["support_leavers"] - flow["to_registered"]
    others = flow["rest_joiners"] - flow["rest_leavers"] + flow["to_registered"]
    np.testing.assert_allclose(np.diff(run.stock("support")), support, rtol=0, atol=tiny)
    np.testing.assert_allclose(np.diff(run.stock("trust")), support + others, rtol=0, atol=tiny)
    by_age = np.diff(run.stock("trust_young"))
    assert np.all(by_age <= flow["support_joiners_young"] + flow["rest_joiners"] - flow["aged_out"] + tiny)


@settings(max_examples=50)
@given(closures, states(), rates(), lever_settings())
def test_nobody_is_less_than_nobody_and_shares_lie_between_none_and_all(
    closure: str, state: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...]
) -> None:
    run = Pipeline(closure).run(state, assumed, chosen, MONTHS)
    tiny = 1e-9 * size(run)
    for name in STOCKS:
        assert run.stock(name).min() >= -tiny
    for name in FLOWS:
        assert run.flow(name).min() >= -tiny
    for young in (outcome(run, "support_young_share"), outcome(run, "trust_young_share")):
        assert young.min() >= 0
        assert young.max() <= 1
    for key in ("young-share", "attainment", "appraisal-received", "certificate-in-12-weeks"):
        values = run.measure(key).values
        assert values is not None
        assert values.min() >= 0
        assert values.max() <= 1


@settings(max_examples=50)
@given(st.lists(st.floats(0, 5_000), min_size=1, max_size=16), st.permutations(range(16)))
def test_everybody_is_a_share_of_one_in_whatever_order_they_are_summed(people: list[float], order: list[int]) -> None:
    there = [place for place in order if place < len(people)]
    everybody = np.array([sum(people)])
    found = share(np.array([sum(people[place] for place in there)]), everybody)
    assert found == pytest.approx(1.0 if everybody > 0 else 0.0, abs=1e-12)
    assert found <= 1


@pytest.mark.parametrize(("of", "words", "least"), [("young", "young", 0.2), ("qualified", "level|pathway", 0.3)])
def test_where_everybody_is_counted_the_share_is_1(of: str, words: str, least: float) -> None:
    """Of these people both shares came out at 1.0000000000000002, as their parts were summed in another order."""
    everybody = [name for name in PEOPLE if re.search(words, name)]
    people = {name: least + place / 7 for place, name in enumerate(everybody)}
    run = Pipeline().run(replace(TRUST, **dict.fromkeys(PEOPLE, 0.0) | people), RATES, (), 1)
    found = outcome(run, "support_young_share") if of == "young" else run.measure("attainment").values
    assert found is not None
    assert found[0] == 1


@settings(max_examples=50)
@given(states(), rates(), lever_settings())
def test_a_constant_establishment_keeps_its_size(
    state: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...]
) -> None:
    run = Pipeline("constant establishment").run(state, assumed, chosen, MONTHS)
    np.testing.assert_allclose(run.stock("support"), state.support, rtol=1e-9, atol=1e-9)
    others = run.stock("trust") - run.stock("support")
    assert others.min() >= (state.total("trust") - state.support) * (1 - 1e-9) - 1e-6


@settings(max_examples=40)
@given(closures, states(), rates(), lever_settings(), st.integers(1, MONTHS))
def test_what_comes_later_changes_nothing_before(
    closure: str, state: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...], months: int
) -> None:
    """A shorter run is the beginning of a longer one, and before a lever acts it is as if nobody had pulled it."""
    whole = Pipeline(closure).run(state, assumed, chosen, MONTHS)
    part = Pipeline(closure).run(state, assumed, chosen, months)
    tiny = 1e-12 * size(whole)
    late: tuple[LeverSetting, ...] = tuple(replace(one, start_month=months + 1) for one in chosen)
    before, nothing = (Pipeline(closure).run(state, assumed, these, months) for these in (late, ()))
    for name in STOCKS:
        np.testing.assert_allclose(part.stock(name), whole.stock(name)[: months + 1], rtol=0, atol=tiny)
        np.testing.assert_allclose(before.stock(name), nothing.stock(name), rtol=0, atol=tiny)


@settings(max_examples=50)
@given(closures, states(), rates(), lever_settings(), st.floats(0.01, 50))
def test_twice_the_trust_has_twice_the_people_of_everything(
    closure: str, state: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...], factor: float
) -> None:
    """With the levers that are counted in people, placements or courses scaled alike."""
    relative = tuple(one for one in chosen if "fraction" in LEVERS[one.lever].unit)
    larger = WorkforceState(
        **{
            one.name: getattr(state, one.name) * (1 if one.name == "apprentice_joiner_share" else factor)
            for one in fields(state)
        }
    )
    once = Pipeline(closure).run(state, assumed, relative, MONTHS)
    times = Pipeline(closure).run(larger, assumed, relative, MONTHS)
    for name in STOCKS:
        np.testing.assert_allclose(times.stock(name), factor * once.stock(name), rtol=1e-9, atol=1e-9 * size(times))


@settings(max_examples=50)
@given(states(learning_starts=False), states(learning_starts=False), rates(), lever_settings())
def test_two_trusts_together_are_the_sum_of_both(
    one: WorkforceState, other: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...]
) -> None:
    """Additive closure, chances changed by levers, one share of apprentices among joiners: linear in people."""
    linear = tuple(setting for setting in chosen if setting.lever.startswith("retention"))
    other = replace(other, apprentice_joiner_share=one.apprentice_joiner_share)
    # Who joins as an apprentice depends on the ages of a month's joiners, by a rule with a bend in it.
    one, other = (replace(state, apprentice_joiner_share=0.0) for state in (one, other))
    summed = WorkforceState(**{part.name: getattr(one, part.name) + getattr(other, part.name) for part in fields(one)})
    runs = [Pipeline().run(state, assumed, linear, MONTHS) for state in (one, other, summed)]
    for name in STOCKS:
        first, second, both = (run.stock(name) for run in runs)
        np.testing.assert_allclose(both, first + second, rtol=1e-9, atol=1e-9 * size(runs[-1]))


timings = st.tuples(st.integers(1, 30), st.integers(0, 24))
LINEAR = tuple(name for name, lever in LEVERS.items() if lever.is_linear)


@settings(max_examples=50)
@given(states(), rates(), lever_settings(), st.sampled_from(LINEAR), timings)
def test_stocks_by_age_follow_a_linear_lever_along_a_straight_line(
    state: WorkforceState, assumed: Rates, chosen: tuple[LeverSetting, ...], name: str, timing: tuple[int, int]
) -> None:
    """Where nobody starts a pathway: who does is drawn from those of level 3, whose ages the lever changes."""
    state = replace(state, pathway_starts=0.0)
    others = tuple(one for one in chosen if one.lever.startswith(("retention", "apprenticeship")))
    high = LEVERS[name].high
    amounts = np.array([0.0, 0.1, 0.25, 0.5]) * high
    run = Pipeline().run(state, assumed, (*others, LeverSetting(name, amounts, *timing)), MONTHS)
    joiners = run.flow("support_joiners")[1:]
    young = run.flow("support_joiners_young")[1:]
    # Until a limit binds: somebody of each age goes on joining.
    assume(np.all(young > 1e-6 * joiners) and np.all(young < (1 - 1e-6) * joiners))
    tiny = 1e-9 * size(run)
    for stock in ("support_young", "support", "trust_young", "trust"):
        path = run.stock(stock)
        slope = (path[:, 3] - path[:, 0]) / amounts[3]
        np.testing.assert_allclose(path, path[:, :1] + slope[:, None] * amounts, rtol=0, atol=tiny)


def never_lower(outcome: Callable[[Projection], np.ndarray], run: Projection) -> None:
    path = outcome(run)
    assert np.all(np.diff(path, axis=-1) >= -1e-9 * (1 + np.abs(path).max()))


RISING: dict[str, tuple[str, ...]] = {
    "placements": ("support_joiners_young", "support_young", "support"),
    "pre-employment-courses": ("support_joiners_young", "support_young", "support"),
    "ambassadors": ("support_joiners_young", "support_young", "support"),
    "young-joiners": ("support_joiners_young", "support_young"),
    "young-joiners-a-year": ("support_joiners_young", "support_young", "support"),
    "retention-under-25": ("support_young", "support"),
    "retention-25-and-over": ("support_older", "support"),
    "early-leavers": ("support_young", "support_older", "support"),
    "registered-pathway-places": ("pathway", "pathway_starts"),
    "apprenticeship-starts": ("apprenticeship_starts", "apprentices"),
    "apprenticeship-completion": ("apprenticeships_completed",),
    "vacancies-as-apprenticeships": ("apprenticeships_from_joining",),
}


@settings(max_examples=60)
@given(states(), rates(), st.sampled_from(sorted(RISING)), st.integers(1, 20), st.integers(0, 12))
def test_more_of_a_lever_never_means_less_of_what_it_is_for(
    state: WorkforceState, assumed: Rates, name: str, start: int, ramp: int
) -> None:
    lever = LEVERS[name]
    if name in {"apprenticeship-starts", "registered-pathway-places"}:
        # More starts earlier can leave fewer people to start later; not where there are enough of them to the end.
        state = replace(state, support_older_none=90_000.0, support_older_level_3=90_000.0)
        assumed = assumed.with_values({"leavers-support-25-and-over": 0.1})
    if name == "apprenticeship-completion":
        # Those who completed hold a level more, so fewer are left to begin another apprenticeship.
        state = replace(state, apprenticeship_starts=0.0)
    if name != "registered-pathway-places":
        # Where too few hold level 3 to fill the pathway, more people fill more of its places, and some of those leave.
        state = replace(state, pathway_starts=0.0)
    amounts = np.linspace(lever.low, lever.high, 7)
    run = Pipeline().run(state, assumed, [LeverSetting(name, amounts, start, ramp)], MONTHS)
    if name in {"apprenticeship-starts", "registered-pathway-places"}:
        assume(all(limit.short.max() == 0 for limit in run.limits.values()))
    for found in RISING[name]:
        if found == "apprenticeships_from_joining":
            share = run.joiners.apprentices.sum(axis=1)
            never_lower(lambda _: share, run)  # noqa: B023
        else:
            never_lower(lambda one: one.flow(found) if found in FLOWS else one.stock(found), run)  # noqa: B023


@settings(max_examples=50)
@given(st.floats(-0.5, 2), st.floats(-0.5, 2))
def test_more_assessors_never_mean_fewer_certificates_in_time(one: float, other: float) -> None:
    less, more = sorted((one, other))
    shares = [
        Pipeline()
        .run(TRUST, RATES, [LeverSetting("assessor-capacity", amount)], 12)
        .measure("certificate-in-12-weeks")
        .values
        for amount in (less, more)
    ]
    assert shares[0] is not None
    assert shares[1] is not None
    assert np.all(shares[0] <= shares[1] + 1e-12)


@settings(max_examples=30)
@given(closures, states(), st.lists(rates(), min_size=2, max_size=5), lever_settings())
def test_a_batch_is_its_members_one_by_one(
    closure: str, state: WorkforceState, members: list[Rates], chosen: tuple[LeverSetting, ...]
) -> None:
    together = Rates({name: np.array([float(one[name]) for one in members]) for name in members[0].by_name})
    batch = Pipeline(closure).run(state, together, chosen, MONTHS)
    for place, member in enumerate(members):
        alone = Pipeline(closure).run(state, member, chosen, MONTHS)
        for name in STOCKS:
            np.testing.assert_allclose(
                batch.stock(name)[:, place], alone.stock(name), rtol=1e-12, atol=1e-12 * size(alone)
            )
