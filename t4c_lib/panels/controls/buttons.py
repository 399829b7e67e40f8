"""Buttons that do what the page shows, and the messages that answer them."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from t4c_lib.errors import T4CError
from t4c_lib.panels.controls.fields import Control, Field
from t4c_lib.typed_text import shown_safely


class Message(Control):
    """A place for a message. It is text, whatever it holds: markup in it is shown as it was typed."""

    lead = traitlets.Unicode().tag(sync=True)  #: a word or two in bold before it
    text = traitlets.Unicode().tag(sync=True)  #: the message; empty shows nothing. Lines may be broken
    #: "said" (in a box), "plain" (without one), "done" (something was saved) or "refused".
    tone = traitlets.Enum(["said", "plain", "done", "refused"], "said").tag(sync=True)
    looks = ("t4c-control", "t4c-wide")

    def say(self, text: str, *, lead: str = "", tone: str = "said") -> None:
        """Show this from now on, all at once."""
        with self.hold_sync():
            self.lead, self.text, self.tone = lead, shown_safely(text), tone


DIFFERS = "Not all of the fields had reached the workbook. They now show what it has: check them and press again."
FAILED = "Something went wrong in the workbook. What was saved before is safe."


class Button(Control):
    """A button. Its press carries what the page shows, and counts only if that is what the kernel has.

    Args:
        on_press: called when it is pressed. Whatever it raises, the answer says that it was not done, and the error
            goes on to the log.

    Attributes:
        secondary: whether it stands back behind another one. Fixed from the start, as are
    """

    label = traitlets.Unicode().tag(sync=True)  #: what is done, in words
    #: what the fields belong to; a page may still show those of something else.
    about = traitlets.Unicode().tag(sync=True)
    #: what is to be as it was shown, and
    fields = traitlets.List(traitlets.Instance(Field)).tag(sync=True, **widgets.widget_serialization)
    #: where it is said what came of a press.
    answer = traitlets.Instance(Message).tag(sync=True, **widgets.widget_serialization)

    def __init__(
        self,
        label: str,
        on_press: Callable[[], None],
        answer: Message,
        fields: Sequence[Field] = (),
        *,
        secondary: bool = False,
    ) -> None:
        self._on_press, self.secondary = on_press, secondary
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
        if not self.answer.text:  # the page still shows that it waits for an answer
            self.answer.send_state()

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


class Download(Control):
    """A button that hands over a file, which is made when it is pressed.

    Args:
        label: what is handed over, in words.
        make: gives the file's name and its bytes; a T4CError it raises is told in its place.
    """

    label = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)  #: what came of the last press; it is read out
    looks = ("t4c-control", "t4c-wide")

    def __init__(self, label: str, make: Callable[[], tuple[str, bytes]], **traits: Any) -> None:
        self._make = make
        super().__init__(label=label, **traits)
        self.on_msg(self._came)

    def press(self) -> None:
        """Hand the file over, as if somebody had pressed the button."""
        self.state = ""
        try:
            name, content = self._make()
        except T4CError as error:
            self.state = error.on_page
            return
        except Exception:
            self.state = f"Not made. {FAILED}"
            raise
        # A browser would show some kinds of file instead of keeping them.
        self.send({"kind": "file", "name": name, "type": "application/octet-stream"}, [content])
        self.state = f"Downloaded: {name}"

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "pressed":
            self.press()
