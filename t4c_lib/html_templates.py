"""By Jinja templates: HTML, in which typed text is escaped and what acts unseen is a box; and plain text as it is."""

import textwrap
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

from jinja2 import Environment, PackageLoader, TemplateAssertionError
from markupsafe import Markup

from t4c_lib.typed_text import capitalised, listed, shown_safely


def attributes_html(attributes: Mapping[str, object]) -> Markup:
    """Attributes as they stand in a tag: True has no value; what is empty, None, False or undefined is left out."""
    given = ((name, value) for name, value in attributes.items() if value or (value == 0 and value is not False))
    return Markup("").join(
        Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value) for name, value in given
    )


@cache
def environment() -> Environment:
    """The templates of the library (*.html.j2), by their path below it; a room may add filters of its own."""
    made = Environment(loader=PackageLoader("t4c_lib", ""), autoescape=True)
    made.filters |= {"text": shown_safely, "attributes": attributes_html, "capitalised": capitalised, "listed": listed}
    return made


def from_template(template: str, macro: str, *shown: object) -> str:
    """What a macro of a template makes of what it shows, as HTML."""
    return str(getattr(environment().get_template(template).module, macro)(*shown))


def plain_from(template: str, macro: str, *shown: object) -> str:
    """The same as plain text."""
    return Markup(from_template(template, macro, *shown)).striptags()  # noqa: S704  (a template escapes what it shows)


def wrapped(text: str, first: str = "", following: str = "  ") -> str:
    """A text in lines of 100 letters, with what stands before the first and the following; no word is cut."""
    lines = textwrap.TextWrapper(100, first, following, break_long_words=False, break_on_hyphens=False)
    return lines.fill(" ".join(text.split()))


@cache
def _texts() -> Environment:
    made = Environment(loader=PackageLoader("t4c_lib", ""), trim_blocks=True)  # noqa: S701  (no HTML)
    made.globals |= {"wrapped": wrapped, "listed": listed, "capitalised": capitalised}
    return made


def compile_all() -> None:
    """Have the templates of the rooms that are imported at hand, and with it in each copy of this process."""
    for made, ending in ((environment(), ".html.j2"), (_texts(), ".txt.j2")):
        for name in made.list_templates():
            if name.endswith(ending) and "/share/" not in name:  # those are Voila's
                with suppress(TemplateAssertionError):  # it has filters of a room that isn't imported
                    made.get_template(name)


def text_from(template: str, **shown: object) -> str:
    """What a template (*.txt.j2) makes of what it shows, as plain text that ends in one line's end."""
    return _texts().get_template(template).render(shown).rstrip() + "\n"
