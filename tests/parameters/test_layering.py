"""Whose figure holds, and what is remembered of it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from t4c_lib.errors import InputError, UnknownNameError
from t4c_lib.parameters import Assumptions, Layer, Layered, assumptions, layered, own_assumptions

NAME = "leavers-support-under-25"
OWN_FILE = f"""\
    assumptions:
      {NAME}:
        value: {{low: 0.20, central: 0.25, high: 0.31}}
        source: our exit interviews
        date: 2025/26
        interval: three years
"""


def own(text: str = OWN_FILE) -> Assumptions:
    return Assumptions.from_yaml(dedent(text), "own.yaml", assumptions())


@pytest.mark.law
@given(st.sets(st.sampled_from(["counted", "own", "scenario"])))
def test_the_highest_layer_that_says_something_holds_and_is_remembered(said: set[str]) -> None:
    figures = {"counted": {NAME: 0.21}, "own": own(), "scenario": {NAME: 0.23}}
    made = layered(assumptions(), **{layer: figures[layer] for layer in said})  # type: ignore[arg-type]
    expected = {"counted": 0.21, "own": 0.25, "scenario": 0.23}
    highest = max((Layer[layer] for layer in said), default=Layer.national, key=list(Layer).index)
    assert made.layer(NAME) is highest
    central = expected.get(highest.name, assumptions().get(NAME).central)
    assert made.get(NAME).central == central


@pytest.mark.law
def test_with_nothing_laid_over_the_national_figures_stand_as_they_are() -> None:
    made = layered(assumptions())
    assert isinstance(made, Layered)
    assert list(made) == list(assumptions())
    assert list(made.not_national()) == []


@pytest.mark.law
@pytest.mark.parametrize(("one", "other"), list(combinations(["young-share-support", "ageing-out", NAME], 2)))
def test_a_figure_laid_over_one_name_changes_no_other(one: str, other: str) -> None:
    made = layered(assumptions(), scenario={one: 0.05})
    assert made.get(other) == assumptions().get(other)
    assert [applied.name for applied in made.not_national()] == [one]


@pytest.mark.law
def test_a_scenario_laid_on_later_stands_where_it_would_have_stood_at_once() -> None:
    figures = {NAME: 0.3, "ageing-out": 0.01}
    at_once = layered(assumptions(), own=own(), scenario=figures)
    assert layered(assumptions(), own=own()).under(figures) == at_once


@pytest.mark.unit
def test_a_figure_replaces_the_one_below_whole() -> None:
    found = layered(assumptions(), own=own()).get(NAME)
    assert (found.low, found.central, found.high, found.source, found.date) == (
        *(0.20, 0.25, 0.31),
        *("our exit interviews", "2025/26"),
    )
    assert found.label == assumptions().get(NAME).label


@pytest.mark.unit
def test_a_bare_number_is_certain_and_says_who_set_it() -> None:
    found = layered(assumptions(), scenario={NAME: 0.3}).get(NAME)
    assert found.is_certain
    assert (found.source, found.judgement) == ("scenario", True)


@pytest.mark.unit
def test_every_layer_is_checked_and_all_problems_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        layered(
            assumptions(),
            counted={"leavers-suport-under-25": 0.2},
            scenario={"ageing-out": 1.5, "young-share-support": assumptions().get("leavers-all-staff")},
        )
    told = str(caught.value)
    assert "3 problems" in told
    assert (
        "counted here, leavers-suport-under-25: there is no assumption of that name in the national file. "
        "Did you mean 'leavers-support-under-25'?" in told
    )
    assert "scenario, ageing-out: low is 1.5, but the unit 'share a month' means a fraction from 0 to 1" in told
    assert "scenario, young-share-support: the figure under this name calls itself 'leavers-all-staff'." in told


@pytest.mark.unit
def test_another_unit_than_the_national_figure_has_is_refused() -> None:
    other = assumptions().get("ageing-out").with_values(unit="share")
    with pytest.raises(InputError, match="its unit is 'share', but 'share a month' in the national file"):
        layered(assumptions(), scenario={"ageing-out": other})


@pytest.mark.unit
def test_an_unknown_name_is_told_like_any_other() -> None:
    with pytest.raises(UnknownNameError, match="ageing-out"):
        layered(assumptions()).layer("aging-out")


@pytest.mark.unit
def test_an_own_file_names_only_what_the_national_one_has() -> None:
    with pytest.raises(InputError) as caught:
        own(OWN_FILE.replace(NAME, "leavers-under-25"))
    assert "line 2 (assumptions, leavers-under-25): there is no assumption 'leavers-under-25' in national.yaml." in str(
        caught.value
    )


@pytest.mark.unit
def test_an_own_file_keeps_the_unit() -> None:
    text = OWN_FILE.replace("source:", "unit: share\n        source:")
    with pytest.raises(
        InputError, match=r"line 4 \(.*unit\): the unit is 'share', but 'per person a year' in the file"
    ):
        own(text)


@pytest.mark.unit
def test_own_assumptions_are_found_by_code(tmp_path: Path) -> None:
    (tmp_path / "RXX.yaml").write_text(dedent(OWN_FILE), encoding="utf-8")
    found = own_assumptions("RXX", folder=tmp_path)
    assert found is not None
    assert found.get(NAME).central == 0.25
    assert own_assumptions("RYY", folder=tmp_path) is None


@pytest.mark.unit
@pytest.mark.parametrize("code", ["../national", "", "a b", ".hidden"])
def test_a_code_that_could_leave_the_folder_is_refused(code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not an organisation code: up to 40 letters, digits, hyphens"):
        own_assumptions(code, folder=tmp_path)
