"""Publications made for tests: to a layout whose original was not seen, or out of an excerpt in another layout."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from t4c_lib.errors import RefusedInputsError
from t4c_lib.evidence import Loaded, read_files

SURVEY_2024 = {
    "q23a": (
        "Q23a. In the last 12 months, have you had an appraisal, annual review, or development review?",
        {"% Yes": "q23a_yes_pct", "% No": "q23a_no_pct", "% Can't remember": "q23a_cant_remember_pct"},
    ),
    "q23b": (
        "Q23b. It helped me to improve how I do my job.",
        {
            "% Yes, definitely": "q23b_yes_definitely_pct",
            "% Yes, to some extent": "q23b_yes_some_extent_pct",
            "% No": "q23b_no_pct",
        },
    ),
    "q27c": ("Q27c. Age", {"% 16-20": "q27c_age_16_20_pct", "% 21-30": "q27c_age_21_30_pct"}),
    "q28": ("Q28. What is your ethnic group?", {"% White": "q28_white_pct"}),
    "q35": (
        "Q35. What is your occupational group?",
        {
            "% Support to Allied Health Professionals": "q35_support_ahp_pct",
            "% Support to healthcare scientists": "q35_support_hcs_pct",
            "% Emergency Care Assistant": "q35_emergency_care_assistant_pct",
            "% Nursing auxiliary / Nursing assistant / Healthcare assistant": "q35_hca_pct",
        },
    ),
}


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, by column name."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(rows: Sequence[Mapping[str, Any]], names: Iterable[str] | None = None) -> str:
    """Rows as a CSV file."""
    columns = list(names if names is not None else rows[0])
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def bars(text: str) -> list[dict[str, str]]:
    """Rows out of a little table with bars."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def as_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An .xlsx file with these sheets, cell by cell from A1."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def timeless(book: bytes) -> bytes:
    """The same workbook without the time at which it was written, so that the same cells give the same bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(body, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", b"2026-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def survey_workbook(
    rows: Sequence[Mapping[str, str]],
    first: Mapping[str, str],
    questions: Iterable[str] = tuple(SURVEY_2024),
    title: str = "NHS Staff Survey 2024",
) -> bytes:
    """The detailed workbook: question in row 1 merged over its answers, names in row 5, percent from 0 to 100.

    Args:
        rows: the figures of a selection, by its column names.
        first: the workbook's first columns, and the selection's column for each.
        questions: which of SURVEY_2024.
        title: what cell A2 says.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Your organisation"
    sheet["A2"] = title
    names = list(first)
    sources = list(first.values())
    merged = []
    for key in questions:
        text, answers = SURVEY_2024[key]
        start = len(names) + 1
        sheet.cell(1, start, text)
        names += [*answers, "Base (number of responses)"]
        sources += [*answers.values(), f"{key}_base"]
        merged.append((start, len(names)))
    for at, name in enumerate(names, 1):
        sheet.cell(5, at, name)
    for row in rows:
        sheet.append([_cell(row[source]) if at >= len(first) else row[source] for at, source in enumerate(sources)])
    for start, end in merged:
        sheet.merge_cells(start_row=1, start_column=start, end_row=1, end_column=end)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _cell(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def read_bytes(folder: Path, content: bytes | str, name: str = "file.xlsx") -> Loaded:
    """What reading one file of this content gives."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (loaded,) = read_files([path])
    return loaded


def refused(folder: Path, content: bytes | str, name: str = "file.xlsx") -> str:
    """The message with which a file of this content is refused."""
    try:
        read_bytes(folder, content, name)
    except RefusedInputsError as error:
        return str(error)
    raise AssertionError("the file was read, but should have been refused")


def picked(loaded: Loaded, **where: str) -> Any:
    """The one observation that fits, as a row."""
    found = loaded.observations
    for column, value in where.items():
        found = found[found[column] == value]
    assert len(found) == 1, found.to_string()
    return found.iloc[0]


def states(loaded: Loaded, series: str, breakdown: str = "all") -> dict[str, str]:
    """The state of one series, by organisation."""
    found = loaded.observations[
        (loaded.observations["series"] == series) & (loaded.observations["breakdown"] == breakdown)
    ]
    return dict(zip(found["organisation"], found["state"], strict=True))
