"""One truth: pages, report, status, what-if, evidence and plan check say the same of a measure, date and population.

`python -m tests.one_truth CODE` lists what differs in the default store.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from t4c_lib.periods import today
from t4c_lib.plan import Plan
from t4c_lib.store import Store
from tests.one_truth.extremes import NAMES, add_extremes
from tests.one_truth.gather import SURFACES, Gathered, Texts, plan_of, read, read_surface, summary, texts_of
from tests.one_truth.reading import Names, figures_in
from tests.one_truth.sowing import changed_figures, changed_words
from tests.one_truth.statements import Key, Statement, agree, by_key, compared, differences, period, value_range
from tests.samples import ONE_TRUTH

AS_OF = today()  # as commands have it that take no day
SOWN_IN = "DEMO-SC"
SOWN = {
    "page": 80,
    "board": 60,
    "report": 40,
    "status": 40,
    "whatif": 40,
    "evidence": 40,
    "check": 160,
    "agreement": 40,
    "minutes": 40,
}
# How many statements of each surface must at least be compared with another, over all organisations, and the largest
# part of its figures that may be left without a key: a reader that no longer knows its surface is found out.
# Where not all organisations are compared, that many times as much.
LEAST_OF_SOME, MOST_OF_SOME = (len(ONE_TRUTH) / 12, 6 / len(ONE_TRUTH)) if ONE_TRUTH else (1.0, 1.0)
LEAST_COMPARED = {
    "page": 1800,
    "board": 3200,
    "report": 6200,
    "status": 1700,
    "whatif": 560,
    "evidence": 220,
    "check": 300,
    "agreement": 480,
    "minutes": 500,
}
MOST_WITHOUT_KEY = {
    "page": 0.002,
    "board": 0.07,  # actions by framework, and the way of the paper, stand nowhere else
    "report": 0.06,
    "status": 0.002,
    "whatif": 0.01,
    "evidence": 0.01,
    "check": 0.05,
    "agreement": 0.01,
    "minutes": 0.25,
}
LEAST_FOUND = {
    "page": 20,
    "board": 20,
    "report": 8,
    "status": 40,
    "whatif": 20,
    "evidence": 8,
    "check": 8,
    "agreement": 5,
    "minutes": 10,
}


@pytest.fixture(scope="module")
def texts(
    demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Plan | None, Texts]]]:
    """What each surface shows of each organisation."""
    folder = tmp_path_factory.mktemp("one_truth")
    file = folder / "store.sqlite"
    shutil.copy(demonstration, file)
    with pytest.MonkeyPatch.context() as patch, Store.open(file) as store:
        patch.setenv("T4C_DATABASE_URL", f"sqlite:///{file}")
        add_extremes(store, folder)
        codes = [one.code for one in store.organisations() if not ONE_TRUTH or one.code in (*ONE_TRUTH, *NAMES)]
        yield {code: (plan_of(store, code), texts_of(store, code, AS_OF)) for code in codes}


@pytest.fixture(scope="module")
def gathered(texts: dict[str, tuple[Plan | None, Texts]]) -> list[Gathered]:
    return [read(code, *of_one) for code, of_one in texts.items()]


@pytest.mark.flow
def test_no_two_surfaces_differ(gathered: list[Gathered]) -> None:
    found = differences(one for some in gathered for one in some.statements)
    lines = [summary(gathered), *(f"- {one}" for one in found)]
    print("\n".join(lines))
    assert not found, "\n".join(lines)


@pytest.mark.flow
def test_every_surface_of_every_organisation_was_read(gathered: list[Gathered]) -> None:
    statements = [one for some in gathered for one in some.statements]
    assert len({one.key.organisation for one in statements}) == len(gathered) == (len(ONE_TRUTH) or 6) + len(NAMES)
    beside = Counter(one.surface for one in compared(statements))
    for surface in SURFACES:
        assert all(any(one.surface == surface for one in some.statements) for some in gathered), surface
        assert beside[surface] >= LEAST_COMPARED[surface] * LEAST_OF_SOME, summary(gathered)
        figures = sum(some.figures[surface] for some in gathered)
        without = sum(figures_in(piece) for some in gathered for piece in some.unread[surface])
        assert without <= MOST_WITHOUT_KEY[surface] * MOST_OF_SOME * figures, summary(gathered)


@pytest.mark.flow
@pytest.mark.parametrize("surface", SURFACES)
def test_a_difference_sown_in_a_surface_is_found_and_nothing_else(
    surface: str, texts: dict[str, tuple[Plan | None, Texts]]
) -> None:
    """One figure or word is changed at a time. Where it stands beside another, exactly its key is found to differ."""
    plan, shown = texts[SOWN_IN]
    names, right = Names.of(SOWN_IN, plan), read(SOWN_IN, plan, shown).statements
    others = [one for one in right if one.surface != surface]
    # A place is called after a label, which may be what was changed: it makes no other statement.
    own = Counter(replace(one, place="") for one in right if one.surface == surface)
    before = {one.key for one in differences(right)}
    beside = Counter(one.key for one in right)
    found = 0
    for name in [one for one in shown if one.split(",")[0] == surface]:
        for wrong, what in (
            *changed_figures(shown[name], SOWN[surface], seed=13),
            *changed_words(shown[name], 6, seed=13),
        ):
            said = read_surface(surface, names, {**shown, name: wrong}).statements
            now = Counter(replace(one, place="") for one in said)
            gone, new = own - now, now - own
            # A changed name or date makes a statement about something else, beside which nothing need stand.
            changed = {one.key for one in gone} & {one.key for one in new}
            expected = {key for key in changed if beside[key] > 1} - before
            differ = {one.key for one in differences([*others, *said])} - before
            assert differ >= expected, what
            if {one.key for one in gone} == {one.key for one in new}:
                assert differ == expected, what
                found += bool(expected)
    print(f"{surface}: {found} sown differences found")
    assert found >= LEAST_FOUND[surface]


def statement(shown: str, *, word: bool = False, kind: str = "figure") -> Statement:
    return Statement(Key("A", "m", "all", "", "2026-03", kind), shown, "page", "here", word)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5.8%", "5.76%"),
        ("12.15 percentage points above the comparison", "−12.15"),
        ("1,529 people", "1529"),
        ("a gap of 2.48 percentage points", "2.5"),
        ("10.6", "11"),
        ("0.0%", "0%"),
    ],
)
def test_roundings_of_one_number_agree(one: str, other: str) -> None:
    assert agree(statement(one), statement(other))
    assert not differences([statement(one), statement(other)])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("one", "other"),
    [("11.9%", "10.5%"), ("5", "6"), ("5.3%", "5.45%"), ("10.5%", "10.5"), ("12.15", "−12.15"), ("4.7%", "not known")],
)
def test_what_cannot_be_one_number_differs(one: str, other: str) -> None:
    assert not agree(statement(one), statement(other))
    (found,) = differences([statement(one), statement(other), statement(one)])
    assert str(found) == f"A | m | all | 2026-03 | figure: '{one}' (page: here); '{other}' (page: here)"


@pytest.mark.unit
def test_words_are_compared_as_text_and_other_keys_not_at_all() -> None:
    assert agree(statement("Off course", word=True), statement("off course", word=True))
    assert not agree(statement("12%", word=True), statement("12.1%", word=True))
    assert not differences([statement("1"), statement("2", kind="target")])
    assert [len(some) for some in by_key([statement("1"), statement("1"), statement("2", kind="target")]).values()] == [
        2,
        1,
    ]


@pytest.mark.unit
def test_dates_and_figures_are_read_however_they_are_written() -> None:
    assert {period(text) for text in ("March 2026", "31 March 2026", "2026-03", "2026-03-31")} == {"2026-03"}
    assert period("2025/26") == "2025/26"
    assert value_range("5.7%") == pytest.approx((0.0565, 0.0575))
    assert value_range("−0.2 points") == pytest.approx((-0.25, -0.15))
    assert value_range("not known") is None
