"""One look for every chart: sizes that carry to the back of a room, colours that keep apart in grey and for every eye.

Colours with a meaning follow what NHS boards know from statistical process control charts: improvement blue, concern
orange, other special causes purple, a trajectory purple, a target red. Nothing differs from another thing by colour
alone: it has its own dashes, width, shape or word too. How wide words are is known here, without asking a browser.
"""

from functools import lru_cache

FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"
INK = "#212b32"
QUIET_INK = "#4c6272"
GRID = "#d8dde0"
BLUE = "#005eb8"
SLATE = "#5b7083"
PALE = "#e8edee"
TRAJECTORY = "#490092"
TARGET = "#b3261e"
COMMON = "#a6a6a6"
IMPROVEMENT = "#00b0f0"
CONCERN = "#e46c0a"
NEUTRAL = "#490092"

TEXT = 14
SMALL = 13  # small print
STRONG = 16  # labels that carry the finding
NARROW = 520  # pixels of drawing room under which a chart says less: fewer ticks, shorter words
LINES = (262, NARROW, 760)  # pixels that a line of words may take, by the room there is
MEASURED = "measured"  # the parameter with the words above a chart, in lines for each of `LINES`
ROW = 52  # pixels for a row whose words stand above its bar, so that they have the whole width at any width

# Advance widths of Arial and of the fonts made to its measures, in thousandths of the size, for " " to "~".
_ADVANCES = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_OTHER = 600  # letters with accents are about as wide; a dash a little wider
_BOLD = 1.08


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in pixels at a size in pixels."""
    advances = sum(_ADVANCES[ord(letter) - 32] if 32 <= ord(letter) < 127 else _OTHER for letter in text)
    return advances / 1000 * size * (_BOLD if bold else 1)


def lines_of(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than the room; a word that is wider stands alone in its line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, ended by an ellipsis."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size, bold=bold) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
