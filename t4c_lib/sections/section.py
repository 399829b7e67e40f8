"""One section of a page or paper. It holds what is said, not how a medium shows it; `html` does that."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.charts import Picture
from t4c_lib.typed_text import shown_safely


@dataclass(frozen=True)
class Fact:
    """A figure large enough to be read across a room.

    Attributes:
        figure: as people read it: "5.7%".
        label: of what.
        detail: what it rests on, or what it compares with.
    """

    figure: str
    label: str
    detail: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Section:
    """A heading and what belongs under it; every part but the heading may be absent.

    Attributes:
        heading: a few words.
        sentences: paragraphs of plain text.
        facts: figures to set large.
        picture: a chart with its description and table.
        table: a table in its own right, with headings and values as people read them.
        table_caption: what the table holds.
        points: a list of plain texts.
        warning: what must be known before the rest is read.
        aside: what a reader might take for something else, after the rest.
        level: of the heading, 1 to 6.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    picture: Picture | None = None
    table: pd.DataFrame | None = None
    table_caption: str = ""
    points: tuple[str, ...] = ()
    warning: str = ""
    aside: str = ""
    level: int = 2

    def _repr_html_(self) -> str:
        """So that a notebook cell shows a section by ending with it."""
        from t4c_lib.sections.html import section_html

        return section_html(self)

    def __repr__(self) -> str:
        """Its heading; a notebook keeps this beside the HTML, where the whole would only stand a second time."""
        return f"Section({shown_safely(self.heading)!r})"


class Sections:
    """Several sections that one cell of a notebook shows one after another.

    Attributes:
        sections: in order; the first holds the heading of all.
    """

    def __init__(self, *sections: Section) -> None:
        self.sections = sections

    def _repr_html_(self) -> str:
        return "".join(section._repr_html_() for section in self.sections)
