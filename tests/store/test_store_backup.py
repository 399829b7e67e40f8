from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

from t4c_lib.evidence import Organisation
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import Act, PledgeWording
from t4c_lib.store import Store, StoreError
from t4c_lib.store.engine import find_database, make_engine, turn_on_wal, writing
from t4c_lib.store.schema import migrate_to

from .store_making import Databases, figure, hidden, loaded, name_signatories, plan, target
from .writers import CODE, check_history, first_plan, run_writers

DAY = dt.date(2026, 6, 1)
MOMENTS = 3


def fill(store: Store) -> None:
    """Something in every table."""
    trust = Organisation(CODE, "Example Træst", opened=dt.date(2001, 4, 1), demonstration=True)
    store.add_evidence(
        [loaded("a", figure(CODE, "2026-03", 0.1 + 0.2), hidden(CODE, "2026-04"), organisations=(trust,))]
    )
    store.save_plan(plan(target()), by="A. Khan", side="both", note='said "yes"\n— and so on')
    speakers = [{"side": "staff", "name": "U. Nison"}, {"side": "management", "role": "chair", "from": "2020-01-01"}]
    name_signatories(store, CODE, AuthorisedSignatories.from_parameters({"speakers": speakers}))
    row = plan(target()).measures[0]
    wording = store.pledges.save(PledgeWording.suggested(CODE, "Example Træst"), by="F", side="both")
    for on in (row, wording):
        store.agreements.record(CODE, [Act.on(on, "agreed", side="staff", name="U. Nison")])
        store.agreements.record(CODE, [Act.on(on, "agreed", side="management", name="C", role="chair")])
    store.pledges.record(CODE, "board-approved", by="F", date=DAY, where="board")
    store.rounds.open(CODE, "young-share", by="F", named=False)
    for name in ("Ann", "Bob", "Cy", "Di"):
        store.rounds.enter(CODE, 1, partner=name, side="staff", change="2 points")
    store.rounds.close(CODE, 1, by="F")
    store.rounds.settle(CODE, 1, "2 points", by="F")
    store.progress_notes.add(CODE, 1, "Two colleges — “yes”", by="Zoë", side="staff", on=DAY, kind="reflection")
    store.programme.add(CODE, "partner", [{"name": "Example College — “yes”"}], by="Zoë")


def everything(store: Store) -> list[object]:
    """All that can be read from a store, but for the log."""
    return [
        store.plan_history(CODE),
        store.organisations(),
        store.sources(),
        store.agreements.acts(CODE),
        store.agreements.signatories(CODE),
        store.rounds.of(CODE),
        store.progress_notes.all(CODE),
        store.rounds.result(CODE, 1),
        store.pledges.history(CODE),
        store.pledges.standing(CODE),
        store.events(CODE),
        store.programme.register(CODE).entries,
    ]


@pytest.mark.law
def test_what_is_backed_up_comes_back_in_either_kind_of_database(new_database: Databases, tmp_path: Path) -> None:
    file = tmp_path / "store.t4c"
    with Store.open(new_database()) as store:
        fill(store)
        backup = store.backup(file)
        before, figures = everything(store), store.observations()
    assert {name for name, count in backup.rows.items() if not count} == {"people"}  # see test_store_people.py
    for url in (f"sqlite:///{tmp_path / 'other.sqlite'}", new_database()):
        with Store.open(url) as other:
            assert other.restore(file) == backup
            assert everything(other) == before
            pd.testing.assert_frame_equal(other.observations(), figures)
            assert other.changes_since(0)[-1].what == "restore"
            other.save_plan(plan(target(amount=0.05)), by="B", side="both", parent_revision=1)
            other.add_evidence([loaded("b", figure(CODE, "2026-05", 1.0))])
            other.rounds.open(CODE, "young-share", by="F", named=False)
            assert len(other.plan_history(CODE)) == 2


