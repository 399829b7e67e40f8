"""A plan written over its earlier text keeps the comments, each with what it was written above."""

from __future__ import annotations

import pytest

from t4c_lib.plan import ActionRow, MeasureRow, Plan
from tests.plan.plan_making import with_action

from .test_plan_rows import OWN, YOUNG

pytestmark = pytest.mark.unit

TEXT = """\
# The forum's plan.
organisation:
  code: X01  # as in the evidence
  name: Example Trust

# What was agreed.
plan:
  # Two years, said the board.
  years: [2026/27]
  # What we do.
  actions:
    # First things first.
    - action: sign-pledge
      status: under way
      note: ask again  # in May
    # The board comes next,
    # in June.
    - action: board-approval
      due: 2026-06

    # Then the posters.
    - action: publicity
  # What we measure.
  measures:
    - measure: young-share
      baseline: {numerator: 171, denominator: 3000, period: 2026-03, source: staff extract}
      change: {kind: points, amount: 0.02}  # not relative
    # Of whom, we have yet to say.
    - measure: turnover
      note: |-
        two
        lines
# The end.
"""


def test_a_text_whose_plan_did_not_change_stays_to_the_letter() -> None:
    assert Plan.from_yaml(TEXT).to_yaml(over=TEXT) == TEXT


def test_what_ends_a_text_stays_at_its_end_whatever_comes_or_goes_above_it() -> None:
    plan = Plan.from_yaml(TEXT)
    other = MeasureRow(measure="sickness")
    for measures in ((*plan.measures, other), plan.measures[:1], plan.measures[::-1], ()):
        assert plan.changed(measures=measures).to_yaml(over=TEXT).endswith("\n# The end.\n")


def test_a_save_of_one_row_leaves_every_other_line_to_the_letter() -> None:
    plan = Plan.from_yaml(TEXT)
    for row in (*plan.actions, *plan.measures):
        assert isinstance(row, ActionRow | MeasureRow)
        text = plan.with_row(row.changed(post="Lead")).to_yaml(over=TEXT)
        assert [line for line in text.splitlines() if line.strip() != "post: Lead"] == TEXT.splitlines()


def test_a_comment_stays_above_its_row_when_the_row_before_gains_or_loses_a_field() -> None:
    plan = Plan.from_yaml(TEXT)
    plan = with_action(plan, plan.action("sign-pledge").changed(note="", status="done"))
    plan = with_action(plan, plan.action("board-approval").changed(note="in the morning"))
    plan = plan.with_row(plan.measure("young-share").changed(due="2028-03"))
    plan = plan.with_row(plan.measure("turnover").changed(note="", post="Lead"))
    assert plan.to_yaml(over=TEXT) == (
        TEXT.replace("      status: under way\n      note: ask again  # in May\n", "      status: done\n")
        .replace("      due: 2026-06\n", "      due: 2026-06\n      note: in the morning\n")
        .replace("# not relative\n", "# not relative\n      due: 2028-03\n")
        .replace("      note: |-\n        two\n        lines\n", "      post: Lead\n")
    )


def test_a_way_that_is_agreed_later_stands_before_the_checkpoints_and_moves_no_comment() -> None:
    text = TEXT.replace("# not relative\n", "# not relative\n      due: 2028-03  # the board's year\n")
    plan = Plan.from_yaml(text)
    agreed = plan.with_row(plan.measure("young-share").changed(way="back-loaded"))
    written = agreed.to_yaml(over=text)
    assert written == text.replace("# the board's year\n", "# the board's year\n      way: back-loaded\n")
    assert Plan.from_yaml(written).measure("young-share").way == "back-loaded"


def test_comments_move_with_their_rows() -> None:
    plan = Plan.from_yaml(TEXT)
    own = ActionRow.of(action="own", state="added", text="Ours", intention=10)
    moved = plan.changed(actions=(plan.actions[2], own, plan.actions[0], plan.actions[1]))
    lines = moved.to_yaml(over=TEXT).splitlines()
    assert Plan.from_yaml("\n".join(lines)) == moved
    for comment, row in (
        ("    # Then the posters.", "    - action: publicity"),
        ("    # First things first.", "    - action: sign-pledge"),
        ("    # in June.", "    - action: board-approval"),
        ("  # What we measure.", "  measures:"),
        ("  # Two years, said the board.", "  years: [2026/27]"),
    ):
        assert lines[lines.index(row) - 1] == comment


