"""Rows of a plan from what was typed into their forms, saved row by row and taken back; refusals are said in words."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from t4c_lib.errors import InputError, Problem, T4CError, did_you_mean, refuse
from t4c_lib.evidence.breakdowns import groups_of_people, known_group
from t4c_lib.panels.row_form import AS_SAVED, ASKED_IN, NEWEST, TYPED, RowForm
from t4c_lib.periods import Day, typed_period
from t4c_lib.plan import ActionRow, Checkpoint, Evidence, LocalMeasure, MeasureRow, Plan, RowState
from t4c_lib.plan.edits import PlanRow, edited_row
from t4c_lib.plan.measure_rows import DECIMALS, typed_change, typed_number
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.plan_diff import field_changes, field_label
from t4c_lib.quantities import Baseline, Change, Unit
from t4c_lib.store import MergeClashError, Revision, Saved, Store, StoreError
from t4c_lib.typed_text import capitalised, listed

# The field of the form at which a problem with a field of the row is shown.
SHOWN_AT = ASKED_IN | {"checkpoints": "checkpoint_0_value", "baseline": "b_part"}
LACKING = "Give the figure, how many out of how many or the value itself, and of when it is."
Texts = Mapping[str, str]


def typed_row(form: RowForm, typed: Texts) -> PlanRow:
    """The row of a form with what was typed, else as shown. Raises InputError: every problem, at its field's name."""
    shown = form.values
    now = {name: typed.get(name, value).strip() for name, value in shown.items()}
    changed = {name for name, value in now.items() if value != shown[name].strip()}
    problems: list[Problem] = []
    made: dict[str, Any] = {}
    composed: set[str] = set()
    wording = "text" if isinstance(form.row, ActionRow) else "name"
    if now.get("state") == RowState.ADOPTED:
        changed, made = changed - {wording}, {wording: ""}
    elif now.get("state") == RowState.REWORDED and now[wording] == form.suggested:
        problems.append(Problem(wording, "This is the framework's wording: change it, or choose As suggested."))
        changed -= {"state", wording}
    for beginnings, (field, read) in COMPOSED.items():
        names = [name for name in shown if name.startswith(beginnings)]
        composed.update(names)
        if changed & set(names):
            try:
                made[field] = read(form, now)
            except T4CError as error:
                at = [one.place if one.place in names else names[0] for one in error.every_problem]
                problems += [replace(one, place=name) for one, name in zip(error.every_problem, at, strict=True)]
    if "group" in changed and now["group"]:
        made["group"] = known_group(now["group"]) or (now["group"] if form.newest else "")
        if not made["group"]:
            problems.append(Problem("group", *_no_group(now["group"])))
        changed = changed - {"group"}
    try:
        after = edited_row(form.row, {name: now[name] for name in changed - composed}, form.day, **made)
    except InputError as error:
        for one in error.problems:
            field = one.place.rpartition(".")[2]
            problems.append(replace(one, place=SHOWN_AT.get(field, field)))
    refuse(form.row.short_title, problems)
    return after


def own_row(kind: str, intention: int, words: str, typed: Texts, taken: Collection[str]) -> PlanRow:
    """A row that is none of the framework's. Raises InputError: it can't be one.

    `kind`: "action" or "measure". `intention`: its number. `words`: what it is. `typed`: of a measure how it is
    counted: kind, better, unit, numerator and denominator, each after "new_". `taken`: keys that other rows have.
    """
    begin = "-".join(re.findall(r"[a-z0-9]+", words.casefold())[:5]) or "own"
    offered = (begin, *(f"{begin}-{number}" for number in range(2, len(taken) + 2)))
    key = next(one for one in offered if one not in taken)
    if kind == "action":
        return ActionRow.of(action=key, state=RowState.ADDED, intention=intention, text=words)
    names = ("kind", "better", "unit", "numerator", "denominator")
    given = {name: text for name in names if (text := typed.get(f"new_{name}", "").strip())}
    definition = LocalMeasure.of(intention=intention, name=words, **given)
    return MeasureRow.of(measure=key, state=RowState.ADDED, definition=definition)


def _no_group(text: str) -> tuple[str, str]:
    """Why a text names no group of people, and which there are: those of one characteristic together."""
    every: dict[str, list[str]] = {}
    for one in groups_of_people():
        what, _, answer = one.partition(": ")
        every.setdefault(what, []).append(answer)
    there = [f"{what}: {listed(answers)}" if any(answers) else what for what, answers in every.items()]
    words = f"'{text}' is no group that figures are kept of. {did_you_mean(text, groups_of_people())}"
    return words.strip(), f"There are: {'; '.join(there)}."


def _change(form: RowForm, now: Texts) -> Change | None:
    if not now["x_amount"]:
        return None
    assert isinstance(form.row, MeasureRow)  # noqa: S101  (others have no such field)
    return typed_change(form.row, now["x_amount"], now["x_kind"])


