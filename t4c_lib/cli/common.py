"""What commands have in common: what they write and read, what their options are for, and the save of a plan.

Results go to standard output, progress and complaints to standard error. Texts that people hand in as files are read in
one way, and names of files to write are held to what is written there. What arguments and options are for is said by
options.yaml; code has their types and defaults.
"""

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypedDict, Unpack

import typer
from pydantic import RootModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperOption

from t4c_lib.errors import InputError, RefusedInputsError, T4CError, UnknownNameError
from t4c_lib.evidence import Organisation
from t4c_lib.periods import Day, today
from t4c_lib.plan import Plan, Side, changes_as_lines, changes_between
from t4c_lib.store import Revision, Store
from t4c_lib.typed_text import shown_safely
from t4c_lib.validation_messages import read_shipped

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of result. Square brackets stay what they are; what would steer the terminal is shown as a box."""
    _out.print(shown_safely(text), markup=False)


def say_each(lines: Iterable[object], *, none: str = "", indent: str = "") -> None:
    """A line of result for each of them; where there are none, what is said instead."""
    for line in [f"{indent}{line}" for line in lines] or filter(None, [none]):
        say(line)


def say_table(rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> None:
    """Rows under each other; a cell that is too long for its column goes on below itself.

    Rows have one cell more than there are widths. The widths are in characters and of all columns but the last, which
    takes what the screen has left.
    """
    table = Table.grid(*(Column(width=width) for width in widths), Column(ratio=1), padding=(0, 2, 0, 0), expand=True)
    for row in rows:
        table.add_row(*(Text(shown_safely(cell)) for cell in row))
    _out.print(table, soft_wrap=False)


def screen_width() -> int:
    """How many characters a line of results holds."""
    return _out.width


def complain(text: str) -> None:
    """A message about something that went wrong."""
    _err.print(shown_safely(text), markup=False, style="bold red" if _err.is_terminal else "")


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A bar that a piece of work moves by calling `step(what, fraction)`; nothing is drawn where nobody looks on."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task("", total=1.0)

        def step(what: str, fraction: float) -> None:
            bar.update(task, description=what, completed=fraction)

        yield step


DOCUMENTS = {".docx", ".doc", ".xlsx", ".xls", ".pdf", ".pptx", ".odt", ".html", ".csv", ".txt", ".yaml", ".ics"}


def read_text(file: Path) -> str:
    """A file's text with its line ends as they are, so that a plan comes back byte for byte.

    Raises InputError: there is no such file, it can't be read, or it is not UTF-8.
    """
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError.of(str(file), "There is no such file.") from None
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        raise InputError.of(file.name, "This is not UTF-8 text.", "Save the file as UTF-8.", place=place) from None
    except OSError as error:
        raise InputError.of(file.name, f"It can't be read: {error.strerror}.") from None


def check_ending(file: Path, what: str, ending: str = "", instead: str = "") -> None:
    """Hold the name of a file to write to what will be in it, so that no YAML lies in a file called .docx.

    The message says what is written ("the plan as YAML") and, as a whole sentence, what to do instead for what the name
    asks for. The ending has the point before it; if it is empty, any will do but those of documents. Raises InputError:
    the name ends otherwise.
    """
    given = file.suffix.casefold().replace(".yml", ".yaml")
    if given != ending and (ending or given in DOCUMENTS):
        name = f"ends in '{file.suffix}'" if given else "has no ending"
        hint = f"Call it {file.with_suffix(ending).name}. {instead}".strip()
        raise InputError.of(str(file), f"this writes {what}, and the name {name}.", hint)


EVERY = "every command"  # the texts that hold where a command has none of its own
SAVES = {"by", "side"}  # who saves, or for whom: only commands that save something ask for it, beside those named here
ALSO_SAVE = {"evidence.add", "evidence.local", "main.restore", "main.load_demo", "main.remove_demo"}


@cache
def option_texts() -> dict[str, dict[str, str]]:
    """What each argument and option is for, by the command's function ("agreement.show"), or for every command."""
    return read_shipped(RootModel[dict[str, dict[str, str]]], __package__, "options.yaml").root


class Explained(TyperCommand):
    """A command with the texts of options.yaml. A flag has no opposite (--no-yes) unless its declaration names one."""

    def __init__(self, *said: Any, **how: Any) -> None:
        super().__init__(*said, **how)
        function = self.callback
        room = function.__module__.rpartition(".")[2] if function else ""
        name = f"{room}.{function.__name__}" if function else ""
        self.saves = name in ALSO_SAVE or any(one.name in SAVES for one in self.params)
        texts = option_texts()[EVERY] | option_texts().get(name, {})
        for one in self.params:
            if isinstance(one, TyperArgument | TyperOption) and one.name:
                one.help = texts[one.name]
                made_by_itself = f"--no-{one.name.replace('_', '-')}"
                one.secondary_opts = [opt for opt in one.secondary_opts if opt != made_by_itself]

    def invoke(self, ctx: Any) -> Any:
        """As typer does it; of a command that saves nothing no refusal says that nothing was saved."""
        try:
            return super().invoke(ctx)
        except (InputError, RefusedInputsError) as refused:
            each = refused.errors if isinstance(refused, RefusedInputsError) else (refused,)
            for one in () if self.saves else each:
                one.outcome = one.outcome.replace(InputError.outcome, "")
            raise


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


def day_of(typed: str | None) -> dt.date | None:
    """The day that somebody typed, if they typed one. Raises PeriodError for what is no day."""
    return Day.parse(typed).date if typed is not None else None


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


@contextmanager
def plan_of(code: str) -> Iterator[tuple[Store, Revision]]:
    """The store, and the revision of the plan that holds now. Raises NoPlanError, UnknownNameError."""
    with Store.open() as store:
        yield store, current_revision(store, code)


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
        unset = sum(row.has_amount and row.target is None for row in after.measures)
        whose = title or f"{after.organisation_name} ({after.organisation})"
        counts = f"{len(after.actions)} actions, {len(after.measures)} measures, {unset} of them without an X"
        say(f"A first plan for {whose}: {counts}.")
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
    """Ask, unless the answer was given.

    Raises:
        NotSavedError: the answer was no.
        InputError: somebody should have been asked, and nobody is there.
    """
    if not yes:
        somebody_is_there("--yes")
        if not typer.confirm(question):
            raise NotSavedError("Nothing was saved.")


def somebody_is_there(option: str) -> None:
    """Refuse to ask where nobody can answer. Raises InputError that names the option to give instead."""
    if not sys.stdin.isatty():
        raise InputError.of("command line", f"Nobody can be asked here, without a terminal: add {option}.")
