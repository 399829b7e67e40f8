"""Organisations are what the newest file says, in whatever order files are added; only employers can have a plan."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from t4c_lib.errors import UnknownNameError
from t4c_lib.evidence import Loaded, Organisation, read_files
from t4c_lib.store import NotAnEmployerError, Store
from t4c_lib.store.schema import migrate_to

from .store_making import Databases, figure, loaded

TRUSTS = "ods-trusts"
TODAY = dt.date(2026, 11, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def trust(code: str, name: str, opened: str = "2001-04-01", closed: str = "", **other: str) -> Organisation:
    return Organisation(
        code, name, "NHS trust", "Y60", other.get("ics", "QGH"), day(opened), day(closed) if closed else None
    )


def edition(name: str, *trusts: Organisation) -> Loaded:
    """An edition of the list of trusts."""
    return loaded(name, organisations=trusts, publication=TRUSTS, extract_date=None)


def figures_of(month: str, *organisations: Organisation, publication: str = "sickness-by-organisation") -> Loaded:
    """A file of figures of a month, which names organisations."""
    rows = [figure(one.code, month, 5.0) for one in organisations]
    return loaded(
        f"{publication} {month}", *rows, organisations=organisations, publication=publication, extract_date=None
    )


OLD = edition("etr old", trust("RZZ", "Old Name"), trust("RZY", "Was Here"), trust("RZX", "Third", closed="2022-03-31"))
NEW = edition(
    "etr new",
    trust("RZZ", "New Name", ics="QJ2"),
    trust("RZY", "Was Here", closed="2026-03-31"),
    trust("RZV", "Joined", opened="2026-04-01"),
)
SICKNESS = figures_of("2023-04", Organisation("RZZ", "OLD NAME OF A FILE", "Acute", "Y60", "QGH"))
NEWEST_FIGURES = figures_of("2027-05", Organisation("RZZ", "Newest Name", "Acute", "Y60", "QJ2"))


def after(databases: Databases, *files: Loaded) -> tuple[Organisation, ...]:
    with Store.open(databases()) as store:
        for file in files:
            store.add_evidence([file])
        return store.organisations()


@pytest.mark.law
@pytest.mark.parametrize("order", list(permutations([OLD, NEW, SICKNESS])), ids=str)
def test_an_old_file_neither_renames_nor_moves_nor_reopens_whenever_it_is_added(
    new_database: Databases, order: tuple[Loaded, ...]
) -> None:
    found = {one.code: one for one in after(new_database, *order)}
    assert {code: (one.name, one.ics, str(one.closed or "")) for code, one in found.items()} == {
        "RZV": ("Joined", "QGH", ""),
        "RZX": ("Third", "QGH", "2022-03-31"),
        "RZY": ("Was Here", "QGH", "2026-03-31"),
        "RZZ": ("New Name", "QJ2", ""),
    }


@pytest.mark.law
def test_figures_that_are_newer_than_the_list_by_more_than_a_year_name_anew(new_database: Databases) -> None:
    for order in ((NEW, NEWEST_FIGURES), (NEWEST_FIGURES, NEW)):
        found = {one.code: one for one in after(new_database, *order)}
        assert found["RZZ"].name == "Newest Name"
        assert found["RZZ"].opened == day("2001-04-01")


@pytest.mark.law
@pytest.mark.parametrize("names", [("etr_2026-05", "etr July 2026"), ("etr_2022", "etr_2026"), ("etr", "etr 2026-07")])
def test_of_two_lists_that_tell_of_the_same_day_the_time_in_the_name_decides(
    new_database: Databases, names: tuple[str, str]
) -> None:
    early, late = edition(names[0], trust("RZZ", "Before")), edition(names[1], trust("RZZ", "Since"))
    for order in ((early, late, SICKNESS), (late, SICKNESS, early)):
        assert [one.name for one in after(new_database, *order)] == ["Since"]


@st.composite
def files(draw: st.DrawFn) -> list[Loaded]:
    """Files of different days, each with its own words for some of three organisations."""
    days = draw(st.lists(st.integers(0, 60), min_size=2, max_size=5, unique=True))
    made = []
    for number in days:
        month = f"{2020 + number // 12}-{number % 12 + 1:02d}"
        codes = draw(st.lists(st.sampled_from(["RZX", "RZY", "RZZ"]), min_size=1, unique=True))
        words = st.sampled_from(["", "One", "Other"])
        told = [Organisation(code, draw(words), draw(words), draw(words), draw(words)) for code in codes]
        if draw(st.booleans()):
            closed = {code: draw(st.sampled_from(["", f"{month}-01"])) for code in codes}
            told = [
                one._replace(opened=day("2001-04-01"), closed=day(closed[one.code]) if closed[one.code] else None)
                for one in told
            ]
            made.append(edition(f"list {month}", *told, trust("RZW", "Dates The List", opened=f"{month}-01")))
        else:
            made.append(figures_of(month, *told))
    return made


@pytest.mark.law
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=files(), data=st.data())
def test_any_order_of_adding_the_same_files_gives_the_same_organisations(
    new_database: Databases, made: list[Loaded], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(made))
    assert after(new_database, *made) == after(new_database, *order)


@pytest.mark.unit
def test_an_old_file_says_of_how_many_it_told_something_new(store: Store) -> None:
    store.add_evidence([NEW])
    assert str(store.add_evidence([OLD])[0]) == "etr old.csv: 1 organisation"
    assert (
        str(store.add_evidence([SICKNESS])[0]) == "sickness-by-organisation 2023-04.csv: 1 organisation; figures: 1 new"
    )  # its type


PLACES = figures_of(
    "2026-03",
    Organisation("Y60", "Midlands", "NHS England region"),
    Organisation("ICS-QGH", "Hereford", "ICS area"),
    Organisation("E06000019", "Herefordshire", "Local authority"),
    publication="workforce-core-1",
)


@pytest.mark.unit
def test_only_those_who_employ_people_today_are_offered(store: Store) -> None:
    store.add_evidence([NEW, PLACES, edition("soon", trust("RZQ", "Soon Trust", opened="2027-04-01"))])
    assert [one.code for one in store.employers(TODAY)] == ["RZV", "RZZ"]
    assert [one.code for one in store.employers(day("2026-03-31"))] == ["RZY", "RZZ"]
    assert store.employer("RZZ", TODAY) == store.organisation("RZZ")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "RZY",
            "Was Here (RZY) closed on 31 March 2026, so it can't have a plan. Its work may have gone to Joined (RZV), "
            "which opened the day after, in the same ICS.",
        ),
        ("RZX", "Third (RZX) closed on 31 March 2022, so it can't have a plan. The list names no successor."),
        ("RZQ", "Soon Trust (RZQ) opens on 1 April 2027; it can have a plan from that day."),
        (
            "ICS-QGH",
            "Hereford (ICS-QGH) is not an employer (ICS area), so it can't have a plan. Choose a trust or other "
            "employer.",
        ),
    ],
)
def test_others_say_what_became_of_them(store: Store, code: str, words: str) -> None:
    store.add_evidence([NEW, OLD, PLACES, edition("soon", trust("RZQ", "Soon Trust", opened="2027-04-01"))])
    with pytest.raises(NotAnEmployerError) as caught:
        store.employer(code, TODAY)
    assert str(caught.value) == words


@pytest.mark.unit
def test_a_trust_that_closed_and_left_another_with_a_new_name_points_to_it(store: Store) -> None:
    before = edition("before", trust("RZZ", "Alpha"), trust("RZY", "Beta"), trust("RZX", "Far", ics="QXX"))
    since = edition(
        "since",
        trust("RZZ", "Alpha and Beta"),
        trust("RZY", "Beta", closed="2026-03-31"),
        trust("RZX", "Far Away", ics="QXX"),
    )
    store.add_evidence([since, before])
    with pytest.raises(NotAnEmployerError, match=r"gone to Alpha and Beta \(RZZ\), which was renamed between"):
        store.employer("RZY", TODAY)


@pytest.mark.unit
def test_a_trust_that_the_newest_whole_list_no_longer_has_is_closed(store: Store) -> None:
    many = [trust(f"RA{number}", f"Trust {number}") for number in range(100, 200)]
    old = edition("old", trust("RZZ", "Stays"), trust("RZY", "Gone"), *many)
    new = edition("new", trust("RZZ", "Stays"), trust("RZV", "New", opened="2025-04-01"), *many)
    selection = edition("selection", trust("RZV", "New", opened="2026-04-01"))
    store.add_evidence([new, figures_of("2017-09", Organisation("RZU", "Long Gone")), old, selection])
    store.add_evidence(
        [figures_of("2025-09", Organisation("RZT", "Newly Made")), figures_of("2017-08", Organisation("NVC", "C"))]
    )
    assert [one.code for one in store.employers(TODAY)] == ["NVC", *(one.code for one in many), "RZT", "RZV", "RZZ"]
    with pytest.raises(NotAnEmployerError, match=r"Gone \(RZY\) is not on the newest list of NHS trusts"):
        store.employer("RZY", TODAY)


@pytest.mark.law
def test_real_editions_and_figures_give_the_same_in_any_order(tmp_path: Path, shared: Path) -> None:
    files = [
        *(shared / f"data/ods/etr_{edition}.csv" for edition in ("2022-03", "2025-07")),
        *(shared / f"data/sickness/nhs_sickness_absence_2024-{month}.csv" for month in ("04", "12")),
    ]
    found = set()
    for number, order in enumerate(([0, 1, 2, 3], [1, 3, 2, 0], [3, 2, 1, 0])):
        with Store.open(tmp_path / f"{number}.sqlite") as store:
            for at in order:
                store.add_evidence(read_files([files[at]]))
            found.add((store.organisations(), store.employers(TODAY)))
    ((_, offered),) = found
    listed = {one.code for one in read_files([files[1]])[0].organisations}
    assert sum(one.code in listed for one in offered) == 205
    assert {"Acute", "Mental Health", "Ambulance"} < {one.type for one in offered}  # of which the list says nothing


@pytest.mark.unit
def test_of_an_organisation_that_nobody_knows_the_closest_is_named(store: Store) -> None:
    store.add_evidence([NEW])
    with pytest.raises(UnknownNameError, match="The closest: RZ"):
        store.employer("RZA", TODAY)


@pytest.mark.flow
def test_a_store_from_before_learns_how_much_its_files_know(bare: str) -> None:
    engine = create_engine(bare)
    with engine.begin() as connection:
        migrate_to(connection, "0003")
        for number, made in ((1, "NULL"), (2, "'2026-05-01'"), (3, "NULL"), (4, "NULL")):
            connection.execute(
                text(
                    "INSERT INTO source_file (id, digest, name, publication, reader_version, rows, extract_date, "
                    f"attribution, added_at) VALUES ({number}, '{number}', 'a', 'p', 1, 1, {made}, '', '2026-06-01')"
                )
            )
        for number, period in ((1, "2024-02"), (1, "2023-12"), (2, "2026-03"), (3, "2024/25")):
            connection.execute(
                text(
                    "INSERT INTO observation (organisation, series, population, breakdown, period, state, unit, "
                    f"source_id) VALUES ('R', 's', 'p', 'all', '{period}', 'counted', 'people', {number})"
                )
            )
    with Store.open(bare), engine.connect() as connection:
        found = connection.execute(text("SELECT as_of FROM source_file ORDER BY id")).scalars()
        assert [str(one) for one in found] == ["2024-02-29", "2026-05-01", "2025-03-31", "None"]
    engine.dispose()
