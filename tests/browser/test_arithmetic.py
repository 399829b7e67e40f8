"""What an X comes to is worked out where it is typed: the browser's answer is the library's, word for word."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from t4c_lib.errors import T4CError
from t4c_lib.panels.controls.form_controls import read_programs
from t4c_lib.panels.opened_row import _described
from t4c_lib.plan import LocalMeasure, MeasureRow, RowState
from t4c_lib.quantities import Baseline, Change, ChangeKind, Reading, Unit, number, percent
from t4c_lib.quantities.baseline import count_of
from tests.browser.forum_row import visit

pytestmark = pytest.mark.browser

# A measure of the plan's own, whose figures are called as they call themselves.
DEFINITION = LocalMeasure.of(intention=1, name="Own", kind="count", better="higher", unit="people")
OWN = MeasureRow.of(measure="own", state=RowState.ADDED, definition=DEFINITION)
MANY = 4_000
THINGS = ("people", "placements a year", "leavers", "newcomers", "FTE days lost", "courses a year")
AMOUNTS = (0, 1, 0.01, -0.01, 0.02, 0.1, -0.1, 0.125, 0.5, 2, 5, -5, 10, 0.0005, 1.5, 100, -1, 1e9, 1e-9)
BASES = ((0, 40), (1, 40), (136, 2842), (10, 30), (0.5, 12.5), (40, 40), (1, 3), (4_000, 240_000))


def any_baseline(chance: random.Random) -> Baseline:
    unit = chance.choice(list(Unit))
    period = chance.choice(["", "2026-03", "2025/26"])
    if unit is Unit.COUNT:
        value = chance.choice([0, 1, 2, 28, 1_240, round(chance.uniform(0, 500), 1)])
        return Baseline.count(value, chance.choice(THINGS), period=period)
    part, whole = chance.choice(BASES) if chance.random() < 0.5 else (chance.randint(0, 90), chance.randint(90, 9_000))
    if chance.random() < 0.2:
        return Baseline(round(chance.random(), 4), unit=unit, period=period)
    return Baseline.of(part, whole, unit=unit, period=period, counted=chance.choice(THINGS))


def any_case(chance: random.Random) -> tuple[ChangeKind, float, Baseline, Baseline | None]:
    kind, baseline = chance.choice(list(ChangeKind)), any_baseline(chance)
    amount = chance.choice(AMOUNTS) if chance.random() < 0.5 else round(chance.uniform(-1, 1), chance.randint(1, 6))
    if kind is ChangeKind.COUNT and chance.random() < 0.7:
        amount = chance.randint(-60, 60)
    now = any_baseline(chance) if baseline.is_fraction and chance.random() < 0.6 else None
    return kind, float(amount), baseline, now if now is not None and now.is_fraction else None


def told(found: Reading | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"kind": str(found.kind), "goal": found.goal, "heads": found.heads, "sentence": found.sentence}


def worked_out(kind: ChangeKind, amount: float, baseline: Baseline, now: Baseline | None) -> list[Any]:
    """By the library: reading and twin; None where there can be none."""
    try:
        change = Change(kind, amount)
        found = change.reading(baseline, now)
    except T4CError:
        return [None, None]
    try:
        twin = change.twin(baseline, now)
    except T4CError:
        twin = None
    return [told(found), told(twin)]


def in_the_browser(page: Page, what: str, cases: list[Any]) -> list[Any]:
    program = f"{read_programs('arithmetic.js')}\nreturn cases.map((one) => {what});"
    found: list[Any] = page.evaluate("([program, cases]) => new Function('cases', program)(cases)", [program, cases])
    return found


def test_every_reading_and_its_twin_are_the_librarys(page: Page) -> None:
    chance = random.Random(18)
    cases = [any_case(chance) for _ in range(MANY)]
    asked = [
        [{"kind": str(kind), "amount": amount}, _described(baseline, OWN), now and _described(now, OWN)]
        for kind, amount, baseline, now in cases
    ]
    what = "[arithmetic.reading(...one), arithmetic.reading(...one) && arithmetic.twin(...one)]"
    answers = in_the_browser(page, what, asked)
    due = [worked_out(*case) for case in cases]
    assert sum(one[0] is not None for one in due) > MANY / 2
    assert sum(one[0] is None for one in due) > MANY / 20
    wrong = [(case, mine, theirs) for case, mine, theirs in zip(cases, due, answers, strict=True) if mine != theirs]
    assert not wrong, wrong[:3]


def test_numbers_are_written_alike_halves_and_zeros_included(page: Page) -> None:
    chance = random.Random(5)
    values = [n / 8 for n in range(-400, 400)] + [n / 1000 for n in range(-50, 2_000)]
    values += [chance.uniform(-1e6, 1e7) for _ in range(1_000)] + [-0.04, 0.05, 1e12, 2.5e-7]
    numbers = "arithmetic.number(one), arithmetic.number(one, 2)"
    what = f"[{numbers}, arithmetic.percent(one), arithmetic.countOf(one, 'people')]"
    answers = in_the_browser(page, what, values)
    due = [[number(one), number(one, 2), percent(one), count_of(one, "people")] for one in values]
    wrong = [(value, mine, theirs) for value, mine, theirs in zip(values, due, answers, strict=True) if mine != theirs]
    assert not wrong, wrong[:5]


# Sets the field as a person does and reads the page before anything else can happen: no kernel has answered by then.
SAYS = "['sentence', 'twin'].map((one) => document.querySelector(`[data-part=${one}]`).innerText)"
TYPE = f"""(amount) => {{
  const input = document.querySelector('[name=x_amount]');
  input.value = amount;
  input.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));
  return {SAYS};
}}"""
WAITING = re.compile("f-waiting")


TYPED: dict[str, list[tuple[str, ...]]] = {
    "young-share": [
        ("points", "2.5", "0.3", "-1"),
        ("relative", "12", "-3"),
        ("level", "6.5", "3"),
        ("count", "40", "-7"),
        ("multiple", "1.5"),
    ],
    "pre-employment-partners": [("level", "7", "12")],
    "turnover": [("points", "-1.5", "-2")],
}


@pytest.mark.parametrize("measure", TYPED)
def test_what_the_browser_says_at_once_the_kernel_confirms(page: Page, forum: str, measure: str) -> None:
    visit(page, forum, "DEMO-AC", f"&measure={measure}")
    answered = expect(page.locator("[data-part=answer]"))
    for kind, *amounts in TYPED[measure]:
        page.get_by_label("Counted as").select_option(kind)
        answered.not_to_have_class(WAITING)
        for amount in amounts:
            before = page.evaluate(SAYS)
            at_once = page.evaluate(TYPE, amount)
            assert at_once[0] != before[0]
            answered.not_to_have_class(WAITING)
            assert page.evaluate(SAYS) == at_once, (kind, amount)
    at_once = page.evaluate(TYPE, f"{amount}.0" if "." not in amount else f"{amount}0")
    answered.not_to_have_class(WAITING)  # an answer that changes nothing is an answer too
    assert page.evaluate(SAYS) == at_once
