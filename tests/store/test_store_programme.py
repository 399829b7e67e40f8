"""The programme in the store, on both kinds of database: kept whole, corrected, forgotten, fed to the figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from t4c_lib.errors import InputError
from t4c_lib.programme.evaluation import tally_of
from t4c_lib.programme.records import record_kind
from t4c_lib.store import Store
from tests.programme.programme_making import BY, CODE, add

from .store_making import Databases

pytestmark = pytest.mark.flow

LONG_AGO = {"programme": "Work experience", "stage": "completed", "starts": "05/05/2022", "sex": "female"}
LAST_YEAR = {**LONG_AGO, "starts": "05/05/2025"}
DAY = dt.date(2026, 11, 26)


def test_records_are_numbered_and_corrected(store: Store) -> None:
    assert add(store, "placement", LAST_YEAR, LAST_YEAR) == ["P-0001", "P-0002"]
    content = store.programme.register(CODE).of("placement")[0].content
    store.programme.correct(CODE, "P-0001", {**content, "stage": "left"}, by="Sorrel Example")
    register = store.programme.register(CODE)
    assert [one.content["stage"] for one in register.of("placement")] == ["left", "completed"]
    assert [(one.number, one.by) for one in register.history("P-0001")] == [(1, BY), (3, "Sorrel Example")]
    assert store.programme.register("DEMO-YY").entries == ()
    assert [one.what for one in store.changes_since(0) if one.what == "programme"] == ["programme"] * 2


def test_the_register_as_it_stood_on_an_earlier_day(store: Store) -> None:
    kind, then = record_kind("partner"), dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    store.programme.add(CODE, "partner", [kind.take({"name": "A"}, {})], by=BY, at=then)
    add(store, "partner", {"name": "B"})
    assert [one.content["name"] for one in store.programme.register(CODE, then.date()).of("partner")] == ["A"]
    assert store.programme.register(CODE, dt.date(2026, 2, 28)).entries == ()


def test_nothing_is_kept_of_what_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="enter your name"):
        store.programme.add(CODE, "placement", [{"programme": "x"}], by=" ")
    with pytest.raises(InputError, match="there is no record P-0009"):
        store.programme.correct(CODE, "P-0009", {}, by=BY)
    with pytest.raises(InputError, match="say why it is taken out"):
        store.programme.withdraw(CODE, "P-0009", "", by=BY)
    with pytest.raises(InputError, match="it can be 6 to 120 months, not '5'"):
        store.programme.keep_for(CODE, 5, by=BY)
    assert store.programme.register(CODE).entries == ()


def test_what_is_withdrawn_counts_no_more_and_its_reason_stays(store: Store) -> None:
    add(store, "placement", LAST_YEAR)
    store.programme.withdraw(CODE, "P-0001", "entered twice", by=BY)
    register = store.programme.register(CODE)
    assert register.of("placement") == []
    assert register.history("P-0001")[-1].content == {"withdrawn": "entered twice"}


def test_figures_follow_the_register_and_its_corrections(store: Store) -> None:
    """Back to what it was is a correction too: the figure of before counts again."""
    add(store, "placement", LAST_YEAR, LAST_YEAR)

    def placed() -> float:
        figures = store.observations(CODE)
        return float(figures[figures["series"] == "work-experience-placements"]["value"].iloc[-1])

    content = store.programme.register(CODE).of("placement")[0].content
    seen = [placed()]
    for stage in ("offered", "completed"):
        store.programme.correct(CODE, "P-0001", {**content, "stage": stage}, by=BY)
        seen.append(placed())
    assert seen == [2.0, 1.0, 2.0]
    assert {one.name for one in store.sources(CODE)} == {"work experience register"}


def test_people_are_forgotten_and_the_totals_stay(store: Store) -> None:
    add(store, "placement", LONG_AGO, LAST_YEAR, LONG_AGO)
    add(store, "outcome", {"placement": "P-0003", "asked_at": "6 months", "on": "05/11/2022", "what": "NHS job"})
    before = tally_of(store.programme.register(CODE))
    figures = store.observations(CODE)
    assert store.programme.purge(CODE, by=BY, day=DAY) == 2
    register = store.programme.register(CODE)
    assert [one.ref for one in register.of("placement")] == ["P-0002"]
    assert register.of("outcome") == []
    assert tally_of(register).equals(before)
    assert store.observations(CODE).equals(figures)
    assert store.programme.purge(CODE, by=BY, day=DAY) == 0
    assert add(store, "placement", LAST_YEAR) == ["P-0004"], "a number is never given twice"


def test_what_was_forgotten_is_not_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite"
    with Store.open(file) as store:
        add(store, "placement", {**LONG_AGO, "words": "The reed warbler sang at dawn."}, LAST_YEAR)
        store.programme.purge(CODE, by=BY, day=DAY)
        files = [one for one in tmp_path.iterdir() if one.name.startswith("store.sqlite")]
        assert not any(b"reed warbler" in one.read_bytes() for one in files)


def test_a_name_that_was_taken_out_is_not_in_the_file_and_the_rest_stays(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        (ref,) = add(store, "placement", {**LAST_YEAR, "words": "The reed warbler sang.", "own": "Y9"})
        read = {**store.programme.register(CODE).history(ref)[0].content, "words": "It went well."}
        store.programme.correct(CODE, ref, read, by=BY, was_name=True)
        before, after = store.programme.register(CODE).history(ref)
        assert before.content == {**after.content, "words": "(a name, removed)"}
        files = [one for one in tmp_path.iterdir() if one.name.startswith("store.sqlite")]
        assert not any(b"reed warbler" in one.read_bytes() for one in files)


def test_a_backup_holds_it_and_one_for_a_report_holds_nobody(
    store: Store, new_database: Databases, tmp_path: Path
) -> None:
    add(store, "placement", LAST_YEAR)
    add(store, "policy", {"title": "Policy", "status": "in force"})
    add(store, "outcome", {"placement": "P-0001", "asked_at": "the end", "on": "09/05/2025", "what": "none yet"})
    store.programme.withdraw(CODE, "O-0001", "asked too early", by=BY)
    store.programme.keep_for(CODE, 36, by=BY)
    store.backup(tmp_path / "all.gz")
    with Store.open(new_database()) as other:
        other.restore(tmp_path / "all.gz")
        assert other.programme.register(CODE).entries == store.programme.register(CODE).entries
    store.backup(tmp_path / "one.gz", only=[CODE])
    with Store.open(new_database()) as other:
        other.restore(tmp_path / "one.gz")
        assert [one.kind for one in other.programme.register(CODE).entries] == ["policy", "settings"]


@pytest.mark.detail
def test_ten_thousand_references_stay_in_order(store: Store) -> None:
    made = store.programme.add(CODE, "partner", [{"name": f"Partner {number}"} for number in range(10_001)], by=BY)
    assert made[-1].ref == "PA-10001"
    assert add(store, "partner", {"name": "One more"}) == ["PA-10002"]


def test_a_record_that_began_within_a_year_is_not_taken_for_whole_once_its_first_people_are_forgotten(
    store: Store,
) -> None:
    add(store, "placement", {**LONG_AGO, "starts": "03/10/2022"}, {**LONG_AGO, "starts": "06/02/2023"}, LAST_YEAR)
    before = store.observations(CODE)
    assert "2022/23" not in set(before["period"])
    assert store.programme.purge(CODE, by=BY, day=DAY) == 2
    add(store, "partner", {"name": "B"})
    assert store.observations(CODE).equals(before)


def test_what_others_name_is_not_taken_out(store: Store) -> None:
    add(store, "partner", {"name": "Quillford College"})
    add(store, "placement", {**LAST_YEAR, "partner": "Quillford College"})
    with pytest.raises(InputError, match="One other record names it"):
        store.programme.withdraw(CODE, "PA-0001", "entered twice", by=BY)
    store.programme.withdraw(CODE, "P-0001", "entered twice", by=BY)
    store.programme.withdraw(CODE, "PA-0001", "entered twice", by=BY)
    assert store.programme.register(CODE).of("partner") == []


def test_figures_of_years_that_are_not_complete_go_and_those_of_a_placement_taken_out(store: Store) -> None:
    add(store, "placement", LAST_YEAR)

    def known() -> list[str]:
        figures = store.observations(CODE)
        return figures[figures["state"] != "missing"]["series"].tolist()

    assert "work-experience-placements" in known()
    with pytest.raises(InputError, match="Write it as 2026/27"):
        store.programme.whole_from(CODE, "2026", by=BY)
    store.programme.whole_from(CODE, "2026/27", by=BY)
    assert known() == []
    store.programme.whole_from(CODE, "2025/26", by=BY)
    assert "work-experience-placements" in known()
    store.programme.withdraw(CODE, "P-0001", "entered twice", by=BY)
    assert known() == []
