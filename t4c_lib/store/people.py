"""Who may do what in a store that knows its people. Without such a list, whoever can open a store may do everything.

The list is part of the store, so it holds for pages, commands and a restored backup alike. Each save is checked at the
end of its transaction, by the rows that it wrote (`audit.log_change`).
"""

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, Self

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, Field, RootModel

from t4c_lib.errors import InputError, Problem, T4CError, did_you_mean, refuse
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.authorised_signatories import person_key, side_words
from t4c_lib.plan.row_fields import Trimmed
from t4c_lib.store.schema import organisation, people
from t4c_lib.typed_text import NAME, listed, take_text
from t4c_lib.validation_messages import Checked, Faults, read_model, read_shipped, refused
from t4c_lib.yaml_text import RowName, read_yaml

SIGNED_IN = "T4C_SIGNED_IN"  # the variable in which a server tells its kernels who has signed in; JSON
AUDIT_PAGE = "audit"
# What a kind of change is called where somebody is told what their role may save.
KINDS = read_shipped(RootModel[dict[str, str]], "t4c_lib.store", "saves.yaml").root
SPEAKING = {"agreement_act", "pledge_step"}  # tables whose rows name who speaks, beside `by`
Row = tuple[str, Mapping[str, Any]]  # what was written, with the name of its table


class NotAllowedError(T4CError):
    """Somebody did what their role does not allow. Says who they are signed in as."""


class RoleName(StrEnum):
    """The roles that there are; what each may do stands in roles.yaml."""

    FACILITATOR = "facilitator"
    PARTNER = "partner"
    SIGNATORY = "signatory"
    ANALYST = "analyst"
    BOARD_READER = "board-reader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Role(BaseModel, frozen=True, extra="forbid"):
    """What a role may do."""

    label: str
    saves: frozenset[str] = frozenset()  #: kinds of change
    sides: frozenset[str] = frozenset()  #: for whom it may speak: `own`, `both`
    pages: frozenset[str] = frozenset()  #: names of pages; empty for all but the auditor's


@cache
def roles() -> Mapping[RoleName, Role]:
    """Every role by its name."""
    return read_shipped(RootModel[dict[RoleName, Role]], "t4c_lib.store", "roles.yaml").root


def _name(value: str) -> str:
    found: list[Any] = []
    kept = take_text(found, "name", value, NAME, "a person has a name.")
    if found:
        raise refused(found[0].sentence)
    return kept


class Membership(Checked):
    """Roles, a side, and the organisations that somebody may work on."""

    roles: tuple[RoleName, ...] = Field(min_length=1)
    side: Trimmed[Side | None] = None  #: management or staff; of partners and signatories
    organisations: tuple[str, ...] = ()  #: codes; empty for all

    def faults(self) -> Faults:
        speaks = any("own" in roles()[one].sides for one in self.roles)
        if self.side is Side.both or (speaks and self.side is None):
            yield "", "partners and signatories speak for one side: management or staff."
        elif self.side is not None and not speaks:
            yield "", "only partners and signatories have a side. Leave it out."

    @property
    def saves(self) -> frozenset[str]:
        """The kinds of change that may be saved."""
        return frozenset().union(*(roles()[one].saves for one in self.roles))

    @property
    def sides(self) -> frozenset[Side]:
        """For whom they may speak."""
        said = frozenset().union(*(roles()[one].sides for one in self.roles))
        own = [self.side] if self.side is not None and "own" in said else []
        return frozenset([*own, *(Side(one) for one in said if one != "own")])

    def opens(self, page: str) -> bool:
        """Whether a page may be opened."""
        return any((page in pages) if (pages := roles()[one].pages) else page != AUDIT_PAGE for one in self.roles)

    def sees(self, code: str) -> bool:
        """Whether an organisation is among those they work on; what has no code concerns all."""
        return not self.organisations or not code or code.casefold() in {one.casefold() for one in self.organisations}

    @property
    def in_words(self) -> str:
        """Their roles: "partner, staff side"."""
        return ", ".join([*(roles()[one].label for one in self.roles), *([side_words(self.side)] if self.side else [])])


