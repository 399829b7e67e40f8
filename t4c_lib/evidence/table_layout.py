"""What a table of a publication is, as a declaration, and the machinery that reads by it.

A layout says as data what each column of a table may hold, which rows may stand there only once, what has to agree,
whom a row is about and which series its figures make; the files publications/*.yaml hold them. The machinery checks all
of it, refuses with every problem found, and makes the observations. Functions of a publication's own are left for what
is added up or compared in its own way; a file names them: "turnover.month_starts" is one of publications/turnover.py.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from pkgutil import resolve_name
from typing import Annotated, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BeforeValidator, ConfigDict
from pydantic.dataclasses import dataclass as declaration

from t4c_lib.errors import Problem, refuse
from t4c_lib.evidence.breakdowns import whom
from t4c_lib.evidence.column_checks import ColumnChecks, read_month_ends, read_periods
from t4c_lib.evidence.csv_table import DataTable
from t4c_lib.evidence.files import name_problems
from t4c_lib.evidence.observation_frames import Figures, Texts, each, observed, shares, states_of, together
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE, Organisation, State
from t4c_lib.evidence.slips import said
from t4c_lib.periods import Month

STRICT = ConfigDict(extra="forbid")
_RATE = r"^(?P<number>\d+(?:\.(?P<decimals>\d+))?)\s*(?P<percent>%?)$"


Named = Annotated[  # a function, or its name as a file has it
    Callable[..., Any],
    BeforeValidator(lambda one: resolve_name(f"{__package__}.publications.{one}") if isinstance(one, str) else one),
]


class FileContents(NamedTuple):
    """What a reader made of a table: the parts of a `Loaded` that only it can know."""

    organisations: tuple[Organisation, ...]
    observations: pd.DataFrame
    notes: tuple[str, ...] = ()
    extract_date: dt.date | None = None
    rows: int = 0  # that were read, for a workbook; of a table it is known


class CheckedRows(ColumnChecks):
    """A table under check, and what its columns turned out to hold."""

    def __init__(self, table: DataTable, layout: "TableLayout") -> None:
        super().__init__(table)
        self.layout = layout  #: by which it is read
        #: of each row, as text of t4c_lib.periods; and how many months it has.
        self.period: Texts = np.full(table.rows, layout.period, dtype=object)
        self.months: NDArray[np.int64] = np.ones(table.rows, dtype=np.int64)
        self.figures: dict[str, Figures] = {}  #: of each column of numbers
        #: of each column of choices, each row's as it is listed; "" where blank or none of them.
        self.chosen: dict[str, Texts] = {}
        self.notes: list[str] = []  #: what a person should know of this table

    @cached_property
    def organisations(self) -> tuple[tuple[Organisation, ...], Texts]:
        """All that the rows are about, each once, and the code of each row's."""
        made, which = each(self.table, self.layout.whose, self.layout.organisation)
        codes = np.array([one.code for one in made], dtype=object)[which]
        return tuple({one.code: one for one in made}.values()), codes

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Organisation, period, population and breakdown of each row."""
        rows = pd.DataFrame({"organisation": self.organisations[1], "period": self.period})
        if not self.layout.groups:
            return rows.assign(population=self.layout.population, breakdown=ALL)
        made, which = each(self.table, self.layout.groups, self.layout.group_of)
        named = np.array(made, dtype=object).reshape(-1, 2)[which]
        return rows.assign(population=named[:, 0], breakdown=named[:, 1])


@declaration(frozen=True, config=STRICT)
class TextColumn:
    """Texts; all must match the pattern, if there is one, and `wanted` says what that is."""

    pattern: str = ""
    wanted: str = ""
    filled: bool = True

    def read(self, rows: CheckedRows, name: str) -> None:
        """Check the column of that name and keep what it holds; a column that the file doesn't have is blank."""
        if self.filled:
            rows.filled([name])
        if self.pattern:
            rows.matching(name, self.pattern, self.wanted)


@declaration(frozen=True, config=STRICT)
class ChoiceColumn:
    """One of these texts in every row, capitals ignored."""

    allowed: tuple[str, ...]

    def read(self, rows: CheckedRows, name: str) -> None:
        rows.filled([name])
        rows.chosen[name] = np.array([*self.allowed, ""], dtype=object)[rows.choices(name, self.allowed)]


