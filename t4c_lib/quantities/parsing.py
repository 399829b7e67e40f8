"""Reads a change as a person types it, and refuses what has two readings."""

from __future__ import annotations

import re
from typing import Final

from t4c_lib.quantities.baseline import Baseline
from t4c_lib.quantities.change import AmbiguousChange, ChangeError, ChangeKind
from t4c_lib.quantities.wording import number, percent_pair, points

WAYS_TO_WRITE: Final = "2 points, 10% relative, to 8%, to 40, 12 more, 12 fewer, double, x 2"
EXAMPLE_BASELINE: Final = Baseline(0.06)

_NUMBER = r"(?P<amount>[+-]?\d[\d,]*(?:\.\d+)?|[+-]?\.\d+)"
_FORMS: Final[tuple[tuple[ChangeKind, str, float], ...]] = (
    (ChangeKind.POINTS, rf"{_NUMBER}\s*%?\s*(?:percentage[\s-]*)?(?:points?|pts?)", 0.01),
    (ChangeKind.POINTS, rf"{_NUMBER}\s*p\.?p\.?", 0.01),
    (ChangeKind.RELATIVE, rf"{_NUMBER}\s*(?:%|per\s?cent)\s*(?:relative|more)", 0.01),
    (ChangeKind.RELATIVE, rf"{_NUMBER}\s*(?:%|per\s?cent)\s*(?:less|fewer)", -0.01),
    (ChangeKind.RELATIVE, rf"relative\s+{_NUMBER}\s*(?:%|per\s?cent)", 0.01),
    (ChangeKind.LEVEL, rf"(?:to|level)\s+{_NUMBER}\s*(?:%|per\s?cent)", 0.01),
    (ChangeKind.LEVEL, rf"(?:to|level)\s+{_NUMBER}(?:\s+[a-z ]+)?", 1.0),
    (ChangeKind.COUNT, rf"{_NUMBER}\s+(?:people\s+)?more(?:\s+[a-z ]+)?", 1.0),
    (ChangeKind.COUNT, rf"{_NUMBER}\s+(?:people\s+)?(?:fewer|less)(?:\s+[a-z ]+)?", -1.0),
    (ChangeKind.COUNT, rf"(?=[+-]){_NUMBER}(?:\s+(?:people|staff))?", 1.0),
    (ChangeKind.MULTIPLE, rf"(?:x|×|times)\s*{_NUMBER}", 1.0),
    (ChangeKind.MULTIPLE, rf"{_NUMBER}\s*(?:x|×|times)", 1.0),
)
_WORDS: Final = {"double": 2.0, "doubles": 2.0, "doubled": 2.0, "treble": 3.0, "triple": 3.0, "halve": 0.5, "half": 0.5}


def parse_change(text: str, baseline: Baseline | None) -> tuple[ChangeKind, float]:
    """Kind and amount of a typed change. Raises AmbiguousChange or ChangeError as `Change.parse` says."""
    typed = re.sub(r"\s+", " ", text.strip().lower()).replace("−", "-")
    if typed in _WORDS:
        return ChangeKind.MULTIPLE, _WORDS[typed]
    if bare := re.fullmatch(rf"(?:by )?{_NUMBER}\s*(?:%|per\s?cent)", typed):
        raise AmbiguousChange(_both_readings(text.strip(), _amount(bare) / 100, baseline or EXAMPLE_BASELINE))
    for kind, form, scale in _FORMS:
        if match := re.fullmatch(rf"(?:by )?{form}", typed):
            return kind, _scaled(match, scale)
    raise ChangeError(f"'{text}' can't be read as a change. Write it in one of these ways: {WAYS_TO_WRITE}.")


def _amount(match: re.Match[str]) -> float:
    return float(match["amount"].replace(",", ""))


def _scaled(match: re.Match[str], scale: float) -> float:
    # 2 / 100 is 0.02 exactly as a person would write it; 2 * 0.01 is not always.
    amount = _amount(match)
    return amount / 100 * (1 if scale > 0 else -1) if abs(scale) == 0.01 else amount * scale


def _both_readings(text: str, amount: float, baseline: Baseline) -> str:
    typed = number(abs(amount) * 100, 2)
    more = "more" if amount >= 0 else "less"
    as_relative = f"relative: {typed}% {more} than today's figure"
    if not baseline.is_fraction:
        return (
            f"'{text}' can be read in two ways: {as_relative}, or {typed} {'more' if amount >= 0 else 'fewer'} "
            f"{baseline.counted}. Write '{typed}% relative' or '{typed} {'more' if amount >= 0 else 'fewer'}'."
        )
    by_points, by_relative = baseline.value + amount, baseline.value * (1 + amount)
    start, to_points = percent_pair(baseline.value, by_points)
    start_again, to_relative = percent_pair(baseline.value, by_relative)
    return (
        f"'{text}' can be read in two ways: {points(amount)}, so that {start} becomes {to_points}; or {as_relative}, "
        f"so that {start_again} becomes {to_relative}. Write '{typed} points' or '{typed}% relative'."
    )