class Person(Membership):
    """One of the people of a store."""

    login: Trimmed[str] = Field(min_length=1)  #: the name they sign in with
    name: Annotated[str, BeforeValidator(_name)]  #: the name that what they save carries

    @property
    def _you(self) -> str:
        return f"You are signed in as {self.name} ({self.in_words})"

    def check_organisation(self, code: str) -> None:
        """Raises NotAllowedError: an organisation is not among those they work on."""
        if not self.sees(code):
            raise NotAllowedError(f"{self._you}, and work on {listed(self.organisations)}, not on {code}.")

    def check_page(self, page: str, organisation: str) -> None:
        """Raises NotAllowedError: they may not open this page, or not of this organisation."""
        if not self.opens(page):
            raise NotAllowedError(f"{self._you}. This page is not among those of that role.")
        self.check_organisation(organisation)

    def why_not(self, what: str) -> str:
        """Why they may not save such a change; empty where they may."""
        return "" if what in self.saves else f"{self._you}: that role does not save {KINDS[what]}."

    def check_save(self, what: str, code: str = "", by: str = "", rows: Iterable[Row] = ()) -> None:
        """Hold a save to what they may do: its kind, organisation, every name in its rows, and every side.

        `rows`: what was written, each with the name of its table. Raises NotAllowedError.
        """
        if why := self.why_not(what):
            raise NotAllowedError(why)
        self.check_organisation(code)
        self.check_names(by, *(row["name"] for table, row in rows if table in SPEAKING))
        for side in {row["side"] for _, row in rows if row.get("side")} - self.sides:
            raise NotAllowedError(f"{self._you}, so nothing can be said for {side_words(Side(side))}.")

    def check_names(self, *names: str | None) -> None:
        """Raises NotAllowedError: one of the names, where there is one, is not their own."""
        if other := next((one for one in names if one and person_key(one) != person_key(self.name)), ""):
            raise NotAllowedError(f"You are signed in as {self.name}, so nothing can be saved in the name of {other}.")


class People(BaseModel, frozen=True, extra="forbid"):
    """Everybody who may use a store: by name, or by a group of whoever signs them in."""

    people: tuple[Person, ...] = ()
    groups: dict[str, Membership] = {}

    @classmethod
    def from_yaml(cls, text: str, source: str) -> Self:
        """A file's list of people and its groups. Raises InputError: every problem, with its line."""
        names = {"people": RowName("person", ("name", "login"))}
        read = read_model(cls, read_yaml(text, source, needs=("people",), aliases=False, rows=names))
        logins = [one.login.casefold() for one in read.people]
        if twice := sorted({one for one in logins if logins.count(one) > 1}):
            raise InputError.of(source, f"{listed(twice)}: each login stands in the list once.")
        if not any(RoleName.ADMINISTRATOR in one.roles for one in (*read.people, *read.groups.values())):
            hint = "Give one person the role administrator."
            raise InputError.of(source, "nobody is an administrator, so nobody could change this list again.", hint)
        return read

    def of(self, signed_in: "SignedIn") -> Person | None:
        """Who somebody is: by their login, else by the first of their groups that is known; None for a stranger."""
        same = (one for one in self.people if one.login.casefold() == signed_in.login.casefold())
        if (found := next(same, None)) is not None:
            return found
        member, name = next((self.groups[one] for one in signed_in.groups if one in self.groups), None), signed_in.login
        # What a group's member saves carries the login as its name, which must be nobody else's.
        if member is None or any(person_key(one.name) == person_key(name) for one in self.people):
            return None
        return Person(login=name, name=name, **dict(member))

    def known(self, who: "SignedIn") -> Person:
        """Who somebody is. Raises NotAllowedError: a stranger to the list; says whom to ask."""
        if (person := self.of(who)) is None:
            ask = listed([one.name for one in self.people if RoleName.ADMINISTRATOR in one.roles]) or "an administrator"
            how = f"You are {'signed in' if who.by_server else 'working at this machine'} as '{who.login}'"
            raise NotAllowedError(f"{how}, who is not on this store's list of people. Ask {ask}.")
        return person


