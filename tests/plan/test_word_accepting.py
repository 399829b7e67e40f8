"""An accepted proposal is a plan with every text of the document in it, and no X that nobody set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from t4c_lib.framework import catalogue
from t4c_lib.plan import Plan, RowState
from t4c_lib.plan.word import Proposal, propose_from_word
from t4c_lib.plan.word.accepting import document_of, plan_from
from tests.plan.word_making import make_pledge, saved, source_rows

pytestmark = pytest.mark.law


@pytest.fixture(scope="module")
def proposal(shared: Path) -> Proposal:
    return propose_from_word(saved(make_pledge(source_rows(shared))), "Pledge.docx")


@pytest.fixture(scope="module")
def plan(proposal: Proposal) -> Plan:
    return plan_from(proposal, "ZZ9", "Nowhere Trust", ["2026/27"])


def squeezed(text: str) -> str:
    return re.sub(r"[\s#-]+", "", text.replace("{x}", "x")).casefold()


def test_every_row_of_the_framework_has_a_row_and_the_sources_rows_carry_its_words(plan: Plan) -> None:
    assert {row.action for row in plan.actions} == {action.key for action in catalogue().actions}
    assert {row.measure for row in plan.measures} == {measure.key for measure in catalogue().measures}
    assert {row.state for row in plan.actions} == {RowState.REWORDED}
    left_out = [row.measure for row in plan.measures if row.state is RowState.LEFT_OUT]
    assert left_out == ["apprenticeship-starts"]
    assert plan.measure("apprenticeship-starts").reason == "Not in Pledge.docx"


def test_no_word_of_the_document_is_lost(plan: Plan, proposal: Proposal) -> None:
    text = squeezed(document_of(plan, proposal))
    for row in proposal.rows:
        for line in row.text.splitlines():
            assert squeezed(line) in text
    for left in proposal.leftover:
        for line in left.text.splitlines():
            assert squeezed(line) in text


def test_the_document_is_the_plan_and_nothing_else(plan: Plan, proposal: Proposal) -> None:
    again = Plan.from_yaml(document_of(plan, proposal))
    assert again.digest == plan.digest


def test_no_x_is_set_and_the_blank_of_3a1_can_be_filled(plan: Plan) -> None:
    assert plan.targets == ()
    ambassadors = plan.action("3a1")
    assert ambassadors.has_blank
    assert " X " in ambassadors.wording
    assert " 40 " in ambassadors.changed(number=40).wording


def test_a_row_that_a_person_takes_for_their_own_is_added_in_its_words(proposal: Proposal) -> None:
    number, row = next((at, row) for at, row in enumerate(proposal.rows, 1) if row.refs == ("1a1",))
    plan = plan_from(proposal, "ZZ9", "Nowhere Trust", ["2026/27"], own={number})
    own = [one for one in plan.actions if one.state is RowState.ADDED]
    assert [one.text for one in own] == [row.text]
    assert own[0].intention == 1
    assert plan.action("1a1").state is RowState.LEFT_OUT
