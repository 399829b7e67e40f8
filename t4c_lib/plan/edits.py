"""Changes to a plan: fields and assessments as somebody types them, baselines from the evidence, next year's plan.

Fields are set all together, or none of them with every problem told. Rows are called as `Plan.rows` has it.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from t4c_lib.errors import InputError, Problem, T4CError, UnknownNameError
from t4c_lib.framework import MeasureKind
from t4c_lib.periods import MONTHS_IN_A_YEAR, FinancialYear, Month, due_month, parse_period, typed_period
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.plan import EqualityAssessment, Plan, PlanError, groups_to_consider
from t4c_lib.plan.plan_checks import Baselines, newest_figure
from t4c_lib.plan.row_base import RowKey
from t4c_lib.plan.row_fields import Comparison, Evidence, Review, RowState, Status
from t4c_lib.quantities import Baseline, Change, ChangeKind, parse_change

PlanRow = ActionRow | MeasureRow
SEVERAL = re.compile(r"all|actions|measures|(?:intention-)?\d+[am]?")
ASSIGNMENT = re.compile(r"(?P<row>[\w-]+)\.(?P<field>\w+)\s*=\s*(?P<value>.*)", re.DOTALL)
_NUMBER = r"[\d,]*\.?\d+"
FIGURE = re.compile(
    rf"(?:(?P<part>{_NUMBER}) (?:of|out of) (?P<whole>{_NUMBER})|(?P<value>{_NUMBER})\s*(?P<percent>%?))"
    r"(?: in (?P<period>[\w/. -]+?))?(?: \((?P<source>.+)\))?"
)
WAYS_TO_WRITE = "120 of 2,842 in 2025-03 (staff extract), 5.7% in 2025/26 (survey), 24 in 2025/26 (register)"
DOCUMENT = {"evidence": "what", "evidence_date": "date", "link": "link", "approved_by": "approved_by"}
REVIEW = ("every", "last", "next")
ALIKE = ("state", "because", "post", "holder", "start", "due", "status", "note", *DOCUMENT)
OF_ACTIONS = ("text", "number", "cost", "backfill_hours", "tags")
# In the order in which they are read: an X with the baseline that it is reckoned from.
FIELDS = (*ALIKE, *OF_ACTIONS, "name", "population", "group", "comparison", "baseline", "x", "way", *REVIEW)


class EditError(InputError):
    """Edits that were refused together. It carries every problem found."""

    outcome = "nothing was changed"


class Edit(NamedTuple):
    """One field (of FIELDS) of one row, or of several, and what is to stand there as typed; empty to clear it."""

    row: str
    field: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Edit":
        """Read ROW.FIELD=VALUE. Raises EditError."""
        if (found := ASSIGNMENT.fullmatch(text.strip())) is None:
            words = 'this is not in the form ROW.FIELD=VALUE, such as 1m1.x="2 points".'
            raise EditError.of("plan set", words, place=text)
        return cls(found["row"], found["field"], found["value"].strip())


def edited(plan: Plan, edits: Iterable[Edit], today: dt.date) -> Plan:
    """The plan with these fields set; where one field of a row is set twice, the later counts.

    Rows that are called together are edited as far as they have the field and are open; a row called by its own name
    has to have it. Words of one's own make an adopted row a reworded one, and a reason goes with "left out". Raises
    EditError: every problem: unknown rows and fields, what can't be read or can't be, a due month that has passed.
    """
    problems: list[Problem] = []
    wanted: dict[RowKey, dict[str, str]] = {}
    for edit in edits:
        try:
            if edit.field not in FIELDS:
                raise T4CError(f"{UnknownNameError('field', edit.field, FIELDS)} Fields: {', '.join(FIELDS)}.")
            for row in _rows_with(plan, edit):
                wanted.setdefault(row.row_key, {})[edit.field] = edit.value
        except T4CError as error:
            problems.append(Problem(f"{edit.row}.{edit.field}", str(error)))
    after = [_edited_row(row, wanted.get(row.row_key, {}), today, problems, {}) for row in plan.every_row]
    if problems:
        raise EditError(f"plan of {plan.organisation}", problems)
    return plan.with_rows(after)


def edited_row(row: PlanRow, values: Mapping[str, str], today: dt.date, **fields: Any) -> PlanRow:
    """One row with these fields set, for a form that has a row of its own.

    Values are as somebody typed them, by names of FIELDS, empty to clear one; no date may be before today. Further
    fields are given as they are in code, such as a baseline that was counted. Raises EditError: every problem, each at
    its field.
    """
    problems: list[Problem] = []
    after = _edited_row(row, values, today, problems, fields)
    if problems:
        raise EditError(row.short_title, problems)
    return after


def _rows_with(plan: Plan, edit: Edit) -> list[PlanRow]:
    rows = plan.rows(edit.row)
    having = [row for row in rows if _has(row, edit.field)]
    if not having:
        raise T4CError(f"{'it has' if len(rows) == 1 else 'they have'} no '{edit.field}' to set.")
    if SEVERAL.fullmatch(edit.row) is None or edit.field == "state":
        return having
    return [row for row in having if row.is_open]


def _has(row: PlanRow, field: str) -> bool:
    if field in ALIKE:
        return True
    if isinstance(row, ActionRow):
        return field in OF_ACTIONS and (field != "number" or row.has_blank)
    if field in ("x", "baseline", "way"):
        return row.has_amount
    if field == "group":
        return row.is_closer or row.what.default_level is not None
    return field not in OF_ACTIONS and (field != "comparison" or row.is_closer)


def _edited_row(
    row: PlanRow, values: Mapping[str, str], today: dt.date, problems: list[Problem], given: Mapping[str, Any]
) -> PlanRow:
    read = dict(given)
    before = len(problems)
    for field in sorted(values, key=FIELDS.index):
        try:
            read |= _read(row, field, values[field], {**dict(row), **read}, today)
        except T4CError as error:
            problems += [Problem(f"{row.reference}.{field}", one.message, one.hint) for one in error.every_problem]
    if (read.get("text") or read.get("name")) and row.state is RowState.ADOPTED:
        read.setdefault("state", RowState.REWORDED)
    if "state" in read and read["state"] != RowState.LEFT_OUT:
        read.setdefault("reason", "")
    if len(problems) > before or not read:
        return row
    try:
        after = row.changed(**read)
        if "change" in read and isinstance(after, MeasureRow):
            problems += [Problem(f"{row.reference}.{name}", words) for name, words in after.target_faults]
        return after
    except InputError as error:
        for one in error.problems:
            problems.append(Problem(".".join(filter(None, (row.reference, one.place))), one.message, one.hint))
        return row


def _read(row: PlanRow, field: str, text: str, now: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """What was typed for a field, as values of the row's own fields; `now` is what they hold by then."""
    if field in DOCUMENT:
        return {"evidence": _documents(now["evidence"], DOCUMENT[field], text)}
    if field in REVIEW:
        said: object = text or None
        if field == "every" and text:
            months = _number(text.removesuffix("months").strip())
            said = int(months) if months.is_integer() else months
        return {"review": (now["review"] or Review()).changed(**{field: said})}
    name = {"because": "reason", "x": "change"}.get(field, field)
    if not text:
        return {name: type(row).model_fields[name].default}
    value: Any = text
    match field:
        case "state":
            value = text.replace("_", " ").replace("left-out", "left out").replace("in-place", "in place")
        case "due":
            value = due_month(text, today)
        case "number" | "cost" | "backfill_hours":
            value = _number(text)
        case "tags":
            value = tuple(filter(None, (one.strip() for one in text.split(";"))))
        case "comparison":
            value = _comparison(text)
        case "baseline" if isinstance(row, MeasureRow):
            value = figure(row, text)
        case "x" if isinstance(row, MeasureRow):
            value = parse_change(text, row.starting_figure if row.is_closer else now["baseline"])
    return {name: value}


