"""What trusts do to a table in Word: it is read as it is meant, and no text of it is lost."""

from __future__ import annotations

from typing import Any

import docx
import pytest

from t4c_lib.plan.word.plan_table import column_of
from t4c_lib.plan.word.table_entries import PledgeColumn
from tests.plan.word_making import HEADINGS, ROW, Shape, actions, fill, make_pledge, read, table_in

pytestmark = pytest.mark.unit


def one_cell(*paragraphs: str) -> list[str]:
    """Entries of a cell of actions with these paragraphs."""
    document = docx.Document()
    cells = table_in(document).add_row().cells
    fill(cells[0], ["Our aim"])
    fill(cells[1], paragraphs)
    return actions(read(document))


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Strategic intention", PledgeColumn.intention),
        ("Aim", PledgeColumn.intention),
        ("Priority", PledgeColumn.intention),
        ("Suggested actions (to be agreed)", PledgeColumn.actions),
        ("What we will do", PledgeColumn.actions),
        ("Key activities", PledgeColumn.actions),
        ("Responsible person", PledgeColumn.responsibility),
        ("Action owner", PledgeColumn.responsibility),
        ("Lead", PledgeColumn.responsibility),
        ("Who", PledgeColumn.responsibility),
        ("By whom", PledgeColumn.responsibility),
        ("By when", PledgeColumn.timeline),
        ("Timescale", PledgeColumn.timeline),
        ("Target date", PledgeColumn.timeline),
        ("Measures of success for each action", PledgeColumn.measures),
        ("How will we know?", PledgeColumn.measures),
        ("Target", PledgeColumn.measures),
        ("KPI", PledgeColumn.measures),
        ("Status", None),
        ("Cost", None),
        ("", None),
        ("Our actions were many and we did them all in the year that has just gone by", None),
    ],
)
def test_a_heading_is_known_by_its_words(heading: str, column: PledgeColumn | None) -> None:
    assert column_of(heading) is column


@pytest.mark.parametrize("mark", ["•", "-", "–", "o", "*", "1.", "2)", "(a)", "a)", "iv.", "\uf0b7"])
def test_typed_bullets_and_numbers_begin_an_entry(mark: str) -> None:
    assert one_cell(f"{mark} First thing", f"{mark}  Second thing") == ["First thing", "Second thing"]


def test_a_word_that_begins_like_a_mark_keeps_its_letters() -> None:
    assert one_cell("offer places", "16-24 year olds first", "- one") == [
        "offer places",
        "16-24 year olds first",
        "one",
    ]


def test_a_line_without_a_mark_goes_on_with_the_entry_above_when_it_begins_small_or_that_one_ends_open() -> None:
    assert one_cell("• Offer places to", "NHS cadets", "• Visit schools", "and colleges") == [
        "Offer places to NHS cadets",
        "Visit schools and colleges",
    ]


def test_line_breaks_split_entries_or_are_only_for_looks() -> None:
    assert one_cell("• Offer places\n• Visit schools") == ["Offer places", "Visit schools"]
    assert one_cell("Offer places\nVisit schools") == ["Offer places", "Visit schools"]
    assert one_cell("Offer places\nto everybody") == ["Offer places to everybody"]


def test_entries_set_below_an_entry_stay_with_it() -> None:
    document = docx.Document()
    cells = table_in(document).add_row().cells
    cells[1].paragraphs[0].add_run("ESR shows")
    cells[1].paragraphs[0].style = "List Bullet"
    for text in ("less turnover", "less sickness"):
        paragraph = cells[1].add_paragraph(text)
        paragraph.style = "List Bullet"
        numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbering.get_or_add_numId().val = 1
        numbering.get_or_add_ilvl().val = 1
    assert actions(read(document)) == ["ESR shows\nless turnover\nless sickness"]


def test_words_that_lead_over_to_a_list_and_placeholders_are_no_entries_but_are_kept() -> None:
    document = docx.Document()
    table = table_in(document)
    cells = table.add_row().cells
    fill(cells[1], ["We will:", "• Visit schools"])
    fill(cells[4], ["TBC"])
    pledge = read(document)
    assert actions(pledge) == ["Visit schools"]
    left = {leftover.text: leftover.why for leftover in pledge.leftover}
    assert left["We will:"] == "introduces the entries below it"
    assert left["TBC"] == "no entry yet"


