"""One intention of an organisation's plan as the forum page shows it: its rows, and what is still to fix in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

import traitlets

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, Problem, T4CError
from t4c_lib.evidence import Organisation
from t4c_lib.framework import Intention, catalogue
from t4c_lib.panels.controls.form_controls import Control
from t4c_lib.panels.frame import Frame
from t4c_lib.panels.row_form import RowForm
from t4c_lib.panels.row_saving import Rows, RowSaver, own_row, refusal, typed_texts
from t4c_lib.periods import today
from t4c_lib.plan import Finding, MeasureRow, RowState
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.row_base import RowKey
from t4c_lib.quantities import Baseline, count_of
from t4c_lib.sections.figure_sections import measure_picture
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.meeting import Ask, OpenPoint, by_ask, open_points, proposed_minutes, standing_sentence
from t4c_lib.sections.row_view import RowView, forum_tables, intention_asked, row_id
from t4c_lib.store import Store, StoreError
from t4c_lib.typed_text import capitalised

T = TypeVar("T")
Answer = Callable[[Mapping[str, Any]], Any]
TITLE = "title"  # where is said what is about no row
MOST_TOLD = 64  # letters of a row's name in the strip, which has one line


class ForumView:
    """Everything is worked out once, for what is known of an organisation with a plan. `number`: of the intention."""

    def __init__(self, home: HomeFigures, number: int) -> None:
        self.home, self.number = home, number
        self._forms: dict[tuple[RowKey, str], RowForm] = {}

    @property
    def intention(self) -> Intention:
        return catalogue().intention(self.number)

    @cached_property
    def rows(self) -> list[RowView]:
        found: dict[RowKey | None, list[Finding]] = {}
        for one in self.home.findings:
            found.setdefault(one.row_key, []).append(one)
        mine = (one for one in self.home.rows if one.intention_number == self.number)
        return [RowView(one, tuple(found.get(one.row.row_key, ()))) for one in mine]

    @property
    def tables(self) -> list[tuple[str, list[RowView]]]:
        return forum_tables(self.rows)

    @property
    def neighbours(self) -> tuple[Intention | None, Intention | None]:
        there = {one.number: one for one in catalogue().intentions}
        return there.get(self.number - 1), there.get(self.number + 1)

    @cached_property
    def points(self) -> dict[int, tuple[OpenPoint, ...]]:
        """What is open, by the number of the intention."""
        return open_points(self.home.rows, self.home.findings)

    def agenda(self, length: int) -> list[tuple[Intention, dict[Ask, list[OpenPoint]], int]]:
        """For each intention what is open, and how many minutes it may take of a meeting with so many for them all."""
        minutes = proposed_minutes(self.points, length)
        every = catalogue().intentions
        return [(one, by_ask(self.points.get(one.number, ())), minutes.get(one.number, 0)) for one in every]

    @property
    def open_here(self) -> dict[Ask, list[OpenPoint]]:
        return by_ask(self.points.get(self.number, ()))

    @property
    def next_open(self) -> Intention | None:
        """The next intention with something open, from the first again after the last; None where there is none."""
        after = sorted(catalogue().intentions, key=lambda one: (one.number <= self.number, one.number))
        return next((one for one in after if one.number != self.number and self.points.get(one.number)), None)

    @cached_property
    def to_fix(self) -> list[tuple[RowView, Finding]]:
        """What is to be fixed in the intention before it can be agreed."""
        return [(row, one) for row in self.rows for one in row.to_fix]

    @property
    def standing(self) -> str:
        return standing_sentence(one.progress for one in self.rows)

    @cached_property
    def without_post(self) -> list[PlanRow]:
        """The rows that need a responsible post and have none."""
        return [row.row for row, one in self.to_fix if one.field == "post"]

    @cached_property
    def with_newest(self) -> list[tuple[PlanRow, PlanRow]]:
        """The rows that have a figure and no baseline, each with that figure as its baseline."""
        rows = (one.row for one in self.rows if one.row.is_open)
        empty = [row for row in rows if isinstance(row, MeasureRow) and row.has_amount and row.baseline is None]
        found = ((row, self.newest(row)) for row in empty)
        return [(row, row.changed(baseline=newest)) for row, newest in found if newest is not None]

    @property
    def reopened_by_newest(self) -> int:
        """To how many of these a side has agreed; it would have to agree again."""
        changed = {row.row_key for row, _ in self.with_newest}
        return sum(bool(one.agreed_sides) for one in self.rows if one.row.row_key in changed)

    def newest(self, row: MeasureRow) -> Baseline | None:
        """The newest figure of a row of the plan; None where nobody counted."""
        return self.home.worked_out.counted.newest(row)

    @property
    def every_row(self) -> list[PlanRow]:
        return [one.row for one in self.home.rows]

    def row(self, identity: str) -> RowView | None:
        """The row that is called so within the page."""
        return next((one for one in self.rows if one.id == identity), None)

    def form(self, row: PlanRow, group: str | None = None) -> RowForm:
        """The form of a row; `group` is the one that is typed, if it is another than the row's."""
        of = row.group if isinstance(row, MeasureRow) and group is None else group or ""
        if (row.row_key, of) not in self._forms:
            assert self.home.plan is not None  # noqa: S101  (there is a row)
            newest = None
            if isinstance(row, MeasureRow) and row.has_amount:
                newest = self.newest(row.changed(group=of) if row.is_closer else row)
            first, posts = self.home.plan.years[0].months[0], sorted({one.post for one in self.every_row if one.post})
            self._forms[row.row_key, of] = RowForm(row, newest, self.home.day, first, posts, of)
        return self._forms[row.row_key, of]