def _documents(documents: tuple[Evidence, ...], part: str, text: str) -> tuple[Evidence, ...]:
    """The signs with one more, or with something said of the last one."""
    if part == "what":
        rest = tuple(one for one in documents if one.what != text)
        known = next((one for one in documents if one.what == text), None)
        return (*rest, known or Evidence.of(what=text)) if text else ()
    if not documents:
        raise T4CError("there is no document to add this to: set 'evidence' first.")
    return (*documents[:-1], documents[-1].changed(**{part: text or (None if part == "date" else "")}))


def with_baselines(
    plan: Plan, rows: Iterable[MeasureRow], figures: Callable[[MeasureRow], Baseline | None]
) -> tuple[Plan, tuple[MeasureRow, ...]]:
    """Plan with these rows' baselines as counted, and the rows without. Raises InputError: one misfits its measure."""
    found = {row.key: figures(row) for row in rows}
    known = {key: baseline for key, baseline in found.items() if baseline is not None}
    measures = tuple(row.changed(baseline=known[row.key]) if row.key in known else row for row in plan.measures)
    without = tuple(row for row in plan.measures if row.key in found and row.key not in known)
    return plan.changed(measures=measures), without


def figure(row: MeasureRow, text: str) -> Baseline:
    """A baseline as somebody types it: "120 of 2,842 in 2025-03 (staff extract)". Raises T4CError."""
    parts = _figure_parts(text)
    if not parts.get("period"):
        raise T4CError(f"'{text}' has no period. Write {WAYS_TO_WRITE}.")
    baseline = row.changed(baseline=parts, change=None).baseline
    assert baseline is not None  # noqa: S101  (it was given)
    return baseline


