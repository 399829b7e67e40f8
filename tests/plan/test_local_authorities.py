"""The local authorities that an organisation serves, as a plan has them: written, compared, merged, carried."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from t4c_lib.plan import Plan, changes_between, roll
from t4c_lib.plan.plan_diff import merge

from .plan_making import LOCAL_AUTHORITIES, plans, refusal
from .test_plan_changes import plan
from .test_plan_laws import WIDE

FILE = "organisation: {{code: X01, name: Example}}\nplan:\n  years: [2026/27]\n  local_authorities: {}\n"


def read(text: str) -> Plan:
    return Plan.from_yaml(FILE.format(text))


@pytest.mark.unit
def test_a_list_of_codes_counts_residents_and_codes_with_numbers_are_weights() -> None:
    listed, weighed = read("[E08000035, E06000047]"), read("{E06000047: 3, E08000035: 1.5}")
    assert [(one.code, one.weight) for one in listed.local_authorities] == [("E06000047", None), ("E08000035", None)]
    assert [(one.code, one.weight) for one in weighed.local_authorities] == [("E06000047", 3), ("E08000035", 1.5)]
    assert "  local_authorities: [E06000047, E08000035]\n" in listed.to_yaml()
    assert "  local_authorities:\n    E06000047: 3\n    E08000035: 1.5\n" in weighed.to_yaml()


@pytest.mark.law
@WIDE
@given(before=plans(), after=LOCAL_AUTHORITIES)
def test_written_over_an_earlier_text_they_read_back_and_nothing_else_changes(before: Plan, after: Any) -> None:
    changed = before.changed(local_authorities=after)
    again = Plan.from_yaml(changed.to_yaml(over=before.to_yaml()))
    assert again == changed
    assert again.changed(local_authorities=before.local_authorities) == before


@pytest.mark.law
@WIDE
@given(before=plans(), after=LOCAL_AUTHORITIES)
def test_a_difference_is_told_exactly_where_there_is_one(before: Plan, after: Any) -> None:
    changes = changes_between(before, before.changed(local_authorities=after))
    assert (changes == ()) == (after == before.local_authorities)
    assert all(one.row == "the plan" for one in changes)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[Leeds]", "line 4 (plan, local authority number 1): 'Leeds' is not the code of a local authority. Write it"),
        ("[E06000047, 7]", "line 4 (plan, local authority number 2): 7 is not the code"),
        ("[E06000047, E06000047]", "E06000047 is given twice. Give each local authority once."),
        ("{E06000047: 3, E06000047: 4}", "'E06000047' stands here a second time"),
        (
            "{E06000047: 3, E08000035: }",
            "E08000035 has no weight, though others have. Give a weight to all, or to none",
        ),
        ("{E06000047: 0}", "the weight of E06000047 is a number above 0, up to a billion, not 0."),
        ("{E06000047: -1}", "above 0, up to a billion, not -1."),
        ("{E06000047: .inf}", "above 0, up to a billion, not inf."),
        ("{E06000047: a lot}", "above 0, up to a billion, not 'a lot'."),
        ("{E06000047: true}", "above 0, up to a billion, not true."),
        (
            "Leeds",
            "a list of codes such as [E06000047], or codes with their weights such as {E06000047: 3}, belongs here",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, words: str) -> None:
    assert words in refusal(read, text)


@pytest.mark.unit
def test_differences_are_told_as_people_say_them() -> None:
    one, two = plan().changed(local_authorities=["E06000047"]), read("{E06000047: 2, E08000035: 1.5}")
    assert list(map(str, changes_between(one, one.changed(local_authorities=two.local_authorities)))) == [
        "the plan: local authorities E06000047 → E06000047 (weight 2); E08000035 (weight 1.5)"
    ]
    assert list(map(str, changes_between(one, plan()))) == ["the plan: local authorities E06000047 taken out"]


@pytest.mark.unit
def test_next_years_plan_has_those_of_this_year() -> None:
    this = plan().changed(local_authorities={"E06000047": 2})
    assert roll(this, "2027/28").local_authorities == this.local_authorities


@pytest.mark.unit
def test_they_are_weighed_against_each_other_so_two_peoples_lists_are_never_mixed() -> None:
    base = plan().changed(local_authorities=["E06000047"])
    mine, theirs = (base.changed(local_authorities=["E06000047", code]) for code in ("E08000035", "E08000032"))
    merged = merge(base, mine, theirs)
    assert merged.plan == theirs
    assert list(map(str, merged.clashes)) == [
        "local authorities: yours is E06000047, E08000035, theirs is E06000047, E08000032"
    ]
