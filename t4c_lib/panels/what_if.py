"""The what-if page: where levers and scenarios lead, how likely, and what it takes; and what an organisation keeps."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any

import ipywidgets as widgets
import traitlets
from pydantic import ValidationError

from t4c_lib.errors import SettingError, T4CError, find_named
from t4c_lib.panels.between_pages import Watch, WorksAside, home_figures, home_name, keep
from t4c_lib.panels.controls.form_controls import Answering
from t4c_lib.panels.frame import Frame, NothingChosenError, Page, page_or_reason
from t4c_lib.panels.markup import Chart, Html
from t4c_lib.panels.row_saving import RowSaver, row_changes
from t4c_lib.panels.what_if_asked import CHANCES, MOST_COMPARED, TYPED, WhatIfAsked, in_two_years
from t4c_lib.panels.what_if_view import AS_SET, LeverPair, WhatIfView
from t4c_lib.parameters import assumptions
from t4c_lib.parameters.assumption import ENDS, Assumption, save_own_assumption, wrong_ends
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.measure_rows import typed_number
from t4c_lib.progress.target_chances import why_no_forecast
from t4c_lib.progress.what_if import OUR_PLAN, YEAR, WhatIf, is_followed, proposed_rows, save_scenario, scenarios
from t4c_lib.progress.what_if_answers import LOOKED_AHEAD, WhatIfQuestion
from t4c_lib.quantities import count_of
from t4c_lib.store import StoreChange
from t4c_lib.typed_text import listed
from t4c_lib.whatif import DOING_NOTHING, LEVERS, Need, Scenario

SAVES = {"save", "rename", "archive", "figure", "propose", "assumption"}


class WhatIfSaver:
    """Saves for a panel and says how it went: `refused` why not, `done` what was saved, `asked` by which form."""

    def __init__(self, panel: "WhatIfPanel") -> None:
        self._panel, self._code = panel, panel.organisation.code
        self.refused = self.done = self.asked = ""
        self.missing = list[str]()  # fields of the form that have to be filled in
        self.assumption = ""  # the one of all assumptions that the form is about; all are shown once one was chosen

    def answer(self, kind: str, content: Mapping[str, Any]) -> bool:
        """Do what a form of the page asks for; False for what is no form's."""
        self.refused, self.done, self.asked, self.missing = "", "", str(content.get("where", kind)), []
        save = getattr(self, f"_{kind}", None) if kind in SAVES else None
        if save is None:
            return False
        try:
            given = {name: str(value).strip() for name, value in content.items()}
            save({**given, "by": self._panel.top.name_of(given.get("by", ""))})
        except T4CError as error:
            self.refused = f"Not saved. {' '.join(one.sentence for one in error.every_problem)}"
        return True

    def _require(self, given: Mapping[str, str], *besides: str, **fields: str) -> None:
        """Refuse a form in which one of these fields, with its words, is empty; `besides`: what else is missing."""
        self.missing = [field for field in fields if not given.get(field)]
        words = [*(fields[field] for field in self.missing), *besides]
        SettingError.refuse([f"It needs {listed(words)}."] if words else [])

    # Scenarios and own figures are files beside the store, which says all the same who may save them.

    def _keep_scenario(self, made: Scenario, old: str = "") -> None:
        detail = made.name if old in ("", made.name) else f"{old}, now {made.name}"
        with self._panel.store.audit.saving("scenario", self._code, detail):
            save_scenario(self._code, made, instead_of=old)

    def _keep_figure(self, national: Assumption, own: Assumption | None) -> None:
        with self._panel.store.audit.saving("assumption", self._code, national.label):
            save_own_assumption(self._code, national.name, own)
        self._panel.show_saved(self._panel.name)

    def _save(self, given: Mapping[str, str]) -> None:
        """Keep what is set as a scenario of the organisation's own; its months are counted from now again."""
        panel, opened = self._panel, self._panel.opened
        begun = [one for one in panel.scenario.settings if one.start_month < opened.acts_from]
        every = map(opened.from_here, panel.scenario.settings)
        settings = (replace(one, start_month=one.start_month - opened.acts_from + 1) for one in every)
        besides = () if panel.scenario.settings else ("a lever moved",)
        self._require(given, *besides, name="a name", reason="a reason", by="your name")
        name = given["name"]
        made = Scenario(name, given["reason"], tuple(settings), panel.scenario.assumptions, by=given["by"])
        self._keep_scenario(made)
        panel.show_saved(name)
        since = (opened.month + opened.acts_from).label
        self.done = f"Saved: {name}{f'. What began before {since} counts from then on' if begun else ''}"

    def _rename(self, given: Mapping[str, str]) -> None:
        old, new = given.get("old", ""), given.get("name", "")
        self._require(given, name="a name")
        self._keep_scenario(replace(find_named("scenario", old, self._panel.own), name=new), old)
        self._panel.show_saved(new)
        self.done = f"Renamed: {old} is now {new}"

    def _archive(self, given: Mapping[str, str]) -> None:
        """Take a scenario out of those that are offered, or bring it back."""
        old = given.get("old", "")
        known = find_named("scenario", old, self._panel.own)
        kept = replace(known, archived=not known.archived)
        self._keep_scenario(kept, old)
        self._panel.show_saved("" if kept.archived else old)
        self.done = f"Archived: {old}" if kept.archived else f"Offered again: {old}"

    def _assumption(self, given: Mapping[str, str]) -> None:
        self.assumption = assumptions().get(given.get("name", "")).name

    def _figure(self, given: Mapping[str, str]) -> None:
        """Write down the organisation's own figure of an assumption, or without figures take it back."""
        national = assumptions().get(given.get("name", ""))
        typed = {end: given.get(end, "") for end in ENDS}
        if not any(typed.values()):
            self._keep_figure(national, None)
            self.done = f"{national.label}: the organisation's own figure is taken back"
            return
        self._require(given, reason="a reason", by="your name")
        low, central, high = (typed_number((text or typed["central"]).rstrip("% ")) for text in typed.values())
        problems = wrong_ends(low, central, high, None)
        is_share = national.unit.is_share
        if min(low, central, high) < 0 or max(low, central, high) > (100 if is_share else inf):
            problems.append(f"Figures are 0 or more{', at most 100 per cent' if is_share else ''}.")
        SettingError.refuse(problems)
        scale = national.shown_scale
        ends = {"low": low / scale, "central": central / scale, "high": high / scale}
        said = f"{given['reason']} ({given['by']})"
        month = str(Month.of(today()))
        try:
            own = national.with_values(**ends, source=said, interval=said, date=month, judgement=False, note="")
        except ValidationError as error:
            raise SettingError([str(one["msg"]) for one in error.errors()]) from None
        self._keep_figure(national, own)
        self.done = f"Saved: {national.label}, the organisation's own figure"

    @property
    def proposals(self) -> list[tuple[str, str]]:
        """What of the scenario the plan would hold: the row, and what changes of it."""
        rows = proposed_rows(self._panel.opened, self._panel.scenario)
        return [(after.wording, row_changes(before, after)) for before, after in rows]

    def _propose(self, given: Mapping[str, str]) -> None:
        """Put what the partners decide of the scenario into the plan, as any other change of its rows."""
        panel = self._panel
        saver, rows = RowSaver(panel.store, self._code), list(proposed_rows(panel.opened, panel.scenario))
        saver.by, saver.side = given.get("by", ""), given.get("side", "")
        revision = panel.store.latest_plan(self._code)
        assert revision is not None  # noqa: S101  (its measures are asked about)
        name = panel.name
        if saver.save(revision, rows, name, f"What-if, {name}: {panel.scenario.rationale}".rstrip(": ")) is None:
            clash = "Not saved. Somebody changed the same rows meanwhile: look at the forum first."
            self.refused = saver.refused.replace(", at the left", "").replace(" at the left", "") or clash
            return
        panel.show_saved(OUR_PLAN)
        self.done = f"Saved in the plan: {count_of(len(rows), 'rows')}, from {name}"


