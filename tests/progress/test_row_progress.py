"""A whole plan at once: each row with its figures and its word, pairs together, and variety in the demonstrations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan
from t4c_lib.progress import RowProgress, plan_progress
from t4c_lib.progress.target_chances import TargetChances
from t4c_lib.progress.trajectory import Shape
from t4c_lib.store import Store
from tests.counted import observation, table

DAY = dt.date(2027, 4, 30)
RECEIVED, MEANINGFUL = "appraisal-received", "appraisal-meaningful"


def survey(measure: str, **fields: Any) -> MeasureRow:
    plain: dict[str, Any] = {
        "measure": measure,
        "baseline": {"numerator": 700, "denominator": 1000, "period": "2026-03", "source": "survey"},
        "change": {"kind": "level", "amount": 0.8},
        "due": "2028-03",
    }
    return MeasureRow.of(**{**plain, **fields})


def plan_of(*rows: MeasureRow) -> Plan:
    made = Plan.of(organisation="X01", organisation_name="Example Trust", years=("2026/27",))
    return made.changed(measures=rows)


def answered(**yes: float) -> Any:
    """So many of a thousand said yes in March 2027."""
    return table(
        [
            observation(measure.replace("_", "-"), "2027-03", count, out_of=1000, population="support staff")
            for measure, count in yes.items()
        ]
    )


def words(found: tuple[RowProgress, ...]) -> dict[str, str]:
    return {one.row.measure: one.status.text for one in found if isinstance(one.row, MeasureRow)}


@pytest.mark.unit
def test_a_survey_pair_is_met_only_when_both_are() -> None:
    both = plan_of(survey(RECEIVED), survey(MEANINGFUL))
    for first, second, expected in (
        (850, 850, ("met", "met")),
        (850, 760, ("ahead", "on course")),
        (760, 850, ("on course", "ahead")),
        (760, 700, ("on course", "off course")),
    ):
        found = words(plan_progress(both, answered(appraisal_received=first, appraisal_meaningful=second), DAY))
        assert (found[RECEIVED], found[MEANINGFUL]) == expected
    one_counted = plan_progress(both, answered(appraisal_received=850), DAY)
    assert words(one_counted) == {RECEIVED: "ahead", MEANINGFUL: "no figure yet"}
    assert "is not met" in one_counted[0].status.reason
    left_out = plan_of(survey(RECEIVED), survey(MEANINGFUL, state="left out", reason="no such question"))
    assert words(plan_progress(left_out, answered(appraisal_received=850), DAY))[RECEIVED] == "met"
    closed = plan_of(survey(RECEIVED), survey(MEANINGFUL, closed="2026/27"))
    assert words(plan_progress(closed, answered(appraisal_received=850), DAY))[RECEIVED] == "met"


@pytest.mark.unit
def test_a_row_comes_with_its_figures_in_its_own_words() -> None:
    (one,) = plan_progress(plan_of(survey(RECEIVED)), answered(appraisal_received=760), DAY)
    assert one.latest is not None
    assert (one.latest.value, one.name, one.better) == (0.76, "4m1-received appraisal-received", "higher")
    assert one.text_of(0.76) == "76.0%"
    assert one.figures["period"].tolist() == ["2027-03"]
    (before,) = plan_progress(plan_of(survey(RECEIVED)), answered(appraisal_received=760), dt.date(2027, 3, 30))
    assert (before.status.text, before.latest) == ("no figure yet", None)


@pytest.mark.unit
def test_chances_are_taken_by_the_key_of_the_row_and_the_shape_from_the_row() -> None:
    row = survey(RECEIVED)
    figures = answered(appraisal_received=760)
    (by_chance,) = plan_progress(plan_of(row), figures, DAY, chances={row.key: 0.1})
    assert (by_chance.status.text, by_chance.status.chance) == ("off course", 0.1)
    (by_shape,) = plan_progress(plan_of(row.changed(way="front-loaded")), figures, DAY)
    assert by_shape.status.text == "behind"
    (other,) = plan_progress(plan_of(row), figures, DAY, chances={("x", "", ""): 0.1})
    assert (other.status.text, other.status.chance) == ("on course", None)


def monthly(counts: Sequence[float | None], first: str = "2025-06", out_of: float = 1000) -> Any:
    start = Month.parse(first)
    return table(
        [
            observation("sickness", str(start + step), count, out_of=out_of, population="support staff")
            for step, count in enumerate(counts)
            if count is not None
        ]
    )


def absence(**fields: Any) -> MeasureRow:
    base = {"numerator": 60, "denominator": 1000, "period": "2026-03", "source": "extract"}
    plain = {"measure": "sickness", "baseline": base, "change": {"kind": "level", "amount": 0.03}, "due": "2028-03"}
    return MeasureRow.of(**{**plain, **fields})


STEADY = [60 + (place * 7) % 5 - 2.0 for place in range(22)]


@pytest.mark.unit
def test_assurance_is_held_against_a_target_that_is_in_force_and_no_other() -> None:
    (early,) = plan_progress(plan_of(absence()), monthly(STEADY), DAY)
    assert (early.variation, early.assurance) == ("common_cause", None)
    (due,) = plan_progress(plan_of(absence(due="2027-03")), monthly(STEADY), DAY)
    assert (due.variation, due.assurance) == ("common_cause", "consistent_fail")
    (held,) = plan_progress(plan_of(absence(change={"kind": "level", "amount": 0.06})), monthly(STEADY), DAY)
    assert held.assurance == "inconsistent"


@pytest.mark.unit
@pytest.mark.parametrize(
    "fields", [{"closed": "2026/27"}, {"state": "in place"}, {"state": "left out", "reason": "Not ours."}]
)
def test_a_row_with_nothing_left_to_do_has_neither_chance_nor_icon(fields: dict[str, str]) -> None:
    row = absence(due="2027-03", **fields)
    (one,) = plan_progress(plan_of(row), monthly(STEADY), DAY, {row.key: 0.4})
    assert one.latest is not None
    assert (one.chance, one.variation, one.assurance) == (None, None, None)


@pytest.mark.unit
def test_a_month_without_a_figure_breaks_runs_and_ranges() -> None:
    shifted: list[float | None] = [*[70.0, 50.0] * 8, *[40.0] * 4, None, *[40.0] * 3]
    (broken,) = plan_progress(plan_of(absence()), monthly(shifted), DAY)
    (whole,) = plan_progress(plan_of(absence()), monthly([one for one in shifted if one is not None]), DAY)
    assert whole.variation == "improvement_low"
    assert broken.variation == "common_cause"
    assert broken.signals is not None
    assert whole.signals is not None
    # 15 ranges of 20, one of 10, and of 0: six, or the four that do not touch the gap.
    assert broken.signals.upper[0] - broken.signals.mean[0] > whole.signals.upper[0] - whole.signals.mean[0]


@pytest.mark.unit
def test_why_a_target_has_no_chance_and_what_a_chance_leaves_out_come_with_the_row() -> None:
    first, second = absence(), survey(RECEIVED)
    likely = TargetChances({second.key: 0.4}, {first.key: "No lever moves it."}, "told")
    found = {one.key: one for one in plan_progress(plan_of(first, second), monthly(STEADY), DAY, likely)}
    assert (found[first.key].chance, found[first.key].no_chance) == (None, "No lever moves it.")
    assert (found[second.key].chance, found[second.key].no_chance) == (0.4, "")


@pytest.mark.law
def test_every_row_of_a_plan_has_a_status_and_stands_under_its_intention() -> None:
    plan = Plan.suggested("X01", "Example Trust", ["2026/27"], since=Month.of(DAY))
    found = plan_progress(plan, table([]), DAY)
    assert len(found) == len(plan.actions) + len(plan.measures)
    numbers = [one.intention_number for one in found]
    assert numbers == sorted(numbers)
    assert [one.row for one in found if one.is_action] == list(plan.actions)
    for number in set(numbers):
        kinds = [one.is_action for one in found if one.intention_number == number]
        assert kinds == sorted(kinds, reverse=True)
    assert {one.status.text for one in found} == {
        "not started",
        "target not set",
        "no figure yet, no target",
        "due",
        "date missing",
    }


@pytest.mark.flow
def test_the_demonstrations_show_nearly_every_word(demonstration: Path) -> None:
    seen: dict[str, set[str]] = {}
    ways: set[Shape] = set()
    with Store.open(demonstration) as store:
        for code in ("DEMO-AC", "DEMO-AM", "DEMO-MH", "DEMO-SP"):
            latest = store.latest_plan(code)
            assert latest is not None
            found = plan_progress(latest.plan, store.observations(code), dt.date(2026, 5, 1))
            seen[code] = {str(one.status.word) for one in found}
            ways |= {one.trajectory.shape for one in found if one.trajectory is not None}
    measured = {"met", "on course", "behind", "off course", "no figure yet"}
    assert measured | {"in place", "overdue", "done", "under way", "not started", "left out"} <= seen["DEMO-AM"]
    assert measured | {"above the comparison, no target"} <= seen["DEMO-MH"]
    assert {"target not set", "already in place", "due", "reported, no target"} <= seen["DEMO-AC"]
    assert {"baseline missing", "baseline only"} <= seen["DEMO-SP"]
    assert ways == {Shape.STRAIGHT, Shape.BACK_LOADED, Shape.STEPPED}
