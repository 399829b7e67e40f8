"""Which figures a collection workbook asks for: those of a plan's measures.

Neither plan nor evidence knows of the other, so what brings them together for this stands here.
"""

from collections.abc import Container

from t4c_lib.evidence import Organisation
from t4c_lib.evidence.collection_workbook import MeasureRequest, Rhythm, collect
from t4c_lib.evidence.collection_workbook.request import Collection
from t4c_lib.framework import catalogue, series
from t4c_lib.periods import Month
from t4c_lib.plan import Plan


def plan_collection(
    organisation: Organisation,
    plan: Plan | None,
    last: Month,
    *,
    every: Rhythm | None = None,
    only: Container[str] | None = None,
) -> Collection:
    """What is asked of an organisation: the open measures of its plan that have an amount, or all of the framework's.

    Args:
        organisation: who is asked.
        plan: its plan; None where there is none.
        last: the latest month of which figures are wanted.
        every: how often; as each measure is counted if None.
        only: keys of the measures that are asked for; all if None.
    """
    if plan is None:
        asked = [MeasureRequest(one) for one in catalogue().measures if one.baseline_unit is not None]
    else:
        rows = [(row, row.what.model_copy(update={"name": row.wording})) for row in plan.measures if row.can_have_x]
        asked = [MeasureRequest(what, row.population, row.group) for row, what in rows]
    wanted = [one for one in asked if only is None or one.measure.key in only]
    keys = {one.measure.key for one in wanted}
    return collect(
        organisation.code,
        organisation.name,
        wanted,
        last,
        every=every,
        demonstration=organisation.demonstration,
        besides=[one for one in series() if one.collected is not None and one.collected.asked_with in keys],
    )
