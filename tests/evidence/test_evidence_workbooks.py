"""Excel workbooks: what is opened, what is refused before it is, and what a cell becomes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from t4c_lib.errors import RefusedInputsError
from t4c_lib.evidence import read_files
from t4c_lib.evidence.xlsx_workbook import MOST_CELLS, is_workbook, read_workbook, text_of, unpacked_parts

from .publication_files import as_workbook, read_bytes, refused

pytestmark = pytest.mark.unit

NAMES = ["Month", "Organisation code", "Organisation name", "Staff group", "Nationality", "FTE"]
ROW = ["2018-JUN", "RAA", "A NHS Trust", "Managers", "British", 12.5]
GOOD = as_workbook({"Notes": [["A note"]], "Data": [NAMES, ROW]})


def repacked(book: bytes, changes: dict[str, bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook with other parts inside."""
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name, body in (extra or {}).items():
            new.writestr(name, body)
    return data.getvalue()


def sheet_xml(book: bytes, number: int = 2) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml")


def with_sheet(change: tuple[bytes, bytes]) -> bytes:
    body = sheet_xml(GOOD)
    assert change[0] in body
    return repacked(GOOD, {"xl/worksheets/sheet2.xml": body.replace(*change)})


def test_a_workbook_is_known_by_its_content_and_its_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    loaded = read_bytes(tmp_path, GOOD, "download(1).bin")
    assert loaded.source.publication == "staff-by-nationality"
    assert loaded.source.rows == 1
    assert len(loaded.source.digest) == 64


def test_the_result_of_a_formula_is_read_and_the_formula_is_not_worked_out(tmp_path: Path) -> None:
    book = with_sheet((b"<v>12.5</v>", b'<f>HYPERLINK("http://example.org",1+1)</f><v>7.5</v>'))
    loaded = read_bytes(tmp_path, book)
    assert loaded.observations["value"].max() == 7.5


def test_a_formula_without_a_stored_result_is_refused_with_its_place_and_not_read_as_empty(tmp_path: Path) -> None:
    message = refused(tmp_path, as_workbook({"Data": [NAMES, [*ROW[:5], "=1+1"]]}))
    assert "sheet 'Data', row 2, column FTE: '=1+1' is not a number" in message
    assert "The formula has no saved result: save the workbook in Excel" in message


def test_an_error_in_a_cell_is_refused_with_its_place_and_not_read_as_empty(tmp_path: Path) -> None:
    message = refused(tmp_path, with_sheet((b't="n"><v>12.5</v>', b't="e"><v>#REF!</v>')))
    assert "sheet 'Data', row 2, column FTE: '#REF!' is not a number" in message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  a  ", "a"),
        (True, "TRUE"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1e20, "1e+20"),
        (dt.date(2024, 3, 31), "2024-03-31"),
        (dt.datetime(2024, 3, 31), "2024-03-31"),
        (dt.datetime(2024, 3, 31, 10, 5), "2024-03-31 10:05:00"),
        ("", ""),
    ],
)
def test_a_cell_becomes_the_text_that_a_csv_file_would_have(value: object, text: str) -> None:
    assert text_of(value) == text


def test_true_and_one_in_a_column_stay_two_values() -> None:
    book = read_workbook("b.xlsx", as_workbook({"A": [["x"], [True], [1], [1.0], ["1"]]}), "", 10_000_000)
    column = book.sheets[0].table(1).columns[0]
    assert [column.text_at(row) for row in range(4)] == ["TRUE", "1", "1", "1"]


def test_a_sheet_keeps_its_rows_where_excel_shows_them() -> None:
    book = openpyxl.Workbook()
    book.active["B3"] = "x"
    data = io.BytesIO()
    book.save(data)
    sheet = read_workbook("b.xlsx", data.getvalue(), "", 10_000_000).sheets[0]
    assert (sheet.row(1), sheet.row(3), sheet.row(4)) == (["", ""], ["", "x"], [])


def test_a_workbook_of_nothing_known_says_what_it_has_and_what_is_known(tmp_path: Path) -> None:
    message = refused(tmp_path, as_workbook({"Rota": [["Monday"]]}))
    for words in (
        "its sheets, 'Rota', don't match any workbook that can be read",
        "NHS Staff Survey",
        "docs/reference/publications.md",
        "CSV UTF-8",
    ):
        assert words in message


def test_a_workbook_without_cells_is_refused(tmp_path: Path) -> None:
    assert "the workbook is empty" in refused(tmp_path, as_workbook({"Sheet": []}))


def test_a_workbook_with_names_and_no_rows_is_refused(tmp_path: Path) -> None:
    assert "sheet 'Data': has no rows below the column names" in refused(tmp_path, as_workbook({"Data": [NAMES]}))


