"""Scenarios: named settings of levers, each with its reason; combinations of them; doing nothing, which is always one.

scenarios:
  Open the doors:
    rationale: why somebody would do this
    settings:
      placements: {amount: 60, start_month: 4, ramp_months: 6}
      ambassadors: 10                        # from the first month, in full
    assumptions: {ageing-out: 0.015}         # a figure that holds in this scenario only
combinations:
  Both:
    rationale: why these together
    of: [Open the doors, Keep the young]
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from t4c_lib.errors import Problem, SettingError, UnknownNameError, did_you_mean, refuse
from t4c_lib.validation_messages import Checked, Faults, Text, read_model
from t4c_lib.whatif.levers import LEVERS, LeverSetting, check_settings
from t4c_lib.whatif.rates import MODEL_PARAMETERS
from t4c_lib.yaml_text import Place, quoted, read_yaml, yaml_text_of

LONGEST = 40
RULE = (
    f"A name begins with a letter and has Latin letters, digits, blanks, hyphens and commas, at most {LONGEST} of them."
)
# What tables and charts call other things than scenarios.
RESERVED = (
    *("doing nothing", "do nothing", "nothing", "none", "all"),
    *("today", "target", "baseline", "difference", "live", "our plan", "what is set here"),
)


def fold(name: str) -> str:
    """What is left of a name when capitals, blanks, hyphens and ways of writing a letter make no difference."""
    return re.sub(r"[\s_,-]+", "", unicodedata.normalize("NFKC", name).casefold())


def wrong_names(names: Sequence[str]) -> list[tuple[int, str, str]]:
    """For each name that won't do: its place in the list, what is wrong, and a hint.

    A name won't do when it has other characters than RULE says (letters of another alphabet can look the same), when it
    is reserved or a lever's, or when folded it is the same as one before it.
    """
    taken = {fold(name): f"'{name}' means something else in tables and charts" for name in RESERVED}
    for lever in LEVERS.values():
        taken |= {fold(lever.name): f"'{lever.name}' is a lever", fold(lever.label): f"'{lever.label}' is a lever"}
    found = []
    for index, name in enumerate(names):
        if not _is_plain(name):
            found.append((index, f"{quoted(name)} can't be the name of a scenario.", RULE))
        elif fold(name) in taken:
            found.append((index, f"{quoted(name)} can't be used: {taken[fold(name)]}.", "Choose another name."))
        taken.setdefault(fold(name), f"there is '{name}' already")
    return found


def _is_plain(name: str) -> bool:
    if not 1 <= len(name) <= LONGEST or name != name.strip() or not name[0].isalpha() or re.search(r"\s\s", name):
        return False
    return all(
        sign in " -,'’" or sign.isdecimal() or (sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN "))
        for sign in name
    )


@dataclass(frozen=True)
class Scenario:
    """Named settings of levers. Raises SettingError, UnknownNameError: one unknown, set twice, beyond its range."""

    name: str  #: how people call it; see t4c_lib.whatif.scenarios for what a name may be
    rationale: str  #: why one would do this
    settings: tuple[LeverSetting, ...] = ()  #: one for each lever it sets, in the order of LEVERS
    #: figures that hold in this scenario only, by the assumption's name.
    assumptions: Mapping[str, float] = field(default_factory=dict)
    of: tuple[str, ...] = ()  #: the names of the scenarios that it combines; empty for a plain one
    by: str = ""  #: who saved it, where that is known
    archived: bool = False  #: whether it is kept, but no longer offered

    def __post_init__(self) -> None:
        check_settings(self.settings)
        # Settings in one order, so that what was put together differently is the same to the last bit.
        ordered = sorted(self.settings, key=lambda setting: [*LEVERS].index(setting.lever))
        object.__setattr__(self, "settings", tuple(ordered))
        object.__setattr__(self, "assumptions", dict(sorted(self.assumptions.items())))

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers it sets."""
        return tuple(setting.lever for setting in self.settings)

    def setting(self, lever: str) -> LeverSetting | None:
        """The setting of a lever; None where the scenario leaves it alone."""
        return next((one for one in self.settings if one.lever == lever), None)

    def with_setting(self, setting: LeverSetting) -> "Scenario":
        """The same scenario with a lever set, whatever it was before."""
        others = (one for one in self.settings if one.lever != setting.lever)
        return Scenario(self.name, self.rationale, (*others, setting), self.assumptions, self.of)


