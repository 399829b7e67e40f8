"""The row of an action: what the partners will do, by whom and when; and the framework's dates, moved to the plan."""

import textwrap
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StrictBool, ValidationInfo, field_validator

from t4c_lib.framework import Action, catalogue
from t4c_lib.parameters.other_frameworks import read_tag
from t4c_lib.periods import MONTHS_IN_A_YEAR, FinancialYear, Month
from t4c_lib.plan import row_fields
from t4c_lib.plan.row_base import PlannedRow, row_key
from t4c_lib.plan.row_fields import FilledText, Row, RowState, Text, each_once
from t4c_lib.quantities import number
from t4c_lib.validation_messages import Faults, reading

BLANK = "{x}"
SHORT = 64  # letters of a name among others, such as in a list


class ActionRow(PlannedRow):
    """An action of the framework, or one of the plan's own."""

    #: key of an action of the framework (its ref, "1a2", is understood), or a key of its own for one that is added.
    action: FilledText
    intention: row_fields.IntentionField | None = None  #: number of the intention that an added action belongs to
    text: Text = ""  #: own words; {x} stands where the number goes
    number: row_fields.Amount | None = None  #: the action's own X, where its words have one (3a1: how many ambassadors)
    cost: row_fields.Amount | None = None  #: in pounds, if known
    backfill_hours: row_fields.Amount | None = None  #: hours for which somebody else must stand in, if known
    tags: tuple[FilledText, ...] = ()  #: other frameworks, by key, and own priorities to which it counts

    called, keyed_by = ("action", "action"), ("action",)
    written = (
        *("action", "intention", "state", "text", "reason", "number", "post", "holder", "start", "due", "status"),
        *("closed", "cost", "backfill_hours", "tags", "evidence", "note"),
    )

    @field_validator("action")
    @classmethod
    def _action_is_known(cls, key: str, info: ValidationInfo) -> str:
        return row_key(key, info.data.get("state"), lambda name: catalogue().action(name).key)

    @field_validator("tags")
    @classmethod
    def _tags_are_known(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reading(lambda: read_tag(tag)) for tag in tags))  # noqa: B023  (called at once)

    def faults(self) -> Faults:
        yield from self._state_faults(self.text, "text")
        added = self.state is RowState.ADDED
        if added and not self.text:
            yield "text", "an added action needs a 'text'."
        if added and self.intention is None:
            yield "intention", "an added action needs the number of its 'intention'."
        right = self.suggestion.intention_number if self.suggestion is not None and not added else self.intention
        if self.intention not in (None, right):
            yield "intention", f"'{self.action}' belongs to intention {right}. Leave the field out."
        people = self.suggestion is not None and self.suggestion.unit == "people"
        if self.number is not None and not self.has_blank:
            yield "number", f"the wording of '{self.action}' has no {BLANK} for a number."
        elif self.number is not None and people and not self.number.is_integer():
            yield "number", f"this is a number of people, and {self.number:g} is not a whole number."

    @property
    def suggestion(self) -> Action | None:
        return catalogue().action_by_name.get(self.action)

    @property
    def suggested_words(self) -> str:
        """The framework's words for it, an X for its number; empty for one that is added."""
        return self.suggestion.text.replace(BLANK, "X") if self.suggestion else ""

    @property
    def intention_number(self) -> int:
        if self.suggestion is not None:
            return self.suggestion.intention_number
        assert self.intention is not None  # noqa: S101  (checked when it was made)
        return self.intention

    @property
    def label(self) -> str:
        """How messages call it, and calendars know it by."""
        return f"action {self.action}"

    @property
    def short_title(self) -> str:
        return f"{self.reference} {self.short_name}" if self.suggestion else self.short_name

    @property
    def short_name(self) -> str:
        """The beginning of the framework's words for it, or of its own where the framework has none."""
        words = self.suggested_words or self.wording
        return textwrap.shorten(words, SHORT, placeholder=" …", break_on_hyphens=False).replace(", …", " …")

    @property
    def _words(self) -> str:
        return self.text or (self.suggestion.text if self.suggestion else "")

    @property
    def has_blank(self) -> bool:
        """Whether its words leave a number open."""
        return BLANK in self._words

    @property
    def wording(self) -> str:
        """The words that hold, with the number where it is known, and an X where it isn't."""
        return self._words.replace(BLANK, "X" if self.number is None else number(self.number))

    @property
    def covered(self) -> dict[str, object]:
        return {
            "action": self.action,
            "intention": self.intention_number,
            "wording": self._words,
            "number": self.number,
            **self._covered_alike(),
        }


Actions = Annotated[tuple[ActionRow, ...], each_once("action", lambda row: f"'{row.action}'")]


class TimelineRow(Row):
    """A date that holds for a group of actions, or for the measures of an intention."""

    intention: row_fields.IntentionField  #: its number
    concerns: FilledText = Field(alias="for")  #: (`for` in a file) what the date is for
    when: row_fields.MonthField | None = None  #: the month
    starting: StrictBool = False  #: true for "from that month on"; else it is by, or in, that month
    then: Text = ""  #: what follows, or the rhythm: "once a year"
    note: Text = ""  #: for the partners themselves

    called, keyed_by = ("timeline", ""), ("intention", "concerns")

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"intention {self.intention} ({self.concerns})"

    @property
    def text(self) -> str:
        """The date as people say it: "from September 2026, then once a year"."""
        parts = [f"{'from ' if self.starting else ''}{self.when.label}"] if self.when else []
        if self.then:
            parts.append(f"then {self.then}" if parts else self.then)
        return ", ".join(parts)

    def moved(self, years: int) -> "TimelineRow":
        """The same so many years later."""
        return self if self.when is None else self.changed(when=self.when + MONTHS_IN_A_YEAR * years)


def _shift(years: Sequence[FinancialYear]) -> int:
    """By how many months the framework's dates move, so that its first year is the first of `years`.

    The framework was launched in the last month of 2014/15, and 2015/16 was the first year of the plans it asked
    for: so September 2015 becomes September 2026 in a plan that begins with 2026/27.
    """
    first = Month.parse(catalogue().source.published).financial_year.start_year + 1
    return MONTHS_IN_A_YEAR * (years[0].start_year - first)


def row_dates(years: Sequence[FinancialYear], since: Month | None = None) -> dict[str, dict[str, Month]]:
    """`start` and `due` of the framework's rows by key, moved like its timelines; none that lies before `since`."""
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


Timelines = Annotated[
    tuple[TimelineRow, ...], each_once("timeline", lambda row: f"for '{row.concerns}' of that intention")
]


class PaperStop(Row):
    """A body that the plan's paper goes to, on its way to the Board."""

    to: FilledText  #: the body, such as the People Committee
    date: row_fields.DayField | None = None  #: of its meeting
    asked: Text = ""  #: what it is asked: "to recommend the plan to the Board"
    seen_by: Text = ""  #: who has seen it there, and what they said; empty as long as nobody has

    keyed_by = ("to",)

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"the paper's way, {self.to}"


Route = Annotated[tuple[PaperStop, ...], each_once("stop", lambda one: f"'{one.to}'")]
