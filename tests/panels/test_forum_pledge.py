"""The pledge on the forum page: each step when it is its turn, refused in words before; nothing is erased."""

from __future__ import annotations

import io

import docx
import pytest

from t4c_lib.plan import groups_to_consider
from t4c_lib.plan.partnership.pledge import PledgeState, PledgeStatus
from t4c_lib.store import Store
from tests.panels.test_forum_agreement import alerts, meeting, sent_files
from tests.panels.test_forum_panel import CODE, Visit, plan_of

pytestmark = pytest.mark.flow


def shown(**speakers: str) -> Visit:
    page = meeting(**speakers)
    page.send("pledge")
    return page


def status(code: str = CODE) -> PledgeStatus:
    with Store.open() as store:
        found = store.pledges.standing(code)
    assert found is not None
    return found


def steps(page: Visit) -> list[str]:
    """Of each step whether it is done, with its name; the one that is next is marked."""
    return [
        f"{'> ' if 'f-next' in (one.get('class') or []) else ''}{' '.join(one.p.get_text(' ').split())}"
        for one in page.page.select(".f-stages > ol > li")
        if one.p is not None
    ]


def agree(page: Visit, *sides: str) -> None:
    for side in sides:
        page.send("agree-pledge", **{"for": side})


def take(page: Visit, step: str, **fields: str) -> None:
    page.send("step", step=step, **fields)


