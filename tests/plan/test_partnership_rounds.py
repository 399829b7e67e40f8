from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.plan import PlanError
from t4c_lib.plan.partnership.rounds import (
    FEWEST,
    TOO_FEW,
    Entry,
    Round,
    RoundError,
    RoundResult,
    Settlement,
    agreed_change,
    latest_entries,
    round_result,
    with_agreed_x,
)
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.quantities.change import AmbiguousChange

from .partnership_making import START, closed, entries, entry, opened, plan_of, row

PEOPLE = ("Ann", "Bob", "Cy", "Di", "Ed", "Fay", "Gus", "Hal")


def published(result: RoundResult) -> tuple[object, ...]:
    """Everything of a result that anybody sees."""
    return result.spread, result.sides, result.movement, result.entries, result.withheld, result.lines


@pytest.mark.law
def test_twenty_people_with_different_ways_to_say_it_are_put_on_one_scale() -> None:
    on = opened()
    ways = ["2 points", "to 8%", "40% relative", "90 more", "x 1.5"]
    goals = [0.077, 0.08, 0.0798, (171 + 90) / 3000, 0.0855]
    made = [Entry.into(on, row(), partner=f"p{n}", side="staff", change=ways[n % 5]) for n in range(20)]
    spread = round_result(closed(), made).spread
    assert spread is not None
    assert spread.entries == 20
    assert spread.lowest == pytest.approx(min(goals))
    assert spread.median == pytest.approx(sorted(goals)[2])
    assert spread.highest == pytest.approx(max(goals))


@pytest.mark.unit
def test_an_open_round_tells_nothing() -> None:
    with pytest.raises(RoundError, match="is open: what was entered is shown when it is closed"):
        round_result(opened(named=True), entries(Ann=1, Bob=2))


@pytest.mark.unit
def test_the_last_entry_of_a_partner_counts_however_the_name_is_written() -> None:
    made = (entry("Ann  O'Neill", 1), entry("Bob", 2), entry("ann o'neill", 5))
    assert [one.change.amount for one in latest_entries(made)] == [0.05, 0.02]


@pytest.mark.unit
def test_a_named_round_shows_each_side_and_who_moved_which_way() -> None:
    first, second = closed(named=True), closed(named=True, number=2)
    result = round_result(second, entries(Mia=2, Max=4, Sue=5, Sid=3), first, entries(Mia=1, Max=4, Sue=6, Tom=9))
    assert result.movement is not None
    assert (result.movement.names_up, result.movement.names_down, result.movement.stayed) == (("Mia",), ("Sue",), 1)
    assert result.lines[:4] == (
        "4 entries, lowest 7.7%, median 9.2%, highest 10.7%.",
        "management side: 2 entries, lowest 7.7%, median 8.7%, highest 9.7%.",
        "staff side: 2 entries, lowest 8.7%, median 9.7%, highest 10.7%.",
        "Since the previous round 2 of 3 people changed their X: 1 up (Mia) and 1 down (Sue).",
    )
    heads = "people if the workforce stays at 3,000 (March 2026)."
    assert result.lines[4:] == (
        f"Mia (management side): from 5.7% to 7.7%: 2 percentage points, 60 more {heads}",
        f"Sid (staff side): from 5.7% to 8.7%: 3 percentage points, 90 more {heads}",
        f"Max (management side): from 5.7% to 9.7%: 4 percentage points, 120 more {heads}",
        f"Sue (staff side): from 5.7% to 10.7%: 5 percentage points, 150 more {heads}",
    )


@pytest.mark.unit
def test_an_anonymous_round_counts_who_moved_and_names_nobody() -> None:
    first, second = closed(), closed(number=2)
    result = round_result(second, entries(Ann=2, Bob=4, Cy=5, Di=3), first, entries(Ann=1, Bob=4, Cy=6, Di=3))
    assert result.lines == (
        "4 entries, lowest 7.7%, median 9.2%, highest 10.7%.",
        "staff side: 4 entries, lowest 7.7%, median 9.2%, highest 10.7%.",
        "Since the previous round 2 of 4 people changed their X: 1 up and 1 down.",
    )
    assert not any(name in str(published(result)) for name in PEOPLE)


