"""What holds for every plan: YAML gives it back as it was, here and in papermill; digests see content only."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papermill.iorw import read_yaml_file
from ruamel.yaml import YAML

from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import Plan, Target, changes_between, decimal_text
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit

pytestmark = pytest.mark.law

AWKWARD = [
    "no",
    "12:30",
    "2026-03-31",
    "1e5",
    "~",
    "a: b",
    "# x",
    "- x",
    "O'Neill",
    "x\ny",
    " y",
    "é",
    "&a",
    "0x1f",
    "%",
    "x\n\n",
]
TEXTS = (st.text(max_size=40) | st.sampled_from(AWKWARD)).filter(
    lambda text: not any(unicodedata.category(mark) in {"Cc", "Cs"} and mark not in "\n\t" for mark in text)
)
FILLED = TEXTS.filter(lambda text: bool(text.strip()))
MEASURES = {measure.key: measure for measure in catalogue().measures if measure.changes}


@st.composite
def targets(draw: st.DrawFn, measure: str | None = None) -> Target:
    key = measure or draw(st.sampled_from(sorted(MEASURES)))
    unit = MEASURES[key].baseline_unit
    assert unit is not None
    source = draw(FILLED)
    period = draw(st.sampled_from(["2026-03", "2025/26-Q4", "2025/26", "2026-03-31"]))
    if unit is Unit.COUNT:
        baseline = Baseline.count(draw(st.integers(1, 5000)), draw(FILLED), period=period, source=source)
    else:
        of = draw(st.integers(1, 90_000))
        baseline = Baseline.of(draw(st.integers(1, of)), of, unit=unit, period=period, source=source)
    changes = {
        ChangeKind.LEVEL: st.floats(0, 1),
        ChangeKind.POINTS: st.floats(-1, 1),
        ChangeKind.RELATIVE: st.floats(-1, 1),
        ChangeKind.MULTIPLE: st.floats(0.01, 3),
        ChangeKind.COUNT: st.integers(-100, 1000).map(float),
    }
    kind = draw(st.sampled_from(MEASURES[key].changes))
    change = Change(kind, draw(changes[kind]))
    if not _possible(change, baseline):
        change = Change(ChangeKind.LEVEL, 0.5)
    return Target(
        measure=key,
        baseline=baseline,
        change=change,
        due=draw(st.builds(Month, st.integers(2027, 2040), st.integers(1, 12))),
        note=draw(TEXTS),
    )


def _possible(change: Change, baseline: Baseline) -> bool:
    from t4c_lib.errors import T4CError

    try:
        change.goal(baseline)
    except T4CError:
        return False
    return True


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    keys = draw(st.lists(st.sampled_from(sorted(MEASURES)), unique=True, max_size=4))
    return Plan(
        organisation=draw(st.from_regex(r"[A-Z0-9][A-Z0-9]{0,5}", fullmatch=True)),
        organisation_name=draw(FILLED),
        years=draw(st.sampled_from([("2026/27",), (FinancialYear(2026), FinancialYear(2027))])),
        targets=tuple(draw(targets(key)) for key in keys),
    )


@given(plan=plans())
def test_what_is_written_reads_back_as_the_same_plan_and_a_second_export_is_the_same_text(plan: Plan) -> None:
    text = plan.to_yaml()
    again = Plan.from_yaml(text)
    assert again == plan
    assert again.digest == plan.digest
    assert again.to_yaml() == text


@given(plan=plans())
def test_papermill_reads_from_the_same_file_what_we_wrote(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("plan") / "plan.yaml"
    file.write_text(plan.to_yaml(), encoding="utf-8")
    assert read_yaml_file(str(file)) == plan.parameters()
    assert Plan.from_parameters(**plan.parameters()) == plan


@given(before=plans(), after=plans())
def test_a_plan_written_over_another_text_of_it_is_that_plan(before: Plan, after: Plan) -> None:
    text = after.to_yaml(over=before.to_yaml())
    assert Plan.from_yaml(text) == after
    assert after.to_yaml(over=text) == text


@given(plan=plans(), data=st.data())
def test_the_digest_does_not_see_key_order_blanks_or_the_way_letters_are_composed(
    plan: Plan, data: st.DataObject
) -> None:
    def stir(value: Any) -> Any:
        if isinstance(value, dict):
            keys = data.draw(st.permutations(sorted(value)))
            return {key: stir(value[key]) for key in keys}
        if isinstance(value, list):
            return [stir(one) for one in value]
        if isinstance(value, str) and value != plan.organisation:
            return f"  {unicodedata.normalize('NFD', value)}\n"
        return value

    stream = io.StringIO()
    writer = YAML()
    writer.indent(mapping=7, sequence=9, offset=3)
    writer.dump(stir(plan.parameters()), stream)
    again = Plan.from_yaml("# a comment\n\n" + stream.getvalue())
    assert again.digest == plan.digest
    assert [one.digest for one in again.targets] == [one.digest for one in plan.targets]


@given(one=targets(), other=targets())
def test_two_rows_have_one_digest_exactly_when_what_is_agreed_is_the_same(one: Target, other: Target) -> None:
    assert (one.digest == other.digest) == (one.covered == other.covered)


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_decimal_text_reads_back_as_the_same_number_without_an_exponent(number: float) -> None:
    text = decimal_text(number)
    assert float(text) == number
    assert "e" not in text.lower()


@given(before=plans(), after=plans())
def test_nothing_is_said_to_have_changed_exactly_when_nothing_has(before: Plan, after: Plan) -> None:
    after = Plan.from_parameters(
        {**after.parameters()["organisation"], "code": before.organisation}, after.parameters()["plan"]
    )
    assert changes_between(before, before) == ()
    assert (changes_between(before, after) == ()) == (before == after)
