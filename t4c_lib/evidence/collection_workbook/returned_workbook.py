"""Reads a collection workbook that was filled in, and tells everything that is wrong by sheet and cell.

Its first two sheets say what it asks, and the digest says whether they still do.
"""

import datetime as dt
import re
from collections import Counter
from typing import Any

import pandas as pd

from t4c_lib.errors import InputError, Problem, did_you_mean, refuse
from t4c_lib.evidence.collection_workbook import sheet_layout as layout
from t4c_lib.evidence.collection_workbook.figure_rows import FilledRow, Found, read_sheet
from t4c_lib.evidence.collection_workbook.request import READ_ME, TEMPLATE_VERSION, WHAT_TO_COUNT, Collection, Item
from t4c_lib.evidence.column_checks import parse_date
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observation_frames import TYPES, together
from t4c_lib.evidence.observations import Organisation, State
from t4c_lib.evidence.publication import WorkbookPublication
from t4c_lib.evidence.slips import said, slips
from t4c_lib.evidence.table_layout import FileContents
from t4c_lib.evidence.xlsx_workbook import Sheet, Workbook, text_of
from t4c_lib.framework import MeasureKind, catalogue, series
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Period, PeriodError, parse_period, periods_between

VERSION = 2
_MOST_REMARKS = 50


def read(book: Workbook, _: object = None) -> FileContents:
    """Observations from the rows that were filled in.

    Of a row left empty nothing is recorded, and a note says so: an observation 'missing' would take the place of a
    figure that another file gave. Whoever means that chooses the state. Raises InputError: with every problem of every
    sheet; see the tests for the gallery of what is refused.
    """
    # A workbook that could do something, or fetch something, when it is opened is not read.
    names = (book.name, *book.parts)
    acting = (one for one in slips("acting workbook") if any(re.match(one.pattern, name) for name in names))
    refuse(book.name, [Problem("", one.what, one.hint) for one in acting])
    asked, taken = read_front(book)
    found = Found()
    sheets = _match(book, asked, found)
    for title, rows in asked.sheets.items():
        if title in sheets:
            read_sheet(sheets[title], asked, rows, found)
    _tell_twins(found)
    refuse(book.name, found.problems)
    organisation = Organisation(asked.organisation, asked.name, demonstration=asked.demonstration)
    figures = pd.DataFrame(found.figures, columns=FilledRow._fields).assign(organisation=asked.organisation)
    observations, notes = together([figures[[*TYPES]].astype(TYPES)]), tuple(_told(found, book.formulas))
    return FileContents((organisation,), observations, notes, taken, rows=len(found.figures) + found.empty)


def _match(book: Workbook, asked: Collection, found: Found) -> dict[str, Sheet]:
    """Which sheet holds the figures of which title. One that was renamed is known by its measures, and told."""
    sheets = {sheet.name: sheet for sheet in book.sheets if sheet.name in asked.sheets}
    unknown = [one for one in book.sheets if one.name not in sheets]
    others = [one for one in unknown if layout.header_row(one, layout.COLUMNS) is not None]
    for title, rows in asked.sheets.items():
        if title in sheets:
            continue
        wanted = {row.item.name for row in rows}
        cells = ((one, {text_of(value) for row in one.cells for value in row}) for one in others)
        renamed = next((one for one, texts in cells if wanted & texts), None)
        if renamed is None:
            found.wrong(f"sheet '{title}'", "is missing.", "Put it back, with its yellow cells empty if necessary.")
            continue
        others.remove(renamed)
        sheets[title] = renamed
        found.wrong(f"sheet '{renamed.name}'", f"should be called '{title}'.", "Rename the sheet.")
    for one in others:
        found.wrong(f"sheet '{one.name}'", *said("strange sheet"))
    return sheets


def _tell_twins(found: Found) -> None:
    first: dict[tuple[str, str, str, str], str] = {}
    for one in found.figures:
        earlier = first.setdefault((one.series, one.population, one.breakdown.casefold(), one.period), one.place)
        if earlier != one.place:
            found.wrong(one.place, f"the same group is also in {earlier}.", "Clear one of the two rows.")


