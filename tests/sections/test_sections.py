"""Sections as HTML: escaped, complete, named for screen readers."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.evidence import Organisation
from t4c_lib.periods import Month
from t4c_lib.progress import MeasureOutlook, latest_baseline, starting_state
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.sections import Fact, Section, page_of
from t4c_lib.sections.known_figures import sickness_section, what_is_not_known
from t4c_lib.sections.young_share import (
    MEASURE,
    plan_with_rows,
    what_it_means_and_takes,
    what_it_rests_on,
    where_we_stand,
)
from tests.counted import WHOLE, both, observation, steady_trust, table
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


def test_where_we_stand_gives_numerator_and_denominator() -> None:
    html = where_we_stand(steady_trust(), TRUST, TODAY)._repr_html_()
    assert "5.0%" in html
    assert "200 of 4,000 people, March 2026" in html
    assert "120 of 1,600 people, March 2026" in html
    assert "+0.0" in html
    assert "Newest figure: March 2026, eight months ago." in html


def test_what_was_counted_after_the_day_is_not_told() -> None:
    html = where_we_stand(steady_trust(), TRUST, dt.date(2026, 3, 30))._repr_html_()
    assert "Newest figure: February 2026, a month ago." in html


def test_where_nobody_was_counted_it_is_said_plainly() -> None:
    section = where_we_stand(table([]), TRUST, TODAY)
    assert section.facts == ()
    assert "Not known for Nowhere Trust" in section.warning
    assert "Not known for Nowhere Trust" in sickness_section(table([]), TRUST).warning


def share_outlook(observations: pd.DataFrame) -> MeasureOutlook:
    plan = plan_with_rows(None, TRUST, Month.of(TODAY).financial_year)
    return MeasureOutlook.of(plan, observations, TODAY, (MEASURE, WHOLE, ""))


def test_what_it_means_names_goal_heads_joiners_and_twin() -> None:
    outlook, baseline = share_outlook(both()), latest_baseline(both(), "young-share", WHOLE)
    assert baseline is not None
    result = outlook.outcome(baseline, Change(ChangeKind.POINTS, 0.02), Month(2029, 3))
    section = what_it_means_and_takes(result)
    assert [(fact.figure, fact.detail) for fact in section.facts[:2]] == [
        ("7.0%", "in 28 months from now"),
        ("80 more", "than now, of today's 4,000 people"),
    ]
    assert result.joiners is not None
    needed = section.facts[2]
    assert f"{needed.figure} {needed.detail}" == f"{result.joiners.text} into support roles; today it is 60 a year"
    assert section.aside.startswith("Read as a percentage of the baseline instead, it would go from 5.0% to 5.1%")
    beyond = what_it_means_and_takes(outlook.outcome(baseline, Change(ChangeKind.LEVEL, 0.99), Month(2027, 5)))
    assert beyond.facts[2].figure == "Out of reach"
    met = what_it_means_and_takes(outlook.outcome(baseline, Change(ChangeKind.LEVEL, 0.01), Month(2027, 5)))
    assert met.facts[2].figure == "No more"


def test_what_it_takes_lists_every_date_of_the_trajectory_and_both_answers() -> None:
    outlook, baseline = share_outlook(both()), latest_baseline(both(), "young-share", WHOLE)
    assert baseline is not None
    result = outlook.outcome(baseline, Change(ChangeKind.POINTS, 0.02), Month(2029, 3))
    section = what_it_means_and_takes(result, "As saved.")
    assert section.table is not None
    assert section.table.to_numpy().tolist() == [
        ["End of March 2026", "5.0%", "Baseline"],
        ["End of March 2029", "7.0%", "Target"],
    ]
    assert section.sentences[:2] == ("As saved.", f"The share goes {result.reading.sentence}.")
    assert section.sentences[2].startswith("If the workforce can grow, ")
    assert section.sentences[3].startswith("With the workforce kept at 4,000, ")
    unknown = share_outlook(steady_trust()).outcome(baseline, result.row.change, Month(2029, 3))  # type: ignore[arg-type]
    silent = what_it_means_and_takes(unknown)
    assert silent.sentences[-1].startswith("Where it goes from here is not forecast. ")


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
