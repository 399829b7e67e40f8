"""Which publication a file is: by its column names, or by the shape of its first row, never by its name."""

from __future__ import annotations

from dataclasses import dataclass

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.files import TextFile
from t4c_lib.evidence.publication import Publication
from t4c_lib.evidence.readers import ods_trusts, sickness_by_organisation, staff_extract
from t4c_lib.evidence.table import DELIMITERS, first_records

KNOWN: tuple[Publication, ...] = (
    ods_trusts.PUBLICATION,
    sickness_by_organisation.PUBLICATION,
    staff_extract.PUBLICATION,
)
# A file with half of a publication's required columns is that publication with mistakes; with fewer, it is another.
_ENOUGH = 0.5
_MOST_LINES_ABOVE = 20


@dataclass(frozen=True)
class Recognised:
    """The publication that a file is, and what stands between two of its cells."""

    publication: Publication
    delimiter: str


def recognise(text: TextFile) -> Recognised:
    """The publication, by content.

    Raises:
        InputError: none that is known; says which are, and how the nearest differs.
    """
    best = max(
        (
            (publication.likeness(header), len(header), Recognised(publication, delimiter))
            for delimiter in DELIMITERS
            for header in first_records(text, delimiter)
            for publication in KNOWN
        ),
        key=lambda candidate: candidate[:2],
    )
    if best[0] >= _ENOUGH:
        return best[2]
    raise InputError(text.name, _unknown(text, best[2].delimiter, best[0], best[2].publication))


def _unknown(text: TextFile, delimiter: str, likeness: float, nearest: Publication) -> list[Problem]:
    header = first_records(text, delimiter)[0]
    start = ", ".join(header)[:120]
    known = "; ".join(publication.title for publication in KNOWN)
    problems = [
        Problem("row 1", f"begins '{start}', which is no publication known here. Known are: {known}.", _above(text))
    ]
    if likeness > 0:
        problems.append(Problem("", f"The nearest is {nearest.title}; from it this file differs as follows."))
        problems += nearest.header_problems(header)
    return problems


def _above(text: TextFile) -> str:
    """A hint if the column names stand further down, below a title."""
    for delimiter in DELIMITERS:
        for row, record in enumerate(first_records(text, delimiter, _MOST_LINES_ABOVE), 1):
            for publication in KNOWN:
                if row > 1 and publication.likeness(record) >= _ENOUGH:
                    return f"Row {row} holds the column names of {publication.title}: delete the rows above it."
    return ""
