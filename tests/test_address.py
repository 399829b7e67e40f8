"""Addresses of pages: what a link says is understood again; what can't be is left out and told, never silently."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.address import MOST_PARTS, QUESTION, READERS, Address, AddressError
from t4c_lib.disclosure import Audience
from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import catalogue
from tests.samples import LONG

pytestmark = pytest.mark.unit

# Texts as they are after blanks at their ends were taken away, without what no text of ours may have.
TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=40) | st.just("Young people first & last = 5%")
ADDRESSES = st.builds(
    Address,
    organisation=TEXTS,
    intention=st.none() | st.integers(1, 10),
    measure=st.sampled_from(["", *(measure.key for measure in catalogue().measures)]),
    scenario=TEXTS,
    date=st.none() | st.dates(),
    audience=st.sampled_from(Audience),
    target=st.sampled_from(["", "none", "5.9", "3050"]),
    due=st.sampled_from(["", "2028-03"]),
    levers=st.sampled_from(["", "none", "placements:25:2026-12:12,young-joiners:-0.05:2027-01:0"]),
    chance=st.sampled_from(["", "90"]),
    compare=TEXTS,
)
NOTHING_ASKED: dict[str, Any] = dict.fromkeys(QUESTION, "")


@given(ADDRESSES)
def test_what_a_link_says_is_understood_again(address: Address) -> None:
    link = address.link("what_if")
    assert link.partition("?")[0] == "what_if"
    assert Address.from_query(address.link("forum").partition("?")[2]) == replace(address, **NOTHING_ASKED)
    again = Address.from_query(link.partition("?")[2])
    assert again == address
    assert again.problems == ()
    assert again.allowed() == address.allowed()


@given(ADDRESSES, TEXTS)
def test_a_link_carries_on_all_but_what_it_changes(address: Address, code: str) -> None:
    there = Address.from_query(address.link("home", organisation=code).partition("?")[2])
    assert there == replace(address, organisation=code, **NOTHING_ASKED)


@given(
    st.lists(st.tuples(st.sampled_from([*READERS, "organization", "token", "x"]), st.text(max_size=200)), max_size=9)
)
def test_whatever_stands_in_an_address_is_used_or_told(pairs: list[tuple[str, str]]) -> None:
    address = Address.from_query(urlencode([(name, text) for name, text in pairs if text], errors="replace"))
    told = [name for name, text in pairs if text.strip()]
    understood = Address.from_query(address.query)
    assert understood == address
    assert understood.problems == ()
    if not address.problems:
        assert set(told) <= set(READERS)
        assert len(told) == len(set(told))


@given(st.text(max_size=3_000 if LONG else 300))
def test_no_text_is_too_odd_to_be_read(query: str) -> None:
    address = Address.from_query(query)
    assert Address.from_query(address.query) == address


def test_what_a_notebook_asks_for_is_read_like_an_address() -> None:
    here = Address(organisation="RXX", scenario="Courses into jobs")
    asked = here.with_parts(organisation="RWP", intention=6, date=dt.date(2026, 3, 31), audience="published")
    assert asked == Address("RWP", 6, "", "Courses into jobs", dt.date(2026, 3, 31), Audience.PUBLISHED)
    with pytest.raises(UnknownNameError, match=r"'organization'\. The closest: organisation"):
        here.with_parts(organization="RWP")
    with pytest.raises(AddressError, match="is not a date"):
        here.with_parts(date="March")


def test_the_same_view_has_one_way_of_being_written() -> None:
    one = Address.from_query("measure=1m1&audience=forum&intention=widen-entry&organisation=RWP")
    other = Address.from_query("organisation=RWP&intention=1&measure=young-share")
    assert one.allowed() == other.allowed() == (("organisation", "RWP"), ("intention", "1"), ("measure", "young-share"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "organization=RWP",
            "The page's address has a part called 'organization', which no page knows. Did you mean 'organisation'?",
        ),
        ("intention=11", "The part 'intention' of the page's address was left out. There is no intention called '11'."),
        ("measure=yung-share", "There is no measure called 'yung-share'. The closest: young-share"),
        ("date=26.11.2026", "'26.11.2026' is not a date. Write year, month and day, as in 2026-11-26."),
        ("date=20261126", "'20261126' is not a date."),
        ("audience=publshed", "There is no audience called 'publshed'. The closest: published."),
        (
            "target=lots",
            "'target' of the page's address was left out. 'lots' can't be read. Write it as in 5.9, or none.",
        ),
        ("target=-3", "'-3' can't be read."),
        ("due=2028-13", "'2028-13' can't be read. Write it as in 2028-03."),
        ("levers=placements:many", "'placements:many' can't be read. Write it as in placements:25:2026-12:12."),
        (f"levers={','.join(['placements:25:2026-12:12'] * 99)}", "can't be read."),
        ("chance=0.8", "'0.8' can't be read. Write it as in 80."),
        ("scenario=a%07b", "The invisible character U+0007 can't stand in a text."),
        (f"organisation={'R' * 101}", "It has 101 characters; up to 100 are allowed."),
        ("organisation=RWP&organisation=RXX", "more than one organisation. The first one is used."),
        ("&".join(["x=1"] * (MOST_PARTS + 1)), "more than 50 parts, so none of them was used."),
    ],
)
def test_what_is_wrong_is_told_with_what_was_likely_meant(query: str, words: str) -> None:
    address = Address.from_query(query)
    assert len(address.problems) == 1
    assert words in address.problems[0]
    assert replace(address, organisation="") == Address()


def test_a_measure_does_not_go_along_to_another_intention() -> None:
    here = Address(organisation="RWP", intention=1, measure="young-share")
    assert here.link("forum", intention=6) == "forum?organisation=RWP&intention=6"
    assert here.link(intention=1) == "?organisation=RWP&intention=1&measure=young-share"


def test_links_fit_to_where_the_notebook_runs() -> None:
    ours = {"SCRIPT_NAME": "/workbook/forum", "QUERY_STRING": "organisation=RWP&date=2026-03-31"}
    here = Address.from_environment(ours)
    assert here.date == dt.date(2026, 3, 31)
    assert here.link("home") == "home?organisation=RWP&date=2026-03-31"
    voila = Address.from_environment({**ours, "SCRIPT_NAME": "/voila/render/forum.ipynb"})
    assert voila.link("home", date=None) == "home.ipynb?organisation=RWP"
    assert Address.from_environment({}).link("home") == "home.ipynb"
    assert Address().link() == "?"
