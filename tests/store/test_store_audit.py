"""The record of what was done: whatever is altered, taken out, cut off or reckoned anew is found."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.periods import Day
from t4c_lib.store import Store
from t4c_lib.store.audit import AuditEntry, anchors_in, append
from t4c_lib.store.engine import make_engine, writing
from t4c_lib.store.schema import audit_entry, metadata

from .store_making import Databases
from .test_store_backup import fill
from .writers import CODE


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store)
    store.audit.record("opened", CODE, "forum")
    store.audit.record("exported", CODE, "plan.docx")
    return store


def faults(store: Store, *anchors: str) -> tuple[str, ...]:
    return store.audit.verify(anchors).faults


@pytest.mark.law
def test_every_save_and_what_is_recorded_besides_hang_on_one_chain(filled: Store) -> None:
    found = filled.audit.verify()
    assert found.faults == ()
    assert found.entries == len(filled.changes_since(0)) + 2
    newest = filled.audit.newest()
    assert newest is not None
    assert (newest.action, newest.organisation, newest.detail) == ("exported", CODE, "plan.docx")
    assert [one.action for one in filled.audit.entries(action="opened")] == ["opened"]
    assert {one.organisation for one in filled.audit.entries(organisation=CODE)} == {CODE}


@pytest.fixture(scope="module")
def whole(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled SQLite store of which copies are tampered with."""
    file = tmp_path_factory.mktemp("audit") / "store.sqlite"
    file.write_bytes(empty_store.read_bytes())
    with Store.open(file) as store:
        fill(store)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


TEXTS = ("login", "by", "action", "organisation", "detail", "rows", "content", "digest")


@pytest.mark.law
@settings(max_examples=60)
@given(data=st.data())
def test_a_byte_of_any_entry_that_is_another_one_is_found(whole: Path, data: st.DataObject) -> None:
    with closing(sqlite3.connect(whole)) as raw:
        (count,) = raw.execute("SELECT count(*) FROM audit_entry").fetchone()
        number = data.draw(st.integers(1, count))
        column = data.draw(st.sampled_from(TEXTS))
        (text,) = raw.execute(f"SELECT {column} FROM audit_entry WHERE id = ?", (number,)).fetchone()
        place = data.draw(st.integers(0, len(text)))
        other = text[:place] + data.draw(st.sampled_from("aZ0 \x7f")) + text[place + data.draw(st.integers(0, 1)) :]
    file = whole.with_name("tampered.sqlite")
    file.write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(f"UPDATE audit_entry SET {column} = ? WHERE id = ?", (other, number))
    with Store.open(file) as store:
        assert bool(faults(store)) == (other != text), (column, number)
        most = data.draw(st.integers(1, count))
        # Of the one before those that are read only the digest counts.
        is_read = number > count - most or (number == count - most and column == "digest")
        assert bool(store.audit.verify(most=most).faults) == (other != text and is_read), (column, number, most)


