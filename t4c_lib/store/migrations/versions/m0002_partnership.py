"""The partnership: who may speak, what the sides said, rounds, the pledge, and a log from which sessions learn.

A migration says what the tables were like in its day, so it repeats them and imports nothing from the schema.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from t4c_lib.store.migrations.tables import MOMENT, NUMBER, TEXT, WORD, filled, make_listed, make_numbered

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of the partnership."""
    make_listed("change", *filled(organisation=WORD, what=WORD, number=NUMBER, by=TEXT, at=MOMENT))
    make_numbered("speakers", "revision", *filled(content=TEXT, by=TEXT, at=MOMENT, note=TEXT))
    make_listed(
        "agreement_act",
        *filled(organisation=WORD, subject=WORD, label=TEXT, decision=WORD, side=WORD, name=TEXT, role=TEXT),
        *filled(at=MOMENT, digest=WORD, covered=TEXT, reason=TEXT, revision=NUMBER),
    )
    op.create_index("ix_agreement_act_organisation", "agreement_act", ["organisation", "id"])
    make_numbered(
        "forum_round",
        "number",
        *filled(measure=WORD, population=TEXT, group=TEXT, label=TEXT, named=sa.Boolean(), baseline=TEXT, secret=WORD),
        *filled(by=TEXT, at=MOMENT, note=TEXT),
    )
    _make_of_a_round(
        "round_entry", *filled(partner=TEXT, side=WORD, kind=WORD, amount=sa.Double()), sa.Column("at", MOMENT)
    )
    _make_of_a_round(
        "round_act",
        *filled(what=WORD),
        sa.Column("kind", WORD),
        sa.Column("amount", sa.Double()),
        *filled(by=TEXT, at=MOMENT, note=TEXT),
    )
    make_numbered(
        "pledge_revision",
        "revision",
        *filled(organisation_name=TEXT, wording=TEXT, digest=WORD, side=WORD, by=TEXT, at=MOMENT, note=TEXT),
    )
    make_listed(
        "pledge_step",
        *filled(organisation=WORD, step=WORD, digest=WORD, date=sa.Date(), by=TEXT, at=MOMENT, where=TEXT),
        sa.Column("side", WORD),
        *filled(name=TEXT, role=TEXT, sha256=WORD),
    )
    op.create_index("ix_pledge_step_organisation", "pledge_step", ["organisation", "id"])


def _make_of_a_round(name: str, *columns: sa.Column[Any]) -> None:
    key, pointed_at = ["organisation", "number"], ["forum_round.organisation", "forum_round.number"]
    points_at = sa.ForeignKeyConstraint(key, pointed_at, name=f"fk_{name}_organisation")
    make_listed(name, *filled(organisation=WORD, number=NUMBER), *columns, points_at)
    op.create_index(f"ix_{name}_organisation", name, [*key, "id"])
