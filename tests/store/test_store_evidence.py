from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, State
from t4c_lib.store import Store

from .store_making import Databases, Row, figure, hidden, loaded, table

NAMES = list(OBSERVATION_COLUMNS)
KEY = NAMES[:5]


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[NAMES].sort_values(["period", *KEY[:4]], ignore_index=True)


def same_figures(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(in_order(one), in_order(other), check_dtype=False, check_exact=True)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    numbers = st.floats(0, 1e9) | st.just(float("nan"))
    words = st.sampled_from(["R1A", "RXX", "x-9"])
    keys = draw(
        st.lists(
            st.tuples(words, st.sampled_from(["sickness", "headcount"]), words, st.sampled_from(["all", "age=25+"]),
                      st.sampled_from(["2026-03", "2026-04", "2026/27", "2026/27-Q1", "2026-03-31"])),
            unique=True, min_size=1, max_size=12,
        )
    )  # fmt: skip
    return [
        (*key, draw(numbers), draw(numbers), draw(numbers), str(draw(st.sampled_from(list(State)))), draw(words))
        for key in keys
    ]


@pytest.mark.law
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=rows())
def test_what_is_put_in_comes_out(new_database: Databases, content: list[Row]) -> None:
    with Store.open(new_database()) as store:
        store.add_evidence([loaded("a", *content)])
        same_figures(store.observations(), table(*content))


@pytest.mark.law
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=rows())
def test_adding_the_same_twice_changes_nothing(new_database: Databases, content: list[Row]) -> None:
    with Store.open(new_database()) as store:
        first = store.add_evidence([loaded("a", *content)])[0]
        before = store.observations()
        again, renamed = store.add_evidence([loaded("a", *content), loaded("same rows in another file", *content)])
        pd.testing.assert_frame_equal(store.observations(), before)
    assert (first.new, first.corrected, first.unchanged) == (len(content), 0, 0)
    assert again.known
    assert (again.new, again.corrected, again.unchanged) == (0, 0, len(content))
    assert (renamed.new, renamed.corrected, renamed.unchanged) == (0, 0, len(content))


@pytest.mark.law
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=rows(), order=st.permutations([0, 1, 2]))
def test_the_order_of_files_that_speak_of_different_figures_does_not_matter(
    new_database: Databases, content: list[Row], order: list[int]
) -> None:
    files = [loaded(f"part {part}", *content[part::3]) for part in range(3)]
    with Store.open(new_database()) as one, Store.open(new_database()) as other:
        one.add_evidence(files)
        for part in order:
            other.add_evidence([files[part]])
        pd.testing.assert_frame_equal(one.observations(), other.observations())


@pytest.mark.unit
def test_of_two_figures_the_one_added_later_holds_and_says_where_it_is_from(store: Store) -> None:
    store.add_evidence([loaded("first", figure("R1A", "2026-03", 5.0), figure("R1A", "2026-04", 6.0))])
    added = store.add_evidence([loaded("second", figure("R1A", "2026-03", 5.5), figure("R1A", "2026-04", 6.0))])[0]
    now = store.observations()
    assert (added.new, added.corrected, added.unchanged) == (0, 1, 1)
    assert str(added) == "second.csv: figures: 1 corrected, 1 unchanged"
    assert list(now["numerator"]) == [5.5, 6.0]
    assert list(now["source"]) == ["second.csv", "first.csv"]
    assert list(now["extract_date"]) == [dt.date(2026, 5, 1)] * 2
    assert list(now.columns) == [*NAMES, "source", "source_digest", "extract_date", "reader", "reader_version"]


@pytest.mark.unit
def test_a_figure_that_becomes_hidden_is_a_correction(store: Store) -> None:
    store.add_evidence([loaded("first", figure("R1A", "2026-03", 5.0))])
    added = store.add_evidence([loaded("second", hidden("R1A", "2026-03"))])[0]
    now = store.observations()
    assert added.corrected == 1
    assert now["value"].isna().all()
    assert list(now["state"]) == ["suppressed"]


