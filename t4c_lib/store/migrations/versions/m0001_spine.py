"""The spine: source files, organisations, observations, revisions of plans.

A migration says what the tables were like in its day, so it repeats them and imports nothing from the schema.
"""

import sqlalchemy as sa
from alembic import op

from t4c_lib.store.migrations.tables import MOMENT, NUMBER, TEXT, WORD, filled, make_listed, make_numbered

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first four tables."""
    make_listed(
        "source_file",
        *filled(digest=WORD, name=TEXT, publication=WORD, reader_version=NUMBER, rows=NUMBER),
        sa.Column("extract_date", sa.Date()),
        *filled(attribution=TEXT, added_at=MOMENT),
        sa.UniqueConstraint("digest", "publication", "reader_version", name="uq_source_file_digest"),
        kind=NUMBER,
    )
    make_listed(
        "organisation",
        *filled(code=WORD, name=TEXT, type=TEXT, region=WORD, ics=WORD),
        sa.Column("opened", sa.Date()),
        sa.Column("closed", sa.Date()),
        *filled(demonstration=sa.Boolean(), sector=TEXT, source_id=NUMBER),
        sa.ForeignKeyConstraint(["source_id"], ["source_file.id"], name="fk_organisation_source_id"),
        kind=NUMBER,
    )
    op.create_index("ix_organisation_code", "organisation", ["code", "id"])
    key = ("organisation", "series", "population", "breakdown", "period")
    make_listed(
        "observation",
        *filled(**dict.fromkeys(key, WORD)),
        *(sa.Column(name, sa.Double()) for name in ("numerator", "denominator", "value")),
        *filled(state=WORD, unit=TEXT, source_id=NUMBER),
        sa.ForeignKeyConstraint(["source_id"], ["source_file.id"], name="fk_observation_source_id"),
    )
    op.create_index("ix_observation_key", "observation", [*key, "id"])
    op.create_index("ix_observation_series", "observation", ["series"])
    columns = filled(document=TEXT, digest=WORD, side=WORD, by=TEXT, at=MOMENT, note=TEXT)
    make_numbered("plan_revision", "revision", *columns)
