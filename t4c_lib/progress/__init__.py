"""Where plan, evidence and path meet: where a measure stands, and from where the what-if starts."""

from t4c_lib.progress.baselines import RowFigures, plan_findings
from t4c_lib.progress.figures import period_label, row_figures
from t4c_lib.progress.initial_state import StartingState, starting_state
from t4c_lib.progress.provenance import measure_baseline, provenance_table
from t4c_lib.progress.reminders import reminders, reminders_calendar, write_reminders
from t4c_lib.progress.representation import format_representation
from t4c_lib.progress.row_progress import RowProgress, SpcNote, plan_progress, row_progress
from t4c_lib.progress.status_facts import StatusWord
from t4c_lib.progress.target_chances import target_chances
from t4c_lib.progress.target_outcome import TargetOutcome
from t4c_lib.progress.what_if import WhatIf, save_scenario, scenarios
