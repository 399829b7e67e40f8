"""The board's page without a browser: its figures are those of the plan's rows and of the what-if."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from t4c_lib.address import Address
from t4c_lib.evidence import read_files
from t4c_lib.framework import catalogue
from t4c_lib.panels import Frame, Page, frame
from t4c_lib.panels.board_compare_audit import BoardPanel, BoardPart, board
from t4c_lib.periods import today
from t4c_lib.plan.action_rows import SHORT
from t4c_lib.plan.partnership.decisions import subject_of
from t4c_lib.progress import StatusWord
from t4c_lib.progress.target_chances import target_chances
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.sections.board import GOOD, Board
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.row_view import GROUPS
from t4c_lib.store import Store, StoreError
from t4c_lib.store.evidence import PROGRAMME
from tests.browser.conftest import SICKNESS_ALONE
from tests.event_loops import run_apart

pytestmark = pytest.mark.flow
CODE = "DEMO-MH"
MEETING, PLAN_CHANGED = dt.date(2026, 9, 24), dt.date(2026, 9, 17)  # of the demonstration


def opened(query: str = f"organisation={CODE}") -> Page:
    async def made() -> Page:
        page = board(Frame("board", Store.open(), Address.from_query(query)))
        assert page.in_detail is not page.opening
        return page

    return run_apart(made())


def panel_of(page: Page) -> BoardPanel:
    assert isinstance(page.opening, BoardPart)
    return page.opening.panel


def soup(page: Page) -> BeautifulSoup:
    return BeautifulSoup("".join(one.markup() for one in panel_of(page).parts), "html.parser")


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


@pytest.mark.usefixtures("store_file")
def test_the_table_counts_every_row_once_and_its_foot_adds_up() -> None:
    page = opened()
    found = panel_of(page).board
    rows = [one for one in found.home.rows if one.status.word is not StatusWord.LEFT_OUT]
    counted = Counter(
        ("Actions" if one.is_action else "Targets" if one.row.has_amount else "Evidence, reviews", one.status.word)  # type: ignore[union-attr]
        for one in rows
    )
    whole, columns = found.table.whole, found.table.columns
    shown = {(group, word): whole[group, word] for group, some in columns.items() for word in some}
    assert shown == {cell: number for cell, number in counted.items() if cell[1] in GROUPS[cell[0]]}
    table = soup(page).select_one("table.b-ten")
    assert table is not None
    lines = [[words(cell) for cell in line.select("td")[:-1]] for line in table.select("tbody tr") if line.select("td")]
    foot = [int(words(cell)) for cell in table.select("tfoot td")[:-1]]
    numbers = [[int(cell.split()[0]) if cell else 0 for cell in line] for line in lines]
    assert [sum(column) for column in zip(*numbers, strict=True)] == foot == list(shown.values())
    assert len(lines) == 10


@pytest.mark.usefixtures("store_file")
def test_what_the_sentence_says_of_targets_is_what_the_table_counts() -> None:
    found = panel_of(opened("organisation=DEMO-AC")).board
    of_targets = Counter(one.progress.status.word for one in found.targets)
    said = (StatusWord.OFF_COURSE, StatusWord.BEHIND, StatusWord.NO_FIGURE, StatusWord.BASELINE_ONLY, *GOOD)
    assert of_targets[StatusWord.NO_FIGURE]
    assert {word: found.table.whole["Targets", word] for word in said} == {word: of_targets[word] for word in said}


@pytest.mark.usefixtures("known_day", "store_file")
def test_the_sentence_counts_targets_and_names_the_one_that_most_needs_a_decision() -> None:
    found = panel_of(opened()).board
    rows = [one for one in found.home.rows if one.trajectory is not None and one.status.word is not StatusWord.LEFT_OUT]
    good, off = (
        sum(one.status.word in GOOD for one in rows),
        [one for one in rows if one.status.word is StatusWord.OFF_COURSE],
    )
    assert (good, len(rows), len(off)) == (8, 26, 3)
    worst = min(off, key=lambda one: one.chance if one.chance is not None else 1.0)
    assert found.sentence == (f"Eight of 26 targets are met or on course. Off course: three, above all {worst.label}")
    asked = [one.target for one in found.decisions]
    assert all(one in asked for one in off)


@pytest.mark.usefixtures("known_day", "store_file")
def test_chances_and_options_are_those_of_the_what_if_and_options_are_better_than_today() -> None:
    found = panel_of(opened()).board
    plan = found.home.plan
    assert plan is not None
    chances = target_chances(plan, found.home.observations, found.home.day)
    with_options = [one for one in found.decisions if one.asked is not None]
    assert len(with_options) == 4
    for one in with_options:
        asked = one.asked
        assert asked is not None
        again = WhatIfQuestion(asked.opened, asked.row, asked.due, asked.goal)
        odds = again.odds(again.opened.plan_scenario)
        assert odds.chance(again.target(again.month)) == pytest.approx(chances[asked.row.key])
        for option in one.options[1:]:  # the first is the target as it is
            if option.label.startswith("Change the target"):
                typed = re.search(r"to ([\d.,]+)(%?)", option.label)
                assert typed is not None
                lower = float(typed[1]) / (100 if typed[2] else 1)
                is_lower_better = again.target(again.month).lower_is_better
                assert one.target is not None
                assert one.target.latest is not None
                latest = one.target.latest.value
                assert lower < latest if is_lower_better else lower > latest
            assert int(option.chance.strip("%")) >= 45, option


@pytest.mark.usefixtures("store_file")
def test_a_row_that_was_changed_after_it_was_agreed_is_asked_about_by_name() -> None:
    page = opened()
    found = panel_of(page).board
    again = {one.subject for one in found.home.record.reopened}
    names = [row.wording_and_group for row in found.home.plan_rows if subject_of(row) in again]
    asked = words(soup(page).select(".b-decision")[-1])
    assert len(again) == 2
    assert "Two measures were changed after they were agreed" in asked
    assert "due March 2027 → March 2028. Agreed by both sides on 19 June 2025, changed by Sorrel Example on" in asked
    assert "X 2 more → 3 more. Agreed by staff side on 19 June 2025, changed by Sorrel Example on" in asked
    assert asked.endswith("; management side agrees to the change.")
    assert all(name in asked for name in names)


@pytest.mark.usefixtures("store_file")
def test_as_at_an_earlier_day_plan_and_agreement_stand_as_they_did_then() -> None:
    with Store.open() as store:
        organisation, history = store.organisation(CODE), store.plan_history(CODE)
        assert store.plan_on(CODE, dt.date(2025, 6, 4)) is None
        day_before = PLAN_CHANGED - dt.timedelta(days=1)
        then = Board.of(store, HomeFigures.of(store, organisation, day_before))
        now = Board.of(store, HomeFigures.of(store, organisation, today()), since=day_before)
        assert then.home.revision == history[0]
        assert now.home.revision == history[-1]
        assert then.home.agreed.done == 78
        changed = {one.what: one for one in now.changes}
        assert not any("…" in one.what for one in now.changes), "a name is shown whole"
        assert any(len(one.what) > SHORT for one in now.changes)
        assert changed["Agreed by both sides"].then == "78 of 78"
        assert changed["Agreed by both sides"].now == "76 of 78"
        files = [one for one in store.sources(CODE) if one.publication != PROGRAMME]
        added, names = changed["Files with figures"], [one.name for one in files]
        assert (added.then, added.now, added.why) == ("0", str(len(names)), f"Added: {'; '.join(names)}.")
        moved = changed["Turnover of support staff"]
        assert "March 2028" in moved.why
        late = [
            sum(one.is_action and one.status.word is StatusWord.OVERDUE for one in of.home.rows) for of in (then, now)
        ]
        assert [changed["Actions overdue"].then, changed["Actions overdue"].now] == list(map(str, late))
        assert late[0] < late[1]


@pytest.mark.usefixtures("store_file")
def test_a_trust_without_a_plan_says_so_and_shows_what_is_known(tmp_path: Path) -> None:
    file = tmp_path / "sickness.csv"
    file.write_text(SICKNESS_ALONE, encoding="utf-8")
    with Store.open() as store:
        store.add_evidence(read_files([file]))
    page = opened("organisation=ZZ9")
    said = words(soup(page))
    assert f"has no plan on {today().day} " in said
    assert "Sickness absence of support staff" in said
    assert "until then there are no targets" in said
    assert "To decide" not in said


@pytest.mark.usefixtures("store_file")
def test_the_store_of_the_page_refuses_to_write() -> None:
    top = frame("board", organisation=CODE)
    assert top.store is not None
    found = top.store.latest_plan(CODE)
    assert found is not None
    with pytest.raises(StoreError, match="may only be read"):
        top.store.save_plan(
            found.plan.with_row(found.plan.measures[0].changed(post="Somebody")),
            by="Ada",
            side="management",
            parent_revision=found.revision,
        )
    assert top.store.latest_plan(CODE) == found


@pytest.mark.usefixtures("store_file")
def test_an_action_counts_for_each_of_its_tags_and_a_tag_shows_its_actions() -> None:
    page = opened(f"organisation={CODE}&tag=wres")
    found = panel_of(page).board.tagged
    assert {tag: len(those) for tag, those in found.items()} == {
        "edi-2": 1, "own: Jobs for our neighbours": 2, "people-promise": 1, "wres": 2,
    }  # fmt: skip
    section = soup(page).select_one("#b-tags")
    assert section is not None
    tables = section.select("table")
    assert [words(row) for row in tables[0].select("tbody tr")][-1] == "WRES 2 2 0"
    assert len(tables[1].select("tbody tr")) == 2
    assert "EDI action 2" in words(tables[1])


@pytest.mark.usefixtures("store_file")
def test_a_strand_alone_has_its_rows_only_and_all_strands_make_the_whole() -> None:
    whole = panel_of(opened()).board
    parts = [panel_of(opened(f"organisation={CODE}&strand={one.key}")).board for one in catalogue().strands]
    assert sum(len(one.table.rows) for one in parts) == len(whole.table.rows)
    assert sum(len(one.targets) for one in parts) == len(whole.targets)
    assert sum(len(one.overdue) for one in parts) == len(whole.overdue)
    first = parts[0]
    assert {row.intention_number for row in first.table.rows} == {1, 2, 3}
    assert [strand.key for strand, _ in first.table.lines] == ["get-in"]
    assert all(one.target is None or one.target.intention_number in {1, 2, 3} for one in first.decisions)
    late = next(one for one in first.changes if one.what == "Actions overdue")
    assert late.now == str(sum(one.status.word is StatusWord.OVERDUE and one.is_action for one in first.table.rows))


@pytest.mark.usefixtures("store_file")
def test_apprenticeships_are_told_by_department_and_add_up() -> None:
    page = opened(f"organisation={CODE}&intention=6")
    tables = [one for one in soup(page).select("#b-intention table") if "by department" in words(one.caption or one)]
    lines = [[words(cell) for cell in row.select("th, td")] for row in tables[-1].select("tbody tr")]
    assert lines[0] == ["Adult Community", "7"]
    assert len(lines) == 7
    latest = next(one for one in panel_of(page).board.targets if one.code == "6-intention").latest
    assert sum(int(number) for _, number in lines) == int(latest[0]) == 42


@pytest.mark.usefixtures("store_file")
def test_the_risks_of_an_intention_are_its_unsafe_targets_with_what_is_expected() -> None:
    page = opened(f"organisation={CODE}&intention=1")
    found = panel_of(page).board
    measures = panel_of(page).rows_of(panel_of(page).intention, actions=False)
    risks = found.risks(measures)
    assert [view.progress.chance for view, _ in risks] == sorted(
        one.progress.chance for one in measures if one.progress.chance is not None and one.progress.chance < 0.8
    )
    young = next(words for view, words in risks if view.name == "Staff aged 16 to 24")
    decision = next(
        one for one in found.decisions if one.target is not None and one.target.label == "Staff aged 16 to 24"
    )
    assert decision.options[0][:2] == ("Keep 5.9% by March 2028, with the plan as it is", young)
    assert f"with the plan as it is, {young} is expected then" in words(soup(page).select_one("#b-intention"))
