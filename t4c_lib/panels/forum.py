"""The forum page: every row of an intention, each set in a form of its own, saved row by row, for everybody at once."""

import textwrap
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import ipywidgets as widgets
import traitlets

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, Problem, UnknownNameError
from t4c_lib.framework import catalogue
from t4c_lib.panels.between_pages import Watch, home_figures, home_name, keep
from t4c_lib.panels.controls.form_controls import Answering, Control
from t4c_lib.panels.forum_papers import MeetingPapers, PledgeSteps
from t4c_lib.panels.forum_view import MOST_TOLD, Answer, ForumView, IntentionChanges, PublishedForum
from t4c_lib.panels.frame import Frame, page_or_reason
from t4c_lib.panels.markup import Chart, Html
from t4c_lib.panels.opened_row import RoundPanel, RowAnswer
from t4c_lib.panels.row_agreement import RowAgreement
from t4c_lib.panels.row_form import ASKED_IN, RowForm
from t4c_lib.panels.row_saving import Rows, RowSaver, row_changes, typed_row, typed_texts
from t4c_lib.periods import Month, today
from t4c_lib.plan import MeasureRow, Plan, changes_between
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.partnership.authorised_signatories import SIDE_NAMES
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.row_view import RowView, intention_asked, row_id
from t4c_lib.store import Revision, StoreChange
from t4c_lib.typed_text import capitalised


