"""What a side agreed to, and what has changed since then, in words."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.framework import Better, catalogue
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan.plan_diff import NOTHING, field_label, format_value
from t4c_lib.plan.row_fields import Checkpoint, Comparison, RowState
from t4c_lib.quantities import Baseline, Change, ChangeKind, number, percent
from t4c_lib.typed_text import canonical_text

FRACTIONS = {"share", "rate"}


def covered_text(covered: Mapping[str, object]) -> str:
    """What an agreement covers, as JSON: kept with it, so that years later one can say what was agreed."""
    return json.dumps(covered, ensure_ascii=False, default=str)


def covered_changes(before: str, after: str) -> tuple[str, ...]:
    """The fields in which two contents differ, each as "due March 2027 → March 2028", in the order of the later one.

    Args:
        before: what was agreed, as `covered_text` gives it.
        after: what is to be compared with it.
    """
    old, new = json.loads(before), json.loads(after)
    names = [*new, *(name for name in old if name not in new)]
    if _words_are_the_frameworks(old, new):
        names.remove("wording")
    told = (_difference(name, old, new) for name in names if _bare(old.get(name)) != _bare(new.get(name)))
    return tuple(told)


def wording_changes(before: str, after: str) -> tuple[str, ...]:
    """The sentences that two wordings don't have in common: those taken out, then those put in."""
    old, new = _sentences(before), _sentences(after)
    lines = list(difflib.ndiff(old, new))
    out = [f"removed: {line[2:]}" for line in lines if line.startswith("- ")]
    return tuple(out + [f"added: {line[2:]}" for line in lines if line.startswith("+ ")])


def is_same_but_for_national_words(before: str, after: str) -> bool:
    """Whether two contents differ at most in how the framework words the row, which neither side has a say in.

    The words of the framework's rows are edited now and then. A side that agreed to a row as the framework has it, or
    to leaving it out, agreed to the row, and need not agree again when the framework calls it by other words.

    Args:
        before: what was agreed, as `covered_text` gives it.
        after: what is to be compared with it.
    """
    old, new = json.loads(before), json.loads(after)
    if not _words_are_the_frameworks(old, new):
        return False
    return bool(_bare({**old, "wording": ""}) == _bare({**new, "wording": ""}))


def _words_are_the_frameworks(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    state = new.get("state")
    if "wording" not in new or old.get("state") != state:
        return False
    # A row that is adopted has no words of its own. One that is left out may have kept some.
    return state == RowState.ADOPTED or (state == RowState.LEFT_OUT and new["wording"] == _national_words(new))


def _national_words(content: Mapping[str, Any]) -> str | None:
    with suppress(UnknownNameError):
        if "action" in content:
            return catalogue().action(str(content["action"])).text
        return catalogue().measure(str(content["measure"])).name
    return None


def agreed_in_words(covered: str) -> str:
    """What was agreed, in a line: the row's place, its words, and the X as it was agreed.

    Args:
        covered: of a row, as `covered_text` gives it.
    """
    content = json.loads(covered)
    words = str(content.get("wording", ""))
    group = f" ({content['group']})" if content.get("group") else ""
    x = _words("number", content) if content.get("number") is not None else ""
    return f"{_place(content)} {words.replace('{x}', x or 'X')}{group}{_agreed_x(content)}".strip()


def _place(content: Mapping[str, Any]) -> str:
    """The row's place in the framework; of a row of the plan's own that it is."""
    with suppress(UnknownNameError):
        if "action" in content:
            return catalogue().action(str(content["action"])).ref
        return catalogue().measure(str(content["measure"])).reference
    return "own"


def _agreed_x(content: Mapping[str, Any]) -> str:
    if content.get("state") == RowState.LEFT_OUT:
        return f": left out, because {content.get('reason')}"
    by = f" by {_words('due', content)}" if content.get("due") else ""
    if content.get("change") is None:
        return f",{by}" if by else ""
    if content.get("better") == Better.CLOSER:
        size = _words("change", content).removesuffix(" down")
        return f": the gap, {_gap(content)}, closes {'' if size.startswith('to ') else 'by '}{size}{by}"
    start = content.get("baseline")
    goal = _goal(content)
    if start is None or not goal:
        return f": {_words('change', content)}{by}"
    when = f" in {parse_period(start['period']).label}" if start.get("period") else ""
    change = _change(content["change"])
    said = "" if change.kind is ChangeKind.LEVEL else f" ({change.text})"
    return f": from {Baseline(**start).text}{when} to {goal}{by}{said}"


def _goal(content: Mapping[str, Any]) -> str:
    """Where the X leads; empty if it can't be worked out."""
    with suppress(T4CError, ArithmeticError, LookupError, TypeError, ValueError):
        goal = _change(content["change"]).goal(Baseline(**content["baseline"]))
        return percent(goal) if content.get("kind") in FRACTIONS else number(goal)
    return ""


def _gap(content: Mapping[str, Any]) -> str:
    baseline, compared = content.get("baseline"), content.get("comparison")
    if baseline is None or compared is None:
        return "not known yet"
    return f"{percent(baseline['value'])} against {percent(compared[0])}"


def _difference(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    one, other = _words(name, old), _words(name, new)
    label = field_label(name)
    return f"{label} changed" if one == other else f"{label} {one} → {other}"


def _bare(value: Any) -> Any:
    """Without what makes no other digest: blanks around a text, the way its letters are composed."""
    match value:
        case str():
            return canonical_text(value)
        case dict():
            return {key: _bare(part) for key, part in value.items()}
        case list():
            return [_bare(part) for part in value]
        case bool() | None:
            return value
        case int() | float():
            return float(value)
    return value


def _words(name: str, content: Mapping[str, Any]) -> str:
    value = content.get(name)
    if value is None or value in ("", []):
        return NOTHING
    try:
        return format_value(_BUILT[name](value) if name in _BUILT else value, content.get("kind") in FRACTIONS)
    except (T4CError, ArithmeticError, LookupError, TypeError, ValueError):
        # A form of another day, which this code no longer knows: shown as it was kept.
        return str(value)


def _change(value: Any) -> Change:
    return Change(ChangeKind(value[0]), value[1])


def _checkpoints(value: Any) -> tuple[Checkpoint, ...]:
    return tuple(Checkpoint(due=due, value=v, change=change and _change(change)) for due, v, change in value)


# How what is kept as JSON is made what it was.
_BUILT: dict[str, Callable[[Any], object]] = {
    "baseline": lambda value: Baseline(**value),
    "change": _change,
    "checkpoints": _checkpoints,
    "comparison": lambda value: Comparison(share=value[0], period=value[1], source=value[2] or ""),
    "due": Month.parse,
    "start": Month.parse,
}


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", canonical_text(text)) if part.strip()]
