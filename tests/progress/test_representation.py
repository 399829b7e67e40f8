"""A workforce beside the people around it, group by group, with those who did not say shown apart."""

from __future__ import annotations

import pytest

from t4c_lib.progress import format_representation
from t4c_lib.progress.representation import LocalPopulation, compare_with_residents
from tests.counted import SUPPORT, WHOLE, observation, table

pytestmark = pytest.mark.unit

RESIDENTS = LocalPopulation(
    weights=(("E06000001", 1.0),),
    young_share=0.17,
    base="age=16-64",
    ages_of="2020-06-30",
    groups=(
        ("Asian, Asian British or Asian Welsh", 0.20),
        ("Black, Black British, Black Welsh, Caribbean or African", 0.05),
        ("Mixed or Multiple ethnic groups", 0.03),
        ("White", 0.70),
        ("Other ethnic group", 0.02),
    ),
    groups_of="2021-03-21",
)


def staff(period: str = "2026-03", **answers: float) -> list[dict[str, object]]:
    """Answers to the question about ethnicity, with four who declined and six of whom nothing is on record."""
    answered = sum(answers.values())
    rows = [
        observation("local-diversity", period, people, out_of=answered, breakdown=f"ethnicity={name}")
        for name, people in answers.items()
    ]
    for name, people in (("Not stated", 4), ("Not recorded", 6)):
        rows.append(observation("local-diversity", period, people, out_of=answered + 10, breakdown=f"ethnicity={name}"))
    return rows


def test_each_group_of_staff_stands_beside_the_same_group_of_residents() -> None:
    (by_ethnicity,) = compare_with_residents(table(staff(Asian=10, Black=8, Mixed=0, White=80, Other=2)), RESIDENTS)
    gaps = {one.breakdown: one for one in by_ethnicity.gaps}
    asian = gaps["ethnicity=Asian"]
    assert (asian.people, asian.answered, asian.staff, asian.residents) == (10, 100, 0.1, 0.2)
    assert asian.gap == pytest.approx(0.1)
    assert gaps["ethnicity=Black"].gap == pytest.approx(-0.03)
    assert asian.low == pytest.approx(0.0552, abs=1e-4)  # Wilson's interval for 10 of 100
    assert asian.high == pytest.approx(0.1744, abs=1e-4)
    assert sum(one.residents for one in by_ethnicity.gaps) == pytest.approx(1)
    assert (by_ethnicity.period, by_ethnicity.residents_of) == ("2026-03", "2021-03-21")


def test_who_did_not_say_is_shown_and_in_no_group() -> None:
    (by_ethnicity,) = compare_with_residents(table(staff(Asian=10, White=90)), RESIDENTS)
    assert (by_ethnicity.not_stated, by_ethnicity.not_recorded, by_ethnicity.everybody) == (4, 6, 110)
    assert all("Not" not in one.breakdown for one in by_ethnicity.gaps)


def test_a_group_that_is_not_known_among_staff_has_no_gap_and_is_not_taken_for_nobody() -> None:
    figures = table(staff(Asian=10, White=90))
    figures.loc[0, "state"] = "suppressed"
    (by_ethnicity,) = compare_with_residents(figures, RESIDENTS)
    states = {one.breakdown: (one.state.value, one.gap) for one in by_ethnicity.gaps}
    assert states["ethnicity=Asian"] == ("suppressed", None)
    assert states["ethnicity=Black"] == ("missing", None)
    assert states["ethnicity=White"][0] == "counted"


def test_the_newest_period_counts_and_each_population_has_its_own() -> None:
    old, new = staff("2025-12", Asian=5, White=95), staff("2026-03", Asian=10, White=90)
    assert compare_with_residents(table([*new, *old]), RESIDENTS)[0].period == "2026-03"
    assert compare_with_residents(table(old), RESIDENTS, SUPPORT) == ()


def test_young_people_are_compared_where_ages_are_known_and_the_bases_are_told() -> None:
    rows = [observation("local-diversity", "2026-03", 57, out_of=1000, breakdown="age=16-24", population=WHOLE)]
    (by_age,) = compare_with_residents(table(rows), RESIDENTS)
    assert by_age.characteristic == "age"
    assert by_age.gaps[0].gap == pytest.approx(0.17 - 0.057)
    assert "a share of residents aged 16 to 64" in by_age.note


def test_a_comparison_is_told_group_by_group_with_those_left_out() -> None:
    (by_ethnicity,) = compare_with_residents(table(staff(Asian=10, Black=5, White=85)), RESIDENTS)
    lines = format_representation(by_ethnicity).splitlines()
    assert lines[0] == "trust workforce, March 2026, compared with residents of 21 March 2021, by ethnicity"
    counted = "10.0% of staff (10 of 100; 95% interval 5.5% to 17.4%)"
    assert lines[1] == f"  Asian: {counted}, 20.0% of residents: 10 percentage points lower among staff"
    assert lines[2].endswith("5.0% of residents: the same")
    assert lines[3] == "  Mixed: staff figure missing; 3.0% of residents"
    assert "  excluded from the shares, of 110 people: 4 not stated and 6 not recorded" in lines
