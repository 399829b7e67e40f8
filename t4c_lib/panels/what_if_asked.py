"""What is asked on the what-if page: a measure, its target and date, a scenario, levers; typed or from an address."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partialmethod
from urllib.parse import urlencode

from t4c_lib.address import NONE, QUESTION, Address
from t4c_lib.errors import SettingError, T4CError, find_named
from t4c_lib.evidence import Organisation
from t4c_lib.panels.what_if_view import AS_SET
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.measure_rows import typed_number, x_scale, x_unit
from t4c_lib.progress import RowProgress
from t4c_lib.progress.target_chances import MOST_MONTHS
from t4c_lib.progress.what_if import OUR_PLAN, WhatIf
from t4c_lib.quantities import Unit, number
from t4c_lib.quantities.baseline import typed_decimals
from t4c_lib.store import Store
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Scenario, Scenarios
from t4c_lib.whatif.levers import check_settings, shown_amount
from t4c_lib.whatif.scenarios import fold

CHANCES = {"50": 0.5, "60": 0.6, "70": 0.7, "80": 0.8, "90": 0.9}  # by what stands in the field, in per cent
USUAL_CHANCE = CHANCES["80"]
MOST_COUNTED = 1e9
MOST_COMPARED = 2  # beside doing nothing and the plan
YEARS_OFFERED = 5
TYPED = {"target", "due", "chance"}  # parts of an address that are fields of the page
NEARLY = 1e-9


def in_two_years() -> Month:
    """The month by whose end is asked where the plan names none."""
    return Month(today().year + 2, 3)


class WhatIfAsked:
    """The state of the page: `do_...` for what people choose and move, `_take_...` for what addresses hold, too."""

    store: Store
    organisation: Organisation
    opened: WhatIf
    own: dict[str, Scenario]  #: the organisation's own scenarios, archived ones included
    rows: Mapping[str, RowProgress]  #: those that can be asked about, by measure
    offered: Scenarios  #: the scenarios to choose from

    def __init__(self) -> None:
        self.version = 0  # of the levers' fields: another one means that they are made anew
        self.wanted, self.compared = USUAL_CHANCE, list[str]()
        self.paired = ["", ""]  # the levers that were chosen to be looked at together
        self.errors: dict[str, str] = {}
        self.moved: Scenario | None = None  # what was last set by moving levers
        self.base = ""  # the scenario on top of which that was

    def open_at(self, address: Address) -> list[str]:
        """Take what an address asks for. What can't be is left out and among the sentences that come back."""
        with_target = [key for key in self.rows if self.measure_row(key).target is not None]
        self.measure = next(one for one in (address.measure, *with_target, *self.rows) if one in self.rows)
        followed = address.measure in ("", self.measure)
        told = [] if followed else ["The what-if does not follow the measure in the address; another one is shown."]
        self.goal, self.due = self._plans_target
        self.choose(self.usual)
        for part in ("scenario", *QUESTION):
            try:
                if text := getattr(address, part):
                    getattr(self, f"_take_{part}")(text)
            except T4CError as error:
                told.append(f"The part '{part}' of the page's address was left out. {str(error).rstrip('.')}.")
        return told

    @property
    def in_address(self) -> str:
        """The parts of an address that open this again; one is empty where the page has it by itself."""
        goal, due = self._plans_target
        typed, is_set = NONE if self.goal is None else plain(self.goal * self._scale), self.name == AS_SET
        return urlencode(
            {
                "measure": self.measure,
                "scenario": self.base if is_set else self.name,
                "target": typed if self.goal != goal else "",
                "due": self.due if self.due != due else "",
                "levers": levers_text(self.opened, self.scenario) if is_set else "",
                "chance": f"{self.wanted:.0%}"[:-1] if self.wanted != USUAL_CHANCE else "",
                "compare": ";".join(self.compared),
            }
        )

    def _take_scenario(self, name: str) -> None:
        away = [one for one in self.own if self.own[one].archived and fold(one) == fold(name)]
        where = "It can be offered again below, under 'Our own scenarios'."
        SettingError.refuse([f"The scenario '{one}' is archived. {where}" for one in away])
        self.choose(self.offered.get(name).name)

    def _take_target(self, typed: str) -> None:
        goal = typed_number(typed.rstrip("% ")) / self._scale if typed not in ("", NONE) else None
        if goal is not None and not 0 <= goal <= (1 if self._scale > 1 else MOST_COUNTED):
            raise SettingError([f"A target is 0 or more{', at most 100 per cent' if self._scale > 1 else ''}."])
        self.goal = goal

    def _take_due(self, typed: str) -> None:
        this, due = Month.of(today()), Month.parse(typed)
        if not this < due <= this + MOST_MONTHS:
            ends = f"{(this + 1).label} to {(this + MOST_MONTHS).label}"
            raise SettingError([f"A date is looked at from {ends}, not {due.label}."])
        self.due, self.order = due, list[str]()

    def _take_chance(self, typed: str) -> None:
        self.wanted = find_named("chance", typed, CHANCES)

    def _take_compare(self, names: str) -> None:
        for name in names.split(";"):
            self.do_compare(self.offered.get(name).name, "yes")

    def _take_levers(self, text: str) -> None:
        self._set(levers_of(self.opened, text, self.scenario))

    def measure_row(self, key: str) -> MeasureRow:
        """The plan's row of a measure that can be asked about."""
        row = self.rows[key].row
        assert isinstance(row, MeasureRow)  # noqa: S101  (no others are gathered)
        return row

    @property
    def choices(self) -> Mapping[str, Scenario]:
        """The scenarios to choose from, by the names that they have on the page."""
        return self.offered.by_name

    @property
    def usual(self) -> str:
        return OUR_PLAN if OUR_PLAN in self.choices else DOING_NOTHING.name

    @property
    def _plans_target(self) -> tuple[float | None, Month]:
        """The target of the plan, and its date; in two years where there is none to come."""
        target, this = self.measure_row(self.measure).target, Month.of(today())
        is_due = target is not None and target.due > this
        return target.goal if target else None, target.due if target and is_due else in_two_years()

    @property
    def _scale(self) -> float:
        return x_scale(self.measure_row(self.measure).what.baseline_unit is Unit.COUNT)

    @property
    def unit(self) -> str:
        """What a target is typed in."""
        return x_unit(self.measure_row(self.measure))

    @property
    def goal_text(self) -> str:
        """The target as its field has it: with two decimals where it has more than the heading says."""
        decimals = max(typed_decimals(self.goal or 0.0), 2) if self._scale > 1 else 2
        return "" if self.goal is None else number(self.goal * self._scale, decimals)

    def choose(self, name: str) -> None:
        self.name, self.scenario = name, self.choices[name]
        self.errors, self.version, self.order = {}, self.version + 1, list[str]()

    @property
    def due_months(self) -> list[Month]:
        """The months to choose from: ends of financial years, and the target's own."""
        year = today().year
        return sorted({self.due, *(Month(year + years, 3) for years in range(1, YEARS_OFFERED + 1))})

    def do_lever(self, name: str, typed: str) -> None:
        if name not in LEVERS:
            return
        lever = LEVERS[name]
        now, scale = lever.shown.amount_today(self.opened.start.state), lever.shown.scale
        low, high = max(now + lever.low, 0.0) if lever.shown.today else lever.low, now + lever.high
        self.errors.pop(name, None)
        try:
            amount = typed_number(typed.rstrip("% ")) / scale
        except T4CError as error:
            self.errors[name] = str(error)
            return
        if not low - NEARLY <= amount <= high + NEARLY:
            sign = "%" if lever.shown.unit.startswith("%") else ""
            ends = f"{number(low * scale)}{sign} and {shown_amount(lever, high)}"
            self.errors[name] = f"Between {ends}, not {typed}."
            return
        change = min(max(amount - now, lever.low), lever.high)
        set_here = {one.lever: one for one in self.scenario.settings}
        before = set_here.pop(name, LeverSetting(name, 0.0, self.opened.acts_from))
        moved = [replace(self.opened.from_here(before), amount=change)] if abs(change) > NEARLY else []
        self._set((*set_here.values(), *moved))

    def _set(self, settings: tuple[LeverSetting, ...]) -> None:
        self.base = self.base if self.name == AS_SET else self.name
        self.name, self.scenario = AS_SET, replace(self.scenario, name=AS_SET, settings=settings, of=(), by="")
        self.moved = self.scenario

    def do_scenario(self, name: str, _typed: str) -> None:
        if name in self.choices:
            self.choose(name)
        elif not name and self.moved is not None:
            self.name, self.scenario, self.errors, self.version = AS_SET, self.moved, {}, self.version + 1

    def do_measure(self, name: str, _typed: str) -> None:
        if name in self.rows:
            self.measure, self.order, self.version = name, [], self.version + 1
            self.goal, self.due = self._plans_target

    def _pair(self, place: int, name: str, _typed: str) -> None:
        self.paired[place] = name

    do_first, do_second = partialmethod(_pair, 0), partialmethod(_pair, 1)

    def do_typed(self, part: str, _name: str, typed: str) -> None:
        """Take a part that an address can hold, too; what is wrong stands at its field."""
        self.errors.pop(part, None)
        if (part, typed) == ("target", self.goal_text):
            return  # which may have fewer decimals than the target
        try:
            getattr(self, f"_take_{part}")(typed)
        except T4CError as error:
            self.errors[part] = str(error)

    def do_compare(self, name: str, typed: str) -> None:
        others = [one for one in self.compared if one != name]
        can_more = bool(typed) and name in self.choices and len(others) < MOST_COMPARED
        self.compared = [*others, name] if can_more else others


def plain(value: float) -> str:
    """A number for an address: no separators, no more than eight decimals."""
    return f"{value:.8f}".rstrip("0").rstrip(".")


def levers_text(opened: WhatIf, scenario: Scenario) -> str:
    """What a scenario sets, as an address has it."""
    settings = (
        f"{one.lever}:{plain(float(one.amount))}:{opened.month + one.start_month}:{one.ramp_months}"
        for one in scenario.settings
    )
    return ",".join(settings) or NONE


def levers_of(opened: WhatIf, text: str, base: Scenario) -> tuple[LeverSetting, ...]:
    """The levers read again; what is as `base` has it stays so, and the rest acts from when it still can be decided.

    Raises UnknownNameError, SettingError: twice, or out of range.
    """
    known = dict(zip(levers_text(opened, base).split(","), base.settings, strict=False))
    settings = []
    for part in text.split(",") if text != NONE else ():
        name, amount, start, ramp = part.split(":")
        typed = LeverSetting(name, float(amount), max(opened.month.months_until(Month.parse(start)), 1), int(ramp))
        settings.append(known.get(part) or opened.from_here(typed))
    check_settings(settings)
    return tuple(settings)
