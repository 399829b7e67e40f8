"""What is no readable Word table is refused whole, called by its name, with what to do; nothing is unpacked "
"blindly."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from t4c_lib.errors import InputError
from t4c_lib.plan.word import plan_table
from t4c_lib.plan.word.plan_table import read_word_table
from tests.plan.word_making import Shape, SourceRow, make_pledge, saved

pytestmark = pytest.mark.unit

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
GOOD = saved(make_pledge([SourceRow(("3. Ambassadors",), ("Visit schools",), (), (), ("Visits",))]))


def refused(content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_word_table(content, "ours.docx")
    text = str(caught.value)
    assert text.startswith("ours.docx: 1 problem, nothing was saved\n")
    return text


def package(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def changed(name: str, old: bytes, new: bytes) -> bytes:
    """A good document with something replaced in one of its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in good.infolist():
            content = good.read(part)
            if part.filename == name:
                assert old in content
                content = content.replace(old, new, 1)
            archive.writestr(part, content)
    return stream.getvalue()


def test_the_document_that_the_broken_ones_are_made_from_is_sound() -> None:
    assert len(read_word_table(GOOD, "ours.docx").blocks) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty. Was it saved or downloaded completely?"),
        (OLE, "this is a Word document in the old format (.doc). Open it in Word and save it"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "the document is locked with a password. Save a copy without"),
        (b"{\\rtf1 Our plan}", "this is a Rich Text file (.rtf); a Word document (.docx) is needed."),
        (b"%PDF-1.7", "this is a PDF; a Word document (.docx) is needed. Ask for the Word document"),
        (b"\n<!DOCTYPE html><p>", "this is a web page; a Word document"),
        (b"\x89PNG\r\n", "this is a picture; a Word document"),
        (b"organisation: RXX", "this is not a Word document; a Word document (.docx) is needed."),
        (package(xl__workbook_xml=b"<x/>"), "this is an Excel workbook; a Word document"),
        (package(ppt__presentation_xml=b"<x/>"), "this is a PowerPoint presentation; a Word document"),
        (package(content_xml=b"<x/>"), "this is an OpenDocument file; a Word document"),
        (package(notes=b"x"), "this is a zip archive without a Word document's text in it."),
        (package(word__document_xml=b"<x/>"), "the Word document is damaged, or saved in an unusual way."),
        (GOOD[: len(GOOD) // 2], "the Word document is damaged, or saved in an unusual way."),
        (b"PK\x03\x04" + b"\0" * 50, "the Word document is damaged, or saved in an unusual way."),
        (changed("word/document.xml", b"<w:body>", b"<w:body"), "the Word document is damaged"),
        (
            changed("[Content_Types].xml", b"wordprocessingml.document.main", b"wordprocessingml.template.main"),
            "this is a Word template, or a document with macros. Open it in Word and save it as",
        ),
        (
            changed("word/document.xml", b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document'),
            "'word/document.xml' in it declares entities, which Word never does; it is not opened.",
        ),
    ],
)
def test_what_is_no_word_document_is_called_by_its_name(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_a_file_that_would_unpack_to_far_too_much_is_refused_before_it_does() -> None:
    bomb = package(word__document_xml=b" " * (plan_table.MOST_XML_BYTES + 1))
    assert len(bomb) < 100_000
    assert "the file would unpack to 30 MB in 1 parts, too much for a plan." in refused(bomb)


def test_a_file_of_too_many_parts_is_refused() -> None:
    parts = {f"p{number}": b"" for number in range(plan_table.MOST_PARTS)}
    assert "in 5,001 parts, too much for a plan." in refused(package(word__document_xml=b"<x/>", **parts))


def test_a_file_that_is_too_big_is_refused() -> None:
    assert "at most 30 MB are read. Take the pictures out" in refused(b"PK" + b"\0" * plan_table.MOST_BYTES)


def test_a_document_cut_at_any_place_is_refused_and_never_breaks_the_reader() -> None:
    for end in range(0, len(GOOD), 997):
        refused(GOOD[:end])


def test_a_missing_file_is_told_as_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.docx: .*\n.*can't be read: No such file.* Check the name"):
        read_word_table(tmp_path / "nowhere.docx")


def test_a_file_is_called_by_its_name_without_folders(tmp_path: Path) -> None:
    (tmp_path / "ours.docx").write_bytes(GOOD)
    assert read_word_table(tmp_path / "ours.docx").source == "ours.docx"


def test_a_document_without_a_table_is_told_what_is_looked_for() -> None:
    document = docx.Document()
    document.add_paragraph("Our plan")
    text = refused(saved(document))
    assert "there is no table in this document. Its headings should name at least actions and measures" in text


def test_a_document_with_other_tables_only_is_told_how_the_first_begins() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Name", "Telephone"
    text = refused(saved(document))
    assert (
        "no table in this document has the pledge's columns; the first table begins with 'Name'; 'Telephone'." in text
    )


def test_a_document_with_far_too_many_entries_is_refused() -> None:
    many = SourceRow(("3. Ambassadors",), tuple(f"Visit school {number}" for number in range(2_001)), (), (), ())
    text = refused(saved(make_pledge([many], Shape(bullets="•", breaks=True))))
    assert "its tables hold 2,001 entries; at most 2,000 are read." in text
