"""Fields of a Word form: what nobody filled in is empty and told, what somebody filled in is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import docx
import pytest

from t4c_lib.plan.word.table_entries import TableRow, WordPledge, is_to_come
from tests.plan.word_making import control, form_field, read, table_in, xml

pytestmark = pytest.mark.unit

CHOICES = (
    '<w:dropDownList><w:listItem w:displayText="Choose an owner" w:value=""/>'
    '<w:listItem w:displayText="Head of learning" w:value="1"/></w:dropDownList>'
)
DATE = '<w:date><w:dateFormat w:val="MMMM yyyy"/></w:date>'
EN_SPACES = "\u2002" * 5
DROPDOWN = '<w:ddList>{}<w:listEntry w:val="Choose an item."/><w:listEntry w:val="Head of learning"/></w:ddList>'


def pledge_with(*, action: Any = None, who: Any = None, when: Any = None) -> WordPledge:
    """A pledge of one row, with an element (or several) in the cell of an action, of the postholder, of the date."""
    document = docx.Document()
    cells = table_in(document).add_row().cells
    cells[0].text, cells[4].text = "3. Ambassadors in schools", "A register of ambassadors"
    cells[1].text = "Train ambassadors"
    for cell, element in (
        (cells[1].add_paragraph, action),
        (cells[2].add_paragraph, who),
        (cells[3].add_paragraph, when),
    ):
        if element is not None:
            cell()._p.extend(element if isinstance(element, Sequence) and not hasattr(element, "tag") else [element])
    return read(document)


def row_of(pledge: WordPledge) -> TableRow:
    (row,) = pledge.blocks[0].rows
    return row


@pytest.mark.parametrize(
    ("element", "prompt"),
    [
        (control("Click or tap here to enter text.", asks=True), "Click or tap here to enter text."),
        (control("Name of the post", asks=True), "Name of the post"),
        (control("Choose an item.", CHOICES, asks=True), "Choose an item."),
        (control("Choose an owner", CHOICES), "Choose an owner"),
        (control("Click or tap to enter a date.", DATE, asks=True), "Click or tap to enter a date."),
    ],
)
def test_a_control_that_nobody_filled_in_is_empty_and_told(element: Any, prompt: str) -> None:
    pledge = pledge_with(who=element)
    assert row_of(pledge).postholders == ()
    assert pledge.remarks == (f"Fields of the document that nobody filled in: 1, with '{prompt}'.",)


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (control("Head of learning"), "Head of learning"),
        (control("Head of learning", CHOICES), "Head of learning"),
        (control("March 2027", DATE), "March 2027"),
        (control("Head of learning", '<w:showingPlcHdr w:val="0"/>'), "Head of learning"),
        (form_field("<w:textInput/>", "FORMTEXT", "Head of learning"), "Head of learning"),
        (form_field(DROPDOWN.format('<w:result w:val="1"/>'), "FORMDROPDOWN"), "Head of learning"),
    ],
)
def test_a_control_that_somebody_filled_in_is_read(element: Any, text: str) -> None:
    pledge = pledge_with(who=element)
    assert (row_of(pledge).postholders, pledge.remarks) == ((text,), ())


@pytest.mark.parametrize(
    "element",
    [
        form_field("<w:textInput/>", "FORMTEXT", EN_SPACES),
        form_field(DROPDOWN.format(""), "FORMDROPDOWN"),
        form_field("<w:checkBox><w:default w:val='0'/></w:checkBox>", "FORMCHECKBOX"),
        control("☐", '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>'),
        control("Click or tap here to enter text."),  # as other programs save it: the prompt with nothing to say so
        xml("<w:r><w:t>…</w:t></w:r>"),
        xml("<w:r><w:t>[insert owner]</w:t></w:r>"),
    ],
)
def test_a_field_of_the_old_kind_and_a_text_that_holds_a_place_are_empty(element: Any) -> None:
    assert row_of(pledge_with(who=element)).postholders == ()
    assert row_of(pledge_with(when=element)).timeline == ()
    assert [entry.text for entry in row_of(pledge_with(action=element)).actions] == ["Train ambassadors"]


def test_a_box_before_an_entry_is_its_mark_ticked_or_not() -> None:
    ticked = form_field("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>", "FORMCHECKBOX")
    entry = pledge_with(action=[*ticked, xml('<w:r><w:t xml:space="preserve"> Visit schools</w:t></w:r>')])
    assert [(one.mark, one.text) for one in row_of(entry).actions] == [
        ("", "Train ambassadors"),
        ("☒", "Visit schools"),
    ]


def test_a_cell_a_row_and_a_whole_paragraph_of_prompts_are_empty_too() -> None:
    document = docx.Document()
    table = table_in(document)
    cells = table.add_row().cells
    cells[0].text, cells[1].text = "3. Ambassadors in schools", "Train ambassadors"
    cells[4].text = "A register of ambassadors"
    cell, prompt = cells[2]._tc, '<w:sdtPr><w:showingPlcHdr w:val="1"/></w:sdtPr>'
    wrapped = xml(f"<w:sdt>{prompt}<w:sdtContent/></w:sdt>")
    cell.addprevious(wrapped)
    cells[2].paragraphs[0].add_run("Who will do it?")
    wrapped[1].append(cell)
    cells[3]._tc.append(
        xml(f"<w:sdt>{prompt}<w:sdtContent><w:p><w:r><w:t>By when?</w:t></w:r></w:p></w:sdtContent></w:sdt>")
    )
    pledge = read(document)
    row = row_of(pledge)
    assert (row.postholders, row.timeline, len(row.actions)) == ((), (), 1)
    assert pledge.remarks == ("Fields of the document that nobody filled in: 2, with 'Who will do it?'; 'By when?'.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TBC", True),
        ("T.B.C.", False),
        ("To be confirmed.", True),
        ("…", True),
        ("...", True),
        ("XX/XX/XXXX", True),
        ("[insert date]", True),
        ("<enter name of lead>", True),
        ("Please insert name here", True),
        ("_____", True),
        ("Choose an item.", True),
        ("Click here to enter a date.", True),
        ("Insert a page on careers into the handbook", False),
        ("Add apprentices to the workforce plan", False),
        ("Head of learning (TBC)", False),
        ("[Trust] board", False),
        ("XX% of staff", False),
    ],
)
def test_a_text_holds_a_place_only_where_that_is_all_it_does(text: str, *, expected: bool) -> None:
    assert is_to_come(text) is expected
