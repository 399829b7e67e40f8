"""One section of a page or paper: what it says, and the same as HTML.

The HTML is semantic, escaped and complete without any script or outside file.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib.resources import files

import pandas as pd

from t4c_lib.charts import Picture
from t4c_lib.charts.picture import WIDTH_ON_A_PHONE, WIDTH_ON_PAPER
from t4c_lib.disclosure import Audience
from t4c_lib.typed_text import shown_safely


@dataclass(frozen=True)
class Fact:
    """A figure large enough to be read across a room.

    Attributes:
        figure: as people read it: "5.7%".
        label: of what.
        detail: what it rests on, or what it compares with.
        part: the name by which a page finds it, to put another figure in at once.
    """

    figure: str
    label: str
    detail: str = ""
    part: str = ""


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


def text_html(text: str) -> str:
    """A text within HTML: markup in it is shown as it was typed, and what would act without being seen is a box."""
    return escape(shown_safely(text))


def section_html(section: Section) -> str:
    """One section. Text is escaped: whatever somebody typed is shown as they typed it."""
    level = section.level
    parts = [f"<h{level}>{text_html(section.heading)}</h{level}>"]
    if section.warning:
        parts.append(f'<p class="t4c-warning"><strong>Note</strong> {text_html(section.warning)}</p>')
    if section.facts:
        parts.append(f'<dl class="t4c-facts">{"".join(_fact_html(fact) for fact in section.facts)}</dl>')
    parts += [f"<p>{text_html(sentence)}</p>" for sentence in section.sentences]
    if section.aside:
        parts.append(
            f'<p class="t4c-aside"><strong>How to read it</strong> <span>{text_html(section.aside)}</span></p>'
        )
    if section.points:
        parts.append(f"<ul>{''.join(f'<li>{text_html(point)}</li>' for point in section.points)}</ul>")
    if section.picture is not None:
        parts.append(_picture_html(section.picture))
    if section.table is not None:
        parts.append(table_html(section.table, section.table_caption or section.heading))
    return f'<section class="t4c-section">{"".join(parts)}</section>'


def _fact_html(fact: Fact) -> str:
    detail = f'<dd class="t4c-detail">{text_html(fact.detail)}</dd>' if fact.detail else ""
    part = f' data-part="{fact.part}"' if fact.part else ""
    words = f'<dt>{text_html(fact.label)}</dt><dd class="t4c-figure">{text_html(fact.figure)}</dd>{detail}'
    return f"<div{part}>{words}</div>"


def _picture_html(picture: Picture) -> str:
    both = drawn_twice(picture.svg(WIDTH_ON_PAPER), picture.svg(WIDTH_ON_A_PHONE))
    drawing = f'<div class="t4c-drawing" role="img" aria-label="{text_html(picture.description)}">{both}</div>'
    caption = f"<figcaption>{text_html(picture.title)}</figcaption>"
    return f'<figure class="t4c-picture">{caption}{drawing}{figures_html(picture)}</figure>'


def drawn_twice(wide: str, narrow: str) -> str:
    """Two drawings of a picture, so that words keep their size: the style sheet shows the one that fits.

    Both are silent to screen readers: what holds them says the description as one.
    """
    silent = '<svg aria-hidden="true" focusable="false" '
    drawn = (("t4c-wide", wide), ("t4c-narrow", narrow))
    svgs = ((name, shown_safely(svg).replace("<svg ", silent, 1)) for name, svg in drawn)
    return "".join(f'<div class="{name}">{svg}</div>' for name, svg in svgs)


def figures_html(picture: Picture) -> str:
    """The figures behind a picture, folded away until asked for."""
    table = table_html(picture.table, picture.title)
    return f"<details><summary>The figures behind this chart</summary>{table}</details>"


def table_html(table: pd.DataFrame, caption: str) -> str:
    """A table with caption and headings that belong to their columns; the first column names the row."""
    head = "".join(f'<th scope="col">{text_html(str(name))}</th>' for name in table.columns)
    rows = []
    for values in table.itertuples(index=False):
        first, *others = (_cell_html(str(value)) for value in values)
        rows.append(f'<tr><th scope="row">{first}</th>{"".join(f"<td>{value}</td>" for value in others)}</tr>')
    return (
        f'<div class="t4c-table" role="region" aria-label="{text_html(caption)}" tabindex="0"><table>'
        f"<caption>{text_html(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell_html(value: str) -> str:
    """A value; what stands in lines of its own after the first is set small."""
    first, *others = value.split("\n")
    return text_html(first) + "".join(f"<br><small>{text_html(line)}</small>" for line in others)


def style_sheet() -> str:
    """The look of sections, for whatever page holds them."""
    return files("t4c_lib.sections").joinpath("sections.css").read_text(encoding="utf-8")


def page_of(body: str, *, title: str, demonstration: bool, audience: Audience) -> str:
    """A whole page around a body: language, title, for whom it is, style. It asks for nothing from anywhere."""
    style = style_sheet() + files("t4c_lib.sections").joinpath("paper.css").read_text(encoding="utf-8")
    mark = f'<p class="t4c-marking">{audience.marking}</p>'
    if demonstration:
        mark += f"<p>{DEMONSTRATION}</p>"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{text_html(title)}</title><link rel="icon" href="data:,"><style>{style}</style></head>\n'
        f"<body><header>{mark}</header><main>{body}</main></body></html>\n"
    )


DEMONSTRATION = "Demonstration: this organisation and its figures are made up"
