"""Placements by a workbook: a sheet to fill in, with the lists that the register knows, and the rows of one."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from t4c_lib.errors import InputError
from t4c_lib.programme.records import MOST_ROWS, cells_of, record_kind
from t4c_lib.programme.register import Register

SHEET, LISTS = "Placements", "Lists"
LARGEST = 20_000_000  # bytes of a file
ROWS = 500  # that can be chosen from lists


def placements_workbook(register: Register) -> bytes:
    """A workbook (.xlsx) with a row of headings, and below them cells that take what the register knows."""
    book, kind = Workbook(), record_kind("placement")
    sheet = book.active
    sheet.title, lists = SHEET, book.create_sheet(LISTS)
    for place, one in enumerate(kind.fields.values(), 1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, one.label)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="FFF2CC" if one.needed else "E8EDEE")
        sheet.column_dimensions[letter].width = max(14, len(one.label) + 2)
        choices = [*(one.offered or register.known.get(one.of, {})).values()]
        for row, choice in enumerate(choices, 1):
            lists.cell(row, place, choice).data_type = "s"  # a name that begins with "=" is no formula
        if choices:
            rule = DataValidation("list", f"={LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True)
            rule.showErrorMessage = one.kind != "open"
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def rows_of_file(name: str, content: bytes, size: int = 0) -> list[list[str]]:
    """The cells of a workbook's first sheet, or of a CSV file of so many bytes. Raises InputError: it can't be read."""
    if size > LARGEST:
        raise InputError.of(name, f"it is too large: at most {LARGEST / 1e6:.0f} MB can be read here.")
    if not name.casefold().endswith(".xlsx"):
        try:
            return cells_of(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise InputError.of(name, "its letters can't be read.", "Save it as 'CSV UTF-8' or .xlsx.") from None
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(nrows=MOST_ROWS + 2)
    except CalamineError as error:
        raise InputError.of(name, f"it can't be read as an Excel workbook: {error}.") from None
    return [[_text(value) for value in row] for row in rows]


def _text(value: object) -> str:
    """A cell as somebody would type it: a day without its midnight, a whole number without decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00")
