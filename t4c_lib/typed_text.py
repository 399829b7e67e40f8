"""Text that people type: what is kept of it, what is refused, and how what was stored before is shown.

Every way in (pages, commands, files, code) takes its texts by `take_text`, so that the same slip gets the same answer,
and length is held where the text is kept and not in a browser.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from t4c_lib.errors import InputError, Problem, refuse


class TextKind(NamedTuple):
    """What a text is to be: how messages call it, its greatest length in characters, whether it may have lines."""

    noun: str
    longest: int
    has_lines: bool = False


NAME, ROLE = TextKind("a name", 100), TextKind("a role", 100)
ORGANISATION = TextKind("the name of an organisation", 200)
PLACE = TextKind("a place or web address", 2_000)
NOTE, ENTRY = TextKind("a note", 2_000, has_lines=True), TextKind("a text of a plan", 2_000, has_lines=True)
WORDING = TextKind("the wording of a pledge", 10_000, has_lines=True)
NAMES_IN_PLANS = {"organisation, name": ORGANISATION, ", holder": NAME, ", equality, by": NAME}  # the rest are texts

# They turn the direction of what is written after them, so that a text reads otherwise than it is.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
STEERING = [*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]  # the categories Cc and Cs
BOXED = {code: "\ufffd" for code in (*STEERING, *TURNING) if chr(code) not in "\n\t"}
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}  # categories of what shows nothing by itself
BLANK = set("\u2800\u115f\u1160\u3164\uffa0")  # letters and signs that are drawn as nothing


def canonical_text(text: str) -> str:
    """Unicode form NFC, one kind of line end, no blanks at either end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_text(text: str) -> str:
    """The canonical text without the marks that turn the direction of writing."""
    return canonical_text(text.translate(TURNING))


def control_fault(text: str) -> str:
    """The sentence about a control character in a text; empty if it has none."""
    odd = next((f"U+{ord(mark):04X}" for mark in text if ord(mark) in BOXED), None)
    return f"the invisible character {odd} can't stand in a text." if odd else ""


def take_text(problems: list[Problem], field: str, text: str, kind: TextKind, missing: str = "") -> str:
    """What is kept of a typed text; what is wrong goes to `problems`. Without a message (`missing`) it may be empty."""
    kept, fault, hint = clean_text(text), "", ""
    if fault := control_fault(kept):
        hint = "Type it again instead of pasting it."
    elif all(unicodedata.category(mark) in UNSEEN or mark in BLANK for mark in kept):
        fault = missing or ("there is nothing to read in it." if kept else "")
        hint = "It has only invisible characters." if kept else ""
    elif not kind.has_lines and len(kept.splitlines()) > 1:
        fault, hint = f"{kind.noun} goes on one line.", "Take out the line breaks."
    elif len(kept) > kind.longest:
        fault = f"{kind.noun} has up to {kind.longest:,} characters, not {len(kept):,}."
        hint = "Keep the document elsewhere and give its gist here." if kind.has_lines else "Shorten it."
    if fault:
        problems.append(Problem(field, fault, hint))
    return kept


def sound_text(source: str, field: str, text: str, kind: TextKind, missing: str = "") -> str:
    """The same of a text by itself. Raises InputError: something is wrong with it."""
    problems: list[Problem] = []
    kept = take_text(problems, field, text, kind, missing)
    refuse(source, problems)
    return kept


def entry_problems(content: object, place: str = "") -> list[Problem]:
    """What is wrong with the texts of a plan, given as the plain values of a plan file."""
    problems: list[Problem] = []
    if isinstance(content, str):
        kind = next((kind for end, kind in NAMES_IN_PLANS.items() if place.endswith(end)), ENTRY)
        take_text(problems, place, content, kind)
    elif isinstance(content, Mapping | Sequence):
        for key, value in content.items() if isinstance(content, Mapping) else enumerate(content, 1):
            problems += entry_problems(value, f"{place}, {key}".removeprefix(", "))
    return problems


AUTHORITY_CODE = r"[EWSN]\d{8}"  # by which the Office for National Statistics knows a local authority


def code_fault(code: str) -> str:
    """The sentence about a code of an organisation that can't be one; empty if it can. Such codes name files."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", code):
        return ""
    return f"'{code[:60]}' is not an organisation code: up to 40 letters, digits, hyphens, and no blanks."


def check_organisation_code(code: str) -> None:
    """Raises InputError for a code that no organisation can have."""
    if fault := code_fault(code):
        raise InputError.of("organisation", fault, place="code")


def shown_safely(text: str) -> str:
    """A text for terminals, pages and papers: what acts without being seen is a box. Line ends and tabs stay."""
    return text.translate(BOXED)


def capitalised(text: str) -> str:
    """The text with a capital letter at its beginning; the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(texts: Sequence[str]) -> str:
    """Texts as people list them: "one, two and three"."""
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)


def in_short(texts: Sequence[str], most: int) -> str:
    """The first of some texts, with semicolons between them, and how many more there are."""
    more = len(texts) - most
    return "; ".join([*texts[:most], *([f"and {more} more"] if more > 0 else [])])
