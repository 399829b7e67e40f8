"""Which publication a file is: by its column names, or the shape of its first rows, never by its name."""

from __future__ import annotations

from dataclasses import dataclass

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.collection import reading as collection
from t4c_lib.evidence.files import TextFile
from t4c_lib.evidence.publication import Publication, WorkbookPublication
from t4c_lib.evidence.readers import (
    apprenticeship_target,
    ethnicity_by_area,
    ods_trusts,
    population_by_age,
    sickness_2009_2022,
    sickness_benchmarking,
    sickness_by_organisation,
    sickness_by_reason,
    staff_by_nationality,
    staff_extract,
    staff_survey_benchmark,
    staff_survey_national,
    staff_survey_organisations,
    turnover_by_age,
    turnover_by_organisation,
    turnover_wide,
    workforce_core_1,
    workforce_core_5,
    workforce_monthly,
)
from t4c_lib.evidence.table import DELIMITERS, first_records
from t4c_lib.evidence.workbook import Workbook

KNOWN: tuple[Publication, ...] = (
    ods_trusts.PUBLICATION,
    sickness_by_organisation.PUBLICATION,
    sickness_2009_2022.PUBLICATION,
    sickness_benchmarking.PUBLICATION,
    sickness_benchmarking.PUBLICATION_2021,
    sickness_by_reason.PUBLICATION,
    turnover_by_age.PUBLICATION,
    turnover_by_organisation.PUBLICATION,
    turnover_wide.PUBLICATION,
    workforce_core_1.PUBLICATION,
    workforce_core_5.PUBLICATION,
    workforce_monthly.PUBLICATION,
    apprenticeship_target.PUBLICATION,
    population_by_age.PUBLICATION,
    ethnicity_by_area.PUBLICATION,
    staff_extract.PUBLICATION,
)
KNOWN_WORKBOOKS: tuple[WorkbookPublication, ...] = (
    collection.PUBLICATION,
    staff_by_nationality.PUBLICATION,
    staff_survey_organisations.PUBLICATION,
    staff_survey_national.PUBLICATION,
    staff_survey_benchmark.PUBLICATION,
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
    raise InputError(text.name, _unknown(text, best[3].delimiter, best[0], best[3].publication))


def recognise_workbook(book: Workbook) -> WorkbookPublication:
    """The publication that an Excel workbook is, by the first rows of its sheets.

    Raises:
        InputError: none that is known; says which are, and how they are told.
    """
    for publication in KNOWN_WORKBOOKS:
        if publication.is_like(book):
            return publication
    sheets = ", ".join(f"'{sheet.name}'" for sheet in book.sheets)[:120]
    known = "; ".join(f"{publication.title} ({publication.layout})" for publication in KNOWN_WORKBOOKS)
    message = f"its sheets, {sheets}, are those of no workbook known here. Known are: {known}."
    raise InputError(book.name, [Problem("", message, "If one sheet is a table, save it as 'CSV UTF-8' and add that.")])


def _closeness(publication: Publication, header: list[str]) -> float:
    """How alike a header and a publication are: names in both, out of those it needs and those it doesn't know.

    Some layouts are parts of others, so that a file with all of one's columns may still be the other.
    """
    needed = max(1, len(publication.required))
    return publication.likeness(header) * needed / (needed + publication.strangers(header))


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
