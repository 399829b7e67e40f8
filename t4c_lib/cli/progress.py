"""`t4c progress`: where every row stands, what is due, and the log of what was done and learnt."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from t4c_lib.cli.console import Explained, GivenSide, GivenText, say, say_from, say_table, screen_width
from t4c_lib.cli.saving import current_revision, store_of, titled
from t4c_lib.errors import InputError
from t4c_lib.framework import catalogue
from t4c_lib.parameters import own_assumptions
from t4c_lib.periods import Day, today
from t4c_lib.plan.partnership.event_log import NoteKind
from t4c_lib.quantities import count_of
from t4c_lib.store import Store

if TYPE_CHECKING:
    from t4c_lib.progress import RowProgress

app = typer.Typer(help="Progress: where each row stands, what is due, what was done.", no_args_is_help=True)

REFERENCE_WIDTH, LABEL_WIDTH, NAME_WIDTH, STATUS_WIDTH = 4, 36, 28, 20  # characters
WIDE = 100  # a line of so many holds label and reason side by side


def _day(text: str | None) -> dt.date:
    return Day.parse(text).date if text is not None else today()


@app.command(cls=Explained)
def status(code: str, as_of: str | None = None, intention: int | None = None, chances: bool = False) -> None:
    """Show where every row of the plan stands, and why; and the chance of meeting its targets, where there is one.

    Chances are worked out from the newest counts, with the plan's own activity delivered and no other change.
    """
    from t4c_lib.progress import plan_progress, target_chances

    wanted = [catalogue().intention(intention)] if intention is not None else catalogue().intentions
    day = _day(as_of)
    with Store.open() as store:
        revision = current_revision(store, code)
        plan, title = revision.plan, titled(store, revision.plan)
        observations = store.observations(plan.organisation)
        record = store.partnership(plan.organisation, day)
    likely = target_chances(plan, observations, day, own=own_assumptions(plan.organisation))
    found = plan_progress(plan, observations, day, likely, record=record)
    say(f"{title}, on {Day(day).label}, plan of revision {revision.revision}")
    for one in wanted:
        rows = [row for row in found if row.intention_number == one.number]
        if chances:
            rows = [row for row in rows if row.chance is not None or row.no_chance]
        if rows:
            say("")
            say_table([(f"{one.number}.", one.title)], widths=(REFERENCE_WIDTH,))
            _say_rows([(row, _told(row, chance_alone=chances)) for row in rows])
            if notes := () if chances else record.of_intention(one.number):  # the newest, and how many more there are
                more = f" ({len(notes)} in all: t4c progress show)" if len(notes) > 1 else ""
                say(f"  {notes[-1]}{more}")
    say_from("status_end", likely=likely, chances=chances, record=record)


def _say_rows(rows: list[tuple[RowProgress, tuple[str, str]]]) -> None:
    """Each row's label, a word or two, and a sentence: side by side, or one under the other on a narrow screen."""
    if screen_width() >= WIDE:
        cells = [(row.reference, row.label, word, reason) for row, (word, reason) in rows]
        say_table(cells, widths=(REFERENCE_WIDTH, LABEL_WIDTH, STATUS_WIDTH))
    else:
        stacked = [(row.reference, word, f"{row.label}\n{reason}".rstrip()) for row, (word, reason) in rows]
        say_table(stacked, widths=(REFERENCE_WIDTH, STATUS_WIDTH))


def _told(row: RowProgress, *, chance_alone: bool) -> tuple[str, str]:
    """A word or two on a row, and a sentence: on where it stands, or on its chance alone."""
    from t4c_lib.whatif.outcomes_and_odds import format_chance

    chance = "" if row.chance is None else f"chance {format_chance(row.chance)}"
    if chance_alone:
        return chance or "no chance given", "" if chance else row.no_chance
    return f"{row.status.text}\n{chance}".rstrip(), row.status.reason


@app.command(cls=Explained)
def note(
    code: str,
    about: str,
    text: str,
    by: GivenText,
    side: GivenSide,
    on: str | None = None,
    kind: NoteKind = NoteKind.NOTE,
) -> None:
    """Add a note on an intention or a row to the log. It can't be altered; a later note can correct it.

    --kind review notes that a review was held: t4c progress note CODE 10m4 "Board and forum, all intentions" ...
    """
    with store_of(code) as (store, known):
        day = Day.parse(on).date if on is not None else None
        saved = store.progress_notes.add(known.code, about, text, by=by, side=side, on=day, kind=kind)
    say(f"Written as {saved.kind} {saved.number}: {saved}")


@app.command(cls=Explained)
def show(code: str, intention: str | None = None) -> None:
    """Print the log of notes and reflections, intention by intention, oldest first."""
    with store_of(code) as (store, known):
        notes = store.progress_notes.all(known.code, intention)
    say_from("notes", known=known, intentions=catalogue().intentions, notes=notes, code=code)


@app.command(cls=Explained)
def reminders(code: str, out: Path | None = None, as_of: str | None = None, weeks: int = 6) -> None:
    """List what is due in the next weeks, and what was due and is not done, with the responsible post."""
    from t4c_lib.progress import reminders as find
    from t4c_lib.progress import write_reminders

    if weeks < 0:
        raise InputError.of("command line", f"reminders look ahead by 0 weeks or more, not {weeks}.", place="--weeks")
    day = _day(as_of)
    with Store.open() as store:
        revision = current_revision(store, code)
        record = store.partnership(revision.organisation, day)
        title = titled(store, revision.plan)
    found = find(revision.plan, day, weeks, record)
    count = count_of(len(found), "reminders")
    if out is not None:
        write_reminders(found, code, out, dt.datetime.now(dt.UTC))
        say(f"{out}: {count}")
        return
    say(f"{title}: {count} up to {Day(day + dt.timedelta(weeks=weeks)).label}")
    if found:
        say_table([(one.when, one.who, one.what) for one in found], widths=(STATUS_WIDTH, NAME_WIDTH))
