"""Commands on the server's store, and on a restored backup of it, by somebody of one side who speaks for the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.cli.test_partnership_commands import forum
from tests.signed import MACHINE, signed

__all__ = ["forum"]  # the fixture: an organisation with a plan, a baseline for 1m1, and two people who may speak
pytestmark = pytest.mark.law

# The account of this machine is staff side's Bob Example.
PEOPLE = f"""\
people:
  - {{login: {MACHINE}, name: Bob Example, roles: [signatory], side: staff}}
  - {{login: ada, name: Ada Example, roles: [signatory], side: management}}
  - {{login: admin, name: Ad Min, roles: [administrator]}}
"""
AS_OTHER = {
    "agree": ("agreement", "record", "ZZ9", "1m1", "--side", "management", "--name", "Ada Example", "--yes"),
    "enter": ("round", "enter", "ZZ9", "1", "--partner", "Ada Example", "--side", "management", "--x", "2 points"),
    "enter for the other side": (
        *("round", "enter", "ZZ9", "1", "--partner", "Bob Example"),
        *("--side", "management", "--x", "2 points"),
    ),
    "lead": ("round", "close", "ZZ9", "1", "--by", "Ada Example"),
    "plan": ("plan", "import", "{plan}", "--by", "Bob Example", "--side", "management", "--yes"),
    "note": ("progress", "note", "ZZ9", "1", "Done", "--by", "Ada Example", "--side", "management"),
}
AS_THEMSELVES = ("round", "enter", "ZZ9", "1", "--partner", "Bob Example", "--side", "staff", "--x", "2 points")
REFUSED = r"You are signed in as Bob Example"


def speaks_for_nobody_else(run: Run, plan: Path) -> None:
    """Every one of these commands is refused in words and saves nothing; in their own name they go on."""
    with Store.open() as store:
        before, entry = store.mark(), store.audit.newest()
    for name, words in AS_OTHER.items():
        code, _, err = run(*(one.format(plan=plan) for one in words))
        assert code == 1, name
        assert REFUSED in err, (name, err)
        assert "Traceback" not in err
    with Store.open() as store:
        assert (store.mark(), store.audit.newest()) == (before, entry)
    assert run(*AS_THEMSELVES)[0] == 0
    with Store.open() as store:
        assert store.mark() > before


def test_nobody_speaks_for_the_other_side_by_commands_or_in_a_restored_backup(
    forum: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, backup = tmp_path / "plan.yaml", tmp_path / "all.t4c"
    forum("round", "open", "ZZ9", "1m1", "--named", "--by", "Fay Facilitator")
    forum("plan", "export", "ZZ9", "--out", str(plan))
    plan.write_text(plan.read_text(encoding="utf-8").replace("due: 2028-03", "due: 2029-03", 1), encoding="utf-8")
    with Store.open() as store:
        store.set_people(PEOPLE.replace("[signatory], side: staff", "[signatory, administrator], side: staff"), "first")
        with signed("admin"):
            store.set_people(PEOPLE, "people.yaml")
        store.backup(backup)
    speaks_for_nobody_else(forum, plan)
    # Who has no right to restore into that store may restore it into one of their own: the list comes with it.
    assert "does not save a restored backup" in forum("restore", str(backup), "--keep", str(tmp_path / "kept.t4c"))[2]
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert forum("restore", str(backup))[0] == 0
    speaks_for_nobody_else(forum, plan)
