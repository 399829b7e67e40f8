"""The plan as an Excel workbook that can be changed and read back; with it, where asked for, what is known of it."""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from t4c_lib.documents.action_plan import action_plan
from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence import files
from t4c_lib.evidence import xlsx_workbook as excel
from t4c_lib.evidence.collection_workbook import sheet_layout as style
from t4c_lib.framework import catalogue
from t4c_lib.plan import Plan, plan_read_back
from t4c_lib.plan.plan_read_back import EntryRead
from t4c_lib.typed_text import listed

SHEET, ENDING = "Plan", ".xlsx"
MARK_ROW, HEAD_ROW = 2, 4  # as Excel counts them
COLUMNS = {"Mark": 14, "Intention": 24, "Kind": 10, "Wording": 70, "X": 22, "Responsible post": 30, "Timeline": 36}
ACTION, MEASURE = "Action", "Measure"
LONGEST_STYLED = 500  # rows of a table
HOW = (
    "Change wording, X, responsible post or timeline, and hand the file in again: every change is shown before it is "
    "saved. Leave the marks as they are. A date is written as 'from September 2026 by March 2028'; a date alone is the "
    "day by which. A row that is deleted here stays in the plan. A new action has no mark, and names its intention."
)


def plan_workbook(plan: Plan, revision: int, title: str, further: Mapping[str, pd.DataFrame] | None = None) -> bytes:
    """A workbook (.xlsx) with the plan, a row for each of its rows but those left out, and further tables by name.

    `further`: sheets that nobody reads back, with headings and values as people read them.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    book.properties.title, book.properties.creator = title, ""
    style.heading(sheet, title, plan_read_back.MADE.format(code=plan.organisation, revision=revision))
    style.write(sheet.cell(3, 1), HOW, font=style.font(11, colour=style.QUIET))
    sheet.merge_cells(start_row=3, start_column=1, end_row=3, end_column=len(COLUMNS))
    sheet.row_dimensions[3].height = 34
    rows = [
        (
            one.mark,
            f"{one.row.intention_number} {catalogue().intention(one.row.intention_number).short}",
            ACTION if one.is_action else MEASURE,
            one.words,
            one.x,
            one.who,
            one.when,
        )
        for one in plan_read_back.entries_of_plan(plan)
    ]
    _fill(sheet, pd.DataFrame(rows, columns=list(COLUMNS)), HEAD_ROW)
    for number, row in enumerate(rows, HEAD_ROW + 1):
        sheet.row_dimensions[number].height = style.height_for(list(zip(row, COLUMNS.values(), strict=True)))
    style.widths(sheet, list(COLUMNS.values()))
    for name, table in (further or {}).items():
        added = book.create_sheet(name)
        _fill(added, table, 1)
        longest = (max([len(str(name)), *(len(str(value)) for value in table[name])]) for name in table.columns)
        style.widths(added, [min(max(length + 3, 10), 60) for length in longest])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def plan_file(ending: str, plan: Plan, revision: int, title: str) -> bytes:
    """The plan of an organisation as the pledge's table in Word (".docx") or for Excel (".xlsx"); `title`: its name."""
    write = plan_workbook if ending == ENDING else action_plan
    return write(plan, revision, f"Action plan of {title}")


def _fill(sheet: Worksheet, table: pd.DataFrame, head: int) -> None:
    top = Alignment(vertical="top", wrap_text=True)
    for number, name in enumerate(table.columns, 1):
        bold = style.font(11, bold=True, colour="FFFFFF")
        style.write(sheet.cell(head, number), str(name), font=bold, fill=style.fill(style.BLUE), alignment=top)
    is_long = len(table) > LONGEST_STYLED  # the look of a cell takes ten times as long as the cell
    for row, values in enumerate(table.itertuples(index=False), head + 1):
        for number, value in enumerate(values, 1):
            shown = "" if pd.isna(value) else value if isinstance(value, int | float) else str(value)
            if is_long and not (isinstance(shown, str) and shown[:1] in style.BEGINS_A_FORMULA):
                sheet.cell(row, number, shown)
            else:
                style.write(sheet.cell(row, number), shown, alignment=top, border=style.UNDER)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(table.columns))}{head + len(table)}"
    sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.paperSize = f"{head}:{head}", "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def made_here(file: Path | bytes) -> tuple[str, int] | None:
    """What a Word document or workbook was written here from; None for any other."""
    try:
        content = file if isinstance(file, bytes) else files.bytes_of(file, excel.MOST_UNPACKED)
        if excel.is_workbook(content):
            return plan_read_back.origin_of(" ".join(_sheet(content, "file").row(MARK_ROW)).strip())
    except InputError:  # whoever reads it says what is wrong with it
        return None
    return plan_read_back.origin_in_word(content)


def changed_outside(content: bytes, source: str, before: Plan, now: Plan) -> tuple[Plan, list[str]]:
    """What somebody changed in Word or Excel in the table written from `before`, as `plan_read_back` says."""
    if excel.is_workbook(content):
        went = _entries(plan_workbook(before, 0, ""), source)
        return plan_read_back.plan_read_back(_entries(content, source), source, went, before, now)
    went = plan_read_back.entries_in_word(action_plan(before, 0, ""), source)
    return plan_read_back.plan_read_back(plan_read_back.entries_in_word(content, source), source, went, before, now)


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
    if missing := [name for name in COLUMNS if name not in head]:
        words = f"row {HEAD_ROW} lacks {listed(missing)}; it has {listed([one for one in head if one])}."
        raise InputError.of(source, words, "Give the columns their names again.", place=f"sheet {SHEET}")
    for number in range(HEAD_ROW + 1, sheet.height + 1):
        values = dict(zip(head, sheet.row(number), strict=False))
        mark, of, kind, words, x, who, when = (" ".join(values.get(name, "").split()) for name in COLUMNS)
        if not any((mark, words, x, who, when)):
            continue
        first, wrong = of.partition(" ")[0].rstrip("."), []
        intention = int(first) if first.isdecimal() else 0
        if kind not in {ACTION, MEASURE}:
            wrong.append(Problem("Kind", f"'{kind}' is no kind of row; it is {ACTION} or {MEASURE}."))
        if not mark and not 1 <= intention <= len(catalogue().intentions):
            wrong.append(Problem("Intention", f"'{of}' is no intention; it begins with its number, 1 to 10."))
        if re.fullmatch(r"0?\.\d+", x):
            hint = f"Write it as text, such as to {float(x):.1%}"
            wrong.append(Problem("X", f"{x} is what Excel keeps of a percentage.", hint))
        place = f"sheet {SHEET}, row {number}"
        yield EntryRead(mark, place, intention, kind == ACTION, words, x, who, when, tuple(wrong))
