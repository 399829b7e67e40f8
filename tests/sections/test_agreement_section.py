"""Agreement and pledge as the report shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.periods import today
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.reports.trust import partnership_sections
from t4c_lib.store import Store


def sections(file: Path, code: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...], list[list[str]]]]:
    with Store.open(file) as store:
        latest = store.latest_plan(code)
        assert latest is not None
        shown = partnership_sections(latest.plan, store.partnership(code, today())).sections
    return [
        (one.heading, one.sentences, one.points, [] if one.table is None else one.table.to_numpy().tolist())
        for one in shown
    ]


@pytest.mark.flow
def test_rows_that_were_re_opened_say_what_changed_and_who_had_agreed(demonstration: Path) -> None:
    agreement, pledge, notes = sections(demonstration, "DEMO-MH")
    assert agreement[1] == ("Agreed by both sides: 76 of 78 actions and measures; 2 re-opened.",)
    turnover, reps = agreement[3]
    before = "agreed before it changed, Aster Invented (Chief Executive), 19 June 2025"
    assert turnover[:3] == ["1m4-turnover", "Turnover of support staff", before]
    assert turnover[4].startswith("X 2 percentage points down → 1.5 percentage points down; ")
    assert reps[2:4] == [
        "agreed, Aster Invented (Chief Executive), 24 September 2026",
        "agreed before it changed, Hazel Unreal (Chair of Staff Side), 19 June 2025",
    ]
    assert pledge[1] == ("The pledge is published.",)
    assert pledge[2][-1] == "30 June 2025: the pledge was published: intranet, front page, and the branch newsletter"
    assert [row[:3] for row in notes[3]][-1] == ["6", "8 September 2026", "review"]


@pytest.mark.flow
def test_a_row_that_one_side_refuses_says_why_and_untouched_rows_are_only_counted(demonstration: Path) -> None:
    agreement, pledge = sections(demonstration, "DEMO-AC")
    assert agreement[1] == ("Agreed by both sides: 13 of 74 actions and measures; 60 still open, 1 not agreed.",)
    ((name, _, management, staff, why),) = agreement[3]
    assert (name, management[:7], staff[:10]) == ("2a1", "agreed,", "not agreed")
    assert why.startswith("not agreed: placements must not stand in for paid staff")
    assert pledge[1] == ("The pledge has no wording yet.",)


@pytest.mark.unit
def test_without_a_plan_there_is_one_sentence() -> None:
    (only,) = partnership_sections(None, PartnershipRecord()).sections
    assert only.sentences == ("There is no plan to agree yet.",)
