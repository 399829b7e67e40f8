"""A table that people can sort."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import traitlets

from t4c_lib.panels.controls.field import Control


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

    def __init__(
        self, frame: pd.DataFrame, caption: str, texts: Mapping[str, Callable[[Any], str]] | None = None, **traits: Any
    ) -> None:
        super().__init__(**traits)
        self._texts = dict(texts or {})
        self.show(frame, caption)

    def show(self, frame: pd.DataFrame, caption: str | None = None) -> None:
        """Show another frame in its place."""
        texts = [self._texts.get(str(name), _plain) for name in frame.columns]
        values = list(frame.itertuples(index=False, name=None))
        with self.hold_sync():
            self.caption = self.caption if caption is None else caption
            self.columns = [
                {"label": str(name), "number": pd.api.types.is_numeric_dtype(frame[name])} for name in frame.columns
            ]
            self.sorted_by = [[_key(value) for value in row] for row in values]
            self.rows = [
                [text(value) if _key(value) is not None else "" for text, value in zip(texts, row, strict=True)]
                for row in values
            ]


def _key(value: Any) -> float | str | None:
    """What a value is sorted by: numbers as numbers, all else as text; None where there is nothing."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or not hasattr(value, "__float__") or isinstance(value, str):
        return str(value)
    return float(value)


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
