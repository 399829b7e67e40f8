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
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

HEAD = "0005"  # the migration that this code needs; known here so that a current store opens without Alembic

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
    Column("as_of", Date),  # up to which the file knows; see Loaded.as_of
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

# What happened in the order in which it was finished: from it a session learns of others' saves.
change = Table(
    "change",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("organisation", Word, nullable=False),  # empty where it concerns all
    Column("what", Word, nullable=False),
    Column("number", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

speakers = Table(
    "speakers",
    metadata,
    Column("organisation", Word, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),  # JSON
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Column("side", Word, nullable=False, server_default="both"),
    CheckConstraint("revision >= 1", name="from_one"),
)

agreement_act = Table(
    "agreement_act",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("organisation", Word, nullable=False),
    Column("subject", Word, nullable=False),
    Column("label", Text, nullable=False),
    Column("decision", Word, nullable=False),
    Column("side", Word, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("digest", Word, nullable=False),
    Column("covered", Text, nullable=False),  # JSON
    Column("reason", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("ix_agreement_act_organisation", "organisation", "id"),
)

forum_round = Table(
    "forum_round",
    metadata,
    Column("organisation", Word, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("measure", Word, nullable=False),
    Column("population", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("baseline", Text, nullable=False),  # JSON
    Column("secret", Word, nullable=False),  # makes the marks that stand for names; empty in a named round
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    CheckConstraint("number >= 1", name="from_one"),
)

round_entry = Table(
    "round_entry",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("organisation", Word, nullable=False),
    Column("number", Integer, nullable=False),
    Column("partner", Text, nullable=False),  # in an anonymous round a mark
    Column("side", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("amount", Double, nullable=False),
    Column("at", Moment),  # not kept in an anonymous round: who sat at the laptop when is easily known
    ForeignKeyConstraint(
        ["organisation", "number"],
        ["forum_round.organisation", "forum_round.number"],
        name="fk_round_entry_organisation",
    ),
    Index("ix_round_entry_organisation", "organisation", "number", "id"),
)

round_act = Table(
    "round_act",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("organisation", Word, nullable=False),
    Column("number", Integer, nullable=False),
    Column("what", Word, nullable=False),  # closed or settled
    Column("kind", Word),  # of the X that was settled
    Column("amount", Double),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(
        ["organisation", "number"],
        ["forum_round.organisation", "forum_round.number"],
        name="fk_round_act_organisation",
    ),
    Index("ix_round_act_organisation", "organisation", "number", "id"),
)

pledge_revision = Table(
    "pledge_revision",
    metadata,
    Column("organisation", Word, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("organisation_name", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("digest", Word, nullable=False),
    Column("side", Word, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    CheckConstraint("revision >= 1", name="from_one"),
)

pledge_step = Table(
    "pledge_step",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("organisation", Word, nullable=False),
    Column("step", Word, nullable=False),
    Column("digest", Word, nullable=False),
    Column("date", Date, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("where", Text, nullable=False),
    Column("side", Word),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("sha256", Word, nullable=False),
    Column("withdraws", Word),
    Index("ix_pledge_step_organisation", "organisation", "id"),
)

progress_note = Table(
    "progress_note",
    metadata,
    Column("organisation", Word, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("intention", Integer, nullable=False),
    Column("kind", Word, nullable=False),
    Column("on", Date, nullable=False),
    Column("side", Word, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("row", Word, nullable=False, server_default=""),
    CheckConstraint("number >= 1", name="from_one"),
)
