"""Assumptions: numbers we don't know, each an interval with its unit, source and date, and whose figure holds."""

from t4c_lib.parameters.assumption import (
    Assumption,
    Assumptions,
    AssumptionUnit,
    assumptions,
    own_assumptions,
    own_files,
)
from t4c_lib.parameters.layering import Applied, Layer, Layered, layered