def _baseline(form: RowForm, now: Texts) -> Baseline | dict[str, Any] | None:
    chosen, row, shown = now["base"], form.row, form.values
    if chosen != TYPED:
        # A page that was shown before somebody else saved names what is not offered any more: none, or the figure that
        # they took, too. The X must not go with it.
        offered = form.baselines
        return offered.get(chosen) or (form.newest if chosen == NEWEST else offered.get(AS_SAVED))
    assert isinstance(row, MeasureRow)  # noqa: S101  (others have no such field)
    is_in_parts = now["b_value"] == shown["b_value"] or now.get("b_part") != shown.get("b_part")
    has_parts = bool(is_in_parts and now.get("b_part") and now.get("b_whole"))
    names = ("numerator", "denominator") if "b_part" in now and (has_parts or not now["b_value"]) else ("value",)
    made = {name: _read(now, SHOWN_AT[name], typed_number) for name in names}
    if row.what.baseline_unit is not Unit.COUNT and "value" in made:
        made["value"] /= 100
    return made | {"period": str(_read(now, "b_period", typed_period)), "source": now["b_source"]}


def _read(now: Texts, field: str, read: Callable[[str], Any]) -> Any:
    """What was typed in a field. Raises InputError, at that field: nothing was, or what can't be read."""
    try:
        return read(now[field])
    except T4CError as error:
        raise InputError.of("the row", str(error) if now[field] else LACKING, place=field) from None


def _checkpoints(form: RowForm, now: Texts) -> tuple[Checkpoint, ...]:
    made = []
    for at, (due, value) in _numbered(now, "checkpoint", "due", "value"):
        if not (due and value):
            what = "A checkpoint needs a month and a value."
            raise InputError.of("the row", what, place=f"{at}_{'value' if due else 'due'}")
        number = round(_read(now, f"{at}_value", typed_number) / form.scale(), DECIMALS)
        made.append(Checkpoint.of(due=due, value=number))
    return tuple(made)


def _comparison(_form: RowForm, now: Texts) -> dict[str, Any] | None:
    if not now["comparison_share"]:
        return None
    share = round(_read(now, "comparison_share", typed_number) / 100, DECIMALS)
    when = str(_read(now, "comparison_period", typed_period)) if now["comparison_period"] else None
    return {"share": share, "period": when, "source": now["comparison_source"]}


def _evidence(_form: RowForm, now: Texts) -> tuple[Evidence, ...]:
    made = []
    for at, (what, date, link, by) in _numbered(now, "evidence", "what", "date", "link", "approved_by"):
        try:
            made.append(Evidence.of(what=what, date=date or None, link=link, approved_by=by))
        except InputError as error:
            raise InputError("the row", [replace(one, place=f"{at}_{one.place}") for one in error.problems]) from None
    return tuple(made)


