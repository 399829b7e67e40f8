"""The command line: what it says when it works, and that a mistake gives a message, an exit code and no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from t4c_lib.cli import app
from t4c_lib.cli.console import EVERY, Explained, option_texts
from t4c_lib.disclosure import DIGEST, with_digest
from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile
from t4c_lib.store import Store
from t4c_lib.store.people import SIGNED_IN, SignedIn
from tests.cli.conftest import Run
from tests.counted import table
from tests.evidence.evidence_files import staff
from tests.signed import MACHINE

pytestmark = pytest.mark.flow

NOTHING = table([])[list(OBSERVATION_COLUMNS)]
HEADER = (
    "DATE,NHSE_REGION_CODE,NHSE_REGION_NAME,ICS_CODE,ICS_NAME,ORG_CODE,ORG_NAME,ORG_TYPE,"
    "FTE_DAYS_LOST,FTE_DAYS_AVAILABLE,SICKNESS_ABSENCE_RATE_PERCENT"
)
ROW = "30/04/2024,Y60,Midlands,QGH,Nowhere,ZZ9,Nowhere Trust,Acute,{lost},2000,{rate}"


def sickness_file(folder: Path, name: str = "sickness.csv", *, lost: float = 100, rate: str = "5.00") -> Path:
    file = folder / name
    file.write_text(f"{HEADER}\n{ROW.format(lost=lost, rate=rate)}\n", encoding="utf-8")
    return file


def test_adding_a_file_says_what_was_loaded_and_twice_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = str(sickness_file(tmp_path))
    code, out, err = run("evidence", "add", file)
    assert (code, err) == (0, "")
    assert "sickness.csv: 1 organisation; figures: 1 new" in out
    assert "a proxy" in out
    code, out, _ = run("evidence", "add", file)
    assert code == 0
    assert "added before, nothing changed" in out


def test_a_nightly_backup_of_a_store_in_which_nothing_was_ever_saved_succeeds(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "first.t4c")
    assert run("backup", file)[0] == 0
    code, out, err = run("audit", "verify", "--file", file)
    assert (code, err) == (0, "")
    assert out.startswith("Nothing has been recorded yet.")


def test_one_bad_file_among_good_ones_loads_nothing_and_names_the_place(run: Run, tmp_path: Path) -> None:
    good = sickness_file(tmp_path)
    bad = sickness_file(tmp_path, "bad.csv", rate="55.00")
    code, out, err = run("evidence", "add", str(good), str(bad))
    assert code == 1
    assert out == ""
    assert "bad.csv: 1 problem, nothing was saved" in err
    assert "row 2" in err
    assert "Traceback" not in err
    with Store.open() as store:
        assert store.organisations() == ()


def test_a_file_that_is_not_there_is_said_in_words(run: Run, tmp_path: Path) -> None:
    code, _, err = run("evidence", "add", str(tmp_path / "none.csv"))
    assert code == 1
    assert "none.csv" in err
    assert "Traceback" not in err


def test_a_report_for_an_unknown_code_names_the_closest(run: Run, tmp_path: Path) -> None:
    run("evidence", "add", str(sickness_file(tmp_path)))
    code, _, err = run("report", "ZZ8", "--out", str(tmp_path / "out"))
    assert code == 1
    assert "There is no organisation called 'ZZ8'. The closest: ZZ9." in err
    assert not (tmp_path / "out").exists()


def test_a_word_too_many_is_a_usage_error(run: Run) -> None:
    code, _, err = run("evidence", "subtract")
    assert code == 2
    assert "No such command 'subtract'" in err


def test_the_module_runs_where_scripts_do_not() -> None:
    done = subprocess.run([sys.executable, "-m", "t4c_lib", "--help"], capture_output=True, text=True, check=True)
    assert "evidence" in done.stdout
    assert "report" in done.stdout


def test_a_command_starts_without_the_libraries_that_only_some_of_them_need() -> None:
    heavy = ["altair", "docx", "nbclient", "numpy", "openpyxl", "pandas", "papermill", "scipy", "voila"]
    loaded = f"import sys, t4c_lib.cli.main; print([one for one in {heavy} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_show_prints_baselines_with_their_source_and_check_writes_the_workings(run: Run, tmp_path: Path) -> None:
    run("evidence", "add", str(sickness_file(tmp_path)))
    code, out, err = run("evidence", "show", "ZZ9")
    assert (code, err) == (0, "")
    assert "Nowhere Trust (ZZ9)" in out
    assert "sickness: 5.0% (100 of 2,000), 2024-04, trust workforce, a proxy for support staff" in out
    assert "from sickness.csv, 1 row, SHA-256 " in out
    assert "read by sickness-by-organisation version 1" in out
    file = tmp_path / "workings.csv"
    code, out, err = run("evidence", "check", "ZZ9", "--out", str(file))
    assert (code, err) == (0, "")
    assert f"{file}: 1 figure from 1 file" in out
    assert ",sickness.csv," in file.read_text(encoding="utf-8-sig")


def test_show_and_check_name_the_closest_code_and_write_nothing(run: Run, tmp_path: Path) -> None:
    run("evidence", "add", str(sickness_file(tmp_path)))
    for words in (("show", "ZZ8"), ("check", "ZZ8", "--out", str(tmp_path / "workings.csv"))):
        code, out, err = run("evidence", *words)
        assert (code, out) == (1, "")
        assert "There is no organisation called 'ZZ8'. The closest: ZZ9." in err
    assert not (tmp_path / "workings.csv").exists()


def test_figures_of_a_made_up_organisation_are_called_so_wherever_they_are_shown(run: Run, tmp_path: Path) -> None:
    made_up = "Demonstration: this organisation and its figures are made up."
    (tmp_path / "demo.csv").write_text(staff({"demonstration": "yes"}), encoding="utf-8")
    (tmp_path / "own.csv").write_text(staff({"organisation_code": "RZZ"}), encoding="utf-8")
    for file, code, is_said in (("demo.csv", "DEMO1", True), ("own.csv", "RZZ", False)):
        for words in (("add", str(tmp_path / file)), ("show", code), ("check", code, "--out", str(tmp_path / "x.csv"))):
            status, out, err = run("evidence", *words)
            assert (status, made_up in out) == (0, is_said), (out, err)


def test_a_check_for_small_numbers_says_what_it_could_not_look_at(run: Run, tmp_path: Path) -> None:
    """Nothing found among pages alone is no word of what their figures' table would give away."""
    folder = tmp_path / "out"
    folder.mkdir()
    page = f"{DIGEST}<p>Published figures: small numbers are hidden</p><p>15 of 120 people</p>"
    (folder / "report.html").write_text(with_digest(page), encoding="utf-8")
    code, out, _ = run("disclosure", "check", str(folder))
    assert code == 0
    assert "1 file, 0 figures in tables (CSV), 0 of their counts hidden." in out
    assert "was checked when they were made, not together with an earlier release." in " ".join(out.split())
    assert "can be worked out: at least" not in out


