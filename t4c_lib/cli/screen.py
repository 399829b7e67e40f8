"""What the command line writes: results on standard output, progress and complaints on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of result. Square brackets stay what they are."""
    _out.print(text, markup=False)


def complain(text: str) -> None:
    """A message about something that went wrong."""
    _err.print(text, markup=False, style="bold red" if _err.is_terminal else "")


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """A bar that a piece of work moves by calling `step(what, fraction)`; nothing is drawn where nobody looks on."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task("", total=1.0)

        def step(what: str, fraction: float) -> None:
            bar.update(task, description=what, completed=fraction)

        yield step
