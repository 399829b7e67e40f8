"""What commands have in common: options, results (standard output), all else said (standard error).

What arguments and options are for says options.yaml; code has their types and defaults.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import RootModel
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperOption

from t4c_lib.errors import InputError, RefusedInputsError
from t4c_lib.html_templates import text_from
from t4c_lib.plan import Side
from t4c_lib.typed_text import shown_safely
from t4c_lib.validation_messages import read_shipped

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of result. Square brackets stay what they are; what would steer the terminal is shown as a box."""
    _out.print(shown_safely(text), markup=False)


def say_from(template: str, **shown: object) -> None:
    """What a template of commands (cli/*.txt.j2) makes of what it shows, as lines of result; no line of nothing."""
    if lines := text_from(f"cli/{template}.txt.j2", **shown).rstrip("\n"):
        say(lines)


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


# Options that have to be given; without this a parameter without a default is an argument.
GivenText = Annotated[str, typer.Option()]
GivenTexts = Annotated[list[str], typer.Option()]
GivenSide = Annotated[Side, typer.Option()]
GivenFile = Annotated[Path, typer.Option()]

EVERY = "every command"  # the texts that hold where a command has none of its own
SAVES = {"by", "side"}  # who saves, or for whom: only commands that save something ask for it, beside those named here
ALSO_SAVE = {"evidence.add", "evidence.local", "main.restore", "main.load", "main.remove", "audit.load_people"}


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

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does it; a value that can't be is refused in the workbook's words."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as wrong:
            for found, said in read_shipped(RootModel[dict[str, str]], __package__, "values.yaml").root.items():
                wrong.message = re.sub(found, said, wrong.message)
            raise

    def invoke(self, ctx: Any) -> Any:
        """As typer does it; of a command that saves nothing no refusal says that nothing was saved."""
        try:
            return super().invoke(ctx)
        except (InputError, RefusedInputsError) as refused:
            each = refused.errors if isinstance(refused, RefusedInputsError) else (refused,)
            for one in () if self.saves else each:
                one.outcome = one.outcome.replace(InputError.outcome, "")
            raise
