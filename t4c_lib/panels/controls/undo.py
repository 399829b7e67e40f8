"""Taking changes back, the last first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import traitlets

from t4c_lib.panels.controls.field import Control

MOST = 100


@dataclass(frozen=True)
class _Step:
    words: str
    before: tuple[Any, ...]


class Undo(Control):
    """A button that takes back the last change to any of some fields. Typing in one field is one change.

    Make it before others observe the fields: a change that follows from another then belongs to it, when it is made
    while changes are `joined`.

    Args:
        fields: controls with a `value`, by the words that the button has for each ("the date").

    Attributes:
        last: the words for the field whose change would be taken back; empty when there is none.
    """

    last = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)

    def __init__(self, fields: Mapping[str, Any], **traits: Any) -> None:
        super().__init__(**traits)
        self._fields = tuple(fields.values())
        self._words = {id(field): words for words, field in fields.items()}
        self._steps: list[_Step] = []
        self._now = self._values()
        self._joined = False
        for field in self._fields:
            field.observe(self._changed, names="value")
        self.on_msg(self._came)

    @contextmanager
    def joined(self) -> Iterator[None]:
        """While it lasts, changes belong to the change before, and are taken back together with it."""
        before, self._joined = self._joined, True
        try:
            yield
        finally:
            self._joined, self._now = before, self._values()

    def forget(self) -> None:
        """Nothing before now can be taken back."""
        self._steps.clear()
        self._now = self._values()
        self.last = self.said = ""

    def undo(self) -> None:
        """Take the last change back; nothing happens when there is none."""
        if not self._steps:
            return
        step = self._steps.pop()
        with self.joined():
            for field, value in zip(self._fields, step.before, strict=True):
                if field.value != value:
                    # What is no longer offered can't come back; the rest does.
                    with suppress(traitlets.TraitError):
                        field.value = value
        self.said = f"Undone: {step.words}."
        self.last = self._steps[-1].words if self._steps else ""

    def _values(self) -> tuple[Any, ...]:
        return tuple(field.value for field in self._fields)

    def _changed(self, change: Any) -> None:
        if self._joined:
            return
        words = self._words[id(change["owner"])]
        if not self._steps or self._steps[-1].words != words:
            self._steps = [*self._steps[-MOST:], _Step(words, self._now)]
        self._now = self._values()
        self.last, self.said = words, ""

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "undo":
            self.undo()
