"""Assumptions: numbers we don't know, each an interval with its unit, source and date, and whose figure holds."""

from __future__ import annotations

from t4c_lib.parameters.assumption import Assumption, Unit
from t4c_lib.parameters.file import Assumptions, assumptions, own_assumptions
from t4c_lib.parameters.layering import Applied, Layer, Layered, layered

__all__ = [
    "Applied",
    "Assumption",
    "Assumptions",
    "Layer",
    "Layered",
    "Unit",
    "assumptions",
    "layered",
    "own_assumptions",
]
