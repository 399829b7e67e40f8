"""The figures that a plan's row is measured by, oldest first, each with the interval that its counts allow.

Formulas: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212, without correction for
continuity; Byar's approximation as in N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research, volume II
(1987), page 69.
"""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from t4c_lib.disclosure.suppression_policy import ROUNDED_TO
from t4c_lib.evidence.breakdowns import breakdown_of
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.framework import Measure, MeasureKind
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.progress import turnover_and_derived_series as derived_series
from t4c_lib.quantities import count_of, number, percent, percent_pair, points
from t4c_lib.quantities.baseline import typed_decimals

LEVEL = 0.95
Method = Literal["Wilson", "Byar"]


class Interval(NamedTuple):
    """The values that a figure's count is compatible with, in the figure's unit; 95% of such hold the true value."""

    low: float
    high: float


def wilson(events: ArrayLike, people: ArrayLike, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends for a share of people: two arrays of fractions.

    NaN where there is nobody, or where a count is NaN. Nobody of any has a lower end of exactly 0, and all of them an
    upper end of exactly 1. Raises ValueError for a negative count, or more events than people.
    """
    x, n = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(people, dtype=float))
    if np.any(x < 0) or np.any(n < 0) or np.any(x > n):
        raise ValueError("A share of people needs counts with 0 <= counted <= all.")
    if not 0 < level < 1:
        raise ValueError(f"A level of confidence must be between 0 and 1, not {level}.")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    known = np.where(n > 0, n, np.nan)
    share = x / known
    middle = (x + z**2 / 2) / (known + z**2)
    half = z / (known + z**2) * np.sqrt(known * share * (1 - share) + z**2 / 4)
    low = np.where(x == 0, np.where(np.isnan(known), np.nan, 0.0), middle - half)
    return low, np.where(x == n, np.where(np.isnan(known), np.nan, 1.0), middle + half)


def byar(events: ArrayLike, exposure: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends for a rate: two arrays in events per unit of exposure (such as people employed for a year).

    NaN where there was no exposure, or where a number is NaN. No event at all has a lower end of exactly 0. Raises
    ValueError for a negative number.
    """
    x, over = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(exposure, dtype=float))
    if np.any(x < 0) or np.any(over < 0):
        raise ValueError("A rate needs events and an exposure of 0 or more.")
    z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
    known = np.where(over > 0, over, np.nan)
    some = np.where(x > 0, x, 1.0)
    low = np.where(x == 0, 0.0 * known, some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3 / known)
    more = x + 1
    return np.maximum(low, 0.0), more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3 / known


_NUMBERS = ("value", "numerator", "denominator", "low", "high", "months", "step", "official")
FIGURE_COLUMNS = ("period", "day", "population", *_NUMBERS[:5], "state", "source", *_NUMBERS[5:])
# Time lost over time available: neither people of people nor events, so no interval can be put on it.
TIME_OVER_TIME = "share"
_EMPTY = pd.DataFrame(columns=list(FIGURE_COLUMNS)).astype({"day": "datetime64[us]", **dict.fromkeys(_NUMBERS, float)})
# Columns of the observations that are read here.
_NEEDED = (
    *("series", "population", "breakdown", "period", "numerator", "denominator", "value", "state", "source"),
    derived_series.POOLED_MONTHS,
    ROUNDED_TO,
)


class Figure(NamedTuple):
    """One figure that is known."""

    period: str  #: as t4c_lib.periods writes it
    day: dt.date  #: the period's last day, on which it is compared with the trajectory
    value: float  #: a fraction for shares and rates; where closer is better the gap, comparison less the group's share
    #: how many were counted, out of how many, where that is known.
    numerator: float | None = None
    denominator: float | None = None
    interval: Interval | None = None  #: None where no interval can be put on such a figure
    source: str = ""  #: the file it was read from
    population: str = ""
    is_proxy: bool = False  #: whether the row asks for others, of whom there is no figure
    #: how many counted months it pools, of a measure that is judged on several; 0 for a period's own figure.
    months: int = 0
    judged_on: int = 0  #: out of how many months, the last being `period`
    is_official: bool = False  #: whether it stands among rounded figures as an official publication has it

    @property
    def label(self) -> str:
        """The period as a heading has it: "March 2026", "12 months to March 2026"."""
        return period_label(self.period, self.months, self.judged_on)

    @property
    def when(self) -> str:
        """The period as people say it: "March 2026", "the 12 months to March 2026"."""
        return f"the {self.label}" if self.months and self.months == self.judged_on else self.label


def period_label(period: str, months: int = 0, judged_on: int = 0) -> str:
    """A period in words, with how many of the months judged on are pooled in it: "12 months to March 2026"."""
    last = parse_period(period).label
    if not months:
        return last
    return f"{months} months to {last}" if months == judged_on else f"{months} of the {judged_on} months to {last}"


def interval_method(measure: Measure) -> Method | None:
    """Whose interval goes with a measure's figures: Wilson's for shares of people, Byar's for rates of events."""
    if measure.kind is MeasureKind.SHARE:
        return "Wilson"
    return "Byar" if measure.kind is MeasureKind.RATE and measure.unit != TIME_OVER_TIME else None


