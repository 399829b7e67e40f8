"""The partnership: who may speak, what the sides said, rounds, the pledge, and a log; m0002_partnership.yaml."""

from alembic import op

from t4c_lib.store.schema import read_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of the partnership."""
    read_tables("migrations/versions/m0002_partnership.yaml").create_all(op.get_bind(), checkfirst=False)
