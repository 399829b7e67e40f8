"""What can be kept of the programme, and the way from what was typed, pasted or handed in to what is kept.

records.yaml defines the kinds of record and their fields; a new field is a line there.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, RootModel

from t4c_lib.errors import InputError, Problem, did_you_mean, find_named, refuse
from t4c_lib.evidence.files import folded, read_text
from t4c_lib.framework import catalogue
from t4c_lib.periods import Day, Month, PeriodError, parse_period, typed_period
from t4c_lib.typed_text import NAME, NOTE, PLACE, take_text
from t4c_lib.validation_messages import read_shipped

Value = str | int | float
Content = Mapping[str, Any]  # by field; of totals, what stands there
Known = Mapping[str, Mapping[str, str]]  # by kind of record: what each is called, and its reference

EARLIEST, LATEST = 2000, 2100  # years of a date, both included
MOST_ROWS = 5_000  # that are taken at a time
REFERENCE = r"[A-Z]{1,2}-\d{4,9}"
WITHDRAWN = "withdrawn"  # the key under which a record that was a mistake says why
SIZES = {"words": NOTE, "text": PLACE, "open": NAME}  # of fields in which somebody writes
REMOVED = "(a name, removed)"  # stands in what was saved before for a text that was taken out of it
# What is a person anywhere: a title and a capital, an e-mail address, a telephone number.
_SURE_NAME = r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]\w+|\S+@\S+\w|\b0\d[\d ]{8,11}\d\b"
# And in what is written freely: two capitalised words, one in the middle of a sentence, a postcode.
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
_LIKELY_NAME = rf"{_SURE_NAME}|\b[A-Z][a-z]+ [A-Z][a-z]+\b|(?<=[a-z,;] )[A-Z][a-z]{{2,}}\b|{_POSTCODE}"
# Capitalised words that are of no person.
_NO_NAME = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day|Administrator|"
    r"Advis[eo]r|Apprenticeships?|Assistant|Board|Care|Careers|Centre|Certificate|Church|College|Coordinator|Deputy|"
    r"Development|Director|Education|England|English|Experience|Facilitator|Form|Head|Health|Hospital|Job|Lead|Learning|"
    r"Level|Manager|Maths|Nurse|Officer|Partner|Practice|Programme|Recruitment|School|Science|Services?|Support|Talent|"
    r"Team|Trainer|Trust|University|Ward|Widening|Work|Worker|Workforce)\b"
)


class RecordField(BaseModel, frozen=True, extra="forbid"):
    """One thing that a record of a kind may say."""

    label: str  #: what is asked
    kind: Literal["choice", "open", "known", "day", "month", "number", "text", "words"]
    options: tuple[str, ...] = ()  #: what is offered; of a choice nothing else is taken
    measures: tuple[str, ...] = ()  #: keys of measures that are offered in their place
    of: str = ""  #: the kind of record of which one is named
    needed: bool = False
    help: str = ""  #: a sentence below the label
    least: int = 0  #: of a number, inclusive
    most: int = 0  #: likewise
    also: tuple[str, ...] = ()  #: other names of the column in pasted rows
    likely: bool = False  #: of a line that isn't about a person: whether a name is likely to be typed in it

    @property
    def offered(self) -> dict[str, str]:
        """What is kept, and what it is called, for those that have options."""
        return {one: one for one in self.options} | {key: catalogue().measure(key).name for key in self.measures}

    def take(self, text: str, known: Known, problems: list[Problem]) -> Value | None:
        """What is kept of a text; None where it is empty or wrong. What is wrong is added to the problems."""
        text = text.strip() if self.kind == "words" else " ".join(text.split())
        if not text:
            if self.needed:
                problems.append(Problem(self.label, "this can't be left empty."))
            return None
        if self.kind in SIZES:
            before, kept = len(problems), take_text(problems, self.label, text, SIZES[self.kind])
            return (self._offered_as(kept, self.offered) or kept) if len(problems) == before else None
        value, message, hint = getattr(self, f"_{self.kind}")(text, known)
        if value is None:
            problems.append(Problem(self.label, message, hint))
        return value  # type: ignore[no-any-return]

    def _offered_as(self, text: str, there: Mapping[str, str]) -> str | None:
        """The key of what is called so, or is kept so."""
        called = {key.casefold(): key for key in there} | {name.casefold(): key for key, name in there.items()}
        return called.get(text.casefold())

    def _choice(self, text: str, _known: Known) -> tuple[Value | None, str, str]:
        words = [*self.offered.values()]
        hint = did_you_mean(text, words) or f"Allowed: {'; '.join(words)}."
        meant = next((one for one in self.options if text.isdecimal() and _is_within(int(text), one)), text)
        spelt = re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", " to ", meant).replace("+", " and over")
        return self._offered_as(spelt, self.offered), f"'{text[:60]}' is not one of those allowed.", hint

    def _known(self, text: str, known: Known) -> tuple[Value | None, str, str]:
        there, noun = known.get(self.of, {}), record_kind(self.of).noun
        hint = did_you_mean(text, there.values()) or f"Enter the {noun} first."
        return self._offered_as(text, there), f"No {noun} of this name.", hint

    def _day(self, text: str, _known: Known) -> tuple[Value | None, str, str]:
        from t4c_lib.evidence.column_checks import parse_date  # which needs numpy, and most commands need no day

        day = parse_date(text).day
        if day is not None and EARLIEST <= day.year <= LATEST:
            return day.isoformat(), "", ""
        parts = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
        swapped = parse_date(f"{parts[2]}/{parts[1]}/{parts[3]}").day if parts else None
        hint = f"Did you mean '{Day(swapped).label}'?" if swapped else ""
        return None, "No such day: write it as in 13/11/2026, the year in full.", hint

    def _month(self, text: str, _known: Known) -> tuple[Value | None, str, str]:
        with suppress(PeriodError):
            if isinstance(month := typed_period(text), Month):
                return str(month), "", ""
        return None, "No such month: write it as June 2026 or 2026-06.", ""

    def _number(self, text: str, _known: Known) -> tuple[Value | None, str, str]:
        try:
            value = float(text.replace(",", ""))
        except ValueError:
            return None, f"'{text[:60]}' is not a number.", ""
        if not self.least <= value <= self.most:
            return None, f"{text} is not between {self.least:,} and {self.most:,}.", ""
        return (int(value) if value == int(value) else value), "", ""


def _is_within(number: int, band: str) -> bool:
    """Whether a number is of a band of ages: "under 16", "16 to 18", "25 and over"."""
    ends = [int(one) for one in re.findall(r"\d+", band)]
    if len(ends) == 1:
        return number < ends[0] if band.startswith("under") else number >= ends[0]
    return len(ends) == 2 and ends[0] <= number <= ends[1]


class RecordKind(BaseModel, frozen=True, extra="forbid"):
    """One kind of record."""

    noun: str  #: as people call one
    title: str  #: as people call several, to head a list
    prefix: str  #: of its references, as in P-0001
    fields: dict[str, RecordField]  #: by their keys, in the order in which they are asked
    name: str = ""  #: the field by which others name it; by its reference where there is none
    personal: bool = False  #: whether it is about a person, and goes when its time is over
    pasted: tuple[str, ...] = ()  #: the columns of pasted rows that have no heading, in their order
    tab: str = ""  #: of the page, that lists them
    listed: tuple[str, ...] = ()  #: the fields that the list shows
    happens_on: str = ""  #: the field of its day or month, where it is an event of a year

    def take(self, texts: Mapping[str, str], known: Known) -> dict[str, Value]:
        """What is kept of a form's texts, by field. Raises InputError: every problem, each at its field's label."""
        problems: list[Problem] = []
        read = self.read(texts, known, problems)
        refuse(f"this {self.noun}", problems)
        return read

    def read(self, texts: Mapping[str, str], known: Known, problems: list[Problem]) -> dict[str, Value]:
        """The same as far as it can be kept; what is wrong is added to the problems."""
        read = {key: one.take(texts.get(key, ""), known, problems) for key, one in self.fields.items()}
        return {key: value for key, value in read.items() if value is not None}

    def is_sound(self, content: Content) -> bool:
        """Whether that is what `take` makes of it, so that it may have been typed. Raises InputError: it can't be."""
        named = {one.of: str(content.get(key)) for key, one in self.fields.items() if one.of}
        known = {kind: {ref: ref} if re.fullmatch(REFERENCE, ref) else {} for kind, ref in named.items()}
        return self.take({key: str(value) for key, value in content.items()}, known) == {**content}

    def text_of(self, key: str, content: Content, names: Mapping[str, str] | None = None) -> str:
        """What a record says in a field as people read it; a reference by its name where `names` has one."""
        value = content.get(key, "")
        field = self.fields[key]
        if field.kind in ("day", "month") and value:
            return parse_period(str(value)).label
        return (names or {}).get(str(value)) or field.offered.get(str(value), str(value))

    def likely_names(self, content: Content, known: Iterable[str] = ()) -> tuple[str, ...]:
        """What looks like a person in the texts of a record; `known`: of nobody. Titles and the like have capitals."""
        found = []
        for key, one in self.fields.items():
            if one.kind in SIZES and (text := str(content.get(key, ""))) not in one.offered:
                found += names_in(text, known, is_line=one.kind == "text" and not (self.personal or one.likely))
        return tuple(found)


