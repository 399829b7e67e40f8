"""Where things stand in a collection workbook, the words that its writer and its reader go by, and how it looks.

One typeface, few colours, and cells that can't turn a text into a formula.
"""

import re
import textwrap
from collections.abc import Sequence
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from t4c_lib.evidence.collection_workbook.request import TEMPLATE_VERSION, Collection, Item, RequestRow, period_label
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.xlsx_workbook import Sheet

TITLE = "Talent for Care collection workbook"

# A sheet of figures: title, whose figures these are, what to do, column names, rows.
NUMBER, MEASURE, WHOM, GROUP, PERIOD = "No.", "Measure", "Of whom", "Group", "Period"
NUMERATOR, DENOMINATOR, UNIT = "Count (numerator)", "Out of (denominator)", "Unit"
STATE, REMARK = "State", "Remark"
COLUMNS = (NUMBER, MEASURE, WHOM, GROUP, PERIOD, NUMERATOR, DENOMINATOR, UNIT, STATE, REMARK)
HEADER_ROW = 5
WHOSE_ROW = 2
NOT_ASKED = "not asked"  # in the place of a denominator, for plain counts
NOBODY = "no set group of people"  # in the place of a population
EMPTY = {DENOMINATOR: NOT_ASKED, WHOM: NOBODY}

# What to count: the columns of its table.
SHEET, PLACES, FIRST, LAST, SOURCE = "Sheet", "Framework", "First period", "Last period", "Where to find it"
KIND, SERIES = "Kind", "Series"
LISTED = (*(SHEET, MEASURE, NUMERATOR, DENOMINATOR, WHOM, GROUP, UNIT, FIRST, LAST, SOURCE), *(PLACES, KIND, SERIES))
# The fields of an item that stand there as they are, by their column.
_FIELDS = ("sheet", "name", "numerator", "denominator", "population", "group", "unit", "source")
_ALIKE = (name for name in LISTED if name not in {FIRST, LAST})
FIELDS = dict(zip(_ALIKE, (*_FIELDS, "places", "kind", "series"), strict=True))

# About this workbook: labels in column A of the first sheet, values in column B.
CODE, NAME, DEMONSTRATION, TEMPLATE = "Organisation code", "Organisation", "Made up for demonstration", "Template"
TAKEN, DIGEST = "Figures taken on", "Layout digest"
ABOUT = (TAKEN, CODE, NAME, DEMONSTRATION, TEMPLATE, DIGEST)

ENOUGH = 6  # column names by which a sheet of ours is known although some were changed
BEGINS_A_FORMULA = frozenset("=+-@")

_PLACE = re.compile(r"sheet '(?P<sheet>.*)', cell (?P<cell>[A-Z]{1,3}[0-9]{1,7})")


def about(asked: Collection) -> dict[str, str]:
    """What stands beside the labels of `ABOUT`; the day is for whoever fills the workbook in."""
    demonstration = "yes" if asked.demonstration else "no"
    said = ("", asked.organisation, asked.name, demonstration, str(TEMPLATE_VERSION), asked.digest)
    return dict(zip(ABOUT, said, strict=True))


def labels(row: RequestRow) -> dict[str, str]:
    """What the cells of a row say that nobody is to change, by column."""
    said = listing(row.item) | {PERIOD: period_label(row.period)}
    return {name: said[name] for name in (MEASURE, WHOM, *(() if row.item.is_open else (GROUP,)), PERIOD, UNIT)}


def inputs(item: Item) -> tuple[str, ...]:
    """The columns that are to be filled in."""
    return (*((GROUP,) if item.is_open else ()), NUMERATOR, *(() if item.is_count else (DENOMINATOR,)), STATE, REMARK)


def listing(item: Item) -> dict[str, str]:
    """Its row on the sheet that says what to count."""
    said = {name: str(getattr(item, field)) for name, field in FIELDS.items()}
    said |= {FIRST: str(item.periods[0]), LAST: str(item.periods[-1])}
    return {name: said[name] or EMPTY.get(name, "") for name in LISTED}


def place(sheet: str, column: int, row: int) -> str:
    """A cell as messages name it; column and row count from 1."""
    return f"sheet '{sheet}', cell {get_column_letter(column)}{row}"


def parse_place(text: str) -> tuple[str, str] | None:
    """Sheet and cell of a message's place; None for a place that is no single cell."""
    match = _PLACE.fullmatch(text)
    return (match["sheet"], match["cell"]) if match else None


def header_row(sheet: Sheet, names: tuple[str, ...]) -> int | None:
    """The row, among the first twenty, that holds most of these column names; None where none holds enough.

    The two layouts have names in common; a row is of the one it is more like.
    """
    best = max(range(1, min(20, sheet.height) + 1), key=lambda row: similarity(sheet.row(row), names), default=0)
    alike = similarity(sheet.row(best), names)
    other = LISTED if names == COLUMNS else COLUMNS
    return best if alike >= ENOUGH and alike >= similarity(sheet.row(best), other) else None