def row_figures(row: MeasureRow, observations: pd.DataFrame, as_of: dt.date | None = None) -> pd.DataFrame:
    """What was observed for a row, of its own population and group, oldest first.

    Where a series comes by the month and by the year, only periods of the kind of the newest one are given, so that a
    chart shows like beside like.

    Of a row's own people if anything is known of them; if not, a proxy, in the order of `measure_baseline`.

    A measure that the catalogue judges on several months (`judged_on`: its months are cohorts of a handful) has for
    each month the pool of the months up to it, numerators and denominators added up. A month whose own cohort nobody
    counted has no figure.

    Nothing that ended after `as_of` is given; None for all.

    Returns:
        A table with FIGURE_COLUMNS, `day` being the period's last day, `months` the number of months pooled (0 for a
        figure of the period alone), and `step` by how much the value moves when a rounded count goes to the next
        multiple (0 where counts are exact), `official` 1 for what is no rounded count among those that are, since an
        official publication has it so. It has a row for every period from the first to the last, in the rhythm in
        which they come (see `with_missing_periods`): one of which nothing is known has NaN and its state, "missing"
        where nothing was said of it.
    """
    return all_figures([row], observations, as_of)[0]


def no_figures() -> pd.DataFrame:
    """The table of a row of which nothing was observed."""
    return _EMPTY.copy(deep=False)


def all_figures(
    rows: Sequence[MeasureRow], observations: pd.DataFrame, as_of: dt.date | None = None
) -> tuple[pd.DataFrame, ...]:
    """The figures of many rows, a table each, as `row_figures` gives them; faster than one by one."""
    wanted = {row.what.series for row in rows if row.has_amount}
    wanted |= {part for series in wanted for part in derived_series.parts_of_series(series)}
    asked = observations.loc[observations["series"].isin(wanted), [name for name in _NEEDED if name in observations]]
    asked = derived_series.with_derived_figures(asked, [row.group for row in rows if row.has_amount])
    ended = pd.DataFrame(map(end_and_kind, asked["period"]), columns=["day", "kind"], index=asked.index)
    asked = asked.assign(day=pd.to_datetime(ended["day"]), kind=ended["kind"]).sort_values("day", kind="stable")
    places = asked.groupby(["series", "breakdown"], sort=False).indices
    found = (places.get((row.what.series, breakdown_of(row.group))) if row.has_amount else None for row in rows)
    pairs = zip(rows, found, strict=True)
    return tuple(no_figures() if own is None else _row_figures(row, asked.iloc[own], as_of) for row, own in pairs)


class FigureTables:
    """An organisation's figures by row, as `all_figures` gives them, each worked out once; none ended after `as_of`."""

    def __init__(self, observations: pd.DataFrame, as_of: dt.date | None = None) -> None:
        self._observations, self._as_of = observations, as_of
        self._known: dict[object, pd.DataFrame] = {}

    def of(self, rows: Sequence[MeasureRow]) -> tuple[pd.DataFrame, ...]:
        """The tables of these rows; nobody may change them."""
        asked = [(row.key, row.definition, row.comparison) for row in rows]
        new = [(key, row) for key, row in zip(asked, rows, strict=True) if key not in self._known]
        found = all_figures([row for _, row in new], self._observations, self._as_of) if new else ()
        self._known.update((key, table) for (key, _), table in zip(new, found, strict=True))
        return tuple(self._known[key] for key in asked)


def _row_figures(row: MeasureRow, found: pd.DataFrame, as_of: dt.date | None) -> pd.DataFrame:
    """A row's table, out of what is known of its series and group by day and kind of period, oldest first."""
    people, kinds = found["population"].to_numpy(), found["kind"].to_numpy()
    known = found["state"].isin(derived_series.KNOWN).to_numpy()
    counted = {*people[known]}
    population = next((name for name in (row.population, TRUST_WORKFORCE, SUPPORT_STAFF) if name in counted), None)
    chosen = people == (row.population if population is None else population)
    if as_of is not None:
        chosen = chosen & (found["day"] <= pd.Timestamp(as_of)).to_numpy()
    if not chosen.any():
        return no_figures()
    kind = kinds[chosen & known if (chosen & known).any() else chosen][-1]
    table = derived_series.with_missing_periods(found[chosen & (kinds == kind)])
    if row.what.judged_on and kind == Month.__name__:
        table = derived_series.pooled(table, row.what.judged_on)
    return _with_intervals(row, table).reset_index(drop=True)[list(FIGURE_COLUMNS)]


@lru_cache(maxsize=2048)
def end_and_kind(period: str) -> tuple[dt.date, str]:
    """The last day of a period, and whether it is a month, a quarter, a year or a day."""
    found = parse_period(period)
    return found.last_day, type(found).__name__


