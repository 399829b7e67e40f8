"""What a person brings or gains: hours, qualifications, apprenticeship, Care Certificate, what was declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from draw import Draw, Flags, Ints
from numpy.typing import NDArray
from people import STAYS, History, day_number, month_number
from settings import Organisation, Settings

Names = NDArray[np.str_]
NOTHING = np.iinfo(np.int64).min  # a day or a level that there is not

# Contracted hours. NHS England's turnover tables, October 2025: 0.86 FTE a head in support posts, 0.93 under 25.
HOURS = np.array([100, 80, 60, 75, 50, 40])
HOURS_WEIGHTS = {"young": (76, 9, 6, 3, 3, 3), "support": (58, 13, 12, 5, 7, 5), "other": (66, 13, 10, 4, 5, 2)}

# Highest qualification, levels 0 to 7, by kind of post; and how often none is on record.
LEVEL_WEIGHTS = {
    "care": (4, 10, 38, 34, 7, 3, 4, 0),
    "support": (8, 14, 38, 26, 6, 3, 5, 0),
    "registered": (0, 0, 0, 0, 2, 16, 66, 16),
    "doctor": (0, 0, 0, 0, 0, 0, 30, 70),
    "office": (0, 1, 6, 14, 12, 12, 40, 15),
}
NOT_RECORDED = 0.07

# Weeks to the Care Certificate: points of a gamma distribution with mean 11 and standard deviation 4. The average of
# the 2014 pilots was 12 (Skills for Care, as quoted on 22 March 2017); required of new starters since April 2015.
CERTIFICATE_AT = (0.0, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0)
CERTIFICATE_WEEKS = (3.5, 4.6, 6.3, 8.1, 10.5, 13.4, 16.4, 20.8, 27.0)
CERTIFICATE_NEVER = 0.08
CERTIFICATE_SINCE = int(np.datetime64("2015-04-01").astype(np.int64))

# Apprenticeships. 54.6% achieve over all sectors in England, 2022/23 (FE Week, 21 March 2024); no figure for the NHS.
STANDARDS = (
    ("Healthcare Support Worker", 2),
    ("Senior Healthcare Support Worker", 3),
    ("Business Administrator", 3),
    ("Adult Care Worker", 2),
)
YOUNG_START_AS_APPRENTICE, OLDER_START_AS_APPRENTICE = 0.22, 0.03
APPRENTICE_WHILE_EMPLOYED = 0.06  # over the years covered, not a year
ACHIEVES = 0.58

DESTINATIONS = (
    "NHS organisation", "Social care", "Other public sector", "Private sector", "Education or training",
    "Outside the UK", "Retired", "Not in work", "Not known",
)  # fmt: skip
DESTINATION_WEIGHTS = (
    (22, 6, 5, 16, 22, 1, 0, 8, 20),  # under 25
    (34, 5, 6, 17, 5, 4, 0, 8, 21),  # 25 to 54
    (16, 3, 3, 8, 0, 1, 46, 5, 18),  # 55 and over
)

ETHNICITIES = ("Asian", "Black", "Mixed", "White", "Other", "Not stated")
DECLARED: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "disability": (("Yes", "No", "Not stated"), (0.06, 0.82, 0.12)),
    "religion_or_belief": (
        ("No religion", "Buddhist", "Christian", "Hindu", "Jewish", "Muslim", "Sikh", "Other", "Not stated"),
        (0.19, 0.01, 0.43, 0.03, 0.003, 0.06, 0.01, 0.05, 0.217),
    ),
    "sexual_orientation": (
        ("Heterosexual", "Gay or lesbian", "Bisexual", "Other", "Not stated"),
        (0.79, 0.025, 0.018, 0.005, 0.162),
    ),
    "marriage_and_civil_partnership": (
        ("Married or in a civil partnership", "Neither", "Not stated"),
        (0.5, 0.44, 0.06),
    ),
}


@dataclass(frozen=True)
class Traits:
    """One position a person. Days are day numbers; NOTHING where there is no such day or level."""

    number: list[str]
    department: Ints
    hours: Ints  # hundredths of full time
    level: Ints
    certificate: Ints
    standard: Ints
    apprentice_from: Ints
    apprentice_to: Ints
    achieves: Flags
    destination: Ints
    declared: dict[str, tuple[tuple[str, ...], Ints]]


def draw_traits(settings: Settings, code: str, history: History) -> Traits:
    """The traits of everybody in a history. Each topic has its own stream of chance."""
    organisation = settings.organisations[code]

    def draw(topic: str) -> Draw:
        return Draw(settings.seed, code, topic)

    count = history.born.size
    first_job = np.zeros(count, dtype=np.int64)
    for who, job in zip(reversed(history.present), reversed(history.job), strict=True):
        first_job[who] = job
    kinds = np.array([job.kind for job in history.jobs])[first_job]
    groups = np.array([job.group for job in history.jobs])[first_job]
    support = np.array([job.is_support for job in history.jobs])[first_job]
    start_month = _month_of(history.start)
    age = (start_month - history.born) // 12
    opening = np.maximum(start_month, month_number(history.months[0]))
    young = (opening - history.born) // 12 < 25
    standard, begins, ends, achieves = _apprenticeships(
        draw("apprenticeship"), history, kinds=kinds, groups=groups, support=support, age=age
    )
    return Traits(
        number=[f"{code[-2:]}{(7919 * person + 104729) % 1000003:06d}" for person in range(count)],
        department=_departments(draw("department"), organisation, kinds, groups),
        hours=_hours(draw("hours"), young, support),
        level=_levels(draw("qualification"), kinds),
        certificate=_certificates(draw("certificate"), organisation, history, kinds),
        standard=standard,
        apprentice_from=begins,
        apprentice_to=ends,
        achieves=achieves,
        destination=_destinations(draw("destination"), history),
        declared=_declared(draw, organisation, count),
    )


def _month_of(days: Ints) -> Ints:
    return np.asarray(days, dtype="datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _departments(draw: Draw, organisation: Organisation, kinds: Names, groups: Names) -> Ints:
    """Positions in the names of the departments: care first, then estates, then the offices."""
    care = len(organisation.departments.care)
    spread = draw.whole(0, care - 1, kinds.size)
    in_office = np.isin(kinds, ["office", "support"]) & draw.happens(0.5, kinds.size)
    return np.where(groups == "Estates and Ancillary", care, np.where(in_office, care + 1, spread))


def _hours(draw: Draw, young: Flags, support: Flags) -> Ints:
    chosen = {key: draw.choose(weights, young.size) for key, weights in HOURS_WEIGHTS.items()}
    return HOURS[np.where(young, chosen["young"], np.where(support, chosen["support"], chosen["other"]))]


def _levels(draw: Draw, kinds: Names) -> Ints:
    level = np.zeros(kinds.size, dtype=np.int64)
    for kind, weights in LEVEL_WEIGHTS.items():
        chosen = draw.choose(weights, kinds.size)
        level = np.where(kinds == kind, chosen, level)
    return np.where(draw.happens(NOT_RECORDED, kinds.size), NOTHING, level)


def _certificates(draw: Draw, organisation: Organisation, history: History, kinds: Names) -> Ints:
    weeks = draw.along(CERTIFICATE_AT, CERTIFICATE_WEEKS, kinds.size) * organisation.weeks
    day = history.start + np.rint(weeks * 7).astype(np.int64)
    none = draw.happens(CERTIFICATE_NEVER, kinds.size) | (kinds != "care") | (history.start < CERTIFICATE_SINCE)
    return np.where(none | (day > history.leave), NOTHING, day)


def _apprenticeships(
    draw: Draw, history: History, *, kinds: Names, groups: Names, support: Flags, age: Ints
) -> tuple[Ints, Ints, Ints, Flags]:
    """Standard, first day, last day and whether it was achieved; who leaves before the end gives up."""
    count = kinds.size
    chance = np.where(age < 25, YOUNG_START_AS_APPRENTICE, OLDER_START_AS_APPRENTICE)
    on_starting = (draw.happens(chance, count) & support) | history.apprentice_intake
    later = draw.happens(APPRENTICE_WHILE_EMPLOYED, count) & support & ~on_starting
    opening = day_number(history.months[0].first_day) - 365
    closing = day_number(history.months[-1].last_day)
    while_employed = np.maximum(draw.whole(opening, closing, count), history.start + 90)
    begins = np.where(on_starting, history.start + draw.whole(0, 45, count), while_employed)
    achieves = draw.happens(ACHIEVES, count)
    length = draw.whole(365, 620, count)
    ends = begins + np.where(achieves, length, (length * draw.uniform(count)).astype(np.int64) + 30)
    achieves &= ends <= history.leave
    ends = np.minimum(ends, history.leave)
    none = ~(on_starting | later) | (begins >= history.leave)
    by_kind = np.where(kinds == "care", np.where(draw.happens(0.35, count), 1, 0), 2)
    standard = np.where(groups == "Direct care", 3, by_kind)
    return standard, np.where(none, NOTHING, begins), np.where(none, NOTHING, ends), achieves


def _destinations(draw: Draw, history: History) -> Ints:
    left = np.where(history.leave == STAYS, history.start, history.leave)
    age = (_month_of(left) - history.born) // 12
    chosen = [draw.choose(weights, age.size) for weights in DESTINATION_WEIGHTS]
    return np.where(age < 25, chosen[0], np.where(age < 55, chosen[1], chosen[2]))


def _declared(
    draw: Callable[[str], Draw], organisation: Organisation, count: int
) -> dict[str, tuple[tuple[str, ...], Ints]]:
    women = organisation.female
    mixes = {
        "sex": (("Female", "Male"), (women, 1 - women)),
        "ethnicity": (ETHNICITIES, organisation.ethnicity),
        **DECLARED,
    }
    return {name: (values, draw(name).choose(weights, count)) for name, (values, weights) in mixes.items()}
