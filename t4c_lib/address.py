"""The address of a page as a value: whose figures, which intention and measure, what is asked, as at when, for whom.

Pages, the server and commands read and write addresses here and nowhere else, so a link that one of them makes is
understood by all. What stands in an address was perhaps typed, cut short by a mail program or made up: only what is
named here counts, and whatever is left out for its name or its value is told in words.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, get_origin, get_type_hints
from urllib.parse import parse_qsl, quote, urlencode

from t4c_lib.disclosure import Audience
from t4c_lib.errors import T4CError, UnknownNameError, did_you_mean, find_named
from t4c_lib.framework import catalogue
from t4c_lib.typed_text import NAME, capitalised, control_fault

MOST_PARTS = 50  # of an address; no link of ours has more than one of each name
LONGEST_SHOWN = 60  # characters of what was found, in a message
EXAMPLE_DATE = "2026-11-26"


class AddressError(T4CError):
    """A part of an address that can't be understood; the message says what is allowed."""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} …"


def _text(text: str) -> str:
    if len(text) > NAME.longest:
        raise AddressError(f"It has {len(text)} characters; up to {NAME.longest} are allowed.")
    if fault := control_fault(text):
        raise AddressError(capitalised(fault))
    return text


def _named(look_up: Callable[[str], Any]) -> Callable[[str], Any]:
    """What is known under a name; a message about one that isn't quotes the beginning of it."""

    def read(text: str) -> Any:
        try:
            return look_up(text)
        except UnknownNameError as error:
            raise UnknownNameError(error.noun, _short(text), error.known) from None

    return read


def _date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise AddressError(f"'{_short(text)}' is not a date. Write year, month and day, as in {EXAMPLE_DATE}.")
    return day


def _like(pattern: str, longest: int, example: str) -> Callable[[str], str]:
    """What is written in one way only."""

    def read(text: str) -> str:
        if len(text) > longest or not re.fullmatch(pattern, text):
            raise AddressError(f"'{_short(text)}' can't be read. Write it as in {example}.")
        return text

    return read


NONE = "none"  # a target that was taken out, or no lever that is moved
_AMOUNT, _MONTH = r"[0-9]{1,9}(\.[0-9]{1,10})?", "[12][0-9]{3}-(0[1-9]|1[0-2])"
_LEVER = rf"[a-z0-9-]{{1,40}}:-?{_AMOUNT}:{_MONTH}:[0-9]{{1,3}}"  # name, change, first month, months until in full
TABS = ("register", "evaluation", "policies", "people", "reflection")
_audience = _named(lambda text: find_named("audience", text, {str(one): one for one in Audience}))
_strand = _named(lambda text: find_named("strand", text, {one.key: one for one in catalogue().strands}).key)
_tab = _named(lambda text: find_named("tab", text, {one: one for one in TABS}))


