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
from t4c_lib.panels.what_if import WhatIfPage, WhatIfPanel, what_if
from t4c_lib.panels.what_if_view import AS_SET, AWAITED
from t4c_lib.progress.levy import PARAMETERS as LEVY_PARAMETERS
from t4c_lib.progress.what_if import OUR_PLAN
from t4c_lib.store import Store
from t4c_lib.whatif.model_parameters import MODEL_PARAMETERS
from tests.browser.conftest import SICKNESS_ALONE
from tests.event_loops import run_apart

pytestmark = pytest.mark.flow
CODE = "DEMO-MH"


def opened(measure: str = "young-share", scenario: str = "", code: str = CODE) -> WhatIfPanel:
    return opened_at("", Address(code, measure=measure, scenario=scenario))


def opened_at(query: str, address: Address | None = None) -> WhatIfPanel:
    async def made() -> WhatIfPanel:
        there = address or replace(Address.from_query(query), organisation=CODE)
        assert there.problems == ()
        page = what_if(Frame("what_if", Store.open(), there))
        assert page.panel is not None
        assert page.in_detail is page.panel.parts[1]
        return page.panel

    return run_apart(made())


def text_of(page: WhatIfPage | WhatIfPanel, part: int = 0) -> str:
    panel = page.panel if isinstance(page, WhatIfPage) else page
    assert panel is not None
    return _words(panel.parts[part].markup())


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
    ("measure", "goal"), [("young-share", "to 5.9%"), ("turnover", "to 10.2%"), ("support-to-registered", "to 9")]
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
    compared = 0
    for name in panel.choices:
        do(panel, kind="scenario", name=name)
        shown = rows_of(panel)
        expected = next(cells for label, cells in shown.items() if label.startswith("Expected in"))[-1]
        middle, low, high = re.findall(r"[\d.,]+%?", expected)
        assert lines[name][:3] == [low, middle, high], name
        chance = next(
            cells for label, cells in shown.items() if label.startswith("Chance of") and panel.due.label in label
        )
        assert " ".join(lines[name][3:]) == chance[-1], name
        compared += 1
    assert compared == 11


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
    assert re.match(r"With our plan, 5\.9% by March 2028 has a chance of .*; by March 2029, ", panel.view.heading)
    assert AWAITED not in text_of(panel)
    assert rows_of(panel)[""] == ["Doing nothing", OUR_PLAN]


@pytest.mark.usefixtures("store_file")
def test_a_link_opens_measure_and_scenario() -> None:
    panel = opened("turnover", "keep the young")
    assert (panel.measure, panel.name) == ("turnover", "Keep the young")
    assert panel.view.heading.startswith("With Keep the young, ")


@pytest.mark.usefixtures("store_file")
@pytest.mark.parametrize(
    "done",
    [
        (("lever", "ambassadors", "15"), ("target", "", "4.87"), ("due", "", "2029-03"), ("chance", "", "60")),
        (("scenario", "Keep the young", ""), ("lever", "young-joiners", "31.4"), ("compare", "Every door", "yes")),
        (("measure", "turnover", ""), ("target", "", "")),
        (("scenario", "Doing nothing", ""), ("lever", "ambassadors", "15"), ("lever", "ambassadors", "0")),
    ],
)
def test_the_address_opens_what_is_on_the_screen(done: tuple[tuple[str, str, str], ...]) -> None:
    panel = opened()
    assert panel.in_address == "measure=young-share&scenario=Our+plan&target=&due=&levers=&chance=&compare="
    for kind, name, value in done:
        do(panel, kind=kind, name=name, value=value)
    again = opened_at(panel.in_address)
    assert again.top.said == ""
    assert again.in_address == panel.in_address
    assert text_of(again) == text_of(panel)
    assert rows_of(again) == rows_of(panel)