def test_the_old_name_of_the_measures_is_read_and_written_as_the_new_one() -> None:
    old = TEXT.replace("  measures:\n", "  targets:  # agreed at the away day\n")
    plan = Plan.from_yaml(old)
    assert plan == Plan.from_yaml(TEXT)
    assert plan.to_yaml(over=old) == old
    after = plan.with_row(plan.measure("turnover").changed(post="Lead"))
    text = after.to_yaml(over=old)
    assert "  measures: # agreed at the away day\n" in text
    assert "targets" not in text
    assert Plan.from_yaml(text) == after


def test_rows_are_put_where_a_text_had_none() -> None:
    bare = "organisation:\n  code: X01\n  name: Example Trust\nplan:\n  years: [2026/27]  # one year\n"
    plan = Plan.from_yaml(bare)
    after = plan.with_row(MeasureRow.of(**YOUNG)).with_row(MeasureRow.of(**OWN))
    after = with_action(after, ActionRow.of(action="3a1", number=25))
    text = after.to_yaml(over=bare)
    assert Plan.from_yaml(text) == after
    assert "years: [2026/27]  # one year\n  actions:\n    - action: train-ambassadors\n      number: 25\n" in text
    emptied = after.changed(actions=(), measures=())
    assert Plan.from_yaml(emptied.to_yaml(over=text)) == emptied


def test_a_fresh_plan_has_the_frameworks_words_above_its_rows_once_however_often_it_is_written() -> None:
    plan = Plan.suggested("X01", "Example Trust", ["2026/27"])
    text = plan.to_yaml()
    words = plan.action("10a2").suggested_words
    assert f"    # 10a2: {words}\n    - action: board-approval\n" in text
    assert "    # 1m4-turnover: Turnover of support staff\n    - measure: turnover\n" in text
    read = Plan.from_yaml(text)
    assert read == plan
    later = with_action(read, read.action("10a2").changed(post="Chair", due="2027-03")).to_yaml(over=text)
    assert later.count("#") == text.count("#")
    assert f"    # 10a2: {words}\n    - action: board-approval\n      post: Chair\n      due: 2027-03\n" in later


def test_a_row_whose_group_was_chosen_keeps_its_place_and_its_comment() -> None:
    plan = Plan.suggested("X01", "Example Trust", ["2026/27"])
    text, row = plan.to_yaml(), plan.measure("1m3")
    chosen = plan.with_row(row.changed(group="disability", post="Lead"), instead_of=row)
    written = chosen.to_yaml(over=text)
    comment = f"    # 1m3: {row.suggested_words}\n    - measure: local-diversity\n"
    assert comment in text
    assert f"{comment}      population: trust workforce\n      group: disability\n      post: Lead\n" in written
    two = chosen.changed(measures=(*chosen.measures, chosen.measure("1m3").changed(group="sex: men")))
    assert Plan.from_yaml(two.to_yaml(over=written)) == two


def test_a_row_of_the_plans_own_has_no_words_of_the_framework_above_it() -> None:
    own = ActionRow.of(action="own", state="added", text="Ours: #1\nand more", intention=10)
    assert "#" not in Plan.of(
        organisation="X", organisation_name="Y", years=["2026/27"], actions=(own,)
    ).to_yaml().replace("#1", "")


@pytest.mark.parametrize("style", ["|-", "|", ">-"])
def test_the_comments_below_a_note_in_several_lines_stay_when_it_is_changed_or_goes(style: str) -> None:
    two = f"      note: {style}\n        two\n        lines\n"
    text = TEXT.replace("      due: 2026-06\n\n", two)
    assert two in text
    first, board, *rest = (plan := Plan.from_yaml(text)).actions
    for note, lines in (("one line", f"      note: {style[0]}-\n        one line\n"), ("", "")):
        after = plan.changed(actions=(first, board.changed(note=note), *rest))
        assert after.to_yaml(over=text) == text.replace(two, lines, 1)


@pytest.mark.parametrize("number", ["0.000064477539062", "0.02000", "1e-05", "0.1_5"])
def test_a_number_that_did_not_change_stays_as_it_was_written(number: str) -> None:
    text = TEXT.replace("amount: 0.02", f"amount: {number}")
    plan = Plan.from_yaml(text)
    assert plan.changed(actions=()).to_yaml(over=text).count(f"amount: {number}}}") == 1
