"""A report of one organisation: whole or not at all, marked, self-contained, and right where figures are public."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.periods import today
from t4c_lib.progress.what_if import WhatIf, scenarios
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.quantities import percent
from t4c_lib.reports import open_report
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Store
from t4c_lib.whatif.outcomes_and_odds import format_chance
from tests.days import KNOWN_DAY
from tests.framework_counts import COUNTED
from tests.report_making import ReportFailedError, run_report
from tests.served import places_of_this_machine


def outside_requests(html: str) -> list[str]:
    """Addresses that a browser would fetch; names of XML vocabularies are none."""
    return re.findall(r"""(?:src|href)\s*=\s*["'](?!data:|\#)[^"']+|url\((?!["']?data:)[^)]+\)|@import""", html)


@pytest.mark.workbook
def test_a_demonstration_report_is_marked_whole_and_self_contained(store_file: Path, tmp_path: Path) -> None:
    with Store.open() as store:
        trust = store.organisation("DEMO-AC")
    files = run_report(trust, tmp_path / "out", audience=Audience.FORUM)
    html = files.page.read_text(encoding="utf-8")
    assert files.page == tmp_path / "out" / "DEMO-AC" / "report-inside-the-forum.html"
    assert "Inside the forum: not for publication" in html
    assert "made up" in html
    assert "265 of 4,803" in html
    assert "target 6.5%" in html
    assert outside_requests(html) == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["DEMO-AC"]
    notebook = json.loads(files.notebook.read_text(encoding="utf-8"))
    assert notebook["metadata"]["papermill"]["parameters"] == {"organisation": "DEMO-AC", "audience": "forum"}
    for file in (files.notebook, files.page):
        for place in places_of_this_machine(tmp_path):
            assert place not in file.read_text(encoding="utf-8"), (file.name, place)


@pytest.mark.detail
@pytest.mark.workbook
def test_a_report_that_fails_leaves_the_earlier_one_and_no_rubbish(store_file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ipynb"
    source = json.loads((Path(__file__).parents[2] / "workbooks" / "trust_report.ipynb").read_text(encoding="utf-8"))
    source["cells"][2]["source"] = ["raise ValueError('halfway')"]
    broken.write_text(json.dumps(source), encoding="utf-8")
    earlier = tmp_path / "out" / "DEMO-AC" / "report.html"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("the earlier report", encoding="utf-8")
    with pytest.raises(ReportFailedError, match=r"The report of DEMO-AC stopped in cell \d: ValueError: halfway"):
        run_report(Organisation("DEMO-AC", "Brackmere"), tmp_path / "out", notebook=broken)
    assert earlier.read_text(encoding="utf-8") == "the earlier report"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["DEMO-AC"]


@pytest.mark.flow
def test_a_report_needs_an_organisation_that_is_known(store_file: Path) -> None:
    with pytest.raises(InputError, match="Give a code, such as -p organisation DEMO-AC"):
        open_report("")
    with pytest.raises(UnknownNameError, match="The closest: DEMO-"):
        open_report("DEMO-AX")
    with pytest.raises(InputError, match=r"'publish' is not an audience"):
        open_report("DEMO-AC", audience="publish")


@pytest.mark.detail
@pytest.mark.flow
def test_a_plan_file_given_as_parameters_stands_in_for_the_saved_plan(store_file: Path) -> None:
    saved = open_report("DEMO-AC")
    assert saved.home.plan is not None
    assert saved.home.plan.targets
    assert saved.home.revision is not None
    given = open_report({"code": "DEMO-AC", "name": "Brackmere"}, {"years": ["2026/27"], "targets": []})
    assert given.home.plan is not None
    assert not given.home.plan.targets
    assert given.home.revision is None
    exact = open_report({"code": "DEMO-AC", "name": "Brackmere"}, {"years": ["2026/27"]}, audience="forum")
    assert exact.takes.sections[0].sentences == ("No target of the plan can be forecast.",)


@pytest.mark.flow
def test_every_target_that_can_be_forecast_says_what_it_takes(store_file: Path) -> None:
    report = open_report("DEMO-MH", as_of=KNOWN_DAY, audience="forum")
    table = report.takes.sections[0].table
    assert table is not None
    rows = {row.label: row for row in report.home.rows if row.chance is not None}
    assert set(table["Measure"]) == set(rows)
    assert len(rows) > 3
    takes, of_each = report.takes.sections[0].sentences
    assert of_each.startswith("Each lever alone would be enough")
    amounts = r"£[\d,]+ \(£[\d,]+ to £[\d,]+\) and [\d,]+ release hours \([\d,]+ to [\d,]+\) more than doing nothing"
    assert re.search(
        rf"The plan as a whole, with the activity planned \(.*\) and no other change, takes {amounts}", takes
    )
    assert re.search(r"Staff aged 16 to 24: 135 people in March 2028, \d+ more than with nothing done\.", takes)
    young = table.set_index("Measure").loc["Staff aged 16 to 24"]
    assert young["Target"] == "5.9% by March 2028"
    assert "Joiners aged 16 to 24 into support roles: " in young["Enough by itself"]
    certificate = table.set_index("Measure").loc["New starters meeting Care Certificate standards within 12 weeks"]
    assert tuple(certificate[1:]) == ("less than 5%", "no single lever is enough")
    assert open_report("DEMO-MH").takes.sections[0].sentences[0].endswith("inside the forum only.")


@pytest.mark.detail
@pytest.mark.flow
def test_the_chances_of_a_scenario_stand_beside_those_of_the_plan(store_file: Path) -> None:
    """The same as the what-if says of it."""
    table = open_report("DEMO-MH", audience="forum", scenario="Courses into jobs").takes.sections[0].table
    assert table is not None
    young = table.set_index("Measure").loc["Staff aged 16 to 24"]
    with Store.open() as store:
        home = HomeFigures.of(store, store.organisation("DEMO-MH"), today())
    opened = home.what_if
    assert isinstance(opened, WhatIf)
    row = next(one for one in home.measures if one.measure == "young-share" and one.target is not None)
    assert row.target is not None
    asked = WhatIfQuestion(opened, row, row.target.due, row.target.goal)
    chance = asked.odds(opened.offered(scenarios("DEMO-MH")).get("Courses into jobs")).chance(asked.target(asked.month))
    assert young["Chance with Courses into jobs"] == format_chance(chance)
    with pytest.raises(UnknownNameError, match="Courses into jobs"):
        open_report("DEMO-MH", audience="forum", scenario="Course into jobs")
    with pytest.raises(InputError, match='Make the report for the audience "forum"'):
        open_report("DEMO-MH", scenario="Courses into jobs")


@pytest.mark.flow
def test_published_sickness_rates_stand_in_the_report_with_numerator_and_denominator(
    shared: Path, tmp_path: Path
) -> None:
    months = sorted((shared / "data" / "sickness").glob("*.csv"))
    with Store.open(tmp_path / "real.sqlite") as store:
        store.add_evidence(read_files([shared / "data" / "ods" / "etr_2025-07.csv", *months]))
        for code in ("RWP", "R1A"):
            published = [row for file in months for row in rows_of(file, code)]
            assert len(published) == 9
            report = open_report(code, store=store)
            html = report.further._repr_html_()
            assert "A proxy: these figures are for all staff together" in html
            for row in published:
                rate = float(row["FTE_DAYS_LOST"]) / float(row["FTE_DAYS_AVAILABLE"])
                assert abs(rate * 100 - float(row["SICKNESS_ABSENCE_RATE_PERCENT"])) < 0.0051
                assert f"<td>{percent(rate)}</td>" in html
                for days in ("FTE_DAYS_LOST", "FTE_DAYS_AVAILABLE"):
                    assert f"<td>{float(row[days]):,.2f}".rstrip("0").rstrip(".") in html
            assert report.takes.sections == ()
            (gaps,) = report.gaps.sections
            assert gaps.table is not None
            assert len(gaps.table) == COUNTED - 1  # sickness alone is published


def rows_of(file: Path, code: str) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [row for row in csv.DictReader(opened) if row["ORG_CODE"] == code]


@pytest.mark.detail
@pytest.mark.workbook
def test_the_demonstration_plan_file_is_papermill_input(store_file: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    root = Path(__file__).parents[2]
    papermill = shutil.which("papermill", path=str(Path(sys.executable).parent))
    assert papermill is not None
    out = tmp_path / "out.ipynb"
    done = subprocess.run(
        [
            papermill,
            "workbooks/trust_report.ipynb",
            str(out),
            "-f",
            "parameters/demo/DEMO-AC.yaml",
            "--no-progress-bar",
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "not a known parameter" not in done.stderr.lower()
    assert "Brackmere" in out.read_text(encoding="utf-8")
