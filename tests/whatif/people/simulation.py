"""People of a trust followed one by one, each with chances of their own: slow, plain, and no code of the engine's.

It is written from the description of the pipeline (docs/decisions/0008-pipeline.md), not from the engine, and imports
nothing of the project: if both agree, neither has slipped. Each row of the arrays is one person. Many copies of the
same trust ("copies") live side by side so that a mean and its error can be taken over them.

A month: people leave; those under 25 who stayed may turn 25; learners whose time is up finish; people in post start to
learn; joiners arrive, who can leave from the next month on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

YOUNG, OLDER = 0, 1
AGES = ("young", "older")
NONE, LEVEL_2, LEVEL_3 = 0, 1, 2
QUALIFICATIONS = ("none", "level_2", "level_3")
IN_POST, APPRENTICE, PATHWAY, REGISTERED, REST = range(5)
KINDS = ("support", "apprentices", "pathway", "registered", "rest")
COLUMNS = ("copy", "age", "level", "kind", "until")

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """One lever: how much, from which month on, over how many months it grows to that."""

    amount: float
    start_month: int = 1
    ramp_months: int = 0

    def at(self, month: int) -> float:
        """What of it is in force in a month."""
        if month < self.start_month:
            return 0.0
        if self.ramp_months <= 1:
            return self.amount
        return self.amount * min(1.0, (month - self.start_month + 1) / self.ramp_months)


@dataclass(frozen=True)
class Trust:
    """What is simulated.

    Attributes:
        stocks: people at month 0, whole numbers, by the names of the stocks.
        flows: people a month, share of apprentices among joiners: by the names of the state's fields.
        chances: assumptions by name, each in its own unit.
        choices: levers by name.
        keeps_its_size: joiners replace leavers; otherwise joiners are given.
    """

    stocks: Mapping[str, int]
    flows: Mapping[str, float]
    chances: Mapping[str, float]
    choices: Mapping[str, Choice] = field(default_factory=dict)
    keeps_its_size: bool = False

    def lever(self, name: str, month: int) -> float:
        """What of a lever is in force in a month; 0 where nobody pulled it."""
        return self.choices[name].at(month) if name in self.choices else 0.0


@dataclass
class People:
    """A row a person: which copy of the trust, age, qualification, what they are, and until which month they learn."""

    copy: Integers
    age: Integers
    level: Integers
    kind: Integers
    until: Integers

    def __len__(self) -> int:
        return len(self.copy)

    def only(self, wanted: NDArray[np.bool_]) -> People:
        """Some of the people."""
        return People(*(getattr(self, name)[wanted] for name in COLUMNS))

    def add(self, other: People) -> None:
        """More people."""
        for name in COLUMNS:
            setattr(self, name, np.concatenate([getattr(self, name), getattr(other, name)]))

    @property
    def is_support(self) -> NDArray[np.bool_]:
        return self.kind <= PATHWAY


class Simulation:
    """Copies of a trust, month after month.

    `stocks[name]` and `flows[name]` are arrays of months + 1 (month 0 first) by copies; flows of month 0 are 0.
    """

    def __init__(self, trust: Trust, *, copies: int, months: int, seed: int) -> None:
        self.trust, self.copies, self.months = trust, copies, months
        self.chance = np.random.default_rng(seed)
        self.people = self._first_people()
        self.sizes = self._count(self.people.is_support), self._count(~self.people.is_support)
        self.stocks: dict[str, Floats] = {}
        self.flows: dict[str, Floats] = {}
        self._look(0)
        for month in range(1, months + 1):
            self._leave(month)
            self._turn_25(month)
            self._finish(month)
            self._start_learning(month)
            self._join(month)
            self._look(month)

    def _months_of(self, name: str) -> int:
        return max(1, round(self.trust.chances[name]))

    def _count(self, which: NDArray[np.bool_]) -> Integers:
        return np.bincount(self.people.copy[which], minlength=self.copies)

    def _note(self, name: str, month: int, which: NDArray[np.bool_]) -> None:
        by_month = self.flows.setdefault(name, np.zeros((self.months + 1, self.copies)))
        by_month[month] += self._count(which)

    # ---------------------------------------------------------------- month 0

    def _first_people(self) -> People:
        made: list[tuple[int, ...]] = []
        for name, number in self.trust.stocks.items():
            kind, age, *level = name.split("_", 2)
            held = QUALIFICATIONS.index(level[0]) if level else LEVEL_3
            made += [(0, AGES.index(age), held, KINDS.index(kind), 0)] * number
        one = np.array(made, dtype=np.int64)
        columns = np.tile(one, (self.copies, 1)).T.copy()
        people = People(*columns)
        people.copy = np.repeat(np.arange(self.copies), len(one))
        for learning, length in ((APPRENTICE, "apprenticeship-months"), (PATHWAY, "pathway-months")):
            learns = people.kind == learning
            # As many began in each month of the time; of those who began long ago fewer are left (or are under 25).
            months = np.arange(1, self._months_of(length) + 1)
            for group, band in ((YOUNG, "under-25"), (OLDER, "25-and-over")):
                chances = self.trust.chances
                stays = 1 - chances[f"leavers-support-{band}"] / 12
                stays *= 1 - chances["ageing-out"] if group == YOUNG else 1
                left = stays ** (months[-1] - months)
                who = learns & (people.age == group)
                people.until[who] = self.chance.choice(months, int(who.sum()), p=left / left.sum())
        return people

    # ---------------------------------------------------------------- a month

    def _leave(self, month: int) -> None:
        people, chances = self.people, self.trust.chances
        lever = self.trust.lever
        early = chances["early-leaver-share"] * lever("early-leavers", month)
        yearly = [
            chances["leavers-rest-under-25"],
            chances["leavers-rest-25-and-over"],
            chances["leavers-support-under-25"] * (1 - lever("retention-under-25", month)) * (1 - early),
            chances["leavers-support-25-and-over"] * (1 - lever("retention-25-and-over", month)) * (1 - early),
        ]
        chance = np.clip(np.array(yearly) / 12, 0.0, 1.0)[2 * people.is_support + people.age]
        self._remove(month, self.chance.random(len(people)) < chance)

    def _remove(self, month: int, leaves: NDArray[np.bool_]) -> None:
        people = self.people
        from_support = leaves & people.is_support
        self._note("support_leavers", month, from_support)
        self._note("support_leavers_young", month, from_support & (people.age == YOUNG))
        self._note("support_leavers_older", month, from_support & (people.age == OLDER))
        self._note("rest_leavers", month, leaves & ~people.is_support)
        self.people = people.only(~leaves)

    def _turn_25(self, month: int) -> None:
        people, chances = self.people, self.trust.chances
        chance = np.where(people.is_support, chances["ageing-out"], chances["ageing-out-rest"])
        turns = (people.age == YOUNG) & (self.chance.random(len(people)) < chance)
        self._note("aged_out", month, turns)
        people.age[turns] = OLDER

    def _finish(self, month: int) -> None:
        people, chances = self.people, self.trust.chances
        achieves = min(
            max(chances["apprenticeship-achievement"] + self.trust.lever("apprenticeship-completion", month), 0.0), 1.0
        )
        due = (people.kind == APPRENTICE) & (people.until == month)
        done = due & (self.chance.random(len(people)) < achieves)
        self._note("apprenticeships_completed", month, done)
        people.level[done] += 1
        people.kind[due] = IN_POST

        due = (people.kind == PATHWAY) & (people.until == month)
        done = due & (self.chance.random(len(people)) < chances["pathway-completion"])
        stays = done & (self.chance.random(len(people)) < chances["pathway-retention"])
        people.kind[due & ~done] = IN_POST
        self._note("to_registered", month, stays)
        people.kind[stays] = REGISTERED
        self._remove(month, done & ~stays)

    def _start_learning(self, month: int) -> None:
        trust = self.trust
        for kind, flow, lever, length, levels in (
            (APPRENTICE, "apprenticeship_starts", "apprenticeship-starts", "apprenticeship-months", (NONE, LEVEL_2)),
            (PATHWAY, "pathway_starts", "registered-pathway-places", "pathway-months", (LEVEL_3,)),
        ):
            wanted = max(0.0, trust.flows.get(flow, 0.0) + trust.lever(lever, month) / 12)
            people = self.people
            may = (people.kind == IN_POST) & (people.level >= levels[0]) & (people.level <= levels[-1])
            starts = self._some_of_each_copy(may, self.chance.poisson(wanted, self.copies))
            people.kind[starts] = kind
            people.until[starts] = month + self._months_of(length)
            self._note(flow, month, starts)

    def _some_of_each_copy(self, may: NDArray[np.bool_], number: Integers) -> NDArray[np.bool_]:
        """So many of those who may, in each copy, drawn by lot; all of them where there are fewer."""
        where = np.flatnonzero(may)
        copy = self.people.copy[where].astype(np.int16)
        by_copy = where[np.argsort(copy, kind="stable")]
        ends = np.cumsum(np.bincount(copy, minlength=self.copies))
        chosen = np.zeros(len(may), dtype=bool)
        for end, size, wanted in zip(ends, np.diff(ends, prepend=0), number, strict=True):
            lots = self.chance.choice(size, min(int(wanted), int(size)), replace=False)
            chosen[by_copy[end - size + lots]] = True
        return chosen

    def _join(self, month: int) -> None:
        self._join_support(month)
        self._join_rest()

    def _join_support(self, month: int) -> None:
        trust, flows, chances = self.trust, self.trust.flows, self.trust.chances
        young_today, older_today = flows.get("join_support_young", 0.0), flows.get("join_support_older", 0.0)
        today = young_today + older_today
        share_today = young_today / today if today > 0 else 0.0
        more_apprentices = trust.lever("vacancies-as-apprenticeships", month)
        of_apprentices = chances["apprentice-vacancy-young-share"]
        shift = trust.lever("young-joiners", month) + more_apprentices * (of_apprentices - share_today)
        fed, fed_young = self._fed(month), chances["feeder-young-share"]
        more_young = trust.lever("young-joiners-a-year", month) / 12
        if trust.keeps_its_size:
            vacancies = np.maximum(0, self.sizes[0] - self._count(self.people.is_support))
            share = min(max(share_today + shift, 0.0), 1.0)
            from_feeders = np.clip(fed, -vacancies, vacancies)
            posts = np.maximum(vacancies, 1)
            share_fed = np.clip(share + from_feeders / posts * (fed_young - share), 0.0, 1.0)
            young = self.chance.binomial(vacancies, np.clip(share_fed + more_young / posts, 0.0, 1.0))
            older = vacancies - young
            usual = max(float(vacancies.mean()), 1.0)
            share_joining = min(max(share + (fed * (fed_young - share) + more_young) / usual, 0.0), 1.0)
        else:
            base_young = min(max(young_today + today * shift, 0.0), today)
            rate_young = max(max(base_young + fed * fed_young, 0.0) + more_young, 0.0)
            rate_older = max(today - base_young + fed * (1 - fed_young), 0.0)
            young = self.chance.poisson(rate_young, self.copies)
            older = self.chance.poisson(rate_older, self.copies)
            total = rate_young + rate_older
            share_joining = rate_young / total if total > 0 else 0.0
        apprentices = min(max(flows.get("apprentice_joiner_share", 0.0) + more_apprentices, 0.0), 1.0)
        young_apprentices = min(max(apprentices * of_apprentices, apprentices - (1 - share_joining)), share_joining)
        chance_if = {
            YOUNG: young_apprentices / share_joining if share_joining > 0 else 0.0,
            OLDER: (apprentices - young_apprentices) / (1 - share_joining) if share_joining < 1 else 0.0,
        }
        for age, number in ((YOUNG, young), (OLDER, older)):
            self._arrive(month, age, number, chance_if[age])

    def _fed(self, month: int) -> float:
        """Starters a month whom placements, courses and ambassadors bring, over (or, negative, under) today's."""
        trust, chances = self.trust, self.trust.chances
        brought = 0.0
        for lever, today, lag, worth in (
            ("placements", "placements", "placement-months-to-start", chances["work-experience-into-nhs-job"]),
            (
                "pre-employment-courses",
                "pre_employment_courses",
                "pre-employment-months-to-start",
                chances["pre-employment-course-places"] * chances["pre-employment-into-our-job"],
            ),
            (
                "ambassadors",
                "ambassadors",
                "ambassador-months-to-start",
                chances["ambassador-contacts"] * chances["ambassador-contact-into-nhs-job"],
            ),
        ):
            doing = trust.flows.get(today, 0.0)
            then = max(doing + trust.lever(lever, month - round(chances[lag])), 0.0)
            brought += (then - doing) / 12 * worth
        return brought

    def _arrive(self, month: int, age: int, number: Integers, apprentice: float) -> None:
        copy = np.repeat(np.arange(self.copies), number)
        chances = self.trust.chances
        total = len(copy)
        learns = self.chance.random(total) < apprentice
        qualified = self.chance.random(total) < chances["joiners-qualified"]
        higher = qualified & ~learns & (self.chance.random(total) < chances["qualified-at-level-3"])
        arrived = People(
            copy=copy,
            age=np.full(total, age),
            level=np.where(higher, LEVEL_3, np.where(qualified, LEVEL_2, NONE)),
            kind=np.where(learns, APPRENTICE, IN_POST),
            until=np.where(learns, month + self._months_of("apprenticeship-months"), 0),
        )
        self.people.add(arrived)
        is_new = np.arange(len(self.people)) >= len(self.people) - total
        self._note(f"support_joiners_{AGES[age]}", month, is_new)
        self._note("apprenticeship_starts", month, is_new & (self.people.kind == APPRENTICE))

    def _join_rest(self) -> None:
        flows = self.trust.flows
        young, older = flows.get("join_rest_young", 0.0), flows.get("join_rest_older", 0.0)
        if self.trust.keeps_its_size:
            vacancies = np.maximum(0, self.sizes[1] - self._count(~self.people.is_support))
            of_young = self.chance.binomial(vacancies, young / (young + older) if young + older > 0 else 0.0)
            numbers = of_young, vacancies - of_young
        else:
            numbers = self.chance.poisson(young, self.copies), self.chance.poisson(older, self.copies)
        for age, number in zip((YOUNG, OLDER), numbers, strict=True):
            copy = np.repeat(np.arange(self.copies), number)
            nothing = np.zeros(len(copy), dtype=np.int64)
            self.people.add(People(copy, nothing + age, nothing + LEVEL_3, nothing + REST, nothing))

    # ---------------------------------------------------------------- what is seen

    def _look(self, month: int) -> None:
        people = self.people
        which = ((people.copy * len(KINDS) + people.kind) * len(QUALIFICATIONS) + people.level) * len(AGES) + people.age
        shape = (self.copies, len(KINDS), len(QUALIFICATIONS), len(AGES))
        number = np.bincount(which, minlength=int(np.prod(shape))).reshape(shape)
        for age, age_word in enumerate(AGES):
            for kind, kind_word in enumerate(KINDS):
                if kind in {IN_POST, APPRENTICE}:
                    for level, level_word in enumerate(QUALIFICATIONS):
                        self._see(f"{kind_word}_{age_word}_{level_word}", month, number[:, kind, level, age])
                else:
                    self._see(f"{kind_word}_{age_word}", month, number[:, kind, :, age].sum(axis=1))
        self._see("support", month, number[:, : PATHWAY + 1].sum(axis=(1, 2, 3)))
        self._see("support_young", month, number[:, : PATHWAY + 1, :, YOUNG].sum(axis=(1, 2)))
        self._see("trust", month, number.sum(axis=(1, 2, 3)))
        self._see("trust_young", month, number[..., YOUNG].sum(axis=(1, 2)))

    def _see(self, name: str, month: int, number: Integers) -> None:
        self.stocks.setdefault(name, np.zeros((self.months + 1, self.copies)))[month] = number
