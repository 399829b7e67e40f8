"""The fields with which somebody saves: who, for which side, and a note; and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from t4c_lib.panels.controls import Message, Select, Text
from t4c_lib.panels.lean import HBox, VBox
from t4c_lib.plan import Side

SIDES = [("Management side", Side.management), ("Staff side", Side.staff), ("Both sides together", Side.both)]
LONGEST_NAME = 200


class SaveForm:
    """Name, side, note and a button.

    Attributes:
        box: the widget to show.
    """

    def __init__(self, on_save: Callable[[], None]) -> None:
        self.by = Text("Your name", longest=LONGEST_NAME)
        self.side = Select("You speak for", SIDES, value=Side.both)
        self.note = Text("Note, if you like")
        self.button = widgets.Button(description="Save this target", button_style="primary")
        self.button.on_click(lambda _button: on_save())
        self._result = Message()
        self.by.on_value(self._named)
        fields = HBox([self.by, self.side, self.note], layout={"align_items": "flex-start"})
        self._warning = Message()
        self.box = VBox([fields, self._warning, self.button, self._result])

    def warn(self, text: str) -> None:
        """Say what a save would do besides; nothing if it is empty."""
        self._warning.say(text)

    def done(self, text: str) -> None:
        """Say that it worked."""
        self._result.say(text, lead="Saved.", tone="done")

    def refused(self, text: str) -> None:
        """Say why it didn't."""
        if not self.by.value.strip():
            self.by.error = "Give your name: it is saved with the target."
        self._result.say(text, lead="Not saved.", tone="refused")

    def clear(self) -> None:
        """Nothing was saved in this view yet."""
        self._result.say("")

    def _named(self) -> None:
        if self.by.value.strip():
            self.by.error = ""
