"""What a collection workbook asks: of one organisation, which figures, of which periods, on which sheet.

The whole layout follows from a `Collection`, so that a workbook that says what it asks can be compared, cell by cell,
with the one that was handed out.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from t4c_lib.errors import Problem, refuse
from t4c_lib.evidence.breakdowns import breakdown_of
from t4c_lib.evidence.observations import ALL
from t4c_lib.framework import Better, Measure, MeasureKind, Series
from t4c_lib.periods import Month, Period, Quarter, periods_between
from t4c_lib.typed_text import capitalised

TEMPLATE_VERSION = 1
OPEN = "to be named"  # in the place of a group: whoever fills the workbook in names it
OPEN_ROWS = 10
READ_ME, WHAT_TO_COUNT, PROBLEMS = "Read me", "What to count", "Problems"
_LONGEST_TITLE = 31  # of a sheet; Excel allows no more
_LONGEST_TEXT = 500
_NOT_WHOLE = re.compile(r"equivalent|average|mean\b|\bfte\b|\bdays\b|\bhours\b", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class Rhythm(StrEnum):
    """How often a figure is asked for."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def periods(self, last: Month) -> tuple[Period, ...]:
        """The periods up to a month, oldest first: 12 months, 4 quarters or 3 financial years that are over by then."""
        if self is Rhythm.MONTH:
            return periods_between(last + -11, last)
        around, many = (last.quarter, 4) if self is Rhythm.QUARTER else (last.financial_year, 3)
        ended = around if around.months[-1] == last else around + -1
        return periods_between(ended + (1 - many), ended)


class MeasureRequest(NamedTuple):
    """One measure to be asked for."""

    measure: Measure  #: of the framework, or of a plan's own; share, rate or count
    #: of whom; the measure's own population if None, nobody (things are counted) if empty.
    population: str | None = None
    group: str = ""  #: where closer is better, the group whose share is wanted ("race: Asian"); empty for all of them


@dataclass(frozen=True, kw_only=True)
class Item:
    """One figure that is asked for, period after period. All texts are as the workbook shows them."""

    sheet: str  #: title of its sheet
    name: str  #: of the measure
    places: str = ""  #: in the framework; several where measures read the same series ("2m4, 3m3")
    population: str = ""  #: of whom; "" where things are counted
    group: str  #: "all", the group, or "to be named"
    numerator: str  #: what is to be counted
    denominator: str = ""  #: out of what; "" for a count
    unit: str  #: of the result
    source: str  #: where an employer finds the figures
    kind: MeasureKind  #: share, rate or count
    series: str  #: key of the series that the figures belong to
    periods: tuple[Period, ...]  #: oldest first

    @property
    def is_count(self) -> bool:
        """Whether it is counted out of nothing."""
        return self.kind is MeasureKind.COUNT

    @property
    def is_open(self) -> bool:
        """Whether its groups are to be named by whoever fills in."""
        return self.group == OPEN

    def is_whole(self, words: str) -> bool:
        """Whether only whole numbers can be meant by what is to be counted."""
        return _NOT_WHOLE.search(f"{words} {self.unit}" if self.is_count else words) is None

    @property
    def rows(self) -> tuple[Period, ...]:
        """The period of each of its rows."""
        return self.periods * OPEN_ROWS if self.is_open else self.periods


class RequestRow(NamedTuple):
    """One row of a sheet: its number on that sheet, what is asked and when."""

    number: int
    item: Item
    period: Period


@dataclass(frozen=True)
class Collection:
    """All that a collection workbook asks."""

    organisation: str  #: code
    name: str  #: of the organisation
    demonstration: bool  #: whether it is made up
    items: tuple[Item, ...]  #: those of one sheet stand together

    @property
    def whose(self) -> str:
        """Name and code, as every sheet says under its title."""
        return f"{self.name} ({self.organisation})"

    @cached_property
    def sheets(self) -> dict[str, tuple[RequestRow, ...]]:
        """The rows of each sheet by its title, numbered from 1."""
        found: dict[str, list[RequestRow]] = {}
        for item in self.items:
            rows = found.setdefault(item.sheet, [])
            start = len(rows) + 1
            rows.extend(RequestRow(start + at, item, period) for at, period in enumerate(item.rows))
        return {title: tuple(rows) for title, rows in found.items()}

    @property
    def digest(self) -> str:
        """SHA-256, hexadecimal, of what fixes the meaning of its cells: not of words that only explain."""
        items = [
            [one.sheet, one.series, one.kind.value, one.unit, one.population, one.group, *map(str, one.periods)]
            for one in self.items
        ]
        content = [TEMPLATE_VERSION, self.organisation, self.demonstration, items]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def collect(
    organisation: str,
    name: str,
    asked: Sequence[MeasureRequest],
    last: Month,
    *,
    every: Rhythm | None = None,
    demonstration: bool = False,
    besides: Iterable[Series] = (),
) -> Collection:
    """What to ask of an organisation. Raises InputError: a measure has no amount, or none is asked for.

    Measures that read the same series of the same people are asked once; `besides` are series that no measure makes.
    `last`: the latest month of which figures are wanted. `every`: how often; if None, as each measure is usually
    counted. `demonstration`: whether the organisation is made up.
    """
    wrong = [one.measure for one in asked if one.measure.baseline_unit is None]
    problems = [Problem(f"measure {one.key}", f"is {one.kind}: it has no figure to collect.") for one in wrong]
    if not asked:
        problems = [Problem("", "No measure is chosen.")]
    refuse("collection workbook", problems)
    titles: dict[str, str] = {}
    items: dict[tuple[str, str, str], Item] = {}
    for one in asked:
        source = tidy(one.measure.source_of_data.split(";")[0])
        title = titles.setdefault(source, _title(source, titles.values()))
        item = _item(one, title, (every or rhythm_of(one.measure)).periods(last))
        key = (item.series, item.population, item.group)
        places = [*(items[key].places.split(", ") if key in items else ()), item.places]
        items[key] = replace(items.get(key, item), places=", ".join(dict.fromkeys(filter(None, places))))
    for series in besides:
        for item in _items_besides(series, last):
            titles.setdefault(item.sheet, item.sheet)
            items[item.series, item.population, item.group] = item
    in_order = [item for title in titles.values() for item in items.values() if item.sheet == title]
    return Collection(tidy(organisation), tidy(name) or tidy(organisation), demonstration, tuple(in_order))


