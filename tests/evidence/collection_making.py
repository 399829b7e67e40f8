"""Collection workbooks for tests: written, filled in with openpyxl as somebody would in Excel, spoiled, read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from t4c_lib.errors import InputError, RefusedInputsError
from t4c_lib.evidence import Loaded, read_files
from t4c_lib.evidence.collection_workbook import Collection, MeasureRequest, Rhythm, collect
from t4c_lib.evidence.collection_workbook.sheet_layout import COLUMNS, HEADER_ROW
from t4c_lib.evidence.collection_workbook.workbook_writer import write_template
from t4c_lib.framework import catalogue
from t4c_lib.periods import Month

MARCH = Month(2026, 3)
KEYS = ("young-share", "sickness", "local-diversity", "pre-employment-partners")
AT = {name: get_column_letter(column) for column, name in enumerate(COLUMNS, 1)}
FIRST = HEADER_ROW + 1


def asked_for(
    *keys: str, name: str = "Example Trust", code: str = "DEMO-X1", every: Rhythm | None = None
) -> Collection:
    """What asks for these measures; for a usual handful if none is named."""
    asked = [MeasureRequest(catalogue().measure(key)) for key in keys or KEYS]
    return collect(code, name, asked, MARCH, every=every, demonstration=True)


def made(
    folder: Path, collection: Collection | None = None, name: str = "figures.xlsx", *, locked: bool = True
) -> Path:
    """An empty workbook on disk."""
    return write_template(collection or asked_for(), folder / name, locked=locked)


def fill(path: Path, cells: Mapping[str, Mapping[str, object]]) -> Path:
    """Type values into cells: {"ESR": {"F6": 57}}."""

    def how(book: openpyxl.Workbook) -> None:
        for title, some in cells.items():
            for address, value in some.items():
                book[title][address] = value

    return change(path, how)


def change(path: Path, how: Callable[[openpyxl.Workbook], object]) -> Path:
    """Open the workbook, do something to it, save it."""
    book = openpyxl.load_workbook(path)
    how(book)
    book.save(path)
    return path


def with_part(path: Path, name: str, content: bytes = b"<x/>") -> Path:
    """Put another file into the archive."""
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content)
    return path


def replaced(path: Path, part: str, old: str, new: str) -> Path:
    """The same workbook with a piece of the XML of one part replaced."""
    body = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            target.writestr(name, text)
    path.write_bytes(body.getvalue())
    return path


def loaded(path: Path) -> Loaded:
    """What reading it gives."""
    (one,) = read_files([path])
    return one


def refused(path: Path) -> InputError:
    """The problems for which it is refused."""
    with pytest.raises(RefusedInputsError) as caught:
        read_files([path])
    (error,) = caught.value.errors
    return error


def formulas(path: Path, parts: Iterable[str] = ("xl/worksheets/", "xl/sharedStrings")) -> list[str]:
    """Parts of a workbook in which a cell holds a formula."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith(tuple(parts))]
        return [name for name in names if any(mark in archive.read(name) for mark in (b"<f>", b"<f ", b"<f/>"))]