@pytest.mark.law
@given(count=st.integers(0, FEWEST - 1), data=st.data())
def test_of_fewer_than_four_people_an_anonymous_round_tells_nothing_but_that(count: int, data: st.DataObject) -> None:
    made = [entry(name, data.draw(st.integers(0, 20))) for name in PEOPLE[:count]]
    result = round_result(closed(number=2), made, closed(), entries(Ann=1, Bob=2, Cy=3, Di=4))
    assert published(result) == (None, (), None, (), (TOO_FEW,), (f"{TOO_FEW}.",))


@pytest.mark.unit
def test_if_one_side_is_too_small_neither_is_told_because_the_whole_would_give_it_away() -> None:
    result = round_result(closed(), entries(Mia=9, Ann=1, Bob=2, Cy=3, Di=4))
    assert result.sides == ()
    assert result.lines[-1] == (
        "Not shown: the two sides separately, because on at least one of them fewer than 4 people entered an X, "
        "too few to stay anonymous."
    )
    both = round_result(closed(), entries(M1=1, M2=2, M3=3, M4=4, Ann=1, Bob=2, Cy=3, Di=4))
    assert [spread.entries for _, spread in both.sides] == [4, 4]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (("Ann", "Bob", "Cy", "Di"), ("Ann", "Bob", "Cy", "Di", "Ed"), "differ by too few people"),
        (("Ann", "Bob", "Cy", "Di", "Ed"), ("Ann", "Bob", "Cy", "Di"), "differ by too few people"),
        (("Ann", "Bob", "Cy", "Di"), ("Ann", "Ed", "Fay", "Gus", "Hal"), "differ by too few people"),
        (("Ann", "Bob"), ("Ann", "Bob", "Cy", "Di", "Ed", "Fay"), "differ by too few people"),
        (("Ann", "Bob", "Cy", "Di"), ("Ed", "Fay", "Gus", "Hal"), "entries without names can't be matched"),
    ],
)
def test_two_anonymous_rounds_that_differ_by_a_few_people_are_not_compared(
    before: tuple[str, ...], now: tuple[str, ...], words: str
) -> None:
    old, new = [entry(name, 3) for name in before], [entry(name, 3) for name in now]
    result = round_result(closed(number=2), new, closed(), old)
    assert result.movement is None
    assert words in result.lines[-1]


@pytest.mark.unit
@pytest.mark.parametrize("named", [True, False])
def test_a_named_round_and_an_anonymous_one_are_not_compared(named: bool) -> None:
    made = entries(Ann=1, Bob=2, Cy=3, Di=4)
    result = round_result(closed(named=named, number=2), made, closed(named=not named), made)
    assert result.movement is None
    assert result.withheld[-1].startswith("who changed, because the previous round was ")


@pytest.mark.unit
def test_rounds_from_different_baselines_are_not_compared() -> None:
    other = row(baseline={"numerator": 180, "denominator": 3000, "period": "2026-06", "source": "extract"})
    made = entries(Ann=1, Bob=2, Cy=3, Di=4)
    result = round_result(closed(number=2), made, closed(other), made)
    assert result.withheld == ("who changed, because the previous round had another baseline",)


@pytest.mark.law
@settings(max_examples=60)
@given(
    first=st.lists(st.integers(0, 3), min_size=8, max_size=8),
    second=st.lists(st.integers(0, 3), min_size=8, max_size=8),
    there=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=8, max_size=8),
    swap=st.tuples(st.integers(0, 7), st.integers(0, 7)),
)
def test_who_took_part_in_the_same_rounds_on_the_same_side_can_be_swapped_and_nobody_sees(
    first: list[int], second: list[int], there: list[tuple[bool, bool]], swap: tuple[int, int]
) -> None:
    one, other = swap
    there[one] = there[other]

    def told(order: list[int]) -> list[object]:
        old = [entry(PEOPLE[n], first[order[n]]) for n in range(8) if there[n][0]]
        new = [entry(PEOPLE[n], second[order[n]]) for n in range(8) if there[n][1]]
        return [published(round_result(closed(), old)), published(round_result(closed(number=2), new, closed(), old))]

    order = list(range(8))
    before = told(order)
    order[one], order[other] = order[other], order[one]
    assert told(order) == before


