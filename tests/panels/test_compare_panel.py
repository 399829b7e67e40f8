"""Organisations side by side without a browser: who is compared, with which denominators, and what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from bs4 import BeautifulSoup

from t4c_lib.address import Address
from t4c_lib.charts import place_in_funnel
from t4c_lib.disclosure.suppression_policy import policy
from t4c_lib.evidence import read_files
from t4c_lib.evidence.observations import Organisation
from t4c_lib.panels import Frame, compare
from t4c_lib.panels.board_compare_audit import ComparePanel
from t4c_lib.panels.markup import Html
from t4c_lib.sections.comparison import EVERY, Comparison, type_words
from t4c_lib.store import Store
from t4c_lib.store.evidence import learn
from tests.browser.conftest import SICKNESS_ALONE
from tests.compared import ACUTE, ANSWERED, MONTHS, OWN, RECEIVED, TRUSTS, add_compared, lost
from tests.event_loops import run_apart
from tests.evidence.publication_files import rows_of


@pytest.fixture(scope="module")
def trusts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("compared")
    with Store.open(folder / "store.sqlite") as store:
        add_compared(store, folder)
        yield store


@pytest.fixture(scope="module")
def made_up(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComparePanel]:
    """The page of a demonstration organisation; rounding what the six brought takes seconds."""
    folder = tmp_path_factory.mktemp("made_up")
    file = folder / "store.sqlite"
    file.write_bytes(demonstration.read_bytes())
    with Store.open(file) as store:
        add_compared(store, folder)
        yield opened(store, "organisation=DEMO-MH&measure=young-share")


def page_of(store: Store, query: str) -> ComparePanel | Html:
    async def made() -> ComparePanel | Html:
        return compare(Frame("compare", store, Address.from_query(query)))

    return run_apart(made())


def opened(store: Store, query: str) -> ComparePanel:
    part = page_of(store, query)
    assert isinstance(part, ComparePanel)
    return part


def shown(store: Store, query: str) -> Comparison:
    return opened(store, f"organisation={OWN}&{query}").shown


def soup(part: ComparePanel) -> BeautifulSoup:
    return BeautifulSoup(part.markup(), "html.parser")


def said(part: ComparePanel) -> str:
    return " ".join(soup(part).get_text(" ").split())


@pytest.mark.law
def test_a_group_is_its_numerators_over_its_denominators(trusts: Store) -> None:
    groups = {name: rest for name, *rest in shown(trusts, "measure=sickness").groups}
    days = sum(lost(code, 4) for code in TRUSTS)
    assert groups["All organisations"] == [len(TRUSTS), f"{days:,} of {10_000 * len(TRUSTS):,}", "5.5%"]
    assert f"{days / (10_000 * len(TRUSTS)):.1%}" == "5.5%"
    own = groups["Sampleton RA0 NHS Trust"]
    assert own == [1, f"{lost(OWN, 4)} of 10,000", f"{lost(OWN, 4) / 10_000:.1%}"]
    assert groups["Acute trusts in all regions"][0] == len(ACUTE)
    assert groups["Acute trusts in Midlands"][0] == len(ACUTE) / 2
    assert groups["Every type in Midlands"][0] == len(TRUSTS) / 2


@pytest.mark.law
def test_every_organisation_is_in_one_type_one_region_and_the_whole(trusts: Store) -> None:
    one = shown(trusts, "measure=sickness&type=all")
    for what in ("type", "region"):
        counts = {value: count for value, _, count in one.choices(what)}
        whole = counts.pop(EVERY if what == "type" else "")
        assert whole == sum(counts.values()) == len(TRUSTS)
    alike = {value: count for value, _, count in shown(trusts, "measure=appraisal-received").choices("size")}
    ours = ANSWERED[OWN]
    assert alike["alike"] == sum(ours / 2 <= ANSWERED[code] <= ours * 2 for code in ACUTE)


@pytest.mark.law
def test_higher_and_lower_are_beyond_the_inner_limits_and_the_interval_leaves_all_out(trusts: Store) -> None:
    one = shown(trusts, "measure=appraisal-received&type=all")
    events = sum(ANSWERED[code] * RECEIVED[code] / 100 for code in TRUSTS)
    assert one.middle == pytest.approx(events / sum(ANSWERED.values()))
    words: Counter[str] = Counter()
    for placed in one.those:
        place = one.place(placed)
        far = place_in_funnel(placed.value, placed.denominator, one.middle)
        assert (place == "in line") == (far == "within both limits") == (placed.low <= one.middle <= placed.high)
        assert place == "in line" or (place == "higher") == (placed.value > one.middle)
        words[place] += 1
    assert set(words) == {"in line", "higher", "lower"}


@pytest.mark.flow
def test_days_are_compared_by_quarters_and_over_time_without_a_funnel(trusts: Store) -> None:
    one = shown(trusts, "measure=sickness&picture=funnel")
    assert (one.picture, list(one.pictures)) == ("time", ["time", "ranked"])
    rates = [lost(code, 4) / 10_000 for code in ACUTE]
    assert one.middle == pytest.approx(median(rates))
    assert one.finding.endswith("4.8% at Sampleton RA0 NHS Trust, in the lower quarter of 10 acute trusts")
    picture = one.drawn()
    assert picture is not None
    assert picture.title == (
        "Sickness absence of support staff (whole workforce, as a proxy) at Sampleton RA0 NHS Trust: mostly below the "
        "middle of 10 acute trusts"
    )
    assert len(picture.table) == len(MONTHS)
    assert picture.table["Sampleton RA0 NHS Trust"].tolist() == [f"{lost(OWN, month) / 10_000:.1%}" for month in MONTHS]


@pytest.mark.flow
def test_an_earlier_time_a_region_and_a_rank_are_asked_for_by_address(trusts: Store) -> None:
    part = opened(trusts, f"organisation={OWN}&measure=sickness&date=2026-02-28&region=London&picture=ranked")
    one = part.shown
    assert one.when == "February 2026"
    rows = soup(part).select(".c-table tbody tr")
    london = [code for code in ACUTE if TRUSTS.index(code) % 2]
    assert [row.th.get_text() for row in rows if row.th] == [f"Sampleton {code} NHS Trust" for code in reversed(london)]
    assert "date=2026-02-28" in str(soup(part).select_one("form")["data-address"])  # type: ignore[index]


@pytest.mark.flow
def test_what_is_chosen_is_answered_and_what_there_is_none_of_is_left_out(trusts: Store) -> None:
    part = opened(trusts, f"organisation={OWN}&region=Atlantis&type=Circus")
    assert (part.shown.asked.region, part.shown.asked.type) == ("", "")
    before = part.element
    part._came(part, {"asked": {"measure": "appraisal-received", "type": "all", "picture": "ranked", "x": "y"}}, [])
    assert part.element != before
    assert len(BeautifulSoup(part.element, "html.parser").select(".c-table tbody tr")) == len(TRUSTS)
    chosen = BeautifulSoup(part.element, "html.parser").select("option[selected]")
    assert [one.get_text() for one in chosen][:2] == ["Support staff who had an appraisal", "November 2024"]


@pytest.mark.flow
def test_a_measure_that_cannot_be_compared_is_said_and_another_one_shown(trusts: Store) -> None:
    part = opened(trusts, f"organisation={OWN}&measure=work-experience-placements")
    assert part.top.said == "The measure in the address can't be compared; another one is shown."
    assert "Work experience placements a year" in said(part)  # among what can't be compared


@pytest.mark.flow
def test_one_organisation_alone_has_nobody_to_be_compared_with(tmp_path: Path) -> None:
    (file := tmp_path / "sickness.csv").write_text(SICKNESS_ALONE, encoding="utf-8")
    with Store.open(tmp_path / "store.sqlite") as store:
        store.add_evidence(read_files([file]))
        page = page_of(store, "organisation=ZZ9")
    assert not isinstance(page, ComparePanel)
    assert "There is nothing to compare yet" in page.value


@pytest.mark.flow
def test_made_up_organisations_stand_beside_made_up_ones_only(made_up: ComparePanel, trusts: Store) -> None:
    one = made_up.shown
    assert {placed.organisation.demonstration for placed in one.at} == {True}
    assert "Only the made-up organisations are compared with one another." in said(made_up)
    assert {placed.organisation.demonstration for placed in shown(trusts, "").at} == {False}


@pytest.mark.law
def test_what_organisations_brought_themselves_is_rounded_and_hidden_by_the_policy(made_up: ComparePanel) -> None:
    held = policy()
    for row in made_up.among.rows.values():
        frame = made_up.among.figures(row)
        counts = frame["numerator"].dropna()
        assert ((counts % held.rounded_to).abs() < 1e-6).all() or row.measure == "sickness"
        assert len(frame)


@pytest.mark.flow
def test_xs_are_those_of_pledges_that_both_sides_signed(made_up: ComparePanel) -> None:
    found = made_up.among.xs_of("young-share")
    assert [one.organisation.code for one in found] == ["DEMO-AM", "DEMO-MH", "DEMO-SC"]
    assert found[1].view.x[0] == "+1 point"
    table = soup(made_up).select_one("[aria-labelledby=c-xs]")
    assert table is not None
    assert "5.8% by Mar 2028" in " ".join(table.get_text(" ").split())  # of the rounded baseline


@pytest.mark.unit
def test_a_list_of_trusts_takes_nothing_away_from_what_is_known_of_a_type() -> None:
    listed, told = Organisation("RZZ", "Z", "NHS trust"), Organisation("RZZ", "Z", "Acute")
    assert learn(told, listed).type == learn(listed, told).type == "Acute"
    assert learn(listed, Organisation("RZZ", "Z")).type == "NHS trust"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("kind", "one", "several"),
    [
        ("Acute", "acute trust", "acute trusts"),
        ("NHS trust", "NHS trust", "NHS trusts"),
        ("Integrated Care Board", "integrated care board", "integrated care boards"),
        ("Others", "other organisation", "other organisations"),
        ("Community Trusts", "community trusts", "community trusts"),
    ],
)
def test_types_are_said_as_people_say_them(kind: str, one: str, several: str) -> None:
    assert (type_words(kind, 1), type_words(kind, 2)) == (one, several)


@pytest.mark.flow
def test_official_figures_of_all_trusts_are_compared_as_published(shared: Path, tmp_path: Path) -> None:
    files = [shared / f"data/sickness/nhs_sickness_absence_2024-{month:02}.csv" for month in (11, 12)]
    with Store.open(tmp_path / "store.sqlite") as store:
        store.add_evidence(read_files([*files, shared / "data/ods/etr_2025-07.csv"]))
        one = opened(store, "organisation=RWP&measure=sickness&type=all").shown
        published = {row["ORG_CODE"]: row for row in rows_of(files[1])}
        assert one.mine is not None
        assert one.mine.numerator == pytest.approx(float(published["RWP"]["FTE_DAYS_LOST"]))
        assert one.mine.value == pytest.approx(float(published["RWP"]["SICKNESS_ABSENCE_RATE_PERCENT"]) / 100, abs=5e-5)
        assert {placed.organisation.code for placed in one.those} <= set(published)
        acute = [placed for placed in one.at if placed.organisation.type == "Acute"]
        assert 100 < len(acute) < 140


@pytest.mark.flow
@pytest.mark.parametrize("measure", ["sickness", "appraisal-received"])
def test_a_group_of_nobody_is_said_and_nothing_fails(trusts: Store, measure: str) -> None:
    part = opened(trusts, f"organisation={OWN}&measure={measure}&type=Mental Health&region=London&size=alike")
    one = part.shown
    if measure == "appraisal-received":
        assert one.those == []
        assert one.finding == "Support staff who had an appraisal (whole workforce, as a proxy): nobody to compare with"
        assert "Sampleton RA0 NHS Trust" in said(part)
    else:
        assert "of about our size" in one.finding
