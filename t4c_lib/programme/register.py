"""The register as its entries make it: each record as it stands now, what it said before, and what is due."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from t4c_lib.errors import Problem
from t4c_lib.periods import Day, FinancialYear, Month
from t4c_lib.plan import Evidence
from t4c_lib.programme.records import WITHDRAWN, Content, Value, record_kind, record_kinds

if TYPE_CHECKING:
    import pandas as pd  # loaded where it is needed: a command that looks at a plan is not to wait for it

IN_FORCE = "in force"  # of a policy or document
STAGES = ("planned", "offered", "hosted", "completed")
LEFT = "left"  # before the end: hosted, and not completed
FOLLOW_UPS = {"3 months": 3, "6 months": 6, "12 months": 12}
AT_END = "the end"
TOTALS, SETTINGS = "totals", "settings"  # what the program itself keeps among the entries
QUARTER = re.compile(
    r"quarter [1-4] of \d{4}/\d\d|(?:January to March|April to June|July to September|October to December) \d{4}"
)
KEYS_OF_TOTALS = 4  # cells of a row of totals that name it; the others are counts
RETENTION_MONTHS = 24  # unless the organisation says otherwise
AHEAD = dt.timedelta(days=31)  # how far ahead of its day a follow-up is shown as due
TO_COME = "to come"  # of a follow-up that is not due within that time
ASKED_LATE = dt.timedelta(days=92)  # how long after its day it is still asked


class Entry(NamedTuple):
    """One save of a record: a new one, a correction, or that it was a mistake."""

    number: int  #: within the organisation, counted from 1
    kind: str  #: of the record; see records.yaml
    ref: str  #: of the record
    content: Content  #: what it says, whole
    by: str  #: who entered it
    at: dt.datetime  #: when, in UTC


def is_sound(kind: str, content: Content) -> bool:
    """Whether an entry of a kind may say that. Raises InputError, UnknownNameError: it can't."""
    if kind == SETTINGS:
        is_year = isinstance(year := content.get("whole_from"), str) and str(FinancialYear.parse(year)) == year
        return len(content) == 1 and (is_year or isinstance(content.get("months"), int))
    if kind == TOTALS:
        counts = [count for row in content["rows"] for count in row[KEYS_OF_TOTALS:]]
        is_counted = all(isinstance(one, int) and one >= 0 for one in (*counts, *content["last"].values()))
        return is_counted and dt.date.fromisoformat(content["first"]) < dt.date.max
    if content.keys() == {WITHDRAWN}:
        return bool(record_kind(kind)) and isinstance(content[WITHDRAWN], str)
    return record_kind(kind).is_sound(content)


class FollowUp(NamedTuple):
    """Somebody to be asked what became of them; `state`: to come, due, overdue, or missed, when it is asked no more."""

    due: dt.date
    placement: Entry
    asked_at: str  #: as records.yaml has it: "6 months"
    state: str


