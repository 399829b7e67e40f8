"""The framework's dates, carried to the years of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StrictBool

from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan.fields import FilledText, IntentionField, MonthField, Row, Text
from t4c_lib.plan.parts import first_repeats
from t4c_lib.pydantic_words import make_model, refused

MONTHS = 12


class TimelineRow(Row):
    """A date that holds for a group of actions, or for the measures of an intention.

    Attributes:
        intention: its number.
        concerns: (`for` in a file) what the date is for.
        when: the month.
        starting: true for "from that month on"; else it is by, or in, that month.
        then: what follows, or the rhythm: "once a year".
        note: for the partners themselves.
    """

    intention: IntentionField
    concerns: FilledText = Field(alias="for")
    when: MonthField | None = None
    starting: StrictBool = False
    then: Text = ""
    note: Text = ""

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """Make one. `for` is no name in Python, so code says `concerns`. Raises InputError with every problem."""
        return make_model(
            cls, {("for" if name == "concerns" else name): value for name, value in fields.items()}, "timeline"
        )

    @property
    def key(self) -> tuple[int, str]:
        """What makes it this row of its plan and no other."""
        return self.intention, self.concerns

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"timeline of intention {self.intention} ({self.concerns})"

    @property
    def text(self) -> str:
        """The date as people say it: "from September 2026, then once a year"."""
        parts = [f"{'from ' if self.starting else ''}{self.when.label}"] if self.when else []
        if self.then:
            parts.append(f"then {self.then}" if parts else self.then)
        return ", ".join(parts)

    def moved(self, years: int) -> TimelineRow:
        """The same so many years later."""
        return self if self.when is None else self.changed(when=self.when + MONTHS * years)


def _shift(years: Sequence[FinancialYear]) -> int:
    """By how many months the framework's dates move, so that its first year is the first of `years`.

    The framework was launched in the last month of 2014/15, and 2015/16 was the first year of the plans it asked
    for: so September 2015 becomes September 2026 in a plan that begins with 2026/27.
    """
    first = Month.parse(catalogue().source.published).financial_year.start_year + 1
    return MONTHS * (years[0].start_year - first)


def row_dates(years: Sequence[FinancialYear], since: Month | None = None) -> dict[str, dict[str, Month]]:
    """The framework's dates of its actions and measures, moved like its timelines: `start` and `due` by row key.

    Args:
        years: of the plan.
        since: a date before this month has passed, and is left for the partners to set.
    """
    found: dict[str, dict[str, Month]] = {}
    for intention in catalogue().intentions:
        for one in intention.timeline:
            for ref in one.covers if one.month is not None else ():
                assert one.month is not None  # noqa: S101  (else nothing is gone through)
                field = "start" if one.starting else "due"
                found.setdefault(catalogue().action(ref).key, {})[field] = one.month + _shift(years)
    for measure in catalogue().measures:
        if measure.target is not None and measure.target.by is not None:
            found[measure.key] = {"due": Month.parse(measure.target.by) + _shift(years)}
        elif measure.within:
            found[measure.key] = {"due": years[0].months[-1]}
    return {
        key: {field: month for field, month in dates.items() if since is None or month >= since}
        for key, dates in found.items()
    }


def timelines_for(years: Sequence[FinancialYear]) -> tuple[TimelineRow, ...]:
    """The framework's timelines, moved so that its first year is the first of `years`."""
    shift = _shift(years)
    return tuple(
        TimelineRow.of(
            intention=intention.number,
            concerns=one.concerns,
            when=None if one.month is None else one.month + shift,
            starting=one.starting,
            then=one.then or "",
        )
        for intention in catalogue().intentions
        for one in intention.timeline
    )


def _each_once(rows: tuple[TimelineRow, ...]) -> tuple[TimelineRow, ...]:
    faults = [
        (place, f"timeline {earlier + 1} is for '{rows[place].concerns}' of that intention already; keep one.")
        for place, earlier in first_repeats(row.key for row in rows)
    ]
    if faults:
        raise refused(" ".join(message for _, message in faults), faults)
    return rows


Timelines = Annotated[tuple[TimelineRow, ...], AfterValidator(_each_once)]
