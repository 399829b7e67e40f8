"""What the sides say of rows on the forum page: each for itself, of the row as it is, by those on the list alone."""

from __future__ import annotations

import io

import docx
import pytest

from t4c_lib.evidence import Organisation
from t4c_lib.plan import MeasureRow, RowState, Side
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories, AuthorisedSignatory
from t4c_lib.plan.partnership.decisions import Act, Decision
from t4c_lib.store import Store
from tests.panels.test_forum_panel import CODE, ROUTES, YOUNG, Visit, another_x, maria_saves, plan_of, visit
from tests.signed import everybody, signed
from tests.store.store_making import loaded

pytestmark = pytest.mark.flow
FERN, DALE = "Fern Example, Head of Widening Participation", "Dale Unreal, branch secretary"
SPEAKERS = {"speaker-management": FERN, "speaker-staff": DALE}


def meeting(code: str = CODE, **speakers: str) -> Visit:
    """A page with both speakers entered."""
    opened = visit(code)
    opened.who |= speakers or SPEAKERS
    return opened


def tick(page: Visit, side: str, row: str = YOUNG) -> None:
    page.send("agree", row=row, **{"for": side})


def decide(page: Visit, side: str, decision: str, reason: str = "") -> None:
    page.send("decide", decision=decision, reason=reason, **{"for": side})


def acts(code: str = CODE) -> tuple[Act, ...]:
    with Store.open() as store:
        return store.agreements.acts(code)


def alerts(page: Visit) -> str:
    """What is refused: below the row that was pressed, in the opened one, or under the title."""
    (words,) = page.texts(".f-notice[role=alert]")
    return words


def boxes(page: Visit, row: str = YOUNG) -> list[str]:
    return [str(one["aria-checked"]) for one in page.page.select(f"#{row} [role=checkbox]")]


@pytest.mark.parametrize(("role", "count", "shown"), [("partner", 0, 0), ("facilitator", 0, 0), ("signatory", 1, 1)])
def test_who_has_signed_in_is_offered_what_they_may_record_and_no_more(
    store_file: object, role: str, count: int, shown: int
) -> None:
    with Store.open() as store:
        store.set_people(everybody(), "people.yaml")
    with signed(role):
        page = visit()
        page.send("open", row=YOUNG)
        assert len(boxes(page)) == count  # of the two sides
        offered = page.page.select("[data-do=agree]:not([role=checkbox]), [data-do=offer], [data-form=decide]")
        assert bool(offered) == bool(shown)
        assert {one["value"] for one in page.page.select("[data-form=decide] [name=for] option")} <= {"staff"}
        words = "that role does not save agreements." if not shown else "Park, escalate or take up again"
        assert words in page.page.get_text()


def test_a_tick_agrees_for_a_side_and_a_second_press_asks_why_it_no_longer_does(store_file: object) -> None:
    maria_saves(another_x)
    page = meeting()
    assert boxes(page) == ["false", "false"]
    assert page.closed(YOUNG)["X"].startswith("+2 points")
    before = len(acts())
    tick(page, "management")
    assert page.said.startswith("Fern Example (Head of Widening Participation) agreed to 1m1 Staff aged 16 to 24")
    assert boxes(page) == ["true", "false"]
    tick(page, "staff")
    assert boxes(page) == ["true", "true"]
    assert len(acts()) == before + 2
    tick(page, "staff")
    assert len(acts()) == before + 2  # a press alone withdraws nothing
    assert page.panel.opened == YOUNG
    assert page.focused == ["reason"] or page.page.select_one("[data-focus]") is None
    decide(page, "staff", "withdrawn")
    assert page.notice == "Not recorded. Enter the reason: it stands in the minutes."
    decide(page, "staff", "withdrawn", "the branch meets on Friday")
    assert (acts()[-1].decision, acts()[-1].reason) == (Decision.WITHDRAWN, "the branch meets on Friday")
    assert boxes(page) == ["true", "false"]


