"""The form of one row of a plan: its fields, and what they show (typed_rows.py makes a row of what was typed)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from t4c_lib.evidence.breakdowns import groups_of_people
from t4c_lib.framework import MeasureKind
from t4c_lib.parameters.other_frameworks import OWN, other_frameworks, tag_words
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan import ActionRow, MeasureRow, RowState, Status, Way, decimal_text
from t4c_lib.plan.action_rows import BLANK, row_dates
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.measure_rows import x_kinds, x_scale, x_unit
from t4c_lib.quantities import Baseline, ChangeKind, Unit

Options = Sequence[tuple[str, str]]  # value and words
YEARS_AHEAD = 5
STATES = {
    RowState.ADOPTED: "As suggested",
    RowState.REWORDED: "Reworded",
    RowState.IN_PLACE: "Already in place",
    RowState.LEFT_OUT: "Left out",
}
WAYS = (
    ("", "the same every month (usual)"),
    (str(Way.FRONT_LOADED), "most of it early"),
    (str(Way.BACK_LOADED), "most of it late"),
)
JOINED = "Answers can be joined, such as race: Asian and Black"
BLANK_TOLD = f". {BLANK} stands where the number goes"
# Where the form asks for what the check of a plan names otherwise.
ASKED_IN = {
    "change": "x_amount",
    "baseline": "base",
    "comparison": "comparison_share",
    "checkpoints": "checkpoint_0_due",
    "evidence": "evidence_0_what",
    "review": "every",
}
AS_SAVED, NEWEST, TYPED = "as saved", "newest", "typed"


@dataclass(frozen=True)
class FormField:
    """One field."""

    name: str  #: by which what was typed comes back
    label: str  #: what is asked
    value: str = ""  #: as it is saved, as text
    options: Options = ()  #: what can be chosen; a field to type in if there are none
    kind: str = "text"  #: "text", "number", "date", "area" or "list" (typed, with the options offered)
    width: int = 4  #: of twelve columns
    help: str = ""  #: a few words below it
    #: which part of the form it stands in: "x", "typed", "checkpoints", "who", "evidence", "review", "more".
    group: str = "who"

    @property
    def wants_choice(self) -> bool:
        return bool(self.options) and self.kind != "list"


@dataclass(frozen=True)
class RowForm:
    """The form of one row."""

    row: PlanRow  #: as it is saved
    newest: Baseline | None  #: its newest figure, as a baseline; None where nobody counted
    day: dt.date  #: of today
    first: Month  #: month of the plan, from which the framework's dates are carried
    posts: Sequence[str] = ()  #: posts that the plan names, to choose from
    group: str = ""  #: of people, where closer is better, that `newest` is of: the row's, or as it is typed

    # What it shows

    @cached_property
    def fields(self) -> tuple[FormField, ...]:
        """Every field, in the order in which they stand."""
        asked = (self._wording, self._number, self._x, self._who, self._evidence, self._review, self._more)
        return tuple(one for part in asked for one in part())

    @cached_property
    def values(self) -> dict[str, str]:
        """What the fields show, by name."""
        return {one.name: one.value for one in self.fields}

    @property
    def states(self) -> Options:
        """What may become of the framework's row; nothing to choose for one of the plan's own."""
        return () if self.row.state is RowState.ADDED else [(str(one), words) for one, words in STATES.items()]

    @property
    def suggested(self) -> str:
        """The framework's own words as they are typed; empty for a row of the plan's own."""
        row = self.row
        if isinstance(row, MeasureRow):
            return row.suggested_words
        return row.suggestion.text if row.suggestion else ""

    @property
    def is_settled(self) -> bool:
        """Whether the pledge's own record settles the row, so that there is nothing to fill in."""
        return self.row.on_record is not None

    def _wording(self) -> Iterator[FormField]:
        row = self.row
        if row.state is not RowState.ADDED:
            yield FormField("state", "What becomes of it", str(row.state), self.states, width=12)
        name = "text" if isinstance(row, ActionRow) else "name"
        own = row.text if isinstance(row, ActionRow) else row.name
        if row.state is not RowState.ADDED or isinstance(row, ActionRow):
            told = f"As suggested: {row.suggested_words}{BLANK_TOLD if BLANK in self.suggested else ''}"
            yield FormField(name, "Our wording", own or self.suggested, kind="area", width=12, help=told)
        yield FormField("because", "Why it is left out", row.reason, width=12)

    def _number(self) -> Iterator[FormField]:
        row = self.row
        if isinstance(row, ActionRow) and row.has_blank:
            unit = row.suggestion.unit if row.suggestion else "people"
            yield FormField("number", f"X: how many {unit}", _plain(row.number), kind="number", group="x")

    def _x(self) -> Iterator[FormField]:
        row = self.row
        if not isinstance(row, MeasureRow) or not row.has_amount:
            return
        if row.is_closer:
            yield from self._closer(row)
        amount = "" if row.change is None else decimal_text(round(row.change.amount * self.scale(row.change.kind), 6))
        kind = str(row.change.kind if row.change else self.kinds[0][0])
        yield FormField("x_amount", "X", amount, kind="number", width=2, group="x")
        yield FormField("x_kind", "Counted as", kind, self.kinds, width=3, group="x")
        yield FormField("due", "By the end of", self._month(row.due), self._months("due", row.due), width=3, group="x")
        yield FormField("base", "Baseline", self._base, self.bases, width=4, group="x")
        yield from self._typed(row)
        for place in range(len(row.checkpoints) + 1):
            one = row.checkpoints[place] if place < len(row.checkpoints) else None
            start = row.starting_figure
            value = "" if one is None or start is None else decimal_text(round(one.goal(start) * self.scale(), 6))
            number = f"Checkpoint {place + 1}"
            due = one.due if one else None
            yield FormField(
                f"checkpoint_{place}_due", number, self._month(due), self._months("", due), group="checkpoints"
            )
            unit = f"Value then, {self.unit}"
            yield FormField(f"checkpoint_{place}_value", unit, value, kind="number", group="checkpoints")
        yield FormField("way", "How the change is spread", str(row.way or ""), WAYS, group="checkpoints")

    def _typed(self, row: MeasureRow) -> Iterator[FormField]:
        """The baseline in parts, for one that nobody counted here."""
        one = row.baseline
        if row.what.kind is MeasureKind.COUNT:
            yield FormField(
                "b_value", f"How many {row.what.unit}", _plain(one.value if one else None), kind="number", group="typed"
            )
        else:
            labels = (row.what.counted.capitalize(), f"Out of ({row.what.denominator or row.what.base})")
            parts = (one.numerator, one.denominator) if one else (None, None)
            for name, label, part in zip(("b_part", "b_whole"), labels, parts, strict=True):
                yield FormField(name, label, _plain(part), kind="number", width=3, group="typed")
            value = "" if one is None else decimal_text(round(one.value * 100, 6))
            yield FormField("b_value", "or in per cent", value, kind="number", width=2, group="typed")
        period = one.period if one else ""
        yield FormField("b_period", "When", period, group="typed", width=2, help="2026-03 or 2025/26")
        yield FormField("b_source", "Source", one.source if one else "", group="typed", width=4)

    def _closer(self, row: MeasureRow) -> Iterator[FormField]:
        groups = [(one, one) for one in groups_of_people()]
        yield FormField("group", "Group of people", row.group, groups, kind="list", group="x", help=JOINED)
        one, what = row.comparison, row.what.compare_with or "the comparison"
        share = "" if one is None else decimal_text(round(one.share * 100, 6))
        yield FormField(
            "comparison_share", "Share to compare with, per cent", share, kind="number", group="x", help=what
        )
        yield FormField("comparison_period", "Of when", str(one.period or "") if one else "", width=2, group="x")
        yield FormField("comparison_source", "Source", one.source if one else "", width=2, group="x")

    def _who(self) -> Iterator[FormField]:
        row, posts = self.row, [(one, one) for one in self.posts]
        is_short = isinstance(row, MeasureRow) and row.has_amount  # its date stands beside the X
        yield FormField("post", "Responsible post", row.post, posts, kind="list", width=6 if is_short else 4)
        yield FormField("holder", "Held by", row.holder, width=4 if is_short else 2)
        if not is_short:
            yield FormField("start", "Start", self._month(row.start), self._months("start", row.start), width=2)
            yield FormField("due", "Due", self._month(row.due), self._months("due", row.due), width=2)
        yield FormField("status", "Status", str(row.status), [(str(one), str(one)) for one in Status], width=2)

    def _evidence(self) -> Iterator[FormField]:
        for place in range(len(self.row.evidence) + 1):
            one = self.row.evidence[place] if place < len(self.row.evidence) else None
            shown = {
                "what": ("Document or other evidence", one.what if one else "", "text", 4),
                "date": ("Its date", str(one.date or "") if one else "", "date", 2),
                "link": ("Where it is", one.link if one else "", "text", 3),
                "approved_by": ("Approved by", one.approved_by if one else "", "text", 3),
            }
            for part, (label, value, kind, width) in shown.items():
                yield FormField(f"evidence_{place}_{part}", label, value, kind=kind, width=width, group="evidence")

    def _review(self) -> Iterator[FormField]:
        if not isinstance(self.row, MeasureRow):
            return
        one = self.row.review
        every = "" if one is None or one.every is None else str(one.every)
        offered = dict.fromkeys(("1", "3", "6", "12", "24", *([every] if every else [])))
        rhythms = [("", "no rhythm"), *((n, "every month" if n == "1" else f"every {n} months") for n in offered)]
        yield FormField("every", "Reviewed", every, rhythms, width=4, group="review")
        last = str(one.last or "") if one else ""
        yield FormField("last", "Last held on", last, kind="date", width=4, group="review")
        following = one.next if one else None
        months = self._months("", following)
        yield FormField(
            "next", "Next in", self._month(following), [("", "as the rhythm says"), *months[1:]], group="review"
        )

    def _more(self) -> Iterator[FormField]:
        row = self.row
        yield FormField("note", "Note for the partners", row.note, kind="area", width=12, group="more")
        if isinstance(row, ActionRow):
            yield FormField("cost", "Cost in pounds, if known", _plain(row.cost), kind="number", group="more")
            hours = "Backfill hours, if known"
            yield FormField("backfill_hours", hours, _plain(row.backfill_hours), kind="number", group="more")
            shorts = "; ".join(one.short for one in other_frameworks().values())
            told = f"With semicolons between them: {shorts}; or an own priority, as in 'own: Care closer to home'"
            tags = "; ".join(one if one.startswith(OWN) else tag_words(one) for one in row.tags)
            yield FormField("tags", "Counts for other frameworks", tags, width=12, group="more", help=told)

    # What its parts offer

    @property
    def kinds(self) -> Options:
        """How an X of the measure may be meant, the framework's own reading first."""
        assert isinstance(self.row, MeasureRow)  # noqa: S101  (asked of measures)
        return x_kinds(self.row)

    @property
    def unit(self) -> str:
        """What a value of the measure is written in."""
        assert isinstance(self.row, MeasureRow)  # noqa: S101
        return x_unit(self.row)

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
        known = [(name, f"{one.text}, {_when(one)} ({words[name]})") for name, one in self.baselines.items()]
        return [
            *known,
            *([] if AS_SAVED in self.baselines else [("", "none yet")]),
            (TYPED, "Type one, with its source"),
        ]

    @property
    def _base(self) -> str:
        return AS_SAVED if AS_SAVED in self.baselines else ""

    @staticmethod
    def _month(month: Month | None) -> str:
        return "" if month is None else str(month)

    def _months(self, field: str, chosen: Month | None) -> Options:
        """The months that can be chosen, the framework's own date for the row first."""
        now = Month.of(self.day)
        key = str(self.row.row_key[1])
        suggested = row_dates([self.first.financial_year]).get(key, {}).get(field)
        offered = [now + step for step in range(12 * YEARS_AHEAD + 1)]
        listed = sorted({*offered, *([chosen] if chosen else [])})
        first = [(str(suggested), f"{suggested.label} (framework)")] if suggested in listed and suggested else []
        return [("", "no date"), *first, *((str(one), one.label) for one in listed if one != suggested)]


def _plain(number: float | None) -> str:
    return "" if number is None else decimal_text(round(number, 6))


def _when(one: Baseline) -> str:
    return parse_period(one.period).label if one.period else "date not known"
