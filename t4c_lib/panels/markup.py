"""The HTML that a page is painted with: elements, and the widgets that give their own.

Every widget of ours makes its element in the kernel and nowhere else: `markup()` is what stands on the page before any
program runs, and what a browser's program fills an empty place with. It then only binds events and follows changes.
None has a layout or a style of its own: each that ipywidgets brings along is a widget more, and on the forum page they
were half of all there was.
"""

import itertools
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import altair as alt
import anywidget
import ipywidgets as widgets
import traitlets
from ipywidgets.widgets.trait_types import InstanceDict
from markupsafe import Markup

from t4c_lib.charts.picture import Drawing
from t4c_lib.charts.renderer import chart_program
from t4c_lib.html_templates import attributes_html, environment

environment().filters["markup"] = lambda widget: Markup(widget.markup())  # noqa: S704  (HTML already)


class Lean(InstanceDict):  # type: ignore[misc]
    """A widget that may be given as a dict; None, and not one of its own, unless it is given."""

    def make_dynamic_default(self) -> None:
        """None."""


class Marked(widgets.DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """Gives its element as finished HTML, which a program knows by its `hint` (`data-widget`); no layout by itself."""

    layout = Lean(widgets.Layout, allow_none=True).tag(sync=True, **widgets.widget_serialization)
    _count = itertools.count(1)
    looks: ClassVar[tuple[str, ...]] = ()  #: the classes of its element

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
        return {}

    def markup(self) -> str:
        """Its element as it stands now, as HTML."""
        own = {"class": " ".join(("lm-Widget", *self.looks)), "data-widget": self.hint, **self.attributes()}
        return f"<div{attributes_html(own)}>{self.inside()}</div>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        painted = {"text/html": self.markup()}
        if isinstance(bundle, tuple):  # anywidget's has metadata beside it
            data, metadata = bundle
            return data | painted, metadata
        return bundle | painted


class Html(Marked, widgets.HTML):  # type: ignore[misc]
    """HTML, cleaned by the browser of whatever could act."""

    looks = ("jupyter-widgets", "widget-inline-hbox", "widget-html")
    style = Lean(widgets.widget_string.HTMLStyle, allow_none=True).tag(sync=True, **widgets.widget_serialization)

    def inside(self) -> str:
        """The HTML as it was given: whoever gives it has escaped what was typed."""
        return f'<div class="widget-html-content">{self.value}</div>'


class Chart(Marked, anywidget.AnyWidget):
    """A chart as a widget that asks nothing of any other machine.

    A screen reader hears one image, named by the chart's description; the figures themselves belong in a table beside
    it. Give a new picture with `show`, and the browser draws it in the same place; another drawing of the same template
    is not drawn anew, but moves what is there. Raises ValueError: the picture has no description. `picture`: what a
    picture draws (`Picture.drawing`), an Altair chart, or a finished Vega-Lite specification; the latter two with a
    `description`. One whose width is "container", as every drawing's is, takes the width of its place.
    """

    _esm = Path(__file__).with_name("chart.js")

    spec = traitlets.Dict().tag(sync=True)  #: the specification, without its figures if it is a drawing's
    tables = traitlets.Dict().tag(sync=True)  #: a drawing's rows, by the name of their table
    values = traitlets.Dict().tag(sync=True)  #: a drawing's parameters, by name
    description = traitlets.Unicode().tag(sync=True)  #: what a screen reader says

    def __init__(self, picture: Drawing | alt.TopLevelSpec | dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**_shown(picture), **kwargs)
        self.on_msg(self._send_chart_program)

    looks = ("t4c-chart",)

    def inside(self) -> str:
        """The place of the drawing, which whoever paints a page puts in."""
        return '<div class="t4c-drawn" aria-hidden="true"></div>'

    def attributes(self) -> dict[str, object]:
        """One image for screen readers. `data-chart` tells which model's it is; the plot's height keeps its place."""
        plot = {"style": f"--t4c-plot: {self.values['height']}px"} if "height" in self.values else {}
        return {"role": "img", "aria-label": self.description, "data-chart": self.model_id, **plot}

    def show(self, picture: Drawing | alt.TopLevelSpec | dict[str, Any]) -> None:
        """Draw this picture from now on. Raises ValueError when it has no description."""
        with self.hold_sync():
            for name, value in _shown(picture).items():
                setattr(self, name, value)

    def _send_chart_program(self, _widget: object, content: Any, _buffers: object) -> None:
        # For a front end that has none, which is JupyterLab's; Voila pages have it as a file.
        if isinstance(content, dict) and content.get("kind") == "chart-program":
            self.send({"kind": "chart-program"}, buffers=[chart_program().encode()])


def _shown(picture: Drawing | alt.TopLevelSpec | dict[str, Any]) -> dict[str, Any]:
    if isinstance(picture, Drawing):
        shown = {"spec": picture.frame, "tables": picture.tables, "values": picture.values}
        description: object = picture.description
    else:
        spec = picture if isinstance(picture, dict) else picture.to_dict()
        shown = {"spec": spec, "tables": {}, "values": {}}
        description = spec.get("description")
    if not isinstance(description, str) or not description.strip():
        raise ValueError("A chart needs a description: it is what a screen reader says instead of the picture.")
    return {**shown, "description": description}