class ForumPage(Protocol):
    """What its parts need of the forum page (panels/forum.py): what is open, refused, saved and shown there."""

    top: Frame
    store: Store
    organisation: Organisation
    saver: RowSaver
    view: ForumView
    opened: str
    adding: str
    errors: dict[str, str]
    notice: str
    focus: str
    agreement: Any  # row_agreement.RowAgreement, one of the parts

    @property
    def row(self) -> RowView | None: ...
    def open_row(self, row: str, field: str = "") -> None: ...
    def leave_row(self) -> None: ...
    def show(self) -> None: ...
    def hand_over(self, name: str, content: bytes) -> None: ...
    def refuse(self, words: str, field: str = "", at: str = "") -> None: ...
    def refuse_fields(self, problems: Sequence[Problem]) -> None: ...
    def recorded(self, words: str) -> None: ...
    def save_row(self, content: Mapping[str, Any]) -> None: ...
    def save_rows(self, rows: Rows, words: str, then_open: str = "") -> None: ...


class ForumPart:
    """A part of the forum page that answers some of its messages. `page`: the forum page."""

    def __init__(self, page: ForumPage) -> None:
        self._page, self._store, self._of, self._saver = page, page.store, page.organisation, page.saver
        self.forget()

    def answer(self, kind: str) -> Answer | None:
        """What answers messages of a kind: of "open-round" the method `do_open_round`; None where another part does."""
        found: Answer | None = getattr(self, f"do_{kind.replace('-', '_')}", None)
        return found

    def forget(self) -> None:
        """Another row or intention is shown."""

    def _put_on_record(self, record: Callable[[], T], at: str = TITLE) -> T | None:
        """Record something; None where it was refused, which is said there in words. A broken store is logged too."""
        try:
            return record()
        except T4CError as error:
            self._page.refuse(f"Not recorded. {capitalised(refusal(error))}", at=at)
            if isinstance(error, StoreError):
                raise
            return None


class PublishedForum(Control):
    """The intention of the address, with a chart of its measure, or of the first with a figure.

    Raises NothingChosenError: the frame has no organisation.
    """

    kind = traitlets.Unicode("forum").tag(sync=True)
    looks = ("t4c-control", "t4c-wide", "t4c-forum")
    live = False

    def __init__(self, top: Frame) -> None:
        store, organisation = top.chosen
        home = HomeFigures.of(store, organisation, today(), audience=Audience.PUBLISHED)
        self.top, self.organisation, self.plan = top, organisation, home.plan
        self.policy, self.number = home.policy, intention_asked(top.address)
        mine = [RowView(one, published=True) for one in home.rows if one.intention_number == self.number]
        self.tables = forum_tables(mine)
        drawn = [one for one in mine if one.counts and one.progress.latest is not None]
        asked = [one for one in drawn if top.address.measure in one.row.row_key] or drawn
        self.charted = [(one.progress.status.reason, measure_picture(one.progress)) for one in asked[:1]]
        super().__init__()

    @property
    def intention(self) -> Intention:
        return catalogue().intention(self.number)


class IntentionChanges(ForumPart):
    """Answers the messages of the forum page that are about such changes."""

    def do_add(self, content: Mapping[str, Any]) -> None:
        self._page.leave_row()
        self._page.adding = "action" if content.get("what") == "action" else "measure"
        self._page.focus = "new_text"
        self._page.show()

    def do_create(self, content: Mapping[str, Any]) -> None:
        """A row of the plan's own."""
        typed = typed_texts(content)
        words = typed.get("new_text", "").strip()
        self._page.errors = {}
        if not words:
            self._page.errors, self._page.focus = {"new_text": "Say in a few words what it is."}, "new_text"
            self._page.show()
            return
        taken = {one.row_key[1] for one in self._page.view.every_row}
        try:
            made = own_row(self._page.adding, self._page.view.number, words, typed, taken)
        except InputError as error:
            said = [replace(one, place=f"new_{one.place.rpartition('.')[2]}") for one in error.problems]
            self._page.refuse_fields(said)
            return
        self._page.save_rows(((None, made),), f"{words}, added", row_id(made.row_key))

    def do_remove(self, content: Mapping[str, Any]) -> None:
        """Take a row of the plan's own out again."""
        shown = self._page.row
        if shown is not None and content.get("row") == self._page.opened and shown.row.state is RowState.ADDED:
            self._page.save_rows(((shown.row, None),), f"{shown.name}, taken out")

    def do_posts(self, content: Mapping[str, Any]) -> None:
        """One responsible post for all rows of the intention that need one and have none."""
        post = str(content.get("post", "")).strip()
        if not post:
            self._page.errors, self._page.focus = {"posts": "Enter the post, such as Head of Learning."}, "posts"
            self._page.show()
            return
        self._page.errors = {}
        rows = [(row, row.changed(post=post)) for row in self._page.view.without_post]
        self._page.save_rows(rows, f"{post} for {count_of(len(rows), 'rows')} of intention {self._page.view.number}")

    def do_baselines(self, _content: Mapping[str, Any]) -> None:
        """The newest figure as baseline, of every row of the intention that has a figure and no baseline."""
        if rows := self._page.view.with_newest:
            self._page.save_rows(rows, f"newest figures as baselines of {count_of(len(rows), 'rows')}")
