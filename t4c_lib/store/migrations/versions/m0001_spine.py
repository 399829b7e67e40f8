"""The spine: source files, organisations, observations, revisions of plans; m0001_spine.yaml has the four tables."""

from alembic import op

from t4c_lib.store.schema import read_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first four tables."""
    read_tables("migrations/versions/m0001_spine.yaml").create_all(op.get_bind(), checkfirst=False)
