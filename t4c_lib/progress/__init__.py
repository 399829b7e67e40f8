"""Where plan, evidence and path meet: where a measure stands, and from where the what-if starts."""

from t4c_lib.progress.baselines import RowFigures, Standing, a_year_before, history, latest_baseline, standing
from t4c_lib.progress.derived_series import completed
from t4c_lib.progress.figures import Figure, Interval, byar, latest_figure, period_label, row_figures, wilson
from t4c_lib.progress.initial_state import NoStartError, StartingState, starting_state
from t4c_lib.progress.observed_rates import Part
from t4c_lib.progress.plan_scenario import own_scenarios_file, save_scenario, scenarios
from t4c_lib.progress.provenance import (
    WORKINGS_COLUMNS,
    sourced_baselines,
    told,
    workings,
    workings_csv,
    write_workings,
)
from t4c_lib.progress.reminders import (
    Reminder,
    ReminderKind,
    reminders,
    reminders_calendar,
    reminders_csv,
    write_reminders,
)
from t4c_lib.progress.representation import GroupGap, Likeness, likeness, likeness_words
from t4c_lib.progress.row_progress import NOTHING_ON_RECORD, RowProgress, SpcNote, row_progress, statuses
from t4c_lib.progress.spc import CarryOver, SpcError, Xmr, caution, xmr, xmr_many
from t4c_lib.progress.spc_rules import SpcProfile, spc_profile, spc_profiles
from t4c_lib.progress.status import RULES, RowStatus, Rule, status
from t4c_lib.progress.status_facts import Because, StatusWord, Tone
from t4c_lib.progress.target_odds import Chances, chances
from t4c_lib.progress.target_outcome import JoinersNeeded, Outcome, ShareOutlook, joiners_needed, share_target
from t4c_lib.progress.trajectory import Shape, Stop, Trajectory, trajectory_of
from t4c_lib.progress.what_if import WhatIf, open_what_if, outcome_of

__all__ = [
    "NOTHING_ON_RECORD",
    "RULES",
    "WORKINGS_COLUMNS",
    "Because",
    "CarryOver",
    "Chances",
    "Figure",
    "GroupGap",
    "Interval",
    "JoinersNeeded",
    "Likeness",
    "NoStartError",
    "Outcome",
    "Part",
    "Reminder",
    "ReminderKind",
    "RowFigures",
    "RowProgress",
    "RowStatus",
    "Rule",
    "Shape",
    "ShareOutlook",
    "SpcError",
    "SpcNote",
    "SpcProfile",
    "Standing",
    "StartingState",
    "StatusWord",
    "Stop",
    "Tone",
    "Trajectory",
    "WhatIf",
    "Xmr",
    "a_year_before",
    "byar",
    "caution",
    "chances",
    "completed",
    "history",
    "joiners_needed",
    "latest_baseline",
    "latest_figure",
    "likeness",
    "likeness_words",
    "open_what_if",
    "outcome_of",
    "own_scenarios_file",
    "period_label",
    "reminders",
    "reminders_calendar",
    "reminders_csv",
    "row_figures",
    "row_progress",
    "save_scenario",
    "scenarios",
    "share_target",
    "sourced_baselines",
    "spc_profile",
    "spc_profiles",
    "standing",
    "starting_state",
    "status",
    "statuses",
    "told",
    "trajectory_of",
    "wilson",
    "workings",
    "workings_csv",
    "write_reminders",
    "write_workings",
    "xmr",
    "xmr_many",
]
