"""Figures that hold most of what the figure before them held, on which the rules of XmR charts signal by chance alone.

XmR rules take each point for a new draw. How far they go wrong otherwise is measured in benchmarks/signals.py and
discussed in docs/decisions/0009-few-points.md.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import Measure, MeasureKind
from t4c_lib.periods import Month, Quarter, parse_period
from t4c_lib.plan import MeasureRow


class CarryOver(StrEnum):
    """What a row's figures share with the ones before them; the value is what a chart says of it."""

    NOTHING = ""
    ROLLING = (
        "Each figure covers twelve months and shares most of them with the one before, so natural process limits can't "
        "be drawn and no icon is shown."
    )
    SAME_PEOPLE = (
        "Most of the people in one figure are in the figure before too: runs of points on one side, and trends, come "
        "about by chance, so trust the status more than the icon."
    )


def caution(row: MeasureRow, figures: pd.DataFrame) -> CarryOver:
    """What a chart of a row's figures has to beware of.

    Args:
        row: of the plan.
        figures: as `row_figures` gives them.
    """
    if figures.empty or not isinstance(parse_period(figures["period"].iloc[-1]), Month | Quarter):
        return CarryOver.NOTHING
    if row.what.unit.endswith(" a year") or figures["months"].iloc[-1] > 0:
        return CarryOver.ROLLING
    return CarryOver.SAME_PEOPLE if _is_of_people_in_post(row.what, row.population) else CarryOver.NOTHING


def _is_of_people_in_post(measure: Measure, population: str) -> bool:
    counts_people = measure.kind is MeasureKind.SHARE or measure.unit == "people"
    return counts_people and population in (TRUST_WORKFORCE, SUPPORT_STAFF)
