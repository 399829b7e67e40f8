"""What the command line writes: results on standard output, progress and complaints on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from t4c_lib.typed_text import shown_safely

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of result. Square brackets stay what they are; what would steer the terminal is shown as a box."""
    _out.print(shown_safely(text), markup=False)


def say_table(rows: Iterable[Sequence[str]], *, widths: Sequence[int]) -> None:
    """Rows under each other; a cell that is too long for its column goes on below itself.

    Args:
        rows: of equally many cells, one more than there are widths.
        widths: of all columns but the last, in characters; the last takes what the screen has left.
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
def progress() -> Iterator[Callable[[str, float], None]]:
    """A bar that a piece of work moves by calling `step(what, fraction)`; nothing is drawn where nobody looks on."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task("", total=1.0)

        def step(what: str, fraction: float) -> None:
            bar.update(task, description=what, completed=fraction)

        yield step