# Seconds in which a lever that is being dragged moves again: chances and all else wait for so long, for while they are
# worked out the next move is answered at half the speed.
STILL, SETTLED = 0.08, 0.25
NO_PLAN = "The what-if starts from the measures of the plan. Start the plan on Home first."


class WhatIfPart(Answering):
    """One of the two places of the page: the question with its levers and picture, or what is worked out below."""

    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-what-if")
    chart = traitlets.Instance(Chart, allow_none=True).tag(sync=True, **widgets.widget_serialization)

    def __init__(self, panel: "WhatIfPanel", part: str) -> None:
        self.panel, self.part, self.top = panel, part, panel.top
        if part == "question" and panel.drawing is not None:
            self.chart = Chart(panel.drawing)
        super().__init__()

    def respond(self, content: Mapping[str, Any]) -> None:
        self.panel.answer(content)

    def show(self) -> None:
        drawing = self.panel.drawing if self.part == "question" else None
        if drawing is not None and self.chart is None:
            self.chart = Chart(drawing)
        self.element = self.markup()  # the words first: a browser takes longer over the chart
        if drawing is not None and self.chart is not None:
            self.chart.show(drawing)


class WhatIfPanel(WhatIfAsked, WorksAside):
    """What stands below the frame. Raises NothingChosenError: no organisation, or why nothing can be asked of it."""

    chances, all_levers, as_set = CHANCES, LEVERS, AS_SET
    our_plan, most_compared = OUR_PLAN, MOST_COMPARED
    looked_ahead = YEAR * LOOKED_AHEAD  # months in which a date is looked for by which the target has the chance wanted

    def __init__(self, top: Frame) -> None:
        super().__init__()
        self.top = top
        self.store, self.organisation = top.chosen
        self.trouble = ""
        self.saver = WhatIfSaver(self)
        self.sure: dict[str, Need] = {}  # by lever: what it has to be with the chance wanted
        self.parts: list[WhatIfPart] = []
        self.question: WhatIfQuestion = None  # type: ignore[assignment]  # asked below
        self._seen: list[float] = []
        self._gather()
        top.said = " ".join(self.open_at(top.address))
        self.ask(is_quick=False)
        self._watch = Watch(self.store, self._others_saved, self.top.store_answers)

    def _gather(self) -> None:
        store, code = self.store, self.organisation.code
        home = home_figures(store, self.organisation, today())
        self.top.saved(home.revision)
        rows = ((one, one.row) for one in home.rows)
        measures = [(one, row) for one, row in rows if isinstance(row, MeasureRow) and row.is_open]
        opened = home.what_if
        self.rows = {row.measure: one for one, row in measures if is_followed(row)}
        if not isinstance(opened, WhatIf) or not self.rows:
            raise NothingChosenError(opened if isinstance(opened, str) else NO_PLAN)
        self.opened = opened
        # The plan's open measures that count something and have no forecast, whatever their date, each with why.
        told = [
            (one.label, why_no_forecast(row, opened, due=in_two_years())) for one, row in measures if row.has_amount
        ]
        self.not_asked = [(label, why) for label, why in told if why]
        known, national = scenarios(code), scenarios()
        self.own = {one.name: one for one in known if one.name not in national.by_name}
        self.offered = opened.offered(known)

    def ask(self, *, is_quick: bool) -> None:
        """Work out what can be shown at once, or with the draws of what is not known."""
        self.sure = {} if is_quick else self.sure
        asked = WhatIfQuestion(self.opened, self.measure_row(self.measure), self.due, self.goal)
        if self.question is None or not asked.is_same(self.question):
            self.question = asked
        names = (DOING_NOTHING.name, OUR_PLAN, *self.compared)
        beside = {name: self.choices[name] for name in names if name in self.choices}
        shown = self.question, self.rows[self.measure], self.name, self.scenario
        self.view = WhatIfView(*shown, beside=beside, wanted=self.wanted, is_quick=is_quick)
        self.drawing = None
        if self.question.why_none:
            return
        if not self.order:
            # By the scenario on top of which a lever was moved: so they stand in one order, and after a reload too.
            before = self.choices.get(self.base, self.scenario) if self.name == AS_SET else self.scenario
            self.order = self.question.moving(before)
        if not is_quick:
            band = self.question.odds(self.scenario).bands[self.question.outcome]
            self._seen = [float(band.min()), float(band.max())]
        self.picture = self.view.picture(self._seen)
        self.drawing = self.picture.drawing

    # What the template asks for besides

    @property
    def pair(self) -> LeverPair | None:
        """The two levers that were chosen, else the first two of them, together; None where no two reach the target."""
        reach, (one, other) = self.reaching, self.paired
        if len(reach) < 2:
            return None
        first = next(name for name in (one, *reach) if name in reach and (name == one or name != other))
        found = self.view.together(first, next(name for name in (other, *reach) if name in reach and name != first))
        return found if len(found.amounts) > 1 else None

    @property
    def reaching(self) -> list[str]:
        """The levers that reach the target, each alone."""
        return [one for one in self.order if (self.question.need(self.scenario, one).practical or 0) > 0]

    # What comes from the page

    def answer(self, content: Mapping[str, Any]) -> None:
        self.trouble = self.top.said = ""
        kind, name, value = (str(content.get(part, "")).strip() for part in ("kind", "name", "value"))
        if self.saver.answer(kind, content):
            self._show_all()
        elif (do := partial(self.do_typed, kind) if kind in TYPED else getattr(self, f"do_{kind}", None)) is not None:
            do(name, value)
            self.start()

    def start(self) -> None:
        """Show at once what is quick, and the rest when it is worked out."""
        self.ask(is_quick=True)
        self.parts[0].show()
        self.work_on(self._in_full())

    def failed(self) -> None:
        self.trouble = "The workbook failed at this: it is in the log. Reload the page."
        self._show_all()

    async def _in_full(self) -> None:
        asked = self.question
        if not asked.why_none:
            await asyncio.sleep(STILL)
            await asyncio.to_thread(asked.odds, self.scenario)
            self.ask(is_quick=False)
            self.parts[0].show()
            await asyncio.sleep(SETTLED)
            for one in self.view.columns.values():
                await asyncio.to_thread(asked.odds, one)
                await asyncio.to_thread(asked.takes, one)
            if self.goal is not None:
                await asyncio.to_thread(asked.first_month, self.scenario, self.wanted)
                for name in self.order:
                    await asyncio.to_thread(asked.need, self.scenario, name)
                await asyncio.to_thread(lambda: self.pair)
        self._show_all()
        await self.needs_at_chance()

    async def needs_at_chance(self) -> None:
        """What each lever has to be with the chance wanted, shown as they come, but not more often than can be read."""
        await asyncio.sleep(SETTLED)  # in which a page that has just opened comes alive
        shown = time.monotonic()
        for name in self.order if self.goal is not None and not self.question.why_none else ():
            self.sure[name] = await asyncio.to_thread(self.question.need, self.scenario, name, self.wanted)
            if time.monotonic() - shown > 2 * SETTLED:
                self.parts[-1].show()
                shown = time.monotonic()
        self.parts[-1].show()
        keep(home_name(today()), "levers at the chance wanted")

    def _show_all(self) -> None:
        for one in self.parts:
            one.show()

    def show_saved(self, name: str) -> None:
        """Gather what holds now, and show the scenario of that name; what is usual where there is none."""
        kept = self.scenario
        self.top.settled += 1
        self._gather()
        if name == AS_SET:
            self.version += 1
            self.scenario = kept
        else:
            self.choose(name if name in self.choices else self.usual)
        self.ask(is_quick=False)

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            self._gather()
            self.start()


def what_if(top: Frame) -> Page:
    """The what-if page, for the organisation, measure and scenario of its frame.

    In its opening the question, its levers and the picture; below side by side, what it would take, what matters most.
    """
    panel = page_or_reason(lambda: WhatIfPanel(top), "What-if")
    if isinstance(panel, Html):
        return Page(panel)

    def rest() -> WhatIfPart:
        panel.parts.append(WhatIfPart(panel, "detail"))
        keep(home_name(today()), "what-if")
        panel.work_on(panel.needs_at_chance())
        return panel.parts[-1]

    panel.parts.append(WhatIfPart(panel, "question"))
    return Page(panel.parts[0], rest)
