"""Tables as YAML defines them: tables.yaml has those of now, the first migrations have what there was in their day.

Migrations of the past read by it too, so a kind of column, once it is used, stays what it is.
"""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, RootModel
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from t4c_lib.plan import Side
from t4c_lib.plan.partnership.decisions import Decision
from t4c_lib.plan.partnership.event_log import NoteKind
from t4c_lib.plan.partnership.pledge import Step
from t4c_lib.validation_messages import read_shipped

# Codes and periods are compared byte by byte, whatever the language the PostgreSQL server was set up in.
Word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class Moment(sa.TypeDecorator[dt.datetime]):
    """A moment with its time zone; kept in UTC, which is how it comes back."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """With a time zone where the database knows one."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """To UTC; SQLite gets the bare time."""
        utc = value.astimezone(dt.UTC) if value is not None else None
        return utc.replace(tzinfo=None) if utc is not None and dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        """As UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


class OneOf(sa.TypeDecorator[StrEnum]):
    """One member of an enumeration; kept as its text."""

    impl = Word
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    @property
    def python_type(self) -> type[Any]:
        return str

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """As its text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:  # noqa: ARG002
        """As the member it is."""
        return None if value is None else self.kind(value)


# What a column may hold, by the name that definitions have for it.
KINDS: dict[str, TypeEngine[Any]] = {
    "word": Word,  # a code, a key or a digest
    "text": sa.Text(),
    "number": sa.Integer(),
    "identity": sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    "amount": sa.Double(),
    "boolean": sa.Boolean(),
    "day": sa.Date(),
    "moment": Moment(),
    **{"side": OneOf(Side), "decision": OneOf(Decision), "step": OneOf(Step), "note-kind": OneOf(NoteKind)},
}


class _Table(BaseModel, frozen=True, extra="forbid"):
    columns: dict[str, str]  # the kind of each, in their order; one that may be empty ends in "?"
    numbered: str = ""  # the column that counts rows 1, 2, 3 ... within each organisation; without one the key is `id`
    defaults: dict[str, str] = {}  # what a column says of rows from before there was one
    unique: tuple[str, ...] = ()
    points_at: dict[str, tuple[str, ...]] = {}  # tables further up, and the columns that hold their keys
    indexes: dict[str, tuple[str, ...]] = {}

    def add_to(self, metadata: sa.MetaData, name: str) -> None:
        key = {"organisation", self.numbered} if self.numbered else {"id"}
        parts: list[SchemaItem] = [
            sa.Column(
                column,
                KINDS[kind.removesuffix("?")],
                primary_key=column in key,
                nullable=kind.endswith("?"),
                server_default=self.defaults.get(column),
            )
            for column, kind in self.columns.items()
        ]
        if self.numbered:
            parts.append(sa.CheckConstraint(f"{self.numbered} >= 1", name="from_one"))
        if self.unique:
            parts.append(sa.UniqueConstraint(*self.unique))
        for other, own in self.points_at.items():
            parts.append(sa.ForeignKeyConstraint(own, [*metadata.tables[other].primary_key]))
        parts += [sa.Index(f"ix_{name}_{index}", *columns) for index, columns in self.indexes.items()]
        sa.Table(name, metadata, *parts)


class _Tables(RootModel[dict[str, _Table]], frozen=True):
    """Tables by their names; one that points at another stands below it."""


def read_tables(file: str) -> sa.MetaData:
    """The tables that a file in the folder of this module defines."""
    patterns = {"pk": "pk_%(table_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}
    patterns |= {kind: f"{kind}_%(table_name)s_%(column_0_name)s" for kind in ("fk", "uq")}
    metadata = sa.MetaData(naming_convention=patterns)
    for name, table in read_shipped(_Tables, "t4c_lib.store", file).root.items():
        table.add_to(metadata, name)
    return metadata
