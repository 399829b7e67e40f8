from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from t4c_lib.errors import InputError
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow, Plan, Target
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit

from .plan_making import with_target

pytestmark = pytest.mark.unit

BASELINE = Baseline.of(171, 3000, period="2026-03", source="staff extract of April 2026")

GOOD = """\
# The forum's plan.
organisation:
  code: X01
  name: Example Trust
plan:
  years: [2026/27]
  measures:
    # Settled at the away day.
    - measure: young-share
      population: trust workforce
      baseline:
        value: 0.057
        numerator: 171
        denominator: 3000
        period: 2026-03  # month end
        source: staff extract of April 2026
      change: {kind: points, amount: 0.02}
      due: 2027-03
    - measure: sickness
      baseline: {value: 0.06, period: 2026-03, source: published figure}
      change: {kind: level, amount: 0.05}
      due: 2027-03
      note: all staff as a proxy
"""


def young(**other: Any) -> Target:
    made = young_row(**other).target
    assert made is not None
    return made


def young_row(**other: Any) -> MeasureRow:
    fields: dict[str, Any] = {
        "measure": "young-share",
        "baseline": BASELINE,
        "change": Change(ChangeKind.POINTS, 0.02),
        "due": Month(2027, 3),
        **other,
    }
    return MeasureRow.of(**fields)


def plan(*targets: Target) -> Plan:
    made = Plan(organisation="X01", organisation_name="Example Trust", years=("2026/27",))
    for one in targets:
        made = with_target(made, one)
    return made


def problems(text: str) -> str:
    with pytest.raises(InputError) as caught:
        Plan.from_yaml(text, "plan.yaml")
    return str(caught.value)


def test_a_plan_file_becomes_a_plan() -> None:
    read = Plan.from_yaml(GOOD)
    assert (read.organisation, read.organisation_name, [str(year) for year in read.years]) == (
        "X01",
        "Example Trust",
        ["2026/27"],
    )
    assert read.targets[0] == young()
    assert read.targets[1].baseline.unit is Unit.RATE
    assert read.targets[1].population == "support staff"
    assert read.measure("1m4-sickness").note == "all staff as a proxy"
    assert read.targets[0].goal == pytest.approx(0.077)


def test_a_measure_may_be_named_by_its_place_in_the_framework() -> None:
    assert young(measure="1m1") == young()


def test_an_amount_loses_what_binary_arithmetic_adds() -> None:
    added = 0.1 + 0.2 - 0.28
    assert added != 0.02
    assert young(change=Change(ChangeKind.POINTS, added)) == young()
    assert "amount: 0.02}" in plan(young(change=Change(ChangeKind.POINTS, added))).to_yaml()


def test_a_baseline_may_leave_the_division_to_us() -> None:
    row = {"numerator": 171, "denominator": 3000, "period": "2026-03", "source": "staff extract of April 2026"}
    assert young(baseline=row) == young()


def test_a_plan_and_its_rows_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        young_row().due = Month(2028, 3)  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        plan().organisation = "X02"  # type: ignore[misc]


def test_a_row_takes_the_place_of_the_one_of_the_same_measure_and_population() -> None:
    other = young(population="support staff")
    first, second = plan(young(), other), young(due="2028-03")
    assert with_target(first, second).targets == (second, other)
    assert with_target(plan(), other).targets == (other,)


def test_comments_stay_where_a_plan_is_written_over_its_earlier_text() -> None:
    changed = with_target(Plan.from_yaml(GOOD), young(change=Change(ChangeKind.POINTS, 0.03)))
    text = changed.to_yaml(over=GOOD)
    assert text.replace("amount: 0.03", "amount: 0.02") == GOOD
    assert Plan.from_yaml(text) == changed


def test_a_plan_that_did_not_change_keeps_its_text_to_the_letter() -> None:
    text = GOOD.replace("  name: Example Trust", "  name:   'Example Trust'   # for now")
    assert Plan.from_yaml(text).to_yaml(over=text) == text


