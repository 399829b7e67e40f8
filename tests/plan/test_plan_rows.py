"""Rows of actions and measures: what each holds, what is refused, and what an agreement covers."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import pytest

from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import ActionRow, Evidence, MeasureRow, Plan, Review, Target, TimelineRow, timelines_for
from t4c_lib.quantities import Baseline, Change, ChangeKind

from .plan_making import refusal

pytestmark = pytest.mark.unit

YOUNG: dict[str, Any] = {
    "measure": "young-share",
    "baseline": {"numerator": 171, "denominator": 3000, "period": "2026-03", "source": "staff extract"},
    "change": {"kind": "points", "amount": 0.02},
    "due": "2028-03",
    "post": "Head of Widening Participation",
}
TARGET = Target(
    "young-share",
    "trust workforce",
    "",
    Baseline.of(171, 3000, period="2026-03", source="staff extract"),
    Change(ChangeKind.POINTS, 0.02),
    Month(2028, 3),
)
GROUP: dict[str, Any] = {
    "measure": "1m3",
    "group": "disability",
    "baseline": {"numerator": 40, "denominator": 1000, "period": "2026-03", "source": "ESR"},
    "comparison": {"share": 0.1, "period": "2021-03", "source": "census"},
    "change": {"kind": "points", "amount": -0.02},
    "due": "2028-03",
}
OWN: dict[str, Any] = {
    "measure": "bursaries",
    "state": "added",
    "definition": {"intention": 8, "name": "Bursaries taken up", "kind": "count", "unit": "bursaries a year"},
}


def action(**fields: Any) -> ActionRow:
    return ActionRow.of(**{"action": "train-ambassadors", **fields})


def young(**fields: Any) -> MeasureRow:
    return MeasureRow.of(**{**YOUNG, **fields})


def test_the_suggested_plan_adopts_the_whole_framework_and_sets_no_x() -> None:
    plan = Plan.suggested("X01", "Example Trust", ["2026/27"])
    assert [row.action for row in plan.actions] == [one.key for one in catalogue().actions]
    assert [row.measure for row in plan.measures] == [one.key for one in catalogue().measures]
    assert {row.state for row in (*plan.actions, *plan.measures)} == {"adopted"}
    assert plan.targets == ()
    assert all(row.target is None for row in plan.measures)
    assert plan.timelines == timelines_for([FinancialYear(2026)])
    assert "no-code" not in refusal(Plan.suggested, "X 01", "Example", [])


def test_the_frameworks_dates_move_with_the_first_year_of_the_plan() -> None:
    by_purpose = {row.concerns: row for row in timelines_for([FinancialYear(2026), FinancialYear(2027)])}
    assert by_purpose["the start of work experience"].when == Month(2026, 9)
    assert by_purpose["the age profile"].text == "April 2027, then once a year"
    assert by_purpose["the doubling"].when == Month(2027, 3)
    assert by_purpose["appraisals and personal plans"].when == Month(2027, 2)
    assert by_purpose["the programme's review"].text == "each June"
    first = timelines_for([FinancialYear(2015)])
    assert [row.when for row in first] == [
        one.month for intention in catalogue().intentions for one in intention.timeline
    ]
    assert TimelineRow.of(intention=1, concerns="x", when="2026-09").moved(2).when == Month(2028, 9)


def test_a_new_plan_has_the_frameworks_dates_moved_to_its_years_and_none_that_has_passed() -> None:
    first = Plan.suggested("X01", "Example", ["2015/16"])
    assert str(first.action("10a1").due) == "2015-04"
    assert (str(first.action("1a2").start), first.action("1a2").due) == ("2015-09", None)
    dated = {row.measure: str(row.due) for row in first.measures if row.due is not None}
    assert dated == dict.fromkeys(("appraisal-received", "appraisal-meaningful", "apprenticeship-starts"), "2016-03")
    later = Plan.suggested("X01", "Example", ["2026/27", "2027/28"])
    for before, after in zip((*first.actions, *first.measures), (*later.actions, *later.measures), strict=True):
        for field in ("start", "due"):
            then, now = getattr(before, field), getattr(after, field)
            assert now == (None if then is None else then + 12 * 11)
    autumn = Plan.suggested("X01", "Example", ["2026/27"], since=Month(2026, 9))
    assert autumn.action("10a1").due is None
    assert str(autumn.action("1a2").start) == "2026-09"
    assert Plan.suggested("X01", "Example", ["2026/27"], since=Month(2026, 10)).action("1a2").start is None
    assert str(autumn.action("4a2").due) == "2026-09"


def test_importing_the_room_brings_in_neither_pandas_nor_numpy() -> None:
    code = "import sys, t4c_lib.plan; print([x for x in ('pandas', 'numpy', 'scipy', 'docx') if x in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# Actions


def test_an_action_says_its_number_or_x_in_its_words() -> None:
    assert "and train X staff" in action().wording
    assert "and train 25 staff" in action(number=25).wording
    own = action(state="reworded", text="Find {x} ambassadors", number=12)
    assert own.wording == "Find 12 ambassadors"
    assert (own.intention_number, own.label) == (3, "action train-ambassadors")
    assert action(action="3a1") == action()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"action": "train-ambasadors"},
            "There is no action called 'train-ambasadors'. The closest: train-ambassadors.",
        ),
        ({"action": "bake-cakes"}, "A row of your own has the state 'added'."),
        (
            {"state": "added", "text": "x", "intention": 3},
            "'train-ambassadors' is a row of the framework. An added row needs",
        ),
        (
            {"action": "Own Row", "state": "added", "text": "x", "intention": 1},
            "'Own Row' is not a valid key: use small letters",
        ),
        ({"action": "own", "state": "added"}, "an added action needs a 'text'."),
        ({"action": "own", "state": "added", "text": "x"}, "needs the number of its 'intention'."),
        ({"action": "own", "state": "added", "text": "x", "intention": 11}, "There is no intention called '11'."),
        ({"intention": 4}, "'train-ambassadors' belongs to intention 3. Leave the field out."),
        ({"state": "reworded"}, "text: a reworded row needs its own wording in 'text'."),
        ({"text": "in our words"}, "your own wording needs the state 'reworded' (or 'added'), not 'adopted'."),
        ({"state": "left out"}, "reason: a row that is left out needs a reason"),
        ({"reason": "no time"}, "a reason is for rows that are left out, and this row is 'adopted'."),
        ({"action": "sign-pledge", "number": 3}, "the wording of 'sign-pledge' has no {x} for a number."),
        ({"number": 2.5}, "this is a number of people, and 2.5 is not a whole number."),
        ({"number": -3}, "a number from 0 up belongs here, not -3."),
        ({"cost": "£300"}, "a number belongs here, not '£300'."),
        ({"status": "finished"}, "'finished' is not known here. Allowed: not started, under way, done."),
        ({"state": "left-out", "reason": "x"}, "Did you mean 'left out'?"),
        ({"due": "2027-13"}, "Month 13 of 2027 does not exist"),
        (
            {"evidence": [{"what": "minutes", "date": "2026-02-30"}]},
            "'2026-02-30' is not a day. Write it as 2026-03-31.",
        ),
        ({"evidence": [{"link": "x"}]}, "evidence 1: 'what' is missing."),
        ({"owner": "me"}, "there is no key 'owner' here."),
    ],
)
def test_an_action_that_contradicts_itself_is_refused_in_words(fields: dict[str, Any], words: str) -> None:
    assert words in refusal(action, **fields)


def test_a_row_left_out_stays_with_its_reason_and_the_words_it_had() -> None:
    row = action(state="left out", reason="The trust next door does it for both", text="Find {x} ambassadors", number=5)
    assert not row.is_open
    assert row.wording == "Find 5 ambassadors"


# Measures


def test_a_row_without_an_x_has_no_target_and_a_whole_one_has() -> None:
    assert young(change=None).target is None
    assert young(baseline=None).target is None
    assert young(due=None).target is None
    target = young().target
    assert target == TARGET
    assert target is not None
    assert target.goal == pytest.approx(0.077)


def test_a_target_that_cannot_be_is_held_but_draws_no_line() -> None:
    beyond = young(change={"kind": "points", "amount": 0.99})
    assert beyond.target is None
    assert [field for field, _ in beyond.target_faults] == ["change"]
    early = young(due="2026-03")
    assert early.target is None
    assert early.target_faults == (("due", "March 2026 is not after the baseline, which was measured in March 2026."),)
    assert young(state="left out", reason="not now").target is None


def test_where_closer_is_better_the_gap_is_what_changes() -> None:
    row = MeasureRow.of(**GROUP)
    assert row.gap == 0.06
    assert row.target is not None
    assert row.target.baseline.value == 0.06
    assert row.target.goal == pytest.approx(0.04)
    assert row.target.baseline.source == "ESR; census"
    assert row.label == "measure local-diversity (disability)"
    wider = row.changed(change=Change(ChangeKind.POINTS, 0.02))
    assert wider.target is None
    assert "The gap would grow" in wider.target_faults[0][1]


def test_over_representation_is_never_a_target() -> None:
    row = MeasureRow.of(**{**GROUP, "comparison": {"share": 0.03, "source": "census"}})
    assert row.gap == -0.01
    assert row.starting_figure is None
    assert row.target is None


def test_a_measure_of_its_own_is_defined_in_the_plan() -> None:
    row = MeasureRow.of(
        **OWN,
        baseline={"value": 3, "period": "2025/26", "source": "x"},
        change={"kind": "count", "amount": 2},
        due="2027-03",
    )
    assert (row.intention_number, row.wording, row.what.unit) == (8, "Bursaries taken up", "bursaries a year")
    assert row.baseline is not None
    assert row.baseline.counted == "bursaries a year"
    assert row.target is not None
    assert row.target.goal == 5


def test_a_plan_may_name_its_own_level_of_qualification() -> None:
    level_3 = young(measure="attainment", population="support staff", group="level: 3")
    assert level_3.key == ("attainment", "support staff", "level: 3")
    assert level_3.label.endswith("(level: 3)")
    assert level_3.digest != young(measure="attainment", population="support staff").digest


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"measure": "yung-share"}, "There is no measure called 'yung-share'. The closest: young-share."),
        ({"change": {"kind": "points", "amount": 2}}, "more than 100%. Did you mean 0.02 (2 points)?"),
        ({"change": {"kind": "level", "amount": 8}}, "Did you mean 0.08 (8%)?"),
        ({"change": {"kind": "level", "amount": 800}}, "an amount of 800 is more than 100%."),
        ({"checkpoints": [{"due": "2027-03", "value": 6.5}]}, "a share is between 0 and 1, not 6.5."),
        ({"way": "slow"}, "'slow' is not known here. Allowed: straight, front-loaded, back-loaded."),
        ({"way": 3}, "3 is not known here."),
        ({"measure": "celebration", "way": "straight"}, "'celebration' is measured by review and has no amount."),
        ({"checkpoints": [{"due": "2027-03"}]}, "a checkpoint has either a 'value' or a 'change'."),
        ({"group": "disability"}, "'young-share' is not compared with another group"),
        ({"measure": "attainment", "group": "level: 9"}, "write 'level: 3' (1 to 8)."),
        ({"comparison": {"share": 0.1}}, "'young-share' is not compared with another group"),
        ({**GROUP, "comparison": {"share": 12}}, "a number up to 1 belongs here, not 12."),
        ({**GROUP, "change": {"kind": "relative", "amount": 1}}, "Allowed: points, level."),
        ({"measure": "sign-off"}, "A row of your own has the state 'added'."),
        ({"state": "added"}, "'young-share' is a row of the framework."),
        ({"definition": OWN["definition"]}, "only an added measure has a 'definition'"),
        ({"measure": "own", "state": "added"}, "an added measure needs a 'definition'"),
        ({"state": "reworded"}, "needs its own wording in 'name'"),
        ({"measure": "celebration"}, "'celebration' is measured by review, so it has no amount and no target."),
        ({"review": {"every": 0}}, "a number from 1 up belongs here, not 0."),
        ({"review": {"every": "monthly"}}, "a whole number belongs here, not 'monthly'."),
    ],
)
def test_a_measure_that_contradicts_itself_is_refused_in_words(fields: dict[str, Any], words: str) -> None:
    assert words in refusal(young, **fields)


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ({"kind": "share"}, "a share needs a 'numerator'."),
        ({"kind": "count", "unit": ""}, "a count needs a 'unit'"),
        ({"kind": "evidence", "unit": "people"}, "the unit of evidence is 'yes or no'. Leave the field out."),
        ({"kind": "count", "numerator": "x"}, "count has no numerator."),
        ({"better": "closer"}, "'closer' is for shares only."),
        ({"kind": "number"}, "'number' is not known here."),
        ({"intention": 0}, "There is no intention called '0'."),
    ],
)
def test_a_definition_that_is_not_whole_is_refused_in_words(definition: dict[str, Any], words: str) -> None:
    assert words in refusal(MeasureRow.of, **{**OWN, "definition": {**OWN["definition"], **definition}})


def test_a_review_is_due_so_many_months_after_it_was_last_held() -> None:
    review = Review.of(every=6, last="2026-01-15")
    assert review.due == Month(2026, 7)
    assert not review.is_overdue(dt.date(2026, 7, 31))
    assert review.is_overdue(dt.date(2026, 8, 1))
    assert Review.of(every=6, last="2026-01-15", next="2026-09").due == Month(2026, 9)
    assert Review.of(every=6).due is None


def test_what_a_sign_lacks_is_known() -> None:
    assert Evidence.of(what="policy").missing == ("a date", "a link", "who approved it")
    assert Evidence.of(what="policy", date="2026-03-01", link="x", approved_by="Board").missing == ()


# What is agreed


@pytest.mark.parametrize(
    "fields",
    [
        {"population": "support staff"},
        {"baseline": {**YOUNG["baseline"], "numerator": 172}},
        {"baseline": {**YOUNG["baseline"], "numerator": 342, "denominator": 6000}},
        {"baseline": {**YOUNG["baseline"], "period": "2026-02"}},
        {"baseline": {**YOUNG["baseline"], "source": "board paper"}},
        {"baseline": None},
        {"change": {"kind": "points", "amount": 0.021}},
        {"change": {"kind": "relative", "amount": 0.02}},
        {"change": None},
        {"start": "2026-04"},
        {"due": "2027-04"},
        {"way": "straight"},
        {"way": "back-loaded"},
        {"checkpoints": [{"due": "2027-03", "value": 0.06}]},
        {"post": "Chief Nurse"},
        {"state": "reworded", "name": "Young people among us"},
        {"state": "left out", "reason": "not now"},
    ],
)
def test_a_change_of_anything_that_is_agreed_changes_the_digest_of_the_row(fields: dict[str, Any]) -> None:
    assert young(**fields).digest != young().digest


@pytest.mark.parametrize(
    "fields",
    [
        {"note": "ask again in May"},
        {"holder": "Fern Example"},
        {"status": "done"},
        {"evidence": [{"what": "minutes", "date": "2026-03-01"}]},
        {"review": {"every": 3}},
    ],
)
def test_status_notes_links_and_names_are_no_part_of_what_is_agreed_but_of_the_document(fields: dict[str, Any]) -> None:
    assert young(**fields).digest == young().digest
    plan = Plan(organisation="X01", organisation_name="Example", years=("2026/27",))
    assert plan.with_row(young(**fields)).digest != plan.with_row(young()).digest


def test_what_an_agreement_to_an_action_covers() -> None:
    row = action(number=25, post="Lead", due="2027-03")
    covered: list[dict[str, Any]] = [{"number": 26}, {"post": "Chair"}, {"due": "2027-04"}, {"start": "2026-09"}]
    beside: list[dict[str, Any]] = [{"holder": "Ash"}, {"status": "done"}, {"note": "x"}, {"cost": 100}]
    assert all(row.changed(**change).digest != row.digest for change in covered)
    assert all(row.changed(**change).digest == row.digest for change in beside)


def test_the_digests_of_known_rows_stay_what_they_are() -> None:
    # Agreements refer to these for years: a change here must be a new form with a new name.
    # Only new words of the framework make new digests of the same form, and agreements hold through them.
    assert "way" not in young().covered
    assert young().digest == "4cd683e3efbb8dc4413228d609fe600fe67afb12505b477d5cbbf185eac901cf"
    assert young(way="back-loaded").digest == "a6dd42254c50604e3050eb8acd2e90dc253b5a138d26d92d7b08111f41d59716"
    assert (
        action(number=25, post="Lead", due="2027-03").digest
        == "7bf66194363383b8f69f7efa69f911fc22982455b98f2c3239c3d26787104f05"
    )
    plan = Plan(organisation="X01", organisation_name="Example", years=("2026/27",))
    assert plan.with_row(young()).digest == "b835b78258398baa92f63e6e30c3d6c45e06e67a4492989d1cfbc4a18edb74e1"


def test_a_rows_kinds_of_field_are_each_written_and_those_agreed_are_among_them() -> None:
    for kind in (ActionRow, MeasureRow):
        assert sorted(kind.written) == sorted(kind.model_fields)
        agreed = set(kind.model_fields) - kind.not_agreed
        assert {"state", "reason", "post", "start", "due"} < agreed < set(kind.model_fields)


# The plan


def test_rows_are_found_by_key_or_by_their_place_in_the_framework() -> None:
    plan = Plan.suggested("X01", "Example Trust", ["2026/27"]).with_row(MeasureRow.of(**OWN))
    assert plan.measure("1m4-turnover") is plan.measure("turnover")
    assert plan.measure("bursaries").definition is not None
    assert plan.action("3a1").action == "train-ambassadors"
    with pytest.raises(UnknownNameError, match="The closest: young-share"):
        plan.measure("yung-share")
    with pytest.raises(UnknownNameError, match="no action in this plan called 'bake-cakes'"):
        plan.action("bake-cakes")


def test_a_target_of_a_group_is_set_in_its_row() -> None:
    plan = Plan.suggested("X01", "Example Trust", ["2026/27"])
    target = MeasureRow.of(**GROUP).target
    assert target is not None
    assert plan.with_row(MeasureRow.of(**GROUP)).targets == (target,)


def test_two_rows_of_one_key_are_refused_and_two_groups_are_not() -> None:
    bare = Plan(organisation="X01", organisation_name="Example", years=("2026/27",))
    twice = refusal(bare.changed, measures=(young(), young(due=None)))
    assert "measure 1 is 'young-share' of trust workforce already; keep one of the two." in twice
    assert "action 1 is 'train-ambassadors' already" in refusal(bare.changed, actions=(action(), action(number=1)))
    groups = (MeasureRow.of(**GROUP), MeasureRow.of(**{**GROUP, "group": "race"}))
    assert len(bare.changed(measures=groups).targets) == 2


@pytest.mark.unit
def test_a_target_of_an_own_share_is_told_in_its_own_words() -> None:
    own = {"intention": 4, "name": "Appraisals in time", "kind": "share", "numerator": "appraisals in time"}
    baseline = {"numerator": 185, "denominator": 240, "period": "2026-03", "source": "appraisal system"}
    row = MeasureRow.of(
        measure="appraisals-in-time",
        state="added",
        definition={**own, "denominator": "appraisals due"},
        baseline=baseline,
        change={"kind": "level", "amount": 0.9},
        due="2028-03",
    )
    assert row.title == "own Appraisals in time"
    assert row.target is not None
    assert row.target.reading().sentence == (
        "from 77.1% to 90.0%: 12.9 percentage points, 31 more appraisals in time if the number of appraisals due stays "
        "at 240 (March 2026)"
    )
    assert row.covered["baseline"]["base"] == "workforce"  # type: ignore[index]  # what was agreed keeps its digest


@pytest.mark.unit
@pytest.mark.parametrize(
    ("measure", "population", "words"),
    [
        ("certificate-in-12-weeks", "clinical support starters", "more newcomers if the number of newcomers whose 12 "),
        ("appraisal-received", "support staff", "more respondents if the number of respondents stays at 52"),
        ("young-share", "support staff", "more people if the number of support staff stays at 52"),
        ("young-share", "trust workforce", "more people if the workforce stays at 52"),
    ],
)
def test_a_target_is_told_in_the_words_of_its_measure_and_keeps_its_digest(
    measure: str, population: str, words: str
) -> None:
    baseline = Baseline.of(20, 52, period="2026-03")
    row = MeasureRow(
        measure=measure, population=population, baseline=baseline, change=Change(ChangeKind.POINTS, 0.2), due="2027-03"
    )
    assert row.target is not None
    assert words in row.target.reading().sentence
    assert (row.baseline, row.target.baseline) == (baseline, baseline)
