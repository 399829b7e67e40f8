"""Who may ask for pages: everybody at this machine, else who knows the token; what is refused first (refusals.yaml)."""

import hmac
import ipaddress
import os
import re
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Self
from urllib.parse import quote, urlsplit

from pydantic import BaseModel
from tornado.httputil import HTTPServerRequest
from tornado.web import create_signed_value, decode_signed_value

from t4c_lib.errors import T4CError
from t4c_lib.serving.sign_in import CALLBACK, SIGN_IN, SignIn, named_by_hub
from t4c_lib.store.people import SignedIn
from t4c_lib.validation_messages import read_shipped

TOKEN = "T4C_TOKEN"  # noqa: S105  (the name of the variable, not a token)
TOKEN_ON_LOOPBACK = "T4C_TOKEN_ON_LOOPBACK"  # noqa: S105
SHORTEST_TOKEN = 12
TOKEN_BYTES = 24  # 192 random bits: nobody guesses that, however often they try
COOKIE = "t4c-pass"  # that visitors with the token have
PASS_SECONDS, DAY_SECONDS = 12 * 3600, 24 * 3600
SIGNED_IN_SECONDS = 3600  # until JupyterHub is asked again whether somebody may still come
LOOPBACK = "127.0.0.1"
LOCAL_NAMES = frozenset({"localhost", LOOPBACK, "::1"})
EVERY_ADDRESS = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104  (recognised here, never used by default)


