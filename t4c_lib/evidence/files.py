"""A file as it lies on disk, to text or to a workbook's sheets: unpacked, decoded, complete. No name is believed.

Every file is read as bytes once; the digest is of those bytes, so a download is known again whatever it is called.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from t4c_lib.errors import InputError, Problem, closest
from t4c_lib.evidence.encodings import to_utf8

if TYPE_CHECKING:
    from t4c_lib.evidence.workbook import Workbook

# A million person-months with every column filled come to about 260 MB; a cap keeps a file, and a small packed one even
# more, from filling the memory of the machine that the whole forum sits at.
MOST_UNPACKED_BYTES = 400_000_000
# Sheets lie in memory twice while they are read, as XML and as cells.
MOST_UNPACKED_WORKBOOK = 200_000_000
_STEP = 1 << 22

_SAVE_AS_CSV = "Open it in Excel and save the sheet as 'CSV UTF-8 (Comma delimited)'."
_PLAN_FROM_WORD = "A plan or pledge in it is read by: t4c plan import FILE --organisation CODE"
_NOT_TEXT: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Look on the publication's page for the CSV file or workbook that holds its figures."),
    (b"{\\rtf", "a document (.rtf)", _PLAN_FROM_WORD),
    (b"\x89PNG", "a picture", ""),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and add the CSV files in it."),
    (b"PAR1", "a Parquet file", "Save it as CSV."),
    (b"BZh", "a bzip2 archive", "Unpack it, or pack it with gzip (.csv.gz)."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it, or pack it with gzip (.csv.gz)."),
)
# What marks the kinds of the old Office format and of zip archives, looked for in this order.
_OLD_OFFICE = (
    ("EncryptedPackage".encode("utf-16-le"), "a workbook or document with a password", "Save it without one."),
    ("WordDocument".encode("utf-16-le"), "an old Word document (.doc)", "Save it as .docx. " + _PLAN_FROM_WORD),
    ("__substg1.0".encode("utf-16-le"), "an e-mail (.msg)", "Save its attachment and add that."),
    (b"", "an old Excel workbook (.xls)", _SAVE_AS_CSV),
)
_ZIPPED = (
    (b"word/document.xml", "a Word document", _PLAN_FROM_WORD),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)", "Open it and save it as .xlsx."),
    (b"opendocument.text", "an OpenDocument text (.odt)", "Save it as .docx. " + _PLAN_FROM_WORD),
    (b"", "a zip archive", "Unpack it and add the CSV files and workbooks in it."),
)


@dataclass(frozen=True)
class TextFile:
    """A file read whole.

    Attributes:
        name: its name without folders.
        digest: SHA-256, hexadecimal, of the bytes on disk (packed if they are packed).
        data: the text in UTF-8, without a byte order mark.
        notes: what a person should know about how it was read ("read as Windows-1252").
    """

    name: str
    digest: str
    data: bytes
    notes: tuple[str, ...] = ()


def read_file(path: Path, most_unpacked_bytes: int = MOST_UNPACKED_BYTES) -> TextFile | Workbook:
    """Read one file of text, packed by gzip or not, or one Excel workbook (.xlsx).

    Args:
        path: where it lies.
        most_unpacked_bytes: a file that is larger than this, or unpacks to more, is refused before it fills the memory.

    Raises:
        InputError: it isn't there, is neither text nor workbook, is empty, cut short, packed in another way, or in an
            unknown encoding; a workbook that would fill the memory.
    """
    raw = _bytes_of(path, most_unpacked_bytes)
    if raw.startswith(b"PK"):
        return _workbook(path.name, raw, most_unpacked_bytes)
    body, notes = raw, []
    if raw.startswith(b"\x1f\x8b"):
        body = _unpack(path.name, raw, most_unpacked_bytes)
        notes.append(f"unpacked from {_megabytes(len(raw))} to {_megabytes(len(body))}")
    _refuse_what_is_not_text(path.name, body)
    text, encoding, problem = to_utf8(body)
    if problem is not None:
        raise InputError(path.name, [problem])
    if not text or text.isspace():
        raise InputError(path.name, [Problem("", "the file is empty.", "Was it saved, or downloaded, to its end?")])
    if encoding:
        notes.append(f"read as {encoding}")
    if not text.endswith(b"\n"):
        text += b"\n"
        notes.append("the last line has no line end: check that the file was saved to its end")
    return TextFile(path.name, hashlib.sha256(raw).hexdigest(), text, tuple(notes))


def _workbook(name: str, raw: bytes, most: int) -> Workbook:
    from t4c_lib.evidence.packed_workbook import is_workbook
    from t4c_lib.evidence.workbook import read_workbook

    if not is_workbook(raw):
        _refuse_what_is_not_text(name, raw)
    return read_workbook(name, raw, hashlib.sha256(raw).hexdigest(), min(most, MOST_UNPACKED_WORKBOOK))


def _bytes_of(path: Path, most: int) -> bytes:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
            raise InputError(path.name, [Problem("", "is no file, but a device or a pipe.")])
        if about.st_size > most:
            message = f"is larger than {_megabytes(most)}, the most that is read."
            raise InputError(path.name, [Problem("", message, "Split it by month, or by organisation.")])
        return path.read_bytes()
    except FileNotFoundError:
        siblings = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        near = closest(path.name, siblings)
        hint = f"In that folder there is: {', '.join(near)}." if near else ""
        raise InputError(path.name, [Problem("", f"there is no such file in {path.parent}.", hint)]) from None
    except IsADirectoryError:
        raise InputError(path.name, [Problem("", "is a folder; give the files in it.")]) from None
    except OSError as error:
        raise InputError(path.name, [Problem("", f"can't be read: {error.strerror}.")]) from None


def _unpack(name: str, raw: bytes, most: int) -> bytes:
    """Unpack gzip, one or several members, stopping as soon as it grows past `most` bytes."""
    whole = io.BytesIO()
    size, rest = 0, raw
    while rest:
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        while not unpacker.eof:
            try:
                part = unpacker.decompress(rest, _STEP)
            except zlib.error:
                hint = "Download it, or pack it, again."
                raise InputError(name, [Problem("", "the gzip packing is damaged.", hint)]) from None
            size += len(part)
            if size > most:
                message = f"unpacks to more than {_megabytes(most)}, the most that is read from a packed file."
                raise InputError(name, [Problem("", message, "Unpack it if you trust it, or split it by month.")])
            whole.write(part)
            rest = unpacker.unconsumed_tail
            if not part and not rest and not unpacker.eof:
                message = "the packed file is cut short: its end is missing."
                raise InputError(name, [Problem("", message, "Download it, or copy it, again.")])
        rest = unpacker.unused_data.lstrip(b"\0")
    return whole.getvalue()


def _refuse_what_is_not_text(name: str, body: bytes) -> None:
    found: tuple[str, str] | None = None
    head = body[:2_000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if body.startswith(b"PK"):
        found = next((what, hint) for mark, what, hint in _ZIPPED if mark in body)
    elif body.startswith(b"\xd0\xcf\x11\xe0"):
        found = next((what, hint) for mark, what, hint in _OLD_OFFICE if mark in body)
    elif body.startswith(b"\x1f\x8b"):
        found = ("packed twice", "Unpack it once and add that.")
    elif head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head")):
        if b"urn:schemas-microsoft-com:office" in head or (b"<table" in body.lower() and ".xls" in name.casefold()):
            found = ("a table saved as a web page or as XML under the name of a workbook", _SAVE_AS_CSV)
        else:
            found = ("a web page", "The download may have led to a sign-in or an error page: open it and look.")
    elif re.match(rb'(\[\s*)?\{\s*"', head):
        found = ("JSON", "Get the same figures as CSV: most publishers offer both.")
    else:
        found = next(((what, hint) for magic, what, hint in _NOT_TEXT if body.startswith(magic)), None)
    if found is not None:
        raise InputError(name, [Problem("", f"is {found[0]}, not a CSV file or an Excel workbook (.xlsx).", found[1])])


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 10_000_000 else f"{size / 1e3:,.0f} kB"