class ForumPanel(Answering):
    """The page below its frame. It makes its HTML here; the browser keeps what stands there in step with it.

    Raises NothingChosenError: the frame, which is told what was saved, has no organisation. `row_answer`: `answer`
    before it is HTML, with the picture and what the browser reckons with.
    """

    looks = ("t4c-control", "t4c-wide", "t4c-forum")
    #: what the typed X comes to, as HTML; sent by itself, for it follows each pause in typing.
    answer = traitlets.Unicode().tag(sync=True)
    saved = traitlets.Int(0).tag(sync=True)  #: how often a save of this page succeeded
    settled = traitlets.Int(0).tag(sync=True)  #: how often that happened, or something was recorded
    #: of the opened measure; None while no row with figures is open.
    chart = traitlets.Instance(Chart, allow_none=True).tag(sync=True, **widgets.widget_serialization)
    live = True
    side_names = SIDE_NAMES

    def __init__(self, top: Frame) -> None:
        self.top, (self.store, self.organisation) = top, top.chosen
        self.saver = RowSaver(self.store, self.organisation.code)
        self.saver.by = top.name_of("")
        self.opened = self.focus = self.adding = self.notice = self.noticed = ""
        self.errors: dict[str, str] = {}
        self.history: tuple[str, ...] = ()
        self.version = 0  # of the form: another one means that it is made anew
        self._newest_own = 0  # number of the revision last saved here
        self._draft: PlanRow | None = None
        self.row_answer = RowAnswer(self._told)
        self.rounds, self.agreement, self.changes = RoundPanel(self), RowAgreement(self), IntentionChanges(self)
        self.papers, self.pledge = MeetingPapers(self), PledgeSteps(self)
        address = top.address
        self.number = intention_asked(address)
        self._gather()
        if address.measure:
            self.opened = next((one.id for one in self.view.rows if address.measure in one.row.row_key), "")
        top.take_back = self._take_back
        super().__init__()
        self._show_answer()
        self.element = self.markup()
        keep(home_name(today()))
        self._watch = Watch(self.store, self._others_saved, top.store_answers)

    # What the page is made of

    def _gather(self, before: HomeFigures | None = None) -> None:
        self.view = ForumView(home_figures(self.store, self.organisation, today(), before), self.number)
        self.agreement.look()
        self.rounds.look()
        self.top.saved(self.view.home.revision)

    @property
    def plan(self) -> Plan | None:
        return self.view.home.plan

    @property
    def row(self) -> RowView | None:
        return self.view.row(self.opened)

    @property
    def form(self) -> RowForm | None:
        """The form of the opened row, with the group of people that is typed in it."""
        return self._form_of(self._draft.group if isinstance(self._draft, MeasureRow) else None)

    def _form_of(self, group: str | None) -> RowForm | None:
        return None if self.row is None else self.view.form(self.row.row, group)

    # What comes from the page

    def respond(self, content: Mapping[str, Any]) -> None:
        kind = str(content.get("kind"))
        own: Answer | None = getattr(self, f"do_{kind}", None)
        parts = (self.changes, self.rounds, self.agreement, self.papers, self.pledge)
        if (do := own or next(filter(None, (one.answer(kind) for one in parts)), None)) is not None:
            if kind != "draft":
                self.notice = self.noticed = ""
            saver = self.saver
            saver.by = self.top.name_of(content.get("by", saver.by))
            saver.side = str(content.get("side", saver.side))
            for side in self.agreement.speakers:
                self.agreement.speakers[side] = str(content.get(f"speaker-{side}", self.agreement.speakers[side]))
            do(content)

    def hand_over(self, name: str, content: bytes) -> None:
        self.send_file(name, content)
        self.top.said = f"Downloaded: {name}"

    def show(self) -> None:
        self.element = self.markup()
        self.focus = ""

    def do_intention(self, content: Mapping[str, Any]) -> None:
        with suppress(UnknownNameError):
            self.number = catalogue().intention(str(content.get("number"))).number
            self.view = ForumView(self.view.home, self.number)
            self.pledge.is_shown = False
            self.leave_row()
            self.show()

    def leave_row(self) -> None:
        self.opened = self.adding = self.notice = ""
        self.errors, self.saver.clash, self.history, self._draft = {}, None, (), None
        self.row_answer.forget()
        self.agreement.forget()
        self.rounds.forget()
        self.version += 1

    def do_open(self, content: Mapping[str, Any]) -> None:
        self.open_row(str(content["row"]), str(content.get("field", "")))

    def open_row(self, row: str, field: str = "") -> None:
        if row != self.opened or not field.startswith("why-"):
            self.leave_row()
        self.opened, self.focus = row, ASKED_IN.get(field, field)
        self._show_answer(self._draft)
        self.show()

    def do_close(self, _content: Mapping[str, Any]) -> None:
        self.leave_row()
        self.show()

    def do_draft(self, content: Mapping[str, Any]) -> None:
        """Say what a typed row would come to; nothing is saved."""
        shown, typed = self.form, typed_texts(content)
        form = self._form_of(typed.get("group"))
        if form is None or content.get("row") != self.opened:
            return
        try:
            self._draft = typed_row(form, typed)
        except InputError as error:
            self.row_answer.cannot(" ".join(one.message for one in error.problems))
            self.answer = self.row_answer.html
            return
        self._show_answer(self._draft)
        if self.form is not shown:  # of another group, which has a newest figure of its own
            self.show()

    def _show_answer(self, draft: PlanRow | None = None) -> None:
        shown = self.row
        row = draft or (shown.row if shown else None)
        if shown is None or not isinstance(row, MeasureRow) or not row.has_amount:
            self.row_answer.forget()
        else:
            record = self.view.home.record.of_row(shown.row)
            self.row_answer.work_out(shown.progress, row, self.view.home.what_if, self.view.newest(row), record)
        self._send_answer()

    def _send_answer(self) -> None:
        picture = self.row_answer.picture
        if (drawing := picture.drawing if picture else None) is not None:
            if self.chart is None:
                self.chart = Chart(drawing)
            else:
                self.chart.show(drawing)
        self.answer = self.row_answer.html

    def _told(self) -> None:
        self._send_answer()
        self.element = self.markup()  # the chart's title and table

    # What is saved

    def save_row(self, content: Mapping[str, Any]) -> None:
        """Save the opened row with what was typed; a refusal is said in it."""
        typed = typed_texts(content)
        form = self._form_of(typed.get("group"))
        if form is None or content.get("row") != self.opened:
            return
        self.errors, self.saver.who_error, self.top.said = {}, "", ""
        newest = self.view.home.revision.revision if self.view.home.revision else 0
        shown = int(content.get("revision", newest))
        is_own = newest == self._newest_own == shown + 1  # the page knows what it saved itself
        if shown != newest and not is_own and (changes := self.saver.changed_since(form.row, shown)):
            self.refuse(f"Not saved: {changes}. What you typed is still here: save again to put it in its place.")
            return
        try:
            after = typed_row(form, typed)
        except InputError as error:
            self.refuse_fields(error.problems)
            return
        if after == form.row and self.saver.clash is None:
            self.notice = "Nothing new: this is the row as it is saved."
            self.show()
            return
        words = textwrap.shorten(after.title, MOST_TOLD, placeholder=" …")
        self.save_rows(((form.row, after),), words, row_id(after.row_key))

    do_save = save_row

    def refuse_fields(self, problems: Sequence[Problem]) -> None:
        for one in problems:
            self.errors[one.place] = capitalised(one.sentence)
        fields = {one.name for one in self.form.fields} if self.form else set()
        rest = [words for place, words in self.errors.items() if place not in fields]
        self.notice = " ".join(["Not saved.", *rest])
        self.focus = next((place for place in self.errors if place in fields), "")
        self.show()

    def save_rows(self, rows: Rows, words: str, then_open: str = "") -> None:
        """Save these rows in the place of those. What is refused is said, and nothing that was typed is lost."""
        revision = self.view.home.revision
        assert revision is not None  # noqa: S101  (there are rows)
        try:
            saved = self.saver.save(revision, rows, words)
        finally:
            if self.saver.refused:
                self._say_refused()
        if saved is not None:
            self.opened, self.adding = then_open or self.opened, ""
            self._tell_saved(words, saved.revision, [one.by for one in saved.merged_with])
            self._after_save()
        elif self.saver.clash is not None:
            self._gather()  # what was typed stands beside what is saved, and counts if it is saved again
            self.show()

    def _say_refused(self) -> None:
        self.refuse(self.saver.refused, self.saver.who_field if self.saver.who_error else "")

    def refuse(self, words: str, field: str = "", at: str = "") -> None:
        """Say why something was not done, and lead to the field in the opened row, another (`at`) or none ("title")."""
        self.notice, self.focus, self.noticed = words, field, "" if at == self.opened else at
        self.show()

    def recorded(self, words: str) -> None:
        """Say what was recorded, and show what is on record now; what is typed stays."""
        self.settled += 1
        self.top.said = words
        self.top.can_undo = False  # it would take back an edit, beside the words of a decision
        self._gather(self.view.home)
        self.show()

    def _tell_saved(self, words: str, revision: Revision, others: Sequence[str] = ()) -> None:
        together = f", together with what {' and '.join(dict.fromkeys(others))} saved meanwhile" if others else ""
        self._newest_own = revision.revision
        self.top.saved(revision)
        self.top.said = f"Saved: {words}{together}"
        self.saved += 1
        self.settled += 1

    def _after_save(self) -> None:
        self._gather(self.view.home)
        self._draft, self.errors, self.history, self.notice = None, {}, (), ""
        self.version += 1
        self.top.can_undo = self.saver.can_undo
        self._show_answer()
        self.show()

    def _take_back(self) -> None:
        if not self.saver.can_undo or self.view.home.revision is None:
            return
        saved, words = self.saver.take_back(self.view.home.revision)
        if saved is None:
            self.top.said = self.saver.refused
            self._say_refused()
            return
        self._tell_saved(f"{words}, undone", saved.revision)
        self._after_save()

    def do_start(self, _content: Mapping[str, Any]) -> None:
        """A first plan: the framework whole, every X to be set."""
        month = Month.of(today())
        plan = Plan.suggested(self.organisation.code, self.organisation.name, [month.financial_year], since=month)
        revision = self.saver.start(plan)
        if revision is None:
            self._say_refused()
        else:
            self._tell_saved(f"the plan for {month.financial_year}", revision)
            self._after_save()

    def do_history(self, _content: Mapping[str, Any]) -> None:
        if self.row is not None:
            self.history = self.saver.history(self.row.row)
            self.show()

    # What comes from others

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        code, known = self.organisation.code, self.view.home.revision.revision if self.view.home.revision else 0
        mine = [one for one in changes if one.organisation in {"", code}]
        if not mine:
            return
        if all(one.what in {"round", "entry"} for one in mine):
            self.rounds.look()
            self.show()
            return
        before, shown = self.plan, self.row
        plans = [one for one in mine if one.what == "plan" and one.number > known]
        if not plans and all(one.what == "plan" for one in mine):
            return  # this page's own save
        self._gather()
        if plans and plans[-1].number == self._newest_own:
            pass  # its own, which the store failed to show when it was saved
        elif plans and self.plan is not None:
            rows = ", ".join(str(one.row) for one in changes_between(before, self.plan)[:3])
            self.top.said = f"{plans[-1].by} saved: {rows}"
            after = next((one for one in self.view.every_row if shown and one.row_key == shown.row.row_key), None)
            if shown is not None and after is not None and after != shown.row:
                words = row_changes(shown.row, after)
                self.noticed = ""
                self.notice = f"{plans[-1].by} changed this row: {words}. What you typed is still here."
        elif mine[-1].what == "evidence":
            self.top.said = "Newer figures are shown"
        elif elsewhere := self.agreement.said_by_others(mine):
            self.top.said = elsewhere
        self._show_answer(self._draft)
        self.show()


def forum(top: Frame) -> Control | Html:
    """The forum page of its frame's organisation; for everybody (`audience=published`) nothing can be set."""
    kind = PublishedForum if top.address.audience is Audience.PUBLISHED else ForumPanel
    return page_or_reason(lambda: kind(top), "Forum")
