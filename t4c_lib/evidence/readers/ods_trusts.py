"""ODS trusts (etr.csv): every NHS trust of England and Wales, with the days on which it opened and closed.

The file has no column names: 27 cells in quotation marks, dates as 20241101, names in capitals. Beside the open trusts
it keeps those that closed in this financial year or the one before. The three trusts of Wales stand under national
grouping W00 and health geography Q99, codes that mean "Wales, none of England's"; since December 2025 both are blank.
The list of trusts and their sites (etrust.csv) is read too, without the sites. Layout: see ods_lists.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.dates import Days, read_dates
from t4c_lib.evidence.frames import no_observations
from t4c_lib.evidence.observation import OGL_ATTRIBUTION, Organisation
from t4c_lib.evidence.ods_lists import is_site, is_trust
from t4c_lib.evidence.places import texts
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.table import Table

CODE, NAME, REGION, ICS, POSTCODE, OPENED, CLOSED = "1", "2", "3", "4", "10", "11", "12"
SITE_FIELDS = ("14", "15")  # filled for sites only
GOVERNMENT_OFFICE = "24"  # W for Wales
WALES = "W00"
NO_ENGLISH_ICS = "Q99"
TRUST, WELSH_TRUST = "NHS trust", "NHS trust (Wales)"
_CODE_PATTERN = r"[A-Z][A-Z0-9]{2}(?:[A-Z0-9]{2})?"
_WELSH_POSTCODE = re.compile(r"(CF|LD|LL|NP|SA)\d")
_STAY_CAPITALS = {"NHS", "ICB", "CIC", "UK", "II", "III"}
_STAY_SMALL = {"and", "of", "the", "for", "upon", "in", "on", "at", "with", "to", "under", "by"}
_WORD = re.compile(r"[A-Z]+(?:'[A-Z]+)*'?")


def read(table: Table) -> Reading:
    """Every row but those of sites is an organisation; the file counts nothing, so there are no observations.

    Raises:
        InputError: no code or name; wrong codes, regions, dates; a code twice; a trust that closed before it opened.
    """
    # Apostrophes in front made a spreadsheet keep codes and days as texts.
    table = replace(
        table, columns=tuple(replace(one, distinct=pc.utf8_ltrim(one.distinct, "'")) for one in table.columns)
    )
    checks = ColumnChecks(table)
    codes, names = texts(table, CODE), texts(table, NAME)
    trusts = {code for code, name in zip(codes, names, strict=True) if is_trust(code, name)}
    has_parent = np.any([texts(table, name) != "" for name in SITE_FIELDS], axis=0)
    sites = np.array([is_site(code, trusts) for code in codes], dtype=bool) | (has_parent & ~np.isin(codes, [*trusts]))
    checks.filled([CODE, NAME])
    wrong = np.array([code != "" and not re.fullmatch(_CODE_PATTERN, code) for code in codes], dtype=bool) & ~sites
    wanted = "is not an ODS trust code (3 or 5 capital letters and figures)."
    checks.where(wrong, CODE, lambda row: f"'{codes[row][:60]}' {wanted}")
    checks.matching(REGION, r"[A-Z]\d{2}", "a national grouping such as Y56 or W00")
    dates = read_dates(checks, [OPENED, CLOSED], compact=True)
    opened, closed = dates[OPENED], dates[CLOSED]
    checks.where(closed < opened, CLOSED, lambda row: f"closed on {closed[row]}, before it opened on {opened[row]}.")
    checks.unique([row_keys(table.column(CODE), table.rows)], CODE, "the same trust code as in")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    organisations = tuple(_organisation(table, int(row), opened, closed) for row in np.flatnonzero(~sites))
    still_open = sum(one.closed is None for one in organisations)
    welsh = sum(one.region == WALES and one.closed is None for one in organisations)
    notes = [f"{still_open} trusts with no closing date, {welsh} of them in Wales"]
    notes[0] += f"; {len(organisations) - still_open} closed"
    if without := [one.code for one in organisations if not one.region]:
        notes.append(f"the list gives no region for {', '.join(without[:5])}{' and others' if without[5:] else ''}")
    if sites.any():
        notes.append(f"{int(sites.sum()):,} sites of trusts are left out: they employ nobody of their own")
    return Reading(organisations, no_observations(), tuple(notes))


def _organisation(table: Table, row: int, opened: Days, closed: Days) -> Organisation:
    names = (CODE, NAME, REGION, ICS, POSTCODE, GOVERNMENT_OFFICE)
    cells = {name: "" if (column := table.column(name)) is None else column.text_at(row) for name in names}
    region = cells[REGION]
    if not region and (cells[GOVERNMENT_OFFICE] == "W" or _WELSH_POSTCODE.match(cells[POSTCODE])):
        region = WALES
    return Organisation(
        code=cells[CODE],
        name=readable_name(cells[NAME]),
        type=WELSH_TRUST if region == WALES else TRUST,
        region=region,
        ics="" if cells[ICS] == NO_ENGLISH_ICS else cells[ICS],
        opened=None if np.isnat(opened[row]) else opened[row].item(),
        closed=None if np.isnat(closed[row]) else closed[row].item(),
        sector="NHS",
    )


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


PUBLICATION = Publication(
    key="ods-trusts",
    title="the ODS list of NHS trusts (etr.csv)",
    publisher="NHS England, Organisation Data Service",
    columns=(),
    required=(),
    version=2,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, Organisation Data Service"),
    read=read,
)
