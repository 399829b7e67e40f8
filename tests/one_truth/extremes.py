"""Two organisations at the edge: one person alone, and forty people without support staff. Both have a plan."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from t4c_lib.evidence import read_files
from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.store import Store

MONTHS = [Month(2023, 4) + step for step in range(36)]
ALONE, REGISTERED = "TEST-ONE", "TEST-REG"
NAMES = {ALONE: "One Person Care (test)", REGISTERED: "Registered Professionals (test)"}
ROWS = {
    ALONE: {
        "staff_group": "Direct care",
        "job_role": "Care Worker",
        "band": "Equivalent 2",
        "sector": "adult social care",
        "highest_qualification_level": "2",
        "care_certificate_date": "2022-06-30",
    },
    REGISTERED: {
        "staff_group": "Nursing and Midwifery Registered",
        "job_role": "Staff Nurse",
        "band": "Band 5",
        "sector": "NHS",
        "role_registered": "Yes",
        "highest_qualification_level": "6",
    },
}
X = {ALONE: 0.5, REGISTERED: 0.05}
PLAN = """
organisation: {{code: {code}, name: {name}}}
plan:
  years: [2026/27]
  actions:
    - {{action: profile-young-workforce, post: Manager, due: 2026-07, status: under way}}
  measures:
    - measure: young-share
      population: trust workforce
      baseline: {{numerator: {young}, denominator: {people}, period: 2025-03}}
      change: {{kind: points, amount: {x}}}
      due: 2028-03
      post: Manager
    - {{measure: turnover, population: support staff}}
    - {{measure: attainment, population: support staff}}
    - {{measure: sickness, population: support staff}}
    - {{measure: certificate-in-12-weeks, population: clinical support starters}}
    - measure: apprenticeship-starts
      population: trust workforce
      baseline: {{value: 0, period: 2025-03}}
      change: {{kind: count, amount: 2}}
      due: 2027-03
      post: Manager
    - {{measure: support-to-registered, population: support staff}}
    - {{measure: support-qualifications, population: support staff}}
"""


def _people(code: str) -> Iterator[tuple[int, int, int]]:
    """Number, month of birth (months since year 0) and month of joining of each; joiners come through the years."""
    if code == ALONE:
        yield 1, 12 * 1995 + 5, 12 * 2022 + 2
        return
    for number in range(1, 41):
        joined = 12 * 2020 + 1 if number <= 28 else 12 * 2023 + 3 + 3 * (number - 28)
        yield number, 12 * (1965 + number) if number <= 35 else 12 * 2001 + number, joined


def _rows(code: str) -> Iterator[dict[str, str]]:
    for month in MONTHS:
        now = 12 * month.year + month.month - 1
        for number, born, joined in _people(code):
            leaves = joined + 20 if code == REGISTERED and number % 7 == 0 and number > 28 else 10**6
            if not joined <= now <= leaves:
                continue
            started = Month(joined // 12, joined % 12 + 1)
            days = month.last_day.day
            yield {
                "period_end": month.last_day.isoformat(),
                "organisation_code": code,
                "organisation_name": NAMES[code],
                "person_number": f"P{number}",
                "age": str((now - born) // 12),
                "contracted_fte": "1",
                "start_date": started.first_day.isoformat(),
                "leaving_date": month.last_day.isoformat() if now == leaves else "",
                "fte_days_lost": str((now + number) % 4),
                "fte_days_available": str(days),
                "sex": "Female" if number % 3 else "Male",
                "ethnicity": "White" if number % 4 else "Asian",
                **ROWS[code],
            }


def add_extremes(store: Store, folder: Path) -> None:
    """Read their extracts, made in a folder, into a store, and save their plans."""
    files = []
    for code in ROWS:
        rows = list(_rows(code))
        file = folder / f"{code}_staff.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        files.append(file)
    store.add_evidence(read_files(files))
    for code, name in NAMES.items():
        people = [one for one in _rows(code) if one["period_end"] == "2025-03-31" and one["leaving_date"] == ""]
        young = sum(int(one["age"]) < 25 for one in people)
        text = PLAN.format(code=code, name=name, young=young, people=len(people), x=X[code])
        plan = Plan.from_yaml(text, f"{code}.yaml")
        store.save_plan(plan, by="Test", side="both", note="an organisation at the edge")
