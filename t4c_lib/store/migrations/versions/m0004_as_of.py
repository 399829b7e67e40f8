"""Evidence: up to which day a file knows, so that names and closures don't hang on the order of loading.

For files that were added before, the day is found from what the store kept of them.
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and fill it."""
    with op.batch_alter_table("source_file") as batch:
        batch.add_column(sa.Column("as_of", sa.Date()))
    connection = op.get_bind()
    file = sa.table("source_file", sa.column("id"), sa.column("extract_date", sa.Date), sa.column("as_of", sa.Date))
    told = sa.table("organisation", sa.column("source_id"), sa.column("opened", sa.Date), sa.column("closed", sa.Date))
    figure = sa.table("observation", sa.column("source_id"), sa.column("period"))
    for number, made in connection.execute(sa.select(file.c.id, file.c.extract_date)).all():
        days = connection.execute(
            sa.select(sa.func.max(told.c.opened), sa.func.max(told.c.closed)).where(told.c.source_id == number)
        ).one()
        periods = connection.scalars(sa.select(figure.c.period).where(figure.c.source_id == number).distinct())
        known = [day for day in (made, *days, *map(_last_day, periods)) if day]
        if known:
            connection.execute(sa.update(file).where(file.c.id == number).values(as_of=max(known)))


def _last_day(period: str) -> dt.date | None:
    """Of the month, or the day, of a period such as 2026-03 or 2026-03-31; a year's is its 31 March."""
    year, _, rest = period.partition("-") if "/" not in period else (str(int(period[:4]) + 1), "", "03")
    try:
        month, _, day = rest.partition("-")
        first = dt.date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return first if day else (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
