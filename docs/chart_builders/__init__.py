"""Builders of charts in Altair: one file a picture, one theme. docs/build.py compiles what they make for Vega.

A builder draws the named tables of its `Template` and knows no figures. What it shares with the function that fills
the template, such as how a line looks, it takes from there.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import vl_convert

from chart_builders import (
    against_trajectory,
    age_profile,
    certificate_curve,
    control_chart,
    fan,
    funnel,
    run_chart,
    timeline,
    tornado,
    waterfall,
)
from t4c_lib.charts.picture import Specification

BUILDERS: dict[str, Callable[[], Any]] = {  # by the name of the template
    "against_trajectory": against_trajectory.build,
    "age_profile": age_profile.build,
    "certificate_curve": certificate_curve.build,
    "control_chart": control_chart.build,
    "fan": fan.build,
    "funnel": funnel.build,
    "run_chart": run_chart.build,
    "timeline": timeline.build,
    "tornado": tornado.build,
    "waterfall": waterfall.build,
}


@cache
def built(name: str) -> Specification:
    """The Vega-Lite specification of a template, which Altair checks against Vega-Lite's schema. Not to be changed."""
    made: Specification = BUILDERS[name]().to_dict()
    return made


def compiled(name: str) -> str:
    """What the file of a template is to hold. A process that asked for it must not fork: the compiler keeps threads."""
    return json.dumps(vl_convert.vegalite_to_vega(built(name)), indent=1, sort_keys=True, ensure_ascii=False)
