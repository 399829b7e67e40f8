"""Amounts of a measure, and the reason of every status, as people read them.

Numbers come in, and only here are they put into words.

Shares, rates and gaps are told with one decimal everywhere: of a percentage, or of percentage points.
"""

from __future__ import annotations

from collections.abc import Callable

from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Day, parse_period
from t4c_lib.plan import ActionRow, MeasureRow, Status
from t4c_lib.progress.figures import TIME_OVER_TIME, Figure, Interval
from t4c_lib.progress.status_facts import Because, Facts
from t4c_lib.quantities import ChangeKind, count_of, number, percent, percent_pair, points
from t4c_lib.whatif.odds import LEAST_STATED, format_chance

# Below this chance of meeting the target partners should talk about the plan and not wait. Issue 7 sets it.
LEAST_CHANCE = 0.20
EVEN_CHANCE = 0.50


def amount_text(row: MeasureRow, value: float) -> str:
    """A value of a row's measure: "5.7%", "a gap of 2 percentage points", "28 placements a year"."""
    if row.is_closer:
        return f"a gap of {_points(value)}" if value >= 0 else f"{_points(value)} above the comparison"
    return percent(value) if _is_fraction(row) else count_of(value, row.what.unit)


def amount_texts(row: MeasureRow, value: float, other: float) -> tuple[str, str]:
    """Two values, with as few decimals as still tell them apart; what is counted stands with the first."""
    if row.is_closer:
        return amount_text(row, value), points(other)
    if _is_fraction(row):
        return percent_pair(value, other)
    return count_of(value, row.what.unit), number(other)


def counts_text(row: MeasureRow, figure: Figure) -> str:
    """What a share or rate was divided from: "182 of 2,842"; of a gap "the group is 182 of 2,842".

    Empty for counts, and where that isn't known.
    """
    if not _is_fraction(row) or figure.numerator is None or figure.denominator is None:
        return ""
    if row.what.kind is MeasureKind.RATE and row.what.unit == TIME_OVER_TIME:
        return f"{number(figure.numerator)} of {number(figure.denominator)} FTE days"
    counts = f"{number(figure.numerator)} of {number(figure.denominator)}"
    return f"the group is {counts}" if row.is_closer else counts


def interval_text(row: MeasureRow, interval: Interval) -> str:
    """Both ends: "4.9% to 6.6%", or of a gap in percentage points."""
    if row.is_closer:
        low, high = (number(end * 100).replace("-", "−") for end in (interval.low, interval.high))
        return f"{low} to {high} percentage points"
    return f"{percent(interval.low)} to {percent(interval.high)}"


def sentence(because: Because, facts: Facts) -> str:
    """Why a row has its word, one sentence with the row's numbers."""
    return _SENTENCES[because](facts)


def _is_fraction(row: MeasureRow) -> bool:
    return row.what.kind in (MeasureKind.SHARE, MeasureKind.RATE)


def _points(gap: float) -> str:
    size = number(abs(gap) * 100)
    return f"{size} percentage point{'' if size == '1' else 's'}"


def _mark(row: MeasureRow, value: float) -> str:
    """A value to which another is held, without what is counted."""
    if row.is_closer:
        return _points(value)
    return percent(value) if _is_fraction(row) else number(value)


def _figure(facts: Facts) -> str:
    """The newest figure with what it was divided from, its period, and whose it is where it is a proxy."""
    figure, row = facts.figure, facts.measure
    if figure is None:
        return "no figure"
    whose = f"{figure.population}, a proxy" if figure.is_proxy else ""
    counts = counts_text(row, figure)
    if row.is_closer and figure.value < 0:
        counts = counts.removeprefix("the group is ")
    inside = "; ".join(filter(None, (counts, whose)))
    return f"{amount_text(row, figure.value)}{f' ({inside})' if inside else ''} in {figure.when}"


def _due(facts: Facts) -> str:
    return "" if facts.trajectory is None else Day(facts.trajectory.due).label


def _end_clause(facts: Facts) -> str:
    """What is to be said where the target's date has passed without a figure of that time."""
    return (
        f"; the target was due on {_due(facts)}, and there is no figure for that date yet"
        if facts.lacks_the_end
        else ""
    )


def _left_out(facts: Facts) -> str:
    return f"Left out: {facts.row.reason.rstrip('.')}."