def test_a_pledge_goes_from_its_wording_to_publication_step_by_step(
    store_file: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown()
    later = ["Approved by the board to do", "Signed by both sides to do", "Published to staff to do"]
    first = ["Plan agreed row by row to do", "Equality impact assessed to do", "> Wording agreed to do"]
    assert steps(page) == first + later
    (suggested,) = page.texts(".f-wording")
    assert "Brackmere Hospitals NHS Trust" in suggested
    page.send("wording", wording="We stand by our support staff.\n\nTogether.")
    assert page.said == "Wording 1 of the pledge is saved"
    assert page.texts(".f-wording") == ["We stand by our support staff. Together."]
    agree(page, "management")
    assert page.said == "Fern Example (Head of Widening Participation) agreed to the pledge for management side"
    agree(page, "staff")
    assert steps(page)[2:4] == ["Wording agreed done", "> Approved by the board to do"]
    take(page, "board-approved", where="Trust Board, item 7", date="2026-11-01")
    assert page.said == "Recorded: the board approved the pledge (Trust Board, item 7)"
    take(page, "signed", **{"for": "management", "name": "Fern Example", "where": "file P 27"})
    assert steps(page)[4] == "> Signed by both sides to do"
    take(page, "signed", **{"for": "staff", "name": "Dale Unreal, branch secretary"})
    take(page, "published", where="intranet")
    assert [one.rpartition(" ")[2] for one in steps(page)[2:]] == ["done"] * 4
    assert status().state is PledgeState.PUBLISHED
    assert "The pledge is published." in page.texts(".f-lead")[0]
    assert "Fern Example (Head of Widening Participation)" in " ".join(page.texts(".f-signs dd"))
    files = sent_files(page, monkeypatch)
    page.send("pledge-word")
    ((name, content),) = files
    assert name == f"{CODE}-pledge.docx"
    said = [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]
    assert "The pledge is published." in said
    assert status().wording.wording.split("\n\n")[0] in said


def test_the_effect_on_each_group_is_assessed_and_saved_in_the_plan(store_file: object) -> None:
    page = shown()
    groups = page.texts(".f-effect legend")
    assert [one.casefold() for one in groups] == [one.casefold() for one in groups_to_consider()]
    effects = {f"effect-{place}": "neutral" for place in range(len(groups))} | {"effect-1": "negative"}
    page.send("assess", assessor="Head of Inclusion", assessed="the 1st", **effects)
    assert alerts(page).startswith("Not recorded. ")
    page.send("assess", assessor="Head of Inclusion", assessed="2026-11-20", **effects)
    assert page.said == "Saved: equality impact assessment"
    assert steps(page)[1] == "Equality impact assessed to do"
    assert "Equality impact on disability: Negative effect without mitigation." in page.texts(".f-sub")
    page.send("assess", assessor="Head of Inclusion", assessed="2026-11-20", **effects, **{"mitigation-1": "a mentor"})
    assert steps(page)[1] == "Equality impact assessed done"
    assert "By Head of Inclusion, 20 November 2026." in page.texts(".f-sub")
    saved = plan_of(CODE).equality
    assert saved is not None
    assert saved.not_considered == ()
    assert {one.group: str(one.effect) for one in saved.groups}["disability"] == "negative"
    page.send("assess", assessor="", assessed="2026-11-20", **effects)
    assert "No author named." in page.texts(".f-sub")


def test_where_the_plan_goes_is_typed_changed_and_taken_out(store_file: object) -> None:
    page = shown()
    first = {"to-0": "People Committee", "date-0": "2027-01-14", "asked-0": "to recommend it"}
    page.send("route", **{**first, "date-0": "soon"})
    assert alerts(page).startswith("Not recorded. ")
    assert plan_of(CODE).route == ()
    page.send("route", **first)
    assert page.said == "Saved: where the plan goes"
    assert page.texts(".f-stop legend") == ["People Committee", "One more"]
    page.send("route", **first, **{"seen_by-0": "all, in support", "to-1": "Board", "date-1": ""})
    stops = [(one.to, str(one.date or ""), one.asked, one.seen_by) for one in plan_of(CODE).route]
    assert stops == [("People Committee", "2027-01-14", "to recommend it", "all, in support"), ("Board", "", "", "")]
    assert "People Committee, 14 January 2027" in page.texts(".f-route li")[0]
    page.send("route", **first, **{"to-1": "People Committee"})
    assert "'People Committee'" in alerts(page), "each body once"
    page.send("route", **{"to-0": "", "to-1": "Board"})
    assert [one.to for one in plan_of(CODE).route] == ["Board"]


def test_a_step_before_its_turn_and_a_signature_of_nobody_listed_are_refused_in_words(store_file: object) -> None:
    page = shown()
    page.send("wording", wording="We stand by our support staff.")
    take(page, "published", where="intranet")
    assert alerts(page).startswith("Not recorded. The pledge can't be published yet: neither side has agreed")
    agree(page, "management", "staff")
    take(page, "board-approved")
    assert "give the meeting of the board." in alerts(page).casefold()
    take(page, "signed", **{"for": "staff", "name": "Somebody Else"})
    assert "Somebody Else can't sign or speak" in alerts(page) or "can't speak or sign" in alerts(page)
    take(page, "signed", **{"for": "staff", "name": "Dale Unreal", "date": "the 3rd"})
    assert "'the 3rd' is not a day" in alerts(page)
    assert status().steps == ()


def test_whoever_records_is_named_first(store_file: object) -> None:
    page = shown()
    page.who |= {"by": ""}
    page.send("wording", wording="We stand by our support staff.")
    assert alerts(page) == "Not saved. Enter your name at the left: it is saved with each change."
    assert page.focused == ["by"]
    with Store.open() as store:
        assert store.pledges.standing(CODE) is None


def test_what_was_recorded_is_withdrawn_with_a_reason_and_stays_on_record(store_file: object) -> None:
    page = shown()
    page.send("wording", wording="We stand by our support staff.")
    agree(page, "management", "staff")
    take(page, "board-approved", where="item 7")
    take(page, "signed", **{"for": "staff", "name": "Dale Unreal"})
    page.send("withdraw-step", step="signed", name="Dale Unreal", reason="")
    assert "give the reason why it is withdrawn." in alerts(page).casefold()
    page.send("withdraw-step", step="signed", name="Dale Unreal", reason="signed the wrong page")
    assert page.said.endswith("withdrew 'signed' of Dale Unreal (reason: signed the wrong page)")
    assert len(status().withdrawn) == 2
    page.send("agree-pledge", decision="withdrawn", **{"for": "management"})
    assert alerts(page) == "Not recorded. Enter the reason: it stands in the minutes."
    page.send("agree-pledge", decision="withdrawn", reason="a new wording is due", **{"for": "management"})
    assert status().state is PledgeState.DRAFT


def test_another_wording_has_to_be_agreed_again_and_a_wording_saved_elsewhere_is_not_overwritten(
    store_file: object,
) -> None:
    page, other = shown(), shown()
    page.send("wording", wording="We stand by our support staff.")
    agree(page, "management", "staff")
    other.send("wording", wording="Another one.")
    assert "meanwhile Ada Example saved revision 1" in alerts(other)
    page.send("wording", wording="We stand by all our support staff.")
    assert steps(page)[2] == "> Wording agreed to do"
    assert status().wording.revision == 2


def test_going_to_an_intention_leaves_the_pledge(store_file: object) -> None:
    page = shown()
    assert not page.page.select("table.f-rows")
    page.send("intention", number=2)
    assert len(page.page.select("table.f-rows")) == 2
    page.send("pledge")
    page.send("pledge", close="yes")
    assert len(page.page.select("table.f-rows")) == 2


def hand_in(page: Visit, name: str, content: bytes, **said: object) -> None:
    page.panel._came(
        page.panel, {"kind": "wording-file", **page.who, "name": name, **said}, [content] if content else []
    )


def word(*paragraphs: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said", "words"),
    [
        (b"", {}, "The file is empty."),
        (b"", {"size": 7_300_000}, "The file has 7.3 MB; at most 5.0 MB are read."),
        (b"\xd0\xcf\x11\xe0 old", {}, "This is a Word document in the old format (.doc)."),
        (b"{\\rtf1 text}", {}, "This is a Rich Text file (.rtf); a Word document (.docx) is needed."),
        (b"Our pledge", {}, "This is not a Word document; a Word document (.docx) is needed."),
        (b"PK cut off", {}, "damaged"),
        (word("", " "), {}, "The document has no text."),
        (word("We pledge. " * 1_000), {}, "Its text has 10,999 characters; a wording has at most 10,000."),
    ],
)
def test_a_file_that_holds_no_wording_is_refused_by_what_it_is(
    store_file: object, content: bytes, said: dict[str, object], words: str
) -> None:
    page = shown()
    before = page.texts("#f-wording-text")
    hand_in(page, "pledge.docx", content, **said)
    assert alerts(page).startswith("Not read: pledge.docx. ")
    assert words in alerts(page)
    assert page.texts("#f-wording-text") == before


def test_a_wording_from_word_is_shown_before_it_is_taken(store_file: object) -> None:
    page = shown()
    hand_in(page, "pledge.docx", word("Our pledge", "We meet every quarter."))
    assert page.texts("#f-wording-text") == ["Our pledge We meet every quarter."]
    assert "This is the text of pledge.docx. Nothing is saved yet" in page.texts(".f-paper")[0]
    with Store.open() as store:
        assert store.pledges.standing(CODE) is None
    page.send("wording", wording="Our pledge\n\nWe meet every quarter.")
    assert status().wording.wording == "Our pledge\n\nWe meet every quarter."
    assert "Nothing is saved yet" not in page.texts(".f-paper")[0]
