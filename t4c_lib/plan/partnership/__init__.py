"""The partnership: rounds in which an X is found, what each side agrees to, the pledge, and the minutes of all that."""

from t4c_lib.plan.partnership.acts import Act, Agreeable, Decision, agreeable_rows, subject_of
from t4c_lib.plan.partnership.agreement import (
    AgreementState,
    HistoryLine,
    Slot,
    Standing,
    row_history,
    row_states,
    unagreed,
)
from t4c_lib.plan.partnership.covered_words import covered_changes, covered_text
from t4c_lib.plan.partnership.happenings import Happening, Past, PlanSave, WordingSave, story
from t4c_lib.plan.partnership.minutes import Minutes, make_minutes
from t4c_lib.plan.partnership.notes import NoteKind, ProgressNote, new_note
from t4c_lib.plan.partnership.pledge import (
    PledgeError,
    PledgeStanding,
    PledgeState,
    PledgeStep,
    PledgeWording,
    Step,
    pledge_standing,
    signature_page,
    wording_changes,
)
from t4c_lib.plan.partnership.pledge_steps import next_step
from t4c_lib.plan.partnership.rounds import (
    Entry,
    Round,
    RoundError,
    Settlement,
    agreed_change,
    latest_entries,
    row_of,
    with_agreed_x,
)
from t4c_lib.plan.partnership.speakers import NotEntitledError, Speaker, Speakers, person_key, side_words
from t4c_lib.plan.partnership.spread import FEWEST, TOO_FEW, Movement, RoundResult, Spread, round_result

__all__ = [
    "FEWEST",
    "TOO_FEW",
    "Act",
    "Agreeable",
    "AgreementState",
    "Decision",
    "Entry",
    "Happening",
    "HistoryLine",
    "Minutes",
    "Movement",
    "NotEntitledError",
    "NoteKind",
    "Past",
    "PlanSave",
    "PledgeError",
    "PledgeStanding",
    "PledgeState",
    "PledgeStep",
    "PledgeWording",
    "ProgressNote",
    "Round",
    "RoundError",
    "RoundResult",
    "Settlement",
    "Slot",
    "Speaker",
    "Speakers",
    "Spread",
    "Standing",
    "Step",
    "WordingSave",
    "agreeable_rows",
    "agreed_change",
    "covered_changes",
    "covered_text",
    "latest_entries",
    "make_minutes",
    "new_note",
    "next_step",
    "person_key",
    "pledge_standing",
    "round_result",
    "row_history",
    "row_of",
    "row_states",
    "side_words",
    "signature_page",
    "story",
    "subject_of",
    "unagreed",
    "with_agreed_x",
    "wording_changes",
]
