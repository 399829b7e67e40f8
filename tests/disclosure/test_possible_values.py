"""What a reader can work out of sums: the same as trying every count, and the known answers of the conventions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.disclosure.possible_values import ContradictionError, CountSystem, narrowed, possible_values
from tests.disclosure.sums import add_sum

TOP = 4

pytestmark = pytest.mark.law


@st.composite
def sides(draw: st.DrawFn, size: int) -> tuple[list[int], list[int]]:
    """Counts of so many, some on one side of a sum and some on the other."""
    chosen = draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=size, unique=True))
    cut = draw(st.integers(1, len(chosen) - 1))
    return chosen[:cut], chosen[cut:]


@st.composite
def systems(draw: st.DrawFn) -> tuple[CountSystem, list[tuple[list[int], list[int]]]]:
    """Up to five counts from 0 to 4, and sums between them that may form rings."""
    system, size = CountSystem(), draw(st.integers(2, 5))
    for _ in range(size):
        low = draw(st.integers(0, TOP))
        system.add_count(low, draw(st.integers(low, TOP)))
    sums = []
    for _ in range(draw(st.integers(1, 4))):
        sums.append(draw(sides(size)))
        add_sum(system, *sums[-1])
    return system, sums


@st.composite
def solvable_systems(draw: st.DrawFn) -> tuple[CountSystem, list[tuple[list[int], list[int]]], list[int]]:
    """Up to four counts, sums between them and what they lack to be equal, and one set of counts that fits."""
    true = draw(st.lists(st.integers(0, TOP), min_size=2, max_size=4))
    system, sums, size = CountSystem(), [], len(true)
    for count in true:
        system.add_count(draw(st.integers(0, count)), draw(st.integers(count, TOP)))
    for _ in range(draw(st.integers(1, 3))):
        plus, minus = draw(sides(size))
        lacks = sum(true[one] for one in plus) - sum(true[one] for one in minus)
        if lacks:
            (minus if lacks > 0 else plus).append(system.add_count(abs(lacks), abs(lacks) + draw(st.integers(0, 1))))
            true.append(abs(lacks))
        add_sum(system, plus, minus)
        sums.append((plus, minus))
    return system, sums, true


def by_trying(system: CountSystem, sums: list[tuple[list[int], list[int]]]) -> np.ndarray:
    """Every set of counts that fits, a row each."""
    ranges = [range(low, high + 1) for low, high in zip(system.low, system.high, strict=True)]
    fits = [one for one in product(*ranges) if all(sum(one[i] for i in a) == sum(one[i] for i in b) for a, b in sums)]
    return np.array(fits).reshape(len(fits), len(ranges))


@given(systems())
def test_the_ends_are_those_found_by_trying_every_count(
    made: tuple[CountSystem, list[tuple[list[int], list[int]]]],
) -> None:
    system, sums = made
    fits = by_trying(system, sums)
    asked = list(range(len(system.low)))
    if not len(fits):
        with pytest.raises(ContradictionError):
            possible_values(system, asked)
        return
    least, most = possible_values(system, asked)
    assert least.tolist() == fits.min(axis=0).tolist()
    assert most.tolist() == fits.max(axis=0).tolist()


@given(solvable_systems(), st.integers(1, TOP))
def test_who_looks_for_enough_values_misses_no_narrow_count(
    made: tuple[CountSystem, list[tuple[list[int], list[int]]], list[int]], enough: int
) -> None:
    system, sums, true = made
    fits = by_trying(system, sums)
    asked = list(range(len(system.low)))
    least, most = possible_values(system, asked, enough=enough, true=true)
    room = fits.max(axis=0) - fits.min(axis=0) + 1
    assert ((most - least + 1 >= enough) == (room >= enough)).all()
    assert (least >= fits.min(axis=0)).all()
    assert (most <= fits.max(axis=0)).all()


@given(solvable_systems())
def test_narrowing_leaves_out_nothing_that_is_possible(
    made: tuple[CountSystem, list[tuple[list[int], list[int]]], list[int]],
) -> None:
    system, sums, _ = made
    fits = by_trying(system, sums)
    low, high = narrowed(system)
    assert (low <= fits.min(axis=0)).all()
    assert (high >= fits.max(axis=0)).all()


def test_seven_or_fewer_twice_under_a_total_of_15_leaves_six_and_seven() -> None:
    """The example of the conventions: 15 stands for 13 to 17."""
    system = CountSystem()
    hidden = [system.add_count(0, 7) for _ in range(2)]
    add_sum(system, [system.add_count(13, 17)], hidden)
    least, most = possible_values(system, hidden)
    assert (least.tolist(), most.tolist()) == ([6, 6], [7, 7])


def test_a_ring_tells_more_than_each_sum_by_itself() -> None:
    """a + b = b + c = c + a = 2: each sum alone leaves 0 to 2, together they leave 1."""
    system = CountSystem()
    a, b, c = (system.add_count(0, 2) for _ in range(3))
    two = system.add_count(2, 2)
    for pair in ((a, b), (b, c), (c, a)):
        add_sum(system, [two], pair)
    assert [ends.tolist()[:3] for ends in narrowed(system)] == [[0, 0, 0], [2, 2, 2]]
    assert [ends.tolist() for ends in possible_values(system, [a, b, c])] == [[1, 1, 1], [1, 1, 1]]