@pytest.mark.law
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_backup_is_of_one_moment_although_others_write(url: str, new_database: Databases, tmp_path: Path) -> None:
    files: list[Path] = []
    with Store.open(url) as store:
        store.save_plan(first_plan(), by="facilitator", side="both")

        def back_up() -> None:
            if len(files) < MOMENTS:
                files.append(tmp_path / f"{len(files)}.t4c")
                store.backup(files[-1])

        told = run_writers(url, 3, seed=7, count=5, meanwhile=back_up)
    lengths = []
    for file in files:
        with Store.open(new_database()) as other:
            other.restore(file)
            history = other.plan_history(CODE)
            known = tuple(one for one in told.accepted if one.revision <= len(history))
            assert check_history(history, known) == 0
            logged = [one.number for one in other.changes_since(0) if one.what == "plan"]
            assert logged == [one.revision for one in history]
            lengths.append(len(history))
    assert lengths == sorted(lengths)
    assert len(lengths) == MOMENTS


@pytest.mark.unit
def test_a_store_that_is_not_empty_is_left_alone_unless_told_where_to_keep_what_is_there(
    new_database: Databases, tmp_path: Path
) -> None:
    file, kept = tmp_path / "store.t4c", tmp_path / "kept.t4c"
    with Store.open(new_database()) as store:
        fill(store)
        store.backup(file)
        before = everything(store)
    with Store.open(new_database()) as other:
        other.save_plan(plan(organisation="X02"), by="B", side="both")
        with pytest.raises(StoreError, match="isn't empty, so the backup was not taken into it"):
            other.restore(file)
        assert other.latest_plan("X02") is not None
        with pytest.raises(StoreError, match="is the backup itself"):
            other.restore(file, keep_in=file)
        other.restore(file, keep_in=kept)
        assert everything(other) == before
        assert other.latest_plan("X02") is None
    with Store.open(new_database()) as third:
        third.restore(kept)
        assert third.latest_plan("X02") is not None


@pytest.mark.unit
def test_a_store_that_others_use_is_not_replaced(url: str, tmp_path: Path) -> None:
    file, kept = tmp_path / "store.t4c", tmp_path / "kept.t4c"
    with Store.open(url) as store, Store.open(url) as page:
        store.save_plan(plan(target()), by="A", side="both")
        store.backup(file)
        page.version()  # a page keeps a connection to look out for others' saves
        page.latest_plan(CODE)
        with pytest.raises(StoreError, match="is in use: others have it open"):
            store.restore(file, keep_in=kept)
        page.close()
        store.restore(file, keep_in=kept)
        assert len(store.plan_history(CODE)) == 1


def altered(lines: list[bytes]) -> bytes:
    return gzip.compress(b"".join(lines))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda raw, lines: raw[:-20], "is not whole: it was cut off"),
        (lambda raw, lines: altered(lines[:-1]), "is not whole: it was cut off before its end"),
        (lambda raw, lines: altered([*lines[:5], *lines[6:]]), "was altered after it was made"),
        (
            lambda raw, lines: altered([line.replace(b"A. Khan", b"B. Khan") for line in lines]),
            "was altered after it was made",
        ),
        (lambda raw, lines: b"a letter", "is not a backup of a store"),
        (lambda raw, lines: gzip.compress(b"{}\n"), "is not a backup of a store"),
        (
            lambda raw, lines: altered([b'{"form":"t4c backup","version":2}\n']),
            "made by a newer version of the workbook",
        ),
    ],
)
def test_a_file_that_is_no_sound_backup_is_refused_and_nothing_is_touched(
    tmp_path: Path, spoil: object, words: str
) -> None:
    file = tmp_path / "store.t4c"
    with Store.open(tmp_path / "a.sqlite") as store:
        fill(store)
        store.backup(file)
    raw = file.read_bytes()
    file.write_bytes(spoil(raw, gzip.decompress(raw).splitlines(keepends=True)))  # type: ignore[operator]
    with Store.open(tmp_path / "b.sqlite") as other:
        with pytest.raises(StoreError, match=words):
            other.restore(file)
        assert other.mark() == 0
        with pytest.raises(StoreError, match=r"nowhere\.t4c can't be read: No such file"):
            other.restore(tmp_path / "nowhere.t4c")


@pytest.mark.unit
def test_a_backup_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store, pytest.raises(StoreError, match="can't be written"):
        store.backup(tmp_path / "no folder" / "store.t4c")
    assert not (tmp_path / "no folder").exists()