DOING_NOTHING = Scenario("Doing nothing", "No change from today; every other scenario is compared with it.")


def combine(name: str, rationale: str, scenarios: Iterable[Scenario]) -> Scenario:
    """One that sets all that these set, in any order. Raises SettingError: two differ in a lever or assumption."""
    given = sorted(scenarios, key=lambda one: fold(one.name))
    settings: dict[str, tuple[LeverSetting, str]] = {}
    figures: dict[str, tuple[float, str]] = {}
    problems = []
    for one in given:
        for setting in one.settings:
            before, other = settings.setdefault(setting.lever, (setting, one.name))
            if before != setting:
                problems.append(
                    f"'{other}' sets '{setting.lever}' to {_setting_text(before)}, '{one.name}' to "
                    f"{_setting_text(setting)}: combine scenarios that set different levers, or write a third one"
                )
        for assumption, value in one.assumptions.items():
            known, other = figures.setdefault(assumption, (value, one.name))
            if known != value:
                problems.append(f"'{other}' takes '{assumption}' as {known:g}, '{one.name}' as {value:g}")
    SettingError.refuse(problems)
    return Scenario(
        name,
        rationale,
        tuple(setting for setting, _ in settings.values()),
        {assumption: value for assumption, (value, _) in figures.items()},
        tuple(one.name for one in given),
    )


def _setting_text(setting: LeverSetting) -> str:
    text = f"{float(setting.amount):g} from month {setting.start_month}"
    return f"{text} over {setting.ramp_months} months" if setting.ramp_months > 1 else text


@dataclass(frozen=True)
class Scenarios:
    """Scenarios by name. Doing nothing is always the first of them."""

    source: str
    by_name: Mapping[str, Scenario]

    @classmethod
    def from_yaml(cls, text: str, source: str) -> "Scenarios":
        """Read a file's text, laid out as this module says. Raises InputError with every problem and its line."""
        document = read_yaml(text, source, needs=("scenarios",), aliases=False)
        file = read_model(_File, document)
        problems: list[Problem] = []
        made = {name: row.scenario(name) for name, row in file.scenarios.items()}
        by_fold = {fold(name): one for name, one in made.items()}
        for name, row in file.combinations.items():
            try:
                made[name] = combine(name, row.rationale, [by_fold[fold(part)] for part in row.of])
            except SettingError as error:
                place = ("combinations", name, "of")
                problems += [document.problem(place, f"{problem}.") for problem in error.problems]
        document.refuse(problems)
        return cls(source, {DOING_NOTHING.name: DOING_NOTHING, **made})

    @classmethod
    def none(cls) -> "Scenarios":
        """Doing nothing, and nothing else."""
        return cls("", {DOING_NOTHING.name: DOING_NOTHING})

    def get(self, name: str) -> Scenario:
        """The scenario of that name, however it is capitalised and spaced. Raises UnknownNameError with the closest."""
        found = {fold(known): one for known, one in self.by_name.items()}.get(fold(name))
        if found is None:
            raise UnknownNameError("scenario", name, self.by_name)
        return found

    def with_others(self, others: "Scenarios") -> "Scenarios":
        """These and others, such as an organisation's own. Raises InputError when a name stands for two scenarios."""
        more = {name: one for name, one in others.by_name.items() if name != DOING_NOTHING.name}
        known = {fold(name): name for name in self.by_name}
        taken = [(name, known[fold(name)]) for name in more if fold(name) in known]
        problems = [
            Problem(name, f"There is a scenario called '{one}' already.", "Choose another name.") for name, one in taken
        ]
        refuse(others.source or "scenarios", problems)
        return Scenarios(self.source, {**self.by_name, **more})

    def with_scenario(self, scenario: Scenario) -> "Scenarios":
        """These and one more. Raises InputError for a name that is taken or can't be one."""
        problems = [Problem(scenario.name, message, hint) for _, message, hint in wrong_names([scenario.name])]
        refuse("scenarios", problems)
        return self.with_others(Scenarios("", {scenario.name: scenario}))

    def without(self, name: str) -> "Scenarios":
        """These but one. Raises UnknownNameError with the closest."""
        gone = self.get(name).name
        return Scenarios(self.source, {known: one for known, one in self.by_name.items() if known != gone})

    def to_yaml(self) -> str:
        """The text of a file that reads back as these; doing nothing needs no telling."""
        document: dict[str, dict[str, Any]] = {"scenarios": {}, "combinations": {}}
        for one in self:
            # What is combined of scenarios from elsewhere is written out, so that the file stands on its own.
            if one.of and not one.archived and all(part in self.by_name for part in one.of):
                document["combinations"][one.name] = {"rationale": one.rationale, "of": list(one.of)}
            elif one is not DOING_NOTHING:
                document["scenarios"][one.name] = _written(one)
        if not document["combinations"]:
            del document["combinations"]
        return yaml_text_of(document)

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)


