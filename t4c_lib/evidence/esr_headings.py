"""What a staff list out of the Electronic Staff Record calls its columns, and the staff extract's column for each.

From the headings of ESR Business Intelligence's standard reports. Such a list is never read as it stands: its values
differ too (pay grades, days written as 31-MAR-26, 4712-12-31 for "no end"), so a person makes the staff extract of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from t4c_lib.errors import Problem
from t4c_lib.evidence.dictionary import dictionary
from t4c_lib.evidence.table import folded

_NAMES: dict[str, str] = {
    "period_end": "effective date, extract date, as at date, reporting date, snapshot date, month end, period end date",
    "organisation_code": "organisation, organisation code, org code, ods code, trust code, vpd, vpd code",
    "organisation_name": "organisation name, employer, employer name, trust, trust name",
    "person_number": "employee number, employee no, employee no., person number, unique id, staff number",
    "assignment": "assignment number, assignment no, assignment no.",
    "department": "org l3, org l4, org l5, org l6, org l7, org l8, directorate, cost centre, ward, department",
    "staff_group": "staff group, staff grp, main staff group",
    "job_role": "role, job role, position title, position name, job title, area of work",
    "role_registered": "registration body, professional registration, registration number",
    "band": "pay grade, pay band, grade, grade name, pay scale, payscale, afc band, pay scale description",
    "age": "age, age in years, age at effective date",
    "birth_year": "date of birth, dob, birth date, year of birth",
    "contracted_fte": "fte, wte, actual fte, contracted fte, contracted wte, assignment fte, fte actual",
    "start_date": "latest start date, latest hire date, hire date, start date, date of joining",
    "leaving_date": "termination date, actual termination date, leaving date, date of leaving, end date",
    "leaving_destination": "destination on leaving, leaving destination, destination",
    "fte_days_lost": "fte days lost, absence fte days lost, fte days sick, absence fte",
    "fte_days_available": "fte days available, available fte, fte available",
    "sex": "gender, sex",
    "ethnicity": "ethnic origin, ethnic group, ethnicity",
    "religion_or_belief": "religious belief, religion",
    "marriage_and_civil_partnership": "marital status",
}
ESR_HEADINGS: dict[str, str] = {
    heading: column for column, headings in _NAMES.items() for heading in headings.split(", ")
}
# Of which no publication uses any; two of them prove that a list is one of staff.
_TELLING = re.compile(
    r"(employee|assignment|person|staff) (number|no\.?)|assignment( category| status)?|effective date|org l\d|unique id"
    r"|(position|job) (title|name|role)|occupation code|cost centre|pay ?(grade|band|scale).*|afc band|date of birth"
    r"|(latest )?(start|hire) date|(actual )?termination date|leaving date|destination on leaving|ethnic origin"
)


def esr_advice(header: Sequence[str], row: str) -> list[Problem]:
    """How a staff list's headings, which stand in `row`, become a staff extract's; nothing for any other header."""
    called = {folded(name): name for name in header if name}
    taken: dict[str, str] = {}
    for heading, name in called.items():
        if heading in ESR_HEADINGS:
            taken.setdefault(ESR_HEADINGS[heading], name)
    if len(taken) < 3 or sum(map(bool, map(_TELLING.fullmatch, called))) < 2:
        return []
    absent = [one.column for one in dictionary() if one.is_required and one.column not in taken]
    absent += [] if taken.keys() & {"age", "birth_year"} else ["age or birth_year"]
    renamed = ", ".join(f"{name} is {column}" for column, name in taken.items())
    others = [name for heading, name in called.items() if heading not in ESR_HEADINGS]
    rest = f" Missing: {', '.join(absent)}." if absent else ""
    rest += f" Leave out: {', '.join(others[:8])}{' and others' if others[8:] else ''}." if others else ""
    return [
        Problem(
            row,
            "has headings of a staff list out of ESR. It is read as a staff extract, whose columns are defined in "
            "data/dictionary.csv and explained in docs/reference/staff-extract.md.",
        ),
        Problem("", f"In the staff extract {renamed}.{rest}"),
    ]