def test_a_zip_archive_that_is_no_workbook_is_refused_as_before(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("data.csv", "a,b\n")
    assert not is_workbook(data.getvalue())
    assert "is a zip archive, not a CSV file" in refused(tmp_path, data.getvalue())


def test_a_binary_workbook_and_one_without_its_list_of_sheets_are_refused(tmp_path: Path) -> None:
    binary = repacked(GOOD, {}, {"xl/workbook.bin": b"x"})
    assert "binary Excel workbook (.xlsb)" in refused(tmp_path, binary)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/other.xml", "<a/>")
    assert "a zip archive without an Excel workbook" in refused(tmp_path, data.getvalue())


@pytest.mark.parametrize("cut", [30, 500, 3000])
def test_a_workbook_cut_short_is_refused(cut: int, tmp_path: Path) -> None:
    assert re.search("damaged|cut short|zip archive", refused(tmp_path, GOOD[:cut]))


def test_a_workbook_with_a_flipped_byte_inside_is_refused(tmp_path: Path) -> None:
    at = GOOD.index(b"xl/worksheets/sheet2.xml") + 60
    broken = GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :]
    assert "can't be read" in refused(tmp_path, broken)


BROKEN_PARTS: dict[str, tuple[str, bytes, list[str]]] = {
    "xml that is no xml": (
        "xl/workbook.xml",
        b"<workbook><sheets",
        ["'xl/workbook.xml' inside is not valid XML", "line 1"],
    ),
    "a sheet incomplete": (
        "xl/worksheets/sheet2.xml",
        sheet_xml(GOOD)[:-40],
        ["'xl/worksheets/sheet2.xml' inside is no"],
    ),
    "a document type": (
        "xl/worksheets/sheet2.xml",
        b'<!DOCTYPE worksheet [<!ENTITY a "b">]>' + sheet_xml(GOOD).split(b"?>")[-1],
        ["is damaged: 'xl/worksheets/sheet2.xml' inside has a document type declaration"],
    ),
    "an unknown tag": (
        "xl/worksheets/sheet2.xml",
        sheet_xml(GOOD).replace(b"<v>12.5</v>", b"<w>12.5</w>"),
        ["inside has 'w' among its cells", "Download it again, or save it again from Excel"],
    ),
    "a cell that Excel doesn't have": (
        "xl/worksheets/sheet2.xml",
        sheet_xml(GOOD).replace(b'r="F2"', b'r="F1048577"'),
        ["has a cell beyond Excel's last row or column"],
    ),
    "no word of the workbook": (
        "[Content_Types].xml",
        b"<Types/>",
        ["doesn't say which of the files inside is the workbook"],
    ),
}


@pytest.mark.parametrize(("part", "body", "words"), BROKEN_PARTS.values(), ids=BROKEN_PARTS)
def test_a_workbook_with_a_damaged_part_is_refused_and_the_part_named(
    part: str, body: bytes, words: list[str], tmp_path: Path
) -> None:
    message = refused(tmp_path, repacked(GOOD, {part: body}))
    assert [word for word in words if word not in message] == [], message


def test_a_workbook_that_unpacks_to_more_than_is_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    path.write_bytes(GOOD)
    with pytest.raises(RefusedInputsError, match="contains more than 0 MB of data"):
        read_files([path], most_unpacked_bytes=len(GOOD))


def test_a_workbook_packed_too_tightly_is_refused(tmp_path: Path) -> None:
    bomb = repacked(GOOD, {}, {"xl/media/image1.xml": b" " * 60_000_000})
    assert "compressed more than 200 times" in refused(tmp_path, bomb)


def test_a_size_that_the_archive_lies_about_is_not_believed() -> None:
    bomb = bytearray(repacked(GOOD, {}, {"xl/media/a.xml": b" " * 3_000_000}))
    at = bomb.rindex(b"xl/media/a.xml") - 22  # size in the archive's directory
    bomb[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Exception, match=r"can.t be read|contains more than"):
        unpacked_parts("bomb.xlsx", bytes(bomb), 1_000_000)


def test_a_workbook_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    many = repacked(GOOD, {}, {f"xl/media/{n}.png": b"" for n in range(2_000)})
    assert "files; a workbook has at most 2,000" in refused(tmp_path, many)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = repacked(GOOD, {}, {"xl/workbook.xml": b"<workbook/>"})
    assert "two files with the same name" in refused(tmp_path, twice)


def test_two_cells_far_apart_may_not_fill_the_memory(tmp_path: Path) -> None:
    far = with_sheet((b'r="F2"', b'r="XFD1048576"'))
    message = refused(tmp_path, far)
    assert f"at most {MOST_CELLS:,} can be read" in message
    assert "stray cells" in message


def test_cells_without_an_address_or_in_another_spelling_are_not_trusted(tmp_path: Path) -> None:
    assert "cells without an address" in refused(tmp_path, with_sheet((b' r="F2"', b"")))
    other = with_sheet((b'<c r="F2"', b"<c s='0' r='XFD1048576'"))
    assert "can be read" in refused(tmp_path, other)


def test_a_long_text_shown_by_many_cells_may_not_fill_the_memory(tmp_path: Path) -> None:
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"x" * 500_000
    shared += b"</t></si></sst>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(3, 1_000))
    sheet = sheet_xml(GOOD).replace(b"</sheetData>", cells + b"</sheetData>")
    book = repacked(GOOD, {"xl/worksheets/sheet2.xml": sheet, "xl/sharedStrings.xml": shared}, {})
    if b"sharedStrings.xml" not in GOOD:
        book = repacked(GOOD, {"xl/worksheets/sheet2.xml": sheet}, {"xl/sharedStrings.xml": shared})
    assert "million characters of text" in refused(tmp_path, book)
