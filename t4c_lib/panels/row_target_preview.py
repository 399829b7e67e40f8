"""What an X comes to, as the opened row of the forum says it: at once what is quick, and after a pause the rest."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from IPython import get_ipython

from t4c_lib.charts import Picture
from t4c_lib.errors import T4CError
from t4c_lib.html_templates import from_template
from t4c_lib.panels.row_form import AS_SAVED, RowForm
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.measure_validation import with_measure_terms
from t4c_lib.plan.partnership.partnership_record import RowRecord
from t4c_lib.progress import RowProgress, TargetOutcome, row_progress
from t4c_lib.progress.target_outcome import TWINS
from t4c_lib.progress.trajectory import trajectory_of
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.progress.what_if_answers import TargetEffects, target_effects
from t4c_lib.quantities import Baseline, ChangeKind, number
from t4c_lib.sections.measure_progress import measure_picture
from t4c_lib.whatif import LEVERS, YOUNG_JOINERS

WAIT_SECONDS = 0.4  # after the last key, before what takes longer is worked out


class RowAnswer:
    """The answer to what stands in a form.

    Args:
        told: called when more is known than at first.

    Attributes:
        outcome: what the X comes to; None while there is none, or it can't be.
        trouble: why there is none, in words.
        effects: what it takes and moves; None while that is worked out, or there is nothing to work out.
        is_working: whether more is to come.
        picture: of the measure's figures, with the X; None where there are no figures.
    """

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._ticket = 0
        self._asked: tuple[RowProgress, MeasureRow, RowRecord] | None = None
        self._known: tuple[MeasureRow, TargetEffects] | None = None
        self.forget()

    def forget(self) -> None:
        """Nothing is asked."""
        self._ticket += 1
        self.outcome: TargetOutcome | None = None
        self.effects: TargetEffects | None = None
        self.picture: Picture | None = None
        self.trouble, self.is_working, self._asked = "", False, None

    def cannot(self, why: str) -> None:
        """What was typed can't be read."""
        self._ticket += 1
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
        self.trouble = _missing(row)
        if not self.trouble:
            try:
                self.outcome = TargetOutcome.of(row, progress.as_of, newest, opened, why)
            except (T4CError, ValueError) as error:
                self.trouble = str(error)
        if self._known is not None and self._known[0] == row:
            self.effects = self._known[1]
        elif self.outcome is not None and opened is not None and row.what.what_if and row.what.what_if.path:
            self._work_on(opened, self.outcome.row)
        self._draw()

    def _work_on(self, opened: WhatIf, row: MeasureRow) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self.is_working = True
        self._task = loop.create_task(self._later(self._ticket, opened, row))

    async def _later(self, ticket: int, opened: WhatIf, row: MeasureRow) -> None:
        await asyncio.sleep(WAIT_SECONDS)
        if ticket != self._ticket:
            return
        try:
            found = await asyncio.to_thread(target_effects, opened, row)
        except Exception:  # noqa: BLE001  (whatever it is, the page and the log say so)
            found = TargetEffects(why_none="The workbook failed at it: it is in the log.")
            if (shell := get_ipython()) is not None:
                shell.showtraceback()
        if ticket != self._ticket:
            return
        self._known, self.effects, self.is_working = (row, found), found, False
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
        """The answer as it stands in the row."""
        return from_template("panels/controls/forum.html.j2", "answer", self) if self._asked or self.trouble else ""

    def arithmetic(self, form: RowForm) -> dict[str, str]:
        """What the browser needs to say at once what an X comes to, as attributes of the form (forum.js)."""
        row = form.row
        assert isinstance(row, MeasureRow)  # noqa: S101  (asked of measures)
        figures = form.baselines
        if row.is_closer:
            figures = {AS_SAVED: row.starting_figure} if row.starting_figure is not None else {}
        in_terms = {name: _described(one, row) for name, one in figures.items()}
        now = None if row.is_closer or form.newest is None else _described(form.newest, row)
        scales = {value: form.scale(ChangeKind(value)) for value, _ in form.kinds}
        twins = {} if row.is_closer else TWINS
        given = {"baselines": in_terms, "now": now, "scales": scales, "twins": twins}
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
    termed = with_measure_terms(one, row.measure, row.population)
    return asdict(termed) | {"when": parse_period(one.period).label if one.period else ""}


def _missing(row: MeasureRow) -> str:
    """What is still to be set before an X comes to anything."""
    if row.change is None:
        return "Set an X to see what it means."
    if row.is_closer and row.comparison is None:
        return "Enter the share to compare with to see what the X means."
    if row.starting_figure is None and row.baseline is None:
        return "Choose or type a baseline to see what the X means."
    if row.starting_figure is None:
        return "There is no gap to close."
    return "" if row.due else "Choose the month to reach it by. What it would take is then worked out."
