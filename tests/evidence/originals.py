"""Sound files of every kind that is read, small and always the same: what files with something wrong are made of."""

from __future__ import annotations

import datetime as dt
import gzip
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from t4c_lib.periods import Month

from . import layouts
from .collection_making import FIRST, asked_for, fill, made
from .evidence_files import GOOD_SICKNESS, ods, staff
from .publication_files import as_csv, as_workbook, bars, survey_workbook, timeless

STAFF_PEOPLE, STAFF_MONTHS = 12, 14
_CENSUS = [
    {"ltla21_code": "E06000001", "ltla21_name": "A", "ethnic_group": group, "value": value}
    for group, value in layouts.ETHNIC_GROUPS
]
_TRUSTS = (
    ("RAA", "A NHS TRUST", "Y56", "QMJ", "20010401", ""),
    ("RAB", "B NHS FOUNDATION TRUST", "Y58", "QOX", "19920401", "20220331"),
)


@dataclass(frozen=True)
class Original:
    """A sound file.

    Attributes:
        name: of its kind, and of the file.
        content: its bytes.
        named_columns: whether its first row holds the names of its columns.
    """

    name: str
    content: bytes
    named_columns: bool = True

    @property
    def is_workbook(self) -> bool:
        return self.name.endswith(".xlsx")


@cache
def originals() -> tuple[Original, ...]:
    """All of them, tables first."""
    tables = {
        "staff extract.csv": staff_extract(),
        "sickness.csv": GOOD_SICKNESS,
        "sickness 2009 to 2022.csv": as_csv(bars(layouts.SICKNESS_2009)),
        "sickness by staff group.csv": as_csv(bars(layouts.SICKNESS_BENCHMARK)),
        "sickness by reason.csv": as_csv(bars(layouts.SICKNESS_REASONS)),
        "turnover by age.csv": as_csv(bars(layouts.TURNOVER_AGES)),
        "turnover of organisations.csv": as_csv(bars(layouts.TURNOVER_WIDE)),
        "core 1.csv": as_csv(bars(layouts.CORE_1)),
        "core 5.csv": as_csv(bars(layouts.CORE_5)),
        "monthly workforce.csv": as_csv(bars(layouts.MONTHLY)),
        "apprenticeships.csv": as_csv([layouts.DFE]),
        "residents by age mid-2020.csv": as_csv([layouts.RESIDENTS]),
        "residents by group.csv": as_csv(_CENSUS),
    }
    books = {
        "staff by nationality.xlsx": as_workbook({"Data": layouts.NATIONALITY}),
        "survey of organisations.xlsx": _survey(),
        "survey benchmark.xlsx": as_workbook(layouts.SURVEY_BENCHMARK),
        "collection, filled in.xlsx": _collection(),
    }
    return (
        *(Original(name, text.encode()) for name, text in tables.items()),
        Original("trusts.csv", ods(*_TRUSTS).encode(), named_columns=False),
        Original("staff extract.csv.gz", gzip.compress(staff_extract().encode(), mtime=0)),
        *(Original(name, timeless(book)) for name, book in books.items()),
    )


def staff_extract() -> str:
    """People over more than a year, with every kind of column; some come, some leave, one in two posts."""
    rows = []
    for step in range(STAFF_MONTHS):
        month = Month(2025, 2) + step
        for person in range(STAFF_PEOPLE):
            start = dt.date(2019, 5, 4) if person % 3 else dt.date(2025, 4, 7) + dt.timedelta(days=9 * person)
            left = dt.date(2025, 11, 20) if person == 5 else None
            if start > month.last_day or (left and left < month.first_day):
                continue
            rows.append(
                {
                    "period_end": month.last_day.isoformat(),
                    "person_number": f"P{person}",
                    "department": ("Medicine", "Surgery and day cases", "")[person % 3],
                    "band": ("Band 2", "Band 3", "Band 5")[person % 3],
                    "age": str(18 + 4 * person),
                    "start_date": start.isoformat(),
                    "leaving_date": left.isoformat() if left and left <= month.last_day else "",
                    "fte_days_lost": str(person % 2),
                    "highest_qualification_level": str(person % 5),
                    "care_certificate_date": "2025-07-01" if person % 2 and month >= Month(2025, 7) else "",
                    "ethnicity": ("White", "Asian", "Not stated", "")[person % 4],
                }
            )
    return staff(*rows)


def _survey() -> bytes:
    rows = [{**layouts.SURVEY_TRUST, "ods_code": code} for code in ("RAA", "RAB", "RAC")]
    return survey_workbook(rows, layouts.SURVEY_ORGANISATIONS, layouts.APPRAISALS)


def _collection() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder), asked_for("young-share", "sickness"))
        answers = {f"{column}{FIRST + row}": 57 + row for row in range(3) for column in "F"}
        answers |= {f"G{FIRST + row}": 1000 + row for row in range(3)}
        return fill(path, {"ESR": answers}).read_bytes()
