"""The kinds of field a plan is made of: how each is read, refused and written, alike in code, in files and in forms."""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator, StringConstraints

from t4c_lib.framework import catalogue
from t4c_lib.periods import Day, FinancialYear, Month, parse_period
from t4c_lib.quantities import Baseline, Change, ChangeKind, Unit
from t4c_lib.typed_text import clean_text, code_fault, control_fault
from t4c_lib.validation_messages import Checked, Faults, in_words, make_model, reading, refuse_parts, refused

FIRST_YEAR, LAST_YEAR = 1948, 2199  # of anything a plan speaks of: outside of these it is a slip of the keyboard
SIGNIFICANT_DIGITS = 12  # of an amount: drops what binary arithmetic adds (0.020000000000000004), keeps all people type


def _without(find_fault: Callable[[str], str]) -> AfterValidator:
    def check(text: str) -> str:
        if fault := find_fault(text):
            raise refused(fault)
        return text

    return AfterValidator(check)


def _period(kind: type, parse: Callable[[str], Any], noun: str, example: str) -> PlainValidator:
    """Reads a period of this kind as somebody writes it; one that is made already is taken as it is."""

    def read(value: object) -> Any:
        if type(value) is kind:
            return value
        # YAML reads 2026 as a number, and other programs read 2026-03-31 as a date.
        text = value.isoformat() if isinstance(value, dt.date) else value
        if not isinstance(text, str):
            raise refused(f"{in_words(value)} is not a {noun}. Write it as {example}.")
        period = reading(lambda: parse(text))
        year = int(str(period)[:4])  # each way to write one begins with its year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise refused(f"{year} is not a plausible year. Write it with four digits, such as 2027.")
        return period

    return PlainValidator(read, json_schema_input_type=str)


