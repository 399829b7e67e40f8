"""What holds for every plan: YAML gives it back as it was, here and in papermill; digests see content only."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papermill.iorw import read_yaml_file
from ruamel.yaml import YAML

from t4c_lib.plan import MeasureRow, Plan, changes_between, decimal_text
from t4c_lib.plan.plan_text import rewritten, rows_rewritten

from .plan_making import MEASURE_KEYS, measures, plans

pytestmark = pytest.mark.law
WIDE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@WIDE
@given(plan=plans())
def test_what_is_written_reads_back_as_the_same_plan_and_a_second_export_is_the_same_text(plan: Plan) -> None:
    text = plan.to_yaml()
    again = Plan.from_yaml(text)
    assert again == plan
    assert again.digest == plan.digest
    assert again.to_yaml() == text
    assert again.to_yaml(over=text) == text


@WIDE
@given(plan=plans())
def test_papermill_reads_from_the_same_file_what_we_wrote(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("plan") / "plan.yaml"
    file.write_text(plan.to_yaml(), encoding="utf-8")
    assert read_yaml_file(str(file)) == plan.parameters()
    assert Plan.from_parameters(**plan.parameters()) == plan


@WIDE
@given(before=plans(), after=plans())
def test_a_plan_written_over_another_text_of_it_is_that_plan(before: Plan, after: Plan) -> None:
    text = after.to_yaml(over=before.to_yaml())
    assert Plan.from_yaml(text) == after
    assert after.to_yaml(over=text) == text


@WIDE
@given(plan=plans(), data=st.data())
def test_rows_rewritten_alone_are_as_they_are_with_the_whole_text(plan: Plan, data: st.DataObject) -> None:
    text = plan.to_yaml()
    notes = st.sampled_from(["", "once more", "# no comment", "two\n# lines", "a: b"])
    rows = {
        name: [row.changed(note=data.draw(notes)) for row in getattr(plan, name)] for name in ("actions", "measures")
    }
    after = plan.changed(**{name: tuple(some) for name, some in rows.items()})
    alone = rows_rewritten(text, plan.parameters(), after.parameters())
    assert alone == rewritten(text, plan.parameters(), after.parameters())
    assert alone is not None
    assert Plan.from_yaml(alone) == after


@WIDE
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
    assert [one.digest for one in again.measures] == [one.digest for one in plan.measures]
    assert [one.digest for one in again.actions] == [one.digest for one in plan.actions]


@WIDE
@given(data=st.data())
def test_two_rows_have_one_digest_exactly_when_what_is_agreed_is_the_same(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(MEASURE_KEYS))
    one, other = data.draw(measures(key)), data.draw(measures(key))
    assert (one.digest == other.digest) == (one.covered == other.covered)


@WIDE
@given(data=st.data())
def test_a_row_has_a_target_exactly_when_nothing_is_missing_or_in_its_way(data: st.DataObject) -> None:
    row: MeasureRow = data.draw(measures(data.draw(st.sampled_from(MEASURE_KEYS))))
    missing = None in (row.starting_figure, row.change, row.due)
    assert (row.target is None) == (missing or bool(row.target_faults) or row.state == "left out")
    if row.target is not None:
        assert row.target.goal >= 0
        assert row.target.goal <= 1 or row.what.kind != "share"


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_decimal_text_reads_back_as_the_same_number_without_an_exponent(number: float) -> None:
    text = decimal_text(number)
    assert float(text) == number
    assert "e" not in text.lower()


@WIDE
@given(before=plans(), after=plans())
def test_nothing_is_said_to_have_changed_exactly_when_nothing_has(before: Plan, after: Plan) -> None:
    assert changes_between(before, before) == ()
    assert (changes_between(before, after) == ()) == (before == after)
