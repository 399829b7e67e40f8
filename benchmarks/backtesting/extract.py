"""What a made-up organisation counted, as the store would give it: the series, groups and periods of a staff extract.

Only shapes are shared with the library: names of columns and of states, and how a month is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.backtesting import settings as its
from benchmarks.backtesting.people import Organisation
from t4c_lib.evidence.observations import OBSERVATION_COLUMNS

Floats = NDArray[np.float64]
LAST_YEAR = 2025  # of the calendar; the last month told lies in it
SUPPORT, TRUST, STARTERS = "support staff", "trust workforce", "clinical support starters"
# How joiners' qualifications are told: series, population and breakdown of each level.
JOINERS_QUALIFIED = {level: ("joiners", SUPPORT, f"level={level}+") for level in (2, 3)}
YOUNG, AGED_24, OLDER = "age=16-24", "age=24", "age=25+"


@dataclass(frozen=True)
class _Told:
    """One series of one group: month by month, where it is told."""

    series: str
    population: str
    breakdown: str
    numerator: Floats
    denominator: Floats | None
    unit: str
    at: NDArray[np.int64]


def observations(organisation: Organisation, code: str = "MADE-UP") -> pd.DataFrame:
    """The table of one organisation, with the columns of the store that anything reads."""
    months = _months(organisation)
    parts = [_rows(one, months) for one in _told(organisation)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    table = pd.DataFrame(columns)
    table["organisation"], table["source"] = code, "made up"
    texts = [name for name in (*OBSERVATION_COLUMNS, "source") if name not in ("numerator", "denominator", "value")]
    return table[[*OBSERVATION_COLUMNS, "source"]].astype(dict.fromkeys(texts, "str"))


def _months(organisation: Organisation) -> NDArray[np.object_]:
    last = organisation.calendar(organisation.months - 1)
    end = 12 * LAST_YEAR + last
    numbers = range(end - its.MONTHS + 1, end + 1)
    return np.array([f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers], dtype=object)


def _told(organisation: Organisation) -> Iterator[_Told]:
    counts, every = organisation.counts, np.arange(its.MONTHS)
    nothing = np.zeros(its.MONTHS)

    def counted(name: str) -> Floats:
        return counts.get(name, nothing)

    def people(series: str, population: str, breakdown: str, values: Floats) -> _Told:
        return _Told(series, population, breakdown, values, None, "people", every)

    ages = (YOUNG, AGED_24, OLDER) if organisation.kind.knows_all else (YOUNG, OLDER)
    for population, name in ((SUPPORT, "support"), (TRUST, "trust")):
        by_age = {
            series: {age: counted(f"{series} {name} {age}") for age in (YOUNG, AGED_24, OLDER)}
            for series in ("headcount", "joiners", "leavers")
        }
        every_age = {series: found[YOUNG] + found[OLDER] for series, found in by_age.items()}
        for series, found in by_age.items():
            yield people(series, population, "all", every_age[series])
            for age in ages if series == "headcount" else (YOUNG, OLDER):
                yield people(series, population, age, found[age])
        yield _Told(
            "young-share", population, "all", by_age["headcount"][YOUNG], every_age["headcount"], "share", every
        )
        yield _turnover(population, every_age)
    headcount = counted("headcount support")
    for level in (2, 3):
        holders = counted(f"level support level={level}+")
        for breakdown in ("all", f"level={level}+") if level == 2 else (f"level={level}+",):
            yield _Told("attainment", SUPPORT, breakdown, holders, headcount, "share", every)
            yield people("support-qualifications", SUPPORT, breakdown, holders)
        if organisation.kind.knows_all:
            series, population, breakdown = JOINERS_QUALIFIED[level]
            yield people(series, population, breakdown, counted(f"joiners support level={level}+"))
    met, due = counted("certificate met"), counted("certificate due")
    yield _Told("certificate-in-12-weeks", STARTERS, "all", met, due, "share", every)
    asked = np.flatnonzero(counted("appraisal asked"))
    yes = counted("appraisal yes")[asked]
    yield _Told("appraisal-received", SUPPORT, "all", yes, counted("appraisal asked")[asked], "share", asked)
    begun, moved = _twelve(counted("apprenticeships begun")), _twelve(counted("moved")[1:])
    yield _Told("apprenticeship-starts", SUPPORT, "all", begun, None, "starts a year", every[11:])
    yield _Told("support-to-registered", SUPPORT, "all", moved, None, "people a year", every[12:])
    if organisation.kind.knows_all:
        yield people("apprentices", SUPPORT, "all", counted("apprentices"))
        yield people("staff-on-new-pathways", SUPPORT, "all", counted("pathway"))


def _turnover(population: str, totals: dict[str, Floats]) -> _Told:
    """Leavers of twelve months over the mean of those in post before the first and at the end of the last."""
    leavers, headcount = _twelve(totals["leavers"]), totals["headcount"]
    opening = np.concatenate(
        (headcount[:1] - totals["joiners"][:1] + totals["leavers"][:1], headcount[: its.MONTHS - 12])
    )
    if population == SUPPORT:
        # Moves into registered roles are neither joiners nor leavers; the first month's are too few to matter.
        opening = np.maximum(opening, 0)
    unit = "leavers per person a year"
    return _Told(
        "turnover", population, "all", leavers, (opening + headcount[11:]) / 2, unit, np.arange(11, its.MONTHS)
    )


def _twelve(values: Floats) -> Floats:
    """Sums of twelve months, from the first that has so many."""
    return np.convolve(values, np.ones(12), mode="valid")


def _rows(told: _Told, months: NDArray[np.object_]) -> dict[str, NDArray[Any]]:
    count = len(told.at)
    out_of = np.full(count, np.nan) if told.denominator is None else told.denominator
    value = told.numerator.copy() if told.denominator is None else np.full(count, np.nan)
    nobody = out_of == 0
    if told.denominator is not None:
        np.divide(told.numerator, out_of, out=value, where=~nobody)
    state = np.where(nobody, "not applicable", np.where(told.numerator == 0, "zero", "counted")).astype(object)
    texts = {"series": told.series, "population": told.population, "breakdown": told.breakdown, "unit": told.unit}
    return {
        **{name: np.full(count, text, dtype=object) for name, text in texts.items()},
        "period": months[told.at],
        "numerator": told.numerator,
        "denominator": out_of,
        "value": value,
        "state": state,
    }