def test_all_problems_of_a_file_are_told_at_once_each_with_its_line() -> None:
    text = (
        GOOD.replace("code: X01", "code: 17")
        .replace("  years: [2026/27]", "  yeers: [2026/27]\n  years: [2026/28]")
        .replace("young-share", "yung-share")
        .replace("{kind: level, amount: 0.05}", "{kind: points, amount: 5%}")
        .replace("      note: all", "      due: 2028-03\n      note: all")
    )
    assert problems(text).splitlines() == [
        "plan.yaml: 6 problems, nothing was saved",
        "  - line 3 (organisation, code): a text belongs here, not 17. Put it in quotes.",
        "  - line 6 (plan, yeers): there is no key 'yeers' here. Did you mean 'years'? Allowed: years, "
        "actions, measures, timelines, equality, route, local_authorities, targets.",
        "  - line 7 (plan, year 1): '2026/28' is not a financial year: after 2026/ comes 27.",
        "  - line 10 (plan, measure yung-share, measure): There is no measure called 'yung-share'. "
        "The closest: young-share.",
        "  - line 22 (plan, measure sickness, change, amount): a number belongs here, not '5%'. "
        "Write a percentage as a fraction: 0.05.",
        "  - line 24 (plan, measure sickness, due): 'due' stands here a second time; the first is in line 23. "
        "Keep the one that is meant.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("amount: 0.02", "amount: 2", "line 17 (plan, measure young-share, change): an amount of 2 is more than"),
        ("due: 2027-03", "due: 0226-03", "226 is not a plausible year."),
        ("due: 2027-03", "due: 2027-13", "Month 13 of 2027 does not exist"),
        ("due: 2027-03", "due: 2027", "2027 is not a month. Write it as 2027-03."),
        ("due: 2027-03", "due: soon", "'soon' is not a month. Write year and month, such as 2026-04"),
        ("period: 2026-03  #", "period: 2026-02-30  #", "line 15 (plan, measure young-share, baseline, period):"),
        ("value: 0.057", "value: 5.7", "A share lies between 0 and 1, not at 5.7. Did you mean 0.057 (5.7%)?"),
        ("value: 0.057", "value: 0.06", "line 11 (plan, measure young-share, baseline): 171 of 3,000 is 0.057000"),
        ("        value: 0.057\n        numerator: 171\n", "", "needs its value, or a numerator and a denominator"),
        ("value: 0.057", "value: 0.057\n        unit: rate", "'young-share' is a share, but this is given as a rate."),
        ("value: 0.057", "value: .nan", "a number belongs here, not nan."),
        ("value: 0.057", f"value: 0x{'f' * 5000}", "a number belongs here, not a number that long."),
        ("value: 0.057", "value: true", "a number belongs here, not true."),
        ("numerator: 171", "numerator: '1,710'", "Write it without quotes and commas: 1710."),
        ("population: trust workforce", "population: trust work force", "The closest: trust workforce"),
        ("kind: points", "kind: point", "'point' is not known here. Did you mean 'points'? Allowed: points, relative"),
        ("measure: sickness", "measure: young-share", "line 19 (plan, measure young-share): measure 1 is"),
        ("measure: young-share", "measure: ambassador-directory", "so it has no amount and no target."),
        ("amount: 0.05", "amount: -1", "A level is 0 or more, not -1."),
        ("code: X01", "code: X 01", "'X 01' is not an organisation code"),
        ("name: Example Trust", "name:", "line 4 (organisation, name): a text belongs here, not nothing."),
        ("years: [2026/27]", "years: []", "a plan is for one financial year at least"),
        ("years: [2026/27]", "years: [2027/28, 2026/27]", "list the years in order, each once"),
        ("years: [2026/27]", "years: 2026/27", "a list belongs here, not '2026/27'."),
        ("  measures:", "  measures: &all", "anchors and aliases (& and *) can't be used in this file. Write it out."),
        ("organisation:\n", "organization:\n", "no key 'organization' here. Did you mean 'organisation'?"),
        ("name: Example Trust", "name: Trust: Example", "A text with a colon in it must stand in quotes."),
        ("  name: Example", "\tname: Example", "There is a tab in this line; indent with blanks."),
        ("  code: X01", "  code: !!python/name:os.system X01", "code): the tag python/name:os.system (!) can't be"),
        ("  code: X01", "  ? [code]\n  : X01", "a key is a word, not a list or a group."),
        ("name: Example Trust", 'name: "Example\\u200b\\u0007"', "the invisible character"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_with_its_place_and_what_is_allowed(old: str, new: str, words: str) -> None:
    assert old in GOOD
    assert words in problems(
        GOOD.replace(old, new, 1) if old != "measure: sickness" or "young" not in new else _twice()
    )


def _twice() -> str:
    return GOOD.replace("measure: sickness", "measure: young-share\n      population: trust workforce").replace(
        "{kind: level, amount: 0.05}", "{kind: level, amount: 0.07}"
    )


def test_a_change_that_the_measure_does_not_allow_is_answered_with_those_it_does() -> None:
    text = GOOD.replace("young-share", "local-diversity").replace("kind: points", "kind: relative")
    words = "line 17 (plan, measure local-diversity, change): 'local-diversity' can't be changed by 'relative'. "
    assert words + "Allowed: points, level." in problems(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty. It needs the keys organisation and plan."),
        ("[" * 1500, "nested far too deep"),
        ("a: [1\n", "line 2, column 1: this is not YAML"),
        ("- 1", "line 1: a group of keys with their values belongs here, not a list."),
        ("a: 1\n---\nb: 2\n", "this is not YAML: but found another document."),
        ("a: \x07", "line 1: this is not YAML: the invisible character U+0007"),
    ],
)
def test_what_is_no_plan_file_at_all_is_refused_in_words(text: str, words: str) -> None:
    assert words in problems(text)


def test_a_row_made_in_code_is_refused_with_every_problem() -> None:
    with pytest.raises(InputError) as caught:
        MeasureRow.of(measure="yung-share", baseline=BASELINE, change={"kind": "points", "amount": "2%"}, deu="2027-03")
    *lines, last = str(caught.value).splitlines()
    assert lines == [
        "measure yung-share: 3 problems, nothing was saved",
        "  - measure: There is no measure called 'yung-share'. The closest: young-share.",
        "  - change, amount: a number belongs here, not '2%'. Write a percentage as a fraction: 0.02.",
    ]
    assert last.startswith("  - deu: there is no key 'deu' here. Did you mean 'due'? Allowed: state, reason, post,")
    with pytest.raises(InputError, match=r"measure: 1 problem, nothing was saved\n  - 'measure' is missing\."):
        MeasureRow.of()


def test_parameters_are_refused_like_a_file_but_without_lines() -> None:
    with pytest.raises(InputError, match=r"parameters: 1 problem, nothing was saved\n  - plan: 'years' is missing\."):
        Plan.from_parameters({"code": "X01", "name": "Example"}, {})
