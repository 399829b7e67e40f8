"""A local plan: what one organisation's partners set out to reach, read from and written to YAML, with its digests."""

from t4c_lib.plan.action_rows import ActionRow, TimelineRow, timelines_for
from t4c_lib.plan.edits import roll
from t4c_lib.plan.measure_rows import MeasureRow, Target
from t4c_lib.plan.measure_validation import LocalMeasure
from t4c_lib.plan.plan import EqualityAssessment, GroupEffect, Plan, PlanError, groups_to_consider
from t4c_lib.plan.plan_checks import Finding, Severity, check, grouped
from t4c_lib.plan.plan_diff import changes_as_lines, changes_between, summarise_changes
from t4c_lib.plan.row_base import decimal_text
from t4c_lib.plan.row_fields import Checkpoint, Comparison, Effect, Evidence, Review, RowState, Side, Status, Way
