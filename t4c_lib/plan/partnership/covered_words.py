"""What has changed between the content that a side agreed to and the content of now, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from t4c_lib.errors import T4CError
from t4c_lib.periods import Month
from t4c_lib.plan.change_words import NOTHING, in_words
from t4c_lib.plan.digests import canonical_text
from t4c_lib.plan.parts import Comparison
from t4c_lib.quantities import Baseline, Change, ChangeKind, number

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
    told = (_difference(name, old, new) for name in names if _bare(old.get(name)) != _bare(new.get(name)))
    return tuple(told)


def _difference(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    one, other = _words(name, old), _words(name, new)
    label = name.replace("_", " ")
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
    write = _WRITERS.get(name)
    if write is None:
        return in_words(value)
    try:
        return write(value, content.get("kind") in FRACTIONS)
    except (T4CError, ArithmeticError, LookupError, TypeError, ValueError):
        # A form of another day, which this code no longer knows: shown as it was kept.
        return str(value)


def _change(value: Any, fraction: bool) -> str:
    change = Change(ChangeKind(value[0]), value[1])
    return f"to {_level(change.amount, fraction)}" if change.kind is ChangeKind.LEVEL else in_words(change)


def _level(figure: float, fraction: bool) -> str:
    return f"{number(figure * 100, 2)}%" if fraction else number(figure, 4)


def _checkpoints(value: Any, fraction: bool) -> str:
    return "; ".join(_checkpoint(one, fraction) for one in value)


def _checkpoint(value: Any, fraction: bool) -> str:
    due, figure, change = value
    goal = _level(figure, fraction) if change is None else _change(change, fraction)
    return f"{goal} by {Month.parse(due).label}"


def _comparison(value: Any, _fraction: bool) -> str:
    return in_words(Comparison(share=value[0], period=value[1], source=value[2] or ""))


_WRITERS: dict[str, Callable[[Any, bool], str]] = {
    "baseline": lambda value, _fraction: in_words(Baseline(**value)),
    "change": _change,
    "checkpoints": _checkpoints,
    "comparison": _comparison,
    "due": lambda value, _fraction: Month.parse(value).label,
    "start": lambda value, _fraction: Month.parse(value).label,
}
