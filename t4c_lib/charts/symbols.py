"""Shapes with a meaning, drawn by us: for each status, for each type of point, and the icons of SPC charts.

A path is written in the square from -1 to 1, y downwards, as Vega takes a shape of its own; `symbol_svg` draws the
same outside of Vega. Two statuses never share a shape: none is told by its colour alone, and its word stands beside it.

Icons say what the rules of special causes find in the last point. Their meaning is as NHS boards know it, their look is
our own: a frame tells good from bad by its form as well as its colour (diamond: improving or met; square: concern or
missed; circle: common cause; hexagon: a change that is neither), the sign in it tells which way.
"""

from dataclasses import dataclass
from html import escape

from t4c_lib.charts.theme import COMMON, CONCERN, IMPROVEMENT, INK, NEUTRAL

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
    "target not set": Symbol(CIRCLE, OPEN, filled=False),
    "baseline missing": Symbol(SQUARE, OPEN, filled=False),
    "not judged": Symbol(_BAR, OPEN, filled=False),
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


_FRAME_CIRCLE = "M-.92,0A.92,.92,0,1,1,.92,0A.92,.92,0,1,1,-.92,0Z"
_FRAME_DIAMOND = "M0,-1L1,0L0,1L-1,0Z"
_FRAME_SQUARE = "M-.86,-.86H.86V.86H-.86Z"
_FRAME_HEXAGON = "M-1,0L-.5,-.87H.5L1,0L.5,.87H-.5Z"
_SIGN_UP = "M0,-.55L.4,-.05H.14V.5H-.14V-.05H-.4Z"
_SIGN_DOWN = "M0,.55L.4,.05H.14V-.5H-.14V.05H-.4Z"
_SIGN_WAVE = (
    "M-.6,.1C-.45,-.45,-.15,-.45,0,0C.15,.3,.35,.3,.45,-.1L.6,-.04C.45,.55,.05,.55,-.1,.06C-.2,-.2,-.35,-.2,-.45,.16Z"
)
_SIGN_CHECK = "M-.5,.05L-.3,-.15L-.12,.05L.35,-.42L.54,-.22L-.12,.44Z"
_SIGN_CROSS = "M-.48,-.3L-.3,-.48L0,-.18L.3,-.48L.48,-.3L.18,0L.48,.3L.3,.48L0,.18L-.3,.48L-.48,.3L-.18,0Z"
_SIGN_EITHER = "M0,-.62L.34,-.2H.12V.2H.34L0,.62L-.34,.2H-.12V-.2H-.34Z"
_CHANCE = "#768692"


@dataclass(frozen=True)
class Icon:
    """One icon.

    Attributes:
        key: what it stands for, in the words of `t4c_lib.progress.spc`.
        label: two or three words to stand beside it.
        text: the text alternative, one sentence.
        frame: the path of its frame, in the square from -1 to 1.
        sign: the path of the sign in it.
        colour: of the frame.
    """

    key: str
    label: str
    text: str
    frame: str
    sign: str
    colour: str

    def svg(self, size: int = 48) -> str:
        """The icon as SVG of its own, `size` pixels wide and high, with its text alternative."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="-1.12 -1.12 2.24 2.24" '
            f'role="img" aria-label="{escape(self.text)}"><title>{escape(self.text)}</title>'
            f'<path d="{self.frame}" fill="white" stroke="{self.colour}" stroke-width=".2" stroke-linejoin="round"/>'
            f'<path d="{self.sign}" fill="{INK}"/></svg>'
        )


def _variation(key: str, label: str, colour: str, frame: str) -> Icon:
    meaning = {"improvement": "special cause, improving", "concern": "special cause, concern"}
    kind, _, side = key.partition("_")
    cause = meaning.get(kind, "special cause")
    text = f"Variation: {cause}. The latest figures are {side}er than common cause variation accounts for."
    return Icon(key, label, text, frame, _SIGN_UP if side == "high" else _SIGN_DOWN, colour)


_NO_SIGNAL = "Variation: common cause. The latest figure is within normal variation."
_VARIATION = (
    Icon("common_cause", "No signal", _NO_SIGNAL, _FRAME_CIRCLE, _SIGN_WAVE, _CHANCE),
    _variation("improvement_high", "Improving, high", IMPROVEMENT, _FRAME_DIAMOND),
    _variation("improvement_low", "Improving, low", IMPROVEMENT, _FRAME_DIAMOND),
    _variation("concern_high", "Concern, high", CONCERN, _FRAME_SQUARE),
    _variation("concern_low", "Concern, low", CONCERN, _FRAME_SQUARE),
    _variation("neutral_high", "Signal, high", NEUTRAL, _FRAME_HEXAGON),
    _variation("neutral_low", "Signal, low", NEUTRAL, _FRAME_HEXAGON),
)
_KEPT = "Assurance: the target is consistently met."
_MISSED = "Assurance: the target is consistently missed."
_EITHER_WAY = "Assurance: the target is hit or missed by random variation."
_ASSURANCE = (
    Icon("consistent_pass", "Target consistently met", _KEPT, _FRAME_DIAMOND, _SIGN_CHECK, IMPROVEMENT),
    Icon("consistent_fail", "Target consistently missed", _MISSED, _FRAME_SQUARE, _SIGN_CROSS, CONCERN),
    Icon("inconsistent", "Hit or miss", _EITHER_WAY, _FRAME_CIRCLE, _SIGN_EITHER, _CHANCE),
)
VARIATION = {icon.key: icon for icon in _VARIATION}
ASSURANCE = {icon.key: icon for icon in _ASSURANCE}


def icons_of(variation: str | None, assurance: str | None) -> tuple[Icon, ...]:
    """The icons that there are, variation first. Raises KeyError for a word that is none."""
    found = [VARIATION[variation]] if variation else []
    return (*found, ASSURANCE[assurance]) if assurance else tuple(found)
