"""The check of a plan: one sentence for each thing that is missing or can't be, with where to mend it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from t4c_lib.framework import catalogue
from t4c_lib.plan import (
    ActionRow,
    EqualityAssessment,
    GroupEffect,
    MeasureRow,
    Plan,
    Severity,
    check,
    grouped,
    groups_to_consider,
)
from t4c_lib.quantities import Baseline
from tests.framework_counts import ACTIONS_WITH_POST, MEASURES_WITH_POST, POSTS_MISSING

from .test_plan_rows import GROUP, OWN, YOUNG

pytestmark = pytest.mark.unit

TODAY = dt.date(2026, 5, 1)
# Measures as findings call them.
LOCAL = "1m3 Workforce compared with the local population (disability)"
CELEBRATION = "10m3 Yearly celebration event with staff, managers and families"
AGREEMENT = "4m2-agreement Learning and Development Agreement signed"
MEANINGFUL = "4m1-meaningful Support staff who found their appraisal meaningful"
RECEIVED = "4m1-received Support staff who had an appraisal"
MORE_YOUNG = "3m3 Additional local young people choosing an NHS career"
YOUNG_PEOPLE = "2m4 Local young people choosing an NHS career"
PUBLICITY = "10a3 Agree publicity, toolkits and briefings that engage support …"
CERTIFICATE = "5m1 New starters meeting Care Certificate standards within 12 weeks"
COUNTED = {"value": 24, "period": "2025/26", "source": "register"}
WHOLE_ASSESSMENT = EqualityAssessment(
    by="Inclusion Manager",
    date="2026-04-01",
    groups=tuple(GroupEffect(group=group, effect="neutral", evidence="looked at") for group in groups_to_consider()),
)


def plan(*rows: ActionRow | MeasureRow, **fields: Any) -> Plan:
    """A plan of these rows, with nothing else for the check to find."""
    kept = {row.intention_number for row in rows}
    rest = tuple(
        ActionRow(action=intention.actions[0].key, state="left out", reason="not this year")
        for intention in catalogue().intentions
        if intention.number not in kept
    )
    return Plan.of(
        **{
            "organisation": "X01",
            "organisation_name": "Example",
            "years": ("2026/27", "2027/28"),
            "actions": (*(row for row in rows if isinstance(row, ActionRow)), *rest),
            "measures": tuple(row for row in rows if isinstance(row, MeasureRow)),
            "equality": WHOLE_ASSESSMENT,
            **fields,
        }
    )


def found(*rows: ActionRow | MeasureRow, **fields: Any) -> list[str]:
    return [f"{one.severity}: {one}" for one in check(plan(*rows, **fields), TODAY)]


def young(**fields: Any) -> MeasureRow:
    return MeasureRow.of(**{**YOUNG, **fields})


def action(**fields: Any) -> ActionRow:
    return ActionRow.of(**{"action": "publicity", "post": "Chair of Staff Side", "due": "2026-12", **fields})


def counted(measure: str, **fields: Any) -> MeasureRow:
    whole = {"baseline": COUNTED, "change": {"kind": "count", "amount": 12}, "due": "2028-03", "post": "Lead"}
    return MeasureRow.of(measure=measure, **{**whole, **fields})


def test_nothing_is_found_in_a_plan_that_lacks_nothing() -> None:
    assert found(young(), action()) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"change": None}, "must: 1m1 Staff aged 16 to 24, change: No X set."),
        ({"baseline": None}, "must: 1m1 Staff aged 16 to 24, baseline: No baseline for the X."),
        (
            {"baseline": {"numerator": 171, "denominator": 3000, "period": "2026-03"}},
            "must: 1m1 Staff aged 16 to 24, baseline: No source given for the baseline.",
        ),
        ({"post": ""}, "must: 1m1 Staff aged 16 to 24, post: No responsible post named."),
        ({"due": None}, "must: 1m1 Staff aged 16 to 24, due: It has an X but no due date."),
        (
            {"start": "2028-04"},
            "must: 1m1 Staff aged 16 to 24, due: It is due in March 2028, before it starts in April 2028.",
        ),
        (
            {"due": "2099-03"},
            "should: 1m1 Staff aged 16 to 24, due: It is due in March 2099, more than 5 years after the plan's last "
            "year, 2027/28: check the year.",
        ),
        (
            {"due": "2026-04"},
            "should: 1m1 Staff aged 16 to 24, due: Its due date, April 2026, has passed: record the outcome, or set a "
            "later date.",
        ),
        (
            {"change": {"kind": "points", "amount": 0.95}},
            "must: 1m1 Staff aged 16 to 24, change: 95 percentage points up from 5.7% comes to 100.7%: more than 100%.",
        ),
        (
            {"change": {"kind": "points", "amount": -0.1}},
            "must: 1m1 Staff aged 16 to 24, change: 10 percentage points down from 5.7% is below zero.",
        ),
        (
            {"change": {"kind": "count", "amount": 2900}},
            "must: 1m1 Staff aged 16 to 24, change: 2,900 more from 5.7% comes to 102.4%: more than 100%.",
        ),
        (
            {"change": {"kind": "points", "amount": -0.01}},
            "should: 1m1 Staff aged 16 to 24, change: The X goes from 5.7% to 4.7%, but higher is better.",
        ),
        (
            {"change": {"kind": "points", "amount": 0}},
            "should: 1m1 Staff aged 16 to 24, change: The X asks for 5.7%, the same as the baseline.",
        ),
        (
            {"checkpoints": [{"due": "2028-03", "value": 0.06}]},
            "must: 1m1 Staff aged 16 to 24, checkpoints: The checkpoint of March 2028 is not between the baseline "
            "(March 2026) and March 2028.",
        ),
        (
            {"checkpoints": [{"due": "2027-03", "value": 0.08}]},
            "should: 1m1 Staff aged 16 to 24, checkpoints: The checkpoint of March 2027, 8.0%, is not between 5.7% "
            "and 7.7%.",
        ),
        (
            {"checkpoints": [{"due": "2027-03", "value": 0.07}, {"due": "2026-09", "value": 0.071}]},
            "must: 1m1 Staff aged 16 to 24, checkpoints: The checkpoint of September 2026 comes after that of March "
            "2027: put them in order.",
        ),
        (
            {"checkpoints": [{"due": "2027-03", "change": {"kind": "points", "amount": 0.99}}]},
            "must: 1m1 Staff aged 16 to 24, checkpoints: The checkpoint of March 2027 is not valid: 99 percentage "
            "points up from 5.7% comes to 104.7%: more than 100%.",
        ),
        (
            {"way": "front-loaded", "checkpoints": [{"due": "2027-03", "value": 0.065}]},
            "should: 1m1 Staff aged 16 to 24, way: It is front-loaded and has checkpoints, and only the checkpoints "
            "count: remove one of the two.",
        ),
        (
            {"review": {"every": 3, "last": "2025-12-11"}},
            "should: 1m1 Staff aged 16 to 24, review: A review was due in March 2026, last held on 11 December 2025.",
        ),
    ],
)
def test_each_lack_of_a_measure_is_one_sentence_with_its_place(fields: dict[str, Any], words: str) -> None:
    assert found(young(**fields)) == [words]


def test_a_date_that_has_passed_is_no_matter_once_the_row_is_done() -> None:
    early = {**YOUNG["baseline"], "period": "2025-03"}
    assert found(young(baseline=early, due="2026-03", status="done")) == []


def test_a_target_before_its_own_baseline_is_told() -> None:
    assert found(young(baseline={**YOUNG["baseline"], "period": "2028-03"})) == [
        "must: 1m1 Staff aged 16 to 24, due: March 2028 is not after the baseline, which was measured in March 2028."
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"post": ""}, [f"must: {PUBLICITY}, post: No responsible post named."]),
        ({"due": None}, [f"should: {PUBLICITY}, due: No due date set."]),
        ({"due": "2026-03"}, [f"should: {PUBLICITY}, due: It was due in March 2026 and is not done."]),
        ({"due": "2026-03", "status": "done"}, []),
        (
            {"start": "2027-01"},
            [f"must: {PUBLICITY}, due: It is due in December 2026, before it starts in January 2027."],
        ),
        ({"action": "3a1", "number": 20}, []),
        (
            {"action": "3a1"},
            ["must: 3a1 Recruit and train X staff as NHS Ambassadors with other local …, number: No number set."],
        ),
        (
            {"state": "in place", "post": "", "due": None},
            [f"should: {PUBLICITY}, evidence: Marked as in place, but no evidence is linked."],
        ),
        ({"state": "left out", "reason": "not now", "post": "", "due": None}, []),
        ({"closed": "2025/26", "post": "", "due": None}, []),
    ],
)
def test_each_lack_of_an_action_is_one_sentence_with_its_place(fields: dict[str, Any], words: list[str]) -> None:
    assert found(action(**fields)) == words


def test_an_unset_x_where_the_source_leaves_none_is_no_fault() -> None:
    row = MeasureRow.of(measure="turnover", post="Lead")
    assert found(row) == [
        "should: 1m4-turnover Turnover of support staff, change: No change set, so it is monitored without a target.",
        "should: 1m4-turnover Turnover of support staff, baseline: No baseline.",
    ]


def test_what_the_framework_itself_asks_for_is_told_where_the_x_is_unset() -> None:
    assert found(MeasureRow.of(measure="5m1", post="Lead"))[0] == (
        f"must: {CERTIFICATE}, change: No X set; the framework asks for 100%."
    )
    assert found(MeasureRow.of(measure="apprenticeship-starts", post="Lead"))[0] == (
        "must: 6-intention Apprenticeship starts, change: No X set; the framework asks for 2 times today's figure."
    )


def test_an_x_for_a_share_that_is_wanted_within_the_first_year_is_due_in_it() -> None:
    rows = [
        MeasureRow.of(
            measure=key,
            baseline={"value": 0.8, "period": "2025/26", "source": "survey"},
            change={"kind": "level", "amount": 0.9},
            due=due,
            post="Lead",
        )
        for key, due in (("appraisal-received", "2027-03"), ("appraisal-meaningful", "2028-03"))
    ]
    assert found(*rows) == [
        f"should: {MEANINGFUL}, due: The framework asks for it within the plan's first year.",
        f"should: {MEANINGFUL}, due: It belongs with {RECEIVED}, but they are due in March 2028 and March 2027.",
    ]


def test_the_survey_pair_is_set_together_or_not_at_all() -> None:
    figure = {"value": 0.8, "period": "2025/26", "source": "survey"}
    received = MeasureRow.of(
        measure="appraisal-received",
        baseline=figure,
        change={"kind": "level", "amount": 0.9},
        due="2027-03",
        post="Lead",
    )
    meaningful = MeasureRow.of(measure="appraisal-meaningful", baseline=figure, post="Lead")
    assert found(received, meaningful) == [
        f"must: {MEANINGFUL}, change: No X set.",
        f"must: {MEANINGFUL}, change: It belongs with {RECEIVED}, but only one has an X.",
    ]
    alone = meaningful.changed(change={"kind": "level", "amount": 0.9}, due="2027-03")
    assert found(alone) == [f"should: {MEANINGFUL}: It belongs with {RECEIVED}, which is not in the plan."]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({}, None),
        (
            {"change": {"kind": "count", "amount": 20}},
            f"change: It uses the same figures as {YOUNG_PEOPLE}, but the X's "
            "contradict each other: 36 by March 2028, and 44 by March 2028.",
        ),
        (
            {"baseline": {**COUNTED, "value": 20}},
            f"baseline: It uses the same figures as {YOUNG_PEOPLE}, but the baselines differ: 24 and 20.",
        ),
        ({"change": {"kind": "count", "amount": 20}, "due": "2029-03"}, None),
        (
            {"change": {"kind": "count", "amount": 8}, "due": "2029-03"},
            f"change: It uses the same figures as {YOUNG_PEOPLE}, but the X's "
            "contradict each other: 36 by March 2028, and 32 by March 2029.",
        ),
        ({"change": {"kind": "level", "amount": 36}}, None),
        ({"state": "left out", "reason": "one is enough"}, None),
    ],
)
def test_the_two_measures_of_one_series_must_not_contradict_each_other(
    other: dict[str, Any], words: str | None
) -> None:
    told = found(counted("2m4"), counted("3m3", **other))
    assert told == ([] if words is None else [f"must: {MORE_YOUNG}, {words}"])


def test_two_xs_of_one_series_are_compared_even_without_a_baseline() -> None:
    rows = (counted("2m4", baseline=None), counted("3m3", baseline=None, change={"kind": "count", "amount": 20}))
    assert found(*rows)[-1] == (
        f"must: {MORE_YOUNG}, change: It uses the same figures as {YOUNG_PEOPLE}, but the X's differ: 12 more, 20 more."
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, []),
        ({"group": ""}, ["must: 1m3 Workforce compared with the local population, group: No group of people chosen."]),
        (
            {"comparison": None},
            [
                f"must: {LOCAL}, comparison: No share to compare with: the same "
                "group among residents of working age, or among other residents where the plan says so."
            ],
        ),
        (
            {"comparison": {"share": 0.1}},
            [f"must: {LOCAL}, comparison: No source given for the share to compare with."],
        ),
        (
            {"comparison": {"share": 0.03, "source": "census"}},
            [
                f"must: {LOCAL}, change: The group is not under-represented (4.0% here, "
                "3.0% there): this is reported, not a target."
            ],
        ),
        ({"comparison": {"share": 0.03, "source": "census"}, "change": None}, []),
        (
            {"change": {"kind": "points", "amount": 0.02}},
            [
                f"must: {LOCAL}, change: The gap would grow: here the X has to close it: "
                "enter −2 to close it by 2 percentage points."
            ],
        ),
        (
            {"change": {"kind": "points", "amount": -0.07}},
            [f"must: {LOCAL}, change: 7 percentage points down from 6.0% is below zero."],
        ),
    ],
)
def test_a_group_has_an_x_only_where_it_is_under_represented(fields: dict[str, Any], words: list[str]) -> None:
    assert found(MeasureRow.of(**{**GROUP, "post": "Lead", **fields})) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, [f"should: {AGREEMENT}, evidence: No evidence yet."]),
        ({"status": "done"}, [f"must: {AGREEMENT}, evidence: Marked as done or in place, but no evidence is named."]),
        (
            {"evidence": [{"what": "The agreement"}]},
            [f"must: {AGREEMENT}, evidence: 'The agreement' lacks a date, a link and who approved it."],
        ),
        (
            {"evidence": [{"what": "The agreement", "date": "2026-03-01", "link": "x"}]},
            [f"must: {AGREEMENT}, evidence: 'The agreement' lacks who approved it."],
        ),
        ({"evidence": [{"what": "It", "date": "2026-03-01", "link": "x", "approved_by": "Board"}]}, []),
    ],
)
def test_evidence_exists_is_dated_linked_and_approved(fields: dict[str, Any], words: list[str]) -> None:
    assert found(MeasureRow.of(measure="development-agreement", post="Lead", **fields)) == words


@pytest.mark.parametrize(
    ("review", "words"),
    [
        (None, [f"must: {CELEBRATION}, review: No review dates set; the framework asks for one every 12 months."]),
        ({"every": 12}, [f"should: {CELEBRATION}, review: Not held yet, and no month is set for the first review."]),
        ({"every": 12, "last": "2025-10-09"}, []),
        ({"next": "2026-10"}, []),
        ({"next": "2026-04"}, [f"should: {CELEBRATION}, review: A review was due in April 2026."]),
    ],
)
def test_a_review_has_a_rhythm_and_keeps_it(review: dict[str, Any] | None, words: list[str]) -> None:
    assert found(MeasureRow.of(measure="celebration", post="Lead", review=review)) == words


def test_a_measure_of_the_plans_own_is_checked_like_any_other() -> None:
    assert found(MeasureRow.of(**OWN)) == [
        "must: bursaries Bursaries taken up, post: No responsible post named.",
        "should: bursaries Bursaries taken up, change: No change set, so it is monitored without a target.",
        "should: bursaries Bursaries taken up, baseline: No baseline.",
    ]


def test_an_intention_without_any_row_is_told_and_one_left_out_with_a_reason_is_not() -> None:
    bare = plan(young()).changed(actions=())
    told = [str(one) for one in check(bare, TODAY)]
    assert len(told) == 9
    assert told[0] == (
        "intention 2: The plan has no action and no measure for it: adopt some, or leave them out and give the reason."
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"equality": None},
            [
                "must: the equality impact assessment: Not done yet: assess the effect of the plan on each group "
                "of people."
            ],
        ),
        (
            {"equality": WHOLE_ASSESSMENT.changed(by="", date=None)},
            [
                "must: the equality impact assessment, by: No author named.",
                "must: the equality impact assessment, date: No date given.",
            ],
        ),
        (
            {"equality": WHOLE_ASSESSMENT.changed(date="2025-03-31")},
            [
                "should: the equality impact assessment, date: It was made on 31 March 2025, more than a year "
                "before the plan starts in April 2026."
            ],
        ),
        (
            {"equality": WHOLE_ASSESSMENT.changed(groups=WHOLE_ASSESSMENT.groups[2:])},
            ["must: the equality impact assessment, groups: Groups not considered: age, disability."],
        ),
        (
            {
                "equality": WHOLE_ASSESSMENT.changed(
                    groups=(
                        *WHOLE_ASSESSMENT.groups,
                        GroupEffect(group="carers", effect="negative", evidence="asked"),
                        GroupEffect(group="night staff"),
                        GroupEffect(group="bank staff", effect="positive"),
                    )
                )
            },
            [
                "must: equality impact on carers, mitigation: Negative effect without mitigation.",
                "should: equality impact on night staff, effect: Effect not known.",
                "should: equality impact on bank staff, evidence: No evidence given for the effect ('positive').",
            ],
        ),
        (
            {"years": ("2024/25",)},
            ["must: the plan, years: Its last year, 2024/25, ended on 31 March 2025: roll it forward."],
        ),
    ],
)
def test_what_the_plan_as_a_whole_lacks(fields: dict[str, Any], words: list[str]) -> None:
    assert found(young(), **fields) == words


def test_the_newest_figures_are_told_where_a_baseline_is_missing_or_no_longer_what_the_evidence_says() -> None:
    newest = Baseline.of(180, 3000, period="2026-03", source="staff extract")
    row = young(baseline=None)
    (missing,) = check(plan(row), TODAY, lambda _: newest)
    assert str(missing).endswith("No baseline for the X; the evidence has 6.0% for March 2026.")
    (differs,) = check(plan(young()), TODAY, lambda _row: replace(newest, source="ESR of April"))
    assert differs.severity is Severity.SHOULD
    assert differs.message == (
        "The evidence has 6.0% (180 of 3,000) for March 2026, not 5.7% (171 of 3,000)."
        " Source of the evidence: ESR of April; of the plan: staff extract."
    )
    assert check(plan(young()), TODAY, lambda _: None) == ()


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (Baseline.of(171, 3000, period="2026-03"), False),
        (Baseline.of(171.4, 3000.2, period="2026-03"), False),  # rounded to whole people
        (Baseline.of(172, 3000, period="2026-03"), True),
        (Baseline.of(342, 6000, period="2026-03"), True),  # the same share of others
        (Baseline(0.0572, period="2026-03"), False),
        (Baseline(0.0576, period="2026-03"), True),
        (Baseline.of(180, 3000, period="2026-04"), False),  # of another time: no contradiction
        (None, False),
    ],
)
def test_a_baseline_is_compared_with_what_was_counted_for_its_own_period(figure: Baseline | None, told: bool) -> None:
    newest = Baseline.of(200, 3000, period="2026-04")
    findings = check(plan(young()), TODAY, lambda _row: newest, lambda _row: figure)
    assert [one.field for one in findings] == (["baseline"] if told else [])
    assert not any(one.blocks_agreement for one in findings)


def test_the_suggested_plan_lacks_an_owner_for_every_row_and_every_x() -> None:
    told = check(Plan.suggested("X01", "Example", ["2026/27"]), TODAY)
    unset = [one.row for one in told if one.message == "No X set."]
    blanks = [f"{one.reference} {one.name}" for one in catalogue().measures if one.x]
    assert unset == blanks
    # The pledge's signatures, the board's approval and publication follow from the record: nothing to fill in.
    assert sum(one.message == "No responsible post named." for one in told) == ACTIONS_WITH_POST + MEASURES_WITH_POST
    assert sum(one.field == "number" for one in told) == 1
    assert {one.field for one in told} <= {"post", "due", "baseline", "change", "number", "evidence", "review", ""}
    assert all(one.message.endswith(".") and one.message[0].isupper() for one in told)


def test_findings_of_one_sentence_are_one_and_none_is_lost() -> None:
    told = check(Plan.suggested("X01", "Example", ["2026/27"]), TODAY)
    sentences = grouped(told)
    assert len(sentences) == len({(one.severity, one.field, one.message) for one in told}) < 30
    for one in told:
        assert any(one.message.removesuffix(".") in text and one.reference in text for text in sentences), one
    assert sentences[0].startswith(POSTS_MISSING)
    assert "1m4-turnover" in sentences[0]


def test_a_finding_knows_its_row_and_lateness_never_keeps_it_from_being_agreed() -> None:
    late = young(due="2026-04", review={"every": 3, "last": "2025-12-11"})
    findings = check(plan(late, action(due="2026-03")), TODAY)
    assert {one.row_key for one in findings} == {late.row_key, ("action", "publicity")}
    assert len(findings) == 3
    assert not any(one.blocks_agreement for one in findings)
    (missing,) = check(plan(young(post="")), TODAY)
    assert missing.blocks_agreement
    assert MeasureRow.of(**{**YOUNG, "population": "support staff"}).short_title == (
        "1m1 Staff aged 16 to 24 (support staff)"
    )
    assert (missing.row_key, missing.reference) == (("measure", "young-share", "trust workforce", ""), "1m1")