def _with_intervals(row: MeasureRow, chosen: pd.DataFrame) -> pd.DataFrame:
    value, numerator, denominator = (chosen[name].to_numpy(dtype=float) for name in _NUMBERS[:3])
    value = np.where(chosen["state"].isin(derived_series.KNOWN), value, np.nan)
    low, high = interval_ends(interval_method(row.what), value, numerator, denominator)
    if row.is_closer:
        other = row.comparison.share if row.comparison is not None else np.nan
        value, low, high = other - value, other - high, other - low
    is_public = ROUNDED_TO in chosen
    rounded = chosen[ROUNDED_TO].to_numpy(dtype=float) if is_public else np.zeros(len(value))
    with np.errstate(divide="ignore", invalid="ignore"):
        step = rounded / np.where(np.isnan(denominator), 1.0, denominator)
    step, official = np.where(np.isnan(value), 0.0, step), (is_public & (rounded == 0)).astype(float)
    return chosen.assign(value=value, low=low, high=high, step=step, official=official)


def interval_ends(
    method: Method | None, value: np.ndarray, numerator: np.ndarray, denominator: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of figures by a method; NaN where there is none, or their counts are not known."""
    # A published percentage may come with its base alone; its events are then reckoned back.
    events = np.where(np.isnan(numerator), value * denominator, numerator)
    if method is None or not len(value):
        return np.full(len(value), np.nan), np.full(len(value), np.nan)
    return byar(events, denominator) if method == "Byar" else wilson(np.minimum(events, denominator), denominator)


def latest_figure(row: MeasureRow, figures: pd.DataFrame) -> Figure | None:
    """The newest figure that is known, of a table as `row_figures` gives it; None where there is none."""
    places = np.flatnonzero(figures["value"].notna())
    if not len(places):
        return None
    line = figures.iloc[places[-1]]
    method, low = interval_method(row.what), float(line["low"])
    return Figure(
        period=str(line["period"]),
        day=line["day"].date(),
        value=float(line["value"]),
        numerator=None if np.isnan(line["numerator"]) else float(line["numerator"]),
        denominator=None if np.isnan(line["denominator"]) else float(line["denominator"]),
        interval=None if method is None or np.isnan(low) else Interval(low, float(line["high"])),
        source=str(line["source"]),
        population=str(line["population"]),
        is_proxy=bool(row.population) and line["population"] != row.population,
        months=int(line["months"]),
        judged_on=row.what.judged_on or 0,
        is_official=bool(line["official"]),
    )


def amount_text(row: MeasureRow, value: float, *, is_typed: bool = False) -> str:
    """A value of a row's measure: "5.7%", "a gap of 2 percentage points", "28 placements a year"."""
    if row.is_closer:
        return f"a gap of {points(value, 1)}" if value >= 0 else f"{points(value, 1)} above the comparison"
    decimals = _decimals(row, value, is_typed=is_typed)
    return percent(value, decimals) if row.what.kind.is_divided else count_of(value, row.what.unit)


def _decimals(row: MeasureRow, value: float, *, is_typed: bool = False) -> int:
    # A target is said with the digits that were typed, all else with one decimal.
    return typed_decimals(value) if is_typed or (row.change and row.change.amount == value) else 1


def amount_size(row: MeasureRow, value: float, decimals: int = 1) -> float:
    """A value as exact as it is worded: a share of 1, a gap in percentage points, or a count (`decimals`)."""
    if not row.what.kind.is_divided:
        return round(value, decimals)
    shown = round(value * 100, 1 if row.is_closer else _decimals(row, value))
    return shown if row.is_closer else round(shown / 100, 5)


def amount_texts(row: MeasureRow, value: float, other: float) -> tuple[str, str]:
    """Two values, with as few decimals as still tell them apart; what is counted stands with the first."""
    if row.is_closer:
        return amount_text(row, value), points(other)
    if row.what.kind.is_divided:
        return percent_pair(value, other)
    return count_of(value, row.what.unit), number(other)


def counts_text(row: MeasureRow, figure: Figure) -> str:
    """What it was divided from: "182 of 2,842"; of a gap "the group is 182 of 2,842"; empty for counts or unknown."""
    if not row.what.kind.is_divided or figure.numerator is None or figure.denominator is None:
        return ""
    counts = f"{number(figure.numerator)} of {number(figure.denominator)}"
    if row.what.kind is MeasureKind.RATE and row.what.unit == TIME_OVER_TIME:
        return f"{counts} {'published ' if figure.is_official else ''}FTE days"
    return f"the group is {counts}" if row.is_closer else counts


def interval_text(row: MeasureRow, interval: Interval) -> str:
    """Both ends: "4.9% to 6.6%", or of a gap in percentage points."""
    if row.is_closer:
        low, high = (number(end * 100).replace("-", "−") for end in (interval.low, interval.high))
        return f"{low} to {high} percentage points"
    return f"{percent(interval.low)} to {percent(interval.high)}"


def bare_amount(row: MeasureRow, value: float, decimals: int = 1) -> str:
    """A value to which another is held, without what is counted; `decimals`: of a plain count."""
    if row.is_closer:
        return points(value, 1)
    return amount_text(row, value) if row.what.kind.is_divided else number(value, decimals)
