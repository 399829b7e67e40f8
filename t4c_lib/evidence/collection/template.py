"""Writes a collection workbook: what is asked is filled in, what is to be answered stands open."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.collection import design, layout
from t4c_lib.evidence.collection.asked import READ_ME, WHAT_TO_COUNT, Collection, Item, Row
from t4c_lib.evidence.collection.front import LISTED_ROW, write_read_me, write_what_to_count
from t4c_lib.evidence.observation import State
from t4c_lib.whole_files import write_whole

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WIDTHS = (7.0, 48.0, 24.0, 20.0, 26.0, 15.0, 17.0, 26.0, 18.0, 34.0)
_AT = {name: column for column, name in enumerate(layout.COLUMNS, 1)}
_NUMBERS = (layout.NUMERATOR, layout.DENOMINATOR)
_MOST_PROMPT = 250  # Excel refuses a file with a longer one


def write_template(asked: Collection, path: str | Path, *, locked: bool = True) -> Path:
    """Write the workbook.

    Args:
        asked: what it asks; see `collect`.
        path: a new file that ends in .xlsx. One that is there already may have been filled in, and is left alone.
        locked: whether only cells to be filled in can be changed; without a password in any case.

    Raises:
        InputError: the file is there already, can't be written, or has another ending.
    """
    out = Path(path)
    if out.suffix.casefold() != ".xlsx":
        raise InputError(out.name, [Problem("", "The name of a collection workbook ends in .xlsx.")])
    body = io.BytesIO()
    _workbook(asked, locked=locked).save(body)
    write_whole(out, body.getvalue(), replace=False)
    return out


def _workbook(asked: Collection, *, locked: bool) -> Workbook:
    book = Workbook()
    book.properties.title = layout.TITLE
    book.properties.subject = asked.whose
    book.properties.creator = "Talent for Care planning workbook"
    book.properties.language = "en-GB"
    read_me = book.active
    read_me.title = READ_ME
    write_read_me(read_me, asked)
    what = book.create_sheet(WHAT_TO_COUNT)
    write_what_to_count(what, asked)
    _as_table(what, LISTED_ROW, len(layout.LISTED), len(asked.items), "WhatToCount")
    for number, (title, rows) in enumerate(asked.sheets.items(), 1):
        sheet = book.create_sheet(title)
        _write_figures(sheet, asked, rows)
        _as_table(sheet, layout.HEADER_ROW, len(layout.COLUMNS), len(rows), f"Figures{number}")
    for sheet in book.worksheets:
        sheet.sheet_properties.tabColor = design.QUIET if sheet.title in {READ_ME, WHAT_TO_COUNT} else design.BLUE
        if locked:
            design.locked(sheet)
    if locked:
        book.security.lockStructure = True
    return book


def _write_figures(sheet: Worksheet, asked: Collection, rows: tuple[Row, ...]) -> None:
    design.heading(sheet, sheet.title, asked.whose)
    help_text = (
        f"Fill in the yellow cells: what was counted, and out of how many. Definitions are on '{WHAT_TO_COUNT}'."
    )
    design.write(sheet["A3"], help_text, font=design.font(colour=design.QUIET), alignment=Alignment(vertical="center"))
    design.widths(sheet, WIDTHS)
    design.header(sheet, layout.HEADER_ROW, layout.COLUMNS, right=(layout.NUMBER, *_NUMBERS))
    before: Item | None = None
    first: dict[Item, int] = {}
    for at, row in enumerate(rows, layout.HEADER_ROW + 1):
        _write_row(sheet, at, row, is_new=row.item is not before)
        first.setdefault(row.item, at)
        before = row.item
    for item, start in first.items():
        _rules(sheet, item, start, start + len(item.rows) - 1)
    end = layout.HEADER_ROW + len(rows)
    _states(sheet, end)
    design.printed(sheet, asked.whose, header_row=layout.HEADER_ROW)
    sheet.freeze_panes = sheet.cell(layout.HEADER_ROW + 1, _AT[layout.MEASURE] + 1)


def _write_row(sheet: Worksheet, at: int, row: Row, *, is_new: bool) -> None:
    middle = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    border = design.row_border(between=is_new)
    number = Alignment(vertical="center", horizontal="right", indent=1)
    quiet = design.font(colour=design.QUIET)
    design.write(sheet.cell(at, _AT[layout.NUMBER]), row.number, font=quiet, alignment=number, border=border)
    fixed = layout.labels(row)
    for name, text in fixed.items():
        # The measure's name stands out where it begins; below it is repeated for whoever filters, or reads by ear.
        strong = name == layout.PERIOD or (name == layout.MEASURE and is_new)
        font = design.font(bold=name == layout.MEASURE and is_new) if strong else quiet
        design.write(sheet.cell(at, _AT[name]), text, font=font, alignment=middle, border=border)
        sheet.cell(at, _AT[name]).number_format = "@"
    for name in layout.inputs(row.item):
        cell = sheet.cell(at, _AT[name])
        counted = row.item.numerator if name == layout.NUMERATOR else row.item.denominator
        whole = name in _NUMBERS and row.item.is_whole(counted)
        words = name in {layout.GROUP, layout.REMARK}
        design.input_cell(cell, number=name in _NUMBERS, whole=whole, text=words, between=is_new)
    if row.item.is_count:
        grey = {"font": design.font(colour=design.QUIET, italic=True), "fill": design.fill(design.PALE)}
        cell = sheet.cell(at, _AT[layout.DENOMINATOR])
        design.write(cell, layout.NOT_ASKED, alignment=number, border=border, **grey)
    texts = [(text, WIDTHS[_AT[name] - 1]) for name, text in fixed.items()]
    sheet.row_dimensions[at].height = design.height_for(texts, least=20)


def _rules(sheet: Worksheet, item: Item, first: int, last: int) -> None:
    """Excel's own checks while somebody types, with the definition shown beside the cell."""
    for name, words in ((layout.NUMERATOR, item.numerator), (layout.DENOMINATOR, item.denominator)):
        if not words:
            continue
        whole = item.is_whole(words)
        rule = DataValidation(
            type="whole" if whole else "decimal",
            operator="between",
            formula1="0",
            formula2="1000000000",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle="A number is needed",
            error=f"Type a {'whole ' if whole else ''}number, 0 or more, not a percentage. "
            "Where there is no figure, leave the cell empty and choose a state.",
            showInputMessage=True,
            promptTitle=name,
            prompt=words if len(words) <= _MOST_PROMPT else words[: _MOST_PROMPT - 3] + "...",
        )
        rule.add(f"{layout.letters(_AT[name])}{first}:{layout.letters(_AT[name])}{last}")
        sheet.add_data_validation(rule)
    if item.is_open:
        rule = DataValidation(
            showInputMessage=True,
            promptTitle="Which group",
            prompt="What it is about, a colon, and which: 'race: Asian', 'sex: women'. One group in each row.",
        )
        rule.add(f"{layout.letters(_AT[layout.GROUP])}{first}:{layout.letters(_AT[layout.GROUP])}{last}")
        sheet.add_data_validation(rule)
    if item.unit == "share":
        part, whole_at = layout.letters(_AT[layout.NUMERATOR]), layout.letters(_AT[layout.DENOMINATOR])
        more = FormulaRule(
            formula=[f"AND(ISNUMBER(${part}{first}),ISNUMBER(${whole_at}{first}),${part}{first}>${whole_at}{first})"],
            fill=design.fill(design.WRONG_FILL),
        )
        sheet.conditional_formatting.add(f"{part}{first}:{whole_at}{last}", more)


def _states(sheet: Worksheet, last: int) -> None:
    rule = DataValidation(
        type="list",
        formula1=f'"{",".join(State)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Choose from the list",
        error=f"One of: {', '.join(State)}; or nothing.",
        showInputMessage=True,
        promptTitle=layout.STATE,
        prompt="Needed only where there is no figure: suppressed, missing or not applicable.",
    )
    column = layout.letters(_AT[layout.STATE])
    rule.add(f"{column}{layout.HEADER_ROW + 1}:{column}{last}")
    sheet.add_data_validation(rule)


def _as_table(sheet: Worksheet, header_row: int, columns: int, rows: int, name: str) -> None:
    """Makes of the range a table, so that a screen reader knows its column names."""
    table = Table(displayName=name, ref=f"A{header_row}:{layout.letters(columns)}{header_row + rows}")
    sheet.add_table(table)