class Access(NamedTuple):
    """Where the pages are served, under which names they may be asked for, and the token, if one is needed."""

    host: str  #: the address to listen on
    names: frozenset[str] = LOCAL_NAMES  #: names, in small letters, by which this server may be called
    token: str | None = None  #: what has to be known by whoever comes, or None when only this machine can come
    #: whether it may also be called by a bare IP address. A name can be made to lead here by a stranger (and a browser
    #: then lets the stranger's page ask for ours); a bare address can't.
    any_address: bool = False
    behind_proxy: bool = False  #: whether a proxy stands before it, whose word on http or https is taken
    sign_in: SignIn | None = None  #: how people are known; then nobody is asked for the token, which seals their passes

    @classmethod
    def to(
        cls,
        host: str,
        *,
        names: Iterable[str] = (),
        behind_proxy: bool = False,
        new_token: bool = False,
        sign_in: SignIn | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Self:
        """What holds for a server on this address. Beyond this machine there is always a token; on it, when one is set.

        Raises T4CError: T4C_TOKEN is too short to keep anybody out. `host`: an IP address or a name of this machine.
        `names`: further names by which people will call it, such as the one a proxy answers to. `behind_proxy`: a proxy
        passes on what others ask, so a token is needed even on this machine's own address. `new_token`: a new one
        whatever T4C_TOKEN says; the passes that were made from another end by that. `sign_in`: how people are known,
        who then need no token. `environ`: where T4C_TOKEN and
        T4C_TOKEN_ON_LOOPBACK are looked up; the process's environment when None.
        """
        environ = os.environ if environ is None else environ
        given = "" if new_token else environ.get(TOKEN, "").strip()
        if given and len(given) < SHORTEST_TOKEN:
            raise T4CError(
                f"{TOKEN} has {len(given)} characters; at least {SHORTEST_TOKEN} are needed to keep others out. "
                "Three or four unrelated words do well."
            )
        here_only = is_loopback(host) and not behind_proxy
        wanted_here = environ.get(TOKEN_ON_LOOPBACK, "").strip() not in {"", "0"}
        asks = new_token or sign_in is not None or wanted_here or not here_only
        known = {name.strip().casefold() for name in names if name.strip()}
        if not here_only:
            short = socket.gethostname().casefold()
            own = {short, f"{short.partition('.')[0]}.local", socket.getfqdn().casefold()}
            known |= {host.casefold(), *own} - EVERY_ADDRESS
        return cls(
            host=host,
            names=LOCAL_NAMES | known,
            token=given or (secrets.token_urlsafe(TOKEN_BYTES) if asks else None),
            any_address=not here_only,
            behind_proxy=behind_proxy,
            sign_in=sign_in,
        )

    @property
    def listen_on(self) -> str:
        """The address to listen on, as sockets take it; empty for every address that this machine has."""
        return "" if self.host in EVERY_ADDRESS else self.host

    def is_called(self, host: str) -> bool:
        """Whether a Host header's value, port and all, is a name of this server."""
        name = host_name(host)
        if name in self.names:
            return True
        address = _ip(name)
        return address is not None and (self.any_address or address.is_loopback)

    @property
    def asks_token(self) -> bool:
        """Whether whoever comes has to know the token."""
        return self.token is not None and self.sign_in is None

    def is_token(self, given: str) -> bool:
        """Whether this is the token; takes as long for a nearly right one as for a wrong one."""
        return self.asks_token and self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def new_pass(self, visitor: str | None = None) -> str:
        """What the cookie holds: a visitor, new unless an earlier pass names them, the time, and the token's seal."""
        return create_signed_value(self.token or "", COOKIE, visitor or secrets.token_urlsafe(12)).decode()

    def visitor(self, given: str, within: float = PASS_SECONDS) -> str | None:
        """Whom a pass names; None when it isn't one of ours, or was given out more than `within` seconds ago."""
        if self.token is None:
            return None
        named = decode_signed_value(self.token, COOKIE, given, max_age_days=within / DAY_SECONDS, min_version=2)
        return named.decode() if named else None

    def place(self, port: int, base: str = "/") -> str:
        """The address of a path, by which others reach it where they can."""
        host = self.host
        if host in EVERY_ADDRESS:
            host = _outward_address()
        elif host == "localhost":
            host = LOOPBACK
        return web_address(host, port, base)

    def address(self, port: int, base: str = "/") -> str:
        """The address to open below a path, with the token in it where one is needed."""
        return self.place(port, base) + (f"?token={quote(self.token)}" if self.token and self.asks_token else "")

    def from_here(self, port: int, base: str) -> tuple[str, dict[str, str]]:
        """The address of a path for this machine itself, and the headers of a visitor who may ask for it."""
        address = web_address(self.host if self.listen_on else LOOPBACK, port, base)
        return address, {"Cookie": f"{COOKIE}={self.new_pass()}"} if self.token else {}

    def join_place(self, request: HTTPServerRequest, port: int, base: str = "/") -> str:
        """Where other devices find what the asker sees; empty where none can reach this server."""
        if not self.any_address:
            return ""
        by_name = self.behind_proxy or not is_loopback(host_name(request.host))
        return f"{request.protocol}://{request.host}{base}" if by_name else self.place(port, base)


def web_address(host: str, port: int, base: str) -> str:
    """The address of a path on a host; an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}{base}" if ":" in host else f"http://{host}:{port}{base}"


def base_path(text: str) -> str:
    """A path below which pages stand: "/t4c/" for "t4c". Raises T4CError: it is none, or has signs it shouldn't."""
    path = text.strip().strip("/")
    if not path:
        return "/"
    if not all(re.fullmatch(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*", part) for part in path.split("/")):
        raise T4CError(
            f"--base-url is '{text}'; it must be the path below which a proxy shows the pages, without the server's "
            "name: letters, digits and - . _ ~ between slashes, such as /t4c/."
        )
    return f"/{path}/"


def host_name(host: str) -> str:
    """The name in a Host header's value: without the port, without the brackets of an IPv6 address, small letters."""
    host = host.strip().casefold()
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0].rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine only."""
    if host.casefold() == "localhost":
        return True
    address = _ip(host)
    return address is not None and address.is_loopback


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _outward_address() -> str:
    """The address by which others in the same network reach this machine; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation (RFC 5737): it leads nowhere
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


# What comes by HTTP is small (the word that a page was closed, a token). Files come through the page's own line, which
# has a limit of its own. Bytes.
LARGEST_BODY = 1_000_000
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
    not_signed_in: Refusal
    not_allowed: Refusal  # what it says is said by whoever refuses
    wrong_token: Refusal
    too_many_tries: Refusal
    wrong_words: Refusal
    too_large: Refusal  # its text names LARGEST_BODY
    wrong_method: Refusal
    not_understood: Refusal


REFUSALS = read_shipped(_Refusals, "t4c_lib.serving", "refusals.yaml")


class Tries:
    """Makes guessing a secret slow work: ten wrong ones a minute, and only the sender waits. `now`: in seconds."""

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
    """Judges requests by their headers alone. `now`: a clock in seconds."""

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
        return REFUSALS.too_large if int(length) > LARGEST_BODY else self._without_token(request)

    def _without_token(self, request: HTTPServerRequest) -> Refusal | None:
        path, sign_in = request.path, self.access.sign_in
        # In a round that is joined by a link, too, somebody who has signed in enters under their own name.
        is_open = path.startswith(OPEN_TO_ALL) and not (sign_in and path.startswith(JOIN))
        if self.access.token is None or is_open or path in (ENTER, SIGN_IN, CALLBACK):
            return None
        if sign_in:
            return None if self.known(request) else REFUSALS.not_signed_in
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
        if self.access.sign_in:
            return who.login if (who := self.known(request)) else ""
        return self.access.visitor(self.given_pass(request)) or str(request.remote_ip)

    def known(self, request: HTTPServerRequest) -> SignedIn | None:
        """Who has signed in: whom the proxy names, or whom a pass does that was given out after the hub had said so."""
        if (sign_in := self.access.sign_in) is None:
            return None
        if sign_in.header:
            return sign_in.named(request)
        return named_by_hub(self.access.visitor(self.given_pass(request), SIGNED_IN_SECONDS) or "", request)

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
