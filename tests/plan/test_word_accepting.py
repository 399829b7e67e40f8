"""An accepted proposal is a plan with every text of the document in it, and no X that nobody set."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import docx
import pytest

from t4c_lib.errors import InputError
from t4c_lib.framework import catalogue
from t4c_lib.plan import MeasureRow, Plan, RowState
from t4c_lib.plan.word import Proposal, propose_from_word
from t4c_lib.plan.word.proposal_to_plan import accepted_amounts, document_of, other_organisation, plan_from
from t4c_lib.quantities import Change, ChangeKind
from tests.plan.word_making import fill, make_pledge, saved, source_rows, table_in

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


def with_numbers(*texts: tuple[str, str, str]) -> Proposal:
    """A proposal of a document with these entries: column of actions, column of dates, column of measures."""
    document = docx.Document()
    table = table_in(document)
    for intention, (action, when, measure) in zip(
        ("1. Young people", "3. Ambassadors", "10. Pledge"), texts, strict=True
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[3].text = intention, action, when
        fill(cells[4], measure.split("|"), entries=True)
    return propose_from_word(saved(document), "ours.docx")


@pytest.fixture(scope="module")
def numbered() -> Proposal:
    return with_numbers(
        (
            "Baseline the age profile",
            "TBC",
            "The share of staff aged 16-24 rises to 8% by March 2028|Turnover falls by 1%",
        ),
        ("Recruit and train 30 staff as ambassadors", "June 2027", "A register of ambassadors"),
        ("Sign the pledge", "", "25 ULRs in place"),
    )


def test_the_xs_of_a_document_are_listed_with_numbers_and_every_reading(numbered: Proposal) -> None:
    text = numbered.to_text()
    assert text[text.index("X's in") :] == (
        "X's in the document (4); none is set until you accept it:\n"
        "  1. row 3, 1m1: to 8%, by March 2028 (from '16-24 rises to 8% by March 2028')\n"
        "  2. row 4, 1m4-turnover: a) 1 percentage point down, or b) 1% less than the baseline (from\n"
        "     'Turnover falls by 1%')\n"
        "  3. row 6, 3a1: 30, by June 2027 (from 'Recruit and train 30 staff as ambassadors')\n"
        "  4. row 10, 10m6: a) to 25, or b) 25 more (from '25 ULRs in place')\n"
    )


def test_an_accepted_x_is_the_rows_x_with_its_date_and_no_note(numbered: Proposal) -> None:
    accepted = accepted_amounts(numbered, "1, 2b 3,4A")
    plan = plan_from(numbered, "ZZ9", "Nowhere Trust", ["2026/27"], accepted=accepted)
    young, turnover, reps = (row_in(plan, key) for key in ("young-share", "turnover", "union-learning-reps"))
    assert (young.change, str(young.due), young.note) == (Change(ChangeKind.LEVEL, 0.08), "2028-03", "")
    assert (turnover.change, turnover.due, turnover.note) == (Change(ChangeKind.RELATIVE, -0.01), None, "")
    assert reps.change == Change(ChangeKind.LEVEL, 25)
    ambassadors = plan.action("train-ambassadors")
    assert (ambassadors.number, ambassadors.wording) == (30, "Recruit and train 30 staff as ambassadors")
    assert ambassadors.text == "Recruit and train {x} staff as ambassadors"
    assert str(ambassadors.due) == "2027-06"
    assert Plan.from_yaml(document_of(plan, numbered)).digest == plan.digest


@pytest.mark.parametrize(
    ("when", "text", "due"),
    [
        ("", "The share of staff aged 16-24 rises by 2% by March 2028", "2028-03"),
        ("", "By the end of 2027/28 the share of staff aged 16-24 rises to 8%", "2028-03"),
        ("June 2027", "The share of staff aged 16-24 rises to 8% by March 2028", "2028-03"),
        ("", "In March 2026 few of our staff were aged 16-24; the share rises to 8%", "None"),
        ("", "The share of staff aged 16-24 rises to 8% by March 2027, or by March 2028", "None"),
    ],
)
def test_the_date_of_an_x_is_the_one_that_its_own_words_go_up_to(when: str, text: str, due: str) -> None:
    proposal = with_numbers(("Baseline the age profile", when, text), ("Train ambassadors", "", ""), ("Sign", "", ""))
    assert str(next(row.due for row in proposal.rows if row.suggestions)) == due


def row_in(plan: Plan, key: str) -> MeasureRow:
    return next(row for row in plan.measures if row.measure == key)


def test_all_takes_no_x_that_has_two_readings_and_the_rest_stays_in_notes(numbered: Proposal) -> None:
    accepted = accepted_amounts(numbered, "All")
    assert set(accepted) == {"young-share", "train-ambassadors"}
    plan = plan_from(numbered, "ZZ9", "Nowhere Trust", ["2026/27"], accepted=accepted)
    turnover = row_in(plan, "turnover")
    assert turnover.change is None
    assert turnover.note == "'Turnover falls by 1%' may mean 1 percentage point down, or 1% less than the baseline."


def test_an_x_of_a_row_of_ones_own_stays_in_its_words(numbered: Proposal) -> None:
    assert set(accepted_amounts(numbered, "all", own={3, 4})) == {"train-ambassadors"}
    with pytest.raises(InputError, match="Available: 3, 4a, 4b"):
        accepted_amounts(numbered, "1", own={3, 4})


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("5", "5: there is no such X. Available: 1, 2a, 2b, 3, 4a, 4b."),
        ("0", "0: there is no such X."),
        ("yes", "yes: there is no such X."),
        ("2", "2: there is no such X. Available: 1, 2a, 2b, 3"),
        ("1, 2, 4c, 1a", "2, 4c, 1a: there is no such X."),
        ("2a 2b", "2a 2b: one of them is given twice."),
    ],
)
def test_a_slip_in_the_numbers_of_xs_is_told(numbered: Proposal, typed: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        accepted_amounts(numbered, typed)
    assert words in str(refused.value)


LEEDS, KENT = "Leeds Teaching Hospitals NHS Trust", "Kent Trust"
KNOWN = (LEEDS, KENT, "Kent and Medway Care NHS Foundation Trust", "Nowhere Trust", "St George's University Hospitals")


def named(*, header: str = "", title: str = "", first: str = "", late: str = "", above: str = "") -> Proposal:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = header
    document.core_properties.title = title
    document.add_paragraph(first)
    table = table_in(document)
    if above:
        table._tbl.tr_lst[0].addprevious(copy.deepcopy(table._tbl.tr_lst[0]))
        for cell in table.rows[0].cells:
            cell.text = above
    table.add_row().cells[1].text = "Train ambassadors with Leeds Teaching Hospitals NHS Trust"
    for _ in range(12):
        document.add_paragraph("")
    document.add_paragraph(late)
    return propose_from_word(saved(document), "ours.docx")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"header": "LEEDS TEACHING HOSPITALS NHS FOUNDATION TRUST"}, ("header of the pages", LEEDS)),
        ({"title": "Leeds Teaching Hospitals: Talent for Care"}, ("title of the file", LEEDS)),
        ({"first": "The pledge of the Leeds Teaching Hospitals"}, ("paragraph 1", LEEDS)),
        ({"above": "Plan of Leeds Teaching Hospitals NHS Trust"}, ("table 1, row 1", LEEDS)),
        ({"first": "St Georges University Hospitals pledge"}, ("paragraph 1", KNOWN[4])),
        ({"first": "Kent and Medway Care NHS Trust"}, ("paragraph 1", KNOWN[2])),
        ({"first": "Kent NHS Trust"}, ("paragraph 1", KENT)),
        ({"first": "The pledge of Barset & District NHS Trust"}, ("paragraph 1", "Barset & District NHS Trust")),
        ({"first": "Our pledge for Kent and its people"}, None),
        ({"first": "This NHS Trust and Our NHS Foundation Trust"}, None),
        ({"first": "Nowhere NHS Foundation Trust, with Leeds Teaching Hospitals"}, None),
        ({"first": "Talent for Care Pledge NOWHERE NHS TRUST"}, None),
        ({"late": "Leeds Teaching Hospitals NHS Trust lent us this form"}, None),
        ({}, None),
    ],
)
def test_a_document_that_says_it_is_another_trusts_is_noticed(
    said: dict[str, str], found: tuple[str, str] | None
) -> None:
    assert other_organisation(named(**said), "Nowhere Trust", KNOWN) == found
