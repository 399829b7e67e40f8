"""What the row of an action and of a measure have in common; rows as plain values and as digests.

As plain values: texts, numbers, true, lists and mappings, in the order in which a file has them. Only what says
something is there: what is empty, or as everybody would take it anyway, is left out. plan_text.py makes the text of a
plan file of them.

Digests: one SHA-256 over a canonical form, so that the same content has the same digest wherever it was typed. The
canonical form is JSON with the listed fields in their listed order, text in Unicode form NFC with the blanks at both
ends cut off, and numbers as plain decimal texts. Each kind of digest carries its own name and version in what is
hashed: a row and a document never collide, and a later form never passes for an earlier one.
"""

import datetime as dt
import hashlib
import json
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import Action, Measure, OnRecord
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import row_fields
from t4c_lib.plan.measure_validation import baseline_defaults
from t4c_lib.plan.row_fields import Evidence, Row, RowState, Status, Text
from t4c_lib.quantities import Baseline, Change
from t4c_lib.typed_text import canonical_text
from t4c_lib.validation_messages import Faults, refused
from t4c_lib.yaml_text import quoted


def decimal_text(number: float) -> str:
    """A number as the shortest plain decimal that reads back as the same float: 0.02, 3050, -12.5; never 2e-05."""
    exact = Decimal(repr(float(number)))
    if not exact:
        return "0"
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def digest_of(kind: str, fields: Mapping[str, object]) -> str:
    """SHA-256, hexadecimal, of the canonical form of the fields in the order in which they are given.

    The kind says what is hashed and the version of its form, such as "target 1". Fields are texts, numbers, None, and
    mappings or sequences of these. Anything else is taken by its text.
    """
    form = json.dumps([kind, canonical(fields)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(form.encode()).hexdigest()


def canonical(value: object) -> object:
    """A value as digests take it: what makes no other digest, such as blanks around a text, is the same here."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, int | float):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(key): canonical(part) for key, part in value.items()}
    return [canonical(part) for part in value] if isinstance(value, Sequence) else canonical_text(str(value))


BIGGEST_WHOLE = 2**53


def row_parameters(row: Row) -> dict[str, Any]:
    """Any part of a plan as a file has it."""
    measure: Measure | None = getattr(row, "what", None)
    values: dict[str, Any] = {}
    fields = type(row).model_fields
    for name in row.written or fields:
        value = getattr(row, name)
        if fields[name].is_required() or value != fields[name].default:
            values[fields[name].alias or name] = plain_value(value, measure)
    return values


def plain_value(value: object, measure: Measure | None = None) -> Any:
    """A value of a field as a file has it; a baseline without what everybody would take its `measure` to have."""
    match value:
        case Row():
            return row_parameters(value)
        case Baseline():
            return _baseline(value, measure)
        case Change():
            return {"kind": str(value.kind), "amount": _number(value.amount)}
        case tuple():
            return [plain_value(one, measure) for one in value]
        case Month() | FinancialYear() | dt.date() | Enum() | str():
            return str(value)
        case int() | float():
            return value if isinstance(value, bool) else _number(value)
    raise TypeError(f"A plan has no {type(value).__name__}.")


def _baseline(baseline: Baseline, measure: Measure | None) -> dict[str, Any]:
    # Where it is the one number divided by the other, to the last digit, the division is left to the reader.
    part, whole = baseline.numerator, baseline.denominator
    is_division = part is not None and whole and part / whole == baseline.value
    row: dict[str, Any] = {} if is_division else {"value": _number(baseline.value)}
    for name in ("numerator", "denominator"):
        if (figure := getattr(baseline, name)) is not None:
            row[name] = _number(figure)
    for name, word in baseline_defaults(measure).items():
        if (said := str(getattr(baseline, name))) != word:
            row[name] = said
    row["period"] = baseline.period
    return {**row, "source": baseline.source} if baseline.source else row


def _number(number: float) -> float:
    return int(number) if float(number).is_integer() and abs(number) < BIGGEST_WHOLE else float(number)


RowKey = tuple[str, ...]
OWN_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# States in which a row can have words of its own. One that is left out keeps those it had.
OWN_WORDS = (RowState.REWORDED, RowState.ADDED, RowState.IN_PLACE, RowState.LEFT_OUT)


class PlannedRow(Row):
    """A row of a plan: who answers for it, from when, until when, and how far it is."""

    #: what the plan does with the framework's row, or that it is one of its own.
    state: row_fields.Trimmed[RowState] = RowState.ADOPTED
    reason: Text = ""  #: why it is left out; needed for that, because the row stays and people will ask
    post: Text = ""  #: the post that answers for it. It is what is agreed; people come and go
    holder: Text = ""  #: who holds the post at present; not part of what is agreed
    start: row_fields.MonthField | None = None  #: the month from whose first day it runs
    due: row_fields.MonthField | None = None  #: the month by whose last day it is to be done or reached
    status: row_fields.Trimmed[Status] = Status.NOT_STARTED  #: how far it is
    #: the plan's year at whose end the row was closed because it was done. It stays, and nothing is due.
    closed: row_fields.YearField | None = None
    evidence: tuple[Evidence, ...] = ()  #: signs that it was done
    note: Text = ""  #: for the partners themselves; not part of what is agreed

    # Fields that no agreement covers: how far a row is, and what is for the partners themselves.
    not_agreed: ClassVar[frozenset[str]] = frozenset(
        {"holder", "status", "closed", "review", "evidence", "note", "cost", "backfill_hours", "tags"}
    )

    @property
    @abstractmethod
    def intention_number(self) -> int:
        """Under which intention it stands."""

    @property
    @abstractmethod
    def short_title(self) -> str:
        """Its place in the framework and its short name, however the plan words it: "1m1 Staff aged 16 to 24".

        With population and group where they aren't the ordinary ones; a row of the plan's own by its words alone.
        """

    @property
    @abstractmethod
    def suggestion(self) -> Action | Measure | None:
        """The framework's row; None for one that is added."""

    @property
    def reference(self) -> str:
        """Its place in the framework, as commands take it: "1a2", "1m4-turnover"; for the plan's own, its key."""
        return self.suggestion.reference if self.suggestion else self.row_key[1]

    @property
    def place(self) -> str:
        """Its place in the framework, as papers print it: "1a2", "1m4-turnover"; "own" for the plan's own."""
        return "own" if self.state is RowState.ADDED else self.reference

    @property
    def wording_and_group(self) -> str:
        """Its words, with the group of people it is about where it is about one."""
        group = getattr(self, "group", "")
        return f"{self.wording} ({group})" if group else self.wording

    @property
    def title(self) -> str:
        """How people call it: its place in the framework, its words, and its group."""
        return f"{self.place} {self.wording_and_group}"

    @property
    def on_record(self) -> OnRecord | None:
        """What of the pledge's record settles it; None where the plan itself says how far it is."""
        return self.suggestion.on_record if self.suggestion else None

    @property
    def row_key(self) -> RowKey:
        """What makes it this row of its plan: ("action", key), or ("measure", key, population, group)."""
        return self.called[0], *(getattr(self, name) for name in self.keyed_by)

    @property
    @abstractmethod
    def wording(self) -> str:
        """The words that hold: the plan's own, or the framework's."""

    @property
    def is_open(self) -> bool:
        """Whether there is something to do: not left out, not in place before, and not closed."""
        return self.state not in (RowState.LEFT_OUT, RowState.IN_PLACE) and self.closed is None

    @property
    def is_done(self) -> bool:
        """Whether the plan says that it is done, or closed it as done."""
        return self.closed is not None or self.status is Status.DONE

    @property
    @abstractmethod
    def covered(self) -> dict[str, object]:
        """What the two sides agree on when they agree to this row. Not how far it is, nor links, notes and names."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is agreed. The same for the same content, however it was typed."""
        return digest_of(f"{self.called[0]} 1", self.covered)

    def _covered_alike(self) -> dict[str, object]:
        """What an agreement covers of every row."""
        months = {"start": self.start, "due": self.due}
        dates = {name: None if month is None else str(month) for name, month in months.items()}
        return {"state": self.state, "reason": self.reason, **dates, "post": self.post}

    def _state_faults(self, own_words: str, field: str) -> Faults:
        if self.state is RowState.LEFT_OUT and not self.reason:
            yield "reason", "a row that is left out needs a reason: it stays in the plan and is shown."
        if self.reason and self.state is not RowState.LEFT_OUT:
            yield "reason", f"a reason is for rows that are left out, and this row is '{self.state}'."
        if self.state is RowState.REWORDED and not own_words:
            yield field, f"a reworded row needs its own wording in '{field}'."
        if own_words and self.state not in OWN_WORDS:
            yield field, "your own wording needs the state 'reworded' (or 'added'), not 'adopted'."


def row_key(key: str, state: RowState | None, look_up: Callable[[str], str]) -> str:
    """The key of a row as the framework has it; for a row that is added, its own. For a pydantic validator.

    `look_up` gives the framework's key for a name, or raises UnknownNameError. The state is None if that couldn't be
    read, and then an unknown key is let pass.
    """
    try:
        known = look_up(key)
    except UnknownNameError as error:
        if state is not None and state is not RowState.ADDED:
            own = "" if error.closest else " A row of your own has the state 'added'."
            raise refused(f"{error}{own}") from None
        if not OWN_KEY.fullmatch(key):
            wanted = "use small letters, digits and hyphens, such as staff-bursary."
            raise refused(f"{quoted(key)} is not a valid key: {wanted}") from None
        return key
    if state is RowState.ADDED:
        raise refused(f"'{key}' is a row of the framework. An added row needs its own key.")
    return known
