"""`t4c whatif`: from a code to scenarios, what an X takes, and its odds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile
from t4c_lib.periods import Month
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.target_outcome import JoinersNeeded
from t4c_lib.progress.what_if import forecasts, open_what_if, plan_with_rows
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING, YOUNG_JOINERS
from tests.cli.conftest import Run
from tests.counted import SUPPORT, observation, steady_trust, table
from tests.samples import some_of

pytestmark = pytest.mark.flow


@pytest.fixture
def counted(run: Run) -> Run:
    """The command line on a store that knows one organisation of 4,000, 1,600 of them support staff."""
    rows = []
    for step in range(13):
        month = str(Month(2025, 3) + step)
        for age, people, joining, leaving in (("16-24", 120, 5, 3), ("25+", 1480, 14, 16)):
            key = f"age={age}"
            rows.append(observation("headcount", month, people, breakdown=key, population=SUPPORT, organisation="ZZ9"))
            rows.append(observation("joiners", month, joining, breakdown=key, population=SUPPORT, organisation="ZZ9"))
            rows.append(observation("leavers", month, leaving, breakdown=key, population=SUPPORT, organisation="ZZ9"))
    both = pd.concat([steady_trust().assign(organisation="ZZ9"), table(rows)], ignore_index=True)
    source = SourceFile("made.csv", "0" * 64, "made", 1, len(both), None, "")
    with Store.open() as store:
        store.add_evidence([Loaded(source, (Organisation("ZZ9", "Nowhere Trust"),), both[list(OBSERVATION_COLUMNS)])])
    return run


def test_scenarios_stand_side_by_side_with_doing_nothing_first(counted: Run) -> None:
    code, out, _ = counted("whatif", "ZZ9", "--of", "support")
    assert code == 0
    assert out.startswith("Nowhere Trust (ZZ9), from the counts of March 2026, ")
    assert out.splitlines()[1].startswith("No forecast is made of Staff using new pathways, ")
    lines = [line for line in out.splitlines() if not line.startswith("No forecast is made")]
    assert lines[2] == "Support staff aged 16 to 24"
    assert lines[3] == "turnover: Turnover of support staff, at the end"
    assert lines[4].split() == ["2026-03", "2027-03", "2028-03", "2029-03", "turnover"]
    assert lines[5].startswith("Doing nothing           7.5%")
    assert any(line.startswith("Bring in and keep") for line in lines)
    assert "starting numbers stand in for figures that nobody counted here" in lines[-1]


@pytest.mark.usefixtures("known_day")
def test_what_an_x_takes_and_how_likely_it_is(counted: Run) -> None:
    code, out, _ = counted(
        "whatif", "ZZ9", "--of", "support", "--solve", "2 points", "--by", "2028-03", "--odds", "--draws", "50"
    )
    assert code == 0
    assert "What it takes: Support staff aged 16 to 24: 9.5% by March 2028" in out
    assert "One lever alone                     as expected               with a chance of" in out
    assert "Share of support joiners aged 16" in out
    assert "Does not move it, or hardly: Care Certificate assessor capacity;" in out
    assert "Odds in 2028-03, from 50 draws of what we don't know" in out
    assert "chance of 9.5%" in out


@pytest.mark.detail
@pytest.mark.parametrize(("of", "population"), some_of([("support", SUPPORT), ("all", "trust workforce")], 1))
def test_the_joiners_needed_are_those_of_page_and_report(counted: Run, of: str, population: str) -> None:
    code, out, _ = counted("whatif", "ZZ9", "--solve", "to 9%", "--by", "2029-03", "--of", of)
    assert code == 0
    with Store.open() as store:
        observations, organisation = store.observations("ZZ9"), store.organisation("ZZ9")
    today = dt.datetime.now().astimezone().date()
    plan = plan_with_rows(
        None, organisation, Month.of(today).financial_year, [MeasureRow(measure="young-share", population=population)]
    )
    opened = open_what_if(plan, observations, today)
    (row,) = (one for one in plan.measures if one.key == ("young-share", population, ""))
    asked = WhatIfQuestion(opened, row, Month(2029, 3), 0.09)
    needed = JoinersNeeded.of(opened, asked.need(DOING_NOTHING, YOUNG_JOINERS))
    assert needed.a_year is not None
    assert f"Joiners aged 16 to 24 into support  {needed.text}" in out
    assert "roles (today 60 a year)" in out


def test_a_scenario_of_ones_own_is_told_and_can_be_kept(
    counted: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
    words = ("--set", "young-joiners=5% from 3 over 6", "--save", "Our way", "--because", "we can")
    code, out, _ = counted("whatif", "ZZ9", *words)
    assert code == 0
    assert "ZZ9-scenarios.yaml: 'Our way' kept" in out
    assert (tmp_path / "ZZ9-scenarios.yaml").exists()
    assert "Share of support joiners aged 16 to 24: 5 points more, from " in out
    code, out, _ = counted("whatif", "ZZ9", "--scenario", "our way", "--keep-size", "--of", "all")
    assert code == 0
    assert "Our way: we can" in out


def test_what_it_rests_on_is_listed(counted: Run) -> None:
    _, out, _ = counted("whatif", "ZZ9", "--rests-on", "--scenario", "Doing nothing")
    assert "What it starts from (* stands in for what nobody counted here)" in out
    assert "*  Active ambassadors" in out
    assert "counted here" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--solve", "2%"), "'2%' can be read in three ways: 2 percentage points"),
        (("--set", "placements"), "'placements' can't be read. Write LEVER=AMOUNT"),
        (("--set", "placement=3"), "There is no lever called 'placement'. The closest: placements"),
        (("--set", "placements=9000"), "'placements' ranges from -100 to 500"),
        (("--by", "2026-01"), "2026-01 is not after 2026-03, the month from which the what-if starts."),
        (("--measure", "turnovr"), "There is no measure called 'turnovr'. The closest: turnover."),
        (("--measure", "sickness"), "'sickness' is not followed. No figure says how any of the levers changes absence"),
        (("--measure", "apprenticeship-starts"), "The partners decide this number themselves, so it is not forecast."),
        (("--scenario", "Doing nothin"), "The closest: Doing nothing. All of them: Doing nothing, Open the doors, "),
        (("--of", "me"), "There is no workforce called 'me'. All of them: support, all."),
        (("--scenario", "Keep the yuong"), "There is no scenario called 'Keep the yuong'. The closest: Keep the young"),
        (("--save", "Mine"), "To keep a scenario, say what it does and why"),
    ],
)
def test_a_slip_is_told_in_a_sentence(counted: Run, words: tuple[str, ...], told: str) -> None:
    code, _, err = counted("whatif", "ZZ9", *words)
    assert code == 1
    assert told in err


def test_an_organisation_without_counts_is_told_what_to_do(known: Run) -> None:
    code, _, err = known("whatif", "ZZ9", "--of", "support")
    assert code == 1
    assert "Add a staff extract: t4c evidence add FILE" in err


def test_every_measure_that_is_followed_can_be_asked_and_several_stand_in_one_table(counted: Run) -> None:
    keys = list(dict.fromkeys(key for key, _ in forecasts()))
    code, out, _ = counted("whatif", "ZZ9", *(word for key in keys for word in ("--measure", key)))
    assert code == 0
    told = sum(f"\n{key}: " in out for key in keys[1:])
    assert told >= 1
    assert told + out.count("No forecast is made of ") == len(keys) - 1
    asked = ("--measure", "turnover", "--solve", "to 9%", "--by", "2028-03", "--odds", "--draws", "50")
    code, out, _ = counted("whatif", "ZZ9", *asked)
    assert code == 0
    assert "What it takes: Turnover of support staff: 9.0% or less by March 2028" in out
    assert "Retention of support staff aged 25" in out
    assert "chance of 9.0%" in out


def test_the_levy_account_is_written_month_by_month_over_four_years(counted: Run, tmp_path: Path) -> None:
    out_file = tmp_path / "account.csv"
    code, out, _ = counted("whatif", "ZZ9", "--levy", "--scenario", "Bring in and keep", "--out", str(out_file))
    assert code == 0
    assert f"Written to {out_file}: the account month by month, April 2026 to March 2030, as expected." in out
    rows = pd.read_csv(out_file, encoding="utf-8-sig")
    assert rows.groupby("scenario").size().to_dict() == {"Bring in and keep": 48, "Doing nothing": 48}
    assert (rows["levy paid in"] > 0).all()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("--out", "account.csv"), "account.csv is to hold the levy account. Add --levy."),
        (("--levy", "--out", "account.xlsx"), "Call it account.csv."),
    ],
)
def test_a_file_for_the_levy_needs_the_levy_and_the_right_ending(
    counted: Run, asked: tuple[str, ...], words: str
) -> None:
    code, _, err = counted("whatif", "ZZ9", *asked)
    assert code != 0
    assert words in err
