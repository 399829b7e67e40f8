"""The what-if page: a measure, a target of it, levers and scenarios; what they lead to, how likely it is, what it takes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets as widgets
import traitlets
from IPython import get_ipython

from t4c_lib.errors import T4CError
from t4c_lib.panels.chart import Chart
from t4c_lib.panels.controls.fields import Control
from t4c_lib.panels.frame import Frame, NothingChosenError
from t4c_lib.panels.light_widgets import Html, VBox
from t4c_lib.panels.store_polling import Watch, unless_saved
from t4c_lib.panels.what_if_view import WhatIfView
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.typed_x import typed_number, x_scale, x_unit
from t4c_lib.progress.what_if import YEAR, WhatIf, save_scenario, scenarios
from t4c_lib.progress.what_if_answers import LOOKED_AHEAD, WhatIfQuestion
from t4c_lib.quantities import Unit, number
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.sections.section import Section, section_html
from t4c_lib.store import StoreChange
from t4c_lib.whatif import DOING_NOTHING, LEVERS, LeverSetting, Need, Scenario

OUR_PLAN, AS_SET = "our plan", "what is set here"
SHOWN_FIRST = 4  # levers beside the picture; the others are folded
CHANCES = (0.5, 0.6, 0.7, 0.8, 0.9)
MOST_COMPARED = 4
YEARS_OFFERED = 5
NO_PLAN = "The what-if starts from the plan's measures. Start the plan on Home first."


class WhatIfPart(Control):
    """One of the two places of the page: the question with its levers and picture, or what is worked out below.

    Attributes:
        heard: number of the page's last message that was dealt with.
        chart: of the measure; None below, and where no forecast is made.
    """

    kind = traitlets.Unicode("what_if").tag(sync=True)
    template = "what_if.html.j2"
    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-what-if")
    heard = traitlets.Int(0).tag(sync=True)
    chart = traitlets.Instance(Chart, allow_none=True).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, panel: "WhatIfPanel", part: str) -> None:
        self.panel, self.part = panel, part
        if part == "question" and panel.view is not None and not panel.question.why_none:
            self.chart = Chart(panel.picture.drawing)
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
        self.element = self.markup()  # the words first: a browser takes longer over the chart
        if self.chart is not None and not self.panel.question.why_none:
            self.chart.show(self.panel.picture.drawing)


class WhatIfPanel:
    """What stands below the frame.

    Args:
        top: the page's frame, which says which organisation, measure and scenario are meant.

    Raises:
        NothingChosenError: the frame has no organisation.
    """

    chances, offered_years = CHANCES, YEARS_OFFERED

    def __init__(self, top: Frame) -> None:
        self.top = top
        self.store, self.organisation = top.chosen
        self.version = 0  # of the levers' fields: another one means that they are made anew
        self.errors: dict[str, str] = {}
        self.said: dict[str, str] = {}
        self.wanted, self.compared = 0.8, list[str]()
        self.sure: dict[str, Need] = {}
        self.view: WhatIfView | None = None
        self._ticket, self._seen = 0, list[float]()
        self._gather()
        self.parts: list[WhatIfPart] = []
        if self.why_none:
            return
        self._ask_first()
        self._watch = Watch(self.store, self._others_saved, self._store_answers)

    def _gather(self) -> None:
        store, code = self.store, self.organisation.code
        self.home: HomeFigures = unless_saved(
            store, code, "home", partial(HomeFigures.of, store, self.organisation, today(), None)
        )
        self.top.saved(self.home.revision)
        opened = self.home.what_if
        self.rows = {
            one.row.measure: one
            for one in self.home.rows
            if isinstance(one.row, MeasureRow)
            and one.row.what.what_if
            and one.row.what.what_if.path
            and not one.row.group
            and one.row.definition is None
            and not one.row.what.what_if.decided_by
        }
        self.why_none = opened if isinstance(opened, str) else "" if self.rows else NO_PLAN
        if isinstance(opened, WhatIf):
            self.opened = opened
            known = (opened.from_now(one) for one in scenarios(code) if one is not DOING_NOTHING)
            self.scenarios = {one.name: one for one in known}

    def _ask_first(self) -> None:
        measure, scenario = self.top.address.measure, self.top.address.scenario
        with_target = [key for key, one in self.rows.items() if one.row.target is not None]  # type: ignore[union-attr]
        self.measure = measure if measure in self.rows else next(iter((*with_target, *self.rows)))
        if measure and measure not in self.rows:
            self.top.said = "The what-if does not follow the measure in the address; another one is shown."
        self._of_plan()
        names = {name.casefold(): name for name in self.choices}
        self._choose(names.get(scenario.casefold(), OUR_PLAN if OUR_PLAN in self.choices else DOING_NOTHING.name))
        self.ask(is_quick=False)

    # What is asked

    @property
    def choices(self) -> dict[str, Scenario]:
        """The scenarios to choose from, by the names that they have on the page."""
        plan = self.opened.plan_scenario
        ours = {OUR_PLAN: plan} if plan.settings else {}
        return {DOING_NOTHING.name: DOING_NOTHING, **ours, **self.scenarios}

    def _of_plan(self) -> None:
        """The plan's own target of the measure, and the date of it."""
        target, this = self._row.target, Month.of(today())
        is_ahead = target is not None and target.due > this
        later = Month(this.year + 2, 3)
        self.goal = target.goal if target is not None else None
        self.due = target.due if target is not None and is_ahead else later

    def _choose(self, name: str) -> None:
        self.name, self.scenario = name, self.choices[name]
        self.errors, self.version = {}, self.version + 1

    @property
    def due_months(self) -> list[Month]:
        """The months to choose from: ends of financial years, and the target's own."""
        first = Month.of(today())
        ends = {Month(first.year + years, 3) for years in range(1, YEARS_OFFERED + 1)} | {self.due}
        return sorted(ends)

    @property
    def goal_text(self) -> str:
        """The target as it is typed."""
        return "" if self.goal is None else number(self.goal * self._scale, 2)

    @property
    def unit(self) -> str:
        """What the target is typed in."""
        return x_unit(self._row)

    @property
    def _scale(self) -> float:
        return x_scale(self._row.what.baseline_unit is Unit.COUNT)

    @property
    def _row(self) -> MeasureRow:
        row = self.rows[self.measure].row
        assert isinstance(row, MeasureRow)  # noqa: S101  (no others are chosen from)
        return row

    def ask(self, *, is_quick: bool) -> None:
        """Work out what is quick, or all but what it takes for a chosen chance."""
        asked = (self.measure, self.due, self.goal)
        if getattr(self, "_asked", None) != (asked, id(self.opened)):
            self._asked = (asked, id(self.opened))
            self.question = WhatIfQuestion(self.opened, self._row, self.due, self.goal)
            self.order = None
        others = {DOING_NOTHING.name: DOING_NOTHING}
        others |= {name: self.choices[name] for name in (OUR_PLAN, *self.compared) if name in self.choices}
        self.view = WhatIfView(
            self.question, self.rows[self.measure], self.scenario, others, self.name, self.wanted, is_quick=is_quick
        )
        if self.question.why_none:
            return
        if self.order is None:
            self.order = self._in_order()
        if not is_quick:
            bands = self.question.odds(self.scenario).bands[self.question.outcome]
            self._seen = [float(bands.min()), float(bands.max())]
        self.picture = self.view.picture(self._seen)

    order: Sequence[str] | None = None

    def _in_order(self) -> list[str]:
        """Levers that move the measure: those set first, by what they bring, then by what they could."""
        brought, effects = self.question.brought(self.scenario), self.question.effects
        moving = [name for name in LEVERS if effects[name] or brought.get(name)]
        return sorted(moving, key=lambda name: (-abs(brought.get(name, 0.0)), -abs(effects[name])))

    @property
    def levers_first(self) -> Sequence[str]:
        return (self.order or ())[:SHOWN_FIRST]

    @property
    def levers_folded(self) -> Sequence[str]:
        return (self.order or ())[SHOWN_FIRST:]

    @property
    def idle(self) -> list[str]:
        """Labels of the levers that don't move the measure."""
        return [one.label for name, one in LEVERS.items() if name not in (self.order or ())]

    @property
    def has_folded_error(self) -> bool:
        return any(name in self.errors for name in self.levers_folded)

    @property
    def from_month(self) -> str:
        """The month from which a lever moved here acts."""
        return (self.opened.month + self.opened.acts_from).label

    @property
    def progress_words(self) -> str:
        """How far the column for the chance wanted is."""
        done, every = len(self.sure), len(self.order or ())
        return "" if done == every else f"Working out the chance: {done} of {every} levers."

    @property
    def pair(self) -> tuple[tuple[str, str], list[tuple[str, str]]] | None:
        """Two levers that reach the target together: their labels, and pairs of amounts."""
        reach = [one for one in self.order or () if self.question.need(self.scenario, one).amount]
        if len(reach) < 2 or self.view is None:
            return None
        first, second = reach[:2]
        pairs = self.view.together(first, second)
        return ((LEVERS[first].label, LEVERS[second].label), pairs) if len(pairs) > 1 else None

    @property
    def reached(self) -> str:
        """By when the target could be reached with the chance wanted, where it isn't by its date."""
        if self.view is None or self.goal is None:
            return ""
        when = self.question.first_month(self.scenario, self.wanted)
        sure = f"a chance of {self.wanted:.0%}"
        if when == self.due:
            return f"As set, it has {sure} or more by then."
        if when is None:
            return f"As set, it has no chance of {self.wanted:.0%} by {(self.due + YEAR * LOOKED_AHEAD).label} either."
        return f"As set, it has {sure} by {when.label}."

    @property
    def is_changed(self) -> bool:
        """Whether levers stand elsewhere than the scenario chosen has them."""
        return self.name == AS_SET

    # What comes from the page

    def answer(self, content: Mapping[str, Any]) -> None:
        """Do what the page asks for."""
        kinds: dict[str, Callable[[str, str], None]] = {
            "lever": self._set_lever,
            "scenario": lambda name, _: self._choose(name) if name in self.choices else None,
            "measure": self._set_measure,
            "target": self._set_target,
            "due": self._set_due,
            "chance": self._set_chance,
            "compare": self._compare,
        }
        self.said = {}
        kind = str(content.get("kind"))
        if kind == "save":
            self._save(content)
            return
        if kind not in kinds:
            return
        kinds[kind](str(content.get("name", "")), str(content.get("value", "")).strip())
        if kind in ("scenario", "measure"):
            self.order = None
        self._start()

    def _start(self) -> None:
        """Show at once what is quick, and the rest when it is worked out."""
        self._ticket += 1
        self.sure = {}
        self.ask(is_quick=True)
        self.parts[0].show()
        self._task = asyncio.get_running_loop().create_task(self._later(self._ticket))

    async def _later(self, ticket: int) -> None:
        try:
            await asyncio.sleep(0)
            if self.question.why_none:
                self._show_all()
                return
            await asyncio.to_thread(self.question.odds, self.scenario)
            if ticket != self._ticket:
                return
            self.ask(is_quick=False)
            self.parts[0].show()
            for one in (*self.view.columns.values(),):  # type: ignore[union-attr]
                await asyncio.to_thread(self.question.odds, one)
                await asyncio.to_thread(self.question.takes, one)
                if ticket != self._ticket:
                    return
            self._show_all()
            await self.be_sure(ticket)
        except Exception:  # noqa: BLE001  (whatever it is, the page and the log say so)
            self.said = {"": "The workbook failed at this: it is in the log. Reload the page."}
            self._show_all()
            if (shell := get_ipython()) is not None:
                shell.showtraceback()

    async def be_sure(self, ticket: int) -> None:
        """What each lever has to be with the chance wanted, one by one, shown as they come."""
        if self.goal is None:
            return
        for name in self.order or ():
            need = await asyncio.to_thread(self.question.need, self.scenario, name, self.wanted)
            if ticket != self._ticket:
                return
            self.sure[name] = need
            self.parts[-1].show()

    def _show_all(self) -> None:
        for one in self.parts:
            one.show()

    def _set_lever(self, name: str, typed: str) -> None:
        if name not in LEVERS:
            return
        lever = LEVERS[name]
        today_ = lever.shown.amount_today(self.opened.start.state)
        low, high = max(today_ + lever.low, 0.0 if lever.shown.today else lever.low), today_ + lever.high
        try:
            amount = typed_number(typed.rstrip("% ")) / lever.shown.scale
        except ValueError as error:
            self.errors[name] = str(error)
            return
        if not low - 1e-9 <= amount <= high + 1e-9:
            ends = f"{low * lever.shown.scale:g} to {high * lever.shown.scale:g}"
            self.errors[name] = f"{lever.label} can go from {ends}, not to {typed}."
            return
        self.errors.pop(name, None)
        before = self.scenario.setting(name) or LeverSetting(name, 0.0, self.opened.acts_from)
        change = min(max(amount - today_, lever.low), lever.high)
        settings = (one for one in self.scenario.settings if one.lever != name)
        more = () if abs(change) < 1e-9 else (replace(before, amount=change),)
        self.scenario = Scenario(AS_SET, self.scenario.rationale, (*settings, *more), self.scenario.assumptions)
        self.name = AS_SET

    def _set_measure(self, name: str, _typed: str) -> None:
        if name in self.rows:
            self.measure = name
            self._of_plan()
            self.version += 1

    def _set_target(self, _name: str, typed: str) -> None:
        self.errors.pop("target", None)
        try:
            self.goal = typed_number(typed) / self._scale if typed else None
        except ValueError as error:
            self.errors["target"] = str(error)

    def _set_due(self, _name: str, typed: str) -> None:
        self.due = next((one for one in self.due_months if str(one) == typed), self.due)

    def _set_chance(self, _name: str, typed: str) -> None:
        self.wanted = next((one for one in CHANCES if f"{one:g}" == typed), self.wanted)

    def _compare(self, name: str, typed: str) -> None:
        self.compared = [one for one in self.compared if one != name]
        if typed and name in self.choices:
            self.compared = [*self.compared, name][-(MOST_COMPARED - 3) or None :]

    def _save(self, content: Mapping[str, Any]) -> None:
        name, reason, by = (str(content.get(part, "")).strip() for part in ("name", "reason", "by"))
        missing = [
            words for words, given in (("a name", name), ("a reason", reason), ("who saves it", by)) if not given
        ]
        if missing or not self.scenario.settings:
            what = f"Enter {', '.join(missing)}." if missing else "Move a lever first: doing nothing is always there."
            self.said = {"refused": f"Not saved. {what}"}
        else:
            earlier = self.opened.acts_from - 1
            settings = (replace(one, start_month=max(one.start_month - earlier, 1)) for one in self.scenario.settings)
            try:
                save_scenario(
                    self.organisation.code, Scenario(name, reason, tuple(settings), self.scenario.assumptions, by=by)
                )
            except T4CError as error:
                self.said = {"refused": f"Not saved. {error}"}
            else:
                self._gather()
                self._choose(name)
                self.ask(is_quick=False)
                self.said = {"saved": f"Saved: {name}"}
                self.top.said = f"Saved: {name}"
        self._show_all()

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            self._gather()
            if not self.why_none and self.measure in self.rows:
                self._start()

    def _store_answers(self, trouble: str) -> None:
        self.top.said = trouble

    # The two places

    def part(self, name: str) -> WhatIfPart:
        made = WhatIfPart(self, name)
        self.parts.append(made)
        return made


