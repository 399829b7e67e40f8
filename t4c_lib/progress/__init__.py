"""Where plan, evidence and path meet: where a measure stands, and from where the what-if starts."""

from t4c_lib.progress.baselines import RowFigures, a_year_before, latest_baseline, plan_findings
from t4c_lib.progress.derived_series import with_derived_figures
from t4c_lib.progress.figures import Figure, Interval, byar, latest_figure, period_label, row_figures, wilson
from t4c_lib.progress.initial_state import NoStartError, StartingState, starting_state
from t4c_lib.progress.provenance import (
    PROVENANCE_COLUMNS,
    as_published,
    format_baseline,
    measure_baseline,
    provenance_csv,
    provenance_table,
    published_figures,
    sourced_baselines,
    write_provenance,
)
from t4c_lib.progress.reminders import (
    Reminder,
    ReminderKind,
    reminders,
    reminders_calendar,
    reminders_csv,
    write_reminders,
)
from t4c_lib.progress.representation import compare_with_residents, format_representation
from t4c_lib.progress.row_progress import NOTHING_ON_RECORD, RowProgress, SpcNote, plan_progress, row_progress
from t4c_lib.progress.spc import Autocorrelation, SpcError, XmrChart, autocorrelation_of, xmr_chart, xmr_charts
from t4c_lib.progress.spc_rules import spc_profile, spc_profiles
from t4c_lib.progress.status import RULES, status
from t4c_lib.progress.status_facts import RowStatus, StatusWord
from t4c_lib.progress.target_chances import TargetChances, target_chances
from t4c_lib.progress.target_outcome import JoinersNeeded, TargetOutcome
from t4c_lib.progress.trajectory import Shape, Stop, Trajectory, trajectory_of
from t4c_lib.progress.what_if import WhatIf, open_what_if, outcome_of, own_scenarios_file, save_scenario, scenarios