def _comparison(text: str) -> Comparison:
    parts = _figure_parts(text)
    if (share := parts.pop("value", None)) is None:
        if not parts["denominator"]:
            raise T4CError(f"'{text}' is no share: it is out of 0.")
        share = parts.pop("numerator") / parts.pop("denominator")
    return Comparison.of(share=share, **parts)


def _figure_parts(text: str) -> dict[str, Any]:
    if (found := FIGURE.fullmatch(" ".join(text.split()))) is None:
        raise T4CError(f"'{text}' can't be read as a figure. Write {WAYS_TO_WRITE}.")
    parts: dict[str, Any] = {"source": found["source"]} if found["source"] else {}
    parts |= {"period": str(typed_period(found["period"]))} if found["period"] else {}
    if found["part"]:
        return parts | {"numerator": _number(found["part"]), "denominator": _number(found["whole"])}
    return parts | {"value": _number(found["value"]) / (100 if found["percent"] else 1)}


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise T4CError(f"a number belongs here, not '{text}'.") from None


def assessed(
    before: EqualityAssessment | None, said: Iterable[str], *, by: str, date: str, rest: str, mitigations: Iterable[str]
) -> EqualityAssessment:
    """An assessment with what somebody typed; what nothing is said of stays as it was.

    Raises InputError: what can't be read, every problem at once. `said` is of groups, "disability=positive: placements
    for people with a learning disability"; `rest` the same of each group that the framework names and that wasn't
    considered yet: "neutral: we looked". `by` is the post that answers for it; `mitigations` say what is done about a
    negative effect: "age=a route in for people over 50".
    """
    now = before or EqualityAssessment()
    groups = {one.group: dict(one) for one in now.groups}
    for text in said:
        group, _, words = text.partition("=")
        groups.setdefault(_whole_name(group), {}).update(_effect(words))
    for group in groups_to_consider() if rest else ():
        groups.setdefault(group, _effect(rest))
    for text in mitigations:
        group, _, words = text.partition("=")
        groups.setdefault(_whole_name(group), {})["mitigation"] = words
    rows = tuple({**fields, "group": group} for group, fields in groups.items())
    return now.changed(by=by or now.by, date=date or now.date, groups=rows)


