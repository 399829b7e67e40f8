"""The status of a measure with an amount: the rules in their order, each with the sentence that gives its reason.

Shares, rates and gaps are written with one decimal everywhere: of a percentage, or of percentage points.
"""

from collections.abc import Callable

from t4c_lib.periods import Day, parse_period
from t4c_lib.plan import MeasureRow, RowState
from t4c_lib.plan.plan_checks import asked_text
from t4c_lib.progress.figures import Figure, amount_text, bare_amount, counts_text, interval_text
from t4c_lib.progress.status_facts import LEFT_OUT, Facts, Rule, StatusWord
from t4c_lib.progress.trajectory import Trajectory
from t4c_lib.quantities import ChangeKind, number, percent, points
from t4c_lib.whatif.target_probability import LEAST_STATED, format_chance

# Below this chance of meeting the target partners should talk about the plan and not wait. Issue 7 sets it.
LEAST_CHANCE = 0.20
EVEN_CHANCE = 0.50


def _trajectory(facts: Facts) -> Trajectory:
    """The planned trajectory. Raises TypeError where there is no target: the rules ask for one first."""
    if facts.trajectory is None:
        raise TypeError(f"{facts.row.label} has no target.")
    return facts.trajectory


def _newest(facts: Facts) -> Figure:
    """The newest figure. Raises TypeError where there is none: the rules ask for one first."""
    if facts.figure is None:
        raise TypeError(f"{facts.row.label} has no figure.")
    return facts.figure


def _goal(facts: Facts) -> str:
    return bare_amount(facts.measure, _trajectory(facts).target)


def _due(facts: Facts) -> str:
    return Day(_trajectory(facts).due).label


def _figure(facts: Facts) -> str:
    """The newest figure with what it was divided from, its period, and whose it is where it is a proxy."""
    figure, row = _newest(facts), facts.measure
    whose = f"{figure.population}, a proxy" if figure.is_proxy else ""
    counts = counts_text(row, figure)
    if row.is_closer and figure.value < 0:
        counts = counts.removeprefix("the group is ")
    inside = "; ".join(filter(None, (counts, whose)))
    return f"{amount_text(row, figure.value)}{f' ({inside})' if inside else ''} in {figure.when}"


def _newest_clause(facts: Facts) -> str:
    return "" if facts.figure is None else f"; the newest figure is {_figure(facts)}"


def _baseline(facts: Facts) -> str:
    """The baseline of a row's target (of a group, its gap), with its period."""
    row = facts.measure
    start = facts.trajectory.baseline if facts.trajectory is not None else row.baseline.value if row.baseline else 0.0
    is_share = facts.trajectory is None and row.is_closer
    return f"{percent(start) if is_share else amount_text(row, start)}{_baseline_time(row)}"


def _baseline_time(row: MeasureRow) -> str:
    period = row.baseline.period if row.baseline is not None else ""
    return f" in {parse_period(period).label}" if period else ""


def _chance_text(chance: float) -> str:
    fifth = ", less than one in five" if LEAST_STATED <= chance < LEAST_CHANCE else ""
    return f"{format_chance(chance)}{fifth}"


def _chance_clause(facts: Facts, doing: str = "meeting the target") -> str:
    """What is to be said of the chance where word and chance point different ways."""
    chance, good = facts.chance, facts.is_as_planned
    if chance is None:
        return ""
    words = f"the chance of {doing} by {_due(facts)} is"
    if good and chance < EVEN_CHANCE:
        return f", but {words} {_chance_text(chance)}"
    if not good and chance < LEAST_CHANCE:
        return f", and {words} {_chance_text(chance)}"
    return f"; even so {words} {format_chance(chance)}" if not good and chance >= EVEN_CHANCE else ""


def _end_clause(facts: Facts) -> str:
    """What is to be said where the target's date has passed without a figure of that time."""
    late = "; the target was due on {}, and there is no figure for that date yet"
    return late.format(_due(facts)) if facts.lacks_the_end else ""


def _closed(facts: Facts) -> str:
    said = f"Closed as done at the end of {facts.row.closed}"
    if facts.figure is None or facts.trajectory is None:
        return f"{said}."
    verb = "reached" if facts.is_met else "is short of"
    return f"{said}; the newest figure, {_figure(facts)}, {verb} the target of {_goal(facts)}."


def _above_comparison(facts: Facts) -> str:
    row, gap = facts.measure, facts.gap or 0.0
    share = 0.0 if row.comparison is None else row.comparison.share
    counted = counts_text(row, facts.figure).removeprefix("the group is ") if facts.figure is not None else ""
    when = f" in {facts.figure.when}" if facts.figure is not None else _baseline_time(row)
    inside = f" ({counted})" if counted else ""
    beyond = f"{points(gap, 1)} above" if number(abs(gap) * 100) != "0" else "level with"
    whose = f"The group's share, {percent(share - gap)}{inside}{when},"
    return f"{whose} is {beyond} the {percent(share)} of its comparison; it is reported without a target."


