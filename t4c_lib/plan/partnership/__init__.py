"""The partnership: rounds in which an X is found, what each side agrees to, the pledge, and the minutes of all that."""

from t4c_lib.plan.partnership.acts import Act, Agreeable, Decision, agreeable_rows, subject_of
from t4c_lib.plan.partnership.agreement import (
    AgreementState,
    Slot,
    Standing,
    not_ready,
    row_history,
    row_states,
    rows_to_agree,
    unagreed,
)
from t4c_lib.plan.partnership.covered_words import agreed_in_words, covered_changes, covered_text
from t4c_lib.plan.partnership.happenings import Happening, Past, PlanSave, WordingSave, story
from t4c_lib.plan.partnership.minutes import Minutes, make_minutes
from t4c_lib.plan.partnership.notes import NoteKind, ProgressNote, new_note
from t4c_lib.plan.partnership.pledge import (
    PledgeError,
    PledgeStanding,
    PledgeStep,
    PledgeWording,
    Step,
    needs_board,
    pledge_standing,
    signature_page,
    wording_changes,
)
from t4c_lib.plan.partnership.pledge_steps import next_step
from t4c_lib.plan.partnership.record import PartnershipRecord, RowRecord
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
from t4c_lib.plan.partnership.speakers import (
    NotEntitledError,
    SignatoryLists,
    SignatoryProposal,
    Speaker,
    Speakers,
    side_words,
)
from t4c_lib.plan.partnership.spread import FEWEST, TOO_FEW, RoundResult, Spread, round_result

__all__ = [
    "FEWEST",
    "TOO_FEW",
    "Act",
    "Agreeable",
    "AgreementState",
    "Decision",
    "Entry",
    "Happening",
    "Minutes",
    "NotEntitledError",
    "NoteKind",
    "PartnershipRecord",
    "Past",
    "PlanSave",
    "PledgeError",
    "PledgeStanding",
    "PledgeStep",
    "PledgeWording",
    "ProgressNote",
    "Round",
    "RoundError",
    "RoundResult",
    "RowRecord",
    "Settlement",
    "SignatoryLists",
    "SignatoryProposal",
    "Slot",
    "Speaker",
    "Speakers",
    "Spread",
    "Standing",
    "Step",
    "WordingSave",
    "agreeable_rows",
    "agreed_change",
    "agreed_in_words",
    "covered_changes",
    "covered_text",
    "latest_entries",
    "make_minutes",
    "needs_board",
    "new_note",
    "next_step",
    "not_ready",
    "pledge_standing",
    "round_result",
    "row_history",
    "row_of",
    "row_states",
    "rows_to_agree",
    "side_words",
    "signature_page",
    "story",
    "subject_of",
    "unagreed",
    "with_agreed_x",
    "wording_changes",
]