def _numbered(now: Texts, name: str, *parts: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each part of that name in which something was typed how its fields begin, and what stands in them."""
    place = 0
    while f"{(at := f'{name}_{place}')}_{parts[0]}" in now:
        if any(typed := tuple(now[f"{at}_{part}"] for part in parts)):
            yield at, typed
        place += 1


# Fields of the row that several fields of the form make together: how those begin, the row's, and how it is made.
COMPOSED: dict[tuple[str, ...], tuple[str, Callable[[RowForm, Texts], Any]]] = {
    ("evidence_",): ("evidence", _evidence),
    ("base", "b_"): ("baseline", _baseline),
    ("x_",): ("change", _change),
    ("checkpoint_",): ("checkpoints", _checkpoints),
    ("comparison_",): ("comparison", _comparison),
}


def typed_texts(content: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into a form, by the names of its fields, as a message of the page has it."""
    values = content.get("values")
    return {str(name): str(text) for name, text in values.items()} if isinstance(values, dict) else {}


def entered_day(content: Mapping[str, Any], name: str) -> dt.date | None:
    """The day in a field of a message; None where none was entered. Raises PeriodError for what is no day."""
    text = str(content.get(name, "")).strip()
    return Day.parse(text).date if text else None


SIDES = {"management": "Management side", "staff": "Staff side", "both": "Both sides together"}
NO_NAME = "Enter your name at the left: it is saved with each change."
NO_SIDE = "Choose for whom you speak, at the left."
MOST_UNDONE = 100
Rows = Sequence[tuple[PlanRow | None, PlanRow | None]]  # as it was and as it is to be; None where there is none


class RowSaver:
    """Saves rows for whoever types.

    Attributes: `by`, `side`: who types, and for whom; a value of SIDES. `refused`: why the last save was refused; empty
    where it wasn't. `who_error`, `who_field`: what is wrong with one of them, and with which. `clash`: what the last
    save and what others saved meanwhile don't agree on.
    """

    def __init__(self, store: Store, code: str) -> None:
        self._store, self._code = store, code
        self.by = self.side = self.refused = self.who_error = self.who_field = ""
        self.clash: MergeClashError | None = None
        self._done: list[tuple[str, Rows]] = []  # what was saved, in words, and its rows

    def is_named(self) -> bool:
        """Whether it is known who types; if not, that is refused."""
        if self.by and self.side in SIDES:
            self.who_error = ""
            return True
        self.who_error, self.who_field = (NO_SIDE, "side") if self.by else (NO_NAME, "by")
        self.refused = f"Not saved. {self.who_error}"
        return False

    def save(self, revision: Revision, rows: Rows, words: str, note: str = "") -> Saved | None:
        """Save rows in the place of others; None where that was refused, and nothing was saved.

        Raises StoreError, which is logged. `revision`: that they were made from. `words`: to take it back by.
        """
        saved = self._save(revision, rows, note=note)
        if saved is not None:
            # As they were saved: what others saved meanwhile may be part of them, and stays when this is taken back.
            then, now = (saved.merged_with or (revision,))[-1].plan.rows_by_key, saved.revision.plan.rows_by_key
            done = [(before and then.get(before.row_key), after and now.get(after.row_key)) for before, after in rows]
            self._done = [*self._done[-MOST_UNDONE:], (words, done)]
        return saved

    def _save(self, revision: Revision, rows: Rows, *, note: str = "") -> Saved | None:
        if not self.is_named():
            return None
        self.refused, self.clash = "", None
        try:
            return self._store.save_merged(
                with_rows(revision.plan, rows), by=self.by, side=self.side, note=note, parent_revision=revision.revision
            )
        except MergeClashError as error:
            self.clash = error
        except T4CError as error:
            self.refused = f"Not saved. {refusal(error)}"
            places = [one.place for one in error.every_problem]
            if field := next((one for one in ("by", "side") if one in places), ""):
                self.who_error, self.who_field = refusal(error), field
            if isinstance(error, StoreError):
                raise
        return None

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    def take_back(self, revision: Revision) -> tuple[Saved | None, str]:
        """Undo the last change saved here, by a change of its own; with the words for it. Raises StoreError."""
        words, rows = self._done[-1]
        now = revision.plan.rows_by_key
        if any(after is not None and now.get(after.row_key) != after for _, after in rows):
            self.refused = f"Can't be undone: {words} was changed again since."
            return None, words
        saved = self._save(revision, [(after, before) for before, after in rows], note=f"undone: {words}")
        if saved is not None:
            self._done.pop()
        return saved, words

    def start(self, plan: Plan) -> Revision | None:
        """Save a first plan; None where that was refused."""
        if not self.is_named():
            return None
        try:
            return self._store.save_plan(plan, by=self.by, side=self.side)
        except T4CError as error:
            self.refused = f"Not started. {refusal(error)}"
            return None

    def history(self, row: PlanRow) -> tuple[str, ...]:
        """Who changed a row, for whom and when, newest first, in words."""
        lines, before = [], None
        for one in self._store.plan_history(self._code):
            now = one.plan.rows_by_key.get(row.row_key)
            if now is not None and now != before:
                at, who = one.at.astimezone(), f"{one.by} for {side_words(one.side)} (revision {one.revision})"
                lines.append(f"{Day(at.date()).label} at {at:%H:%M}, {who}: {row_changes(before, now)}")
            before = now
        return tuple(reversed(lines))

    def changed_since(self, row: PlanRow, revision: int) -> str:
        """Who changed a row since a revision, and what, in words; empty where nobody did."""
        past = [one for one in self._store.plan_history(self._code) if one.revision >= revision]
        then = past[0].plan.rows_by_key.get(row.row_key) if past else row
        return "" if then == row else f"{past[-1].by} saved this row meanwhile: {row_changes(then, row)}"

    @property
    def clashes(self) -> list[tuple[str, str, str]]:
        """Field by field what this page and what somebody else wants there."""
        found = []
        for one in self.clash.merge.clashes if self.clash else ():
            if not one.fields:
                found.append((one.label, str(one.mine), str(one.theirs)))
            names = [each for each in one.fields if getattr(one.base, each) != getattr(one.mine, each)]
            changes = field_changes(one.mine, one.theirs, names) if names else ()
            found += [(field_label(each.field), each.before, each.after) for each in changes]
        return found


def with_rows(plan: Plan, rows: Iterable[tuple[PlanRow | None, PlanRow | None]]) -> Plan:
    """The plan with rows in the place of others, added or taken out. Raises InputError for what makes no plan."""
    for before, after in rows:
        if after is not None:
            plan = plan.with_row(after, before)
        elif before is not None:
            plan = plan.with_rows(row for row in plan.every_row if row.row_key != before.row_key)
    return plan


def row_changes(before: PlanRow | None, after: PlanRow) -> str:
    """What changed of a row, in words."""
    return "added" if before is None else "; ".join(map(str, field_changes(before, after))) or "its place"


def refusal(error: T4CError) -> str:
    """Why a save was refused, in sentences; what is wrong with a name says that it is the name."""
    sentences = []
    for one in error.every_problem:
        place = {"by": "" if one.message.startswith("enter") else "Your name", "side": ""}.get(one.place, one.place)
        sentences.append(capitalised(f"{f'{place}: ' if place else ''}{one.sentence}"))
    return "\n".join(sentences)
