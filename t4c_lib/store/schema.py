"""The tables of the store, and how a store is brought to them; Alembic is imported only where that takes something.

All are append-only: a correction is a newer row, and nothing is overwritten.
Whatever changes here needs a migration of its own in `migrations/versions` and a new HEAD; a test holds the two
together.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from t4c_lib.plan import Side
from t4c_lib.plan.partnership.decisions import Decision
from t4c_lib.plan.partnership.event_log import NoteKind
from t4c_lib.plan.partnership.pledge import Step
from t4c_lib.store.engine import StoreError, is_sqlite, one_at_a_time, reading, shown, turn_on_wal, writing

if TYPE_CHECKING:
    from alembic.config import Config

RecordT = TypeVar("RecordT")
HEAD = "0005"  # the migration that this code needs; known here so that a current store opens without Alembic

# Codes and periods are compared byte by byte, whatever the language the PostgreSQL server was set up in.
Word = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


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


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _filled(**kinds: Any) -> list[sa.Column[Any]]:
    """Columns that are never empty, by name and kind."""
    return [sa.Column(name, kind, nullable=False) for name, kind in kinds.items()]


def _numbered(name: str, number: str, *columns: SchemaItem) -> sa.Table:
    """A table whose rows are counted 1, 2, 3 ... within each organisation."""
    key = (
        sa.Column("organisation", Word, primary_key=True),
        sa.Column(number, sa.Integer, primary_key=True, autoincrement=False),
    )
    return sa.Table(name, metadata, *key, *columns, sa.CheckConstraint(f"{number} >= 1", name="from_one"))


def _listed(name: str, *columns: SchemaItem, index: tuple[str, ...] = ()) -> sa.Table:
    """A table whose rows are counted over all organisations, and found by their organisation."""
    key = (sa.Column("id", Identity, primary_key=True), *_filled(organisation=Word))
    return sa.Table(name, metadata, *key, *columns, sa.Index(f"ix_{name}_organisation", "organisation", *index, "id"))


def _of_a_round(name: str, *columns: SchemaItem) -> sa.Table:
    pointed_at = ["forum_round.organisation", "forum_round.number"]
    key = sa.ForeignKeyConstraint(["organisation", "number"], pointed_at, name=f"fk_{name}_organisation")
    return _listed(name, *_filled(number=sa.Integer), *columns, key, index=("number",))


source_file = sa.Table(
    "source_file",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *_filled(digest=Word, name=sa.Text, publication=Word, reader_version=sa.Integer, rows=sa.Integer),
    sa.Column("extract_date", sa.Date),
    *_filled(attribution=sa.Text, added_at=Moment),
    sa.Column("as_of", sa.Date),  # up to which the file knows; see Loaded.as_of
    # The same bytes read by a better reader are worth reading again.
    sa.UniqueConstraint("digest", "publication", "reader_version", name="uq_source_file_digest"),
)

organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *_filled(code=Word, name=sa.Text, type=sa.Text, region=Word, ics=Word),
    sa.Column("opened", sa.Date),
    sa.Column("closed", sa.Date),
    *_filled(demonstration=sa.Boolean, sector=sa.Text),
    sa.Column("source_id", sa.ForeignKey("source_file.id"), nullable=False),
    sa.Index("ix_organisation_code", "code", "id"),
)

observation = sa.Table(
    "observation",
    metadata,
    sa.Column("id", Identity, primary_key=True),
    *_filled(organisation=Word, series=Word, population=Word, breakdown=Word, period=Word),
    sa.Column("numerator", sa.Double),
    sa.Column("denominator", sa.Double),
    sa.Column("value", sa.Double),
    *_filled(state=Word, unit=sa.Text),
    sa.Column("source_id", sa.ForeignKey("source_file.id"), nullable=False),
    sa.Index("ix_observation_key", "organisation", "series", "population", "breakdown", "period", "id"),
    sa.Index("ix_observation_series", "series"),
)

plan_revision = _numbered(
    "plan_revision",
    "revision",
    *_filled(document=sa.Text, digest=Word, side=OneOf(Side), by=sa.Text, at=Moment, note=sa.Text),
)

# What happened in the order in which it was finished: from it a session learns of others' saves. No organisation is
# named where it concerns all.
change = sa.Table(
    "change",
    metadata,
    sa.Column("id", Identity, primary_key=True),
    *_filled(organisation=Word, what=Word, number=sa.Integer, by=sa.Text, at=Moment),
)

speakers = _numbered(
    "speakers",
    "revision",
    *_filled(content=sa.Text, by=sa.Text, at=Moment, note=sa.Text),  # content: JSON
    sa.Column("side", OneOf(Side), nullable=False, server_default="both"),
)

agreement_act = _listed(
    "agreement_act",
    *_filled(subject=Word, label=sa.Text, decision=OneOf(Decision), side=OneOf(Side), name=sa.Text, role=sa.Text),
    *_filled(at=Moment, digest=Word, covered=sa.Text, reason=sa.Text, revision=sa.Integer),  # covered: JSON
)

forum_round = _numbered(
    "forum_round",
    "number",
    *_filled(measure=Word, population=sa.Text, group=sa.Text, label=sa.Text, named=sa.Boolean),
    *_filled(baseline=sa.Text),  # JSON
    *_filled(secret=Word),  # makes the marks that stand for names; empty in a named round
    *_filled(by=sa.Text, at=Moment, note=sa.Text),
)

round_entry = _of_a_round(
    "round_entry",
    *_filled(partner=sa.Text),  # in an anonymous round a mark
    *_filled(side=OneOf(Side), kind=Word, amount=sa.Double),
    sa.Column("at", Moment),  # not kept in an anonymous round: who sat at the laptop when is easily known
)

round_act = _of_a_round(
    "round_act",
    *_filled(what=Word),  # closed or settled
    sa.Column("kind", Word),  # of the X that was settled
    sa.Column("amount", sa.Double),
    *_filled(by=sa.Text, at=Moment, note=sa.Text),
)

pledge_revision = _numbered(
    "pledge_revision",
    "revision",
    *_filled(organisation_name=sa.Text, wording=sa.Text, digest=Word, side=OneOf(Side), by=sa.Text, at=Moment),
    *_filled(note=sa.Text),
)

pledge_step = _listed(
    "pledge_step",
    *_filled(step=OneOf(Step), digest=Word, date=sa.Date, by=sa.Text, at=Moment, where=sa.Text),
    sa.Column("side", OneOf(Side)),
    *_filled(name=sa.Text, role=sa.Text, sha256=Word),
    sa.Column("withdraws", OneOf(Step)),
)

progress_note = _numbered(
    "progress_note",
    "number",
    *_filled(intention=sa.Integer, kind=OneOf(NoteKind), on=sa.Date, side=OneOf(Side), by=sa.Text, at=Moment),
    *_filled(text=sa.Text),
    sa.Column("row", Word, nullable=False, server_default=""),
)


def records_of(
    connection: sa.Connection, table: sa.Table, kind: type[RecordT], code: str, *only: sa.ColumnElement[bool]
) -> tuple[RecordT, ...]:
    """What a table keeps of an organisation, oldest first, as objects of a dataclass whose fields are columns of it."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    query = sa.select(*(table.c[name] for name in names)).where(table.c.organisation == code, *only)
    return tuple(kind(*row) for row in connection.execute(query.order_by(*table.primary_key.columns)))


