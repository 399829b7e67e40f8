"""Sections as HTML: escaped, complete, named for screen readers."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.evidence import Organisation
from t4c_lib.progress import starting_state
from t4c_lib.sections import Fact, Section, page_of
from t4c_lib.sections.figure_sections import sickness_section, what_is_not_known, what_it_rests_on
from tests.counted import both, observation, steady_trust, table
from tests.framework_counts import COUNTED

pytestmark = pytest.mark.unit

TRUST = Organisation("DEMO-XX", "Nowhere Trust", demonstration=True)
TODAY = dt.date(2026, 11, 26)


def test_what_somebody_typed_is_shown_as_they_typed_it() -> None:
    nasty = '<script>alert(1)</script> & "quotes"'
    section = Section(
        nasty,
        (nasty,),
        (Fact(nasty, nasty, nasty),),
        table=pd.DataFrame({nasty: [nasty]}),
        points=(nasty,),
        warning=nasty,
        aside=nasty,
    )
    html = section._repr_html_()
    assert repr(section) == f"Section({nasty!r})"  # the rest would stand in a notebook a second time
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 12


def test_what_was_stored_before_texts_were_checked_acts_on_no_page_and_in_no_paper() -> None:
    old = "Ann\x1b[31m\u202egnp.exe"
    section = Section(old, (old,), (Fact(old, old, old),), table=pd.DataFrame({old: [old]}), points=(old,))
    for shown in (section._repr_html_(), repr(section)):
        assert "Ann\ufffd[31m\ufffdgnp.exe" in shown
        assert not set(shown) & set("\x1b\u202e")


def test_a_table_has_a_caption_and_headings_for_rows_and_columns() -> None:
    html = Section(
        "Heading", table=pd.DataFrame({"Month": ["May"], "Rate": ["5%"]}), table_caption="Rates"
    )._repr_html_()
    assert "<caption>Rates</caption>" in html
    assert '<th scope="col">Month</th>' in html
    assert '<th scope="row">May</th><td>5%</td>' in html


def test_a_page_says_its_language_its_title_and_for_whom_it_is() -> None:
    page = page_of("<p>Body</p>", title="A & B", demonstration=True, audience=Audience.FORUM)
    assert '<html lang="en-GB">' in page
    assert "<title>A &amp; B</title>" in page
    assert "Inside the forum: not for publication" in page
    assert "made up" in page
    assert "http" not in page
    published = page_of("", title="A", demonstration=False, audience=Audience.PUBLISHED)
    assert "Published figures: small numbers are hidden" in published
    assert "made up" not in page_of("", title="A", demonstration=False, audience=Audience.FORUM)


def test_where_nothing_was_counted_it_is_said_plainly() -> None:
    assert "Not known for Nowhere Trust" in sickness_section(table([]), TRUST).warning


def test_what_it_rests_on_names_what_stands_in() -> None:
    start = starting_state(both())
    section = what_it_rests_on(start)
    assert section.warning.startswith(
        f"{len(start.defaults)} of {len(start.numbers)} numbers are stand-ins for figures "
    )
    assert section.table is not None
    assert len(section.table) == len(start.numbers)


def test_sickness_of_all_staff_is_called_a_proxy() -> None:
    html = sickness_section(table([observation("sickness", "2024-12", 12.5, out_of=250)]), TRUST)._repr_html_()
    assert "A proxy: these figures are for all staff together" in html
    assert "12.5 of 250 FTE days, all staff (proxy)" in html
    assert "5.0%" in html


def test_the_measures_without_a_figure_are_counted_and_named() -> None:
    section = what_is_not_known(steady_trust(), TRUST)
    assert section.table is not None
    assert not any("16 to 24" in name for name in section.table["Measure"])
    assert any(name.startswith("2m3 ") for name in section.table["Measure"])
    assert f"1 has a figure for Nowhere Trust and {COUNTED - 1} have none" in section.sentences[0]
