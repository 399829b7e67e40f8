"""One tree of errors for what a person got wrong, and the way all problems of an input are told at once.

Everything that derives from `T4CError` is meant to be read by a planner: pages and the command line show its text and
no traceback. Anything else that is raised is a defect of ours.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

MOST_PROBLEMS_SHOWN = 20
T = TypeVar("T")


class T4CError(Exception):
    """The root: a message for people. It says what was found, what is allowed and what to do."""

    @property
    def on_page(self) -> str:
        return str(self)

    @property
    def every_problem(self) -> "tuple[Problem, ...]":
        """What is wrong, one by one; of what is no refused input the whole message, at no place."""
        return self.problems if isinstance(self, InputError) else (Problem("", self.on_page),)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input."""

    place: str  #: where, in the reader's own terms ("row 14, column FTE_DAYS_LOST"); empty when the whole file is meant
    message: str  #: what was found and what is allowed, one sentence
    hint: str = ""  #: the likely slip and its mend, or empty

    @property
    def sentence(self) -> str:
        """Message and hint, without the place."""
        return f"{self.message} {self.hint}".strip()

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text} {self.hint}" if self.hint else text


class InputError(T4CError):
    """An input (a file, a form) that was refused whole. It carries every problem found, not just the first."""

    outcome = "nothing was saved"  # empty where nothing would have been

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(source, self.problems)

    @classmethod
    def of(cls, source: str, message: str, hint: str = "", *, place: str = "") -> Self:
        return cls(source, [Problem(place, message, hint)])

    def __str__(self) -> str:
        count = len(self.problems)
        head = ", ".join(filter(None, (f"{self.source}: {count} problem{'' if count == 1 else 's'}", self.outcome)))
        return "\n".join([head, *(f"  - {one}" for one in self.shown)])

    @property
    def shown(self) -> list[str]:
        """The problems, a line each; where there are very many, the first of them and how many more there are."""
        more = len(self.problems) - MOST_PROBLEMS_SHOWN
        last = [f"and {more:,} more like these"] if more > 0 else []
        return [*map(str, self.problems[:MOST_PROBLEMS_SHOWN]), *last]


def refuse(source: str, problems: Sequence[Problem]) -> None:
    """Raise InputError with every problem of an input, if there are any."""
    if problems:
        raise InputError(source, problems)


class RefusedInputsError(T4CError):
    """Several inputs refused together: none of them was loaded, because they were handed over as one."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class SettingError(T4CError):
    """Stocks, rates, amounts or months of a what-if that can't be; every one that is wrong is named."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))

    @classmethod
    def refuse(cls, problems: Sequence[str]) -> None:
        """Raise it with every problem, if there are any."""
        if problems:
            raise cls(problems)


MOST_LISTED = 20  # of known names, in a message


class UnknownNameError(T4CError):
    """A name that is in no list of ours. Says the closest ones, and all of them when they are few."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        self.noun, self.name = noun, name
        self.known = tuple(known)
        self.closest = closest(name, self.known)
        super().__init__(noun, name, self.known)

    def __str__(self) -> str:
        text = f"There is no {self.noun} called '{self.name}'."
        if self.closest:
            text += f" The closest: {', '.join(self.closest)}."
        if not self.known:
            return f"{text} There is none yet."
        if len(self.known) <= MOST_LISTED:
            text += f" All of them: {', '.join(self.known)}."
        return text


def find_named(noun: str, name: str, known: Mapping[str, T]) -> T:
    """What is known under a name. Raises UnknownNameError with the closest names."""
    if name not in known:
        raise UnknownNameError(noun, name, known)
    return known[name]


def closest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known names nearest to `name` in spelling, nearest first, or that have it in them; capitals are ignored."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(name.casefold(), list(by_folded), n=most, cutoff=0.55)
    near = near or [one for one in by_folded if len(name) > 2 and name.casefold() in one][:most]
    return tuple(by_folded[match] for match in near)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The question whether the closest of the known names was meant; empty when none is near."""
    near = closest(name, known, most=1)
    return f"Did you mean '{near[0]}'?" if near else ""


def with_article(noun: str) -> str:
    """A noun as one of several: "a side", "an organisation"."""
    return f"an {noun}" if noun[0] in "aeiou" and not noun.startswith("uni") else f"a {noun}"


def unknown_choice(field: str, found: str, allowed: Sequence[str]) -> list[Problem]:
    """What is wrong with a choice that is called like its field; nothing if it is one of those allowed."""
    if found in allowed:
        return []
    message = f"'{found}' is not {with_article(field)}. Allowed: {', '.join(allowed)}."
    return [Problem(field, message, did_you_mean(found, allowed))]
