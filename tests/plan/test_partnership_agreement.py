from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.plan import ActionRow, Plan, Side
from t4c_lib.plan.partnership.agreement_status import AgreementState, agreement_statuses, row_history, unagreed
from t4c_lib.plan.partnership.authorised_signatories import (
    AuthorisedSignatories,
    AuthorisedSignatory,
    NotAuthorisedError,
)
from t4c_lib.plan.partnership.decisions import Act, Decision, agreed_in_words, covered_changes, covered_text, subject_of
from t4c_lib.plan.row_base import digest_of

from .partnership_making import act, plan_of, row
from .plan_making import MEASURE_KEYS, measures, plans

DAY = dt.date(2026, 5, 4)


@pytest.mark.law
@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([], "proposed"),
        ([("agreed", "staff")], "agreed by one side"),
        ([("agreed", "staff"), ("agreed", "management")], "agreed"),
        ([("agreed", "staff"), ("not agreed", "management")], "not agreed"),
        ([("agreed", "staff"), ("agreed", "management"), ("withdrawn", "staff")], "agreed by one side"),
        ([("not agreed", "staff"), ("withdrawn", "staff")], "proposed"),
        ([("not agreed", "staff"), ("agreed", "staff")], "agreed by one side"),
        ([("agreed", "staff"), ("parked", "both")], "parked"),
        ([("parked", "staff"), ("withdrawn", "management")], "parked"),
        ([("agreed", "staff"), ("parked", "both"), ("taken up again", "both")], "agreed by one side"),
        ([("escalated", "management"), ("agreed", "staff"), ("agreed", "management")], "agreed"),
        ([("parked", "staff"), ("escalated", "staff")], "escalated"),
    ],
)
def test_the_state_of_a_row_follows_from_what_was_said(said: list[tuple[str, str]], state: str) -> None:
    acts = [act(row(), decision, side, minute, reason="of the cost") for minute, (decision, side) in enumerate(said)]
    assert [one.state for one in agreement_statuses([row()], acts)] == [state]


@pytest.mark.law
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_edit_opens_both_slots_exactly_when_it_changes_what_is_agreed_and_an_edit_back_closes_them(
    data: st.DataObject,
) -> None:
    key = data.draw(st.sampled_from(MEASURE_KEYS))
    before = data.draw(measures(key))
    after = data.draw(measures(key)).changed(group=before.group, population=before.population)
    acts = [act(before, "agreed", "management"), act(before, "agreed", "staff", 1)]
    (standing,) = agreement_statuses([after], acts)
    assert (standing.state is AgreementState.AGREED) == (before.digest == after.digest)
    assert bool(standing.agreed_before) == (before.digest != after.digest)
    assert bool(standing.changed) == (before.digest != after.digest)
    assert agreement_statuses([before], acts)[0].state is AgreementState.AGREED


@pytest.mark.unit
def test_what_an_agreement_does_not_cover_opens_nothing() -> None:
    acts = [act(row(), "agreed", side) for side in (Side.management, Side.staff)]
    later = row(note="said at the away day", holder="A. Khan", status="under way", evidence=[{"what": "minutes"}])
    assert agreement_statuses([later], acts)[0].state is AgreementState.AGREED


@pytest.mark.unit
def test_what_was_agreed_is_said_with_the_digits_that_were_typed() -> None:
    (agreed,) = plan_of(row(change={"kind": "level", "amount": 0.0542})).measures
    assert "to 5.42% by March 2027" in agreed_in_words(covered_text(agreed.covered))


@pytest.mark.unit
def test_a_row_that_changed_says_in_words_what_of_it_changed() -> None:
    acts = [act(row(), "agreed", "management"), act(row(), "agreed", "staff", 1)]
    later = row(
        change={"kind": "level", "amount": 0.08},
        due="2028-03",
        post="head of learning",
        baseline={"numerator": 180, "denominator": 3000, "period": "2026-06", "source": "staff extract"},
        way="back-loaded",
        checkpoints=[{"due": "2027-03", "value": 0.07}],
        state="reworded",
        name="More young people",
    )
    (standing,) = agreement_statuses([later], acts)
    assert standing.state is AgreementState.PROPOSED
    assert set(standing.changed) == {
        f"wording '{later.what.name}' → 'More young people'",
        "baseline 5.7% in March 2026 (staff extract) → 6.0% in June 2026 (staff extract)",
        "X 2 percentage points up from the baseline → to 8.0%",
        "way set to 'back-loaded'",
        "checkpoints set to 7.0% by March 2027",
        "state 'adopted' → 'reworded'",
        "due March 2027 → March 2028",
        "responsible post set to 'head of learning'",
    }
    assert str(standing.staff).startswith(
        "staff side: agreed by U. Nison on 4 May 2026, re-opened because the row changed: wording"
    )


@pytest.mark.law
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_two_contents_are_said_to_differ_exactly_when_their_digests_do(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(MEASURE_KEYS))
    one, other = data.draw(measures(key)), data.draw(measures(key))
    changes = covered_changes(covered_text(one.covered), covered_text(other.covered))
    assert bool(changes) == (one.digest != other.digest)


