"""Stands before every handler: refuses requests, puts the security headers on every answer, and logs it."""

import math
import time
from collections.abc import Callable
from functools import partial
from http.client import responses
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from pydantic import RootModel
from tornado import httputil
from tornado.httputil import HTTPHeaders
from tornado.routing import Router
from tornado.web import Application

from t4c_lib.serving.access import COOKIE, ENTER, HERE, JOIN, PASS_SECONDS, REFUSALS, Refusal, RequestChecks
from t4c_lib.serving.monitoring import ServerLog, route
from t4c_lib.serving.sign_in import SIGN_IN
from t4c_lib.store.people import AUDIT_PAGE
from t4c_lib.validation_messages import read_shipped

LONGEST_FORM = 4_096  # bytes: a token and the address to go on to
# A body that is too large is read and thrown away up to here, so that the browser gets to see the answer. Bytes.
LARGEST_DRAINED = 100_000_000


class Middleware(Router):
    """Stands before an application, whatever its handlers are.

    The application's settings have the log, and which addresses of pages it may name. `base` is the path below which
    browsers find all this, as in "/t4c/"; a proxy may pass it on or leave it out.
    """

    def __init__(self, app: Application, checks: RequestChecks, base: str) -> None:
        self.app, self.checks, self.base = app, checks, base
        self.log: ServerLog = app.settings["t4c_log"]
        self.on_busy: Callable[[Any], None] = lambda _stream: None
        self.on_idle: Callable[[Any], None] = lambda _stream: None

    def start_request(self, server_conn: object, request_conn: httputil.HTTPConnection) -> httputil.HTTPMessageDelegate:
        return super().start_request(server_conn, _Answer(request_conn, self))

    def find_handler(
        self,
        request: httputil.HTTPServerRequest,
        **kwargs: Any,  # noqa: ARG002  (tornado's signature)
    ) -> httputil.HTTPMessageDelegate:
        answer = request.connection
        if not isinstance(answer, _Answer):
            raise TypeError(f"a request that didn't come through the middleware: {type(answer).__name__}")
        take_base_off(request, self.base)
        answer.begin(request, route(request.path, self.app.settings["t4c_pages"]))
        refusal = self.checks.refusal(request)
        here = without_token(request, self.base)
        if refusal is not None:
            return _Reads(request, lambda _: self.refuse(request, refusal, here))
        if self.checks.access.asks_token:
            if request.path == ENTER:
                return _Reads(request, partial(self.enter, request))
            if request.method == "GET" and request.query_arguments.get("token"):
                return _Reads(request, lambda _: self.admit(request, here))
        handler = self.app.find_handler(request)
        assert handler is not None  # noqa: S101  (an application always has one, if only to say 404)
        return handler

    def refuse(self, request: httputil.HTTPServerRequest, refusal: Refusal, go_on: str) -> None:
        """Answer a refusal with a page or plain text, as asked; without a token, lead to where it can be typed."""
        self.log.write("refused", why=refusal.why, status=refusal.status, method=request.method)
        as_page = "text/html" in request.headers.get("Accept", "")
        by_hub = self.checks.access.sign_in is not None and not self.checks.access.sign_in.header
        if as_page and by_hub and refusal is REFUSALS.not_signed_in:
            address = f"{self.base[:-1]}{SIGN_IN}?{urlencode({'next': go_on})}"
            _reply(request, 303, "text/plain", "", {"Location": address})
        elif as_page and refusal.asks_token and request.path != ENTER:
            wrong = {"wrong": "1"} if refusal is REFUSALS.wrong_token else {}
            address = f"{self.base[:-1]}{ENTER}?{urlencode({'next': go_on, **wrong})}"
            _reply(request, 303, "text/plain", "", {"Location": address})
        elif as_page:
            page = self.app.settings["t4c_plain_page"]("refused.html.j2", refusal=refusal, next=go_on)
            _reply(request, refusal.status, "text/html", page)
        else:
            _reply(request, refusal.status, "text/plain", f"{refusal.heading}. {refusal.text}\n")

    def enter(self, request: httputil.HTTPServerRequest, body: bytes) -> None:
        """Show the form in which somebody types the token, or take it."""
        form = parse_qs(body.decode("utf-8", "replace") if request.method == "POST" else request.query)
        go_on = local_address(form.get("next", [self.base])[0], self.base)
        refusal: Refusal | None = REFUSALS.wrong_token if form.get("wrong") else REFUSALS.no_token
        if request.method == "POST":
            refusal = self.checks.try_token(form.get("token", [""])[0].strip(), request)
        if refusal is None:
            self.admit(request, go_on)
        else:
            self.refuse(request, refusal, go_on)

    def admit(self, request: httputil.HTTPServerRequest, address: str) -> None:
        """Send a visitor who knows the token on, with the cookie by which their browser is known from now on."""
        before = self.checks.access.visitor(self.checks.given_pass(request), math.inf)
        go_on, cookie = self.admitted(request, before, address)
        _reply(request, 303, "text/plain", "", {"Location": go_on, "Set-Cookie": cookie})

    def admitted(self, request: httputil.HTTPServerRequest, visitor: str | None, address: str) -> tuple[str, str]:
        """Where a visitor goes on to, and the cookie by which their browser is known from now on."""
        morsel = SimpleCookie({COOKIE: self.checks.access.new_pass(visitor)})[COOKIE]
        # Lax, so that a link in a message leads in; what changes anything is held to our own pages by the checks.
        morsel["path"], morsel["samesite"], morsel["httponly"] = self.base, "Lax", True
        morsel["max-age"] = PASS_SECONDS
        if request.protocol == "https":
            morsel["secure"] = True
        return local_address(address, self.base), morsel.OutputString()