def _told(found: Found, formulas: int) -> list[str]:
    states = Counter(one.state for one in found.figures)
    shown = {"rows": [f"{states[state]:,} {state}" for state in State if states[state]], "empty": found.empty}
    notes = text_from("evidence/collection_workbook/notes.txt.j2", **shown, formulas=formulas).splitlines()
    notes += [*found.notes, *(f"remark, {remark}" for remark in found.remarks[:_MOST_REMARKS])]
    more = len(found.remarks) - _MOST_REMARKS
    return [*notes, f"and {more} more remarks."] if more > 0 else notes


_AGAIN = "Create the template again (t4c evidence template CODE --out FILE.xlsx) and copy the yellow cells into it."
_MOST_PERIODS = 240
_KINDS = {kind.value: kind for kind in (MeasureKind.SHARE, MeasureKind.RATE, MeasureKind.COUNT)}


def known_sheets(book: Workbook, _: object = None) -> list[Sheet]:
    """By which a workbook is known as one of these: the title of the first sheet, or the column names of any."""
    alike = layout.similarity
    return [sheet for sheet, _, row in book.heads if row[:1] == (layout.TITLE,) or alike(row) >= layout.ENOUGH]


def read_front(book: Workbook) -> tuple[Collection, dt.date | None]:
    """What is asked, and the figures' day. Raises InputError: the first two sheets are gone, or were changed."""
    about = next((one for one in book.sheets if one.row(1)[:1] == [layout.TITLE]), None) or _named(book, READ_ME)
    alike = (one for one in book.sheets if layout.header_row(one, layout.LISTED) is not None)
    listing = _named(book, WHAT_TO_COUNT) or next(alike, None)
    gone = [name for name, sheet in ((READ_ME, about), (WHAT_TO_COUNT, listing)) if sheet is None]
    if about is None or listing is None:
        raise InputError(book.name, [Problem(f"sheet '{name}'", "is missing.", _AGAIN) for name in gone])
    problems: list[Problem] = []
    values = _about(about, problems)
    items = _items(listing, problems)
    taken = _taken(about, values, problems)
    refuse(book.name, problems)
    code, name = (text_of(values[label][1]) for label in (layout.CODE, layout.NAME))
    asked = Collection(code, name, text_of(values[layout.DEMONSTRATION][1]) == "yes", items)
    if asked.digest != text_of(values[layout.DIGEST][1]):
        raise InputError(book.name, _changed(book, about, listing, values, asked))
    return asked, taken


def _named(book: Workbook, title: str) -> Sheet | None:
    return next((sheet for sheet in book.sheets if folded(sheet.name) == folded(title)), None)


def _about(sheet: Sheet, problems: list[Problem]) -> dict[str, tuple[int, object]]:
    """Row and value of each label in column A."""
    found: dict[str, tuple[int, object]] = {}
    for at, cells in enumerate(sheet.cells, 1):
        label = text_of(cells[0])
        if label in layout.ABOUT and label not in found:
            found[label] = (at, cells[1] if len(cells) > 1 else "")
    for label in layout.ABOUT:
        if label not in found:
            problems.append(Problem(f"sheet '{sheet.name}'", f"the line '{label}' is missing in column A.", _AGAIN))
        elif label != layout.TAKEN and not text_of(found[label][1]):
            problems.append(Problem(layout.place(sheet.name, 2, found[label][0]), f"'{label}' is empty.", _AGAIN))
    if layout.TEMPLATE in found and (version := text_of(found[layout.TEMPLATE][1])) not in {"", str(TEMPLATE_VERSION)}:
        another = said("made from another template", found=version[:20], known=TEMPLATE_VERSION)
        problems.append(Problem(layout.place(sheet.name, 2, found[layout.TEMPLATE][0]), *another))
    return found


def _taken(sheet: Sheet, values: dict[str, tuple[int, object]], problems: list[Problem]) -> dt.date | None:
    at, value = values.get(layout.TAKEN, (0, ""))
    if not (text := text_of(value)):
        return None
    day = value.date() if isinstance(value, dt.datetime) else parse_date(text).day
    if day is None or not 2000 <= day.year <= 2100:
        problems.append(Problem(layout.place(sheet.name, 2, at), *said("no day of figures", found=text[:60])))
        return None
    return day


