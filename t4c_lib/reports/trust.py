"""What stands in the report of one organisation. Its notebook shows these sections one after another."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from t4c_lib import progress
from t4c_lib.disclosure import Audience
from t4c_lib.disclosure.published import PublishedFigures
from t4c_lib.errors import InputError, unknown_choice
from t4c_lib.evidence import Organisation, SourceFile
from t4c_lib.parameters import Assumptions, own_assumptions
from t4c_lib.periods import Day, PeriodError, today
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.progress.target_chances import FORUM_ONLY
from t4c_lib.sections import Section, Sections, pledge_and_agreement
from t4c_lib.sections.known_figures import (
    age_section,
    sickness_section,
    what_is_not_known,
    what_it_rests_on,
    where_it_comes_from,
)
from t4c_lib.sections.measure_progress import TARGETS_TAKE, progress_sections, targets_section
from t4c_lib.sections.plan_rows import plan_sections
from t4c_lib.sections.section import DEMONSTRATION
from t4c_lib.store import Revision, Store


@dataclass(frozen=True, eq=False)
class TrustReport:
    """One organisation's report; every section is a property that a notebook cell shows by ending with it."""

    organisation: Organisation  #: whose report
    figures: pd.DataFrame | PublishedFigures  #: everything that was counted of it: exact, or as it may be published
    sources: tuple[SourceFile, ...]  #: the files behind that
    #: its plan, or None where it has none; with published figures, its baselines as they may be published.
    plan: Plan | None
    revision: Revision | None  #: the saved state of that plan; None where the plan came as a parameter
    as_of: dt.date  #: the day for which it is written: what is due and overdue is reckoned from it
    record: PartnershipRecord  #: what the partnership has on record on that day: agreement, pledge, notes
    hidden: frozenset[RowKey] = frozenset()  #: the measures' rows whose baseline isn't published, by key

    @property
    def observations(self) -> pd.DataFrame:
        """The figures as a table."""
        return self.figures.table if isinstance(self.figures, PublishedFigures) else self.figures

    @property
    def audience(self) -> Audience:
        """Published, where the figures are; else the forum."""
        return Audience.PUBLISHED if isinstance(self.figures, PublishedFigures) else Audience.FORUM

    @cached_property
    def rows(self) -> tuple[progress.RowProgress, ...]:
        """Where every row of the plan stands; none without a plan."""
        if self.plan is None:
            return ()
        on, day = self.observations, self.as_of
        chances = progress.target_chances(self.plan, on, day, own=self._own, opened=self.what_if)
        return progress.plan_progress(self.plan, on, day, chances, record=self.record, hidden=self.hidden)

    @cached_property
    def _own(self) -> Assumptions | None:
        return own_assumptions(self.organisation.code)

    @cached_property
    def what_if(self) -> progress.WhatIf | None:
        """The what-if of the plan; None where nobody was counted by age."""
        try:
            return progress.open_what_if(self.plan, self.observations, self.as_of, own=self._own)
        except progress.NoStartError:
            return None

    @property
    def opening(self) -> Section:
        """The title, and what kind of organisation this is."""
        one = self.organisation
        warning = f"{DEMONSTRATION}." if one.demonstration else ""
        if one.closed is not None:
            warning = f"This organisation closed on {Day(one.closed).label}."
        described = ", ".join(part for part in (one.code, one.type, Day(self.as_of).label) if part)
        hidden = (self.figures.policy.sentence,) if isinstance(self.figures, PublishedFigures) else ()
        sentences = (described, f"{self.audience.marking}.", *hidden)
        return Section(f"{one.name}: where the pledge stands", sentences, warning=warning, level=1)

    @property
    def overview(self) -> Section:
        """The ten intentions, each with its rows by status."""
        return pledge_and_agreement.pledge_overview(self.rows)

    @property
    def partnership(self) -> Sections:
        """Who agreed to what, what was re-opened, how far the pledge is, and what was noted."""
        return pledge_and_agreement.partnership_sections(self.plan, self.record)

    @property
    def progress(self) -> Sections:
        """Every measure that has a figure, against its planned trajectory."""
        return progress_sections(self.rows)

    @property
    def ages(self) -> Section:
        """All staff and support staff by age."""
        return age_section(self.observations)

    @property
    def timeline(self) -> Section:
        """The plan's actions by date."""
        return pledge_and_agreement.actions_by_date(self.rows)

    @property
    def next_steps(self) -> Section:
        """What is due in the coming six weeks, and what is overdue."""
        return pledge_and_agreement.what_comes_next(self.plan, self.as_of, self.record)

    @property
    def targets(self) -> Section:
        """What the targets take that can be forecast, each alone."""
        if self.audience is Audience.PUBLISHED:
            return Section(TARGETS_TAKE, (FORUM_ONLY,))
        return targets_section(self.rows, self.what_if)

    @property
    def plan_rows(self) -> Sections:
        """Every row of the plan, intention by intention."""
        return plan_sections(self.plan, self.rows)

    @property
    def basis(self) -> Section:
        """What the answers rest on; without a count by age there is nothing to rest on."""
        if self.audience is Audience.PUBLISHED:
            return Section("What this rests on", (FORUM_ONLY,), level=3)
        if self.what_if is None:
            return Section("What this rests on", ("No staff extract, so nothing is projected.",), level=3)
        return what_it_rests_on(self.what_if.start)

    @property
    def sickness(self) -> Section:
        """Sickness absence by month."""
        return sickness_section(self.observations, self.organisation, self.as_of)

    @property
    def gaps(self) -> Section:
        """The measures without a figure."""
        return what_is_not_known(self.observations, self.organisation)

    @property
    def provenance(self) -> Section:
        """The files that the figures came from."""
        return where_it_comes_from(self.sources, self.audience)


