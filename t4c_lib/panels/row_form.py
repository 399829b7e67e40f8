"""The form of one row of a plan: its fields, and what they show (row_saving.py makes a row of what was typed)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from t4c_lib.evidence.breakdowns import groups_of_people
from t4c_lib.framework import MeasureKind
from t4c_lib.parameters.other_frameworks import OWN, other_frameworks, tag_words
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan import ActionRow, MeasureRow, RowState, Status, decimal_text
from t4c_lib.plan.action_rows import BLANK, row_dates
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.measure_rows import x_kinds, x_scale, x_unit
from t4c_lib.quantities import Baseline, ChangeKind, Unit
from t4c_lib.validation_messages import read_shipped

Options = Sequence[tuple[str, str]]  # value and words
YEARS_AHEAD = 5
AS_SAVED, NEWEST, TYPED = "as saved", "newest", "typed"


class FormField(BaseModel, frozen=True, extra="forbid"):
    """One field; row_form.yaml explains what it holds of each."""

    name: str = ""  #: by which what was typed comes back; its key in the file unless that says otherwise
    label: str  #: what is asked
    value: str = ""  #: as it is saved, as text
    options: Options = ()  #: what can be chosen; a field to type in if there are none
    kind: str = "text"
    width: int = 4
    help: str = ""
    group: str = "who"


class _File(BaseModel, frozen=True, extra="forbid"):
    fields: dict[str, FormField]
    states: dict[str, str]
    ways: dict[str, str]
    asked_in: dict[str, str]


_file = read_shipped(_File, __package__, "row_form.yaml")
ASKED_IN = _file.asked_in  # where the form asks for what the check of a plan names otherwise


def _field(key: str, value: str = "", options: Options = (), **more: Any) -> FormField:
    """A field of the file with what it shows, and `more` of it: a width, a help, words that are filled in."""
    known = _file.fields[key]
    shown = {"name": known.name or key.format(**more), "label": known.label.format(**more)}
    given = {name: value for name, value in more.items() if name in FormField.model_fields}
    return known.model_copy(update={**shown, "value": value, "options": options, **given})


@dataclass(frozen=True)
class RowForm:
    """The form of one row."""

    row: PlanRow  #: as it is saved
    newest: Baseline | None  #: its newest figure, as a baseline; None where nobody counted
    day: dt.date  #: of today
    first: Month  #: month of the plan, from which the framework's dates are carried
    posts: Sequence[str] = ()  #: posts that the plan names, to choose from
    group: str = ""  #: of people, where closer is better, that `newest` is of: the row's, or as it is typed
    kinds = staticmethod(x_kinds)

    # What it shows

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        asked = (self._wording, self._x, self._who, self._evidence, self._review, self._more)
        return tuple(one for part in asked for one in part())

    @cached_property
    def values(self) -> dict[str, str]:
        return {one.name: one.value for one in self.fields}

    @property
    def suggested(self) -> str:
        """The framework's own words as they are typed; empty for a row of the plan's own."""
        row = self.row
        if isinstance(row, MeasureRow):
            return row.suggested_words
        return row.suggestion.text if row.suggestion else ""

    def _wording(self) -> Iterator[FormField]:
        row = self.row
        if row.state is not RowState.ADDED:
            yield _field("state", str(row.state), tuple(_file.states.items()))
        if row.state is not RowState.ADDED or isinstance(row, ActionRow):
            blank = f". {BLANK} stands where the number goes" if BLANK in self.suggested else ""
            name, own = ("text", row.text) if isinstance(row, ActionRow) else ("name", row.name)
            yield _field(name, own or self.suggested, help=f"As suggested: {row.suggested_words}{blank}")
        yield _field("because", row.reason)
        if isinstance(row, ActionRow) and row.has_blank:
            yield _field("number", _plain(row.number), unit=row.suggestion.unit if row.suggestion else "people")

    def _x(self) -> Iterator[FormField]:
        row = self.row
        if not isinstance(row, MeasureRow) or not row.has_amount:
            return
        if row.is_closer:
            yield from self._closer(row)
        change, start = row.change, row.starting_figure
        yield _field("x_amount", _plain(change.amount * self.scale(change.kind) if change else None))
        kinds = x_kinds(row)  # the framework's own reading first
        yield _field("x_kind", str(change.kind if change else kinds[0][0]), kinds)
        yield _field("x_due", str(row.due or ""), self._months("due", row.due))
        yield _field("base", AS_SAVED if AS_SAVED in self.baselines else "", self.bases)
        yield from self._typed(row)
        for place, one in enumerate((*row.checkpoints, None)):
            due, value = one.due if one else None, one.goal(start) * self.scale() if one and start else None
            words: dict[str, Any] = {"place": place, "number": place + 1, "unit": x_unit(row)}
            yield _field("checkpoint_{place}_due", str(due or ""), self._months("", due), **words)
            yield _field("checkpoint_{place}_value", _plain(value), **words)
        yield _field("way", str(row.way or ""), tuple(_file.ways.items()))

    def _typed(self, row: MeasureRow) -> Iterator[FormField]:
        """The baseline in parts, for one that nobody counted here."""
        one, what = row.baseline, row.what
        if what.kind is MeasureKind.COUNT:
            yield _field("b_count", _plain(one.value if one else None), unit=what.unit)
        else:
            yield _field("b_part", _plain(one.numerator if one else None), what=what.counted.capitalize())
            yield _field("b_whole", _plain(one.denominator if one else None), what=what.denominator or what.base)
            yield _field("b_value", _plain(one.value * 100 if one else None))
        yield _field("b_period", one.period if one else "")
        yield _field("b_source", one.source if one else "")

    def _closer(self, row: MeasureRow) -> Iterator[FormField]:
        one = row.comparison
        yield _field("group", row.group, [(group, group) for group in groups_of_people()])
        what = row.what.compare_with or "the comparison"
        yield _field("comparison_share", _plain(one.share * 100 if one else None), help=what)
        yield _field("comparison_period", str(one.period or "") if one else "")
        yield _field("comparison_source", one.source if one else "")

    def _who(self) -> Iterator[FormField]:
        row = self.row
        is_short = isinstance(row, MeasureRow) and row.has_amount  # its date stands beside the X
        yield _field("post", row.post, [(one, one) for one in self.posts], width=6 if is_short else 4)
        yield _field("holder", row.holder, width=4 if is_short else 2)
        if not is_short:
            yield _field("start", str(row.start or ""), self._months("start", row.start))
            yield _field("due", str(row.due or ""), self._months("due", row.due))
        yield _field("status", str(row.status), [(str(one), str(one)) for one in Status])

    def _evidence(self) -> Iterator[FormField]:
        for place, one in enumerate((*self.row.evidence, None)):
            for part in ("what", "date", "link", "approved_by"):
                yield _field(f"evidence_{{place}}_{part}", str(getattr(one, part, "") or ""), place=place)

    def _review(self) -> Iterator[FormField]:
        if not isinstance(self.row, MeasureRow):
            return
        one = self.row.review
        every, last, following = (one.every, one.last, one.next) if one else (None, None, None)
        offered = dict.fromkeys((1, 3, 6, 12, 24, *([every] if every else [])))
        rhythms = [(str(months), "every month" if months == 1 else f"every {months} months") for months in offered]
        yield _field("every", str(every or ""), [("", "no rhythm"), *rhythms])
        yield _field("last", str(last or ""))
        yield _field("next", str(following or ""), [("", "as the rhythm says"), *self._months("", following)[1:]])

    def _more(self) -> Iterator[FormField]:
        row = self.row
        yield _field("note", row.note)
        if isinstance(row, ActionRow):
            yield _field("cost", _plain(row.cost))
            yield _field("backfill_hours", _plain(row.backfill_hours))
            shorts = "; ".join(one.short for one in other_frameworks().values())
            told = f"With semicolons between them: {shorts}; or an own priority, as in 'own: Care closer to home'"
            tags = "; ".join(one if one.startswith(OWN) else tag_words(one) for one in row.tags)
            yield _field("tags", tags, help=told)

    # What its parts offer

    def scale(self, kind: ChangeKind = ChangeKind.LEVEL) -> float:
        """By what an amount is multiplied to be typed."""
        return x_scale(isinstance(self.row, MeasureRow) and self.row.what.baseline_unit is Unit.COUNT, kind)

    @property
    def baselines(self) -> dict[str, Baseline]:
        """The baselines that can be chosen, by the value of their option."""
        row = self.row
        saved = row.baseline if isinstance(row, MeasureRow) else None
        found = {AS_SAVED: saved} if saved is not None else {}
        is_of_others = isinstance(row, MeasureRow) and row.group != self.group
        if self.newest is not None and (saved is None or is_of_others or self.newest.period != saved.period):
            found[NEWEST] = self.newest
        return found

    @property
    def bases(self) -> Options:
        saved = self.row.group if isinstance(self.row, MeasureRow) else ""
        whose = f", of {saved}" if saved not in ("", self.group) else ""
        words = {AS_SAVED: f"as saved{whose}", NEWEST: "newest figure"}
        every = self.baselines.items()
        when = {name: parse_period(one.period).label if one.period else "date not known" for name, one in every}
        known = [(name, f"{one.text}, {when[name]} ({words[name]})") for name, one in every]
        none = [] if AS_SAVED in self.baselines else [("", "none yet")]
        return [*known, *none, (TYPED, "Type one, with its source")]

    def _months(self, field: str, chosen: Month | None) -> Options:
        """The months that can be chosen, the framework's own date for the row first."""
        now = Month.of(self.day)
        suggested = row_dates([self.first.financial_year]).get(str(self.row.row_key[1]), {}).get(field)
        listed = sorted({*[now + step for step in range(12 * YEARS_AHEAD + 1)], *([chosen] if chosen else [])})
        first = [(str(suggested), f"{suggested.label} (framework)")] if suggested in listed and suggested else []
        return [("", "no date"), *first, *((str(one), one.label) for one in listed if one != suggested)]


def _plain(number: float | None) -> str:
    return "" if number is None else decimal_text(round(number, 6))