@pytest.mark.unit
def test_the_same_bytes_are_read_again_when_the_reader_has_learnt(store: Store) -> None:
    store.add_evidence([loaded("a", figure("R1A", "2026-03", 5.0))])
    added = store.add_evidence([loaded("a", figure("R1A", "2026-03", 5.0, unit="rate"), reader_version=2)])[0]
    assert (added.known, added.corrected) == (False, 1)
    assert [source.reader_version for source in store.sources()] == [1, 2]


@pytest.mark.unit
def test_figures_can_be_asked_for_by_one_name_or_several(store: Store) -> None:
    store.add_evidence(
        [
            loaded(
                "a",
                figure("R1A", "2026-04", 1.0),
                figure("R1A", "2026-03", 2.0),
                figure("R1A", "2026-03", 3.0, series="headcount"),
                figure("R1A", "2026-03", 4.0, series="headcount", breakdown="age=16-24"),
                figure("RXX", "2026-03", 5.0, population="support staff"),
            )
        ]
    )
    assert list(store.observations("R1A", "sickness")["numerator"]) == [2.0, 1.0]
    assert list(store.observations(organisation=["R1A", "RXX"], series="sickness")["numerator"]) == [2.0, 5.0, 1.0]
    assert list(store.observations(series="headcount", breakdown="all")["numerator"]) == [3.0]
    assert list(store.observations(population="support staff")["numerator"]) == [5.0]
    nothing = store.observations(organisation="nobody")
    assert list(nothing.columns) == [*NAMES, "source", "source_digest", "extract_date", "reader", "reader_version"]
    assert nothing["value"].dtype == np.float64
    assert nothing.empty


@pytest.mark.law
def test_a_failed_add_leaves_the_store_as_it_was(store: Store) -> None:
    store.add_evidence([loaded("a", figure("R1A", "2026-03", 5.0))])
    before, files = store.observations(), store.sources()
    contradiction = loaded("bad", figure("RXX", "2026-03", 1.0), figure("RXX", "2026-03", 2.0))
    with pytest.raises(InputError, match=r"bad\.csv: 1 problem.*\n.*RXX, sickness.*two different figures"):
        store.add_evidence([loaded("good", figure("RXX", "2026-04", 1.0)), contradiction])
    pd.testing.assert_frame_equal(store.observations(), before)
    assert store.sources() == files


@pytest.mark.unit
def test_a_row_without_part_of_its_name_and_an_unheard_of_state_are_named(store: Store) -> None:
    bad = loaded("bad", figure("R1A", "2026-03", 1.0, series=None), figure("R1A", "2026-04", 1.0, state="counte"))
    with pytest.raises(InputError) as caught:
        store.add_evidence([bad])
    assert "row 1: an observation has no series." in str(caught.value)
    assert "'counte' is not a state of an observation. Allowed: counted, missing" in str(caught.value)


@pytest.mark.unit
def test_an_organisation_is_what_the_newest_word_on_each_matter_says(store: Store) -> None:
    listed = Organisation("R1A", "EXAMPLE TRUST", "NHS trust", "Y60", "QGH", dt.date(2001, 4, 1), dt.date(2026, 3, 31))
    store.add_evidence([loaded("ods", organisations=(listed,))])
    store.add_evidence([loaded("sickness", organisations=(Organisation("R1A", "Example Trust", "Acute"),))])
    store.add_evidence([loaded("extract", organisations=(Organisation("R1A", "R1A", sector="NHS"),))])
    expected = Organisation(
        "R1A", "Example Trust", "Acute", "Y60", "QGH", dt.date(2001, 4, 1), dt.date(2026, 3, 31), sector="NHS"
    )
    assert store.organisation("R1A") == expected
    reopened = Organisation("R1A", "Example Trust", opened=dt.date(2001, 4, 1))
    added = store.add_evidence([loaded("ods again", organisations=(reopened,))])[0]
    assert added.organisations == 1
    assert store.organisation("R1A").closed is None
    assert store.add_evidence([loaded("sickness 2", organisations=(reopened,))])[0].organisations == 0
    assert [source.name for source in store.sources("R1A")] == [
        "ods.csv",
        "sickness.csv",
        "extract.csv",
        "ods again.csv",
        "sickness 2.csv",
    ]


