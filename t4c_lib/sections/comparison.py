"""Organisations side by side: one measure at one time, and what can be said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan, log, nan
from statistics import median
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from t4c_lib.address import Address
from t4c_lib.charts import Picture, Scale, fan, funnel, place_in_funnel
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.publications.staff_survey import REGION_CODES
from t4c_lib.framework import MeasureKind, population
from t4c_lib.html_templates import text_from
from t4c_lib.periods import parse_period
from t4c_lib.plan import MeasureRow
from t4c_lib.progress.figures import Interval, amount_text, end_and_kind, interval_method, interval_text
from t4c_lib.quantities import count_words, number
from t4c_lib.sections.compared_figures import FEWEST, Compared
from t4c_lib.typed_text import capitalised

REGIONS = {code: name for name, code in REGION_CODES.items()}
NEIGHBOURS = 10  # organisations most like one in size that are shown beside it
ALIKE = 2.0  # times as large or as small is still of a size
EVERY = "all"  # types of organisation
ENOUGH_ALIKE = 8  # organisations of our type, from which on they are the usual ones to compare with
_NOUNS = ("rust", "rusts", "ervices", "nit", "oard", "roup", "rovider")
PICTURES = {"funnel": "Funnel", "ranked": "Ranked", "time": "Over time"}
_PLACES = {"above": "higher", "below": "lower", "within": "in line"}


class Placed(NamedTuple):
    """One organisation's figure. Numbers that are not known are NaN."""

    organisation: Organisation
    numerator: float
    denominator: float
    value: float  #: a fraction
    low: float  #: ends of its 95% interval
    high: float

    @property
    def region(self) -> str:
        """The name of its NHS England region; empty where that isn't known."""
        return REGIONS.get(self.organisation.region, "")

    @property
    def counts(self) -> str:
        """What the figure was divided from; empty where that isn't known."""
        return "" if isnan(self.numerator) else f"{number(self.numerator, 0)} of {number(self.denominator, 0)}"


