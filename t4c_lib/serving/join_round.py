"""The page of a join link: one round, entered from a device of one's own, without kernel and without notebook.

It stands outside the token: whoever has the link's six words can enter an X in that round while it is open, and
nothing else. Links are in the memory of the server alone: in no store, backup or log. When the server is started again,
the page of the facilitator shows another one.
"""

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import Lock
from typing import Any

import segno
from mnemonic import Mnemonic
from tornado.web import HTTPError, RequestHandler

from t4c_lib.errors import T4CError
from t4c_lib.plan import MeasureRow, Plan, Side
from t4c_lib.plan.measure_rows import typed_change, x_kinds
from t4c_lib.plan.partnership.authorised_signatories import SIDES, person_key, side_words
from t4c_lib.plan.partnership.rounds import FEWEST, Round
from t4c_lib.serving.access import JOIN, PASS_SECONDS, REFUSALS, Tries
from t4c_lib.store import Store
from t4c_lib.store.people import NotAllowedError, acting_as
from t4c_lib.typed_text import capitalised

WORDS = 6  # of 2,048 each: 66 bits
MOST_LINKS = 200  # the oldest goes first
MOST_DEVICES = 60  # of a round
MOST_ENTRIES = 30  # of a device in a round: each stays in the store
DEVICE = re.compile(r"[\w-]{22}")  # what `new_device` makes
LARGEST_ENTRY = 4_096  # bytes
COOKIE = "t4c-device"
FIELDS = ("name", "side", "amount", "kind")
NO_COOKIE = "Not entered: this browser keeps no cookies, so your entry could not be told from another's. Allow them."
TAKEN = "Somebody entered under this name from another device. Add your post, or enter on the facilitator's laptop."
FULL = "Not entered: as many devices have entered as a round can have. Enter on the facilitator's laptop."
OFTEN = f"Not entered: this device has entered {MOST_ENTRIES} times. Its last entry stays."


@cache
def word_list() -> dict[str, str]:
    """The English words of BIP 39 by their first four letters, which no two of them share."""
    return {word[:4]: word for word in Mnemonic("english").wordlist}


def new_words() -> tuple[str, ...]:
    """A secret that nobody guesses."""
    known = tuple(word_list().values())
    return tuple(secrets.choice(known) for _ in range(WORDS))


def read_words(text: str) -> tuple[str, ...] | None:
    """The words that somebody typed or followed, in any case, with any signs between them; None where they are none.

    Four letters of a word are enough.
    """
    typed = re.findall(r"[a-z]+", text.casefold())
    words = [word_list().get(one[:4], "") for one in typed]
    is_read = all(known.startswith(one) for one, known in zip(typed, words, strict=True))
    return tuple(words) if is_read and len(words) == WORDS else None


def new_device() -> str:
    """By what a device is known again: 128 random bits."""
    return secrets.token_urlsafe(16)


@dataclass
class JoinLink:
    """What a link opens."""

    code: str  #: of the organisation
    number: int  #: of the round
    words: Sequence[str] = field(default_factory=new_words, repr=False)  #: the secret
    #: by device what it entered last, as its form has it; a device finds its own again by its cookie.
    entries: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    count: dict[str, int] = field(default_factory=dict)  #: how often each device has entered

    @property
    def path(self) -> str:
        return "-".join(self.words)


class JoinLinks:
    """The links that were given out since the server started."""

    def __init__(self) -> None:
        self._by_secret: dict[str, JoinLink] = {}

    def of_round(self, code: str, number: int) -> JoinLink:
        """The link of a round, the same whenever it is asked for."""
        for one in self._by_secret.values():
            if (one.code, one.number) == (code, number):
                return one
        link = JoinLink(code, number)
        self._by_secret[_digest(link.words)] = link
        if len(self._by_secret) > MOST_LINKS:
            del self._by_secret[next(iter(self._by_secret))]
        return link

    def find(self, text: str) -> JoinLink | None:
        words = read_words(text)
        return self._by_secret.get(_digest(words)) if words else None


