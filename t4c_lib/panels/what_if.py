"""The what-if page: a measure, a target of it, levers and scenarios; where they lead, how likely, and what it takes."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ipywidgets as widgets
import traitlets
from IPython import get_ipython

from t4c_lib.errors import T4CError
from t4c_lib.panels.controls.fields import Control
from t4c_lib.panels.frame import Frame, NothingChosenError
from t4c_lib.panels.markup import Chart, Html, VBox
from t4c_lib.panels.row_saver import SIDES
from t4c_lib.panels.store_polling import Watch, unless_saved
from t4c_lib.panels.what_if_saving import WhatIfSaver
from t4c_lib.panels.what_if_view import AS_SET, LeverPair, WhatIfView, shown_amount
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.measure_rows import typed_number, x_scale, x_unit
from t4c_lib.progress.what_if import OUR_PLAN, YEAR, WhatIf, is_followed, scenarios
from t4c_lib.progress.what_if_answers import LOOKED_AHEAD, WhatIfQuestion
from t4c_lib.quantities import Unit, number
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.sections.section import Section, section_html
from t4c_lib.store import StoreChange
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Need, Scenario

CHANCES = (0.5, 0.6, 0.7, 0.8, 0.9)
MOST_COMPARED = 2  # beside doing nothing and the plan
YEARS_OFFERED = 5
NEARLY = 1e-9
NO_PLAN = "The what-if starts from the measures of the plan. Start the plan on Home first."


class WhatIfPart(Control):
    """One of the two places of the page: the question with its levers and picture, or what is worked out below."""

    kind = traitlets.Unicode("what_if").tag(sync=True)
    template = "what_if.html.j2"
    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-what-if")
    heard = traitlets.Int(0).tag(sync=True)  #: number of the page's last message that was dealt with
    chart = traitlets.Instance(Chart, allow_none=True).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, panel: "WhatIfPanel", part: str) -> None:
        self.panel, self.part = panel, part
        if part == "question" and panel.drawing is not None:
            self.chart = Chart(panel.drawing)
        super().__init__()
        self.on_msg(self._came)

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict):
            try:
                self.panel.answer(content)
            finally:
                self.heard = int(content.get("turn", 0))

    def show(self) -> None:
        """Send it as it is now."""
        drawing = self.panel.drawing if self.part == "question" else None
        if drawing is not None and self.chart is None:
            self.chart = Chart(drawing)
        self.element = self.markup()  # the words first: a browser takes longer over the chart
        if drawing is not None and self.chart is not None:
            self.chart.show(drawing)


class WhatIfPanel:
    """What stands below the frame, which says which organisation, measure and scenario are meant.

    Raises NothingChosenError: the frame has no organisation, or nothing can be asked of it, with the reason.
    """

    chances, all_levers, as_set, sides, most_compared = CHANCES, LEVERS, AS_SET, SIDES, MOST_COMPARED

    def __init__(self, top: Frame) -> None:
        self.top = top
        self.store, self.organisation = top.chosen
        self.version = 0  # of the levers' fields: another one means that they are made anew
        self.wanted, self.compared = 0.8, list[str]()
        self.errors: dict[str, str] = {}
        self.trouble = ""
        self.saver = WhatIfSaver(self)
        self.moved: Scenario | None = None  # what was last set by moving levers
        self.sure: dict[str, Need] = {}  # by lever: what it has to be with the chance wanted
        self.parts: list[WhatIfPart] = []
        self.question: WhatIfQuestion = None  # type: ignore[assignment]  # asked below
        self._task: asyncio.Task[None] | None = None
        self._seen: list[float] = []
        self._gather()
        address = top.address
        with_target = [key for key, one in self.rows.items() if self._measure_row(key).target is not None]
        self.measure = address.measure if address.measure in self.rows else [*with_target, *self.rows][0]
        if address.measure and address.measure != self.measure:
            top.said = "The what-if does not follow the measure in the address; another one is shown."
        named = {name.casefold(): name for name in self.choices}
        self._take_plans_target()
        if address.scenario and address.scenario.casefold() not in named:
            top.said = f"There is no scenario called {address.scenario}; another one is shown."
        self._choose(named.get(address.scenario.casefold(), self._usual))
        self.ask(is_quick=False)
        self._watch = Watch(self.store, self._others_saved, self._store_answers)

    def _gather(self) -> None:
        store, code = self.store, self.organisation.code
        gather = partial(HomeFigures.of, store, self.organisation, today())
        home: HomeFigures = unless_saved(store, code, "home", gather)
        self.top.saved(home.revision)
        opened, measures = home.what_if, [one for one in home.rows if isinstance(one.row, MeasureRow)]
        self.rows = {one.row.measure: one for one in measures if is_followed(one.row)}  # type: ignore[union-attr,arg-type]
        if not isinstance(opened, WhatIf) or not self.rows:
            raise NothingChosenError(opened if isinstance(opened, str) else NO_PLAN)
        self.opened = opened
        known, national = scenarios(code), scenarios()
        self.own = {one.name: one for one in known if one.name not in national.by_name}
        self.offered = opened.offered(known)

    def _measure_row(self, key: str) -> MeasureRow:
        row = self.rows[key].row
        assert isinstance(row, MeasureRow)  # noqa: S101  (no others are gathered)
        return row

    # What is asked

    @property
    def choices(self) -> Mapping[str, Scenario]:
        """The scenarios to choose from, by the names that they have on the page."""
        return self.offered.by_name

    @property
    def comparable(self) -> list[str]:
        """Those that can be compared with doing nothing and the plan, which are compared anyway."""
        return [name for name in self.choices if name not in (DOING_NOTHING.name, OUR_PLAN, self.name)]

    @property
    def _usual(self) -> str:
        return OUR_PLAN if OUR_PLAN in self.choices else DOING_NOTHING.name

    def _take_plans_target(self) -> None:
        target, this = self._measure_row(self.measure).target, Month.of(today())
        self.goal = target.goal if target is not None else None
        self.due = target.due if target is not None and target.due > this else Month(this.year + 2, 3)

    def _choose(self, name: str) -> None:
        self.name, self.scenario = name, self.choices[name]
        self.errors, self.version, self.order = {}, self.version + 1, list[str]()

    @property
    def due_months(self) -> list[Month]:
        """The months to choose from: ends of financial years, and the target's own."""
        year = today().year
        return sorted({self.due, *(Month(year + years, 3) for years in range(1, YEARS_OFFERED + 1))})

    def ask(self, *, is_quick: bool) -> None:
        """Work out what can be shown at once, or with the draws of what is not known."""
        self.sure = {} if is_quick else self.sure
        asked = WhatIfQuestion(self.opened, self._measure_row(self.measure), self.due, self.goal)
        if self.question is None or not asked.is_same(self.question):
            self.question = asked
        beside = {
            name: self.choices[name] for name in (DOING_NOTHING.name, OUR_PLAN, *self.compared) if name in self.choices
        }
        self.view = WhatIfView(
            self.question,
            self.rows[self.measure],
            self.name,
            self.scenario,
            beside=beside,
            wanted=self.wanted,
            is_quick=is_quick,
        )
        self.unit, self._scale = x_unit(asked.row), x_scale(asked.row.what.baseline_unit is Unit.COUNT)
        self.goal_text = "" if self.goal is None else number(self.goal * self._scale, 2)
        self.drawing = None
        if self.question.why_none:
            return
        if not self.order:
            brought, effects = self.question.brought(self.scenario), self.question.effects
            moving = [name for name in LEVERS if effects[name] or brought.get(name)]
            self.order = sorted(moving, key=lambda name: (-abs(brought.get(name, 0.0)), -abs(effects[name])))
        if not is_quick:
            band = self.question.odds(self.scenario).bands[self.question.outcome]
            self._seen = [float(band.min()), float(band.max())]
        self.picture = self.view.picture(self._seen)
        self.drawing = self.picture.drawing

    # What the template asks for besides

    @property
    def from_month(self) -> str:
        """The month from which a lever moved here acts."""
        return (self.opened.month + self.opened.acts_from).label

    @property
    def pair(self) -> LeverPair | None:
        """The two levers that reach the target with least, together; None where there are no two."""
        reach = [one for one in self.order if (self.question.need(self.scenario, one).practical or 0) > 0]
        found = self.view.together(reach[0], reach[1]) if len(reach) > 1 else None
        return found if found is not None and len(found.amounts) > 1 else None

    @property
    def reached(self) -> str:
        """By when the target is reached with the chance wanted."""
        when, sure = self.question.first_month(self.scenario, self.wanted), f"a chance of {self.wanted:.0%}"
        if when is None:
            return f"As set, it would not reach {sure} by {(self.due + YEAR * LOOKED_AHEAD).label}."
        return (
            f"As set, it has {sure} or more by then." if when == self.due else f"As set, it has {sure} by {when.label}."
        )

    # What comes from the page

    def answer(self, content: Mapping[str, Any]) -> None:
        """Do what the page asks for."""
        self.trouble = ""
        kind, name, value = (str(content.get(part, "")).strip() for part in ("kind", "name", "value"))
        if self.saver.answer(kind, content):
            self._show_all()
        elif (do := getattr(self, f"do_{kind}", None)) is not None:
            do(name, value)
            self.start()

    def start(self) -> None:
        """Show at once what is quick, and the rest when it is worked out."""
        self.ask(is_quick=True)
        self.parts[0].show()
        self.work_on(self._in_full())

    def work_on(self, what: Coroutine[Any, Any, None]) -> None:
        """Do this between what people do, instead of what was begun before; where nothing runs, not at all."""
        if self._task is not None:
            self._task.cancel()
        try:
            self._task = asyncio.get_running_loop().create_task(self._or_say(what))
        except RuntimeError:
            what.close()

    async def _or_say(self, what: Coroutine[Any, Any, None]) -> None:
        try:
            await what
        except Exception:  # noqa: BLE001  (whatever it is, the page and the log say so)
            self.trouble = "The workbook failed at this: it is in the log. Reload the page."
            self._show_all()
            if (shell := get_ipython()) is not None:
                shell.showtraceback()

    async def _in_full(self) -> None:
        if not self.question.why_none:
            await asyncio.to_thread(self.question.odds, self.scenario)
            self.ask(is_quick=False)
            self.parts[0].show()
            for one in self.view.columns.values():
                await asyncio.to_thread(self.question.odds, one)
                await asyncio.to_thread(self.question.takes, one)
        self._show_all()
        await self.needs_at_chance()

    async def needs_at_chance(self) -> None:
        """What each lever has to be with the chance wanted, shown as they come."""
        for name in self.order if self.goal is not None and not self.question.why_none else ():
            self.sure[name] = await asyncio.to_thread(self.question.need, self.scenario, name, self.wanted)
            self.parts[-1].show()

    def _show_all(self) -> None:
        for one in self.parts:
            one.show()

    def do_lever(self, name: str, typed: str) -> None:
        if name not in LEVERS:
            return
        lever = LEVERS[name]
        now, scale = lever.shown.amount_today(self.opened.start.state), lever.shown.scale
        low, high = max(now + lever.low, 0.0) if lever.shown.today else lever.low, now + lever.high
        self.errors.pop(name, None)
        try:
            amount = typed_number(typed.rstrip("% ")) / scale
        except ValueError as error:
            self.errors[name] = str(error)
            return
        if not low - NEARLY <= amount <= high + NEARLY:
            ends = f"{shown_amount(lever, low)} and {shown_amount(lever, high)}"
            self.errors[name] = f"Between {ends} {lever.shown.unit.removeprefix('% ')}, not {typed}."
            return
        change = min(max(amount - now, lever.low), lever.high)
        set_here = {one.lever: self.opened.from_here(one) for one in self.scenario.settings}
        before = set_here.pop(name, None) or LeverSetting(name, 0.0, self.opened.acts_from)
        moved = [replace(before, amount=change)] if abs(change) > NEARLY else []
        self.name, self.scenario = (
            AS_SET,
            replace(self.scenario, name=AS_SET, settings=(*set_here.values(), *moved), of=(), by=""),
        )
        self.moved = self.scenario

    def do_scenario(self, name: str, _typed: str) -> None:
        if name in self.choices:
            self._choose(name)
        elif not name and self.moved is not None:
            self.name, self.scenario, self.errors, self.version = AS_SET, self.moved, {}, self.version + 1

    def do_measure(self, name: str, _typed: str) -> None:
        if name in self.rows:
            self.measure, self.order, self.version = name, [], self.version + 1
            self._take_plans_target()

    def do_target(self, _name: str, typed: str) -> None:
        self.errors.pop("target", None)
        if typed == self.goal_text:
            return  # which has fewer decimals than the target
        try:
            goal = typed_number(typed.rstrip("% ")) / self._scale if typed else None
        except ValueError as error:
            self.errors["target"] = str(error)
            return
        if goal is not None and not 0 <= goal <= (1 if self._scale > 1 else float("inf")):
            self.errors["target"] = f"A target is 0 or more{', at most 100 per cent' if self._scale > 1 else ''}."
            return
        self.goal = goal

    def do_due(self, _name: str, typed: str) -> None:
        self.due = next((one for one in self.due_months if str(one) == typed), self.due)

    def do_chance(self, _name: str, typed: str) -> None:
        self.wanted = next((one for one in CHANCES if f"{one:g}" == typed), self.wanted)

    def do_compare(self, name: str, typed: str) -> None:
        others = [one for one in self.compared if one != name]
        can_more = bool(typed) and name in self.choices and len(others) < MOST_COMPARED
        self.compared = [*others, name] if can_more else others

    def show_saved(self, name: str) -> None:
        """Gather what holds now, and show the scenario of that name; what is usual where there is none."""
        kept = self.scenario
        self._gather()
        if name == AS_SET:
            self.version += 1
            self.scenario = kept
        else:
            self._choose(name if name in self.choices else self._usual)
        self.ask(is_quick=False)

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            self._gather()
            self.start()

    def _store_answers(self, trouble: str) -> None:
        self.top.said = trouble


@dataclass(frozen=True)
class WhatIfPage:
    """The page in its two places: whoever opens it reads the first while the second is made."""

    question: WhatIfPart | VBox  #: the question, its levers and the picture
    panel: WhatIfPanel | None = None

    @property
    def in_detail(self) -> WhatIfPart | VBox:
        """Side by side, what it would take, what brings and matters most."""
        if self.panel is None:
            return VBox([])
        below = WhatIfPart(self.panel, "detail")
        self.panel.parts.append(below)
        self.panel.work_on(self.panel.needs_at_chance())
        return below


def what_if(top: Frame) -> WhatIfPage:
    """The what-if page, for the organisation, measure and scenario of its frame."""
    try:
        panel = WhatIfPanel(top)
        panel.parts.append(WhatIfPart(panel, "question"))
        return WhatIfPage(panel.parts[0], panel)
    except NothingChosenError as error:
        words = Section("What-if", (str(error),) if str(error) else ())
    except T4CError as error:
        words = Section("This page can't be shown", warning=error.on_page)
    return WhatIfPage(VBox([Html(section_html(words))]))
