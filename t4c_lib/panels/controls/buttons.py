"""Buttons that do what the page shows, the messages that answer them, and undoing the last change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import traitlets

from t4c_lib.errors import T4CError
from t4c_lib.panels.controls.fields import Control, Field
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
    looks = ("t4c-control", "t4c-wide")

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


DIFFERS = "Not all of the fields had reached the workbook. They now show what it has: check them and press again."
FAILED = "Something went wrong in the workbook. What was saved before is safe."


class Button(Control):
    """A button. Its press carries what the page shows, and counts only if that is what the kernel has.

    Args:
        on_press: called when it is pressed. Whatever it raises, the answer says that it was not done, and the error
            goes on to the log.

    Attributes:
        label: what is done, in words.
        about: what the fields belong to; a page may still show those of something else.
        secondary: whether it stands back behind another one. Fixed from the start, as are
        fields: what is to be as it was shown, and
        answer: where it is said what came of a press.
    """

    label = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List(traitlets.Instance(Field)).tag(sync=True, **widgets.widget_serialization)
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

    Attributes:
        state: what came of the last press; it is read out.
    """

    label = traitlets.Unicode().tag(sync=True)
    state = traitlets.Unicode().tag(sync=True)
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
