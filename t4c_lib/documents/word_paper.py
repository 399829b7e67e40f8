"""A paper in Word: a title, what must be known of it, and parts with their points."""

import datetime as dt
import io
from typing import TYPE_CHECKING

from t4c_lib.disclosure import SEAL, sealed
from t4c_lib.plan.partnership.papers import Paper

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Arial"
POINTS = {"Normal": 11, "Title": 20, "Heading 1": 14, "List Bullet": 11}
A4, MARGIN, AFTER = (21.0, 29.7), 2.2, 4  # centimetres; points below a paragraph
INK = "212B32"


def word_paper(paper: Paper) -> bytes:
    """A Word file (.docx) on A4, with real headings and lists, so that Word and screen readers find their way in it."""
    import docx  # it takes as long to import as a page may take to open

    document = docx.Document()
    set_up(document, paper.title)
    document.add_paragraph(paper.title, style="Title")
    for line in paper.opening:
        document.add_paragraph(line)
    for part in paper.parts:
        document.add_paragraph(part.heading, style="Heading 1")
        for line in part.opening:
            document.add_paragraph(line)
        for lead, words in part.points:
            point = document.add_paragraph(style="List Bullet")
            if lead:
                point.add_run(f"{lead}: ").bold = True
            point.add_run(words)
        if not part.points and part.empty:
            document.add_paragraph(part.empty)
    file = io.BytesIO()
    document.save(file)
    return sealed(file.getvalue())  # a change made later shows


def set_up(document: "Document", title: str) -> None:
    """A4 with margins, the styles of our papers in one font, the language, and nobody's name in the file."""
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
    document.core_properties.comments, document.core_properties.identifier = "", SEAL
    document.core_properties.created = document.core_properties.modified = dt.datetime.now(dt.UTC)