@pytest.mark.law
@pytest.mark.parametrize(
    ("first", "second", "alone"),
    [(PEOPLE[:4], PEOPLE[:5], "Ed"), (PEOPLE[:5], PEOPLE[:4], "Ed"), (PEOPLE[:4], PEOPLE[:4], "Ann")],
)
def test_nobodys_entry_follows_from_two_rounds_unless_all_entered_the_same(
    first: tuple[str, ...], second: tuple[str, ...], alone: str
) -> None:
    """Every way in which people can choose between two X's, sorted by what the two rounds tell of it."""
    choices = (1.0, 2.0)
    made = {(name, x): entry(name, x) for name in PEOPLE for x in choices}
    possible: dict[tuple[object, ...], set[object]] = defaultdict(set)
    same: dict[tuple[object, ...], bool] = {}
    for world in itertools.product(choices, repeat=len(first) + len(second)):
        xs = (world[: len(first)], world[len(first) :])
        old, new = (
            tuple(made[one] for one in zip(who, x, strict=True)) for who, x in zip((first, second), xs, strict=True)
        )
        results = (round_result(closed(), old), round_result(closed(number=2), new, closed(), old))
        told = tuple(str(result) for result in results)
        which = 1 if alone in second else 0
        possible[told].add(dict(zip((first, second)[which], xs[which], strict=True))[alone])
        spread = results[which].spread
        assert spread is not None
        same[told] = spread.lowest == spread.highest
    assert all(len(values) == 2 or same[told] for told, values in possible.items())


@pytest.mark.unit
def test_a_round_needs_an_amount_a_baseline_and_somebody_who_opens_it() -> None:
    with pytest.raises(RoundError, match=r"A round on 1m1 Staff aged 16 to 24 is not possible yet: set a baseline"):
        opened(row(baseline=None))
    with pytest.raises(RoundError, match="it is measured by evidence and has no amount"):
        opened(row("pledge-published", baseline=None, change=None))
    with pytest.raises(InputError, match="enter your name"):
        Round.on(row(), organisation="X01", number=1, named=True, by=" ")


@pytest.mark.unit
def test_an_entry_that_cannot_be_is_refused_with_all_its_problems() -> None:
    with pytest.raises(AmbiguousChange, match="can be read in three ways"):
        Entry.into(opened(), row(), partner="Ann", side="staff", change="2%")
    with pytest.raises(InputError) as caught:
        Entry.into(opened(), row(), partner=" ", side="both", change="to 120%")
    message = str(caught.value)
    assert "partner: enter the name of the partner." in message
    assert "side: 'both' is not a side. Allowed: management, staff." in message
    assert "change: " in message
    with pytest.raises(RoundError, match="no more entries can be made"):
        Entry.into(closed(), row(), partner="Ann", side="staff", change="2 points")


@pytest.mark.unit
def test_the_agreed_x_goes_into_the_row_and_nowhere_else() -> None:
    plan = plan_of(row(note="keep"), row("turnover", baseline=None, change=None, due=None))
    on = closed()
    change = agreed_change(on, row(), "to 8%")
    settled = replace(on, settled=Settlement(change, "F", START))
    after = with_agreed_x(plan, settled)
    assert after.measures[0] == row(note="keep", change=Change(ChangeKind.LEVEL, 0.08))
    assert after.measures[1] == plan.measures[1]
    with pytest.raises(RoundError, match="close it before the X is set"):
        agreed_change(opened(), row(), "to 8%")
    with pytest.raises(RoundError, match="no X was set after it"):
        with_agreed_x(plan, on)
    with pytest.raises(PlanError, match="no longer has the row 1m1 Staff aged 16 to 24"):
        with_agreed_x(plan_of(), settled)


@pytest.mark.unit
def test_an_agreed_x_is_not_put_upon_another_baseline_than_the_one_it_was_entered_for() -> None:
    moved = row(baseline={"numerator": 180, "denominator": 3000, "period": "2026-06", "source": "extract"})
    settlement = Settlement(Change(ChangeKind.POINTS, 0.02), "F", START)
    with pytest.raises(RoundError, match="has another baseline than in round 1"):
        with_agreed_x(plan_of(moved), replace(closed(), settled=settlement))
    assert settlement.note == ""
