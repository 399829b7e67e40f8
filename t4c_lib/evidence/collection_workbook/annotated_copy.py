"""A copy of a refused collection workbook, with every problem in its cell: in red, and in words in a note.

The original is never touched, nor a copy that is there already: somebody may be mending it.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from copy import copy
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.collection_workbook import sheet_layout as layout
from t4c_lib.evidence.collection_workbook import workbook_style as style
from t4c_lib.evidence.collection_workbook.request import PROBLEMS
from t4c_lib.evidence.xlsx_workbook import read_workbook
from t4c_lib.local_files import write_whole
from t4c_lib.typed_text import capitalised

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
    for sheet in book.worksheets:
        _clean(sheet)
    for (title, cell), told in by_cell.items():
        if title in book.sheetnames:
            _mark(book[title], cell, told)
    _list(book, path.name, problems)
    body = io.BytesIO()
    book.save(body)
    stem = _COPY.sub("", path.stem)
    names = (f"{stem}-marked{'' if number == 1 else f'-{number}'}.xlsx" for number in range(1, 1000))
    copy = next(file for file in map(path.with_name, names) if not file.exists())
    write_whole(copy, body.getvalue(), replace=False)
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
            style.write(cell, value if isinstance(value, (str, int, float)) else str(value), **looks)


def _clean(sheet: Worksheet) -> None:
    """Take the marks of an earlier copy away."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = style.fill("FFFFFF" if cell.protection.locked else style.INPUT_FILL)


def _mark(sheet: Worksheet, address: str, problems: Sequence[Problem]) -> None:
    text = "\n".join(capitalised(one.sentence) for one in problems)
    note = Comment(text[:2000], AUTHOR, width=320, height=60 + 18 * (len(text) // 42))
    sheet[address].comment, sheet[address].fill = note, style.fill(style.WRONG_FILL)


def _list(book: Workbook, name: str, problems: Sequence[Problem]) -> None:
    """All problems on a sheet of their own, the first one, each with a link to its cell."""
    if PROBLEMS in book.sheetnames:
        del book[PROBLEMS]
    sheet = book.create_sheet(PROBLEMS, 0)
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    style.heading(sheet, f"{count} to fix", f"Found in {name}. Nothing from it was added.")
    style.widths(sheet, _WIDTHS)
    style.header(sheet, _HEADER_ROW, ("Sheet", "Cell", "What is wrong", "What to do"))
    for at, problem in enumerate(problems, _HEADER_ROW + 1):
        place = layout.parse_place(problem.place)
        title, cell = place or (problem.place.removeprefix("sheet '").removesuffix("'"), "")
        texts = (title, cell, capitalised(problem.message), problem.hint)
        for column, text in enumerate(texts, 1):
            style.write(sheet.cell(at, column), text, border=style.UNDER)
        sheet.row_dimensions[at].height = style.height_for(list(zip(texts, _WIDTHS, strict=True)))
        if place and title in book.sheetnames:
            link, to = sheet.cell(at, 2), f"{quote_sheetname(title)}!{cell}"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=to, display=cell)
            link.font = style.font(colour=style.BLUE)
    style.printed(sheet, name, header_row=_HEADER_ROW)
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
