"""Where an organisation stands and what comes next: in numbers, of which none is worked out twice, and as HTML."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from t4c_lib.address import Address
from t4c_lib.disclosure import Audience
from t4c_lib.disclosure.published import PublishedFigures
from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation, SourceFile
from t4c_lib.evidence.observations import SUPPORT_STAFF
from t4c_lib.framework import Intention, catalogue
from t4c_lib.html_templates import environment, from_template, text_from
from t4c_lib.parameters import own_assumptions
from t4c_lib.periods import Month, parse_period, today
from t4c_lib.plan import ActionRow, Finding, MeasureRow, Plan, grouped
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.progress import format_representation, representation
from t4c_lib.progress.baselines import RowFigures, plan_findings
from t4c_lib.progress.figures import end_and_kind
from t4c_lib.progress.initial_state import NoStartError
from t4c_lib.progress.provenance import SourcedBaseline, published_figures, published_plan, sourced_baselines
from t4c_lib.progress.reminders import WEEKS, Reminder, reminders
from t4c_lib.progress.representation import LocalPopulation, Representation, compare_with_authorities
from t4c_lib.progress.row_progress import RowKey, RowProgress, plan_progress
from t4c_lib.progress.status_facts import StatusWord
from t4c_lib.progress.target_chances import TargetChances, target_chances
from t4c_lib.progress.what_if import WhatIf, open_what_if
from t4c_lib.quantities import count_of
from t4c_lib.quantities.baseline import Part
from t4c_lib.sections.figure_sections import Coverage, missing_table
from t4c_lib.sections.worked_out import WorkedOut
from t4c_lib.store import Revision, Store

# What the table of gaps tells of, worst first: statuses of `plan_progress`.
ATTENTION = (StatusWord.OFF_COURSE, StatusWord.OVERDUE, StatusWord.BEHIND)

YEARS_AHEAD = 10  # of a calendar: no plan speaks of what is further away


class Gaps(NamedTuple):
    """How far one intention is."""

    intention: Intention  #: which
    posts: Part  #: the rows that need a responsible post, and have one
    x_set: Part  #: the open measures that count something, and have an X
    figures: Part  #: the framework's measures that count something, and have a figure
    agreed: Part  #: the plan's rows, and those agreed by both sides
    attention: Counter[StatusWord]  #: how many rows have each status of `ATTENTION`


class LocalArea(NamedTuple):
    """The local authorities that an organisation serves, and its workforce beside their residents."""

    names: dict[str, str]  #: of all local authorities of which residents are known, by code
    #: residents of those that the plan names; None where it names none, or not enough is known of them.
    around: LocalPopulation | None = None
    #: the whole workforce and the support staff beside them, as far as is known.
    compared: tuple[Representation, ...] = ()
    problem: str = ""  #: why they can't be compared

    @classmethod
    def of(cls, store: Store, plan: Plan | None, staff: pd.DataFrame) -> "LocalArea":
        """Of a plan's local authorities, from the store's figures and the observations of the organisation."""
        organisations, authorities = store.organisations(), plan.local_authorities if plan else ()
        names = representation.authority_names(organisations)
        if not (names and authorities):
            return cls(names)
        residents = store.observations([one.code for one in authorities], series=representation.RESIDENT_SERIES)
        try:
            return cls(names, *compare_with_authorities(staff, residents, authorities, organisations))
        except InputError as error:
            return cls(names, problem=" ".join(map(str, error.problems)))

    @property
    def young_staff(self) -> Representation | None:
        """The support staff by age beside the residents, where the share of the young among them is known."""
        by_age = (one for one in self.compared if (one.population, one.characteristic) == (SUPPORT_STAFF, "age"))
        return next((one for one in by_age if one.gaps[0].staff is not None), None)


@dataclass(frozen=True, eq=False)
class HomeFigures:
    """Everything that the home page of one organisation says, from the engines that other pages and commands use."""

    organisation: Organisation  #: whose page
    day: dt.date  #: on which it stands so
    revision: Revision | None  #: the plan as it is saved; None where there is none
    record: PartnershipRecord  #: what the partnership has on record on that day
    observations: pd.DataFrame  #: exact figures, as the store gives them
    worked_out: WorkedOut  #: of them
    findings: tuple[Finding, ...]  #: what `t4c plan check` says of the plan
    sources: tuple[SourceFile, ...]  #: the files that they came from
    newest: Month | None  #: the newest month of which a figure is known; None where there is none
    local: LocalArea  #: the local authorities that it serves
    reopened_since: int  #: how many rows were re-opened since the pledge was signed
    plan: Plan | None  #: as it is saved, or as it was given; as it may be published, where the figures are
    public: PublishedFigures | None = None  #: the figures, where they may be published; None for exact ones
    hidden: frozenset[RowKey] = frozenset()  #: the measures' rows whose baseline isn't published, by key

    @classmethod
    def of(
        cls,
        store: Store,
        organisation: Organisation,
        day: dt.date,
        before: "HomeFigures | None" = None,
        *,
        plan: Plan | None = None,
        audience: Audience = Audience.FORUM,
    ) -> "HomeFigures":
        """Gathered from the store. Raises StoreError where it can't be read.

        `before` is what was gathered of it before, for this day or another one, with exact figures, where only plan and
        agreements can have changed since; `plan` is looked at instead of the saved one. For publication small numbers
        are hidden.
        """
        code = organisation.code
        revision = None if plan else store.plan_on(code, day) if day < today() else store.latest_plan(code)
        plan = plan or (revision.plan if revision else None)
        observations = before.observations if before else store.observations(code)
        worked_out = before.worked_out.on(day) if before else WorkedOut.of(observations, day, code)
        record, newest = store.partnership(code, day, plan), store.newest_month(code, day)
        findings = plan_findings(plan, worked_out.counted, record, store.agreements.acts(code), day) if plan else ()
        month = Month.parse(newest) if newest else None
        local = LocalArea.of(store, plan, observations)
        since = _reopened_since_signing(store, code, record)
        known = (observations, worked_out, findings, store.sources(code))
        exact = cls(organisation, day, revision, record, *known, month, local, since, plan)
        return exact if audience is Audience.FORUM else exact.published()

    def __getstate__(self) -> dict[str, Any]:
        """For other processes, without what is made of it in a moment; what takes longer is in `worked_out`."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def published(self) -> "HomeFigures":
        """The same as it may be published."""
        groups = list(dict.fromkeys(row.group for row in self.measures))

        def figures() -> tuple[PublishedFigures, WorkedOut]:
            made = published_figures(self.observations, self.sources, groups)
            return made, WorkedOut(made.table, self.day)

        public, kept = self.worked_out.once("published", (self.sources, groups), figures)
        plan, hidden = published_plan(self.plan, self.sources) if self.plan else (None, frozenset[RowKey]())
        table, kept = public.table, kept.on(self.day)
        return replace(self, observations=table, worked_out=kept, plan=plan, public=public, hidden=hidden)

    @property
    def audience(self) -> Audience:
        return Audience.FORUM if self.public is None else Audience.PUBLISHED

    @property
    def policy(self) -> str:
        """What was done to small numbers, and what statuses rest on; empty inside the forum."""
        return "" if self.public is None else self.public.policy.sentence

    @property
    def measures(self) -> tuple[MeasureRow, ...]:
        return self.plan.measures if self.plan else ()

    @property
    def plan_rows(self) -> tuple[ActionRow | MeasureRow, ...]:
        return self.plan.every_row if self.plan else ()

    @cached_property
    def rows(self) -> tuple[RowProgress, ...]:
        """Where every row of the plan stands; chances are among what decides that. None without a plan."""
        plan, figures, opened = self.plan, self.observations, self.what_if
        if plan is None:
            return ()
        of_model = (opened.plan_scenario, opened.own) if isinstance(opened, WhatIf) else ()
        rests_on = (
            [(row.key, row.definition, row.baseline, row.target, row.is_open) for row in plan.measures],
            [row.key for row in plan.actions if row.is_open],
            self.worked_out.ended,
            *of_model,
        )

        def chances() -> TargetChances:
            # Without a what-if it is asked all the same: it says why there are none.
            return target_chances(plan, figures, self.day, opened=opened if isinstance(opened, WhatIf) else None)

        known, tables = self.worked_out.once("chances", rests_on, chances), self.worked_out.tables
        return plan_progress(plan, figures, self.day, known, record=self.record, tables=tables, hidden=self.hidden)

    @cached_property
    def what_if(self) -> WhatIf | str:
        """The what-if of the plan, or why there is none."""
        plan, own = self.plan, own_assumptions(self.organisation.code)

        def opened() -> WhatIf | str:
            try:
                made = open_what_if(plan, self.observations, self.day, own=own, tables=self.worked_out.tables)
            except NoStartError as error:
                return error.on_page
            before = self.worked_out.last("what-if")
            return made.knowing(before) if isinstance(before, WhatIf) else made

        rests_on = [own, self.worked_out.ended, *((row.key, row.definition, row.baseline) for row in self.measures)]
        found = self.worked_out.once("what-if", rests_on, opened)
        is_same = isinstance(found, str) or (found.plan is plan and found.as_of == self.day)
        return found if isinstance(found, str) or is_same else found.with_plan(plan, self.day)

    @cached_property
    def known(self) -> tuple[SourcedBaseline, ...]:
        """The newest figure of each measure that has one, as `t4c evidence show` has it; by then, on a day before."""

        def made() -> tuple[SourcedBaseline, ...]:
            figures = self.worked_out.counted
            if self.day < today():
                ended = figures.observations["period"].map(lambda period: end_and_kind(period)[0] <= self.day)
                figures = RowFigures(figures.observations[ended.astype(bool)])
            return sourced_baselines(figures, self.sources)

        return self.worked_out.once("known", (self.sources, self.day < today() and self.worked_out.ended), made)

    @cached_property
    def due(self) -> tuple[Reminder, ...]:
        """What is due in the coming weeks and what is overdue, the earliest first; nothing without a plan."""
        return tuple(one for one in self.ever_due if one.due <= self.due_until)

    @property
    def due_until(self) -> dt.date:
        """The last day of the coming weeks."""
        return self.day + dt.timedelta(weeks=WEEKS)

    @cached_property
    def ever_due(self) -> tuple[Reminder, ...]:
        """The same of all years to come, for calendars."""
        return reminders(self.plan, self.day, YEARS_AHEAD * 52, self.record) if self.plan else ()

    @cached_property
    def coverage(self) -> Coverage:
        return Coverage.of(self.observations)

    @property
    def to_fix(self) -> tuple[Finding, ...]:
        """What is to be fixed before the plan can be agreed."""
        return tuple(one for one in self.findings if one.blocks_agreement)

    @property
    def to_fix_by_intention(self) -> tuple[tuple[Intention | None, int, tuple[str, ...]], ...]:
        """The intentions with something to fix, how much, and what; last what belongs to none of them."""
        number_of = {row.row_key: row.intention_number for row in self.plan_rows}
        every: tuple[Intention | None, ...] = (*catalogue().intentions, None)
        found: dict[Intention | None, list[Finding]] = {one: [] for one in every}
        for one in self.to_fix:
            number = number_of.get(one.row_key or ())
            found[catalogue().intention(number) if number else None].append(one)
        return tuple((one, len(some), grouped(some)) for one, some in found.items() if some)

    @property
    def x_set(self) -> Part:
        """Of the open measures that count something, those with an X; what it lacks to be a target is still to fix."""
        return Part.of(row.change is not None for row in self.measures if row.can_have_x)

    @property
    def monitored(self) -> int:
        """How many of those need no X before the plan is agreed, and have none."""
        needing = {one.row_key for one in self.to_fix if one.field == "change"}
        return sum(row.can_have_x and row.change is None and row.row_key not in needing for row in self.measures)

    @property
    def without_post(self) -> int:
        """How many rows need a responsible post and have none."""
        return sum(one.field == "post" for one in self.findings)

    @property
    def figures(self) -> Part:
        """Of the framework's measures that count something, those with a figure."""
        return Part(len(self.coverage.known), len(self.coverage.counted))

    @property
    def agreed(self) -> Part:
        """Of the plan's rows, those that both sides agree to as they stand."""
        return Part(self.record.agreed, len(self.record.standings))

    @cached_property
    def gaps(self) -> tuple[Gaps, ...]:
        """The ten intentions, in order. What is counted of them adds up to what is said of all."""
        return tuple(self._gaps_of(one) for one in catalogue().intentions)

    def _gaps_of(self, intention: Intention) -> Gaps:
        number = intention.number
        rows = [row for row in self.plan_rows if row.intention_number == number]
        lacking = {one.row_key for one in self.findings if one.field == "post"}
        measures = [row for row in self.measures if row.intention_number == number]
        standings = [one for row in rows if (one := self.record.of_row(row).standing) is not None]
        mine = [one for one in self.coverage.counted if one in intention.measures]
        words = Counter(one.status.word for one in self.rows if one.intention_number == number)
        return Gaps(
            intention,
            Part.of(row.row_key not in lacking for row in rows if row.is_open and row.on_record is None),
            Part.of(row.change is not None for row in measures if row.can_have_x),
            Part.of(one in self.coverage.known for one in mine),
            Part.of(one.state is AgreementState.AGREED for one in standings),
            Counter({word: words[word] for word in ATTENTION if words[word]}),
        )

    @property
    def gaps_by_strand(self) -> list[tuple[str, list[Gaps]]]:
        """The same by strand, by its name."""
        strands = catalogue().strands
        return [(one.name, [gap for gap in self.gaps if gap.intention.strand == one.key]) for one in strands]

    def known_of(self, intention: Intention) -> tuple[str, ...]:
        """What is known of an intention's measures, a text for each that has a figure; `figures` counts them."""
        known = [one for one in intention.measures if one in self.coverage.known]
        ways = {"count_of": count_of, "period": parse_period}
        mine = (one for one in self.known if one.measure in known)
        return tuple(text_from("sections/known_figure.txt.j2", one=one, **ways).strip() for one in mine)


