"""A Word file, from bytes to a document that is safe to walk through; anything else is refused and called by its name.

The file comes from outside. It is unpacked only after the sizes it declares are known to be small (the unpacking stops
at the declared size), and only if none of its parts brings entities of its own.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from t4c_lib.errors import InputError, Problem

if TYPE_CHECKING:
    from docx.document import Document

MOST_BYTES: Final = 30_000_000
MOST_UNPACKED_BYTES: Final = 200_000_000  # pictures and all
MOST_XML_BYTES: Final = 30_000_000  # of one part; a pledge of ten intentions comes to about 200 KB
MOST_PARTS: Final = 5_000

SAVE_AS_DOCX: Final = "Open it in Word and save it as 'Word Document (.docx)'."
PLAN_FILE: Final = "The name of a plan file (YAML) ends in .yaml."
_WORD_PART: Final = "word/document.xml"
# An entity needs a document type, which no Word file has. Both ways in which such a part can be encoded.
_DOCUMENT_TYPE: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_NOT_WORD: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"{\\rtf", "a Rich Text file (.rtf)", SAVE_AS_DOCX),
    (b"%PDF", "a PDF", "Ask for the Word document that it was made from."),
    (b"<html", "a web page", "Open it in Word and save it as 'Word Document (.docx)'."),
    (b"<!doctype", "a web page", "Open it in Word and save it as 'Word Document (.docx)'."),
    (b"\x89png", "a picture", "Ask for the Word document that shows on it."),
    (b"\xff\xd8\xff", "a picture", "Ask for the Word document that shows on it."),
)
_OTHER_PACKAGES: Final[tuple[tuple[str, str, str], ...]] = (
    ("xl/", "an Excel workbook", "Copy its table into a Word document (.docx)."),
    ("ppt/", "a PowerPoint presentation", "Copy its table into a Word document."),
    ("content.xml", "an OpenDocument file", "Open it in Word or LibreOffice and save it as 'Word Document (.docx)'."),
    ("Index/Document.iwa", "a Pages document", "Export it from Pages as Word (.docx)."),
)


def open_word(content: bytes, source: str) -> Document:
    """The document in `content`.

    Args:
        content: the file's bytes.
        source: how messages call the file.

    Raises:
        InputError: it is empty, too big, an older Word file, locked by a password, damaged, or no Word file at all.
    """
    _check_kind(content, source)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package, source)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise _damaged(source) from None
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(content))
        body = document.element.body
    except ValueError as error:
        if "content type" in str(error):
            message = "this is a Word template, or a document with macros."
            raise InputError(source, [Problem("", message, SAVE_AS_DOCX)]) from None
        raise _damaged(source) from None
    # A part that is no XML raises lxml's kind of SyntaxError.
    except (OpcError, SyntaxError, KeyError, AttributeError, TypeError, IndexError, zipfile.BadZipFile):
        raise _damaged(source) from None
    if body is None:
        raise _damaged(source)
    return document


def _check_kind(content: bytes, source: str) -> None:
    if not content.strip():
        raise InputError(source, [Problem("", "the file is empty.", "Was it saved, or downloaded, to its end?")])
    if len(content) > MOST_BYTES:
        message = f"the file has {len(content) / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} MB are read."
        raise InputError(source, [Problem("", message, "Take the pictures out and save it again.")])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # Word keeps a document with a password in the container of the old format, under this name.
        if "EncryptedPackage".encode("utf-16-le") in content:
            message, hint = "the document is locked with a password.", "Save a copy without one: File, Info, Protect."
        else:
            message, hint = "this is a Word document of the old kind (.doc).", SAVE_AS_DOCX
        raise InputError(source, [Problem("", message, hint)])
    if not content.startswith(b"PK"):
        start = content.lstrip()[:16].lower()
        known = ((what, hint) for mark, what, hint in _NOT_WORD if start.startswith(mark.lower()))
        what, hint = next(known, ("no Word document", f"{SAVE_AS_DOCX} {PLAN_FILE}"))
        raise InputError(source, [Problem("", f"this is {what}; a Word document (.docx) is needed.", hint)])


def _check_package(package: zipfile.ZipFile, source: str) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if _WORD_PART not in names:
        for start, what, hint in _OTHER_PACKAGES:
            if any(name.startswith(start) for name in names):
                raise InputError(source, [Problem("", f"this is {what}; a Word document (.docx) is needed.", hint)])
        message = "this is a zip archive without a Word document's text in it."
        raise InputError(source, [Problem("", message, SAVE_AS_DOCX)])
    if any(part.flag_bits & 0x1 for part in parts):
        raise InputError(source, [Problem("", "the file is packed with a password.", "Save a copy without one.")])
    xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    unpacked, largest = sum(part.file_size for part in parts), max(part.file_size for part in xml)
    if unpacked > MOST_UNPACKED_BYTES or largest > MOST_XML_BYTES or len(parts) > MOST_PARTS:
        message = f"the file would unpack to {unpacked / 1e6:,.0f} MB in {len(parts):,} parts; that is no plan."
        raise InputError(source, [Problem("", message, "Copy the table into a new document and save that.")])
    for part in xml:
        text = package.read(part)
        if any(mark in text for mark in _DOCUMENT_TYPE):
            message = f"'{part.filename}' in it declares entities, which Word never does; it is not opened."
            raise InputError(source, [Problem("", message, "Copy the table into a new document and save that.")])


def _damaged(source: str) -> InputError:
    hint = f"Was it saved, or downloaded, to its end? {SAVE_AS_DOCX}"
    return InputError(source, [Problem("", "the Word document is damaged, or saved in an unusual way.", hint)])