@pytest.mark.unit
def test_a_made_up_organisation_stays_marked_as_one(store: Store) -> None:
    made_up, silent = Organisation("X01", "Example", demonstration=True), Organisation("X01", "Example", region="Y60")
    store.add_evidence([loaded("demo", organisations=(made_up,)), loaded("extract", organisations=(silent,))])
    assert store.organisation("X01").demonstration


@pytest.mark.unit
def test_organisations_can_be_asked_for_by_the_day_on_which_they_were_open(store: Store) -> None:
    gone = Organisation("RAA", "Gone", opened=dt.date(2001, 4, 1), closed=dt.date(2020, 3, 31))
    here, unsaid = Organisation("RBB", "Here", opened=dt.date(2020, 4, 1)), Organisation("RCC", "Unsaid")
    store.add_evidence([loaded("ods", organisations=(here, gone, unsaid))])
    assert [one.code for one in store.organisations()] == ["RAA", "RBB", "RCC"]
    assert [one.code for one in store.employers(dt.date(2020, 3, 31))] == ["RAA", "RCC"]
    assert [one.code for one in store.employers(dt.date(2020, 4, 1))] == ["RBB", "RCC"]


@pytest.mark.unit
def test_the_newest_month_is_one_of_which_a_figure_is_known(store: Store) -> None:
    assert store.newest_month("RAA") is None
    rows = [figure("RAA", period, 5) for period in ("2026-02", "2025-12", "2026/27")]
    store.add_evidence([loaded("one", *rows, hidden("RAA", "2026-03"), figure("RBB", "2026-04", 5))])
    assert store.newest_month("RAA") == "2026-02"
    assert store.newest_month("RBB") == "2026-04"


@pytest.mark.unit
def test_an_unknown_organisation_is_answered_with_the_closest(store: Store) -> None:
    store.add_evidence([loaded("ods", organisations=(Organisation("RX1", "One"), Organisation("R1A", "Other")))])
    with pytest.raises(UnknownNameError, match=r"no organisation called 'RX2'\. The closest: RX1"):
        store.organisation("RX2")


@pytest.mark.unit
def test_sources_come_back_as_they_were_given(store: Store) -> None:
    file = loaded("a", figure("R1A", "2026-03", 5.0), attribution="Source: somebody.", extract_date=None)
    store.add_evidence([file])
    assert store.sources() == (file.source,)
    assert store.sources("R1A") == (file.source,)
    assert store.sources("RXX") == ()


@pytest.mark.unit
def test_a_file_without_observations_can_be_added(store: Store) -> None:
    assert store.add_evidence([loaded("empty")])[0].new == 0
    assert store.add_evidence([]) == []


@pytest.mark.flow
def test_two_who_add_the_same_at_once_add_it_once(url: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    file = loaded("a", *(figure(f"R{number}", "2026-03", 5.0) for number in range(200)))

    def add(_: int) -> int:
        with Store.open(url) as store:
            return store.add_evidence([file])[0].new

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(add, range(4))) == [0, 0, 0, 200]
    with Store.open(url) as store:
        assert len(store.observations()) == 200


@pytest.mark.flow
def test_official_files_go_in_and_come_out(store: Store, shared: Path) -> None:
    from t4c_lib import evidence

    read_files = getattr(evidence, "read_files", None)
    if read_files is None:
        pytest.skip("the readers are not built yet")
    files: list[Loaded] = read_files(sorted((shared / "data" / "sickness").glob("*.csv")))
    added = store.add_evidence(files)
    assert sum(one.new + one.corrected + one.unchanged for one in added) == sum(len(one.observations) for one in files)
    wanted = pd.concat([one.observations for one in files]).drop_duplicates(KEY, keep="last")
    same_figures(store.observations(), wanted)