@dataclass(frozen=True)
class Address:
    """Which view of a page is meant. Empty or None is what the page shows by itself.

    The parts that an address may have, in the order in which links name them, each with how it is read.
    """

    organisation: Annotated[str, _text] = ""  #: its code, as typed; whether there is one is for the store to say
    intention: Annotated[int | None, _named(lambda text: catalogue().intention(text).number)] = None  #: 1 to 10
    measure: Annotated[str, _named(lambda text: catalogue().measure(text).key)] = ""  #: its key in the catalogue
    scenario: Annotated[str, _text] = ""  #: its name
    date: Annotated[dt.date | None, _date] = None  #: the day as at which figures are shown, itself included
    since: Annotated[dt.date | None, _date] = field(default=None, kw_only=True)  #: the earlier day to compare with
    audience: Annotated[Audience, _audience] = Audience.FORUM  #: for whom the page is
    # What the What-if page was asked, as it writes it; whether there is such a thing is for that page to say.
    #: as typed there, or NONE; empty for the plan's own.
    target: Annotated[str, _like(f"{NONE}|{_AMOUNT}", 20, f"5.9, or {NONE}")] = ""
    due: Annotated[str, _like(_MONTH, 7, "2028-03")] = ""  #: the month by whose end; empty for the plan's own
    #: what was set by hand on top of the scenario, or NONE where nothing is left of it.
    levers: Annotated[str, _like(f"{NONE}|{_LEVER}(,{_LEVER})*", 1500, "placements:25:2026-12:12")] = ""
    chance: Annotated[str, _like("[1-9][0-9]", 2, "80")] = ""  #: the chance wanted, in per cent
    compare: Annotated[str, _text] = ""  #: names of scenarios, with semicolons between them
    # With whom the Compare page sets it side by side, and how; what there is of them is for that page to say.
    type: Annotated[str, _text] = ""  #: of organisation
    region: Annotated[str, _text] = ""  #: by its name
    size: Annotated[str, _like("alike", 5, "alike")] = ""  #: "alike" for those of about the same size
    # What the Board page shows alone.
    strand: Annotated[str, _strand] = ""  #: of the framework, by its key
    tag: Annotated[str, _text] = ""  #: of actions
    # What the Work experience page shows.
    tab: Annotated[str, _tab] = ""  #: its key
    cohort: Annotated[str, _like("20[0-9]{2}/[0-9]{2}", 7, "2025/26")] = ""  #: year of the placements' first days
    programme: Annotated[str, _text] = ""  #: the only one that is meant
    record: Annotated[str, _like("[A-Z]{1,2}-[0-9]{4,9}", 12, "P-0215")] = ""  #: the reference of the one that is open
    show: Annotated[str, _like("all", 3, "all")] = ""  #: "all" for every placement
    # Which entries of the record the Audit page shows.
    by: Annotated[str, _text] = ""  #: whose: the name, or the login of who has none
    action: Annotated[str, _like("[a-z]{1,20}", 20, "plan")] = ""  #: of which kind
    day: Annotated[dt.date | None, _date] = None  #: of which day
    picture: Annotated[str, _like("funnel|ranked|time", 6, "funnel, ranked or time")] = ""  #: its key, on Compare
    #: sentences about what was left out, and why; empty when all was understood.
    problems: tuple[str, ...] = field(default=(), compare=False)
    #: what follows a page's name in links: nothing on the workbook's own server, ".ipynb" elsewhere.
    ending: str = field(default="", compare=False)

    @classmethod
    def from_query(cls, query: str) -> "Address":
        """Read what stands after the question mark. Whatever is wrong is among the problems; nothing is raised."""
        try:
            pairs = parse_qsl(query, max_num_fields=MOST_PARTS)
        except ValueError:
            return cls(problems=(f"The page's address has more than {MOST_PARTS} parts, so none of them was used.",))
        found: dict[str, Any] = {}
        problems = []
        for name, text in pairs:
            if name not in READERS:
                hint = did_you_mean(name, READERS) or f"Those it may have: {', '.join(READERS)}."
                problems.append(f"The page's address has a part called '{_short(name)}', which no page knows. {hint}")
            elif name in found:
                problems.append(f"The page's address has more than one {name}. The first one is used.")
            else:
                try:
                    found[name] = READERS[name](text.strip())
                except T4CError as error:
                    problems.append(f"The part '{name}' of the page's address was left out. {error}")
        return cls(**found, problems=tuple(problems))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Address":
        """The address that the notebook was asked for with, from these variables or the process's own.

        The workbook's server and Voila hand it over as QUERY_STRING; with papermill and in JupyterLab that may be set
        by hand, and is empty otherwise.
        """
        environment = os.environ if environment is None else environment
        served = environment.get("SCRIPT_NAME", "")
        ending = "" if served and not served.endswith(".ipynb") else ".ipynb"
        return replace(cls.from_query(environment.get("QUERY_STRING", "")), ending=ending)

    def with_parts(self, **texts: object) -> "Address":
        """The address with these parts as a person writes them: `organisation="RWP", date="2026-03-31"`.

        Raises T4CError: a part that no address has, or one that can't be understood, with what was likely meant.
        """
        for name in texts:
            if name not in READERS:
                raise UnknownNameError("part of an address", name, READERS)
        return replace(self, **{name: READERS[name](str(text)) for name, text in texts.items()})

    def allowed(self) -> tuple[tuple[str, str], ...]:
        """Names and values of what was understood, in a fixed order, without what a page shows by itself.

        Two addresses that mean the same view give the same. One with problems shows these besides, so what was made
        for it is not to be kept for the others.
        """
        given = ((name, getattr(self, name)) for name in READERS)
        return tuple((name, str(value)) for name, value in given if value != getattr(START, name))

    @property
    def query(self) -> str:
        """What stands after the question mark; empty when there is nothing to say."""
        return urlencode(self.allowed(), quote_via=quote, safe=":,")

    def link(self, page: str = "", **changes: Any) -> str:
        """A link to a page that shows the same.

        It is relative, so that it holds below any path. A measure stays behind where the intention is changed and the
        measure is of another one; what a page was asked, on the way to another page; and what the What-if page was
        asked, where it is changed what it was about.

        `page`: the page's name, as in `forum`; the same page when empty. `changes`: what is to differ, by name.
        """
        whose = page.partition(".")[0]
        left = [part for of, parts in PAGE_PARTS.items() if whose not in ("", of) for part in parts]
        left += QUESTION if ASKED_ABOUT & changes.keys() else ()
        new = replace(self, **{**{name: getattr(START, name) for name in left}, **changes})
        if new.measure and new.intention and "intention" in changes and "measure" not in changes:
            mine = {measure.key for measure in catalogue().intention(new.intention).measures}
            new = new if new.measure in mine else replace(new, measure="")
        target = f"{page}{self.ending}" if page else ""
        return f"{target}?{new.query}" if new.query or not page else target


START = Address()
QUESTION = ("target", "due", "levers", "chance", "compare")
BESIDE = ("type", "region", "size", "picture")
PAGE_PARTS = {"what_if": QUESTION, "compare": BESIDE, "board": ("strand", "tag")} | {
    "work_experience": ("tab", "cohort", "programme", "record", "show"),
    "audit": ("by", "action", "day"),
}  # what is said of one page alone
ASKED_ABOUT = {"organisation", "intention", "measure", "scenario"}
_HINTS = get_type_hints(Address, include_extras=True).items()
READERS: dict[str, Callable[[str], Any]] = {
    name: hint.__metadata__[0] for name, hint in _HINTS if get_origin(hint) is Annotated
}  # how each part is read
