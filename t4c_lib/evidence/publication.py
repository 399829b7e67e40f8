"""What a kind of file is: how it is known by its content, whose it is, and the function that reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import cast

from pydantic import BaseModel
from pydantic.dataclasses import dataclass as declaration

from t4c_lib.errors import Problem, closest
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.table_layout import STRICT, FileContents, Named, TableLayout
from t4c_lib.evidence.xlsx_workbook import Workbook
from t4c_lib.validation_messages import read_shipped


@declaration(frozen=True, kw_only=True, config=STRICT)
class Known:
    """What is said of every kind of file."""

    key: str  #: its name in the store ("sickness-by-organisation")
    title: str  #: its name in messages
    publisher: str = ""  #: who makes it; empty for an organisation's own extract
    version: int  #: of the reader; goes up when the same bytes come to be read differently
    attribution: str = ""  #: the sentence its licence asks for
    layout: TableLayout = TableLayout(columns={})  #: of its table, or of the table on each of its sheets


@declaration(frozen=True, kw_only=True, config=STRICT)
class WorkbookPublication(Known):
    """A kind of Excel workbook."""

    known_by: str  #: how it is known, in words, for the message about a workbook that is not
    sheets: Named  #: the sheets of a workbook that are laid out so, by their first rows: none of one of another kind
    #: what a workbook laid out so says, with the number of rows; raises InputError with every problem found.
    reader: Named

    def read(self, book: Workbook) -> FileContents:
        """What a workbook says. Raises InputError with every problem found."""
        return cast("FileContents", self.reader(book, self.layout))


@declaration(frozen=True, kw_only=True, config=STRICT)
class Publication(Known):
    """A kind of text file."""

    #: what a table says, where its layout alone doesn't tell; raises InputError with every problem found.
    reader: Named | None = None
    #: names that other editions give to columns, and the column each stands for.
    aliases: Mapping[str, str] = field(default_factory=dict)
    #: what others call its columns (folded), and the column of each: not read, but advised.
    other_names: Mapping[str, str] = field(default_factory=dict)
    most_rows: int = 1_000_000  #: that are read, several times what its largest edition has; more would fill the memory

    @property
    def columns(self) -> tuple[str, ...]:
        """All column names it may have; empty for a file without column names."""
        return (*self.layout.columns, *self.layout.optional)

    def read(self, table: DataTable) -> FileContents:
        """What a table says. Raises InputError with every problem found."""
        return cast("FileContents", (self.reader or self.layout.read)(table))

    @cached_property
    def known(self) -> dict[str, str]:
        """Every name that a column may have, folded, and the column it stands for."""
        called = {**dict(zip(self.columns, self.columns, strict=True)), **self.aliases}
        return {folded(other): name for other, name in called.items()}

    def similarity(self, header: Sequence[str]) -> float:
        """Share of the required columns that a header has, capitals ignored; 0 where there are no column names."""
        names = {self.known.get(folded(name), "") for name in header}
        return sum(name in names for name in self.layout.columns) / max(1, len(self.layout.columns))

    def closeness(self, header: Sequence[str]) -> float:
        """Names in both, out of those it needs and those it doesn't know: some layouts are parts of others."""
        needed = max(1, len(self.layout.columns))
        unknown = sum(folded(name) not in self.known for name in header if name)
        return self.similarity(header) * needed / (needed + unknown)

    def header_problems(self, header: Sequence[str]) -> list[Problem]:
        """What is wrong with the column names: missing, unknown, or there twice; a misspelling is told once."""
        known = self.known
        present = {known[folded(name)] for name in header if folded(name) in known}
        missing = [name for name in self.layout.columns if name not in present]
        absent = [name for name in self.columns if name not in present]
        problems, seen, untold = list[Problem](), set[str](), 0
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


class Family(BaseModel, frozen=True, extra="forbid"):
    """Publications that are declared in one file."""

    publications: tuple[Publication, ...] = ()
    workbooks: tuple[WorkbookPublication, ...] = ()


def family(name: str) -> Family:
    """Those of publications/NAME.yaml."""
    return read_shipped(Family, f"{__package__}.publications", f"{name}.yaml")
