"""Lives at work: who is there at the start, who leaves, who comes, who moves up, month by month.

A month goes: people leave, some of those who stay move to another post, new people come. Who comes in a month cannot
leave before the next. So at every month end: people = people a month ago + started - left, for the whole and, but for
those who move into a registered post, for support staff.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
from draw import Draw, Flags, Floats, Ints, pick
from settings import POOLS, Job, Organisation, Pool, Settings

from t4c_lib.periods import Month

BAND_STARTS = np.array([25, 35, 45, 55, 65])  # where an age band ends and the next begins
OLDEST = 74
STAYS = np.iinfo(np.int64).max  # leaving day of those who have not left
EPOCH = dt.date(1970, 1, 1)


def day_number(day: dt.date) -> int:
    """Days since 1 January 1970."""
    return (day - EPOCH).days


def month_number(month: Month) -> int:
    """Months since the year 0, so that an age in months is a difference."""
    return month.year * 12 + month.month - 1


@dataclass
class History:
    """Everybody who was employed at some time, one position a person; and who was there in each month.

    Attributes:
        jobs: keys of the settings' jobs; `job` arrays hold positions in it.
        born: month of birth as `month_number`.
        start: first day at work as `day_number`.
        leave: last day, STAYS for those who have not left.
        apprentice_intake: who came with a September intake of apprentices.
        present: for each month, the positions of all who were employed at some time in it.
        job: for each month, the posts of those, at its end or on leaving.
    """

    jobs: tuple[Job, ...]
    months: tuple[Month, ...]
    born: Ints
    start: Ints
    leave: Ints
    apprentice_intake: Flags
    present: list[Ints] = field(default_factory=list)
    job: list[Ints] = field(default_factory=list)


class Simulation:
    """Runs one organisation through all months."""

    def __init__(self, settings: Settings, code: str) -> None:
        self.settings, self.code = settings, code
        self.organisation: Organisation = settings.organisations[code]
        self.keys = tuple(settings.jobs)
        self.jobs = tuple(settings.jobs.values())
        self.is_support: Flags = np.array([job.is_support for job in self.jobs])
        self.months = tuple(settings.first_month + step for step in range(settings.months))
        weights = np.array([self.organisation.jobs.get(key, 0.0) for key in self.keys])
        self.weights = {
            "support": np.where(self.is_support, weights, 0),
            "other": np.where(self.is_support, 0, weights),
        }
        self.job_now = np.empty(0, dtype=np.int64)

    def draw(self, topic: str) -> Draw:
        return Draw(self.settings.seed, self.code, topic)

    def run(self) -> History:
        """The whole history of the organisation."""
        history, people = self._begin(), self.settings.people
        leaving, moving, starting = self.draw("leaving"), self.draw("moving"), self.draw("starting")
        here = np.arange(history.born.size)
        before = {pool: self._count(here, pool) for pool in POOLS}
        for step, month in enumerate(self.months):
            gone = self._leave(history, here, month, leaving)
            stay = here[~gone]
            self._move(history, stay, month, moving)
            growth = (1 + people.vacancies) * (1 + self.organisation.growth * (step + 1) / 12)
            room = {pool: before[pool] * growth - self._count(stay, pool) for pool in POOLS}
            new = self._start(history, room, step, month, starting)
            present = np.concatenate([here, new])
            history.present.append(present)
            history.job.append(self.job_now[present])
            here = np.concatenate([stay, new])
        return history

    def _count(self, who: Ints, pool: Pool) -> int:
        support = int(np.count_nonzero(self.is_support[self.job_now[who]]))
        return support if pool == "support" else who.size - support

    def _begin(self) -> History:
        """Those in post on the last day before the first month. Posts and ages are laid out evenly, not drawn."""
        draw, people, young = self.draw("beginning"), self.settings.people, self.organisation.young
        total = self.weights["support"] + self.weights["other"]
        count = self.organisation.staff
        self.job_now = pick(list(total), (np.arange(count) + 0.5) / count)
        support = self.is_support[self.job_now]
        age = np.zeros(count, dtype=np.int64)
        for pool in POOLS:
            mine = np.flatnonzero(support if pool == "support" else ~support)
            mine = mine[np.argsort(draw.uniform(mine.size), kind="stable")]
            share = getattr(young, pool)
            bands = [share, *((1 - share) * weight for weight in people.ages_25_and_over[pool])]
            band = pick(bands, (np.arange(mine.size) + 0.5) / mine.size)
            single = 16 + draw.choose(people.young_in_post[pool], mine.size)
            age[mine] = np.where(band == 0, single, _age_in_band(band, draw))
        last = month_number(self.months[0]) - 1
        born = last - 12 * age - draw.whole(0, 11, count)
        end = day_number(self.months[0].first_day) - 1
        years = draw.along([0, 0.13, 0.32, 0.5, 0.7, 0.9, 1], [0, 1, 3, 6, 11, 20, 35], count)
        # Nobody started before 16; the young have worked here for some part of the time since.
        since_16 = (last - born) / 12 - 16
        start = end - (np.minimum(years, since_16 * draw.uniform(count)) * 365).astype(np.int64)
        return History(self.jobs, self.months, born, start, np.full(count, STAYS), np.zeros(count, dtype=np.bool_))

    def _leave(self, history: History, here: Ints, month: Month, draw: Draw) -> Flags:
        people = self.settings.people
        age = (month_number(month) - history.born[here]) // 12
        band = np.searchsorted(BAND_STARTS, age, side="right")
        support = self.is_support[self.job_now[here]]
        rates = {pool: np.array(people.leavers_a_year[pool])[band] for pool in POOLS}
        yearly: Floats = np.where(support, rates["support"], rates["other"]) * self.organisation.leaving
        chance = yearly / 12 * people.leaves_by_month[(month.month - 4) % 12]
        gone = draw.happens(chance, here.size) | (age >= OLDEST)
        first, last = day_number(month.first_day), day_number(month.last_day)
        day = np.where(draw.happens(0.5, here.size), last, draw.whole(first, last, here.size))
        history.leave[here[gone]] = day[gone]
        return gone

    def _move(self, history: History, stay: Ints, month: Month, draw: Draw) -> None:
        """Up a band, or from a senior support post into a registered one, after two years at least."""
        people = self.settings.people
        job = self.job_now[stay]
        settled = day_number(month.first_day) - history.start[stay] > 730
        after = np.array([self.keys.index(one.next) if one.next else -1 for one in self.jobs])[job]
        up = draw.happens(people.to_next_band_a_year / 12, stay.size) & settled & (after >= 0)
        senior = np.array([one.kind == "care" and not one.band.endswith(("1", "2")) for one in self.jobs])[job]
        across = draw.happens(people.to_registered_a_year / 12, stay.size) & settled & senior & ~up
        self.job_now[stay[up]] = after[up]
        self.job_now[stay[across]] = self.keys.index(self.organisation.registered)

    def _start(self, history: History, room: dict[Pool, float], step: int, month: Month, draw: Draw) -> Ints:
        people, young = self.settings.people, self.organisation.young
        season = people.starts_by_month[(month.month - 4) % 12]
        progress = step / max(1, len(self.months) - 1)
        jobs, ages, intake = [], [], []
        for pool in POOLS:
            extra = self.organisation.september_apprentices if pool == "support" and month.month == 9 else 0
            count = (
                int(max(0.0, room[pool] - extra) * min(1.0, people.filled_a_month * season) + draw.uniform(1)[0])
                + extra
            )
            first, last = getattr(young, f"{pool}_starters")
            is_young = draw.happens(first + (last - first) * progress, count)
            is_young[:extra] = True
            single = 16 + draw.choose(people.young_starters[pool], count)
            single[:extra] = np.minimum(single[:extra], 19)
            older = _age_in_band(1 + draw.choose(people.older_starters, count), draw)
            jobs.append(draw.choose(list(self.weights[pool]), count))
            ages.append(np.where(is_young, single, older))
            intake.append(np.arange(count) < extra)
        job, age = np.concatenate(jobs), np.concatenate(ages)
        count = job.size
        first_day, last_day = day_number(month.first_day), day_number(month.last_day)
        start = np.where(draw.happens(0.45, count), first_day, draw.whole(first_day, last_day, count))
        old = history.born.size
        self.job_now = np.concatenate([self.job_now, job])
        history.born = np.concatenate([history.born, month_number(month) - 12 * age - draw.whole(0, 11, count)])
        history.start = np.concatenate([history.start, start])
        history.leave = np.concatenate([history.leave, np.full(count, STAYS)])
        history.apprentice_intake = np.concatenate([history.apprentice_intake, *intake])
        return np.arange(old, old + count)


def _age_in_band(band: Ints, draw: Draw) -> Ints:
    """A whole age somewhere in each band from 1 (25-34) to 5 (65 and over, here up to 69); band 0 gives rubbish."""
    span = np.where(band == 5, 5, 10)
    return 15 + 10 * band + (draw.uniform(band.size) * span).astype(np.int64)
