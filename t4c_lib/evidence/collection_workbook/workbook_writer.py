"""Writes a collection workbook, and a copy of one that was refused with every problem in its cell.

What is asked is filled in, what is to be answered stands open. Two sheets come before the figures: how to fill the
workbook in, and what to count. In a copy a problem is told in red, and in words in a note. The original is never
touched, nor a copy that is there already: somebody may be mending it.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from copy import copy
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BaseModel

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.collection_workbook import sheet_layout as layout
from t4c_lib.evidence.collection_workbook.request import PROBLEMS, READ_ME, WHAT_TO_COUNT, Collection, Item, RequestRow
from t4c_lib.evidence.observations import State
from t4c_lib.evidence.xlsx_workbook import read_workbook
from t4c_lib.filesystem import saved_bytes, write_whole
from t4c_lib.typed_text import capitalised, listed
from t4c_lib.validation_messages import read_shipped

_FIGURES_WIDTHS = (7.0, 48.0, 24.0, 20.0, 26.0, 15.0, 17.0, 26.0, 18.0, 34.0)
_AT = {name: column for column, name in enumerate(layout.COLUMNS, 1)}
_NUMBERS = (layout.NUMERATOR, layout.DENOMINATOR)
_MOST_PROMPT = 250  # Excel refuses a file with a longer one


def write_template(asked: Collection, path: str | Path, *, locked: bool = True) -> Path:
    """Write the workbook. Raises InputError: the file is there already, can't be written, or has another ending.

    `asked`: what it asks; see `collect`. `path`: a new file that ends in .xlsx. One that is there already may have been
    filled in, and is left alone. `locked`: whether only cells to be filled in can be changed; without a password.
    """
    out = Path(path)
    if out.suffix.casefold() != ".xlsx":
        raise InputError.of(out.name, "The file name of a collection workbook must end in .xlsx.")
    write_whole(out, template_bytes(asked, locked=locked), replace=False)
    return out


def template_bytes(asked: Collection, *, locked: bool = True) -> bytes:
    """The workbook as the content of a file; see `write_template`."""
    book = Workbook()
    book.properties.title = layout.TITLE
    book.properties.subject = asked.whose
    book.properties.creator = "Talent for Care planning workbook"
    book.properties.language = "en-GB"
    read_me = book.active
    read_me.title = READ_ME
    _write_read_me(read_me, asked)
    what = book.create_sheet(WHAT_TO_COUNT)
    _write_what_to_count(what, asked)
    _as_table(what, LISTED_ROW, len(layout.LISTED), len(asked.items), "WhatToCount")
    for number, (title, rows) in enumerate(asked.sheets.items(), 1):
        sheet = book.create_sheet(title)
        _write_figures(sheet, asked, rows)
        _as_table(sheet, layout.HEADER_ROW, len(layout.COLUMNS), len(rows), f"Figures{number}")
    for sheet in book.worksheets:
        sheet.sheet_properties.tabColor = layout.QUIET if sheet.title in {READ_ME, WHAT_TO_COUNT} else layout.BLUE
        if locked:
            layout.locked(sheet)
    if locked:
        book.security.lockStructure = True
    return saved_bytes(book.save)


def _write_figures(sheet: Worksheet, asked: Collection, rows: tuple[RequestRow, ...]) -> None:
    layout.heading(sheet, sheet.title, asked.whose)
    help_text = f"Fill in the yellow cells: the count and the denominator. Definitions are on '{WHAT_TO_COUNT}'."
    layout.write(sheet["A3"], help_text, font=layout.font(colour=layout.QUIET), alignment=Alignment(vertical="center"))
    layout.widths(sheet, _FIGURES_WIDTHS)
    layout.header(sheet, layout.HEADER_ROW, layout.COLUMNS, right=(layout.NUMBER, *_NUMBERS))
    at = layout.HEADER_ROW + 1
    for item, of_item in groupby(rows, attrgetter("item")):
        start = at
        for at, row in enumerate(of_item, start):
            _write_row(sheet, at, row, is_new=at == start)
        _rules(sheet, item, start, at)
        at += 1
    _rule(
        sheet, _cells(layout.STATE, layout.HEADER_ROW + 1, layout.HEADER_ROW + len(rows)), layout.STATE,
        "Needed only where there is no figure: suppressed, missing or not applicable.",
        ("Choose from the list", f"One of: {', '.join(State)}; or leave it blank."),
        type="list", formula1=f'"{",".join(State)}"',
    )  # fmt: skip
    layout.printed(sheet, asked.whose, header_row=layout.HEADER_ROW)
    sheet.freeze_panes = sheet.cell(layout.HEADER_ROW + 1, _AT[layout.MEASURE] + 1)


def _write_row(sheet: Worksheet, at: int, row: RequestRow, *, is_new: bool) -> None:
    border = layout.row_border(between=is_new)
    number, quiet = Alignment(vertical="center", horizontal="right", indent=1), layout.font(colour=layout.QUIET)
    layout.write(sheet.cell(at, _AT[layout.NUMBER]), row.number, font=quiet, alignment=number, border=border)
    fixed = layout.labels(row)
    for name, text in fixed.items():
        # The measure's name stands out where it begins; below it is repeated for whoever filters, or reads by ear.
        strong = name == layout.PERIOD or (name == layout.MEASURE and is_new)
        font = layout.font(bold=name == layout.MEASURE and is_new) if strong else quiet
        layout.write(sheet.cell(at, _AT[name]), text, font=font, border=border)
        sheet.cell(at, _AT[name]).number_format = "@"
    for name in layout.inputs(row.item):
        cell = sheet.cell(at, _AT[name])
        counted = row.item.numerator if name == layout.NUMERATOR else row.item.denominator
        whole, words = name in _NUMBERS and row.item.is_whole(counted), name in {layout.GROUP, layout.REMARK}
        layout.input_cell(cell, number=name in _NUMBERS, whole=whole, text=words, between=is_new)
    if row.item.is_count:
        grey = {"font": layout.font(colour=layout.QUIET, italic=True), "fill": layout.fill(layout.PALE)}
        cell = sheet.cell(at, _AT[layout.DENOMINATOR])
        layout.write(cell, layout.NOT_ASKED, alignment=number, border=border, **grey)
    texts = [(text, _FIGURES_WIDTHS[_AT[name] - 1]) for name, text in fixed.items()]
    sheet.row_dimensions[at].height = layout.height_for(texts, least=20)


def _rules(sheet: Worksheet, item: Item, first: int, last: int) -> None:
    for name, words in ((layout.NUMERATOR, item.numerator), (layout.DENOMINATOR, item.denominator)):
        if not words:
            continue
        whole = item.is_whole(words)
        _rule(
            sheet, _cells(name, first, last), name,
            words if len(words) <= _MOST_PROMPT else words[: _MOST_PROMPT - 3] + "...",
            ("A number is needed", f"Enter a {'whole ' if whole else ''}number, 0 or more, not a percentage. "
             "Where there is no figure, leave the cell empty and choose a state."),
            type="whole" if whole else "decimal", operator="between", formula1="0", formula2="1000000000",
        )  # fmt: skip
    if item.is_open:
        prompt = "The characteristic, a colon and the group: 'race: Asian', 'sex: women'. One group per row."
        _rule(sheet, _cells(layout.GROUP, first, last), "Which group", prompt)
    if item.unit == "share":
        part, whole_at = get_column_letter(_AT[layout.NUMERATOR]), get_column_letter(_AT[layout.DENOMINATOR])
        more = FormulaRule(
            formula=[f"AND(ISNUMBER(${part}{first}),ISNUMBER(${whole_at}{first}),${part}{first}>${whole_at}{first})"],
            fill=layout.fill(layout.WRONG_FILL),
        )
        sheet.conditional_formatting.add(f"{part}{first}:{whole_at}{last}", more)


def _cells(name: str, first: int, last: int) -> str:
    column = get_column_letter(_AT[name])
    return f"{column}{first}:{column}{last}"


def _rule(
    sheet: Worksheet, cells: str, title: str, prompt: str, refusal: tuple[str, str] | None = None, **allowed: str
) -> None:
    """A prompt beside cells while somebody types; with a refusal, its title and words for what is not allowed."""
    options: dict[str, Any] = {}
    if refusal is not None:
        options = {"allow_blank": True, "showErrorMessage": True, "errorTitle": refusal[0], "error": refusal[1]}
    rule = DataValidation(showInputMessage=True, promptTitle=title, prompt=prompt, **options, **allowed)
    rule.add(cells)
    sheet.add_data_validation(rule)


def _as_table(sheet: Worksheet, header_row: int, columns: int, rows: int, name: str) -> None:
    """Makes of the range a table, so that a screen reader knows its column names."""
    sheet.add_table(Table(displayName=name, ref=f"A{header_row}:{get_column_letter(columns)}{header_row + rows}"))


_ABOUT_WIDTHS = (28.0, 96.0)
_LISTED_WIDTHS = (20.0, 33.0, 40.0, 38.0, 21.0, 14.0, 19.0, 13.0, 13.0, 27.0, 14.0, 10.0, 28.0)
LISTED_ROW = 4


class _ReadMe(BaseModel, frozen=True, extra="forbid"):
    steps: tuple[str, ...]
    states: dict[State, str]
    colours: dict[str, str]


def _write_read_me(sheet: Worksheet, asked: Collection) -> None:
    layout.heading(sheet, layout.TITLE, asked.whose)
    layout.widths(sheet, _ABOUT_WIDTHS)
    if asked.demonstration:
        layout.write(sheet.cell(3, 1), "A made-up organisation, for demonstration.", alignment=Alignment())
    words = read_shipped(_ReadMe, __package__, "read_me.yaml")
    many = f"{'sheets' if len(asked.sheets) > 1 else 'sheet'} {listed([*asked.sheets])}"
    given = {"what_to_count": WHAT_TO_COUNT, "sheets": many, "taken": layout.TAKEN}
    steps = [(f"Step {n}", step.format(**given)) for n, step in enumerate(words.steps, 1)]
    states = [(state.value, text) for state, text in words.states.items()]
    colours = [(colour.format(not_asked=layout.NOT_ASKED), meaning) for colour, meaning in words.colours.items()]
    row = 4 if asked.demonstration else 3
    sections = {"How to fill it in": steps, "What the states mean": states, "What the colours mean": colours}
    for title, lines in sections.items():
        row = _section(sheet, row + 1, title, lines)
    for offset, colour in ((4, layout.INPUT_FILL), (3, "FFFFFF"), (2, layout.PALE), (1, layout.WRONG_FILL)):
        sheet.cell(row - offset, 1).fill = layout.fill(colour)
    sheet.cell(row - 4, 1).border = layout.INPUT
    _about(sheet, row + 1, asked)
    layout.printed(sheet, asked.whose, landscape=False)


def _section(sheet: Worksheet, row: int, title: str, lines: list[tuple[str, str]]) -> int:
    """A heading and its lines; gives the row after the last."""
    layout.write(sheet.cell(row, 1), title, font=layout.font(14, bold=True, colour=layout.BLUE), alignment=Alignment())
    sheet.row_dimensions[row].height = 26
    for column in (1, 2):
        sheet.cell(row, column).border = Border(bottom=Side(style="medium", color=layout.BLUE))
    for at, (label, text) in enumerate(lines, row + 1):
        layout.write(sheet.cell(at, 1), label, font=layout.font(bold=True), border=layout.UNDER)
        layout.write(sheet.cell(at, 2), text, border=layout.UNDER)
        texts = [*zip((label, text), _ABOUT_WIDTHS, strict=True)]
        sheet.row_dimensions[at].height = layout.height_for(texts, least=19)
    return row + 1 + len(lines)


def _about(sheet: Worksheet, row: int, asked: Collection) -> None:
    _section(sheet, row, "About this workbook", list(layout.about(asked).items()))
    cell = sheet.cell(row + 1, 2)
    cell.value = None
    layout.input_cell(cell)
    cell.number_format = "d mmmm yyyy"
    _rule(
        sheet, cell.coordinate, layout.TAKEN,
        "The date on which you took the figures from their sources, such as 30/04/2026.",
        ("A date is needed", "Enter the date on which the figures were taken, such as 30/04/2026."),
        type="date", operator="greaterThan", formula1="36526",
    )  # fmt: skip


def _write_what_to_count(sheet: Worksheet, asked: Collection) -> None:
    layout.heading(sheet, WHAT_TO_COUNT, asked.whose)
    layout.widths(sheet, _LISTED_WIDTHS)
    layout.header(sheet, LISTED_ROW, layout.LISTED)
    for at, item in enumerate(asked.items, LISTED_ROW + 1):
        new_sheet = at == LISTED_ROW + 1 or asked.items[at - LISTED_ROW - 2].sheet != item.sheet
        texts = layout.listing(item)
        for column, (name, text) in enumerate(texts.items(), 1):
            quiet = name in {layout.PLACES, layout.KIND, layout.SERIES}
            font = layout.font(bold=name == layout.MEASURE, colour=layout.QUIET if quiet else layout.TEXT)
            border = layout.row_border(between=new_sheet)
            layout.write(sheet.cell(at, column), text, font=font, border=border).number_format = "@"
        sheet.row_dimensions[at].height = layout.height_for(list(zip(texts.values(), _LISTED_WIDTHS, strict=True)))
    layout.printed(sheet, asked.whose, header_row=LISTED_ROW)
    to_read = get_column_letter(len(layout.LISTED) - 3)  # the last three columns are for us
    sheet.print_area = f"A1:{to_read}{LISTED_ROW + len(asked.items)}"
    sheet.freeze_panes = sheet.cell(LISTED_ROW + 1, 3)


AUTHOR = "Talent for Care workbook"
_MOST_BYTES = 40_000_000  # unpacked; a collection workbook has a hundredth of that
_WIDTHS = (24.0, 10.0, 74.0, 62.0)
_HEADER_ROW = 4
_COPY = re.compile(r"-marked(-\d+)?$")


def write_marked(path: Path, problems: Sequence[Problem]) -> Path | None:
    """Write FILE-marked.xlsx beside FILE.xlsx, a workbook that was refused for these problems, and give the copy.

    Those that name a cell are marked there, and all are listed on a first sheet. None where no problem names a cell of
    the file, or the file can't be opened to be marked. Raises InputError: the copy can't be written.
    """
    by_cell: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if (place := layout.parse_place(problem.place)) is not None:
            by_cell.setdefault(place, []).append(problem)
    book = _open(path) if by_cell else None
    if book is None or not any(sheet in book.sheetnames for sheet, _ in by_cell):
        return None
    for cell in (one for sheet in book.worksheets for row in sheet.iter_rows() for one in row):
        if cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            cell.fill = layout.fill("FFFFFF" if cell.protection.locked else layout.INPUT_FILL)
    for (title, cell), told in by_cell.items():
        if title in book.sheetnames:
            _mark(book[title], cell, told)
    _list(book, path.name, problems)
    stem = _COPY.sub("", path.stem)
    names = (f"{stem}-marked{'' if number == 1 else f'-{number}'}.xlsx" for number in range(1, 1000))
    copy = next(file for file in map(path.with_name, names) if not file.exists())
    write_whole(copy, book.save, replace=False)
    return copy


def _open(path: Path) -> Workbook | None:
    """The workbook without links to other files; None where it is too large or openpyxl doesn't understand it."""
    try:
        raw = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                return None
        book = load_workbook(io.BytesIO(raw), keep_links=False, keep_vba=False)
        read = {sheet.name: sheet.cells for sheet in read_workbook(path.name, raw, "", _MOST_BYTES).sheets}
    except Exception:  # noqa: BLE001  (whatever it stumbles over, there is no copy, and the problems are told anyway)
        return None
    for sheet in book.worksheets:
        _without_formulas(sheet, read.get(sheet.title, []))
    return book


