"""Rows of the plan as tables of pages show them: words and figures, no field; and how many have which status."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from pydantic import RootModel

from t4c_lib.address import Address
from t4c_lib.charts.symbols import Icon, icons_of
from t4c_lib.errors import UnknownNameError
from t4c_lib.evidence.observations import TRUST_WORKFORCE
from t4c_lib.framework import Action, Intention, Measure, MeasureKind, catalogue
from t4c_lib.framework.definitions import Strand
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, Month
from t4c_lib.plan import ActionRow, Finding, MeasureRow, RowState, Side
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.authorised_signatories import SIDE_NAMES, side_words
from t4c_lib.progress import RowProgress, SpcNote, StatusWord
from t4c_lib.progress.status import wanted_text
from t4c_lib.progress.status_facts import RowStatus
from t4c_lib.quantities import Baseline, ChangeKind, Unit, count_of, number
from t4c_lib.quantities.baseline import Part
from t4c_lib.typed_text import capitalised
from t4c_lib.validation_messages import read_shipped
from t4c_lib.whatif.outcomes_and_odds import format_chance


def history_words(of: Action | Measure | Intention | None) -> tuple[str, ...]:
    """What the framework said of something in 2015; nothing where it said no more than today."""
    return () if of is None or of.history is None else (of.history.words,)


def _today(status: RowStatus) -> Baseline | None:
    """The newest figure of the row's own people, of whom its X is counted; None where their number isn't known."""
    figure = status.facts.figure
    if figure is None or figure.is_proxy or not figure.denominator or figure.numerator is None:
        return None
    part, whole = figure.numerator, figure.denominator
    return Baseline(part / whole, part, whole, figure.period, unit=Unit.RATE)


def x_of(row: MeasureRow, status: RowStatus) -> str:
    """The X of a measure in words: from where to where, or what there is instead of an X."""
    # A gap is no number of people, so none are counted where it is what closes.
    now = None if row.is_closer else _today(status)
    ways = {"now": now, "wanted": wanted_text, "day": lambda date: Day(date).label}
    return text_from("sections/row_x.txt.j2", row=row, word=status.word.name, **ways).strip()


WHOLE = {TRUST_WORKFORCE: "all staff"}
WIDE, HIGH, EDGE = 88.0, 28.0, 4.0  # of the small drawing beside a measure, in pixels
FEWEST = 2  # figures that make a line


def intention_asked(address: Address) -> int:
    """The number of the intention that an address names, by itself or by a measure of it; else the first."""
    with suppress(UnknownNameError):
        return address.intention or catalogue().measure(address.measure).intention_number
    return 1


def forum_tables(rows: Sequence["RowView"]) -> list[tuple[str, list["RowView"]]]:
    """The tables of an intention's rows: their headings and rows."""
    actions, measures = ([one for one in rows if one.progress.is_action is kind] for kind in (True, False))
    return [("Actions", actions), ("Measures", measures)]


