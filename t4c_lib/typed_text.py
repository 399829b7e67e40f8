"""Text that people type: what is kept of it, what is refused, and how what was stored before this was held is shown.

Every way in (pages, commands, files, a save made in code) takes its texts by `take_text`, so that the same slip gets
the same answer everywhere, and length is held where the text is kept and not in a browser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from t4c_lib.errors import InputError, Problem


class TextKind(NamedTuple):
    """What a text is to be: its name in messages, its greatest length in characters, whether it may have lines."""

    noun: str
    longest: int
    has_lines: bool = True


NAME = TextKind("a name", 100, has_lines=False)
ORGANISATION = TextKind("the name of an organisation", 200, has_lines=False)
ROLE = TextKind("a role", 100, has_lines=False)
PLACE = TextKind("a place or web address", 2_000, has_lines=False)
NOTE = TextKind("a note", 2_000)
ENTRY = TextKind("a text in a plan", 2_000)
WORDING = TextKind("the wording of a pledge", 10_000)  # the suggested one has about 2,000

ORGANISATION_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
# They turn the direction of what is written after them, so that a text reads otherwise than it is.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}  # categories of characters that show nothing by themselves
BLANK = {"\u2800", "\u115f", "\u1160", "\u3164", "\uffa0"}  # letters and signs that are drawn as nothing


def canonical_text(text: str) -> str:
    """Unicode form NFC, one kind of line end, no blanks at either end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_text(text: str) -> str:
    """The canonical text without the marks that turn the direction of writing."""
    return canonical_text(text.translate(TURNING))


def control_fault(text: str) -> str:
    """What is wrong with a text that holds a control character, as a sentence; empty if it holds none."""
    odd = next((mark for mark in text if _is_control(mark)), None)
    if odd is None:
        return ""
    return f"the invisible character {unicodedata.name(odd, f'U+{ord(odd):04X}')} can't stand in a text."


def take_text(problems: list[Problem], field: str, text: str, kind: TextKind, missing: str = "") -> str:
    """What is kept of a text that somebody typed; what is wrong with it is added to the problems.

    Args:
        problems: found so far.
        field: what was filled in, for the message.
        text: as typed.
        kind: what it is to be.
        missing: the message if there is nothing to read in it; without one it may be left empty.
    """
    kept = clean_text(text)
    seen = any(unicodedata.category(mark) not in UNSEEN and mark not in BLANK for mark in kept)
    if fault := control_fault(kept):
        problems.append(Problem(field, fault, "Type it anew, without what was pasted."))
    elif not kept:
        problems += [Problem(field, missing)] if missing else []
    elif not seen:
        problems.append(
            Problem(field, missing or "there is nothing to read in it.", "It has invisible characters only.")
        )
    elif not kind.has_lines and len(kept.splitlines()) > 1:
        problems.append(Problem(field, f"{kind.noun} stands on one line.", "Take out the line breaks."))
    elif len(kept) > kind.longest:
        found = f"{kind.noun} has up to {kind.longest:,} characters, not {len(kept):,}."
        hint = "Put the paper among the evidence, and its gist here." if kind.has_lines else "Shorten it."
        problems.append(Problem(field, found, hint))
    return kept


def entry_problems(content: object, place: str = "") -> Iterator[Problem]:
    """What is wrong with the texts of a plan, given as the plain values of a plan file."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            at = f"{place}, {key}" if place else str(key)
            yield from _entry(value, ORGANISATION if at == "organisation, name" else ENTRY, at)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for number, value in enumerate(content, 1):
            yield from _entry(value, ENTRY, f"{place.removesuffix('s')} {number}")


def check_organisation_code(code: str) -> None:
    """Hold the code of an organisation to what one can be: it stands in addresses and in names of files.

    Raises:
        InputError: it is something else.
    """
    if not ORGANISATION_CODE.fullmatch(code):
        raise InputError("organisation", [Problem("code", code_fault(code))])


def code_fault(code: str) -> str:
    """The sentence about a code that is none."""
    short = shown_safely(code).replace("\n", " ")[:60]
    return f"'{short}' is not an organisation code: up to 40 letters, digits, hyphens, and no blanks."


def shown_safely(text: str) -> str:
    """A text as it may go to a terminal, a page or a file: what acts without being seen is shown as a box.

    For what was kept before texts were held to this. Line ends and tabs stay.
    """
    return "".join("\ufffd" if _is_control(mark) or ord(mark) in TURNING else mark for mark in text)


def _is_control(mark: str) -> bool:
    return mark not in "\n\t" and unicodedata.category(mark) in {"Cc", "Cs"}


def _entry(value: object, kind: TextKind, place: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield from entry_problems(value, place)
        return
    found: list[Problem] = []
    take_text(found, place, value, kind)
    yield from found
