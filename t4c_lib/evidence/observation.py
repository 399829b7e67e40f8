"""The nouns of evidence: who was counted (organisation), what was counted (observation), where it was read (source).

Observations travel by the thousand, so readers hand them over as a table with the columns of `OBSERVATION_COLUMNS`;
`Observation` is one of them taken out, with its source. Shares are fractions 0-1, never percent.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from t4c_lib.periods import parse_period

if TYPE_CHECKING:
    import pandas as pd

OBSERVATION_COLUMNS = (
    "organisation",
    "series",
    "population",
    "breakdown",
    "period",
    "numerator",
    "denominator",
    "value",
    "state",
    "unit",
)
ALL = "all"  # the breakdown that breaks nothing down

TRUST_WORKFORCE = "trust workforce"
SUPPORT_STAFF = "support staff"

OGL_ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. Source: {publisher}."
)


class State(StrEnum):
    """What a value, or its absence, means. A count of nobody is `zero`, which is known; `missing` is not known."""

    counted = "counted"
    zero = "zero"
    suppressed = "suppressed"
    missing = "missing"
    not_applicable = "not applicable"


# Types under which official files name what employs nobody: figures of a place, not of an employer.
PLACES = frozenset({"Country", "ICS area", "Local authority", "NHS England region"})


@dataclass(frozen=True)
class Organisation:
    """An employer as a file describes it. Files may know more or less of it: what they don't tell is empty or None.

    Attributes:
        code: ODS code, or the local code its own extract gives.
        name: readable name; the code where a file gives no name.
        type: as its file words it ("Acute", "Integrated Care Board"); "NHS trust" from the ODS list.
        region: code of its NHS England region, or of the country for Welsh bodies.
        ics: code of its integrated care system.
        opened: first day, inclusive.
        closed: last day, inclusive; None while it is open.
        demonstration: True for the made-up organisations that ship with the workbook.
        sector: "" unless known; else "NHS" or "adult social care".
    """

    code: str
    name: str
    type: str = ""
    region: str = ""
    ics: str = ""
    opened: dt.date | None = None
    closed: dt.date | None = None
    demonstration: bool = False
    sector: str = ""

    @property
    def is_employer(self) -> bool:
        """Whether it can have a plan: a place, of which there are figures too, can't."""
        return self.type not in PLACES

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it existed on that day: from `opened` to `closed`, both included; an unknown end doesn't exclude."""
        return (self.opened is None or self.opened <= day) and (self.closed is None or day <= self.closed)


@dataclass(frozen=True)
class Observation:
    """One figure: what was counted of whom and when, and where that was read.

    Attributes:
        organisation: code of the organisation.
        series: key of a measure of the framework, or of another pinned series (headcount, joiners, leavers).
        population: name of the population counted; figures for another one than a measure asks for are a proxy.
        breakdown: "all", or one group as "age=16-24".
        period: text of t4c_lib.periods ("2026-03"): the month in which it was counted, or at whose end.
        numerator: what was counted; None where nothing is known.
        denominator: out of how many; None for plain counts.
        value: numerator / denominator as a fraction, or the count itself; None unless counted or zero.
        state: what the value or its absence means.
        unit: unit of the value ("share", "people").
        source: name of the file it was read from.
        extract_date: day on which the publisher made the file, where the file says so.
    """

    organisation: str
    series: str
    population: str
    breakdown: str
    period: str
    numerator: float | None
    denominator: float | None
    value: float | None
    state: State
    unit: str
    source: str
    extract_date: dt.date | None


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: enough to know it again, and to say whose figures these are.

    Attributes:
        name: file name without folders.
        digest: SHA-256, hexadecimal, of the bytes as they were given (packed if they came packed).
        publication: key of the reader that knew it.
        reader_version: goes up when a reader comes to read the same bytes differently.
        rows: data rows in the file, the header not counted.
        extract_date: day on which the publisher made the file, where the file says so.
        attribution: the sentence its licence asks for; empty for an organisation's own extract.
    """

    name: str
    digest: str
    publication: str
    reader_version: int
    rows: int
    extract_date: dt.date | None
    attribution: str


@dataclass(frozen=True, eq=False)
class Loaded:
    """What one file gave: its organisations, its observations, and notes that a person should read.

    `observations` has the columns of `OBSERVATION_COLUMNS` and no two rows with the same first five.
    """

    source: SourceFile
    organisations: tuple[Organisation, ...]
    observations: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def as_of(self) -> dt.date | None:
        """The newest day of which the file is known to know; None where nothing in it has a date.

        The day on which it was made where the file says so, the last day of the newest period that it has figures of,
        and the newest opening or closing that it tells of: whichever is latest.
        """
        days = [parse_period(str(period)).last_day for period in self.observations["period"].dropna().unique()]
        days += [day for one in self.organisations for day in (one.opened, one.closed) if day]
        return max([*days, *([self.source.extract_date] if self.source.extract_date else [])], default=None)

    def each_observation(self) -> Iterator[Observation]:
        """The observations one by one, each with its source. For looking at a few, not for arithmetic."""
        for row in self.observations[list(OBSERVATION_COLUMNS)].itertuples(index=False, name=None):
            fields = dict(zip(OBSERVATION_COLUMNS, row, strict=True))
            for number in ("numerator", "denominator", "value"):
                fields[number] = None if math.isnan(fields[number]) else float(fields[number])
            fields["state"] = State(fields["state"])
            yield Observation(**fields, source=self.source.name, extract_date=self.source.extract_date)
