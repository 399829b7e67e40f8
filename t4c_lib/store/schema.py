"""The tables of the store. All are append-only: a correction is a newer row, and nothing is overwritten.

Whatever changes here needs a migration of its own in `migrations/versions` and a new HEAD; a test holds the two
together.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

HEAD = "0001"  # the migration that this code needs; known here so that a current store opens without Alembic

# Codes and periods are compared byte by byte, whatever the language the PostgreSQL server was set up in.
Word = Text().with_variant(Text(collation="C"), "postgresql")
Identity = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[dt.datetime]):
    """A moment with its time zone; kept in UTC, which is how it comes back."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """With a time zone where the database knows one."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To UTC; SQLite gets the bare time."""
        utc = value.astimezone(dt.UTC) if value is not None else None
        return utc.replace(tzinfo=None) if utc is not None and dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """As UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

source_file = Table(
    "source_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Word, nullable=False),
    Column("name", Text, nullable=False),
    Column("publication", Word, nullable=False),
    Column("reader_version", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("extract_date", Date),
    Column("attribution", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    # The same bytes read by a better reader are worth reading again.
    UniqueConstraint("digest", "publication", "reader_version", name="uq_source_file_digest"),
)

organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Word, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("region", Word, nullable=False),
    Column("ics", Word, nullable=False),
    Column("opened", Date),
    Column("closed", Date),
    Column("demonstration", Boolean, nullable=False),
    Column("sector", Text, nullable=False),
    Column("source_id", ForeignKey("source_file.id"), nullable=False),
    Index("ix_organisation_code", "code", "id"),
)

observation = Table(
    "observation",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("organisation", Word, nullable=False),
    Column("series", Word, nullable=False),
    Column("population", Word, nullable=False),
    Column("breakdown", Word, nullable=False),
    Column("period", Word, nullable=False),
    Column("numerator", Double),
    Column("denominator", Double),
    Column("value", Double),
    Column("state", Word, nullable=False),
    Column("unit", Text, nullable=False),
    Column("source_id", ForeignKey("source_file.id"), nullable=False),
    Index("ix_observation_key", "organisation", "series", "population", "breakdown", "period", "id"),
    Index("ix_observation_series", "series"),
)

plan_revision = Table(
    "plan_revision",
    metadata,
    Column("organisation", Word, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("digest", Word, nullable=False),
    Column("side", Word, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    CheckConstraint("revision >= 1", name="from_one"),
)