def _digest(words: Sequence[str]) -> str:
    # Looked up by its digest, a secret that is nearly right takes as long as any other.
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


class RoundDesk:
    """What can be done with a link: see its round, and enter. The store is opened when it is first needed."""

    def __init__(self) -> None:
        self.links, self.tries, self._turn = JoinLinks(), Tries(), Lock()

    @cached_property
    def store(self) -> Store:
        return Store.open()

    def shown(self, link: JoinLink, device: str) -> dict[str, Any]:
        status = self.store.rounds.status(link.code, link.number)
        on, mine = status.round, link.entries.get(device, {})
        shown: dict[str, Any] = {"round": on, "entered": status.entered, "mine": mine, "typed": mine, "errors": {}}
        if not on.is_open:
            # Who took part sees what is shown in the room; a link that is found later tells that it is over.
            lines = self.store.rounds.result(link.code, link.number).lines if mine else ()
            return shown | {"lines": [capitalised(one) for one in lines]}
        plan, row = self._plan_and_row(on)
        sides = [(str(side), capitalised(side_words(side))) for side in SIDES]
        of = {"organisation": plan.organisation_name or plan.organisation, "due": row.due}
        shown |= {"sides": sides, "kinds": x_kinds(row), "fewest": FEWEST} | of
        if mine:
            shown["sentence"] = capitalised(on.sentence_of(typed_change(row, mine["amount"], mine["kind"])))
            shown["side"] = side_words(Side(mine["side"]))
        return shown

    def enter(self, link: JoinLink, device: str, typed: dict[str, str]) -> dict[str, str]:
        """Put an entry into the round in the place of the device's last; gives what is wrong, by field."""
        with self._turn:  # two devices may enter under one name at the same moment
            on, me = self.store.rounds.status(link.code, link.number).round, self.store.acting()
            before = link.entries.get(device)
            if me is not None:  # who has signed in enters as who they are
                typed |= {"name": me.name, "side": str(me.side or typed["side"])}
            if before is not None:
                typed["name"] = before["name"]  # or the entry under the first name would count as another person's
            elif len(link.entries) >= MOST_DEVICES:
                return {"": FULL}
            if link.count.get(device, 0) >= MOST_ENTRIES:
                return {"": OFTEN}
            others = {person_key(one["name"]) for who, one in link.entries.items() if who != device and me is None}
            if on.named and person_key(typed["name"]) in others:
                return {"name": TAKEN}
            partner = typed["name"] if on.named or me else f"device {device}"
            try:
                change = typed_change(self._plan_and_row(on)[1], typed["amount"], typed["kind"])
                self.store.rounds.enter(link.code, link.number, partner=partner, side=typed["side"], change=change)
            except T4CError as error:
                at = {"side": "side", "partner": "name"}
                return {at.get(one.place, "amount"): capitalised(one.sentence) for one in error.every_problem}
            link.entries[device] = typed
            link.count[device] = link.count.get(device, 0) + 1
            return {}

    def _plan_and_row(self, on: Round) -> tuple[Plan, MeasureRow]:
        latest = self.store.latest_plan(on.organisation)
        if latest is None or (row := latest.plan.row_of(on.key)) is None:
            raise T4CError(f"The plan no longer has the row {on.label}.")
        return latest.plan, row


class _OfDesk(RequestHandler):
    def initialize(self, desk: RoundDesk, base: str) -> None:
        self.desk, self.base = desk, base

    def prepare(self) -> None:
        self.set_header("Cache-Control", "no-store")
        if len(self.request.body) > LARGEST_ENTRY:
            raise HTTPError(413)

    def check_xsrf_cookie(self) -> None:
        """Nothing here: that a request comes from a page of ours is judged before any handler (access)."""

    def _page(self, template: str, **content: Any) -> None:
        page: Callable[..., str] = self.settings["t4c_plain_page"]
        self.finish(page(template, **content))


