"""Two stocks of staff in a workforce of fixed size: each leaver is replaced in the same month.

With N the establishment and p the share of joiners who are aged 16 to 24, the joiners of a month are its leavers, so

    young' = phi young + p (leave_young young + leave_older (N - young))

phi as in two_stock. The share after some months rises with p but is not linear in it, so a target is solved for by a
bracketed root search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Establishment:
    """Staff by two ages in a workforce that is kept at its size.

    Attributes:
        young: staff aged 16 to 24 at month 0.
        total: the establishment, people.
        leave_young, leave_older, age_out: chances a month, as in TwoStock.
        young_joiner_share: share of joiners who are aged 16 to 24, 0 to 1.

    Raises:
        SettingError: more young staff than staff, a negative number, or a chance outside 0 to 1; all at once.
    """

    young: float
    total: float
    leave_young: float
    leave_older: float
    age_out: float
    young_joiner_share: float

    def __post_init__(self) -> None:
        problems = check_stocks(young=self.young, total=self.total) + check_chances(
            leave_young=self.leave_young,
            leave_older=self.leave_older,
            age_out=self.age_out,
            young_joiner_share=self.young_joiner_share,
        )
        if self.young > self.total:
            problems.append(f"young ({number(self.young)}) can't be more than total ({number(self.total)})")
        if self.total == 0:
            problems.append("total is a number of people above 0")
        if problems:
            raise SettingError(problems)

    @property
    def share(self) -> float:
        """Share aged 16 to 24 at month 0."""
        return self.young / self.total

    def path(self, months: int) -> pd.DataFrame:
        """A row a month from month 0 to `months`, both included; columns as TwoStock.path; young + older is `total`."""
        check_question(0, months)
        young = self.young
        rows = [(0, young, self.total - young, self.share, 0.0, 0.0, 0.0)]
        for month in range(1, months + 1):
            young, leavers, aged_out = self._step(young)
            rows.append((month, young, self.total - young, young / self.total, leavers, leavers, aged_out))
        return pd.DataFrame(rows, columns=list(PATH_COLUMNS))

    def _step(self, young: float) -> tuple[float, float, float]:
        leave_young = self.leave_young * young
        leavers = leave_young + self.leave_older * (self.total - young)
        aged_out = (young - leave_young) * self.age_out
        return young - leave_young - aged_out + self.young_joiner_share * leavers, leavers, aged_out

    def steady(self) -> float:
        """The share aged 16 to 24 at which this settles. Where nothing moves at all it is today's share."""
        stay = (1 - self.leave_young) * (1 - self.age_out) + self.young_joiner_share * (
            self.leave_young - self.leave_older
        )
        if stay == 1:
            return self.share
        return self.young_joiner_share * self.leave_older / (1 - stay)

    def _share_after(self, months: int, young_joiner_share: float) -> float:
        setting = replace(self, young_joiner_share=young_joiner_share)
        young = setting.young
        for _ in range(months):
            young, _, _ = setting._step(young)
        return young / setting.total

    def young_joiner_share_for(self, share: float, months: int) -> Answer:
        """What share of joiners must be aged 16 to 24 so that they are `share` of the workforce after `months` months.

        `value` is that share (0 to 1), `heads` the joiners aged 16 to 24 a month that it means on average, rounded up.
        Raises SettingError for a share outside 0 to 1 or months below 0.
        """
        from scipy.optimize import brentq

        check_question(share, months)
        least, most = self._share_after(months, 0.0), self._share_after(months, 1.0)
        when = in_months(months)
        if least >= share:
            sentence = f"{percent(share)} {when} is met even if no joiner is aged 16 to 24 ({percent(least)} then)."
            return Answer(0.0, 0, True, sentence)
        if most < share:
            sentence = (
                f"{percent(share)} can't be reached {when} while the workforce stays at {number(self.total)}: if every "
                f"joiner were aged 16 to 24, it would be {percent(most)}."
            )
            return Answer(None, None, False, sentence)
        value = (
            1.0
            if most == share
            else float(
                brentq(lambda p: self._share_after(months, p) - share, 0.0, 1.0, xtol=1e-16, rtol=1e-15, maxiter=500)
            )
        )
        path = replace(self, young_joiner_share=value).path(months)
        heads = whole_people(value * float(path["joiners"].iloc[1:].mean()))
        sentence = (
            f"To reach {percent(share)} {when} with the workforce kept at {number(self.total)}, {percent(value)} "
            f"of joiners must be aged 16 to 24 (today {percent(self.young_joiner_share)}): "
            f"about {heads:,} of them a month."
        )
        return Answer(value, heads, True, sentence)
