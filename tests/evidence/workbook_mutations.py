"""Things that go wrong with Excel workbooks: in their packing, in the XML inside, in what their cells hold."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from collections.abc import Callable

import openpyxl

from .mutations import NASTY_CELLS, Mutation, bytes_flipped, cut_short
from .publication_files import timeless

_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_TYPED: tuple[object, ...] = (1e300, -1, 0, 0.5, 1e15, True, dt.datetime(2026, 3, 31), dt.time(9, 30), None, 10**30)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def _a_sheet(parts: dict[str, bytes], chance: random.Random) -> str:
    return chance.choice(sorted(name for name in parts if _SHEET.fullmatch(name)))


def xml_spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes of a part are other ones, and the archive is sound."""
    parts = _parts(content)
    name = chance.choice(sorted(parts)) if chance.random() < 0.5 else _a_sheet(parts, chance)
    parts[name] = chance.choice([bytes_flipped, cut_short])(parts[name], chance) or b""
    return _packed(parts)


def tag_renamed(content: bytes, chance: random.Random) -> bytes:
    """Tags of a sheet are others, or are gone, and the XML is sound."""
    parts = _parts(content)
    name = _a_sheet(parts, chance)
    old, new = chance.choice(
        [(b"<c ", b"<c:c "), (b"<v>", b"<w>"), (b"row", b"rox"), (b"sheetData", b"sheetDatum"), (b'<c r="', b'<c q="'),
         (b't="n"', b't="s"'), (b't="s"', b't="n"'), (b't="inlineStr"', b't="str"'), (b"<row", b"<row hidden='1'"),
         (b"<v>1", b"<v>-1"), (b"</v>", b"e308</v>"), (b't="n"', b't="b"'), (b't="n"', b't="d"'), (b't="n"', b't="e"')]
    )  # fmt: skip
    parts[name] = parts[name].replace(old, new, chance.choice([-1, 1, 3]))
    return _packed(parts)


def address_changed(content: bytes, chance: random.Random) -> bytes:
    """A cell says that it stands somewhere else: far away, where another is, or nowhere."""
    parts = _parts(content)
    name = _a_sheet(parts, chance)
    places = re.findall(rb'<c r="([A-Z]+[0-9]+)"', parts[name])
    new = chance.choice(
        [b"XFD1048576", b"A1", b"ZZZ99999", b"A0", b"B", b"1", b"", b"A1048577", b"A2000000", chance.choice(places)]
    )
    old = chance.choice(places)
    parts[name] = parts[name].replace(b'<c r="' + old + b'"', b'<c r="' + new + b'"', 1)
    return _packed(parts)


def part_gone(content: bytes, chance: random.Random) -> bytes:
    """A part is gone, empty, or another one stands in its place."""
    parts = _parts(content)
    name, other = chance.choice(sorted(parts)), chance.choice(sorted(parts))
    how = chance.randrange(4)
    if how == 0:
        del parts[name]
    else:
        parts[name] = (b"", parts[other], b"\x00" * 1000)[how - 1]
    return _packed(parts)


def part_added(content: bytes, chance: random.Random) -> bytes:
    """A part that acts, or one that belongs to another kind of file."""
    parts = _parts(content)
    added = ("xl/vbaProject.bin", "xl/workbook.bin", "xl/externalLinks/externalLink1.xml", "xl/connections.xml")
    further = ("../../evil.xml", "mimetype", "content.xml", "xl/worksheets/sheet99.xml", "EncryptedPackage", "x" * 3000)
    return _packed({**parts, chance.choice(added + further): b"<a/>"})


def packing_spoilt(content: bytes, chance: random.Random) -> bytes:
    """A part twice, thousands of parts, a password's flag, sizes that are not so, an unknown way of packing."""
    how = chance.randrange(5)
    if how == 0:
        body = io.BytesIO(content)
        with zipfile.ZipFile(body, "a") as archive:
            archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), b"<workbook/>")
        return body.getvalue()
    if how == 1:
        return _packed({**_parts(content), **{f"xl/media/{at}": b"" for at in range(3000)}})
    spoilt = bytearray(content)
    for match in re.finditer(rb"PK\x01\x02", content):
        at = match.start() + (8, 10, 24)[how - 2]  # flags, method and size in the directory
        spoilt[at] ^= chance.choice([1, 8, 0x7F])
    return bytes(spoilt)


def document_type_declared(content: bytes, chance: random.Random) -> bytes:
    """Entities that name each other, a file of the machine, or an address."""
    parts = _parts(content)
    name = _a_sheet(parts, chance)
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10))
    declared = chance.choice(
        [b'<!ENTITY l0 "ha">' + laughs, b'<!ENTITY l9 SYSTEM "file:///etc/passwd">',
         b'<!ENTITY l9 SYSTEM "http://127.0.0.1:9/">']
    )  # fmt: skip
    body = re.sub(rb"^<\?xml[^>]*>", b"", parts[name])
    body = re.sub(rb"<v>[^<]*</v>", b"<v>&l9;</v>", body, count=1)
    parts[name] = b"<!DOCTYPE worksheet [" + declared + b"]>" + body
    return _packed(parts)


