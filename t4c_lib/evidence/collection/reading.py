"""Reads a collection workbook that was filled in, and tells everything that is wrong by sheet and cell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from t4c_lib.errors import InputError, Problem
from t4c_lib.evidence.collection import layout
from t4c_lib.evidence.collection.asked import Collection
from t4c_lib.evidence.collection.recognising import header_row, is_like, read_front
from t4c_lib.evidence.collection.rows import Figure, Found, read_sheet
from t4c_lib.evidence.frames import observed, together
from t4c_lib.evidence.observation import Organisation, State
from t4c_lib.evidence.publication import Reading, WorkbookPublication
from t4c_lib.evidence.workbook import Sheet, Workbook, text_of

if TYPE_CHECKING:
    import pandas as pd

VERSION = 2
_MOST_REMARKS = 50
_MACROS = {"xl/vbaProject.bin", "xl/vbaProjectSignature.bin"}
_MACRO_FOLDERS = ("xl/macrosheets/", "xl/activeX/", "xl/embeddings/")


def read(book: Workbook) -> Reading:
    """Observations from the rows that were filled in.

    Of a row left empty nothing is recorded, and a note says so: an observation 'missing' would take the place of a
    figure that another file gave. Whoever means that chooses the state.

    Raises:
        InputError: with every problem of every sheet; see the tests for the gallery of what is refused.
    """
    _refuse_what_acts(book)
    front = read_front(book)
    found = Found()
    sheets = _match(book, front.asked, found)
    for title, rows in front.asked.sheets.items():
        sheet = sheets.get(title)
        if sheet is not None:
            read_sheet(sheet, front.asked, rows, found)
    _tell_twins(found)
    if found.problems:
        raise InputError(book.name, found.problems)
    asked = front.asked
    organisation = Organisation(asked.organisation, asked.name, demonstration=asked.demonstration)
    return Reading(
        organisations=(organisation,),
        observations=_observations(asked, found.figures),
        notes=(*_told(found), *_on_formulas(book)),
        extract_date=front.taken,
        rows=len(found.figures) + found.empty,
    )


def _refuse_what_acts(book: Workbook) -> None:
    """A workbook that could do something, or fetch something, when it is opened is not read."""
    refused = (
        (
            book.name.casefold().endswith(".xlsm") or bool(_MACROS & book.parts) or _has(book, *_MACRO_FOLDERS),
            "holds macros, or is saved as a workbook that may hold them.",
            "In Excel, save it as 'Excel Workbook (.xlsx)' and add that.",
        ),
        (
            "xl/connections.xml" in book.parts or _has(book, "xl/externalLinks/", "xl/queryTables/"),
            "is linked to other files or to a database.",
            "In Excel, break the links (Data, Edit Links), or paste values into a fresh template.",
        ),
    )
    problems = [Problem("", message, hint) for acts, message, hint in refused if acts]
    if problems:
        raise InputError(book.name, problems)


def _has(book: Workbook, *folders: str) -> bool:
    return any(part.startswith(folders) for part in book.parts)


def _on_formulas(book: Workbook) -> tuple[str, ...]:
    if not book.formulas:
        return ()
    cells = "a cell holds a formula" if book.formulas == 1 else f"{book.formulas:,} cells hold formulas"
    return (f"{cells}: what was stored beside it was read, and nothing was worked out.",)


def _match(book: Workbook, asked: Collection, found: Found) -> dict[str, Sheet]:
    """Which sheet holds the figures of which title. One that was renamed is known by its measures, and told."""
    sheets = {sheet.name: sheet for sheet in book.sheets if sheet.name in asked.sheets}
    others = [one for one in book.sheets if one.name not in sheets and header_row(one, layout.COLUMNS) is not None]
    for title, rows in asked.sheets.items():
        if title in sheets:
            continue
        wanted = {row.item.name for row in rows}
        renamed = next(
            (one for one in others if wanted & {text for row in one.cells for text in map(text_of, row)}), None
        )
        if renamed is None:
            found.wrong(f"sheet '{title}'", "is missing.", "Put it back, with nothing in its yellow cells if need be.")
            continue
        others.remove(renamed)
        sheets[title] = renamed
        found.wrong(f"sheet '{renamed.name}'", f"should be called '{title}'.", "Give the sheet its name back.")
    found.problems += [
        Problem(f"sheet '{one.name}'", "looks like a sheet of figures, but is none of this workbook's.", "Delete it.")
        for one in others
    ]
    return sheets


def _tell_twins(found: Found) -> None:
    """No two rows may speak of the same group in the same period."""
    first: dict[tuple[str, str, str, str], str] = {}
    for one in found.figures:
        item = one.row.item
        key = (item.series, item.population, one.breakdown.casefold(), str(one.row.period))
        earlier = first.setdefault(key, one.place)
        if earlier != one.place:
            found.wrong(one.place, f"the same group stands in {earlier} too.", "Empty one of the two rows.")


def _observations(asked: Collection, figures: list[Figure]) -> pd.DataFrame:
    return together(
        [
            observed(
                organisation=asked.organisation,
                series=[one.row.item.series for one in figures],
                population=[one.row.item.population for one in figures],
                breakdown=[one.breakdown for one in figures],
                period=[str(one.row.period) for one in figures],
                numerator=np.array([one.answer.numerator for one in figures], dtype=np.float64),
                denominator=np.array([one.answer.denominator for one in figures], dtype=np.float64),
                value=np.array([one.answer.value for one in figures], dtype=np.float64),
                state=[one.answer.state.value for one in figures],
                unit=[one.row.item.unit for one in figures],
            )
        ]
    )


def _told(found: Found) -> list[str]:
    counts = Counter(one.answer.state for one in found.figures)
    told = [f"{counts[state]:,} {state}" for state in State if counts[state]]
    notes = [f"Rows by state: {', '.join(told) or 'none filled in'}."]
    if found.empty:
        rows = "A row was" if found.empty == 1 else f"{found.empty:,} rows were"
        notes.append(f"{rows} left empty: missing. What other files say of them stays as it is.")
    notes += found.notes
    notes += [f"remark, {remark}" for remark in found.remarks[:_MOST_REMARKS]]
    if len(found.remarks) > _MOST_REMARKS:
        notes.append(f"and {len(found.remarks) - _MOST_REMARKS} more remarks.")
    return notes


PUBLICATION = WorkbookPublication(
    key="collection-workbook",
    title="a collection workbook",
    publisher="",
    layout=f"made by t4c evidence template; its first sheet begins '{layout.TITLE}'",
    version=VERSION,
    attribution="",
    is_like=is_like,
    read=read,
)
