"""Shapes with a meaning, drawn by us: for each status, for each type of point, and the icons of SPC charts.

symbols.yaml holds them. A path is written in the square from -1 to 1, y downwards, as Vega takes a shape of its own.
Two statuses never share a shape: none is told by its colour alone, and its word stands beside it.

Icons say what the rules of special causes find in the last point. Their meaning is as NHS boards know it, their look is
our own: a frame tells good from bad by its form as well as its colour (diamond: improving or met; square: concern or
missed; circle: common cause; hexagon: a change that is neither), the sign in it tells which way.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel

from t4c_lib.charts import theme
from t4c_lib.html_templates import from_template
from t4c_lib.validation_messages import read_shipped

SYMBOLS_FILE = "symbols.yaml"


class Symbol(NamedTuple):
    """A shape."""

    path: str  #: in the square from -1 to 1
    colour: str  #: of its fill, or of its outline where it isn't filled
    filled: bool = True  #: whether it is filled; an empty shape means that something is still open


class Icon(BaseModel, frozen=True, extra="forbid"):
    """One icon. The file names its paths and its colour."""

    key: str = ""  #: what it stands for, in the words of `t4c_lib.progress.spc`
    label: str  #: two or three words to stand beside it
    text: str  #: the text alternative, one sentence
    frame: str  #: the path of its frame, in the square from -1 to 1
    sign: str  #: the path of the sign in it
    colour: str  #: of the frame

    def svg(self, size: int = 48) -> str:
        """The icon as SVG of its own, `size` pixels wide and high, with its text alternative."""
        return from_template("charts/icon.html.j2", "icon", self, size, theme.INK)


class _SymbolRow(BaseModel, frozen=True, extra="forbid"):
    shape: str
    colour: str
    filled: bool = True
    label: str = ""


class _SymbolsFile(BaseModel, frozen=True, extra="forbid"):
    colours: dict[str, str]
    shapes: dict[str, str]
    statuses: dict[str, _SymbolRow]
    points: dict[str, _SymbolRow]
    funnel: dict[str, _SymbolRow]
    variation: dict[str, Icon]
    assurance: dict[str, Icon]


_file = read_shipped(_SymbolsFile, __package__, SYMBOLS_FILE)
_COLOURS = _file.colours | {
    "common": theme.COMMON, "improvement": theme.IMPROVEMENT, "concern": theme.CONCERN, "neutral": theme.NEUTRAL
}  # fmt: skip
SHAPES = _file.shapes  # paths by name


def _symbol(row: _SymbolRow) -> Symbol:
    return Symbol(SHAPES[row.shape], _COLOURS[row.colour], row.filled)


def _icons(rows: Mapping[str, Icon]) -> dict[str, Icon]:
    paths = {key: {"key": key, "frame": SHAPES[one.frame], "sign": SHAPES[one.sign]} for key, one in rows.items()}
    return {key: one.model_copy(update=paths[key] | {"colour": _COLOURS[one.colour]}) for key, one in rows.items()}


# By the word of the status; by the words for a place in a funnel; by the type of a point, with the words of the legend;
# icons by what they stand for.
STATUS_SYMBOLS = {word: _symbol(row) for word, row in _file.statuses.items()}
FUNNEL_SYMBOLS = {words: _symbol(row) for words, row in _file.funnel.items()}
POINT_SYMBOLS = {kind: (row.label, _symbol(row)) for kind, row in _file.points.items()}
VARIATION, ASSURANCE = _icons(_file.variation), _icons(_file.assurance)


def icons_of(variation: str | None, assurance: str | None) -> tuple[Icon, ...]:
    """The icons that there are, variation first. Raises KeyError for a word that is none."""
    found = [VARIATION[variation]] if variation else []
    return (*found, ASSURANCE[assurance]) if assurance else tuple(found)
