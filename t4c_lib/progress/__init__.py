"""Where plan, evidence and path meet: where a measure stands, and from where the what-if starts."""

from t4c_lib.progress.outcome import Outcome, outcome
from t4c_lib.progress.standing import Standing, a_year_before, history, latest_baseline, standing
from t4c_lib.progress.starting import NoStartError, Part, StartingPoint, starting_point
from t4c_lib.progress.trajectory import straight_trajectory
from t4c_lib.progress.workings import (
    WORKINGS_COLUMNS,
    Sourced,
    source_words,
    sourced_baselines,
    told,
    workings,
    workings_csv,
    write_workings,
)

__all__ = [
    "WORKINGS_COLUMNS",
    "NoStartError",
    "Outcome",
    "Part",
    "Sourced",
    "Standing",
    "StartingPoint",
    "a_year_before",
    "history",
    "latest_baseline",
    "outcome",
    "source_words",
    "sourced_baselines",
    "standing",
    "starting_point",
    "straight_trajectory",
    "told",
    "workings",
    "workings_csv",
    "write_workings",
]
