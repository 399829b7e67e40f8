"""A gallery of files as trusts really have them: lists saved again or of other kinds, ESR's headings, wrong formats.

What is told is here word for word: these are the messages that a person meets first.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from t4c_lib.evidence import Loaded, read_files
from t4c_lib.evidence.collection_workbook.workbook_writer import write_marked

from .collection_making import fill, formulas, made, refused, replaced
from .collection_making import loaded as loaded_workbook
from .evidence_files import SICKNESS_NAMES, read_text, refusal

pytestmark = pytest.mark.unit

Cells = list[str]
FIELDS = 27


def row(code: str, name: str, **cells: str) -> Cells:
    """A row of an ODS list; other cells by field number: f11="20240930"."""
    usual = {3: "Y60", 4: "QGH", 5: "1 EXAMPLE WAY", 8: "TESTBURY", 10: "ZZ1 1ZZ", 11: "20200430", 22: "0", 24: "F"}
    other = {int(key[1:]): cell for key, cell in cells.items()}
    return [{1: code, 2: name, **usual, **other}.get(at, "") for at in range(1, FIELDS + 1)]


def text(rows: Sequence[Cells], *, delimiter: str = ",", width: int = FIELDS, quoted: bool = True) -> str:
    body = io.StringIO()
    writer = csv.writer(body, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows(cells[:width] for cells in rows)
    return body.getvalue()


TESTBURY = row("RZZ", "TESTBURY HOSPITALS NHS FOUNDATION TRUST")
SAMPLETON = row("RZY", "SAMPLETON COMMUNITY NHS TRUST", f12="20260331")
TWO = [TESTBURY, SAMPLETON]
WANTED = "Use the list of NHS trusts, etr.csv: https://www.odsdatasearchandexport.nhs.uk/api/getReport?report=etr"


def with_days(rows: Sequence[Cells], how: Callable[[str], str]) -> list[Cells]:
    return [[how(cell) if cell and at in (10, 11) else cell for at, cell in enumerate(cells)] for cells in rows]


SAVED_AGAIN: dict[str, str | bytes] = {
    "as published": text(TWO),
    "empty columns at the end and quotes gone": text(TWO, width=24, quoted=False),
    "cut after the closing day": text(TWO, width=12, quoted=False),
    "commas for empty columns further right": text([[*cells, "", "", ""] for cells in TWO], width=30),
    "semicolons": text(TWO, width=24, quoted=False, delimiter=";"),
    "tabs, in UTF-16": text(TWO, width=24, quoted=False, delimiter="\t").encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + text(TWO, width=24, quoted=False).encode(),
    "a row of names on top": text([["Code", "Name", "Region", "ICB", *[""] * 23], *TWO]),
    "a title, an empty row and names on top": "NHS trusts\n\n" + text([["Code", "Name"]]) + text(TWO),
    "days as Excel shows them": text(with_days(TWO, lambda day: f"{day[6:]}/{day[4:6]}/{day[:4]}"), width=24),
    "days as 2020-04-30": text(with_days(TWO, lambda day: f"{day[:4]}-{day[4:6]}-{day[6:]}"), width=24),
    "days as decimal numbers": text(with_days(TWO, lambda day: f"{day}.0"), width=24),
    "apostrophes in front": text([[f"'{cell}" if cell else "" for cell in cells] for cells in TWO], width=24),
    "empty rows at the end": text(TWO, width=24) + "," * 23 + "\n" + "," * 23 + "\n",
}


def named(loaded: Loaded) -> list[tuple[str, str, str]]:
    return [(one.code, one.name, str(one.closed or "")) for one in loaded.organisations]


@pytest.mark.parametrize("case", SAVED_AGAIN)
def test_a_list_of_trusts_saved_again_is_read_like_the_published_one(case: str, tmp_path: Path) -> None:
    loaded = read_text(tmp_path, SAVED_AGAIN[case])
    assert named(loaded) == [
        ("RZZ", "Testbury Hospitals NHS Foundation Trust", ""),
        ("RZY", "Sampleton Community NHS Trust", "2026-03-31"),
    ]
    assert {(one.region, one.ics, str(one.opened)) for one in loaded.organisations} == {("Y60", "QGH", "2020-04-30")}
    assert loaded.source.rows == 2


def test_cells_that_the_list_leaves_blank_since_december_2025_are_not_missed(tmp_path: Path) -> None:
    wales = row("RZW", "CYMRU EXAMPLE NHS TRUST", f3="", f4="")
    cardiff = row("RQF", "VELINDRE NHS TRUST", f3="", f4="", f10="CF15 7QZ", f24="W")
    bare = row("RZX", "BARE NHS TRUST", **{f"f{at}": "" for at in (*range(3, 11), 11, 22, 24)})
    loaded = read_text(tmp_path, text([TESTBURY, wales, cardiff, bare]))
    assert [(one.code, one.region, one.type) for one in loaded.organisations] == [
        ("RZZ", "Y60", "NHS trust"),
        ("RZW", "", "NHS trust"),
        ("RQF", "W00", "NHS trust (Wales)"),
        ("RZX", "", "NHS trust"),
    ]
    assert loaded.organisations[3].opened is None
    assert loaded.notes == (
        "4 trusts with no closing date, 1 of them in Wales; 0 closed",
        "the list gives no region for RZW, RZX",
    )


def test_a_list_of_trusts_and_sites_gives_the_trusts(tmp_path: Path) -> None:
    five = row("G6V2S", "EXAMPLE LONDON NHS FOUNDATION TRUST")
    site, other = row("RZZ01", "TESTBURY GENERAL HOSPITAL"), row("G6V2S01", "EXAMPLE ROAD CLINIC", f15="G6V2S")
    loaded = read_text(tmp_path, text([five, other, TESTBURY, site]))
    assert [one.code for one in loaded.organisations] == ["G6V2S", "RZZ"]
    assert loaded.notes[-1] == "2 trust sites are left out: they are not employers"


WRONG_CELLS: dict[str, tuple[list[Cells], str]] = {
    "a code": ([TESTBURY, row("RZ", "SHORT NHS TRUST")], "row 2, column 1: 'RZ' is not an ODS trust code"),
    "a region": ([row("RZZ", "A TRUST"), row("RZY", "B TRUST", f3="60")], "row 2, column 3: '60' is not a national"),
    "a day": ([TESTBURY, row("RZY", "B TRUST", f11="soon")], "row 2, column 11: 'soon' is not a date"),
    "no name": ([TESTBURY, row("RZY", "")], "row 2, column 2: is blank"),
    "a day either way": ([row("RZZ", "A TRUST", f11="01/04/2020")], "'01/04/2020' could be day/month or month/day"),
    "the first code": ([row("R-A", "A TRUST"), TESTBURY], "row 1, column 1: 'R-A' is not an ODS trust code"),
    "a first row of little": ([row("RZY", "", f9="", f10="", f11=""), TESTBURY], "row 1, column 2: is blank"),
    "below names": ([["Code", "Name", *[""] * 25], TESTBURY, row("RZY", "")], "row 3, column 2: is blank"),
}


@pytest.mark.parametrize("case", WRONG_CELLS)
def test_what_is_truly_wrong_in_a_list_is_told_by_row_and_column(case: str, tmp_path: Path) -> None:
    rows, words = WRONG_CELLS[case]
    assert words in refusal(tmp_path, text(rows))


OTHER_LISTS: dict[str, tuple[list[Cells], str]] = {
    "sites": ([row("RZZ01", "HOSPITAL", f15="RZZ"), row("RZZ02", "CLINIC")], "RZZ01, RZZ02 are codes of sites of NHS "
              "trusts (ets.csv)"),
    "practices": ([row("A99001", "THE EXAMPLE SURGERY", f15="00K")], "A99001 are codes of GP practices (epraccur.csv)"),
    "branches": ([row("A99001001", "BRANCH")], "A99001001 are codes of branches of GP practices (ebranchs.csv)"),
    "boards": ([row("QE1", "NHS EXAMPLE ICB")], "QE1 are codes of integrated care boards"),
    "commissioners": ([row("00L", "NHS A CCG"), row("01A", "NHS B CCG")], "00L, 01A are codes of clinical "
                      "commissioning groups and the areas within integrated care boards (eccg.csv)"),
    "pharmacies": ([row("FA002", "EXAMPLE CHEMIST")], "FA002 are codes of pharmacies (edispensary.csv)"),
    "care homes": ([row("VL1XX", "ROSE COURT")], "VL1XX are codes of care homes or dental practices"),
    "anything else": ([row("8AB12", "EXAMPLE HOSPICE")], "8AB12 are codes of other organisations"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER_LISTS)
@pytest.mark.parametrize("width", [FIELDS, 24])
def test_an_ods_list_of_another_kind_is_named_and_the_wanted_one_too(case: str, width: int, tmp_path: Path) -> None:
    rows, words = OTHER_LISTS[case]
    assert refusal(tmp_path, text(rows, width=width)) == (
        "file.csv: 1 problem, nothing was saved\n"
        f"  - is an ODS list of another kind: {words}, not of NHS trusts. {WANTED}"
    )


SAVE_SHEET = "If one of the sheets is a table that can be read, save it as 'CSV UTF-8' and add that."
READ_HERE = (
    "  - Files that can be read: the ODS list of NHS trusts (etr.csv), NHS sickness absence, turnover and workforce "
    "statistics, the NHS Staff Survey, public sector apprenticeships, residents by age or ethnic group, staff extracts "
    "and collection workbooks. Columns: docs/reference/publications.md; of a staff extract: data/dictionary.csv."
)
FROM_ESR = (
    "has the column names of an ESR staff list. Make a staff extract from it: its columns are defined in "
    "data/dictionary.csv and explained in docs/reference/staff-extract.md."
)


@pytest.mark.parametrize(
    ("content", "start"),
    [
        ("Monday,Tuesday\nAnn,Bob\n", "Monday, Tuesday"),
        ("Ward,FTE,Sickness,Org Code,Comment,Manager,Site\nA,1,2,RZZ,,,\n", "Ward, FTE, Sickness, Org Code, Comment, "
         "Manager, Site"),
        ("Dear colleague,\nthe figures follow.\n", "Dear colleague, "),
    ],
)  # fmt: skip
def test_a_file_that_is_near_nothing_is_told_in_three_lines(content: str, start: str, tmp_path: Path) -> None:
    first = f"  - row 1: begins '{start}', which doesn't match any publication that can be read."
    assert refusal(tmp_path, content) == "\n".join(["file.csv: 2 problems, nothing was saved", first, READ_HERE])


def test_a_file_that_is_near_one_is_compared_with_it_and_a_hundred_missing_columns_are_one_line(tmp_path: Path) -> None:
    message = refusal(tmp_path, "ltla21_name,total_population,0,1\nHartlepool,9,1,1\n")
    assert "The closest match is residents by single year of age" in message
    assert "row 1: column ltla21_code, 2, 3, 4, 5, 6, 7, 8, 9, 10 (and 80 more) is missing." in message
    assert len(message.splitlines()) == 4


ESR = (
    "Effective Date,Organisation,Employee Number,Assignment Number,Staff Group,Role,Pay Grade,Age,FTE,Latest Start Date"
)
ESR_HEADED: dict[str, tuple[str, str, str]] = {
    "the usual headings": (
        f"{ESR},Termination Date\n2026-03-31,RZZ,P1,P1-1,Additional Clinical Services,HCA,Band 2,21,1,2024-02-01,\n",
        "row 1",
        "In the staff extract, Effective Date is period_end, Organisation is organisation_code, Employee Number is "
        "person_number, Assignment Number is assignment, Staff Group is staff_group, Role is job_role, Pay Grade is "
        "band, Age is age, FTE is contracted_fte, Latest Start Date is start_date, Termination Date is leaving_date.",
    ),
    "headings of Business Intelligence, below a title": (
        "Staff in post,,,,,,\n,,,,,,\nOrg L4,Assignment Category,Occupation Code,Position Title,Hire Date,Unique Id,"
        "Pay Scale\nWard 1,Permanent,N6A,HCA,01-APR-24,1,XR03\n",
        "row 3",
        "In the staff extract, Org L4 is department, Position Title is job_role, Hire Date is start_date, Unique Id is "
        "person_number, Pay Scale is band. Missing: period_end, organisation_code, staff_group, contracted_fte, "
        "leaving_date, age or birth_year. Leave out: Assignment Category, Occupation Code.",
    ),
    "with semicolons": (
        "Employee Number;Pay Band;WTE;Date of Birth\n1;Band 2;1;01/02/2000\n",
        "row 1",
        "In the staff extract, Employee Number is person_number, Pay Band is band, WTE is contracted_fte, Date of "
        "Birth is birth_year. Missing: period_end, organisation_code, staff_group, start_date, leaving_date.",
    ),
}


@pytest.mark.parametrize("case", ESR_HEADED)
def test_headings_of_the_staff_record_lead_to_the_staff_extract(case: str, tmp_path: Path) -> None:
    content, where, renamed = ESR_HEADED[case]
    lines = ["file.csv: 2 problems, nothing was saved", f"  - {where}: {FROM_ESR}", f"  - {renamed}"]
    assert refusal(tmp_path, content) == "\n".join(lines)


def test_the_same_headings_in_a_workbook_lead_there_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Staff"
    book.active.append(ESR.split(","))
    book.save(tmp_path / "esr.xlsx")
    message = refusal(tmp_path, (tmp_path / "esr.xlsx").read_bytes(), "esr.xlsx")
    assert f"sheet 'Staff', row 1: {FROM_ESR}" in message
    assert "Employee Number is person_number" in message
    assert message.endswith(SAVE_SHEET)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (TWO, f"sheet 'Sheet', row 1: looks like a row of an ODS list. {SAVE_SHEET} {WANTED}"),
        (
            [SICKNESS_NAMES.split(",")],
            f"sheet 'Sheet', row 1: has the column names of NHS sickness absence by organisation. {SAVE_SHEET}",
        ),
    ],
)
def test_a_table_saved_as_a_workbook_is_named_and_wanted_as_csv(rows: list[Cells], words: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for cells in rows:
        book.active.append(cells)
    book.save(tmp_path / "etr.xlsx")
    message = refusal(tmp_path, (tmp_path / "etr.xlsx").read_bytes(), "etr.xlsx")
    assert message == f"etr.xlsx: 1 problem, nothing was saved\n  - {words}"


def test_a_staff_extract_with_a_heading_of_the_staff_record_is_told_its_own_name_for_it(tmp_path: Path) -> None:
    names = "period_end,organisation_code,person_number,staff_group,Pay Grade,age,FTE,start_date,leaving_date"
    message = refusal(tmp_path, f"{names}\n2026-03-31,RZZ,1,Students,Band 2,20,1,2020-01-01,31-DEC-4712\n")
    assert "'Pay Grade' is not a column of a staff extract (data/dictionary.csv). Did you mean 'band'?" in message
    assert "'FTE' is not a column of a staff extract (data/dictionary.csv). Did you mean 'contracted_fte'?" in message
    assert "ESR uses this date where there is no end date: leave the cell empty." in message


def zipped(name: str, content: bytes = b"x") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr(name, content)
    return body.getvalue()


def old_office(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")


AS_CSV = "Open it in Excel and save the sheet as 'CSV UTF-8 (Comma delimited)'."
FROM_WORD = "To import a plan or pledge from it: t4c plan import FILE --organisation CODE"
FORMATS: dict[str, tuple[str, bytes, str, str]] = {
    "pdf": ("a.pdf", b"%PDF-1.7\n", "a PDF", "Look on the publication's page for the CSV file or workbook with "
            "its figures."),
    "xls": ("a.xls", old_office("Workbook"), "an old Excel workbook (.xls)", AS_CSV),
    "doc": ("a.doc", old_office("WordDocument"), "an old Word document (.doc)", f"Save it as .docx. {FROM_WORD}"),
    "a password": ("a.xlsx", old_office("EncryptedPackage"), "a workbook or document with a password",
                   "Save it without one."),
    "an e-mail": ("a.msg", old_office("__substg1.0_001A"), "an e-mail (.msg)", "Save its attachment and add that."),
    "docx": ("a.docx", zipped("word/document.xml"), "a Word document", FROM_WORD),
    "rtf": ("a.rtf", b"{\\rtf1 }", "a document (.rtf)", FROM_WORD),
    "ods": ("a.ods", zipped("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            "an OpenDocument spreadsheet (.ods)", "Open it and save it as .xlsx."),
    "zip": ("a.zip", zipped("sickness.csv"), "a zip archive", "Unzip it and add the CSV files and workbooks in it."),
    "json": ("a.json", b'[{"code": "RZZ"}]', "JSON", "Get the same figures as CSV: most publishers offer both."),
    "a web page named xls": ("a.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>",
                             "a web page or XML table with the file name of a workbook", AS_CSV),
    "XML of Excel 2003": ("a.xls", b'<?xml version="1.0"?><Workbook '
                          b'xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
                          "a web page or XML table with the file name of a workbook", AS_CSV),
    "a sign-in page": ("a.csv", b"<!DOCTYPE html><html>Sign in", "a web page",
                       "The download may have led to a sign-in or an error page: open it and look."),
}  # fmt: skip


@pytest.mark.parametrize("case", FORMATS)
def test_a_file_of_another_format_is_named_with_what_to_do(case: str, tmp_path: Path) -> None:
    name, content, what, advice = FORMATS[case]
    assert refusal(tmp_path, content, name) == (
        f"{name}: 1 problem, nothing was saved\n  - is {what}, not a CSV file or an Excel workbook (.xlsx). {advice}"
    )


def test_a_plan_handed_in_as_evidence_is_sent_where_it_is_read(tmp_path: Path) -> None:
    message = refusal(tmp_path, "organisation:\n  code: RZZ\n", "plan.yaml")
    assert "It looks like a plan: t4c plan import FILE." in message


# A formula in F6 and what is stored beside it, as Excel and LibreOffice write it.
NOTHING = ('t="str"', '<f>IF(A1="","","")</f><v></v>')
FORMULAS: dict[str, tuple[tuple[str, str], str]] = {
    "never worked out": (("", "<f>1+1</f>"), "'=1+1' is not a number; allowed: a whole number from 0 to "
                         "1,000,000,000. "
                         "The formula has no saved result: save the workbook in Excel, or enter the value."),
    "ended in an error": (('t="e"', "<f>NA()</f><v>#N/A</v>"), "'#N/A' is not a number; allowed: a whole number from "
                          "0 to 1,000,000,000. The formula returns this error: enter the value itself."),
}  # fmt: skip


def with_formula(path: Path, cell: str, kind: str, content: str) -> Path:
    """The workbook with a formula in a cell of its sheet ESR that holds the number 57."""
    part = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(path) as archive:
        found = re.search(rf'<c r="{cell}"( s="\d+")?[^>]*><v>57</v></c>', archive.read(part).decode())
    assert found is not None
    return replaced(path, part, found[0], f'<c r="{cell}"{found[1] or ""} {kind}>{content}</c>')


@pytest.mark.parametrize("stored", ["<v></v>", "<v/>", '<v xml:space="preserve"> </v>'])
def test_a_formula_whose_stored_result_is_the_empty_text_is_an_empty_cell(stored: str, tmp_path: Path) -> None:
    path = fill(made(tmp_path), {"ESR": {"F6": 57, "F7": 12, "G7": 900}})
    with_formula(path, "F6", NOTHING[0], NOTHING[1].replace("<v></v>", stored))
    assert loaded_workbook(path).observations["numerator"].tolist() == [12.0]


@pytest.mark.parametrize("case", FORMULAS)
def test_a_formula_without_a_usable_result_is_told_with_what_to_do(case: str, tmp_path: Path) -> None:
    (kind, content), words = FORMULAS[case]
    path = with_formula(fill(made(tmp_path), {"ESR": {"F6": 57, "G6": 900}}), "F6", kind, content)
    (problem,) = refused(path).problems
    assert f"{problem.message} {problem.hint}" == words


def test_a_marked_copy_holds_nothing_where_a_formula_gave_the_empty_text(tmp_path: Path) -> None:
    path = with_formula(fill(made(tmp_path), {"ESR": {"F6": 57, "F7": "x", "G7": 9}}), "F6", *NOTHING)
    copy = write_marked(path, refused(path).problems)
    assert copy is not None
    assert formulas(copy) == []
    assert openpyxl.load_workbook(copy)["ESR"]["F6"].value in (None, "")


def test_the_reported_files_are_read_or_refused_as_they_should_be(shared: Path, tmp_path: Path) -> None:
    cases = {path.parent.name[:2]: path.parent for path in (shared / "cases" / "files").glob("*/README")}
    if not {"01", "03", "08"} <= cases.keys():
        pytest.skip("the reported files are not beside the checkout")
    blank, again = read_files([cases["01"] / "etr_blank_wales.csv", cases["03"] / "etr_resaved.csv"])
    assert [one.code for one in blank.organisations] == ["RZZ", "RZY", "RZW"]
    assert [one.code for one in again.organisations] == ["RZZ", "RZY"]
    staff, practices = (cases["08"] / name for name in ("esr_headings.csv", "gp_practices.csv"))
    assert "data/dictionary.csv" in refusal(tmp_path, staff.read_bytes())
    assert "is an ODS list of another kind" in refusal(tmp_path, practices.read_bytes())
