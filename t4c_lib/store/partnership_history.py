"""Reads back what the store keeps of a partnership: acts, speakers, wordings of the pledge and its steps."""

import datetime as dt
import json
from dataclasses import fields
from functools import partial

from sqlalchemy import Connection, select

from t4c_lib.plan import Plan, Side, changes_between
from t4c_lib.plan.partnership import (
    Act,
    AuthorisedSignatories,
    Decision,
    Minutes,
    PartnershipHistory,
    PartnershipRecord,
    PlanSave,
    PledgeStep,
    PledgeWording,
    SignatoryLists,
    SignatoryProposal,
    Step,
    WordingSave,
    make_minutes,
    needs_board,
)
from t4c_lib.plan.plan_diff import RowChange
from t4c_lib.store import plans
from t4c_lib.store.evidence_queries import organisations_now
from t4c_lib.store.progress_notes import notes_of
from t4c_lib.store.rounds import results_of
from t4c_lib.store.schema import agreement_act, pledge_revision, pledge_step, speakers

ACT_NAMES = tuple(field.name for field in fields(Act))
STEP_NAMES = tuple(field.name for field in fields(PledgeStep))


def signatories_of(connection: Connection, code: str) -> list[SignatoryProposal]:
    """Every list of signatories that somebody put a name to, oldest first."""
    query = select(speakers).where(speakers.c.organisation == code).order_by(speakers.c.revision)
    return [
        SignatoryProposal(
            AuthorisedSignatories.from_parameters(json.loads(row.content)), Side(row.side), row.by, row.at
        )
        for row in connection.execute(query)
    ]


def speakers_of(connection: Connection, code: str) -> AuthorisedSignatories:
    """The list of signatories that holds now."""
    return SignatoryLists.of(signatories_of(connection, code)).now


def acts_of(connection: Connection, code: str) -> tuple[Act, ...]:
    """Everything that was said, in the order in which it was recorded."""
    query = select(*(agreement_act.c[name] for name in ACT_NAMES)).where(agreement_act.c.organisation == code)
    rows = connection.execute(query.order_by(agreement_act.c.id)).mappings()
    return tuple(Act(**{**row, "decision": Decision(row["decision"]), "side": Side(row["side"])}) for row in rows)


def wordings_of(connection: Connection, code: str) -> tuple[WordingSave, ...]:
    """Every wording of the pledge that was saved, oldest first."""
    query = select(pledge_revision).where(pledge_revision.c.organisation == code).order_by(pledge_revision.c.revision)
    return tuple(
        WordingSave(
            PledgeWording(row.organisation, row.organisation_name, row.wording, row.revision),
            row.by,
            Side(row.side),
            row.at,
            row.note,
        )
        for row in connection.execute(query)
    )


def latest_wording(connection: Connection, code: str) -> PledgeWording | None:
    """The wording of now; None if none was saved."""
    saved = wordings_of(connection, code)
    return saved[-1].wording if saved else None


def steps_of(connection: Connection, code: str) -> tuple[PledgeStep, ...]:
    """What was done with the pledge, in the order in which it was recorded."""
    query = select(*(pledge_step.c[name] for name in STEP_NAMES)).where(pledge_step.c.organisation == code)
    rows = connection.execute(query.order_by(pledge_step.c.id)).mappings()
    return tuple(
        PledgeStep(
            **{
                **row,
                "step": Step(row["step"]),
                "side": Side(row["side"]) if row["side"] else None,
                "withdraws": Step(row["withdraws"]) if row["withdraws"] else None,
            }
        )
        for row in rows
    )


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
    saved = [one for one in plans.history(connection, code) if one.at.date() <= last]
    plan = saved[-1].plan if saved else None
    known = organisations_now(connection, [code]).get(code)
    name = known.title if known else ""
    return make_minutes(plan, past_of(connection, code), first, last, organisation=code, organisation_name=name)


def record_of(connection: Connection, code: str, as_of: dt.date, plan: Plan | None = None) -> PartnershipRecord:
    """What is on record at the end of a day of the rows of a plan, the current one if none is given."""
    latest = plans.latest(connection, code) if plan is None else None
    return PartnershipRecord.of(latest.plan if latest else plan, past_of(connection, code), as_of)


def _saves(connection: Connection, code: str) -> tuple[PlanSave, ...]:
    revisions = plans.history(connection, code)
    return tuple(
        PlanSave(one.revision, one.by, one.side, one.at, one.note, partial(_changes, before, one))
        for before, one in zip((None, *revisions), revisions, strict=False)
    )


def _changes(before: plans.Revision | None, after: plans.Revision) -> tuple[RowChange, ...]:
    return tuple(changes_between(before.plan if before else None, after.plan))
