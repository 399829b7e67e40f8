"""The home page: where an organisation stands, what comes next, files in and out, local authorities that it serves."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial

import ipywidgets

from t4c_lib.address import Address
from t4c_lib.charts.renderer import drawings_left_blank
from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence.collection_workbook.workbook_writer import template_bytes
from t4c_lib.html_templates import compile_all, from_template
from t4c_lib.panels.between_pages import Watch, home_figures, home_name, keep
from t4c_lib.panels.controls import Button, Download, Message, Text
from t4c_lib.panels.files import FilesHandedIn, PlanFiles
from t4c_lib.panels.forum import forum
from t4c_lib.panels.frame import Frame, NothingChosenError
from t4c_lib.panels.markup import LIVE_ONLY, HBox, Html, VBox, show_if
from t4c_lib.panels.row_saving import SaveForm, refusal
from t4c_lib.periods import Month, today
from t4c_lib.plan import Plan, changes_between, decimal_text
from t4c_lib.plan.plan import served_authorities
from t4c_lib.progress import reminders_calendar
from t4c_lib.progress.baselines import plan_collection
from t4c_lib.sections.home import PARTS, TEMPLATE, HomeFigures, parts_html
from t4c_lib.sections.section import Section, section_html
from t4c_lib.store import Revision, Store, StoreChange

HELP = "By name or code, as the Office for National Statistics has them."
WEIGHTS = (
    "Weights are for all or none: how many of your staff live there, say. Without them each counts by its residents."
)


class LocalAuthorities:
    """The form, and above it what the choice means. What is changed stands here only, until it is saved.

    `shown`: what the choice means. `on_saved`: called after a plan was saved. Attributes: `add`: the field in which one
    is named, by name or code. `weights`: the field of each one's weight, by its code. `form`: who saves.
    """

    def __init__(self, store: Store, shown: Html, on_saved: Callable[[], None]) -> None:
        self._store, self._on_saved = store, on_saved
        self._revision: Revision | None = None
        self._names: dict[str, str] = {}
        self.weights: dict[str, Text] = {}
        self._row_of: dict[str, HBox] = {}
        self._rows, self._changes, self.answer = VBox(), Message(), Message()
        self._about_weights = Html(f"<p>{WEIGHTS}</p>")
        self.add = Text("Add a local authority", help=HELP)
        self.add_button = Button("Add", self._add, self.answer, [self.add], secondary=True)
        self.form = SaveForm(store, self._save, "list")
        choosing = VBox([self._rows, self.add, self.add_button])
        choosing.add_class("t4c-shapes")  # a press in here changes which fields there are: see common.js
        self._fields = VBox([choosing, self.answer, self._changes, self.form.box])
        self._fields.add_class(LIVE_ONLY)
        self._rows.add_class("t4c-weights")
        self.box = VBox([shown, self._fields])

    def show(self, home: HomeFigures) -> None:
        """The plan as it is saved now. What was changed here and is not saved yet stays as it is."""
        is_changed = self._authorities() != _typed(self._revision)
        self._revision, self._names = home.revision, home.local.names
        show_if(self._fields, shown=home.plan is not None)
        self._list(self._authorities() if is_changed else _typed(self._revision))

    def _authorities(self) -> dict[str, str]:
        """The weight of each as it stands in its field, by code."""
        return {code: field.value.strip() for code, field in self.weights.items()}

    def _list(self, authorities: dict[str, str]) -> None:
        """A row for each of these; one that is there stays, with what is in it."""
        self._row_of = {code: self._row_of.get(code) or self._row(code) for code in authorities}
        self.weights = {code: row.children[0] for code, row in self._row_of.items()}
        for code, weight in authorities.items():
            self.weights[code].value = weight
        self._rows.children = [*self._row_of.values(), *([self._about_weights] if len(authorities) > 1 else [])]
        self._follow()

    def _row(self, code: str) -> HBox:
        name = self._names.get(code, code)
        weight = Text(f"Weight of {name} (optional)").on_value(self._follow)
        return HBox([weight, Button(f"Take away {name}", partial(self._take_away, code), self.answer, secondary=True)])

    def _take_away(self, code: str) -> None:
        self._list({one: weight for one, weight in self._authorities().items() if one != code})

    def _add(self) -> None:
        try:
            (one,) = served_authorities([(self.add.value, "")], self._names)
        except InputError as error:
            names = "" if self._names else " Names can be typed once the file of residents is in."
            self.add.error = f"{refusal(error)}{names}" if self.add.value.strip() else "Enter its name or its code."
            return
        is_there = one.code in self.weights
        self.add.error = f"{self._names.get(one.code, one.code)} is in the list already." if is_there else ""
        if not is_there:
            self.add.value = ""
            self._list({**self._authorities(), one.code: ""})

    def _follow(self) -> None:
        """Say what is changed and not saved yet, or why it can't be saved."""
        try:
            changes = changes_between(self._revision.plan, self._plan(self._revision)) if self._revision else ()
        except InputError as error:
            show_if(self.form.box, shown=False)
            self._changes.say(refusal(error), lead="Can't be saved like this.", tone="refused")
            return
        words = "; ".join(str(field) for change in changes for field in change.fields)
        for code, name in self._names.items() if changes else ():
            words = words.replace(code, name)
        self._changes.say(words, lead="Not saved yet:")
        show_if(self.form.box, shown=bool(changes))

    def _plan(self, revision: Revision) -> Plan:
        """The plan with what the fields say. Raises InputError."""
        return revision.plan.changed(local_authorities=served_authorities(self._authorities().items(), self._names))

    def _save(self) -> None:
        assert self._revision is not None  # noqa: S101  (the form stands only where there is one)
        saved = self.form.save(self._store, self._plan(self._revision), self._revision)
        if saved is not None:
            self._revision = saved  # what the fields show is saved
            self.form.result.say("")
            self._on_saved()
            self.answer.say(f"The plan is now at {saved}.", lead="Saved:", tone="done")