def make_store_of_the_spine(url: str) -> Plan:
    """A database as the first version of the workbook left it, with something in each of its tables."""
    engine = make_engine(find_database(url))
    if engine.dialect.name == "sqlite":
        turn_on_wal(engine)
    saved = plan(target())
    with writing(engine) as connection:
        migrate_to(connection, "0001")
        at = "2026-05-01 09:00:00.000000" + ("" if engine.dialect.name == "sqlite" else "+00")
        for statement in (
            "INSERT INTO source_file (id, digest, name, publication, reader_version, rows, attribution, added_at) "
            f"VALUES (1, '{'d' * 64}', 'a.csv', 'test', 1, 1, '', '{at}')",
            "INSERT INTO organisation (id, code, name, type, region, ics, demonstration, sector, source_id) "
            f"VALUES (1, '{CODE}', 'Example', '', '', '', {'1' if engine.dialect.name == 'sqlite' else 'true'}, '', 1)",
            "INSERT INTO observation (id, organisation, series, population, breakdown, period, numerator, denominator, "
            f"value, state, unit, source_id) VALUES (1, '{CODE}', 'sickness', 'trust workforce', 'all', '2026-03', 5, "
            "100, 0.05, 'counted', 'share', 1)",
        ):
            connection.execute(text(statement))
        connection.execute(
            text(
                "INSERT INTO plan_revision (organisation, revision, document, digest, side, by, at, note) "
                f"VALUES ('{CODE}', 1, :document, 'x', 'both', 'A. Khan', '{at}', 'first')"
            ),
            {"document": saved.to_yaml()},
        )
    engine.dispose()
    return saved


@pytest.mark.flow
def test_a_store_of_the_spine_is_migrated_with_everything_in_it(bare: str) -> None:
    saved = make_store_of_the_spine(bare)
    with Store.open(bare) as store:
        latest = store.latest_plan(CODE)
        assert latest is not None
        assert (latest.plan, latest.by, latest.at.hour) == (saved, "A. Khan", 9)
        assert list(store.observations()["value"]) == [0.05]
        assert store.organisation(CODE).demonstration
        assert store.partnership(CODE, dt.datetime.now(dt.UTC).date()).standings[0].state == "proposed"
        assert store.rounds.open(CODE, "young-share", by="F", named=True).number == 1
        assert store.mark() == 1


@pytest.mark.flow
def test_a_backup_of_an_older_version_is_brought_up_to_date_on_its_way_in(url: str, tmp_path: Path) -> None:
    saved = make_store_of_the_spine(f"sqlite:///{tmp_path / 'then.sqlite'}")
    engine = create_engine(f"sqlite:///{tmp_path / 'then.sqlite'}")
    names = ("source_file", "organisation", "observation", "plan_revision")
    lines: list[object] = []
    counts = {}
    with engine.connect() as connection:
        for name in names:
            found = connection.execute(text(f"SELECT * FROM {name}"))
            lines.append({"table": name, "columns": list(found.keys())})
            rows = [
                [bool(v) if k == "demonstration" else v for k, v in zip(found.keys(), row, strict=True)]
                for row in found
            ]
            counts[name] = len(rows)
            lines += rows
    engine.dispose()
    manifest = {"form": "t4c backup", "version": 1, "migration": "0001", "made_at": "2026-05-01T09:00:00+00:00"}
    written = "".join(json.dumps(line) + "\n" for line in ({**manifest, "rows": counts}, *lines)).encode()
    digest = json.dumps({"sha256": hashlib.sha256(written).hexdigest()}).encode() + b"\n"
    file = tmp_path / "old.t4c"
    file.write_bytes(gzip.compress(written + digest))
    with Store.open(url) as store:
        store.restore(file)
        latest = store.latest_plan(CODE)
        assert latest is not None
        assert latest.plan == saved
        assert list(store.observations()["value"]) == [0.05]


@pytest.mark.unit
def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    rows = {"form": "t4c backup", "version": 1, "migration": "9999", "made_at": "2026-05-01T09:00:00+00:00", "rows": {}}
    written = json.dumps(rows).encode() + b"\n"
    file = tmp_path / "new.t4c"
    file.write_bytes(gzip.compress(written + json.dumps({"sha256": hashlib.sha256(written).hexdigest()}).encode()))
    with Store.open(tmp_path / "a.sqlite") as store, pytest.raises(StoreError, match="made by a newer version"):
        store.restore(file)