def test_a_refusal_needs_its_reason_and_stands_in_the_box_until_the_side_agrees(store_file: object) -> None:
    page = meeting()
    page.send("open", row=YOUNG)
    decide(page, "staff", "not agreed")
    assert page.notice.startswith("Not recorded. ")
    assert "give a reason" in page.notice.casefold()
    decide(page, "staff", "not agreed", "it asks too little")
    assert page.closed(YOUNG)["Staff side"] == "not agreed"
    assert "Not agreed. Reason: it asks too little." in page.texts(".f-agreement p")
    tick(page, "staff")
    assert boxes(page) == ["true", "true"]


def test_an_edit_re_opens_and_says_the_old_and_the_new_x(store_file: object) -> None:
    page = meeting()
    page.send("open", row=YOUNG)
    page.save(x_amount="2.5")
    assert boxes(page) == ["false", "false"]
    (words,) = [one for one in page.texts(".f-agreement p") if one.startswith("Re-opened.")]
    assert "X 1 percentage point up → 2.5 percentage points up" in words


@pytest.mark.parametrize(
    ("side", "speaker", "said"),
    [
        ("staff", "", "Not recorded. Enter who speaks for staff side, at the left."),
        ("staff", "Nobody Known, porter", "Nobody Known (porter) can't speak or sign for staff side on "),
        ("management", DALE, "the list of signatories names them for staff side"),
    ],
)
def test_only_those_on_the_list_speak_for_a_side(store_file: object, side: str, speaker: str, said: str) -> None:
    maria_saves(another_x)
    page, before = meeting(**{**SPEAKERS, f"speaker-{side}": speaker}), len(acts())
    tick(page, side)
    assert said in alerts(page)
    assert (boxes(page), len(acts())) == (["false", "false"], before)


def test_a_row_that_lacks_something_is_not_agreed_and_what_it_lacks_is_said(store_file: object) -> None:
    page = meeting("DEMO-AC")
    row = next(one.id for one in page.panel.view.rows if one.to_fix)
    tick(page, "management", row)
    notice = alerts(page)
    assert "can't be agreed as it stands" in notice
    assert "No X set." in notice
    assert "Nothing was recorded." in notice


def test_agreeing_to_all_lists_them_first_with_their_x_and_records_them_together(store_file: object) -> None:
    maria_saves(another_x)
    page, before = meeting(), len(acts())
    page.send("offer")
    (offered,) = page.page.select(".f-offered")
    assert "1m1 Staff aged 16 to 24" in offered.get_text()
    assert "(2 percentage points up)" in offered.get_text()
    assert "No X set." in offered.get_text()
    assert len(acts()) == before
    page.send("agree-all", **{"for": "management"})
    assert [one.label for one in acts()[before:]] == ["1m1 Staff aged 16 to 24"]
    assert boxes(page) == ["true", "false"]
    assert "1m1 Staff aged 16 to 24" in page.texts(".f-offered")[0]  # the other side is next
    page.send("agree-all", **{"for": "staff"})
    assert boxes(page) == ["true", "true"]
    assert not page.page.select(".f-offered")


def test_a_list_that_others_have_changed_is_closed_and_the_minutes_name_both_who_agreed(store_file: object) -> None:
    maria_saves(another_x)
    page, other = meeting(), meeting()
    for side in ("management", "staff"):
        page.send("offer")
        page.send("agree-all", **{"for": side})
    page.send("offer")
    assert page.panel.agreement.offered is not None
    maria_saves(lambda row: row.changed(note="", due=row.due and row.due + 1))
    page.panel._others_saved(page.panel.store.changes_since(0))
    assert page.panel.agreement.offered is None
    other.send("minutes")
    said = " ".join(other.texts(".f-paper, .f-panel, section"))
    assert "agreed by both sides, and changed or removed since" in said


def test_what_a_side_took_back_is_not_among_what_it_agrees_to_at_once(store_file: object) -> None:
    page = meeting()
    page.send("open", row=YOUNG)
    decide(page, "management", "withdrawn", "the budget is not known")
    page.send("offer")
    (offered,) = page.texts(".f-offered")
    assert "1m1 Staff aged 16 to 24: Management side took its agreement back: the budget is not known." in offered
    assert not page.page.select(".f-offered [data-do=agree-all]")


def test_undo_is_not_offered_beside_a_decision(store_file: object) -> None:
    page = meeting()
    page.send("open", row=YOUNG)
    page.save(x_amount="2.5")
    assert page.panel.top.can_undo
    tick(page, "staff")
    assert not page.panel.top.can_undo