def _intention(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise refused(f"{in_words(value)} is not an intention. Write its number, from 1 to 10.")
    return reading(lambda: catalogue().intention(value.strip() if isinstance(value, str) else value).number)


def trimmed(value: object) -> object:
    """A text without the blanks around it; anything else as it is."""
    return value.strip() if isinstance(value, str) else value


T = TypeVar("T")
Trimmed = Annotated[T, BeforeValidator(trimmed)]  # such as one of the words of an enumeration


def rounded(value: float) -> float:
    """A number without what binary arithmetic added to it."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


# Length is held where a plan is saved: a plan that was stored before must go on being read.
Text = Annotated[str, StringConstraints(strict=True), AfterValidator(clean_text), _without(control_fault)]
FilledText = Annotated[Text, StringConstraints(min_length=1)]
OrganisationCode = Annotated[Text, _without(code_fault)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Amount = Annotated[Number, Field(ge=0)]
IntentionField = Annotated[int, PlainValidator(_intention, json_schema_input_type=int)]
_AS_TEXT = PlainSerializer(str)
MonthField = Annotated[Month, _period(Month, Month.parse, "month", "2027-03"), _AS_TEXT]
YearField = Annotated[FinancialYear, _period(FinancialYear, FinancialYear.parse, "financial year", "2026/27"), _AS_TEXT]
DayField = Annotated[dt.date, _period(dt.date, lambda text: Day.parse(text).date, "day", "2026-03-31"), _AS_TEXT]
PeriodText = Annotated[
    str,
    _period(type(None), lambda text: str(parse_period(text)), "period", "2026-03, 2026/27-Q1, 2026/27 or 2026-03-31"),
]


class Row(Checked):
    """What every part of a plan has in common: it can't be changed in place, and knows all its keys."""

    written: ClassVar[tuple[str, ...]] = ()  # the order in which a file has the fields; as they are defined, if empty
    called: ClassVar[tuple[str, str]] = ("", "")  # how messages call one: a noun, and the field that names it
    keyed_by: ClassVar[tuple[str, ...]] = ()  # the fields that make it this row of its list and no other

    @property
    def key(self) -> Any:
        """What makes it this row of its list: the value of that field, or of those fields."""
        values = tuple(getattr(self, name) for name in self.keyed_by)
        return values[0] if len(values) == 1 else values

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """Make one of what was filled in, by names in code. Raises InputError: every problem, in plain words."""
        noun, name = cls.called
        in_file = {known: field.alias or known for known, field in cls.model_fields.items()}
        content = {in_file.get(known, known): value for known, value in fields.items()}
        return make_model(cls, content, f"{noun or cls.__name__.lower()} {fields.get(name, '')}".strip())

    def changed(self, **fields: Any) -> Self:
        """The same with other values in these fields. Raises InputError like `of`."""
        return self.of(**{name: getattr(self, name) for name in type(self).model_fields} | fields)


class BaselineRow(Row):
    """A baseline as a file has it."""

    #: a fraction for shares and rates (0.057 is 5.7%); may be left out where the next two say it.
    value: Number | None = None
    numerator: Number | None = None  #: how many were counted, where that is known
    denominator: Number | None = None  #: out of how many, where that is known
    #: share, rate or count; what the measure has if nothing is said.
    unit: Trimmed[Unit] = Unit.SHARE
    counted: FilledText = "people"  #: the name, in the plural, of what the numerator (or a count's value) counts
    base: FilledText = "workforce"  #: the name, in the singular, of what the denominator is
    period: PeriodText  #: when: 2026-03, 2025/26-Q4, 2025/26 or 2026-03-31
    source: Text = ""  #: where the figure comes from. Without one the plan's check asks for it

    def whole(self) -> Baseline:
        """The baseline it stands for. Refuses what contradicts itself."""
        value = self.value
        if value is None:
            if self.numerator is None or not self.denominator:
                raise refused("a baseline needs its value, or a numerator and a denominator above 0.")
            value = self.numerator / self.denominator
        return reading(lambda: Baseline(**{**dict(self), "value": value}))


class ChangeRow(Row):
    """The X, as a file has it."""

    kind: Trimmed[ChangeKind]  #: how the amount is meant
    #: for points 0.02 is two percentage points; for relative 0.10 is a tenth more than today's figure; for level it is
    #: the figure to reach (a fraction for shares and rates); for count so many more; for multiple the factor. Negative
    #: points, relative and count amounts mean a fall.
    amount: Number

    def whole(self) -> Change:
        """The change it stands for."""
        return reading(lambda: Change(self.kind, rounded(self.amount)))


if TYPE_CHECKING:
    BaselineField = Baseline
    ChangeField = Change
else:  # pydantic checks a frozen dataclass of a lower room field by field, by way of a row of ours
    _BY_FIELD = BeforeValidator(lambda value: vars(value) if isinstance(value, Baseline | Change) else value)
    BaselineField = Annotated[BaselineRow, _BY_FIELD, AfterValidator(BaselineRow.whole)]
    ChangeField = Annotated[ChangeRow, _BY_FIELD, AfterValidator(ChangeRow.whole)]


class Side(StrEnum):
    """For whom somebody speaks in the partnership. `both` is for what the two sides settled in one room."""

    management = "management"
    staff = "staff"
    both = "both"


class RowState(StrEnum):
    """What a plan does with a row of the framework, or that it is one of its own."""

    ADOPTED = "adopted"  # as suggested
    REWORDED = "reworded"  # in words of our own
    IN_PLACE = "in place"  # done before the plan began
    LEFT_OUT = "left out"  # with a reason; the row stays
    ADDED = "added"  # the framework has no such row


class Status(StrEnum):
    """How far a row is."""

    NOT_STARTED = "not started"
    UNDER_WAY = "under way"
    DONE = "done"


class Effect(StrEnum):
    """What the plan does to a group of people, as far as is known."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    NOT_KNOWN = "not known"


class Way(StrEnum):
    """How an agreed change is spread over the time there is, where no checkpoints say it."""

    STRAIGHT = "straight"  # the same every month
    FRONT_LOADED = "front-loaded"  # most of it early
    BACK_LOADED = "back-loaded"  # most of it late


class Evidence(Row):
    """A sign that something exists or was done."""

    what: FilledText  #: it is: "Work experience policy, version 3"
    date: DayField | None = None  #: of the document or of the event
    link: Text = ""  #: a web address, or where else it lies
    approved_by: Text = ""  #: the post or body that approved it, where that is asked for

    @property
    def missing(self) -> tuple[str, ...]:
        """What an evidence measure needs and this lacks."""
        needed = {"a date": self.date, "a link": self.link, "who approved it": self.approved_by}
        return tuple(name for name, value in needed.items() if not value)


class Review(Row):
    """The rhythm on which a row is looked at, or on which a review that is itself a measure is held."""

    every: Annotated[int, Field(strict=True, ge=1, le=120)] | None = None  #: so many months
    last: DayField | None = None  #: the day it was last done
    #: the month in which it is next due; worked out from the other two if nothing is said.
    next: MonthField | None = None

    @property
    def due(self) -> Month | None:
        """The month in which it is next due, as far as is known."""
        if self.next is not None or self.every is None or self.last is None:
            return self.next
        return Month.of(self.last) + self.every

    def is_overdue(self, today: dt.date) -> bool:
        """Whether its month has passed."""
        return self.due is not None and self.due.last_day < today


class Checkpoint(Row):
    """A stop on the way from the baseline to the target."""

    due: MonthField  #: the month by whose last day it is to be reached
    value: Number | None = None  #: the figure itself, a fraction for shares and rates
    change: ChangeField | None = None  #: or, in its place, reckoned from the baseline, like the X

    def faults(self) -> Faults:
        if (self.value is None) == (self.change is None):
            yield "", "a checkpoint has either a 'value' or a 'change'."

    def goal(self, baseline: Baseline) -> float:
        """The value to reach. Raises ChangeError where the change doesn't fit the baseline."""
        if self.change is not None:
            return self.change.goal(baseline)
        assert self.value is not None  # noqa: S101  (one of the two is there)
        return self.value


class Comparison(Row):
    """The share that a group has among those it is compared with."""

    share: Annotated[Number, Field(ge=0, le=1)]  #: a fraction
    period: PeriodText | None = None  #: when
    source: Text = ""  #: where the figure comes from


def each_once(noun: str, called: Callable[[Any], str]) -> AfterValidator:
    """For a list of rows, of a noun ("action"): refuses one with the key of an earlier one; `called` names it."""

    def check(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        first: dict[object, int] = {}
        refuse_parts(
            (place, f"{noun} {first[row.key] + 1} is {called(row)} already; keep one of the two.")
            for place, row in enumerate(rows)
            if first.setdefault(row.key, place) != place
        )
        return rows

    return AfterValidator(check)
