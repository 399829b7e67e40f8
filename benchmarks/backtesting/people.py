"""Made-up organisations, person by person and month by month. Shares nothing with the what-if that is tried on them.

Everybody has a month of birth, a first month, a department and a qualification. People leave by age, by length of
service, by department, by season and by what sets the year apart; posts grow, and vacancies are filled with a delay, so
that many leavers are followed by many joiners.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.backtesting import settings as its

Array = NDArray[Any]
Floats = NDArray[np.float64]
CARE, SUPPORT, REST = 0, 1, 2  # front-line care and other support; everybody else
NEVER = np.int16(32_000)
DAYS_A_MONTH = 30.4375
CERTIFICATE_DAYS = 84
POPULATIONS = ("support", "trust")


@dataclass(frozen=True)
class Year:
    """What sets the months apart, one value a month from the first month before the told ones on: logs or logits."""

    leaving: Floats
    growth: dict[str, Floats]
    young: dict[str, Floats]
    qualified: Floats
    level_3: Floats
    apprenticeships: Floats
    pathways: Floats
    achieving: Floats
    completing: Floats
    certificate: Floats
    appraisal: Floats


@dataclass
class People:
    """Those in post: one array a fact, the same place for the same person.

    Attributes:
        born, began: months since the first; born is negative.
        pool: CARE, SUPPORT or REST.
        level: 0 (below 2), 2 or 3 (and above).
        department: number.
        apprentice_until, pathway_until: month in which learning ends; NEVER for who is not learning.
        succeeds: whether that learning will be completed.
        certified: days from the first day to the Care Certificate.
        first_day: day of the first month on which they came, 0 to 29.
    """

    born: Array
    began: Array
    pool: Array
    level: Array
    department: Array
    apprentice_until: Array
    pathway_until: Array
    succeeds: Array
    certified: Array
    first_day: Array

    def __post_init__(self) -> None:
        # Small types: all of it is gone through every month.
        for one, kind in zip(fields(self), _TYPES, strict=True):
            setattr(self, one.name, getattr(self, one.name).astype(kind))

    def __len__(self) -> int:
        return len(self.born)

    def keep(self, chosen: Array) -> None:
        """Only those chosen stay."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name)[chosen])

    def add(self, others: People) -> None:
        """Others come, behind those who are there."""
        for one in fields(self):
            setattr(self, one.name, np.concatenate((getattr(self, one.name), getattr(others, one.name))))


_TYPES = (np.int16, np.int16, np.int8, np.int8, np.int8, np.int16, np.int16, np.bool_, np.int16, np.int8)


