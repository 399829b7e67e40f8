"""The partnership: rounds in which an X is found, what each side agrees to, the pledge, and the minutes of all that."""

from t4c_lib.plan.partnership.agreement import (
    AgreementState,
    AgreementStatus,
    Slot,
    agreement_statuses,
    not_ready,
    row_history,
    rows_to_agree,
    unagreed,
)
from t4c_lib.plan.partnership.authorised_signatories import (
    AuthorisedSignatories,
    AuthorisedSignatory,
    NotAuthorisedError,
    SignatoryLists,
    SignatoryProposal,
    side_words,
)
from t4c_lib.plan.partnership.decisions import (
    Act,
    Agreeable,
    Decision,
    agreeable_rows,
    agreed_in_words,
    covered_changes,
    covered_text,
    subject_of,
    wording_changes,
)
from t4c_lib.plan.partnership.event_log import (
    Event,
    NoteKind,
    PartnershipHistory,
    PlanSave,
    ProgressNote,
    WordingSave,
    events_of,
    new_note,
)
from t4c_lib.plan.partnership.pledge import (
    PledgeError,
    PledgeStatus,
    PledgeStep,
    PledgeWording,
    Step,
    needs_board,
    next_step,
    pledge_status,
    signature_page,
)
from t4c_lib.plan.partnership.record import Minutes, PartnershipRecord, RowRecord, make_minutes
from t4c_lib.plan.partnership.round_results import FEWEST, TOO_FEW, RoundResult, round_result
from t4c_lib.plan.partnership.rounds import (
    Entry,
    Round,
    RoundError,
    Settlement,
    agreed_change,
    latest_entries,
    with_agreed_x,
)
