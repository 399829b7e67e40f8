"""A button that does what the page shows, not what happens to have reached the kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from t4c_lib.panels.controls.field import Control, Field
from t4c_lib.panels.controls.message import Message

DIFFERS = "The fields had not all reached the workbook, or had changed there. They now show what it has: look at them."
FAILED = "The workbook failed at it. What was saved before is safe."


class Button(Control):
    """A button. Its press carries what the page shows, and counts only if that is what the kernel has.

    Args:
        on_press: called when it is pressed. Whatever it raises, the answer says that it was not done, and the error
            goes on to the log.

    Attributes:
        label: what is done, in words.
        about: what the fields belong to; a page may still show those of something else.
        fields: what is to be as it was shown. Fixed from the start, as is
        answer: where it is said what came of a press.
    """

    label = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List(traitlets.Instance(Field)).tag(sync=True, **widgets.widget_serialization)
    answer = traitlets.Instance(Message).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, label: str, on_press: Callable[[], None], answer: Message, fields: Sequence[Field] = ()) -> None:
        self._on_press = on_press
        super().__init__(label=label, answer=answer, fields=list(fields))
        self.on_msg(self._came)

    def press(self) -> None:
        """As if a person had pressed it who sees what the kernel has."""
        self.answer.say("")
        try:
            self._on_press()
        except Exception:
            if not self.answer.text:  # else what failed has said so in better words
                self.answer.say(FAILED, lead="Not done.", tone="refused")
            raise

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if not isinstance(content, dict) or content.get("kind") != "pressed":
            return
        if [content.get("about"), content.get("shown")] == [self.about, [field.shown for field in self.fields]]:
            self.press()
            return
        for field in self.fields:
            field.send_state()
        self.answer.say("")
        self.answer.say(DIFFERS, lead="Not done.", tone="refused")
