"""Everything that the store has on record of one partnership, for its story and the minutes of its meetings."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from t4c_lib.plan import Plan, changes_between
from t4c_lib.plan.partnership import Minutes, PartnershipHistory, PartnershipRecord, PlanSave, make_minutes, needs_board
from t4c_lib.store import plans
from t4c_lib.store.looking import organisations_now
from t4c_lib.store.partnership_rows import acts_of, signatories_of, steps_of, wordings_of
from t4c_lib.store.progress_notes import notes_of
from t4c_lib.store.round_rows import results_of


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
        steps=steps_of(connection, code),
        signatories=signatories_of(connection, code),
        notes=notes_of(connection, code),
        needs_board=needs_board(latest.plan if latest else None),
    )


def minutes_of(connection: Connection, code: str, first: dt.date, last: dt.date) -> Minutes:
    """The minutes of the days from first to last, both included, as they read at the end of the last day."""
    plan: Plan | None = None
    for saved in plans.history(connection, code):
        if saved.at.date() <= last:
            plan = saved.plan
    known = organisations_now(connection, [code]).get(code)
    name = known.title if known else ""
    return make_minutes(plan, past_of(connection, code), first, last, organisation=code, organisation_name=name)


def record_of(connection: Connection, code: str, as_of: dt.date, plan: Plan | None = None) -> PartnershipRecord:
    """What is on record at the end of a day of the rows of a plan, the current one if none is given."""
    latest = plans.latest(connection, code) if plan is None else None
    return PartnershipRecord.of(latest.plan if latest else plan, past_of(connection, code), as_of)


def _saves(connection: Connection, code: str) -> tuple[PlanSave, ...]:
    saves = []
    before: Plan | None = None
    for one in plans.history(connection, code):
        changes = changes_between(before, one.plan)
        saves.append(PlanSave(one.revision, one.by, one.side, one.at, one.note, changes))
        before = one.plan
    return tuple(saves)
