"""The log of what was done and what was learnt, intention by intention: notes and reflections, with day and author."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from t4c_lib.errors import InputError, Problem, did_you_mean
from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.periods import Day
from t4c_lib.plan.actions import ActionRow
from t4c_lib.plan.fields import FIRST_YEAR, Side
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership.acts import subject_of
from t4c_lib.typed_text import NAME, NOTE, take_text


class NoteKind(StrEnum):
    """What somebody writes down."""

    NOTE = "note"  # what was done, or is next
    REFLECTION = "reflection"  # what was learnt
    REVIEW = "review"  # that a review was held, which a row of the plan asks for


@dataclass(frozen=True)
class ProgressNote:
    """One entry of the log. It is never altered: who sees it otherwise adds another.

    Attributes:
        organisation: code.
        number: its place in the organisation's log, from 1; 0 while it isn't saved.
        intention: number of the intention it is about.
        kind: note or reflection.
        on: the day it is about.
        side: for whom its author speaks.
        by: its author.
        at: when it was written down, in UTC.
        text: what it says.
        row: the row of the plan that it is about, as acts name it; empty where it is about the whole intention.
    """

    organisation: str
    number: int
    intention: int
    kind: NoteKind
    on: dt.date
    side: Side
    by: str
    at: dt.datetime
    text: str
    row: str = ""

    @property
    def sentence(self) -> str:
        """That it was written, without a full stop."""
        about = f" of {Day(self.on).label}" if self.on != self.at.date() else ""
        if self.kind is NoteKind.REVIEW:
            return f'{self.by} noted a review{about} under intention {self.intention}: "{self.text}"'
        return f'{self.by} wrote a {self.kind}{about} on intention {self.intention}: "{self.text}"'

    def __str__(self) -> str:
        return f"{Day(self.on).label}, {self.kind} by {self.by} ({self.side}): {self.text}"


def new_note(
    organisation: str,
    intention: int | str,
    text: str,
    *,
    by: str,
    side: Side | str,
    on: dt.date | None = None,
    kind: NoteKind | str = NoteKind.NOTE,
    at: dt.datetime | None = None,
    row: ActionRow | MeasureRow | None = None,
) -> ProgressNote:
    """An entry that may be saved.

    Args:
        organisation: code.
        intention: its number, or its key.
        text: what it says.
        by: its author.
        side: for whom the author speaks: management, staff or both.
        on: the day it is about; the day of writing if nothing is said.
        kind: note or reflection.
        at: when it is written; now if nothing is said.
        row: the row of the plan that it is about; needed to note that a review was held.

    Raises:
        InputError: every problem at once: no text, a text that is too long, no author, an unknown side or kind, a day
            to come, a review of what is no review.
        UnknownNameError: no such intention.
    """
    moment = at or dt.datetime.now(dt.UTC)
    number = catalogue().intention(intention).number
    day, problems = on or moment.date(), list[Problem]()
    said = take_text(problems, "text", text, NOTE, "a note says something.")
    author = take_text(problems, "by", by, NAME, "whoever writes a note says who they are.")
    problems += _unknown("side", str(side), list(Side)) + _unknown("kind", str(kind), list(NoteKind))
    is_review = isinstance(row, MeasureRow) and row.what.kind is MeasureKind.REVIEW
    if str(kind) == NoteKind.REVIEW and not is_review:
        hint = "Give the measure that asks for the review, such as 10m4."
        problems.append(Problem("kind", f"{row.label if row else 'a whole intention'} is not a review.", hint))
    if day > moment.date():
        problems.append(Problem("on", f"a note is about a day that was, and {Day(day).label} is still to come."))
    if day.year < FIRST_YEAR:
        problems.append(Problem("on", f"{Day(day).label} is before there was an NHS.", "Is the year right?"))
    if problems:
        raise InputError(f"a note on intention {number} of {organisation}", problems)
    subject = "" if row is None else subject_of(row)
    return ProgressNote(organisation, 0, number, NoteKind(kind), day, Side(side), author, moment, said, subject)


def _unknown(field: str, found: str, allowed: list[str]) -> list[Problem]:
    if found in allowed:
        return []
    return [Problem(field, f"'{found}' is no {field}. Allowed: {', '.join(allowed)}.", did_you_mean(found, allowed))]
