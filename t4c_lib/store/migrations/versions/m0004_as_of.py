"""Evidence: up to which day a file knows, for files added before as far as the store kept what they told."""

import sqlalchemy as sa
from alembic import op

from t4c_lib.periods import parse_period

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column and fill it."""
    op.add_column("source_file", sa.Column("as_of", sa.Date()))
    connection = op.get_bind()
    dates = [sa.column(name, sa.Date) for name in ("extract_date", "as_of", "opened", "closed")]
    file = sa.table("source_file", sa.column("id"), *dates[:2])
    told = sa.table("organisation", sa.column("source_id"), *dates[2:])
    figure = sa.table("observation", sa.column("source_id"), sa.column("period"))
    for number, made in connection.execute(sa.select(file.c.id, file.c.extract_date)).all():
        newest = sa.select(sa.func.max(told.c.opened), sa.func.max(told.c.closed)).where(told.c.source_id == number)
        periods = connection.scalars(sa.select(figure.c.period).where(figure.c.source_id == number).distinct())
        last_days = [parse_period(period).last_day for period in periods]
        if days := [day for day in (made, *connection.execute(newest).one(), *last_days) if day]:
            connection.execute(sa.update(file).where(file.c.id == number).values(as_of=max(days)))