def _reopened_since_signing(store: Store, code: str, record: PartnershipRecord) -> int:
    """How many rows were agreed when the pledge was signed, and have been re-opened since."""
    signatures = record.pledge.signatures if record.pledge else ()
    if not signatures or not record.reopened:
        return 0
    signed, noted = max(one.date for one in signatures), max(one.at for one in signatures)
    plans = [one.plan for one in store.plan_history(code) if one.at.date() <= signed and one.at <= noted]
    then = store.partnership(code, signed, plans[-1] if plans else None).reopened
    return len({one.subject for one in record.reopened} - {one.subject for one in then})


environment().filters |= {"missing_table": missing_table, "format_representation": format_representation}
TEMPLATE = "sections/home.html.j2"

PARTS = ("gaps", "steps", "due", "all_due", "fixes", "local")


def parts_html(home: HomeFigures, address: Address) -> dict[str, str]:
    """The page's parts below the opening as HTML, by the names of PARTS; links keep the address that is asked for.

    - `gaps`: the ten intentions as a table with bars: where the plan and the figures have gaps.
    - `steps`: what to do next, each step with a link to where it is done.
    - `due`: what is due next, the overdue first. `all_due`: all of it, folded away.
    - `fixes`: what is to fix before the plan can be agreed, by intention, and the measures without a figure.
    - `local`: the local authorities that the organisation serves, and its workforce beside their residents.
    """
    year = Month.of(home.day).financial_year
    return {name: from_template(TEMPLATE, name, home, address, year) for name in PARTS}
