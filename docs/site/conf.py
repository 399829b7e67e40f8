"""Sphinx's settings for the documentation as a site: docs/site/build.py builds it.

The source folder is the whole repository, so that every link in a guide leads where it leads in the repository, and no
text stands twice. Nothing that a reader's browser loads comes from another machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from stable_names import found, stable_names  # noqa: E402  (docs/ is on the path from here on)

project = "Talent for Care planning workbook"
project_copyright = "the authors of the workbook, MIT licence"
language = "en-GB"
html_title = project
root_doc = "docs/site/index"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
include_patterns = [
    *("docs/guide/*.md", "docs/reference/*.md", "docs/decisions/*.md", "docs/site/*.md"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md", "SECURITY.md", "workbooks/analysis.ipynb"),
]
exclude_patterns = [".venv*", ".git", "build", "dist", "reports", "data/store", "t4c_lib", "tests", "benchmarks"]
nitpicky = True
# What a docstring's types name and no page describes: the library's other names, and those of other libraries.
nitpick_ignore_regex = [("py:.*", ".*")]

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_block", "colon_fence"]
suppress_warnings = ["myst.header"]  # a decision's amendments begin where they begin
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_show_tb = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # else pages would ask other machines for scripts
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_search_summary = False  # it would be fetched, which no browser allows for files
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "font-stack": "Arial, 'Liberation Sans', Helvetica, sans-serif",
        "font-stack--headings": "Arial, 'Liberation Sans', Helvetica, sans-serif",
        "color-brand-primary": "#005eb8",
        "color-brand-content": "#005eb8",
        "color-brand-visited": "#330072",
        "color-api-name": "#005eb8",
        "color-api-pre-name": "#005eb8",
    },
    "dark_css_variables": {
        "color-brand-primary": "#9cc8f5",
        "color-brand-content": "#9cc8f5",
        "color-brand-visited": "#c9b5ec",
        "color-api-name": "#9cc8f5",
        "color-api-pre-name": "#9cc8f5",
    },
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

LIBRARY = "docs/site/library"


def _directives() -> Iterator[str]:
    """A class with its fields and those of its methods that are listed; a function alone."""
    names = stable_names()
    for name in names:
        if name.rpartition(".")[0] in names:
            continue  # it stands with its class
        kind, more = "function", ""
        if isinstance(of := found(name), type):
            methods = [one.rpartition(".")[2] for one in names if one.startswith(f"{name}.")]
            every = (*_fields(of), *methods)
            kind, more = "class", f"\n   :members: {', '.join(every)}" if every else ""
        yield f"```{{eval-rst}}\n.. auto{kind}:: {name}{more}\n```\n"


def _fields(of: type) -> list[str]:
    named = [one.name for one in fields(of)] if is_dataclass(of) else [*getattr(of, "model_fields", {})]
    return [one for one in named if not one.startswith("_")]


def add_names(_app: Sphinx, page: str, source: list[str]) -> None:
    """Put what the docstrings say below the words of the library's page."""
    if page == LIBRARY:
        source[0] += "\n" + "\n".join(_directives())


# What can be scrolled can be reached by keyboard, and a heading says of which level it is.
READABLE = (
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ("<pre>", '<pre tabindex="0">'),
    ('<div class="table-wrapper', '<div tabindex="0" role="region" aria-label="Table" class="table-wrapper'),
    ('<div class="output text_html', '<div tabindex="0" role="region" aria-label="Output" class="output text_html'),
)


def make_readable(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Mend what the theme's HTML lacks, in the page and in the list of pages beside it."""
    for part in ("body", "furo_navigation_tree"):
        for plain, better in READABLE:
            context[part] = context.get(part, "").replace(plain, better)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_names)
    app.connect("html-page-context", make_readable, priority=900)  # after the theme
    app.add_lexer("mermaid", TextLexer)  # a decision's diagram is shown as it is written
