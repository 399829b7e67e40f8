"""What the what-if page keeps: scenarios, own figures, rows of the plan, and the address that opens it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from t4c_lib.panels.what_if import WhatIfPanel
from t4c_lib.periods import Month, today
from t4c_lib.progress.levy import PARAMETERS as LEVY_PARAMETERS
from t4c_lib.progress.what_if import OUR_PLAN
from t4c_lib.store import Store
from t4c_lib.whatif.rates import MODEL_PARAMETERS
from tests.panels.test_what_if_panel import do, heading, opened, opened_at, rows_of, text_of
from tests.samples import some_of

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("without_needs_at_a_chance")]
CODE = "DEMO-MH"


def page_of(panel: WhatIfPanel) -> BeautifulSoup:
    return BeautifulSoup(panel.parts[1].markup(), "html.parser")


@pytest.mark.usefixtures("store_file")
def test_the_list_says_of_which_measures_no_forecast_is_made_and_counts_them_all() -> None:
    panel = opened()
    page = BeautifulSoup(panel.parts[0].markup(), "html.parser")
    said = {one.get_text() for one in page.select("#w-measure option") if "(no forecast)" in one.get_text()}
    assert said
    asked = [opened(key) for key in panel.rows]
    assert said == {f"{one.view.progress.label} (no forecast)" for one in asked if one.question.why_none}
    listed = [one for item in page.select(".w-not-asked li") for one in item.contents[0].get_text().split("; ")]
    assert f"{len(listed)} measures of the plan have no forecast" in text_of(panel)


@pytest.mark.usefixtures("store_file")
@pytest.mark.parametrize(
    "done",
    some_of(
        [
            (("lever", "ambassadors", "15"), ("target", "", "4.87"), ("due", "", "2029-03"), ("chance", "", "60")),
            (("scenario", "Keep the young", ""), ("lever", "young-joiners", "31.4"), ("compare", "Every door", "yes")),
            (("measure", "turnover", ""), ("target", "", "")),
            (("scenario", "Doing nothing", ""), ("lever", "ambassadors", "15"), ("lever", "ambassadors", "0")),
        ],
        1,
    ),
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
def test_a_scenario_is_saved_with_name_reason_and_who_and_can_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
    panel = opened(scenario="Keep the young")
    do(panel, kind="lever", name="ambassadors", value="15")
    settings = panel.scenario.settings
    do(panel, kind="save", name="", reason="because", by="")
    assert "Not saved. It needs a name and your name." in text_of(panel, 1)
    assert [one["name"] for one in page_of(panel).select("form[data-form=save] [aria-invalid]")] == ["name", "by"]
    do(panel, kind="save", name="Staff side: courses", reason="because", by="Ada")
    assert "Not saved. 'Staff side: courses' can't be the name of a scenario." in text_of(panel, 1)
    do(panel, kind="save", name="Keep the young", reason="because", by="Ada")
    assert "There is a scenario called 'Keep the young' already." in text_of(panel, 1)
    with Store.open() as store:
        assert store.audit.entries(action="scenario") == ()  # nothing was saved, so nothing is on record
    do(panel, kind="save", name="Ours", reason="because", by="Ada")
    assert panel.saver.done == "Saved: Ours"
    assert panel.name == "Ours"
    assert panel.scenario.settings == settings
    assert "by: Ada" in (tmp_path / f"{CODE}-scenarios.yaml").read_text(encoding="utf-8")
    again = opened(scenario="Ours")
    assert again.scenario.settings == settings
    assert "because (Ada)" in text_of(again)


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_an_own_scenario_is_renamed_archived_and_offered_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
    panel = opened(scenario="Keep the young")
    do(panel, kind="lever", name="ambassadors", value="15")
    do(panel, kind="save", name="Ours", reason="because", by="Ada")
    do(panel, kind="rename", old="Ours", name="Keep the young")
    assert "There is a scenario called 'Keep the young' already." in text_of(panel, 1)
    own = page_of(panel).select_one(".w-own:has([name=old])")
    assert own is not None
    assert "Not saved. There is a scenario called" in own.get_text()
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
    linked = opened_at("scenario=ours+of+may")
    assert "The scenario 'Ours of May' is archived. It can be offered again below" in linked.top.said
    do(linked, kind="chance", name="70", value="70")
    assert linked.top.said == ""
    do(panel, kind="archive", old="Ours of May")
    assert panel.name == "Ours of May"
    assert panel.scenario.by == "Ada"


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_an_own_figure_takes_precedence_until_it_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
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


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_every_assumption_can_be_looked_up_and_typed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
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
    do(panel, kind="figure", where="all figures", name=name, low="1", central="", high="", reason="", by="Ada")
    assert "Not saved. It needs a reason." in text_of(panel, 1)
    (said,) = BeautifulSoup(panel.parts[1].markup(), "html.parser").select("[role=alert]")
    assert said.find_parent("details")["data-group"] == "all"  # type: ignore[index]  # beside the form
    do(panel, kind="assumption", name="nothing of ours")
    assert "There is no assumption called 'nothing of ours'." in text_of(panel, 1)
    do(panel, kind="figure", name=name, low="20", central="22", high="23", reason="Our account", by="Ada")
    assert panel.opened.assumptions.get(name).source == "Our account (Ada)"
    assert "Our account (Ada)" in text_of(panel, 1)


@pytest.mark.usefixtures("known_day", "store_file")
def test_what_is_set_is_put_into_the_plan_by_somebody_of_a_side() -> None:
    panel, due = opened(scenario="Courses into jobs"), Month.of(today()) + 9
    assert f"due March 2027 → {due.label}; X to 3 → to 6" in text_of(panel, 1)
    assert "it takes the place of the number in the plan" in text_of(panel, 1)
    do(panel, kind="propose", by="", side="staff")
    form = page_of(panel).select_one("form[data-form=propose]")
    assert form is not None
    assert "Not saved. Enter your name" in form.get_text()
    assert form.select_one("[name=by]") is not None
    do(panel, kind="propose", by="Ada", side="staff")
    assert panel.saver.done == "Saved in the plan: 1 row, from Courses into jobs"
    assert panel.name == OUR_PLAN
    with Store.open() as store:
        revision = store.latest_plan(CODE)
    assert revision is not None
    assert revision.by == "Ada"
    assert revision.note == f"What-if, Courses into jobs: {panel.choices['Courses into jobs'].rationale}"
    (row,) = (one for one in revision.plan.measures if one.measure == "pre-employment-partners")
    assert row.target is not None
    assert (row.target.goal, row.due) == (6, due)
    setting = panel.scenario.setting("pre-employment-courses")
    assert setting is not None
    assert float(setting.amount) == 4


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_what_is_moved_on_top_of_the_plan_acts_from_now_and_so_does_the_rest_once_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("T4C_OWN_PARAMETERS", str(tmp_path))
    panel = opened()
    do(panel, kind="lever", name="pre-employment-courses", value="12")
    plans, acts_from = panel.choices[OUR_PLAN], panel.opened.acts_from
    begins = {one.lever: one.start_month for one in plans.settings} | {"pre-employment-courses": acts_from}
    assert {one.lever: one.start_month for one in panel.scenario.settings} == begins
    assert min(begins.values()) < acts_from
    assert opened_at(panel.in_address).scenario.settings == panel.scenario.settings
    do(panel, kind="save", name="Twelve courses", reason="because", by="Ada")
    since = (panel.opened.month + acts_from).label
    assert panel.saver.done == f"Saved: Twelve courses. What began before {since} counts from then on"
    assert min(one.start_month for one in panel.scenario.settings) == acts_from
    kept = heading(panel)
    assert kept.startswith("With Twelve courses")
    assert heading(opened(scenario="Twelve courses")) == kept


@pytest.mark.detail
@pytest.mark.usefixtures("store_file")
def test_what_is_moved_and_moved_back_leads_where_the_plan_leads() -> None:
    panel = opened()
    before = heading(panel)
    do(panel, kind="lever", name="young-joiners", value="38.5")
    do(panel, kind="lever", name="young-joiners", value=str(100 * 28 / 151))
    assert panel.scenario.settings == panel.choices[OUR_PLAN].settings
    assert heading(panel).partition(", ")[2] == before.partition(", ")[2]
