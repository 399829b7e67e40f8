"""A forum on the command line: rounds, agreement row by row, the pledge, minutes, backup; each refusal in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import pytest

from t4c_lib.plan import Plan
from t4c_lib.quantities import Baseline
from t4c_lib.store import Store
from tests.cli.conftest import Run

pytestmark = pytest.mark.flow

SIGNATORIES = ("--management", "Ada Example, director of people", "--staff", "Bob Example, branch secretary")
PARTNERS = (
    ("Ada", "management", "2 points"),
    ("Bob", "staff", "1 point"),
    ("Cas", "staff", "to 8%"),
    ("Di", "management", "50 more"),
)


@pytest.fixture
def forum(known: Run) -> Run:
    """An organisation with a plan, a baseline for 1m1, and two people who may speak."""
    plan = Plan.suggested("ZZ9", "Nowhere Trust", ["2026/27"])
    row = plan.measure("1m1").changed(
        baseline=Baseline.of(200, 4000, period="2026-03", source="extract"),
        change={"kind": "points", "amount": 0.01},
        due="2028-03",
        post="Head of People",
    )
    with Store.open() as store:
        store.save_plan(plan.with_row(row), by="Ada Example", side="both")
    words = ("agreement", "signatories", "ZZ9")
    code, out, err = known(*words, *SIGNATORIES, "--by", "Ada Example", "--side", "management")
    assert (code, err) == (0, "")
    assert "No list of signatories is in force yet." in out
    assert "It takes effect once staff side confirms it: --confirm --by NAME --side staff" in out
    code, out, err = known(*words, "--confirm", "--by", "Bob Example", "--side", "staff")
    assert (code, err) == (0, "")
    assert out == ("management side: Ada Example (director of people)\nstaff side: Bob Example (branch secretary)\n")
    return known


def test_a_round_hides_every_x_until_it_is_closed_and_ends_in_the_plan(forum: Run) -> None:
    forum("round", "open", "ZZ9", "1m1", "--by", "Ada Example")
    for partner, side, x in PARTNERS:
        code, out, err = forum("round", "enter", "ZZ9", "1", "--partner", partner, "--side", side, "--x", x)
        assert (code, err) == (0, ""), err
        assert x not in out
    _, out, _ = forum("round", "status", "ZZ9", "1")
    assert "4 entered." in out
    code, _, err = forum("round", "result", "ZZ9", "1")
    assert code == 1
    assert "Traceback" not in err
    _, out, _ = forum("round", "close", "ZZ9", "1", "--by", "Ada Example")
    assert "4 entries, lowest 6.0%, median 6.63%, highest 8.0%." in out
    assert "Ada" not in out.replace("Ada Example", "")
    _, out, _ = forum("round", "settle", "ZZ9", "1", "to 7%", "--by", "Ada Example")
    assert "Saved as revision 2" in out
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    assert revision.plan.targets[0].goal == pytest.approx(0.07)


def test_a_bare_percentage_is_refused_in_a_round_too(forum: Run) -> None:
    forum("round", "open", "ZZ9", "1m1", "--by", "Ada Example")
    code, _, err = forum("round", "enter", "ZZ9", "1", "--partner", "Ada", "--side", "management", "--x", "2%")
    assert code == 1
    assert "can be read in three ways" in err
    assert "'2 points', '2% relative' or 'to 2%'" in err
    code, _, err = forum("round", "enter", "ZZ9", "1", "--partner", "Ada")
    assert code == 1
    assert "--partner, --side and --x together" in err


def test_two_sides_agree_row_by_row_and_an_edit_opens_the_row_again(forum: Run, tmp_path: Path) -> None:
    forum("agreement", "record", "ZZ9", "1m1", "--side", "management", "--name", "Ada Example", "--yes")
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "agreed by management side only" in out
    forum("agreement", "record", "ZZ9", "1m1", "--side", "staff", "--name", "Bob Example", "--yes")
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "Agreed by both sides: 1 of 74 actions and measures; 73 still open." in out
    file = tmp_path / "plan.yaml"
    forum("plan", "export", "ZZ9", "--out", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("due: 2028-03", "due: 2029-03", 1), encoding="utf-8")
    forum("plan", "import", str(file), "--by", "Ada Example", "--side", "both", "--yes")
    _, out, _ = forum("agreement", "show", "ZZ9", "1m1")
    assert "Ada Example" in out
    _, out, _ = forum("plan", "check", "ZZ9")
    assert "1m1 Staff aged 16 to 24, agreement" in out
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "re-opened, after" in out


def test_who_may_not_speak_for_a_side_is_refused_in_words(forum: Run) -> None:
    code, out, err = forum("agreement", "record", "ZZ9", "1m1", "--side", "staff", "--name", "Ada Example", "--yes")
    assert code == 1
    assert out.startswith("To be agreed for staff side (1):\n  - 1m1 Staff aged 16 to 24: from 5.0%")
    assert "Bob Example" in err
    code, _, err = forum("agreement", "record", "ZZ9", "1m99", "--side", "staff", "--name", "Bob Example", "--yes")
    assert code == 1
    assert "1m99" in err


def test_all_lists_what_is_agreed_and_what_is_left_and_asks(forum: Run) -> None:
    words = ("agreement", "record", "ZZ9", "all", "--side", "staff", "--name", "Bob Example")
    code, out, err = forum(*words)
    assert (code, "add --yes" in err) == (1, True)
    assert "To be agreed for staff side (4):" in out
    assert "  - 1m1 Staff aged 16 to 24: from 5.0% in March 2026 to 6.0% by March 2028 (1 percentage point up)" in out
    assert "Left out (70):" in out
    assert "No responsible post named." in out
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "Agreed by both sides: 0 of 74 actions and measures; 74 still open." in out
    code, out, err = forum(*words, "--yes")
    assert (code, err) == (0, "")
    assert out.endswith("Bob Example (branch secretary) agreed to 4 rows for staff side.\n")
    refused = ("--side", "management", "--name", "Ada Example", "--decision", "not agreed", "--because", "too low")
    forum("agreement", "record", "ZZ9", "1m1", *refused)
    code, out, _ = forum("agreement", "record", "ZZ9", "all", *refused[:4], "--yes")
    assert "  - 1m1 Staff aged 16 to 24: It is not agreed by management side (reason: too low)." in out
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "1m1 Staff aged 16 to 24: not agreed by management side (reason: too low)" in out
    assert "Agreed by both sides: 3 of 74 actions and measures; 70 still open, 1 not agreed." in out
    code, _, err = forum("agreement", "record", "ZZ9", "all", *refused)
    assert (code, "name the rows that are not agreed, one by one" in err) == (1, True)


def test_a_list_of_signatories_is_refused_with_what_is_missing(forum: Run) -> None:
    words = ("agreement", "signatories", "ZZ9")
    code, _, err = forum(*words, *SIGNATORIES)
    assert (code, "Give --by and --side" in err) == (1, True)
    code, _, err = forum(*words, "--confirm", "--by", "Bob Example", "--side", "staff")
    assert (code, "no list waiting to be confirmed" in err) == (1, True)
    code, _, err = forum(*words, *SIGNATORIES, "--confirm", "--by", "Bob Example", "--side", "staff")
    assert (code, "one of them" in err) == (1, True)
    code, _, err = forum(*words, *SIGNATORIES[:2], "--by", "Ada Example", "--side", "management")
    assert (code, "the list names nobody for staff side" in err) == (1, True)


def test_the_pledge_goes_from_draft_to_published_and_not_before_its_turn(forum: Run, tmp_path: Path) -> None:
    forum("pledge", "save", "ZZ9", "--by", "Ada Example", "--side", "management")
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    by = ("--by", "Ada Example", "--date", today)
    code, _, err = forum("pledge", "record", "ZZ9", "published", *by, "--where", "intranet")
    assert code == 1
    assert "can't be published yet" in err
    forum("agreement", "record", "ZZ9", "pledge", "--side", "management", "--name", "Ada Example", "--yes")
    forum("agreement", "record", "ZZ9", "pledge", "--side", "staff", "--name", "Bob Example", "--yes")
    forum("pledge", "record", "ZZ9", "board-approved", *by, "--where", "board meeting")
    code, _, err = forum("pledge", "record", "ZZ9", "signed", *by, "--side", "staff", "--name", "Ada Example")
    assert code == 1
    assert "Ada Example can't speak or sign for staff side" in err
    assert "Those who can: Bob Example (branch secretary)." in err
    forum("pledge", "record", "ZZ9", "signed", *by, "--side", "staff", "--name", "Bob Example")
    code, _, err = forum("pledge", "record", "ZZ9", "published", *by, "--where", "intranet")
    assert (code, err) == (1, "The pledge can't be published yet: management side has not signed.\n")
    forum("pledge", "record", "ZZ9", "signed", *by, "--side", "management", "--name", "Ada Example")
    code, _, err = forum("pledge", "record", "ZZ9", "published", *by, "--where", "intranet")
    assert (code, err) == (0, "")
    _, out, _ = forum("pledge", "show", "ZZ9")
    assert "The pledge is published." in out
    _, out, _ = forum("progress", "status", "ZZ9", "--intention", "10")
    assert "10a1 " in out
    assert "The board approved the pledge (board meeting)" in " ".join(out.split())
    assert "Signed for staff side by Bob Example (branch secretary) on" in " ".join(out.split())
    _, page, _ = forum("pledge", "page", "ZZ9")
    assert "Nowhere Trust" in page
    code, out, _ = forum("minutes", "ZZ9", today)
    assert code == 0
    assert "Inside the forum: not for publication" in out
    assert "Bob Example" in out
    file = tmp_path / "minutes.docx"
    present = ("--present", "Ada Example", "--present", "Bob Example")
    code, out, _ = forum("minutes", "ZZ9", today, *present, "--next", "2127-01-22", "--word", str(file))
    assert (code, out) == (0, f"Minutes: {file}\n")
    texts = [one.text for one in docx.Document(str(file)).paragraphs]
    assert "Present: Ada Example, Bob Example" in texts
    assert texts[texts.index("Next meeting") + 1] == "22 January 2127"


def test_a_backup_restores_into_an_empty_store_and_no_other(
    forum: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.jsonl.gz"
    code, out, _ = forum("backup", str(file))
    assert code == 0
    assert str(file) in out
    code, _, err = forum("restore", str(file))
    assert code == 1
    assert "Traceback" not in err
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite'}")
    code, _, err = forum("restore", str(file))
    assert (code, err) == (0, "")
    with Store.open() as store:
        assert store.latest_plan("ZZ9") is not None


@pytest.mark.parametrize(
    "words",
    [
        ("agreement", "signatories", "ZZ9", "--by", "Ada Example", "--side", "management"),
        ("pledge", "save", "ZZ9", "--by", "Ada Example", "--side", "both"),
    ],
    ids=["signatories", "pledge"],
)
def test_a_file_that_is_no_utf_8_text_or_not_there_is_refused_in_words(
    forum: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "typed.txt"
    code, _, err = forum(*words, "--file", str(file))
    assert code == 1
    assert "There is no such file." in err
    file.write_bytes("Ambul\xe2nce".encode("cp1252"))
    code, _, err = forum(*words, "--file", str(file))
    assert code == 1
    assert "byte 6: This is not UTF-8 text. Save the file as UTF-8." in err
    assert "Traceback" not in err
