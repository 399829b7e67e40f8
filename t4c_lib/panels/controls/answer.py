"""What an X comes to, worked out where it is typed; what needs the model follows from the kernel."""

from __future__ import annotations

from typing import Any

from t4c_lib.periods import parse_period
from t4c_lib.quantities import Baseline


def described(baseline: Baseline) -> dict[str, Any]:
    """A baseline as the browser's arithmetic takes it (arithmetic.js)."""
    return {
        "value": baseline.value,
        "numerator": baseline.numerator,
        "denominator": baseline.denominator,
        "unit": str(baseline.unit),
        "counted": baseline.counted,
        "base": baseline.base,
        "when": parse_period(baseline.period).label if baseline.period else "",
    }
