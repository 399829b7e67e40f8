"""Who has signed in: whom a proxy names in a header, or JupyterHub; and what a page may then be opened for.

Without any of this (a laptop) everybody who is let in by `access.py` is nobody in particular, and types their name.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from jupyter_server.auth import Authorizer, IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, authenticated

from t4c_lib.address import Address
from t4c_lib.errors import T4CError
from t4c_lib.serving.monitoring import ServerLog
from t4c_lib.store import Store
from t4c_lib.store.people import People, Person, SignedIn, acting_as, person_of

HUB = "hub"
GROUPS = "-Groups"  # added to the name of the header for that of the groups
HUB_SESSION = "jupyterhub-session-id"  # a cookie of the hub's, which goes when somebody signs out there
SIGN_IN, CALLBACK = "/sign-in", "/oauth_callback"  # where JupyterHub is asked, and where it answers
LONGEST_LOGIN = 100
FRESH_SECONDS = 2.0  # for so long a list of people that was read holds


class SignIn(NamedTuple):
    """How people are known."""

    header: str = ""  #: the header in which a proxy names them; empty where JupyterHub does
    proxies: frozenset[str] = frozenset()  #: the addresses from which that header is believed

    @classmethod
    def by(cls, how: str, proxies: Iterable[str] = ()) -> Self:
        """By JupyterHub ("hub") or a header (its name), which these addresses may send. Raises T4CError."""
        if how == HUB:
            import_hub()
            return cls()
        trusted = frozenset(one.strip() for one in proxies if one.strip())
        if not trusted:
            raise T4CError(
                f"--sign-in is '{how}', a header that only your proxy may send. Say where it stands: --proxy 127.0.0.1 "
                "(anybody else who sent it could be anyone). To let JupyterHub sign people in: --sign-in hub"
            )
        return cls(how, trusted)

    def named(self, request: HTTPServerRequest) -> SignedIn | None:
        """Whom the proxy names; None where nobody does, or somebody else than the proxy asks."""
        login = request.headers.get(self.header, "").strip() if self.header else ""
        if not login or len(login) > LONGEST_LOGIN or not login.isprintable() or peer(request) not in self.proxies:
            return None
        groups = request.headers.get(f"{self.header}{GROUPS}", "").split(",")
        return SignedIn(login, tuple(filter(None, map(str.strip, groups))), by_server=True)


def peer(request: HTTPServerRequest) -> str:
    """The address at the other end of the connection itself, whatever was said of whom it asks for."""
    address: Any = getattr(getattr(request.connection, "context", None), "address", None)
    return str(address[0]) if isinstance(address, tuple) else ""


def hub_pass(who: SignedIn, request: HTTPServerRequest) -> str:
    """What a pass says that is given out after the hub named somebody: who, and in which session of the hub's."""
    return f"{_session(request)} {who.as_text}"


def named_by_hub(text: str, request: HTTPServerRequest) -> SignedIn | None:
    """Whom a pass names; None if it is none of ours, or its session is over: somebody has signed out since."""
    session, _, who = text.partition(" ")
    try:
        return SignedIn.from_text(who) if session == _session(request) else None
    except (ValueError, KeyError, TypeError):
        return None


def _session(request: HTTPServerRequest) -> str:
    morsel = request.cookies.get(HUB_SESSION)
    return hashlib.sha256(morsel.value.encode()).hexdigest() if morsel else ""


def import_hub() -> Any:
    """JupyterHub's part for services. Raises T4CError: it is not installed."""
    try:
        from jupyterhub.services import auth
    except ImportError:
        hint = "install the workbook with its extra 'hub', or sign in by a proxy's header."
        raise T4CError(f"JupyterHub is not installed: {hint}") from None
    return auth


def hub_place(host: str, port: int, base: str) -> tuple[str, int, str]:
    """Where JupyterHub wants this server: address, port and path; what was asked for where it says nothing."""
    url = urlsplit(os.environ.get("JUPYTERHUB_SERVICE_URL", ""))
    base = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "") or base
    return url.hostname or host, url.port or port, base


def hub_handlers(base: str) -> list[Any]:
    """The two addresses by which JupyterHub signs somebody in, below the path at which it shows this server."""
    auth = import_hub()

    class SignInHandler(auth.HubOAuthenticated, RequestHandler):  # type: ignore[misc, name-defined]
        """Whoever has come back from the hub goes on to their page, with a pass that names them."""

        def prepare(self) -> None:
            self.request.uri = f"{base[:-1]}{self.request.uri}"  # where the hub sends people back to

        @authenticated
        async def get(self) -> None:
            model = self.current_user
            who = SignedIn(model["name"], tuple(model.get("groups") or ()))
            address, cookie = self.settings["t4c_admitted"](
                self.request, hub_pass(who, self.request), self.get_argument("next", base)
            )
            self.add_header("Set-Cookie", cookie)
            self.redirect(address)

    return [(SIGN_IN, SignInHandler), (CALLBACK, auth.HubOAuthCallbackHandler)]


class Doorkeeper:
    """Says of a visitor who they are by the store's list, and writes down what they open. `known`: who asks."""

    def __init__(self, known: Any, log: ServerLog) -> None:
        self.known, self._log = known, log
        self._people: People | None = None
        self._read_at = -FRESH_SECONDS
        self._tasks: set[asyncio.Task[None]] = set()

    @cached_property
    def _store(self) -> Store:
        return Store.open()

    def _list(self) -> People | None:
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            self._people, self._read_at = self._store.people(), time.monotonic()
        return self._people

    async def person(self, request: HTTPServerRequest) -> Person | None:
        """Who asks; None on a laptop. Raises NotAllowedError: a stranger to the list, or there is no list."""
        who: SignedIn | None = self.known(request)
        return person_of(await asyncio.to_thread(self._list), who) if who else None

    async def check(self, request: HTTPServerRequest, page: str, code: str = "") -> None:
        """Raises NotAllowedError: they may not open this page, or not of the organisation, `code` or the address's."""
        if person := await self.person(request):
            person.check_page(page, code or Address.from_query(request.query).organisation)

    def note(self, request: HTTPServerRequest, action: str, page: str) -> None:
        """Have it written down, behind the answer, that somebody who has signed in opened or took along a page."""
        if (who := self.known(request)) is not None:
            organisation = Address.from_query(request.query).organisation
            task = asyncio.ensure_future(asyncio.to_thread(self._record, who, action, organisation, page))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _record(self, who: SignedIn, action: str, organisation: str, page: str) -> None:
        try:
            with acting_as(who):
                self._store.audit.record(action, organisation, page)
        except T4CError as error:
            self._log.write("not recorded", why=error.on_page)

    def close(self) -> None:
        if "_store" in vars(self):
            self._store.close()


class VisitorIdentity(IdentityProvider):
    """Jupyter's own word for who asks is the workbook's."""

    def get_user(self, handler: Any) -> User | None:
        """The visitor; nobody where nobody has signed in."""
        who: SignedIn | None = handler.settings["t4c_doorkeeper"].known(handler.request)
        return User(username=who.login) if who else None


class PagesOnly(Authorizer):
    """What Jupyter's handlers may do for somebody who has signed in: be a page's line to its own kernel."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:  # noqa: ARG002
        """Whether it is about a kernel; that it is the visitor's own, `OwnKernel` looks at."""
        return resource == "kernels" and bool(user.username)
