"""The only way from exact figures to published ones.

Counts of people are hidden or rounded, shares and rates worked out anew from the rounded counts; then an audit asks
what a reader can still work out of the hidden counts by adding and subtracting, and where that leaves too few values
the groups of that table are left out, so that only their whole is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from t4c_lib.disclosure import relations, suppression_policy
from t4c_lib.disclosure.intruder import days_of_few, narrow_counts
from t4c_lib.disclosure.possible_values import UNKNOWN_TOP, CountSystem, narrowed, possible_values
from t4c_lib.disclosure.relations import ALL, DENOMINATOR, KEY, NUMERATOR, Counts, Name, SeriesSums
from t4c_lib.disclosure.suppression_policy import HIDDEN, LEFT_OUT, ROUNDED_TO, SMALL_BASE, TREATMENT, Policy

SUPPRESSED = "suppressed"
UNKNOWN = " unknown"
NO_ANSWER = ("Not recorded", "Not stated")


class Audit(NamedTuple):
    """What a reader can work out of the published figures."""

    counts: int  #: how many counts of people were looked at
    hidden: int  #: how many of them are hidden or left out
    left_out: int  #: how many of those were left out because they could be worked out
    values_left: int  #: as many values at least a hidden count can have; 0 where none is hidden


_DOOR = object()


@dataclass(frozen=True, eq=False)
class PublishedFigures:
    """Figures that may leave the forum. Only `publish` makes them (TypeError for others), so none of them is exact."""

    table: pd.DataFrame  #: as `publish` says
    audit: Audit  #: what a reader can work out of them
    policy: Policy  #: by which they were made
    _made_by: object = field(repr=False)

    def __post_init__(self) -> None:
        if self._made_by is not _DOOR:
            raise TypeError("Published figures are made by t4c_lib.disclosure.published.publish and by nothing else.")


def rounded_to(figures: pd.DataFrame) -> int:
    """To which multiple the counts of a table were rounded; 0 where they are exact."""
    return int(figures[ROUNDED_TO].max()) if ROUNDED_TO in figures and len(figures) else 0


def publish(
    figures: pd.DataFrame,
    *,
    official: Iterable[bool],
    of_time: Iterable[bool],
    policy: Policy,
    sums: SeriesSums = relations.NO_SUMS,
) -> PublishedFigures:
    """The figures as they may be published: a table of the same rows, with TREATMENT and ROUNDED_TO, and the audit.

    A figure that is hidden or left out has the state "suppressed" and no value; a count that is hidden is NaN. Of the
    observations' columns series, population, breakdown, period, numerator, denominator, value and state are read,
    others kept; figures that are worked out of others must be among them already. `official`: for each row, whether it
    was officially published and passes unchanged. `of_time`: whether it is time over time (days lost of days
    available), not a count of people. `sums`: what readers know to hold between series.
    """
    table = figures.reset_index(drop=True)
    passes = np.fromiter(official, dtype=bool, count=len(table))
    time = np.fromiter(of_time, dtype=bool, count=len(table)) & ~passes
    people = table.assign(official=passes)[~time].reset_index(names="row")
    shown = _Shown(people, policy, sums)
    telling = _telling(table[time & table["value"].notna().to_numpy()], policy, sums)
    while True:
        audit = shown.audit()
        counts = _counts(table, people["row"].to_numpy(), shown)
        counts.loc[telling, TREATMENT] = LEFT_OUT
        public = _with_values(table, counts, passes, time, policy)
        narrow, _ = narrow_counts([public[~time]], policy, sums)
        if not shown.leave_out(shown.numbers[name] for name in narrow):
            return PublishedFigures(public, audit, policy, _DOOR)


class _Shown:
    """Each count of people as it is shown: exact, rounded, hidden, or left out."""

    def __init__(self, people: pd.DataFrame, policy: Policy, sums: SeriesSums) -> None:
        exact = relations.counts_of(people)
        self.cells, self._policy = list(exact), policy
        self._true = np.array([exact[cell] for cell in self.cells], dtype=float)
        places = [relations.place_of(cell) for cell in self.cells]
        rows, parts = [row for row, _ in places], [part for _, part in places]
        named = zip(*(people[key].iloc[rows].astype(str) for key in KEY), strict=True)
        self._names = [(*key, part) for key, part in zip(named, parts, strict=True)]
        self._official = people["official"].to_numpy()[rows]
        self.shown = np.where(self._official, self._true, policy.rounded(self._true))
        self.left_out = np.zeros(len(self.cells), dtype=bool)
        self._is_small = policy.hides(self._true)  # a larger one that was left out for others need not be safe
        names = people[["series", "population", "period"]].iloc[rows]
        self._table = names.groupby(list(names), sort=False).ngroup().to_numpy()
        levels = people["breakdown"].iloc[rows].map(_level)
        keys = pd.DataFrame({"table": self._table, "level": levels.str.removesuffix(UNKNOWN).to_numpy()})
        self._kind = keys.groupby(list(keys), sort=False).ngroup().to_numpy()
        keys = keys.assign(unknown=levels.str.endswith(UNKNOWN).to_numpy(), part=parts)
        self._level = keys.groupby(list(keys), sort=False).ngroup().to_numpy()
        self._is_whole = (levels == ALL).to_numpy()
        self._system = CountSystem()
        numbers = {cell: self._system.add_count(0, UNKNOWN_TOP) for cell in self.cells}
        counts = Counts(self._system, numbers, exact, sums)
        counts.take(relations.relations_of(counts, people))
        self._true_of_all = counts.true
        self.numbers: dict[Name, int] = {name: place for place, name in enumerate(self._names)}
        # Where too few values are left of those who are not in a part, the part is left out, or the whole.
        self._tell_of: dict[int, tuple[int, ...]] = {}
        for rest, cells in counts.others.items():
            whole, part = (numbers[cell] for cell in cells)
            self.numbers[relations.name_of_others(self._names[whole], self._names[part])] = rest
            self._tell_of[rest] = part, whole
        few = [rest for rest in counts.others if policy.hides(self._true_of_all[rest])]
        own = [rest for rest in few if not self._official[list(self._tell_of[rest])].all()]
        self._others = np.array(own, dtype=int)

    def audit(self) -> Audit:
        if not self.cells:
            return Audit(0, 0, 0, 0)
        fewest, thorough = self._policy.fewest_possible_values, False
        safe = np.zeros(len(self._true_of_all), dtype=bool)  # and they stay so: what is left out leaves more values
        values_left = fewest
        while True:
            hidden = np.isnan(self.shown)
            asked = np.concatenate([np.flatnonzero(hidden & self._is_small), self._others])
            asked = asked[~safe[asked]]
            values = self._values_left(asked, thorough=thorough)
            is_narrow = values < fewest
            if is_narrow.any() and not self.leave_out(asked[is_narrow]):
                # Nothing more can be left out: what is known of them is known from official figures.
                values_left = min(values_left, int(values.min()))
                safe[asked[is_narrow]] = True
            elif thorough and not is_narrow.any():
                left = values_left if hidden.any() else 0
                return Audit(len(self.cells), int(hidden.sum()), int(self.left_out.sum()), left)
            safe[asked[~is_narrow]] |= thorough
            thorough = not is_narrow.any()

    def _values_left(self, hidden: np.ndarray, *, thorough: bool) -> np.ndarray:
        """How many values each hidden count can have, counted no further than the policy asks for."""
        low, high = self._policy.possible(self.shown)
        low, high = np.where(self.left_out, 0, low), np.where(self.left_out, UNKNOWN_TOP, high)
        self._system.low[: len(low)] = np.where(self._official, self._true, low).astype(int).tolist()
        self._system.high[: len(high)] = np.where(self._official, self._true, high).astype(int).tolist()
        if thorough:
            enough = self._policy.fewest_possible_values
            least, most = possible_values(self._system, hidden.tolist(), enough=enough, true=self._true_of_all)
        else:
            least, most = (ends[hidden] for ends in narrowed(self._system))
        return np.asarray(most - least + 1)

    def leave_out(self, narrow: Iterable[int]) -> bool:
        """Leave out what these counts belong to: groups of one kind, all groups of their table, at last their whole.

        Of a kind those go first that gave no answer, or the others, as these are. Gives whether anything was left out.
        """
        chosen, may_go = np.zeros(len(self.cells), dtype=bool), ~self._official & ~self.left_out
        for number in narrow:
            for count in self._tell_of.get(number, (number,)):
                level, kind, table = (of == of[count] for of in (self._level, self._kind, self._table))
                scopes = (level, kind, table & ~self._is_whole, table)
                if (more := next((one for one in scopes if np.any(one & may_go)), None)) is not None:
                    chosen |= more
                    break
        chosen &= may_go
        self.left_out |= chosen
        self.shown[self.left_out] = np.nan
        return bool(chosen.any())


def _level(breakdown: str) -> str:
    """Of which kind a group is: its characteristics; who gave no answer apart."""
    if breakdown == ALL:
        return ALL
    unknown = any(part.partition("=")[2] in NO_ANSWER for part in breakdown.split(relations.SEPARATOR))
    return relations.characteristics_of(breakdown) + (UNKNOWN if unknown else "")


def _counts(table: pd.DataFrame, rows: np.ndarray, shown: _Shown) -> pd.DataFrame:
    """Numerators and denominators with the counts of people as they are shown, and TREATMENT so far."""
    counts = {part: table[part].to_numpy(dtype=float).copy() for part in (NUMERATOR, DENOMINATOR)}
    treatment = np.full(len(table), "", dtype=object)
    for cell, count, left_out in zip(shown.cells, shown.shown, shown.left_out, strict=True):
        place, part = relations.place_of(cell)
        counts[part][row := rows[place]] = count
        if np.isnan(count):
            treatment[row] = LEFT_OUT if left_out else HIDDEN
    return pd.DataFrame({**counts, TREATMENT: treatment})


def _telling(days: pd.DataFrame, policy: Policy, sums: SeriesSums) -> list[int]:
    """The rows of days that are left out because those of few people could be worked out from them."""
    left_out: list[int] = []
    days = days[policy.nearest(days["denominator"]) >= policy.least_days]  # the others are of few people themselves
    while gone := {row for rows, *_ in days_of_few(days, policy.least_days, sums.within) for row in rows}:
        left_out += gone
        days = days.drop(index=list(gone))
    return left_out


def _with_values(
    table: pd.DataFrame, counts: pd.DataFrame, passes: np.ndarray, time: np.ndarray, policy: Policy
) -> pd.DataFrame:
    """The table with values worked out from the counts as they are shown.

    What is no whole number of people (a mean, full-time equivalents, days) is treated like one, and not audited.
    """
    exact, own = table["value"].to_numpy(dtype=float), ~passes
    treatment = counts[TREATMENT].to_numpy(dtype=object).copy()
    numerator, denominator = (counts[part].to_numpy(dtype=float).copy() for part in (NUMERATOR, DENOMINATOR))
    is_count = table["denominator"].isna().to_numpy() & own
    numerator = np.where(is_count & np.isnan(numerator) & (treatment == ""), exact, numerator)
    for part in (numerator, denominator):
        few = own & ~time & policy.hides(part)
        treatment[few] = HIDDEN
        part[few] = np.nan
        part[own] = policy.nearest(part[own])
    base = np.where(time, policy.least_days, policy.smallest_base)
    known = own & ~np.isnan(exact)
    treatment[known & ~is_count & (treatment == "") & ~(denominator >= base)] = SMALL_BASE
    unsaid = time & np.isin(treatment, (SMALL_BASE, LEFT_OUT))
    numerator[unsaid] = denominator[unsaid] = np.nan
    gone = np.isin(treatment, (HIDDEN, LEFT_OUT, SMALL_BASE))
    treatment[known & ~gone] = suppression_policy.ROUNDED
    treatment[passes] = suppression_policy.AS_PUBLISHED
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(is_count, numerator, numerator / denominator)
    value = np.where(passes, exact, np.where(known & ~gone, value, np.nan))
    state = table["state"].to_numpy(dtype=object).copy()
    state[known & gone] = SUPPRESSED
    had_numerator = table["numerator"].notna().to_numpy() | ~is_count
    return table.assign(
        numerator=np.where(had_numerator, numerator, np.nan),
        denominator=denominator,
        value=value,
        state=pd.Series(state, index=table.index).astype(table["state"].dtype),
        **{TREATMENT: treatment, ROUNDED_TO: np.where(passes, 0, policy.rounded_to)},
    )