def open_report(
    organisation: str | Mapping[str, Any],
    plan: Mapping[str, Any] | None = None,
    store: Store | None = None,
    as_of: dt.date | str | None = None,
    audience: Audience | str = Audience.PUBLISHED,
) -> TrustReport:
    """Gather what an organisation's report needs.

    Args:
        organisation: its code; or, as a plan file gives it, a mapping with `code` and `name`.
        plan: a plan as a plan file gives it, which then stands in for the saved one; or None.
        store: where evidence and plans are; the default store when None.
        as_of: the day for which it is written, a text as 2026-03-31; today if there is none.
        audience: whether small numbers are hidden ("published") or figures are exact ("forum").

    Raises:
        InputError: no organisation given, a day or an audience that is none, or a plan that can't be read.
        UnknownNameError: nothing is known of that code; names the closest.
        StoreError: the store can't be read.
    """
    code = organisation.get("code", "") if isinstance(organisation, Mapping) else organisation
    if not code:
        words = "Give a code, such as -p organisation DEMO-AC."
        raise InputError.of("trust_report", words, place="parameter organisation")
    day, whose = _day(as_of), _audience(audience)
    opened = store or Store.open()
    try:
        found = opened.organisation(str(code))
        revision = opened.latest_plan(found.code)
        given = None
        if plan is not None:
            named = organisation if isinstance(organisation, Mapping) else {"code": found.code, "name": found.name}
            given, revision = Plan.from_parameters(named, plan), None
        used = given or (revision.plan if revision else None)
        exact, sources = opened.observations(found.code), opened.sources(found.code)
        record = opened.partnership(found.code, day, used)
        if whose is Audience.FORUM:
            return TrustReport(found, exact, sources, used, revision, day, record)
        figures, shown, hidden = progress.as_published(used, exact, sources)
        return TrustReport(found, figures, sources, shown, revision, day, record, hidden)
    finally:
        if store is None:
            opened.close()


def _audience(named: str) -> Audience:
    if problems := unknown_choice("audience", str(named), [str(one) for one in Audience]):
        raise InputError("trust_report", problems)
    return Audience(named)


def _day(as_of: dt.date | str | None) -> dt.date:
    if isinstance(as_of, dt.date):
        return as_of
    try:
        return Day.parse(as_of).date if as_of else today()
    except PeriodError as error:
        raise InputError.of("trust_report", str(error), place="parameter as_of") from None