def _typed(revision: Revision | None) -> dict[str, str]:
    """The weights that are saved, as their fields have them, by code."""
    saved = revision.plan.local_authorities if revision else ()
    return {one.code: "" if one.weight is None else decimal_text(one.weight) for one in saved}


TODAY_ONLY = "Home shows how things stand today. The date in the address is kept for the other pages."


class HomePanel:
    """What stands on the page; it follows what others save. Raises NothingChosenError: the frame has no organisation.

    `at_a_glance`: the widget to show first; it is made at once. `files`: the field for files, and what came of each.
    `plan_files`: the plan down and up, and the next one. `local`: the authorities that the organisation serves.
    """

    def __init__(self, top: Frame) -> None:
        self._top = top
        self._store, self._organisation = top.chosen
        self._trouble = Message()
        show_if(self._trouble, shown=False)
        self._opening, self._parts = Html(), {name: Html() for name in PARTS}
        self.calendar = Download("Calendar file of all dates to come", self._calendar)
        self.workbook = Download("", self._collection_workbook)
        self.plan_files = PlanFiles(self._store, self._organisation, self._saved)
        self.files = FilesHandedIn(self._store, self._saved, top.address)
        self.local = LocalAuthorities(self._store, self._parts["local"], self._saved)
        self._watch = Watch(self._store, self._others_saved, self._store_answers)
        self.at_a_glance = VBox([self._trouble, self._opening])
        self._open()

    @cached_property
    def in_detail(self) -> VBox:
        """The widget to show below: all the rest, which takes longer."""
        self._show_rest()
        keep(home_name(today()))
        parts = self._parts
        dues = VBox([parts["due"], parts["all_due"], self.calendar])
        figures = VBox([self.files.field_box, self.files.results, self.workbook])
        plan = VBox([self.plan_files.box, self.plan_files.word.box, self.plan_files.preview])
        changes = VBox([plan, self.local.box])
        changes.add_class("t4c-pair")
        left = VBox([VBox([parts["gaps"], parts["fixes"]]), changes])
        return _side_by_side(parts["steps"], left, VBox([dues, figures]))

    def _open(self) -> None:
        self.home = home_figures(self._store, self._organisation, today())
        self._top.saved(self.home.revision)
        # The organisation's name, four facts, and the way to the forum. It waits for no chance of any target.
        self._opening.value = from_template(TEMPLATE, "opening", self.home, self._top.address)

    def _saved(self) -> None:
        self._top.settled += 1
        self._show()

    def _show(self) -> None:
        self._open()
        self._show_rest()

    def _show_rest(self) -> None:
        home = self.home
        for name, html in parts_html(home, self._top.address).items():
            self._parts[name].value = html
        missing = len(home.coverage.missing)
        asked = f"for the {missing} measures without a figure" if missing else "for the figures of the plan"
        self.workbook.label = f"Collection workbook {asked} (.xlsx)"
        show_if(self.calendar, shown=bool(home.ever_due))
        self.plan_files.show(home.revision)
        self.local.show(home)

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self._organisation.code} for one in changes):
            self._show()

    def _store_answers(self, trouble: str) -> None:
        show_if(self._trouble, shown=bool(trouble))
        self._trouble.say(trouble and f"{trouble} Meanwhile this page can't show what others save.", tone="refused")

    def _calendar(self) -> tuple[str, bytes]:
        code = self._organisation.code
        return f"{code}-due.ics", reminders_calendar(self.home.ever_due, code, dt.datetime.now(dt.UTC))

    def _collection_workbook(self) -> tuple[str, bytes]:
        keys = {one.key for one in self.home.coverage.missing}
        last = Month.of(today()) + -1
        asked = plan_collection(self._organisation, self.home.plan, last, only=keys or None)
        if not asked.items:  # the plan has none of them
            asked = plan_collection(self._organisation, self.home.plan, last)
        return f"{self._organisation.code}-figures-asked-for.xlsx", template_bytes(asked)


