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
_BEYOND_ASCII = re.compile(
    rb"(?P<sure>"  # to be Windows-1252
    rb"(?<=[a-z])[\xe0-\xf6\xf8-\xfd]"  # the second letter of a word or a later one
    rb"|[\xe0-\xf6\xf8-\xfd](?=[a-z])"
    rb"|(?<=[A-Za-z])\x92(?=s\b|[ ,.\"\r\n])"  # Guy's, St Thomas'
    rb"|(?<= )[\x96\x97](?= )"
    rb"|\xa3(?=[0-9])"
    rb")|[\x80-\xff]"
)
_STEP = 1 << 24  # bytes that are decoded at a time: all at once, a text may take four times as much memory as its file
_MOST_PARSED = 2_000_000  # bytes before a place that are read as rows of cells; beyond, lines are counted
_SAVE_AS = "In Excel choose Save As and 'CSV UTF-8 (Comma delimited)'."


def to_utf8(data: bytes) -> tuple[bytes, str, Problem | None]:
    """The same text in UTF-8 without a mark and with no lone carriage returns, how it was encoded, and what is wrong.

    Returns:
        The text; the encoding, empty for UTF-8; the problem, if it can't be read with certainty (then without text).
    """
    for mark, codec, spoken in _MARKS:
        if data.startswith(mark):
            return _decode_marked(memoryview(data)[len(mark) :], codec, spoken)
    at = data.find(b"\0")
    if at >= 0:
        hint = "It looks like UTF-16 without its byte order mark. " if _looks_like_utf16(data) else ""
        return b"", "", Problem(place_of(data, at), "holds a NUL byte, which no text file has.", hint + _SAVE_AS)
    return _decode_unmarked(data)


def _decode_marked(body: memoryview, codec: str, spoken: str) -> tuple[bytes, str, Problem | None]:
    text, problem = _encoded_anew(body, codec)
    if not problem:
        return _unix_ends(text), spoken, None
    place, name = place_of(text, len(text)), spoken or "UTF-8"
    if problem == _NUL:
        return b"", spoken, Problem(place, "holds a NUL character.", _SAVE_AS)
    message = f"the file begins as {name}, but this is not {name}."
    return b"", spoken, Problem(place, message, f"It may be cut short. {_SAVE_AS}")


_NUL, _NOT_SO_ENCODED = "NUL", "not so encoded"


def _encoded_anew(body: memoryview, codec: str) -> tuple[bytes, str]:
    """The text in UTF-8 and "", or what stands before the first character that is wrong, and what is wrong with it."""
    decoder = codecs.getincrementaldecoder(codec)()
    found = io.BytesIO()
    for start in range(0, len(body) + 1, _STEP):
        piece = body[start : start + _STEP]
        try:
            text = decoder.decode(piece, final=start + _STEP > len(body))
        except UnicodeDecodeError as error:
            found.write(error.object[: error.start].decode(codec, errors="ignore").encode())
            return found.getvalue(), _NOT_SO_ENCODED
        found.write(text.partition("\0")[0].encode())
        if "\0" in text:
            return found.getvalue(), _NUL
    return found.getvalue(), ""


def _decode_unmarked(data: bytes) -> tuple[bytes, str, Problem | None]:
    if data.isascii():
        return _unix_ends(data), "", None
    wrong_at = _first_byte_not_utf_8(data)
    if wrong_at is None:
        return _unix_ends(data), "", None
    if all(match["sure"] is not None for match in _BEYOND_ASCII.finditer(data)):
        text, _ = _encoded_anew(memoryview(data), "cp1252")
        return _unix_ends(text), "Windows-1252", None
    message = f"byte 0x{data[wrong_at]:02X} is not UTF-8, and what it stands for in another encoding is not certain."
    return b"", "", Problem(place_of(data, wrong_at), message, _SAVE_AS)


def _first_byte_not_utf_8(data: bytes) -> int | None:
    """Where the text stops being UTF-8; None where it is to the end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    for start in range(0, len(data) + 1, _STEP):
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(view[start : start + _STEP], final=start + _STEP > len(data))
        except UnicodeDecodeError as error:
            return start - waiting + error.start
    return None


def _looks_like_utf16(data: bytes) -> bool:
    sample = data[:1000]
    return sample[1::2].count(0) > len(sample) // 4 or sample[0::2].count(0) > len(sample) // 4


def _unix_ends(data: bytes) -> bytes:
    """Old Macs ended lines by a carriage return alone; a file with no line feed at all can only be one of theirs."""
    return data.replace(b"\r", b"\n") if b"\n" not in data and b"\r" in data else data


def place_of(data: bytes, at: int) -> str:
    """Where a byte lies, as a spreadsheet would say it: "row 3, column ORG_NAME". The first row is 1."""
    start, before = 0, 0
    if at > _MOST_PARSED:
        start = data.rfind(b"\n", 0, at) + 1
        before = data.count(b"\n", 0, start)
    text = data[max(start, at - _MOST_PARSED) : at].replace(b"\0", b"").decode("latin-1")
    last, number = 1, text.count("\n") + 1
    with contextlib.suppress(csv.Error):  # a cell without end: then the line is named
        records = list(csv.reader(io.StringIO(text + "|", newline="")))  # the mark keeps a place at a line's very start
        last, number = len(records[-1]), len(records)
    number += before
    header = next(csv.reader(io.StringIO(data[:10_000].decode("latin-1"), newline="")), [])
    return f"row {number:,}, column {header[last - 1] if number > 1 and last <= len(header) else last}"
