"""What tables say of a row of the plan besides its figures: its X in words, its notes, what was said of it in 2015."""

from t4c_lib.framework import Action, Intention, Measure, catalogue
from t4c_lib.periods import Day
from t4c_lib.plan import ActionRow, MeasureRow, RowState
from t4c_lib.progress import StatusWord
from t4c_lib.progress.status import wanted_text
from t4c_lib.progress.status_facts import RowStatus
from t4c_lib.quantities import Baseline, Unit

NO_X = "not set"
# What stands instead of an X where none is asked for.
_NO_TARGET = {
    StatusWord.ABOVE_COMPARISON: "no target: above the comparison",
    StatusWord.REPORTED: "no target: reported only",
    StatusWord.NO_FIGURE: "no target: reported only",
}


def history_of(row: ActionRow | MeasureRow) -> tuple[str, ...]:
    """What the framework said of a row in 2015; nothing of one of the plan's own."""
    of = row.suggestion if isinstance(row, ActionRow) else None if row.definition else row.what
    return () if of is None else history_words(of)


def notes_on(row: ActionRow | MeasureRow) -> tuple[str, ...]:
    """The framework's notes on a row."""
    notes = catalogue().notes_on(row.suggestion.ref) if isinstance(row, ActionRow) and row.suggestion else ()
    return tuple(f"Note {note.number}: {note.text}" for note in notes)


def history_words(of: Action | Measure | Intention) -> tuple[str, ...]:
    """What the framework said of something in 2015; nothing where it said no more than today."""
    return () if of.history is None else (of.history.words,)


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
