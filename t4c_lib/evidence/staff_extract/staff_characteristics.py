"""Qualifications on record and declared characteristics of the people in post at a month's end.

Qualifications are made for every month, at level 2 and above unless the breakdown names another level. Characteristics
change slowly and have many groups, so they are made for the last month of each quarter and for the newest.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract.person_months import Staff, group_figures

DEFAULT_LEVEL = 2  # of the framework's measure 1m4; a plan that names another reads the breakdown of that level
LEVELS = 8
JOINERS_LEVELS = (2, 3)  # that say who can begin what
NOT_STATED, NOT_RECORDED = "Not stated", "Not recorded"

AGE_GROUPS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65+")
_AGE_STARTS = (16, 25, 35, 45, 55, 65)


def qualifications(staff: Staff) -> Iterator[pd.DataFrame]:
    """Attainment of both populations and the number of qualified support staff, level by level.

    Who has no level on record counts as not qualified, as the framework's measure has it. Where people are in post and
    nobody's level is on record it is missing.
    """
    if "highest_qualification_level" not in staff.names.columns:
        return
    groups, people, at = staff.groups, staff.people, staff.at_people
    levels = [(ALL, DEFAULT_LEVEL), *((f"level={level}+", level) for level in range(1, LEVELS + 1))]
    for population, who in ((TRUST_WORKFORCE, ~people.leaves), (SUPPORT_STAFF, ~people.leaves & people.support)):
        everybody = groups.total(at, who)
        unknown = (everybody > 0) & (groups.total(at, who & ~np.isnan(people.level)) == 0)
        whole = np.where(unknown, np.nan, everybody)
        for breakdown, level in levels:
            holders = np.where(unknown, np.nan, groups.total(at, who & (people.level >= level)))
            made = partial(group_figures, groups, groups.every, population=population, breakdown=breakdown)
            yield made(holders, whole, series="attainment")
            if population != SUPPORT_STAFF:
                continue
            yield made(holders, series="support-qualifications")
            if breakdown != ALL and level in JOINERS_LEVELS:
                joined = groups.total(at, people.joins & people.support & (people.level >= level))
                yield made(np.where(unknown, np.nan, joined), series="joiners")


def diversity(staff: Staff) -> Iterator[pd.DataFrame]:
    """How people in post describe themselves: of all, of support staff, and of qualified support staff.

    A group is its people over all who answered. Who declined ("Not stated") and who has nothing on record ("Not
    recorded") are shown apart, over everybody: the two and those who answered make everybody.
    """
    groups, people = staff.groups, staff.people
    chosen = np.flatnonzero(~people.leaves & groups.reported[staff.at_people])
    number = np.cumsum(groups.reported) - 1
    qualified = people.support[chosen] & (people.level[chosen] >= DEFAULT_LEVEL)
    kind = people.support[chosen].astype(np.int64) + qualified  # 0 other staff, 1 support staff, 2 qualified ones
    key = number[staff.at_people[chosen]] * 3 + kind
    for name, choices, codes in _characteristics(staff):
        yield from _of_characteristic(staff, key, name, choices, codes[chosen])


def _characteristics(staff: Staff) -> Iterator[tuple[str, tuple[str, ...], NDArray[np.integer]]]:
    """Name, answers and everybody's answer; -1 where not recorded. People under 16 have an age and are in no group."""
    age = staff.people.age
    group = np.searchsorted(_AGE_STARTS, np.nan_to_num(age, nan=-1.0), side="right") - 1
    under_16 = (group < 0) & ~np.isnan(age)
    yield "age", (*AGE_GROUPS, ""), np.where(under_16, len(AGE_GROUPS), group)
    for (name, choices), codes in zip(staff.names.characteristics, staff.people.declared, strict=True):
        yield name, choices, codes


def _of_characteristic(
    staff: Staff, key: NDArray[np.int64], name: str, choices: tuple[str, ...], codes: NDArray[np.integer]
) -> Iterator[pd.DataFrame]:
    groups = staff.groups
    at_groups = np.flatnonzero(groups.reported)
    width = len(choices) + 1
    table = np.bincount(key * width + codes + 1, minlength=len(at_groups) * 3 * width).astype(np.float64)
    by_kind = table.reshape(-1, 3, width)
    answers = [at for at, choice in enumerate(choices, 1) if choice != NOT_STATED]
    shown = [at for at in answers if choices[at - 1]]
    apart = [at for at, choice in enumerate(choices, 1) if choice == NOT_STATED] + [0]
    labels = [f"{name}={choices[at - 1]}" if at else f"{name}={NOT_RECORDED}" for at in (*shown, *apart)]
    at = np.tile(at_groups, len(labels))
    label = np.repeat(np.arange(len(labels)), len(at_groups))
    counted: list[tuple[str, str, Floats]] = [
        ("local-diversity", TRUST_WORKFORCE, by_kind.sum(axis=1)),
        ("local-diversity", SUPPORT_STAFF, by_kind[:, 1:].sum(axis=1)),
    ]
    if "highest_qualification_level" in staff.names.columns:
        counted.append(("qualification-diversity", SUPPORT_STAFF, by_kind[:, 2]))
    for series, population, people in counted:
        everybody, answered = people.sum(axis=1), people[:, answers].sum(axis=1)
        silent: Mask = (everybody > 0) & (answered == 0)  # they are there and none of them answered
        part = [np.where(silent, np.nan, people[:, at]) for at in shown] + [people[:, at] for at in apart]
        whole = [np.where(silent, np.nan, answered)] * len(shown) + [everybody] * len(apart)
        yield group_figures(
            groups, at, np.concatenate(part), np.concatenate(whole),
            series=series, population=population, breakdown=labels, label=label,
        )  # fmt: skip
