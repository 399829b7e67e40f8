"""How figures are written in charts: in words of people, on axes, as rows for a template; small print, words of rows.

In a chart in rows each row has its words above its bar, over the whole width, and its figure beside the bar. Places up
and down are pixels worked out here (`row_top`); a chart's height follows from its rows.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.charts.picture import Rows
from t4c_lib.charts.symbols import Icon
from t4c_lib.charts.theme import LINES, ROW, SMALL, TEXT, lines_of, shortened
from t4c_lib.evidence.observations import State
from t4c_lib.html_templates import text_from
from t4c_lib.quantities import number, percent
from t4c_lib.quantities.baseline import count_of, typed_decimals

# What an axis spans at least, so that nothing looks like a cliff: a percentage point, or ten of what is counted.
LEAST_SPAN, LEAST_COUNTS = 0.01, 10.0
NOT_SHOWN = "not shown"  # where there is a figure, but it is a small number
ROOM = 0.12  # of the span, left free above and below
NOTE = "note"
WORDS, BAR = 14, 35  # pixels from a row's top to the middle of its words, and of its bar
WORD_ROOMS = (292, 496, 736)  # pixels that words may take, by the room there is: no axis stands left of them


@dataclass(frozen=True)
class Scale:
    """How the values of one measure are read and written."""

    is_fraction: bool = True  #: whether people read them as percentages
    decimals: int = 1  #: of a percentage, or of a plain number at most
    things: str = ""  #: the plural of what is counted, where it is a count: "placements a year"
    typed: float | None = None  #: a target, which is said with the digits that were typed

    def text(self, value: float | None) -> str:
        """The value alone: "5.7%" or "1,240"; empty for what isn't known."""
        if value is None or math.isnan(value):
            return ""
        decimals = typed_decimals(value) if value == self.typed else self.decimals
        return (percent(value, decimals) if self.is_fraction else number(value, self.decimals)).replace("-", "−")

    def between(self, low: float | None, high: float | None) -> str:
        """An interval: "4.9% to 6.6%"; empty where an end isn't known."""
        return "" if low is None or high is None else f"{self.text(low)} to {self.text(high)}"

    def texts(self, figures: pd.DataFrame) -> list[str]:
        """The values of a table with `value` and, if figures can be hidden, `state`; a hidden one is "not shown"."""
        hidden = figures["state"] == State.suppressed.value if "state" in figures else [False] * len(figures)
        values = zip(numbers(figures, "value"), hidden, strict=True)
        return [NOT_SHOWN if value is None and is_hidden else self.text(value) for value, is_hidden in values]

    def rows(self, figures: pd.DataFrame, **more: Sequence[Any]) -> list[dict[str, Any]]:
        """A row for each figure of a table with day, period and value: when, value, period, said, and more columns."""
        when, values = [month_text(day) for day, _ in dated(figures)], numbers(figures, "value")
        told = {"value": values, "period": figures["period"].tolist(), "said": self.texts(figures)}
        return columns_as_rows(when=when, **told, **more)

    @staticmethod
    def absent(texts: Sequence[str]) -> str:
        """How many of such texts hold no figure, in words: "13 not shown, 1 missing"; empty where all hold one."""
        counts = ((texts.count(NOT_SHOWN), NOT_SHOWN), (texts.count(""), "missing"))
        return ", ".join(f"{count} {words}" for count, words in counts if count)

    def words(self, value: float) -> str:
        """The value with what it counts: "5.7%" or "28 placements a year"."""
        text = self.text(value)
        if self.is_fraction or not self.things or text in ("", "1"):
            return count_of(value, self.things) if text == "1" and self.things else text
        return f"{text} {self.things}"

    def axis(self, values: Iterable[float | None], *, from_zero: bool) -> dict[str, float | str]:
        """Where an axis for these values begins and ends, and how its labels are written.

        An axis may begin above 0 only where the way matters and not the size; that a line chart does not begin at 0 is
        then for its words to say.
        """
        known = [value for value in values if value is not None and math.isfinite(value)]
        lowest, highest = (min(known), max(known)) if known else (0.0, 1.0)
        least = LEAST_SPAN if self.is_fraction else LEAST_COUNTS
        if (missing := least - (highest - lowest)) > 0 and not from_zero:
            lowest, highest = lowest - min(missing / 2, max(lowest, 0.0)), highest + missing / 2
        span = max(highest - (0.0 if from_zero and lowest >= 0 else lowest), least)
        low = 0.0 if from_zero and lowest >= 0 else lowest - ROOM * span
        if lowest >= 0:
            low = max(low, 0.0)
        high = highest + ROOM * span
        steps = (high - low) * (100 if self.is_fraction else 1) / 5
        decimals = 0 if steps >= 1 else 1 if steps >= 0.1 else 2
        return {"low": low, "high": high, "axis_format": f",.{decimals}{'%' if self.is_fraction else 'f'}"}


def description(
    chart: str, rows: Rows, scale: Scale, *, icons: Sequence[Icon] = (), note: str = "", **shown: object
) -> str:
    """What a screen reader says instead of a chart of figures; `shown` is what the kind of chart has."""
    words = {"rows": rows, "scale": scale, "icons": icons, "note": note, "count_of": count_of}
    return text_from("charts/description.txt.j2", chart=chart, **words, **shown).rstrip()


def dated(table: pd.DataFrame, days: str = "day", values: str = "value") -> list[tuple[dt.datetime, float | None]]:
    """Days and values of a table as plain Python, which is many times faster to go through than a DataFrame."""
    return [] if table.empty else list(zip(table[days].dt.to_pydatetime(), numbers(table, values), strict=True))


def numbers(table: pd.DataFrame, column: str) -> list[float | None]:
    """A column of numbers as plain Python; None for what isn't known."""
    return [None if math.isnan(value) else value for value in table[column].astype(float).tolist()]


def month_text(day: dt.date) -> str:
    """The first day of a day's month, for a figure for March stands at the tick of March.

    So Vega reads it in the reader's own time zone; a date without a time it would take for midnight in UTC.
    """
    return f"{day.year:04d}-{day.month:02d}-01T00:00:00"


def columns_as_rows(**columns: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows out of columns of the same length."""
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def note_rows(text: str) -> Rows:
    """The small print in lines; no row where there is none."""
    if not text:
        return []
    rooms = zip(("narrow", "wide", "widest"), LINES, strict=True)
    return [{name: lines_of(text, room, SMALL) for name, room in rooms}]


def row_top(place: int) -> int:
    """Where row number `place` (0 is the first) begins, in pixels."""
    return place * ROW


def fit_text(words: str, short: str | None = None) -> dict[str, str]:
    """Words (`short` in a narrow chart) cut to the widths it may have: Vega could, but takes long to measure them."""
    rooms = zip({"narrow": short or words, "wide": words, "widest": words}.items(), WORD_ROOMS, strict=True)
    return {"words": words, **{name: shortened(text, room, TEXT) for (name, text), room in rooms}}
