from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from t4c_lib.plan import ActionRow, EqualityAssessment, GroupEffect, Plan, PlanError, RowState
from t4c_lib.plan.plan_diff import merge
from tests.plan.plan_making import with_action

from .partnership_making import plan_of, row
from .plan_making import plans

WIDE = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def same_organisation(*drawn: Plan) -> list[Plan]:
    return [one.changed(organisation="X01") for one in drawn]


@pytest.mark.law
@WIDE
@given(base=plans(), other=plans())
def test_what_only_one_of_two_changed_is_taken_whole(base: Plan, other: Plan) -> None:
    base, other = same_organisation(base, other)
    for mine, theirs in ((base, other), (other, base), (other, other)):
        merged = merge(base, mine, theirs)
        assert merged.plan == other
        assert merged.clashes == ()


@pytest.mark.law
@WIDE
@given(base=plans(), mine=plans(), theirs=plans())
def test_nothing_is_lost_in_silence(base: Plan, mine: Plan, theirs: Plan) -> None:
    base, mine, theirs = same_organisation(base, mine, theirs)
    merged = merge(base, mine, theirs)
    clashing = {clash.path for clash in merged.clashes}
    for name in ("actions", "measures", "timelines"):
        old, ours, other, now = ({one.key: one for one in getattr(p, name)} for p in (base, mine, theirs, merged.plan))
        for key in {*old, *ours, *other}:
            if (name, key) in clashing:
                assert now.get(key) == other.get(key)
                continue
            before, one, two, after = (rows.get(key) for rows in (old, ours, other, now))
            if one != before and two == before:
                assert after == one
            elif two != before and one == before:
                assert after == two
            elif one is not None and two is not None and before is not None and after is not None:
                for field in type(one).model_fields:
                    values = {id(p): getattr(p, field) for p in (before, one, two)}
                    assert getattr(after, field) in values.values()
                    if getattr(one, field) != getattr(before, field):
                        assert getattr(after, field) == getattr(one, field)
                    if getattr(two, field) != getattr(before, field):
                        assert getattr(after, field) == getattr(two, field)


@pytest.mark.law
@WIDE
@given(base=plans(), mine=plans(), theirs=plans())
def test_it_does_not_matter_who_saves_first_where_nothing_clashes(base: Plan, mine: Plan, theirs: Plan) -> None:
    base, mine, theirs = same_organisation(base, mine, theirs)
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert bool(one.clashes) == bool(other.clashes)
    if not one.clashes:
        assert {row.key: row for row in one.plan.measures} == {row.key: row for row in other.plan.measures}
        assert {row.key: row for row in one.plan.actions} == {row.key: row for row in other.plan.actions}


@pytest.mark.law
@given(rows=st.permutations(["young-share", "sickness", "turnover", "celebration"]))
def test_changes_of_different_rows_additions_and_removals_go_together(rows: list[str]) -> None:
    base = plan_of(*(row(name, baseline=None, change=None) for name in rows[:3]))
    mine = base.with_row(base.measures[0].changed(due="2028-03")).with_row(row(rows[3], baseline=None, change=None))
    theirs = base.with_row(base.measures[1].changed(post="matron"))
    theirs = theirs.changed(measures=theirs.measures[:2])
    merged = merge(base, mine, theirs)
    assert merged.clashes == ()
    assert [one.measure for one in merged.plan.measures] == [rows[0], rows[1], rows[3]]
    assert str(merged.plan.measures[0].due) == "2028-03"
    assert merged.plan.measures[1].post == "matron"