class _Answer(httputil.HTTPConnection):
    """A connection on which an answer is given: it adds the headers, and has a line logged at the end."""

    def __init__(self, inner: httputil.HTTPConnection, middleware: Middleware) -> None:
        self._inner = inner
        self._middleware = middleware
        self._host, self._path, self._route, self._method = "", "", "(other)", ""
        self._status, self._began = 0, time.monotonic()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def begin(self, request: httputil.HTTPServerRequest, shown_route: str) -> None:
        self._host, self._method, self._route = request.host, request.method or "", shown_route
        self._path = request.path
        self._began = time.monotonic()
        self._middleware.on_busy(getattr(self._inner, "stream", None))

    def write_headers(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,
        chunk: bytes | None = None,
    ) -> Any:
        self._status = getattr(start_line, "code", 0)
        harden(headers, content_security_policy(self._path), self._host)
        if self._status == 101:
            self._log_answer()  # from here on it is a line that stays open
        return self._inner.write_headers(start_line, headers, chunk)

    def write(self, chunk: bytes) -> Any:
        return self._inner.write(chunk)

    def finish(self) -> None:
        if self._status != 101:
            self._log_answer()
            self._middleware.on_idle(getattr(self._inner, "stream", None))
        self._inner.finish()

    def _log_answer(self) -> None:
        if self._status == 200 and self._route.startswith(HERE):
            return  # each page asks every few seconds
        ms, log = round((time.monotonic() - self._began) * 1000), self._middleware.log
        log.write("answer", method=self._method, route=self._route, status=self._status, ms=ms)


class _Reads(httputil.HTTPMessageDelegate):
    """Reads what is sent, within reason, keeps no more of it than a form may have, and then answers.

    A browser that is answered while it still sends gets to see a broken connection instead of the answer.
    """

    def __init__(self, request: httputil.HTTPServerRequest, answer: Callable[[bytes], None]) -> None:
        self._request, self._answer = request, answer
        self._body = b""

    def headers_received(self, start_line: Any, headers: httputil.HTTPHeaders) -> None:  # noqa: ARG002
        connection: Any = self._request.connection  # HTTP/1, the only kind there is
        connection.set_max_body_size(LARGEST_DRAINED)

    def data_received(self, chunk: bytes) -> None:
        self._body += chunk[: LONGEST_FORM - len(self._body)]

    def finish(self) -> None:
        self._answer(self._body)


def take_base_off(request: httputil.HTTPServerRequest, base: str) -> None:
    """Take the path below which a proxy shows this server out of what was asked for, if it stands there."""
    if base != "/" and f"{request.path}/".startswith(base):
        request.path = request.path[len(base) - 1 :] or "/"
        request.uri = request.path + (f"?{request.query}" if request.query else "")


def without_token(request: httputil.HTTPServerRequest, base: str = "/") -> str:
    """The address that was asked for, as browsers find it below `base`, without the token."""
    query = [(key, value) for key, values in parse_qs(request.query).items() if key != "token" for value in values]
    asked = f"?{urlencode(query)}" if query else ""
    return local_address(f"{base[:-1]}{request.path}{asked}", base)


def local_address(address: str, base: str = "/") -> str:
    """The address if it leads to this server, else its root: nobody is sent on to another site."""
    led_elsewhere = not address.startswith(base) or address[1:2] in {"/", "\\"} or not address.isprintable()
    return base if led_elsewhere else address


def _reply(
    request: httputil.HTTPServerRequest, status: int, kind: str, text: str, extra: dict[str, str] | None = None
) -> None:
    body = text.encode()
    own = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body))}
    headers = httputil.HTTPHeaders({**own, **(extra or {}), "Cache-Control": "no-store"})
    assert request.connection is not None  # noqa: S101  (only a request made by hand has none)
    start = httputil.ResponseStartLine("HTTP/1.1", status, responses.get(status, "Refused"))
    request.connection.write_headers(start, headers, b"" if request.method == "HEAD" else body)
    request.connection.finish()


HEADERS = read_shipped(RootModel[dict[str, dict[str, str]]], "t4c_lib.serving", "security_headers.yaml").root


def content_security_policy(path: str) -> str:
    """What the page at an address may load and do. No script runs but our files."""
    policy = dict(HEADERS["content_security_policy"])
    if path in (ENTER, f"/{AUDIT_PAGE}") or path.startswith(JOIN):
        policy |= HEADERS["with_form"]
    return "; ".join(f"{what} {allowed}" for what, allowed in policy.items())


def harden(headers: HTTPHeaders, policy: str, host: str) -> None:
    """Put the headers of every answer among those of one, in the place of what stands there under the same names.

    `host`: under which the server was asked, port and all. Older browsers don't count a websocket to the same host as
    'self', so the policy's `connect-src` names it.
    """
    headers.update(HEADERS["every_answer"])
    headers["Content-Security-Policy"] = policy.replace("connect-src", f"connect-src ws://{host} wss://{host}", 1)
    headers.pop("Server", None)  # which program answers, and which version of it, is nobody's business
