"""What somebody typed into one row, and what it means: a figure, or the reason why there is none."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from t4c_lib.errors import did_you_mean
from t4c_lib.evidence.collection import layout
from t4c_lib.evidence.collection.asked import Item
from t4c_lib.evidence.observation import State
from t4c_lib.evidence.workbook import text_of

MOST = 1_000_000_000.0
_NOTHING = {"-", "–", "—", "..", ".", "n/a", "na", "none", "null", "not known", "unknown", "?", "nil"}
_NUMBER = re.compile(r"\d+(\.\d+)?")
_HIDDEN = re.compile(r"\*+|<\s*\d+|≤\s*\d+|fewer than \d+|less than \d+", re.IGNORECASE)

Fault = tuple[str, str, str]  # the column at fault, a sentence, a hint


@dataclass(frozen=True)
class Answer:
    """One row's figure; numbers that are not known are NaN. `doubt` is a remark on what may be a slip."""

    numerator: float
    denominator: float
    value: float
    state: State
    doubt: str = ""


def understand(item: Item, cells: Mapping[str, object]) -> Answer | list[Fault]:
    """Read one row's answer.

    Args:
        item: what is asked.
        cells: numerator, denominator and state as they stand, by the name of their column.

    Returns:
        The answer, or everything that is wrong with it.
    """
    faults: list[Fault] = []
    part = _number(item, layout.NUMERATOR, item.numerator, cells.get(layout.NUMERATOR, ""), faults)
    whole = math.nan
    out_of = cells.get(layout.DENOMINATOR, "")
    if not item.is_count:
        whole = _number(item, layout.DENOMINATOR, item.denominator, out_of, faults)
    elif text_of(out_of) not in {"", layout.NOT_ASKED}:
        faults.append((layout.DENOMINATOR, f"{shown(out_of)}: this is a plain count, out of nothing.", "Empty it."))
    state = _state(cells.get(layout.STATE, ""), faults)
    if faults:
        return faults
    faults = [] if state is None else _contradictions(part, whole, state)
    if not faults and state in {None, State.counted, State.zero}:
        return _figure(item, part, whole, state)
    if faults or state is None:
        return faults
    return Answer(math.nan if state is not State.zero else 0.0, whole, math.nan, state)


def shown(value: object) -> str:
    """A cell's content as a message quotes it."""
    return f"'{text_of(value)[:60]}'"


def _number(item: Item, column: str, words: str, value: object, faults: list[Fault]) -> float:
    """The number in a cell; NaN where it is empty, or wrong and told."""
    text = text_of(value)
    if not text:
        return math.nan
    whole = item.is_whole(words)
    allowed = f"allowed is a {'whole ' if whole else ''}number from 0 to {MOST:,.0f}."
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number and not _NUMBER.fullmatch(text):
        faults.append((column, f"{shown(value)} is not a number; {allowed}", _no_number_hint(value, text)))
        return math.nan
    number = float(value) if isinstance(value, (int, float)) else float(text)
    if not 0 <= number <= MOST:
        faults.append((column, f"{shown(value)} is out of range; {allowed}", ""))
    elif whole and not number.is_integer():
        faults.append((column, f"{shown(value)} is not whole; {allowed}", _share_hint(item, number)))
    else:
        return number
    return math.nan


def _no_number_hint(value: object, text: str) -> str:
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return "Excel made a date of it: set the cell's format to Number and type it again."
    slips = (
        (text.startswith("="), "The result of this formula is not stored: save it in Excel, or type the value."),
        (text.startswith("#"), "A formula ended in this error: type the value itself."),
        (text.endswith("%"), "Never a percentage: type what was counted, and out of how many."),
        (text.casefold() in _NOTHING, "Leave the cell empty and choose missing or not applicable under State."),
        (bool(_HIDDEN.fullmatch(text)), "Leave the cell empty and choose suppressed under State."),
        (bool(re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text)), "Type thousands without commas."),
        (bool(re.fullmatch(r"\d+,\d+", text)), "Type decimals with a point."),
    )
    return next((hint for is_it, hint in slips if is_it), "Remarks go into the last column.")


def _share_hint(item: Item, number: float) -> str:
    if item.is_count:
        return ""
    if number < 1:
        return f"Is it a share ({number * 100:g}%)? Type what was counted, and out of how many: we divide."
    if number <= 100:
        return f"Is it a percentage ({number:g}%)? Type what was counted, and out of how many: we divide."
    return ""


def _state(value: object, faults: list[Fault]) -> State | None:
    text = " ".join(text_of(value).split()).casefold()
    if not text:
        return None
    if text in list(State):
        return State(text)
    hint = did_you_mean(text, list(State))
    faults.append((layout.STATE, f"{shown(value)} is no state; allowed: {', '.join(State)}, or nothing.", hint))
    return None


def _contradictions(part: float, whole: float, state: State) -> list[Fault]:
    """What a chosen state and the numbers beside it say against each other."""
    given = not math.isnan(part)
    if state is State.zero and given and part > 0:
        return [(layout.STATE, f"says zero, but {part:,g} were counted.", "Empty one of the two.")]
    if state is State.counted and not given:
        return [(layout.NUMERATOR, "is empty, though the state says counted.", "Type the figure, or choose missing.")]
    if state in {State.suppressed, State.missing} and given:
        return [(layout.STATE, f"says {state}, but there is a figure: {part:,g}.", "Empty one of the two.")]
    if state is State.not_applicable and (part > 0 or whole > 0):  # neither holds of NaN
        return [(layout.STATE, f"says {state}, but there are figures.", "Empty the state, or the figures.")]
    return []


def _figure(item: Item, part: float, whole: float, state: State | None) -> Answer | list[Fault]:
    """What two numbers mean, either of which may be missing; the state is none, counted or zero."""
    if state is State.zero and math.isnan(part):
        part = 0.0
    if math.isnan(part) and math.isnan(whole):
        return Answer(part, whole, math.nan, State.missing)
    if faults := _misfits(item, part, whole):
        return faults
    known = State.zero if part == 0 else State.counted
    if item.is_count:
        return Answer(part, math.nan, part, known)
    if whole == 0:
        return Answer(0.0, 0.0, math.nan, State.not_applicable)
    doubt = f"{part:g} of 100 looks like a percentage" if whole == 100 and not part.is_integer() else ""
    return Answer(part, whole, part / whole, known, doubt)


def _misfits(item: Item, part: float, whole: float) -> list[Fault]:
    """Why two numbers can't be a figure; at least one of them is there."""
    hint = "Type it, or say under State why there is none."
    if math.isnan(part):
        return [(layout.NUMERATOR, f"is empty, though it is out of {whole:,g}.", hint)]
    if item.is_count:
        return []
    if math.isnan(whole):
        slip = "" if part.is_integer() else _share_hint(item, part)
        return [(layout.DENOMINATOR, f"is empty, though {part:,g} were counted.", slip or hint)]
    if item.unit == "share" and part > whole:
        return [(layout.NUMERATOR, f"{part:,g} is more than the {whole:,g} it is out of.", "Are the two swapped?")]
    if whole == 0 and part > 0:
        return [(layout.DENOMINATOR, f"is 0, though {part:,g} were counted.", "")]
    return []
