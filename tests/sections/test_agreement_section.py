"""Agreement and pledge as the report shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

from t4c_lib.disclosure import Audience
from t4c_lib.reports import open_report
from t4c_lib.store import Store


def sections(file: Path, code: str) -> list[Tag]:
    with Store.open(file) as store:
        shown = open_report(code, store=store, audience=Audience.FORUM).agreement
    return BeautifulSoup(shown._repr_html_(), "html.parser").select("section")


def texts(section: Tag, what: str) -> list[str]:
    return [one.get_text() for one in section.select(what)]


def rows(section: Tag) -> list[list[str]]:
    return [texts(row, "th, td") for row in section.select("tbody tr")]


@pytest.mark.flow
def test_rows_that_were_re_opened_say_what_changed_and_who_had_agreed(demonstration: Path) -> None:
    agreement, pledge, notes = sections(demonstration, "DEMO-MH")
    assert texts(agreement, "p") == ["Agreed by both sides: 76 of 78 actions and measures; 2 re-opened."]
    assert texts(agreement, ".t4c-figure") == ["76 of 78", "2", "published"]
    turnover, reps = rows(agreement)
    before = "agreed before it changed, Aster Invented (Chief Executive), 19 June 2025"
    assert turnover[:3] == ["1m4-turnover", "Turnover of support staff", before]
    assert turnover[4].startswith("X 2 percentage points down → 1.5 percentage points down; ")
    assert reps[2:4] == [
        "agreed, Aster Invented (Chief Executive), 24 September 2026",
        "agreed before it changed, Hazel Unreal (Chair of Staff Side), 19 June 2025",
    ]
    assert texts(pledge, "p") == ["The pledge is published."]
    published = "30 June 2025: the pledge was published: intranet, front page, and the branch newsletter"
    assert texts(pledge, "li")[-1] == published
    assert rows(notes)[-1][:3] == ["6", "8 September 2026", "review"]


@pytest.mark.flow
def test_a_row_that_one_side_refuses_says_why_and_untouched_rows_are_only_counted(demonstration: Path) -> None:
    agreement, pledge = sections(demonstration, "DEMO-AC")
    counted = "Agreed by both sides: 13 of 74 actions and measures; 60 still open, 1 not agreed."
    assert texts(agreement, "p") == [counted]
    ((name, _, management, staff, why),) = rows(agreement)
    assert (name, management[:7], staff[:10]) == ("2a1", "agreed,", "not agreed")
    assert why.startswith("not agreed: placements must not stand in for paid staff")
    assert texts(pledge, "p") == ["The pledge has no wording yet."]
