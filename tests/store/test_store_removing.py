"""Demonstrations go whole, and what was saved of others stays to the last row: on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, select

from t4c_lib.evidence import Organisation
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import Act
from t4c_lib.store import Store
from t4c_lib.store.schema import metadata

from .store_making import figure, loaded, name_signatories, plan, target
from .test_store_backup import fill
from .writers import CODE

pytestmark = pytest.mark.flow

REAL = Organisation("R01", "Real Trust")
MADE_UP = Organisation("DEMO-X", "Made up", demonstration=True)


def all_rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the two logs."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name not in {"change", "audit_entry"}
        }
    engine.dispose()
    return rows


def save_real(store: Store) -> None:
    store.add_evidence([loaded("real", figure("R01", "2026-03", 5), organisations=(REAL,))])
    store.save_plan(plan(target(), organisation="R01"), by="Ann", side="both")
    speakers = {"speakers": [{"side": "management", "name": "Ann"}, {"side": "staff", "name": "Bo"}]}
    name_signatories(store, "R01", AuthorisedSignatories.from_parameters(speakers))
    row = plan(target()).measures[0]
    store.agreements.record("R01", [Act.on(row, "agreed", side="management", name="Ann")])
    store.rounds.open("R01", "young-share", by="Ann", named=True)
    store.rounds.enter("R01", 1, partner="Ann", side="management", change="2 points")
    store.progress_notes.add("R01", 1, "A note", by="Ann", side="staff")


def test_everything_of_the_demonstrations_goes_and_nothing_of_others(store: Store, url: str) -> None:
    save_real(store)
    before = all_rows(url)
    fill(store)
    there = store.demonstrations()
    assert [one.code for one in there.organisations] == [CODE]
    filled = all_rows(url)
    added = {name: len(filled[name]) - len(rows) for name, rows in before.items() if len(filled[name]) > len(rows)}
    assert there.rows == added
    mark, version = store.mark(), store.version()
    assert store.remove_demonstrations() == there
    assert all_rows(url) == before
    assert store.version() != version
    assert [one.what for one in store.changes_since(mark)] == ["restore"]  # open pages look anew
    assert store.demonstrations().rows == {}
    assert store.remove_demonstrations().organisations == ()
    assert all_rows(url) == before
    fill(store)
    again = all_rows(url)
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in filled.items()}


def test_a_file_that_told_of_a_trust_too_stays_with_what_it_told_of_it(store: Store) -> None:
    shared = loaded("both", figure("R01", "2026-03", 5), figure("DEMO-X", "2026-03", 7), organisations=(REAL, MADE_UP))
    own = loaded("own", figure("DEMO-X", "2026-04", 8))
    later = loaded("own", figure("DEMO-X", "2026-04", 8), reader_version=2)  # the same bytes told nothing new
    store.add_evidence([shared, own])
    store.add_evidence([later])
    assert store.demonstrations().rows == {"source_file": 2, "organisation": 1, "observation": 2}
    store.remove_demonstrations()
    assert [one.name for one in store.sources()] == ["both.csv"]
    assert store.observations()["organisation"].tolist() == ["R01"]
    assert [one.code for one in store.organisations()] == ["R01"]
    (added,) = store.add_evidence([later])
    assert not added.known
    assert added.new == 1


@pytest.mark.parametrize(
    ("name", "demonstration", "title"),
    [
        ("Real Trust", False, "Real Trust"),
        ("Made up", True, "Made up (demonstration)"),
        ("Made up (demonstration)", True, "Made up (demonstration)"),
    ],
)
def test_a_made_up_organisation_says_so_beside_its_name_once(name: str, demonstration: bool, title: str) -> None:
    assert Organisation("X", name, demonstration=demonstration).title == title
