"""Where plan, evidence and path meet: where a measure stands, and from where the what-if starts."""

from t4c_lib.progress.outcome import Outcome, outcome
from t4c_lib.progress.standing import Standing, a_year_before, history, latest_baseline, standing
from t4c_lib.progress.starting import NoStartError, Part, StartingPoint, starting_point
from t4c_lib.progress.trajectory import straight_trajectory

__all__ = [
    "NoStartError",
    "Outcome",
    "Part",
    "Standing",
    "StartingPoint",
    "a_year_before",
    "history",
    "latest_baseline",
    "outcome",
    "standing",
    "starting_point",
    "straight_trajectory",
]