def _change(facts: Facts) -> str:
    return f" ({words})" if (words := wanted_text(facts.measure)) else ""


def wanted_text(row: MeasureRow) -> str:
    """The change that is wanted, where there is no baseline to reckon it from; empty where none is set."""
    if row.change is None:
        return ""
    if row.change.kind is ChangeKind.LEVEL:
        return f"a level of {amount_text(row, row.change.amount)}"
    return row.change.text


def _no_baseline(facts: Facts) -> str:
    missing = "figure to compare with" if facts.measure.baseline is not None else "baseline"
    return f"A target is set{_change(facts)}, but there is no {missing}{_newest_clause(facts)}."


def _impossible(facts: Facts) -> str:
    found = facts.measure.target_faults
    words = found[0][1].rstrip(".") if found else "there was no gap to close when the baseline was taken"
    return f"The target set{_change(facts)} is not possible: {words[0].lower()}{words[1:]}."


def _blank_unset(facts: Facts) -> str:
    words = asked_text(facts.measure.what)
    framework = f" (the framework asks for {words})" if words else ""
    return f"The partners have not set a target yet{framework}{_newest_clause(facts)}."


def _never_counted(facts: Facts) -> str:
    known = "" if facts.measure.baseline is None else f"; the baseline is {_baseline(facts)}"
    return f"No figure has been reported yet, and no target is set{known}."


def _target_clause(facts: Facts) -> str:
    is_ahead = _trajectory(facts).due > facts.as_of
    target = f"the target is {_goal(facts)} by" if is_ahead else f"the target of {_goal(facts)} was due on"
    return f"{target} {_due(facts)}"


def _hidden_baseline(facts: Facts) -> str:
    never = "" if facts.figure is not None or facts.has_hidden_figures else " No figure has been reported yet."
    return f"A target is set{_change(facts)}; its baseline is a small number and is not shown.{never}"


def _hidden_figures(facts: Facts) -> str:
    target = "" if facts.trajectory is None else f"; {_target_clause(facts)}"
    return f"Its figures are small numbers and are not shown{target}."


def _baseline_only(facts: Facts) -> str:
    row, trajectory = facts.measure, _trajectory(facts)
    is_over = trajectory.due <= facts.as_of
    goal = f"the target of {_goal(facts)} by {_due(facts)}"
    planned_from = bare_amount(row, trajectory.baseline)
    same = bare_amount(row, _newest(facts).value) == planned_from
    if facts.is_older_than_baseline:
        start = f"is older than the baseline of {_baseline(facts)}"
    elif same:
        start = "is for the period of the baseline and equals it"
    else:
        start = f"is for the period of the baseline, which the plan gives as {planned_from}"
    if not facts.is_met:
        rest = f"{goal} {'was to be reached' if is_over else 'is still to come'}"
    elif trajectory.target == trajectory.baseline:
        rest = f"the target {'was' if is_over else 'is'} to hold it until {_due(facts)}"
    else:
        rest = f"it is already past {goal}{'' if same else ', so the baseline needs checking'}"
    if facts.chance is not None and facts.chance < EVEN_CHANCE:
        rest = f"{rest}, and the chance of meeting it from here is {format_chance(facts.chance)}"
    return f"The newest figure, {_figure(facts)}, {start}; {rest}."


def _met(facts: Facts) -> str:
    if facts.measure.is_closer and _newest(facts).value < 0:
        start = f"The gap is closed: the group was {_figure(facts)}, and the target was a gap of {_goal(facts)}"
    else:
        start = f"At {_figure(facts)} it has reached the target of {_goal(facts)}"
    return f"{start}{_chance_clause(facts, 'still meeting it')}{_end_clause(facts)}."


def _beside_the_plan(words: str, ends: str) -> Callable[[Facts], str]:
    """The sentence of a figure compared with what was planned: "better than the 6.0% planned by then ..."."""

    def reason(facts: Facts) -> str:
        row, figure, trajectory = facts.measure, _newest(facts), _trajectory(facts)
        mark = bare_amount(row, trajectory.at(figure.day))
        just = "just " if mark == bare_amount(row, figure.value) and not words.startswith("no ") else ""
        asked = "that was due by then" if figure.day >= trajectory.due else "planned by then"
        between = "" if figure.interval is None else ends.format(interval_text(row, figure.interval))
        pair = f"; '{facts.pair}', its paired measure, is not met" if facts.is_met and facts.pair else ""
        tail = f"{between}{_chance_clause(facts)}{pair}{_end_clause(facts)}"
        return f"At {_figure(facts)} it is {just}{words} the {mark} {asked}{tail}."

    return reason


