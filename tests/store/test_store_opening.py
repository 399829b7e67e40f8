from __future__ import annotations

import os
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from t4c_lib.store import DATABASE_URL, Store, StoreError, default_database
from t4c_lib.store.engine import find_database, shown
from t4c_lib.store.schema import HEAD, alembic_config, metadata

from .store_making import figure, loaded, plan, target

SECRET = "hunter2"


@pytest.mark.law
def test_the_migrations_make_the_tables_that_the_code_declares(bare: str) -> None:
    Store.open(bare).close()
    engine = create_engine(bare)
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
        head = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
    engine.dispose()
    assert difference == []
    assert head == HEAD


@pytest.mark.law
def test_a_store_that_is_opened_to_read_refuses_every_write_and_loses_nothing(url: str) -> None:
    with Store.open(url) as writes, Store.open(url, read_only=True) as reads:
        saved = writes.save_plan(plan(target()), by="Ada", side="management", parent_revision=None)
        assert reads.latest_plan("X01") == saved
        with pytest.raises(StoreError, match="may only be read"):
            reads.save_plan(plan(target(amount=0.03)), by="Ada", side="management", parent_revision=saved.revision)
        with pytest.raises(StoreError, match="may only be read"):
            reads.add_evidence([loaded("one", figure("X01", "2026-03", 5))])
        assert reads.latest_plan("X01") == writes.latest_plan("X01") == saved


@pytest.mark.unit
def test_many_who_open_a_new_store_at_once_find_it_ready(bare: str) -> None:
    def see(_: int) -> int:
        with Store.open(bare) as store:
            return len(store.organisations())

    with ThreadPoolExecutor(6) as people:
        assert list(people.map(see, range(6))) == [0] * 6


@pytest.mark.unit
def test_a_current_store_opens_without_the_migration_library(tmp_path: Path) -> None:
    file = tmp_path / "t4c.sqlite"
    Store.open(file).close()
    code = (
        f"import sys; from t4c_lib.store import Store; Store.open('sqlite:///{file}'); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.unit
def test_the_version_changes_when_anybody_saves_anything_and_only_then(url: str) -> None:
    with Store.open(url) as one, Store.open(url) as other:
        marks = [one.version(), one.version()]
        assert marks[0] == marks[1]
        other.save_plan(plan(target()), by="A", side="staff")
        marks.append(one.version())
        other.add_evidence([loaded("a", figure("R1A", "2026-03", 1.0))])
        marks.append(one.version())
        one.save_plan(plan(), by="A", side="staff", parent_revision=1)
        marks.append(one.version())
        other.observations()
        assert one.version() == marks[-1]
    assert len(set(marks)) == 4


@pytest.mark.flow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_store_opened_before_a_fork_serves_parent_and_child(url: str) -> None:
    with Store.open(url) as store:
        mark, first = store.version(), store.save_plan(plan(target()), by="parent", side="staff")
        child = os.fork()
        if child == 0:
            try:
                store.version()
                store.save_plan(plan(), by="child", side="staff", parent_revision=first.revision)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert [one.by for one in store.plan_history("X01")] == ["parent", "child"]
        assert store.version() != mark


@pytest.mark.unit
def test_a_store_of_a_newer_version_is_left_alone(url: str) -> None:
    Store.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"made by a newer version of the workbook \(its tables are at '9999'"):
        Store.open(url)


@pytest.mark.unit
def test_sqlite_lets_readers_and_a_writer_work_at_once(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "t4c.sqlite"
    Store.open(file).close()
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()


@pytest.mark.unit
def test_without_a_word_the_store_lies_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_URL, raising=False)
    root = Path(__file__).resolve().parents[2]
    assert default_database() == root / "data" / "store" / "t4c.sqlite"
    assert find_database().database == str(default_database())


@pytest.mark.unit
def test_the_environment_names_the_store_and_an_argument_outranks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_URL, "postgresql://user@host/plans")
    assert find_database().render_as_string() == "postgresql+psycopg://user@host/plans"
    assert find_database("sqlite:////tmp/x.sqlite").database == "/tmp/x.sqlite"
    assert find_database(Path("/tmp/y.sqlite")).database == "/tmp/y.sqlite"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (f"mysql://user:{SECRET}@host/plans", "kind 'mysql', which can't be used"),
        (f"user:{SECRET}@host/plans", "can't be read as the address of a database"),
        (f"postgresql://user:{SECRET}@host:port/plans", "can't be read as the address of a database"),
        ("sqlite://", "names no file: a store in memory would be lost"),
        (f"postgresql://user:{SECRET}@127.0.0.1:1/plans", "PostgreSQL database 'plans' on 127.0.0.1"),
        (f"postgresql://127.0.0.1:1/plans?password={SECRET}", "PostgreSQL database 'plans' on 127.0.0.1"),
    ],
)
def test_a_wrong_database_url_is_explained_and_no_password_leaks(
    given: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_URL, given)
    with pytest.raises(StoreError) as caught:
        Store.open()
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.unit
def test_what_is_shown_of_a_database_holds_no_password() -> None:
    assert shown(find_database(f"postgresql://user:{SECRET}@host/plans")) == "PostgreSQL database 'plans' on host"


@pytest.mark.unit
def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "t4c.sqlite"
    file.write_text("This is a letter, and it is quite long enough not to pass for an empty database. " * 20)
    with pytest.raises(StoreError, match=r"t4c\.sqlite\) can't be used: the file is there, but it is no database"):
        Store.open(file)


@pytest.mark.unit
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"folder of the store .* can't be made"):
        Store.open(tmp_path / "file" / "t4c.sqlite")
