"""The home page: where an organisation stands, what comes next, and the files that go in and out."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import ipywidgets

from t4c_lib.address import Address
from t4c_lib.charts.picture import drawings_left_blank
from t4c_lib.errors import T4CError
from t4c_lib.evidence.collection_workbook.workbook_writer import template_bytes
from t4c_lib.panels.board import board
from t4c_lib.panels.controls import Download, Message
from t4c_lib.panels.files import FilesHandedIn, PlanFiles
from t4c_lib.panels.forum import forum
from t4c_lib.panels.frame import Frame, NothingChosenError
from t4c_lib.panels.kept_between_pages import home_figures, home_name, keep
from t4c_lib.panels.local_authorities import LocalAuthorities
from t4c_lib.panels.markup import Html, VBox, show_if
from t4c_lib.panels.store_polling import Watch
from t4c_lib.periods import Month, today
from t4c_lib.progress import reminders_calendar
from t4c_lib.progress.baselines import plan_collection
from t4c_lib.sections.home import PARTS, opening_html, parts_html, way_in_html
from t4c_lib.sections.section import Section, section_html
from t4c_lib.store import Store, StoreChange

TODAY_ONLY = "Home shows how things stand today. The date in the address is kept for the other pages."


class HomePanel:
    """What stands on the page; it follows what others save. Raises NothingChosenError: the frame has no organisation.

    Args:
        top: the page's frame, which says which organisation is meant.

    Attributes:
        at_a_glance: the widget to show first; it is made at once.
        files: the field for files, and what came of each.
        plan_files: the plan down and up, and the next one.
        local: the local authorities that the organisation serves.
    """

    def __init__(self, top: Frame) -> None:
        self._top = top
        self._store, self._organisation = top.chosen
        self._trouble = Message()
        show_if(self._trouble, shown=False)
        self._opening, self._parts = Html(), {name: Html() for name in PARTS}
        self.calendar = Download("Calendar file of all dates to come", self._calendar)
        self.workbook = Download("", self._collection_workbook)
        self.plan_files = PlanFiles(self._store, self._organisation, self._show)
        self.files = FilesHandedIn(self._store, self._show, top.address)
        self.local = LocalAuthorities(self._store, self._parts["local"], self._show)
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
        self._opening.value = opening_html(self.home, self._top.address)

    def _show(self) -> None:
        """Show what the store has now."""
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
    """The home page, for the organisation of its frame; the way in where there is none.

    It is shown in two cells, `at_a_glance` and `in_detail`: whoever opens it reads the one while the other is made.

    `top`: the page's frame.
    """
    try:
        panel = HomePanel(top)
    except NothingChosenError:
        return NoHome(_way_in(top.store) if top.store is not None else VBox())
    except T4CError as error:
        return NoHome(VBox([Html(section_html(Section("This page can't be shown", warning=error.on_page)))]))
    if top.address.date is not None:
        top.said = TODAY_ONLY
    return panel


def _way_in(store: Store) -> VBox:
    words = Html(way_in_html(anything_loaded=bool(store.organisations())))
    files = FilesHandedIn(store, lambda: None, after="Reload the page to choose it at the top.")
    return _side_by_side(VBox([words, files.results]), files.field_box)


def _side_by_side(*boxes: Html | VBox) -> VBox:
    box = VBox(list(boxes))
    box.add_class("t4c-two")
    if len(boxes) > 2:
        box.add_class("t4c-first-right")
    return box


def warm_up(query: str = "") -> None:
    """Make the widgets of the pages from the store as it is, charts as specifications included, and forget them.

    Nothing is drawn here: a drawing engine's threads don't survive a fork. A store that can't be read is the page's
    to tell.

    `query`: of the address that was asked for last, for the next is likely to be of the same organisation.
    """
    with suppress(T4CError), drawings_left_blank(), Store.open() as store:
        _ = home(Frame("home", store, Address.from_query(query))).in_detail
        forum(Frame("forum", store, Address.from_query(query)))
        if not query:  # once, for its templates: its figures are those of Home
            board(Frame("board", store))
    ipywidgets.Widget.close_all()
