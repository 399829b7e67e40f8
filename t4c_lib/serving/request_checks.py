"""Which requests are refused before any handler sees them, and in which words."""

import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import BaseModel
from tornado.httputil import HTTPServerRequest

from t4c_lib.serving.access import COOKIE, Access
from t4c_lib.validation_messages import read_shipped

# What comes by HTTP is small (the word that a page was closed, a token). Files come through the page's own line, which
# has a limit of its own. Bytes.
LARGEST_BODY = 1_000_000
# A body that is too large is read and thrown away up to here, so that the browser gets to see the answer. Bytes.
LARGEST_DRAINED = 100_000_000
SAFE_METHODS = frozenset({"GET", "HEAD"})
METHODS = SAFE_METHODS | {"POST"}
WRONG_TOKENS = 10  # within WRONG_SECONDS, from one sender, who then has to wait
WRONG_SECONDS = 60.0
WRONG_KEPT = 1_000
HEALTH = "/health"
HERE = "/here"  # and a page's kernel, which asks who else is here
ENTER = "/enter"
JOIN = "/join/"  # and the words of a join link, which open one round
JOIN_LINK = "/join-link"
# What a page of ours looks like is no secret, and the page that asks for the token needs it.
OPEN_TO_ALL = ("/voila/templates/t4c/static/", HEALTH, JOIN)


class Refusal(BaseModel, frozen=True, extra="forbid"):
    """Why a request is not answered; what each part is stands in refusals.yaml."""

    status: int
    why: str
    heading: str
    text: str
    asks_token: bool = False


class _Refusals(BaseModel, frozen=True, extra="forbid"):
    wrong_name: Refusal
    cross_site: Refusal
    no_token: Refusal
    wrong_token: Refusal
    too_many_tries: Refusal
    wrong_words: Refusal
    too_large: Refusal  # its text names LARGEST_BODY
    wrong_method: Refusal
    not_understood: Refusal


REFUSALS = read_shipped(_Refusals, "t4c_lib.serving", "refusals.yaml")


class Tries:
    """Makes guessing a secret slow work: ten wrong ones a minute, and only the sender waits.

    `now`: a clock in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: deque[tuple[float, str]] = deque(maxlen=WRONG_KEPT)  # when, and from which address

    def refusal(self, who: str, is_right: bool, wrong: Refusal) -> Refusal | None:
        """None when the secret was right, and its sender had not guessed too often before."""
        now = self._now()
        if sum(one == who and now - at <= WRONG_SECONDS for at, one in self._wrong) >= WRONG_TOKENS:
            return REFUSALS.too_many_tries
        if is_right:
            return None
        self._wrong.append((now, who))
        return wrong


class RequestChecks:
    """Judges requests by their headers alone.

    Args:
        access: who may come, under which names.
        now: a clock in seconds.
    """

    def __init__(self, access: Access, now: Callable[[], float] = time.monotonic) -> None:
        self.access = access
        self._tries = Tries(now)

    def refusal(self, request: HTTPServerRequest) -> Refusal | None:
        """Why this request is refused, or None. A right token in the address counts as having come in."""
        hosts = request.headers.get_list("Host")
        if len(hosts) != 1 or not self.access.is_called(hosts[0]):
            return REFUSALS.wrong_name
        if (request.method or "") not in METHODS:
            return REFUSALS.wrong_method
        if is_cross_site(request):
            return REFUSALS.cross_site
        length = request.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            return REFUSALS.not_understood
        if int(length) > LARGEST_BODY:
            return REFUSALS.too_large
        return self._without_token(request)

    def _without_token(self, request: HTTPServerRequest) -> Refusal | None:
        path = request.path
        if self.access.token is None or path.startswith(OPEN_TO_ALL) or path == ENTER:
            return None
        if self.access.visitor(self.given_pass(request)):
            return None
        given = given_token(request)
        return REFUSALS.no_token if given is None else self.try_token(given, request)

    def given_pass(self, request: HTTPServerRequest) -> str:
        """What the browser has from an earlier visit, as it says; empty when nothing."""
        morsel = request.cookies.get(COOKIE)
        return "" if morsel is None else morsel.value

    def visitor(self, request: HTTPServerRequest) -> str:
        """Whose request it is: by the pass, or, of a program that has none, by its address. Empty without a token."""
        if self.access.token is None:
            return ""
        return self.access.visitor(self.given_pass(request)) or str(request.remote_ip)

    def try_token(self, given: str, request: HTTPServerRequest) -> Refusal | None:
        """None when it is the token. Guessing is slow work: ten wrong ones a minute, and only the sender waits."""
        return self._tries.refusal(str(request.remote_ip), self.access.is_token(given), REFUSALS.wrong_token)


def is_cross_site(request: HTTPServerRequest) -> bool:
    """Whether a page of another site asks, other than by a link that somebody followed.

    What changes something, and a page's line to its kernel, may be asked for by our own pages only. Of the rest,
    another site may lead a person here, but not show a page of ours within its own or fetch anything.
    """
    origin = request.headers.get("Origin")
    # A browser says where a request comes from whenever it is one that matters; programs that say nothing act for
    # whoever runs them and have no other site's cookies.
    if origin is not None and urlsplit(origin.casefold()).netloc != request.host.casefold():
        return True
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site in {"none", "same-origin"}:
        return False
    followed = (
        request.method in SAFE_METHODS
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    )
    return not followed


def given_token(request: HTTPServerRequest) -> str | None:
    """The token in the address (`?token=`) or in the header of a program (`Authorization: Bearer`), or None."""
    for value in request.query_arguments.get("token", []):
        return value.decode("utf-8", "replace").strip()
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if kind.casefold() == "bearer" and given.strip() else None
