"""A row of the plan as tables of pages show it: words and figures, no field."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from t4c_lib.address import Address
from t4c_lib.charts.symbols import Icon, icons_of
from t4c_lib.errors import UnknownNameError
from t4c_lib.evidence.observations import TRUST_WORKFORCE
from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.periods import Month
from t4c_lib.plan import ActionRow, Finding, MeasureRow, RowState, Side
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.authorised_signatories import SIDE_NAMES, side_words
from t4c_lib.progress import RowProgress, SpcNote
from t4c_lib.quantities import ChangeKind, count_of, number
from t4c_lib.sections.plan_rows import history_of, notes_on, x_of
from t4c_lib.typed_text import capitalised
from t4c_lib.whatif.target_probability import format_chance

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
        """The framework's notes on it."""
        return notes_on(self.row)

    @property
    def history(self) -> tuple[str, ...]:
        """What the framework said of it in 2015."""
        return history_of(self.row)

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
        row, as_of = self.row, self.progress.as_of
        if row.state is RowState.LEFT_OUT:
            return ""
        if self.status == "overdue" and row.due is not None and row.due.last_day < as_of:
            return count_of((as_of - row.due.last_day).days, "days")
        if self.status == "due" and isinstance(row, ActionRow):
            return str(row.status)
        return ""

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
        """What was planned for the day of the newest figure; empty without a target."""
        return "" if self.progress.planned is None else self.short_text(self.progress.planned)

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
        size, start = row.change.amount, row.starting_figure
        texts = {
            ChangeKind.POINTS: f"{_signed(size * 100)} point{'' if abs(size) == 0.01 else 's'}",
            ChangeKind.RELATIVE: f"{_signed(size * 100)}%",
            ChangeKind.LEVEL: f"to {self.short_text(size)}",
            ChangeKind.MULTIPLE: f"× {number(size, 2)}",
            ChangeKind.COUNT: _signed(size) + ("" if self._is_count else " people"),
        }
        return texts[row.change.kind], "" if start is None else f"from {self.short_text(start.value)}"

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
        """The same in words."""
        return "both sides" if len(self.agreed_sides) > 1 else "".join(map(side_words, self.agreed_sides))

    @property
    def tag(self) -> str:
        """What a glance should catch: re-opened, parked, not agreed."""
        standing = self.progress.agreement
        if standing is None:
            return ""
        if standing.was_reopened and standing.state is AgreementState.PROPOSED:
            return "re-opened"
        return str(standing.state) if standing.state.is_held_up else ""


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{number(abs(value), 2)}"