@pytest.mark.usefixtures("store_file")
@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("scenario=Keep the yuong", "'scenario' of the page's address was left out. There is no scenario called"),
        ("target=150", "'target' of the page's address was left out. A target is 0 or more, at most 100 per cent."),
        ("due=2019-03", "A date is looked at from "),
        ("levers=placement:25:2026-12:0", "There is no lever called 'placement'. The closest: placements"),
        ("levers=placements:9000:2026-12:0", "'placements' ranges from -100 to 500 (more a year), not 9000."),
        ("chance=55", "There is no chance called '55'. "),
        ("compare=Every window", "There is no scenario called 'Every window'. The closest: Every door"),
    ],
)
def test_what_is_wrong_in_the_address_is_told_and_the_rest_holds(part: str, told: str) -> None:
    rest = {"target": "4.8", "due": "2029-03", "chance": "60"}
    name = part.partition("=")[0]
    kept = {one: text for one, text in rest.items() if one != name}
    panel = opened_at("&".join(f"{one}={text}" for one, text in kept.items()) + f"&{part}")
    assert told in panel.top.said
    assert all(f"{one}={text}" in panel.in_address for one, text in kept.items())
    assert panel.name == OUR_PLAN


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
    assert panel.view.heading.startswith("With what is set here, ")
    assert len(panel.sure) == len(panel.order)
    assert AWAITED not in text_of(panel, 1)
    do(panel, kind="lever", name="young-joiners", value=str(100 * 28 / 151))
    assert panel.scenario.settings == ()


