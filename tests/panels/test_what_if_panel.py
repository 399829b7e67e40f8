"""The what-if page without a browser: it says what the command says, and takes what is typed or says why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from t4c_lib.address import Address
from t4c_lib.cli.main import app
from t4c_lib.evidence import read_files
from t4c_lib.panels import Frame
from t4c_lib.panels.markup import Html
from t4c_lib.panels.what_if import WhatIfPanel, WhatIfPart, what_if
from t4c_lib.panels.what_if_view import AS_SET, AWAITED
from t4c_lib.progress.what_if import OUR_PLAN
from t4c_lib.store import Store
from t4c_lib.whatif import LEVERS
from tests.browser.conftest import SICKNESS_ALONE
from tests.event_loops import run_apart
from tests.samples import DETAILS, LONG, some_of

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("without_needs_at_a_chance")]
CODE = "DEMO-MH"


def opened(measure: str = "young-share", scenario: str = "", code: str = CODE) -> WhatIfPanel:
    return opened_at("", Address(code, measure=measure, scenario=scenario))


def opened_at(query: str, address: Address | None = None) -> WhatIfPanel:
    async def made() -> WhatIfPanel:
        there = address or replace(Address.from_query(query), organisation=CODE)
        assert there.problems == ()
        page = what_if(Frame("what_if", Store.open(), there))
        assert isinstance(page.opening, WhatIfPart)
        assert page.in_detail is page.opening.panel.parts[1]
        return page.opening.panel

    return run_apart(made())


def text_of(panel: WhatIfPanel, part: int = 0) -> str:
    return _words(panel.parts[part].markup())


def heading(panel: WhatIfPanel) -> str:
    found = BeautifulSoup(panel.parts[0].markup(), "html.parser").h1
    assert found is not None
    return found.get_text()


def _words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def do(panel: WhatIfPanel, **content: str) -> None:
    """What a page sends, answered to its end."""

    async def answered() -> None:
        panel.answer(content)
        if panel._task is not None and not panel._task.done():
            await panel._task

    run_apart(answered())


def rows_of(panel: WhatIfPanel) -> Mapping[str, list[str]]:
    """The table of scenarios side by side: cells by label, words only."""
    table = BeautifulSoup(panel.parts[1].markup(), "html.parser").select_one("table.w-side")
    assert table is not None
    found = {"": [_words(str(one)) for one in table.select("thead th")[1:]]}
    for row in table.select("tbody tr"):
        head = row.select_one("th")
        assert head is not None
        found[_words(str(head))] = [_words(str(one)) for one in row.select("td")]
    return found


@pytest.mark.usefixtures("store_file")
@pytest.mark.parametrize(
    ("measure", "goal"),
    some_of([("young-share", "to 5.95%"), ("support-to-registered", "to 9"), ("turnover", "to 10.25%")], 2),
)
def test_page_and_command_say_the_same_of_every_scenario(measure: str, goal: str) -> None:
    panel = opened(measure)
    by = str(panel.due)
    told = CliRunner().invoke(app, ["whatif", CODE, "--measure", measure, "--solve", goal, "--by", by, "--odds"])
    assert told.exit_code == 0, told.output
    typed = goal.split()[1].rstrip("%")
    do(panel, kind="target", value=typed)
    odds = told.output[told.output.index("Odds in") :].splitlines()[2:]
    lines = {line[:22].strip(): line[22:].split() for line in odds if line[:22].strip() and len(line.split()) > 4}
    # Each of them is asked of all measures where the large sets are run whole.
    compared = list(panel.choices) if LONG or (DETAILS and measure == "young-share") else [*panel.choices][::5]
    assert len(panel.choices) == 11
    for name in compared:
        do(panel, kind="scenario", name=name)
        shown = rows_of(panel)
        expected = next(cells for label, cells in shown.items() if label.startswith("Expected in"))[-1]
        middle, low, high = re.findall(r"[\d.,]+%?", expected)
        assert lines[name][:3] == [low, middle, high], name
        chance = next(
            cells for label, cells in shown.items() if label.startswith("Chance of") and panel.due.label in label
        )
        assert " ".join(lines[name][3:]) == chance[-1], name


@pytest.mark.usefixtures("store_file")
@pytest.mark.parametrize("named", [OUR_PLAN, "our plan", "Doing nothing"])
def test_the_command_knows_the_plan_and_doing_nothing_by_name(named: str) -> None:
    told = CliRunner().invoke(app, ["whatif", CODE, "--scenario", named])
    assert told.exit_code == 0, told.output
    shown = [line[:22].strip() for line in told.output.splitlines() if re.search(r"\d%.*\d%", line)]
    assert shown == (["Doing nothing"] if named == "Doing nothing" else ["Doing nothing", OUR_PLAN])


@pytest.mark.usefixtures("store_file")
def test_it_opens_with_our_plan_and_its_answer_first() -> None:
    panel = opened()
    assert panel.name == OUR_PLAN
    assert re.match(r"With our plan, 5\.9% by March 2028 has a chance of .*; by March 2029, ", heading(panel))
    assert AWAITED not in text_of(panel)
    assert rows_of(panel)[""] == ["Doing nothing", OUR_PLAN]


@pytest.mark.usefixtures("store_file")
def test_a_link_opens_measure_and_scenario() -> None:
    panel = opened("turnover", "keep the young")
    assert (panel.measure, panel.name) == ("turnover", "Keep the young")
    assert heading(panel).startswith("With Keep the young, ")


@pytest.mark.usefixtures("store_file")
def test_a_measure_that_is_not_followed_is_told() -> None:
    panel = opened("sickness")
    assert panel.measure != "sickness"
    assert "does not follow the measure in the address" in panel.top.said


@pytest.mark.usefixtures("store_file")
def test_a_lever_moved_is_answered_and_named_what_is_set_here() -> None:
    panel = opened(scenario="Doing nothing")
    do(panel, kind="lever", name="young-joiners", value="38.5")
    assert panel.name == AS_SET
    setting = panel.scenario.setting("young-joiners")
    assert setting is not None
    assert float(setting.amount) == pytest.approx(0.385 - 28 / 151, abs=1e-3)
    assert setting.start_month == panel.opened.acts_from
    assert heading(panel).startswith("With what is set here, ")
    do(panel, kind="lever", name="young-joiners", value=str(100 * 28 / 151))
    assert panel.scenario.settings == ()


@pytest.mark.usefixtures("known_day", "store_file")
@pytest.mark.parametrize(
    ("lever", "typed", "told"),
    [
        ("young-joiners", "much", "A number belongs here, not 'much'."),
        ("young-joiners", "99", "Between 0% and 88.5% of joiners, not 99."),
        ("pre-employment-courses", "-3", "Between 0 and 26 a year, not -3."),
        ("pre-employment-courses", "1,5", "A comma can't be read here"),
    ],
)
def test_a_lever_that_cannot_be_read_stays_where_it_was_and_says_why(lever: str, typed: str, told: str) -> None:
    panel = opened()
    before = panel.scenario
    do(panel, kind="lever", name=lever, value=typed)
    assert panel.scenario == before
    assert told in text_of(panel)


@pytest.mark.usefixtures("store_file")
def test_a_target_that_cannot_be_read_is_told_and_an_empty_one_is_none() -> None:
    panel = opened()
    goal = panel.goal
    do(panel, kind="target", value="six")
    assert panel.goal == goal
    assert "A number belongs here, not 'six'." in text_of(panel)
    do(panel, kind="target", value="")
    assert panel.goal is None
    assert "is expected in March 2028, in 80 of 100 cases between" in heading(panel)
    assert "What it would take" not in text_of(panel, 1)


@pytest.mark.usefixtures("store_file")
def test_a_measure_without_a_forecast_says_why_and_shows_no_figures() -> None:
    panel = opened()
    do(panel, kind="measure", name="support-qualifications")
    assert heading(panel) == "Support staff with qualifications: no forecast is made here"
    assert "Forecasts of this measure were not reliable when tested on past data, so none is made." in text_of(panel)
    assert BeautifulSoup(panel.parts[1].markup(), "html.parser").get_text().strip() == ""
    do(panel, kind="measure", name="turnover")
    assert heading(panel).startswith("With our plan, ")


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_scenarios_are_compared_up_to_four() -> None:
    panel = opened()
    for name in ("Open the doors", "Keep the young", "Every door"):
        do(panel, kind="compare", name=name, value="yes")
    assert rows_of(panel)[""] == ["Doing nothing", "Open the doors", "Keep the young", OUR_PLAN]
    do(panel, kind="compare", name="Open the doors", value="")
    assert rows_of(panel)[""] == ["Doing nothing", "Keep the young", OUR_PLAN]


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_what_was_set_is_still_there_after_another_scenario_was_looked_at() -> None:
    panel = opened()
    do(panel, kind="lever", name="ambassadors", value="15")
    settings = panel.scenario.settings
    do(panel, kind="scenario", name="Keep the young")
    do(panel, kind="scenario", name="")
    assert panel.name == AS_SET
    assert panel.scenario.settings == settings
    lines = BeautifulSoup(panel.parts[1].markup(), "html.parser").select(".w-set-list li")
    assert any("Active ambassadors" in one.get_text() and "from December 2026" in one.get_text() for one in lines)


@pytest.mark.usefixtures("store_file")
def test_levers_say_what_they_bring_in_people_and_the_levy_is_shown() -> None:
    panel = opened(scenario="Courses into jobs")
    assert re.search(r"[0-9]+ more people, [0-9.]+ a month", text_of(panel))
    below = text_of(panel, 1)
    assert "of the levy would expire by March 2028" in below
    assert "To check: whether funds paid in before August 2026 keep their 24 months was not found." in below
    assert "Salary of a full-time apprentice with on-costs: not entered." in below
    pair = panel.pair
    assert pair is not None
    across, down = zip(*pair.points, strict=True)
    assert list(across) == sorted(across)
    assert list(down) == sorted(down)  # more of one spares some of the other


@pytest.mark.usefixtures("store_file")
def test_the_two_levers_looked_at_together_can_be_chosen() -> None:
    panel = opened()
    reach = panel.reaching
    first, second = panel.pair.levers if panel.pair else ("", "")
    assert [first, second] == reach[:2]
    other = next(one for one in reach if one not in (first, second))
    do(panel, kind="second", name=other)
    pair = panel.pair
    assert pair is not None
    assert pair.levers == (first, other)
    assert pair.ends[0] == (pair.amounts[0][0], pair.amounts[-1][0])
    assert pair.ends[1] == (pair.amounts[-1][1], pair.amounts[0][1])
    do(panel, kind="first", name=other)  # chosen twice: what else reaches the target stands beside it
    assert panel.pair is not None
    assert panel.pair.levers[0] == other
    assert len(set(panel.pair.levers)) == 2


@pytest.mark.usefixtures("store_file")
def test_measures_without_a_forecast_are_named_with_the_reason() -> None:
    named = dict(opened().not_asked)
    assert named["Apprenticeship starts"] == "The partners decide this number themselves, so it is not forecast."
    assert named["Sickness absence of support staff"].startswith("No figure says how any of the levers changes absence")
    assert "Staff aged 16 to 24" not in named


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_whoever_asks_for_what_is_not_there_is_passed_over() -> None:
    panel = opened()
    before = (panel.measure, panel.name, panel.due, panel.wanted, panel.compared)
    for kind in ("lever", "scenario", "measure", "due", "chance", "compare", "nothing of ours"):
        do(panel, kind=kind, name="<script>", value="<script>")
    assert (panel.measure, panel.name, panel.due, panel.wanted, panel.compared) == before


def test_without_an_organisation_or_counts_by_age_it_says_what_to_do(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.sqlite")
    page = what_if(Frame("what_if", store, Address()))
    assert "No organisation is loaded yet." in _words(page.opening.markup())
    assert page.in_detail.inside() == Html().inside()
    file = tmp_path / "nhs_sickness_absence_2024-04.csv"
    file.write_text(SICKNESS_ALONE, encoding="utf-8")
    store.add_evidence(read_files([file]))
    page = what_if(Frame("what_if", store, Address("ZZ9")))
    said = _words(page.opening.markup())
    assert "There is no headcount by age yet. Add a staff extract from ESR on Home, under Bring figures in." in said
    assert "t4c evidence" not in said


@pytest.mark.usefixtures("store_file")
def test_a_target_stays_when_it_is_typed_as_it_is_shown_and_has_bounds() -> None:
    panel = opened()
    goal = panel.goal
    do(panel, kind="target", value=panel.goal_text)
    assert panel.goal == goal
    for typed in ("999", "-3"):
        do(panel, kind="target", value=typed)
        assert panel.goal == goal
        assert "A target is 0 or more, at most 100 per cent." in text_of(panel)


def needs_of(panel: WhatIfPanel) -> dict[str, tuple[str, ...]]:
    """What each lever alone has to be, as expected and with the chance wanted, as the page has it."""
    table = BeautifulSoup(panel.parts[1].markup(), "html.parser").select_one("table.w-needs")
    assert table is not None
    rows = ((_words(str(one.th).partition("<br")[0]), one.select("td")) for one in table.select("tbody tr"))
    return {label: tuple(_words(str(one)) for one in cells[1:]) for label, cells in rows}


@pytest.mark.usefixtures("store_file", "known_day")
@pytest.mark.parametrize("measure", some_of(["young-share", "turnover", "support-to-registered"], 2))
def test_page_and_command_answer_alike_what_each_lever_has_to_be(measure: str) -> None:
    panel = opened(measure)
    typed = {"young-share": "5.75", "turnover": "10.25", "support-to-registered": "6"}[measure]
    do(panel, kind="target", value=typed)
    for name in panel.order:
        panel.sure[name] = panel.question.need(panel.scenario, name, panel.wanted)
    goal = typed if measure == "support-to-registered" else f"{typed}%"
    words = ["whatif", CODE, "--measure", measure, "--solve", f"to {goal}", "--by", str(panel.due)]
    told = CliRunner().invoke(app, words).output
    assert f"{goal}{' or less' if measure == 'turnover' else ''} by {panel.due.label}, with 'Our plan' besides" in told
    assert f"With our plan, {goal}" in heading(panel)
    assert panel.goal_text == typed
    lines = told[told.index("One lever alone") :].splitlines()[2:]
    table = [line for line in lines[: next(at for at, one in enumerate(lines) if one.startswith("Each lever"))] if line]
    rows: list[list[str]] = []
    for line in table:
        cells = [line[:36].rstrip(), line[36:62].rstrip(), line[62:].rstrip()]
        # A further line of a row begins in a column of which the line before it was full.
        if rows and (not cells[0] or not cells[0][0].isupper()):
            rows[-1] = [f"{one} {more}".strip() for one, more in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    commands = {
        label.partition(" (today")[0]: tuple(one.replace(", at", " at") for one in cells) for label, *cells in rows
    }
    assert commands == needs_of(panel)
    assert list(commands) == [LEVERS[name].label for name in panel.order]


@pytest.mark.usefixtures("store_file", "known_day")
def test_what_moves_it_most_comes_first_whatever_the_plan_sets() -> None:
    panel = opened()
    assert panel.order[:3] == ["young-joiners-a-year", "pre-employment-courses", "young-joiners"]
    assert "early-leavers" not in panel.order
    sizes = [abs(panel.question.effects[name]) for name in panel.order]
    assert sizes == sorted(sizes, reverse=True)
    assert "What moves this target most" in text_of(panel)
    assert re.search(r"4 more that move it, 2 of them set", text_of(panel))
    do(panel, kind="target", value="")
    assert "What moves this measure most" in text_of(panel)


@pytest.mark.usefixtures("store_file", "known_day")
def test_a_lever_is_not_needed_where_the_target_is_met_without() -> None:
    panel = opened("turnover")
    do(panel, kind="lever", name="retention-25-and-over", value="20")
    assert needs_of(panel)["Pre-employment courses"][0] == "not needed"
