"""Scenarios: read strictly, told apart, combined in any order, written and read back."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError, SettingError, UnknownNameError
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Scenario, Scenarios, combine
from t4c_lib.whatif.scenarios import fold, wrong_names

NATIONAL = Path(__file__).resolve().parents[2] / "parameters" / "scenarios.yaml"


def national() -> Scenarios:
    return Scenarios.from_yaml(NATIONAL.read_text(encoding="utf-8"), NATIONAL.name)


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        Scenarios.from_yaml(dedent(text), "mine.yaml")
    return str(caught.value)


@st.composite
def settings_of(draw: st.DrawFn, levers: tuple[str, ...]) -> tuple[LeverSetting, ...]:
    made = []
    for name in levers:
        amount = draw(st.floats(LEVERS[name].low, LEVERS[name].high, allow_nan=False))
        made.append(LeverSetting(name, amount, draw(st.integers(1, 60)), draw(st.integers(0, 24))))
    return tuple(made)


@st.composite
def disjoint_scenarios(draw: st.DrawFn) -> list[Scenario]:
    levers = draw(st.permutations(sorted(LEVERS)))
    cuts = sorted(draw(st.lists(st.integers(0, len(levers)), min_size=2, max_size=2)))
    parts = (levers[: cuts[0]], levers[cuts[0] : cuts[1]], levers[cuts[1] :])
    names = ("First", "Second", "Third")
    return [Scenario(name, "a test", draw(settings_of(tuple(part)))) for name, part in zip(names, parts, strict=True)]


@pytest.mark.law
@given(disjoint_scenarios(), st.permutations([0, 1, 2]))
def test_scenarios_that_set_different_levers_combine_to_the_same_in_any_order(
    scenarios: list[Scenario], order: list[int]
) -> None:
    first = combine("Together", "a test", scenarios)
    assert combine("Together", "a test", [scenarios[place] for place in order]) == first
    assert {setting.lever for setting in first.settings} == set(LEVERS)
    in_two_steps = combine("Together", "a test", [combine("Two", "a test", scenarios[:2]), scenarios[2]])
    assert in_two_steps.settings == first.settings


@pytest.mark.law
@given(disjoint_scenarios())
def test_what_is_written_reads_back_the_same(scenarios: list[Scenario]) -> None:
    whole = Scenarios.none()
    for one in scenarios:
        whole = whole.with_scenario(one)
    whole = whole.with_scenario(combine("Together", "a test", scenarios))
    assert Scenarios.from_yaml(whole.to_yaml(), "written").by_name == whole.by_name


@pytest.mark.law
@given(st.text(min_size=1, max_size=12))
def test_names_that_fold_alike_are_never_both_accepted(name: str) -> None:
    for other in (name.upper(), name.lower(), name.replace(" ", "-"), f"{name} ", name.replace("-", " ")):
        if fold(other) == fold(name):
            assert wrong_names([name, other])


@pytest.mark.law
def test_doing_nothing_is_always_there_and_sets_nothing() -> None:
    for scenarios in (national(), Scenarios.none()):
        assert next(iter(scenarios)) is DOING_NOTHING
    assert DOING_NOTHING.settings == ()
    assert Scenarios.from_yaml("scenarios: {}", "empty.yaml").get("DOING  nothing") is DOING_NOTHING


@pytest.mark.unit
def test_the_national_scenarios_are_read_each_with_its_reason() -> None:
    found = national()
    assert len(found) == 10
    assert all(one.rationale.endswith(".") for one in found)
    assert set(found.get("bring in and keep").levers) == {"young-joiners", "retention-under-25"}
    used = {lever for one in found for lever in one.levers}
    assert used >= {"placements", "ambassadors", "pre-employment-courses", "registered-pathway-places"}


@pytest.mark.unit
def test_a_setting_may_be_a_bare_amount() -> None:
    found = Scenarios.from_yaml("scenarios: {Mine: {rationale: because, settings: {placements: 20}}}", "mine.yaml")
    assert found.get("mine").settings == (LeverSetting("placements", 20.0),)


@pytest.mark.unit
def test_one_lever_set_differently_in_two_scenarios_is_told() -> None:
    one = Scenario("One", "a test", (LeverSetting("placements", 60, 3, 12),))
    other = Scenario("Other", "a test", (LeverSetting("placements", 90),))
    with pytest.raises(SettingError) as caught:
        combine("Both", "a test", [other, one])
    assert str(caught.value) == (
        "'One' sets 'placements' to 60 from month 3 over 12 months, 'Other' to 90 from month 1: "
        "combine scenarios that set different levers, or write a third one"
    )


@pytest.mark.unit
def test_one_lever_set_alike_in_two_scenarios_is_no_clash() -> None:
    one, other = (Scenario(name, "a test", (LeverSetting("placements", 60),)) for name in ("One", "Other"))
    assert combine("Both", "a test", [one, other]).settings == one.settings


@pytest.mark.unit
def test_all_problems_of_a_file_are_told_at_once_each_with_its_line() -> None:
    told = refusal(
        """\
        scenarios:
          Hard winter:
            rationale: because
            settings: {placement: 10, ambassadors: 900}
          hard-winter:
            rationale: because
            settings: {placements: {amount: 5, start_month: 2}}
            assumptions: {aging-out: 0.02}
          Today:
            rationale: because
            settings: {young-joiners: 5}
          placements:
            rationale: because
            settings: {}
          "Wіnter":
            rationale: because
            settings: {}
        combinations:
          Both:
            rationale: because
            of: [Hard winter, Hard summer]
        """
    )
    for words in (
        "9 problems, nothing was saved",
        "line 4 (scenarios, Hard winter, settings, placement): there is no lever called 'placement'. "
        "Did you mean 'placements'?",
        "line 4 (scenarios, Hard winter, settings, ambassadors): 'ambassadors' ranges from -50 to 200",
        "line 5 (scenarios, hard-winter): 'hard-winter' can't be used: there is 'Hard winter' already.",
        "line 8 (scenarios, hard-winter, assumptions, aging-out): the what-if has no assumption called 'aging-out'. "
        "Did you mean 'ageing-out'?",
        "line 9 (scenarios, Today): 'Today' can't be used: 'today' means something else in tables and charts.",
        "line 11 (scenarios, Today, settings, young-joiners): 'young-joiners' ranges from -0.3 to 0.7",
        "line 12 (scenarios, placements): 'placements' can't be used: 'placements' is a lever.",
        "line 15 (scenarios, Wіnter): 'Wіnter' can't be the name of a scenario. A name begins with a letter",
        "line 21 (combinations, Both, of 2): there is no scenario called 'Hard summer' in this file. "
        "Did you mean 'Hard winter'?",
    ):
        assert words in told, words


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty. It needs the key scenarios."),
        ("scenarios: {Mine: {settings: {}}}", "'rationale' is missing."),
        (
            "scenarios: {Mine: {rationale: why, setings: {}}}",
            "there is no key 'setings' here. Did you mean 'settings'?",
        ),
        ("scenarios: {Mine: {rationale: why, settings: {placements: lots}}}", "a number belongs here, not 'lots'"),
        (
            "scenarios: {Mine: {rationale: why, settings: {placements: {amount: 1, start_month: 0}}}}",
            "a number from 1 up belongs here, not 0",
        ),
        ("scenarios: {}\ncombinations: {Two: {rationale: why, of: [One]}}", "combinations, Two, of"),
    ],
)
def test_a_slip_in_a_file_is_told(text: str, words: str) -> None:
    assert words in refusal(text)


@pytest.mark.unit
def test_a_clash_in_a_combination_is_told_with_its_line() -> None:
    told = refusal(
        """\
        scenarios:
          One: {rationale: why, settings: {placements: 1}}
          Two: {rationale: why, settings: {placements: 2}}
        combinations:
          Both: {rationale: why, of: [One, Two]}
        """
    )
    assert "line 5 (combinations, Both, of): 'One' sets 'placements' to 1 from month 1, 'Two' to 2 from month 1" in told


@pytest.mark.unit
def test_a_saved_scenario_can_not_take_a_name_that_is_there() -> None:
    with pytest.raises(
        InputError, match=r"There is a scenario called 'Keep the young' already\. Choose another name\."
    ):
        national().with_scenario(Scenario("KEEP the-young", "a test"))
    with pytest.raises(InputError, match="can't be the name of a scenario"):
        national().with_scenario(Scenario("2 fast", "a test"))


@pytest.mark.unit
def test_an_unknown_scenario_is_told_with_the_closest() -> None:
    with pytest.raises(UnknownNameError, match="The closest: Keep the young"):
        national().get("Keep the yuong")


@pytest.mark.unit
def test_a_scenario_never_sets_a_lever_twice() -> None:
    with pytest.raises(SettingError, match="'placements' is set twice"):
        Scenario("Mine", "a test", (LeverSetting("placements", 1), LeverSetting("placements", 2)))
    assert Scenario("Mine", "a", (LeverSetting("placements", 1),)).with_setting(
        LeverSetting("placements", 2)
    ).settings == (LeverSetting("placements", 2),)
