"""`t4c plan set`, `baseline` and `equality`: many fields in one save, shown first; what is wrong changes nothing."""

from __future__ import annotations

import pytest

from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, SourceFile
from t4c_lib.plan import Plan
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.counted import observation, table

pytestmark = pytest.mark.flow

SAVER = ("--by", "Ada Example", "--side", "both", "--yes")


@pytest.fixture
def planned(known: Run) -> Run:
    """An organisation with a plan as the framework suggests it."""
    code, _, err = known("plan", "new", "ZZ9", "--year", "2026/27", *SAVER)
    assert code == 0, err
    return known


def counted(known: Run) -> None:
    """A store in which something was counted of the organisation."""
    source = SourceFile("extract.csv", "1" * 64, "made", 1, 0, None, "")
    rows = [
        observation("young-share", "2026-03", 120, out_of=2842, organisation="ZZ9"),
        observation("young-share", "2025-03", 100, out_of=2800, organisation="ZZ9"),
        observation("local-diversity", "2026-03", 90, out_of=2000, organisation="ZZ9", breakdown="disability=Yes"),
    ]
    with Store.open() as store:
        store.add_evidence([Loaded(source, (), table(rows)[list(OBSERVATION_COLUMNS)])])


def saved_plan() -> Plan:
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    return revision.plan


def test_baselines_come_from_the_evidence_for_rows_without_one_and_what_has_none_is_told_in_a_few_lines(
    planned: Run,
) -> None:
    counted(planned)
    code, out, err = planned("plan", "baseline", "ZZ9", "--from-evidence", "--as-of", "2025-12", *SAVER)
    assert code == 0, err
    assert "1m1 Staff aged 16 to 24: baseline set to 3.6% in March 2025 (extract.csv)" in out
    assert "Compared group by group: name one (--group): 1m3, 2m1-diversity, 4m3-diversity" in out
    assert out.count("No figure in the evidence, ") == 3  # shares, rates and counts
    _, out, _ = planned("plan", "baseline", "ZZ9", "--from-evidence", *SAVER)
    assert "Nothing changes." in out
    planned("plan", "baseline", "ZZ9", "--from-evidence", "--all", *SAVER)
    newest = saved_plan().measure("1m1").baseline
    assert newest is not None
    assert (newest.numerator, newest.period, newest.source) == (120, "2026-03", "extract.csv")
    words = ("--from-evidence", "--group", "disability", "--comparison", "8.6% in 2021-03 (census)")
    code, _, err = planned("plan", "baseline", "ZZ9", "1m3", *words, *SAVER)
    assert code == 0, err
    assert saved_plan().measure("1m3").gap == pytest.approx(0.086 - 0.045)


def test_a_baseline_is_typed_with_its_period_and_source_and_one_that_contradicts_the_evidence_is_told(
    planned: Run,
) -> None:
    counted(planned)
    typed = ("--numerator", "90", "--denominator", "2,800", "--period", "2025-03", "--source", "ESR (by hand)")
    code, _, err = planned("plan", "baseline", "ZZ9", "1m1", *typed, *SAVER)
    assert code == 0, err
    baseline = saved_plan().measure("1m1").baseline
    assert baseline is not None
    assert (baseline.numerator, baseline.denominator, baseline.source) == (90, 2800, "ESR (by hand)")
    _, out, _ = planned("plan", "check", "ZZ9")
    assert "The evidence has 3.6% (100 of 2,800) for March 2025, not 3.2% (90 of 2,800)." in out
    code, _, err = planned("plan", "baseline", "ZZ9", "1m1", "--value", "5.7%", *SAVER)
    assert code == 1
    assert "--period" in err


def test_fields_are_set_by_options_and_by_assignments_in_one_save_that_is_shown_first(planned: Run) -> None:
    code, out, err = planned("plan", "set", "ZZ9", "all", "1m1", "--post", "Lead", "1m1.x=2 points", *SAVER)
    assert code == 0, err
    assert "post set to 'Lead': 74 rows (1a1, 1a2, " in out
    assert "1m1 Staff aged 16 to 24: X set to 2 percentage points up" in out
    assert {row.post for row in (*saved_plan().actions, *saved_plan().measures)} == {"Lead"}
    for words, told in (
        (("1m1", "--due", "2020-01"), "1m1.due: January 2020 has passed"),
        (("1m1",), "Rows go with options"),
        (("1m1.post=A", "--post", "B"), "Rows go with options"),
        (("1m1.post=A", "2m2.x=1 point"), "2m2.x: it has no 'x' to set."),
    ):
        code, _, err = planned("plan", "set", "ZZ9", *words, *SAVER)
        assert code == 1
        assert told in err
    with Store.open() as store:
        assert len(store.plan_history("ZZ9")) == 2


def test_the_equality_assessment_is_written_by_one_command(planned: Run) -> None:
    words = ("--assessor", "Head of Inclusion", "--date", "2026-11-12", "--others", "neutral: looked at")
    code, out, err = planned("plan", "equality", "ZZ9", "--group", "age=positive: routes in", *words, *SAVER)
    assert code == 0, err
    assert "the equality impact assessment: added" in out
    _, out, _ = planned("plan", "check", "ZZ9")
    assert "There is none: say what the plan does" not in out
