"""Lists of the Organisation Data Service: none has column names, and all share 27 fields, so they are told by codes.

A list is known by its rows: a code, a name, a region or nothing, a postcode, the day of opening. Copies that a
spreadsheet saved again lack the empty columns at the end, or have another delimiter, or a row of names on top. Field
list: NHS England, Organisation Data Service, "Etrust.csv" file specification.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.files import TextFile
from t4c_lib.evidence.successions import OLD_TRUST_CODE
from t4c_lib.evidence.table import DELIMITERS, first_records

WANTED = "Wanted is the list of NHS trusts, etr.csv: https://www.odsdatasearchandexport.nhs.uk/api/getReport?report=etr"
_MOST_ABOVE = 5  # rows of titles and names that somebody may have put on top
_MOST_LOOKED_AT = 5_000
_FEWEST_CELLS = 11  # up to the day of opening
_CODE = re.compile(r"'?[A-Z0-9]{3,12}")
_REGION = re.compile(r"'?(?:[A-Z]\d{2})?")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}", re.IGNORECASE)
_DAY = re.compile(r"'?(?:\d{8}(?:\.0)?|\d{1,4}[/-](?:\d{1,2}|[A-Za-z]{3,9})[/-]\d{2,4})")
_NAMED_TRUST = re.compile(r"[A-PR-XZ][A-Z0-9]{2}|[A-Z]\d[A-Z]\d[A-Z]")
# Looked for in this order; a list is of the first kind that most of its codes are of.
_OTHER_KINDS: tuple[tuple[str, str], ...] = (
    (r"[RT][A-Z0-9]{4,6}", "sites of NHS trusts (ets.csv)"),
    (r"[A-HJ-NPWYVS]\d{5}", "GP practices (epraccur.csv)"),
    (r"[A-Z]\d{8}", "branches of GP practices (ebranchs.csv)"),
    (r"Q[A-Z0-9]{2}", "integrated care boards"),
    (r"\d{2}[A-Z]", "clinical commissioning groups and the areas within integrated care boards (eccg.csv)"),
    (r"F[A-Z0-9]{4}", "pharmacies (edispensary.csv)"),
    (r"V[A-Z0-9]{4,5}", "care homes or dental practices"),
    (r"[GCD]\d{7}|[A-Z]\d{6}", "people who prescribe (GPs or nurses)"),
)


def ods_trust_list(text: TextFile) -> tuple[str, int, int] | None:
    """Delimiter, cells in a row and rows on top of a list of trusts; None where the file is no ODS list of any kind.

    Raises InputError where it is one of other organisations.
    """
    for delimiter in DELIMITERS:
        records = first_records(text, delimiter, _MOST_LOOKED_AT)
        top = next((at for at, record in enumerate(records[: _MOST_ABOVE + 1]) if _is_like_a_row(record)), None)
        if top is None or not any(is_row(record) for record in records[top:]):
            continue
        rows = [(record[0].lstrip("'"), record[1]) for record in records[top:] if len(record) > 1 and record[0]]
        trusts = {code for code, name in rows if is_trust(code, name)}
        others = [code for code, _ in rows if code not in trusts and not is_site(code, trusts)]
        if not trusts or len(trusts) < len(others):
            raise InputError(text.name, [_another_kind(others)])
        return delimiter, len(records[top]), top
    return None


def is_trust(code: str, name: str) -> bool:
    """Whether a row is of a trust: R or T and two more, as all old codes are, or called a trust."""
    is_called_one = "TRUST" in name.upper() and _NAMED_TRUST.fullmatch(code)
    return bool(re.fullmatch(OLD_TRUST_CODE, code) or is_called_one)


def is_site(code: str, trusts: Collection[str]) -> bool:
    """Whether a code is that of a trust's site: it begins with the trust's own."""
    return any(code[:length] in trusts for length in (3, 5) if len(code) > length)


def _is_like_a_row(record: list[str]) -> bool:
    """Whether a record may be a row with something wrong in it, and is no title and no row of names."""
    if len(record) < _FEWEST_CELLS:
        return False
    is_placed = _POSTCODE.fullmatch(record[9]) or _DAY.fullmatch(record[10])
    return bool(is_placed or re.fullmatch(OLD_TRUST_CODE, record[0].lstrip("'")))


def is_row(record: Sequence[str]) -> bool:
    """Whether a record is without doubt a row of such a list."""
    if len(record) < _FEWEST_CELLS or not (_POSTCODE.fullmatch(record[9]) or _DAY.fullmatch(record[10])):
        return False
    return bool(_CODE.fullmatch(record[0]) and re.search("[A-Za-z]", record[1]) and _REGION.fullmatch(record[2]))


def _another_kind(codes: list[str]) -> Problem:
    kinds = ((sum(bool(re.fullmatch(pattern, code)) for code in codes), kind) for pattern, kind in _OTHER_KINDS)
    kind = next((kind for count, kind in kinds if 2 * count > len(codes)), "other organisations")
    shown = ", ".join(dict.fromkeys(codes[:3]))
    return Problem("", f"is an ODS list of another kind: {shown} are codes of {kind}, not of NHS trusts.", WANTED)