def test_agreeing_to_all_that_somebody_changed_meanwhile_records_nothing(store_file: object) -> None:
    maria_saves(another_x)
    page, before = meeting(), len(acts())
    page.send("offer")
    maria_saves(lambda row: row.changed(note="", due=row.due and row.due + 1))
    page.send("agree-all", **{"for": "staff"})
    assert "has changed since you looked at it" in alerts(page)
    assert len(acts()) == before


def test_what_a_side_says_elsewhere_is_told_and_what_is_typed_here_stays(store_file: object) -> None:
    maria_saves(another_x)
    page, other = meeting(), meeting()
    page.send("open", row=YOUNG)
    page.type(x_amount="2.75")
    page.who = {**page.who, "speaker-management": "", "speaker-staff": ""}
    version = page.panel.version
    tick(other, "staff")
    page.type(x_amount="2.75")
    page.panel._watch.look()
    assert page.said.startswith("Dale Unreal (branch secretary) agreed to 1m1 Staff aged 16 to 24")
    assert boxes(page) == ["false", "true"]
    assert (page.panel.version, page.sentence.count("2.75")) == (version, page.sentence.count("2.75"))


def test_a_page_is_not_told_of_what_was_said_on_it(store_file: object) -> None:
    maria_saves(another_x)
    page = meeting()
    tick(page, "staff")
    said = page.said
    page.panel._watch.look()
    assert page.said == said


def test_a_row_is_parked_escalated_and_taken_up_again_for_a_side(store_file: object) -> None:
    page = meeting()
    page.send("open", row=ROUTES)
    for decision, reason in (("parked", "we wait for the college"), ("escalated", "no money"), ("taken up again", "")):
        decide(page, "management", decision, reason)
        assert (acts()[-1].decision, acts()[-1].reason) == (Decision(decision), reason)


def test_the_first_list_of_signatories_holds_once_both_sides_have_confirmed_it(store_file: object) -> None:
    code = "RZZ"
    with Store.open() as store:
        store.add_evidence([loaded("list", organisations=(Organisation(code, "Yonder Trust", "NHS trust"),))])
        store.save_plan(plan_of(CODE).changed(organisation=code), by="Ada", side="both")
    page = meeting(code)
    tick(page, "management", page.panel.view.rows[0].id)
    assert "Name those who may speak and sign for each side first" in alerts(page)
    typed = {"list-management": FERN, "list-staff": f"{DALE}\n\n Ash Made, convenor "}
    page.send("signatories", **typed, **{"for": ""})
    assert "Choose for which side" in alerts(page)
    page.send("signatories", **typed, **{"for": "management"})
    assert "put forward for management side" in page.said
    assert page.panel.agreement.lists.now.speakers == ()
    assert "Ash Made (convenor)" in " ".join(page.texts(".f-speakers .f-notice"))
    page.panel._watch.look()
    assert "put forward for management side" in page.said  # what was said here is no news from elsewhere
    page.send("confirm", **{"for": "staff"})
    page.panel._watch.look()
    assert page.said == "Both sides have confirmed who may speak and sign"
    assert page.panel.agreement.may_speak("staff") == [DALE, "Ash Made, convenor"]
    tick(page, "management", page.panel.view.rows[0].id)
    assert acts(code)[-1].name == "Fern Example"


def test_a_new_list_keeps_the_terms_of_those_who_stay_on_it(store_file: object) -> None:
    with Store.open() as store:
        listed = store.agreements.signatories(CODE).now.speakers
        dated = tuple(one.changed(since="2026-01-01") if one.side is Side.staff else one for one in listed)
        for name, side in ((FERN, "management"), (DALE, "staff")):
            store.agreements.name_signatories(
                CODE, AuthorisedSignatories(speakers=dated), by=name.split(",")[0], side=side
            )
    page = meeting()
    entered = {f"list-{side}": page.panel.agreement.entries(side) for side in ("management", "staff")}
    page.send("signatories", **entered, **{"for": "staff"})
    assert page.panel.agreement.lists.proposed is None  # it is the list that holds
    entered["list-management"] += "\nAsh Made, deputy"
    page.send("signatories", **entered, **{"for": "staff"})
    waiting = page.panel.agreement.lists.proposed
    assert waiting is not None
    assert waiting.signatories.speakers == (
        dated[0], AuthorisedSignatory(side=Side.management, name="Ash Made", role="deputy"), *dated[1:]
    )  # fmt: skip


