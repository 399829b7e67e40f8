"""A file as it lies on disk, to text: unpacked, decoded, complete.

A name is never asked what a file is, which only its content says; of which months it speaks is compared with its rows.

Every file is read as bytes once; the digest is of those bytes, so a download is known again whatever it is called.

Text becomes UTF-8, whatever a spreadsheet saved it as: read right where that is certain, else refused with the place.
UTF-8 is what publications come in. A byte order mark proves UTF-8 or UTF-16. Windows-1252 carries no mark, so it is
taken only where every byte outside ASCII stands where English text puts that very letter or mark, and where the other
old encodings would show nonsense: an accented small letter beside a small letter, an apostrophe inside a word, a dash
between spaces, a pound sign before a figure. Anything else might be Mac Roman or a DOS code page, and is refused.
"""

import calendar
import codecs
import contextlib
import csv
import gzip
import hashlib
import io
import re
import stat
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from t4c_lib.errors import InputError, Problem, closest
from t4c_lib.evidence.slips import refusal, said, slips
from t4c_lib.periods import Month

# A million person-months with every column filled come to about 260 MB; a cap keeps a file, and a small packed one even
# more, from filling the memory of the machine that the whole forum sits at.
MOST_UNPACKED_BYTES = 400_000_000
_STEP = 1 << 22


class TextFile(NamedTuple):
    """A file read whole."""

    name: str  #: its name without folders
    digest: str  #: SHA-256, hexadecimal, of the bytes on disk (packed if they are packed)
    data: bytes  #: the text in UTF-8, without a byte order mark
    notes: tuple[str, ...] = ()  #: what a person should know about how it was read ("read as Windows-1252")


def read_text(name: str, raw: bytes, most_unpacked_bytes: int = MOST_UNPACKED_BYTES) -> TextFile:
    """A file of text, packed by gzip or not.

    `name`: of the file, for messages. `most_unpacked_bytes`: what unpacks to more is refused before it fills memory.
    Raises InputError: it is no text, is empty, cut short, packed in another way, or in an unknown encoding.
    """
    body, notes = raw, []
    if raw.startswith(b"\x1f\x8b"):
        body = _unpack(name, raw, most_unpacked_bytes)
        notes.append(f"unzipped from {_megabytes(len(raw))} to {_megabytes(len(body))}")
    refuse_what_is_not_text(name, body)
    text, encoding = _to_utf8(name, body)
    if not text or text.isspace():
        raise InputError.of(name, "the file is empty.", "Was it saved or downloaded completely?")
    if encoding:
        notes.append(f"read as {encoding}")
    if not text.endswith(b"\n"):
        text += b"\n"
        notes.append("the last line has no line ending: check that the file was saved completely")
    return TextFile(name, hashlib.sha256(raw).hexdigest(), text, tuple(notes))


