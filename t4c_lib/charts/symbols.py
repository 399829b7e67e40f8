"""Shapes with a meaning, drawn by us: one for each status, one for each type of point. The word stands beside them.

A path is written in the square from -1 to 1, y downwards, as Vega takes a shape of its own; `symbol_svg` draws the
same outside of Vega. Two statuses never share a shape, so that none is told by its colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from t4c_lib.charts.theme import COMMON, CONCERN, IMPROVEMENT, NEUTRAL

GOOD, FAIR, WATCH, BAD, OPEN = "#00703c", "#005eb8", "#8a5a00", "#b3261e", "#4c6272"


@dataclass(frozen=True)
class Symbol:
    """A shape.

    Attributes:
        path: in the square from -1 to 1.
        colour: of its fill, or of its outline where it isn't filled.
        filled: whether it is filled; an empty shape means that something is still open.
    """

    path: str
    colour: str
    filled: bool = True


CIRCLE = "M-.85,0A.85,.85,0,1,1,.85,0A.85,.85,0,1,1,-.85,0Z"
UP = "M0,-.9L.95,.8L-.95,.8Z"
DOWN = "M0,.9L.95,-.8L-.95,-.8Z"
SQUARE = "M-.78,-.78H.78V.78H-.78Z"
DIAMOND = "M0,-1L1,0L0,1L-1,0Z"
_CROSS = "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z"
_CHECK = "M-1,.05L-.6,-.35L-.25,0L.65,-.9L1,-.5L-.25,.8Z"
_STAR = "M0,-1L.26,-.33L.98,-.31L.41,.13L.61,.81L0,.42L-.61,.81L-.41,.13L-.98,-.31L-.26,-.33Z"
_BAR = "M-.95,-.28H.95V.28H-.95Z"
# A ring whose right half is full.
_HALF = "M0,-.9A.9,.9,0,0,1,0,.9ZM0,-.9A.9,.9,0,0,0,0,.9V.66A.66,.66,0,0,1,0,-.66Z"
_BANG = "M-.3,-1H.3L.18,.3H-.18ZM-.28,.55H.28V1H-.28Z"
_HOURGLASS = "M-.8,-.95H.8L.12,0L.8,.95H-.8L-.12,0Z"
_HEXAGON = "M-.95,0L-.48,-.83H.48L.95,0L.48,.83H-.48Z"
_FLAG = "M-.7,-1H.95L.45,-.45L.95,.1H-.3V1H-.7Z"
_TABLET = "M-.95,-.5H.95V.5H-.95Z"
_PLUS = "M-.28,-.95H.28V-.28H.95V.28H.28V.95H-.28V.28H-.95V-.28H-.28Z"
_DOUBLE_UP = "M0,-1L.9,-.05H-.9ZM0,-.05L.9,.9H-.9Z"
_DOUBLE_CHECK = "M-1,.1L-.72,-.18L-.45,.1L.2,-.75L.48,-.5L-.45,.68ZM-.2,.45L.05,.15L.7,-.75L1,-.5L.08,.72Z"

# By the word of the status: measures, evidence and reviews, actions.
STATUS_SYMBOLS: dict[str, Symbol] = {
    "met": Symbol(_STAR, GOOD),
    "ahead": Symbol(_DOUBLE_UP, GOOD),
    "on course": Symbol(UP, FAIR),
    "behind": Symbol(DOWN, WATCH),
    "off course": Symbol(_CROSS, BAD),
    "target unset": Symbol(CIRCLE, OPEN, filled=False),
    "baseline missing": Symbol(SQUARE, OPEN, filled=False),
    "no figure yet": Symbol(DIAMOND, OPEN, filled=False),
    "baseline only": Symbol(_FLAG, OPEN, filled=False),
    "reported, no target": Symbol(_TABLET, OPEN, filled=False),
    "above the comparison, no target": Symbol(UP, OPEN, filled=False),
    "in place": Symbol(_CHECK, GOOD),
    "due": Symbol(_HOURGLASS, WATCH),
    "overdue": Symbol(_BANG, BAD),
    "already in place": Symbol(_DOUBLE_CHECK, GOOD),
    "not started": Symbol(_HEXAGON, OPEN, filled=False),
    "under way": Symbol(_HALF, FAIR),
    "done": Symbol(_PLUS, GOOD),
    "late": Symbol(SQUARE, BAD),
    "left out": Symbol(_BAR, OPEN),
}
# By the type of a point on a chart of special causes, with the word of the legend.
POINT_SYMBOLS: dict[str, tuple[str, Symbol]] = {
    "common_cause": ("Common cause", Symbol(CIRCLE, COMMON)),
    "special_cause_improvement": ("Special cause: improving", Symbol(DIAMOND, IMPROVEMENT)),
    "special_cause_concern": ("Special cause: concern", Symbol(SQUARE, CONCERN)),
    "special_cause_neutral_high": ("Special cause: high", Symbol(UP, NEUTRAL)),
    "special_cause_neutral_low": ("Special cause: low", Symbol(DOWN, NEUTRAL)),
}


def symbol_svg(symbol: Symbol, x: float, y: float, radius: float) -> str:
    """The shape as a piece of SVG, its middle at x and y."""
    empty = f'fill="white" stroke="{symbol.colour}" stroke-width=".28"'
    look = f'fill="{symbol.colour}"' if symbol.filled else empty
    return f'<path transform="translate({x:g},{y:g}) scale({radius:g})" d="{escape(symbol.path)}" {look}/>'
