"""The plan as a report shows it: intention by intention, every action and measure, and the X of each."""

from collections.abc import Sequence

import pandas as pd

from t4c_lib.framework import WHOLE_PLAN, Action, Intention, Measure, Strand, catalogue
from t4c_lib.periods import Day
from t4c_lib.plan import ActionRow, MeasureRow, Plan, RowState
from t4c_lib.progress import RowProgress, RowStatus, StatusWord
from t4c_lib.progress.status import wanted_text
from t4c_lib.quantities import Baseline, Unit, number
from t4c_lib.sections.section import Section, Sections

COLUMNS = ("Row", "Wording", "The X", "Who", "By", "Status", "Agreed")
NO_X = "not set"
# What stands instead of an X where none is asked for.
_NO_TARGET = {
    StatusWord.ABOVE_COMPARISON: "no target: above the comparison",
    StatusWord.REPORTED: "no target: reported only",
    StatusWord.NO_FIGURE: "no target: reported only",
}


def plan_sections(plan: Plan | None, rows: Sequence[RowProgress]) -> Sections:
    """The whole plan, its rows as `plan_progress` has them; without a plan, a sentence that says so."""
    heading = "The plan, row by row"
    if plan is None:
        return Sections(Section(heading, ("There is no plan yet.",)))
    countable = [row for row in plan.measures if row.can_have_x]
    have_x = sum(row.target is not None for row in countable)
    years = " and ".join(str(year) for year in plan.years)
    sentence = (
        f"For {years}: {len(plan.actions)} actions and {len(plan.measures)} measures. Of the {len(countable)} open "
        f"measures that count something, {have_x or 'none'} {'has' if have_x <= 1 else 'have'} an X."
    )
    whole_plan = [f"Note {note.number} of the framework: {note.text}" for note in catalogue().notes_on(WHOLE_PLAN)]
    parts = [part for strand in catalogue().strands for part in _strand(strand, plan, rows)]
    return Sections(Section(heading, (sentence, *whole_plan)), *parts)


def _strand(strand: Strand, plan: Plan, rows: Sequence[RowProgress]) -> list[Section]:
    """The strand by name, and its intentions; nothing where the plan has no row of them."""
    intentions = (_intention(intention, plan, rows) for intention in catalogue().intentions_of(strand.key))
    found = [section for section in intentions if section is not None]
    return [Section(strand.name, (f"{strand.purpose}.",), level=3), *found] if found else []


def small_print(row: ActionRow | MeasureRow) -> tuple[str, ...]:
    """What stands small beside a row: what the framework said of it in 2015, and its notes on it."""
    return (*history_of(row), *notes_on(row))


def history_of(row: ActionRow | MeasureRow) -> tuple[str, ...]:
    """What the framework said of a row in 2015; nothing of one of the plan's own."""
    of = row.suggestion if isinstance(row, ActionRow) else None if row.definition else row.what
    return () if of is None else _history(of)


def notes_on(row: ActionRow | MeasureRow) -> tuple[str, ...]:
    """The framework's notes on a row."""
    notes = catalogue().notes_on(row.suggestion.ref) if isinstance(row, ActionRow) and row.suggestion else ()
    return tuple(f"Note {note.number}: {note.text}" for note in notes)


def _history(of: Action | Measure | Intention) -> tuple[str, ...]:
    return () if of.history is None else (of.history.words,)


def _intention(intention: Intention, plan: Plan, rows: Sequence[RowProgress]) -> Section | None:
    lines = [_line(one) for one in rows if one.intention_number == intention.number]
    if not lines:
        return None
    dates = [f"{row.concerns}: {row.text}" for row in plan.timelines if row.intention == intention.number]
    timeline = (f"Timeline: {'; '.join(dates)}.",) if dates else ()
    return Section(
        f"{intention.number}. {intention.title}",
        (*(f"{words}." for words in _history(intention)), *timeline),
        table=pd.DataFrame(lines, columns=list(COLUMNS)),
        table_caption=f"Intention {intention.number}: actions and measures",
        level=4,
    )


def _line(one: RowProgress) -> tuple[str, ...]:
    row = one.row
    if isinstance(row, ActionRow):
        x = "" if not row.has_blank else NO_X if row.number is None else number(row.number)
        words = _with_small_print(row.wording, row)
        return f"Action {row.place}", words, x, row.post, _due(row), _status_text(one), _agreed(one)
    words = _with_small_print(one.label, row)
    return f"Measure {row.place}", words, x_of(row, one.status), row.post, _due(row), _status_text(one), _agreed(one)


def _with_small_print(words: str, row: ActionRow | MeasureRow) -> str:
    """The words, and in lines of their own what stands small below them."""
    return "\n".join((" ".join(words.split()), *small_print(row)))


def _agreed(one: RowProgress) -> str:
    """By whom the row is agreed as it stands."""
    return "not yet" if one.agreement is None else one.agreement.short_text


def _today(status: RowStatus) -> Baseline | None:
    """The newest figure of the row's own people, of whom its X is counted; None where their number isn't known."""
    figure = status.facts.figure
    if figure is None or figure.is_proxy or not figure.denominator or figure.numerator is None:
        return None
    part, whole = figure.numerator, figure.denominator
    return Baseline(part / whole, part, whole, figure.period, unit=Unit.RATE)


def x_of(row: MeasureRow, status: RowStatus) -> str:
    """The X of a measure in words: from where to where, or what there is instead of an X."""
    if row.target is not None:
        prefix = "the gap goes " if row.is_closer else ""
        # A gap is no number of people, so none are counted where it is what closes.
        return prefix + row.target.reading(None if row.is_closer else _today(status)).sentence
    if row.state is RowState.LEFT_OUT or (row.has_amount and not row.is_open):
        return ""
    if row.has_amount:
        return _NO_TARGET.get(status.word) or _wanted(row, status)
    if row.review is not None and row.review.due is not None:
        return f"next review: {row.review.due.label}"
    return "; ".join((one.what if one.date is None else f"{one.what}, {Day(one.date).label}") for one in row.evidence)


def _wanted(row: MeasureRow, status: RowStatus) -> str:
    """What is wanted, where it makes no target."""
    wanted = wanted_text(row)
    if status.word is StatusWord.NOT_JUDGED:
        return f"{wanted}; the baseline is a small number and is not shown"
    return NO_X + (f"; wanted: {wanted}, but it can't be worked out yet" if wanted else "")


def _due(row: ActionRow | MeasureRow) -> str:
    if row.due is not None:
        return row.due.label
    return f"from {row.start.label}" if row.start is not None else ""


def _status_text(one: RowProgress) -> str:
    if one.row.state is RowState.LEFT_OUT:
        return f"left out: {one.row.reason}"
    # Actions and measures with a figure have their reason in a section of their own.
    return one.status.text if one.is_action or one.latest else f"{one.status.text}\n{one.status.reason}"
