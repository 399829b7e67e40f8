"""Fields of many rows set at once: only what was meant changes, and all that is wrong is told before anything does."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError
from t4c_lib.plan import Effect, MeasureRow, Plan, RowState, Status, groups_to_consider
from t4c_lib.plan.edits import FIELDS, Edit, EditError, assessed, edited, with_baselines
from t4c_lib.quantities import Baseline, Change, ChangeKind

from .plan_making import plans
from .test_plan_laws import WIDE

TODAY = dt.date(2026, 11, 27)
PLAN = Plan.suggested("X01", "Example", ["2026/27", "2027/28"])


def after(*texts: str, plan: Plan = PLAN) -> Plan:
    return edited(plan, [Edit.parse(text) for text in texts], TODAY)


def refused(*texts: str, plan: Plan = PLAN) -> list[str]:
    with pytest.raises(EditError) as error:
        after(*texts, plan=plan)
    assert "nothing was changed" in str(error.value)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.law
@WIDE
@given(plan=plans(), data=st.data())
def test_an_edit_changes_its_field_of_its_rows_and_nothing_else(plan: Plan, data: st.DataObject) -> None:
    rows = plan.rows("all") if plan.actions or plan.measures else ()
    chosen = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.row_key)) if rows else []
    names = {str(row.row_key[1]) for row in chosen}
    done = edited(plan, [Edit(name, "note", "as said") for name in names], TODAY)
    touched = {row.row_key for row in rows if row.row_key[1] in names}
    for before, now in zip(rows, done.rows("all") if rows else (), strict=True):
        assert now == (before.changed(note="as said") if before.row_key in touched else before)
    assert edited(plan, [], TODAY) == plan


@pytest.mark.unit
def test_rows_are_called_by_place_key_intention_kind_or_all_together() -> None:
    def keys(name: str) -> list[str]:
        return [str(row.row_key[1]) for row in PLAN.rows(name)]

    assert keys("1m1") == keys("young-share") == ["young-share"]
    assert keys("1m4") == ["attainment", "turnover", "sickness"]
    assert keys("6-intention") == ["apprenticeship-starts"]
    assert keys("3") == keys("intention-3") == [*keys("3a"), *keys("3m")]
    assert keys("3a") == ["train-ambassadors", "outreach-programme", "evaluate-outreach"]
    assert len(keys("all")) == len(keys("actions")) + len(keys("measures")) == 74


@pytest.mark.unit
def test_many_fields_of_many_rows_are_set_in_one_go() -> None:
    plan = after(
        "all.post=Director of Workforce",
        "1.post=Head of Widening Participation",
        "1m1.x=2 points",
        "1m1.baseline=120 of 2,842 in March 2025 (staff extract)",
        "1m1.due=2028-03",
        "2m3.baseline=24 in 2025/26 (register)",
        "2m3.x=12 more",
        "1m3.group=disability",
        "1m3.baseline=131 of 2544 in 2026-03 (ESR)",
        "1m3.comparison=8.6% in 21 March 2021 (census)",
        "1m3.x=-1 points",
        "3a1.number=24",
        "2m4.state=left_out",
        "2m4.because=Nobody counts it here",
        "1a1.text=We look at who is young",
        "2m2.status=done",
        "2m2.evidence=Policy, version 3",
        "2m2.evidence_date=2026-05-01",
        "2m2.link=https://example.org/policy",
        "2m2.approved_by=Board",
        "6m4.every=6 months",
        "6m4.next=2027-01",
    )
    young = plan.measure("1m1")
    assert (young.change, young.baseline) == (
        Change(ChangeKind.POINTS, 0.02),
        Baseline.of(120, 2842, period="2025-03", source="staff extract"),
    )
    assert plan.targets[0].due.label == "March 2028"
    assert {row.post for row in plan.rows("1")} == {"Head of Widening Participation"}
    assert {row.post for row in plan.rows("10")} == {"Director of Workforce"}
    assert plan.measure("2m3").change == Change(ChangeKind.COUNT, 12)
    near = plan.measure("1m3")
    assert near.group == "disability"
    assert near.gap == pytest.approx(0.086 - 131 / 2544)
    assert near.comparison is not None
    assert near.comparison.period == "2021-03-21"
    assert plan.action("3a1").number == 24
    left = plan.measure("2m4")
    assert (left.state, left.reason) == (RowState.LEFT_OUT, "Nobody counts it here")
    assert plan.action("1a1").state is RowState.REWORDED
    (document,) = plan.measure("2m2").evidence
    assert document.missing == ()
    assert plan.measure("2m2").status is Status.DONE
    review = plan.measure("6m4").review
    assert review is not None
    assert (review.every, str(review.next)) == (6, "2027-01")


@pytest.mark.unit
def test_rows_called_together_are_edited_where_they_can_be_and_are_open() -> None:
    before = after("2m4.state=left out", "2m4.because=not here")
    plan = after("2.way=front-loaded", "2.due=2028-03", plan=before)
    spread = {row.measure for row in plan.measures if row.way is not None}
    assert spread == {"local-applications", "application-diversity", "work-experience-placements"}
    assert str(plan.action("2a1").due) == str(plan.measure("2m2").due) == "2028-03"
    assert plan.measure("2m4") == before.measure("2m4")
    again = after("2m4.state=adopted", plan=plan).measure("2m4")
    assert (again.state, again.reason) == (RowState.ADOPTED, "")


@pytest.mark.unit
def test_an_empty_value_clears_a_field() -> None:
    full = after("1m1.x=2 points", "1m1.post=Lead", "1m1.due=2028-03", "2m2.evidence=Policy", "3a1.number=2")
    bare = after("1m1.x=", "1m1.post=", "1m1.due=", "2m2.evidence=", "3a1.number=", plan=full)
    assert bare == PLAN.with_row(PLAN.measure("1m1").changed(due=None))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9x.post=a", "There is no row in this plan called '9x'."),
        ("1m1.foo=1", "There is no field called 'foo'."),
        ("1m1.x=2%", "can be read in t"),
        ("1m1.due=2026-10", "October 2026 has passed. Set a date that is still to come: November 2026 or later."),
        ("1m1.due=soon", "'soon' is not a month."),
        ("2m2.x=2 points", "it has no 'x' to set."),
        ("1a1.number=2", "it has no 'number' to set."),
        ("1m1.baseline=120 of 2842", "has no period"),
        ("1m1.baseline=many", "can't be read as a figure"),
        ("1m1.baseline=40 of 30 in 2026-03", "A share lies between 0 and 1"),
        ("1m1.status=soon", "Allowed: not started, under way, done"),
        ("1m1.population=everybody", "There is no population called 'everybody'."),
        ("2m4.state=left_out", "a row that is left out needs a reason"),
        ("1m1.because=so", "a reason is for rows that are left out"),
        ("2m2.link=https://example.org", "there is no document to add this to"),
        ("3a1.number=some", "a number belongs here, not 'some'."),
        ("6m4.every=0", "a number from 1 up"),
        ("6m4.every=2.5", "a whole number belongs here, not 2.5."),
        ("6m4.every=inf", "a whole number belongs here, not inf."),
        ("1m3.comparison=3 of 0 in 2021-03 (census)", "is no share: it is out of 0."),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(text: str, words: str) -> None:
    (problem,) = refused(text)
    assert words in problem
    assert problem.startswith(text.partition(".")[0])


@pytest.mark.unit
def test_every_problem_is_told_at_once_and_an_x_that_cannot_be_is_one() -> None:
    texts = ("1m1.x=99 points", "1m1.baseline=5.7% in 2026-03 (ESR)", "1m1.due=2028-03", "2m3.x=2%", "1a1.due=2020-01")
    told = refused(*texts)
    assert [one.partition(":")[0] for one in told] == ["1a1.due", "1m1.change", "2m3.x"]
    assert "more than 100%" in told[1]


@pytest.mark.unit
def test_every_field_can_be_set_of_some_row() -> None:
    for field in FIELDS:
        assert any(edited_or_refused(row.reference, field) for row in PLAN.rows("all")), field


def edited_or_refused(row: str, field: str) -> bool:
    """Whether the row has that field at all."""
    try:
        after(f"{row}.{field}=?")
    except EditError as error:
        return "that could be set" not in str(error)
    return True


@pytest.mark.unit
def test_a_text_that_is_no_assignment_is_refused() -> None:
    with pytest.raises(EditError, match=r"this is not in the form ROW\.FIELD=VALUE"):
        Edit.parse("1m1=2 points")


@pytest.mark.unit
def test_baselines_come_from_what_was_counted_and_the_rest_is_named() -> None:
    counted = Baseline.of(120, 2842, period="2026-03", source="extract")
    rows = [row for row in PLAN.measures if row.has_amount]

    def figures(row: MeasureRow) -> Baseline | None:
        return counted if row.measure == "young-share" else None

    plan, without = with_baselines(PLAN, rows, figures)
    assert plan.measure("1m1").baseline == counted
    assert [row.measure for row in without] == [row.measure for row in rows if row.measure != "young-share"]
    with pytest.raises(InputError, match="is given as a share"):
        with_baselines(PLAN, [PLAN.measure("2m3")], lambda _row: counted)


@pytest.mark.unit
def test_an_assessment_is_written_group_by_group_and_the_rest_alike() -> None:
    made = assessed(
        None,
        ["Disability=positive: placements with support", "carers=negative: unpaid hours"],
        by="Head of Inclusion",
        date="2026-11-01",
        rest="not-known",
        mitigations=["carers=paid hours"],
    )
    effects = {one.group: one for one in made.groups}
    assert set(effects) == {*groups_to_consider(), "carers"}
    assert (effects["disability"].effect, effects["disability"].evidence) == (
        Effect.POSITIVE,
        "placements with support",
    )
    assert effects["carers"].mitigation == "paid hours"
    assert sum(one.effect is Effect.NOT_KNOWN for one in made.groups) == len(groups_to_consider()) - 1
    later = assessed(made, ["age=neutral: looked at"], by="", date="", rest="neutral", mitigations=())
    assert (later.by, later.date) == (made.by, made.date)
    assert {one.group: one.effect for one in later.groups} == {
        **{group: one.effect for group, one in effects.items()},
        "age": Effect.NEUTRAL,
    }
    with pytest.raises(InputError, match="good"):
        assessed(None, ["age=good"], by="", date="", rest="", mitigations=())
