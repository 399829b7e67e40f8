"""The forum page's panel without a browser: refusals are told, others' saves are merged and told, nothing is lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from t4c_lib.address import Address
from t4c_lib.disclosure import Audience
from t4c_lib.evidence import read_files
from t4c_lib.evidence.breakdowns import groups_of_people
from t4c_lib.panels import ForumPanel, Frame, forum
from t4c_lib.panels.forum_view import PublishedForum
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow, Plan, RowState
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.progress import StatusWord
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.quantities.baseline import Part
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Revision, Store, StoreError
from tests.browser.conftest import SICKNESS_ALONE
from tests.days import on_day
from tests.event_loops import run_apart
from tests.served import PATIENCE

pytestmark = pytest.mark.flow
CODE = "DEMO-AC"
YOUNG = "measure-young-share-trust-workforce"
PARTNERS = "measure-pre-employment-partners"
ROUTES = "action-review-entry-routes"
ADA = {"by": "Ada Example", "side": "both"}


@lru_cache(maxsize=4)
def _parsed(element: str) -> BeautifulSoup:
    """Of what was looked at a moment ago, the same: nobody changes it."""
    return BeautifulSoup(element, "html.parser")


@dataclass
class Visit:
    """The page as its browser has it: messages go to it, and what it shows is read from its elements."""

    panel: ForumPanel
    who: dict[str, str] = field(default_factory=lambda: dict(ADA))

    def send(self, kind: str, **content: Any) -> None:
        self.panel._came(self.panel, {"kind": kind, **self.who, **content}, [])

    def save(self, **typed: str) -> None:
        self.send("save", row=self.panel.opened, values=typed)

    def type(self, **typed: str) -> None:
        self.send("draft", row=self.panel.opened, values=typed)

    @property
    def page(self) -> BeautifulSoup:
        return _parsed(self.panel.element)

    def texts(self, wanted: str) -> list[str]:
        return [_text(one) for one in self.page.select(wanted)]

    def closed(self, row: str) -> dict[str, str]:
        """The cells of a row as it stands in its table, by their columns."""
        return {str(one["data-label"]): _text(one) for one in self.page.select(f"#{row} [data-label]")}

    def value(self, name: str) -> str:
        """What a field of the opened row shows."""
        found = self.page.select_one(f"form[data-form=save] [name={name}]")
        assert found is not None
        if found.name == "select":
            chosen = found.select_one("[selected]") or found.select_one("option")
            assert chosen is not None
            return str(chosen["value"])
        return found.get_text() if found.name == "textarea" else str(found["value"])

    @property
    def notice(self) -> str:
        return " ".join(self.texts(".f-opened .f-notice"))

    @property
    def errors(self) -> list[str]:
        return self.texts("form[data-form=save] .f-fields .f-error")

    @property
    def focused(self) -> list[str]:
        return [str(one["name"]) for one in self.page.select("[data-focus]")]

    @property
    def sentence(self) -> str:
        found = BeautifulSoup(self.panel.answer, "html.parser").select_one("[data-part=sentence]")
        return "" if found is None else _text(found)

    @property
    def said(self) -> str:
        return str(self.panel.top.said)

    @property
    def row(self) -> MeasureRow:
        """The opened row as it is saved, by what the store has."""
        assert self.panel.row is not None
        return measure_of(self.panel.organisation.code, str(self.panel.row.row.row_key[1]))


def _text(one: Tag) -> str:
    return " ".join(one.get_text(" ").split())


def plan_of(code: str) -> Plan:
    with Store.open() as store:
        revision = store.latest_plan(code)
    assert revision is not None
    return revision.plan


def measure_of(code: str, key: str) -> MeasureRow:
    return next(one for one in plan_of(code).measures if one.measure == key)


def visit(code: str = CODE, measure: str = "young-share", intention: int | None = None) -> Visit:
    address = Address(organisation=code, measure=measure, intention=intention)
    return Visit(ForumPanel(Frame("forum", Store.open(), address)))


@pytest.fixture
def opened(store_file: Path) -> Visit:
    """The page of a plan with the share of staff aged 16 to 24 opened."""
    return visit()


def maria_saves(change: Callable[[MeasureRow], MeasureRow], code: str = CODE) -> None:
    with Store.open() as store:
        revision = store.latest_plan(code)
        assert revision is not None
        row = next(one for one in revision.plan.measures if one.measure == "young-share")
        plan = revision.plan.with_row(change(row), row)
        store.save_merged(plan, by="Maria", side="staff", note="", parent_revision=revision.revision)


def another_x(row: MeasureRow) -> MeasureRow:
    return row.changed(change=Change(ChangeKind.POINTS, 0.02))


def another_post(row: MeasureRow) -> MeasureRow:
    return row.changed(post="Head of Something Else")


def another_holder(row: MeasureRow) -> MeasureRow:
    return row.changed(holder="Somebody Else")  # no agreement covers it, so it goes with any other change


# What is shown


@pytest.mark.parametrize(
    ("intention", "measure", "number", "is_open"),
    [(None, "", 1, ""), (4, "", 4, ""), (None, "young-share", 1, YOUNG), (1, "young-share", 1, YOUNG)],
)
def test_an_address_says_which_intention_is_shown_and_which_row_is_open(
    store_file: Path, intention: int | None, measure: str, number: int, is_open: str
) -> None:
    there = visit(measure=measure, intention=intention)
    assert (there.panel.number, there.panel.opened) == (number, is_open)
    assert there.texts("h1")[0].startswith(f"{number} ")
    assert len(there.page.select("form[data-form=save]")) == bool(is_open)


def test_every_row_of_the_plan_stands_in_the_table_of_its_intention(opened: Visit) -> None:
    plan, shown = plan_of(CODE), []
    for number in range(1, 11):
        opened.send("intention", number=str(number))
        shown += [str(one["id"]) for one in opened.page.select(".f-rows > tbody > tr")]
    assert len(shown) == len(set(shown)) == len(plan.actions) + len(plan.measures)


def test_a_group_above_the_comparison_needs_no_x_and_is_asked_for_none(store_file: Path) -> None:
    opened = visit("DEMO-MH")
    (above,) = (one for one in opened.panel.view.rows if "above the comparison" in str(one.status))
    assert opened.closed(above.id)["X"] == "not needed"
    assert not opened.page.select(f"#{above.id} .f-set")
    assert visit("DEMO-CO").page.select(".f-set")


def test_the_key_explains_every_status_and_every_mark_of_a_row(opened: Visit) -> None:
    explained = opened.texts(".f-key dt")
    marks = {AgreementState.PARKED, AgreementState.NOT_AGREED, AgreementState.ESCALATED}
    assert {*map(str, StatusWord), *map(str, marks), "re-opened", "not saved", "Bold name"} <= set(explained)
    assert all(opened.texts(".f-key dd"))


@pytest.mark.usefixtures("known_day")
@pytest.mark.parametrize(
    ("code", "intention", "words"),
    [
        (
            "DEMO-MH",
            1,
            "two measures are off course, Staff aged 16 to 24 (4.7%) and Support staff with a recorded qualification "
            "(79.4%). Of the other six measures, two are behind, three are on course and one is above the comparison.",
        ),
        (
            "DEMO-MH",
            2,
            "of the four measures that count something, two are on course and two have an X but no figure yet.",
        ),
        (
            "DEMO-MH",
            3,
            "of the two measures that count something, one is on course and one has an X but no figure yet.",
        ),
        (
            "DEMO-MH",
            5,
            "one measure is off course, New starters meeting Care Certificate standards within 12 weeks (57.5%).",
        ),
        (
            "DEMO-AC",
            4,
            "of the four measures that count something, one has no figure yet and is followed without a target, "
            "two have neither a figure nor an X yet "
            "and one is reported without a target.",
        ),
        ("DEMO-AC", 5, "the one measure that counts something still needs an X."),
    ],
)
def test_where_an_intention_stands_is_said_as_in_a_meeting(
    store_file: Path, code: str, intention: int, words: str
) -> None:
    assert visit(code, "", intention).texts(".f-stand") == [f"Where we stand: {words}"]


def test_an_x_counts_as_set_without_a_baseline_and_what_is_left_out_is_told_besides(store_file: Path) -> None:
    page = visit("DEMO-AC", "", 4)
    before = page.panel.view.home.x_set
    without = [one for one in page.panel.view.rows if one.counts and one.row.can_have_x and not one.x[0]]  # type: ignore[union-attr]
    first, second, *_ = (one for one in without if one.row.baseline is None)  # type: ignore[union-attr]
    page.panel.open_row(first.id)
    page.save(x_amount="2")
    assert page.panel.view.home.x_set == Part(before.done + 1, before.all)
    assert f"{before.done + 1} of {before.all} X set" in page.texts(".f-meeting")[0]
    assert page.closed(first.id)["Status"] == "baseline missing"
    assert "No baseline for the X" in page.texts(".f-fix")[0]
    page.panel.open_row(second.id)
    page.save(state="left out", because="not ours")
    assert page.texts(".f-stand")[0].endswith("Besides, one is left out.")
    assert page.panel.view.home.x_set == Part(before.done + 1, before.all - 1)


def test_what_is_known_is_counted_as_it_is_listed(opened: Visit) -> None:
    with Store.open() as store:
        for one in store.organisations():
            home = HomeFigures.of(store, one, today())
            listed = [known for gaps in home.gaps for known in home.known_of(gaps.intention)]
            assert len(listed) == home.figures.done == sum(gaps.figures.done for gaps in home.gaps)


def test_an_intention_that_there_is_not_changes_nothing(opened: Visit) -> None:
    before = opened.panel.element
    opened.send("intention", number="77")
    assert opened.panel.element == before


def test_what_an_organisation_without_a_plan_can_do_is_start_one(store_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "nhs_sickness_absence_2024-04.csv"
    file.write_text(SICKNESS_ALONE, encoding="utf-8")
    with Store.open() as store:
        store.add_evidence(read_files([file]))
    code = "ZZ9"
    there = visit(code, measure="")
    there.who = {"by": " ", "side": ""}
    there.send("start")
    assert there.texts(".f-error") == ["Enter your name at the left: it is saved with each change."]
    there.who = dict(ADA)
    there.send("start")
    assert there.said.startswith("Saved: the plan for ")
    plan = plan_of(code)
    assert (len(plan.actions), len(plan.measures)) == (31, 43)
    assert there.page.select(".f-rows")


# What an X means


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"x_amount": "2"}, "From 5.5% to 7.5%: 2 percentage points, 97 more people if the workforce stays at 4,803"),
        ({"x_amount": "-1"}, "From 5.5% to 4.5%: 1 percentage point, 49 fewer people"),
        ({"x_amount": "4", "x_kind": "level"}, "From 5.5% to 4.0%: 1.5 percentage points, 73 fewer people"),
        ({"x_amount": "10", "x_kind": "relative"}, "From 5.5% to 6.1%: 10% more than the baseline share"),
        ({"x_amount": "40", "x_kind": "count"}, "From 5.5% to 6.4%"),
    ],
)
def test_a_typed_x_is_said_in_full_and_not_saved(opened: Visit, typed: dict[str, str], words: str) -> None:
    before = opened.row
    opened.type(**typed)
    assert opened.sentence.startswith(words)
    assert opened.row == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"x_amount": "99"}, "99 percentage points up from 5.5% comes to 104.5%: more than 100%."),
        ({"x_amount": "-99"}, "99 percentage points down from 5.5% is below zero."),
        ({"x_amount": "some"}, "A number belongs here, not 'some'."),
    ],
)
def test_what_cannot_be_takes_the_answer_before_it_away(opened: Visit, typed: dict[str, str], words: str) -> None:
    opened.type(x_amount="2")
    opened.type(**typed)
    assert words in BeautifulSoup(opened.panel.answer, "html.parser").get_text()
    assert opened.sentence == ""


def test_an_x_that_is_cleared_is_asked_for(opened: Visit) -> None:
    opened.type(x_amount="")
    assert "Set an X to see what it means." in opened.panel.answer


def test_what_an_x_takes_follows_while_the_page_goes_on(store_file: Path) -> None:
    async def page() -> tuple[bool, Visit]:
        there, done = visit(), asyncio.Event()
        there.panel.observe(lambda change: None if "f-working" in change["new"] else done.set(), names="answer")
        waited = "f-working" in there.panel.answer
        await asyncio.wait_for(done.wait(), PATIENCE)
        there.panel._watch.stop()
        return waited, there

    waited, there = run_apart(page())
    assert waited
    answer = BeautifulSoup(there.panel.answer, "html.parser")
    assert len(answer.select(".f-take tbody tr")) > 1
    assert "Chance with our plan: " in answer.get_text()


def test_the_browser_is_told_what_it_needs_to_work_an_x_out(opened: Visit) -> None:
    (form,) = opened.page.select("form[data-form=save]")
    given = {name: json.loads(str(form[f"data-{name}"])) for name in ("baselines", "now", "scales", "twins")}
    assert given["baselines"]["as saved"]["numerator"] == 265
    assert given["now"]["denominator"] == 4803
    assert given["scales"]["points"] == 100
    assert set(given["twins"]) == set(given["scales"])


# What is refused


@pytest.mark.parametrize(
    ("who", "words", "place"),
    [
        ({"by": " ", "side": "both"}, "Enter your name at the left: it is saved with each change.", "by"),
        ({"by": "Ada Example", "side": ""}, "Choose for whom you speak, at the left.", "side"),
        ({"by": "Ada Example", "side": "everybody"}, "Choose for whom you speak, at the left.", "side"),
        ({"by": "A" * 300, "side": "both"}, "Your name: a name has up to 100 characters, not 300. Shorten it.", "by"),
        (
            {"by": "Eve\a", "side": "both"},
            "Your name: the invisible character U+0007 can't stand in a text. Type it again instead of pasting it.",
            "by",
        ),
    ],
)
def test_nothing_is_saved_by_nobody(opened: Visit, who: dict[str, str], words: str, place: str) -> None:
    opened.who = who
    opened.save(x_amount="2")
    assert opened.notice == f"Not saved. {words}"
    assert opened.texts(".f-who .f-error") == [words]
    assert (opened.panel.saved, opened.said, opened.focused) == (0, "", [place])
    opened.who = dict(ADA)
    opened.save(x_amount="2")
    assert (opened.texts(".f-error"), opened.panel.saved) == ([], 1)


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ({"x_amount": "some"}, "x_amount", "A number belongs here, not 'some'."),
        ({"x_amount": "1,5"}, "x_amount", "A comma can't be read here: type it again, such as 1.5 or 1500."),
        ({"x_amount": "99"}, "x_amount", "99 percentage points up from 5.5% comes to 104.5%: more than 100%."),
        ({"due": "2026-04"}, "due", "April 2026 has passed. Set a date that is still to come: "),
        ({"state": "left out"}, "because", "A row that is left out needs a reason"),
        ({"state": "reworded"}, "name", "This is the framework's wording: change it, or choose As suggested."),
        ({"base": "typed", "b_part": "", "b_value": ""}, "b_part", "Give the figure, how many out of how many"),
        ({"base": "typed", "b_part": "a lot"}, "b_part", "A number belongs here, not 'a lot'."),
        ({"base": "typed", "b_part": "9000"}, "b_part", "A share lies between 0 and 1"),
        ({"base": "typed", "b_period": ""}, "b_period", "Give the figure, how many out of how many"),
        ({"base": "typed", "b_period": "last spring"}, "b_period", "'last spring' can't be read as a date."),
        ({"checkpoint_1_due": "2027-09"}, "checkpoint_1_value", "A checkpoint needs a month and a value."),
        ({"checkpoint_1_value": "7"}, "checkpoint_1_due", "A checkpoint needs a month and a value."),
        ({"checkpoint_1_due": "2027-09", "checkpoint_1_value": "x"}, "checkpoint_1_value", "A number belongs here"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(opened: Visit, typed: dict[str, str], place: str, words: str) -> None:
    before = opened.row
    opened.save(**typed)
    assert opened.notice.startswith("Not saved.")
    (wrong,) = opened.page.select("form[data-form=save] .f-fields [aria-invalid=true]")
    assert wrong["name"] == place
    about = opened.page.find(id=str(wrong["aria-describedby"]))
    assert isinstance(about, Tag)
    assert _text(about).startswith(words)
    assert (opened.row, opened.panel.saved) == (before, 0)


def test_our_wording_begins_with_the_frameworks_and_goes_back_to_it(opened: Visit) -> None:
    assert opened.value("name") == "Staff aged 16 to 24"
    opened.save(state="reworded", name="Young people among us")
    assert opened.row.name == opened.value("name") == "Young people among us"
    opened.save(state="adopted", name="Young people here")
    assert (opened.row.state, opened.row.name) == (RowState.ADOPTED, "")


def test_every_problem_is_told_at_once(opened: Visit) -> None:
    opened.save(x_amount="some", due="2026-04")
    assert len(opened.errors) == 2


def test_what_is_saved_already_is_not_called_a_new_save(opened: Visit) -> None:
    opened.save()
    assert opened.notice == "Nothing new: this is the row as it is saved."
    assert (opened.panel.saved, opened.said) == (0, "")


def test_a_message_about_a_row_that_is_not_open_changes_nothing(opened: Visit) -> None:
    before = plan_of(CODE)
    opened.send("save", row=ROUTES, values={"post": "Head of Nothing"})
    opened.send("draft", row=ROUTES, values={"post": "Head of Nothing"})
    opened.send("remove", row=ROUTES)
    assert (plan_of(CODE), opened.panel.saved) == (before, 0)


@pytest.mark.parametrize("message", [None, "save", [], {}, {"kind": "show"}, {"kind": "_save"}])
def test_a_message_that_is_none_changes_nothing(opened: Visit, message: object) -> None:
    before = opened.panel.element
    opened.panel._came(opened.panel, message, [])
    assert opened.panel.element == before


def test_the_page_hears_that_a_message_was_dealt_with_whatever_came_of_it(opened: Visit) -> None:
    for turn in (1, 2):  # the second changes nothing that is shown
        opened.send("save", row=YOUNG, values={}, turn=turn)
        assert opened.panel.heard == turn


def test_a_store_that_fails_is_told_without_its_place(opened: Visit, store_file: Path) -> None:
    store_file.write_bytes(b"")
    with pytest.raises(StoreError, match=str(store_file.parent)):
        opened.save(x_amount="3")
    assert opened.notice.startswith("Not saved. The store can't be used: ")
    assert str(store_file.parent) not in opened.panel.element


def test_a_store_that_is_moved_away_is_told_at_once_and_until_it_is_back(opened: Visit, store_file: Path) -> None:
    store_file.rename(store_file.with_suffix(".away"))
    opened.panel._watch.look()
    assert opened.said.startswith("The store can't be used: the file can't be opened.")
    assert opened.said.endswith("Meanwhile this page can't show what others save.")
    store_file.with_suffix(".away").rename(store_file)
    opened.panel._watch.look()
    assert opened.said == ""


def test_a_store_that_is_replaced_is_looked_at_anew(opened: Visit, store_file: Path) -> None:
    other = store_file.with_suffix(".other")
    other.write_bytes(store_file.read_bytes())
    other.replace(store_file)
    opened.panel._watch.look()
    maria_saves(another_x)
    opened.panel._watch.look()
    assert opened.said == "Maria saved: 1m1 Staff aged 16 to 24"


def test_a_save_that_the_store_failed_to_show_is_shown_once_it_answers_and_nobody_else_is_blamed(
    opened: Visit, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away, tell, before = store_file.with_suffix(".away"), opened.panel._tell_saved, opened.panel.view.home.revision
    assert before is not None

    def tell_and_lose_the_store(words: str, saved: Revision, others: Sequence[str]) -> None:
        tell(words, saved, others)
        store_file.rename(away)

    def is_gone(*_: object) -> tuple[object, ...]:
        raise StoreError("The store can't be reached.")

    with monkeypatch.context() as patched:
        patched.setattr(opened.panel, "_tell_saved", tell_and_lose_the_store)
        with pytest.raises(StoreError):
            opened.save(x_amount="3.25")
    opened.panel._watch.look()
    away.rename(store_file)
    with monkeypatch.context() as patched:  # it answers, and is gone again before the page is made anew
        patched.setattr(Store, "state", is_gone)
        opened.panel._watch.look()
    assert opened.said.endswith("Meanwhile this page can't show what others save.")
    opened.panel._watch.look()
    assert opened.closed(YOUNG)["X"].startswith("+3.25 points")
    assert (opened.notice, opened.said) == ("", "")
    opened.send("save", row=YOUNG, values={"x_amount": "3.5"}, revision=before.revision)
    assert opened.notice == ""
    assert opened.row.change == Change(ChangeKind.POINTS, 0.035)


# What is saved


def test_a_save_changes_what_was_typed_and_nothing_else(opened: Visit) -> None:
    before = plan_of(CODE)
    opened.save(x_amount="2.5", post="Head of Learning", note="as far as we can go")
    after = plan_of(CODE)
    (changed,) = [one for one in after.measures if one not in before.measures]
    assert changed.row_key == before.measures[0].row_key
    wanted = {"change": Change(ChangeKind.POINTS, 0.025), "post": "Head of Learning", "note": "as far as we can go"}
    assert changed == before.measures[0].changed(**wanted)
    assert after.actions == before.actions
    assert opened.said == "Saved: 1m1 Staff aged 16 to 24"
    assert re.fullmatch(r"Revision 2, saved \d\d:\d\d by Ada Example", opened.panel.top.revision)
    assert opened.closed(YOUNG)["X"] == "+2.5 points from 5.5%"


def test_every_kind_of_row_can_be_saved(store_file: Path) -> None:
    there = visit(measure="")
    for row, typed, read in (
        (ROUTES, {"status": "done", "evidence_0_what": "Review", "evidence_0_date": "2026-05-01"}, "status"),
        (PARTNERS, {"x_amount": "6"}, "change"),
        (YOUNG, {"checkpoint_1_due": "2027-09", "checkpoint_1_value": "6.2"}, "checkpoints"),
        (YOUNG, {"state": "left out", "because": "not ours"}, "state"),
    ):
        there.send("open", row=row)
        assert there.panel.row is not None
        before = getattr(there.panel.row.row, read)
        there.save(**typed)
        assert there.notice == ""
        assert there.panel.row is not None
        assert getattr(there.panel.row.row, read) != before
    assert there.panel.saved == 4


def test_a_target_whose_date_has_passed_asks_for_its_outcome_and_the_rest_of_its_row_is_saved(store_file: Path) -> None:
    with on_day(dt.date(2027, 4, 10)):
        there = visit("DEMO-AM")
        assert str(there.row.due) == "2027-03"
        there.type(post="Head of Learning")
        told = BeautifulSoup(there.panel.answer, "html.parser").get_text()
        assert told.startswith("Its due date, March 2027, has passed: record the outcome, or set a later date.")
        there.save(post="Head of Learning")
        assert (there.errors, there.row.post) == ([], "Head of Learning")


@pytest.mark.usefixtures("known_day")
def test_a_baseline_is_typed_with_its_source_and_newer_figures_never_change_it(store_file: Path) -> None:
    there = visit("DEMO-AM")
    saved = there.row.baseline
    assert saved is not None
    assert saved.period == "2025-03"  # though newer figures are there
    there.type(base="newest")
    assert there.sentence.startswith("From 5.7% to 6.5%")
    assert there.row.baseline == saved
    there.save(base="typed", b_part="90", b_whole="1500", b_period="March 2026", b_source="our own count")
    found = there.row.baseline
    assert found is not None
    assert (found.numerator, found.denominator, found.period, found.source) == (90, 1500, "2026-03", "our own count")


def test_rows_of_ones_own_are_added_and_taken_out(opened: Visit) -> None:
    opened.send("add", what="action")
    opened.send("create", values={"new_text": " "})
    assert opened.texts(".f-form .f-error") == ["Say in a few words what it is."]
    opened.send("create", values={"new_text": "Visit every school"})
    assert (opened.said, opened.panel.opened) == ("Saved: Visit every school, added", "action-visit-every-school")
    assert plan_of(CODE).actions[-1].state is RowState.ADDED
    opened.send("remove", row=opened.panel.opened)
    assert opened.said == "Saved: Visit every school, taken out"
    assert "visit-every-school" not in {one.action for one in plan_of(CODE).actions}


def test_a_measure_of_ones_own_says_what_it_lacks_and_has_an_x_then(opened: Visit) -> None:
    given = {"new_text": "Mentors", "new_kind": "count", "new_better": "higher"}
    opened.send("add", what="measure")
    opened.send("create", values=given)
    assert opened.texts(".f-form .f-error") == ["A count needs a 'unit', such as people a year."]
    opened.send("create", values={**given, "new_unit": "mentors"})
    assert opened.panel.opened == "measure-mentors"
    due = Month.of(today()) + 3
    opened.save(
        base="typed", b_value="3", b_period="2026-03", b_source="register", x_amount="4", x_kind="count", due=str(due)
    )
    assert opened.closed("measure-mentors")["Target"] == f"7 by {due.first_day:%b %Y}"


def test_a_framework_row_is_never_taken_out(opened: Visit) -> None:
    opened.send("remove", row=YOUNG)
    assert measure_of(CODE, "young-share")
    assert opened.panel.saved == 0


def test_what_several_rows_lack_is_saved_for_all_of_them_at_once(store_file: Path) -> None:
    there = visit(measure="", intention=5)
    lacking = len(there.panel.view.without_post)
    assert lacking > 1
    there.send("posts", post="")
    assert there.texts(".f-bulk .f-error") == ["Enter the post, such as Head of Learning."]
    there.send("posts", post="Head of Learning")
    assert there.said == f"Saved: Head of Learning for {lacking} rows of intention 5"
    assert there.panel.view.without_post == []


def test_newest_figures_become_baselines_where_there_is_none(opened: Visit) -> None:
    before = {one.row_key: one.baseline for one in plan_of(CODE).measures}
    assert len(opened.panel.view.with_newest) == 1
    (button,) = opened.texts("[data-do=baselines]")
    assert button == "Use the newest figures as baselines (1; re-opens 1 agreed)"
    opened.send("baselines")
    assert opened.said == "Saved: newest figures as baselines of 1 row"
    changed = [one for one in plan_of(CODE).measures if one.baseline != before[one.row_key]]
    assert len(changed) == 1
    assert before[changed[0].row_key] is None
    assert opened.panel.view.with_newest == []


def test_a_row_is_parked_with_a_word_and_is_agreed_no_more(store_file: Path) -> None:
    there = visit("DEMO-MH")
    assert there.closed(YOUNG)["Management"] == "agreed"
    there.who = {"speaker-staff": "Hazel Unreal"}
    there.send("decide", decision="parked", reason="wait for the count", **{"for": "staff"})
    assert there.said.endswith("recorded 1m1 Staff aged 16 to 24 as parked for staff side (reason: wait for the count)")
    assert there.texts(f"#{YOUNG} .f-tag")[0] == "parked"


def test_a_group_that_was_chosen_is_undone_and_the_row_is_there_once(store_file: Path) -> None:
    there, before = visit(CODE), plan_of(CODE)
    row = next(one for one in there.panel.view.rows if one.row.row_key[1] == "local-diversity")
    there.send("open", row=row.id)
    there.save(group="disability: Yes")
    assert "'disability'" in str([one.row_key for one in plan_of(CODE).measures])
    there.panel._take_back()
    assert [one.row_key for one in plan_of(CODE).measures] == [one.row_key for one in before.measures]


def test_a_checkpoint_is_remarked_once_the_x_is_another_than_it_was_set_for(opened: Visit) -> None:
    opened.save(checkpoint_0_due="2027-03", checkpoint_0_value="6")
    assert opened.row.checkpoints
    opened.type(x_amount="3")
    said = BeautifulSoup(opened.panel.answer, "html.parser").get_text(" ")
    assert "The checkpoint of March 2027, 6.0%, was set on the way to 6.5%. On the way to 8.5% it would be " in said
    opened.type(x_amount="1")
    assert "was set on the way" not in opened.panel.answer


def test_a_group_is_one_of_those_that_there_are_and_its_figure_is_offered_once_it_is_typed(store_file: Path) -> None:
    there = visit(CODE, "local-diversity")
    assert [str(one["value"]) for one in there.page.select("#f-group-l option")] == list(groups_of_people())
    there.save(group="disab")
    (wrong,) = there.errors
    assert wrong.startswith(
        "'disab' is no group that figures are kept of. Did you mean 'disability'? There are: age: 16 to"
    )
    assert "newest" not in str(there.page.select_one("#f-base"))
    there.type(group="women")
    assert there.panel.form is not None
    there.save(group="women", base="newest")
    assert (there.row.group, there.row.baseline) == ("sex: women", there.panel.form.baselines["as saved"])
    assert there.row.baseline is not None
    there.type(group="sex: men")
    assert "as saved, of sex: women" in there.texts("#f-base")[0]
    assert "newest figure" in there.texts("#f-base")[0]


def test_a_row_that_somebody_changed_since_it_was_shown_is_saved_once_that_was_said(opened: Visit) -> None:
    shown = opened.panel.view.home.revision
    assert shown is not None
    maria_saves(another_x)
    opened.panel._watch.look()
    opened.send("save", row=YOUNG, values={"x_amount": "3.5"}, revision=shown.revision)
    assert opened.notice == (
        "Not saved: Maria saved this row meanwhile: X 1 percentage point up → 2 percentage points up. "
        "What you typed is still here: save again to put it in its place."
    )
    maria_saves(another_holder)
    assert opened.row.change == Change(ChangeKind.POINTS, 0.02)
    opened.send("save", row=YOUNG, values={"x_amount": "3.5"}, revision=shown.revision + 1)
    assert opened.row.change == Change(ChangeKind.POINTS, 0.035)


def test_what_others_save_of_other_rows_is_no_reason_to_refuse(opened: Visit) -> None:
    shown = opened.panel.view.home.revision
    assert shown is not None
    with Store.open() as store:
        plan = plan_of(CODE)
        changed = plan.changed(actions=(plan.actions[0].changed(note="by Maria"), *plan.actions[1:]))
        store.save_merged(changed, by="Maria", side="staff", note="", parent_revision=shown.revision)
    opened.panel._watch.look()
    opened.send("save", row=YOUNG, values={"x_amount": "3.5"}, revision=shown.revision)
    assert opened.notice == ""
    assert opened.row.change == Change(ChangeKind.POINTS, 0.035)


def test_an_agreed_row_that_is_changed_is_called_re_opened(store_file: Path) -> None:
    there = visit("DEMO-MH")
    assert {there.closed(YOUNG)[side] for side in ("Management", "Staff side")} == {"agreed"}
    agreed = there.panel.view.home.agreed.done
    there.save(x_amount="2.9")
    assert there.texts(f"#{YOUNG} .f-tag")[0] == "re-opened"
    assert there.panel.view.home.agreed.done == agreed - 1


def test_the_history_of_a_row_says_who_changed_what(opened: Visit) -> None:
    opened.save(x_amount="2.5")
    opened.send("history")
    (line, *_) = opened.texts(".f-history li")
    who = r"\d+ \w+ \d{4} at \d\d:\d\d, Ada Example for both sides \(revision 2\)"
    assert re.match(rf"{who}: X 1 percentage point up → 2.5 percentage points up", line)


# Undo


def test_a_save_is_taken_back_as_a_change_of_its_own(opened: Visit) -> None:
    before = opened.row
    assert not opened.panel.top.can_undo
    opened.save(x_amount="2.5")
    opened.save(x_amount="3")
    for amount in (0.025, 0.01):
        assert opened.panel.top.can_undo
        opened.panel._take_back()
        assert opened.row.change == Change(ChangeKind.POINTS, amount)
        assert opened.said == "Saved: 1m1 Staff aged 16 to 24, undone"
    assert (opened.row, opened.panel.top.can_undo) == (before, False)
    with Store.open() as store:
        assert [one.revision for one in store.plan_history(CODE)] == [1, 2, 3, 4, 5]


def test_what_somebody_changed_since_is_not_taken_back(opened: Visit) -> None:
    opened.save(x_amount="2.5")
    maria_saves(another_x)
    opened.panel._watch.look()
    opened.panel._take_back()
    assert opened.said == "Can't be undone: 1m1 Staff aged 16 to 24 was changed again since."
    assert opened.row.change == Change(ChangeKind.POINTS, 0.02)


def test_an_added_row_is_taken_back_whole(opened: Visit) -> None:
    before = plan_of(CODE)
    opened.send("add", what="action")
    opened.send("create", values={"new_text": "Visit every school"})
    opened.panel._take_back()
    assert plan_of(CODE) == before


# Others


def test_what_somebody_else_saved_is_told_by_name_and_typing_stays(opened: Visit) -> None:
    opened.type(x_amount="3")
    maria_saves(another_x)
    opened.panel._watch.look()
    assert opened.said == "Maria saved: 1m1 Staff aged 16 to 24"
    assert opened.notice.startswith("Maria changed this row: X 1 percentage point up → 2 percentage points up.")
    assert opened.notice.endswith("What you typed is still here.")
    assert opened.closed(YOUNG)["X"].startswith("+2 points")
    assert opened.sentence.startswith("From 5.5% to 8.5%")  # of what was typed
    (form,) = opened.page.select("form[data-form=save]")
    assert form["id"] == f"f-form-{YOUNG}-{opened.panel.version}"


def test_others_saves_leave_the_form_that_is_typed_in_where_it_is(opened: Visit) -> None:
    """The browser keeps what was typed as long as the form has its id."""
    version = opened.panel.version
    opened.type(x_amount="3")
    for change in (another_post, another_x):
        maria_saves(change)
        opened.panel._watch.look()
    assert opened.panel.version == version


@pytest.mark.parametrize("chosen", ["newest", ""])
def test_an_x_whose_baseline_somebody_else_set_first_is_kept_with_it(store_file: Path, chosen: str) -> None:
    """The first form offered the newest figure and "none yet"; the saved row offers neither any more."""
    assert store_file.is_file()
    first, second = visit("DEMO-CO"), visit("DEMO-CO")
    assert first.row.baseline is None
    first.save(x_amount="1", x_kind="points", due="2029-03", base="newest")
    baseline = first.row.baseline
    assert baseline is not None
    second.save(x_amount="2.36", x_kind="points", due="2029-03", base="newest")
    assert "Somebody else changed the same thing meanwhile." in second.notice
    second.send("save", row=second.panel.opened, values={"x_amount": "2.36", "base": chosen}, mine=True)
    assert second.said.startswith("Saved: ")
    assert second.row.baseline == baseline
    change = second.row.change
    assert change is not None
    assert change.amount == pytest.approx(0.0236)


def test_ones_own_save_is_no_news(opened: Visit) -> None:
    opened.save(x_amount="2")
    opened.panel._watch.look()
    assert opened.said == "Saved: 1m1 Staff aged 16 to 24"


def test_saves_of_two_fields_of_one_row_are_put_together(opened: Visit) -> None:
    maria_saves(another_holder)
    opened.save(x_amount="3")
    assert opened.said == "Saved: 1m1 Staff aged 16 to 24, together with what Maria saved meanwhile"
    assert (opened.row.holder, opened.row.change) == ("Somebody Else", Change(ChangeKind.POINTS, 0.03))


def test_two_savers_of_one_field_choose_field_by_field(opened: Visit) -> None:
    maria_saves(another_x)
    opened.save(x_amount="3")
    assert opened.panel.saved == 0
    assert "Somebody else changed the same thing meanwhile." in opened.notice
    (line,) = opened.texts(".f-clash tbody tr")
    assert line == "X 3 percentage points up 2 percentage points up"
    assert "Maria, " in opened.texts(".f-clash thead")[0]
    opened.save(x_amount="3")
    assert opened.said == "Saved: 1m1 Staff aged 16 to 24"
    assert opened.row.change == Change(ChangeKind.POINTS, 0.03)


def test_theirs_is_taken_by_opening_the_row_again(opened: Visit) -> None:
    maria_saves(another_x)
    opened.save(x_amount="3")
    opened.panel._watch.look()
    opened.send("open", row=YOUNG)
    assert opened.notice == ""
    assert opened.value("x_amount") == "2"


def test_a_page_looks_by_itself_while_it_is_open(store_file: Path) -> None:
    async def page() -> str:
        there, told = visit(measure=""), asyncio.Event()
        there.panel.top.observe(lambda _change: told.set(), names="said")
        maria_saves(another_x)
        await asyncio.wait_for(told.wait(), PATIENCE)
        there.panel._watch.stop()
        return there.said

    assert run_apart(page()) == "Maria saved: 1m1 Staff aged 16 to 24"


# Markup and the published page


def test_what_was_typed_stands_as_text_wherever_it_is_shown(opened: Visit) -> None:
    attack = "<img src=x onerror=alert(1)>"
    opened.who = {"by": attack, "side": "both"}
    opened.save(note=attack, post=attack, holder=attack, name=attack, state="reworded")
    assert opened.panel.saved == 1
    opened.send("history")
    opened.send("add", what="action")
    opened.send("create", values={"new_text": attack})
    opened.send("open", row=YOUNG)
    assert opened.page.select("img, script") == []
    assert opened.value("post") == opened.value("holder") == opened.value("note") == attack


def published(code: str, measure: str = "") -> PublishedForum:
    address = Address(organisation=code, measure=measure, audience=Audience.PUBLISHED)
    panel = forum(Frame("forum", Store.open(), address))
    assert isinstance(panel, PublishedForum)
    return panel


def numbers_in(text: str) -> set[int]:
    return {int(one.replace(",", "")) for one in re.findall(r"(?<![\d.,/-])\d[\d,]*(?![\d.%/-])", text)}


@pytest.mark.parametrize("code", ["DEMO-SC", "DEMO-MH"])
def test_a_published_page_names_nobody_and_has_no_exact_figure(store_file: Path, code: str) -> None:
    inside, plan = visit(code), plan_of(code)
    panel = published(code, "young-share")
    page = BeautifulSoup(panel.element, "html.parser")
    assert page.select("input, select, textarea, button, form, [data-do]") == []
    people = {one.holder for one in (*plan.actions, *plan.measures) if one.holder}
    assert people
    assert [one for one in people if one in panel.element] == []
    baseline = inside.row.baseline
    assert baseline is not None
    whole = int(baseline.denominator or 0)  # the other one, of a small trust, is 24: as in "aged 16 to 24"
    assert whole % 5
    assert f'value="{whole}"' in inside.panel.element  # inside the forum it is told, and can be changed
    assert whole not in numbers_in(page.get_text(" "))


def test_a_published_page_takes_no_message(store_file: Path) -> None:
    panel = published("DEMO-SC")
    before = plan_of("DEMO-SC")
    messages: list[Mapping[str, Any]] = [
        {"kind": "open", "row": YOUNG},
        {"kind": "save", "row": YOUNG, "values": {"x_amount": "3"}, **ADA},
    ]
    for one in messages:
        with suppress(KeyError):
            panel._handle_custom_msg(one, [])
    assert (panel.live, plan_of("DEMO-SC")) == (False, before)
