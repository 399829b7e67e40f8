"""What an X comes to for one organisation: the goal in people, the way there, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from t4c_lib.periods import Month
from t4c_lib.progress.starting import StartingPoint
from t4c_lib.progress.trajectory import straight_trajectory
from t4c_lib.quantities import Baseline, Change, Reading
from t4c_lib.whatif import Answer, TwoStock


@dataclass(frozen=True, eq=False)
class Outcome:
    """One X, worked out.

    Attributes:
        change: the X as set.
        due: the month by whose end it is to be reached.
        months: how many months that is from the newest count.
        reading: goal, heads and sentence.
        twin: the reading it is most easily mistaken for; None where that is impossible.
        joiners: how many joiners aged 16 to 24 a month it takes if the workforce may grow.
        joiner_share: what share of joiners must be aged 16 to 24 if the workforce keeps its size.
        joiners_today: joiners aged 16 to 24 a month at present.
        drift: month and value if nothing changes.
        way: month and value of the straight way to the goal.
    """

    change: Change
    due: Month
    months: int
    reading: Reading
    twin: Reading | None
    joiners: Answer
    joiner_share: Answer
    joiners_today: float
    drift: pd.DataFrame
    way: pd.DataFrame


def outcome(start: StartingPoint, baseline: Baseline, change: Change, due: Month) -> Outcome:
    """Work an X out.

    Args:
        start: where the what-if starts; its month is the first of both lines.
        baseline: what the change is reckoned from.
        change: the X.
        due: a month after `start.month`.

    Raises:
        ChangeError: a change that doesn't fit the measure or that nobody can reach.
        ValueError: `due` is not after the start.
    """
    reading = change.reading(baseline)
    months = start.month.months_until(due)
    way = straight_trajectory(start.month, start.model.share, due, reading.goal)
    path = start.model.path(months)
    model = start.model
    joiners = model.join_young + model.join_older
    kept = TwoStock.establishment(
        model.young,
        model.young + model.older,
        model.leave_young,
        model.leave_older,
        model.age_out,
        model.join_young / joiners if joiners else 0.0,
    )
    return Outcome(
        change=change,
        due=due,
        months=months,
        reading=reading,
        twin=change.twin(baseline),
        joiners=model.joiners_for(reading.goal, months),
        joiner_share=kept.young_joiner_share_for(reading.goal, months),
        joiners_today=model.join_young,
        drift=way.assign(value=path["share"].to_numpy()),
        way=way,
    )
