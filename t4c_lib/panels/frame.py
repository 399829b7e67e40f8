"""The frame of a page: links to the other pages, the organisation, and what must be known of the figures shown."""

import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import traitlets

from t4c_lib.address import Address
from t4c_lib.disclosure import Audience
from t4c_lib.errors import T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.filesystem import shipped
from t4c_lib.panels.controls.form_controls import Answering, Control
from t4c_lib.panels.markup import Html
from t4c_lib.panels.row_saving import SIDES
from t4c_lib.periods import Day, parse_period, today
from t4c_lib.sections.section import Section, section_html
from t4c_lib.store import Revision, Store
from t4c_lib.store.people import AUDIT_PAGE

# Pages by the names of their notebooks, in the order of the links to them; those there is no notebook of are left out.
TITLES = {
    "home": "Home",
    "audit": "Audit",  # of an auditor, who has no home page, the first
    "forum": "Forum",
    "what_if": "What-if",
    "board": "Board",
    "work_experience": "Work experience",
    "compare": "Compare",
}
NOTHING_LOADED = "No organisation is loaded yet. Add a file of figures on Home, under Bring figures in."
CHOOSE = "Choose an organisation at the top of the page."


class NothingChosenError(T4CError):
    """A page has no organisation to show, or no store."""


class Frame(Answering):
    """What stands on top of every page. Pages tell through it what must be known of what they show.

    The organisation is chosen here and nowhere else: each is a link to the same page with another address, so that
    nothing has to change hands within a page. `page`: the name of the notebook, as in "forum". `store`: None where it
    can't be used, and `trouble` says why. Attributes: `organisation`: None while none is chosen, or none is loaded.
    `address`: with the organisation's code as the store has it, and for the audience that the page heeds. `audiences`,
    `audience`, `saved_for`: for whom the page can be shown, is shown now, and is saved as a file.
    """

    revision = traitlets.Unicode().tag(sync=True)  #: words about the plan's revision and who saved it
    said = traitlets.Unicode().tag(sync=True)  #: what the page told last; it is read out
    settled = traitlets.Int(0).tag(sync=True)  #: another number: nothing that was typed waits to be saved any more
    marking = traitlets.Unicode().tag(sync=True)  #: for whom the page is
    looks = ("t4c-frame",)
    nothing_loaded = NOTHING_LOADED
    can_undo = traitlets.Bool(False).tag(sync=True)  #: whether the last change can be taken back by a press

    def __init__(self, page: str, store: Store | None, address: Address | None = None, trouble: str = "") -> None:
        self.page, self.store = page, store
        self.organisation: Organisation | None = None
        self.address = address or Address.from_environment()
        self.problems = [*([f"This page can't be shown. {trouble}"] if trouble else []), *self.address.problems]
        self._folder = _folder_of(page)
        self.audiences = [one for one in Audience if one in _about(page).get("audiences", [Audience.FORUM])]
        if self.address.audience not in self.audiences and Audience.FORUM in self.audiences:
            self.problems.append("This page has exact figures only, so it can't be shown as it may be published.")
            self.address = replace(self.address, audience=Audience.FORUM)
        # A page with published figures only is for everybody; links to other pages still lead into the forum.
        self.audience = self.address.audience if self.address.audience in self.audiences else self.audiences[0]
        self.saved_for = Audience.PUBLISHED if Audience.PUBLISHED in self.audiences else Audience.FORUM
        self.newest = ""
        self.me = store.acting() if store is not None else None  # who has signed in; None where nobody needs to
        self.offered: tuple[tuple[str, list[Organisation]], ...] = ()
        #: what takes the last change back; a page on which something can be changed sets it.
        self.take_back: Callable[[], None] = lambda: None
        super().__init__(marking=self.audience.marking)
        if store is not None:
            self._look_up(store)
            if self.me is not None and self.me.saves:
                code = self.organisation.code if self.organisation else ""
                Control.handed_over = staticmethod(lambda name: store.audit.record("exported", code, name))
        self.element = self.markup()

    def respond(self, content: Mapping[str, Any]) -> None:
        if content.get("kind") == "undo" and self.can_undo:
            self.take_back()

    def saved(self, revision: Revision | None) -> None:
        """Say which revision of the plan is shown, who saved it and when; None where there is no plan."""
        if revision is None:
            self.revision = "No plan saved yet"
        elif self.audience is Audience.PUBLISHED:  # in which nobody is named
            self.revision = f"Revision {revision.revision}, {Day(revision.at.astimezone().date()).label}"
        else:
            self.revision = f"Revision {revision.revision}, saved {moment(revision.at)} by {revision.by}"

    def store_answers(self, trouble: str) -> None:
        """Say what is wrong with the store; nothing while nothing is."""
        self.said = trouble and f"{trouble} Meanwhile this page can't show what others save."

    @property
    def chosen(self) -> tuple[Store, Organisation]:
        """The store and the organisation of the page. Raises NothingChosenError, whose message the page then shows."""
        if self.store is None:
            raise NothingChosenError("")  # the frame says why
        if self.organisation is None:
            raise NothingChosenError(CHOOSE if any(group for _, group in self.offered) else NOTHING_LOADED)
        return self.store, self.organisation

    def _look_up(self, store: Store) -> None:
        known = (one for one in store.employers(today()) if self.me is None or self.me.sees(one.code))
        employers = sorted(known, key=lambda one: (one.name.casefold(), one.code))
        planned = store.organisations_with_plans()
        real = [one for one in employers if not one.demonstration]
        self.offered = (
            ("With a plan", [one for one in real if one.code in planned]),
            ("For demonstration", [one for one in employers if one.demonstration]),
            ("Without a plan yet", [one for one in real if one.code not in planned]),
        )
        asked = self.address.organisation
        if asked:
            alike = [one for one in employers if one.code.casefold() == asked.casefold()]
            self.organisation = next((one for one in alike if one.code == asked), alike[0] if len(alike) == 1 else None)
            if self.organisation is None:
                try:  # why it can't be chosen, with the closest that can
                    one = store.employer(store.organisation(asked).code, today())
                    self.problems.append(f"{one.name} ({one.code}) could not be shown: reload the page.")  # it came now
                except T4CError as error:
                    self.problems.append(error.on_page)
        elif any(group for _, group in self.offered[:2]) or len(employers) == 1:
            self.organisation = next(one for _, group in self.offered for one in group)
        code = self.organisation.code if self.organisation else ""
        self.address = replace(self.address, organisation=code)
        if code:
            newest = store.newest_month(code)
            self.newest = f"Staff figures to {parse_period(newest).label}" if newest else "No staff figures yet"
            self.saved(store.latest_plan(code))

    @property
    def pages(self) -> dict[str, str]:
        """The pages that there are, this one among them: titles by name."""
        there = (name for name in TITLES if name == self.page or (self._folder / f"{name}.ipynb").is_file())
        mine = self.me.opens if self.me else {*TITLES} - {AUDIT_PAGE} | {self.page}
        return {name: TITLES[name] for name in there if (mine(name) if callable(mine) else name in mine)}

    def name_of(self, typed: object) -> str:
        """The name that a save carries: of whoever has signed in, which can't be typed over, else what was typed."""
        return self.me.name if self.me else str(typed).strip()

    @property
    def sides(self) -> dict[str, str]:
        """For whom whoever is typing can speak: sides, and what they are called."""
        return {one: words for one, words in SIDES.items() if self.me is None or one in self.me.sides}

    @property
    def sign_out_link(self) -> str:
        """Where whoever signed in at JupyterHub signs out; its own name for its address is in the environment."""
        hub = os.environ.get("JUPYTERHUB_BASE_URL", "")
        return f"{hub}hub/logout" if self.me and hub else ""

    def why_not(self, what: str) -> str:
        """Why whoever has signed in may not save such a change; empty where they may, or nobody needs to sign in."""
        return self.me.why_not(what) if self.me else ""


