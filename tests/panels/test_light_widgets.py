"""Lean widgets bring no others along, and are otherwise what ipywidgets calls them."""

from __future__ import annotations

import ipywidgets as widgets
import pytest
from ipywidgets.widgets import widget

from t4c_lib.panels import frame
from t4c_lib.panels.markup import Html

pytestmark = pytest.mark.unit


def test_it_is_one_widget_that_browsers_know() -> None:
    widgets.Widget.close_all()
    one = Html()
    assert list(widget._instances.values()) == [one]
    assert one.get_state()["_model_name"] == "HTMLModel"
    assert one.get_state()["layout"] is None


def test_a_control_brings_only_what_all_controls_share() -> None:
    frame("home")
    widgets.Widget.close_all()
    frame("home")
    assert sorted(type(one).__name__ for one in widget._instances.values()) == ["Frame", "Shared"]
