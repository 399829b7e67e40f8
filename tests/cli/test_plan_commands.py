"""`t4c plan`: in, out, checked, compared, carried on; a file with anything wrong changes nothing."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest

from t4c_lib.plan import RowState
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.store import Store
from tests.cli.conftest import Run
from tests.framework_counts import ACTIONS, MEASURES, POSTS_MISSING
from tests.plan.word_making import fill, make_pledge, saved, source_rows, table_in

pytestmark = pytest.mark.flow

SAVER = ("--by", "Ada Example", "--side", "both", "--yes")


def zipped(name: str) -> bytes:
    """A package with one part of this name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.fixture
def planned(known: Run) -> Run:
    """The same with a plan as the framework suggests it."""
    code, _, err = known("plan", "new", "ZZ9", "--year", "2026/27", *SAVER)
    assert code == 0, err
    return known


def test_a_new_plan_has_every_row_and_no_x(planned: Run) -> None:
    code, out, _ = planned("plan", "check", "ZZ9")
    assert code == 1
    assert re.search(r"^To fix before agreement \(\d+\):$", out, re.MULTILINE)
    assert f"  - {POSTS_MISSING}" in out
    assert "  - 10m3 Yearly celebration event with staff, managers and families, review: No review dates set" in out
    assert "Worth checking (" in out
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    assert (len(revision.plan.actions), len(revision.plan.measures), revision.plan.targets) == (ACTIONS, MEASURES, ())


def test_a_plan_comes_back_as_it_went_out_byte_for_byte_with_its_comments(planned: Run, tmp_path: Path) -> None:
    file, again = tmp_path / "plan.yaml", tmp_path / "again.yaml"
    planned("plan", "export", "ZZ9", "--out", str(file))
    text = file.read_text(encoding="utf-8").replace(
        "    - action: sign-pledge\n", "    # signed in the canteen\n    - action: sign-pledge\n      status: done\n"
    )
    file.write_text(text, encoding="utf-8")
    code, out, _ = planned("plan", "import", str(file), *SAVER)
    assert code == 0
    assert "10a1 Management and staff side sign a Partnership Pledge to carry …" in out
    assert "Saved as revision 2 by Ada Example" in out
    planned("plan", "export", "ZZ9", "--out", str(again))
    assert again.read_bytes() == file.read_bytes()
    code, out, _ = planned("plan", "import", str(again), *SAVER)
    assert code == 0
    assert "Nothing new: this is revision 2" in out