def test_a_list_that_names_nobody_for_a_side_is_refused(store_file: object) -> None:
    page = meeting()
    page.send("signatories", **{"list-management": FERN, "list-staff": "", "for": "management"})
    assert "the list names nobody for staff side" in alerts(page).casefold()


@pytest.mark.parametrize("content", [{"for": "both"}, {"for": "nobody"}, {}])
def test_a_message_for_no_side_records_nothing(store_file: object, content: dict[str, str]) -> None:
    page, before = meeting(), len(acts())
    page.send("open", row=YOUNG)
    for kind in ("agree", "decide", "agree-all", "confirm"):
        page.send(kind, row=YOUNG, decision="agreed", **content)
    assert len(acts()) == before


def test_a_row_left_out_is_agreed_like_any_other(store_file: object) -> None:
    page = meeting()
    page.send("open", row=ROUTES)
    page.save(state="left out", because="done by the region")
    tick(page, "management", ROUTES)
    row = next(one for one in plan_of(CODE).actions if one.action == "review-entry-routes")
    assert (row.state, acts()[-1].digest) == (RowState.LEFT_OUT, row.digest)
    assert not isinstance(row, MeasureRow)


# Minutes


def sent_files(page: Visit, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """What the page hands over from now on."""
    files: list[tuple[str, bytes]] = []
    monkeypatch.setattr(page.panel, "send", lambda content, buffers: files.append((content["name"], buffers[0])))
    return files


def test_the_minutes_of_a_day_say_who_was_there_what_was_decided_and_what_stays_open(
    store_file: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = meeting()
    files = sent_files(page, monkeypatch)
    page.send("minutes", first="2026-10-15", last="2026-10-15", next="2027-01-22", present="Fern Example, Dale Unreal,")
    (shown,) = page.texts(".f-minutes")
    assert "Minutes, 15 October 2026" in shown
    assert "Inside the forum: not for publication Present: Fern Example, Dale Unreal" in shown
    assert "1m1 Staff aged 16 to 24: from 5.5% in March 2026 to 6.5% by March 2028 (1 percentage point up)" in shown
    assert "(reason: placements must not stand in for paid staff" in shown
    assert "Next meeting 22 January 2027" in shown
    assert files == []
    page.send("paper-word")
    ((name, content),) = files
    assert name == "DEMO-AC-minutes-2026-10-15-inside-the-forum.docx"
    document = docx.Document(io.BytesIO(content))
    assert document.paragraphs[0].text == "Partnership forum of Brackmere Hospitals NHS Trust (demonstration) (DEMO-AC)"
    in_word = [" ".join(one.text.split()) for one in document.paragraphs[1:]]
    assert all(words in shown for words in in_word if words not in {"None.", "Agreed so far"})
    headings = [one.text for one in document.paragraphs if str(one.style and one.style.name) == "Heading 1"]
    assert headings[0] == "Decisions"
    assert headings[1].startswith("Rows agreed")
    assert headings.index("Next meeting") < headings.index("Also recorded")
    page.send("minutes", close="yes")
    assert not page.page.select(".f-minutes")
    other = meeting("DEMO-MH")
    other.send("minutes", first="2026-09-17")
    words = "10m6 Union Learning Reps: re-opened, after both sides had agreed to it: X 2 more → 3 more. Responsible"
    assert words in other.texts(".f-minutes")[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "2026-10-15", "last": "2026-10-14"}, "is before the first, 15 October 2026."),
        ({"first": "2126-10-15"}, "15 October 2126 is in the future."),
        ({"first": "15th of May"}, "15th of May"),
    ],
)
def test_minutes_of_a_day_that_cannot_be_are_refused_in_words(
    store_file: object, typed: dict[str, str], said: str
) -> None:
    page = meeting()
    page.send("minutes", **typed)
    assert said in alerts(page)
    assert not page.page.select(".f-minutes")
