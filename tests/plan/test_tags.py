"""Tags of actions: other frameworks and own priorities to which one action counts."""

from __future__ import annotations

import datetime as dt

import pytest

from t4c_lib.errors import InputError, T4CError
from t4c_lib.parameters.other_frameworks import other_frameworks, read_tag, tag_words
from t4c_lib.plan import ActionRow, Plan, changes_between
from t4c_lib.plan.edits import Edit, EditError, edited

TODAY = dt.date(2026, 11, 29)
PLAN = Plan.suggested("X01", "Example", ["2026/27", "2027/28"])


def tags_of(plan: Plan, key: str = "review-entry-routes") -> tuple[str, ...]:
    return next(row.tags for row in plan.actions if row.action == key)


@pytest.mark.unit
def test_every_framework_of_the_list_has_its_source_and_its_month() -> None:
    assert {"wres", "wdes", "edi-1", "edi-6", "people-promise"} <= set(other_frameworks())
    for one in other_frameworks().values():
        assert one.source
        assert dt.date.fromisoformat(f"{one.date}-01") <= TODAY


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "tag", "words"),
    [
        ("WRES", "wres", "WRES"),
        ("edi action 2", "edi-2", "EDI action 2"),
        ("People  Promise", "people-promise", "People Promise"),
        ("Own:  Care closer to home", "own: Care closer to home", "Care closer to home"),
    ],
)
def test_a_tag_is_read_as_people_write_it(typed: str, tag: str, words: str) -> None:
    assert read_tag(typed) == tag
    assert tag_words(tag) == words
    assert read_tag(tag) == tag


@pytest.mark.unit
def test_an_unknown_framework_is_refused_with_the_closest_and_how_an_own_priority_is_written() -> None:
    with pytest.raises(T4CError, match=r"no framework called 'WRIS'.*WRES.*An own priority begins with 'own:'"):
        read_tag("WRIS")
    with pytest.raises(T4CError, match="'own:' names no priority"):
        read_tag("own:")
    with pytest.raises(InputError, match="no framework called 'wris'"):
        ActionRow.of(action="review-entry-routes", tags=["wris"])


@pytest.mark.unit
def test_tags_are_typed_with_semicolons_and_taken_out_by_emptying_the_field() -> None:
    plan = edited(PLAN, [Edit.parse("review-entry-routes.tags=WRES; EDI action 2; own: Jobs; wres")], TODAY)
    assert tags_of(plan) == ("wres", "edi-2", "own: Jobs")
    assert tags_of(edited(plan, [Edit.parse("review-entry-routes.tags=")], TODAY)) == ()
    with pytest.raises(EditError, match="nothing was changed"):
        edited(plan, [Edit.parse("review-entry-routes.tags=Wress")], TODAY)
    with pytest.raises(EditError):
        edited(plan, [Edit.parse("young-share.tags=WRES")], TODAY)


@pytest.mark.law
def test_a_tag_reopens_nothing_that_was_agreed_and_survives_a_file() -> None:
    plan = edited(PLAN, [Edit.parse("review-entry-routes.tags=WRES; own: Jobs")], TODAY)
    before, after = (next(row for row in one.actions if row.action == "review-entry-routes") for one in (PLAN, plan))
    assert before.covered == after.covered
    assert Plan.from_yaml(plan.to_yaml()) == plan


@pytest.mark.unit
def test_the_way_of_the_paper_is_read_told_as_changes_and_written_again() -> None:
    route = [{"to": "People Committee", "date": "2026-10-14", "asked": "to recommend it"}, {"to": "Trust Board"}]
    plan = PLAN.changed(route=route)
    assert Plan.from_yaml(plan.to_yaml()) == plan
    assert plan.route[0].date == dt.date(2026, 10, 14)
    seen = PLAN.changed(route=[{**route[0], "seen_by": "Recommended"}, route[1]])
    assert [str(one) for one in changes_between(plan, seen)] == [
        "the paper's way, People Committee: seen by set to 'Recommended'"
    ]
    with pytest.raises(InputError, match="stop 1 is 'Trust Board' already"):
        PLAN.changed(route=[route[1], route[1]])