def _written(one: Scenario) -> dict[str, Any]:
    settings = {
        set_.lever: {"amount": float(set_.amount), "start_month": set_.start_month, "ramp_months": set_.ramp_months}
        for set_ in one.settings
    }
    row = {"rationale": one.rationale, "by": one.by, "archived": one.archived, "settings": settings}
    row["assumptions"] = dict(one.assumptions)
    return {key: value for key, value in row.items() if value or key in ("rationale", "settings")}


class _Row(Checked, strict=True):
    """A part of a file of scenarios."""


class _SettingRow(_Row):
    amount: float
    start_month: int = Field(1, ge=1)
    ramp_months: int = Field(0, ge=0)


class _ScenarioRow(_Row):
    rationale: Text
    by: str = ""
    archived: bool = False
    settings: dict[str, _SettingRow | float]
    assumptions: dict[str, float] = Field(default_factory=dict)

    def scenario(self, name: str) -> Scenario:
        settings = tuple(self.setting(lever) for lever in self.settings)
        return Scenario(name, self.rationale, settings, self.assumptions, by=self.by, archived=self.archived)

    def setting(self, lever: str) -> LeverSetting:
        row = self.settings[lever]
        return LeverSetting(lever, **dict(row)) if isinstance(row, _SettingRow) else LeverSetting(lever, row)

    def wrong(self) -> Iterator[tuple[Place, str]]:
        """What can't be set or assumed, each with the way to it; all of a file is told at once, by the file."""
        for lever in self.settings:
            if lever not in LEVERS:
                hint = did_you_mean(lever, LEVERS) or f"The levers: {', '.join(LEVERS)}."
                yield ("settings", lever), f"there is no lever called {quoted(lever)}. {hint}"
                continue
            try:
                check_settings([self.setting(lever)])
            except SettingError as error:
                yield from ((("settings", lever), f"{problem}.") for problem in error.problems)
        for name in self.assumptions:
            if name not in MODEL_PARAMETERS:
                words = f"the what-if has no assumption called {quoted(name)}."
                yield ("assumptions", name), f"{words} {did_you_mean(name, MODEL_PARAMETERS)}".strip()


class _CombinationRow(_Row):
    rationale: Text
    of: list[Text] = Field(min_length=2)


class _File(_Row):
    scenarios: dict[str, _ScenarioRow]
    combinations: dict[str, _CombinationRow] = Field(default_factory=dict)

    def faults(self) -> Faults:
        named = [(of, name) for of in ("scenarios", "combinations") for name in getattr(self, of)]
        for index, message, hint in wrong_names([name for _, name in named]):
            yield named[index], f"{message} {hint}"
        for name, row in self.scenarios.items():
            yield from ((("scenarios", name, *place), words) for place, words in row.wrong())
        known = {fold(name) for name in self.scenarios}
        for name, combination in self.combinations.items():
            for index, part in enumerate(combination.of):
                if fold(part) not in known:
                    words = f"there is no scenario called {quoted(part)} in this file."
                    place = ("combinations", name, "of", index)
                    yield place, f"{words} {did_you_mean(part, self.scenarios)}".strip()
