"""One organisation, certain figures, and a way to let single ones be uncertain: what the tests of asking share."""

from __future__ import annotations

from typing import Any

from t4c_lib.parameters import Assumptions, assumptions, layered
from t4c_lib.whatif import Need, OutcomeTarget, Pipeline, WorkforceState, solve_each

TRUST = WorkforceState(
    support_young_none=80.0,
    support_young_level_2=60.0,
    support_young_level_3=34.0,
    support_older_none=1100.0,
    support_older_level_2=1000.0,
    support_older_level_3=700.0,
    apprentices_young_none=10.0,
    apprentices_older_level_2=20.0,
    pathway_older=20.0,
    rest_young=200.0,
    rest_older=4000.0,
    join_support_young=6.0,
    join_support_older=24.0,
    join_rest_young=8.0,
    join_rest_older=30.0,
    apprenticeship_starts=3.0,
    pathway_starts=1.0,
    apprentice_joiner_share=0.1,
    placements=40.0,
    pre_employment_courses=2.0,
    ambassadors=20.0,
)


def certain_but(*uncertain: str, **figures: float) -> Assumptions:
    """The national figures, certain at their central value but for the named ones; figures by name with underscores."""
    national = assumptions()
    central = {one.name: one.central for one in national if one.name not in uncertain}
    return layered(national, scenario=central | {name.replace("_", "-"): value for name, value in figures.items()})


def solve(
    pipeline: Pipeline, state: WorkforceState, figures: Assumptions, target: OutcomeTarget, lever: str, **how: Any
) -> Need:
    """What one lever has to be for one target; `how` as `solve_each` has it."""
    (need,) = solve_each(pipeline, state, figures, [target], [lever], **how)
    return need