def names_in(text: str, known: Iterable[str] = (), *, is_line: bool = False) -> list[str]:
    """What looks like a person in a text; `known`: of nobody; `is_line`: a title, in which capitals say nothing."""
    found = re.findall(_SURE_NAME if is_line else _LIKELY_NAME, text)
    fine = {word for one in known for word in one.split()} if found else set()
    return [name for name in found if not _NO_NAME.search(name) and fine.isdisjoint(name.split())]


@cache
def record_kinds() -> dict[str, RecordKind]:
    """Every kind of record, by its key."""
    return read_shipped(RootModel[dict[str, RecordKind]], "t4c_lib.programme", "records.yaml").root


def record_kind(key: str) -> RecordKind:
    """One of them. Raises UnknownNameError."""
    return find_named("kind of record", key, record_kinds())


class CellProblem(NamedTuple):
    """What is wrong in one cell of pasted rows."""

    row: int  #: counted from 1, as they were pasted
    column: str  #: label of the field; empty where the row as a whole is meant
    found: str  #: what stands there
    problem: Problem

    @property
    def meant(self) -> str:
        """What was likely meant; empty where nothing is near."""
        found = re.search(r"Did you mean '(.+)'\?", self.problem.hint)
        return found[1] if found else ""

    @property
    def message(self) -> str:
        return self.problem.message if self.meant else self.problem.sentence