def _has_no_target(facts: Facts) -> bool:
    return facts.trajectory is None


def _is_wanted(facts: Facts) -> bool:
    return _has_no_target(facts) and facts.measure.change is not None


def _lacks_a_baseline(facts: Facts) -> bool:
    row = facts.measure
    return _is_wanted(facts) and (row.baseline is None or (row.is_closer and row.comparison is None))


def _is_blank(facts: Facts) -> bool:
    what = facts.measure.what
    return _has_no_target(facts) and (what.x is not None or what.target is not None)


_WHOLE = ", and so is its whole interval ({})"
_BY_CHANCE = ", but the difference could be due to chance (interval {})"
MEASURE_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    Rule(StatusWord.DONE, "the plan closed the row as done", lambda facts: facts.row.closed is not None, _closed),
    Rule(StatusWord.ALREADY_IN_PLACE, "the plan says that it was already in place",
         lambda facts: facts.row.state is RowState.IN_PLACE, lambda _: "It was in place before the plan began."),
    Rule(StatusWord.ABOVE_COMPARISON,
         "closer is better, there is no target, and the group is at or above its comparison",
         lambda facts: _has_no_target(facts) and facts.gap is not None and facts.gap <= 0, _above_comparison),
    Rule(StatusWord.NOT_JUDGED, "in what is published: its baseline is a small number and is not shown",
         lambda facts: facts.is_baseline_hidden, _hidden_baseline),
    Rule(StatusWord.BASELINE_MISSING,
         "a change is set, but there is no baseline (or nothing to compare with) to measure it from",
         _lacks_a_baseline, _no_baseline),
    Rule(StatusWord.DATE_MISSING, "a change is set, but no date",
         lambda facts: _is_wanted(facts) and facts.measure.due is None,
         lambda facts: f"A target is set{_change(facts)}, but no date{_newest_clause(facts)}."),
    Rule(StatusWord.NOT_POSSIBLE, "the change set is not possible", _is_wanted, _impossible),
    Rule(StatusWord.TARGET_UNSET, "no change is set, and the framework leaves a blank for it or states a target",
         _is_blank, _blank_unset),
    Rule(StatusWord.NOT_JUDGED, "there are figures, but they are small numbers and none is shown",
         lambda facts: facts.figure is None and facts.has_hidden_figures, _hidden_figures),
    Rule(StatusWord.NO_FIGURE, "there is no target, none is required, and there is no figure",
         lambda facts: _has_no_target(facts) and facts.figure is None, _never_counted),
    Rule(StatusWord.REPORTED, "there is no target and none is required: it is reported without one",
         _has_no_target, lambda facts: f"It is reported without a target; the newest figure is {_figure(facts)}."),
    Rule(StatusWord.NO_FIGURE, "there is a target, but no figure yet, whatever the baseline",
         lambda facts: facts.figure is None, lambda facts:
         f"No figure has been reported yet; the baseline is {_baseline(facts)}, and {_target_clause(facts)}."),
    Rule(StatusWord.BASELINE_ONLY,
         "no figure is newer than the baseline; if it meets the target already, the reason says so",
         lambda facts: not facts.is_newer_than_baseline, _baseline_only),
    Rule(StatusWord.MET, "the newest figure is at or past the target (for a pair of measures, both are); the reason "
         "gives the chance of still meeting it on its date if that is less than 50%",
         lambda facts: facts.is_met and not facts.pair, _met),
    Rule(StatusWord.OFF_COURSE, "the figure has an interval, and the model gives the target a chance of less than "
         f"{percent(LEAST_CHANCE, 0)}",
         lambda facts: facts.figure is not None and facts.figure.interval is not None
         and facts.chance is not None and facts.chance < LEAST_CHANCE,
         lambda facts: f"At {_figure(facts)} the chance of reaching {_goal(facts)} by {_due(facts)} is "
                       f"{_chance_text(facts.chance or 0.0)}."),
    Rule(StatusWord.AHEAD, "the figure's whole interval is better than planned for its date",
         lambda facts: facts.side > 0, _beside_the_plan("better than", _WHOLE)),
    Rule(StatusWord.OFF_COURSE, "the figure's whole interval is worse than planned for its date",
         lambda facts: facts.side < 0, _beside_the_plan("worse than", _WHOLE)),
    Rule(StatusWord.ON_COURSE, "the figure itself is as planned, or better",
         lambda facts: facts.is_as_planned, _beside_the_plan("no worse than", "")),
    Rule(StatusWord.BEHIND, "otherwise", lambda _: True, _beside_the_plan("worse than", _BY_CHANCE)),
)  # fmt: skip
