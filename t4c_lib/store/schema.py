"""The tables of the store, its log, and how a store is brought to them; Alembic is imported only where it must be.

tables.yaml defines them. Whatever changes there needs a migration of its own in `migrations/versions` and a new HEAD; a
test holds the two together. The first migrations have YAML of their own, with what there was in their day, and are read
here too: a kind of column, once it is used, stays what it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, RootModel
from sqlalchemy.types import TypeEngine

from t4c_lib.plan import Side
from t4c_lib.plan.partnership.decisions import Decision
from t4c_lib.plan.partnership.event_log import NoteKind
from t4c_lib.plan.partnership.pledge import Step
from t4c_lib.store import engine as database
from t4c_lib.store.engine import StoreError, is_sqlite, reading, shown, writing
from t4c_lib.validation_messages import read_shipped

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.schema import SchemaItem

RecordT = TypeVar("RecordT")
HEAD = "0007"  # the migration that this code needs; known here so that a current store opens without Alembic
MIGRATIONS = "t4c_lib.store:migrations"

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

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:  # noqa: ARG002
        return value.astimezone(dt.UTC) if value is not None else None

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Of SQLite's text in one step: a register has thousands."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda kept: dt.datetime.fromisoformat(f"{kept}+00:00") if kept is not None else None


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
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:  # noqa: ARG002
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
        parts: list[SchemaItem] = []
        for column, kind in self.columns.items():
            how: dict[str, Any] = {"primary_key": column in key, "nullable": kind.endswith("?")}
            default = self.defaults.get(column)
            parts.append(sa.Column(column, KINDS[kind.removesuffix("?")], server_default=default, **how))
        if self.numbered:
            parts.append(sa.CheckConstraint(f"{self.numbered} >= 1", name="from_one"))
        if self.unique:
            parts.append(sa.UniqueConstraint(*self.unique))
        for other, own in self.points_at.items():
            parts.append(sa.ForeignKeyConstraint(own, [*metadata.tables[other].primary_key]))
        parts += [sa.Index(f"ix_{name}_{index}", *columns) for index, columns in self.indexes.items()]
        sa.Table(name, metadata, *parts)


def read_tables(file: str) -> sa.MetaData:
    """The tables that a file in the folder of this module defines; one that points at another stands below it."""
    patterns = {"pk": "pk_%(table_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}
    patterns |= {kind: f"{kind}_%(table_name)s_%(column_0_name)s" for kind in ("fk", "uq")}
    metadata = sa.MetaData(naming_convention=patterns)
    for name, table in read_shipped(RootModel[dict[str, _Table]], "t4c_lib.store", file).root.items():
        table.add_to(metadata, name)
    return metadata


def makes_tables(file: str) -> Callable[[], None]:
    """The `upgrade` of a migration that makes the tables which its file defines, in the transaction of Alembic's."""
    from alembic import op

    return lambda: read_tables(file).create_all(op.get_bind(), checkfirst=False)


metadata = read_tables("tables.yaml")
source_file = metadata.tables["source_file"]
organisation = metadata.tables["organisation"]
observation = metadata.tables["observation"]
plan_revision = metadata.tables["plan_revision"]
change = metadata.tables["change"]
speakers = metadata.tables["speakers"]
agreement_act = metadata.tables["agreement_act"]
forum_round = metadata.tables["forum_round"]
round_entry = metadata.tables["round_entry"]
round_act = metadata.tables["round_act"]
pledge_revision = metadata.tables["pledge_revision"]
pledge_step = metadata.tables["pledge_step"]
progress_note = metadata.tables["progress_note"]
programme_entry = metadata.tables["programme_entry"]
people = metadata.tables["people"]
audit_entry = metadata.tables["audit_entry"]
OF_THE_STORE = (people, audit_entry)  # which no single organisation's backup has, and which no removal touches


def owner(table: sa.Table) -> sa.Column[str]:
    """The column that says whose a row is."""
    return table.c.code if table is organisation else table.c.organisation


