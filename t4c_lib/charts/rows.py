"""What several charts write beside their figures: small print below, and the words of rows.

In a chart in rows each row has its words above its bar, over the whole width, and its figure beside the bar. Places up
and down are pixels worked out here (`row_top`); a chart's height follows from its rows.
"""

from t4c_lib.charts.picture import Rows
from t4c_lib.charts.theme import LINES, ROW, SMALL, TEXT, lines_of, shortened

NOTE = "note"
WORDS, BAR = 14, 35  # pixels from a row's top to the middle of its words, and of its bar
WORD_ROOMS = (292, 496, 736)  # pixels that words may take, by the room there is: no axis stands left of them


def note_rows(text: str) -> Rows:
    """The small print in lines; no row where there is none."""
    if not text:
        return []
    rooms = zip(("narrow", "wide", "widest"), LINES, strict=True)
    return [{name: lines_of(text, room, SMALL) for name, room in rooms}]


def row_top(place: int, height: int = ROW) -> int:
    """Where row number `place` (0 is the first) begins, in pixels."""
    return place * height


def fit_text(words: str, short: str | None = None) -> dict[str, str]:
    """Words cut to the widths a chart may have; Vega could cut them itself, but takes long to measure them.

    Args:
        words: of the row.
        short: what a narrow chart says instead.
    """
    narrow, wide, widest = WORD_ROOMS
    return {
        "words": words,
        "narrow": shortened(short or words, narrow, TEXT),
        "wide": shortened(words, wide, TEXT),
        "widest": shortened(words, widest, TEXT),
    }
