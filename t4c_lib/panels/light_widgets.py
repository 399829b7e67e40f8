"""ipywidgets' boxes and HTML without what they rarely need: a layout and a style each.

Every widget of ipywidgets brings a layout along, some a style too: widgets of their own, which the kernel makes and
sends and the browser puts together. On the forum page they were half of all there was. These have one when given one.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import traitlets
from ipywidgets.widgets.trait_types import InstanceDict

_OPTIONS = {"sync": True, **widgets.widget_serialization}


class Lean(widgets.DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """A widget whose layout is None unless it is given one."""

    layout = InstanceDict(widgets.Layout, allow_none=True).tag(**_OPTIONS)

    @traitlets.default("layout")
    def _none(self) -> Any:
        return None


class VBox(Lean, widgets.VBox):  # type: ignore[misc]
    """Widgets one below the other."""


class HBox(Lean, widgets.HBox):  # type: ignore[misc]
    """Widgets side by side."""


class Html(Lean, widgets.HTML):  # type: ignore[misc]
    """HTML, cleaned by the browser of whatever could act."""

    style = InstanceDict(widgets.widget_string.HTMLStyle, allow_none=True).tag(**_OPTIONS)

    @traitlets.default("style")
    def _no_style(self) -> Any:
        return None
