"""XmR rules: every published case, the laws of the rules, and the edges that they leave open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import UnknownNameError
from t4c_lib.progress.spc import SpcError, XmrChart, spc_profile, spc_profiles, xmr_chart

BETTER = {"increase": "higher", "decrease": "lower", "neutral": None}
PROFILES = [profile.name for profile in spc_profiles()]
# Whole numbers, so that shifting and scaling by whole numbers keeps every comparison exact.
whole = st.lists(st.one_of(st.integers(-40, 40), st.none()), min_size=1, max_size=40)
MIRRORED = {"Above": "Below", "Below": "Above", "Increasing": "Decreasing", "Decreasing": "Increasing"}
SWAPPED = {"UCL": "LCL", "LCL": "UCL"}
UPSIDE_DOWN = {
    f"{kind}_{place}": f"{kind}_{other}"
    for kind in ("improvement", "concern")
    for place, other in (("high", "low"), ("low", "high"))
}


def numbers(values: list[int | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def cases(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "cases" / "spc_cases.json").read_text())["series_cases"]
    return found


def run(case: dict[str, Any]) -> XmrChart:
    given_input = case["input"]
    return xmr_chart(
        given_input["values"],
        better=BETTER[given_input["improvement_direction"]],
        target=given_input["target"],
        rebase=given_input["rebase_index"],
        fix_after=given_input["fix_after_n_points"],
        screen=given_input["screen_outliers"],
    )


@pytest.mark.law
def test_every_published_case_has_its_limits_labels_and_icons(shared: Path) -> None:
    wrong = []
    for case in cases(shared):
        expected, found = case["expected"], run(case)
        exact = [
            list(found.phase) == expected["rebase_group"],
            list(found.special_cause) == expected["special_cause_type"],
            list(found.point_type) == expected["point_type"],
            found.variation == expected["variation_icon"],
            found.assurance == expected["assurance"],
            list(np.sign(found.values - found.mean)) == expected["relative_to_mean"],
            list((found.values > found.upper) | (found.values < found.lower)) == expected["outside_limits"],
        ]
        for limits in expected["limits"]:
            place = int(np.flatnonzero(found.phase == limits["rebase_group"])[0])
            mine = (found.mean[place], found.lower[place], found.upper[place])
            exact.append(mine == pytest.approx((limits["mean"], limits["lpl"], limits["upl"]), abs=1e-6))
        if not all(exact):
            wrong.append((case["id"], exact))
    assert wrong == []
    assert len(cases(shared)) == 20


@pytest.mark.law
@given(whole, st.integers(-1000, 1000), st.sampled_from(PROFILES))
def test_a_constant_shifts_the_limits_and_changes_no_signal(values: list[int | None], by: int, profile: str) -> None:
    plain, moved = (xmr_chart(numbers(values) + shift, target=shift, profile=profile) for shift in (0, by))
    np.testing.assert_allclose(moved.upper, plain.upper + by, atol=1e-9)
    np.testing.assert_allclose(moved.lower, plain.lower + by, atol=1e-9)
    assert list(moved.special_cause) == list(plain.special_cause)
    assert (moved.variation, moved.assurance) == (plain.variation, plain.assurance)


@pytest.mark.law
@given(whole, st.sampled_from([0.25, 2.0, 8.0, 1024.0]), st.sampled_from(PROFILES))
def test_a_factor_scales_the_limits_and_changes_no_signal(
    values: list[int | None], factor: float, profile: str
) -> None:
    plain, scaled = (xmr_chart(numbers(values) * by, target=3 * by, profile=profile) for by in (1.0, factor))
    np.testing.assert_allclose(scaled.upper, plain.upper * factor, rtol=1e-12)
    assert list(scaled.special_cause) == list(plain.special_cause)
    assert (scaled.variation, scaled.assurance) == (plain.variation, plain.assurance)


def mirrored(label: str) -> str:
    for words in (MIRRORED, SWAPPED):
        for word, other in words.items():
            if word in label:
                label = label.replace(word, other)
                break
    return label


@pytest.mark.law
@given(whole, st.sampled_from(PROFILES))
def test_the_series_upside_down_has_the_signals_upside_down(values: list[int | None], profile: str) -> None:
    up = xmr_chart(numbers(values), better="higher", target=2.0, profile=profile)
    down = xmr_chart(-numbers(values), better="lower", target=-2.0, profile=profile)
    assert [mirrored(label) for label in up.special_cause] == list(down.special_cause)
    assert list(up.point_type) == list(down.point_type)
    assert up.assurance == down.assurance
    assert down.variation == UPSIDE_DOWN.get(str(up.variation), up.variation)


@pytest.mark.law
@given(whole, st.sampled_from(["published"]))
def test_reversing_what_is_better_mirrors_both_icons(values: list[int | None], profile: str) -> None:
    higher, lower, neither = (
        xmr_chart(numbers(values), better=better, target=1.0, profile=profile) for better in ("higher", "lower", None)
    )
    pairs = {"improvement_high": "concern_high", "concern_low": "improvement_low"}
    assert pairs.get(str(higher.variation), higher.variation) == lower.variation
    answers = {"consistent_pass": "consistent_fail", "consistent_fail": "consistent_pass"}
    assert answers.get(str(higher.assurance), higher.assurance) == lower.assurance
    assert neither.assurance is None
    assert str(neither.variation).removeprefix("neutral_") in str(higher.variation)
    assert list(higher.special_cause) == list(lower.special_cause) == list(neither.special_cause)


@pytest.mark.law
@given(whole, whole)
def test_phases_know_nothing_of_each_other(first: list[int | None], second: list[int | None]) -> None:
    both = xmr_chart(np.concatenate([numbers(first), numbers(second)]), rebase=[len(first)])
    alone = [xmr_chart(numbers(part)) for part in (first, second)]
    assert list(both.special_cause) == [label for part in alone for label in part.special_cause]
    np.testing.assert_array_equal(both.mean, np.concatenate([part.mean for part in alone]))


@pytest.mark.law
@given(st.lists(st.integers(-40, 40), min_size=12, max_size=30), st.lists(st.integers(-40, 40), max_size=10))
def test_fixed_limits_do_not_see_what_comes_after(first: list[int], later: list[int]) -> None:
    fixed = xmr_chart([*first, *later], fix_after=len(first))
    plain = xmr_chart(first)
    np.testing.assert_array_equal(fixed.upper, np.full(len(first) + len(later), plain.upper[0]))
    assert list(fixed.values) == [*first, *later]


@pytest.mark.law
@given(whole, whole)
def test_an_old_signal_does_not_make_the_icon(first: list[int | None], second: list[int | None]) -> None:
    found = xmr_chart(numbers([*first, *second]))
    known = found.point_type[found.point_type != ""]
    if not len(known):
        assert found.variation is None
        return
    last = str(known[-1])
    assert (found.variation == "common_cause") == (last == "common_cause")
    assert str(found.variation).split("_")[0] in last


@pytest.mark.unit
def test_a_trend_is_broken_by_a_tie_and_by_a_missing_value() -> None:
    rising = [1.0, 2, 3, 4, 5, 6, 7]
    assert set(xmr_chart(rising).special_cause) == {"7 Point Trend (Increasing)"} | set(
        xmr_chart(rising).special_cause
    ) - {"Common Cause"}
    for broken in ([1.0, 2, 3, 4, 4, 5, 6, 7], [1.0, 2, 3, np.nan, 4, 5, 6, 7]):
        assert not any("Trend" in label for label in xmr_chart(broken).special_cause)


@pytest.mark.unit
def test_one_point_outside_and_one_near_are_two_of_three_for_making_data_count_only() -> None:
    values = np.array([0.0, *[1, -1] * 11, 1, 4.6, 8.0, 1])
    published = xmr_chart(values, screen=False)
    theirs = xmr_chart(values, profile="making-data-count")
    np.testing.assert_array_equal(published.upper, theirs.upper)
    near_upper = published.mean[0] + (published.upper[0] - published.mean[0]) * 2 / 3
    assert near_upper < values[24] < published.upper[0] < values[25]
    assert list(published.special_cause[24:26]) == ["Common Cause", "Above UCL"]
    assert list(theirs.special_cause[24:26]) == ["2 in 3 Above CL", "Above UCL"]


@pytest.mark.unit
def test_runs_of_six_are_signals_in_the_profile_that_says_so_and_are_called_six() -> None:
    rising = [5.0, 3, 5, 3, 5, 3, 4, 5, 6, 7, 8]
    assert not any("Trend" in label for label in xmr_chart(rising, profile="making-data-count").special_cause)
    six = xmr_chart(rising, profile="making-data-count-6")
    assert list(six.special_cause).count("6 Point Trend (Increasing)") >= 4
    assert "a trend 6" in six.note
    assert "kept in" in six.note
    assert "NHSRplotthedots 0.2.2" in xmr_chart(rising).note
    assert "left out of" in xmr_chart(rising).note


@pytest.mark.unit
def test_where_a_point_is_improvement_and_concern_making_data_count_shows_the_improvement() -> None:
    # The last seven are all below the mean, and rise: a shift that is bad with a trend that is good.
    values = [20.0, 21, 22, 21, 20, 21, 22, 21, 1, 2, 3, 4, 5, 6, 7]
    published, theirs = xmr_chart(values, screen=False), xmr_chart(values, profile="making-data-count")
    assert published.special_cause[8] == "Below LCL"
    assert published.point_type[8] == "special_cause_concern"
    assert theirs.special_cause[8] == "7 Point Trend (Increasing)"
    assert theirs.point_type[8] == "special_cause_improvement"


@pytest.mark.unit
def test_a_target_on_a_limit_is_beyond_it_for_making_data_count_only() -> None:
    values = [1.0, 3, 1, 3]
    upper = float(xmr_chart(values, screen=False).upper[0])
    assert xmr_chart(values, target=upper, screen=False).assurance == "inconsistent"
    assert xmr_chart(values, target=upper, profile="making-data-count").assurance == "consistent_fail"
    assert xmr_chart(values, target=upper, better="lower", profile="making-data-count").assurance == "consistent_pass"


@pytest.mark.unit
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3])
def test_a_constant_series_has_limits_on_its_mean_and_no_signal(profile: str, value: float) -> None:
    found = xmr_chart([value] * 15, target=value, profile=profile)
    assert set(found.upper) == set(found.lower) == set(found.mean) == {value}
    assert set(found.special_cause) == {"Common Cause"}
    assert (found.variation, found.assurance) == ("common_cause", "inconsistent")
    assert xmr_chart([value] * 15, target=value + 1, profile=profile).assurance == "consistent_fail"
    assert xmr_chart([value] * 15, target=value - 1, profile=profile).assurance == "consistent_pass"


@pytest.mark.unit
def test_one_point_has_no_limits_two_have_some_and_none_has_nothing() -> None:
    one = xmr_chart([4.0], target=3)
    assert (one.mean[0], np.isnan(one.upper[0]), one.variation, one.assurance) == (4.0, True, "common_cause", None)
    two = xmr_chart([4.0, 6.0], target=3)
    assert (two.upper[0], two.assurance) == (pytest.approx(5 + 2.66 * 2), "inconsistent")
    nothings: list[list[Any]] = [[], [np.nan, np.nan], [None, None]]
    for nothing in nothings:
        none = xmr_chart(nothing, target=3)
        assert (none.variation, none.assurance, none.points) == (None, None, 0)
        assert list(none.special_cause) == [""] * len(nothing)
        assert np.isnan(none.mean).all()


@pytest.mark.unit
def test_a_missing_value_has_no_label_and_takes_its_two_ranges_with_it() -> None:
    found = xmr_chart([1.0, 3, np.nan, 50, 52], screen=False)
    assert found.special_cause[2] == found.point_type[2] == ""
    assert found.upper[0] == pytest.approx(26.5 + 2.66 * 2)
    late = xmr_chart([*([1.0, 2] * 7), 30, np.nan])
    assert late.variation == "improvement_high"


@pytest.mark.unit
def test_fewer_than_13_points_in_the_latest_phase_are_too_few_to_show() -> None:
    assert [xmr_chart([1.0, 2] * 6 + [1.5] * extra).has_enough_points for extra in (0, 1)] == [False, True]
    assert xmr_chart([1.0, 2] * 20, rebase=[30]).points == 10
    assert not xmr_chart([1.0, 2] * 20, rebase=[30]).has_enough_points
    assert xmr_chart([1.0, 2] * 6).variation == "common_cause"  # it hides nothing; the display does


@pytest.mark.unit
def test_what_no_chart_can_be_made_of_is_refused_in_words() -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"values": ["a"]}, "needs numbers, one for each period"),
        ({"values": [[1.0], [2.0]]}, "one row of numbers"),
        ({"values": [1.0, np.inf]}, "finite numbers"),
        ({"values": [1.0], "better": "closer"}, "'closer' is not a direction for an XmR chart: use 'higher', 'lower'"),
        ({"values": [1.0, 2.0], "rebase": [2]}, r"0 to 1, not at \[2\]"),
        ({"values": [1.0] * 20, "fix_after": 11}, "after 12 points or more, not after 11"),
        ({"values": [1.0], "target": np.nan}, "A target must be a finite number"),
    ]
    for words, message in refused:
        with pytest.raises(SpcError, match=message):
            xmr_chart(**words)
    with pytest.raises(UnknownNameError, match="The closest: published"):
        spc_profile("publisht")
