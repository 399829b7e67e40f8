"""Every row of a plan with where it stands: what the overview, the table and the reports are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from t4c_lib.plan import ActionRow, MeasureRow, Plan, RowState
from t4c_lib.progress.figures import Figure, all_figures, latest_figure, no_figures
from t4c_lib.progress.status import status
from t4c_lib.progress.trajectory import Direction, Shape, Trajectory, direction, trajectory_of
from t4c_lib.progress.vocabulary import RowStatus, StatusWord
from t4c_lib.progress.wording import amount_text

RowKey = tuple[str, str, str]  # measure, population, group


@dataclass(frozen=True, eq=False)
class RowProgress:
    """One row of a plan, and where it stands.

    Attributes:
        row: of the plan.
        status: word and reason.
        latest: its newest figure that is known; None where it has none, or nothing to count.
        trajectory: the agreed way; None without a target.
        figures: all its figures, as `row_figures` gives them.
    """

    row: MeasureRow | ActionRow
    status: RowStatus
    latest: Figure | None
    trajectory: Trajectory | None
    figures: pd.DataFrame

    @property
    def is_action(self) -> bool:
        """Whether it is an action; else it is a measure."""
        return isinstance(self.row, ActionRow)

    @property
    def intention_number(self) -> int:
        """Under which intention it stands."""
        return self.row.intention_number

    @property
    def name(self) -> str:
        """The row's place in the framework and its key: "1m4-turnover turnover"; for the plan's own, "own" and key."""
        row = self.row
        if isinstance(row, ActionRow):
            return f"{row.suggestion.ref if row.suggestion else 'own'} {row.action}"
        group = f" ({row.group})" if row.group else ""
        return f"{'own' if row.definition else row.what.reference} {row.measure}{group}"

    @property
    def key(self) -> RowKey | None:
        """Measure, population and group; None for an action."""
        return self.row.key if isinstance(self.row, MeasureRow) else None

    @property
    def reference(self) -> str:
        """Its place in the framework, as short as that goes: "1m4"; "own" for the plan's own."""
        if isinstance(self.row, ActionRow):
            return self.row.suggestion.ref if self.row.suggestion else "own"
        return "own" if self.row.definition else self.row.what.ref

    @property
    def label(self) -> str:
        """A few words for it: a measure's name, with its group; an action's key, for its own words are many."""
        if isinstance(self.row, ActionRow):
            words = self.row.action.replace("-", " ")
            return words[0].upper() + words[1:]
        return f"{self.row.wording}{f' ({self.row.group})' if self.row.group else ''}"

    @property
    def better(self) -> Direction:
        """Which direction of its figures is better; of a gap, lower."""
        return direction(self.row) if isinstance(self.row, MeasureRow) else "higher"

    @property
    def variance(self) -> float | None:
        """By how much the newest figure is above the way, in the measure's unit; None without either."""
        if self.trajectory is None or self.latest is None:
            return None
        return self.trajectory.variance(self.latest.value, self.latest.day)

    @property
    def progress(self) -> float | None:
        """How much of the way the newest figure has come, unclipped: 1 is the target. None without either."""
        if self.trajectory is None or self.latest is None:
            return None
        return self.trajectory.progress(self.latest.value)

    def text_of(self, value: float) -> str:
        """A value of its measure as people read it: "5.7%", "28 placements a year"."""
        if not isinstance(self.row, MeasureRow):
            raise TypeError(f"{self.row.label} has no values.")
        return amount_text(self.row, value)


def statuses(
    plan: Plan,
    observations: pd.DataFrame,
    as_of: dt.date,
    chances: Mapping[RowKey, float] | None = None,
    shapes: Mapping[RowKey, Shape] | None = None,
) -> tuple[RowProgress, ...]:
    """Where every row of a plan stands on a day.

    Args:
        plan: the plan.
        observations: of its organisation, as the store gives them; figures of later periods are passed over.
        as_of: the day.
        chances: of meeting the target from the latest figures, by the key of the measure's row, for those that the
            what-if models.
        shapes: how the way of a row is spread, by its key, where it isn't as `trajectory_of` has it.

    Returns:
        Intention by intention: its actions, then its measures, each in the order of the plan.
    """
    measures = []
    for row, figures in zip(plan.measures, all_figures(plan.measures, observations, as_of), strict=True):
        way, latest = trajectory_of(row, (shapes or {}).get(row.key)), latest_figure(row, figures)
        found = status(row, as_of, figure=latest, trajectory=way, chance=(chances or {}).get(row.key))
        measures.append(RowProgress(row, found, latest, way, figures))
    together = _paired(measures, as_of, chances or {})
    nothing = no_figures()
    actions = [RowProgress(row, status(row, as_of), None, None, nothing) for row in plan.actions]
    return tuple(sorted([*actions, *together], key=lambda one: one.intention_number))


def _paired(measures: list[RowProgress], as_of: dt.date, chances: Mapping[RowKey, float]) -> Iterator[RowProgress]:
    """The same, those that are met but whose other half is not looked at once more."""
    rows = {one.row.key: one for one in measures if isinstance(one.row, MeasureRow)}
    other = {}
    for key, one in rows.items():
        joined = one.row.what.joined_with if isinstance(one.row, MeasureRow) else None
        partner = (joined, *key[1:]) if joined is not None else None
        if partner in rows:
            other[key], other[partner] = partner, key
    for key, one in rows.items():
        half = rows.get(other.get(key, key))
        if half is None or half is one or one.status.word is not StatusWord.MET or not _counts_against(half):
            yield one
            continue
        row = one.row
        chance = chances.get(key)
        pair = half.row.wording
        yield replace(
            one, status=status(row, as_of, figure=one.latest, trajectory=one.trajectory, chance=chance, pair=pair)
        )


def _counts_against(half: RowProgress) -> bool:
    """Whether the other half of a pair keeps its partner from being met: it is in the plan and isn't met."""
    return half.row.state is not RowState.LEFT_OUT and half.status.word is not StatusWord.MET
