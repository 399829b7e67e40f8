"""The frame of a page without a browser: which organisation, which pages, what must be known of the figures."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from t4c_lib.address import Address
from t4c_lib.disclosure import Audience
from t4c_lib.evidence import Organisation
from t4c_lib.panels import Frame, forum, frame
from t4c_lib.panels.frame import CHOOSE, NOTHING_LOADED, NothingChosenError
from t4c_lib.periods import FinancialYear
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.what_if import plan_with_rows
from t4c_lib.store import Store
from tests.store.store_making import loaded

pytestmark = pytest.mark.flow
CODE = "DEMO-AC"
OWN = Organisation("RZZ", "Sampleton & Sons <NHS> Trust", "NHS trust")
OTHER = Organisation("RZV", "Zed Trust", "NHS trust")


def html(top: Frame) -> BeautifulSoup:
    return BeautifulSoup(top.markup(), "html.parser")


def offered(top: Frame) -> dict[str, list[str]]:
    """The codes under each heading, in order."""
    lists = html(top).select(".t4c-pick ul")
    return {one.find_previous_sibling("p").text: [code.text for code in one.select("small")] for one in lists}  # type: ignore[union-attr]


def links(top: Frame) -> list[Address]:
    addresses = [str(one["href"]) for one in html(top).select("a[href]:not(.t4c-skip)")]
    return [Address.from_query(one.partition("?")[2]) for one in addresses]


def test_ones_own_and_the_demonstrations_come_first_and_one_of_them_is_shown(store: Store) -> None:
    store.add_evidence([loaded("list", organisations=(OWN, OTHER))])
    first = plan_with_rows(
        None, OWN, FinancialYear(2026), [MeasureRow(measure="young-share", population="trust workforce")]
    )
    store.save_plan(first, by="Ada", side="both", note="", parent_revision=None)
    top = Frame("forum", store, Address())
    groups = offered(top)
    assert list(groups) == ["With a plan", "For demonstration", "Without a plan yet"]
    assert groups["With a plan"] == ["RZZ"]
    assert groups["Without a plan yet"] == ["RZV"]
    assert top.organisation is not None
    assert top.organisation.code == "RZZ"
    assert "Sampleton & Sons <NHS> Trust" in html(top).select_one("summary:has(.t4c-hidden)").text  # type: ignore[union-attr]


def test_every_link_carries_on_what_the_address_says(store: Store) -> None:
    asked = Address(CODE, 1, "young-share", "Courses into jobs", dt.date(2026, 3, 31), Audience.PUBLISHED)
    top = Frame("forum", store, asked)
    kept = {(one.intention, one.measure, one.scenario, one.date) for one in links(top)}
    assert kept == {(1, "young-share", "Courses into jobs", dt.date(2026, 3, 31))}
    assert {one.organisation for one in links(top)} == {code for group in offered(top).values() for code in group}
    assert {one.audience for one in links(top)} == set(Audience)


def test_pages_there_is_no_notebook_of_are_not_linked(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("forum", "home", "trust_report", "other"):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"metadata": {}}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    top = Frame("forum", store, Address(CODE, ending=".ipynb"))
    pages = html(top).select("nav a")
    assert [(one.text, str(one["href"])) for one in pages] == [
        ("Home", f"home.ipynb?organisation={CODE}"),
        ("Forum", f"forum.ipynb?organisation={CODE}"),
    ]
    assert [one.get("aria-current") for one in pages] == [None, "page"]


def test_what_must_be_known_of_the_figures_is_in_the_strip(store: Store) -> None:
    top = Frame("forum", store, Address(CODE.lower()))
    said = [one.text for one in html(top).select(".t4c-strip li:not(.t4c-push)") if one.text]
    assert said[0] == "Inside the forum: not for publication"
    assert "Demonstration: figures are made up" in said
    assert "Staff figures to March 2026" in said
    assert re.fullmatch(r"Revision 1, saved .+ by Demonstration", said[-2])
    assert said[-1] == "Save the published page"
    top.said = "Ada <b>Example</b> agreed 3 rows."
    assert "Ada &lt;b&gt;Example&lt;/b&gt; agreed 3 rows." in top.markup()


def test_the_published_version_names_nobody(store: Store) -> None:
    top = Frame("forum", store, Address(CODE, audience=Audience.PUBLISHED))
    assert top.marking == "Published figures: small numbers are hidden"
    assert re.fullmatch(r"Revision 1, \d+ \w+ \d{4}", top.revision)


def test_a_page_without_a_published_version_says_so_and_is_marked_as_what_it_is(store: Store) -> None:
    top = Frame("trust_report", store, Address(CODE, audience=Audience.PUBLISHED))
    assert top.marking == "Inside the forum: not for publication"
    assert "This page has exact figures only" in html(top).select_one("[role=alert]").text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("DEMO-AX", "There is no organisation called 'DEMO-AX'. The closest: DEMO-A"),
        ("RZY", "Sampleton NHS Trust (RZY) closed on 31 March 2026, so it can't have a plan."),
        ("ICS-QGH", "Example (ICS-QGH) is not an employer (ICS area), so it can't have a plan."),
    ],
)
def test_an_organisation_that_cannot_be_shown_is_not_replaced_by_another(store: Store, code: str, words: str) -> None:
    gone = Organisation("RZY", "Sampleton NHS Trust", "NHS trust", closed=dt.date(2026, 3, 31))
    store.add_evidence([loaded("list", organisations=(gone, Organisation("ICS-QGH", "Example", "ICS area")))])
    top = Frame("forum", store, Address(code))
    assert words in html(top).select_one("[role=alert]").text  # type: ignore[union-attr]
    assert code not in {one for group in offered(top).values() for one in group}
    with pytest.raises(NothingChosenError, match=re.escape(CHOOSE)):
        _ = top.chosen
    assert CHOOSE in forum(top).value


def test_with_nothing_loaded_the_way_in_is_told(tmp_path: Path) -> None:
    top = Frame("forum", Store.open(tmp_path / "empty.sqlite"), Address())
    assert NOTHING_LOADED in html(top).text
    with pytest.raises(NothingChosenError, match=re.escape(NOTHING_LOADED)):
        _ = top.chosen


def test_a_store_that_cannot_be_used_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no.sqlite").write_bytes(b"not a database, but long enough to be taken for a file that was damaged")
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 'no.sqlite'}")
    top = frame("forum")
    told = html(top).select_one("[role=alert]")
    assert told is not None
    assert told.text.startswith("This page can't be shown. ")
    assert str(tmp_path) not in told.text
    assert forum(top).value == '<section class="t4c-section"><h1>Forum</h1></section>'


def test_a_notebook_without_an_address_names_the_organisation_itself(
    store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUERY_STRING", raising=False)
    assert frame("forum", organisation="DEMO-MH").chosen[1].code == "DEMO-MH"
    monkeypatch.setenv("QUERY_STRING", "organisation=DEMO-SC")
    assert frame("forum").chosen[1].code == "DEMO-SC"
