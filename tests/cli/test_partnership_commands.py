"""A forum on the command line: rounds, agreement row by row, the pledge, minutes, backup; each refusal in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from t4c_lib.plan import Plan
from t4c_lib.quantities import Baseline
from t4c_lib.store import Store
from tests.cli.conftest import Run

pytestmark = pytest.mark.flow

SPEAKERS = """speakers:
  - {side: management, name: Ada Example, role: director of people}
  - {side: staff, name: Bob Example, role: branch secretary}
"""
PARTNERS = (
    ("Ada", "management", "2 points"),
    ("Bob", "staff", "1 point"),
    ("Cas", "staff", "to 8%"),
    ("Di", "management", "50 more"),
)


@pytest.fixture
def forum(known: Run, tmp_path: Path) -> Run:
    """An organisation with a plan, a baseline for 1m1, and two people who may speak."""
    plan = Plan.suggested("ZZ9", "Nowhere Trust", ["2026/27"])
    row = plan.measure("1m1").changed(
        baseline=Baseline.of(200, 4000, period="2026-03", source="extract"), due="2028-03"
    )
    with Store.open() as store:
        store.save_plan(plan.with_measure(row), by="Ada Example", side="both")
    file = tmp_path / "speakers.yaml"
    file.write_text(SPEAKERS, encoding="utf-8")
    code, out, err = known("agreement", "speakers", "ZZ9", "--file", str(file), "--by", "Ada Example")
    assert (code, err) == (0, "")
    assert "Bob Example" in out
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
    assert "4 entries, lowest 6%, median 6.62%, highest 8%." in out
    assert "Ada" not in out.replace("Ada Example", "")
    _, out, _ = forum("round", "settle", "ZZ9", "1", "to 7%", "--by", "Ada Example")
    assert "Saved as revision 2" in out
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    assert revision.plan.target("young-share").goal == pytest.approx(0.07)


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
    forum("agreement", "record", "ZZ9", "1m1", "--side", "management", "--name", "Ada Example")
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "agreed by management side only" in out
    forum("agreement", "record", "ZZ9", "1m1", "--side", "staff", "--name", "Bob Example")
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "Agreed by both sides: 1 of 74 rows." in out
    file = tmp_path / "plan.yaml"
    forum("plan", "export", "ZZ9", "--out", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("due: 2028-03", "due: 2029-03", 1), encoding="utf-8")
    forum("plan", "import", str(file), "--by", "Ada Example", "--side", "both", "--yes")
    _, out, _ = forum("agreement", "show", "ZZ9", "1m1")
    assert "Ada Example" in out
    _, out, _ = forum("plan", "check", "ZZ9")
    assert "measure young-share" in out
    _, out, _ = forum("agreement", "show", "ZZ9")
    assert "open again, since changed" in out


def test_who_may_not_speak_for_a_side_is_refused_in_words(forum: Run) -> None:
    code, out, err = forum("agreement", "record", "ZZ9", "1m1", "--side", "staff", "--name", "Ada Example")
    assert (code, out) == (1, "")
    assert "Bob Example" in err
    code, _, err = forum("agreement", "record", "ZZ9", "1m99", "--side", "staff", "--name", "Bob Example")
    assert code == 1
    assert "1m99" in err


def test_the_pledge_goes_from_draft_to_published_and_not_before_its_turn(forum: Run) -> None:
    forum("pledge", "save", "ZZ9", "--by", "Ada Example", "--side", "management")
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    by = ("--by", "Ada Example", "--date", today)
    code, _, err = forum("pledge", "record", "ZZ9", "published", *by, "--where", "intranet")
    assert code == 1
    assert "can't be published yet" in err
    forum("agreement", "record", "ZZ9", "pledge", "--side", "management", "--name", "Ada Example")
    forum("agreement", "record", "ZZ9", "pledge", "--side", "staff", "--name", "Bob Example")
    forum("pledge", "record", "ZZ9", "board-approved", *by, "--where", "board meeting")
    code, _, err = forum("pledge", "record", "ZZ9", "published", *by, "--where", "intranet")
    assert (code, err) == (0, "")
    _, out, _ = forum("pledge", "show", "ZZ9")
    assert "published" in out
    _, page, _ = forum("pledge", "page", "ZZ9")
    assert "Nowhere Trust" in page
    code, out, _ = forum("minutes", "ZZ9", today)
    assert code == 0
    assert "Inside the forum, not for publication" in out
    assert "Bob Example" in out


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
        ("agreement", "speakers", "ZZ9", "--by", "Ada Example"),
        ("pledge", "save", "ZZ9", "--by", "Ada Example", "--side", "both"),
    ],
    ids=["speakers", "pledge"],
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