@pytest.mark.law
@settings(max_examples=40, deadline=None)
@given(plan=plans())
def test_every_row_of_a_plan_has_a_subject_of_its_own_that_outlives_an_edit(plan: Plan) -> None:
    rows = plan.every_row
    assert len({subject_of(one) for one in rows}) == len(rows)
    assert [subject_of(one.changed(note="later")) for one in rows] == [subject_of(one) for one in rows]


@pytest.mark.unit
def test_the_history_of_a_row_says_who_agreed_to_what_and_what_changed_in_between() -> None:
    first, second = row(), row(due="2028-03")
    acts = [
        act(first, "agreed", "management", role="director of workforce"),
        act(ActionRow(action="sign-pledge"), "agreed", "staff", 1),
        act(first, "not agreed", "staff", 2, reason="the date is too early"),
        act(second, "agreed", "staff", 3),
    ]
    lines = list(row_history(row(due="2029-03"), acts))
    assert lines == [
        "4 May 2026: M. Chief (director of workforce) agreed to 1m1 Staff aged 16 to 24 for management side",
        "4 May 2026: U. Nison did not agree to 1m1 Staff aged 16 to 24 for staff side (reason: the date is too early)",
        "4 May 2026: changed in the meantime: due March 2027 → March 2028",
        "4 May 2026: U. Nison agreed to 1m1 Staff aged 16 to 24 for staff side",
        "changed since then: due March 2028 → March 2029",
    ]
    assert list(row_history(subject_of(first), acts)) == lines[:-1]


def in_other_words(said: Act, words: str) -> Act:
    """The act as it was recorded when the framework had other words for the row."""
    covered = {**json.loads(said.covered), "wording": words}
    return replace(said, covered=covered_text(covered), digest=digest_of("measure 1", covered))


@pytest.mark.law
@pytest.mark.parametrize("fields", [{}, {"state": "left out", "reason": "not here", "change": None}])
def test_an_agreement_holds_when_only_the_framework_words_the_row_otherwise(fields: dict[str, Any]) -> None:
    now = row(**fields)
    acts = [in_other_words(act(now, "agreed", side), "Workforce aged 16 to 24") for side in ("management", "staff")]
    assert acts[0].digest != now.digest
    (standing,) = agreement_statuses([now], acts)
    assert (standing.state, standing.changed) == (AgreementState.AGREED, ())
    assert row_history(now, acts) == tuple(map(str, acts))
    assert unagreed([now], acts) == ()


@pytest.mark.law
def test_an_agreement_to_other_words_of_the_partners_own_falls_and_so_does_one_to_another_date() -> None:
    own = row(state="reworded", name="Our young staff")
    earlier = in_other_words(act(own, "agreed", "staff"), "Young people here")
    assert agreement_statuses([own], [earlier])[0].changed == ("wording 'Young people here' → 'Our young staff'",)
    earlier = in_other_words(act(row(), "agreed", "staff"), "Workforce aged 16 to 24")
    later = row(due="2028-03")
    assert agreement_statuses([later], [earlier])[0].changed == ("due March 2027 → March 2028",)
    adopted = in_other_words(act(row(state="reworded", name="Ours"), "agreed", "staff"), "Ours")
    assert agreement_statuses([row()], [adopted])[0].agreed_before


@pytest.mark.unit
def test_the_check_names_rows_that_nobody_or_only_one_side_has_agreed_to() -> None:
    rows = [row(), row("sickness", baseline=None, change=None), row("turnover", baseline=None, change=None)]
    rows += [row("celebration", baseline=None, change=None)]
    acts = [act(row(), "agreed", "management"), act(row(), "agreed", "staff"), act(rows[1], "agreed", "staff")]
    acts += [act(rows[3], "escalated", "staff", reason="there is no money")]
    assert [str(one) for one in unagreed(rows, acts)] == [
        "1m4-sickness Sickness absence of support staff, agreement: Only staff side has agreed to it.",
        "1m4-turnover Turnover of support staff, agreement: Neither side has agreed to it yet.",
        "10m3 Yearly celebration event with staff, managers and families, agreement: It is escalated (reason: there "
        "is no money).",
    ]
    changed = row(due="2028-03")
    assert [str(one) for one in unagreed([changed], acts)] == [
        "1m1 Staff aged 16 to 24, agreement: Re-opened: changed since it was agreed (due March 2027 → March 2028)."
    ]


@pytest.mark.unit
def test_what_is_said_of_a_row_is_refused_with_all_its_problems() -> None:
    with pytest.raises(InputError) as caught:
        act(row(), "agred", "boss", name=" ", at=dt.datetime(2026, 5, 4))
    message = str(caught.value)
    assert "decision: 'agred' is not a decision. Did you mean 'agreed'?" in message
    assert "side: 'boss' is not a side. Allowed: management, staff." in message
    assert "name: enter the name of the person who speaks for the side." in message
    assert "at: a time needs a time zone." in message
    with pytest.raises(InputError, match="each side decides for itself"):
        act(row(), "agreed", "both")
    for decision in (Decision.NOT_AGREED, Decision.PARKED, Decision.ESCALATED):
        with pytest.raises(InputError, match=f"give a reason for '{decision}'"):
            act(row(), decision, "staff")