@declaration(frozen=True, config=STRICT)
class PeriodColumn:
    """The rows' periods: months by their last day; or, where lengths in months are given, by name and as spans."""

    lengths: frozenset[int] = frozenset()

    def read(self, rows: CheckedRows, name: str) -> None:
        rows.filled([name])
        if self.lengths:
            rows.period, rows.months = read_periods(rows, name, self.lengths)
        else:
            rows.period = read_month_ends(rows, name)


@declaration(frozen=True, config=STRICT)
class NumberColumn:
    """Numbers with signs among them. A sign that a publication doesn't name is refused, not guessed at."""

    high: float  #: greatest number allowed
    unit: str = ""  #: for messages
    low: float = 0  #: least number allowed
    whole: bool = False  #: whether only whole numbers are allowed
    filled: bool = False  #: whether no cell may be blank
    blank: State = State.missing  #: what an empty cell means
    #: the publication's signs, in small letters, and what they mean.
    marks: Mapping[str, State] = field(default_factory=dict)

    def read(self, rows: CheckedRows, name: str) -> None:
        if self.filled:
            rows.filled([name])
        known = {"": self.blank, **self.marks}
        number = rows.numbers(name, self.low, self.high, unit=self.unit, whole=self.whole, besides=frozenset(known))
        state = states_of(number, self.blank)
        column = rows.table.column(name)
        for code, text in enumerate(column.values if self.marks else ()):
            if (meant := known.get(text.casefold())) is not None:
                state[column.codes == code] = meant.value
        rows.figures[name] = Figures(number, state)


@declaration(frozen=True, config=STRICT)
class RateColumn:
    """Rates as fractions, written 0.0126 or 1.26%: of one column over another, read before; or, of none, of people."""

    rate_of: tuple[str, ...]

    def read(self, rows: CheckedRows, name: str) -> None:
        column = rows.table.column(name)
        parts = pd.Series(column.values, dtype="str").str.extract(_RATE)
        scale = np.where(parts["percent"] == "%", 100, 1)
        fractions = parts["number"].to_numpy(np.float64, na_value=np.nan) / scale
        halves = 0.5 * 10.0 ** -parts["decimals"].str.len().fillna(0).to_numpy() / scale  # of the last decimal
        wrong = np.isnan(fractions) & ~np.isin(column.values, ["", "."])
        rows.wrong_values(column, wrong, "is not a rate such as 0.0126 or 1.26%.", lambda _: "")
        rate, half = (values[column.codes] for values in (fractions, halves))
        rows.figures[name] = Figures(rate, states_of(rate))
        if not self.rate_of:
            rows.where(rate > 1, name, "{rate:.4g} is above 1, but it is a share of people.", rate=rate)
            return
        part, whole = (rows.figures[one].number for one in self.rate_of)
        due = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
        rows.where(np.abs(rate - due) > half + 1e-9, name, *said("rate differs from headcount"), rate=rate, due=due)


# The kinds of column that files of declarations call by a name.
KINDS: dict[str, TextColumn | PeriodColumn] = {
    "filled": TextColumn(),
    "any": TextColumn(filled=False),
    "code": TextColumn(r"[A-Z0-9]{3,6}(-X)?", "an ODS code (3 to 6 capital letters and figures)"),
    "month": PeriodColumn(frozenset({1})),
    "month-end": PeriodColumn(),
}
ColumnKind = Annotated[
    TextColumn | ChoiceColumn | PeriodColumn | NumberColumn | RateColumn,
    BeforeValidator(lambda value: KINDS.get(value, value) if isinstance(value, str) else value),
]


@declaration(frozen=True, config=STRICT)
class CountSeries:
    """A column of numbers as a series, for each row."""

    key: str  #: of the series
    column: str  #: its name
    unit: str  #: of the value
    scale: int = 1  #: what a printed number is multiplied by: 1000 where thousands are printed
    breakdown: str | None = None  #: of all rows; the row's own if None
    only: tuple[str, str] | None = None  #: a column of choices and one of them: rows with another make no observation
    months: int = 0  #: of rows whose period has so many months only; of all rows if 0
    months_back: int = 0  #: how long before the row's period the figure is of
    known_only: bool = False  #: whether a row without a figure makes no observation

    def __call__(self, rows: CheckedRows) -> Iterator[pd.DataFrame]:
        figures = rows.figures[self.column]
        here = (rows.months == self.months) | (self.months == 0)
        here &= ~(self.known_only & np.isnan(figures.number))
        if self.only is not None:
            here &= rows.chosen[self.only[0]] == self.only[1]
        frame, value = rows.frame[here], figures.number[here]
        if self.breakdown is not None:
            frame = frame.assign(breakdown=self.breakdown)
        if self.months_back:
            frame = frame.assign(period=[str(Month.parse(end) + -self.months_back) for end in frame["period"]])
        value = value if self.scale == 1 else np.round(value * self.scale)
        yield observed(frame, series=self.key, value=value, state=figures.state[here], unit=self.unit)