def records_of(
    connection: sa.Connection, table: sa.Table, kind: type[RecordT], code: str, *only: sa.ColumnElement[bool]
) -> tuple[RecordT, ...]:
    """What a table keeps of an organisation, oldest first, as records whose fields are columns of it."""
    query = sa.select(*(table.c[name] for name in kind.__annotations__)).where(table.c.organisation == code, *only)
    return tuple(kind(*row) for row in connection.execute(query.order_by(*table.primary_key.columns)))


def keep_record(connection: sa.Connection, table: sa.Table, record: Any, code: str, **more: object) -> None:
    """Add such a record to what a table keeps of an organisation, `more` in columns that it lacks."""
    row = {name: getattr(record, name) for name in type(record).__annotations__}
    connection.execute(sa.insert(table).values({**row, **more, "organisation": code}))


# The log of what was saved, from which every session learns of the others' work. Its numbers are given out in the order
# in which saves are finished, so that whoever has seen number 17 has seen all before it.
CHANGE_COLUMNS = ("id", "organisation", "what", "number", "by", "at")


class StoreChange(NamedTuple):
    """That something was saved."""

    mark: int  #: its number in the log
    organisation: str  #: code; empty for evidence, which may be about any number of them
    what: str  #: evidence, plan, speakers, agreement, round, pledge, note, programme, people or restore
    number: int  #: of the revision, round or note; 0 where there is none
    by: str  #: the name of the person; empty where nobody is to be named
    at: dt.datetime  #: when, in UTC


def newest_mark(connection: sa.Connection, organisation: str = "") -> int:
    """The number of the last change that was saved; 0 in a new store. To be given to `Store.changes_since`.

    With the code of an organisation that of the last change which can be about it; evidence can be about any. A first
    plan is about all: with it an organisation moves up in the list that every page has.
    """
    query = sa.select(sa.func.coalesce(sa.func.max(change.c.id), 0))
    if organisation:
        is_first_plan = (change.c.what == "plan") & (change.c.number == 1)
        own = sa.func.lower(change.c.organisation) == organisation.lower()
        query = query.where(own | (change.c.organisation == "") | is_first_plan)
    return int(connection.execute(query).scalar_one())


def changes_after(connection: sa.Connection, mark: int) -> tuple[StoreChange, ...]:
    """What anybody saved after that mark, oldest first. The mark of the last one is the next to ask with."""
    query = sa.select(*(change.c[name] for name in CHANGE_COLUMNS)).where(change.c.id > mark).order_by(change.c.id)
    return tuple(StoreChange(*row) for row in connection.execute(query))


def last_number(connection: sa.Connection, column: sa.Column[int], code: str) -> int:
    """The last of the numbers that an organisation's rows have in a column; 0 before the first."""
    newest = sa.select(sa.func.coalesce(sa.func.max(column), 0)).where(column.table.c.organisation == code)
    return int(connection.execute(newest).scalar_one())


def bring_up_to_date(engine: sa.Engine) -> None:
    """Migrate the store, if need be, by one process while others wait. Raises StoreError: a newer version made it."""
    with reading(engine) as connection:
        if _version(connection) == HEAD:
            return
    if is_sqlite(engine):
        database.turn_on_wal(engine)
    with writing(engine) as connection:
        database.one_at_a_time(connection)
        if (version := _version(connection)) != HEAD:
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
    """Bring the tables to a migration in the connection's transaction. Raises StoreError: one not known here."""
    from alembic import command

    _check_known(connection, version, "This")
    command.upgrade(alembic_config(connection), version)


def _check_known(connection: sa.Connection, version: str, what: str, otherwise: str = "") -> None:
    if version not in (f"{number:04}" for number in range(1, int(HEAD) + 1)):
        at = f"its tables are at '{version}', this version knows up to '{HEAD}'"
        words = f"{what} was made by a newer version of the workbook ({at}). Use that version{otherwise}."
        raise StoreError(words, shown(connection.engine.url))


def alembic_config(connection: sa.Connection) -> Config:
    """What Alembic needs to know to work on this connection, within its transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", MIGRATIONS)
    return config
