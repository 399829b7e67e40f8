"""How bytes become text: encodings, packing, digests, progress; and files read together."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from t4c_lib.errors import RefusedInputsError
from t4c_lib.evidence import OBSERVATION_COLUMNS, read_files
from t4c_lib.evidence.files import months_in_name

from .evidence_files import GOOD_SICKNESS, ods, read_text, refusal, staff

pytestmark = pytest.mark.unit

NAMED = GOOD_SICKNESS.replace("Trust RAA", "Café Guy’s – Trust")


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "read as UTF-16"), ("cp1252", "read as Windows-1252")],
)
def test_a_name_beyond_ascii_is_read_right_in_every_certain_encoding(encoding: str, note: str, tmp_path: Path) -> None:
    loaded = read_text(tmp_path, NAMED.encode(encoding))
    assert loaded.organisations[0].name == "Café Guy’s – Trust"
    assert note in " ".join(loaded.notes)


def test_utf_16_with_the_high_byte_first_is_read(tmp_path: Path) -> None:
    content = b"\xfe\xff" + NAMED.encode("utf-16-be")
    assert read_text(tmp_path, content).organisations[0].name == "Café Guy’s – Trust"


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_tabs_and_semicolons_between_cells_are_known_by_the_column_names(delimiter: str, tmp_path: Path) -> None:
    loaded = read_text(tmp_path, GOOD_SICKNESS.replace(",", delimiter))
    assert loaded.observations.equals(read_text(tmp_path, GOOD_SICKNESS).observations)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(end: str, tmp_path: Path) -> None:
    assert read_text(tmp_path, GOOD_SICKNESS.replace("\n", end)).source.rows == 2


def test_empty_rows_and_columns_that_excel_leaves_at_the_end_are_passed_over(tmp_path: Path) -> None:
    padded = "".join(f"{line},,\n" for line in GOOD_SICKNESS.splitlines()) + "," * 12 + "\n\n\n"
    assert read_text(tmp_path, padded).source.rows == 2


def test_a_cell_with_a_comma_or_a_line_end_in_quotation_marks_is_one_cell(tmp_path: Path) -> None:
    broken = GOOD_SICKNESS.replace("Trust RAA", '"Care, Health\nand More"')
    with pytest.raises(RefusedInputsError, match="name of RAA: the name of an organisation goes on one line"):
        read_text(tmp_path, broken)
    content = GOOD_SICKNESS.replace("Trust RAA", '"Care, Health and More"')
    loaded = read_text(tmp_path, content)
    assert loaded.source.rows == 2
    assert loaded.organisations[0].name == "Care, Health and More"


def test_a_file_without_its_last_line_end_is_read_and_says_so(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, GOOD_SICKNESS.rstrip("\n"))
    assert loaded.source.rows == 2
    assert any("no line end" in note for note in loaded.notes)


def test_a_packed_file_is_known_by_its_bytes_and_keeps_the_digest_of_them(tmp_path: Path) -> None:
    packed = gzip.compress(GOOD_SICKNESS.encode())
    loaded = read_text(tmp_path, packed, "april")
    assert loaded.observations.equals(read_text(tmp_path, GOOD_SICKNESS).observations)
    assert loaded.source.digest == hashlib.sha256(packed).hexdigest()
    assert any("unzipped" in note for note in loaded.notes)


def test_a_file_packed_in_two_members_is_read_whole(tmp_path: Path) -> None:
    half = len(GOOD_SICKNESS) // 2
    packed = gzip.compress(GOOD_SICKNESS[:half].encode()) + gzip.compress(GOOD_SICKNESS[half:].encode())
    assert read_text(tmp_path, packed).source.rows == 2


def test_a_small_packed_file_may_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(bytes(30_000_000)))
    with pytest.raises(RefusedInputsError, match="unzips to more than 20 MB"):
        read_files([path], most_unpacked_bytes=20_000_000)


def test_files_are_known_by_content_and_not_by_name(tmp_path: Path) -> None:
    trust = ods(("RAA", "A NHS TRUST", "Y56", "QMJ", "20010401", ""))
    for content, key in (
        (trust, "ods-trusts"),
        (GOOD_SICKNESS, "sickness-by-organisation"),
        (staff({}), "staff-extract"),
    ):
        assert read_text(tmp_path, content, "download(1).txt").source.publication == key


def test_column_names_in_other_capitals_are_known(tmp_path: Path) -> None:
    names, rest = staff({}).split("\n", 1)
    assert read_text(tmp_path, f"{names.upper()}\n{rest}").source.rows == 1


def test_one_bad_file_refuses_them_all_and_every_file_is_told_of(tmp_path: Path) -> None:
    contents = {"good.csv": GOOD_SICKNESS, "bad.csv": "a,b\n1,2\n", "worse.csv": ""}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(RefusedInputsError) as caught:
        read_files([*(tmp_path / name for name in contents), tmp_path / "god.csv", tmp_path])
    message = str(caught.value)
    assert len(caught.value.errors) == 4
    for words in ("bad.csv: ", "worse.csv: ", "god.csv: ", "no such file", "folder contains: good.csv", "is a folder"):
        assert words in message


def test_progress_is_told_in_words_and_rises_to_one(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(GOOD_SICKNESS)
    told: list[tuple[str, float]] = []
    read_files([tmp_path / "a.csv", tmp_path / "b.csv"], lambda text, share: told.append((text, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert told[-1][0] == "b.csv: 2 rows read"


def test_the_source_says_digest_rows_publication_and_licence(tmp_path: Path) -> None:
    loaded = read_text(tmp_path, GOOD_SICKNESS, "april 2024.csv")
    assert (loaded.source.name, loaded.source.rows, loaded.source.reader_version) == ("april 2024.csv", 2, 1)
    assert "Open Government Licence v3.0" in loaded.source.attribution
    assert read_text(tmp_path, staff({})).source.attribution == ""
    assert tuple(loaded.observations.columns) == OBSERVATION_COLUMNS


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("nhs_sickness_absence_2024-04.csv", ["2024-04"]),
        ("NHS Sickness Absence rates, April 2024 CSV.csv", ["2024-04"]),
        ("ESR_APR24.csv", ["2024-04"]),
        ("202404.csv", ["2024-04"]),
        ("extract 2025-04 to 2026-03.csv", ["2025-04", "2026-03"]),
        ("made on 2024-05-02.csv", []),
        ("plan 2024-25.csv", []),
        ("marches 12.csv", []),
        ("made on 2 May 2024.csv", []),
        ("Sept_2024.csv", ["2024-09"]),
        ("20240502.csv", []),
        ("file.csv", []),
    ],
)
def test_months_in_a_file_name(name: str, months: list[str]) -> None:
    assert [str(month) for month in months_in_name(name)] == months


def test_a_file_larger_than_may_be_read_is_refused_before_it_is(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text(GOOD_SICKNESS)
    with pytest.raises(RefusedInputsError, match=r"is larger than 0 kB, the most that can be read\. Split it by month"):
        read_files([path], most_unpacked_bytes=100)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(RefusedInputsError, match=r"pipe\.csv: 1 problem.*\n  - is not a file but a device or a pipe"):
        read_files([tmp_path / "pipe.csv"])


def test_more_rows_than_a_publication_ever_has_are_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD_SICKNESS + "\n" * 1_000_001)
    assert "has 1,000,004 lines; at most 1,000,000 rows can be read from this kind of file." in message
    assert "Delete empty rows below the table." in message


def test_a_file_of_uneven_rows_is_read_no_further_than_a_thousand_of_them(tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD_SICKNESS + "one,two\n" * 5_000)
    assert "row 4: has 2 cells; it should have 11." in message
    assert "further rows may have the wrong number of cells too: reading stopped here." in message
    assert "20 problems" in message


def test_a_wrong_byte_is_placed_right_however_far_into_the_file(tmp_path: Path) -> None:
    rows = (1 << 25) // 20_000
    content = (GOOD_SICKNESS + "é" + ("x" * 20_000 + "\n") * rows).encode() + b"30/04/2024,\xff,"
    message = refusal(tmp_path, content)
    assert f"row {rows + 4:,}, column NHSE_REGION_CODE: byte 0xFF is not UTF-8" in message


def test_a_letter_across_the_border_of_two_pieces_is_no_wrong_byte(tmp_path: Path) -> None:
    for shift in range(4):
        content = GOOD_SICKNESS.replace("Trust RAA", "x" * ((1 << 24) - 250 + shift) + "😀é" * 100)
        assert "is not UTF-8" not in refusal(tmp_path, content)
