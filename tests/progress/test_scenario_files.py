"""Scenarios as files: everybody's, an organisation's own, and adding to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from t4c_lib.errors import InputError
from t4c_lib.progress import save_scenario, scenarios
from t4c_lib.progress.what_if import own_scenarios_file
from t4c_lib.whatif import DOING_NOTHING, LeverSetting, Scenario

pytestmark = pytest.mark.unit
MINE = Scenario("Our way", "because we can", (LeverSetting("placements", 20.0, 3, 6),))


def test_an_organisation_without_a_file_has_everybodys(tmp_path: Path) -> None:
    assert scenarios("DEMO-AC", tmp_path).by_name == scenarios().by_name
    assert next(iter(scenarios())) is DOING_NOTHING


def test_what_is_saved_is_there_the_next_time_and_for_nobody_else(tmp_path: Path) -> None:
    save_scenario("DEMO-AC", MINE, tmp_path)
    path = save_scenario("DEMO-AC", Scenario("Our other way", "why not", MINE.settings), tmp_path)
    assert path == own_scenarios_file("DEMO-AC", tmp_path)
    assert [one.name for one in scenarios("DEMO-AC", tmp_path)][-2:] == ["Our way", "Our other way"]
    assert scenarios("DEMO-AC", tmp_path).get("our WAY") == MINE
    assert "Our way" not in scenarios("DEMO-MH", tmp_path).by_name
    assert [file.name for file in tmp_path.iterdir()] == ["DEMO-AC-scenarios.yaml"]


@pytest.mark.parametrize("name", ["Keep the young", "keep-the-YOUNG", "Our  way", "doing nothing", "placements"])
def test_a_name_that_could_be_taken_for_another_is_refused_and_nothing_is_written(name: str, tmp_path: Path) -> None:
    path = save_scenario("DEMO-AC", MINE, tmp_path)
    before = path.read_bytes()
    with pytest.raises(InputError):
        save_scenario("DEMO-AC", Scenario(name, "why", MINE.settings), tmp_path)
    assert path.read_bytes() == before


def test_a_slip_in_an_own_file_names_file_and_line(tmp_path: Path) -> None:
    own_scenarios_file("DEMO-AC", tmp_path).write_text("scenarios:\n  Mine: {rationale: why, settings: {place: 1}}\n")
    with pytest.raises(InputError, match=r"DEMO-AC-scenarios\.yaml: 1 problem(?s:.*)line 2 \(scenarios, Mine"):
        scenarios("DEMO-AC", tmp_path)


def test_a_code_that_could_leave_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not an organisation code"):
        save_scenario("../x", MINE, tmp_path)


def test_a_rationale_that_cannot_be_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rationale: a note has up to 2,000 characters, not 2,001"):
        save_scenario("RXX", Scenario("Slow hiring", "x" * 2_001), tmp_path)
    assert list(tmp_path.iterdir()) == []
