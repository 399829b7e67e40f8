"""Where things stand in a collection workbook, and the words that both its writer and its reader go by."""

import re

from openpyxl.utils import get_column_letter

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
    named = (GROUP,) if item.is_open else ()
    return (*named, NUMERATOR, *(() if item.is_count else (DENOMINATOR,)), STATE, REMARK)


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
    rows = range(1, min(20, sheet.height) + 1)
    best = max(rows, key=lambda row: similarity(sheet.row(row), names), default=0)
    alike = similarity(sheet.row(best), names)
    other = LISTED if names == COLUMNS else COLUMNS
    return best if alike >= ENOUGH and alike >= similarity(sheet.row(best), other) else None


def similarity(row: tuple[str, ...] | list[str], names: tuple[str, ...] = COLUMNS) -> int:
    """How many of these column names a row holds."""
    there = {folded(name) for name in row}
    return sum(folded(name) in there for name in names)