class SignedIn(NamedTuple):
    """Whom a server, or else this machine, says that it is dealing with."""

    login: str
    groups: tuple[str, ...] = ()
    by_server: bool = False  #: whether they came in through the pages

    @property
    def as_text(self) -> str:
        """As `SIGNED_IN` has it, and the pass of a visitor."""
        return json.dumps({"login": self.login, "groups": list(self.groups)}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises ValueError, KeyError or TypeError: the text is none of ours."""
        told = json.loads(text)
        return cls(str(told["login"]), tuple(map(str, told["groups"])), by_server=True)


_acting: ContextVar[SignedIn | None] = ContextVar("t4c_acting", default=None)


@contextmanager
def acting_as(who: SignedIn | None) -> Iterator[None]:
    """What is done inside is done by somebody who has signed in; by whoever it was before where that is None."""
    before = _acting.set(who or _acting.get())
    try:
        yield
    finally:
        _acting.reset(before)


def signed_in() -> SignedIn:
    """Who is acting: whom a server has signed in, else the account of this machine."""
    if (who := _acting.get()) is not None:
        return who
    if told := os.environ.get(SIGNED_IN, ""):
        return SignedIn.from_text(told)
    import psutil  # type: ignore[import-untyped]

    # The account that this program runs under. Not what the environment says, which anybody can set.
    account = str(psutil.Process().username())
    return SignedIn(account.rpartition("\\")[2])  # on Windows the machine or domain stands before it


def people_of(connection: sa.Connection) -> People | None:
    """The list that holds; None in a store without one."""
    document = connection.scalar(sa.select(people.c.document).order_by(people.c.id.desc()).limit(1))
    return None if document is None else _read(document)


_read = cache(lambda document: People.from_yaml(document, "the list of people"))


def person_of(known: People | None, who: SignedIn) -> Person | None:
    """Who somebody is, by the list of a store; None at a machine of one's own whose store has none.

    Raises NotAllowedError: they are not on the list, or have signed in to a store that has none.
    """
    if known is None and who.by_server:
        words = "so nobody who signs in is let in. Whoever looks after the store loads one: t4c people load FILE"
        raise NotAllowedError(f"This store has no list of people yet, {words}")
    return known.known(who) if known is not None else None


def acting(connection: sa.Connection) -> Person | None:
    """Who is acting. Raises NotAllowedError, as `person_of` does."""
    return person_of(people_of(connection), signed_in())


def save_people(connection: sa.Connection, document: str, source: str, at: dt.datetime) -> People:
    """Keep a list as the one that holds from now on.

    Raises InputError: it can't be read, has two people of one name, or names an organisation that is not known (where
    any is), or locks its author out.
    """
    read, who = People.from_yaml(document, source), signed_in()
    names = [person_key(one.name) for one in read.people]
    if alike := [one.name for one in read.people if names.count(person_key(one.name)) > 1]:
        hint = "What somebody saves is known by their name. Add a middle initial or the department."
        raise InputError.of(source, f"{listed(alike)}: two people of one name.", hint)
    known = {one.casefold(): one for one in connection.scalars(sa.select(organisation.c.code).distinct())}
    whose: list[tuple[str, Membership]] = [(one.name, one) for one in read.people]
    whose += [(f"group {name}", one) for name, one in read.groups.items()]
    unknown = [(who, code) for who, one in whose for code in one.organisations if code.casefold() not in known]
    words, codes = "there is no organisation '{}' in this store.", known.values()  # none before the first file is in
    refuse(source, [Problem(who, words.format(code), did_you_mean(code, codes)) for who, code in unknown if known])
    me = read.of(who)
    if me is None or RoleName.ADMINISTRATOR not in me.roles:
        words = f"you are working as '{who.login}', who would be no administrator, so you could not change it again."
        raise InputError.of(source, words, f"Add a person with the login {who.login} and the role administrator.")
    connection.execute(sa.insert(people).values(document=document, by=me.name, at=at))
    return read
