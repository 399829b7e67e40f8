"""The plan as the pledge's table in Word: five columns, a row for each action and measure; it can be read back."""

import io
from typing import TYPE_CHECKING

from t4c_lib.documents.word_paper import INK, set_up
from t4c_lib.framework import catalogue
from t4c_lib.plan import Plan
from t4c_lib.plan.plan_read_back import MADE, X_IS, PlanEntry, entries_of_plan

if TYPE_CHECKING:
    from docx.table import _Cell

COLUMNS = ("National strategic intention", "Agreed actions", "Responsibility", "Timeline", "Measures of success")
WIDTHS = (4.2, 8.0, 4.0, 3.6, 5.5)  # centimetres; together an A4 page on its side
SHADE = {"head": "005EB8", "strand": "D9E6F2"}
HOW = (
    "This table can be changed in Word and brought back into the workbook, which shows every change before anything is "
    "saved. Leave the marks before the entries (1a2, 1m1, 3.) as they are. An X is what stands after 'X:'. A date is "
    "written as 'from September 2026 by March 2028'. A new action has no mark: put it into a row of its own."
)


def action_plan(plan: Plan, revision: int, title: str) -> bytes:
    """A Word file (.docx) on A4 on its side, with real headings, a repeated head and the marks to read it back by."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    document = docx.Document()
    set_up(document, title)
    document.core_properties.subject = MADE.format(code=plan.organisation, revision=revision)
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    document.add_paragraph(title, style="Title")
    document.add_paragraph(HOW)
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for cell, words in zip(table.rows[0].cells, COLUMNS, strict=True):
        _write(cell, words, bold=True, colour="FFFFFF")
        _shade(cell, SHADE["head"])
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    entries = entries_of_plan(plan)
    for strand in catalogue().strands:
        cells = table.add_row().cells
        cell = cells[0].merge(cells[-1])
        _write(cell, f"{strand.name}: {strand.purpose}", bold=True)
        _shade(cell, SHADE["strand"])
        for intention in catalogue().intentions_of(strand.key):
            mine = [one for one in entries if one.row.intention_number == intention.number]
            for place, entry in enumerate(mine):
                heading = f"{intention.number} {intention.short}: {intention.title}" if place == 0 else ""
                _entry(table.add_row().cells, entry, heading)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Cm(width)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _entry(cells: "tuple[_Cell, ...]", entry: PlanEntry, heading: str) -> None:
    if heading:
        _write(cells[0], heading, bold=True)
    lines = f"{entry.mark} {entry.words}" + (f"\n{X_IS}{entry.x}" if entry.x else "")
    _write(cells[1 if entry.is_action else 4], lines)
    _write(cells[2], entry.who)
    _write(cells[3], entry.when)


def _write(cell: "_Cell", words: str, *, bold: bool = False, colour: str = INK) -> None:
    from docx.shared import Pt, RGBColor

    run = cell.paragraphs[0].add_run(words)
    run.bold, run.font.size, run.font.color.rgb = bold, Pt(10), RGBColor.from_string(colour)


def _shade(cell: "_Cell", colour: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{colour}"/>'))