def test_a_check_says_what_it_compared_and_what_it_did_not_look_into(run: Run, tmp_path: Path) -> None:
    heads = "organisation,series,population,breakdown,period,numerator,denominator,value,published_as,audience"
    rest = "rounded,Published figures: small numbers are hidden"
    for name, count in (("now", 20), ("before", 15), ("exact", 3)):
        (tmp_path / name).mkdir()
        text = f"{heads}\nZZ9,starts,support staff,all,2026-03,{count},,{count},{rest}\n"
        (tmp_path / name / "figures.csv").write_text(text, encoding="utf-8")
    code, out, _ = run("disclosure", "check", str(tmp_path / "now"), "--before", str(tmp_path / "before"))
    words = " ".join(out.split())
    assert code == 0
    assert "1 file, 1 figure in tables (CSV) of ZZ9, 0 of their counts hidden." in words
    assert "before (1 file, 1 figure)." in words
    assert "Every count in the tables is rounded to the nearest 5 or hidden." in words
    (tmp_path / "now" / "plan.xlsx").write_bytes(b"")
    code, _, err = run("disclosure", "check", str(tmp_path / "now"))
    assert code == 1
    assert "plan.xlsx: the whole file: what is in it can't be checked." in " ".join(err.split())
    code, out, err = run("disclosure", "check", str(tmp_path / "exact"))
    assert code == 1
    assert "figures.csv: line 2: a count of 7 or fewer is shown." in err
    assert "Don't publish these files yet: 1 finding above." in " ".join(out.split())


def test_every_text_about_an_option_is_of_one_that_a_command_has() -> None:
    """That every option has a text needs no test: no command is made without."""
    commands, found = [get_command(app)], set[tuple[str, str]]()
    while commands:
        command = commands.pop()
        commands += getattr(command, "commands", {}).values()
        if isinstance(command, Explained) and command.callback is not None:
            room = command.callback.__module__.rpartition(".")[2]
            found |= {(f"{room}.{command.callback.__name__}", str(one.name)) for one in command.params}
    told = {(name, option) for name, texts in option_texts().items() for option in texts}
    of_every = {option for name, option in told if name == EVERY}
    assert {one for one in told if one[0] != EVERY} <= found
    assert of_every <= {option for _, option in found}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("report", "--where", "region=Yorkshire"), "Did you mean 'North East and Yorkshire'?"),
        (("report", "--where", "place=York"), "'place' is not a field. Allowed: region, type."),
        (("report", "ZZ9", "--formats", "pfd"), "Did you mean 'pdf'?"),
    ],
)
def test_a_command_that_saves_nothing_does_not_say_that_nothing_was_saved(
    run: Run, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    with Store.open() as store:
        of = Organisation("ZZ9", "Nowhere Trust", "Acute", "Y63")
        store.add_evidence([Loaded(SourceFile("a.csv", "0" * 64, "made", 1, 0, None, ""), (of,), NOTHING)])
    code, out, err = run(*words, "--out", str(tmp_path / "reports"))
    assert (code, out) == (1, "")
    assert message in err
    assert err.partition("\n")[0].endswith(": 1 problem")


def test_a_run_says_how_many_organisations_it_is_of_before_it_starts(
    known: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("t4c_lib.reports.batch.run_and_tell", lambda *_, **__: [])
    code, out, _ = known("report", "--all", "--out", str(tmp_path))
    assert (code, out.splitlines()[0]) == (0, "all: 1 organisation")


def test_at_a_terminal_the_account_of_the_machine_counts_whatever_the_environment_says(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(SIGNED_IN, SignedIn("somebody-else").as_text)
    file = tmp_path / "people.yaml"
    file.write_text("people: [{login: somebody-else, name: A, roles: [administrator]}]", encoding="utf-8")
    code, _, err = run("people", "load", str(file))
    assert code == 1
    assert f"you are working as '{MACHINE}', who would be no administrator" in err
