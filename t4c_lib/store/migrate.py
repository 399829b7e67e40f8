"""Brings a store to the tables that this code needs. Alembic is imported only when there is something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from t4c_lib.store.engine import StoreError, is_sqlite, one_at_a_time, reading, shown, turn_on_wal, writing
from t4c_lib.store.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = "t4c_lib.store:migrations"


def bring_up_to_date(engine: Engine) -> None:
    """Migrate the store if it is not current. Several processes may do this at once: one works, the others wait.

    Raises:
        StoreError: the store was made by a newer version of the workbook.
    """
    with reading(engine) as connection:
        if _version(connection) == HEAD:
            return
    if is_sqlite(engine):
        turn_on_wal(engine)
    with writing(engine) as connection:
        one_at_a_time(connection)
        if _version(connection) != HEAD:
            _migrate(connection)


def _version(connection: Connection) -> str | None:
    """The migration the store is at; None for one without tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _migrate(connection: Connection) -> None:
    version = _version(connection)
    if version is not None and not _is_known(connection, version):
        raise StoreError(
            f"The store ({shown(connection.engine.url)}) was made by a newer version of the workbook (its tables are "
            f"at '{version}', this version knows up to '{HEAD}'). Use that version, or another store."
        )
    migrate_to(connection, HEAD)


def migrate_to(connection: Connection, version: str) -> None:
    """Bring the tables to a migration, within the connection's transaction.

    Raises:
        StoreError: this version of the workbook doesn't know that migration.
    """
    from alembic import command

    if not _is_known(connection, version):
        raise StoreError(
            f"This was made by a newer version of the workbook (its tables are at '{version}', this version knows up "
            f"to '{HEAD}'). Use that version."
        )
    command.upgrade(alembic_config(connection), version)


def _is_known(connection: Connection, version: str) -> bool:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        return ScriptDirectory.from_config(alembic_config(connection)).get_revision(version) is not None
    except CommandError:
        return False


def alembic_config(connection: Connection) -> Config:
    """What Alembic needs to know to work on this connection, within its transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", MIGRATIONS)
    return config