def row_id(key: Sequence[str]) -> str:
    """What a row is called within a page and in its address."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(key).casefold()).strip("-")


def short_month(month: Month | None) -> str:
    """The month in short, such as Mar 2027; empty for none."""
    return "" if month is None else f"{month.first_day:%b %Y}"


@dataclass(frozen=True, eq=False)
class RowView:
    """One row."""

    progress: RowProgress  #: where it stands
    findings: tuple[Finding, ...] = ()  #: what is still to fix in it, and what is worth checking
    published: bool = False  #: whether it is shown to everybody, so that nobody is named

    @property
    def row(self) -> ActionRow | MeasureRow:
        return self.progress.row

    @property
    def id(self) -> str:
        return row_id(self.row.row_key)

    @property
    def name(self) -> str:
        return self.row.wording_and_group

    @property
    def code(self) -> str:
        """Its place in the framework, small, for those who cite it."""
        return "own" if self.row.state is RowState.ADDED else self.row.reference

    @property
    def people(self) -> str:
        """Of whom, where the name doesn't say it."""
        row = self.row
        population = row.population if isinstance(row, MeasureRow) else ""
        return "" if population.casefold() in self.name.casefold() else WHOLE.get(population, population)

    @property
    def notes(self) -> tuple[str, ...]:
        suggestion = self.row.suggestion if isinstance(self.row, ActionRow) else None
        notes = catalogue().notes_on(suggestion.ref) if suggestion else ()
        return tuple(f"Note {note.number}: {note.text}" for note in notes)

    @property
    def history(self) -> tuple[str, ...]:
        """What the framework said of it in 2015; nothing of a row of the plan's own."""
        row = self.row
        return history_words(row.suggestion if isinstance(row, ActionRow) else None if row.definition else row.what)

    @property
    def to_fix(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.blocks_agreement)

    @property
    def due(self) -> str:
        if self.row.due is None and self.row.start is not None:
            return f"from {short_month(self.row.start)}"
        return short_month(self.row.due)

    @property
    def status(self) -> str:
        return str(self.progress.status.word)

    @property
    def status_detail(self) -> str:
        """What stands small below the word."""
        days = self.progress.status.days
        return "" if days is None else count_of(days, "days")

    # A measure that counts something

    @property
    def counts(self) -> bool:
        """Whether figures belong to it."""
        return isinstance(self.row, MeasureRow) and self.row.has_amount

    def short_text(self, value: float) -> str:
        """A value in a narrow column: the unit stands in the name, and a gap is so many points."""
        row = self.row
        if isinstance(row, MeasureRow) and row.is_closer:
            size = number(abs(value) * 100)
            return f"{size} point{'' if size == '1' else 's'}{' above' if value < 0 else ''}"
        return number(value) if self._is_count else self.progress.text_of(value)

    @property
    def _is_count(self) -> bool:
        return isinstance(self.row, MeasureRow) and self.row.what.kind is MeasureKind.COUNT

    @property
    def latest(self) -> tuple[str, str]:
        """The newest figure, and of when."""
        one = self.progress.latest
        if one is None:
            return "", ""
        when = re.sub(r"\b([A-Z][a-z]{2})[a-z]+ (?=\d{4})", r"\1 ", one.label)  # as reports call it, months in short
        newer = "; newer ones not shown" if self.progress.hidden_since else ""
        return self.short_text(one.value), f"{when}{', a proxy' if one.is_proxy else ''}{newer}"

    @property
    def planned(self) -> str:
        """What was planned for the day of the newest figure, a count in whole ones; empty without a target."""
        value = self.progress.planned
        return "" if value is None else number(value, 0) if self._is_count else self.short_text(value)

    @property
    def limits(self) -> list[str]:
        """Mean, lower and upper natural process limit; empty where they are not shown."""
        found = self.progress.signals if self.progress.spc_note is SpcNote.SHOWN else None
        every = () if found is None else (found.mean, found.lower, found.upper)
        return [self.short_text(float(one[-1])) for one in every]

    @property
    def icons(self) -> list[Icon]:
        """Those of variation and assurance, as far as they are shown."""
        return list(icons_of(self.progress.variation, self.progress.assurance))

    @property
    def chance(self) -> str:
        """Of its target, in words; empty where there is none."""
        return "" if self.progress.chance is None else format_chance(self.progress.chance)

    @property
    def x(self) -> tuple[str, str]:
        """The X, and from where."""
        row = self.row
        if not isinstance(row, MeasureRow) or row.change is None:
            return "", ""
        ways = {"text": self.short_text, "signed": _signed, "number": number, "is_count": self._is_count}
        words = text_from("sections/x_short.txt.j2", size=row.change.amount, kind=row.change.kind, **ways).rstrip()
        return words, "" if (start := row.starting_figure) is None else f"from {self.short_text(start.value)}"

    @property
    def x_words(self) -> str:
        """The X as a sentence: from where to where, and what that is in people; empty without an X."""
        row = self.row
        if not isinstance(row, MeasureRow) or row.change is None:
            return ""
        return f"{capitalised(x_of(row, self.progress.status))}."

    @property
    def target(self) -> tuple[str, str]:
        """What it is to reach, and by when."""
        one, row = self.progress.trajectory, self.row
        if one is not None:
            return self.short_text(one.target), f"by {one.due:%b %Y}"
        # A level is the target whatever it starts from, be that not known, or of too few people to be published.
        change = row.change if isinstance(row, MeasureRow) and not row.is_closer else None
        if change is None or change.kind is not ChangeKind.LEVEL or row.due is None:
            return "", ""
        return self.short_text(change.amount), f"by {short_month(row.due)}"

    @property
    def says(self) -> str:
        """What stands where the figures would: the document, the rhythm, or why it was left out."""
        if self.row.state is RowState.LEFT_OUT:
            return f"Left out: {self.row.reason}"
        if isinstance(self.row, MeasureRow) and not self.row.has_amount:
            words = x_of(self.row, self.progress.status)
            missing = "No review dates yet" if self.row.what.kind is MeasureKind.REVIEW else "No evidence yet"
            return words or ("Follows from the pledge" if self.row.on_record else missing)
        return ""

    def _drawn(self, values: Sequence[float]) -> Iterable[tuple[float, float]]:
        goal = self.progress.trajectory.target if self.progress.trajectory is not None else values[-1]
        low, high = min(*values, goal), max(*values, goal)
        step = (WIDE - 2 * EDGE) / max(len(values) - 1, 1)
        for place, value in enumerate((*values, goal)):
            y = HIGH / 2 if high == low else HIGH - EDGE - (value - low) / (high - low) * (HIGH - 2 * EDGE)
            yield EDGE + step * min(place, len(values) - 1), y

    @property
    def spark(self) -> tuple[str, str, str]:
        """The line, its end and the height of the target: "x,y x,y", "x,y", "y"."""
        values = [float(one) for one in self.progress.figures["value"].dropna()] if self.counts else []
        if len(values) < FEWEST:
            return "", "", ""
        *line, (_, goal) = self._drawn(values)
        points = [f"{x:.1f},{y:.1f}" for x, y in line]
        return " ".join(points), points[-1], f"{goal:.1f}" if self.progress.trajectory is not None else ""

    # How far the two sides are

    @property
    def sides(self) -> list[tuple[str, str, str]]:
        """For management and staff side: its key, its name, and "agreed", another word it said, or nothing."""
        standing = self.progress.agreement
        said = [str(one.holds or "") for one in standing.slots] if standing is not None else ["", ""]
        return [(*one, word) for one, word in zip(SIDE_NAMES.items(), said, strict=True)]

    @property
    def agreed_sides(self) -> tuple[Side, ...]:
        """The sides that agree to it as it stands."""
        standing = self.progress.agreement
        return () if standing is None else standing.agreed_by

    @property
    def agreed_by(self) -> str:
        return side_words(*self.agreed_sides)

    @property
    def tag(self) -> str:
        """What a glance should catch: re-opened, parked, not agreed."""
        standing = self.progress.agreement
        if standing is None:
            return ""
        if standing.agreed_before and standing.state is AgreementState.PROPOSED:
            return "re-opened"
        return str(standing.state) if standing.state.is_held_up else ""


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{number(abs(value), 2)}"


