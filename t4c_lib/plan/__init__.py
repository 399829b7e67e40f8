"""A local plan: what one organisation's partners set out to reach, read from and written to YAML, with its digests."""

from t4c_lib.plan.actions import ActionRow
from t4c_lib.plan.changes import FieldChange, RowChange, changes_between, in_short
from t4c_lib.plan.completeness import check
from t4c_lib.plan.digests import decimal_text
from t4c_lib.plan.equality import EqualityAssessment, GroupEffect, groups_to_consider
from t4c_lib.plan.findings import Finding, Severity, grouped
from t4c_lib.plan.local_measures import LocalMeasure
from t4c_lib.plan.measure_checks import Baselines
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.model import Plan, PlanError
from t4c_lib.plan.parts import Checkpoint, Comparison, Effect, Evidence, Review, RowState, Side, Status, Way
from t4c_lib.plan.rolling import roll
from t4c_lib.plan.target import Target
from t4c_lib.plan.timelines import TimelineRow, timelines_for

__all__ = [
    "ActionRow",
    "Baselines",
    "Checkpoint",
    "Comparison",
    "Effect",
    "EqualityAssessment",
    "Evidence",
    "FieldChange",
    "Finding",
    "GroupEffect",
    "LocalMeasure",
    "MeasureRow",
    "Plan",
    "PlanError",
    "Review",
    "RowChange",
    "RowState",
    "Severity",
    "Side",
    "Status",
    "Target",
    "TimelineRow",
    "Way",
    "changes_between",
    "check",
    "decimal_text",
    "grouped",
    "groups_to_consider",
    "in_short",
    "roll",
    "timelines_for",
]