def keep_record(connection: sa.Connection, table: sa.Table, record: Any, code: str) -> None:
    """Add an object of such a dataclass to what a table keeps of an organisation."""
    row = {field.name: getattr(record, field.name) for field in fields(record)}
    connection.execute(sa.insert(table).values({**row, "organisation": code}))


MIGRATIONS = "t4c_lib.store:migrations"


def bring_up_to_date(engine: sa.Engine) -> None:
    """Migrate the store if it is not current. Several processes may do this at once: one works, the others wait.

    Raises StoreError: the store was made by a newer version of the workbook.
    """
    with reading(engine) as connection:
        if _version(connection) == HEAD:
            return
    if is_sqlite(engine):
        turn_on_wal(engine)
    with writing(engine) as connection:
        one_at_a_time(connection)
        version = _version(connection)
        if version != HEAD:
            if version is not None:
                _check_known(connection, version, f"The store ({shown(engine.url)})", ", or another store")
            migrate_to(connection, HEAD)


def _version(connection: sa.Connection) -> str | None:
    """The migration the store is at; None for one without tables of ours."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return version


def migrate_to(connection: sa.Connection, version: str) -> None:
    """Bring the tables to a migration, within the connection's transaction.

    Raises StoreError: this version of the workbook doesn't know that migration.
    """
    from alembic import command

    _check_known(connection, version, "This")
    command.upgrade(alembic_config(connection), version)


def _check_known(connection: sa.Connection, version: str, what: str, otherwise: str = "") -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    with suppress(CommandError):
        if ScriptDirectory.from_config(alembic_config(connection)).get_revision(version) is not None:
            return
    raise StoreError(
        f"{what} was made by a newer version of the workbook (its tables are at '{version}', this version knows up "
        f"to '{HEAD}'). Use that version{otherwise}.",
        shown(connection.engine.url),
    )


def alembic_config(connection: sa.Connection) -> Config:
    """What Alembic needs to know to work on this connection, within its transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", MIGRATIONS)
    return config
