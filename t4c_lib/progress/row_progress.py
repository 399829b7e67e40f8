"""Every row of a plan with where it stands: what the overview, the table and the reports are made of."""

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Unpack

import pandas as pd

from t4c_lib.evidence.observations import State
from t4c_lib.framework import MeasureKind
from t4c_lib.periods import parse_period
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.plan.partnership.agreement_status import AgreementStatus
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.progress.figures import Figure, FigureTables, amount_text, counts_text, latest_figure, no_figures
from t4c_lib.progress.spc import Autocorrelation, XmrChart, autocorrelation_of, xmr_chart
from t4c_lib.progress.status import status, status_of
from t4c_lib.progress.status_facts import KnownFacts, RowStatus, StatusWord
from t4c_lib.progress.trajectory import Direction, Trajectory, direction
from t4c_lib.quantities import count_of, points

RowKey = tuple[str, str, str]  # measure, population, group
NOTHING_ON_RECORD = PartnershipRecord()
DATE_HAS_COME = "The target date has been reached."


class SpcNote(StrEnum):
    """Why a chart shows the icons that it shows."""

    NOTHING = "nothing to say"
    OVERLAPPING = "12-month figures overlap"
    TOO_FEW = "too few figures"
    ROUNDED = "rounded too coarsely"
    SHOWN = "shown"


@dataclass(frozen=True, eq=False)
class RowProgress:
    """One row of a plan, and all that is worked out of it; tables, charts, sentences and overviews only show it."""

    status: RowStatus  #: word, with the rule and the numbers it rests on
    figures: pd.DataFrame  #: all its figures, as `row_figures` gives them; none for an action
    no_chance: str = ""  #: why a target has no chance, one sentence; empty where it has one, or there is no target
    chance_basis: str = ""  #: what its chance starts from, does and leaves out, in words; empty where it has none

    @property
    def row(self) -> MeasureRow | ActionRow:
        return self.status.facts.row

    @property
    def as_of(self) -> dt.date:
        return self.status.facts.as_of

    @property
    def latest(self) -> Figure | None:
        """Its newest figure that is known; None where it has none, or nothing to count."""
        return self.status.facts.figure

    @property
    def hidden_since(self) -> str:
        """The newest period whose figure is a small number and not shown; empty unless it is newer than `latest`."""
        if self.latest is None:
            return ""
        hidden = self.figures[self.figures["state"] == State.suppressed.value]
        is_newer = len(hidden) > 0 and hidden["day"].iloc[-1].date() > self.latest.day
        return parse_period(str(hidden["period"].iloc[-1])).label if is_newer else ""

    @property
    def trajectory(self) -> Trajectory | None:
        """The planned one; None without a target."""
        return self.status.facts.trajectory

    @property
    def agreement(self) -> AgreementStatus | None:
        """How far the two sides are with it; None where nothing is on record, not even that nobody spoke of it."""
        return self.status.facts.record.standing

    @property
    def is_action(self) -> bool:
        return isinstance(self.row, ActionRow)

    @property
    def intention_number(self) -> int:
        return self.row.intention_number

    @property
    def name(self) -> str:
        """The row's place in the framework and its key: "1m4-turnover turnover"; for the plan's own, "own" and key."""
        group = f" ({self.row.group})" if isinstance(self.row, MeasureRow) and self.row.group else ""
        return f"{self.row.place} {self.row.row_key[1]}{group}"

    @property
    def key(self) -> RowKey | None:
        """Measure, population and group; None for an action."""
        return self.row.key if isinstance(self.row, MeasureRow) else None

    @property
    def reference(self) -> str:
        """Its place in the framework, as short as that goes: "1m4"; "own" for the plan's own."""
        return self.row.what.ref if isinstance(self.row, MeasureRow) and not self.row.definition else self.row.place

    @property
    def label(self) -> str:
        """A few words for it: a measure's name, with its group; an action's short name."""
        return self.row.short_name if isinstance(self.row, ActionRow) else self.row.wording_and_group

    @property
    def better(self) -> Direction:
        """Which direction of its figures is better; of a gap, lower."""
        return direction(self.row) if isinstance(self.row, MeasureRow) else "higher"

    @property
    def chance(self) -> float | None:
        """Of meeting the target from the latest figures (0 to 1); None where there is none, see `no_chance`."""
        return self.status.chance

    @property
    def planned(self) -> float | None:
        """What the trajectory has for the day of the newest figure; None without either."""
        return self.status.facts.planned

    @cached_property
    def autocorrelation(self) -> Autocorrelation:
        """What the row's figures share with the ones before them."""
        return autocorrelation_of(self.row, self.figures) if isinstance(self.row, MeasureRow) else Autocorrelation.NONE

    @cached_property
    def signals(self) -> XmrChart | None:
        """Natural process limits and signals of the figures; None where there are none, or where figures share months.

        The target enters only while it is in force: its date has come, or it is to hold the baseline's level.
        """
        if self.latest is None or self.autocorrelation is Autocorrelation.OVERLAPPING:
            return None
        goal = self.trajectory.target if self.trajectory is not None and self.status.facts.in_force else None
        return xmr_chart(self.figures["value"].to_numpy(), better=self.better, target=goal)

    @property
    def spc_note(self) -> SpcNote:
        """Why the chart shows the limits and icons that it shows."""
        if self.latest is None:
            return SpcNote.NOTHING
        if self.signals is None:
            return SpcNote.OVERLAPPING
        if not self.signals.has_enough_points:
            return SpcNote.TOO_FEW
        # A step of rounding that is longer than the standard deviation makes limits and signals of its own: Wheeler and
        # Chambers, Understanding Statistical Process Control (1992), on inadequate measurement units.
        is_coarse = bool(self.figures["step"].max() > self.signals.standard_deviation)
        return SpcNote.ROUNDED if is_coarse else SpcNote.SHOWN

    @property
    def rounding(self) -> str:
        """How far two figures of the row can be apart by rounding alone; empty where that is too little to be seen."""
        row, step = self.row, float(self.figures["step"].max())
        if isinstance(row, MeasureRow) and row.what.kind is MeasureKind.COUNT and step > 0:
            return count_of(step, row.what.unit)
        return points(step, 1) if step >= 0.001 else ""

    @property
    def variation(self) -> str | None:
        """The icon of variation; None with too few figures, and for a row with which nothing is still to do."""
        shown = self.spc_note is SpcNote.SHOWN and self.row.is_open
        return self.signals.variation if shown and self.signals is not None else None

    @property
    def assurance(self) -> str | None:
        """The icon of assurance; None like that of variation, and while no target is in force."""
        shown = self.spc_note is SpcNote.SHOWN and self.row.is_open
        return self.signals.assurance if shown and self.signals is not None else None

    def text_of(self, value: float) -> str:
        """A value of its measure as people read it: "5.7%", "28 placements a year"."""
        if not isinstance(self.row, MeasureRow):
            raise TypeError(f"{self.row.label} has no values.")
        return amount_text(self.row, value)

    @property
    def counts(self) -> str:
        """What the newest figure was divided from: "182 of 2,842"; empty where it was divided from nothing."""
        if self.latest is None or not isinstance(self.row, MeasureRow):
            return ""
        return counts_text(self.row, self.latest)