def _items(sheet: Sheet, problems: list[Problem]) -> tuple[Item, ...]:
    head = layout.header_row(sheet, layout.LISTED)
    names = sheet.row(head) if head is not None else []
    missing = [name for name in layout.LISTED if name not in names]
    if head is None or missing:
        what = "the row of column names is missing." if head is None else f"columns are missing: {', '.join(missing)}."
        problems.append(Problem(f"sheet '{sheet.name}'", what, _AGAIN))
        return ()
    columns = {name: names.index(name) + 1 for name in layout.LISTED}
    found = []
    for at in range(head + 1, sheet.height + 1):
        texts = sheet.row(at)
        cells = {name: texts[column - 1] for name, column in columns.items()}
        if any(cells.values()):
            found.append(_item(sheet.name, at, columns, cells, problems))
    if not found:
        problems.append(Problem(f"sheet '{sheet.name}'", "lists no measures.", _AGAIN))
    return tuple(item for item in found if item is not None)


def _item(sheet: str, at: int, columns: dict[str, int], cells: dict[str, str], problems: list[Problem]) -> Item | None:
    def wrong(name: str, message: str, hint: str = _AGAIN) -> None:
        problems.append(Problem(layout.place(sheet, columns[name], at), message, hint))

    before = len(problems)
    if (kind := _KINDS.get(cells[layout.KIND])) is None:
        wrong(layout.KIND, f"'{cells[layout.KIND][:40]}' is not a kind of measure; allowed: {', '.join(_KINDS)}.")
    for name in (layout.SHEET, layout.MEASURE, layout.GROUP, layout.UNIT, layout.SERIES):
        if not cells[name]:
            wrong(name, f"'{name}' is empty.")
    periods: tuple[Period, ...] = ()
    try:
        first, last = (parse_period(cells[name]) for name in (layout.FIRST, layout.LAST))
        periods = periods_between(first, last)
        if not 1 <= len(periods) <= _MOST_PERIODS + 1:
            raise PeriodError(f"From {first} to {last}: the two periods must be of one kind and in order.")
    except PeriodError as error:
        wrong(layout.FIRST, str(error))
    if kind is None or len(problems) > before:
        return None
    texts = {name: "" if layout.EMPTY.get(name) == text else text for name, text in cells.items()}
    fields: dict[str, Any] = {field: texts[name] for name, field in layout.FIELDS.items()}
    return Item(**{**fields, "kind": kind}, periods=periods)


def _changed(
    book: Workbook, about: Sheet, listing: Sheet, values: dict[str, tuple[int, object]], asked: Collection
) -> list[Problem]:
    """Why the digest doesn't fit: told as nearly as can be known."""
    problems = []
    ours = [sheet for sheet in book.sheets if sheet.name in asked.sheets and sheet.height >= layout.WHOSE_ROW]
    whose = (re.fullmatch(r".*\((.+)\)", sheet.row(layout.WHOSE_ROW)[0]) for sheet in ours)
    codes = {match[1] for match in whose if match}
    if codes and asked.organisation not in codes:
        others = said("sheets of another organisation", code=asked.organisation, found=", ".join(sorted(codes)))
        problems.append(Problem(layout.place(about.name, 2, values[layout.CODE][0]), *others))
    head = layout.header_row(listing, layout.LISTED) or 1
    column = listing.row(head).index(layout.SERIES) + 1
    known = {one.key for one in series()} | {measure.series for measure in catalogue().measures}
    for at in range(head + 1, listing.height + 1):
        key, place = listing.row(at)[column - 1], layout.place(listing.name, column, at)
        if key and key not in known:
            hint = did_you_mean(key, known) or _AGAIN
            problems.append(Problem(place, f"'{key[:60]}' is not a known measure.", hint))
    if not problems:
        place = layout.place(about.name, 2, values[layout.DIGEST][0])
        problems.append(Problem(place, *said("layout was changed", sheet=WHAT_TO_COUNT)))
    return problems


PUBLICATION = WorkbookPublication(
    key="collection-workbook",
    title="a collection workbook",
    version=VERSION,
    known_by=f"made by t4c evidence template; its first sheet begins '{layout.TITLE}'",
    sheets=known_sheets,
    reader=read,
)