class Register:
    """What is kept of one organisation's programme on a day: all entries, in the order of their numbers."""

    def __init__(self, entries: Iterable[Entry], day: dt.date) -> None:
        self.entries, self.day = tuple(entries), day
        self._versions: dict[tuple[str, str], list[Entry]] = {}
        for one in self.entries:
            self._versions.setdefault((one.kind, one.ref), []).append(one)

    def of(self, kind: str) -> list[Entry]:
        """The records of a kind as they stand now, oldest first; those withdrawn are left out."""
        return self._current.get(kind, [])

    @cached_property
    def _current(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for (kind, _), versions in self._versions.items():
            if WITHDRAWN not in versions[-1].content:
                found.setdefault(kind, []).append(versions[-1])
        return found

    def history(self, ref: str) -> list[Entry]:
        """Everything that was saved of a record, oldest first."""
        return next((versions for (_, known), versions in self._versions.items() if known == ref), [])

    @cached_property
    def names(self) -> dict[str, str]:
        """What every record is called that others name, by its reference."""
        return {ref: name for known in self.known.values() for ref, name in known.items()}

    @cached_property
    def known(self) -> dict[str, dict[str, str]]:
        """The same by kind of record; of two that are called alike each has its reference with it."""
        found: dict[str, dict[str, str]] = {}
        named = {field.of for one in record_kinds().values() for field in one.fields.values() if field.of}
        for kind in named:
            names = {one.ref: str(one.content.get(record_kind(kind).name) or one.ref) for one in self.of(kind)}
            often = Counter(names.values())
            found[kind] = {ref: name if often[name] == 1 else f"{name} ({ref})" for ref, name in names.items()}
        return found

    @property
    def retention_months(self) -> int:
        """For how long what is known of a person is kept after the placement's last day."""
        return int(self._setting("months", RETENTION_MONTHS))

    @property
    def whole_from(self) -> FinancialYear | None:
        """The first financial year of which the organisation says that the record is whole; None if it says nothing."""
        year = self._setting("whole_from", "")
        return FinancialYear.parse(str(year)) if year else None

    def _setting(self, name: str, otherwise: Value) -> Value:
        said = (one.content for one in reversed(self._versions.get((SETTINGS, SETTINGS), [])))
        return next((content[name] for content in said if name in content), otherwise)

    @cached_property
    def placements(self) -> pd.DataFrame:
        """A row for each placement, by its reference: the fields of records.yaml as text, `rating` as a number.

        And `first` and `last`, its days; `year`, the financial year of the first; `reached`, how many of the stages
        planned, offered, hosted, completed it came to (1 to 4; one who left was hosted).
        """
        import numpy as np
        import pandas as pd

        records = self.of("placement")
        names = [*record_kind("placement").fields]
        frame = pd.DataFrame([one.content for one in records], columns=names, index=[one.ref for one in records])
        numbers = {key: pd.to_numeric(frame[key]) for key in ("rating", "days", "hours")}
        frame = frame.astype("object").where(frame.notna(), "").assign(**numbers)
        first = frame["starts"].to_numpy(dtype="datetime64[D]")
        days = frame["days"].fillna(1).to_numpy(dtype=int)
        reached = frame["stage"].map({stage: place for place, stage in enumerate(STAGES, 1)} | {LEFT: 3}).astype(int)
        last = np.busday_offset(first, days - 1, roll="forward") if len(frame) else first
        years = {day: str(Month.of(day).financial_year) for day in set(first.tolist())}
        return frame.assign(first=first, last=last, year=[years[day] for day in first.tolist()], reached=reached)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """A row for each outcome: the fields of records.yaml as text, those of placements that are kept only."""
        import pandas as pd

        frame = pd.DataFrame([one.content for one in self.of("outcome")], columns=[*record_kind("outcome").fields])
        frame = frame.astype("object").where(frame.notna(), "")
        return frame[frame["placement"].isin(self.placements.index)]

    @cached_property
    def all_follow_ups(self) -> list[FollowUp]:
        """Who is to be asked what became of them, or was missed, the longest overdue first.

        Of one person the newest only whose day has come: who is asked at six months tells what was so at three.
        """
        asked: dict[str, set[str]] = {}
        for ref, when in zip(self.outcomes["placement"], self.outcomes["asked_at"], strict=True):
            asked.setdefault(ref, set()).add(when)
        return sorted(self._due(asked), key=lambda one: (one.due, one.placement.ref))

    @cached_property
    def follow_ups(self) -> dict[str, list[FollowUp]]:
        """The same by state: "overdue", "due" now or within a month, "missed", and "to come"."""
        found: dict[str, list[FollowUp]] = {"overdue": [], "due": [], "missed": [], TO_COME: []}
        for one in self.all_follow_ups:
            found[one.state].append(one)
        return found

    def _due(self, asked: dict[str, set[str]]) -> Iterator[FollowUp]:
        by_ref = {one.ref: one for one in self.of("placement")}
        ended = self.placements[self.placements["stage"] == STAGES[-1]]
        for ref, last in zip(ended.index, ended["last"].dt.date, strict=True):
            for name, months in reversed(FOLLOW_UPS.items()):
                due = months_after(last, months)
                if name in asked.get(ref, ()):
                    break
                late = "missed" if due + ASKED_LATE < self.day else "overdue"
                state = late if due < self.day else "due" if due <= self.day + AHEAD else TO_COME
                yield FollowUp(due, by_ref[ref], name, state)
                if state != TO_COME:
                    break

    @property
    def coming_weeks(self) -> list[dt.date]:
        """The Mondays of this week and of the eleven after it."""
        return [self.day + dt.timedelta(weeks=week, days=-self.day.weekday()) for week in range(12)]

    def free_places(self) -> dict[str, list[tuple[int, int]]]:
        """For each setting with places, by coming week: how many are free, below 0 if too many are booked; and all."""
        import numpy as np

        found = {}
        for one in self.of("setting"):
            if "places" in one.content:
                mine = self.placements.loc[self.placements["setting"] == one.ref, ["first", "last"]].to_numpy().T
                there, free = int(one.content["places"]), []
                for begins in map(np.datetime64, self.coming_weeks):
                    taken = int(((mine[0] <= begins + np.timedelta64(6, "D")) & (mine[1] >= begins)).sum())
                    free.append((there - taken, there))
                found[one.ref] = free
        return found

    def past_retention(self) -> list[Entry]:
        """The placements whose time is over: their person is to be forgotten."""
        last, months = self.placements["last"].dt.date, self.retention_months
        gone = {ref for ref, day in last.items() if months_after(day, months) < self.day}
        return [one for one in self.of("placement") if one.ref in gone]


def day_of(one: Entry, field: str) -> dt.date:
    """What a record has in a field of a day, or the first day of what it has in one of a month."""
    return dt.date.fromisoformat(f"{one.content[field]}-01"[:10])


@lru_cache(maxsize=8192)  # thousands of placements end on some hundred days
def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the month's last where it has no such day."""
    month = Month.of(day) + months
    return min(month.first_day + dt.timedelta(days=day.day - 1), month.last_day)


def said_in_words(before: Entry | None, after: Entry, names: dict[str, str]) -> str:
    """What a save changed, in words: "Stage: hosted, before: planned"; all that it says where it is the first."""
    kind = record_kind(after.kind)
    if WITHDRAWN in after.content:
        return f"withdrawn: {after.content[WITHDRAWN]}"
    told = []
    for key, one in kind.fields.items():
        now, then = (kind.text_of(key, each.content, names) if each else "" for each in (after, before))
        if now != then:
            was = f", before: {then or 'nothing'}" if before is not None else ""
            told.append(f"{one.label}: {now or 'nothing'}{was}")
    return "; ".join(told) or "nothing changed"


def contradictions(kind: str, content: Content, register: Register, ref: str = "") -> Iterator[Problem]:
    """What a record says that can't be so on the register's day, or beside others; each at its field's label."""
    fields, name = record_kind(kind).fields, record_kind(kind).name
    if kind == "placement" and content["stage"] in (*STAGES[2:], LEFT):
        begins = dt.date.fromisoformat(content["starts"])
        if begins > register.day:
            yield Problem(fields["stage"].label, f"it begins on {Day(begins).label}, so nobody was hosted yet.")
    if kind == "outcome":
        on, ref = content["on"], content["placement"]
        begun = next((one.content["starts"] for one in register.of("placement") if one.ref == ref), on)
        if on < begun or on > register.day.isoformat():
            words = "this day is still to come." if on >= begun else f"the placement began on {Day.parse(begun).label}."
            yield Problem(fields["on"].label, words)
    if kind == "reflection" and not QUARTER.fullmatch(content["quarter"]):
        now = Month.of(register.day).quarter.label
        yield Problem(fields["quarter"].label, f"choose a quarter of a financial year, such as {now}.")
    if kind in ("partner", "setting"):
        called = {str(one.content[name]).casefold(): one.ref for one in register.of(kind)}
        if (other := called.get(str(content[name]).casefold(), ref)) != ref:
            yield Problem(fields[name].label, f"there is one of this name: {other}.")


def recorded_evidence(register: Register) -> dict[str, tuple[Evidence, ...]]:
    """Documents in force that the lists have, by the key of the measure that each shows to be in place."""
    found: dict[str, tuple[Evidence, ...]] = {}
    for one in register.of("policy"):
        said, shows = one.content, str(one.content.get("shows", ""))
        if shows and said["status"] == IN_FORCE:
            approved = day_of(one, "approved_on") if "approved_on" in said else None
            about = {"link": said.get("link", ""), "approved_by": said.get("approved_by", "")}
            found[shows] = (*found.get(shows, ()), Evidence(what=said["title"], date=approved, **about))
    return found


def recorded_reviews(register: Register) -> dict[str, dt.date]:
    """The newest day on which something was held that counts as a review, by the key of its measure."""
    found: dict[str, dt.date] = {}
    for one in register.of("recognition"):
        if "held" in one.content and (shows := str(one.content.get("shows", ""))):
            found[shows] = max(day_of(one, "held"), found.get(shows, dt.date.min))
    return found