def xml_in_another_encoding(content: bytes, chance: random.Random) -> bytes:
    """A sheet's XML in UTF-16, or said to be in an encoding in which it is not."""
    parts = _parts(content)
    name = _a_sheet(parts, chance)
    text = parts[name].decode("utf-8")
    bare = re.sub(r"^<\?xml[^>]*>", "", text)
    parts[name] = chance.choice(
        [bare.encode("utf-16"), ('<?xml version="1.0" encoding="UTF-16"?>' + bare).encode(),
         ('<?xml version="1.0" encoding="ISO-8859-1"?>' + bare).encode(), b"\xef\xbb\xbf" + parts[name]]
    )  # fmt: skip
    return _packed(parts)


def _in_book(change: Callable[[openpyxl.Workbook, random.Random], object]) -> Mutation:
    """A change that somebody might make in Excel."""

    def mutation(content: bytes, chance: random.Random) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        for sheet in book.worksheets:  # openpyxl leaves merged cells where they were, whatever moves below them
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merged))
        change(book, chance)
        body = io.BytesIO()
        book.save(body)
        return timeless(body.getvalue())

    mutation.__name__, mutation.__doc__ = change.__name__, change.__doc__
    return mutation


def _sheet(book: openpyxl.Workbook, chance: random.Random) -> openpyxl.worksheet.worksheet.Worksheet:
    return chance.choice(book.worksheets)


@_in_book
def cells_changed(book: openpyxl.Workbook, chance: random.Random) -> None:
    """Cells hold formulas, days, numbers that nobody means, texts without end."""
    sheet = _sheet(book, chance)
    for _ in range(chance.randint(1, 3)):
        cell = sheet.cell(chance.randint(1, sheet.max_row), chance.randint(1, sheet.max_column))
        value = chance.choice([*_TYPED, *NASTY_CELLS])
        cell.value = re.sub(r"[\x00-\x08\x0b-\x1f]", "", value)[:32_000] if isinstance(value, str) else value


@_in_book
def sheet_rows_cut(book: openpyxl.Workbook, chance: random.Random) -> None:
    """Rows are gone, or there are empty ones in between."""
    sheet = _sheet(book, chance)
    at = chance.randint(1, sheet.max_row)
    chance.choice([sheet.delete_rows, sheet.insert_rows])(at, chance.randint(1, 5))


@_in_book
def sheet_columns_cut(book: openpyxl.Workbook, chance: random.Random) -> None:
    """A column is gone, or there is an empty one in between."""
    sheet = _sheet(book, chance)
    chance.choice([sheet.delete_cols, sheet.insert_cols])(chance.randint(1, sheet.max_column))


@_in_book
def sheet_column_doubled(book: openpyxl.Workbook, chance: random.Random) -> None:
    """A column is there again, in the place of another or at the end."""
    sheet = _sheet(book, chance)
    source, target = chance.randint(1, sheet.max_column), chance.randint(1, sheet.max_column + 1)
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, target, sheet.cell(row, source).value)


@_in_book
def sheet_moved(book: openpyxl.Workbook, chance: random.Random) -> None:
    """A sheet is renamed, gone, there twice, hidden, or in another place."""
    sheet = _sheet(book, chance)
    how = chance.randrange(5)
    if how == 0:
        sheet.title = chance.choice(["x", "Sheet1", "ESR2", "Read me 2"])
    elif how == 1 and len(book.worksheets) > 1:
        book.remove(sheet)
    elif how == 2:
        book.copy_worksheet(sheet)
    elif how == 3 and len(book.worksheets) > 1:
        sheet.sheet_state = "hidden"
    else:
        book.move_sheet(sheet, -1)


@_in_book
def written_far_away(book: openpyxl.Workbook, chance: random.Random) -> None:
    """A stray cell far below and to the right."""
    _sheet(book, chance).cell(chance.choice([500, 60_000, 1_048_576]), chance.choice([30, 700, 16_384]), "stray")


OF_WORKBOOKS: tuple[Mutation, ...] = (
    *(xml_spoilt, tag_renamed, address_changed, part_gone, part_added, packing_spoilt, document_type_declared),
    *(xml_in_another_encoding, cells_changed, sheet_rows_cut, sheet_columns_cut, sheet_column_doubled, sheet_moved),
    written_far_away,
)


def part_unpacks_to_far_too_much(content: bytes, chance: random.Random) -> bytes:
    """A zip bomb: a part of 700 MB that packs to almost nothing."""
    return _packed({**_parts(content), chance.choice(["xl/media/image1.png", "xl/worksheets/sheet77.xml"]): _zeros()})


def rows_without_end_in_a_sheet(content: bytes, chance: random.Random) -> bytes:
    """A sheet with as many cells as may be, or a text that each of them shows."""
    parts = _parts(content)
    name = _a_sheet(parts, chance)
    text = chance.choice(["1", "x" * 30])
    parts[name] = re.sub(rb"</sheetData>|<sheetData ?/>", _rows(text).replace(b"\\", b""), parts[name], count=1)
    return _packed(parts)


def _zeros() -> bytes:
    return bytes(700_000_000)


def _rows(text: str) -> bytes:
    cells = "".join(f'<c r="{letter}%d" t="str"><v>{text}%d</v></c>' for letter in "ABCDEFGHIJ")
    rows = (f'<row r="{at}">{cells % ((at,) * 20)}</row>' for at in range(100, 290_000))
    return "".join(rows).encode()[:150_000_000].rsplit(b"<row", 1)[0] + b"</sheetData>"


HEAVY_WORKBOOKS: tuple[Mutation, ...] = (part_unpacks_to_far_too_much, rows_without_end_in_a_sheet)
