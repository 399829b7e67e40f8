"""The board's view of a plan: what is on course, what needs a decision, its options, and what changed since."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple, TypeVar

import pandas as pd

from t4c_lib.framework import catalogue
from t4c_lib.html_templates import environment, plain_from, text_from
from t4c_lib.parameters.other_frameworks import tag_words
from t4c_lib.periods import Day, Month
from t4c_lib.plan import ActionRow, MeasureRow
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.partnership.agreement_status import AgreementStatus
from t4c_lib.plan.partnership.decisions import subject_of
from t4c_lib.plan.row_base import RowKey
from t4c_lib.progress import RowProgress, StatusWord
from t4c_lib.progress.decision_options import WANTED_CHANCES, Option, decision_options
from t4c_lib.progress.figures import amount_text
from t4c_lib.progress.reminders import Reminder, ReminderKind
from t4c_lib.progress.status import EVEN_CHANCE
from t4c_lib.progress.turnover_and_derived_series import KNOWN
from t4c_lib.progress.what_if import scenario_words
from t4c_lib.progress.what_if_answers import FEW_HOURS, WhatIfQuestion
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.meeting import changes_since_meeting
from t4c_lib.sections.row_view import RowsByStatus, RowView, chance_of, most_urgent_first, short_month
from t4c_lib.store import Revision, Store
from t4c_lib.store.evidence import PROGRAMME
from t4c_lib.typed_text import in_short
from t4c_lib.whatif import DOING_NOTHING
from t4c_lib.whatif.outcomes_and_odds import format_chance

environment().filters |= {"chance": format_chance, "tag": tag_words, "scenario_words": scenario_words}

GOOD = (StatusWord.MET, StatusWord.AHEAD, StatusWord.ON_COURSE)
DEPARTMENT = "department="  # begins the breakdowns by it
MOST_MEETINGS = 6  # offered to compare with
MOST_FILES = 4  # named of those that were added


@dataclass(frozen=True, eq=False)
class Decision:
    """A question to the board."""

    kind: str  #: "target", "unset", "overdue" or "reopened"; it is worded where it is shown
    target: RowProgress | None = None  #: the row whose target is in question
    rows: tuple[PlanRow, ...] = ()  #: those that lack something, or were re-opened
    #: of each that was re-opened how far it is agreed, and what save re-opened it, where that is known.
    reopened: tuple[tuple[AgreementStatus, Revision | None], ...] = ()
    overdue: tuple[Reminder, ...] = ()  #: reports and reviews
    asked: WhatIfQuestion | None = None  #: the target in the what-if; None where no options can be worked out

    @cached_property
    def options(self) -> list[Option]:
        """The target as it is, and what else can be done, worked out by the model: a lever, a later date, another X."""
        latest = self.target.latest if self.target is not None else None
        return list(decision_options(self.asked, latest.value if latest else 0.0)) if self.asked is not None else []


Shown = TypeVar("Shown", RowProgress, PlanRow)
AsOf = Callable[[dt.date], HomeFigures]  # gives it as it stood on a day


class Changed(NamedTuple):
    """What is not as it was at the meeting before."""

    what: str
    then: str
    now: str
    why: str
    is_status: bool = True  #: whether then and now are words for a status
    is_of_plan: bool = False  #: whether it is a count of the whole plan


@dataclass(frozen=True, eq=False)
class Board:
    """One organisation on a day, beside an earlier day."""

    home: HomeFigures  #: as it stood on the day
    store: Store
    since: dt.date | None  #: the day to compare with; None where nothing was decided before
    meetings: tuple[dt.date, ...]  #: days on which something was decided, the newest first
    strand: str = ""  #: the one that is shown alone, by its key; empty for all
    gather: AsOf | None = None  #: what gives it of an earlier day; None for the store

    @classmethod
    def of(
        cls, store: Store, home: HomeFigures, since: dt.date | None = None, strand: str = "", gather: AsOf | None = None
    ) -> "Board":
        """Of what was gathered for a day: plan and agreement as they stood at its end, figures of periods to then.

        `since` is the newest day before it on which something was decided, unless it is given. Raises StoreError.
        """
        meetings = tuple(reversed(store.decision_days(home.organisation.code)))
        earlier = (one for one in (since, *meetings) if one is not None and one < home.day)
        return cls(home, store, next(earlier, None), meetings[:MOST_MEETINGS], strand, gather)

    def shows(self, intention: int) -> bool:
        return self.strand in ("", catalogue().intention(intention).strand)

    def _shown(self, rows: Iterable[Shown]) -> list[Shown]:
        return [one for one in rows if self.shows(one.intention_number)]

    @cached_property
    def table(self) -> RowsByStatus:
        return RowsByStatus(self._shown(self.home.rows))

    @cached_property
    def targets(self) -> list[RowView]:
        """Measures that count something and have a target, what most needs a decision first."""
        return most_urgent_first(one for one in self.table.views if one.counts and one.progress.trajectory is not None)

    @property
    def sentence(self) -> str:
        """How many targets are met or on course, and of those off course the one that most needs a decision."""
        if self.home.plan is None:
            return f"{self.home.organisation.name} has no plan on {Day(self.home.day).label}"
        if not self.targets:
            return "No target of the plan has been set yet"
        words = Counter(one.progress.status.word for one in self.targets)
        good, off = sum(words[one] for one in GOOD), words[StatusWord.OFF_COURSE]
        return plain_from("sections/board_tables.html.j2", "sentence", self.targets, good, off)

    @property
    def months_old(self) -> int:
        """How many months ago the newest staff figures were counted; 0 where there are none."""
        return 0 if self.home.newest is None else self.home.newest.months_until(Month.of(self.home.day))

    # What needs a decision

    @cached_property
    def decisions(self) -> list[Decision]:
        """The questions, targets first."""
        # Off course, or less likely than not to be met and not as planned either.
        words = [(one.progress, one.progress.status.word) for one in self.targets]
        off = StatusWord.OFF_COURSE
        targets = (one for one, word in words if word is off or (word not in GOOD and chance_of(one) < EVEN_CHANCE))
        rows = self._shown(self.home.plan_rows)
        past = {row.row_key: row for row in rows if row.due and row.due.last_day < self.home.day}
        lacking = dict.fromkeys(one.row_key for one in self.home.findings if one.field in ("change", "post"))
        late = (one for one in self.overdue if one.kind in (ReminderKind.REVIEW, ReminderKind.EVIDENCE))
        again = {one.subject: one for one in self.home.record.reopened}
        reopened = tuple(row for row in rows if subject_of(row) in again)
        saves = tuple((one, self._save_that_reopened(row, one)) for row in reopened if (one := again[subject_of(row)]))
        further = (
            Decision("unset", rows=tuple(past[key] for key in lacking if key in past)),
            Decision("overdue", overdue=tuple(late)),
            Decision("reopened", rows=reopened, reopened=saves),
        )
        found = [Decision("target", one, asked=self._asked(one)) for one in targets]
        return [*found, *(one for one in further if one.rows or one.overdue)]

    def _save_that_reopened(self, row: PlanRow, standing: AgreementStatus) -> Revision | None:
        """The save after its agreement that made of a row what it is now."""
        history, agreed = self.store.plan_history(self.home.organisation.code), standing.agreed_last.at
        same = ((one, one.plan.rows_by_key.get(row.row_key)) for one in history if one.at > agreed)
        return next((one for one, was in same if was is not None and was.digest == standing.digest), None)

    @cached_property
    def plan_takes(self) -> str:
        """What the plan as a whole takes, beyond doing nothing, and whom it moves; empty where nothing is forecast."""
        asked = [one for view in self.targets if (one := self._asked(view.progress)) is not None]
        return plain_from("sections/board_tables.html.j2", "plan_takes", asked, DOING_NOTHING, FEW_HOURS)

    def _asked(self, one: RowProgress) -> WhatIfQuestion | None:
        row, opened = one.row, self.home.what_if
        if one.chance is None or isinstance(opened, str) or not isinstance(row, MeasureRow) or row.target is None:
            return None
        asked = WhatIfQuestion(opened, row, row.target.due, row.target.goal)
        return None if asked.why_none else asked

    @property
    def to_watch(self) -> list[str]:
        """Targets that are met or on course now, and less likely than not to be so on their date."""
        good = (one for one in self.targets if one.progress.status.word in GOOD)
        return [f"{one.name}: {one.chance}" for one in good if chance_of(one.progress) < EVEN_CHANCE]

    @property
    def overdue(self) -> list[Reminder]:
        return [one for one in self.home.due if one.overdue_days and self.shows(one.intention)]

    @property
    def still_due(self) -> list[Reminder]:
        """What is due in the coming weeks."""
        return [one for one in self.home.due if not one.overdue_days and self.shows(one.intention)]

    # Since the meeting before

    @cached_property
    def changes(self) -> list[Changed]:
        """Rows whose status is another one or that were changed, then actions overdue, new files, and rows agreed."""
        if self.since is None:
            return []
        asked, code = (self.store, self.home.organisation), self.home.organisation.code
        gather = self.gather or partial(HomeFigures.of, *asked, audience=self.home.audience)
        _ = self.table  # of what it rests on most is what the day before rests on, too
        then = RowsByStatus(self._shown(gather(self.since).rows))
        before = {one.row.row_key: one for one in then.rows}
        _, edited = changes_since_meeting(self.store, code, self.home.day, self.since)
        edits = {one.row.row_key: one for one in edited}
        found = []
        for one in self.table.rows:
            key, was = one.row.row_key, before.get(one.row.row_key)
            if was is None or was.status.word is not one.status.word or key in edits:
                words = "–" if was is None else str(was.status.word)
                edit, now = edits.get(key), str(one.status.word)
                shown = {"now": one, "was": was, "edit": edit, "day": lambda date: Day(date).label}
                why = text_from("sections/why_changed.txt.j2", **shown).strip()
                found.append(Changed(one.row.wording_and_group, words, now, why, was is not None))
        gone = self._shown(one.row for one in edited if one.after is None)
        found += [Changed(row.wording_and_group, "in the plan", "taken out", "", is_status=False) for row in gone]
        late, late_now = (str(of.whole[("Actions", StatusWord.OVERDUE)]) for of in (then, self.table))
        counts = [("Actions overdue", late, late_now, "")]
        every = (self.store.sources(code, until=day) for day in (self.home.day, self.since))
        files, known = ([one for one in those if one.publication != PROGRAMME] for those in every)
        if added := [one.name for one in files if one not in known]:
            names = f"Added: {in_short(added, MOST_FILES)}."
            counts.append(("Files with figures", str(len(known)), str(len(files)), names))
        counts.append(("Agreed by both sides", str(then.agreed), str(self.table.agreed), ""))
        return [*found, *(Changed(*one, is_status=False, is_of_plan=True) for one in counts)]

    def changes_in_short(self, most: int) -> list[Changed]:
        """So many changes of rows at most, and the counts of the whole plan that end them."""
        rows = sum(not one.is_of_plan for one in self.changes)
        return self.changes[: min(most, rows)] + self.changes[rows:]

    def risks(self, views: Sequence[RowView]) -> list[tuple[RowView, str]]:
        """Targets with a forecast that are not safe, each with what is expected on its date, the least likely first."""
        found = []
        for view in sorted(views, key=lambda one: chance_of(one.progress)):
            asked = self._asked(view.progress) if chance_of(view.progress) < WANTED_CHANCES[0] else None
            if asked is not None:
                plan = asked.opened.plan_scenario
                found.append((view, amount_text(asked.row, float(asked.path(plan)[asked.month]))))
        return found

    def by_department(self, views: Sequence[RowView]) -> pd.DataFrame:
        """The newest figures of measures by department, as people read them: a row each; empty where none is known."""
        every = self.home.observations
        every = every[every["breakdown"].str.startswith(DEPARTMENT) & every["state"].isin(KNOWN)]
        columns = {}
        for view in views:
            row, latest = view.row, view.progress.latest
            if not isinstance(row, MeasureRow) or row.group or latest is None:
                continue
            known = every[(every["series"] == row.what.series) & (every["population"] == latest.population)]
            if len(newest := known[known["period"] == known["period"].max()]):
                when = short_month(Month.parse(newest["period"].iloc[0]))
                names = newest["breakdown"].str.removeprefix(DEPARTMENT)
                texts = [view.short_text(value) for value in newest["value"]]
                columns[f"{view.name}, {when}"] = dict(zip(names, texts, strict=True))
        return pd.DataFrame(columns).fillna("").sort_index().rename_axis("Department").reset_index()

    @cached_property
    def tagged(self) -> dict[str, list[RowView]]:
        """The actions that count for another framework or an own priority, by tag."""
        found: dict[str, list[RowView]] = {}
        for view in self.table.views:
            for tag in view.row.tags if isinstance(view.row, ActionRow) else ():
                found.setdefault(tag, []).append(view)
        return dict(sorted(found.items()))

    @cached_property
    def sources(self) -> Mapping[RowKey, str]:
        """By row, the file that its newest figure came from."""
        files = {one.measure.key: one.source.name for one in self.home.known if one.source is not None}
        measures = (one for one in self.home.measures if one.measure in files)
        return {one.row_key: files[one.measure] for one in measures}
