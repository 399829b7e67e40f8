"""Where a row of a plan stands, in one word of one vocabulary, with the reason in one sentence.

A measure with an amount is looked at in this order, and the first that holds is its word:

1. target unset, baseline missing, not measured since the baseline;
2. met: the figure is at or past the target (of two measures that belong together, both are);
3. off course: the what-if models the measure, and gives the target a chance of less than 20%;
4. ahead, or off course: the whole interval of the figure is past, or short of, the agreed way;
5. on course: the figure is at or past the way;
6. behind.

A figure that no interval can be put on (sickness, plain counts) is met, on course or behind, and nothing else.
"""

from __future__ import annotations

import datetime as dt

from t4c_lib.framework import MeasureKind
from t4c_lib.periods import Day, parse_period
from t4c_lib.plan import ActionRow, MeasureRow, RowState
from t4c_lib.progress.figures import Figure
from t4c_lib.progress.tending import tended
from t4c_lib.progress.trajectory import Trajectory, is_at_or_past, trajectory_of
from t4c_lib.progress.vocabulary import RowStatus, StatusWord
from t4c_lib.progress.wording import amount_texts, interval_text
from t4c_lib.whatif.odds import chance_told

# Below this chance of meeting the target partners should talk about the plan and not wait. Issue 7 sets it.
LEAST_CHANCE = 0.20
LEAST_TO_TELL = 0.01  # below this a chance is "less than 1%"


def status(
    row: MeasureRow | ActionRow,
    as_of: dt.date,
    *,
    figure: Figure | None = None,
    trajectory: Trajectory | None = None,
    chance: float | None = None,
    pair: str = "",
) -> RowStatus:
    """Where a row stands on a day.

    Args:
        row: of the plan.
        as_of: the day.
        figure: the newest figure of a measure with an amount, known on that day.
        trajectory: the agreed way; by default the row's own.
        chance: of meeting the target from the latest figures, 0-1; None where the what-if doesn't model the measure.
        pair: name of the measure that belongs to this one and is not met; with it this one isn't met either.

    Raises:
        ValueError: a chance outside of 0 to 1.
    """
    if chance is not None and not 0 <= chance <= 1:
        raise ValueError(f"A chance lies between 0 and 1, not at {chance}.")
    if row.state is RowState.LEFT_OUT:
        return RowStatus(StatusWord.LEFT_OUT, f"Left out: {row.reason.rstrip('.')}.")
    if isinstance(row, ActionRow) or row.what.kind in (MeasureKind.EVIDENCE, MeasureKind.REVIEW):
        return tended(row, as_of)
    if not row.is_open:
        return _settled(row, chance)
    way = trajectory or trajectory_of(row)
    if way is None or row.target is None:
        return _without_target(row)
    if figure is None or _is_old(row, figure):
        since = f" since the baseline ({parse_period(row.target.baseline.period).label})" if figure else ""
        return RowStatus(StatusWord.NOT_MEASURED, f"No figure has come in{since}.", chance)
    return _measured(row, way, figure, chance, pair)


def _settled(row: MeasureRow, chance: float | None) -> RowStatus:
    if row.closed is not None:
        return RowStatus(StatusWord.MET, f"Closed as done at the end of {row.closed}.", chance)
    return RowStatus(StatusWord.ALREADY_IN_PLACE, "It was there before the plan began.", chance)


def _without_target(row: MeasureRow) -> RowStatus:
    if row.change is None:
        return RowStatus(StatusWord.TARGET_UNSET, "The partners have not set an X yet.")
    if row.is_closer and row.gap is not None and row.from_where is None:
        return RowStatus(StatusWord.TARGET_UNSET, "The group is not below those it is compared with: no gap to close.")
    if row.from_where is None:
        lacks = "share to compare with" if row.baseline is not None else "baseline"
        return RowStatus(StatusWord.BASELINE_MISSING, f"An X is set ({row.change.text}), but there is no {lacks}.")
    if row.due is None:
        return RowStatus(StatusWord.TARGET_UNSET, f"An X is set ({row.change.text}), but not by when.")
    words = row.obstacles[0][1].rstrip(".")
    return RowStatus(StatusWord.TARGET_UNSET, f"An X is set that can't be a target: {words}.")


def _is_old(row: MeasureRow, figure: Figure) -> bool:
    """Whether a figure tells nothing that wasn't known when the baseline was taken."""
    measured = row.target.baseline.period if row.target is not None else ""
    return bool(measured) and figure.day <= parse_period(measured).last_day


def _measured(row: MeasureRow, way: Trajectory, figure: Figure, chance: float | None, pair: str) -> RowStatus:
    """The word of a measure that has a target and a figure newer than the baseline."""
    is_met = way.is_met(figure.value)
    of_whom = f" (of {figure.population}, a proxy)" if figure.is_proxy else ""
    if is_met and not pair:
        value, target = amount_texts(row, figure.value, way.target)
        reason = f"At {value} in {figure.when}{of_whom} it has reached the target of {target}."
        return RowStatus(StatusWord.MET, reason, chance)
    if chance is not None and chance < LEAST_CHANCE and figure.interval is not None:
        value, target = amount_texts(row, figure.value, way.target)
        start, by = f"{value} in {figure.when}{of_whom}", Day(way.due).label
        fifth = ", less than a fifth" if chance >= LEAST_TO_TELL else ""
        reason = f"From {start} the chance of {target} by {by} is {chance_told(chance)}{fifth}."
        return RowStatus(StatusWord.OFF_COURSE, reason, chance)
    wanted = way.at(figure.day)
    word = _beside_the_way(figure, wanted, way)
    value, mark = amount_texts(row, figure.value, wanted)
    asked = "was due by then" if figure.day >= way.due else "the agreed way asks for by then"
    ends = f" ({interval_text(row, figure.interval)})" if figure.interval is not None else ""
    doubt = f", though by no more than chance can do{ends}" if ends else ""
    beside = {
        StatusWord.AHEAD: f"better than the {mark} that {asked}, and so is the whole of its interval{ends}",
        StatusWord.OFF_COURSE: f"worse than the {mark} that {asked}, and so is the whole of its interval{ends}",
        StatusWord.ON_COURSE: f"no worse than the {mark} that {asked}",
        StatusWord.BEHIND: f"worse than the {mark} that {asked}{doubt}",
    }[word]
    tail = f"; '{pair}', which goes with it, is not met" if is_met and pair else ""
    return RowStatus(word, f"At {value} in {figure.when}{of_whom} it is {beside}{tail}.", chance)


def _beside_the_way(figure: Figure, wanted: float, way: Trajectory) -> StatusWord:
    sign = 1.0 if way.better == "higher" else -1.0
    if figure.interval is not None:
        worst, best = sorted((sign * figure.interval.low, sign * figure.interval.high))
        if worst > sign * wanted:
            return StatusWord.AHEAD
        if best < sign * wanted:
            return StatusWord.OFF_COURSE
    return StatusWord.ON_COURSE if is_at_or_past(figure.value, wanted, way.better) else StatusWord.BEHIND
