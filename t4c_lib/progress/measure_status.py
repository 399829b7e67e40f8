"""The rules of a status and their sentences; here those of a measure with an amount, in their order.

status_rules.yaml says for people what each asks, status_reason.txt.j2 has the sentences.
"""

from collections.abc import Callable
from functools import partial

from pydantic import RootModel

from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, parse_period
from t4c_lib.plan import MeasureRow, RowState
from t4c_lib.plan.plan_checks import asked_text
from t4c_lib.progress.figures import amount_text, bare_amount, counts_text, interval_text
from t4c_lib.progress.status_facts import LEFT_OUT, Facts, Rule, StatusWord
from t4c_lib.quantities import ChangeKind, number, percent, points
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.target_probability import LEAST_STATED, format_chance

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


def _is_level_or_above(facts: Facts) -> bool:
    return _has_no_target(facts) and facts.gap is not None and facts.gap <= 0


def _is_unlikely(facts: Facts) -> bool:
    has_interval = facts.figure is not None and facts.figure.interval is not None
    return has_interval and facts.chance is not None and facts.chance < LEAST_CHANCE


MEASURE_RULES: tuple[Rule, ...] = (
    LEFT_OUT,
    rule(StatusWord.DONE, "measure_closed", lambda facts: facts.row.closed is not None),
    rule(StatusWord.ALREADY_IN_PLACE, "measure_in_place", lambda facts: facts.row.state is RowState.IN_PLACE),
    rule(StatusWord.ABOVE_COMPARISON, "above_comparison", _is_level_or_above),
    rule(StatusWord.NOT_JUDGED, "hidden_baseline", lambda facts: facts.is_baseline_hidden),
    rule(StatusWord.BASELINE_MISSING, "no_baseline", _lacks_a_baseline),
    rule(StatusWord.DATE_MISSING, "no_date", lambda facts: _is_wanted(facts) and facts.measure.due is None),
    rule(StatusWord.NOT_POSSIBLE, "impossible", _is_wanted),
    rule(StatusWord.TARGET_UNSET, "blank_unset", _is_blank),
    rule(StatusWord.NOT_JUDGED, "hidden_figures", lambda facts: facts.figure is None and facts.has_hidden_figures),
    rule(StatusWord.NO_FIGURE, "never_counted", lambda facts: _has_no_target(facts) and facts.figure is None),
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