class LinkHandler(_OfDesk):
    """Shows the link of a round to the page on which it was opened; the token is needed, as for any page."""

    async def post(self) -> None:
        """Take `{"organisation", "round"}` and answer with QR code, words and address as HTML."""
        try:
            told = json.loads(self.request.body)
            code, number = str(told["organisation"]), int(told["round"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise HTTPError(400) from None
        try:  # as for the page on which rounds are shown
            await self.settings["t4c_doorkeeper"].check(self.request, "forum", code)
        except NotAllowedError:
            raise HTTPError(403) from None
        place = self.settings["t4c_join_place"](self.request)
        known = await asyncio.to_thread(self.desk.store.rounds.of, code) if place else ()
        is_open = any(one.number == number and one.is_open for one in known)
        link = self.desk.links.of_round(code, number) if is_open else None
        if place and link is None:
            raise HTTPError(404)
        address = f"{place}{JOIN[1:]}"
        code_of = segno.make(f"{address}{link.path}", error="m").svg_inline(border=3, omitsize=True) if link else ""
        self._page("join_link.html.j2", link=link, address=address, qr=code_of)


class JoinHandler(_OfDesk):
    """The page of a link, and where its words are typed."""

    async def get(self, words: str = "") -> None:
        """Show the round, or ask for the words."""
        if not words:
            self._page("join.html.j2", round=None, errors={})
        elif (link := self._link(words.removesuffix("/state"))) is None:
            return
        elif words.endswith("/state"):  # asked every few seconds by every device: the plan isn't read for it
            status = await asyncio.to_thread(self.desk.store.rounds.status, link.code, link.number)
            self.finish({"open": status.round.is_open, "entered": status.entered})
        else:
            device = self._device() or self._known_from_now_on()
            self._page("join.html.j2", action=link.path, **await asyncio.to_thread(self.desk.shown, link, device))

    async def post(self, words: str = "") -> None:
        """Take the words, or an entry."""
        if not words:
            if link := self._link(self.get_body_argument("words", "")):
                self.redirect(f"{self.base}{JOIN[1:]}{link.path}", status=303)
            return
        if (link := self._link(words)) is None:
            return
        typed = {name: self.get_body_argument(name, "").strip()[:200] for name in FIELDS}
        device = self._device()
        with acting_as(self.settings["t4c_doorkeeper"].known(self.request)):
            errors = await asyncio.to_thread(self.desk.enter, link, device, typed) if device else {"": NO_COOKIE}
        if not errors:
            self.redirect(f"{self.base}{JOIN[1:]}{link.path}", status=303)
            return
        shown = await asyncio.to_thread(self.desk.shown, link, device)
        self.set_status(409 if "" in errors or not shown["round"].is_open else 422)
        self._page("join.html.j2", action=link.path, **{**shown, "errors": errors, "typed": typed})

    def _link(self, words: str) -> JoinLink | None:
        """The link of these words; where they are wrong, that is answered."""
        link = self.desk.links.find(words)
        if link is not None and self._device() in link.entries:
            return link  # guesses from the same network are not held against it
        who, wrong = str(self.request.remote_ip), REFUSALS.wrong_words
        refusal = self.desk.tries.refusal(who, link is not None, wrong)
        if refusal is None:
            return link
        self.settings["t4c_log"].write("refused", why=refusal.why, status=refusal.status, method=self.request.method)
        self.set_status(refusal.status)
        self._page("join.html.j2", round=None, errors={"words": f"{refusal.heading}. {refusal.text}"})
        return None

    def _device(self) -> str:
        known = self.get_cookie(COOKIE) or ""
        return known if DEVICE.fullmatch(known) else ""

    def _known_from_now_on(self) -> str:
        device, path, is_https = new_device(), f"{self.base}{JOIN[1:]}", self.request.protocol == "https"
        # Lax, so that the code scanned once more finds it again.
        self.set_cookie(COOKIE, device, path=path, max_age=PASS_SECONDS, httponly=True, samesite="Lax", secure=is_https)
        return device
