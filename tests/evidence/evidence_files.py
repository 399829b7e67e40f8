"""Small files for the tests of evidence, written as tables that a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from t4c_lib.errors import RefusedInputsError
from t4c_lib.evidence import Loaded, read_files

SICKNESS_NAMES = (
    "DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,"
    "FTE_DAYS_LOST,FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT"
)
STAFF = {
    "period_end": "2026-03-31",
    "organisation_code": "DEMO1",
    "person_number": "P1",
    "staff_group": "Additional Clinical Services",
    "band": "Band 2",
    "age": "30",
    "contracted_fte": "1",
    "start_date": "2020-05-04",
    "leaving_date": "",
    "fte_days_lost": "1",
    "fte_days_available": "31",
}


def sickness(*rows: str, names: str = SICKNESS_NAMES, end: str = "\n") -> str:
    """A sickness file; a row is "date | code | type | lost | available | rate", or a whole line of the file."""
    lines = [names]
    for row in rows:
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) == 6:
            date, code, kind, *figures_of_row = cells
            cells = [date, "Y56", "London", "QMJ", "North Central London", code, f"Trust {code}", kind, *figures_of_row]
        lines.append(",".join(cells))
    return "\n".join(lines) + end


GOOD_SICKNESS = sickness(
    "30/04/2024 | RAA | Acute | 50 | 1000 | 5.00", "30/04/2024 | QMJ | Integrated Care Board | 1 | 80 | 1.25"
)


def staff(*rows: Mapping[str, str], without: Iterable[str] = ()) -> str:
    """A staff extract; each row says how it differs from the usual row."""
    names = list(dict.fromkeys([*STAFF, *(name for row in rows for name in row)]))
    names = [name for name in names if name not in set(without)]
    lines = [",".join(names)]
    lines += [",".join({**STAFF, **row}.get(name, "") for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def staff_table(text: str) -> str:
    """A staff extract from a little table with bars; columns left out hold what the usual row holds."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return staff(*(dict(zip(lines[0], line, strict=True)) for line in lines[1:]))


def ods(*rows: tuple[str, str, str, str, str, str]) -> str:
    """An ODS file; a row is code, name, national grouping, ICS, opened, closed."""
    lines = []
    for code, name, region, ics, opened, closed in rows:
        cells = [code, name, region, ics, "1 HIGH STREET", "", "", "TOWN", "", "AB1 2CD", opened, closed]
        cells += [""] * 9 + ["0", "", "A", "", "", ""]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\r\n".join(lines) + "\r\n"


def read_text(folder: Path, content: str | bytes, name: str = "file.csv") -> Loaded:
    """What reading one file of this content gives."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (loaded,) = read_files([path])
    return loaded


def refusal(folder: Path, content: str | bytes, name: str = "file.csv") -> str:
    """The message with which a file of this content is refused."""
    try:
        read_text(folder, content, name)
    except RefusedInputsError as error:
        return str(error)
    raise AssertionError("the file was read, but should have been refused")


def figures(loaded: Loaded, **where: str) -> pd.DataFrame:
    """The observations that fit, by column."""
    found = loaded.observations
    for column, value in where.items():
        found = found[found[column] == value]
    return found


def value(loaded: Loaded, **where: str) -> float:
    """The value of the one observation that fits."""
    found = figures(loaded, **where)
    assert len(found) == 1, found
    return float(found["value"].iloc[0])
