"""One way to name a group: "race: Asian" of a plan is "ethnicity=Asian" of an extract, by breakdowns.yaml's names."""

import re
from functools import lru_cache

from pydantic import BaseModel, RootModel

from t4c_lib.evidence.files import folded
from t4c_lib.evidence.observations import ALL, TRUST_WORKFORCE
from t4c_lib.validation_messages import read_shipped

_SPAN = re.compile(r"(?:aged? )?(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})")
_OPEN_SPAN = re.compile(r"(?:aged? )?(\d{1,3})\s*(?:\+|(?:and|or) (?:over|above|older))")
_LEVEL = re.compile(r"(?:level )?([1-8])\s*(?:\+|(?:and|or) above)?")
_BETWEEN = re.compile(r",\s*(?:and |or )?|\s+(?:and|or)\s+|\s*[/;]\s*")
_TAIL = re.compile(r"\s+(?:(?:ethnic )?(?:groups?|backgrounds?)|people|staff)$")


class Category(BaseModel, extra="forbid", frozen=True):
    """One answer: as observations name it, and what else it is called."""

    name: str
    also: tuple[str, ...]


class Characteristic(BaseModel, extra="forbid", frozen=True):
    """What people are grouped by: as observations name it, what else it is called, the answers and plans' groups."""

    name: str
    also: tuple[str, ...]
    answers: tuple[Category, ...]
    groups: tuple[str, ...] = ()

    def answer(self, text: str) -> str:
        """The answer that a text means, "" if none: any spans of years for an age, any level and above for a level."""
        plain = folded(text)
        if self.name == "age" and (span := _SPAN.fullmatch(plain)):
            return f"{span[1]}-{span[2]}"
        if self.name == "age" and (span := _OPEN_SPAN.fullmatch(plain)):
            return f"{span[1]}+"
        if self.name == "level" and (level := _LEVEL.fullmatch(plain)):
            return f"{level[1]}+"
        called = {folded(name): one.name for one in self.answers for name in (one.name, *one.also)}
        return called.get(plain) or called.get(_TAIL.sub("", plain), "")


@lru_cache(maxsize=1)
def characteristics() -> tuple[Characteristic, ...]:
    """Every characteristic of which groups are known, as the project ships them."""
    return read_shipped(RootModel[tuple[Characteristic, ...]], __package__, "breakdowns.yaml").root


def groups_of_people() -> tuple[str, ...]:
    """Every group that a plan can choose, in its own words: "age: 16 to 24", "disability", "sex: women"."""
    return tuple(group for one in characteristics() for group in one.groups)


def known_group(text: str) -> str:
    """A group in a plan's words, answers of a characteristic joined ("race: Asian and Black"); empty if unknown."""
    what, _, which = breakdown_of(text).partition("=")
    named = _characteristic(what)
    if named is None or not _answers(named, which):
        return ""
    return next((one for one in named.groups if breakdown_of(one) == breakdown_of(text)), text)


@lru_cache(maxsize=2048)
def breakdown_of(group: str) -> str:
    """A group as observations name it.

    "race: Asian" is "ethnicity=Asian", "sex: women" and "women" are "sex=Female", "age: 16 to 24" is "age=16-24",
    "level: 3" (a qualification at level 3 or above) is "level=3+". Several answers stay together, in the order of
    breakdowns.yaml: "race: Black and Asian" is "ethnicity=Asian, Black". What isn't known keeps its own words.

    `group`: as a person wrote it, or a breakdown; "" and "all" are everybody.
    """
    text = " ".join(group.split())
    if not text or text.casefold() == ALL:
        return ALL
    what, colon, which = text.partition("=" if "=" in text else ":")
    if not colon:
        return _without_characteristic(text)
    if (found := _characteristic(what)) is None:
        return f"{what.strip().casefold()}={which.strip()}"
    return f"{found.name}={', '.join(_answers(found, which)) or which.strip()}"


def parts_of(breakdown: str) -> tuple[str, ...]:
    """The single groups that a breakdown is made of; itself, where it is one: "ethnicity=Asian, Black" is two."""
    what, _, which = breakdown.partition("=")
    found = _characteristic(what)
    answers = _answers(found, which) if found is not None else ()
    return tuple(f"{what}={one}" for one in answers) if len(answers) > 1 else (breakdown,)


def _answers(found: Characteristic, text: str) -> tuple[str, ...]:
    """The answers that a text names, each once; none where any part of it is unknown."""
    if whole := found.answer(text):
        return (whole,)
    each = [found.answer(piece) for piece in _BETWEEN.split(text.strip())]
    order = [one.name for one in found.answers]
    return tuple(sorted(set(each), key=order.index)) if order and all(each) else ()


def _without_characteristic(text: str) -> str:
    named = _characteristic(text)
    if named is not None and any(one.name == "Yes" for one in named.answers):
        return f"{named.name}=Yes"
    for one in characteristics():
        if one.name not in {"age", "level"} and (answer := one.answer(text)) not in {"", "Yes", "No", "Other"}:
            return f"{one.name}={answer}"
    return f"group={text}"


def _characteristic(text: str) -> Characteristic | None:
    plain = folded(text)
    return next((one for one in characteristics() if plain in {folded(name) for name in (one.name, *one.also)}), None)


# Staff groups of NHS workforce statistics, told in one way whatever the edition. Support to clinical staff is a staff
# group: most of it is in bands 1 to 4, and some of bands 1 to 4 is in other groups. So it has a population of its own,
# near to "support staff" and not the same.
SUPPORT_TO_CLINICAL = "support to clinical staff"
ALL_GROUPS = "All staff groups"
_CHILDREN = {"support to doctors, nurses & midwives", "support to ambulance staff", "support to st&t staff"}
_WHOLE = re.compile(r"(all\b.*|total|grand total)", re.IGNORECASE)


def plain(text: str) -> str:
    """A group without the prefix that sorts it (`002_Nurses`), with today's name for doctors in training."""
    bare = " ".join(re.sub(r"^\d{2,3}_", "", text.strip()).split())
    return re.sub(r"\bjunior doctor", "resident doctor", bare, flags=re.IGNORECASE) if "unior" in bare else bare


def is_whole(text: str) -> bool:
    """Whether a value stands for everything in its column ("All staff groups", "Total"), a parent of other rows."""
    return _WHOLE.fullmatch(plain(text)) is not None


def whom(group: str, main: str = ALL_GROUPS, *further: str) -> tuple[str, str]:
    """Population and breakdown of a figure.

    `group`: the staff group, with or without its prefix; a parent such as "All staff groups" means all of `main`.
    `main`: the main staff group it belongs to, where the publication has them. `further`: what else the figure is
    broken down by ("band=Band 2"); "all" and empty texts count for nothing.
    """
    label = plain(main) if is_whole(group) else plain(group)
    is_population = is_whole(label) or label.casefold() == SUPPORT_TO_CLINICAL
    population = SUPPORT_TO_CLINICAL if label.casefold() in {SUPPORT_TO_CLINICAL, *_CHILDREN} else TRUST_WORKFORCE
    return population, breakdown(ALL if is_population else f"staff group={label}", *further)


def breakdown(*parts: str) -> str:
    """Several groups as one breakdown, "staff group=Managers; band=Band 7"; "all" where there is none."""
    return "; ".join(part for part in parts if part and part != ALL) or ALL
