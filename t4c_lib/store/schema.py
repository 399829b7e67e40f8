"""The tables of the store, and how a store is brought to them; Alembic is imported only where that takes something.

tables.yaml defines them. Whatever changes there needs a migration of its own in `migrations/versions` and a new HEAD; a
test holds the two together.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from t4c_lib.store.engine import StoreError, is_sqlite, one_at_a_time, reading, shown, turn_on_wal, writing
from t4c_lib.store.table_definitions import read_tables

if TYPE_CHECKING:
    from alembic.config import Config

RecordT = TypeVar("RecordT")
HEAD = "0005"  # the migration that this code needs; known here so that a current store opens without Alembic

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
