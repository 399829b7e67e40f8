"""What a collection workbook writes it reads: for any measures, periods, groups, and anything sensible filled in."""

from __future__ import annotations

import itertools
import math
import random
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from t4c_lib.errors import Problem
from t4c_lib.evidence import State
from t4c_lib.evidence.breakdowns import breakdown_of
from t4c_lib.evidence.collection_workbook import Collection, MeasureRequest, Rhythm, collect
from t4c_lib.evidence.collection_workbook.request import OPEN_ROWS, RequestRow
from t4c_lib.evidence.collection_workbook.returned_workbook import read_front
from t4c_lib.evidence.collection_workbook.sheet_layout import DENOMINATOR, GROUP, NUMERATOR, STATE
from t4c_lib.evidence.collection_workbook.workbook_writer import write_template
from t4c_lib.evidence.xlsx_workbook import Workbook, read_file
from t4c_lib.framework import Better, catalogue
from t4c_lib.periods import Day, Month
from t4c_lib.typed_text import ORGANISATION, take_text

from .collection_making import AT, FIRST, formulas, loaded

pytestmark = pytest.mark.law

MEASURES = [measure for measure in catalogue().measures if measure.baseline_unit is not None]
NASTY = ("=1+1", "+44", "-5", "@SUM(A1)", '=HYPERLINK("http://example.org")', "'quoted", "a & b <c>", "_x0041_", "Zoë")
names = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=30).filter(lambda text: text.strip()))


def can_be_read(name: str) -> bool:
    """Whether an organisation may have that name: others are refused, see the test of the workbook."""
    problems: list[Problem] = []
    take_text(problems, "name", name, ORGANISATION)
    return not problems


@st.composite
def asked(draw: st.DrawFn) -> MeasureRequest:
    measure = draw(st.sampled_from(MEASURES))
    population = draw(st.sampled_from([None, "", "support staff", "trust workforce"]))
    group = draw(st.sampled_from(["", "race: Asian", "sex: women", "women"])) if measure.better is Better.CLOSER else ""
    named = measure.model_copy(update={"name": draw(names)}) if draw(st.booleans()) else measure
    return MeasureRequest(named, population, group)


@st.composite
def collections(draw: st.DrawFn) -> Collection:
    return collect(
        draw(st.sampled_from(["RXX", "DEMO-AC", "X_1", "1E5", "00123"])),
        draw(names.filter(can_be_read)),
        draw(st.lists(asked(), min_size=1, max_size=3)),
        Month(draw(st.integers(2005, 2040)), draw(st.integers(1, 12))),
        every=draw(st.sampled_from([None, *Rhythm])),
        demonstration=draw(st.booleans()),
    )


def answer(dice: random.Random, row: RequestRow, number: int) -> tuple[dict[str, object], tuple[Any, ...] | None]:
    """Something to fill into a row, and the group, numbers and state that come of it; None where nothing does."""
    item = row.item
    whole = dice.randrange(1, 5000)
    part = dice.randrange(0, whole + 1)
    typed: dict[str, object] = {GROUP: f"race: group {number}"} if item.is_open else {}
    group = breakdown_of(f"race: group {number}" if item.is_open else item.group)
    kind = dice.choice(["empty", "figures", "figures", "zero", *(state for state in State if state != "zero")])
    if kind == "empty":
        return {}, None
    if kind in {"figures", State.counted, "zero"}:
        part = 0 if kind == "zero" else part
        typed |= {NUMERATOR: part} | ({} if item.is_count else {DENOMINATOR: whole})
        typed |= {STATE: str(kind)} if kind == State.counted or (kind == "zero" and dice.random() < 0.5) else {}
        state = State.counted if part else State.zero
        numbers = (part, math.nan, part) if item.is_count else (part, whole, part / whole)
        return typed, (group, *numbers, state)
    return typed | {STATE: str(kind).upper() if dice.random() < 0.3 else str(kind)}, (group, *([math.nan] * 3), kind)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(collections(), st.integers(0, 2**32))
def test_what_it_writes_and_somebody_fills_in_it_reads(collection: Collection, seed: int) -> None:
    dice = random.Random(seed)
    expected: dict[tuple[Any, ...], list[Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = write_template(collection, Path(folder) / "figures.xlsx", locked=bool(seed % 2))
        assert formulas(path) == []
        book = openpyxl.load_workbook(path)
        for title, rows in collection.sheets.items():
            for at, row in enumerate(rows, FIRST):
                typed, result = answer(dice, row, at)
                for column, value in typed.items():
                    book[title][f"{AT[column]}{at}"] = value
                if result is not None:
                    group, *figures = result
                    expected[row.item.series, row.item.population, group, str(row.period)] = figures
        book.save(path)
        found = loaded(path)
    records = found.observations.to_dict("records")
    got = {(one["series"], one["population"], one["breakdown"], one["period"]): one for one in records}
    assert set(got) == set(expected)
    assert set(found.observations["organisation"]) <= {collection.organisation}
    for key, (*numbers, state) in expected.items():
        assert got[key]["state"] == state
        for name, wanted in zip(("numerator", "denominator", "value"), numbers, strict=True):
            assert got[key][name] == wanted or (math.isnan(got[key][name]) and math.isnan(wanted))


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(collections())
def test_the_workbook_says_what_it_asks(collection: Collection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = read_file(write_template(collection, Path(folder) / "figures.xlsx"))
    assert isinstance(book, Workbook)
    assert read_front(book)[0] == collection


@given(st.sampled_from(list(Rhythm)), st.integers(1990, 2090), st.integers(1, 12))
def test_periods_follow_each_other_and_are_over_by_the_last_month(every: Rhythm, year: int, month: int) -> None:
    last = Month(year, month)
    periods = every.periods(last)
    assert len(periods) == {"month": 12, "quarter": 4, "year": 3}[every]
    assert periods[-1].last_day <= last.last_day
    for one, other in itertools.pairwise(periods):
        assert not isinstance(one, Day)
        assert other == one + 1
    length = {"month": 1, "quarter": 3, "year": 12}[every]
    assert Month.of(periods[-1].last_day).months_until(last) < length


def test_every_measure_with_an_amount_has_its_rows_and_no_figure_is_asked_twice() -> None:
    collection = collect("RXX", "Trust", [MeasureRequest(measure) for measure in MEASURES], Month(2026, 3))
    keys = [(item.series, item.population, item.group) for item in collection.items]
    assert len(keys) == len(set(keys))
    assert {item.series for item in collection.items} == {measure.series for measure in MEASURES}
    assert all(len(title) <= 31 for title in collection.sheets)
    for title, rows in collection.sheets.items():
        assert [row.number for row in rows] == list(range(1, len(rows) + 1)), title
    open_items = [item for item in collection.items if item.is_open]
    assert open_items
    assert all(len(item.rows) == OPEN_ROWS for item in open_items)
