"""A chart on a page: drawn by the browser, named for screen readers, changed in place."""

from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import traitlets

from t4c_lib.charts.picture import Drawing, chart_program
from t4c_lib.panels.markup import Marked


class Chart(Marked, anywidget.AnyWidget):
    """A chart as a widget that asks nothing of any other machine.

    A screen reader hears one image, named by the chart's description; the figures themselves belong in a table beside
    it. Give a new picture with `show`, and the browser draws it in the same place; another drawing of the same template
    is not drawn anew, but moves what is there. Raises ValueError: the picture has no description.

    Args:
        picture: what a picture draws (`Picture.drawing`), an Altair chart, or a finished Vega-Lite specification; the
            latter two with a `description`. One whose width is "container", as every drawing's is, takes the width
            that the page has for it.
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
