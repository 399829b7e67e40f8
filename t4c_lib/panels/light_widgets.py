"""ipywidgets' boxes and HTML without what they rarely need: a layout and a style each.

Every widget of ipywidgets brings a layout along, some a style too: widgets of their own, which the kernel makes and
sends and the browser puts together. On the forum page they were half of all there was. These have one when given one.
"""

import ipywidgets as widgets

from t4c_lib.panels.markup import Lean, Marked, markup_of

LIVE_ONLY = "t4c-live-only"  # the class of what is left out of a page saved as one file: it can only be used
_BOX = ("jupyter-widgets", "widget-container", "widget-box")


class _Box(Marked):
    def inside(self) -> str:
        return "".join(map(markup_of, self.children))


class VBox(_Box, widgets.VBox):  # type: ignore[misc]
    """Widgets one below the other."""

    looks = (*_BOX, "widget-vbox")


class HBox(_Box, widgets.HBox):  # type: ignore[misc]
    """Widgets side by side."""

    looks = (*_BOX, "widget-hbox")


class Html(Marked, widgets.HTML):  # type: ignore[misc]
    """HTML, cleaned by the browser of whatever could act."""

    looks = ("jupyter-widgets", "widget-inline-hbox", "widget-html")
    style = Lean(widgets.widget_string.HTMLStyle, allow_none=True).tag(sync=True, **widgets.widget_serialization)

    def inside(self) -> str:
        """The HTML as it was given: whoever gives it has escaped what was typed."""
        return f'<div class="widget-html-content">{self.value}</div>'


def show_if(widget: Marked, *, shown: bool) -> None:
    """Show a widget, or keep its place out of the page."""
    widget.layout = {"display": "" if shown else "none"}
