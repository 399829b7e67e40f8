"""A chart on a page: drawn by the browser, named for screen readers, changed in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import traitlets

# An SVG carries text, which scales and prints; the menu of three dots leads to a public editor.
EMBED_OPTIONS = {"renderer": "svg", "actions": False}


class Chart(alt.JupyterChart):
    """An Altair chart as a widget that asks nothing of any other machine.

    A screen reader hears one image, named by the chart's description; the figures themselves belong in a table
    beside it. Give a new picture with `show`, and the browser draws it in the same place. A picture whose width is
    "container" takes the width that the page has for it.

    Args:
        picture: an Altair chart, or a finished Vega-Lite specification, with a `description`.

    Raises:
        ValueError: the picture has no description.
    """

    _esm = Path(__file__).with_name("chart.js")  # type: ignore[assignment]  # anywidget takes a path as well

    description = traitlets.Unicode().tag(sync=True)

    def __init__(self, picture: alt.TopLevelSpec | dict[str, Any], **kwargs: Any) -> None:
        super().__init__(chart=None, embed_options=EMBED_OPTIONS, **kwargs)  # type: ignore[arg-type]
        self.on_msg(self._send_chart_program)
        self.show(picture)

    def show(self, picture: alt.TopLevelSpec | dict[str, Any]) -> None:
        """Draw this picture from now on. Raises ValueError when it has no description."""
        description = picture.get("description") if isinstance(picture, dict) else picture["description"]
        if not isinstance(description, str) or not description.strip():
            raise ValueError("A chart needs a description: it is what a screen reader says instead of the picture.")
        with self.hold_sync():
            self.description = description
            if isinstance(picture, dict):
                self.chart = None
                self.spec = picture
            else:
                self.chart = picture

    def _send_chart_program(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "chart-program":
            self.send({"kind": "chart-program"}, buffers=[_chart_program().encode()])


def _chart_program() -> str:
    """The drawing program for a front end that has none, which is JupyterLab's; Voila pages have it as a file."""

    class Offline(alt.JupyterChart):
        pass

    Offline.enable_offline()
    return Offline._esm
