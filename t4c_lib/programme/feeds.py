"""What the register and the lists say of measures, so that nobody types it twice.

catalogue.yaml and series.yaml name for each the feed that it takes (`fed_by`); here stands what each feed is.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import pandas as pd

from t4c_lib.evidence.observation_frames import observed
from t4c_lib.evidence.observations import ALL, State
from t4c_lib.framework import catalogue
from t4c_lib.framework.catalogue import other_series
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.programme.evaluation import COUNTS, NO_WORK_EXPERIENCE, PRE_EMPLOYMENT, hosted_by_course, tally_of
from t4c_lib.programme.register import TOTALS, Register, day_of

Counted = Iterator[tuple[str, float]]  # periods and values
CHOOSING = "young people choosing the NHS"
MOST_MONTHS = 60  # of a figure by month, up to the last one


class Fed:
    """The figures that a register gives for a day: of financial years and months that are over."""

    def __init__(self, register: Register) -> None:
        self.register = register
        table = tally_of(register)
        self.tally, self.run = table[table["dimension"] == ALL], hosted_by_course(register)

    def _years(self, days: Sequence[dt.date]) -> Iterator[FinancialYear]:
        """The financial years that are over and of which the record is whole, by the days of what is on record.

        The first is the one that the organisation names, or else one in whose first quarter the record began; the last
        is that of the newest day: of later years nothing is known, which is not the same as nobody.
        """
        if days:
            first = Month.of(min(days))
            year = first.financial_year if first <= first.financial_year.months[2] else first.financial_year + 1
            year = self.register.whole_from or year
            while year.last_day < self.register.day and year <= Month.of(max(days)).financial_year:
                yield year
                year += 1

    @cached_property
    def _days(self) -> list[dt.date]:
        """The first days of the placements, and of those that were forgotten the earliest."""
        forgotten = [day_of(one, "first") for one in self.register.of(TOTALS)]
        return [*forgotten, *self.register.placements["first"].dt.date]

    def of_placements(
        self, *counts: str, only: str = "", but: tuple[str, ...] = (), if_any: str = "planned"
    ) -> Counted:
        """Sums of some counts of each year, where another one is not 0."""
        mine = self.tally[~self.tally["programme"].isin(but)]
        by_year = (mine[mine["programme"] == only] if only else mine).groupby("year")[[*COUNTS]].sum()
        for year in self._years(self._days):
            if str(year) in by_year.index and by_year[if_any][str(year)]:
                yield str(year), float(by_year.loc[[str(year)], [*counts]].to_numpy().sum())

    def dated(self, kind: str, field: str, *, only: str = "", distinct: str = "") -> Counted:
        """Records of each year by one of their days (of courses, those run), of one programme, each once by a field."""
        every = (one for one in self.register.of(kind) if kind != "course" or one.ref in self.run)
        records = [one for one in every if field in one.content and only in ("", one.content.get("programme"))]
        days = [day_of(one, field) for one in records]
        for year in self._years(days):
            mine = [one for day, one in zip(days, records, strict=True) if Month.of(day).financial_year == year]
            yield str(year), float(len({one.content.get(distinct, one.ref) for one in mine}))

    def young_people_choosing(self) -> Counted:
        """Those placed here, and those of whom schools and colleges report it besides."""
        reports = self.register.of("destination")
        told = [(str(Month.of(day_of(one, "month")).financial_year), float(one.content["people"])) for one in reports]
        for year, people in self.of_placements("choosing", if_any="followed"):
            yield year, people + sum(number for reported, number in told if reported == year)

    def union_learning_reps(self) -> Counted:
        """On the last day of each month, of those who are one on it."""
        every = (one.content for one in self.register.of("representative"))
        reps = [one for one in every if one["role"] == "Union Learning Rep"]
        first = min((str(one["since"]) for one in reps), default="")
        last = Month.of(self.register.day) + -1
        begins = max(Month.of(dt.date.fromisoformat(first)), last + -MOST_MONTHS) if first else last + 1
        for month in (begins + step for step in range(begins.months_until(last) + 1)):
            day = month.last_day.isoformat()
            yield str(month), float(sum(one["since"] <= day <= one.get("until", "9999-12-31") for one in reps))


FEEDS: dict[str, Callable[[Fed], Counted]] = {
    CHOOSING: Fed.young_people_choosing,
    "Union Learning Reps": Fed.union_learning_reps,
    "work experience placements": lambda fed: fed.of_placements("hosted", but=NO_WORK_EXPERIENCE),
    "people on pre-employment courses": lambda fed: fed.of_placements("hosted", only=PRE_EMPLOYMENT),
    "people who went on from pre-employment courses": lambda fed: fed.of_placements(
        "started", "elsewhere", only=PRE_EMPLOYMENT, if_any="followed"
    ),
    "pre-employment courses": lambda fed: fed.dated("course", "starts", only=PRE_EMPLOYMENT),
    "case studies": lambda fed: fed.dated("story", "published"),
    "ambassadors trained": lambda fed: fed.dated("ambassador", "trained"),
    "ambassadors active": lambda fed: fed.dated("activity", "on", distinct="ambassador"),
}


def fed_series() -> dict[tuple[str, str, str], str]:
    """The series that the register gives figures of, by key, population and unit, each with its feed."""
    measures = {(one.series, one.population or "", one.unit): one.fed_by for one in catalogue().measures if one.fed_by}
    return measures | {(one.key, "", one.unit): one.fed_by for one in other_series().series if one.fed_by}


def fed_figures(register: Register, organisation: str, before: pd.DataFrame | None = None) -> pd.DataFrame:
    """What a register gives to series, as observations of years and months that are over; none where it has nothing.

    What it gave `before` and no longer gives is among them as missing, but for months that are too long ago.
    """
    fed, rows = Fed(register), []
    for (series, population, unit), name in fed_series().items():
        rows += [(series, population, *figure, unit) for figure in FEEDS[name](fed)]
    given = {row[:3] for row in rows}
    if before is not None:
        oldest = str(Month.of(register.day) + -1 + -MOST_MONTHS)
        is_recent = before["period"].str.contains("/") | (before["period"] >= oldest)
        told = before[is_recent & (before["state"] != State.missing)][["series", "population", "period", "unit"]]
        rows += [(*key, float("nan"), unit) for *key, unit in told.itertuples(index=False) if tuple(key) not in given]
    frame = pd.DataFrame(rows, columns=["series", "population", "period", "value", "unit"])
    counts = frame["value"].to_numpy(dtype=float)
    whose = frame.assign(organisation=organisation, breakdown=ALL)
    return observed(whose, series=frame["series"], value=counts, numerator=counts, unit=frame["unit"])