def test_a_table_in_word_goes_out_is_changed_and_comes_back(planned: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    planned("plan", "export", "ZZ9", "--out", str(file))
    code, out, _ = planned("plan", "import", str(file), *SAVER)
    assert code == 0
    assert "Nothing was changed in the table; revision 1" in out
    document = docx.Document(str(file))
    row = next(row for row in document.tables[0].rows if row.cells[1].text.startswith("1a1 "))
    row.cells[2].text, row.cells[3].text = "Head of Learning", "by March 2028"
    document.save(str(file))
    code, out, _ = planned("plan", "import", str(file), *SAVER)
    assert code == 0
    assert "post set to 'Head of Learning'" in out
    assert "Saved as revision 2 by Ada Example" in out
    row.cells[3].text = "soonish"
    document.save(str(file))
    code, _, error = planned("plan", "import", str(file), *SAVER)
    assert code == 1
    assert "table 1, row 3, Timeline of 1a1 " in error
    assert ": 'soonish' can't be read as a date." in error
    row.cells[3].text = "by March 2028"
    document.tables[0]._tbl.remove(row._tr)
    document.save(str(file))
    code, out, _ = planned("plan", "import", str(file), *SAVER)
    assert (code, "Missing from the file: 1a1 " in out, "stays in the plan, unchanged." in out) == (0, True, True)
    assert "Nothing else was changed in the table; revision 2" in out
    code, _, error = planned("plan", "export", "ZZ9", "--out", str(tmp_path / "plan.odt"))
    assert code == 1
    assert "Or .docx, for the pledge's table, or .xlsx." in error


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
    assert "add --yes --by NAME --side SIDE." in err
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
    assert "No row differs" in none
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


@pytest.fixture
def pledge_file(tmp_path: Path) -> Path:
    """A document whose header names another trust, with an X that has one reading and one that has two."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Brookvale Teaching Hospitals NHS Trust"
    cells = table_in(document).add_row().cells
    cells[0].text, cells[1].text = "1. Young people", "Baseline the age profile"
    fill(cells[4], ["The share of staff aged 16-24 rises to 8% by March 2028", "Turnover falls by 1%"], entries=True)
    (tmp_path / "pledge.docx").write_bytes(saved(document))
    return tmp_path / "pledge.docx"


def test_a_document_that_names_another_trust_is_refused_until_somebody_says_that_it_is_the_one(
    known: Run, pledge_file: Path
) -> None:
    words = ("plan", "import", str(pledge_file), "--organisation", "ZZ9", *SAVER)
    code, out, err = known(*words)
    assert (code, out) == (1, "")
    assert "header of the pages: it names Brookvale Teaching Hospitals NHS Trust, and the plan is for Nowhere" in err
    assert "Give --named-otherwise if it is the right document all the same." in err
    assert known(*words, "--named-otherwise")[0] == 0


def test_no_x_is_set_by_yes_alone_and_those_whose_numbers_are_given_are(known: Run, pledge_file: Path) -> None:
    words = ("plan", "import", str(pledge_file), "--organisation", "ZZ9", "--named-otherwise", *SAVER)
    code, out, _ = known(*words)
    assert code == 0
    assert "X's set: 0. Kept in the notes of their rows: 2; --accept-x takes their numbers." in out
    code, out, _ = known(*words, "--accept-x", "1,2b")
    assert "X's set" not in out
    with Store.open() as store:
        revision = store.latest_plan("ZZ9")
    assert revision is not None
    young, turnover = (
        next(row for row in revision.plan.measures if row.measure == key) for key in ("young-share", "turnover")
    )
    assert (young.change, str(young.due)) == (Change(ChangeKind.LEVEL, 0.08), "2028-03")
    assert turnover.change == Change(ChangeKind.RELATIVE, -0.01)
    code, _, err = known(*words, "--accept-x", "2")
    assert "2: there is no such X. Available: 1, 2a, 2b." in err


def test_somebody_who_is_there_is_asked_for_name_rows_and_xs(
    known: Run, pledge_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Typed("y\n\n1 2a\ny\n"))
    code, out, err = known("plan", "import", str(pledge_file), "--organisation", "ZZ9", *SAVER[:-1])
    assert code == 0, err
    assert "Saved as revision 1" in out
    monkeypatch.setattr("sys.stdin", Typed("n\n"))
    code, _, err = known("plan", "import", str(pledge_file), "--organisation", "ZZ9", *SAVER[:-1])
    assert (code, err) == (1, "Nothing was saved.\n")


class Typed(io.StringIO):
    """Somebody at a keyboard who types these lines."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pledge.pdf", b"%PDF-1.7", "this is a PDF; a Word document (.docx) is needed. Ask for the Word document"),
        ("pledge.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "in the old format (.doc). Open it in Word and save it as"),
        ("pledge.rtf", b"{\\rtf1 Our plan}", "this is a Rich Text file (.rtf); a Word document"),
        ("pledge.txt", b"Our plan", "this is not a Word document; a Word document (.docx) is needed."),
        ("plan.txt", b"organisation: ZZ9", "The name of a plan file (YAML) ends in .yaml."),
        ("pledge.csv", b"Actions,Measures", "this is not a Word document"),
        ("pledge.xlsx", zipped("xl/workbook.xml"), "this workbook was not written by t4c plan export."),
        ("pledge.odt", zipped("content.xml"), "this is an OpenDocument file; a Word document (.docx) is needed."),
        ("pledge.pages", zipped("Index/Document.iwa"), "Export it from Pages as Word (.docx)."),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name_with_what_to_do(
    known: Run, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = known("plan", "import", str(tmp_path / name), *SAVER)
    assert (code, out) == (1, "")
    assert f"{name}: 1 problem, nothing was saved" in err
    assert words in err


@pytest.mark.parametrize(
    ("command", "name", "words"),
    [
        (
            ("plan", "export", "ZZ9", "--out"),
            "x.doc",
            "the name ends in '.doc'. Call it x.yaml. Or .docx, for the pledge's table, or .xlsx.",
        ),
        (("plan", "export", "ZZ9", "--out"), "x.pdf", "A page to read or to print: t4c report ZZ9 --out FOLDER."),
        (("plan", "export", "ZZ9", "--out"), "x.csv", "the name ends in '.csv'. Call it x.yaml."),
        (("plan", "export", "ZZ9", "--out"), "x", "the name has no ending. Call it x.yaml."),
        (
            ("evidence", "check", "ZZ9", "--out"),
            "x.xlsx",
            "this writes the figures as CSV, and the name ends in '.xlsx'. Call it x.csv.",
        ),
        (
            ("progress", "reminders", "ZZ9", "--out"),
            "x.docx",
            "reminders can be saved as .csv or .ics, not as '.docx'.",
        ),
        (("evidence", "template", "ZZ9", "--out"), "x.csv", "a collection workbook must end in .xlsx."),
        (
            ("report", "ZZ9", "--out"),
            "x.pdf",
            "this writes a folder with a page for each organisation, and the name ends in '.pdf'. Call it x.",
        ),
        (
            ("backup",),
            "x.xlsx",
            "a backup of the whole store, and the name ends in '.xlsx'. Call it x. Only t4c restore reads it.",
        ),
        (
            ("restore", "from.gz", "--keep"),
            "x.docx",
            "this writes a backup of the whole store, and the name ends in '.docx'.",
        ),
    ],
)
def test_nothing_is_written_under_a_name_that_promises_something_else(
    planned: Run, tmp_path: Path, command: tuple[str, ...], name: str, words: str
) -> None:
    code, _, err = planned(*command, str(tmp_path / name))
    assert code == 1
    assert words in err
    assert not (tmp_path / name).exists()


def test_a_closed_trust_gets_no_plan_by_any_command_and_says_what_became_of_it(
    run: Run, tmp_path: Path, shared: Path
) -> None:
    rows = [("RZZ", "TESTBURY NHS TRUST", "", "20260401"), ("RZY", "SAMPLETON NHS TRUST", "20260331", "20010401")]
    lines = [
        f"{code},{name},Y60,QGH,1 EXAMPLE WAY,,,TESTBURY,,ZZ1 1ZZ,{opened},{closed}"
        for code, name, closed, opened in rows
    ]
    (tmp_path / "etr.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(
        "organisation:\n  code: RZY\n  name: Sampleton\nplan:\n  years: [2026/27]\n", encoding="utf-8"
    )
    (tmp_path / "pledge.docx").write_bytes(saved(make_pledge(source_rows(shared))))
    assert run("evidence", "add", str(tmp_path / "etr.csv"))[0] == 0
    gone = (
        "Sampleton NHS Trust (RZY) closed on 31 March 2026, so it can't have a plan. Its work may have gone to "
        "Testbury NHS Trust (RZZ), which opened the day after, in the same ICS."
    )
    for command in (
        ("plan", "new", "RZY", "--year", "2026/27", *SAVER),
        ("plan", "import", str(tmp_path / "plan.yaml"), *SAVER),
        ("plan", "import", str(tmp_path / "pledge.docx"), "--organisation", "RZY", *SAVER),
    ):
        code, _, err = run(*command)
        assert (code, err.strip()) == (1, gone)
    assert run("plan", "new", "RZZ", "--year", "2026/27", *SAVER)[0] == 0
