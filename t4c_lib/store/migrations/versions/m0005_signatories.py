"""Signatories that both sides confirm, notes about a single row, and steps of a pledge that are withdrawn.

Settings of before were made for both sides, and notes of before are about a whole intention.
"""

import sqlalchemy as sa
from alembic import op

from t4c_lib.store.schema import Word

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add for whom a list of signatories was named, which row a note is about, and which step is withdrawn."""
    op.add_column("speakers", sa.Column("side", Word, nullable=False, server_default="both"))
    op.add_column("progress_note", sa.Column("row", Word, nullable=False, server_default=""))
    op.add_column("pledge_step", sa.Column("withdraws", Word))
