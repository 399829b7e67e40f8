"""Words that are read out when they change: what was saved, what was refused, what others did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from t4c_lib.panels.controls.field import Control
from t4c_lib.typed_text import shown_safely


class Message(Control):
    """A place for a message. It is text, whatever it holds: markup in it is shown as it was typed.

    Attributes:
        lead: a word or two in bold before it.
        text: the message; empty shows nothing. Lines may be broken.
        tone: "said" (in a box), "plain" (without one), "done" (something was saved) or "refused".
        button: words of a button under it, or empty for none.
    """

    lead = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    tone = traitlets.Enum(["said", "plain", "done", "refused"], "said").tag(sync=True)
    button = traitlets.Unicode().tag(sync=True)

    def __init__(self, on_press: Callable[[], None] = lambda: None, **traits: Any) -> None:
        self._on_press = on_press
        super().__init__(**traits)
        self.on_msg(self._came)

    def say(self, text: str, *, lead: str = "", tone: str = "said", button: str = "") -> None:
        """Show this from now on, all at once."""
        with self.hold_sync():
            self.lead, self.text, self.tone, self.button = lead, shown_safely(text), tone, button

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "pressed" and self.text and self.button:
            self._on_press()
