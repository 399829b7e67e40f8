"""How migrations write tables down. The migrations that use it are of the past, so what stands here stays as it is."""

from typing import Any

import sqlalchemy as sa
from alembic import op

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TEXT, NUMBER = sa.Text(), sa.Integer()


def filled(**kinds: Any) -> list[sa.Column[Any]]:
    """Columns that are never empty, by name and kind."""
    return [sa.Column(name, kind, nullable=False) for name, kind in kinds.items()]


def make_numbered(name: str, number: str, *columns: sa.Column[Any]) -> None:
    """A table whose rows are counted 1, 2, 3 ... within each organisation."""
    op.create_table(
        name,
        *filled(organisation=WORD),
        sa.Column(number, NUMBER, autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("organisation", number, name=f"pk_{name}"),
        sa.CheckConstraint(f"{number} >= 1", name=op.f(f"ck_{name}_from_one")),
    )


def make_listed(name: str, *columns: Any, kind: Any = IDENTITY) -> None:
    """A table whose rows are counted over all organisations."""
    op.create_table(name, *filled(id=kind), *columns, sa.PrimaryKeyConstraint("id", name=f"pk_{name}"))
