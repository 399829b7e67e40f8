"""Assumptions: numbers we don't know, each an interval with its unit, source and date, and whose figure holds."""

from t4c_lib.parameters.assumption import Assumption, Assumptions, assumptions, own_assumptions
from t4c_lib.parameters.layering import Layer, Layered, layered
