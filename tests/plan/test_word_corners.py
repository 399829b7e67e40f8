"""Corners of a Word document: tracked changes, controls, boxes, notes, frames and other tables; all of it is kept."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.plan.word_making import ROW, actions, fill, make_pledge, read, table_in, tracked, xml

pytestmark = pytest.mark.unit


def test_tracked_insertions_are_read_deletions_are_not_and_both_are_told() -> None:
    document = docx.Document()
    cells = table_in(document).add_row().cells
    cells[1].paragraphs[0].add_run("Visit ")
    tracked(cells[1].paragraphs[0], put_in="all schools", struck_out="three colleges")
    pledge = read(document)
    assert actions(pledge) == ["Visit all schools"]
    assert pledge.remarks == (
        "Tracked changes: 1 insertions not accepted yet were read as text.",
        "Tracked changes: 1 deletions were not read: 'three colleges'.",
    )


def test_a_row_that_was_struck_out_is_not_read_and_its_text_is_told() -> None:
    document = docx.Document()
    table = table_in(document)
    fill(table.add_row().cells[1], ["Visit schools"])
    row = table.add_row()
    fill(row.cells[1], ["Write letters"])
    row._tr.get_or_add_trPr().append(OxmlElement("w:del"))
    pledge = read(document)
    assert actions(pledge) == ["Visit schools"]
    assert "'Write letters'" in pledge.remarks[0]


def test_hyperlinks_content_controls_and_text_boxes_are_read() -> None:
    document = docx.Document()
    cells = table_in(document).add_row().cells
    link, control, inner = OxmlElement("w:hyperlink"), OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    for wrapper, text in ((link, "Visit schools "), (inner, "in the borough")):
        wrapper.append(_run(text))
    control.append(inner)
    paragraph = cells[1].paragraphs[0]._p
    paragraph.append(link)
    paragraph.append(control)
    box, text = OxmlElement("w:pict"), OxmlElement("w:txbxContent")
    boxed = OxmlElement("w:p")
    boxed.append(_run("A note in a box"))
    text.append(boxed)
    box.append(text)
    holder = OxmlElement("w:r")
    holder.append(box)
    document.add_paragraph()._p.append(holder)
    pledge = read(document)
    assert actions(pledge) == ["Visit schools in the borough"]
    assert [(left.place, left.text) for left in pledge.leftover if left.why == "outside the main text"] == [
        ("text box", "A note in a box")
    ]


def _run(text: str) -> Any:
    run, piece = OxmlElement("w:r"), OxmlElement("w:t")
    piece.text = text
    piece.set(qn("xml:space"), "preserve")
    run.append(piece)
    return run


def test_headers_footers_and_comments_are_kept() -> None:
    document = make_pledge([ROW])
    document.sections[0].header.paragraphs[0].text = "Draft for the forum"
    document.sections[0].footer.paragraphs[0].text = "Page of ours"
    run = document.paragraphs[0].runs[0]
    document.add_comment([run], text="Is this agreed?", author="A colleague")
    left = {leftover.text: leftover.place for leftover in read(document).leftover}
    assert left["Draft for the forum"] == "header of the pages"
    assert left["Page of ours"] == "footer of the pages"
    assert left["Is this agreed?"] == "comment"


def test_a_pledge_inside_a_table_that_is_only_a_frame_is_found() -> None:
    document = docx.Document()
    frame: Any = document.add_table(1, 1)
    frame.rows[0].cells[0].text = "Our trust"
    table = frame.rows[0].cells[0].add_table(2, 2)
    for place, (title, text) in enumerate((("Actions", "Visit schools"), ("Measures", "Visits made"))):
        table.rows[0].cells[place].text = title
        table.rows[1].cells[place].text = text
    assert actions(read(document)) == ["Visit schools"]


def test_other_tables_are_left_over_whole() -> None:
    document = make_pledge([ROW])
    other: Any = document.add_table(1, 2)
    other.rows[0].cells[0].text, other.rows[0].cells[1].text = "Signed", "Date"
    left = {leftover.text: leftover.why for leftover in read(document).leftover}
    assert left["Signed"] == left["Date"] == "a table that is not the pledge's"


@pytest.mark.parametrize("size", ["inf", "1e999", "nan", "wide", "-1e400"])
def test_a_size_that_is_no_number_is_none(size: str) -> None:
    document = docx.Document()
    cells = table_in(document).add_row().cells
    properties = f'<w:pPr><w:numPr><w:ilvl w:val="{size}"/></w:numPr><w:ind w:left="{size}"/></w:pPr>'
    cells[1]._tc.append(xml(f"<w:p>{properties}<w:r><w:t>Visit schools</w:t></w:r></w:p>"))
    cells[1]._tc.get_or_add_tcPr().append(xml(f'<w:gridSpan w:val="{size}"/>'))
    assert actions(read(document)) == ["Visit schools"]