class PastedRows(NamedTuple):
    """Rows of a table that was pasted or handed in: what can be kept of them, and what is wrong."""

    read: dict[int, dict[str, Value]]  #: by row, as far as each can be kept; the heading is none of them
    problems: tuple[CellProblem, ...]  #: by row and column
    left: tuple[Sequence[str], ...] = ()  #: the rows with a problem, as they were

    @property
    def ready(self) -> dict[int, dict[str, Value]]:
        """Those of the rows without a problem."""
        wrong = {one.row for one in self.problems}
        return {row: one for row, one in self.read.items() if row not in wrong}

    @property
    def wrong(self) -> int:
        return len(self.read) - len(self.ready)


def read_rows(
    kind: str,
    rows: Sequence[Sequence[str]],
    known: Known,
    doubts: Callable[[str, Content], Iterable[Problem]] = lambda _kind, _content: (),
) -> PastedRows:
    """Rows of cells as records of a kind. `doubts`: what else is wrong with one that could be kept by itself.

    A first row that names two columns or more is a heading; without one the columns are those of `RecordKind.pasted`.
    Raises InputError: there is nothing in them, or a heading is of no column.
    """
    made, filled = record_kind(kind), [[*map(str.strip, row)] for row in rows if any(cell.strip() for cell in row)]
    called = {folded(name): key for key, one in made.fields.items() for name in (key, one.label, *one.also)}
    heads = [called.get(folded(cell), "") for cell in filled[0]] if filled else []
    has_heading = sum(map(bool, heads)) > 1
    if not filled[has_heading:]:
        raise InputError.of("pasted rows", "there are no rows.", "Copy the cells in Excel, then paste them here.")
    if len(filled) > MOST_ROWS:
        raise InputError.of("pasted rows", f"at most {MOST_ROWS:,} rows are taken at a time, not {len(filled):,}.")
    if has_heading:
        unknown = [cell for cell, key in zip(filled[0], heads, strict=True) if cell and not key]
        labels = [one.label for one in made.fields.values()]
        hints = {one: NO_NAMES if "name" in folded(one) else did_you_mean(one, labels) for one in unknown}
        refuse("pasted rows", [Problem("heading", f"no column is called '{one}'.", hints[one]) for one in unknown])
    keys, body = (heads if has_heading else made.pasted), filled[has_heading:]
    every, problems, left = dict[int, dict[str, Value]](), [], []
    for number, row in enumerate(body, 1 + has_heading):
        found: list[Problem] = []
        if len(row) > len(keys) and any(row[len(keys) :]):
            found.append(Problem("", f"this row has {len(row)} cells; {len(keys)} are read.", "Delete the others."))
        texts = {key: cell for key, cell in zip(keys, row, strict=False) if key}
        read = every[number] = made.read({**_DEFAULTS, **texts}, known, found)
        found += [] if found else doubts(kind, read)
        typed = {one.label: texts.get(key, "") for key, one in made.fields.items()}
        problems += [CellProblem(number, one.place, typed.get(one.place, ""), one) for one in found]
        left += [row] if found else []
    return PastedRows(every, tuple(problems), tuple(left))


