"""Reads back what the store keeps of a partnership: acts, speakers, wordings of the pledge and its steps."""

from __future__ import annotations

import json
from dataclasses import fields

from sqlalchemy import Connection, select

from t4c_lib.plan import Side
from t4c_lib.plan.partnership import (
    Act,
    AuthorisedSignatories,
    Decision,
    PledgeStep,
    PledgeWording,
    SignatoryLists,
    SignatoryProposal,
    Step,
    WordingSave,
)
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
