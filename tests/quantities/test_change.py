"""The X of the pledge: known answers, laws, and the words people read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.quantities import AmbiguousChange, Baseline, Change, ChangeError, ChangeKind, ImpossibleGoalError, Unit

SUPPORT = Baseline.of(174, 3050)  # 5.7%
PLACEMENTS = Baseline.count(28, "placements a year")

people = st.integers(min_value=1, max_value=200_000)


@st.composite
def share_baselines(draw: st.DrawFn) -> Baseline:
    denominator = draw(people)
    return Baseline.of(draw(st.integers(min_value=0, max_value=denominator)), denominator)


@pytest.mark.law
@pytest.mark.parametrize(
    ("change", "goal"),
    [
        (Change(ChangeKind.POINTS, 0.02), 0.08),
        (Change(ChangeKind.RELATIVE, 0.02), 0.0612),
        (Change(ChangeKind.LEVEL, 0.08), 0.08),
        (Change(ChangeKind.COUNT, 6), 0.0612),
        (Change(ChangeKind.MULTIPLE, 2), 0.12),
    ],
)
def test_a_six_per_cent_share_that_rises_by_two_is_read_as_the_statistics_office_says(
    change: Change, goal: float
) -> None:
    assert change.goal(Baseline.of(300, 5000)) == pytest.approx(goal, rel=1e-12)


@pytest.mark.law
@pytest.mark.parametrize(
    ("change", "goal"),
    [
        (Change(ChangeKind.LEVEL, 40), 40),
        (Change(ChangeKind.COUNT, 12), 40),
        (Change(ChangeKind.RELATIVE, 0.5), 42),
        (Change(ChangeKind.MULTIPLE, 2), 56),
        (Change(ChangeKind.COUNT, -28), 0),
    ],
)
def test_a_count_takes_every_kind_but_points(change: Change, goal: float) -> None:
    assert change.goal(PLACEMENTS) == pytest.approx(goal)


@pytest.mark.law
@given(share_baselines(), st.floats(min_value=-0.5, max_value=0.5))
def test_the_heads_reach_the_goal_and_one_head_fewer_does_not(baseline: Baseline, amount: float) -> None:
    change = Change(ChangeKind.POINTS, amount)
    assert baseline.numerator is not None
    assert baseline.denominator is not None
    try:
        goal = change.goal(baseline)
    except ImpossibleGoalError:
        return
    heads = change.heads(baseline)
    assert heads is not None
    reached = (baseline.numerator + heads) / baseline.denominator
    one_less = (baseline.numerator + heads - (1 if amount >= 0 else -1)) / baseline.denominator
    slack = 1e-8
    if amount >= 0:
        assert reached >= goal - slack
        assert one_less < goal + slack
    else:
        assert reached <= goal + slack
        assert one_less > goal - slack


@pytest.mark.law
@given(share_baselines(), st.floats(min_value=0, max_value=1))
def test_a_level_needs_no_knowledge_of_today(baseline: Baseline, level: float) -> None:
    assert Change(ChangeKind.LEVEL, level).goal(baseline) == level


@pytest.mark.law
@given(people, st.integers(min_value=-50, max_value=50))
def test_a_number_of_people_comes_back_as_that_number_of_heads(denominator: int, amount: int) -> None:
    baseline = Baseline.of(denominator // 2, denominator)
    try:
        assert Change(ChangeKind.COUNT, amount).heads(baseline) == amount
    except ImpossibleGoalError:
        assert not 0 <= denominator // 2 + amount <= denominator


@pytest.mark.law
@given(share_baselines().filter(lambda baseline: baseline.value > 0), st.floats(min_value=0.01, max_value=0.4))
def test_points_and_relative_are_each_others_twins(baseline: Baseline, amount: float) -> None:
    for kind, other in ((ChangeKind.POINTS, ChangeKind.RELATIVE), (ChangeKind.RELATIVE, ChangeKind.POINTS)):
        twin = Change(kind, amount).twin(baseline)
        if twin is not None:
            assert twin.kind is other
            assert twin.goal == Change(other, amount).goal(baseline)


@pytest.mark.unit
def test_the_sentence_restates_points_in_heads() -> None:
    assert Change(ChangeKind.POINTS, 0.02).sentence(SUPPORT) == (
        "from 5.7% to 7.7%: 2 percentage points, 61 more people if the workforce stays at 3,050"
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("change", "baseline", "sentence"),
    [
        (
            Change(ChangeKind.RELATIVE, 0.10),
            SUPPORT,
            "from 5.7% to 6.3%: 10% more than the baseline share, 0.57 percentage points, 18 more people if the "
            "workforce stays at 3,050",
        ),
        (
            Change(ChangeKind.POINTS, -0.01),
            Baseline(0.057),
            "from 5.7% to 4.7%: 1 percentage point",
        ),
        (
            Change(ChangeKind.COUNT, 1),
            SUPPORT,
            "from 5.70% to 5.74%: 0.03 percentage points, 1 more person if the workforce stays at 3,050",
        ),
        (Change(ChangeKind.LEVEL, 40), PLACEMENTS, "from 28 to 40 placements a year: 12 more (42.9%)"),
        (Change(ChangeKind.COUNT, -1), PLACEMENTS, "from 28 to 27 placements a year: 1 fewer (3.6%)"),
        (Change(ChangeKind.LEVEL, 4), Baseline.count(0, "courses a year"), "from 0 to 4 courses a year: 4 more"),
    ],
)
def test_sentences(change: Change, baseline: Baseline, sentence: str) -> None:
    assert change.sentence(baseline) == sentence


@pytest.mark.unit
def test_a_twin_that_cannot_be_is_none() -> None:
    assert Change(ChangeKind.RELATIVE, 0.5).twin(Baseline.of(3, 5)) is None


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "change"),
    [
        ("2 points", Change(ChangeKind.POINTS, 0.02)),
        ("by 2 percentage points", Change(ChangeKind.POINTS, 0.02)),
        ("1 percentage point", Change(ChangeKind.POINTS, 0.01)),
        ("-3pp", Change(ChangeKind.POINTS, -0.03)),
        ("10% relative", Change(ChangeKind.RELATIVE, 0.10)),
        ("10 per cent more", Change(ChangeKind.RELATIVE, 0.10)),
        ("10% less", Change(ChangeKind.RELATIVE, -0.10)),
        ("to 8%", Change(ChangeKind.LEVEL, 0.08)),
        ("to 40 placements a year", Change(ChangeKind.LEVEL, 40)),
        ("1,200 more", Change(ChangeKind.COUNT, 1200)),
        ("12 fewer", Change(ChangeKind.COUNT, -12)),
        ("+12", Change(ChangeKind.COUNT, 12)),
        ("double", Change(ChangeKind.MULTIPLE, 2)),
        ("×1.5", Change(ChangeKind.MULTIPLE, 1.5)),
    ],
)
def test_what_people_type_is_read(typed: str, change: Change) -> None:
    assert Change.parse(typed) == change


@pytest.mark.unit
@pytest.mark.parametrize("typed", ["5%", "by 5%", "5 %", "5 per cent", "+5%"])
def test_a_bare_percentage_is_refused_with_both_readings(typed: str) -> None:
    with pytest.raises(AmbiguousChange) as refused:
        Change.parse(typed)
    message = str(refused.value)
    assert "5 percentage points, so that 6.0% becomes 11.0%" in message
    assert "relative: 5% more than today's figure, so that 6.0% becomes 6.3%" in message
    assert "Write '5 points' or '5% relative'." in message


@pytest.mark.unit
def test_the_two_readings_are_worked_out_on_the_baseline_at_hand() -> None:
    with pytest.raises(AmbiguousChange, match=r"5\.7% becomes 7\.7%.*5\.7% becomes 5\.8%"):
        Change.parse("2%", SUPPORT)
    with pytest.raises(AmbiguousChange, match="or 20 more placements a year"):
        Change.parse("20%", PLACEMENTS)
    with pytest.raises(AmbiguousChange, match=r"0\.0% becomes 2\.0%"):
        Change.parse("2%", Baseline.of(0, 10))


@pytest.mark.unit
@pytest.mark.parametrize("typed", ["", "lots", "5", "5 percent points up or so", "2 % 3"])
def test_anything_else_is_refused_with_the_ways_to_write_it(typed: str) -> None:
    with pytest.raises(ChangeError, match="2 points, 10% relative, to 8%"):
        Change.parse(typed)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("change", "baseline", "words"),
    [
        (Change(ChangeKind.POINTS, 0.95), SUPPORT, "more than everybody"),
        (Change(ChangeKind.LEVEL, 8), SUPPORT, r"Did you mean 0\.08 \(8%\)"),
        (Change(ChangeKind.POINTS, -0.06), SUPPORT, "less than nothing"),
        (Change(ChangeKind.RELATIVE, 0.1), Baseline.of(0, 50), "the baseline is 0"),
        (Change(ChangeKind.POINTS, 0.1), PLACEMENTS, "Percentage points are for shares and rates"),
        (Change(ChangeKind.COUNT, 3), Baseline(0.057), "needs a baseline with numerator and denominator"),
    ],
)
def test_a_change_that_cannot_be_says_why(change: Change, baseline: Baseline, words: str) -> None:
    with pytest.raises(ChangeError, match=words):
        change.goal(baseline)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("pionts", 0.02, "The kinds are: points, relative, level, count, multiple"),
        ("points", math.nan, "finite"),
        ("level", -0.1, "0 or more"),
        ("multiple", 0, "above 0"),
    ],
)
def test_a_change_that_means_nothing_is_refused(kind: str, amount: float, words: str) -> None:
    with pytest.raises(ChangeError, match=words):
        Change(kind, amount)  # type: ignore[arg-type]


@pytest.mark.unit
def test_a_rate_may_pass_one_and_a_share_may_not() -> None:
    turnover = Baseline.of(9, 10, unit=Unit.RATE, counted="leavers")
    assert Change(ChangeKind.RELATIVE, 0.2).goal(turnover) == pytest.approx(1.08)


@pytest.mark.unit
def test_people_are_counted_of_todays_figure_where_it_is_given() -> None:
    then = Baseline.of(160, 2800, period="2025-03")
    now = Baseline.of(167, 2842, period="2026-03")
    rise = Change(ChangeKind.LEVEL, 0.07)
    assert (rise.heads(then), rise.heads(then, now)) == (36, 32)
    assert rise.sentence(then).endswith("36 more people if the workforce stays at 2,800 (March 2025)")
    assert rise.sentence(then, now).endswith("32 more people than now if the workforce stays at today's 2,842")
    assert rise.sentence(then, Baseline.of(300, 2842)).endswith("which today's 300 of 2,842 are already")
    assert rise.sentence(then, Baseline(0.06)) == rise.sentence(then)


@pytest.mark.unit
def test_respondents_are_no_workforce() -> None:
    asked = Baseline.of(40, 52, counted="respondents", base="number of respondents")
    assert (
        Change(ChangeKind.LEVEL, 0.9)
        .sentence(asked)
        .endswith("7 more respondents if the number of respondents stays at 52")
    )
