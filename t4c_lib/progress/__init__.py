"""Where plan, evidence and path meet: where a measure stands, and from where the what-if starts."""

from t4c_lib.progress.interval import Interval, byar, wilson
from t4c_lib.progress.outcome import Outcome, outcome
from t4c_lib.progress.spc_profile import SpcProfile, spc_profile, spc_profiles
from t4c_lib.progress.standing import Standing, a_year_before, history, latest_baseline, standing
from t4c_lib.progress.starting import NoStartError, Part, StartingPoint, starting_point
from t4c_lib.progress.trajectory import Shape, Stop, Trajectory, straight_trajectory, trajectory_of
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
from t4c_lib.progress.xmr import SpcError, Xmr, xmr, xmr_many

__all__ = [
    "WORKINGS_COLUMNS",
    "Interval",
    "NoStartError",
    "Outcome",
    "Part",
    "Shape",
    "Sourced",
    "SpcError",
    "SpcProfile",
    "Standing",
    "StartingPoint",
    "Stop",
    "Trajectory",
    "Xmr",
    "a_year_before",
    "byar",
    "history",
    "latest_baseline",
    "outcome",
    "source_words",
    "sourced_baselines",
    "spc_profile",
    "spc_profiles",
    "standing",
    "starting_point",
    "straight_trajectory",
    "told",
    "trajectory_of",
    "wilson",
    "workings",
    "workings_csv",
    "write_workings",
    "xmr",
    "xmr_many",
]
