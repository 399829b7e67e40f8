"""What an X comes to for one organisation: the goal in people, the planned trajectory, and the joiners it takes.

Page, report and command line all ask here, so each of them shows the same numbers.
"""

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from pydantic import RootModel

from t4c_lib.framework import ModelPath, catalogue
from t4c_lib.periods import Month, due_month
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.measure_validation import with_measure_terms
from t4c_lib.progress.target_chances import why_no_forecast
from t4c_lib.progress.trajectory import Trajectory, checkpoint_problems, trajectory_of
from t4c_lib.progress.what_if import WhatIf
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.quantities import Baseline, Reading, number, percent_pair
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif import DOING_NOTHING, LEVERS, YOUNG_JOINERS, LeverSetting, Need, Scenario
from t4c_lib.whatif.levers import WHOLE_TOLERANCE, shown_amount
from t4c_lib.whatif.outcomes_and_odds import SHARES
from t4c_lib.whatif.pipeline import CONSTANT
from t4c_lib.whatif.solve import MET

# Before the sentence of the reading that an X is most easily mistaken for, by its kind.
_READINGS = read_shipped(RootModel[dict[str, str]], __package__, "readings.yaml").root
TWINS = {kind: f"Read as {words} instead, it would go" for kind, words in _READINGS.items()}
UNDER_TEN = 10  # a month: with so few, a decimal matters


def at_best(need: Need) -> str:
    """The most that a lever alone can do: "at best 5.8%", with as few decimals as tell it from the goal."""
    usual = need.target.format_value(need.best)
    finer = percent_pair(need.best, need.target.value)[0] if need.target.is_share else usual
    return f"at best {usual if finer.rstrip('0%') == usual.rstrip('0%') else finer}"


def needed(need: Need, asked: WhatIfQuestion, scenario: Scenario) -> str:
    """What a lever has to be, all in all, for what is asked with a scenario besides; or how far it comes."""
    if need.amount is None:
        less = " with less than today" if need.best_amount < 0 else ""
        return f"can't be reached\n{at_best(need)}{less}"
    if need.method == MET or need.amount < 0:
        return "only by less than today" if need.amount < 0 else "not needed"
    if need.lever == YOUNG_JOINERS and asked.outcome in SHARES:
        return JoinersNeeded.of(asked.opened, need, scenario).text
    known = LEVERS[need.lever]
    return shown_amount(known, known.shown.amount_today(asked.opened.start.state) + (need.practical or need.amount))


class JoinersNeeded(NamedTuple):
    """Joiners aged 16 to 24 into support roles that a target takes: all of them, not only those on top of today's."""

    need: Need  #: what the lever that counts them has to be
    today: float  #: joiners aged 16 to 24 into support roles at present, a year
    expected: float  #: what they are with it, a year; with the best there is, where the target is out of reach

    @classmethod
    def of(cls, opened: WhatIf, need: Need, scenario: Scenario = DOING_NOTHING) -> "JoinersNeeded":
        """From what the lever has to be (see `t4c_lib.whatif.solve`), with what else a scenario does."""
        state, keeps_size = opened.start.state, opened.pipeline.closure == CONSTANT
        today = 12 * float(state.join_support_young)
        amount = need.best_amount if need.amount is None else need.amount
        if not keeps_size:
            return cls(need, today, max(today + amount, 0.0))
        setting = scenario.setting(YOUNG_JOINERS) or LeverSetting(YOUNG_JOINERS, 0.0, opened.acts_from)
        run = opened.run(scenario.with_setting(replace(setting, amount=amount)), need.target.month)
        flow = run.flow("support_joiners_young")[min(setting.start_month, run.months) :]
        return cls(need, today, 12 * float(flow.mean()))

    @property
    def a_year(self) -> int | None:
        """Whole people a year, rounded so that they are enough; None where the target is out of reach."""
        if self.need.amount is None:
            return None
        slack = WHOLE_TOLERANCE * max(1.0, self.expected)
        return math.floor(self.expected + slack) if self.need.amount < 0 else math.ceil(self.expected - slack)

    @property
    def text(self) -> str:
        """So many a year, and a month: "11 a year (0.9 a month)"; or that none are needed, or no number is enough."""
        if self.need.method == MET:
            return "no more"
        if self.a_year is None:
            return at_best(self.need)
        month = self.a_year / 12
        return f"{self.a_year:,} a year ({number(month, 1 if month < UNDER_TEN else 0)} a month)"


@dataclass(frozen=True, eq=False)
class TargetOutcome:
    """One X, worked out."""

    row: MeasureRow  #: of the plan, with the X
    due: Month  #: the month by whose end it is to be reached
    as_of: dt.date  #: the day
    reading: Reading  #: goal, heads (counted from today's figure) and sentence
    twin: Reading | None  #: the reading it is most easily mistaken for; None where that is impossible
    trajectory: Trajectory  #: the planned one
    checkpoint_problems: tuple[str, ...]  #: what of the row's checkpoints does not go with the X, a sentence each
    no_forecast: str = ""  #: why there is nothing to follow here, one sentence; empty where there is
    #: joiners aged 16 to 24 it takes; None without a forecast.
    joiners: JoinersNeeded | None = None

    @classmethod
    def of(
        cls, row: MeasureRow, as_of: dt.date, today: Baseline | None, opened: WhatIf | None, why_not_opened: str = ""
    ) -> Self:
        """Work out the X of a row that has a baseline, a change and a month to reach it by, on a day.

        `today` is the newest figure of its own people. Where nobody was counted by age no what-if is opened, and a
        sentence says why. Raises ChangeError: a change that doesn't fit the measure or that nobody can reach;
        InputError: a baseline or a date that can't be a target's; PeriodError: the month has passed; ValueError: it is
        not after the baseline, or something of it is not there.
        """
        baseline, change, due = row.baseline, row.change, row.due
        if baseline is None or change is None or due is None:
            raise ValueError("No target can be worked out without a baseline, an X and a month.")
        due_month(due, as_of)
        if not row.is_closer:  # of which the gap is what changes
            change.goal(baseline)
        target, trajectory = row.target, trajectory_of(row)
        if target is None or trajectory is None:
            faults = " ".join(words for _, words in row.target_faults)
            raise ValueError(faults or "No target can be worked out from this X.")
        now = None if row.is_closer else today  # a gap is no number of people
        reason, joiners = why_not_opened if opened is None else why_no_forecast(row, opened), None
        if opened is not None and not reason and catalogue().path_of(row.measure) is ModelPath.YOUNG_SHARE:
            asked = WhatIfQuestion(opened, row, due, target.goal)
            joiners = JoinersNeeded.of(opened, asked.need(DOING_NOTHING, YOUNG_JOINERS))
        return cls(
            row=row,
            due=due,
            as_of=as_of,
            reading=target.reading(now),
            twin=change.twin(with_measure_terms(target.baseline, row.measure, row.population), now),
            trajectory=trajectory,
            checkpoint_problems=tuple(checkpoint_problems(row)),
            no_forecast=reason,
            joiners=joiners,
        )

    @property
    def twin_sentence(self) -> str:
        """The reading that the X is most easily mistaken for; empty where there is none, as for a gap."""
        return f"{TWINS[self.twin.kind]} {self.twin.sentence}." if self.twin and not self.row.is_closer else ""

    @property
    def months(self) -> int:
        """Months that are left from the day on which this is said."""
        return Month.of(self.as_of).months_until(self.due)
