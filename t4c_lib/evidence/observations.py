"""The nouns of evidence: who was counted (organisation), what was counted (observation), where it was read (source).

Observations travel by the thousand, so readers hand them over as a table with the columns of `OBSERVATION_COLUMNS`:
an organisation's code; a series (key of a measure or of another pinned one), a population, a breakdown ("all" or one
group as "age=16-24"), a period as text of t4c_lib.periods; numerator, denominator (none for plain counts) and value,
not known unless the state is counted or zero; the unit of the value. Shares are fractions 0-1, never percent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from t4c_lib.periods import parse_period

if TYPE_CHECKING:
    import pandas as pd

OBSERVATION_KEY = ("organisation", "series", "population", "breakdown", "period")  # which figure it is
NUMBER_COLUMNS = ("numerator", "denominator", "value")
OBSERVATION_COLUMNS = (*OBSERVATION_KEY, *NUMBER_COLUMNS, "state", "unit")
ALL = "all"  # the breakdown that breaks nothing down

TRUST_WORKFORCE = "trust workforce"
SUPPORT_STAFF = "support staff"


class State(StrEnum):
    """What a value, or its absence, means. A count of nobody is `zero`, which is known; `missing` is not known."""

    counted = "counted"
    zero = "zero"
    suppressed = "suppressed"
    missing = "missing"
    not_applicable = "not applicable"


DEMONSTRATION = "demonstration"  # what stands beside the name of an organisation that is made up
# Types under which official files name what employs nobody: figures of a place, not of an employer.
AUTHORITY = "Local authority"
PLACES = frozenset({"Country", "ICS area", AUTHORITY, "NHS England region"})
ANY_TRUST = "NHS trust"  # of whatever kind: what a list of trusts says
ENDED = frozenset({"Clinical commissioning group"})  # in July 2022, all of them; no list gives their closing days


class Organisation(NamedTuple):
    """An employer as a file describes it. Files may know more or less of it: what they don't tell is empty or None."""

    code: str  #: ODS code, or the local code its own extract gives
    name: str  #: readable name; the code where a file gives no name
    type: str = ""  #: as its file words it ("Acute", "Integrated Care Board"); "NHS trust" from the ODS list
    region: str = ""  #: code of its NHS England region, or of the country for Welsh bodies
    ics: str = ""  #: code of its integrated care system
    opened: dt.date | None = None  #: first day, inclusive
    closed: dt.date | None = None  #: last day, inclusive; None while it is open
    demonstration: bool = False  #: True for the made-up organisations that ship with the workbook
    sector: str = ""  #: "" unless known; else "NHS" or "adult social care"

    @property
    def title(self) -> str:
        """The name as it is printed: a made-up organisation says that it is one, whatever it is called."""
        marked = not self.demonstration or DEMONSTRATION in self.name.casefold()
        return self.name if marked else f"{self.name} ({DEMONSTRATION})"

    @property
    def is_employer(self) -> bool:
        """Whether it can have a plan: a place, of which there are figures too, can't."""
        return self.type not in PLACES | ENDED

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it existed on that day: from `opened` to `closed`, both included; an unknown end doesn't exclude."""
        return (self.opened is None or self.opened <= day) and (self.closed is None or day <= self.closed)


class SourceFile(NamedTuple):
    """A file that was read: enough to know it again, and to say whose figures these are."""

    name: str  #: file name without folders
    digest: str  #: SHA-256, hexadecimal, of the bytes as they were given (packed if they came packed)
    publication: str  #: key of the reader that knew it
    reader_version: int  #: goes up when a reader comes to read the same bytes differently
    rows: int  #: data rows in the file, the header not counted
    extract_date: dt.date | None  #: day on which the publisher made the file, where the file says so
    attribution: str  #: the sentence its licence asks for; empty for an organisation's own extract


class Loaded(NamedTuple):
    """What one file gave, with notes for a person; no two rows (OBSERVATION_COLUMNS) have the same first five."""

    source: SourceFile
    organisations: tuple[Organisation, ...]
    observations: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def as_of(self) -> dt.date | None:
        """The newest day that it speaks of: on which it was made, of a period's end, of an opening or a closure."""
        days = [parse_period(str(period)).last_day for period in self.observations["period"].dropna().unique()]
        days += [day for one in self.organisations for day in (one.opened, one.closed) if day]
        return max([*days, *([self.source.extract_date] if self.source.extract_date else [])], default=None)


# Mergers of trusts. The ODS list says that a trust closed, and not who took over its work. So nothing is linked by
# itself: there are leads, a trust that opened the day after the closure or one of the same area that took another name.
TRUSTS = "ods-trusts"
OLD_TRUST_CODE = r"[RT][A-Z0-9]{2}"  # of all trusts until 2024; newer codes are like G6V2S


def leads(closed: Organisation, candidates: Iterable[Organisation]) -> tuple[tuple[Organisation, str], ...]:
    """Which of those that opened since, or were renamed, may have taken over the work of one that closed, and why."""
    found = []
    for other in candidates:
        is_near = bool(closed.ics) and closed.ics == other.ics
        if closed.closed and other.opened == closed.closed + dt.timedelta(days=1):
            found.append((other, "opened the day after" + (", in the same ICS" if is_near else "")))
        elif is_near and other.opened and other.opened < (closed.closed or dt.date.max):
            found.append((other, "was renamed between editions of the list, in the same ICS"))
    return tuple(found)
