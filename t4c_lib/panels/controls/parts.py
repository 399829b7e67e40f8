"""Parts of a page: tabs, and a question in front of everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import traitlets

from t4c_lib.panels.controls.field import Control


class Tabs(Control):
    """Several parts of which one shows.

    Args:
        label: what the parts are, for screen readers.
        parts: pairs of a title and the widget under it.

    Attributes:
        index: the place of the part that shows, from 0.
    """

    label = traitlets.Unicode().tag(sync=True)
    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)
    children = traitlets.List(traitlets.Instance(widgets.Widget)).tag(sync=True, **widgets.widget_serialization)
    index = traitlets.Int(0).tag(sync=True)

    def __init__(self, label: str, parts: Sequence[tuple[str, widgets.Widget]], **traits: Any) -> None:
        titles, children = [title for title, _ in parts], [child for _, child in parts]
        super().__init__(label=label, titles=titles, children=children, **traits)

    @traitlets.validate("index")
    def _known(self, proposal: Any) -> int:
        place: int = proposal["value"]
        return min(max(place, 0), max(len(self.titles) - 1, 0))


class Dialog(Control):
    """A question that must be answered before anything else goes on. Escape says no.

    Attributes:
        label: of the button that asks it; empty when only the program does, with `ask`.
        heading: the question.
        text: what follows from a yes.
        confirm: the words for yes; they say what will be done.
        cancel: the words for no.
        child: a widget inside, or None. Fixed from the start.
    """

    label = traitlets.Unicode().tag(sync=True)
    heading = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    confirm = traitlets.Unicode("Yes").tag(sync=True)
    cancel = traitlets.Unicode("Cancel").tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)
    child = traitlets.Instance(widgets.Widget, allow_none=True).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, heading: str, on_answer: Callable[[bool], None], **traits: Any) -> None:
        self._on_answer = on_answer
        super().__init__(heading=heading, **traits)
        self.on_msg(self._answered)

    def ask(self) -> None:
        """Ask now."""
        self.send({"kind": "open"})

    def _answered(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "answer":
            self._on_answer(content.get("yes") is True)
