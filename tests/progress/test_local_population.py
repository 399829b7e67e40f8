"""The local comparison: what holds for every choice of authorities and weights, and known answers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.observation_frames import observed
from t4c_lib.progress.representation import local_population, weights_by_population

pytestmark = pytest.mark.law

CODES = ["E06000001", "E06000002", "E06000003", "E06000004"]
ETHNICITIES = ("White", "Other ethnic group")


def table(people: list[tuple[int, int, int]], day: str = "2020-06-30") -> pd.DataFrame:
    """Authorities: people aged 16 to 24, people aged 25 to 64, and how many of 100 are of the first ethnic group."""
    frames = []
    for code, (young, older, white) in zip(CODES, people, strict=False):
        figures = {
            ("population", "age=16-24", day): young,
            ("population", "age=16-64", day): young + older,
            ("population", "all", day): young + older,
            ("census-groups", "all", "2021-03-21"): 100,
            ("census-groups", "ethnicity=White", "2021-03-21"): white,
            ("census-groups", "ethnicity=White: Roma", "2021-03-21"): white,
            ("census-groups", "ethnicity=Other ethnic group", "2021-03-21"): 100 - white,
        }
        for (series, breakdown, period), count in figures.items():
            value = np.array([float(count)])
            state = "zero" if count == 0 else "counted"
            frames.append(
                observed(organisation=code, series=series, population="local residents", breakdown=breakdown,
                         period=period, value=value, state=state, unit="people")
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


areas = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 100)), min_size=1, max_size=len(CODES)
)
weights = st.lists(st.floats(0.001, 1000), min_size=len(CODES), max_size=len(CODES))


@settings(max_examples=40)
@given(areas, weights)
def test_shares_lie_between_the_authorities_own_and_groups_add_up_to_one(
    people: list[tuple[int, int, int]], chosen: list[float]
) -> None:
    found = local_population(table(people), dict(zip(CODES[: len(people)], chosen, strict=False)))
    own = [young / (young + older) for young, older, _ in people]
    assert found.young_share is not None
    assert min(own) - 1e-12 <= found.young_share <= max(own) + 1e-12
    assert math.isclose(sum(share for _, share in found.groups), 1)
    assert math.isclose(sum(weight for _, weight in found.weights), 1)


@settings(max_examples=40)
@given(areas, weights, st.floats(0.01, 1000))
def test_the_scale_of_the_weights_does_not_matter(
    people: list[tuple[int, int, int]], chosen: list[float], scale: float
) -> None:
    known = table(people)
    first = local_population(known, dict(zip(CODES[: len(people)], chosen, strict=False)))
    second = local_population(
        known, {code: scale * one for code, one in zip(CODES[: len(people)], chosen, strict=False)}
    )
    assert first.young_share == pytest.approx(second.young_share)
    assert dict(first.groups) == pytest.approx(dict(second.groups))


@settings(max_examples=40)
@given(areas, st.floats(0.001, 1000))
def test_one_authority_has_its_own_share_whatever_its_weight(people: list[tuple[int, int, int]], weight: float) -> None:
    found = local_population(table(people), {CODES[0]: weight})
    young, older, white = people[0]
    assert found.young_share == pytest.approx(young / (young + older))
    assert dict(found.groups)["White"] == pytest.approx(white / 100)


@settings(max_examples=40)
@given(areas)
def test_weights_by_population_count_every_resident_the_same(people: list[tuple[int, int, int]]) -> None:
    known = table(people)
    found = local_population(known, weights_by_population(known, CODES[: len(people)]))
    young, older = (sum(row[at] for row in people) for at in (0, 1))
    assert found.young_share == pytest.approx(young / (young + older))


def test_three_parts_of_one_authority_and_one_of_another() -> None:
    found = local_population(table([(20, 80, 90), (40, 60, 50)]), {CODES[0]: 3, CODES[1]: 1})
    assert found.young_share == pytest.approx(0.75 * 0.2 + 0.25 * 0.4)
    assert dict(found.groups) == pytest.approx({"White": 0.8, "Other ethnic group": 0.2})
    assert (found.ages_of, found.groups_of, found.base) == ("2020-06-30", "2021-03-21", "age=16-64")


def test_the_newest_estimates_go_before_older_ones() -> None:
    both = pd.concat([table([(20, 80, 90)]), table([(30, 70, 90)], day="2022-06-30")], ignore_index=True)
    both = both.drop_duplicates()
    found = local_population(both, {CODES[0]: 1})
    assert found.young_share == pytest.approx(0.3)
    assert found.ages_of == "2022-06-30"


def test_without_a_census_there_are_no_groups_and_without_estimates_no_share() -> None:
    known = table([(20, 80, 90)])
    assert local_population(known[known["series"] == "population"], {CODES[0]: 1}).groups == ()
    assert local_population(known[known["series"] == "census-groups"], {CODES[0]: 1}).young_share is None


def test_the_files_of_every_authority_give_leeds_and_bradford(shared: Path) -> None:
    loaded = read_files(
        [shared / "data/population/population20_ltla21.csv", shared / "data/population/ethnicity21_ltla21.csv.gz"]
    )
    known = pd.concat([one.observations for one in loaded], ignore_index=True)
    codes = {one.name: one.code for one in loaded[0].organisations}
    each = {name: local_population(known, {codes[name]: 1}) for name in ("Leeds", "Bradford")}
    both = local_population(known, {codes["Leeds"]: 60, codes["Bradford"]: 40}, loaded[0].organisations)
    shares = [each[name].young_share or 0 for name in ("Leeds", "Bradford")]
    assert both.young_share == pytest.approx(0.6 * shares[0] + 0.4 * shares[1])
    assert 0.10 < shares[1] < shares[0] < 0.25
    assert sum(share for _, share in both.groups) == pytest.approx(1)
    assert len(both.groups) == 5


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({}, ["no local authority given"]),
        ({CODES[0]: 0}, [CODES[0], "the weight 0 is not a number above 0", "Leave the authority out"]),
        ({CODES[0]: -1, CODES[1]: math.nan}, ["the weight -1", "the weight nan"]),
        ({"E06000009": 1}, ["E06000009: there are no figures for this local authority", "Did you mean E0600000"]),
        ({"leeds": 1}, ["leeds: there are no figures", f"Did you mean {CODES[0]}?"]),
        ({"Timbuktu": 1}, ["there are no figures", "on Home under Bring figures in"]),
    ],
)
def test_wrong_weights_are_all_told(chosen: dict[str, float], words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        local_population(table([(20, 80, 90), (10, 90, 50)]), chosen, [Organisation(CODES[0], "Leeds")])
    message = str(caught.value)
    assert all(word in message for word in words), message


def test_an_authority_that_lacks_a_figure_is_not_taken_to_have_nobody() -> None:
    known = table([(20, 80, 90), (10, 90, 50)])
    lacking = known[~((known["organisation"] == CODES[1]) & (known["breakdown"] == "ethnicity=White"))]
    with pytest.raises(InputError, match=f"{CODES[1]}: has no figure for ethnicity=White on 2021-03-21"):
        local_population(lacking, {CODES[0]: 1, CODES[1]: 1})
    older = known[~((known["organisation"] == CODES[1]) & (known["series"] == "population"))]
    with pytest.raises(InputError, match=f"{CODES[1]}: has no population figures for 2020-06-30"):
        local_population(older, {CODES[0]: 1, CODES[1]: 1})
    with pytest.raises(InputError, match="has no people in age=16-64"):
        local_population(table([(0, 0, 90)]), {CODES[0]: 1})
    with pytest.raises(InputError, match=r"no population figure for E06000004"):
        weights_by_population(known, [CODES[3]])


def test_a_hidden_figure_is_not_known() -> None:
    known = table([(20, 80, 90)])
    known.loc[known["breakdown"] == "age=16-24", "state"] = "suppressed"
    with pytest.raises(InputError, match="has no figure for age=16-24"):
        local_population(known, {CODES[0]: 1})
