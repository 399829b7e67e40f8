"""The spine: source files, organisations, observations, revisions of plans.

A migration says what the tables were like in its day, so it repeats them and imports nothing from the schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the first four tables."""
    op.create_table(
        "source_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publication", WORD, nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("extract_date", sa.Date()),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source_file"),
        sa.UniqueConstraint("digest", "publication", "reader_version", name="uq_source_file_digest"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", WORD, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("region", WORD, nullable=False),
        sa.Column("ics", WORD, nullable=False),
        sa.Column("opened", sa.Date()),
        sa.Column("closed", sa.Date()),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.ForeignKeyConstraint(["source_id"], ["source_file.id"], name="fk_organisation_source_id"),
    )
    op.create_index("ix_organisation_code", "organisation", ["code", "id"])
    op.create_table(
        "observation",
        sa.Column("id", IDENTITY, nullable=False),
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("series", WORD, nullable=False),
        sa.Column("population", WORD, nullable=False),
        sa.Column("breakdown", WORD, nullable=False),
        sa.Column("period", WORD, nullable=False),
        sa.Column("numerator", sa.Double()),
        sa.Column("denominator", sa.Double()),
        sa.Column("value", sa.Double()),
        sa.Column("state", WORD, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_observation"),
        sa.ForeignKeyConstraint(["source_id"], ["source_file.id"], name="fk_observation_source_id"),
    )
    op.create_index(
        "ix_observation_key", "observation", ["organisation", "series", "population", "breakdown", "period", "id"]
    )
    op.create_index("ix_observation_series", "observation", ["series"])
    op.create_table(
        "plan_revision",
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "revision", name="pk_plan_revision"),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_plan_revision_from_one")),
    )