@dataclass(frozen=True)
class NoHome:
    """What stands in the page's two places where no organisation is chosen, or it can't be shown."""

    at_a_glance: VBox
    in_detail: VBox = field(default_factory=VBox)


def home(top: Frame) -> HomePanel | NoHome:
    """The home page, or the way in where none is chosen: `at_a_glance` is read while `in_detail` is made."""
    try:
        panel = HomePanel(top)
    except NothingChosenError:
        if top.store is None:
            return NoHome(VBox())
        words = Html(from_template(TEMPLATE, "way_in", bool(top.store.organisations())))
        files = FilesHandedIn(top.store, lambda: None, after="Reload the page to choose it at the top.")
        return NoHome(_side_by_side(VBox([words, files.results]), files.field_box))
    except T4CError as error:
        return NoHome(VBox([Html(section_html(Section("This page can't be shown", warning=error.on_page)))]))
    if top.address.date is not None:
        top.said = TODAY_ONLY
    return panel


def _side_by_side(*boxes: Html | VBox) -> VBox:
    box = VBox(list(boxes))
    box.add_class("t4c-two")
    if len(boxes) > 2:
        box.add_class("t4c-first-right")
    return box


def warm_up(query: str = "") -> None:
    """Make the widgets of the pages from the store as it is, charts as specifications included, and forget them.

    Nothing is drawn here: a drawing engine's threads don't survive a fork. A store that can't be read is the page's to
    tell. `query`: of the last address, for the next is likely to be of the same organisation.
    """
    if not query:
        compile_all()
    with suppress(T4CError), drawings_left_blank(), Store.open() as store:
        _ = home(Frame("home", store, Address.from_query(query))).in_detail
        forum(Frame("forum", store, Address.from_query(query)))
    ipywidgets.Widget.close_all()