NO_NAMES = "No names are kept: delete that column."
_DEFAULTS = {"stage": "planned"}  # of a column that isn't there


def cells_of(text: str) -> list[list[str]]:
    """The cells of rows that were copied in Excel: tabs between cells, or commas where there is no tab."""
    return [*csv.reader(text.splitlines(), delimiter="\t" if "\t" in text else ",")]


SHEET, LISTS = "Placements", "Lists"
LARGEST = 20_000_000  # bytes of a file
ROWS = 500  # that can be chosen from lists


def placements_workbook(known: Known) -> bytes:
    """A workbook (.xlsx) with a row of headings, and below them cells that take what the register knows."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book, kind = Workbook(), record_kind("placement")
    sheet = book.active
    sheet.title, lists = SHEET, book.create_sheet(LISTS)
    for place, key in enumerate(dict.fromkeys((*kind.pasted, *kind.fields)), 1):
        one = kind.fields[key]
        letter = get_column_letter(place)
        head = sheet.cell(1, place, one.label)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="FFF2CC" if one.needed else "E8EDEE")
        sheet.column_dimensions[letter].width = max(14, len(one.label) + 2)
        choices = [*(one.offered or known.get(one.of, {})).values()]
        for row, choice in enumerate(choices, 1):
            lists.cell(row, place, choice).data_type = "s"  # a name that begins with "=" is no formula
        if choices:
            rule = DataValidation("list", f"={LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True)
            rule.showErrorMessage = one.kind != "open"
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def rows_of_file(name: str, content: bytes, size: int = 0) -> list[list[str]]:
    """The cells of a workbook's first sheet, or of a CSV file of so many bytes. Raises InputError: it can't be read."""
    from t4c_lib.evidence.xlsx_workbook import MOST_UNPACKED, read_workbook

    if size > LARGEST:
        raise InputError.of(name, f"it is too large: at most {LARGEST / 1e6:.0f} MB can be read here.")
    if content.startswith(b"PK"):
        sheet = read_workbook(name, content, "", MOST_UNPACKED).sheets[0]
        return [sheet.row(at) for at in range(1, sheet.height + 1)]
    return cells_of(read_text(name, content).data.decode())
