"""What every command that saves a plan has in common: who saves, the preview, the question, the save."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypedDict, Unpack

import typer

from t4c_lib.cli.console import say, say_each, say_from
from t4c_lib.errors import InputError, T4CError, UnknownNameError
from t4c_lib.evidence import Organisation
from t4c_lib.periods import today
from t4c_lib.plan import Plan, Side, changes_as_lines, changes_between
from t4c_lib.store import Revision, Store


class Saver(TypedDict):
    """Who saves, for whom, what is said about it, and whether nobody is to be asked."""

    by: str | None
    side: Side | None
    note: str
    yes: bool


class NotSavedError(T4CError):
    """Somebody was asked and said no, or nobody was there to be asked."""


class NoPlanError(T4CError):
    """An organisation, or one of its revisions, of which there is no plan."""


@contextmanager
def store_of(code: str) -> Iterator[tuple[Store, Organisation]]:
    """The store, and the organisation that is meant, whatever the case of the code. Raises UnknownNameError."""
    with Store.open() as store:
        yield store, store.organisation(code)


def current_revision(store: Store, code: str) -> Revision:
    """The revision that holds now. Raises NoPlanError, UnknownNameError."""
    if (revision := store.latest_plan(code)) is None:
        known = store.organisation(code)
        raise NoPlanError(f"{known.title} ({code}) has no plan yet. Start one: t4c plan new {code} --year 2026/27")
    return revision


def titled(store: Store, plan: Plan) -> str:
    """Name and code of a plan's organisation, and that it is a demonstration where it is one."""
    with suppress(UnknownNameError):  # of a plan that came in as a file, no evidence may be here yet
        return f"{store.organisation(plan.organisation).title} ({plan.organisation})"
    return f"{plan.organisation_name} ({plan.organisation})"


def preview(before: Plan | None, after: Plan, title: str = "") -> int:
    """Say what a save would change, row by row or rows that change alike together; gives the number of changes.

    The plan as it is is None for a first one, of which the title (name and code) is said, its own if not given.
    """
    if before is None:
        unset = sum(row.can_have_x and row.change is None for row in after.measures)
        whose = title or f"{after.organisation_name} ({after.organisation})"
        say_from("first_plan", whose=whose, plan=after, unset=unset)
        return 1
    changes = changes_between(before, after)
    say_each(changes_as_lines(changes), indent="  ")
    return len(changes)


def save(
    store: Store, plan: Plan, *, parent: Revision | None, document: str | None = None, **saver: Unpack[Saver]
) -> None:
    """Ask whatever is not known yet, save, and say which revision it became. Raises what `confirm` raises."""
    say_each(store.reopened_by(plan, today()), indent="Re-opens what both sides had agreed: ")
    by, side, note, yes = saver["by"], saver["side"], saver["note"], saver["yes"]
    options = {"--yes": yes, "--by NAME": by, "--side SIDE": side}
    if missing := [option for option, given in options.items() if not given]:
        somebody_is_there(" ".join(missing))
    confirm("Save it?", yes=yes)
    name = by if by is not None else typer.prompt("Your name")
    spoken_for = side if side is not None else Side(typer.prompt("For whom (management, staff, both)"))
    number = parent.revision if parent else None
    revision = store.save_plan(plan, by=name, side=spoken_for, note=note, parent_revision=number, document=document)
    say(f"Saved as {revision}")


def save_changes(
    store: Store, current: Revision, plan: Plan, *, nothing: str = "Nothing changes.", **saver: Unpack[Saver]
) -> None:
    """Say what differs from the current revision and save it, as `save` does; or say that nothing does."""
    if preview(current.plan, plan) == 0:
        say(nothing)
    else:
        save(store, plan, parent=current, **saver)


def confirm(question: str, *, yes: bool) -> None:
    """Ask, unless the answer was given. Raises NotSavedError: it was no; InputError: nobody is there to be asked."""
    if not yes:
        somebody_is_there("--yes")
        if not typer.confirm(question):
            raise NotSavedError("Nothing was saved.")


def somebody_is_there(option: str) -> None:
    """Refuse to ask where nobody can answer. Raises InputError that names the option to give instead."""
    if not sys.stdin.isatty():
        raise InputError.of("command line", f"Nobody can be asked here, without a terminal: add {option}.")
