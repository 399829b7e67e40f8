"""The people a workforce is compared with: residents of local authorities, each counting as much as its trust says.

A weight says how much an authority counts, whatever its size: the share of staff who live there, or of recruits that
are to come from there. The comparison is the mean of the authorities' own shares by these weights. With weights that
are the authorities' populations it is the share of all their residents together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from t4c_lib.errors import Problem, closest, refuse
from t4c_lib.evidence.observations import ALL, AUTHORITY, Organisation, State

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "local comparison population"
RESIDENT_SERIES = PEOPLE, GROUPS = "population", "census-groups"
YOUNG = "age=16-24"
WORKING_AGE = "age=16-64"
_ETHNICITY = "ethnicity="
_KNOWN = (State.counted.value, State.zero.value)


@dataclass(frozen=True)
class LocalPopulation:
    """Shares of the residents around an organisation."""

    weights: tuple[tuple[str, float], ...]  #: authority codes and how much each counts; they add up to 1
    #: people aged 16 to 24 out of those of `base`, 0-1; None where no estimates by age were loaded.
    young_share: float | None
    base: str  #: whom the share of young people is out of, as a breakdown ("age=16-64")
    ages_of: str  #: day of the estimates by age, as text; empty without them
    #: the main ethnic groups and their shares of residents of all ages, which add up to 1; empty without a census.
    groups: tuple[tuple[str, float], ...]
    groups_of: str  #: day of the census, as text; empty without one


def local_population(
    observations: pd.DataFrame, weights: Mapping[str, float], organisations: Iterable[Organisation] = ()
) -> LocalPopulation:
    """The comparison for one organisation.

    Raises InputError: no weights; a weight that is no number above 0; an authority of which nothing is known, or of
    which the other authorities' newest figures are lacking.

    `observations`: with series `population` or `census-groups`, or both, of the authorities; others are passed over.
    `weights`: code of each local authority and how much it counts: numbers above 0 on any scale. `organisations`:
    known ones, to tell a mistyped code or a name in the place of a code.
    """
    counted = observations[observations["state"].isin(_KNOWN)]
    people, census = (counted[counted["series"] == series] for series in (PEOPLE, GROUPS))
    _check(weights, set(people["organisation"]) | set(census["organisation"]), tuple(organisations))
    total = math.fsum(weights.values())
    parts = {code: weight / total for code, weight in weights.items()}
    problems: list[Problem] = []
    ages_of, ages = _newest(people, [*parts], problems)
    groups_of, groups = _newest(census, [*parts], problems)
    names = [name for name in map(str, groups) if name.startswith(_ETHNICITY)]
    for code in parts if not problems else ():
        problems += _lacking(ages, code, (YOUNG, WORKING_AGE), WORKING_AGE, ages_of)
        problems += _lacking(groups, code, names, ALL, groups_of)
    refuse(SOURCE, problems)
    import numpy as np  # a command that needs no figures is not to wait for it

    counts = [*parts.values()]
    shares = {name: float(np.average(groups[name] / groups[ALL], weights=counts)) for name in names}
    return LocalPopulation(
        weights=tuple(parts.items()),
        young_share=float(np.average(ages[YOUNG] / ages[WORKING_AGE], weights=counts)) if ages_of else None,
        base=WORKING_AGE,
        ages_of=ages_of,
        groups=tuple((name.removeprefix(_ETHNICITY), one) for name, one in shares.items() if ": " not in name),
        groups_of=groups_of,
    )


def authority_names(organisations: Iterable[Organisation]) -> dict[str, str]:
    """The name of each local authority of which figures were added, by its code."""
    return {one.code: one.name for one in organisations if one.type == AUTHORITY}


def weights_by_population(observations: pd.DataFrame, codes: Iterable[str]) -> dict[str, float]:
    """Residents of each authority, so that every resident counts alike. Raises InputError: one has no figure."""
    chosen = observations[(observations["series"] == PEOPLE) & (observations["breakdown"] == WORKING_AGE)]
    people = dict(chosen.sort_values("period")[["organisation", "value"]].itertuples(index=False, name=None))
    wanted = list(codes)
    hint = "Add the file of residents by single year of age, or give every local authority a weight."
    problems = [Problem("", f"no population figure for {code}.", hint) for code in wanted if code not in people]
    refuse(SOURCE, problems)
    return {code: float(people[code]) for code in wanted}


def _check(weights: Mapping[str, float], known: set[str], organisations: tuple[Organisation, ...]) -> None:
    problems = [] if weights else [Problem("", "no local authority given; at least one is needed.")]
    codes = {one.name.casefold(): one.code for one in organisations if one.code in known}
    for code, weight in weights.items():
        if not (math.isfinite(weight) and weight > 0):
            message = f"the weight {weight:g} is not a number above 0."
            problems.append(Problem(code, message, "Leave the authority out if it should not count."))
        if code in known:
            continue
        meant = codes.get(code.casefold())
        near = [meant] if meant else list(closest(code, known, most=1))
        hint = f"Did you mean {near[0]}?" if near else "Add the population files first: t4c evidence add FILE."
        problems.append(Problem(code, "there are no figures for this local authority.", hint))
    refuse(SOURCE, problems)


def _newest(figures: pd.DataFrame, codes: list[str], problems: list[Problem]) -> tuple[str, pd.DataFrame]:
    """The newest day of which any authority has figures, and its figures: a row for each authority, all must be there.

    A column is a breakdown. Without any figures the day is "".
    """
    chosen = figures[figures["organisation"].isin(codes)]
    day = str(chosen["period"].max()) if len(chosen) else ""
    of_day = chosen[chosen["period"] == day]
    for code in codes if day else ():
        if code not in set(of_day["organisation"]):
            what = of_day["series"].iloc[0]
            problems.append(Problem(code, f"has no {what} figures for {day}, which the others have."))
    table = of_day.pivot(index="organisation", columns="breakdown", values="value")
    return day, table.reindex(index=codes, columns=of_day["breakdown"].unique())


def _lacking(figures: pd.DataFrame, code: str, names: Iterable[str], whole: str, day: str) -> list[Problem]:
    """What an authority lacks for its shares; a figure that is not there is not taken for nobody."""
    if not day:
        return []
    own = figures.loc[code].dropna()
    if absent := [name for name in (*names, whole) if name not in own]:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        return [Problem(code, f"has no figure for {absent[0]}{more} on {day}.")]
    return [] if own[whole] else [Problem(code, f"has no people in {whole} on {day}: no share can be calculated.")]