def execute(url: str, statement: str) -> None:
    """Change the database past the workbook."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


TAMPERING: dict[str, tuple[str, str]] = {
    "a plan's text": ("UPDATE plan_revision SET document = document || ' '", "saved .plan of X01. was altered since"),
    "who saved it": ("UPDATE plan_revision SET by = 'Somebody'", "was altered since"),
    "who agreed": ("UPDATE agreement_act SET name = 'Somebody' WHERE side = 'management'", "was altered since"),
    "a note taken out": ("DELETE FROM progress_note", "is not there any more"),
    "the wording": ("UPDATE pledge_revision SET wording = wording || '.'", "was altered since"),
    "an entry in the middle": ("DELETE FROM audit_entry WHERE id = 4", "Entry 4 is missing"),
    "when it was": ("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 5", "Entry 5 was altered"),
    "which revision": ("UPDATE audit_entry SET number = number + 1 WHERE id = 5", "Entry 5 was altered"),
}


@pytest.mark.flow
@pytest.mark.parametrize("what", TAMPERING)
def test_what_is_altered_is_found_and_said(filled: Store, url: str, what: str) -> None:
    statement, words = TAMPERING[what]
    execute(url, statement)
    said = faults(filled)
    assert any(re.search(words, one) for one in said), said


ADDED: dict[str, tuple[str, str]] = {
    "people": (
        """INSERT INTO people (document, "by", at) VALUES ('people: []', 'Somebody', '2026-01-01 00:00:00')""",
        "The table 'people' holds 1 row that no entry names",
    ),
    "plan_revision": (
        "INSERT INTO plan_revision SELECT {columns} FROM plan_revision ORDER BY revision LIMIT 1",
        "The table 'plan_revision' holds 1 row that no entry names",
    ),
    "agreement_act": (
        "INSERT INTO agreement_act SELECT {columns} FROM agreement_act ORDER BY id LIMIT 1",
        "The table 'agreement_act' holds 1 row that no entry names",
    ),
    "all entries gone": ("DELETE FROM audit_entry", "Nothing is recorded, though the store holds what was saved"),
}


@pytest.mark.flow
@pytest.mark.parametrize("what", ADDED)
def test_what_was_put_in_past_the_workbook_is_found(filled: Store, url: str, what: str) -> None:
    statement, words = ADDED[what]
    names = [one.name for one in metadata.tables[what].columns] if what in metadata.tables else []
    columns = ", ".join(f'"{one}"{" + 1000" if one in {"id", "revision"} else ""}' for one in names)
    execute(url, statement.replace("{columns}", columns))
    said = faults(filled)
    assert any(one.startswith(words) for one in said), said


@pytest.mark.unit
def test_an_entry_that_was_written_down_is_found_in_todays_words_and_in_those_of_before(
    filled: Store, tmp_path: Path
) -> None:
    newest = filled.audit.newest()
    assert newest is not None
    assert newest.written_down == f"Record of changes: entry {newest.id:,}, check mark {newest.digest[:16]}"
    kept = tmp_path / "minutes.txt"
    for words in (newest.written_down, f"Audit entry {newest.anchor}"):
        kept.write_text(f"Also recorded\n  - {words}\n", encoding="utf-8")
        assert anchors_in(kept) == [f"{newest.id:,} {newest.digest[:16]}"]


def cut_off(connection: sa.Connection, entries: list[AuditEntry]) -> None:
    connection.execute(sa.delete(audit_entry).where(audit_entry.c.id == entries[-1].id))


def reckon_anew(connection: sa.Connection, entries: list[AuditEntry]) -> None:
    """A whole new chain in which somebody else did the third thing, made with our own program."""
    connection.execute(sa.delete(audit_entry))
    for one in entries:
        said = {name: getattr(one, name) for name in ("login", "organisation", "number", "detail")}
        keys = json.loads(one.rows)
        append(connection, one.action, keys, by="Somebody" if one.id == 3 else one.by, **said)


@pytest.mark.law
@pytest.mark.parametrize(("attack", "words"), [(cut_off, "was cut off"), (reckon_anew, "was written anew")])
def test_a_tail_that_is_cut_off_or_a_chain_reckoned_anew_shows_beside_what_was_written_down(
    filled: Store, url: str, attack: Callable[[sa.Connection, list[AuditEntry]], None], words: str
) -> None:
    newest = filled.audit.newest()
    assert newest is not None
    engine = make_engine(sa.make_url(url))
    with writing(engine) as connection:
        attack(connection, list(reversed(filled.audit.entries())))
    engine.dispose()
    assert faults(filled) == ()  # by itself nothing shows
    (said,) = faults(filled, newest.anchor)
    assert words in said


@pytest.mark.flow
def test_a_backup_has_the_newest_entry_written_down(filled: Store, new_database: Databases, tmp_path: Path) -> None:
    newest = filled.audit.newest()
    assert newest is not None
    filled.backup(tmp_path / "all.t4c")
    (anchor,) = anchors_in(tmp_path / "all.t4c") or []
    assert faults(filled, anchor) == ()
    with Store.open(new_database()) as other:
        other.restore(tmp_path / "all.t4c")
        assert faults(other, anchor) == ()
        assert other.audit.verify().entries == filled.audit.verify().entries + 1  # that it was restored
    with Store.open(new_database()) as another:
        fill(another)
        assert any("another one" in one or "cut off" in one for one in faults(another, anchor))


@pytest.mark.flow
def test_demonstrations_that_go_leave_a_chain_that_holds_and_nothing_else_may_go(filled: Store, url: str) -> None:
    filled.remove_demonstrations()
    assert faults(filled) == ()
    fill(filled)
    execute(url, "DELETE FROM progress_note")
    assert any("is not there any more" in one for one in faults(filled))


@pytest.mark.law
def test_every_entry_is_found_again_as_it_was_written_down(filled: Store) -> None:
    anchors = [one.anchor for one in filled.audit.entries()]
    assert faults(filled, *anchors, *(one.replace("(", "").replace(")", "") for one in anchors)) == ()


@pytest.mark.flow
def test_entries_are_found_by_a_part_of_a_name_or_login_and_by_the_day_on_which_they_were_made(filled: Store) -> None:
    every = filled.audit.entries()
    name = next(one.by for one in every if one.by)
    mine = [one for one in every if one.by == name]
    assert 0 < len(mine) < len(every)
    assert [*filled.audit.entries(by=name[0].swapcase() + name[1:-1])] == mine
    assert [*filled.audit.entries(by=every[0].login[1:])] == [one for one in every if every[0].login in one.login]
    assert filled.audit.entries(by="%") == ()
    day = every[0].at.astimezone().date()
    assert filled.audit.entries(on=Day(day)) == every
    assert filled.audit.entries(on=Day(day - dt.timedelta(days=1))) == ()


@pytest.mark.flow
def test_a_backup_of_a_store_in_which_nothing_was_saved_has_nothing_written_down(store: Store, tmp_path: Path) -> None:
    store.backup(tmp_path / "empty.t4c")
    assert anchors_in(tmp_path / "empty.t4c") == []
    (tmp_path / "other.txt").write_text("Minutes without an entry")
    assert anchors_in(tmp_path / "other.txt") is None


@pytest.mark.unit
def test_what_is_no_entry_is_said(store: Store) -> None:
    (said,) = faults(store, "the last one")
    assert said.startswith("'the last one' is no entry that was written down.")
    assert store.audit.verify().newest is None
    assert store.audit.entries() == ()
