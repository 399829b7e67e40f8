"""Progress: the log of notes and reflections; m0003_progress.yaml has its table."""

from alembic import op

from t4c_lib.store.schema import read_tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of the log."""
    read_tables("migrations/versions/m0003_progress.yaml").create_all(op.get_bind(), checkfirst=False)
