"""The workforce compared with the local population: for each group its share of staff, of residents, and the gap.

Residents are of local authorities, each counting as much as its weight says, whatever its size: the share of staff who
live there, or of recruits that are to come from there. The comparison is the mean of the authorities' own shares by
these weights; with weights that are their populations it is the share of all their residents together.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from t4c_lib.errors import Problem, closest, refuse
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.breakdowns import breakdown_of
from t4c_lib.evidence.observations import ALL, AUTHORITY, SUPPORT_STAFF, TRUST_WORKFORCE, State
from t4c_lib.framework import catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.plan.plan import LocalAuthority
from t4c_lib.progress.figures import wilson
from t4c_lib.progress.turnover_and_derived_series import KNOWN
from t4c_lib.quantities import number, percent, points

SOURCE = "local comparison population"
RESIDENT_SERIES = PEOPLE, GROUPS = "population", "census-groups"
YOUNG = "age=16-24"
WORKING_AGE = "age=16-64"
_ETHNICITY = "ethnicity="


class LocalPopulation(NamedTuple):
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
    counted = observations[observations["state"].isin(KNOWN)]
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
    refuse(SOURCE, [Problem("", f"no population figure for {code}.", hint) for code in wanted if code not in people])
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
        hint = (
            f"Did you mean {near[0]}?" if near else "Add the files of residents first, on Home under Bring figures in."
        )
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


NOT_STATED, NOT_RECORDED = "Not stated", "Not recorded"


class GroupGap(NamedTuple):
    """One group among staff and among residents. Shares are fractions."""

    breakdown: str  #: the group as observations name it ("ethnicity=Asian")
    people: float | None  #: of the group among staff who answered; None where that is not known, as in all that follow
    answered: float | None  #: staff who answered the question
    staff: float | None  #: share of the group among them
    low: float | None  #: the lower end of Wilson's 95% interval for that share
    high: float | None  #: its upper end
    residents: float  #: share of the group among residents
    state: State  #: of the staff figure

    @property
    def gap(self) -> float | None:
        """Share of residents less share of staff: above 0 where the workforce has fewer of the group."""
        return None if self.staff is None else self.residents - self.staff


class Representation(NamedTuple):
    """A workforce compared with local residents by one characteristic."""

    characteristic: str  #: "age" or "ethnicity"
    population: str  #: the staff
    period: str  #: of their figures
    residents_of: str  #: day of the residents' figures
    gaps: tuple[GroupGap, ...]  #: group by group
    not_stated: float | None  #: staff who declined to answer; None where that is not known
    not_recorded: float | None  #: staff of whom nothing is on record; likewise
    everybody: float | None  #: staff in all, with or without an answer; likewise
    note: str  #: how far the two can be compared


def compare_with_residents(
    observations: pd.DataFrame, residents: LocalPopulation, population: str = TRUST_WORKFORCE
) -> tuple[Representation, ...]:
    """The workforce compared with its local population, by age and by ethnicity, each where it is known of both."""
    by_group = observations["series"] == catalogue().by_group.series
    of = observations[by_group & (observations["population"] == population)]
    sides: list[tuple[str, dict[str, float], str, str]] = []
    if residents.young_share is not None:
        ages = residents.base.partition("=")[2].replace("-", " to ")
        everybody = f"residents aged {ages}" if ages else "residents of all ages"
        note = f"Residents aged 16 to 24 are a share of {everybody}; staff of all staff whose age is known."
        sides.append(("age", {"age=16-24": residents.young_share}, residents.ages_of, note))
    if residents.groups:
        note = "Residents are people of all ages in the census; those of working age may differ."
        groups = {breakdown_of(f"ethnicity: {name}"): share for name, share in residents.groups}
        sides.append(("ethnicity", groups, residents.groups_of, note))
    compared = []
    for characteristic, shares, day, note in sides:
        own = of[of["breakdown"].str.startswith(f"{characteristic}=")]
        if len(own):
            period = str(max(own["period"], key=lambda text: parse_period(text).last_day))
            silent = [f"{characteristic}={name}" for name in (NOT_STATED, NOT_RECORDED)]
            newest = own[own["period"] == period].set_index("breakdown").reindex([*shares, *silent])
            rows = newest.astype(object).where(newest.notna(), None).to_dict("index")  # None for what is not known
            declined, unrecorded = (rows[name] for name in silent)
            compared.append(
                Representation(
                    characteristic=characteristic,
                    population=population,
                    period=period,
                    residents_of=day,
                    gaps=tuple(_gap(name, rows[name], share) for name, share in shares.items()),
                    not_stated=declined["numerator"],
                    not_recorded=unrecorded["numerator"],
                    everybody=unrecorded["denominator"],
                    note=note,
                )
            )
    return tuple(compared)


def compare_with_authorities(
    staff: pd.DataFrame,
    residents: pd.DataFrame,
    authorities: Sequence[LocalAuthority],
    organisations: Iterable[Organisation] = (),
) -> tuple[LocalPopulation, tuple[Representation, ...]]:
    """The residents of these local authorities, and the whole workforce and the support staff compared with them.

    At least one authority; where they have no weights each counts by its residents. Raises InputError: as in
    `local_population`, whose organisations these are, and where residents are not known and are to be the weights.
    """
    given = {one.code: one.weight for one in authorities if one.weight is not None}
    weights = given or weights_by_population(residents, [one.code for one in authorities])
    around = local_population(residents, weights, organisations)
    compared = [compare_with_residents(staff, around, whom) for whom in (TRUST_WORKFORCE, SUPPORT_STAFF)]
    return around, tuple(one for of_population in compared for one in of_population)


def _gap(breakdown: str, row: Mapping[Hashable, Any], residents: float) -> GroupGap:
    state = State(row["state"] or State.missing)
    if state not in KNOWN:
        return GroupGap(breakdown, None, None, None, None, None, residents, state)
    people, answered = row["numerator"], row["denominator"]
    low, high = map(float, wilson(people, answered)) if people is not None and answered else (None, None)
    return GroupGap(breakdown, people, answered, row["value"], low, high, residents, state)


def format_representation(one: Representation) -> str:
    """One comparison as people read it, a line for each group, and behind them those who did not say."""
    when, day = (parse_period(period).label for period in (one.period, one.residents_of))
    ways = {"number": number, "percent": percent, "points": points}
    return text_from("progress/representation.txt.j2", one=one, when=when, day=day, **ways).rstrip()