def _effect(words: str) -> dict[str, Any]:
    effect, _, evidence = words.partition(":")
    return {"effect": effect.strip().replace("-", " "), "evidence": evidence}


def _whole_name(group: str) -> str:
    return next((one for one in groups_to_consider() if one.casefold() == group.strip().casefold()), group)


def roll(plan: Plan, to_year: FinancialYear | str, baselines: Baselines | None = None) -> Plan:
    """The plan carried on to a later year.

    - Its years are `to_year` and those of the plan's own years that come after it.
    - Rows that are done are closed, with the last year before `to_year`; they stay, and nothing is due. A review that
      was held is due again, so it stays open and begins anew.
    - Rows that are left out, in place or closed already stay as they are.
    - Open rows are carried. A date that has passed when the new plan begins moves on by whole years, as timelines do.
    - Baselines are renewed where `baselines` has a newer figure. A target whose date is still to come keeps its goal:
      its X becomes the level it leads to. One whose date has passed keeps its X, reckoned from the new baseline, as in
      "rises by X again". Checkpoints that have passed are dropped.
    - Timelines move on by as many years as the plan's beginning.

    What an agreement covers changes in all of these rows, so both sides look at them again; `changes_between` tells
    what is different. Baselines are the newest figure for a row, as a function of the row. Raises PlanError: `to_year`
    is not later than the plan's first year; PeriodError: it is no financial year; InputError: a new baseline doesn't
    fit its measure.
    """
    year = FinancialYear.parse(to_year) if isinstance(to_year, str) else to_year
    if year <= plan.years[0]:
        raise PlanError(f"The plan already starts in {plan.years[0]}, so it can't be rolled forward to {year}.")
    before = FinancialYear(year.start_year - 1)
    return plan.changed(
        years=(year, *(one for one in plan.years if one > year)),
        actions=tuple(_action(row, year, before) for row in plan.actions),
        measures=tuple(_measure(row, year, before, baselines) for row in plan.measures),
        timelines=tuple(row.moved(year.start_year - plan.years[0].start_year) for row in plan.timelines),
    )


def _action(row: ActionRow, year: FinancialYear, before: FinancialYear) -> ActionRow:
    if not row.is_open:
        return row
    return row.changed(closed=before) if row.status is Status.DONE else row.changed(due=_moved(row.due, year))


def _measure(row: MeasureRow, year: FinancialYear, before: FinancialYear, baselines: Baselines | None) -> MeasureRow:
    if row.closed is not None or row.state is RowState.LEFT_OUT:
        return row
    if row.status is Status.DONE and row.what.kind is not MeasureKind.REVIEW:
        return row if row.state is RowState.IN_PLACE else row.changed(closed=before)
    found = newest_figure(row, baselines)
    known_until = None if row.baseline is None else parse_period(row.baseline.period).last_day
    is_newer = found is not None and (known_until is None or parse_period(found.period).last_day > known_until)
    has_passed = row.due is not None and row.due < year.months[0]
    change = row.change
    if is_newer and not has_passed and row.target is not None:
        change = Change(ChangeKind.LEVEL, row.target.goal)
    return row.changed(
        baseline=found if is_newer else row.baseline,
        change=change,
        due=_moved(row.due, year),
        checkpoints=tuple(one for one in row.checkpoints if one.due >= year.months[0]),
        status=Status.NOT_STARTED if row.what.kind is MeasureKind.REVIEW else row.status,
    )


def _moved(due: Month | None, year: FinancialYear) -> Month | None:
    """The date if it is still to come when the year begins, else the same month of the first year in which it is."""
    if due is None or due >= year.months[0]:
        return due
    return due + MONTHS_IN_A_YEAR * (-(due.months_until(year.months[0]) // -MONTHS_IN_A_YEAR))
