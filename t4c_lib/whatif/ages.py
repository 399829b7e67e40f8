"""Staff by single year of age, year by year: what the constant chance of turning 25 only approximates.

From one year to the next, those aged x who stay are aged x + 1, and joiners of that age come on top. Nobody stays past
the oldest age. Whoever is there at the start is gone after as many years as there are ages, so from then on the stocks
are exactly the steady ones: for each age, the joiners of every younger age who have stayed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from t4c_lib.quantities import number, percent
from t4c_lib.whatif.answer import Answer, SettingError, check_chances, whole_people
from t4c_lib.whatif.values import Array

YOUNGEST_STAFF, OLDEST_YOUNG = 16, 24


@dataclass(frozen=True, eq=False)
class SingleYears:
    """Staff by single year of age.

    Attributes:
        youngest: the first age; the others follow one by one.
        staff: people at each age at year 0.
        leave: chance at each age to leave within a year; at the oldest age it counts as 1, whatever is given.
        join: joiners a year at each age, by the age they have when they are first counted.

    Raises:
        SettingError: arrays of different lengths, negative or endless numbers, chances outside 0 to 1; all at once.
    """

    youngest: int
    staff: Array
    leave: Array
    join: Array

    def __post_init__(self) -> None:
        for name in ("staff", "leave", "join"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        lengths = {name: getattr(self, name).shape for name in ("staff", "leave", "join")}
        problems = []
        if len(set(lengths.values())) > 1 or self.staff.ndim != 1 or not self.staff.size:
            sizes = ", ".join(f"{name} {' x '.join(map(str, shape)) or '1'}" for name, shape in lengths.items())
            problems.append(f"staff, leave and join need one number for each age, not {sizes}")
        for name in ("staff", "join"):
            values = getattr(self, name)
            wrong = values[~((values >= 0) & np.isfinite(values))]
            if wrong.size:
                problems.append(f"{name} is a number of people at each age, 0 or more, not {wrong[0]:g}")
        wrong = self.leave[~((self.leave >= 0) & (self.leave <= 1))]
        if wrong.size:
            problems.append(f"leave is a fraction from 0 to 1 at each age, not {wrong[0]:g}")
        if problems:
            raise SettingError(problems)

    @property
    def ages(self) -> tuple[int, ...]:
        """The ages, youngest first."""
        return tuple(range(self.youngest, self.youngest + self.staff.size))

    def after(self, years: int) -> Array:
        """People at each age after so many years."""
        if years < 0 or int(years) != years:
            raise SettingError([f"years is a whole number, 0 or more, not {years}"])
        staff = self.staff
        # Once everybody of year 0 is gone, nothing changes any more.
        for _ in range(min(years, staff.size)):
            staff = self._next(staff)
        return staff

    def _next(self, staff: Array) -> Array:
        following = self.join.copy()
        following[1:] += staff[:-1] * (1 - self.leave[:-1])
        return following

    def leavers(self, staff: Array) -> Array:
        """Of these people, those who leave within a year, by age; at the oldest age, all."""
        left = staff * self.leave
        left[-1] = staff[-1]
        return left

    def steady(self) -> Array:
        """People at each age once nobody of year 0 is left; from there on it stays so, and leavers equal joiners."""
        return self.after(self.staff.size)

    def frame(self, years: int) -> pd.DataFrame:
        """A row for each year from 0 to `years`, both included, and age. Columns: year, age, staff."""
        path = np.stack([self.after(year) for year in range(years + 1)])
        ages = np.tile(self.ages, years + 1)
        return pd.DataFrame(
            {"year": np.repeat(np.arange(years + 1), len(self.ages)), "age": ages, "staff": path.ravel()}
        )

    def share(self, staff: Array, ages: tuple[int, int] = (YOUNGEST_STAFF, OLDEST_YOUNG)) -> float:
        """Share of these people whose age lies between the two, both included; 0 where there is nobody."""
        total = float(staff.sum())
        return float(staff[self._between(ages)].sum()) / total if total > 0 else 0.0

    def _between(self, ages: tuple[int, int]) -> slice:
        return slice(max(ages[0] - self.youngest, 0), max(ages[1] + 1 - self.youngest, 0))

    def recruits_for(
        self,
        share: float,
        profile: Mapping[int, float],
        years: int | None = None,
        ages: tuple[int, int] = (YOUNGEST_STAFF, OLDEST_YOUNG),
    ) -> Answer:
        """How many more recruits a year bring the people of some ages to a share of all.

        Stocks are linear in the joiners, so the answer is exact and the only one.

        Args:
            share: to be reached, 0 to 1.
            profile: age -> share of the recruits who join at that age; the shares need not add up to 1.
            years: by when; None for the steady state.
            ages: first and last age of the group, both included.

        Returns:
            recruits a year on top of `join`; 0 if none are needed, None if no number of them is enough.

        Raises:
            SettingError: a share outside 0 to 1, a profile of ages there are not, or years that can't be.
        """
        problems = check_chances(share=share)
        problems += [
            f"the profile names age {age}; ages go from {self.ages[0]} to {self.ages[-1]}"
            for age in profile
            if age not in self.ages
        ]
        if problems:
            raise SettingError(problems)
        horizon = self.staff.size if years is None else years
        recruits = np.array([profile.get(age, 0.0) for age in self.ages], dtype=np.float64)
        nobody = np.zeros_like(self.staff)
        without = self.after(horizon)
        each = replace(self, staff=nobody, join=recruits).after(horizon)
        group = self._between(ages)
        short = share * without.sum() - without[group].sum()
        gain = float(each[group].sum() - share * each.sum())
        when = "in the long run" if years is None else f"in {years} year{'' if years == 1 else 's'}"
        if short <= 0:
            reached = percent(self.share(without, ages))
            return Answer(0.0, 0, True, f"{percent(share)} {when} is met without more recruits ({reached} then).")
        if gain <= 0:
            most = percent(self.share(each, ages))
            return Answer(
                None,
                None,
                False,
                f"{percent(share)} {when} is out of reach of such recruits: they bring {most} at most.",
            )
        value = float(short) / gain
        heads = whole_people(value)
        reached = percent(self.share(without + heads * each, ages))
        return Answer(
            value,
            heads,
            True,
            f"To reach {percent(share)} {when}, {number(heads)} more recruits a year are needed; that gives {reached}.",
        )
