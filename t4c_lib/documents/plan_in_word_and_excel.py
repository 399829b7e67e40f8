"""What is written for Word and Excel: papers, and the plan as a table that can be changed and read back.

A paper has a title, what must be known of it, and parts with their points. In Word the plan is the pledge's table: five
columns, and a row for each action and measure. With it in Excel goes, where asked for, what is known of it.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import RootModel

from t4c_lib.disclosure import SEAL, Audience, sealed
from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence import files
from t4c_lib.evidence import xlsx_workbook as excel
from t4c_lib.evidence.collection_workbook import sheet_layout as style
from t4c_lib.filesystem import saved_bytes
from t4c_lib.framework import catalogue
from t4c_lib.periods import Day
from t4c_lib.plan import Plan, plan_read_back
from t4c_lib.plan.partnership.event_log import Revision
from t4c_lib.plan.partnership.papers import Paper
from t4c_lib.plan.plan_read_back import LEFT_OUT_IS, MADE, X_IS, EntryRead, entries_in_word, entries_of_plan
from t4c_lib.plan.word.plan_table import open_document
from t4c_lib.typed_text import listed
from t4c_lib.validation_messages import read_shipped

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

FONT = "Arial"
POINTS = {"Normal": 11, "Title": 20, "Heading 1": 14, "List Bullet": 11, "Footer": 9}
A4, MARGIN, AFTER = (21.0, 29.7), 2.2, 4  # centimetres; points below a paragraph
INK = "212B32"
HOW_TO_CHANGE = read_shipped(RootModel[dict[str, str]], __package__, "how_to_change.yaml").root


def word_paper(paper: Paper) -> bytes:
    """A Word file (.docx) on A4, with real headings and lists, so that Word and screen readers find their way in it."""
    import docx  # it takes as long to import as a page may take to open

    document = docx.Document()
    set_up(document, paper.title, *paper.opening[:2])
    document.add_paragraph(paper.title, style="Title")
    for line in paper.opening:
        document.add_paragraph(line)
    for part in paper.parts:
        document.add_paragraph(part.heading, style="Heading 1")
        for line in part.opening:
            document.add_paragraph(line)
        for lead, words in part.points:
            point = document.add_paragraph(style="List Bullet")
            if lead:
                point.add_run(f"{lead}: ").bold = True
            point.add_run(words)
        if not part.points and part.empty:
            document.add_paragraph(part.empty)
    return sealed(saved_bytes(document.save))  # a change made later shows


def set_up(document: "Document", title: str, *foot: str) -> None:
    """A4 with margins, the styles of our papers in one font, the language, and nobody's name in the file.

    Below each page: the title, what is said in `foot` (of when it is, and for whom), and the page's number.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(A4[0]), Cm(A4[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    for name, size in POINTS.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK)
        style.paragraph_format.space_after = Pt(AFTER)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)  # a theme's font would win over the one that is set
        fonts.set(qn("w:hAnsi"), FONT)
    below = page.footer.paragraphs[0]
    below.add_run(" · ".join((title, *foot, "page ")))
    for between, field in (("", "PAGE"), (" of ", "NUMPAGES")):  # which Word fills in on each page
        below.add_run(between)
        below._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{field}"/>'))
    language = document.styles["Normal"].element.get_or_add_rPr()
    for one in language.findall(qn("w:lang")):
        language.remove(one)
    language.append(language.makeelement(qn("w:lang"), {qn("w:val"): "en-GB"}))
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.comments, document.core_properties.identifier = "", SEAL
    document.core_properties.created = document.core_properties.modified = dt.datetime.now(dt.UTC)


WORD_COLUMNS = ("National strategic intention", "Agreed actions", "Responsibility", "Timeline", "Measures of success")
WIDTHS = (4.2, 8.0, 4.0, 3.6, 5.5)  # centimetres; together an A4 page on its side
SHADE = {"head": "005EB8", "strand": "D9E6F2"}


