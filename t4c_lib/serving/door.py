"""Puts the door before Voila's application: guard, gate, limits, log, error pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tornado.web import Application
from voila.utils import create_include_assets_functions

from t4c_lib.serving.access import Access
from t4c_lib.serving.assets import TEMPLATE
from t4c_lib.serving.gate import Gate
from t4c_lib.serving.guards import Guard, Refusal
from t4c_lib.serving.limits import PatientServer, ask_for_files


def open_door(app: Application, access: Access, *, policy: Callable[[str], str], base_url: str) -> PatientServer:
    """The server before an application that was prepared; it takes sockets.

    Args:
        app: what answers.
        access: who may come.
        policy: the Content-Security-Policy of the answer at an address.
        base_url: where the pages begin.
    """
    ask_for_files()
    guard = Guard(access)
    app.settings["t4c_visitor"] = guard.visitor
    gate = Gate(
        app,
        guard,
        policy=policy,
        log=app.settings["t4c_log"],
        page=partial(_refusal_page, app, base_url),
        known=app.settings["t4c_pages"],
    )
    return PatientServer(gate)


def _refusal_page(app: Application, base_url: str, refusal: Refusal, go_on: str) -> str:
    told = {"heading": refusal.heading, "text": refusal.text, "asks_token": refusal.asks_token, "next": go_on}
    return _page(app, base_url, "refused.html.j2", told)


def error_page(app: Application, base_url: str, status: int, reference: str) -> str:
    """The page of an answer with an error's status, and the number of its failure to quote, or an empty one."""
    return _page(app, base_url, "error.html", {"status_code": status, "reference": reference})


def _page(app: Application, base_url: str, template: str, told: dict[str, Any]) -> str:
    stylesheet = create_include_assets_functions(TEMPLATE, base_url)["include_url"]("static/t4c.css")
    environment = app.settings["voila_jinja2_env"]
    return str(environment.get_template(template).render(stylesheet=stylesheet, base_url=base_url, **told))
