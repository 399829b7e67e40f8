"""One section of a page or paper: what it says, and as HTML: semantic, escaped, complete without script or file."""

from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from t4c_lib.charts import Picture
from t4c_lib.charts.picture import WIDTH_ON_A_PHONE, WIDTH_ON_PAPER
from t4c_lib.disclosure import DIGEST, Audience, with_digest
from t4c_lib.html_templates import environment, from_template
from t4c_lib.periods import parse_period
from t4c_lib.quantities import count_of, count_words, number, percent
from t4c_lib.typed_text import shown_safely


class Fact(NamedTuple):
    """A figure large enough to be read across a room."""

    figure: str  #: as people read it: "5.7%"
    label: str  #: of what
    detail: str = ""  #: what it rests on, or what it compares with
    of: str = ""  #: what follows the figure in small type


@dataclass(frozen=True, eq=False, repr=False)
class Section:
    """A heading and what belongs under it; every part but the heading may be absent."""

    heading: str  #: a few words
    sentences: tuple[str, ...] = ()  #: paragraphs of plain text
    facts: tuple[Fact, ...] = ()  #: figures to set large
    picture: Picture | None = None  #: a chart with its description and table
    table: pd.DataFrame | None = None  #: a table in its own right, with headings and values as people read them
    table_caption: str = ""  #: what the table holds
    points: tuple[str, ...] = ()  #: a list of plain texts
    warning: str = ""  #: what must be known before the rest is read
    aside: str = ""  #: what a reader might take for something else, after the rest
    tables: Markup | None = None  #: tables that a template made, above a picture and a table in its own right
    level: int = 2  #: of the heading, 1 to 6
    anchor: str = ""  #: by which a link leads to it; empty for none

    def _repr_html_(self) -> str:
        """So that a notebook cell shows a section by ending with it."""
        return section_html(self)

    def __repr__(self) -> str:
        """Its heading; a notebook keeps this beside the HTML, where the whole would only stand a second time."""
        return f"Section({shown_safely(self.heading)!r})"


class Sections:
    """Several sections that one cell of a notebook shows one after another; the first holds the heading of all."""

    def __init__(self, *sections: Section, made: str = "") -> None:
        self.sections = sections
        self._made = made  # before them, whole sections as a template made them

    def _repr_html_(self) -> str:
        whole = self._made + "".join(section_html(section) for section in self.sections)
        return f'<div class="t4c-part">{whole}</div>' if whole else ""


DEMONSTRATION = "Demonstration: this organisation and its figures are made up"
PARTS = "sections/section.html.j2"


def section_html(section: Section) -> str:
    """One section. Text is escaped: whatever somebody typed is shown as they typed it."""
    return from_template(PARTS, "section", section)


def drawn_twice(wide: str, narrow: str) -> Markup:
    """Two drawings of a picture, so that words keep their size: the style sheet shows the one that fits."""
    svgs = (("t4c-wide", silent(wide)), ("t4c-narrow", silent(narrow)))
    return Markup("").join(Markup('<div class="{}">{}</div>').format(*one) for one in svgs)


def silent(svg: str) -> Markup:
    """A drawing as HTML, silent to screen readers: what holds it says the description as one."""
    words = shown_safely(svg).replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Markup(words)  # noqa: S704  (a drawing is HTML already)


def _drawn(picture: Picture, wide: int = 0) -> Markup:
    return drawn_twice(picture.svg(wide or WIDTH_ON_PAPER), picture.svg(WIDTH_ON_A_PHONE))


environment().globals["DEMONSTRATION"] = DEMONSTRATION
environment().filters |= {
    "drawn_twice": _drawn,
    "drawn_small": lambda picture: silent(picture.svg(WIDTH_ON_A_PHONE)),
    "period": lambda text: parse_period(text).label,
    **{way.__name__: way for way in (count_of, count_words, number, percent)},
}


def style_sheet() -> str:
    """The look of sections, for whatever page holds them."""
    return files("t4c_lib.sections").joinpath("sections.css").read_text(encoding="utf-8")


def page_of(body: str, *, title: str, demonstration: bool, audience: Audience) -> str:
    """A whole page around a body: language, title, audience, style, its digest. It asks for nothing from anywhere."""
    style = style_sheet() + files("t4c_lib.sections").joinpath("paper.css").read_text(encoding="utf-8")
    return with_digest(from_template(PARTS, "page", body, title, audience.marking, demonstration, style, DIGEST))
