"""Brings a store to the tables that this code needs. Alembic is imported only when there is something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from t4c_lib.store.engine import StoreError, is_sqlite, one_at_a_time, reading, turn_on_wal, writing
from t4c_lib.store.location import shown
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
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = alembic_config(connection)
    version = _version(connection)
    try:
        if version is not None:
            ScriptDirectory.from_config(config).get_revision(version)
    except CommandError:
        raise StoreError(
            f"The store ({shown(connection.engine.url)}) was made by a newer version of the workbook (its tables are "
            f"at '{version}', this version knows up to '{HEAD}'). Use that version, or another store."
        ) from None
    command.upgrade(config, HEAD)


def alembic_config(connection: Connection) -> Config:
    """What Alembic needs to know to work on this connection, within its transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", MIGRATIONS)
    return config