def _there_before(facts: Facts) -> str:
    row = facts.row
    if isinstance(row, ActionRow):
        return "It was done before the plan began."
    if row.what.kind is MeasureKind.EVIDENCE:
        return "It was in place before the plan began; no document is named."
    if row.what.kind is MeasureKind.REVIEW:
        return "It was held before the plan began; no date is given."
    return "It was in place before the plan began."


def _closed(facts: Facts) -> str:
    said = f"Closed as done at the end of {facts.row.closed}"
    if isinstance(facts.row, MeasureRow) and facts.figure is not None and facts.trajectory is not None:
        goal = _mark(facts.row, facts.trajectory.target)
        verb = "reached" if facts.is_met else "is short of"
        return f"{said}; the newest figure, {_figure(facts)}, {verb} the target of {goal}."
    return f"{said}."


def _above_comparison(facts: Facts) -> str:
    row, gap = facts.measure, facts.gap or 0.0
    share = 0.0 if row.comparison is None else row.comparison.share
    counted = counts_text(row, facts.figure).removeprefix("the group is ") if facts.figure is not None else ""
    when = f" in {facts.figure.when}" if facts.figure is not None else _baseline_time(row)
    inside = f" ({counted})" if counted else ""
    beyond = f"{_points(gap)} above" if number(abs(gap) * 100) != "0" else "level with"
    return (
        f"The group's share, {percent(share - gap)}{inside}{when}, is {beyond} the {percent(share)} of its "
        "comparison; it is reported without a target."
    )


def _baseline_time(row: MeasureRow) -> str:
    period = row.baseline.period if row.baseline is not None else ""
    return f" in {parse_period(period).label}" if period else ""


def _change(facts: Facts) -> str:
    change = facts.measure.change
    return "" if change is None else f" ({change.text})"


def _no_baseline(facts: Facts) -> str:
    lacks = "figure to compare with" if facts.measure.baseline is not None else "baseline"
    return f"A target is set{_change(facts)}, but there is no {lacks}{_newest_clause(facts)}."


def _no_date(facts: Facts) -> str:
    return f"A target is set{_change(facts)}, but no date{_newest_clause(facts)}."


def _impossible(facts: Facts) -> str:
    found = facts.measure.target_faults
    words = found[0][1].rstrip(".") if found else "there was no gap to close when the baseline was taken"
    return f"The target set{_change(facts)} is not possible: {words[0].lower()}{words[1:]}."


def _newest_clause(facts: Facts) -> str:
    return "" if facts.figure is None else f"; the newest figure is {_figure(facts)}"


def _blank_unset(facts: Facts) -> str:
    asked, unit = facts.measure.what.target, facts.measure.what
    level = asked is not None and asked.kind is ChangeKind.LEVEL and unit.kind is not MeasureKind.COUNT
    words = "" if asked is None else percent(asked.amount, 0) if level else f"{asked.change.text} today's figure"
    framework = f" (the framework asks for {words})" if words else ""
    return f"The partners have not set a target yet{framework}{_newest_clause(facts)}."


def _never_counted(facts: Facts) -> str:
    baseline = facts.measure.baseline
    known = "" if baseline is None else f"; the baseline is {_baseline(facts)}"
    return f"There is no figure yet, and no target is set{known}."


def _followed(facts: Facts) -> str:
    return f"It is reported without a target; the newest figure is {_figure(facts)}."


def _baseline(facts: Facts) -> str:
    """The baseline of a row's target (of a group, its gap), with its period."""
    row = facts.measure
    start = facts.trajectory.baseline if facts.trajectory is not None else row.baseline.value if row.baseline else 0.0
    if facts.trajectory is None and row.is_closer:
        return f"{percent(start)}{_baseline_time(row)}"
    return f"{amount_text(row, start)}{_baseline_time(row)}"


def _no_figure(facts: Facts) -> str:
    goal = "" if facts.trajectory is None else _mark(facts.measure, facts.trajectory.target)
    trajectory = facts.trajectory
    target = (
        f"the target is {goal} by"
        if trajectory is None or trajectory.due > facts.as_of
        else f"the target of {goal} was due on"
    )
    return f"There is no figure yet; the baseline is {_baseline(facts)}, and {target} {_due(facts)}."


