"""The workforce compared with the local population: for each group its share of staff, of residents, and the gap."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from t4c_lib.evidence import LocalPopulation, Organisation, local_population, weights_by_population
from t4c_lib.evidence.breakdowns import breakdown_of
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE, State
from t4c_lib.framework import catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.plan.plan import LocalAuthority
from t4c_lib.progress.derived_series import KNOWN
from t4c_lib.progress.figures import wilson
from t4c_lib.quantities import number, percent, points

NOT_STATED, NOT_RECORDED = "Not stated", "Not recorded"


@dataclass(frozen=True)
class GroupGap:
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


@dataclass(frozen=True)
class Representation:
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