class WhatIfPage:
    """The page in its two places: whoever opens it reads the first while the second is made."""

    def __init__(self, top: Frame) -> None:
        self._panel: WhatIfPanel | None = None
        self._instead: VBox | None = None
        try:
            panel = WhatIfPanel(top)
            if panel.why_none:
                words = Section("What-if", warning=panel.why_none)
                self._instead = VBox([Html(section_html(words))])
            else:
                self._panel = panel
        except NothingChosenError as error:
            self._instead = VBox([Html(section_html(Section("What-if", (str(error),))))])
        except T4CError as error:
            self._instead = VBox([Html(section_html(Section("This page can't be shown", warning=error.on_page)))])

    @property
    def question(self) -> widgets.DOMWidget:
        """The question, its levers and the picture."""
        return self._panel.part("question") if self._panel else self._instead

    @property
    def in_detail(self) -> widgets.DOMWidget:
        """Side by side, what it would take, what brings and matters most."""
        if self._panel is None:
            return VBox([])
        below = self._panel.part("detail")
        panel = self._panel
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return below
        if not panel.question.why_none:
            panel._task = loop.create_task(panel.be_sure(panel._ticket))
        return below


def what_if(top: Frame) -> WhatIfPage:
    """The what-if page, for the organisation, measure and scenario of its frame.

    Args:
        top: the page's frame.
    """
    return WhatIfPage(top)
