"""Keeps the log of progress: notes and reflections on each intention, append-only."""

import datetime as dt
from dataclasses import replace
from typing import TypedDict, Unpack

from sqlalchemy import Connection, func, select

from t4c_lib.framework import catalogue
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.event_log import NoteKind, ProgressNote, new_note
from t4c_lib.store import plans
from t4c_lib.store.engine import PartOfStore, reading, writing
from t4c_lib.store.save_log import log_change
from t4c_lib.store.schema import keep_record, progress_note, records_of


class NoteFields(TypedDict, total=False):
    """The day that an entry is about, its kind, and when it is written; as `new_note` has them."""

    on: dt.date | None
    kind: NoteKind | str
    at: dt.datetime | None


class ProgressNotes(PartOfStore):
    """The log of every organisation. Found as `Store.progress_notes`."""

    def add(
        self, code: str, about: int | str, text: str, *, by: str, side: Side | str, **fields: Unpack[NoteFields]
    ) -> ProgressNote:
        """Write an entry down as `new_note` has it (`fields`: on, kind, at), and give it with its number.

        It is about an intention, by its number or key, or about a row of the plan, by its key or its place, such as
        10m4.

        Raises:
            InputError: every problem at once, and nothing was saved.
            UnknownNameError: no such intention, and no such row in the plan.
            StoreError: the store can't be written.
        """
        with reading(self._engine) as connection:
            latest = plans.latest(connection, code)
        names_row = not str(about).isdigit() and all(one.key != about for one in catalogue().intentions)
        about_row = latest.plan.rows(str(about))[0] if latest is not None and names_row else None
        intention = about if about_row is None else about_row.intention_number
        note = new_note(code, intention, text, by=by, side=side, row=about_row, **fields)
        with writing(self._engine, code) as connection:
            newest = select(func.coalesce(func.max(progress_note.c.number), 0))
            number = int(connection.execute(newest.where(progress_note.c.organisation == code)).scalar_one()) + 1
            saved = replace(note, number=number)
            keep_record(connection, progress_note, saved, code)
            log_change(connection, "note", saved.at, organisation=code, number=number, by=saved.by)
        return saved

    def all(self, code: str, intention: int | str | None = None) -> tuple[ProgressNote, ...]:
        """The entries of an organisation, or those on one intention, by its number or key, in the order of writing.

        Raises UnknownNameError: no such intention.
        """
        wanted = None if intention is None else catalogue().intention(intention).number
        with reading(self._engine) as connection:
            return tuple(one for one in notes_of(connection, code) if wanted in (None, one.intention))


def notes_of(connection: Connection, code: str) -> tuple[ProgressNote, ...]:
    """Every entry of an organisation, in the order in which they were written."""
    return records_of(connection, progress_note, ProgressNote, code)
