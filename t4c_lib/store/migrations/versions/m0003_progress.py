"""Progress: the log of notes and reflections.

A migration says what the tables were like in its day, so it repeats them and imports nothing from the schema.
"""

import sqlalchemy as sa

from t4c_lib.store.migrations.tables import MOMENT, NUMBER, TEXT, WORD, filled, make_numbered

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of the log."""
    columns = filled(intention=NUMBER, kind=WORD, on=sa.Date(), side=WORD, by=TEXT, at=MOMENT, text=TEXT)
    make_numbered("progress_note", "number", *columns)