def similarity(row: tuple[str, ...] | list[str], names: tuple[str, ...] = COLUMNS) -> int:
    """How many of these column names a row holds."""
    there = {folded(name) for name in row}
    return sum(folded(name) in there for name in names)


FONT = "Arial"
DARK, BLUE, TEXT, QUIET = "003087", "005EB8", "212B32", "4C6272"
INPUT_FILL, PALE, BAND, WRONG_FILL = "FFF4C2", "F0F4F5", "E3EEF9", "FBD5D0"
STRONG = "768692"

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EDGE = Side(style="thin", color=STRONG)
_HAIR = Side(style="thin", color="D8DDE0")
_BETWEEN = Side(style="medium", color=BLUE)
INPUT = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
UNDER = Border(bottom=_HAIR)


def fill(colour: str) -> PatternFill:
    """One plain colour."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def font(size: int = 11, *, bold: bool = False, colour: str = TEXT, italic: bool = False) -> Font:
    """The workbook's typeface."""
    return Font(name=FONT, size=size, bold=bold, italic=italic, color=colour)


def write(cell: Cell, value: str | float, **looks: Any) -> Cell:
    """Put a value into a cell. A text stays a text, whatever it begins with: nothing is ever written as a formula."""
    # Excel reads _x0041_ as the letter A; the underscore written in that way stays what it is.
    cell.value = _ESCAPE.sub("_x005F_", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        if value[:1] in {*BEGINS_A_FORMULA, "'"}:
            cell.quotePrefix = True  # else Excel would make a formula of it when somebody edits the cell
    cell.font = looks.pop("font", font())
    cell.alignment = looks.pop("alignment", Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1))
    for name, look in looks.items():
        setattr(cell, name, look)
    return cell


def heading(sheet: Worksheet, title: str, below: str) -> None:
    """A sheet's title, and under it whose figures these are."""
    line = Alignment(vertical="center")
    write(sheet["A1"], title, font=font(20, bold=True, colour=DARK), alignment=line)
    write(sheet["A2"], below, font=font(13, colour=TEXT), alignment=line)
    sheet.row_dimensions[1].height = 32
    sheet.row_dimensions[2].height = 21


def header(sheet: Worksheet, row: int, names: Sequence[str], *, right: Sequence[str] = ()) -> None:
    """A row of column names."""
    white, edge = font(bold=True, colour="FFFFFF"), Border(left=Side(style="thin", color="FFFFFF"))
    for column, name in enumerate(names, 1):
        look = Alignment(vertical="center", wrap_text=True, horizontal="right" if name in right else "left", indent=1)
        write(sheet.cell(row, column), name, font=white, fill=fill(DARK), alignment=look, border=edge)
    sheet.row_dimensions[row].height = 34


def input_cell(
    cell: Cell, *, number: bool = False, whole: bool = False, text: bool = False, between: bool = False
) -> None:
    """A cell to be filled in: yellow, framed, not locked; whole numbers show their thousands."""
    cell.fill, cell.font = fill(INPUT_FILL), font()
    cell.border = Border(left=_EDGE, right=_EDGE, top=_BETWEEN if between else _EDGE, bottom=_EDGE)
    cell.protection = Protection(locked=False)
    across = "right" if number else "left"
    cell.alignment = Alignment(vertical="center", wrap_text=not number, horizontal=across, indent=1)
    cell.number_format = "@" if text else "#,##0" if whole else "General"


def row_border(*, between: bool) -> Border:
    """The line above a row: strong where another measure begins."""
    return Border(top=_BETWEEN if between else _HAIR, bottom=_HAIR)


def height_for(texts: Sequence[tuple[str, float]], *, least: float = 18) -> float:
    """The height, in points, of a row whose texts stand in columns of these widths."""
    # Arial is a little wider than the digits that a column's width is counted in.
    lines = [textwrap.wrap(text, max(4, int(width * 1.1 - 3)), break_on_hyphens=False) for text, width in texts]
    return max(least, 14.5 * max(map(len, lines), default=1) + 6)


def widths(sheet: Worksheet, sizes: Sequence[float]) -> None:
    """Widths of the columns from A on, in characters."""
    for column, size in enumerate(sizes, 1):
        sheet.column_dimensions[get_column_letter(column)].width = size


def printed(sheet: Worksheet, whose: str, *, landscape: bool = True, header_row: int | None = None) -> None:
    """A4, one page wide, column names on every page, whose figures and page numbers in the margin."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.7
    if header_row is not None:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    # A single ampersand would begin a code of Excel's.
    sheet.oddFooter.left.text = whose.replace("&", "&&")[:120]
    sheet.oddFooter.center.text = "Not for publication"
    sheet.oddFooter.right.text = "&A, page &P of &N"
    for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
        part.size, part.font = 8, FONT
    sheet.sheet_view.showGridLines = False


def locked(sheet: Worksheet) -> None:
    """Only cells to be filled in can be changed. There is no password: it keeps slips out, not people."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
