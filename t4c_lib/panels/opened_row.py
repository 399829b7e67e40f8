"""What stands in an opened row of the forum page beside its form: what its X comes to, and rounds on it.

What an X comes to is said at once as far as it is quick, and after a pause the rest. What a partner enters in a round
on this laptop goes from its own message into the store. This page keeps it between the look at it and the confirmation,
in no field of the plan, and shows what the store tells: how many have entered, and after closing the result.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from t4c_lib.charts import Picture
from t4c_lib.errors import InputError, T4CError
from t4c_lib.html_templates import from_template, plain_from
from t4c_lib.panels.between_pages import WorksAside
from t4c_lib.panels.forum_view import ForumPart
from t4c_lib.panels.row_form import AS_SAVED, RowForm
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow, decimal_text
from t4c_lib.plan.measure_rows import change_to, typed_change, x_kinds, x_scale
from t4c_lib.plan.measure_validation import with_measure_terms
from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.partnership.partnership_record import RowRecord
from t4c_lib.plan.partnership.rounds import FEWEST, Entry, RoundResult, agreed_change
from t4c_lib.progress import RowProgress, TargetOutcome, row_progress
from t4c_lib.progress.target_outcome import TWINS
from t4c_lib.progress.trajectory import trajectory_of
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.progress.what_if_answers import TargetEffects, target_effects
from t4c_lib.quantities import Baseline, Change, ChangeError, ChangeKind, Unit, number
from t4c_lib.sections.figure_sections import measure_picture
from t4c_lib.store import StoreError
from t4c_lib.store.people import NotAllowedError
from t4c_lib.store.rounds import RoundStatus
from t4c_lib.typed_text import capitalised
from t4c_lib.whatif import LEVERS, YOUNG_JOINERS

TEMPLATE = "panels/controls/forum.html.j2"
WAIT_SECONDS = 0.4  # after the last key, before what takes longer is worked out


class RowAnswer(WorksAside):
    """The answer to what stands in a form. `told`: called when more is known than at first.

    Attributes: `outcome`: what the X comes to; None while there is none, or it can't be: `trouble` says why, in words.
    `effects`: what it takes and moves; None while that is worked out, or there is nothing to work out. `is_working`:
    whether more is to come. `picture`: of the measure's figures, with the X; None where there are no figures.
    """

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._asked: tuple[RowProgress, MeasureRow, RowRecord] | None = None
        self._known: tuple[MeasureRow, TargetEffects] | None = None
        self.forget()

    def forget(self) -> None:
        self.stop()
        self.outcome: TargetOutcome | None = None
        self.effects: TargetEffects | None = None
        self.picture: Picture | None = None
        self.trouble, self.is_working, self._asked = "", False, None

    def cannot(self, why: str) -> None:
        """What was typed can't be read."""
        self.stop()
        self.outcome, self.effects, self.is_working, self.trouble = None, None, False, why

    def work_out(
        self, progress: RowProgress, row: MeasureRow, what_if: WhatIf | str, newest: Baseline | None, record: RowRecord
    ) -> None:
        """What the row's X comes to, it being as typed, and not yet saved perhaps."""
        self.forget()
        self._asked = (progress, row, record)
        opened = what_if if isinstance(what_if, WhatIf) else None
        why = what_if if isinstance(what_if, str) else ""
        if opened is not None and row.key not in opened.latest:
            opened, why = None, "Save the row to see what the model makes of it."
        self.trouble = plain_from(TEMPLATE, "lacking", row, progress.as_of)
        if not self.trouble:
            try:
                self.outcome = TargetOutcome.of(row, progress.as_of, newest, opened, why)
            except (T4CError, ValueError) as error:
                self.trouble = str(error)
        if self._known is not None and self._known[0] == row:
            self.effects = self._known[1]
        elif self.outcome is not None and opened is not None and row.what.what_if and row.what.what_if.path:
            self.is_working = self.work_on(self._later(opened, self.outcome.row))
        self._draw()

    async def _later(self, opened: WhatIf, row: MeasureRow) -> None:
        await asyncio.sleep(WAIT_SECONDS)
        self._found(await asyncio.to_thread(target_effects, opened, row))

    def failed(self) -> None:
        self._found(TargetEffects(why_none="The workbook failed at it: it is in the log."))

    def _found(self, effects: TargetEffects) -> None:
        self._known = (self.outcome.row, effects) if self.outcome else None
        self.effects, self.is_working = effects, False
        self._draw()
        self._told()

    def _draw(self) -> None:
        if self._asked is None:
            return
        progress, row, record = self._asked
        effects = self.effects or TargetEffects()
        chance = progress.chance if self.effects is None and row == progress.row else effects.chance
        shown = row_progress(row, progress.figures, progress.as_of, chance=chance, record=record)
        if shown.latest is not None:
            self.picture = measure_picture(replace(shown, no_chance=effects.why_none), effects.expected)

    @property
    def html(self) -> str:
        return from_template(TEMPLATE, "answer", self) if self._asked or self.trouble else ""

    def arithmetic(self, form: RowForm) -> dict[str, str]:
        """What the browser needs to say at once what an X comes to, as attributes of the form (forum.js)."""
        row = form.row
        assert isinstance(row, MeasureRow)  # noqa: S101  (asked of measures)
        figures = form.baselines
        if row.is_closer:
            figures = {AS_SAVED: row.starting_figure} if row.starting_figure is not None else {}
        in_terms = {name: _described(one, row) for name, one in figures.items()}
        now = None if row.is_closer or form.newest is None else _described(form.newest, row)
        scales = {value: form.scale(ChangeKind(value)) for value, _ in x_kinds(row)}
        given = {"baselines": in_terms, "now": now, "scales": scales, "twins": {} if row.is_closer else TWINS}
        return {f"data-{name}": json.dumps(value) for name, value in given.items()}

    # In words

    @property
    def checkpoint_remarks(self) -> list[str]:
        """What the saved checkpoints were set for, where the X or its date is another now."""
        if self.outcome is None or self._asked is None:
            return []
        saved, row = self._asked[0].row, self._asked[1]
        if not isinstance(saved, MeasureRow) or saved.target is None or saved.checkpoints != row.checkpoints:
            return []
        then, now = (trajectory_of(one.changed(checkpoints=())) for one in (saved, row))
        if then is None or now is None or (then.target, then.due) == (now.target, now.due):
            return []
        text = self._asked[0].text_of
        return [
            f"The checkpoint of {one.due.label}, {text(one.goal(saved.target.baseline))}, was set on the way to "
            f"{text(then.target)}. On the way to {text(now.target)} it would be {text(now.at(one.due.last_day))}."
            for one in row.checkpoints
        ]

    @property
    def ways(self) -> list[tuple[str, str, str, str]]:
        """What it would take, each alone: label, detail, amount, pounds and hours to the target's date."""
        levers = list(self.effects.levers) if self.effects else []
        found, joiners = [], self.outcome.joiners if self.outcome else None
        if joiners is not None:
            today = f"today {number(joiners.today)} a year"
            same = [one for one in levers if one.label == LEVERS[YOUNG_JOINERS].label]
            levers = [one for one in levers if one not in same]
            found.append((LEVERS[YOUNG_JOINERS].label, today, joiners.text, same[0].taken.text if same else ""))
        return [*found, *((one.label, "", one.amount, one.taken.text) for one in levers)]


