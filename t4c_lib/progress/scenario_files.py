"""Where scenarios are kept: those everybody may start from, and an organisation's own beside its other figures.

Files and not the store: a scenario is a small text that partners read, copy and send to one another, nobody signs it,
and a plan never points to one. What was agreed on the strength of it stands in the plan's history.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from t4c_lib.errors import InputError, Problem
from t4c_lib.parameters import assumption
from t4c_lib.parameters.assumption import FOLDER, read_parameters
from t4c_lib.typed_text import NOTE, check_organisation_code, take_text
from t4c_lib.whatif import Scenario, Scenarios
from t4c_lib.whole_files import own_folder, write_whole

NATIONAL_SCENARIOS = FOLDER / "scenarios.yaml"


def scenarios(code: str | None = None, folder: Path | None = None) -> Scenarios:
    """The scenarios of parameters/scenarios.yaml, and after them the organisation's own, if it has a file.

    Args:
        code: of the organisation; None for those that everybody may start from.
        folder: where organisations' files stand (<CODE>-scenarios.yaml, laid out like parameters/scenarios.yaml);
            parameters/own unless given.

    Raises:
        InputError: a file cannot be read, any part of it is wrong, or a name stands for two scenarios.
    """
    everybody = _national()
    if code is None:
        return everybody
    path = own_scenarios_file(code, folder)
    if not path.exists():
        return everybody
    return everybody.with_others(Scenarios.from_yaml(read_parameters(path), path.name))


def own_scenarios_file(code: str, folder: Path | None = None) -> Path:
    """Where an organisation's own scenarios stand. Raises InputError for what can't be a code."""
    check_organisation_code(code)
    return (folder or assumption.OWN) / f"{code}-scenarios.yaml"


def save_scenario(code: str, scenario: Scenario, folder: Path | None = None) -> Path:
    """Add a scenario to the organisation's own. The file is replaced whole; comments in it are lost.

    Raises:
        InputError: the name can't be one, or another scenario has it, or the file can't be written; it stays as it was.
    """
    problems: list[Problem] = []
    take_text(problems, "rationale", scenario.rationale, NOTE)
    if problems:
        raise InputError(f"scenario {scenario.name}", problems)
    scenarios(code, folder).with_scenario(scenario)  # refuses a name that is taken by anybody's
    path = own_scenarios_file(code, folder)
    own = Scenarios.from_yaml(read_parameters(path), path.name) if path.exists() else Scenarios.none()
    own_folder(path.parent)
    write_whole(path, own.with_scenario(scenario).to_yaml().encode())
    return path


@cache
def _national() -> Scenarios:
    return Scenarios.from_yaml(read_parameters(NATIONAL_SCENARIOS), NATIONAL_SCENARIOS.name)