def _baseline_only(facts: Facts) -> str:
    row, figure, trajectory = facts.measure, facts.figure, facts.trajectory
    if figure is None or trajectory is None:
        return _no_figure(facts)
    goal = f"the target of {_mark(row, trajectory.target)} by {_due(facts)}"
    to_come = "was to be reached" if trajectory.due <= facts.as_of else "is still to come"
    same = _mark(row, figure.value) == _mark(row, trajectory.baseline)
    if facts.is_older_than_baseline:
        start = f"The newest figure, {_figure(facts)}, is older than the baseline of {_baseline(facts)}"
    elif same:
        start = f"The newest figure, {_figure(facts)}, is the baseline itself"
    else:
        start = f"The newest figure, {_figure(facts)}, is for the period of the baseline, which the plan gives as "
        start += _mark(row, trajectory.baseline)
    if not facts.is_met:
        return f"{start}; {goal} {to_come}{_chance_from_here(facts)}."
    if trajectory.target == trajectory.baseline:
        verb = "was" if trajectory.due <= facts.as_of else "is"
        return f"{start}; the target {verb} to hold it until {_due(facts)}{_chance_from_here(facts)}."
    check = "" if same else ", so the baseline needs checking"
    return f"{start}; it is already past {goal}{check}{_chance_from_here(facts)}."


def _chance_from_here(facts: Facts) -> str:
    if facts.chance is None or facts.chance >= EVEN_CHANCE:
        return ""
    return f", and the chance of meeting it from here is {format_chance(facts.chance)}"


def _met(facts: Facts) -> str:
    row, trajectory = facts.measure, facts.trajectory
    goal = "" if trajectory is None else _mark(row, trajectory.target)
    if row.is_closer and facts.figure is not None and facts.figure.value < 0:
        start = f"The gap is closed: the group was {_figure(facts)}, and the target was a gap of {goal}"
    else:
        start = f"At {_figure(facts)} it has reached the target of {goal}"
    return f"{start}{_chance_clause(facts, 'still meeting it')}{_end_clause(facts)}."


def _low_chance(facts: Facts) -> str:
    goal = "" if facts.trajectory is None else _mark(facts.measure, facts.trajectory.target)
    return f"At {_figure(facts)} the chance of reaching {goal} by {_due(facts)} is {_low(facts.chance or 0.0)}."


def _low(chance: float) -> str:
    fifth = ", less than one in five" if LEAST_STATED <= chance < LEAST_CHANCE else ""
    return f"{format_chance(chance)}{fifth}"


def _chance_clause(facts: Facts, doing: str = "meeting the target") -> str:
    """What is to be said of the chance where word and chance point different ways."""
    chance = facts.chance
    if chance is None:
        return ""
    good = facts.is_as_planned
    if good and chance < EVEN_CHANCE:
        return f", but the chance of {doing} by {_due(facts)} is {_low(chance)}"
    if not good and chance < LEAST_CHANCE:
        return f", and the chance of {doing} by {_due(facts)} is {_low(chance)}"
    if not good and chance >= EVEN_CHANCE:
        return f"; even so the chance of {doing} by {_due(facts)} is {format_chance(chance)}"
    return ""


def _beside_the_plan(words: str, ends: str) -> Callable[[Facts], str]:
    """The sentence of a figure held against what was planned: "better than the 6.0% planned by then ..."."""

    def compose(facts: Facts) -> str:
        row, figure, trajectory = facts.measure, facts.figure, facts.trajectory
        assert figure is not None  # noqa: S101  (the rules that lead here ask for all three)
        assert trajectory is not None  # noqa: S101
        assert facts.planned is not None  # noqa: S101
        mark = _mark(row, facts.planned)
        just = "just " if mark == _mark(row, figure.value) and not words.startswith("no ") else ""
        asked = "that was due by then" if figure.day >= trajectory.due else "planned by then"
        between = "" if figure.interval is None else ends.format(interval_text(row, figure.interval))
        pair = f"; '{facts.pair}', its paired measure, is not met" if facts.is_met and facts.pair else ""
        tail = f"{between}{_chance_clause(facts)}{pair}{_end_clause(facts)}"
        return f"At {_figure(facts)} it is {just}{words} the {mark} {asked}{tail}."

    return compose


_WHOLE = ", and so is its whole interval ({})"


def _said_done(facts: Facts) -> str:
    return _closed(facts) if facts.row.closed is not None else "The plan says that it is done."


def _past_due(facts: Facts) -> str:
    if facts.record.follows is not None:
        return f"{facts.record.sentence} It was {_due_by(facts)}."
    started = "is under way" if facts.row.status is Status.UNDER_WAY else "has not been started"
    return f"It was {_due_by(facts)} and {started}."


