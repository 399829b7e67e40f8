"""Qualifications on record and declared characteristics of the people in post at a month's end.

Qualifications are made for every month, at level 2 and above unless the breakdown names another level. Characteristics
change slowly and have many groups, so they are made for the last month of each quarter and for the newest.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from t4c_lib.evidence.column_checks import Floats, Mask
from t4c_lib.evidence.observations import ALL, SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.evidence.staff_extract.person_months import Staff, count_figures, share_figures

DEFAULT_LEVEL = 2  # of the framework's measure 1m4; a plan that names another reads the breakdown of that level
LEVELS = 8
JOINERS_LEVELS = (2, 3)
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
    groups, people = staff.groups, staff.people
    labels = (ALL, *(f"level={level}+" for level in range(1, LEVELS + 1)))
    levels = (DEFAULT_LEVEL, *range(1, LEVELS + 1))
    at = np.tile(groups.every, len(labels))
    label = np.repeat(np.arange(len(labels)), len(groups.keys))
    code = np.nan_to_num(people.level, nan=-1.0).astype(np.int64) + 1
    key = staff.at_people * (LEVELS + 2) + code
    for population, who in ((TRUST_WORKFORCE, ~people.leaves), (SUPPORT_STAFF, ~people.leaves & people.support)):
        table = np.bincount(key[who], minlength=len(groups.keys) * (LEVELS + 2)).astype(np.float64)
        table = table.reshape(-1, LEVELS + 2)
        everybody = table.sum(axis=1)
        unknown = (everybody > 0) & (table[:, 1:].sum(axis=1) == 0)
        holders = np.concatenate([np.where(unknown, np.nan, table[:, level + 1 :].sum(axis=1)) for level in levels])
        whole = np.tile(np.where(unknown, np.nan, everybody), len(labels))
        yield share_figures(
            groups, at, holders, whole, series="attainment", population=population, breakdown=labels, label=label
        )
        if population == SUPPORT_STAFF:
            yield count_figures(
                groups, at, holders,
                series="support-qualifications", population=population, breakdown=labels, label=label,
            )  # fmt: skip
            yield _joiners_qualified(staff, unknown)


def _joiners_qualified(staff: Staff, unknown: Mask) -> pd.DataFrame:
    """Support staff who joined in a month with a qualification, at the levels that say who can begin what."""
    groups, people = staff.groups, staff.people
    labels = tuple(f"level={level}+" for level in JOINERS_LEVELS)
    number = [
        np.where(
            unknown, np.nan, groups.total(staff.at_people, people.joins & people.support & (people.level >= level))
        )
        for level in JOINERS_LEVELS
    ]
    at = np.tile(groups.every, len(labels))
    label = np.repeat(np.arange(len(labels)), len(groups.keys))
    return count_figures(
        groups, at, np.concatenate(number),
        series="joiners", population=SUPPORT_STAFF, breakdown=labels, label=label,
    )  # fmt: skip


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
        yield share_figures(
            groups, at, np.concatenate(part), np.concatenate(whole),
            series=series, population=population, breakdown=labels, label=label,
        )  # fmt: skip
