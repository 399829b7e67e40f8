"""Where a row of a plan stands: one word of one vocabulary, by rules of which the first that holds wins.

The rules are data: `RULES` has them in their order, and docs/reference/statuses.md shows it as a table.
status_rules.yaml says for people what each asks, status_reason.txt.j2 has the sentences.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Unpack

from pydantic import RootModel

from t4c_lib.framework import MeasureKind
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, parse_period
from t4c_lib.plan import ActionRow, MeasureRow, RowState, Status
from t4c_lib.plan.plan_checks import asked_text
from t4c_lib.progress.figures import amount_text, bare_amount, counts_text, interval_text
from t4c_lib.progress.status_facts import LEFT_OUT, Facts, KnownFacts, RowStatus, Rule, StatusWord
from t4c_lib.progress.trajectory import Trajectory, trajectory_of
from t4c_lib.quantities import ChangeKind, number, percent, points
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.outcomes_and_odds import LEAST_STATED, format_chance

# Below this chance of meeting the target partners should talk about the plan and not wait. Issue 7 sets it.
LEAST_CHANCE = 0.20
EVEN_CHANCE = 0.50

_ASKED = read_shipped(RootModel[dict[str, str]], __package__, "status_rules.yaml").root


def wanted_text(row: MeasureRow) -> str:
    """The change that is wanted, where there is no baseline to reckon it from; empty where none is set."""
    if row.change is None:
        return ""
    if row.change.kind is ChangeKind.LEVEL:
        return f"a level of {amount_text(row, row.change.amount)}"
    return row.change.text


_WAYS_TO_SAY = {
    "LEAST_CHANCE": LEAST_CHANCE,
    "EVEN_CHANCE": EVEN_CHANCE,
    "LEAST_STATED": LEAST_STATED,
    "Day": Day,
    **{way.__name__: way for way in (amount_text, bare_amount, counts_text, interval_text, asked_text, wanted_text)},
    **{way.__name__: way for way in (format_chance, number, parse_period, percent, points)},
}


def _sentence(name: str, facts: Facts) -> str:
    return text_from("progress/status_reason.txt.j2", rule=name, facts=facts, **_WAYS_TO_SAY).rstrip()


def rule(word: StatusWord, name: str, holds: Callable[[Facts], bool]) -> Rule:
    """A rule that gives a word, with what the files say of it by its name."""
    return Rule(word, _ASKED[name].format(least_chance=percent(LEAST_CHANCE, 0)), holds, partial(_sentence, name))


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


def _is_unlikely(facts: Facts) -> bool:
    has_interval = facts.figure is not None and facts.figure.interval is not None
    return has_interval and facts.chance is not None and facts.chance < LEAST_CHANCE


MEASURE_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.DONE, "measure_closed", lambda facts: facts.row.closed is not None),
    rule(StatusWord.ALREADY_IN_PLACE, "measure_in_place", lambda facts: facts.row.state is RowState.IN_PLACE),
    rule(
        StatusWord.ABOVE_COMPARISON,
        "above_comparison",
        lambda facts: _has_no_target(facts) and facts.gap is not None and facts.gap <= 0,
    ),
    rule(StatusWord.NOT_JUDGED, "hidden_baseline", lambda facts: facts.is_baseline_hidden),
    rule(StatusWord.BASELINE_MISSING, "no_baseline", _lacks_a_baseline),
    rule(StatusWord.DATE_MISSING, "no_date", lambda facts: _is_wanted(facts) and facts.measure.due is None),
    rule(StatusWord.NOT_POSSIBLE, "impossible", _is_wanted),
    rule(StatusWord.TARGET_UNSET, "blank_unset", _is_blank),
    rule(StatusWord.NOT_JUDGED, "hidden_figures", lambda facts: facts.figure is None and facts.has_hidden_figures),
    rule(StatusWord.NEVER_COUNTED, "never_counted", lambda facts: _has_no_target(facts) and facts.figure is None),
    rule(StatusWord.REPORTED, "reported", _has_no_target),
    rule(StatusWord.NO_FIGURE, "no_figure", lambda facts: facts.figure is None),
    rule(StatusWord.BASELINE_ONLY, "baseline_only", lambda facts: not facts.is_newer_than_baseline),
    rule(StatusWord.MET, "met", lambda facts: facts.is_met and not facts.pair),
    rule(StatusWord.OFF_COURSE, "unlikely", _is_unlikely),
    rule(StatusWord.AHEAD, "ahead", lambda facts: facts.side > 0),
    rule(StatusWord.OFF_COURSE, "off_course", lambda facts: facts.side < 0),
    rule(StatusWord.ON_COURSE, "on_course", lambda facts: facts.is_as_planned),
    rule(StatusWord.BEHIND, "behind", lambda _: True),
)


def _follows_record(facts: Facts) -> bool:
    return facts.record.follows is not None


def _is_in_place(facts: Facts) -> bool:
    return facts.row.state is RowState.IN_PLACE


def _is_held(facts: Facts) -> bool:
    due = facts.owed_by
    return facts.last_held is not None and (due is None or facts.as_of < due.first_day)


def _is_under_way(facts: Facts) -> bool:
    return facts.row.status is Status.UNDER_WAY and not _follows_record(facts)


_OWED = (
    rule(StatusWord.OVERDUE, "owed_late", lambda facts: facts.days_late > 0),
    rule(StatusWord.DATE_MISSING, "owed_undated", lambda facts: facts.owed_by is None and not _follows_record(facts)),
    rule(StatusWord.DUE, "owed", lambda _: True),
)
EVIDENCE_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.IN_PLACE, "evidence_on_record", lambda facts: facts.record.is_done),
    rule(StatusWord.IN_PLACE, "evidence_shown", lambda facts: bool(facts.shown_by) and not _follows_record(facts)),
    rule(StatusWord.IN_PLACE, "evidence_in_place", _is_in_place),
    *_OWED,
)
REVIEW_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.IN_PLACE, "closed", lambda facts: facts.row.closed is not None),
    rule(StatusWord.IN_PLACE, "review_in_place", lambda facts: facts.last_held is None and _is_in_place(facts)),
    rule(StatusWord.IN_PLACE, "review_held", _is_held),
    *_OWED,
)
ACTION_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.ALREADY_IN_PLACE, "action_in_place", _is_in_place),
    rule(StatusWord.DONE, "action_on_record", lambda facts: facts.record.is_done),
    rule(StatusWord.DONE, "action_done", lambda facts: facts.row.is_done and not _follows_record(facts)),
    rule(StatusWord.OVERDUE, "action_late", lambda facts: facts.days_late > 0),
    rule(StatusWord.UNDER_WAY, "action_begun", lambda facts: facts.record.is_begun),
    rule(StatusWord.UNDER_WAY, "action_under_way", _is_under_way),
    rule(StatusWord.NOT_STARTED, "not_started", lambda _: True),
)
# By the kind of row, in the order in which the page shows them.
RULES: dict[str, tuple[Rule, ...]] = {
    "Measures with an amount": MEASURE_RULES,
    "Measures that something is in place": EVIDENCE_RULES,
    "Measures that something is reviewed": REVIEW_RULES,
    "Actions": ACTION_RULES,
}


def status(
    row: MeasureRow | ActionRow,
    as_of: dt.date,
    *,
    trajectory: Trajectory | None = None,
    chance: float | None = None,
    **known: Unpack[KnownFacts],
) -> RowStatus:
    """Where a row stands on a day, by what is `known` of it besides: the other fields of `Facts`.

    By default the trajectory is the row's own. A `chance` (0 to 1) of meeting the target from the latest figures is not
    kept where nothing is still to do, or the target's date has come. With a `pair` that is not met this one isn't met
    either. Raises ValueError: a chance outside of 0 to 1.
    """
    if chance is not None and not 0 <= chance <= 1:
        raise ValueError(f"A chance must be between 0 and 1, not {chance}.")
    if isinstance(row, MeasureRow):
        trajectory = trajectory or trajectory_of(row)
    is_ahead = row.is_open and trajectory is not None and trajectory.due > as_of
    return status_of(Facts(row, as_of, trajectory=trajectory, chance=chance if is_ahead else None, **known))


def status_of(facts: Facts) -> RowStatus:
    """The status by the first rule that holds."""
    row, rules = facts.row, MEASURE_RULES
    if isinstance(row, ActionRow):
        rules = ACTION_RULES
    elif row.what.kind is MeasureKind.EVIDENCE:
        rules = EVIDENCE_RULES
    elif row.what.kind is MeasureKind.REVIEW:
        rules = REVIEW_RULES
    return RowStatus(next(one for one in rules if one.holds(facts)), facts)