SPEAKERS = """
speakers:
  - {side: management, name: M. Chief, role: director of workforce}
  - {side: staff, name: U. Nison, role: branch secretary of UNISON, until: 2026-06-30}
  - {side: staff, role: branch secretary of UNISON, from: 2026-07-01}
  - {side: staff, name: R. Nurse, role: RCN steward}
  - {side: staff, name: D. Deputy, from: 2026-04-01, until: 2026-05-04}
"""


@pytest.mark.unit
@pytest.mark.parametrize(
    ("side", "name", "role", "day"),
    [
        ("management", "m. chief", "", DAY),
        ("staff", "U. Nison", "Branch Secretary of UNISON", dt.date(2026, 6, 30)),
        ("staff", "Somebody New", "branch secretary of UNISON", dt.date(2026, 7, 1)),
        ("staff", "D.  Deputy", "", dt.date(2026, 5, 4)),
        ("staff", "D. Deputy", "stand-in", dt.date(2026, 4, 1)),
    ],
)
def test_several_unions_deputies_and_posts_may_speak_first_and_last_day_included(
    side: str, name: str, role: str, day: dt.date
) -> None:
    speakers = AuthorisedSignatories.from_yaml(SPEAKERS)
    assert speakers.signatory(Side(side), name, role, day).side == side
    assert AuthorisedSignatories.from_parameters(speakers.parameters()) == speakers


@pytest.mark.unit
@pytest.mark.parametrize(
    ("side", "name", "role", "day", "words"),
    [
        (
            "staff",
            "D. Deputy",
            "",
            dt.date(2026, 5, 5),
            "the list of signatories has D. Deputy from 1 April 2026 until 4 May 2026",
        ),
        (
            "staff",
            "M. Chief",
            "",
            DAY,
            "the list of signatories names them for management side. Those who can: U. Nison",
        ),
        (
            "management",
            "X. Nobody",
            "",
            DAY,
            "they are not on the list of signatories. Those who can: M. Chief (director of workforce)",
        ),
        ("management", "M. Chief", "clerk", DAY, "Give that role, or change the list."),
        ("staff", "U. Nison", "", dt.date(2026, 7, 1), "Those who can: the branch secretary of UNISON from"),
    ],
)
def test_who_may_not_speak_is_told_why_and_who_may(side: str, name: str, role: str, day: dt.date, words: str) -> None:
    with pytest.raises(NotAuthorisedError) as caught:
        AuthorisedSignatories.from_yaml(SPEAKERS).signatory(Side(side), name, role, day)
    assert words in str(caught.value)
    assert f"{name}" in str(caught.value)


@pytest.mark.unit
def test_where_nobody_was_named_yet_nobody_may_speak() -> None:
    words = r"names nobody for that side yet\. Name those who speak and sign for each side first\.$"
    with pytest.raises(NotAuthorisedError, match=words):
        AuthorisedSignatories().signatory(Side.staff, "A", "", DAY)


@pytest.mark.unit
def test_a_setting_that_contradicts_itself_is_refused_with_its_lines() -> None:
    rows = ["{side: both, name: A}", "{side: staff}", "{side: staff, name: B, from: 2026-05-02, until: 2026-05-01}"]
    text = "\n".join(["speakers:", *(f"  - {row}" for row in rows)])
    with pytest.raises(InputError) as caught:
        AuthorisedSignatories.from_yaml(text, "speakers.yaml")
    message = str(caught.value)
    assert message.startswith("speakers.yaml: 3 problems")
    assert "a person speaks for one side: management or staff." in message
    assert "a signatory needs a name, a role, or both." in message
    assert "the last day, 1 May 2026, is before the first, 2 May 2026." in message
    assert (
        str(AuthorisedSignatory.of(side="staff", role="RCN steward", since="2026-05-01"))
        == "the RCN steward from 1 May 2026"
    )


@pytest.mark.unit
def test_acts_on_other_rows_do_no_harm() -> None:
    plan = plan_of(row(), row("sickness", baseline=None, change=None))
    standings = agreement_statuses(plan.measures, [act(row(), "agreed", "staff")])
    assert [one.state_words for one in standings] == ["agreed by staff side only", "not agreed by either side yet"]


@pytest.mark.unit
def test_a_reason_that_ends_with_a_full_stop_is_told_with_one() -> None:
    said = act(row(), Decision.PARKED, "both", reason="The post is vacant until March.")
    assert said.sentence.endswith("as parked for both sides (reason: The post is vacant until March)")
    (standing,) = agreement_statuses([row()], [said])
    assert standing.state_words == "parked (reason: The post is vacant until March)"