def test_an_entry_cut_by_the_end_of_a_page_is_put_together() -> None:
    document = docx.Document()
    table = table_in(document)
    fill(table.add_row().cells[0], ["Our aim"])
    fill(table.rows[1].cells[1], ["• Visit all the schools"])
    again: Any = document.add_table(1, 5)
    for cell, title in zip(again.rows[0].cells, HEADINGS, strict=True):
        cell.text = title
    cells = again.add_row().cells
    fill(cells[0], ["Our aim (continued)"])
    fill(cells[1], ["that lie in our borough", "• Write to parents"])
    pledge = read(document)
    assert actions(pledge) == ["Visit all the schools that lie in our borough", "Write to parents"]
    assert len(pledge.blocks) == 1


def test_a_page_that_goes_on_without_headings_has_the_columns_of_the_page_before() -> None:
    document = docx.Document()
    order = Shape(order=(1, 0, 2, 3, 4))
    table = table_in(document)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = HEADINGS[1], HEADINGS[0]
    more: Any = document.add_table(1, 5)
    fill(more.rows[0].cells[order.order.index(0)], ["Our aim"])
    fill(more.rows[0].cells[order.order.index(1)], ["Visit schools"])
    pledge = read(document)
    assert [block.heading for block in pledge.blocks] == ["Our aim"]
    assert actions(pledge) == ["Visit schools"]


def test_five_columns_without_any_heading_are_taken_as_printed_and_that_is_said() -> None:
    document = docx.Document()
    table: Any = document.add_table(1, 5)
    for cell, lines in zip(
        table.rows[0].cells, (ROW.heading, ROW.actions, ROW.people, ROW.timeline, ROW.measures), strict=True
    ):
        fill(cell, lines)
    pledge = read(document)
    assert actions(pledge) == list(ROW.actions)
    assert "no headings; the columns were taken to be: intention, actions" in pledge.remarks[0]


def test_a_title_above_the_headings_and_a_line_across_the_table_are_kept() -> None:
    document = docx.Document()
    table: Any = document.add_table(2, 5)
    table.rows[0].cells[0].merge(table.rows[0].cells[4]).text = "Action plan of our trust"
    for cell, title in zip(table.rows[1].cells, HEADINGS, strict=True):
        cell.text = title
    across = table.add_row().cells
    across[0].merge(across[4]).text = "Get in"
    cells = table.add_row().cells
    fill(cells[0], ["Our aim"])
    fill(cells[1], ["Visit schools"])
    pledge = read(document)
    assert [block.heading for block in pledge.blocks] == ["Our aim"]
    left = {leftover.text: leftover.why for leftover in pledge.leftover}
    assert left["Action plan of our trust"] == "above the headings"
    assert left["Get in"] == "a line across the table"


def test_where_no_column_holds_the_intention_a_line_across_the_table_does() -> None:
    document = docx.Document()
    table: Any = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Actions", "Measures"
    for heading, action in (("Ambassadors", "Visit schools"), ("Apprentices", "Release them")):
        across = table.add_row().cells
        across[0].merge(across[1]).text = heading
        fill(table.add_row().cells[0], [action])
    assert [(block.heading, len(block.rows)) for block in read(document).blocks] == [
        ("Ambassadors", 1),
        ("Apprentices", 1),
    ]


def test_a_column_of_the_organisations_own_is_kept_with_its_title() -> None:
    document = docx.Document()
    table: Any = document.add_table(2, 3)
    for place, (title, text) in enumerate((("Actions", "Visit schools"), ("Status", "Amber"), ("Measures", "Visits"))):
        table.rows[0].cells[place].text = title
        table.rows[1].cells[place].text = text
    left = {leftover.text: (leftover.place, leftover.why) for leftover in read(document).leftover}
    assert left["Amber"] == ("table 1, row 2", "column 'Status'")


def test_dates_of_a_cell_merged_downwards_stand_beside_every_row_it_reaches() -> None:
    pledge = read(make_pledge([ROW], Shape(merged=True)))
    assert [row.timeline for row in pledge.blocks[0].rows] == [("May 2026",), ("May 2026",)]
    assert [row.postholders for row in pledge.blocks[0].rows] == [("Head of learning",)] * 2
