"""What a kind of file is: how it is known by its content, whose it is, and the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from t4c_lib.errors import Problem, closest
from t4c_lib.evidence.files import folded

if TYPE_CHECKING:
    from t4c_lib.evidence.csv_table import DataTable
    from t4c_lib.evidence.table_layout import FileContents, TableLayout
    from t4c_lib.evidence.xlsx_workbook import Sheet, Workbook


@dataclass(frozen=True)
class Known:
    """What is said of every kind of file.

    Attributes:
        key: its name in the store ("sickness-by-organisation").
        title: its name in messages.
        publisher: who makes it; empty for an organisation's own extract.
        version: of the reader; goes up when the same bytes come to be read differently.
        attribution: the sentence its licence asks for.
    """

    key: str
    title: str
    publisher: str
    version: int
    attribution: str


@dataclass(frozen=True)
class WorkbookPublication(Known):
    """A kind of Excel workbook.

    Attributes:
        layout: how it is known, in words, for the message about a workbook that is not.
        is_like: whether a workbook is one of these; looks at the first rows of its sheets only.
        read: what a workbook says, with the number of rows; raises InputError with every problem found.
    """

    layout: str
    is_like: Callable[[Workbook], bool]
    read: Callable[[Workbook], FileContents]


def sheets_with(book: Workbook, names: Sequence[str], row: int | None = None) -> list[tuple[Sheet, int]]:
    """Sheets with a row, this one or any of the first ten, that begins with these names; and the row's number."""
    wanted = [folded(name) for name in names]
    return [
        (sheet, number)
        for sheet, number, texts in book.heads
        if row in {None, number} and [folded(text) for text in texts[: len(wanted)]] == wanted
    ]


@dataclass(frozen=True)
class Publication(Known):
    """A kind of text file.

    Attributes:
        columns: all column names it may have; empty for a file without column names.
        required: those it must have.
        read: what a table says; raises InputError with every problem found.
        aliases: names that other editions give to columns, and the column each stands for.
        other_names: what others call its columns (folded), and the column of each: not read, but advised.
        most_rows: that are read, several times what its largest edition has; more would fill the memory.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    read: Callable[[DataTable], FileContents]
    aliases: Mapping[str, str] = field(default_factory=dict)
    other_names: Mapping[str, str] = field(default_factory=dict)
    most_rows: int = 1_000_000

    @classmethod
    def of(cls, layout: TableLayout, **known: Any) -> Publication:
        """The publication whose tables are laid out so; `known` are its other fields."""
        required = tuple(layout.columns)
        return cls(columns=(*required, *layout.optional), required=required, read=layout.read, **known)

    @cached_property
    def known(self) -> dict[str, str]:
        """Every name that a column may have, folded, and the column it stands for."""
        called = {**dict(zip(self.columns, self.columns, strict=True)), **self.aliases}
        return {folded(other): name for other, name in called.items()}

    def likeness(self, header: Sequence[str]) -> float:
        """Share of the required columns that a header has, capitals ignored; 0 where there are no column names."""
        names = {self.known.get(folded(name), "") for name in header}
        return sum(name in names for name in self.required) / max(1, len(self.required))

    def closeness(self, header: Sequence[str]) -> float:
        """How alike a header and this are: names in both, out of those it needs and those it doesn't know.

        Some layouts are parts of others, so that a file with all of one's columns may still be the other.
        """
        needed = max(1, len(self.required))
        return (
            self.likeness(header) * needed / (needed + sum(folded(name) not in self.known for name in header if name))
        )

    def header_problems(self, header: Sequence[str]) -> list[Problem]:
        """What is wrong with the column names: missing, unknown, or there twice; a misspelling is told once."""
        known = self.known
        present = {known[folded(name)] for name in header if folded(name) in known}
        missing = [name for name in self.required if name not in present]
        absent = [name for name in self.columns if name not in present]
        problems: list[Problem] = []
        seen: set[str] = set()
        untold = 0
        for at, name in enumerate(header, 1):
            meant = known.get(folded(name), folded(name))
            place, shown = f"row 1, column {at}", f"'{name[:_LONGEST_NAME]}'"
            if len(problems) >= _MOST_NAMES_TOLD:
                untold += bool(name) and (meant in seen or folded(name) not in known)
            elif meant in seen and meant:
                problems.append(Problem(place, f"{shown} appears twice.", "Delete one of them."))
            elif folded(name) not in known and name:
                other = self.other_names.get(folded(name), "")
                near = (other,) if other in absent else closest(name[:_LONGEST_NAME], absent, most=1)
                hint = f"Did you mean '{near[0]}'?" if near else "Delete the column: it is not used."
                problems.append(Problem(place, f"{shown} is not a column of {self.title}.", hint))
                missing = [other for other in missing if other not in near]
            seen.add(meant)
        if len(missing) > _MOST_MISSING_TOLD:
            rest = len(missing) - _MOST_MISSING_TOLD
            missing = [f"{', '.join(missing[:_MOST_MISSING_TOLD])} (and {rest:,} more)"]
        problems += [Problem("row 1", f"column {name} is missing.") for name in missing]
        if untold:
            problems.append(Problem("row 1", f"and {untold:,} more columns that are unknown or appear twice."))
        return problems


_MOST_NAMES_TOLD, _MOST_MISSING_TOLD, _LONGEST_NAME = 50, 10, 60
