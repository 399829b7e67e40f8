"""The HTML that a page is painted with: elements, and the widgets that give their own.

Every widget of ours makes its element in the kernel and nowhere else: `markup()` is what stands on the page before any
program runs, and what a browser's program fills an empty place with. It then only binds events and follows changes.
"""

from __future__ import annotations

import html
import itertools
from functools import cached_property
from typing import Any, ClassVar

import ipywidgets as widgets
import traitlets
from ipywidgets.widgets.trait_types import InstanceDict

from t4c_lib.typed_text import shown_safely

_OPTIONS = {"sync": True, **widgets.widget_serialization}


def text(words: str) -> str:
    """Words between tags: markup in them is shown as it was typed, and what acts without being seen is a box."""
    return html.escape(shown_safely(words), quote=False)


def element(name: str, /, *children: str, **attributes: object) -> str:
    """An element of finished HTML; what is typed must have gone through `text` before.

    Args:
        name: of the element; those that HTML ends themselves (input) have no children.
        children: one after the other.
        attributes: `for_` is for, `aria_label` is aria-label. True has no value, None and False leave it out.
    """
    parts = [name]
    for key, value in attributes.items():
        called = key.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(called)
        elif value is not None and value is not False:
            parts.append(f'{called}="{html.escape(str(value))}"')
    opened = f"<{' '.join(parts)}>"
    return opened if name == "input" else f"{opened}{''.join(children)}</{name}>"


class Marked(widgets.DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """A widget that gives its element as finished HTML, and whose layout is None unless it is given one.

    Attributes:
        looks: the classes of its element.
        hint: what a browser's program knows it by (`data-widget`).
    """

    layout = InstanceDict(widgets.Layout, allow_none=True).tag(**_OPTIONS)
    _count: ClassVar[itertools.count[int]] = itertools.count(1)
    looks: ClassVar[tuple[str, ...]] = ()

    @traitlets.default("layout")
    def _none(self) -> Any:
        return None

    @property
    def hint(self) -> str:
        return type(self).__name__

    @cached_property
    def number(self) -> int:
        """Its number among those that were made in this process."""
        return next(self._count)

    def inside(self) -> str:
        """What stands inside its element now, as HTML."""
        return ""

    def attributes(self) -> dict[str, object]:
        """Further attributes of its element."""
        return {}

    def markup(self) -> str:
        """Its element as it stands now, as HTML."""
        classes = " ".join(("lm-Widget", *self.looks, *self._dom_classes))
        style = _style(self.layout)
        attributes = {"class": classes, "data_widget": self.hint, "style": style or None, **self.attributes()}
        return element("div", self.inside(), **attributes)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        painted = {"text/html": self.markup()}
        if isinstance(bundle, tuple):  # anywidget's has metadata beside it
            data, metadata = bundle
            return data | painted, metadata
        return bundle | painted


def markup_of(widget: widgets.Widget) -> str:
    """A widget's element; an empty place for one that is not ours, which a program fills."""
    return widget.markup() if isinstance(widget, Marked) else element("div")


def _style(layout: widgets.Layout | None) -> str:
    """A layout as ipywidgets writes it into an element."""
    if layout is None:
        return ""
    known = {name: getattr(layout, name) for name in layout.keys if not name.startswith("_")}
    return "; ".join(f"{name.replace('_', '-')}: {value}" for name, value in known.items() if value)
