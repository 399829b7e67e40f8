"""What differs between two versions of a plan, in sentences."""

from __future__ import annotations

from typing import Any

import pytest

from t4c_lib.plan import (
    ActionRow,
    EqualityAssessment,
    GroupEffect,
    MeasureRow,
    Plan,
    TimelineRow,
    changes_between,
    summarise_changes,
)

from .test_plan_rows import GROUP, OWN, YOUNG

pytestmark = pytest.mark.unit

POINT = {"kind": "points", "amount": 0.01}


def young(**fields: Any) -> MeasureRow:
    return MeasureRow.of(**{**YOUNG, **fields})


def plan(*measures: MeasureRow, **fields: Any) -> Plan:
    return Plan.of(
        **{"organisation": "X01", "organisation_name": "Example", "years": ("2026/27",), "measures": measures, **fields}
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due": "2029-03"}, "due March 2028 → March 2029"),
        ({"due": None}, "due March 2028 taken out"),
        ({"change": {"kind": "count", "amount": 60}}, "X 2 percentage points up → 60 more"),
        ({"change": None}, "X 2 percentage points up taken out"),
        ({"change": {"kind": "level", "amount": 0.08}}, "X 2 percentage points up from the baseline → to 8.0%"),
        (
            {"baseline": {**YOUNG["baseline"], "numerator": 180}},
            "baseline 5.7% in March 2026 (staff extract) → 6.0% in March 2026 (staff extract)",
        ),
        ({"post": "Chair"}, "responsible post 'Head of Widening Participation' → 'Chair'"),
        ({"status": "under way"}, "status not started → under way"),
        ({"state": "reworded", "name": "Our young"}, "reworded, wording set to 'Our young'"),
        ({"evidence": [{"what": "minutes"}]}, "evidence set to 'minutes'"),
        ({"review": {"every": 1, "last": "2026-04-16"}}, "review set to every month, last on 16 April 2026"),
        ({"review": {"every": 3, "last": "2026-04-16"}}, "review set to every 3 months, last on 16 April 2026"),
        (
            {"checkpoints": [{"due": "2027-03", "value": 0.06}, {"due": "2027-09", "change": POINT}]},
            "checkpoints set to 6.0% by March 2027; 1 percentage point up by September 2027",
        ),
        ({"way": "back-loaded"}, "way set to back-loaded"),
        ({"closed": "2026/27"}, "closed as done in 2026/27"),
    ],
)  # fmt: skip
def test_a_changed_field_is_told_with_what_stood_there_and_what_stands_there_now(
    fields: dict[str, Any], words: str
) -> None:
    (told,) = changes_between(plan(young()), plan(young(**fields)))
    assert str(told) == f"1m1 Staff aged 16 to 24: {words}"


def test_a_level_that_is_set_first_is_told_with_one_to() -> None:
    (told,) = changes_between(plan(young(change=None)), plan(young(change={"kind": "level", "amount": 0.08})))
    assert str(told) == "1m1 Staff aged 16 to 24: X set to 8.0%"


def test_contents_that_read_alike_are_said_to_have_changed() -> None:
    before, after = ({"what": "minutes", "date": day} for day in ("2026-03-01", "2026-03-02"))
    (told,) = changes_between(plan(young(evidence=[before])), plan(young(evidence=[after])))
    assert str(told) == "1m1 Staff aged 16 to 24: evidence changed"


def test_rows_that_come_and_go_are_told_by_their_names() -> None:
    before = plan(young(), young(population="support staff"))
    after = plan(young(), MeasureRow.of(**GROUP), MeasureRow.of(**OWN))
    assert [str(one) for one in changes_between(before, after)] == [
        "1m3 Workforce compared with the local population (disability) added",
        "bursaries Bursaries taken up added",
        "1m1 Staff aged 16 to 24 (support staff) taken out",
    ]
    assert [str(one) for one in changes_between(None, plan(young()))] == ["1m1 Staff aged 16 to 24 added"]


def test_every_part_of_a_plan_is_compared() -> None:
    before = plan(
        actions=(ActionRow.of(action="3a1", number=20), ActionRow.of(action="sign-pledge")),
        timelines=(TimelineRow.of(intention=1, concerns="the age profile", when="2027-04"),),
        equality=EqualityAssessment.of(by="Lead", groups=(GroupEffect(group="age"),)),
    )
    after = plan(
        organisation_name="Example Trust",
        years=("2026/27", "2027/28"),
        actions=(ActionRow.of(action="sign-pledge", cost=1200), ActionRow.of(action="3a1", number=25)),
        timelines=(TimelineRow.of(intention=1, concerns="the age profile", when="2027-05", starting=True),),
        equality=EqualityAssessment.of(by="Chair", groups=(GroupEffect(group="age", effect="positive"),)),
    )
    assert [str(one) for one in changes_between(before, after)] == [
        "the plan: name 'Example' → 'Example Trust', years 2026/27 → 2026/27; 2027/28",
        "10a1 Management and staff side sign a Partnership Pledge to carry …: cost set to 1,200",
        "3a1 Recruit and train X staff as NHS Ambassadors with other local …: number 20 → 25",
        "the order of actions changed",
        "intention 1 (the age profile): date April 2027 → May 2027, starts then no → yes",
        "the equality impact assessment: by 'Lead' → 'Chair'",
        "equality impact on age: effect not known → positive",
    ]
    assert [str(one) for one in changes_between(before, before.changed(equality=None))] == [
        "the equality impact assessment taken out"
    ]


def test_it_is_known_which_changes_touch_what_was_agreed() -> None:
    assert young(due="2029-03").digest != young().digest
    assert young(status="done", holder="Fern").digest == young().digest


def test_many_changes_are_told_in_short() -> None:
    whole = Plan.suggested("X01", "Example", ["2026/27"])
    assert summarise_changes(changes_between(None, whole), 2) == (
        "1a1 Review the current profile of staff aged 16 to 24 added; "
        "1a2 Review job opportunities and entry routes for young people … added; and 88 more rows"
    )
    assert summarise_changes(()) == "no changes"
