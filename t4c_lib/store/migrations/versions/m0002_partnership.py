"""The partnership: who may speak, what the sides said, rounds, the pledge, and a log from which sessions learn.

A migration says what the tables were like in its day, so it repeats them and imports nothing from the schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of the partnership."""
    op.create_table(
        "change",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("what", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_table(
        "speakers",
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "revision", name="pk_speakers"),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_speakers_from_one")),
    )
    op.create_table(
        "agreement_act",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("decision", WORD, nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("covered", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agreement_act"),
    )
    op.create_index("ix_agreement_act_organisation", "agreement_act", ["organisation", "id"])
    op.create_table(
        "forum_round",
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measure", WORD, nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("secret", WORD, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "number", name="pk_forum_round"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_forum_round_from_one")),
    )
    op.create_table(
        "round_entry",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_round_entry"),
        sa.ForeignKeyConstraint(
            ["organisation", "number"],
            ["forum_round.organisation", "forum_round.number"],
            name="fk_round_entry_organisation",
        ),
    )
    op.create_index("ix_round_entry_organisation", "round_entry", ["organisation", "number", "id"])
    op.create_table(
        "round_act",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", WORD, nullable=False),
        sa.Column("kind", WORD),
        sa.Column("amount", sa.Double()),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_round_act"),
        sa.ForeignKeyConstraint(
            ["organisation", "number"],
            ["forum_round.organisation", "forum_round.number"],
            name="fk_round_act_organisation",
        ),
    )
    op.create_index("ix_round_act_organisation", "round_act", ["organisation", "number", "id"])
    op.create_table(
        "pledge_revision",
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "revision", name="pk_pledge_revision"),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_pledge_revision_from_one")),
    )
    op.create_table(
        "pledge_step",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("step", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("side", WORD),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sha256", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pledge_step"),
    )
    op.create_index("ix_pledge_step_organisation", "pledge_step", ["organisation", "id"])