GROUPS = read_shipped(RootModel[dict[str, tuple[StatusWord, ...]]], __package__, "status_groups.yaml").root
Counted = Mapping[tuple[str, StatusWord], int]  # rows by group and status


@dataclass(frozen=True, eq=False)
class RowsByStatus:
    """Rows of a plan counted by group and status, and by intention; what was left out is not counted."""

    rows: Sequence[RowProgress]

    @cached_property
    def views(self) -> list[RowView]:
        """The rows, but those left out."""
        return [RowView(one) for one in self.rows if one.status.word is not StatusWord.LEFT_OUT]

    @cached_property
    def whole(self) -> Counted:
        return Counter(cell for one in self.views for cell in _cells(one))

    @property
    def agreed(self) -> Part:
        """Of all rows, those agreed by both sides."""
        standings = (one.agreement for one in self.rows)
        return Part.of(one.state is AgreementState.AGREED for one in standings if one is not None)

    @cached_property
    def columns(self) -> dict[str, list[StatusWord]]:
        """By group, the statuses that occur."""
        return {name: [word for word in words if (name, word) in self.whole] for name, words in GROUPS.items()}

    @property
    def lines(self) -> list[tuple[Strand, list[tuple[Intention, "RowsByStatus"]]]]:
        """By strand, for each intention its own rows."""
        whole = catalogue()
        lines = [(each, [(one, self._of(one)) for one in whole.intentions_of(each.key)]) for each in whole.strands]
        return [(strand, mine) for strand, mine in lines if any(rows.rows for _, rows in mine)]

    def _of(self, intention: Intention) -> "RowsByStatus":
        return RowsByStatus([one for one in self.rows if one.intention_number == intention.number])


def _cells(one: RowView) -> tuple[tuple[str, StatusWord], ...]:
    """The cell of the table in which a row is counted; none for an action that isn't overdue."""
    group = "Actions" if one.progress.is_action else "Targets" if one.counts else "Evidence, reviews"
    word = one.progress.status.word
    return ((group, word),) if word in GROUPS[group] else ()


def most_urgent_first(views: Iterable[RowView]) -> list[RowView]:
    """Measures that count something, what most needs a decision first: by status, then by the target's chance."""
    words = GROUPS["Targets"]
    return sorted(views, key=lambda one: (words.index(one.progress.status.word), chance_of(one.progress)))


def chance_of(one: RowProgress) -> float:
    """The chance of its target, 0 to 1; 1 where it has none."""
    return 1.0 if one.chance is None else one.chance