class Organisation:
    """One made-up organisation.

    Attributes:
        counts: by name, one figure a month of those told: "headcount support age=16-24", "moved", "certificate due" ...
    """

    def __init__(self, kind: its.Kind, seed: tuple[int, ...]) -> None:
        self.random = np.random.default_rng(seed)
        self.kind = kind
        self.months = its.BEFORE + its.MONTHS
        self.first_of_year = int(self.random.integers(12))  # calendar month (0: January) of month 0
        draw = self.random.normal
        support = _share(its.SUPPORT_SHARE, its.SUPPORT_SHARE_BETWEEN_ORGANISATIONS * draw())
        self.posts: dict[str, float] = {"support": kind.size * support, "rest": kind.size * (1 - support)}
        self.growth = its.GROWTH_A_YEAR + its.GROWTH_BETWEEN_ORGANISATIONS * draw()
        self.by_department = np.exp(its.DEPARTMENT_LEAVING * draw(size=its.DEPARTMENTS))
        self.year = self._year()
        self.people = self._first_people()
        self.counts: dict[str, Floats] = {}

    def run(self) -> Organisation:
        """Let the months pass; itself, with its counts."""
        for month in range(self.months):
            self._leave(month)
            self._learn(month)
            self._join(month)
            self._certificates(month)
            self._count(month)
        return self

    def calendar(self, month: int) -> int:
        """0 for January."""
        return (self.first_of_year + month) % 12

    # --- what sets organisations and years apart

    def _year(self) -> Year:
        draw = self.random.normal

        def wander(between_years: float, between_organisations: float = 0.0) -> Floats:
            return _wander(self.random, self.months, between_years) + between_organisations * draw()

        together = its.GROWTH_BETWEEN_YEARS["shared"]
        shared = _growth(self.random, self.months, together)
        pools = ("support", "rest")
        return Year(
            leaving=wander(its.LEAVING_BETWEEN_YEARS, its.LEAVING_BETWEEN_ORGANISATIONS),
            growth={p: shared + _growth(self.random, self.months, its.GROWTH_BETWEEN_YEARS[p]) for p in pools},
            young={p: wander(its.JOINERS_BETWEEN_YEARS, its.YOUNG_BETWEEN_ORGANISATIONS) for p in pools},
            qualified=wander(its.JOINERS_BETWEEN_YEARS, its.QUALIFIED_BETWEEN_ORGANISATIONS),
            level_3=wander(its.JOINERS_BETWEEN_YEARS, its.QUALIFIED_BETWEEN_ORGANISATIONS),
            apprenticeships=wander(its.STARTS_BETWEEN_YEARS, its.STARTS_BETWEEN_ORGANISATIONS),
            pathways=wander(its.STARTS_BETWEEN_YEARS, its.STARTS_BETWEEN_ORGANISATIONS),
            achieving=wander(its.COMPLETION_BETWEEN_YEARS, its.COMPLETION_BETWEEN_YEARS),
            completing=wander(its.COMPLETION_BETWEEN_YEARS, its.COMPLETION_BETWEEN_YEARS),
            certificate=wander(its.CERTIFICATE_BETWEEN_YEARS, its.CERTIFICATE_BETWEEN_ORGANISATIONS),
            appraisal=wander(its.APPRAISAL_BETWEEN_YEARS, its.APPRAISAL_BETWEEN_ORGANISATIONS),
        )

    # --- people

    def _first_people(self) -> People:
        parts = []
        for pool in ("support", "rest"):
            count = round(self.posts[pool] * (1 - its.VACANT))
            band = self.random.choice(6, count, p=np.array(its.IN_POST[pool]) / sum(its.IN_POST[pool]))
            ages = _ages(self.random, band, its.JOINERS_YOUNG[pool])
            since_16 = 12 * (ages - 15)
            service = np.minimum(self.random.exponential(96, count), since_16 * self.random.random(count))
            parts.append(self._made(pool, ages, -1 - service.astype(np.int64), 0))
        first = parts[0]
        first.add(parts[1])
        return first

    def _made(self, pool: str, ages: Array, began: Array, month: int) -> People:
        """People of an age, in years, in a month."""
        random, count = self.random, len(ages)
        young = ages < 25
        kind = np.where(random.random(count) < its.CARE, CARE, SUPPORT) if pool == "support" else np.full(count, REST)
        level = np.full(count, 3)
        if pool == "support":
            qualified = random.random(count) < _share(its.QUALIFIED, self.year.qualified[month])
            at_3 = np.where(young, its.AT_LEVEL_3_YOUNG, its.AT_LEVEL_3)
            level = np.where(
                qualified, np.where(random.random(count) < _share(at_3, self.year.level_3[month]), 3, 2), 0
            )
        spread = its.CERTIFICATE_SPREAD
        weeks = its.CERTIFICATE_WEEKS * np.exp(self.year.certificate[month])
        days = 7 * random.gamma(1 / spread**2, weeks * spread**2, count)
        days = np.where(random.random(count) < its.CERTIFICATE_NEVER, NEVER, np.minimum(np.ceil(days), 3_000))
        never = np.full(count, NEVER)
        return People(
            born=month - 12 * ages - random.integers(0, 12, count),
            began=began,
            pool=kind,
            level=level,
            department=random.integers(0, its.DEPARTMENTS, count),
            apprentice_until=never,
            pathway_until=never,
            succeeds=np.zeros(count),
            certified=days,
            first_day=random.integers(0, 30, count),
        )

    # --- a month

    def _leave(self, month: int) -> None:
        people, random = self.people, self.random
        rates = _leaving_by_age_and_service()
        age = (month - people.born) // 12
        service = np.minimum((month - people.began) // 12, 3)
        rate = rates[(people.pool == REST).astype(np.int8), np.minimum(age, its.OLDEST), service]
        rate *= self.by_department[people.department]
        rate *= its.LEAVING_BY_MONTH[self.calendar(month)] * np.exp(self.year.leaving[month]) / 12
        rate[people.pathway_until != NEVER] *= its.PATHWAY_LEAVES
        gone = (random.random(len(people), dtype=np.float32) < rate) | (age >= its.OLDEST)
        # Who completes a pathway and goes elsewhere leaves as well.
        finishing = (people.pathway_until == month) & people.succeeds & ~gone
        elsewhere = finishing & (random.random(len(people), dtype=np.float32) >= its.PATHWAY_STAYS)
        self._leave_days(month, gone)
        gone |= elsewhere
        self._tell_ages(month, "leavers", age[gone], people.pool[gone])
        people.keep(~gone)

    def _leave_days(self, month: int, gone: Array) -> None:
        """Newcomers who leave after their 84th day, which fell in this month, are among those judged."""
        people = self.people
        recent = np.flatnonzero(gone & (people.pool == CARE) & (people.began >= month - 4))
        day = self.random.integers(0, 30, len(recent))
        due = (people.began[recent] * DAYS_A_MONTH + people.first_day[recent] + CERTIFICATE_DAYS) - month * DAYS_A_MONTH
        judged = (due >= 0) & (due <= day)
        met = people.certified[recent] <= CERTIFICATE_DAYS
        self._tell(month, "certificate due", judged.sum())
        self._tell(month, "certificate met", (judged & met).sum())

    def _learn(self, month: int) -> None:
        people, random, year = self.people, self.random, self.year
        moved = (people.pathway_until == month) & people.succeeds
        support = np.flatnonzero(people.pool != REST)
        straight = support[random.random(len(support), dtype=np.float32) < its.STRAIGHT_TO_REGISTERED / 12]
        moved[straight[people.level[straight] == 3]] = True
        self._tell(month, "moved", moved.sum())
        people.pool[moved] = REST
        people.pathway_until[moved | (people.pathway_until == month)] = NEVER
        done = people.apprentice_until == month
        achieved = done & people.succeeds & (people.level < 3)
        to_3 = (people.level == 2) | (random.random(len(people), dtype=np.float32) < 0.3)
        people.level[achieved] = np.where(to_3[achieved], 3, 2)
        people.apprentice_until[done] = NEVER
        self._begin(month, people, support, year)

    def _begin(self, month: int, people: People, support: Array, year: Year) -> None:
        free = support[
            (people.apprentice_until[support] == NEVER)
            & (people.pathway_until[support] == NEVER)
            & (people.pool[support] != REST)
            & (month - people.began[support] >= 12)
        ]
        season = its.BEGINNING_BY_MONTH[self.calendar(month)] / 12
        below = free[people.level[free] < 3]
        wanted = len(support) * its.APPRENTICESHIP_STARTS * np.exp(year.apprenticeships[month]) * season
        self._apprentices(month, self._some(below, wanted))
        care = free[(people.level[free] == 3) & (people.pool[free] == CARE)]
        wanted = len(support) * its.PATHWAY_STARTS * np.exp(year.pathways[month]) * season
        begun = self._some(care, wanted)
        lasting = self.random.choice(its.PATHWAY_MONTHS[0], len(begun), p=its.PATHWAY_MONTHS[1])
        completes = self.random.random(len(begun)) < _share(its.PATHWAY_COMPLETES, year.completing[month])
        early = np.ceil(lasting * self.random.random(len(begun)))
        people.pathway_until[begun] = month + np.where(completes, lasting, early)
        people.succeeds[begun] = completes

    def _some(self, of: Array, expected: float) -> Array:
        count = min(int(self.random.poisson(expected)), len(of))
        return self.random.choice(of, count, replace=False) if count else of[:0]

    def _apprentices(self, month: int, who: Array) -> None:
        people, random = self.people, self.random
        lasting = random.integers(its.APPRENTICESHIP_MONTHS[0], its.APPRENTICESHIP_MONTHS[1] + 1, len(who))
        achieves = random.random(len(who)) < _share(its.ACHIEVES, self.year.achieving[month])
        stops = ~achieves & (random.random(len(who)) < its.STOPS_EARLY)
        people.apprentice_until[who] = month + np.where(stops, np.ceil(lasting * random.random(len(who))), lasting)
        people.succeeds[who] = achieves
        self._tell(month, "apprenticeships begun", len(who))

    def _join(self, month: int) -> None:
        random, season = self.random, self.calendar(month)
        for pool in ("support", "rest"):
            self.posts[pool] *= np.exp(self.growth / 12 + self.year.growth[pool][month])
            here = np.count_nonzero((self.people.pool == REST) == (pool == "rest"))
            vacant = max(self.posts[pool] - here, 0.0)
            count = int(random.poisson(vacant * its.FILLED_A_MONTH * its.JOINING_BY_MONTH[season]))
            share = _share(its.YOUNG_JOINERS[pool], self.year.young[pool][month])
            young = random.random(count) < min(share * its.YOUNG_BY_MONTH[season], 0.95)
            band = np.where(young, 0, 1 + random.choice(5, count, p=its.JOINERS_OLDER[pool]))
            new = self._made(pool, _ages(random, band, its.JOINERS_YOUNG[pool]), np.full(count, month), month)
            age = (month - new.born) // 12
            self._tell_ages(month, "joiners", age, new.pool)
            before = len(self.people)
            self.people.add(new)
            if pool == "support":
                for level in (2, 3):
                    self._tell(month, f"joiners support level={level}+", (new.level >= level).sum())
                as_apprentice = np.where(young, *its.JOIN_AS_APPRENTICES) > random.random(count)
                self._apprentices(month, before + np.flatnonzero(as_apprentice & (new.level < 3)))

    def _certificates(self, month: int) -> None:
        """Newcomers in care whose 84th day falls in this month and who are still there."""
        people = self.people
        recent = np.flatnonzero((people.pool == CARE) & (people.began >= month - 4))
        due = people.began[recent] * DAYS_A_MONTH + people.first_day[recent] + CERTIFICATE_DAYS - month * DAYS_A_MONTH
        judged = (due >= 0) & (due < DAYS_A_MONTH)
        self._tell(month, "certificate due", judged.sum())
        self._tell(month, "certificate met", (judged & (people.certified[recent] <= CERTIFICATE_DAYS)).sum())

    # --- counting

    def _count(self, month: int) -> None:
        if month < its.BEFORE:
            return
        people = self.people
        self._tell_ages(month, "headcount", (month - people.born) // 12, people.pool)
        support = people.pool != REST
        self._tell(month, "headcount support", support.sum())
        for level in (2, 3):
            self._tell(month, f"level support level={level}+", (support & (people.level >= level)).sum())
        self._tell(month, "apprentices", (people.apprentice_until != NEVER).sum())
        self._tell(month, "pathway", (people.pathway_until != NEVER).sum())
        if self.calendar(month) + 1 == its.SURVEY_MONTH:
            answered = int(self.random.binomial(int(support.sum()), its.SURVEY_ANSWERED))
            # The question is about the last twelve months.
            share = _share(its.APPRAISED, self.year.appraisal[month - 11 : month + 1].mean())
            self._tell(month, "appraisal asked", answered)
            self._tell(month, "appraisal yes", self.random.binomial(answered, share))

    def _tell_ages(self, month: int, what: str, age: Array, pool: Array) -> None:
        if month < its.BEFORE:
            return
        young, is_24, support = age < 25, age == 24, pool != REST
        for population, of in (("support", support), ("trust", None)):
            for label, who in (("age=16-24", young), ("age=24", is_24), ("age=25+", ~young)):
                self._tell(month, f"{what} {population} {label}", (who if of is None else who & of).sum())

    def _tell(self, month: int, what: str, count: Any) -> None:
        if month >= its.BEFORE:
            self.counts.setdefault(what, np.zeros(its.MONTHS))[month - its.BEFORE] += count


def _share(central: float | Floats, logit: float | Floats) -> Any:
    """A share moved by so much on the logit scale."""
    odds = np.asarray(central) / (1 - np.asarray(central)) * np.exp(logit)
    return odds / (1 + odds)


def _ages(random: np.random.Generator, band: Array, singles: tuple[int, ...]) -> Array:
    """Ages in years of people in bands 0 (16 to 24, by single year) to 5."""
    starts = np.array(its.AGE_STARTS)
    span = np.diff(starts)
    older = starts[band] + (random.random(len(band)) * span[band]).astype(np.int64)
    young = 16 + random.choice(9, len(band), p=np.array(singles) / sum(singles))
    return np.asarray(np.where(band == 0, young, older))


@lru_cache(maxsize=1)
def _leaving_by_age_and_service() -> Array:
    """Leaving a year: 2 pools x ages 0 to 71 x years of service 0 to 3 and more."""
    band = np.searchsorted(its.AGE_STARTS[1:-1], np.arange(its.OLDEST + 1), side="right")
    base = np.array([np.array(its.LEAVERS[pool]) / its.SERVICE_AT_AGE[pool] for pool in ("support", "rest")])
    return np.asarray(base[:, band][:, :, None] * np.array(its.LEAVING_BY_SERVICE))


def _autocorrelated(random: np.random.Generator, months: int, lasts: float) -> Floats:
    """A path that goes back to 0, with a standard deviation of 1."""
    path = np.empty(months)
    path[0] = random.normal()
    steps = random.normal(scale=np.sqrt(1 - lasts**2), size=months)
    for month in range(1, months):
        path[month] = lasts * path[month - 1] + steps[month]
    return path


def _wander(random: np.random.Generator, months: int, between_years: float) -> Floats:
    """A path whose mean of twelve months differs from that of the twelve before with this standard deviation."""
    return _autocorrelated(random, months, its.YEARS_LAST) * between_years / _of_neighbouring_years(its.YEARS_LAST)


def _growth(random: np.random.Generator, months: int, a_year: float) -> Floats:
    """Growth month by month whose sum over twelve has this standard deviation."""
    return _autocorrelated(random, months, its.GROWTH_LASTS) * a_year / _of_a_year(its.GROWTH_LASTS)


@lru_cache
def _of_neighbouring_years(lasts: float) -> float:
    weights = np.repeat([-1 / 12, 1 / 12], 12)
    return _spread(weights, lasts)


@lru_cache
def _of_a_year(lasts: float) -> float:
    return _spread(np.ones(12), lasts)


def _spread(weights: Floats, lasts: float) -> float:
    months = np.arange(len(weights))
    return float(np.sqrt(weights @ lasts ** np.abs(months[:, None] - months) @ weights))
