"""Tabs, a question in front of everything else, and tables that sort."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import pandas as pd
import traitlets

from t4c_lib.panels.controls.fields import Control


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

    shape = ("titles", "children")
    looks = ("t4c-control", "t4c-wide")

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


class Table(Control):
    """A frame as a table: its first column names the rows, each column can be sorted.

    Args:
        frame: one row a row, with readable column names.
        caption: what the table shows.
        texts: how a column's values are written, by its name; plainly, unless given. Sorting goes by the values.
    """

    caption = traitlets.Unicode().tag(sync=True)
    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    rows = traitlets.List(traitlets.List()).tag(sync=True)
    sorted_by = traitlets.List(traitlets.List()).tag(sync=True)

    shape = ("columns", "rows")
    looks = ("t4c-control", "t4c-wide")

    def __init__(
        self, frame: pd.DataFrame, caption: str, texts: Mapping[str, Callable[[Any], str]] | None = None, **traits: Any
    ) -> None:
        self._texts = dict(texts or {})
        super().__init__(caption=caption, **self._shown(frame), **traits)

    def show(self, frame: pd.DataFrame, caption: str | None = None) -> None:
        """Show another frame in its place."""
        with self.hold_sync(), self.hold_trait_notifications():
            self.caption = self.caption if caption is None else caption
            for name, value in self._shown(frame).items():
                setattr(self, name, value)

    def _shown(self, frame: pd.DataFrame) -> dict[str, list[Any]]:
        texts = [self._texts.get(str(name), _plain) for name in frame.columns]
        values = list(frame.itertuples(index=False, name=None))
        numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
        return {
            "columns": [{"label": str(name), "number": one} for name, one in zip(frame.columns, numeric, strict=True)],
            "sorted_by": [[_key(value) for value in row] for row in values],
            "rows": [
                [one(value) if _key(value) is not None else "" for one, value in zip(texts, row, strict=True)]
                for row in values
            ],
        }


def _key(value: Any) -> float | str | None:
    """What a value is sorted by: numbers as numbers, all else as text; None where there is nothing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or not hasattr(value, "__float__") or isinstance(value, str):
        return str(value)
    return float(value)


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