def action_plan(plan: Plan, revision: int, title: str, *foot: str) -> bytes:
    """A Word file (.docx) on A4 on its side, with a repeated head, marks to read it back by, and `set_up`'s foot."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    document = docx.Document()
    set_up(document, title, *foot)
    document.core_properties.subject = MADE.format(code=plan.organisation, revision=revision)
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    document.add_paragraph(title, style="Title")
    document.add_paragraph(HOW_TO_CHANGE[".docx"])
    table = document.add_table(rows=1, cols=len(WORD_COLUMNS), style="Table Grid")
    table.autofit = False
    for cell, words in zip(table.rows[0].cells, WORD_COLUMNS, strict=True):
        _write(cell, words, bold=True, colour="FFFFFF", shade=SHADE["head"])
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    entries = entries_of_plan(plan)
    for strand in catalogue().strands:
        cells = table.add_row().cells
        _write(cells[0].merge(cells[-1]), f"{strand.name}: {strand.purpose}", bold=True, shade=SHADE["strand"])
        for intention in catalogue().intentions_of(strand.key):
            mine = [one for one in entries if one.row.intention_number == intention.number]
            for place, entry in enumerate(mine):
                cells = table.add_row().cells
                if place == 0:
                    _write(cells[0], f"{intention.number} {intention.short}: {intention.title}", bold=True)
                below = f"\n{'' if entry.x.startswith(LEFT_OUT_IS) else X_IS}{entry.x}" if entry.x else ""
                _write(cells[1 if entry.is_action else 4], f"{entry.mark} {entry.words}{below}")
                _write(cells[2], entry.who)
                _write(cells[3], entry.when)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Cm(width)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # nor is it cut in two by the end of a page
    return sealed(saved_bytes(document.save))


def _write(cell: "_Cell", words: str, *, bold: bool = False, colour: str = INK, shade: str = "") -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt, RGBColor

    run = cell.paragraphs[0].add_run(words)
    cell.paragraphs[0].paragraph_format.keep_with_next = bold  # a heading is not the last line of a page
    run.bold, run.font.size, run.font.color.rgb = bold, Pt(10), RGBColor.from_string(colour)
    if shade:
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{shade}"/>'))


SHEET, ENDING = "Plan", ".xlsx"
MARK_ROW, HEAD_ROW = 2, 4  # as Excel counts them
EXCEL_COLUMNS = ("Mark", "Intention", "Kind", "Wording", "X", "Responsible post", "Timeline")
EXCEL_WIDTHS = (9, 18, 9, 52, 18, 22, 24)  # characters
PRINTED, WIDEST, NARROWEST = 190, 60, 16  # characters in which a page on its side has letters of 8 points; of a column
ACTION, MEASURE = "Action", "Measure"
LONGEST_STYLED, FIRST_PRINTED = 500, 100  # rows of a table; of one that is longer, those that are printed


class Percentage(float):
    """A share that Excel counts with and shows as a percentage."""


def plan_workbook(plan: Plan, revision: int, title: str, further: Mapping[str, pd.DataFrame] | None = None) -> bytes:
    """A workbook (.xlsx) of the plan's rows; `further`: sheets for people, not read back."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    book.properties.title, book.properties.creator = title, ""
    style.heading(sheet, title, MADE.format(code=plan.organisation, revision=revision))
    style.write(sheet.cell(3, 1), HOW_TO_CHANGE[ENDING], font=style.font(11, colour=style.QUIET))
    sheet.merge_cells(start_row=3, start_column=1, end_row=3, end_column=len(EXCEL_COLUMNS))
    sheet.row_dimensions[3].height = style.height_for([(HOW_TO_CHANGE[ENDING], sum(EXCEL_WIDTHS))])
    rows = []
    for one in entries_of_plan(plan):
        of, kind = catalogue().intention(one.row.intention_number), ACTION if one.is_action else MEASURE
        rows.append((one.mark, f"{of.number} {of.short}", kind, one.words, one.x, one.who, one.when))
    _fill(sheet, pd.DataFrame(rows, columns=EXCEL_COLUMNS), HEAD_ROW, EXCEL_WIDTHS)
    for name, table in (further or {}).items():
        longest = [max([len(str(name)), *(len(str(value)) for value in table[name])]) + 3 for name in table.columns]
        most = range(WIDEST, NARROWEST - 1, -2 if len(table) <= LONGEST_STYLED else -WIDEST)  # longer ones don't wrap
        ways = [[min(max(length, 10), widest) for length in longest] for widest in most]
        _fill(book.create_sheet(name), table, 1, next((one for one in ways if sum(one) <= PRINTED), ways[-1]))
    return saved_bytes(book.save)


def plan_file(ending: str, saved: Revision, of: str, published: Plan | None = None) -> bytes:
    """The plan of an organisation as the pledge's table in Word (".docx") or for Excel (".xlsx").

    `of`: its name. `published`: what of the plan may leave the forum; None for the forum's own.
    """
    title, when = f"Action plan of {of}", f"revision {saved.revision}, saved on {Day(saved.at.date()).label}"
    if ending == ENDING:
        return plan_workbook(saved.plan, saved.revision, title)
    audience = Audience.PUBLISHED if published else Audience.FORUM
    return action_plan(published or saved.plan, saved.revision, title, when, audience.marking)