@pytest.mark.unit
def test_a_note_goes_with_an_x_but_two_changes_of_what_is_agreed_clash() -> None:
    base = plan_of(row())
    noted = plan_of(row(note="asked for more"))
    moved = plan_of(row(change={"kind": "points", "amount": 0.03}))
    later = plan_of(row(due="2028-03"))
    together = merge(base, noted, moved)
    assert together.plan == plan_of(row(note="asked for more", change={"kind": "points", "amount": 0.03}))
    clash = merge(base, moved, later)
    assert [str(one) for one in clash.clashes] == [
        "1m1 Staff aged 16 to 24: due yours March 2027, theirs March 2028; X yours 3 percentage points up, theirs 2 "
        "percentage points up"
    ]
    assert clash.plan == later
    levels = [plan_of(row(change={"kind": "level", "amount": level})) for level in (0.0542, 0.08)]
    (clash_of_x,) = merge(base, *levels).clashes
    assert str(clash_of_x) == "1m1 Staff aged 16 to 24: X yours to 5.42%, theirs to 8.0%"


@pytest.mark.unit
def test_a_row_that_one_took_out_and_the_other_changed_clashes() -> None:
    base, without, changed = plan_of(row()), plan_of(), plan_of(row(due="2028-03"))
    (mine,) = merge(base, without, changed).clashes
    assert str(mine) == "1m1 Staff aged 16 to 24: yours is taken out, theirs is changed"
    (theirs,) = merge(base, changed, without).clashes
    assert str(theirs) == "1m1 Staff aged 16 to 24: yours is changed, theirs is taken out"


@pytest.mark.unit
def test_two_first_plans_go_together_unless_they_say_different_things_of_a_row() -> None:
    mine, theirs = plan_of(row()), plan_of(row("sickness", baseline=None, change=None))
    assert [one.measure for one in merge(None, mine, theirs).plan.measures] == ["young-share", "sickness"]
    (clash,) = merge(None, mine, plan_of(row(due="2028-03"))).clashes
    assert str(clash) == "1m1 Staff aged 16 to 24: due yours March 2027, theirs March 2028"


@pytest.mark.unit
def test_parts_of_the_equality_assessment_go_together_group_by_group() -> None:
    def assessed(by: str, *groups: tuple[str, str]) -> Plan:
        effects = tuple(GroupEffect(group=group, effect=effect) for group, effect in groups)
        return plan_of().changed(equality=EqualityAssessment(by=by, groups=effects))

    base = assessed("a", ("age", "neutral"), ("sex", "neutral"))
    mine = assessed("a", ("age", "positive"), ("sex", "neutral"))
    theirs = assessed("b", ("age", "neutral"), ("sex", "negative"))
    assert merge(base, mine, theirs).plan == assessed("b", ("age", "positive"), ("sex", "negative"))


@pytest.mark.unit
def test_two_new_orders_clash_and_one_new_order_holds() -> None:
    names = ("young-share", "sickness", "turnover")
    rows = [row(name, baseline=None, change=None) for name in names]
    base = plan_of(*rows)
    mine, theirs = plan_of(rows[2], rows[0], rows[1]), plan_of(rows[1], rows[0], rows[2])
    noted = base.with_row(rows[0].changed(note="x"))
    assert [one.measure for one in merge(base, mine, noted).plan.measures] == ["turnover", "young-share", "sickness"]
    (clash,) = merge(base, mine, theirs).clashes
    assert clash.label == "the order of rows in measures"


@pytest.mark.unit
def test_an_action_left_out_by_one_and_given_a_number_by_the_other_clashes_rather_than_break() -> None:
    base = with_action(plan_of(), ActionRow(action="sign-pledge"))
    mine = with_action(base, ActionRow(action="sign-pledge", state=RowState.LEFT_OUT, reason="done"))
    theirs = with_action(base, ActionRow(action="sign-pledge", state=RowState.REWORDED, text="Sign it"))
    clashes = merge(base, mine, theirs).clashes
    assert [one.label for one in clashes] == ["10a1 Management and staff side sign a Partnership Pledge to carry …"]


@pytest.mark.unit
def test_plans_of_two_organisations_are_not_put_together() -> None:
    with pytest.raises(PlanError, match="Plans of two organisations, X01 and X02, can't be merged"):
        merge(None, plan_of(), plan_of().changed(organisation="X02"))
