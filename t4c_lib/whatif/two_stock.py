"""Two stocks of staff, aged 16 to 24 and 25 or over, month by month, with joiners given.

The order within a month: people leave, survivors aged 16 to 24 may turn 25, joiners arrive (and can leave from the next
month on). With phi = (1 - leave_young)(1 - age_out), psi = 1 - leave_older and kappa = (1 - leave_young) age_out:

    young' = phi young + join_young
    older' = psi older + kappa young + join_older

Everything is linear in the joiners, so the number that brings a share to a target by a date has one exact answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from t4c_lib.quantities import number, percent
from t4c_lib.whatif.answer import (
    PATH_COLUMNS,
    Answer,
    SettingError,
    check_chances,
    check_question,
    check_stocks,
    in_months,
    whole_people,
)
from t4c_lib.whatif.establishment import Establishment


class Steady(NamedTuple):
    """Where the stocks settle if nothing changes; infinite where they never do. `share` is the limit of the share."""

    young: float
    older: float
    share: float


@dataclass(frozen=True)
class TwoStock:
    """Staff by two ages with given joiners.

    Attributes:
        young: staff aged 16 to 24 at month 0.
        older: staff aged 25 and over at month 0.
        leave_young: chance a month that somebody aged 16 to 24 leaves.
        leave_older: the same from 25 on.
        age_out: chance a month that somebody aged 16 to 24 who stays turns 25.
        join_young: joiners aged 16 to 24 a month.
        join_older: joiners aged 25 and over a month.

    Raises:
        SettingError: a negative stock or flow, or a chance outside 0 to 1; all of them at once.
    """

    young: float
    older: float
    leave_young: float
    leave_older: float
    age_out: float
    join_young: float
    join_older: float

    def __post_init__(self) -> None:
        problems = check_stocks(
            young=self.young, older=self.older, join_young=self.join_young, join_older=self.join_older
        ) + check_chances(leave_young=self.leave_young, leave_older=self.leave_older, age_out=self.age_out)
        if problems:
            raise SettingError(problems)

    @staticmethod
    def establishment(  # noqa: PLR0917  (the same order as the class it makes)
        young: float,
        total: float,
        leave_young: float,
        leave_older: float,
        age_out: float,
        young_joiner_share: float,
    ) -> Establishment:
        """The other closure: the workforce stays at `total`, and each leaver is replaced in the same month."""
        return Establishment(young, total, leave_young, leave_older, age_out, young_joiner_share)

    @property
    def share(self) -> float:
        """Share aged 16 to 24 at month 0; 0 when nobody is in post."""
        return _share(self.young, self.older)

    def path(self, months: int) -> pd.DataFrame:
        """What happens, a row a month from month 0 (today) to `months`, both included.

        Columns: month, young, older, share (0 to 1), and the flows of the month that ends there (0 in month 0):
        joiners, leavers, aged_out. young + older changes by joiners - leavers, every month.
        """
        check_question(0, months)
        rows = [(0, self.young, self.older, self.share, 0.0, 0.0, 0.0)]
        young, older = self.young, self.older
        for month in range(1, months + 1):
            young, older, leavers, aged_out = self._step(young, older, self.join_young, self.join_older)
            joiners = self.join_young + self.join_older
            rows.append((month, young, older, _share(young, older), joiners, leavers, aged_out))
        return pd.DataFrame(rows, columns=list(PATH_COLUMNS))

    def _step(
        self, young: float, older: float, join_young: float, join_older: float
    ) -> tuple[float, float, float, float]:
        leave_young, leave_older = self.leave_young * young, self.leave_older * older
        aged_out = (young - leave_young) * self.age_out
        return (
            young - leave_young - aged_out + join_young,
            older - leave_older + aged_out + join_older,
            leave_young + leave_older,
            aged_out,
        )

    def _after(
        self, months: int, young: float, older: float, join_young: float, join_older: float
    ) -> tuple[float, float]:
        # Stepping is as exact as the closed form and needs no special case where psi is close to phi.
        for _ in range(months):
            young, older, _, _ = self._step(young, older, join_young, join_older)
        return young, older

    def steady(self) -> Steady:
        """Where the stocks settle with these joiners. A stock that only grows is infinite; its share is the limit."""
        stay_young = (1 - self.leave_young) * (1 - self.age_out)
        if stay_young == 1:
            young = math.inf if self.join_young > 0 else self.young
            ageing = 0.0
        else:
            young = self.join_young / (1 - stay_young)
            ageing = (1 - self.leave_young) * self.age_out * young
        inflow = self.join_older + ageing
        if self.leave_older > 0:
            older = inflow / self.leave_older
        elif inflow > 0:
            older = math.inf
        else:
            # Nobody joins, ages in or leaves any more; whoever turns 25 on the way there stays.
            older = self.older + self._ever_turning_25()
        if math.isinf(young) and math.isinf(older):
            return Steady(young, older, self.join_young / (self.join_young + inflow))
        if math.isinf(young) or math.isinf(older):
            return Steady(young, older, 1.0 if math.isinf(young) else 0.0)
        return Steady(young, older, _share(young, older))

    def _ever_turning_25(self) -> float:
        leaving_stock = 1 - (1 - self.leave_young) * (1 - self.age_out)
        return self.young * (1 - self.leave_young) * self.age_out / leaving_stock if leaving_stock else 0.0

    def joiners_for(self, share: float, months: int) -> Answer:
        """How many joiners aged 16 to 24 a month bring their share of the workforce to `share` after `months` months.

        The other flows stay as they are. The answer is unique because both stocks are linear in the joiners; a
        share beyond what joiners can ever bring by then is told as out of reach.
        Raises SettingError for a share outside 0 to 1 or months below 0.
        """
        check_question(share, months)
        young_without, older_without = self._after(months, self.young, self.older, 0.0, self.join_older)
        young_each, older_each = self._after(months, 0.0, 0.0, 1.0, 0.0)
        short = share * (young_without + older_without) - young_without
        if short <= 0:
            without = percent(_share(young_without, older_without))
            return Answer(
                0.0,
                0,
                True,
                f"{percent(share)} {in_months(months)} is met even if nobody aged 16 to 24 joins ({without} then).",
            )
        gain = young_each - share * (young_each + older_each)
        if gain <= 0:
            return Answer(None, None, False, self._out_of_reach(share, months, young_each, older_each))
        value = short / gain
        heads = whole_people(value)
        return Answer(value, heads, True, self._what_it_takes(share, months, heads))

    def _what_it_takes(self, share: float, months: int, heads: int) -> str:
        young, older = self._after(months, self.young, self.older, float(heads), self.join_older)
        extra = heads - self.join_young
        against = f"today it is {number(self.join_young)}"
        if abs(extra) >= 0.05:
            against += f", so {number(abs(extra))} {'more' if extra > 0 else 'fewer'}"
        return (
            f"To reach {percent(share)} {in_months(months)}, {heads:,} {'person' if heads == 1 else 'people'} aged "
            f"16 to 24 must join each month ({against}); that gives {percent(_share(young, older))}."
        )

    def _out_of_reach(self, share: float, months: int, young_each: float, older_each: float) -> str:
        if months == 0:
            today = percent(self.share)
            return f"{percent(share)} can't be reached today: the share is {today}, and nobody can join at once."
        most = percent(_share(young_each, older_each))
        return (
            f"{percent(share)} can't be reached {in_months(months)}, however many people aged 16 to 24 join: some of "
            f"them turn 25 on the way, and the share could not pass {most}."
        )


def _share(young: float, older: float) -> float:
    total = young + older
    return young / total if total > 0 else 0.0