@dataclass(frozen=True, eq=False)
class Comparison:
    """One measure at one time, of the organisations that were asked for.

    Of an address there count measure, date (the newest period that ended by then), type of organisation (EVERY for all;
    empty for ours, where there are some of it), region, size ("alike" for those of our size) and picture.
    """

    among: Compared
    asked: Address
    mostly = 2 / 3  # of the months, from which on it is said so

    @cached_property
    def row(self) -> MeasureRow:
        """The measure, as a row of a plan; the first that can be compared where none is named."""
        rows = self.among.rows
        return rows.get(self.asked.measure) or next(iter(rows.values()))

    @property
    def own(self) -> Organisation:
        return self.among.own

    @cached_property
    def every(self) -> pd.DataFrame:
        return self.among.figures(self.row)

    @cached_property
    def periods(self) -> list[str]:
        """The periods at which enough is known, the newest first; of the kind of the newest one."""
        counts = self.every.groupby("period")["organisation"].nunique()
        found = sorted(counts[counts >= FEWEST].index, key=lambda one: end_and_kind(one)[0], reverse=True)
        return [one for one in found if end_and_kind(one)[1] == end_and_kind(found[0])[1]]

    @cached_property
    def period(self) -> str:
        """The one asked for, else the newest of which the own organisation's figure is known, else the newest."""
        by_then = [one for one in self.periods if self.asked.date is None or end_and_kind(one)[0] <= self.asked.date]
        mine = set(self.every.loc[self.every["organisation"] == self.own.code, "period"])
        chosen = by_then if self.asked.date else [one for one in by_then if one in mine]
        return next(iter(chosen or by_then or self.periods))

    @property
    def population(self) -> str:
        name = str(self.every["population"].iloc[0])
        return population(name).label if name else ""

    @property
    def is_proxy(self) -> bool:
        """Whether the measure asks for others, of whom too little is known."""
        return self.population not in ("", population(self.row.population).label if self.row.population else "")

    @property
    def when(self) -> str:
        return parse_period(self.period).label

    @cached_property
    def at(self) -> list[Placed]:
        """Everybody's figure at that time, the highest first."""
        found = self.every[self.every["period"] == self.period]
        numbers = found[["numerator", "denominator", "value", "low", "high"]].to_numpy(dtype=float).tolist()
        known = (self.among.organisations[code] for code in found["organisation"])
        placed = [Placed(one, *figures) for one, figures in zip(known, numbers, strict=True)]
        return sorted(placed, key=lambda one: (-one.value, one.organisation.name))

    @cached_property
    def mine(self) -> Placed | None:
        return next((one for one in self.at if one.organisation.code == self.own.code), None)

    @cached_property
    def _usual_type(self) -> str:
        alike = sum(one.organisation.type == self.own.type for one in self.at)
        return self.own.type if self.own.type and alike >= ENOUGH_ALIKE else EVERY

    def _among(self, asked: Address) -> list[Placed]:
        ours = self.mine.denominator if self.mine else nan
        return [
            one
            for one in self.at
            if (asked.type or self._usual_type) in (EVERY, one.organisation.type)
            and asked.region in ("", one.region)
            and (not asked.size or ours / ALIKE <= one.denominator <= ours * ALIKE)
        ]

    @cached_property
    def those(self) -> list[Placed]:
        """Whoever was asked for, the highest first."""
        return self._among(self.asked)

    def choices(self, what: Literal["type", "region", "size"]) -> list[tuple[str, str, int]]:
        """What can be chosen of "type", "region" or "size": value, words, and how many organisations it would be."""
        words = [("", f"All {what}s")]
        if what == "type":
            kinds = sorted({one.organisation.type for one in self.at})
            words = [*((kind, capitalised(type_words(kind, 2))) for kind in kinds), (EVERY, "All types")]
            words = [("" if one == self._usual_type else one, said) for one, said in words]
        elif what == "size":
            words += [("alike", "Half to twice ours")] if self.mine else []
        else:
            words += [(one, one) for one in sorted({one.region for one in self.at} - {""})]
        asked = (replace(self.asked, **{what: value}) for value, _ in words)  # type: ignore[arg-type]
        return [(*one, len(self._among(those))) for one, those in zip(words, asked, strict=True)]

    # What is said of it

    @property
    def is_of_time(self) -> bool:
        """Whether days are divided by days, so that chance can't be told from more."""
        return interval_method(self.row.what) is None

    @property
    def pictures(self) -> dict[str, str]:
        """The pictures that there are, by key, the usual one first."""
        keys = [*(["funnel"] if self.row.what.kind is MeasureKind.SHARE else []), "ranked"]
        if len(self.periods) > FEWEST:
            keys = ["time", *keys] if self.is_of_time else [*keys, "time"]
        return {key: PICTURES[key] for key in keys}

    @property
    def picture(self) -> str:
        return self.asked.picture if self.asked.picture in self.pictures else next(iter(self.pictures))

    @cached_property
    def middle(self) -> float:
        """Everybody's figure taken together, or where days are divided the organisation in the middle."""
        if not self.those:
            return nan
        return median(one.value for one in self.those) if self.is_of_time else _together(self.those)[1]

    @cached_property
    def quarters(self) -> tuple[float, float]:
        """Between which values the middle half of the organisations lie."""
        low, high = np.quantile([one.value for one in self.those] or [nan], [0.25, 0.75]).tolist()
        return low, high

    def place(self, one: Placed) -> str:
        """Where a figure stands beside the others: "in line", "higher", "lower", or a quarter of them."""
        if isnan(self.middle):
            return ""
        if self.is_of_time:
            low, high = self.quarters
            return "middle half" if low <= one.value <= high else f"{'upper' if one.value > high else 'lower'} quarter"
        if self.row.what.kind is MeasureKind.SHARE:
            return _PLACES.get(place_in_funnel(one.value, one.denominator, self.middle).partition(" ")[0], "")
        return "in line" if one.low <= self.middle <= one.high else "higher" if one.value > self.middle else "lower"

    def text(self, value: float) -> str:
        return "" if isnan(value) else amount_text(self.row, value)

    @property
    def name(self) -> str:
        """The measure, and of whom its figures are where that isn't whom it asks for."""
        of_whom = f" ({self.population[:1].lower()}{self.population[1:]}, as a proxy)" if self.is_proxy else ""
        return f"{self.row.wording}{of_whom}"

    def _said(self, part: str) -> str:
        return text_from("sections/comparison.txt.j2", part=part, one=self, number=number).strip()

    @property
    def group_name(self) -> str:
        """Whoever was asked for, in words: "48 mental health trusts"."""
        return self._said("group")

    @property
    def finding(self) -> str:
        """The heading: the own figure beside the others'."""
        return self._said("finding")

    @property
    def kind_text(self) -> str:
        kind = self.asked.type or self._usual_type
        return "organisations" if kind == EVERY else type_words(kind, len(self.those))

    @cached_property
    def listed(self) -> list[Placed]:
        """Those in the table: all of them where they are ranked, else those most like ours in size."""
        if self.picture == "ranked":
            return self.those
        if self.mine is None:
            return self.those[:NEIGHBOURS]
        ours = log(max(self.mine.denominator, 1))
        others = [one for one in self.those if one is not self.mine and one.denominator > 0]
        near = sorted(others, key=lambda one: abs(log(one.denominator) - ours))[:NEIGHBOURS]
        return sorted([*near, self.mine], key=lambda one: -one.value)

    def interval(self, one: Placed) -> str:
        """The 95% interval in words; empty where none can be put on it."""
        return "" if isnan(one.low) else interval_text(self.row, Interval(one.low, one.high))

    @cached_property
    def _stretch(self) -> tuple[float, float]:
        """Where the bars of the table begin, and how long the longest may be."""
        ends = [end for one in self.listed for end in (one.low, one.high, one.value) if not isnan(end)]
        least = min(ends, default=0.0)
        return least, (max(ends, default=0.0) - least) or 1.0

    def bar(self, one: Placed) -> list[float]:
        """Low, high, value and the middle of all, in hundredths of the width; NaN for none."""
        least, span = self._stretch
        return [round(100 * (end - least) / span, 1) for end in (one.low, one.high, one.value, self.middle)]

    @property
    def groups(self) -> list[tuple[str, int, str, str]]:
        """The own organisation, its system, region and type, and everybody: each with its own denominator.

        Name, how many organisations, what the figure was divided from, and the figure.
        """
        sets = [("All organisations", self.at)]
        if self.mine is not None:
            mine, kind = self.mine, capitalised(type_words(self.own.type, 2))
            system = [one for one in self.at if one.organisation.ics == self.own.ics]
            region = [one for one in self.at if one.region == mine.region]
            alike = [one for one in self.at if one.organisation.type == self.own.type]
            sets = [
                (self.own.name, [mine]),
                *([("The same integrated care system", system)] if self.own.ics else []),
                *([(f"{kind} in {mine.region}", [one for one in alike if one in region])] if mine.region else []),
                *([(f"Every type in {mine.region}", region)] if mine.region else []),
                (f"{kind} in all regions", alike),
                *sets,
            ]
        together = [(name, those, *_together(those)) for name, those in sets]
        return [(name, len(those), counts, self.text(share)) for name, those, counts, share in together]

    def drawn(self) -> Picture | None:
        """The funnel, or the months; None where the picture is the table of all."""
        if self.picture == "ranked" or not self.those:
            return None
        if self.picture == "time":
            return self._months()
        far = [place_in_funnel(one.value, one.denominator, self.middle) for one in self.those]
        above, below = (far.count(f"{side} the 99.8% limit") for side in ("above", "below"))
        table = pd.DataFrame(
            [(one.organisation.name, one.numerator, one.denominator) for one in self.those],
            columns=["name", "numerator", "denominator"],
        )
        return funnel(
            table,
            own=self.own.name,
            measured=f"{self.name}, percent",
            base="people counted",
            title=f"Of {len(far)}, {count_words(above)} above the outer limits and {count_words(below)} below",
        )

    @cached_property
    def _months_known(self) -> tuple[pd.DataFrame, pd.Series]:
        """Month by month the middle half of the others and their middle, and the own figures."""
        every = self.every[self.every["period"].isin(self.periods)].assign(day=lambda one: pd.to_datetime(one["end"]))
        those = {one.organisation.code for one in self.those}
        by_day = every[every["organisation"].isin(those)].groupby("day")["value"]
        ends = {name: by_day.quantile(share) for name, share in (("low", 0.25), ("value", 0.5), ("high", 0.75))}
        return pd.DataFrame(ends), every[every["organisation"] == self.own.code].set_index("day")["value"]

    @property
    def mine_above(self) -> float | None:
        """In which part of the months the own figure is above the middle; None without any."""
        band, mine = self._months_known
        return float((mine > band["value"].reindex(mine.index)).mean()) if len(mine) else None

    def _months(self) -> Picture:
        band, mine = self._months_known
        middle = f"Middle of {self.group_name}"
        return fan(
            band.assign(middle=mine if len(mine) else band["value"]).reset_index(),
            scale=Scale(),
            measured=f"{self.name}, percent",
            title=self._said("months"),
            name=self.own.name if len(mine) else middle,
            cases="Middle half of the others",
            others={middle: band.reset_index()} if len(mine) else None,
        )


def type_words(kind: str, count: int) -> str:
    """A type of organisation as people say it, for one or several: "Acute" is "acute trusts"; nothing for none."""
    name = kind if not kind or kind.endswith(_NOUNS) else f"{kind} trust" if kind != "Others" else "other organisation"
    name = name if name[1:2].isupper() else name.lower()
    return name if count == 1 or not name or name.endswith("s") else f"{name}s"


def _together(those: Sequence[Placed]) -> tuple[str, float]:
    """Numerators over denominators, each added up, in words and as a fraction; the mean is never taken of shares."""
    known = [one for one in those if one.denominator > 0]
    part, whole = sum(one.numerator for one in known), sum(one.denominator for one in known)
    return (f"{number(part, 0)} of {number(whole, 0)}", part / whole) if whole else ("", nan)
