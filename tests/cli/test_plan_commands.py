"""`t4c plan`: in, out, checked, compared, carried on; a file with anything wrong changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.plan import RowState
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.plan.word_making import make_pledge, saved, source_rows

pytestmark = pytest.mark.flow

SAVER = ("--by", "Ada Example", "--side", "both", "--yes")


@pytest.fixture
def planned(known: Run) -> Run:
    """The same with a plan as the framework suggests it."""
    code, _, err = known("plan", "new", "ZZ9", "--year", "2026/27", *SAVER)
    assert code == 0, err
    return known


def test_a_new_plan_has_every_row_and_no_x(planned: Run) -> None:
    code, out, _ = planned("plan", "check", "ZZ9")
    assert code == 1
    assert "To fix before agreement (90):" in out
    assert "  - No responsible post named: 31 actions and 43 measures (1a1, 1a2, " in out
    assert "  - 10m3 celebration, review: It doesn't say when it is held" in out
    assert "Worth checking (" in out
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    assert (len(revision.plan.actions), len(revision.plan.measures), revision.plan.targets) == (31, 43, ())


def test_a_plan_comes_back_as_it_went_out_byte_for_byte_with_its_comments(planned: Run, tmp_path: Path) -> None:
    file, again = tmp_path / "plan.yaml", tmp_path / "again.yaml"
    planned("plan", "export", "ZZ9", "--out", str(file))
    text = file.read_text(encoding="utf-8").replace(
        "    - action: sign-pledge\n", "    # signed in the canteen\n    - action: sign-pledge\n      status: done\n"
    )
    file.write_text(text, encoding="utf-8")
    code, out, _ = planned("plan", "import", str(file), *SAVER)
    assert code == 0
    assert "action sign-pledge" in out
    assert "Saved as revision 2 by Ada Example" in out
    planned("plan", "export", "ZZ9", "--out", str(again))
    assert again.read_bytes() == file.read_bytes()
    code, out, _ = planned("plan", "import", str(again), *SAVER)
    assert code == 0
    assert "Nothing new: this is revision 2" in out


def test_a_file_with_problems_names_every_line_and_changes_nothing(planned: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    planned("plan", "export", "ZZ9", "--out", str(file))
    text = file.read_text(encoding="utf-8")
    text = text.replace("- measure: young-share", "- measure: yuong-share").replace(
        "years: [2026/27]", "years: [2026/28]"
    )
    file.write_text(text, encoding="utf-8")
    code, out, err = planned("plan", "import", str(file), *SAVER)
    assert (code, out) == (1, "")
    assert "plan.yaml: 2 problems" in err
    assert "line 5 (plan, year 1)" in err
    assert "after 2026/ comes 27" in err
    assert "young-share" in err
    assert "Traceback" not in err
    with Store.open() as store:
        assert len(store.plan_history("ZZ9")) == 1


def test_nobody_there_to_be_asked_saves_nothing(planned: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    planned("plan", "export", "ZZ9", "--out", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("2026/27]", "2026/27, 2027/28]"), encoding="utf-8")
    code, out, err = planned("plan", "import", str(file))
    assert code == 1
    assert "2027/28" in out
    assert "Nobody is there to be asked: give --yes." in err
    with Store.open() as store:
        assert len(store.plan_history("ZZ9")) == 1


def test_history_and_diff_tell_what_each_revision_changed(planned: Run) -> None:
    planned("plan", "roll", "ZZ9", "--to", "2027/28", *SAVER)
    code, out, _ = planned("plan", "history", "ZZ9")
    assert code == 0
    assert out.index("revision 1 by Ada Example") < out.index("revision 2 by Ada Example")
    assert "years 2026/27 → 2027/28" in out
    _, forwards, _ = planned("plan", "diff", "ZZ9", "1", "2")
    assert "the plan: years 2026/27 → 2027/28" in forwards
    _, none, _ = planned("plan", "diff", "ZZ9", "2", "2")
    assert "No row is different" in none
    code, _, err = planned("plan", "diff", "ZZ9", "1", "7")
    assert code == 1
    assert "has no revision 7; its revisions are 1 to 2" in err


def test_an_organisation_without_a_plan_is_told_how_to_start_one(known: Run) -> None:
    code, _, err = known("plan", "export", "ZZ9")
    assert code == 1
    assert "Nowhere Trust (ZZ9) has no plan yet. Start one: t4c plan new ZZ9" in err


def test_the_pledges_table_comes_in_from_word_row_by_row(known: Run, shared: Path, tmp_path: Path) -> None:
    file = tmp_path / "Our pledge.docx"
    file.write_bytes(saved(make_pledge(source_rows(shared))))
    code, out, err = known("plan", "import", str(file), "--organisation", "ZZ9", "--year", "2026/27", *SAVER)
    assert code == 0, err
    assert "Our pledge.docx: " in out
    assert "Saved as revision 1" in out
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    assert {row.state for row in revision.plan.actions} == {RowState.REWORDED}
    assert "# Read from Our pledge.docx." in revision.document


def test_a_word_file_needs_to_be_told_whose_it_is_and_rows_that_exist(known: Run, shared: Path, tmp_path: Path) -> None:
    file = tmp_path / "pledge.docx"
    file.write_bytes(saved(make_pledge(source_rows(shared)[:2])))
    code, _, err = known("plan", "import", str(file), *SAVER)
    assert code == 1
    assert "give --organisation CODE" in err
    code, _, err = known("plan", "import", str(file), "--organisation", "ZZ9", "--own", "3,999", *SAVER)
    assert code == 1
    assert "999: rows have numbers from 1 to" in err
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 not a document")
    code, _, err = known("plan", "import", str(broken), "--organisation", "ZZ9", *SAVER)
    assert code == 1
    assert "broken.docx" in err
    assert "Traceback" not in err