def frame(page: str, store: Store | None = None, **view: object) -> Frame:
    """The frame of a page, for its notebook's first cell. Raises T4CError: a part that can't be understood.

    `store`: the default one when None. `view`: parts of the address of notebooks without one: `organisation="RWP"`.
    """
    address = Address.from_environment().with_parts(**view)
    try:
        return Frame(page, store or Store.open(read_only=bool(_about(page).get("read_only"))), address)
    except T4CError as error:
        return Frame(page, None, address, error.on_page)


def moment(at: dt.datetime) -> str:
    """When something was, by the clock of this machine: "10:42" today, "12 May 2026" before."""
    here = at.astimezone()
    return f"{here:%H:%M}" if here.date() == today() else Day(here.date()).label


@dataclass(frozen=True)
class Page:
    """A page in its two places: what is read while the other is made, and all the rest."""

    opening: Control | Html
    make_rest: Callable[[], Control | Html] = Html

    @cached_property
    def in_detail(self) -> Control | Html:
        return self.make_rest()


Made = TypeVar("Made")


def page_or_reason(make: Callable[[], Made], heading: str) -> Made | Html:
    """A page's widget, or words under the heading that say why there is none; without a store the frame says why."""
    try:
        return make()
    except NothingChosenError as error:
        words = Section(heading, (str(error),) if str(error) else (), level=1)
    except T4CError as error:
        words = Section("This page can't be shown", warning=error.on_page)
    return Html(section_html(words))


def _folder_of(page: str) -> Path:
    return Path.cwd() if Path(f"{page}.ipynb").is_file() else shipped("workbooks")


def _about(page: str) -> dict[str, Any]:
    """What a page's notebook says of itself: for whom it can be shown, and whether it only reads."""
    try:
        return dict(json.loads((_folder_of(page) / f"{page}.ipynb").read_text(encoding="utf-8"))["metadata"]["t4c"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