def rhythm_of(measure: Measure) -> Rhythm:
    """How often it is usually counted: what is counted by the year, yearly; what ESR holds, monthly; else quarterly."""
    source = measure.source_of_data.casefold()
    by_year = measure.kind is MeasureKind.COUNT and measure.unit.endswith("a year")
    if by_year or "survey" in source or source.startswith("workforce plan"):
        return Rhythm.YEAR
    return Rhythm.MONTH if source.startswith("esr") else Rhythm.QUARTER


def period_label(period: Period) -> str:
    """As the workbook shows it: "March 2026", "January to March 2026", "2025/26"."""
    if isinstance(period, Quarter):
        return f"{period.months[0].label.split()[0]} to {period.months[-1].label}"
    return period.label


def tidy(text: str) -> str:
    """A text as a cell can hold it: one line, composed letters, no control characters, not endlessly long."""
    return " ".join(_CONTROLS.sub("", unicodedata.normalize("NFC", text)).split())[:_LONGEST_TEXT].strip()


def _item(one: MeasureRequest, sheet: str, periods: tuple[Period, ...]) -> Item:
    measure = one.measure
    group = tidy(one.group) or (OPEN if measure.better is Better.CLOSER else ALL)
    return Item(
        sheet=sheet,
        name=tidy(measure.name) or measure.key,
        places=measure.reference if measure.reference[:1].isdigit() else "",
        population=tidy((measure.population if one.population is None else one.population) or ""),
        group=group,
        numerator=capitalised(tidy(measure.numerator or measure.name)) + _level(measure, group),
        denominator=capitalised(tidy(measure.denominator or "")),
        unit=tidy(measure.unit),
        source=capitalised(tidy(measure.source_of_data)),
        kind=measure.kind,
        series=measure.series,
        periods=periods[-1:] if group == OPEN else periods,
    )


def _items_besides(series: Series, last: Month) -> Iterator[Item]:
    """What is asked of a series that no measure makes: an item for each of its groups."""
    if (how := series.collected) is None:
        return
    for group in how.groups:
        yield Item(
            sheet=how.sheet,
            name=series.label,
            group=group,
            numerator=series.description,
            unit=series.unit,
            source=how.source,
            kind=series.kind,
            series=series.key,
            periods=periods_between(last + (1 - how.months), last),
        )


def _level(measure: Measure, group: str) -> str:
    """Which level of qualification counts, where the measure leaves it to the plan."""
    if measure.default_level is None:
        return ""
    named = breakdown_of(group).removeprefix("level=").removesuffix("+")
    return f" (here: level {named if named.isdigit() else measure.default_level})"


def _title(source: str, taken: Iterable[str]) -> str:
    """A sheet's title: short enough for Excel, cut between words, unlike every other."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\]", " ", source).split()).lstrip("=+-@ '").rstrip("' ") or "Figures"
    words, title = capitalised(plain), ""
    for word in words.split():
        if len(f"{title} {word}".strip()) > _LONGEST_TITLE - 3:
            break
        title = f"{title} {word}".strip()
    title = re.sub(r"( (and|of|the|from|for|in|on|to|with|or|a))+$", "", title) or words[: _LONGEST_TITLE - 3]
    used = {name.casefold() for name in (*taken, READ_ME, WHAT_TO_COUNT, PROBLEMS, "History")}
    numbered = (title if number == 1 else f"{title} {number}" for number in range(1, 1000))
    return next(name for name in numbered if name.casefold() not in used)
