"""What a plan sets outright, as levers of the what-if: so many placements, courses, ambassadors, apprenticeship starts.

These are decided, and not forecast: whoever runs the placements says how many. All other targets are hoped for, and a
plan says of no lever how far it is to move for them.

And where scenarios are kept: those everybody may start from, and an organisation's own beside its other figures. In
files and not in the store: a scenario is a small text that partners read, copy and send to one another, nobody signs
it, and a plan never points to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from t4c_lib.atomic_writes import own_folder, write_whole
from t4c_lib.errors import InputError, Problem
from t4c_lib.parameters import assumption
from t4c_lib.parameters.assumption import FOLDER, read_parameters
from t4c_lib.periods import Month
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.typed_text import NOTE, check_organisation_code, take_text
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Scenario, Scenarios, format_amount

NAME = "Planned activity"


def plan_scenario(plan: Plan, latest: Mapping[RowKey, Figure | None], now: Month) -> Scenario:
    """A scenario of what a plan sets; doing nothing where it sets nothing.

    A lever goes from today's figure to the target in equal steps, from the month after `now`, or the one in which the
    row starts, to the one in which it is due. What was due already, and what is there already, moves nothing.

    Args:
        plan: the plan.
        latest: the newest figure of each of its measures, by key; the baseline is taken where there is none.
        now: month 0 of the what-if.
    """
    settings = {one.lever: one for one in (*_of_measures(plan.measures, latest, now), *_of_actions(plan.actions, now))}
    if not settings:
        return DOING_NOTHING
    return Scenario(
        NAME, "The activity in the plan is delivered; everything else continues as today.", tuple(settings.values())
    )


def _of_measures(
    rows: Iterable[MeasureRow], latest: Mapping[RowKey, Figure | None], now: Month
) -> Iterator[LeverSetting]:
    for row in rows:
        name = None if row.what.what_if is None else row.what.what_if.decided_by
        if name is None or row.group or not row.is_open or row.target is None:
            continue
        figure = latest.get(row.key)
        before = row.target.baseline.value
        more = row.target.goal - (before if figure is None else figure.value)
        is_there = more * (row.target.goal - before) <= 0  # or beyond: nobody sets out to go back
        if not is_there:
            yield from _setting(name, more, (row.start, row.target.due), now)


def _of_actions(rows: Iterable[ActionRow], now: Month) -> Iterator[LeverSetting]:
    for row in rows:
        name = lever_of(row)
        if name is not None and row.is_open and row.number and row.due is not None:
            yield from _setting(name, row.number, (row.start, row.due), now)


def lever_of(row: ActionRow) -> str | None:
    """The lever of which an action's number is an amount, on top of today; None for other actions."""
    return None if row.suggestion is None else row.suggestion.decided_by


def _setting(name: str, more: float, dates: tuple[Month | None, Month], now: Month) -> Iterator[LeverSetting]:
    start, due = dates
    first = 1 if start is None else max(now.months_until(start), 1)
    last = now.months_until(due)
    if last >= first:
        yield LeverSetting(name, min(max(float(more), LEVERS[name].low), LEVERS[name].high), first, last - first + 1)


def scenario_words(scenario: Scenario, now: Month) -> str:
    """What is done, as the end of a sentence."""
    if not scenario.settings:
        return "with no change from today"
    parts = []
    for one in scenario.settings:
        when = now + (one.start_month + one.ramp_months - 1)
        parts.append(
            f"{LEVERS[one.lever].label.lower()}, {format_amount(one.lever, float(one.amount))} by {when.label}"
        )
    return f"with the activity planned ({'; '.join(parts)}) and no other change"


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
