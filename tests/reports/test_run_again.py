"""A folder of reports tells of all that lie in it, and a run that can't be says so before anything is made."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner, Result

from t4c_lib.cli import app
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.reports import batch
from t4c_lib.reports.batch import ReportDone, run_reports, write_index
from t4c_lib.reports.run import MANIFEST, ReportAsked, verify
from t4c_lib.sections.row_view import GROUPS
from t4c_lib.store import Store
from tests.report_making import small_trusts

pytestmark = pytest.mark.flow


def run(*typed: str) -> Result:
    return CliRunner().invoke(app, ["report", *typed])


def lies_there(out: Path, code: str, audience: str = "published", revision: int | None = 1, **summary: str) -> None:
    """A report as the folder of a run holds it."""
    (out / code).mkdir(parents=True)
    said: dict[str, object] = {
        "organisation": code,
        "audience": audience,
        "as_of": "2026-11-30",
        "revision": revision,
        "files": {},
    }
    said |= {"asked": "", "summary": {"finding": "Made before", "rows agreed": "", **summary}}
    (out / code / MANIFEST).write_text(json.dumps(said))


def done(code: str, state: str = "made") -> ReportDone:
    return ReportDone(
        ReportAsked(Organisation(code, f"Trust {code}", "Acute")), state, "" if state == "made" else "why"
    )


def test_the_index_and_the_table_tell_of_every_report_in_the_folder(store_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    lies_there(out, "DEMO-AC", met="1", behind="2")
    lies_there(out, "ZZ1", behind="3", revision=None)
    lies_there(out, "ZZ2")
    write_index([done("ZZ1"), done("ZZ2", "failed")], out)
    page = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
    rows = [row.get_text(" ") for row in page.select("tbody tr")]
    assert len(rows) == 3
    assert "Brackmere" in rows[0]
    assert "by an earlier run" in rows[0]
    assert "The report made earlier stays" in rows[2]
    assert "1 has no plan: page and notebook only" in page.get_text()
    assert page.title is not None
    assert page.title.get_text().startswith("Reports, ")
    assert len(page.select("tr[data-plan]")) == 2
    text = (out / "reports.csv").read_text(encoding="utf-8-sig")
    lines = {line["Code"]: line for line in csv.DictReader(text.splitlines())}
    found = {code: (line["Report"], line["Type"], line["Has a plan"]) for code, line in lines.items()}
    assert found["DEMO-AC"] == ("earlier", "acute trust", "yes")
    assert found["ZZ1"] == ("made", "acute trust", "no")
    assert found["ZZ2"] == ("failed", "acute trust", "yes")
    heads = list(lines["ZZ1"])
    assert heads[-len(GROUPS["Targets"]) :] == [str(word).capitalize() for word in GROUPS["Targets"]]


@pytest.mark.parametrize(
    ("there", "now", "words"), [("published", "forum", "Exact"), ("forum", "published", "Published")]
)
def test_exact_and_published_reports_do_not_share_a_folder(
    there: str, now: str, words: str, store_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lies_there(out, "DEMO-AC", there)
    asked = ReportAsked(Organisation("DEMO-SP", "Elsewhere"), Audience(now))
    with pytest.raises(InputError, match=f"{words} ones need a folder of their own: --out .*out-{now}"):
        list(run_reports([asked], out))
    assert not (out / "DEMO-SP").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--workers", "0"), "Give a number from 1."),
        (("--workers", "-3"), "Give a number from 1."),
        (("--workers", "many"), "Give a whole number."),
        (("--audience", "board"), "'--audience': 'board' is not one of"),
        (("--resume", "--anew"), "It keeps what was made"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(typed: tuple[str, str], words: str, tmp_path: Path) -> None:
    told = run("ZZ9", "--out", str(tmp_path / "out"), *typed)
    assert told.exit_code == 2
    assert words in told.output


def test_a_port_is_one_that_there_is() -> None:
    told = CliRunner().invoke(app, ["serve", "--port", "99999"])
    assert (told.exit_code, "Give a number up to 65535." in told.output) == (2, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--as-of", "31/03/2026"), "--as-of: '31/03/2026' is not a day"),
        (("--since", "spring"), "--since: 'spring' is not a day"),
        (("--as-of", "2026-03-31", "--since", "2026-04-01"), "1 April 2026 is not before 31 March 2026"),
        (("--scenario", "Courses into jobs"), '--scenario: .*the audience "forum"'),
        (("--audience", "forum", "--scenario", "Course into jobs"), "The closest: Courses into jobs"),
    ],
)
def test_what_no_report_could_be_made_of_is_said_once_before_the_run(
    typed: tuple[str, ...], words: str, store_file: Path, tmp_path: Path
) -> None:
    told = run("DEMO-AC", "DEMO-SP", "--out", str(tmp_path / "out"), *typed)
    assert isinstance(told.exception, T4CError)
    with pytest.raises(T4CError, match=words):
        raise told.exception
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_stopped_says_how_far_it_came(
    store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(asked: list[ReportAsked], out: Path, step: object, told: object, **how: object) -> None:
        assert callable(told)
        told(ReportDone(asked[0], "made"))
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "run_and_tell", stopped)
    told = run("DEMO-AC", "DEMO-SP", "--out", str(tmp_path), "--resume")
    assert told.exit_code == 130
    assert "Stopped: 1 of 2 made. The same command again makes the rest." in told.output


def test_papers_that_need_a_plan_are_told_of(store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "run_and_tell", lambda *_, **__: [])
    lies_there(tmp_path, "DEMO-AC", revision=None)
    lies_there(tmp_path, "DEMO-SP")
    both = "DEMO-AC", "DEMO-SP", "--out", str(tmp_path)
    assert "1 has no plan: page and notebook only" in run(*both, "--formats", "all").output
    assert "no plan" not in run(*both).output


@pytest.mark.parametrize("said", ["Acute", "acute", "ACUTE TRUST", "acute trusts"])
def test_a_type_is_asked_for_in_any_spelling(
    said: str, store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "run_and_tell", lambda *_, **__: [])
    small_trusts(tmp_path, 2)  # "Acute", as the publication words it; DEMO-AC is an "acute trust"
    with Store.open() as store:
        alike = [one for one in store.organisations() if one.type.casefold() in ("acute", "acute trust")]
    assert len({one.type for one in alike}) == 2
    assert f": {len(alike)} organisations" in run("--where", f"type={said}", "--out", str(tmp_path / "out")).output


def test_every_folder_of_a_run_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("ZZ1", "ZZ2"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "inputs-inside-the-forum.t4c").touch()
    with pytest.raises(InputError, match=r"ZZ1: 1 problem.*\n.*holds no report with its inputs"):
        list(verify(tmp_path))
