"""The forum page's chart and controls in Panel; served by `panel serve` in the peers' environment.

FORUM_PAGE names a JSON file with the chart as our page draws it and what its lists offer. Panel has the easier work:
where our page works out what a number means, this one only moves the target's mark.
"""

import copy
import json
import os
from pathlib import Path

import panel as pn

pn.extension("vega")
told = json.loads(Path(os.environ["FORUM_PAGE"]).read_text(encoding="utf-8"))
datasets = told["chart"].pop("datasets")


def drawn() -> dict:
    """The chart with its data in place: Panel makes arrays of named data, and ours has lists in it."""

    def filled(part: object) -> object:
        if isinstance(part, list):
            return [filled(one) for one in part]
        if not isinstance(part, dict):
            return part
        if part.get("name") in datasets and set(part) == {"name"}:
            return {"values": copy.deepcopy(datasets[part["name"]])}
        return {key: filled(value) for key, value in part.items()}

    return {**filled(told["chart"]), "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}}}


organisation = pn.widgets.Select(name="Organisation", options=told["organisations"])
kind = pn.widgets.Select(name="Counted as", options=told["kinds"])
amount = pn.widgets.FloatInput(name="X", value=1.0, step=0.1)
due = pn.widgets.Select(name="By the end of", options=told["months"])
base = pn.widgets.Select(name="Baseline", options=told["bases"])
who, side = pn.widgets.TextInput(name="Your name"), pn.widgets.Select(name="You speak for", options=told["sides"])
note, save = pn.widgets.TextInput(name="Note for the partners"), pn.widgets.Button(name="Save measure")
picture = pn.pane.Vega(drawn(), sizing_mode="stretch_width")


def move(_event: object) -> None:
    """Draw the target where the number says."""
    for row in datasets["goal"]:
        row["value"] = datasets["last"][0]["value"] + amount.value / 100
    picture.object = drawn()


amount.param.watch(move, "value")
form = pn.Column(kind, amount, due, base)
pn.Column("# Forum: set the X together", organisation, pn.Row(form, picture), pn.Row(who, side, note), save).servable()
