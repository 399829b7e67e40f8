"""What all controls share: how their programs are put together, and a field's label, unit, help and error."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Self

import anywidget
import traitlets

HERE = Path(__file__).parent


@cache
def program(name: str) -> str:
    """The JavaScript of a control: what all have in common, then its own."""
    return "\n".join((HERE / f"{part}.js").read_text(encoding="utf-8") for part in ("fields", name))


@cache
def look() -> str:
    """The style sheet of all controls."""
    return (HERE / "controls.css").read_text(encoding="utf-8")


class Control(anywidget.AnyWidget):
    """A small widget on the browser's own elements, which works the same on a page and in JupyterLab."""

    _css = traitlets.Unicode(look()).tag(sync=True)

    def on_value(self, told: Callable[[], None]) -> Self:
        """Call this after each change of the value, by a person or by the program. Gives the control itself."""
        self.observe(lambda _change: told(), names="value")
        return self


class Field(Control):
    """A control with a label. Everything here may be set again at any time.

    Attributes:
        label: what is asked, always in sight.
        unit: what the answer is counted in; stands after the label, and is read out with it.
        help: a sentence under the label, or empty.
        error: what is wrong with the answer and what is allowed, in words; empty when nothing is.
        disabled: whether it can be changed at all.
    """

    label = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str = "", **traits: Any) -> None:
        super().__init__(label=label, **traits)
        self.observe(self._check, names="value")

    def problem(self) -> str:
        """What is wrong with the present value, in words; empty when nothing is. Each kind of field has its own."""
        return ""

    def _check(self, _change: object) -> None:
        self.error = self.problem()
