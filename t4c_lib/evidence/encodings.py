"""Bytes to UTF-8, whatever a spreadsheet saved them as: read right where that is certain, else refused with the place.

UTF-8 is what publications come in. A byte order mark proves UTF-8 or UTF-16. Windows-1252 carries no mark, so it is
taken only where every byte outside ASCII stands where English text puts that very letter or mark, and where the other
old encodings would show nonsense: an accented small letter beside a small letter, an apostrophe inside a word, a dash
between spaces, a pound sign before a figure. Anything else might be Mac Roman or a DOS code page, and is refused.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re

from t4c_lib.errors import Problem

_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", ""),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_SURE_IN_WINDOWS_1252 = re.compile(
    rb"(?<=[a-z])[\xe0-\xf6\xf8-\xfd]"  # the second letter of a word or a later one
    rb"|[\xe0-\xf6\xf8-\xfd](?=[a-z])"
    rb"|(?<=[A-Za-z])\x92(?=s\b|[ ,.\"\r\n])"  # Guy's, St Thomas'
    rb"|(?<= )[\x96\x97](?= )"
    rb"|\xa3(?=[0-9])"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_SAVE_AS = "In Excel choose Save As and 'CSV UTF-8 (Comma delimited)'."


def to_utf8(data: bytes) -> tuple[bytes, str, Problem | None]:
    """The same text in UTF-8 without a mark and with no lone carriage returns, how it was encoded, and what is wrong.

    Returns:
        The text; the encoding, empty for UTF-8; the problem, if it can't be read with certainty (then without text).
    """
    for mark, codec, spoken in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], codec, spoken)
    at = data.find(b"\0")
    if at >= 0:
        hint = "It looks like UTF-16 without its byte order mark. " if _looks_like_utf16(data) else ""
        return b"", "", Problem(place_of(data, at), "holds a NUL byte, which no text file has.", hint + _SAVE_AS)
    return _decode_unmarked(data)


def _decode_marked(body: bytes, codec: str, spoken: str) -> tuple[bytes, str, Problem | None]:
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(codec, errors="ignore").encode()
        name = spoken or "UTF-8"
        message = f"the file begins as {name}, but this is not {name}."
        return b"", spoken, Problem(place_of(before, len(before)), message, f"It may be cut short. {_SAVE_AS}")
    if "\0" in text:
        before = text[: text.index("\0")].encode()
        return b"", spoken, Problem(place_of(before, len(before)), "holds a NUL character.", _SAVE_AS)
    return _unix_ends(text.encode()), spoken, None


def _decode_unmarked(data: bytes) -> tuple[bytes, str, Problem | None]:
    if data.isascii():
        return _unix_ends(data), "", None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        unsure = _first_unsure_byte(data)
        if unsure is None:
            return _unix_ends(data.decode("cp1252").encode()), "Windows-1252", None
        at = unsure if data[:unsure].isascii() else error.start
        message = f"byte 0x{data[at]:02X} is not UTF-8, and what it stands for in another encoding is not certain."
        return b"", "", Problem(place_of(data, at), message, _SAVE_AS)
    return _unix_ends(data), "", None


def _first_unsure_byte(data: bytes) -> int | None:
    """Where the first byte stands that might not be Windows-1252; None when all of them surely are."""
    sure = {match.start() for match in _SURE_IN_WINDOWS_1252.finditer(data)}
    return next((match.start() for match in _BEYOND_ASCII.finditer(data) if match.start() not in sure), None)


def _looks_like_utf16(data: bytes) -> bool:
    sample = data[:1000]
    return sample[1::2].count(0) > len(sample) // 4 or sample[0::2].count(0) > len(sample) // 4


def _unix_ends(data: bytes) -> bytes:
    """Old Macs ended lines by a carriage return alone; a file with no line feed at all can only be one of theirs."""
    return data.replace(b"\r", b"\n") if b"\n" not in data and b"\r" in data else data


def place_of(data: bytes, at: int) -> str:
    """Where a byte lies, as a spreadsheet would say it: "row 3, column ORG_NAME". The first row is 1."""
    text = data[:at].replace(b"\0", b"").decode("latin-1")
    last, number = 1, text.count("\n") + 1
    with contextlib.suppress(csv.Error):  # a cell without end: then the line is named
        records = list(csv.reader(io.StringIO(text + "|", newline="")))  # the mark keeps a place at a line's very start
        last, number = len(records[-1]), len(records)
    header = next(csv.reader(io.StringIO(data[:10_000].decode("latin-1"), newline="")), [])
    return f"row {number:,}, column {header[last - 1] if number > 1 and last <= len(header) else last}"
