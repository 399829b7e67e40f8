"""The fields with which somebody saves: who, for which side, and a note; and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from t4c_lib.panels.controls import Button, Message, Select, Text
from t4c_lib.panels.controls.field import Field
from t4c_lib.panels.lean import HBox, VBox
from t4c_lib.plan import Side

SIDES = [("Management side", Side.management), ("Staff side", Side.staff), ("Both sides together", Side.both)]
LONGEST_NAME = 200


class SaveForm:
    """Name, side, note and a button.

    Args:
        on_save: called when the button is pressed.
        shown: the fields beside these whose values are saved.

    Attributes:
        box: the widget to show.
    """

    def __init__(self, on_save: Callable[[], None], shown: Sequence[Field]) -> None:
        self.by = Text("Your name", longest=LONGEST_NAME)
        self.side = Select("You speak for", SIDES, value=Side.both)
        self.note = Text("Note, if you like")
        self._result = Message()
        self.button = Button("Save this target", on_save, self._result, [*shown, self.by, self.side, self.note])
        self.by.on_value(self._named)
        fields = HBox([self.by, self.side, self.note], layout={"align_items": "flex-start"})
        self._warning = Message()
        self.box = VBox([fields, self._warning, self.button, self._result])

    def warn(self, text: str) -> None:
        """Say what a save would do besides; nothing if it is empty."""
        self._warning.say(text)

    def done(self, text: str) -> None:
        """Say what was saved."""
        self._result.say(text, lead="Saved:", tone="done")

    def refused(self, text: str, lead: str = "Not saved.") -> None:
        """Say why it didn't."""
        if not self.by.value.strip():
            self.by.error = "Give your name: it is saved with the target."
        self._result.say(text, lead=lead, tone="refused")

    def changed(self) -> None:
        """What was saved is no longer what the fields show."""
        if self._result.tone == "done" and self._result.text:
            self._result.say(f"{self._result.text} What the fields show now is not saved.", lead="Saved before:")

    def clear(self) -> None:
        """Nothing was saved in this view yet."""
        self._result.say("")

    def _named(self) -> None:
        if self.by.value.strip():
            self.by.error = ""
