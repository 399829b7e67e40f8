"""For each family of publications a file of declarations, and the functions that they name."""

from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observation_frames import ENGLAND
from t4c_lib.evidence.observations import Organisation
from t4c_lib.evidence.table_layout import TableLayout
from t4c_lib.evidence.xlsx_workbook import Sheet, Workbook


def england(*_: str) -> Organisation:
    """Whom all rows of a table are about."""
    return ENGLAND


def sheets_with(book: Workbook, layout: TableLayout, row: int | None = None) -> list[tuple[Sheet, int]]:
    """Sheets with a row, this one or any of the first ten, that begins with a table's columns; and the row's number."""
    wanted = [folded(name) for name in layout.columns]
    return [
        (sheet, number)
        for sheet, number, texts in book.heads
        if row in {None, number} and [folded(text) for text in texts[: len(wanted)]] == wanted
    ]
