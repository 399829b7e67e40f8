"""A local plan. It and its rows are frozen: a change makes a new object, and the old one stays what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator

from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan.actions import ActionRow, Actions
from t4c_lib.plan.digests import digest_of
from t4c_lib.plan.equality import EqualityAssessment
from t4c_lib.plan.fields import FilledText, OrganisationCode, Row, YearField
from t4c_lib.plan.measure_rows import MeasureRow, Measures
from t4c_lib.plan.target import Target
from t4c_lib.plan.timelines import Timelines, row_dates, timelines_for
from t4c_lib.pydantic_words import refused


class PlanError(T4CError):
    """Something was asked of a plan that can't be done with it."""


def _years_in_order(years: tuple[Any, ...]) -> tuple[Any, ...]:
    if not years:
        raise refused("a plan is for one financial year at least, such as [2026/27].")
    if list(years) != sorted(set(years)):
        raise refused(f"the years stand in order, each once; found {', '.join(map(str, years))}.")
    return years


Years = Annotated[tuple[YearField, ...], AfterValidator(_years_in_order)]


class Plan(Row):
    """What one organisation's partners set out to do.

    Attributes:
        organisation: its code, as in the evidence.
        organisation_name: as it is to be printed.
        years: financial years the plan is for, in order.
        actions: in the order in which they are shown.
        measures: likewise; one row for each measure, population and group. A row's X may be unset.
        timelines: the framework's dates, carried to the plan's years.
        equality: the plan's equality impact assessment.
    """

    organisation: OrganisationCode
    organisation_name: FilledText
    years: Years
    actions: Actions = ()
    measures: Measures = ()
    timelines: Timelines = ()
    equality: EqualityAssessment | None = None

    @classmethod
    def suggested(
        cls, organisation: str, name: str, years: Sequence[FinancialYear | str], since: Month | None = None
    ) -> Self:
        """A plan that adopts the framework whole: every action, and every measure with its X unset.

        Args:
            organisation: its code.
            name: as it is to be printed.
            years: financial years of the plan; the framework's dates are carried to the first of them.
            since: a date of the framework's that lies before this month has passed, and is left unset.

        Raises:
            InputError: a code, a name or years that can't be.
        """
        bare = cls.of(organisation=organisation, organisation_name=name, years=tuple(years))
        dates = row_dates(bare.years, since)
        return bare.changed(
            actions=tuple(ActionRow(action=one.key, **dates.get(one.key, {})) for one in catalogue().actions),
            measures=tuple(MeasureRow(measure=one.key, **dates.get(one.key, {})) for one in catalogue().measures),
            timelines=timelines_for(bare.years),
        )

    @classmethod
    def from_yaml(cls, text: str, source: str = "plan") -> Self:
        """Read a plan file: top-level keys `organisation` and `plan`.

        Raises:
            InputError: every problem at once, each with its line. Nothing is half read.
        """
        from t4c_lib.plan.file import read_plan

        return cls(**read_plan(text, source))

    @classmethod
    def from_parameters(cls, organisation: object, plan: object, source: str = "parameters") -> Self:
        """Make one from the two top-level values of a plan file, as papermill hands them to a notebook.

        Raises:
            InputError: every problem at once.
        """
        from t4c_lib.plan.file import read_parameters

        return cls(**read_parameters(organisation, plan, source))

    def parameters(self) -> dict[str, Any]:
        """The plan as plain values under `organisation` and `plan`: what a plan file holds."""
        from t4c_lib.plan.plain import plan_parameters

        return plan_parameters(self)

    def to_yaml(self, over: str | None = None) -> str:
        """The plan as the text of a plan file.

        Args:
            over: an earlier text of the same plan; its comments and its layout are kept where rows are still there.
        """
        from t4c_lib.plan.yaml_writing import write_plan

        return write_plan(self, over)

    @classmethod
    def _called(cls, fields: dict[str, Any]) -> str:
        return f"plan of {fields.get('organisation', '')}".strip()

    # Rows

    def action(self, name: str) -> ActionRow:
        """The row of an action, by its key or its place in the framework. Raises UnknownNameError."""
        with suppress(UnknownNameError):  # it may be one of the plan's own
            name = catalogue().action(name).key
        for row in self.actions:
            if row.action == name:
                return row
        raise UnknownNameError("action in this plan", name, [row.action for row in self.actions])

    def measure(self, name: str, population: str | None = None, group: str | None = None) -> MeasureRow:
        """The row of a measure, by its key or its place in the framework; of this population and group, if named.

        Raises:
            UnknownNameError: naming the closest measures that have a row.
        """
        with suppress(UnknownNameError):  # it may be one of the plan's own
            name = catalogue().measure(name).key
        for row in self.measures:
            if row.measure == name and population in (None, row.population) and group in (None, row.group):
                return row
        raise UnknownNameError("measure in this plan", name, dict.fromkeys(row.measure for row in self.measures))

    def rows(self, name: str) -> tuple[ActionRow | MeasureRow, ...]:
        """The rows that a name stands for, in the order of the plan.

        A row is called by its place ("1m1", "1m4" for all of that bullet) or its key; several together by an
        intention ("3", "intention-3"), its actions or measures ("3a", "3m"), "actions", "measures" or "all".

        Raises:
            UnknownNameError: the plan has none of that name; with the closest places and keys.
        """
        called: dict[str, list[ActionRow | MeasureRow]] = {}
        every: list[ActionRow | MeasureRow] = [*self.actions, *self.measures]
        for row in every:
            kind, of = row.row_key[0], row.intention_number
            place = row.what.ref if isinstance(row, MeasureRow) else row.reference
            together = ("all", f"{kind}s", f"{of}", f"intention-{of}", f"{of}{kind[0]}")
            for one in {row.reference, row.row_key[1], place, *together}:
                called.setdefault(one, []).append(row)
        if name not in called:
            raise UnknownNameError("row in this plan", name, called)
        return tuple(called[name])

    def with_action(self, row: ActionRow) -> Self:
        """The plan with this row in the place of the one of the same key, or at the end."""
        return self.changed(actions=tuple({**{one.key: one for one in self.actions}, row.key: row}.values()))

    def with_measure(self, row: MeasureRow, instead_of: MeasureRow | None = None) -> Self:
        """The plan with this row in the place of the one of the same key, or at the end.

        Args:
            row: the row.
            instead_of: the row whose place it takes although its key differs, as when a group was chosen.

        Raises:
            InputError: there is a row of that key besides.
        """
        replaced = row.key if instead_of is None else instead_of.key
        if replaced not in {one.key for one in self.measures}:
            return self.changed(measures=(*self.measures, row))
        return self.changed(measures=tuple(row if one.key == replaced else one for one in self.measures))

    # Targets

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets of the rows whose X is set and that can be reckoned with, in the order of the plan."""
        return tuple(row.target for row in self.measures if row.target is not None)

    def with_target(self, target: Target) -> Self:
        """The plan with that baseline, X and date in the row of its measure, all else of the row kept.

        A row is added at the end where there was none.

        Raises:
            PlanError: it is of a measure where closer is better, whose row needs the group's share and the one it is
                compared with: set those with `with_measure`.
        """
        row = next((row for row in self.measures if row.key == target.key), None)
        if row is None:
            row = MeasureRow(measure=target.measure, population=target.population)
        if row.is_closer:
            raise PlanError(f"'{row.measure}' is set group by group: give its row the group and the comparison.")
        return self.with_measure(row.changed(baseline=target.baseline, change=target.change, due=target.due))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole document, notes and the order of rows included; comments are not content."""
        return digest_of("plan 2", self.parameters())