def _due_by(facts: Facts) -> str:
    due = facts.row.due
    return f"due by the end of {due.label if due is not None else 'its month'}"


def _by(facts: Facts) -> str:
    due = facts.row.due
    return f", due by the end of {due.label}" if due is not None else "; no end date is set"


def _not_started(facts: Facts) -> str:
    if facts.record.follows is not None:
        return _on_record(facts)
    start = facts.row.start
    if start is not None and start.first_day <= facts.as_of:
        return (
            f"It was due to start in {start.label} and has not started{_by(facts).replace(', due', '; it is due', 1)}."
        )
    return f"It has not been started{_by(facts)}."


def _on_record(facts: Facts) -> str:
    """What is on record, or is missing, and until when there is time."""
    due = facts.row.due
    ahead = due is not None and not facts.record.is_done and due.last_day >= facts.as_of
    return f"{facts.record.sentence}{f' It is due by the end of {due.label}.' if due and ahead else ''}"


def _shown(facts: Facts) -> str:
    newest = facts.signs[-1]
    day = f", {Day(newest.date).label}" if newest.date is not None else ""
    return f"Shown by '{newest.what.rstrip('.')}'{day}."


def _draft(facts: Facts) -> str:
    """Why what is named doesn't show it yet."""
    one = facts.drafts[-1]
    what = f"'{one.what.rstrip('.')}'"
    if one.missing:
        return f"{what} does not count as evidence yet: it lacks {' and '.join(one.missing)}"
    if one.date is not None and one.date > facts.as_of:
        return f"{what} is dated {Day(one.date).label}, which is in the future"
    return f"{what} is a draft"


def _held_words(facts: Facts) -> str:
    return f"It was last held on {Day(facts.last_held).label}" if facts.last_held else "It has not been held yet"


def _held(facts: Facts) -> str:
    due = facts.owed_by
    return (
        f"{_held_words(facts)}; no next date is set."
        if due is None
        else (f"{_held_words(facts)} and is next due in {due.label}.")
    )


def _owed(facts: Facts) -> str:
    row, due = facts.measure, facts.owed_by
    if facts.record.follows is not None:
        late = f" It was due by the end of {due.label}." if due is not None and facts.days_late else ""
        return f"{_on_record(facts)}{late}"
    if row.what.kind is MeasureKind.REVIEW:
        said = _held_words(facts)
    elif facts.drafts:
        said = _draft(facts)
    elif row.is_done:
        said = "It is said to be done, but there is no evidence of it"
    else:
        said = "There is no evidence yet that it is in place"
    if due is None:
        return f"{said}, and no date is set."
    verb = "was" if facts.days_late else "is"
    return f"{said}; it {verb} due by the end of {due.label}."


_SENTENCES: dict[Because, Callable[[Facts], str]] = {
    Because.LEFT_OUT: _left_out,
    Because.THERE_BEFORE: _there_before,
    Because.RECORDED: _on_record,
    Because.BEGUN_ON_RECORD: _on_record,
    Because.CLOSED: _closed,
    Because.ABOVE_COMPARISON: _above_comparison,
    Because.NO_BASELINE: _no_baseline,
    Because.NO_DATE: _no_date,
    Because.IMPOSSIBLE: _impossible,
    Because.BLANK_UNSET: _blank_unset,
    Because.NEVER_COUNTED: _never_counted,
    Because.FOLLOWED: _followed,
    Because.NO_FIGURE: _no_figure,
    Because.BASELINE_ONLY: _baseline_only,
    Because.MET: _met,
    Because.LOW_CHANCE: _low_chance,
    Because.INTERVAL_AHEAD: _beside_the_plan("better than", _WHOLE),
    Because.INTERVAL_SHORT: _beside_the_plan("worse than", _WHOLE),
    Because.AS_PLANNED: _beside_the_plan("no worse than", ""),
    Because.SHORT: _beside_the_plan("worse than", ", but the difference could be due to chance (interval {})"),
    Because.SAID_DONE: _said_done,
    Because.PAST_DUE: _past_due,
    Because.UNDER_WAY: lambda facts: f"It is under way{_by(facts)}.",
    Because.NOT_STARTED: _not_started,
    Because.SHOWN: _shown,
    Because.HELD: _held,
    Because.OWED_LATE: _owed,
    Because.OWED: _owed,
}
