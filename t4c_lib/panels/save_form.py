"""The fields with which somebody saves: who, for which side, and a note; and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from t4c_lib.plan import Side

SIDES = [("Management side", Side.management), ("Staff side", Side.staff), ("Both sides together", Side.both)]


class SaveForm:
    """Name, side, note and a button.

    Attributes:
        box: the widget to show.
    """

    def __init__(self, on_save: Callable[[], None]) -> None:
        self.by = widgets.Text(description="Your name")
        self.side = widgets.Dropdown(options=SIDES, value=Side.both, description="You speak for")
        self.note = widgets.Text(description="Note, if you like", placeholder="why this X")
        self.button = widgets.Button(description="Save this target", button_style="primary")
        self.button.on_click(lambda _button: on_save())
        self._result = widgets.HTML()
        self._result.add_class("t4c-live")
        self.box = widgets.VBox([widgets.HBox([self.by, self.side, self.note]), self.button, self._result])

    def done(self, text: str) -> None:
        """Say that it worked."""
        self._result.value = f'<p class="t4c-aside"><strong>Saved.</strong> {escape(text)}</p>'

    def refused(self, text: str) -> None:
        """Say why it didn't."""
        lines = "<br>".join(escape(line) for line in text.splitlines())
        self._result.value = f'<p class="t4c-warning"><strong>Not saved.</strong> {lines}</p>'

    def clear(self) -> None:
        """Nothing was saved in this view yet."""
        self._result.value = ""
