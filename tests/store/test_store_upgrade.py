"""A store that is two versions old is brought up to date when it is opened, and reads the same as before.

Whatever the newest migrations are: the test takes the tables as they were two migrations ago, and asks that what could
stand in them then is what is read now.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from t4c_lib.store import Store
from t4c_lib.store.engine import find_database, make_engine, turn_on_wal, writing
from t4c_lib.store.schema import HEAD, alembic_config, metadata, migrate_to

from .test_store_backup import everything, fill

BACK = 2
Columns = dict[str, set[str]]  # by table


def version_before(connection: sa.Connection, steps: int) -> str:
    """The migration so many steps before the newest."""
    scripts, version = ScriptDirectory.from_config(alembic_config(connection)), HEAD
    for _ in range(steps):
        version = str(scripts.get_revision(version).down_revision)
    return version


def older_store(bare: str, full: sa.Engine) -> Columns:
    """Make a store as it was `BACK` versions ago, with all of a full one that it can hold; the columns that it has."""
    engine = make_engine(find_database(bare))
    if engine.dialect.name == "sqlite":
        turn_on_wal(engine)
    with writing(engine) as connection, full.connect() as new:
        migrate_to(connection, version_before(connection, BACK))
        found = sa.inspect(connection)
        had = {name: {one["name"] for one in found.get_columns(name)} for name in found.get_table_names()}
        for table in metadata.sorted_tables:
            kept = [one for one in table.columns if one.name in had.get(table.name, ())]
            if kept and (rows := new.execute(sa.select(*kept)).mappings().all()):
                into = sa.table(table.name, *(sa.column(one.name, one.type) for one in kept))
                connection.execute(sa.insert(into), [dict(row) for row in rows])
    engine.dispose()
    return had


def forget(full: sa.Engine, had: Columns) -> None:
    """Take out of a full store what an older one could not hold: newer tables, and what newer columns say."""
    with full.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            newer = [one for one in table.columns if one.name not in had.get(table.name, ())]
            if table.name not in had:
                connection.execute(sa.delete(table))
            elif newer:
                silent = {one.name: one.server_default.arg if one.server_default else None for one in newer}
                connection.execute(sa.update(table).values(silent))


@pytest.mark.flow
def test_a_store_two_versions_old_reads_the_same_once_it_is_brought_up_to_date(bare: str, tmp_path: Path) -> None:
    file = tmp_path / "full.sqlite"
    with Store.open(file) as store:
        fill(store)
    full = sa.create_engine(f"sqlite:///{file}")
    had = older_store(bare, full)
    assert {"plan_revision", "observation", "agreement_act", "progress_note", "pledge_step"} <= had.keys()
    forget(full, had)
    full.dispose()
    with Store.open(file) as expected, Store.open(bare) as upgraded:
        assert upgraded.latest_plan("X01") is not None
        assert everything(upgraded) == everything(expected)
        assert upgraded.changes_since(0) == expected.changes_since(0)
        pd.testing.assert_frame_equal(upgraded.observations(), expected.observations())
