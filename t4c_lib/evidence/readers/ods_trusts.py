"""ODS trusts (etr.csv): every NHS trust of England and Wales, with the days on which it opened and closed.

The file has no column names: 27 cells in quotation marks, dates as 20241101, names in capitals. Beside the open trusts
it keeps those that closed in this financial year or the one before. Layout: NHS England, Organisation Data Service,
"Etrust.csv" file specification; the last three rows of a real file are the three trusts of Wales, which stand under
national grouping W00 and health geography Q99, codes that mean "Wales, none of England's".
"""

from __future__ import annotations

import numpy as np

from t4c_lib.errors import InputError
from t4c_lib.evidence.columns import ColumnChecks, row_keys
from t4c_lib.evidence.dates import Days, read_dates
from t4c_lib.evidence.frames import no_observations
from t4c_lib.evidence.names import readable_name
from t4c_lib.evidence.observation import OGL_ATTRIBUTION, Organisation
from t4c_lib.evidence.publication import Publication, Reading
from t4c_lib.evidence.table import Table

CODE, NAME, REGION, ICS, OPENED, CLOSED = "1", "2", "3", "4", "11", "12"
WALES = "W00"
NO_ENGLISH_ICS = "Q99"
TRUST, WELSH_TRUST = "NHS trust", "NHS trust (Wales)"
_CODE_PATTERN = r"[A-Z][A-Z0-9]{2}(?:[A-Z0-9]{2})?"


def read(table: Table) -> Reading:
    """Every row is an organisation; the file counts nothing, so there are no observations.

    Raises:
        InputError: blank or wrong codes, names, dates; a code twice; a trust that closed before it opened.
    """
    checks = ColumnChecks(table)
    checks.filled([CODE, NAME, REGION, OPENED])
    checks.matching(CODE, _CODE_PATTERN, "an ODS trust code (3 or 5 capital letters and figures)")
    checks.matching(REGION, r"[A-Z]\d{2}", "a national grouping such as Y56 or W00")
    dates = read_dates(checks, [OPENED, CLOSED], compact=True)
    opened, closed = dates[OPENED], dates[CLOSED]
    checks.where(closed < opened, CLOSED, lambda row: f"closed on {closed[row]}, before it opened on {opened[row]}.")
    checks.unique([row_keys(table.column(CODE), table.rows)], CODE, "the same trust code as in")
    if checks.problems:
        raise InputError(table.source, checks.problems)
    organisations = tuple(_organisation(table, row, opened, closed) for row in range(table.rows))
    still_open = sum(one.closed is None for one in organisations)
    welsh = sum(one.region == WALES and one.closed is None for one in organisations)
    note = f"{still_open} trusts with no closing date, {welsh} of them in Wales; {table.rows - still_open} closed"
    return Reading(organisations, no_observations(), (note,))


def _organisation(table: Table, row: int, opened: Days, closed: Days) -> Organisation:
    cells = {name: column.text_at(row) for name in (CODE, NAME, REGION, ICS) if (column := table.column(name))}
    return Organisation(
        code=cells[CODE],
        name=readable_name(cells[NAME]),
        type=WELSH_TRUST if cells[REGION] == WALES else TRUST,
        region=cells[REGION],
        ics="" if cells[ICS] == NO_ENGLISH_ICS else cells[ICS],
        opened=opened[row].item(),
        closed=None if np.isnat(closed[row]) else closed[row].item(),
        sector="NHS",
    )


PUBLICATION = Publication(
    key="ods-trusts",
    title="the ODS list of NHS trusts (etr.csv)",
    publisher="NHS England, Organisation Data Service",
    columns=(),
    required=(),
    version=1,
    attribution=OGL_ATTRIBUTION.format(publisher="NHS England, Organisation Data Service"),
    read=read,
    fields=27,
    first_row=((0, _CODE_PATTERN), (2, r"[A-Z]\d{2}"), (10, r"\d{8}")),
)
