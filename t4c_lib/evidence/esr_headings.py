"""What a staff list out of the Electronic Staff Record calls its columns, and the staff extract's column for each.

From the headings of ESR Business Intelligence's standard reports. Such a list is never read as it stands: its values
differ too (pay grades, days written as 31-MAR-26, 4712-12-31 for "no end"), so a person makes the staff extract of it.
"""

from __future__ import annotations

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
_NOT_NEEDED = "assignment category, assignment status, employee category, contract type, occupation code, first name"
ESR_HEADINGS: dict[str, str] = {
    heading: column for column, headings in _NAMES.items() for heading in headings.split(", ")
}
# Words that publications and lists of other kinds use too prove nothing.
_ALSO_ELSEWHERE = (
    "organisation, organisation code, org code, ods code, organisation name, trust, trust code, trust name, "
    "staff group, main staff group, role, grade, age, fte, wte, ward, department, destination, gender, sex, "
    "ethnic group, ethnicity, religion, start date, end date, fte days lost, fte days available, fte days sick"
)
_FEWEST, _FEWEST_SURE = 3, 2


def esr_advice(header: Sequence[str], row: str) -> list[Problem]:
    """How a staff list's headings become a staff extract's; nothing where a header is no staff list's.

    Args:
        header: the headings.
        row: where they stand, for the message.
    """
    called = {folded(name): name for name in header if name}
    known = [name for name in called if name in ESR_HEADINGS]
    telling = {*ESR_HEADINGS, *_NOT_NEEDED.split(", ")} - set(_ALSO_ELSEWHERE.split(", "))
    if len(known) < _FEWEST or sum(name in telling for name in called) < _FEWEST_SURE:
        return []
    own = {one.column for one in dictionary()} & {_as_column(name) for name in called}
    taken: dict[str, str] = {}
    for name in known:
        taken.setdefault(ESR_HEADINGS[name], called[name])
    absent = [one.column for one in dictionary() if one.is_required and one.column not in {*taken, *own}]
    if not {*taken, *own} & {"age", "birth_year"}:
        absent.append("age or birth_year")
    renamed = ", ".join(f"{name} is {column}" for column, name in taken.items())
    others = [name for heading, name in called.items() if heading not in known and _as_column(name) not in own]
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


def _as_column(name: str) -> str:
    return folded(name).replace(" ", "_")
