"""Puts the door before Voila's application: guard, gate, limits, log, error pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from tornado.web import Application
from voila.utils import create_include_assets_functions

from t4c_lib.serving.access import Access
from t4c_lib.serving.assets import TEMPLATE
from t4c_lib.serving.gate import Gate
from t4c_lib.serving.guards import Guard, Refusal
from t4c_lib.serving.kernel_line import LARGEST_MESSAGE
from t4c_lib.serving.limits import PatientServer, ask_for_files
from t4c_lib.serving.log import ServerLog


def prepare(app: Application, *, log: ServerLog, base_url: str, pages: Iterable[str]) -> None:
    """Give an application what error pages and the kernels' lines need. Before its handlers are made.

    Args:
        app: Voila's, with its template environment among its settings.
        log: the server's log.
        base_url: where the pages begin.
        pages: their addresses.
    """
    app.settings["t4c_log"] = log
    app.settings["t4c_pages"] = frozenset(pages)
    app.settings["t4c_error_page"] = partial(_error_page, app, base_url)
    app.settings["websocket_max_message_size"] = LARGEST_MESSAGE


def open_door(app: Application, access: Access, *, policy: str, base_url: str) -> PatientServer:
    """The server before an application that was prepared; it takes sockets.

    Args:
        app: what answers.
        access: who may come.
        policy: the Content-Security-Policy of pages.
        base_url: where the pages begin.
    """
    ask_for_files()
    gate = Gate(
        app,
        Guard(access),
        policy=policy,
        log=app.settings["t4c_log"],
        page=partial(_refusal_page, app, base_url),
        known=app.settings["t4c_pages"],
    )
    return PatientServer(gate)


def _refusal_page(app: Application, base_url: str, refusal: Refusal, go_on: str) -> str:
    told = {"heading": refusal.heading, "text": refusal.text, "asks_token": refusal.asks_token, "next": go_on}
    return _page(app, base_url, "refused.html.j2", told)


def _error_page(app: Application, base_url: str, status: int, reference: str) -> str:
    return _page(app, base_url, "error.html", {"status_code": status, "reference": reference})


def _page(app: Application, base_url: str, template: str, told: dict[str, Any]) -> str:
    stylesheet = create_include_assets_functions(TEMPLATE, base_url)["include_url"]("static/t4c.css")
    environment = app.settings["voila_jinja2_env"]
    return str(environment.get_template(template).render(stylesheet=stylesheet, base_url=base_url, **told))