def _fill(sheet: Worksheet, table: pd.DataFrame, head: int, widths: Sequence[int]) -> None:
    """Write a table; it prints on its side, as wide as the page where its letters stay large enough for that."""
    top = Alignment(vertical="top", wrap_text=True)
    for number, name in enumerate(table.columns, 1):
        bold = style.font(11, bold=True, colour="FFFFFF")
        style.write(sheet.cell(head, number), str(name), font=bold, fill=style.fill(style.BLUE), alignment=top)
    is_long = len(table) > LONGEST_STYLED  # the look of a cell takes ten times as long as the cell
    lines = zip(table.itertuples(index=False, name=None), table.notna().to_numpy().tolist(), strict=True)
    for row, (values, known) in enumerate(lines, head + 1):
        each = enumerate(zip(values, known, strict=True), 1)
        texts = {
            n: one if isinstance(one, int | float) else str(one) for n, (one, there) in each if there and one != ""
        }
        styled = texts
        if is_long:
            styled = {n: one for n, one in texts.items() if isinstance(one, str) and one[:1] in style.BEGINS_A_FORMULA}
            sheet.append({number: one for number, one in texts.items() if number not in styled})
        else:
            sheet.row_dimensions[row].height = style.height_for([(str(texts[n]), widths[n - 1]) for n in texts])
        for number, one in styled.items():
            looks = {"number_format": "0.0%"} if isinstance(one, Percentage) else {}
            style.write(sheet.cell(row, number), one, alignment=top, border=style.UNDER, **looks)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{head + len(table)}"
    sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.paperSize = f"{head}:{head}", "landscape", 9
    style.widths(sheet, widths)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight, sheet.page_setup.scale = 1, 0, 75
    sheet.sheet_properties.pageSetUpPr.fitToPage = sum(widths) <= PRINTED
    if is_long:
        sheet.print_area = f"A{head}:{get_column_letter(len(table.columns))}{head + FIRST_PRINTED}"
        sheet.oddHeader.center.text = f"The first {FIRST_PRINTED} of {len(table):,} rows: the others stand in the file"
    sheet.print_title_cols = None if sum(widths) <= PRINTED else "A:A"


def made_here(file: Path | bytes) -> tuple[str, int] | None:
    """What a Word document or workbook was written here from; None for any other."""
    try:
        content = file if isinstance(file, bytes) else files.bytes_of(file, excel.MOST_UNPACKED)
        is_word = not excel.is_workbook(content)
        mark = (
            open_document(content, "file").core_properties.subject if is_word else _sheet(content, "file").row(MARK_ROW)
        )
    except InputError:  # whoever reads it says what is wrong with it
        return None
    found = re.fullmatch(MADE.format(code=r"(\S+)", revision=r"(\d+)"), "".join(mark or "").strip())
    return (found[1], int(found[2])) if found else None


def changed_outside(content: bytes, source: str, before: Plan, now: Plan) -> tuple[Plan, list[str]]:
    """What somebody changed in Word or Excel in the table written from `before`, as `plan_read_back` says."""
    write, read = (plan_workbook, _entries) if excel.is_workbook(content) else (action_plan, entries_in_word)
    went = read(write(before, 0, ""), source)
    return plan_read_back.plan_read_back(read(content, source), source, went, before, now)


def _sheet(content: bytes, source: str) -> excel.Sheet:
    book = excel.read_workbook(source, content, hashlib.sha256(content).hexdigest(), excel.MOST_UNPACKED)
    found = [one for one in book.sheets if one.name == SHEET]
    if not found:
        raise InputError.of(source, f"has no sheet called '{SHEET}'.", "Hand in the workbook that was downloaded here.")
    return found[0]


def _entries(content: bytes, source: str) -> Iterator[EntryRead]:
    """The entries of the sheet. Raises InputError: columns are missing, or a row is of no intention or kind."""
    sheet = _sheet(content, source)
    head = sheet.row(HEAD_ROW)
    if missing := [name for name in EXCEL_COLUMNS if name not in head]:
        words = f"row {HEAD_ROW} lacks {listed(missing)}; it has {listed([one for one in head if one])}."
        raise InputError.of(source, words, "Give the columns their names again.", place=f"sheet {SHEET}")
    for number in range(HEAD_ROW + 1, sheet.height + 1):
        values = dict(zip(head, sheet.row(number), strict=False))
        mark, of, kind, words, x, who, when = (" ".join(values.get(name, "").split()) for name in EXCEL_COLUMNS)
        if not any((mark, words, x, who, when)):
            continue
        first, wrong = of.partition(" ")[0].rstrip("."), []
        intention = int(first) if first.isdecimal() else 0
        if kind not in {ACTION, MEASURE}:
            wrong.append(Problem("Kind", f"'{kind}' is no kind of row; it is {ACTION} or {MEASURE}."))
        if not mark and not 1 <= intention <= len(catalogue().intentions):
            wrong.append(Problem("Intention", f"'{of}' is no intention; it begins with its number, 1 to 10."))
        place = f"sheet {SHEET}, row {number}"
        yield EntryRead(mark, place, intention, kind == ACTION, words, x, who, when, tuple(wrong))