def _described(one: Baseline, row: MeasureRow) -> dict[str, Any]:
    """A baseline as the browser's arithmetic takes it (arithmetic.js)."""
    termed = with_measure_terms(one, row.what, row.population)
    return asdict(termed) | {"when": parse_period(one.period).label if one.period else ""}


class RoundPanel(ForumPart):
    """Answers the messages of the forum page that are about rounds on the opened row.

    Attributes: `offered`: whether the form for a new round is shown. `passing`: whether this laptop is passed round.
    `linking`: whether the link for other devices is shown; the server has it, and this page never does. `pending`: what
    somebody entered on this laptop and has not confirmed; None while nobody did. `said`: what came of the last press.
    `errors`: what is wrong, by field.
    """

    fewest, side_words = FEWEST, staticmethod(side_words)
    sides = tuple((str(side), capitalised(side_words(side))) for side in SIDES)

    turn = 0  #: how often somebody has entered here; the form is made anew for each
    _known: tuple[Any, RoundStatus | None, tuple[RoundResult, ...]] = (None, None, ())

    def forget(self) -> None:
        self.offered = self.passing = self.linking = False
        self.pending: Entry | None = None
        self.said = ""
        self.errors: dict[str, str] = {}
        self.turn += 1
        self.look()

    def look(self) -> None:
        """Ask the store anew when the page is next shown."""
        self._is_stale = True

    # What the page shows

    @property
    def _row(self) -> MeasureRow:
        row = self._page.row.row if self._page.row else None
        assert isinstance(row, MeasureRow)  # noqa: S101  (rounds are shown in rows of measures)
        return row

    def _of_row(self) -> tuple[RoundStatus | None, tuple[RoundResult, ...]]:
        key = self._row.key
        if self._is_stale or self._known[0] != key:
            if self._known[0] != key:
                self._known = (key, None, ())
            with suppress(StoreError):  # the page says that the store can't be reached, and shows what was known
                self._known = (key, *self._store.rounds.on_row(self._of.code, key))
            self._is_stale = False
        return self._known[1:]

    @property
    def open(self) -> RoundStatus | None:
        return self._of_row()[0]

    @property
    def closed(self) -> tuple[RoundResult, ...]:
        """What the closed ones told, newest first."""
        return self._of_row()[1]

    @property
    def median(self) -> Change | None:
        """The X of the newest result's median, where one leads there."""
        spread, on = self.closed[0].spread, self.closed[0].round
        try:
            return change_to(self._row, on.baseline, spread.median) if spread and not on.settled else None
        except ChangeError:
            return None

    # What comes from the page

    def do_new_round(self, content: Mapping[str, Any]) -> None:
        self.offered, self.errors, self.said = not content.get("close"), {}, ""
        self._show("round-by" if self.offered else "")

    def do_open_round(self, content: Mapping[str, Any]) -> None:
        measure, population, group = self._row.key
        named, by = content.get("named") == "yes", self._page.top.name_of(content.get("facilitator", ""))
        try:
            self._store.rounds.open(self._of.code, measure, by=by, named=named, population=population, group=group)
        except T4CError as error:
            self._refuse(error, "round-by")
            return
        self._saver.by = self._saver.by or by  # who opens it can close it without saying once more who they are
        self.offered, self.errors = False, {}
        self._show("round-open")

    def do_pass_laptop(self, content: Mapping[str, Any]) -> None:
        self.passing, self.pending, self.errors, self.said = not content.get("close"), None, {}, ""
        self.turn += 1
        self._show("round-first" if self.passing else "round-open")

    def do_show_link(self, content: Mapping[str, Any]) -> None:
        self.linking = not content.get("close")
        self._show("")

    def do_round_entry(self, content: Mapping[str, Any]) -> None:
        """Show the partner what the entry means, before it is confirmed."""
        if self.open is None:
            self.passing, self.said = False, "The round was closed meanwhile: nothing was entered."
            self._show("round-open")
            return
        on, self.errors, self.said = self.open.round, {}, ""
        # In an anonymous round nobody is asked for a name: each entry counts as another person's.
        typed = content.get("entry_name", "") if on.named else f"laptop {secrets.token_hex(16)}"
        try:
            change = typed_change(self._row, str(content.get("entry_amount", "")), str(content.get("entry_kind")))
            name, side = self._page.top.name_of(typed), str(content.get("for"))
            self.pending = Entry.into(on, self._row, partner=name, side=side, change=change)
        except T4CError as error:
            self._refuse(error, "round-first")
            return
        self._show("round-confirm")

    def do_round_confirm(self, content: Mapping[str, Any]) -> None:
        """Put what was looked at into the round, or go back to it."""
        entry, self.pending = self.pending, None
        if entry is None or self.open is None or content.get("back"):
            self._show("round-first")
            return
        try:
            number = self.open.round.number
            self._store.rounds.enter(self._of.code, number, partner=entry.partner, side=entry.side, change=entry.change)
        except T4CError as error:
            self.pending = entry
            self._refuse(error, "round-confirm")
            return
        is_passed = self.passing = self._page.top.me is None
        self.said = "Entered. Hand the laptop to the next partner." if is_passed else "Entered."
        self.turn += 1
        self._show("round-first" if is_passed else "round-open")

    def do_close_round(self, _content: Mapping[str, Any]) -> None:
        if self.open is None:
            return
        try:
            self._store.rounds.close(self._of.code, self.open.round.number, by=self._saver.by)
        except InputError:
            self._page.refuse("Not closed. Enter your name at the left.", "by")
            return
        self.passing = self.linking = False
        self.pending, self.said, self.errors = None, "", {}
        self._show("round-result")

    def do_settle_round(self, content: Mapping[str, Any]) -> None:
        """Save the X in the row like any other, and record that the round was settled with it."""
        self.errors, self.said = {}, ""
        if (me := self._page.top.me) is not None:
            me.check_save("round", self._of.code)  # before the plan is saved, which more people may do
        on, row = self.closed[0].round, self._row
        try:
            if "entry_amount" in content:
                change = typed_change(row, str(content["entry_amount"]), str(content.get("entry_kind")))
            elif self.median is None:
                return
            else:
                change = self.median
            agreed_change(on, row, change)
        except T4CError as error:
            self._refuse(error, "round-other")
            return
        if row.starting_figure != on.baseline:
            self.errors["round-other"] = "The row has another baseline than the round had. Open another round."
            self._show("round-other")
            return
        scale = x_scale(row.what.baseline_unit is Unit.COUNT, change.kind)
        texts = {"x_amount": decimal_text(round(change.amount * scale, 6)), "x_kind": str(change.kind)}
        self._page.save_row({**content, "row": self._page.opened, "values": texts})
        if self._page.row is None or self._row.change != change or not self._saver.is_named():
            return  # refused, and said in the row
        self._store.rounds.settle(self._of.code, on.number, change, by=self._saver.by)
        self._page.notice = ""
        self._show("round-result")

    def _show(self, focus: str) -> None:
        self.look()
        self._page.focus = focus
        self._page.show()

    def _refuse(self, error: T4CError, field: str) -> None:
        for one in error.every_problem:
            self.errors[{"side": "for", "partner": "name"}.get(one.place, field)] = capitalised(one.sentence)
        self._show(field)
        if isinstance(error, StoreError | NotAllowedError):
            raise error