@pytest.mark.usefixtures("store_file")
@pytest.mark.parametrize(
    ("lever", "typed", "told"),
    [
        ("young-joiners", "much", "A number belongs here, not 'much'."),
        ("young-joiners", "99", "Between 0% and 88.5% of joiners, not 99."),
        ("pre-employment-courses", "-3", "Between 0 and 25 a year, not -3."),
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
    assert "is expected in March 2028, in 80 of 100 cases between" in panel.view.heading
    assert "What it would take" not in text_of(panel, 1)


@pytest.mark.usefixtures("store_file")
def test_a_measure_without_a_forecast_says_why_and_shows_no_figures() -> None:
    panel = opened()
    do(panel, kind="measure", name="support-qualifications")
    assert panel.view.heading == "Support staff with qualifications: no forecast is made here"
    assert "Forecasts of this measure were not reliable when tested on past data, so none is made." in text_of(panel)
    assert BeautifulSoup(panel.parts[1].markup(), "html.parser").get_text().strip() == ""
    do(panel, kind="measure", name="turnover")
    assert panel.view.heading.startswith("With our plan, ")


@pytest.mark.usefixtures("store_file")
def test_a_scenario_is_saved_with_name_reason_and_who_and_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("t4c_lib.parameters.assumption.OWN", tmp_path)
    panel = opened(scenario="Keep the young")
    do(panel, kind="lever", name="ambassadors", value="15")
    settings = panel.scenario.settings
    do(panel, kind="save", name="", reason="because", by="")
    assert "Not saved. It needs a name, your name." in text_of(panel, 1)
    do(panel, kind="save", name="Keep the young", reason="because", by="Ada")
    assert "this name is taken" in text_of(panel, 1)
    do(panel, kind="save", name="Ours", reason="because", by="Ada")
    assert panel.saver.done == "Saved: Ours"
    assert panel.name == "Ours"
    assert panel.scenario.settings == settings
    assert "by: Ada" in (tmp_path / f"{CODE}-scenarios.yaml").read_text(encoding="utf-8")
    again = opened(scenario="Ours")
    assert again.scenario.settings == settings
    assert "because (Ada)" in text_of(again)


@pytest.mark.usefixtures("store_file")
def test_scenarios_are_compared_up_to_four() -> None:
    panel = opened()
    for name in ("Open the doors", "Keep the young", "Every door"):
        do(panel, kind="compare", name=name, value="yes")
    assert rows_of(panel)[""] == ["Doing nothing", "Open the doors", "Keep the young", OUR_PLAN]
    do(panel, kind="compare", name="Open the doors", value="")
    assert rows_of(panel)[""] == ["Doing nothing", "Keep the young", OUR_PLAN]


@pytest.mark.usefixtures("store_file")
def test_an_own_scenario_is_renamed_archived_and_offered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("t4c_lib.parameters.assumption.OWN", tmp_path)
    panel = opened(scenario="Keep the young")
    do(panel, kind="lever", name="ambassadors", value="15")
    do(panel, kind="save", name="Ours", reason="because", by="Ada")
    do(panel, kind="rename", old="Ours", name="Keep the young")
    assert "this name is taken" in text_of(panel, 1)
    do(panel, kind="rename", old="Ours", name="")
    assert "Not saved. It needs a name." in text_of(panel, 1)
    do(panel, kind="archive", old="Theirs")
    assert "Not saved. There is no scenario called 'Theirs'." in text_of(panel, 1)
    do(panel, kind="rename", old="Ours", name="Ours of May")
    assert panel.saver.done == "Renamed: Ours is now Ours of May"
    assert panel.name == "Ours of May"
    assert "Ours" not in panel.choices
    do(panel, kind="archive", old="Ours of May")
    assert panel.name == OUR_PLAN
    assert "Ours of May" not in panel.choices
    assert "Ours of May (archived)" in text_of(panel, 1)
    do(panel, kind="archive", old="Ours of May")
    assert panel.name == "Ours of May"
    assert panel.scenario.by == "Ada"


@pytest.mark.usefixtures("store_file")
def test_an_own_figure_takes_precedence_until_it_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("t4c_lib.parameters.assumption.OWN", tmp_path)
    panel = opened()
    about = panel.view.matters[0].of
    assert about is not None
    name = str(about["name"])
    before = float(panel.question.path(panel.scenario)[panel.question.month])
    given = {"kind": "figure", "name": name, "low": "1.1", "central": "1.4", "high": "1.8"}
    do(panel, **given, reason="", by="Ada")
    assert "Not saved. It needs a reason." in text_of(panel, 1)
    do(panel, **(given | {"low": "1.5"}), reason="Our own count", by="Ada")
    assert "are not in order" in text_of(panel, 1)
    do(panel, **(given | {"low": "-1"}), reason="Our own count", by="Ada")
    assert "Not saved. Figures are 0 or more." in text_of(panel, 1)
    do(panel, **(given | {"high": "many"}), reason="Our own count", by="Ada")
    assert "A number belongs here, not 'many'." in text_of(panel, 1)
    assert not (tmp_path / f"{CODE}.yaml").exists()
    do(panel, **given, reason="Our own count", by="Ada")
    assert panel.saver.done.startswith("Saved: ")
    assert panel.opened.assumptions.get(name).source == "Our own count (Ada)"
    assert panel.question.path(panel.scenario)[panel.question.month] != pytest.approx(before, rel=1e-4)
    do(panel, kind="figure", name=name, low="", central="", high="", reason="", by="")
    assert panel.question.path(panel.scenario)[panel.question.month] == before


@pytest.mark.usefixtures("store_file")
def test_every_assumption_can_be_looked_up_and_typed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("t4c_lib.parameters.assumption.OWN", tmp_path)
    panel = opened()
    names = [one["name"] for one in panel.view.assumed]
    assert set(names) >= {*MODEL_PARAMETERS, *LEVY_PARAMETERS}
    assert len(names) == len(set(names))
    assert "Show all assumptions: " in text_of(panel, 1)
    assert "A figure of our own for" not in text_of(panel, 1)
    name = names[-1]
    do(panel, kind="assumption", name=name)
    form = BeautifulSoup(panel.parts[1].markup(), "html.parser").select_one("form:has(#w-assumption)")
    assert form is not None
    assert [one["value"] for one in form.select("option[selected]")] == [name]
    do(panel, kind="figure", name=name, low="1", central="", high="", reason="", by="Ada")
    assert "Not saved. It needs a reason." in text_of(panel, 1)
    do(panel, kind="assumption", name="nothing of ours")
    assert "There is no assumption called 'nothing of ours'." in text_of(panel, 1)
    do(panel, kind="figure", name=name, low="20", central="22", high="23", reason="Our account", by="Ada")
    assert panel.opened.assumptions.get(name).source == "Our account (Ada)"
    assert "Our account (Ada)" in text_of(panel, 1)


@pytest.mark.usefixtures("store_file")
def test_what_was_set_is_still_there_after_another_scenario_was_looked_at() -> None:
    panel = opened()
    do(panel, kind="lever", name="ambassadors", value="15")
    settings = panel.scenario.settings
    do(panel, kind="scenario", name="Keep the young")
    do(panel, kind="scenario", name="")
    assert panel.name == AS_SET
    assert panel.scenario.settings == settings
    assert any("Active ambassadors" in one and "from December 2026" in one for one in panel.view.differences)


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
def test_whoever_asks_for_what_is_not_there_is_passed_over() -> None:
    panel = opened()
    before = (panel.measure, panel.name, panel.due, panel.wanted, panel.compared)
    for kind in ("lever", "scenario", "measure", "due", "chance", "compare", "nothing of ours"):
        do(panel, kind=kind, name="<script>", value="<script>")
    assert (panel.measure, panel.name, panel.due, panel.wanted, panel.compared) == before


def test_without_an_organisation_or_counts_by_age_it_says_what_to_do(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.sqlite")
    page = what_if(Frame("what_if", store, Address()))
    assert page.panel is None
    assert "No organisation is loaded yet." in _words(page.question.markup())
    assert page.in_detail.children == ()
    file = tmp_path / "nhs_sickness_absence_2024-04.csv"
    file.write_text(SICKNESS_ALONE, encoding="utf-8")
    store.add_evidence(read_files([file]))
    page = what_if(Frame("what_if", store, Address("ZZ9")))
    assert "There is no headcount by age yet. Add a staff extract" in _words(page.question.markup())


@pytest.mark.usefixtures("store_file")
def test_what_is_set_is_put_into_the_plan_by_somebody_of_a_side() -> None:
    panel = opened(scenario="Courses into jobs")
    assert "due March 2027 → August 2027; X to 3 → to 5" in text_of(panel, 1)
    do(panel, kind="propose", by="Ada", side="")
    assert "Not saved." in text_of(panel, 1)
    do(panel, kind="propose", by="Ada", side="staff")
    assert panel.saver.done == "Saved in the plan: 1 row, from Courses into jobs"
    assert panel.name == OUR_PLAN
    with Store.open() as store:
        revision = store.latest_plan(CODE)
    assert revision is not None
    assert revision.by == "Ada"
    (row,) = (one for one in revision.plan.measures if one.measure == "pre-employment-partners")
    assert row.target is not None
    assert (row.target.goal, str(row.due)) == (5, "2027-08")
    setting = panel.scenario.setting("pre-employment-courses")
    assert setting is not None
    assert float(setting.amount) == 4


@pytest.mark.usefixtures("store_file")
def test_what_is_moved_on_top_of_the_plan_acts_from_now_and_is_the_same_once_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("t4c_lib.parameters.assumption.OWN", tmp_path)
    panel = opened()
    do(panel, kind="lever", name="pre-employment-courses", value="12")
    assert min(one.start_month for one in panel.scenario.settings) == panel.opened.acts_from
    before = panel.view.heading.removeprefix("With what is set here")
    do(panel, kind="save", name="Twelve courses", reason="because", by="Ada")
    assert panel.view.heading.removeprefix("With Twelve courses") == before
    assert opened(scenario="Twelve courses").view.heading.removeprefix("With Twelve courses") == before


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
