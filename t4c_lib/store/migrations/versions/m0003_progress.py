"""Progress: the log of notes and reflections.

A migration says what the tables were like in its day, so it repeats them and imports nothing from the schema.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of the log."""
    op.create_table(
        "progress_note",
        sa.Column("organisation", WORD, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("intention", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("side", WORD, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "number", name="pk_progress_note"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_progress_note_from_one")),
    )