@declaration(frozen=True, config=STRICT)
class ShareSeries:
    """One column over another as a series, for each row; what hides either hides the share. See CountSeries."""

    key: str
    part: str
    whole: str
    unit: str = "share"
    scale: int = 1

    def __call__(self, rows: CheckedRows) -> Iterator[pd.DataFrame]:
        part, whole = rows.figures[self.part], rows.figures[self.whole]
        frame = shares(rows.frame, part, whole, series=self.key, unit=self.unit)
        if self.scale != 1:
            numbers = {"numerator": part.number, "denominator": whole.number}
            frame = frame.assign(**{name: np.round(number * self.scale) for name, number in numbers.items()})
        yield frame


@declaration(frozen=True, kw_only=True, config=STRICT)
class TableLayout:
    """What is declared of a table."""

    columns: Mapping[str, ColumnKind]  #: every column that it must have, in its order, and what it holds
    optional: Mapping[str, ColumnKind] = field(default_factory=dict)  #: columns that it may have besides
    #: no two rows may have the same texts in all of these columns; a repetition is told at the last.
    unique: tuple[str, ...] = ()
    same: str = ""  #: what those columns are, for the message: "organisation and month"
    #: what else must hold; each is given the rows, and adds what is wrong to their problems.
    checks: tuple[Named, ...] = ()
    #: whether it may hold other months than its file's name speaks of; None where the name isn't asked.
    other_months: bool | None = None
    #: columns that say whom a row is about: code, name, type, region and ICS, unless `organisation` takes others.
    whose: tuple[str, ...] = ()
    #: makes an organisation of the texts of `whose`; where two rows differ, the later is believed.
    organisation: Named = Organisation
    period: str = ""  #: of all rows, where no column says it
    population: str = TRUST_WORKFORCE  #: of all rows, where there are no groups
    #: columns of the staff group and, where there is one, of its main group; all people together if none.
    groups: tuple[str, ...] = ()
    group_of: Named = whom  #: makes population and breakdown of the texts of `groups`
    #: what is made of the rows; each gives observations of them.
    series: tuple[CountSeries | ShareSeries | Named, ...] = ()
    notes: tuple[str, ...] = ()  #: what a person should know of every such file
    notes_on: Named | None = None  #: notes made of the observations

    def checked(self, table: DataTable) -> CheckedRows:
        """The rows, and every problem that they have."""
        rows = CheckedRows(table, self)
        for name, kind in {**self.columns, **self.optional}.items():
            kind.read(rows, name)
        for check in self.checks:
            check(rows)
        if self.unique:
            rows.unique_rows(self.unique, self.unique[-1], f"the same {self.same} as in", "Delete one of them.")
        if self.other_months is not None:
            rows.problems += name_problems(table.source, rows.period, may_hold_others=self.other_months)
        return rows

    def read(self, table: DataTable) -> FileContents:
        """What the table says. Raises InputError with every problem found."""
        return read_tables(table.source, [(self, table)])


def read_tables(
    source: str, parts: Sequence[tuple[TableLayout, DataTable]], problems: Iterable[Problem] = ()
) -> FileContents:
    """What several tables of one file, called `source`, say. Raises InputError: all their problems, and `problems`."""
    checked = [layout.checked(table) for layout, table in parts]
    refuse(source, [*(problem for rows in checked for problem in rows.problems), *problems])
    observations: list[pd.DataFrame] = []
    notes: list[str] = []
    for rows in checked:
        found = together([frame for make in rows.layout.series for frame in make(rows) if len(frame)])
        observations.append(found)
        notes += [*rows.layout.notes, *(rows.layout.notes_on(found) if rows.layout.notes_on else ()), *rows.notes]
    made = observations[0] if len(observations) == 1 else together(observations)
    organisations = {one.code: one for rows in checked for one in rows.organisations[0]}
    rows_read = sum(rows.table.rows for rows in checked)
    return FileContents(tuple(organisations.values()), made, tuple(dict.fromkeys(notes)), rows=rows_read)