def bytes_of(path: Path, most: int) -> bytes:
    """A file as it lies on disk. Raises InputError where it isn't there, can't be read, or is larger than `most`."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
            raise InputError.of(path.name, "is not a file but a device or a pipe.")
        if about.st_size > most:
            raise refusal(path.name, "larger than can be read", most=_megabytes(most))
        return path.read_bytes()
    except FileNotFoundError:
        near = closest(path.name, [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else [])
        hint = f"That folder contains: {', '.join(near)}." if near else ""
        raise InputError.of(path.name, f"there is no such file in {path.parent}.", hint) from None
    except IsADirectoryError:
        raise InputError.of(path.name, "is a folder; name the files in it.") from None
    except OSError as error:
        raise InputError.of(path.name, f"can't be read: {error.strerror}.") from None


def _unpack(name: str, raw: bytes, most: int) -> bytes:
    """Unpack gzip, one or several members, no further than to `most` bytes."""
    body = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            while body.tell() <= most and (piece := packed.read(_STEP)):
                body.write(piece)
    except EOFError:
        raise refusal(name, "packed file is cut short") from None
    except (OSError, zlib.error):
        raise InputError.of(name, "the gzip compression is damaged.", "Download or compress it again.") from None
    if body.tell() > most:
        raise refusal(name, "unzips to too much", most=_megabytes(most))
    return body.getvalue()


def refuse_what_is_not_text(name: str, body: bytes) -> None:
    """Raises InputError where bytes are no text: it says of which kind they are and what to do with them."""
    for kind in slips("file"):
        if kind.named in name.casefold() and re.match(kind.pattern.encode("latin-1"), body, re.DOTALL):
            raise InputError.of(name, f"is {kind.what}, not a CSV file or an Excel workbook (.xlsx).", kind.hint)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 10_000_000 else f"{size / 1e3:,.0f} kB"


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
# Bytes that are decoded at a time: all at once, a text may take four times as much memory as its file.
_DECODED_AT_A_TIME = 1 << 24
_MOST_PARSED = 2_000_000  # bytes before a place that are read as rows of cells; beyond, lines are counted
_SAVE_AS = "In Excel choose Save As and 'CSV UTF-8 (Comma delimited)'."


def _to_utf8(name: str, data: bytes) -> tuple[bytes, str]:
    """The text in UTF-8, no mark or lone carriage returns; its encoding, "" for UTF-8. Raises InputError: uncertain."""
    for mark, codec, spoken in _MARKS:
        if data.startswith(mark):
            return _unix_ends(_decoded(name, memoryview(data)[len(mark) :], codec, spoken or "UTF-8")), spoken
    if (at := data.find(b"\0")) >= 0:
        start = data[:1000]
        every_other = max(start[1::2].count(0), start[0::2].count(0)) > len(start) // 4
        raise refusal(name, f"has a NUL byte{' in every other place' if every_other else ''}", place_of(data, at))
    if data.isascii() or (known := _in_utf_8(memoryview(data), "utf-8"))[1]:
        return _unix_ends(data), ""
    if all(match["sure"] is not None for match in _BEYOND_ASCII.finditer(data)):
        return _unix_ends(_decoded(name, memoryview(data), "cp1252", "Windows-1252")), "Windows-1252"
    wrong_at = len(known[0])
    raise refusal(name, "encoding is uncertain", place_of(data, wrong_at), byte=data[wrong_at])


def _decoded(name: str, body: memoryview, codec: str, spoken: str) -> bytes:
    """The text in UTF-8. Raises InputError where a character of it is none of that encoding, or is NUL."""
    text, is_whole = _in_utf_8(body, codec)
    if (at := text.find(b"\0")) >= 0:
        raise InputError.of(name, "contains a NUL character.", _SAVE_AS, place=place_of(text, at))
    if not is_whole:
        raise refusal(name, "begins otherwise than it goes on", place_of(text, len(text)), encoding=spoken)
    return text


def _in_utf_8(body: memoryview, codec: str) -> tuple[bytes, bool]:
    """The text in UTF-8 as far as it is of an encoding, and whether that is to its end."""
    decoder, found = codecs.getincrementaldecoder(codec)(), io.BytesIO()
    for start in range(0, len(body) + 1, _DECODED_AT_A_TIME):
        piece = body[start : start + _DECODED_AT_A_TIME]
        try:
            found.write(decoder.decode(piece, final=start + _DECODED_AT_A_TIME > len(body)).encode())
        except UnicodeDecodeError as error:
            found.write(error.object[: error.start].decode(codec, errors="ignore").encode())
            return found.getvalue(), False
    return found.getvalue(), True


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


DELIMITERS = (",", "\t", ";")


@lru_cache(maxsize=5_000)
def folded(name: str) -> str:
    """A column name by which editions know each other: `ORG_CODE`, `Org code` and `org  code` are one."""
    return " ".join(name.replace("_", " ").split()).casefold()


def first_records(text: TextFile, delimiter: str, most: int = 1) -> list[list[str]]:
    """The first records as they are, trimmed; for looking at column names before anything is believed."""
    head = text.data[:200_000].decode("utf-8", errors="ignore")
    records: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # a cell too long for any publication: what came before it is all there is
        for record in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            records.append([cell.strip() for cell in record])
            if len(records) == most:
                break
    return records or [[head[:100].strip()]]


_MONTHS = [name.casefold() for name in calendar.month_name[1:]]
_SPOKEN = "|".join(sorted({"sept", *_MONTHS, *(name[:3] for name in _MONTHS)}, key=len, reverse=True))
_IN_NAME = re.compile(
    r"(?<!\d)(?P<y1>20\d\d)[-_. ]?(?P<m1>0[1-9]|1[0-2])(?![-_.]?\d)"
    rf"|(?<![A-Za-z0-9])(?<!\d[-_. ])(?P<n>{_SPOKEN})[-_. ]*(?P<y2>20\d\d|\d\d)(?!\d)",
    re.IGNORECASE,
)


def months_in_name(name: str) -> tuple[Month, ...]:
    """The months that a file name speaks of: "2024-04", "202404", "April 2024", "Apr-24". A full date is no month."""
    months: list[Month] = []
    for match in _IN_NAME.finditer(name):
        if match["y1"]:
            months.append(Month(int(match["y1"]), int(match["m1"])))
        else:
            year = int(match["y2"])
            number = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(match["n"][:3].casefold()))
            months.append(Month(year if year > 99 else 2000 + year, number))
    return tuple(dict.fromkeys(months))


def name_problems(name: str, periods: Iterable[str], *, may_hold_others: bool) -> list[Problem]:
    """A problem if the file's name speaks of a month that is not in it, or leaves one out that is, unless it may.

    `periods`: months as text, of its rows; empty ones are passed over.
    """
    months = sorted({Month.parse(text) for text in set(periods) if text})
    named = months_in_name(name)
    if not named or not months:
        return []
    absent = [month for month in named if month not in months]
    extra = [] if may_hold_others else [month for month in months if month not in named]
    if not absent and not extra:
        return []
    says = " and ".join(month.label for month in named)
    holds = months[0].label if len(months) == 1 else f"{min(months).label} to {max(months).label}"
    return [Problem("", *said("name says other months", says=says, holds=holds))]