def plan_progress(
    plan: Plan,
    observations: pd.DataFrame,
    as_of: dt.date,
    chances: Mapping[RowKey, float] | None = None,
    *,
    record: PartnershipRecord = NOTHING_ON_RECORD,
    hidden: Container[RowKey] = (),
    tables: FigureTables | None = None,
) -> tuple[RowProgress, ...]:
    """Where every row of a plan stands on a day, intention by intention: its actions, then its measures, in plan order.

    Figures of later periods are passed over. `chances` are by the key of the measure's row, for those that the model
    follows; why others have none is taken from `TargetChances`. Rows that follow from the pledge stand by the record of
    that day, whatever the plan says of them. `tables` are those of the observations on that day, where there are any.
    """
    likely: Mapping[RowKey, float] = chances if chances is not None else {}
    # What is known beside the numbers themselves: `TargetChances` has it, a plain mapping has not.
    reasons: Mapping[RowKey, str] = getattr(likely, "reasons", {})
    basis: str = getattr(likely, "basis", "")
    plan, measures = record.with_recorded(plan), []
    tables = tables or FigureTables(observations, as_of)
    for row, figures in zip(plan.measures, tables.of(plan.measures), strict=True):
        chance, is_hidden = likely.get(row.key), row.key in hidden
        one = row_progress(row, figures, as_of, chance=chance, record=record.of_row(row), is_baseline_hidden=is_hidden)
        has_chance = one.chance is not None
        dropped = DATE_HAS_COME if row.key in likely else ""
        why = reasons.get(row.key, dropped) if not has_chance and row.is_open else ""
        measures.append(replace(one, no_chance=why, chance_basis=basis if has_chance else ""))
    nothing = no_figures()
    actions = [RowProgress(status(row, as_of, record=record.of_row(row)), nothing) for row in plan.actions]
    return tuple(sorted([*actions, *_paired(measures)], key=lambda one: one.intention_number))


def row_progress(
    row: MeasureRow, figures: pd.DataFrame, as_of: dt.date, chance: float | None = None, **known: Unpack[KnownFacts]
) -> RowProgress:
    """One measure with what is worked out of its figures, as `row_figures` gives them, and what else `status` takes."""
    known["figure"] = latest_figure(row, figures)
    known["has_hidden_figures"] = bool((figures["state"] == State.suppressed.value).any())
    return RowProgress(status(row, as_of, chance=chance, **known), figures)


def _paired(measures: list[RowProgress]) -> Iterator[RowProgress]:
    """The same; one that is met but whose other half is open and isn't, is judged once more."""
    rows = {one.row.key: one for one in measures if isinstance(one.row, MeasureRow)}
    other = {}
    for key, one in rows.items():
        joined = one.row.what.joined_with if isinstance(one.row, MeasureRow) else None
        partner = (joined, *key[1:]) if joined is not None else None
        if partner in rows:
            other[key], other[partner] = partner, key
    for key, one in rows.items():
        half = rows[other.get(key, key)]
        is_short = half.row.is_open and half.status.word is not StatusWord.MET
        if one.status.word is StatusWord.MET and is_short:
            yield replace(one, status=status_of(replace(one.status.facts, pair=half.row.wording)))
        else:
            yield one
