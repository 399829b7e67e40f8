"""The X of the pledge: known answers, laws, and the words people read."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.quantities import Baseline, Change, ChangeError, ChangeKind, Unit, number, parse_change
from t4c_lib.quantities.change import MOST_SPELLED_OUT, AmbiguousChange, ImpossibleGoalError

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
        (Change(ChangeKind.POINTS, -0.01), Baseline(0.057), "from 5.7% to 4.7%: 1 percentage point"),
        (
            Change(ChangeKind.COUNT, 1),
            SUPPORT,
            "from 5.70% to 5.74%: 0.03 percentage points, 1 more person if the workforce stays at 3,050",
        ),
        (Change(ChangeKind.LEVEL, 0.0585), Baseline(0.057), "from 5.70% to 5.85%: 0.15 percentage points"),
        (Change(ChangeKind.LEVEL, 0.06), Baseline(0.057), "from 5.7% to 6.0%: 0.3 percentage points"),
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
        ("+10 people", Change(ChangeKind.COUNT, 10)),
        ("2 points.", Change(ChangeKind.POINTS, 0.02)),
        ("double", Change(ChangeKind.MULTIPLE, 2)),
        ("×1.5", Change(ChangeKind.MULTIPLE, 1.5)),
        ("x2", Change(ChangeKind.MULTIPLE, 2)),
        ("1,500 more", Change(ChangeKind.COUNT, 1500)),
        ("1 500 more", Change(ChangeKind.COUNT, 1500)),
        ("0.500 more", Change(ChangeKind.COUNT, 0.5)),
        ("1.125 points", Change(ChangeKind.POINTS, 0.01125)),
        ("falls by 2 points", Change(ChangeKind.POINTS, -0.02)),
        ("up 2 points", Change(ChangeKind.POINTS, 0.02)),
        ("a reduction of 2 points", Change(ChangeKind.POINTS, -0.02)),
        ("2 points fewer", Change(ChangeKind.POINTS, -0.02)),
        ("–2 points", Change(ChangeKind.POINTS, -0.02)),
        ("rises by at least 2 points", Change(ChangeKind.POINTS, 0.02)),
        ("-10% relative", Change(ChangeKind.RELATIVE, -0.10)),
        ("10% lower", Change(ChangeKind.RELATIVE, -0.10)),
        ("20% more young people", Change(ChangeKind.RELATIVE, 0.20)),
        ("at least 8%", Change(ChangeKind.LEVEL, 0.08)),
        ("no more than 4%", Change(ChangeKind.LEVEL, 0.04)),
        ("down to 8%", Change(ChangeKind.LEVEL, 0.08)),
        ("from 6 % to 8 %", Change(ChangeKind.LEVEL, 0.08)),
        ("rises from 28 to 40", Change(ChangeKind.LEVEL, 40)),
        ("increase by 12", Change(ChangeKind.COUNT, 12)),
        ("twice", Change(ChangeKind.MULTIPLE, 2)),
    ],
)
def test_what_people_type_is_read(typed: str, change: Change) -> None:
    assert parse_change(typed) == change


@pytest.mark.unit
@pytest.mark.parametrize(
    "typed", ["by 5%", "+5%", "rises by 5%", "an increase of 5 per cent", "up 5%", "5%", "5 %", "5 per cent"]
)
def test_a_percentage_is_refused_with_every_reading_and_a_bare_one_may_be_the_level(typed: str) -> None:
    with pytest.raises(AmbiguousChange) as refused:
        parse_change(typed)
    message = str(refused.value)
    assert "5 percentage points, so that 6.0% becomes 11.0%" in message
    assert "relative: 5% more than today's figure, so that 6.0% becomes 6.3%" in message
    if typed[0] == "5":
        assert "the level itself, so that 6.0% becomes 5.0%" in message
        assert "Write '5 points', '5% relative' or 'to 5%'." in message
    else:
        assert "Write '5 points' or '5% relative'." in message


HALF = Baseline(0.57)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "baseline", "words"),
    [
        # A comma stands before exactly three digits; so does a point, where whole people are meant.
        (
            "1,5 points",
            SUPPORT,
            "7.2%; or 15 percentage points, so that 5.7% becomes 20.7%. Write '1.5 points' or '15 ",
        ),
        (
            "1,50 points",
            SUPPORT,
            "It can only be 1.5 percentage points, so that 5.7% becomes 7.2%. Write '1.50 points'.",
        ),
        ("2,5%", SUPPORT, "Write '2.5 points', '2.5% relative', 'to 2.5%', '25 points', '25% relative' or 'to 25%'."),
        ("to 8,5%", SUPPORT, "Write 'to 8.5%' or 'to 85%'."),
        ("1,234,5 more", PLACEMENTS, "Write '1,234.5 more' or '12,345 more'."),
        ("1.234,5 more", PLACEMENTS, "Write '1,234.5 more' or '12,345 more'."),
        ("1.500 more", PLACEMENTS, "Write '1.5 more' or '1,500 more'."),
        ("1.125 more", PLACEMENTS, "Write '1,125 more'."),
        ("x 1,5", PLACEMENTS, "Write 'x 1.5' or 'x 15'."),
        # A fall stays a fall.
        (
            "-2%",
            SUPPORT,
            "'-2%' can be read in two ways: 2 percentage points down, so that 5.7% becomes 3.7%; or relative",
        ),
        ("-2%", SUPPORT, "Write '-2 points' or '-2% relative'."),
        (
            "reduce by 5%",
            SUPPORT,
            "relative: 5% less than today's figure, so that 5.7% becomes 5.4%. Write '-5 points' or",
        ),
        (
            "falls by 10%",
            PLACEMENTS,
            "10 fewer placements a year, so that 28 becomes 18. Write '-10% relative' or '10 fewer'.",
        ),
        (
            "10%",
            Baseline.count(55, "placements a year"),
            "than today's figure, so that 55 becomes about 61; or 10 more",
        ),
        ("falls by -2 points", SUPPORT, "Write '-2 points' or '+2 points'."),
        ("-12 fewer", PLACEMENTS, "Write '12 fewer' or '12 more'."),
        # What can't be is not offered.
        ("85%", HALF, "It can only be the level itself, so that 57.0% becomes 85.0%. Write 'to 85%'."),
        ("+30%", HALF, "Write '30 points' or '30% relative'."),
        ("-60%", HALF, "It can only be relative: 60% less than today's figure, so that 57.0% becomes 22.8%."),
        # A number alone.
        (
            "40",
            PLACEMENTS,
            "the level itself, so that 28 becomes 40; or 40 more placements a year, so that 28 becomes 68.",
        ),
        ("40 placements a year", PLACEMENTS, "Write 'to 40' or '40 more'."),
        ("40", SUPPORT, "Write '40 points', '40% relative', 'to 40%' or '40 more'."),
        ("+2", SUPPORT, "Write '2 points', '2% relative' or '2 more'."),
        ("10 people", SUPPORT, "It can only be 10 more people, so that 5.7% becomes 6.0%. Write '10 more'."),
        ("8 pct", SUPPORT, "Write '8 points', '8% relative' or 'to 8%'."),
        ("to 8", SUPPORT, "Write 'to 8%'."),
        ("to 0.5", SUPPORT, "Write 'to 0.5%' or 'to 50%'."),
        ("to 40%", PLACEMENTS, "Write 'to 40' or '40% relative'."),
    ],
)
def test_what_has_more_than_one_reading_is_asked_about(typed: str, baseline: Baseline, words: str) -> None:
    with pytest.raises(AmbiguousChange) as refused:
        parse_change(typed, baseline)
    assert words in str(refused.value)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "baseline", "words"),
    [
        (
            "from 7% to 8%",
            SUPPORT,
            "does not start from the baseline, which is 5.7%. Write 'to 8%' if that level is meant.",
        ),
        ("down to 8%", SUPPORT, "would be a rise from the baseline, 5.7%. Write 'to 8%' if that level is meant."),
        ("rises to 8%", HALF, "would be a fall from the baseline, 57.0%. Write 'to 8%' if that level is meant."),
        ("120%", HALF, "'120%' is not possible in any reading."),
        ("1,5 points", PLACEMENTS, "Percentage points are for shares and rates."),
        ("12,34,56 more", PLACEMENTS, "can't be read as a change"),
        ("2 times more", PLACEMENTS, "can't be read as a change"),
        ("12 more a month", PLACEMENTS, "can't be read as a change"),
        ("2 more points", SUPPORT, "can't be read as a change"),
        ("up to 2 points", SUPPORT, "can't be read as a change"),
        (f"1,{'1' * 5000} more", PLACEMENTS, "can't be read as a change"),
        ("2 points relative", SUPPORT, "can't be read as a change"),
        ("to 8 points", SUPPORT, "can't be read as a change"),
        ("to 40 people", SUPPORT, "can't be read as a change"),
        ("8 to 10%", SUPPORT, "can't be read as a change"),
        ("8-10%", SUPPORT, "can't be read as a change"),
        ("to -8%", SUPPORT, "A level is 0 or more"),
    ],
)
def test_what_contradicts_the_baseline_or_itself_is_refused(typed: str, baseline: Baseline, words: str) -> None:
    with pytest.raises(ChangeError) as refused:
        parse_change(typed, baseline)
    assert words in str(refused.value)


@pytest.mark.unit
def test_a_start_that_is_the_baseline_as_rounded_agrees_with_it() -> None:
    for typed in ("from 6% to 8%", "from 5.7% to 8%", "from 5.70% to 8%"):
        assert parse_change(typed, SUPPORT) == Change(ChangeKind.LEVEL, 0.08)
    with pytest.raises(ChangeError, match="does not start from"):
        parse_change("from 6.0% to 8%", SUPPORT)


numbers_typed = st.one_of(
    st.integers(0, 2_000_000).map(str),
    st.integers(1_000, 2_000_000).map(lambda number: f"{number:,}"),
    st.decimals(0, 3_000, places=3).map(str),
    st.from_regex(r"[0-9]{1,4}[,.][0-9]{1,4}([,.][0-9]{1,3})?", fullmatch=True),
)
before_it = st.sampled_from(
    ["", "", "+", "-", "by ", "rises by ", "falls by ", "down ", "to ", "down to ", "at least ", "x "]
)
after_it = st.sampled_from(["", "%", "%", " points", " more", " fewer", "% less", " people", "% relative"])
any_baseline = st.sampled_from([SUPPORT, HALF, PLACEMENTS, Baseline.of(0, 10), None])


@pytest.mark.law
@given(before_it, numbers_typed, after_it, any_baseline)
def test_every_way_of_writing_that_a_message_advises_is_read_as_the_message_says(
    before: str, digits: str, after: str, baseline: Baseline | None
) -> None:
    typed = f"{before}{digits}{after}"
    message, ways = refusal_of(typed, baseline)
    falls = before in ("-", "falls by ", "down ", "down to ") or after in (" fewer", "% less")
    is_twofold = (before not in ("", "by ")) and after in (" fewer", "% less", " more")
    for way in ways:
        change = parse_change(way, baseline)
        if baseline is not None:
            change.goal(baseline)
        if change.kind in (ChangeKind.POINTS, ChangeKind.RELATIVE, ChangeKind.COUNT) and change.amount:
            assert is_twofold or (change.amount < 0) == falls
            if len(ways) <= MOST_SPELLED_OUT:
                assert number(abs(change.amount) * (1 if change.kind is ChangeKind.COUNT else 100), 6) in message


def refusal_of(typed: str, baseline: Baseline | None) -> tuple[str, list[str]]:
    """The message that refuses what was typed, and the ways of writing that it advises; empty where it is read."""
    try:
        parse_change(typed, baseline)
    except ChangeError as refused:
        found = re.search(r"Write (?!it in)(.*?)(?: if |\.$)", str(refused))
        ways = re.findall(r"'([^']*)'", found[1]) if found else []
        if isinstance(refused, AmbiguousChange) and tuple(ways) != refused.ways:
            pytest.fail(f"{ways} are advised, and {refused.ways} are meant")
        return str(refused), ways
    return "", []


@pytest.mark.law
@pytest.mark.parametrize("baseline", [None, SUPPORT, PLACEMENTS])
def test_the_ways_to_write_it_that_are_named_can_be_written(baseline: Baseline | None) -> None:
    with pytest.raises(ChangeError) as refused:
        parse_change("lots", baseline)
    ways = str(refused.value).partition("in one of these ways: ")[2].rstrip(".").split(", ")
    assert len(ways) > 4
    for way in ways:
        change = parse_change(way, baseline)
        if baseline is not None:
            change.goal(baseline)


@pytest.mark.unit
def test_the_two_readings_are_worked_out_on_the_baseline_at_hand() -> None:
    with pytest.raises(AmbiguousChange, match=r"5\.7% becomes 7\.7%.*5\.7% becomes 5\.8%"):
        parse_change("2%", SUPPORT)
    with pytest.raises(AmbiguousChange, match="or 20 more placements a year"):
        parse_change("20%", PLACEMENTS)
    with pytest.raises(AmbiguousChange, match=r"0\.0% becomes 2\.0%"):
        parse_change("2%", Baseline.of(0, 10))


@pytest.mark.unit
@pytest.mark.parametrize("typed", ["", "lots", "5", "5 percent points up or so", "2 % 3"])
def test_anything_else_is_refused_with_the_ways_to_write_it(typed: str) -> None:
    with pytest.raises(ChangeError, match="2 points, 10% relative, to 8%"):
        parse_change(typed)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("change", "baseline", "words"),
    [
        (Change(ChangeKind.POINTS, 0.95), SUPPORT, "more than 100%"),
        (Change(ChangeKind.LEVEL, 8), SUPPORT, r"Did you mean 0\.08 \(8%\)"),
        (Change(ChangeKind.POINTS, -0.06), SUPPORT, "below zero"),
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
