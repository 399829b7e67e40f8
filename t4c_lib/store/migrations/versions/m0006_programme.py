"""The work experience programme: its records; m0006_programme.yaml has their table."""

from alembic import op

from t4c_lib.store.schema import read_tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table of records."""
    read_tables("migrations/versions/m0006_programme.yaml").create_all(op.get_bind(), checkfirst=False)
