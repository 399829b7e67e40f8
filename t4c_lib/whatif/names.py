"""What a scenario may be called, so that nobody takes one for another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from t4c_lib.whatif.lever import LEVERS
from t4c_lib.yaml_text import quoted

LONGEST = 40
RULE = (
    f"A name begins with a letter and has Latin letters, digits, blanks, hyphens and commas, at most {LONGEST} of them."
)
# What tables and charts call other things than scenarios.
RESERVED = (
    *("doing nothing", "do nothing", "nothing", "none", "all"),
    *("today", "target", "baseline", "difference", "live"),
)


def fold(name: str) -> str:
    """What is left of a name when capitals, blanks, hyphens and ways of writing a letter make no difference."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_,-]+", "", plain)


def wrong_names(names: Sequence[str]) -> list[tuple[int, str, str]]:
    """For each name that won't do: its place in the list, what is wrong, and a hint.

    A name won't do when it has other characters than RULE says (letters of another alphabet can look the same), when it
    is reserved or a lever's, or when folded it is the same as one before it.
    """
    taken = {fold(name): f"'{name}' means something else in tables and charts" for name in RESERVED}
    for lever in LEVERS.values():
        taken |= {fold(lever.name): f"'{lever.name}' is a lever", fold(lever.label): f"'{lever.label}' is a lever"}
    found = []
    for index, name in enumerate(names):
        if not _is_plain(name):
            found.append((index, f"{quoted(name)} can't be the name of a scenario.", RULE))
        elif fold(name) in taken:
            found.append((index, f"{quoted(name)} can't be told apart: {taken[fold(name)]}.", "Choose another name."))
        taken.setdefault(fold(name), f"there is '{name}' already")
    return found


def _is_plain(name: str) -> bool:
    if not 1 <= len(name) <= LONGEST or name != name.strip() or not name[0].isalpha():
        return False
    if re.search(r"\s\s", name):
        return False
    return all(sign in " -,'’" or sign.isdecimal() or _is_latin(sign) for sign in name)


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN ")
