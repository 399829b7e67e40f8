"""Reads back what the store keeps of a partnership: acts, speakers, wordings of the pledge and its steps."""

import datetime as dt
import json
from functools import partial

from sqlalchemy import Connection, select

from t4c_lib.plan import Plan, changes_between
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories, SignatoryLists, SignatoryProposal
from t4c_lib.plan.partnership.decisions import Act
from t4c_lib.plan.partnership.event_log import PartnershipHistory, PlanSave, ProgressNote, WordingSave
from t4c_lib.plan.partnership.partnership_record import Minutes, PartnershipRecord, make_minutes
from t4c_lib.plan.partnership.pledge import PledgeStep, PledgeWording, needs_board
from t4c_lib.plan.plan_diff import RowChange
from t4c_lib.store import plans
from t4c_lib.store.evidence_queries import organisations_now
from t4c_lib.store.rounds import results_of
from t4c_lib.store.schema import agreement_act, pledge_revision, pledge_step, progress_note, records_of, speakers


def signatories_of(connection: Connection, code: str) -> list[SignatoryProposal]:
    """Every list of signatories that somebody put a name to, oldest first."""
    query = select(speakers).where(speakers.c.organisation == code).order_by(speakers.c.revision)
    return [
        SignatoryProposal(AuthorisedSignatories.from_parameters(json.loads(row.content)), row.side, row.by, row.at)
        for row in connection.execute(query)
    ]


def lists_of(connection: Connection, code: str) -> SignatoryLists:
    """Who may speak and sign for each side, and the list that waits for the other side."""
    return SignatoryLists.of(signatories_of(connection, code))


def acts_of(connection: Connection, code: str) -> tuple[Act, ...]:
    """Everything that was said, in the order in which it was recorded."""
    return records_of(connection, agreement_act, Act, code)


def wordings_of(connection: Connection, code: str) -> tuple[WordingSave, ...]:
    """Every wording of the pledge that was saved, oldest first."""
    table = pledge_revision.c
    wording = (table.organisation, table.organisation_name, table.wording, table.revision)
    query = select(*wording, table.by, table.side, table.at, table.note).where(table.organisation == code)
    rows = connection.execute(query.order_by(table.revision))
    return tuple(WordingSave(PledgeWording(*row[:4]), *row[4:]) for row in rows)


def latest_wording(connection: Connection, code: str) -> PledgeWording | None:
    """The wording of now; None if none was saved."""
    saved = wordings_of(connection, code)
    return saved[-1].wording if saved else None


def past_of(connection: Connection, code: str) -> PartnershipHistory:
    """Everything on record; of an open round only that it is open."""
    latest = plans.latest(connection, code)
    rounds, open_rounds = results_of(connection, code)
    return PartnershipHistory(
        saves=_saves(connection, code),
        wordings=wordings_of(connection, code),
        acts=acts_of(connection, code),
        rounds=rounds,
        open_rounds=open_rounds,
        steps=records_of(connection, pledge_step, PledgeStep, code),
        signatories=signatories_of(connection, code),
        notes=records_of(connection, progress_note, ProgressNote, code),
        needs_board=needs_board(latest.plan if latest else None),
    )


def minutes_of(connection: Connection, code: str, first: dt.date, last: dt.date | None = None) -> Minutes:
    """What was decided on a day, or from one day to another, both included, and what stayed open then.

    Raises InputError: the last day is before the first.
    """
    last = last or first
    saved = [one for one in plans.history(connection, code) if one.at.date() <= last]
    plan = saved[-1].plan if saved else None
    known = organisations_now(connection, [code]).get(code)
    past, name = past_of(connection, code), known.title if known else ""
    return make_minutes(plan, past, first, last, organisation=code, organisation_name=name)


def record_of(connection: Connection, code: str, as_of: dt.date, plan: Plan | None = None) -> PartnershipRecord:
    """What the two sides have on record at the end of a day: agreement row by row, the pledge, notes.

    The rows are those of a plan that is given, else of the current one. What was recorded later is left out.
    """
    latest = plans.latest(connection, code) if plan is None else None
    return PartnershipRecord.of(latest.plan if latest else plan, past_of(connection, code), as_of)


def _saves(connection: Connection, code: str) -> tuple[PlanSave, ...]:
    def changes(before: plans.Revision | None, after: plans.Revision) -> tuple[RowChange, ...]:
        return changes_between(before.plan if before else None, after.plan)

    revisions = plans.history(connection, code)
    return tuple(
        PlanSave(one.revision, one.by, one.side, one.at, one.note, partial(changes, before, one))
        for before, one in zip((None, *revisions), revisions, strict=False)
    )
