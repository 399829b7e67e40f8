"""What is due soon, or was due and isn't done, by owner: as a list, as CSV, and as a calendar file."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from t4c_lib.errors import InputError
from t4c_lib.filesystem import write_whole
from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Day, Month
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord, RowRecord
from t4c_lib.programme.register import Register
from t4c_lib.progress.provenance import spreadsheet_csv
from t4c_lib.progress.row_progress import NOTHING_ON_RECORD
from t4c_lib.progress.status_facts import next_review, shown_by
from t4c_lib.quantities import count_of
from t4c_lib.typed_text import shown_safely

WEEKS = 6
REMINDER_COLUMNS = ("due", "owner", "holder", "intention", "kind", "what", "days overdue", "organisation")
NOBODY = "no responsible post named"
WHO_ASKS = "Work experience lead"
# Calendars mark what comes from one program by its identifier.
_PRODUCT = "-//Talent for Care planning workbook//Reminders//EN"


class ReminderKind(StrEnum):
    """What is due."""

    ACTION = "action"
    CHECKPOINT = "checkpoint"
    TARGET = "target"
    REVIEW = "review"
    EVIDENCE = "evidence"
    FOLLOW_UP = "follow-up"


class Reminder(NamedTuple):
    """One thing that somebody is to see to."""

    due: dt.date  #: the last day on which it is in time
    owner: str  #: the responsible post; empty where the plan names none
    holder: str  #: who holds the post; empty where the plan doesn't say
    intention: int  #: its number; 0 of a follow-up of the work experience programme
    kind: ReminderKind
    what: str  #: it is, in a few words
    overdue_days: int  #: for how many days it has been due; 0 while there is time
    row: str  #: how messages call the plan's row

    @property
    def who(self) -> str:
        """The post and who holds it, as far as the plan names them."""
        return " ".join(filter(None, (self.owner or NOBODY, f"({self.holder})" if self.holder else "")))

    @property
    def when(self) -> str:
        """The day, and for how long it has been over."""
        late = f", overdue by {count_of(self.overdue_days, 'days')}" if self.overdue_days else ""
        return f"{Day(self.due).label}{late}"

    def __str__(self) -> str:
        return f"{self.when}, {self.who}: {self.what}"


def reminders(
    plan: Plan, as_of: dt.date, weeks: int = WEEKS, record: PartnershipRecord = NOTHING_ON_RECORD
) -> tuple[Reminder, ...]:
    """What of a plan is due from a day on, or was due before it and isn't done; by date, then by owner.

    A checkpoint or a target is due with its month, whatever the figures say, and is left out once that has passed: the
    status then says how it ended. Actions, evidence and reviews stay on the list until they are done, which the
    record of that day may say. So many weeks ahead are looked at, the last day included; ValueError below 0.
    """
    if weeks < 0:
        raise ValueError(f"Reminders look ahead: give 0 weeks or more, not {weeks}.")
    until = as_of + dt.timedelta(weeks=weeks)
    plan = record.with_recorded(plan)
    rows: tuple[MeasureRow | ActionRow, ...] = (*plan.actions, *plan.measures)
    due = ((row, *one) for row in rows if row.is_open for one in _due(row, as_of, record.of_row(row)))
    ends = ((row, kind, month.last_day, what) for row, kind, month, what in due if month.last_day <= until)
    found = [
        Reminder(day, row.post, row.holder, row.intention_number, kind, what, max(0, (as_of - day).days), row.label)
        for row, kind, day, what in ends
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.owner, one.intention, one.row, one.kind)))


def follow_up_reminders(register: Register) -> tuple[Reminder, ...]:
    """The follow-ups of placements that are due, overdue or to come: how many people on each day, and not who."""
    asked, found = Counter((one.due, one.asked_at) for one in register.all_follow_ups if one.state != "missed"), []
    for (day, name), people in sorted(asked.items()):
        what = f"{name} after their placement, ask {count_of(people, 'people')} what became of them"
        late, row = max(0, (register.day - day).days), f"follow-up at {name}"
        found.append(Reminder(day, WHO_ASKS, "", 0, ReminderKind.FOLLOW_UP, what, late, row))
    return tuple(found)


def _due(row: MeasureRow | ActionRow, as_of: dt.date, record: RowRecord) -> Iterator[tuple[ReminderKind, Month, str]]:
    follows = record.follows is not None
    if isinstance(row, ActionRow):
        if row.due is not None and not (record.is_done if follows else row.is_done):
            yield ReminderKind.ACTION, row.due, row.wording
        return
    kind = row.what.kind
    is_shown = record.is_done if follows else bool(shown_by(row, as_of))
    if kind is MeasureKind.EVIDENCE and row.due is not None and not is_shown:
        yield ReminderKind.EVIDENCE, row.due, f"evidence for: {row.wording}"
    if (following := next_review(row)) is not None:
        yield ReminderKind.REVIEW, following, f"review: {row.wording}"
    if not row.has_amount:
        return
    stops = [(ReminderKind.CHECKPOINT, one.due) for one in row.checkpoints]
    stops += [(ReminderKind.TARGET, row.due)] if row.target is not None and row.due is not None else []
    for stop, month in stops:
        if month.last_day >= as_of:
            yield stop, month, f"{stop}: {row.wording_and_group}"


def reminders_csv(found: Iterable[Reminder], organisation: str) -> str:
    """The list as comma-separated text, in which no cell can be taken for a formula."""
    rows = (
        (one.due, one.owner, one.holder, one.intention, one.kind, one.what, one.overdue_days, organisation)
        for one in found
    )
    return spreadsheet_csv([REMINDER_COLUMNS, *rows])


def reminders_calendar(found: Iterable[Reminder], organisation: str, made_at: dt.datetime) -> bytes:
    """The list as a calendar file (RFC 5545): an all-day entry for each, with a reminder a week before.

    An entry has the same identifier whenever it is made, so that a calendar which takes a newer file in replaces it.
    `made_at` is the moment that the file bears.
    """
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for one in found:
        event = icalendar.Event()
        said = "\x1f".join((organisation, one.row, one.kind, one.due.isoformat()))
        event.add("uid", f"{hashlib.sha256(said.encode()).hexdigest()[:32]}@t4c")
        event.add("dtstamp", made_at)
        event.add("dtstart", one.due)
        event.add("dtend", one.due + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("summary", _text(f"{'Overdue: ' if one.overdue_days else ''}{one.what}"))
        about = f"Intention {one.intention} of the plan" if one.intention else "Work experience programme"
        event.add("description", _text(f"{one.who}. {about} of {organisation}."))
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", _text(one.what))
        alarm.add("trigger", dt.timedelta(days=-7))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _text(typed: str) -> str:
    # The library escapes line ends, commas and semicolons. Other programs end a line at marks that it lets pass.
    return shown_safely("\n".join(typed.splitlines()))


def write_reminders(found: Iterable[Reminder], organisation: str, file: Path, made_at: dt.datetime) -> None:
    """Write CSV or calendar, as the file's name ends, all or nothing. Raises InputError: another end, or unwritable."""
    if file.suffix.lower() == ".ics":
        content = reminders_calendar(found, organisation, made_at)
    elif file.suffix.lower() == ".csv":
        # The mark at the beginning tells Excel that it is UTF-8.
        content = reminders_csv(found, organisation).encode("utf-8-sig")
    else:
        ending = file.suffix or file.name
        raise InputError.of(str(file), f"reminders can be saved as .csv or .ics, not as '{ending}'.")
    write_whole(file, content)
