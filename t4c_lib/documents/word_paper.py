"""A paper in Word: a title, what must be known of it, and parts with their points."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from t4c_lib.plan.partnership.partnership_record import Minutes

if TYPE_CHECKING:
    from docx.document import Document

NOTHING = "None."
FONT = "Arial"
POINTS = {"Normal": 11, "Title": 20, "Heading 1": 14, "List Bullet": 11}
A4, MARGIN, AFTER = (21.0, 29.7), 2.2, 4  # centimetres; points below a paragraph
INK = "212B32"


def word_paper(title: str, opening: Sequence[str], parts: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """A Word file (.docx) on A4, with real headings and lists, so that Word and screen readers find their way in it.

    Args:
        title: of the paper.
        opening: lines below it, before the first heading.
        parts: a heading and its points each; one without points says so.
    """
    import docx  # it takes as long to import as a page may take to open

    document = docx.Document()
    _set_up(document, title)
    document.add_paragraph(title, style="Title")
    for line in opening:
        document.add_paragraph(line)
    for heading, points in parts:
        document.add_paragraph(heading, style="Heading 1")
        for point in points:
            document.add_paragraph(point, style="List Bullet")
        if not points:
            document.add_paragraph(NOTHING)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def minutes_paper(made: Minutes) -> bytes:
    """The minutes of a meeting, in Word."""
    return word_paper(made.title, made.opening, [*made.parts, ("Agreed so far", [made.record.agreed_sentence])])


def _set_up(document: "Document", title: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(A4[0]), Cm(A4[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    for name, size in POINTS.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK)
        style.paragraph_format.space_after = Pt(AFTER)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)  # a theme's font would win over the one that is set
        fonts.set(qn("w:hAnsi"), FONT)
    language = document.styles["Normal"].element.get_or_add_rPr()
    for one in language.findall(qn("w:lang")):
        language.remove(one)
    language.append(language.makeelement(qn("w:lang"), {qn("w:val"): "en-GB"}))
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.comments = ""
