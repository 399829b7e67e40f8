"""Icons of variation and assurance, drawn by us: what the rules of special causes say of the last point.

What they mean is as NHS boards know it; how they look is our own. A frame tells good from bad by its form as well as
its colour (diamond: improving or met; square: concern or missed; circle: chance; hexagon: a change that is neither),
the sign in it tells which way. Words stand beside an icon wherever it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from t4c_lib.charts.theme import CONCERN, IMPROVEMENT, INK, NEUTRAL

_CIRCLE = "M-.92,0A.92,.92,0,1,1,.92,0A.92,.92,0,1,1,-.92,0Z"
_DIAMOND = "M0,-1L1,0L0,1L-1,0Z"
_SQUARE = "M-.86,-.86H.86V.86H-.86Z"
_HEXAGON = "M-1,0L-.5,-.87H.5L1,0L.5,.87H-.5Z"
_UP = "M0,-.55L.4,-.05H.14V.5H-.14V-.05H-.4Z"
_DOWN = "M0,.55L.4,.05H.14V-.5H-.14V.05H-.4Z"
_WAVE = (
    "M-.6,.1C-.45,-.45,-.15,-.45,0,0C.15,.3,.35,.3,.45,-.1L.6,-.04C.45,.55,.05,.55,-.1,.06C-.2,-.2,-.35,-.2,-.45,.16Z"
)
_CHECK = "M-.5,.05L-.3,-.15L-.12,.05L.35,-.42L.54,-.22L-.12,.44Z"
_CROSS = "M-.48,-.3L-.3,-.48L0,-.18L.3,-.48L.48,-.3L.18,0L.48,.3L.3,.48L0,.18L-.3,.48L-.48,.3L-.18,0Z"
_EITHER = "M0,-.62L.34,-.2H.12V.2H.34L0,.62L-.34,.2H-.12V-.2H-.34Z"
_CHANCE = "#768692"


@dataclass(frozen=True)
class Icon:
    """One icon.

    Attributes:
        key: what it stands for, in the words of `t4c_lib.progress.xmr`.
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
    text = f"Variation: {meaning.get(kind, 'special cause')}. The latest figures are {side}er than chance explains."
    return Icon(key, label, text, frame, _UP if side == "high" else _DOWN, colour)


_NO_SIGNAL = "Variation: common cause. The latest figure moves as chance alone would move it."
_VARIATION = (
    Icon("common_cause", "No signal", _NO_SIGNAL, _CIRCLE, _WAVE, _CHANCE),
    _variation("improvement_high", "Improving, high", IMPROVEMENT, _DIAMOND),
    _variation("improvement_low", "Improving, low", IMPROVEMENT, _DIAMOND),
    _variation("concern_high", "Concern, high", CONCERN, _SQUARE),
    _variation("concern_low", "Concern, low", CONCERN, _SQUARE),
    _variation("neutral_high", "Signal, high", NEUTRAL, _HEXAGON),
    _variation("neutral_low", "Signal, low", NEUTRAL, _HEXAGON),
)
_KEPT = "Assurance: as things go, the target is met time after time."
_MISSED = "Assurance: as things go, the target is missed time after time."
_EITHER_WAY = "Assurance: as things go, chance decides whether the target is hit or missed."
_ASSURANCE = (
    Icon("consistent_pass", "Target kept", _KEPT, _DIAMOND, _CHECK, IMPROVEMENT),
    Icon("consistent_fail", "Target missed", _MISSED, _SQUARE, _CROSS, CONCERN),
    Icon("inconsistent", "Hit or miss", _EITHER_WAY, _CIRCLE, _EITHER, _CHANCE),
)
VARIATION = {icon.key: icon for icon in _VARIATION}
ASSURANCE = {icon.key: icon for icon in _ASSURANCE}


def variation_icon(key: str) -> Icon:
    """The icon of a kind of variation. Raises KeyError for a word that is none."""
    return VARIATION[key]


def assurance_icon(key: str) -> Icon:
    """The icon of a kind of assurance. Raises KeyError for a word that is none."""
    return ASSURANCE[key]


def icons_of(variation: str | None, assurance: str | None) -> tuple[Icon, ...]:
    """The icons that there are, variation first."""
    found = [variation_icon(variation)] if variation else []
    return (*found, assurance_icon(assurance)) if assurance else tuple(found)
