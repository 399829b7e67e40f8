"""The demonstration organisations' plans: each at its stage, and each resting on its extract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from papermill.iorw import read_yaml_file

from t4c_lib.evidence import read_files
from t4c_lib.framework import catalogue
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan, RowState, Severity, check
from t4c_lib.progress import RowFigures

Module = Callable[[str], Any]  # tests/demo/conftest.py: gives a module of the generator

PLANS = Path(__file__).resolve().parents[2] / "parameters" / "demo"
CODES = ["DEMO-AC", "DEMO-MH", "DEMO-CO", "DEMO-AM", "DEMO-SP", "DEMO-SC"]
TODAY = dt.date(2026, 5, 1)  # a month after the end of the extracts


def read(code: str) -> Plan:
    file = PLANS / f"{code}.yaml"
    return Plan.from_yaml(file.read_text(encoding="utf-8"), file.name)


def found(code: str, severity: Severity) -> list[str]:
    return [str(one) for one in check(read(code), TODAY) if one.severity is severity]


@pytest.mark.unit
def test_there_is_a_plan_file_for_every_demonstration_organisation() -> None:
    assert sorted(path.stem for path in PLANS.glob("*.yaml")) == sorted(CODES)


@pytest.mark.unit
@pytest.mark.parametrize("code", CODES)
def test_each_file_says_that_it_is_made_up_and_is_its_organisations_plan_for_papermill_too(
    module: Module, code: str
) -> None:
    file = PLANS / f"{code}.yaml"
    text = file.read_text(encoding="utf-8")
    plan = read(code)
    assert text.startswith("# Demonstration: this organisation and everything in it is made up")
    assert plan.organisation == code
    assert plan.organisation_name == module("settings").read_settings().organisations[code].name
    assert plan.to_yaml(over=text) == text
    assert Plan.from_yaml(plan.to_yaml()) == plan
    given = read_yaml_file(str(file))
    assert sorted(given) == ["organisation", "plan"]
    assert Plan.from_parameters(**given) == plan


@pytest.mark.unit
@pytest.mark.parametrize("code", CODES)
def test_each_plan_says_something_of_every_action_and_every_measure_of_the_framework(code: str) -> None:
    plan = read(code)
    assert {one.key for one in catalogue().actions} <= {row.action for row in plan.actions}
    assert {one.key for one in catalogue().measures} <= {row.measure for row in plan.measures}
    assert all(row.reason for row in (*plan.actions, *plan.measures) if row.state is RowState.LEFT_OUT)


@pytest.mark.unit
def test_the_fresh_plan_is_the_suggested_one() -> None:
    plan = read("DEMO-CO")
    assert plan == Plan.suggested("DEMO-CO", plan.organisation_name, ["2026/27", "2027/28"])
    assert plan.targets == ()
    assert len(found("DEMO-CO", Severity.MUST)) == 87


@pytest.mark.unit
def test_the_plan_half_way_has_owners_for_the_intentions_that_were_worked_through() -> None:
    plan = read("DEMO-AC")
    assert len(plan.targets) == 6
    owned = {row.intention_number for row in (*plan.actions, *plan.measures) if row.post}
    assert owned == {1, 2, 3, 6}
    lacking = {one.row for one in check(plan, TODAY) if one.message == "No X set."}
    assert lacking == {
        f"{catalogue().measure(key).reference} {catalogue().measure(key).name}"
        for key in (
            *("local-diversity", "nhs-as-career-choice", "young-people-choosing-nhs"),
            *("appraisal-received", "appraisal-meaningful", "release-grievances"),
        )
    }
    assert "the equality impact assessment, date: No date given." in found("DEMO-AC", Severity.MUST)


@pytest.mark.unit
def test_the_plan_just_begun_has_no_assessment_and_an_x_without_a_baseline() -> None:
    told = found("DEMO-SP", Severity.MUST)
    assert "2m3 Work experience placements a year, baseline: No baseline for the X." in told
    assert any(one.startswith("the equality impact assessment: Not done yet") for one in told)
    assert len(read("DEMO-SP").targets) == 3


@pytest.mark.unit
def test_the_agreed_plans_lack_nothing() -> None:
    assert check(read("DEMO-MH"), TODAY) == ()
    assert found("DEMO-SC", Severity.MUST) == []
    assert {one.field for one in check(read("DEMO-SC"), TODAY)} == {"evidence", "change", "effect"}
    states = {row.state for row in (*read("DEMO-MH").actions, *read("DEMO-MH").measures)}
    assert states == set(RowState)


@pytest.mark.unit
def test_the_plan_in_its_second_year_is_told_of_what_slipped() -> None:
    assert [str(one) for one in check(read("DEMO-AM"), TODAY)] == [
        "10a3 Agree publicity, toolkits and briefings that engage support …, due: "
        "It was due in March 2026 and is not done.",
        "4m1-meaningful Support staff who found their appraisal meaningful, due: Its due date, March 2026, "
        "has passed: record the outcome, or set a later date.",
        "10m4 Programme reviewed regularly by the Board and both sides, review: "
        "A review was due in March 2026, last held on 11 December 2025.",
    ]


@pytest.mark.flow
@pytest.mark.parametrize("code", CODES)
def test_baselines_from_the_extract_are_what_it_says(extracts: Path, code: str) -> None:
    (loaded,) = read_files([extracts / f"{code}_staff.csv.gz"])
    seen = loaded.observations.assign(source="extract")
    rows = [row for row in read(code).measures if row.baseline and row.baseline.source.startswith("staff extract")]
    assert code == "DEMO-CO" or {row.measure for row in rows} >= {"young-share", "sickness"}
    for row in rows:
        assert row.baseline is not None
        numerator, denominator = counted(seen, row)
        assert row.baseline.numerator == pytest.approx(numerator, abs=0.005)
        assert row.baseline.denominator == pytest.approx(denominator, abs=0.005)


@pytest.mark.flow
@pytest.mark.parametrize("code", CODES)
def test_no_baseline_contradicts_what_was_counted_for_its_own_period(extracts: Path, code: str) -> None:
    (loaded,) = read_files([extracts / f"{code}_staff.csv.gz"])
    figures = RowFigures(loaded.observations.assign(source="extract"))
    assert code == "DEMO-CO" or any(figures.counted(row) for row in read(code).measures)
    told = check(read(code), TODAY, counted=figures.counted)
    assert [str(one) for one in told if one.message.startswith("The evidence has")] == []


def counted(seen: pd.DataFrame, row: MeasureRow) -> tuple[float | None, float | None]:
    """Numerator and denominator of a measure in the month of its baseline."""
    assert row.baseline is not None
    month = Month.parse(row.baseline.period)
    if row.measure != "turnover":
        there = RowFigures(seen).of(row.measure, row.population, as_of=month)
        assert there is not None
        assert there.period == row.baseline.period
        return there.numerator, there.denominator
    of = seen[(seen["population"] == row.population) & (seen["breakdown"] == "all")]
    in_year = (of["period"] > str(month + -12)) & (of["period"] <= str(month))
    leavers = of.loc[in_year & (of["series"] == "leavers"), "value"].sum()
    staff = of[of["series"] == "headcount"].set_index("period")["value"]
    return float(leavers), float(staff[str(month + -12)] + staff[str(month)]) / 2
