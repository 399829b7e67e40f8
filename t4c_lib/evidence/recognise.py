"""Which publication a file is: by its column names, or the shape of its first rows, never by its name."""

from __future__ import annotations

from dataclasses import dataclass

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.collection import reading as collection
from t4c_lib.evidence.esr_headings import esr_advice
from t4c_lib.evidence.files import TextFile
from t4c_lib.evidence.publication import Publication, WorkbookPublication
from t4c_lib.evidence.readers import (
    apprenticeship_target,
    ods_trusts,
    population,
    sickness,
    staff_extract,
    staff_survey,
    turnover,
    workforce,
)
from t4c_lib.evidence.readers.ods_trusts import WANTED, is_row, ods_trust_list
from t4c_lib.evidence.table import DELIMITERS, first_records, folded
from t4c_lib.evidence.workbook import Workbook

KNOWN: tuple[Publication, ...] = (
    ods_trusts.PUBLICATION,
    *sickness.PUBLICATIONS,
    *turnover.PUBLICATIONS,
    *workforce.PUBLICATIONS,
    apprenticeship_target.PUBLICATION,
    *population.PUBLICATIONS,
    staff_extract.PUBLICATION,
)
KNOWN_WORKBOOKS: tuple[WorkbookPublication, ...] = (
    collection.PUBLICATION,
    workforce.NATIONALITY,
    *staff_survey.PUBLICATIONS,
)
# A file with half of a publication's required columns is that publication with mistakes; with fewer, it is another.
_ENOUGH = 0.5
_MOST_LINES_ABOVE = 20
# With fewer of its own column names known, a file is compared with no publication: all that could be said is "delete".
_FEWEST_KNOWN = 3
_READ_HERE = (
    "Read are the ODS list of NHS trusts (etr.csv), NHS sickness absence, turnover and workforce statistics, the NHS "
    "Staff Survey, apprenticeships in the public sector, residents by age or ethnic group, staff extracts, collection "
    "workbooks. Columns: docs/reference/publications.md; of a staff extract: data/dictionary.csv."
)


@dataclass(frozen=True)
class Recognised:
    """The publication that a file is, and how it is laid out."""

    publication: Publication
    delimiter: str
    fields: int | None = None  # cells in a row of a file without column names
    above: int = 0  # rows on top of such a file that are none of it


def recognise(text: TextFile) -> Recognised:
    """The publication, by content.

    Raises:
        InputError: none that is known; says how the nearest differs where one is near, else which are read.
    """
    candidates = [
        (publication.likeness(header), _closeness(publication, header), len(header), Recognised(publication, delimiter))
        for delimiter in DELIMITERS
        for header in first_records(text, delimiter)
        for publication in KNOWN
    ]
    enough = [candidate for candidate in candidates if candidate[0] >= _ENOUGH]
    best = max(enough or candidates, key=lambda candidate: candidate[1:3])
    if enough:
        return best[3]
    if layout := ods_trust_list(text):
        return Recognised(ods_trusts.PUBLICATION, *layout)
    raise InputError(text.name, _unknown(text, best[3].delimiter))


def recognise_workbook(book: Workbook) -> WorkbookPublication:
    """The publication that an Excel workbook is, by the first rows of its sheets.

    Raises:
        InputError: none that is known; says which sheet to save as CSV where one is known as such, else what is read.
    """
    for publication in KNOWN_WORKBOOKS:
        if publication.is_like(book):
            return publication
    for sheet, number, row in book.heads:
        place = f"sheet '{sheet.name}', row {number}"
        if advice := esr_advice(row, place):
            raise InputError(book.name, [*advice, Problem("", _SAVE_SHEET)])
        if table := next((one for one in KNOWN if one.likeness(row) >= _ENOUGH), None):
            raise InputError(book.name, [Problem(place, f"has the column names of {table.title}.", _SAVE_SHEET)])
        if is_row(row):
            raise InputError(book.name, [Problem(place, "is like the rows of an ODS list.", f"{_SAVE_SHEET} {WANTED}")])
    sheets = ", ".join(f"'{sheet.name}'" for sheet in book.sheets)[:120]
    problem = Problem("", f"its sheets, {sheets}, are those of no workbook known here.", _SAVE_SHEET)
    raise InputError(book.name, [problem, Problem("", _READ_HERE)])


_SAVE_SHEET = "If one sheet is a table that is read, save it as 'CSV UTF-8' and add that."


def _closeness(publication: Publication, header: list[str]) -> float:
    """How alike a header and a publication are: names in both, out of those it needs and those it doesn't know.

    Some layouts are parts of others, so that a file with all of one's columns may still be the other.
    """
    needed = max(1, len(publication.required))
    return publication.likeness(header) * needed / (needed + publication.strangers(header))


def _unknown(text: TextFile, delimiter: str) -> list[Problem]:
    top = first_records(text, delimiter, _MOST_LINES_ABOVE)
    header = top[0]
    for number, record in enumerate(top, 1):
        if advice := esr_advice(record, f"row {number}"):
            return advice
    start = ", ".join(header)[:120]
    problem = Problem("row 1", f"begins '{start}', which is no publication known here.", _hint(text))
    own = [sum(folded(name) in publication.known for name in header) for publication in KNOWN]
    nearest = KNOWN[own.index(max(own))]
    if max(own) >= _FEWEST_KNOWN and 2 * max(own) >= sum(map(bool, header)):
        near = Problem("", f"The nearest is {nearest.title}; from it this file differs as follows.")
        return [problem, near, *nearest.header_problems(header)]
    return [problem, Problem("", _READ_HERE)]


def _hint(text: TextFile) -> str:
    """What to do with a plan, or where the column names stand further down, below a title."""
    if text.name.casefold().endswith((".yaml", ".yml")):
        return "It seems to be a plan: t4c plan import FILE."
    for delimiter in DELIMITERS:
        for row, record in enumerate(first_records(text, delimiter, _MOST_LINES_ABOVE), 1):
            for publication in KNOWN:
                if row > 1 and publication.likeness(record) >= _ENOUGH:
                    return f"Row {row} holds the column names of {publication.title}: delete the rows above it."
    return ""
