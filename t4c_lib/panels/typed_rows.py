"""The row of a plan that what was typed into its form makes, and a new one of the plan's own."""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from t4c_lib.errors import InputError, Problem, T4CError, refuse
from t4c_lib.evidence.breakdowns import groups_of_people, known_group
from t4c_lib.panels.row_form import ASKED_IN, TYPED, RowForm
from t4c_lib.periods import Day
from t4c_lib.plan import ActionRow, Checkpoint, Evidence, LocalMeasure, MeasureRow, RowState
from t4c_lib.plan.edits import PlanRow, edited_row, figure
from t4c_lib.plan.measure_rows import DECIMALS, typed_change, typed_number
from t4c_lib.quantities import Baseline, Change, Unit
from t4c_lib.typed_text import listed

# The field of the form at which a problem with a field of the row is shown.
SHOWN_AT = ASKED_IN | {"x": "x_amount", "reason": "because", "checkpoints": "checkpoint_0_value"}
Texts = Mapping[str, str]


def typed_row(form: RowForm, typed: Texts) -> PlanRow:
    """The row of a form with what was typed; what is as it was shown is left alone.

    Raises InputError: every problem, at the name of its field.
    """
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
            except InputError as error:
                problems += [replace(one, place=names[0]) for one in error.problems]
            except (T4CError, ValueError) as error:
                problems.append(Problem(names[0], str(error)))
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

    Args:
        kind: "action" or "measure".
        intention: its number.
        words: what it is.
        typed: of a measure how it is counted: kind, better, unit, numerator and denominator, each after "new_".
        taken: keys that other rows have.
    """
    begin = "-".join(re.findall(r"[a-z0-9]+", words.casefold())[:5]) or "own"
    key, number = begin, 2
    while key in taken:
        key, number = f"{begin}-{number}", number + 1
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
    close = get_close_matches(text.casefold(), groups_of_people(), 1)
    meant = f" Did you mean '{close[0]}'?" if close else ""
    return f"'{text}' is no group that figures are kept of.{meant}", f"There are: {'; '.join(there)}."


def _change(form: RowForm, now: Texts) -> Change | None:
    if not now["x_amount"]:
        return None
    assert isinstance(form.row, MeasureRow)  # noqa: S101  (others have no such field)
    return typed_change(form.row, now["x_amount"], now["x_kind"])


def _baseline(form: RowForm, now: Texts) -> Baseline | None:
    chosen, row, shown = now["base"], form.row, form.values
    if chosen != TYPED:
        return form.baselines.get(chosen)
    assert isinstance(row, MeasureRow)  # noqa: S101  (others have no such field)
    source = f" ({now['b_source']})" if now["b_source"] else ""
    when = f" in {now['b_period']}" if now["b_period"] else ""
    is_in_parts = now["b_value"] == shown["b_value"] or now.get("b_part") != shown.get("b_part")
    if is_in_parts and now.get("b_part") and now.get("b_whole"):
        return figure(row, f"{now['b_part']} of {now['b_whole']}{when}{source}")
    if not now["b_value"]:
        raise ValueError("Give the figure: how many out of how many, or the value itself.")
    percent = "" if row.what.baseline_unit is Unit.COUNT else "%"
    return figure(row, f"{now['b_value']}{percent}{when}{source}")


def _checkpoints(form: RowForm, now: Texts) -> tuple[Checkpoint, ...]:
    found = []
    for due, value in _numbered(now, "checkpoint", "due", "value"):
        if due or value:
            if not (due and value):
                raise ValueError("A checkpoint needs a month and a value.")
            found.append(Checkpoint.of(due=due, value=round(typed_number(value) / form.scale(), DECIMALS)))
    return tuple(found)


def _comparison(_form: RowForm, now: Texts) -> dict[str, Any] | None:
    if not now["comparison_share"]:
        return None
    share = round(typed_number(now["comparison_share"]) / 100, DECIMALS)
    return {"share": share, "period": now["comparison_period"] or None, "source": now["comparison_source"]}


def _evidence(_form: RowForm, now: Texts) -> tuple[Evidence, ...]:
    found = []
    for what, date, link, approved in _numbered(now, "evidence", "what", "date", "link", "approved_by"):
        if what or date or link or approved:
            found.append(Evidence.of(what=what, date=date or None, link=link, approved_by=approved))
    return tuple(found)


def _numbered(now: Texts, name: str, *parts: str) -> Iterator[tuple[str, ...]]:
    place = 0
    while f"{name}_{place}_{parts[0]}" in now:
        yield tuple(now[f"{name}_{place}_{part}"] for part in parts)
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
