"""Assumptions: numbers we don't know, each an interval with its unit, source and date."""

from __future__ import annotations

from t4c_lib.parameters.assumption import Assumption, Unit
from t4c_lib.parameters.file import Assumptions, assumptions

__all__ = ["Assumption", "Assumptions", "Unit", "assumptions"]
