"""`t4c demo remove`, and the mark of a demonstration wherever the command line prints an organisation's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.counted import observation, table

pytestmark = pytest.mark.flow

SAVER = ("--by", "Ada", "--side", "both", "--yes")


@pytest.fixture
def made_up(known: Run) -> Run:
    """A store with a real trust and a made-up one whose name doesn't say so."""
    source = SourceFile("demo.csv", "2" * 64, "made", 1, 1, None, "")
    rows = table([observation("young-share", "2026-03", 5, out_of=100, organisation="DEMO-Z")])
    demonstration = Organisation("DEMO-Z", "Sandcastle Trust", demonstration=True)
    with Store.open() as store:
        store.add_evidence([Loaded(source, (demonstration,), rows[list(OBSERVATION_COLUMNS)])])
    return known


def test_the_name_of_a_demonstration_is_marked_wherever_it_is_printed(made_up: Run, tmp_path: Path) -> None:
    marked = "Sandcastle Trust (demonstration)"
    assert marked in made_up("plan", "check", "DEMO-Z")[2]
    assert marked in made_up("plan", "new", "DEMO-Z", "--year", "2026/27", *SAVER)[1]
    out_file = str(tmp_path / "plan.yaml")
    for words in (
        ("plan", "check", "DEMO-Z"),
        ("plan", "history", "DEMO-Z"),
        ("plan", "export", "DEMO-Z", "--out", out_file),
        ("progress", "status", "DEMO-Z"),
        ("progress", "show", "DEMO-Z"),
        ("progress", "reminders", "DEMO-Z"),
    ):
        assert marked in made_up(*words)[1], words
    assert "with 1 demonstration organisation" in made_up("backup", str(tmp_path / "all.t4c"))[1]
    made_up("plan", "new", "ZZ9", "--year", "2026/27", *SAVER)
    assert "demonstration" not in made_up("plan", "check", "ZZ9")[1]


def test_demonstrations_are_removed_after_a_question_and_real_trusts_stay(made_up: Run) -> None:
    for code in ("DEMO-Z", "ZZ9"):
        made_up("plan", "new", code, "--year", "2026/27", *SAVER)
    failed, out, err = made_up("demo", "remove")
    assert failed == 1
    assert "Sandcastle Trust (demonstration) (DEMO-Z)" in out
    assert "1 figures, 1 files of evidence, 1 revisions of plans" in out
    assert "ZZ9" not in out
    assert "add --yes" in err
    with Store.open() as store:
        assert store.latest_plan("DEMO-Z") is not None
    failed, out, _ = made_up("demo", "remove", "--yes")
    assert failed == 0
    assert out.endswith("Removed.\n")
    with Store.open() as store:
        assert [one.code for one in store.organisations()] == ["ZZ9"]
        assert store.latest_plan("DEMO-Z") is None
        assert store.latest_plan("ZZ9") is not None
    assert "There is no demonstration organisation here." in made_up("demo", "remove")[1]
