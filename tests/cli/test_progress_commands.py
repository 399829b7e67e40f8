"""Progress on the command line: where rows stand, the log, reminders; each refusal in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from t4c_lib.periods import Month
from t4c_lib.plan import Plan
from t4c_lib.quantities import Baseline
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.plan.plan_making import with_action

pytestmark = pytest.mark.flow


@pytest.fixture
def planned(known: Run) -> Run:
    """An organisation with a plan whose first action is late and whose first measure has no figure."""
    plan = Plan.suggested("ZZ9", "Nowhere Trust", ["2026/27"], since=Month(2026, 9))
    share = plan.measure("1m1").changed(
        baseline=Baseline.of(200, 4000, period="2026-03", source="extract"),
        change={"kind": "points", "amount": 0.01},
        due="2028-03",
    )
    late = plan.action("1a1").changed(due="2026-06", post="=Head", status="under way")
    with Store.open() as store:
        store.save_plan(with_action(plan.with_row(share), late), by="Ada", side="both")
    return known


def test_status_says_where_every_row_stands_and_why(planned: Run) -> None:
    code, out, err = planned("progress", "status", "ZZ9", "--as-of", "2026-07-01")
    assert (code, err) == (0, "")
    assert "Nowhere Trust (ZZ9), on 1 July 2026, plan of revision 1" in out
    assert "overdue by 1 day" in out
    assert "no figure yet" in out
    assert (out.count("target not set"), out.count("no figure yet")) == (9, 15)
    assert all(len(line) <= 80 for line in out.splitlines()[1:])
    assert "1a1   overdue by 1 day      Review the current profile of staff aged 16 to 24" in out
    assert "1m1   no figure yet         Staff aged 16 to 24" in out
    _, out, _ = planned("progress", "status", "ZZ9", "--intention", "4", "--as-of", "2026-07-01")
    assert "4a1" in out
    assert "1a1" not in out


def test_each_target_is_listed_with_its_chance_or_why_it_has_none(planned: Run) -> None:
    _, out, _ = planned("progress", "status", "ZZ9", "--as-of", "2026-07-01", "--chances")
    assert out.count("no chance given") == 1
    assert "There is no headcount by age yet." in " ".join(out.split())
    assert "1a1" not in out


def test_demonstrations_tell_chances_and_what_they_rest_on(run: Run, store_file: Path) -> None:
    words = ("progress", "status", "DEMO-AM", "--as-of", "2026-05-01")
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    whole = " ".join(out.split())
    assert re.search(r"1m1 \w+ Staff aged 16 to 24 chance \d+% At 5.7% \(91 of 1,598\) in March 2026", whole)
    assert "At 52.9% (27 of 51) in the 12 months to March 2026 the chance of reaching 100.0% by 31 March" in whole
    assert "from the counts of March 2026, with the activity planned (work experience placements, 14" in whole
    assert re.search(r"estimate of their effect\. \d+ other targets have none; --chances says why\.", whole)
    _, out, _ = run(*words, "--chances", "--intention", "2")
    assert "2m3   no chance given       Work experience placements a year" in out


def test_a_note_goes_into_the_log_and_is_shown_under_its_intention(planned: Run) -> None:
    _, out, _ = planned("progress", "show", "ZZ9")
    assert "There are no notes yet" in out
    words = ("progress", "note", "ZZ9", "1", "Two colleges [joined].", "--by", "Ann", "--side", "staff")
    code, out, err = planned(*words, "--on", "2026-05-28")
    assert (code, err, out) == (0, "", "Written as note 1: 28 May 2026, note by Ann (staff): Two colleges [joined].\n")
    planned(*words[:4], "Days clash.", *words[5:], "--kind", "reflection", "--on", "2026-05-01")
    _, out, _ = planned("progress", "show", "ZZ9", "--intention", "1")
    assert out.splitlines()[-2:] == [
        "  1 May 2026, reflection by Ann (staff): Days clash.",
        "  28 May 2026, note by Ann (staff): Two colleges [joined].",
    ]
    code, _, err = planned(*words[:3], "11", *words[4:])
    assert (code, "no intention called '11'" in err, "Traceback" in err) == (1, True, False)
    code, _, err = planned(*words, "--on", "2999-05-28")
    assert (code, "28 May 2999 is in the future" in err) == (1, True)


def test_reminders_are_listed_and_written_as_csv_and_calendar(planned: Run, tmp_path: Path) -> None:
    _, out, _ = planned("progress", "reminders", "ZZ9", "--as-of", "2026-05-25")
    assert "Nowhere Trust (ZZ9): 1 reminder up to 6 July 2026" in out
    assert "30 June 2026" in out
    for name in ("x.csv", "x.ics"):
        code, out, err = planned("progress", "reminders", "ZZ9", "--out", str(tmp_path / name), "--as-of", "2026-05-25")
        assert (code, err, out) == (0, "", f"{tmp_path / name}: 1 reminder\n")
    assert ",'=Head," in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    assert "DTSTART;VALUE=DATE:20260630" in (tmp_path / "x.ics").read_text(encoding="utf-8")


def test_slips_are_told_in_words(planned: Run, tmp_path: Path) -> None:
    for words, told in (
        (("status", "ZZ8"), "no organisation called 'ZZ8'. The closest: ZZ9"),
        (("status", "ZZ9", "--as-of", "May"), "'May' is not a day. Write it as 2026-03-31."),
        (("status", "ZZ9", "--intention", "12"), "no intention called '12'"),
        (("reminders", "ZZ9", "--weeks", "-1"), "--weeks: reminders look ahead by 0 weeks or more, not -1."),
        (("reminders", "ZZ9", "--out", str(tmp_path / "x.doc")), "saved as .csv or .ics, not as '.doc'"),
        (("note", "ZZ9", "1", " ", "--by", "A", "--side", "staff"), "enter the text of the note"),
    ):
        code, _, err = planned("progress", *words)
        assert code == 1
        assert told in err
        assert "Traceback" not in err