def _without_formulas(sheet: Worksheet, read: Sequence[Sequence[object]]) -> None:
    """A copy holds what was read of a formula, its text where nothing is stored: nothing is written as a formula."""
    for at, row in enumerate(sheet.iter_rows()):
        for cell in row:
            value = cell.value
            if cell.data_type == "f":
                value = read[at][cell.column - 1] if at < len(read) and cell.column <= len(read[at]) else ""
            elif not (isinstance(value, str) and value[:1] in layout.BEGINS_A_FORMULA):
                continue
            looks = {"font": copy(cell.font), "alignment": copy(cell.alignment)}
            layout.write(cell, value if isinstance(value, (str, int, float)) else str(value), **looks)


def _mark(sheet: Worksheet, address: str, problems: Sequence[Problem]) -> None:
    text = "\n".join(capitalised(one.sentence) for one in problems)
    note = Comment(text[:2000], AUTHOR, width=320, height=60 + 18 * (len(text) // 42))
    sheet[address].comment, sheet[address].fill = note, layout.fill(layout.WRONG_FILL)


def _list(book: Workbook, name: str, problems: Sequence[Problem]) -> None:
    if PROBLEMS in book.sheetnames:
        del book[PROBLEMS]
    sheet = book.create_sheet(PROBLEMS, 0)
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    layout.heading(sheet, f"{count} to fix", f"Found in {name}. Nothing from it was added.")
    layout.widths(sheet, _WIDTHS)
    layout.header(sheet, _HEADER_ROW, ("Sheet", "Cell", "What is wrong", "What to do"))
    for at, problem in enumerate(problems, _HEADER_ROW + 1):
        place = layout.parse_place(problem.place)
        title, cell = place or (problem.place.removeprefix("sheet '").removesuffix("'"), "")
        texts = (title, cell, capitalised(problem.message), problem.hint)
        for column, text in enumerate(texts, 1):
            layout.write(sheet.cell(at, column), text, border=layout.UNDER)
        sheet.row_dimensions[at].height = layout.height_for(list(zip(texts, _WIDTHS, strict=True)))
        if place and title in book.sheetnames:
            link, to = sheet.cell(at, 2), f"{quote_sheetname(title)}!{cell}"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=to, display=cell)
            link.font = layout.font(colour=layout.BLUE)
    layout.printed(sheet, name, header_row=_HEADER_ROW)
    sheet.sheet_properties.tabColor = "D5281B"
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 1)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def mark_refused(paths: Sequence[Path], errors: Sequence[InputError]) -> list[tuple[Path, Path]]:
    """Marked copies of those among refused files that are workbooks with problems in cells: original and copy."""
    by_source = {error.source: error for error in errors}
    told = [(path, by_source[path.name].problems) for path in paths if path.name in by_source]
    return [(path, copy) for path, problems in told if (copy := write_marked(path, problems)) is not None]
