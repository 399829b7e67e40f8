"""The ODS list of NHS trusts (etr.csv), of which ods_trusts.yaml says what is known.

Lists of the Organisation Data Service have no column names, and all share 27 fields, so they are told by codes. A list
is known by its rows: a code, a name, a region or nothing, a postcode, the day of opening. Copies that a spreadsheet
saved again lack the empty columns at the end, or have another delimiter, or a row of names on top.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from t4c_lib.errors import InputError, Problem, refuse
from t4c_lib.evidence.column_checks import ColumnChecks, Days, read_dates
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.files import DELIMITERS, TextFile, first_records
from t4c_lib.evidence.observation_frames import no_observations
from t4c_lib.evidence.observations import ANY_TRUST, OLD_TRUST_CODE, Organisation
from t4c_lib.evidence.slips import said, slips
from t4c_lib.evidence.table_layout import FileContents
from t4c_lib.html_templates import text_from

WANTED = "Use the list of NHS trusts, etr.csv: https://www.odsdatasearchandexport.nhs.uk/api/getReport?report=etr"
_MOST_ABOVE = 5  # rows of titles and names that somebody may have put on top
_MOST_LOOKED_AT = 5_000
_FEWEST_CELLS = 11  # up to the day of opening
_CODE = re.compile(r"'?[A-Z0-9]{3,12}")
_REGION = re.compile(r"'?(?:[A-Z]\d{2})?")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}", re.IGNORECASE)
_DAY = re.compile(r"'?(?:\d{8}(?:\.0)?|\d{1,4}[/-](?:\d{1,2}|[A-Za-z]{3,9})[/-]\d{2,4})")
_NAMED_TRUST = re.compile(r"[A-PR-XZ][A-Z0-9]{2}|[A-Z]\d[A-Z]\d[A-Z]")


def ods_trust_list(text: TextFile) -> tuple[str, int, int] | None:
    """Delimiter, cells in a row, rows on top of a trust list; None for no ODS list. Raises InputError: another one."""
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
    return bool(re.fullmatch(OLD_TRUST_CODE, code) or ("TRUST" in name.upper() and _NAMED_TRUST.fullmatch(code)))


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
    counts = ((sum(bool(re.fullmatch(kind.pattern, code)) for code in codes), kind) for kind in slips("ODS list"))
    kind = next((kind.what for count, kind in counts if 2 * count > len(codes)), "other organisations")
    shown = ", ".join(dict.fromkeys(codes[:3]))
    return Problem("", f"is an ODS list of another kind: {shown} are codes of {kind}, not of NHS trusts.", WANTED)


CODE, NAME, REGION, ICS, POSTCODE, OPENED, CLOSED = "1", "2", "3", "4", "10", "11", "12"
SITE_FIELDS = ("14", "15")  # filled for sites only
GOVERNMENT_OFFICE = "24"  # W for Wales
WALES = "W00"
NO_ENGLISH_ICS = "Q99"
WELSH_TRUST = "NHS trust (Wales)"
_CODE_PATTERN = r"[A-Z][A-Z0-9]{2}(?:[A-Z0-9]{2})?"
_WELSH_POSTCODE = re.compile(r"(CF|LD|LL|NP|SA)\d")
_STAY_CAPITALS = {"NHS", "ICB", "CIC", "UK", "II", "III"}
_STAY_SMALL = {"and", "of", "the", "for", "upon", "in", "on", "at", "with", "to", "under", "by"}
_WORD = re.compile(r"[A-Z]+(?:'[A-Z]+)*'?")


def read(table: DataTable) -> FileContents:
    """Every row but those of sites is an organisation; the file counts nothing, so there are no observations.

    Raises InputError: no code or name; wrong codes, regions, dates; a code twice; a trust that closed before it opened.
    """
    # Apostrophes in front made a spreadsheet keep codes and days as texts.
    columns = tuple(replace(one, distinct=pc.utf8_ltrim(one.distinct, "'")) for one in table.columns)
    table = table._replace(columns=columns)
    checks = ColumnChecks(table)
    codes, names = table.texts(CODE), table.texts(NAME)
    trusts = {code for code, name in zip(codes, names, strict=True) if is_trust(code, name)}
    has_parent = np.any([table.texts(name) != "" for name in SITE_FIELDS], axis=0)
    sites = np.array([is_site(code, trusts) for code in codes], dtype=bool) | (has_parent & ~np.isin(codes, [*trusts]))
    checks.filled([CODE, NAME])
    wrong = np.array([code != "" and not re.fullmatch(_CODE_PATTERN, code) for code in codes], dtype=bool) & ~sites
    checks.where(wrong, CODE, *said("no code of a trust"), code=codes)
    checks.matching(REGION, r"[A-Z]\d{2}", "a national grouping such as Y56 or W00")
    dates = read_dates(checks, [OPENED, CLOSED], compact=True)
    opened, closed = dates[OPENED], dates[CLOSED]
    checks.where(closed < opened, CLOSED, *said("closed before it opened"), closed=closed, opened=opened)
    checks.unique_rows([CODE], CODE, "the same trust code as in")
    refuse(table.source, checks.problems)
    organisations = tuple(_organisation(table, int(row), opened, closed) for row in np.flatnonzero(~sites))
    still_open = [one for one in organisations if one.closed is None]
    shown = {"open": still_open, "closed": len(organisations) - len(still_open), "sites": int(sites.sum())}
    shown |= {"without": [one.code for one in organisations if not one.region], "wales": WALES}
    notes = text_from("evidence/publications/ods_trusts.txt.j2", **shown)
    return FileContents(organisations, no_observations(), tuple(notes.splitlines()))


def _organisation(table: DataTable, row: int, opened: Days, closed: Days) -> Organisation:
    cells = {name: table.column(name).text_at(row) for name in (CODE, NAME, REGION, ICS, POSTCODE, GOVERNMENT_OFFICE)}
    region = cells[REGION]
    if not region and (cells[GOVERNMENT_OFFICE] == "W" or _WELSH_POSTCODE.match(cells[POSTCODE])):
        region = WALES
    kind, ics = WELSH_TRUST if region == WALES else ANY_TRUST, "" if cells[ICS] == NO_ENGLISH_ICS else cells[ICS]
    first, last = (None if np.isnat(days[row]) else days[row].item() for days in (opened, closed))
    return Organisation(cells[CODE], readable_name(cells[NAME]), kind, region, ics, first, last, sector="NHS")


def readable_name(name: str) -> str:
    """A name in title case if it is all capitals; a name with any small letter in it is left as it is.

    Small words stay small except at the very start; NHS and the like stay capitals; "GUY'S" becomes "Guy's" and
    "O'BRIEN" becomes "O'Brien". A name whose own capitals lie elsewhere (NAViGO) can't be known from capitals alone.
    """
    tidy = " ".join(name.split())
    if tidy != tidy.upper():
        return tidy
    return _WORD.sub(lambda match: _readable_word(match[0], is_first=match.start() == 0), tidy)


def _readable_word(word: str, *, is_first: bool) -> str:
    if word in _STAY_CAPITALS:
        return word
    small = word.lower()
    if small in _STAY_SMALL and not is_first:
        return small
    parts = small.split("'")
    if len(parts) > 1 and len(parts[0]) == 1 and len(parts[1]) > 1:  # O'Brien, D'Arcy
        parts[1] = parts[1].capitalize()
    return "'".join([parts[0].capitalize(), *parts[1:]])
