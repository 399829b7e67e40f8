"""The home page: where an organisation stands, what comes next, files in and out, local authorities that it serves."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import ipywidgets
import traitlets

from t4c_lib.address import Address
from t4c_lib.charts.renderer import drawings_left_blank
from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence.collection_workbook.workbook_writer import template_bytes
from t4c_lib.html_templates import compile_all, from_template
from t4c_lib.panels.between_pages import Watch, find_kept, home_figures, home_name, keep
from t4c_lib.panels.controls.form_controls import LARGEST, Answering, UploadedFile
from t4c_lib.panels.files import EXCEL, FIGURES, PLANS, FiguresHandedIn, PlanFiles, Said
from t4c_lib.panels.forum import forum
from t4c_lib.panels.frame import Frame, NothingChosenError, Page
from t4c_lib.panels.markup import Html
from t4c_lib.panels.row_saving import SIDES, refusal, typed_texts
from t4c_lib.periods import Month, today
from t4c_lib.plan import Plan, changes_between, decimal_text
from t4c_lib.plan.plan import served_authorities
from t4c_lib.progress import reminders_calendar
from t4c_lib.progress.baselines import plan_collection
from t4c_lib.progress.reminders import follow_up_reminders
from t4c_lib.sections.home import TEMPLATE, parts_html
from t4c_lib.sections.section import Section, section_html
from t4c_lib.store import Revision, Store, StoreChange, StoreError

TODAY_ONLY = "Home shows how things stand today. The date in the address is kept for the other pages."
AFTER = "Reload the page to choose it at the top."  # a file was loaded where no organisation is chosen
IN_EACH = ("figures", "download")  # what can be done where none is
ANOTHER = "What it would change is something else by now. Look at it again, then press."


class HomePanel(Answering):
    """What stands on the page below its first look, and follows what others save; or the way in, without `opening`.

    What stands in its fields comes with each message. `opening`: where the first look stands. Attributes: `typed`: what
    stands in the fields, by their names. `errors`: what is wrong with one of them. `states`: what came of a file that
    was handed in or over. `said`: what came of the last press, by the form. `focus`: the field that is looked at next.
    `version`: of the fields: another one means that they are made anew. `weights`: the local authorities as they are
    chosen here, by code, each with what stands in the field of its weight.
    """

    looks = ("t4c-control", "t4c-home")
    progress = traitlets.Unicode().tag(sync=True)  #: how far a file is that was handed in
    largest, figure_endings, plan_endings = LARGEST, FIGURES, PLANS

    def __init__(self, top: Frame, store: Store, opening: Html | None = None) -> None:
        self.top, self.store, self._opening = top, store, opening
        self.version, self.focus = 0, ""
        self.typed: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.states: dict[str, str] = {}
        self.said: dict[str, Said] = {}
        self.weights: dict[str, str] = {}
        self._chosen_from: Revision | None = None  # the revision from which local authorities are chosen
        self.figures = FiguresHandedIn(store, top.address, "" if opening else AFTER)
        if opening is not None:
            self.organisation = top.chosen[1]
            self.plans = PlanFiles(store, self.organisation)
            self._gather()
        super().__init__()
        if opening is not None:
            self._watch = Watch(store, self._others_saved, top.store_answers)

    def _gather(self) -> None:
        """Everything as it is saved now. What was changed here and is not saved yet stays as it is."""
        if self._opening is None:
            return
        self.home = home_figures(self.store, self.organisation, today())
        self.register = self.store.programme.register(self.organisation.code)
        self.top.saved(self.home.revision)
        self._opening.value = opening_html(self.home, self.top.address)
        self.parts = parts_html(self.home, self.top.address)
        if self.weights == _typed(self._chosen_from):
            self.weights = _typed(self.home.revision)
        self._chosen_from = self.home.revision
        self.plans.look(self.home.revision)

    def _saved(self) -> None:
        self.top.settled += 1
        self._gather()

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            self._gather()
            self.element = self.markup()

    @property
    def is_way_in(self) -> bool:
        return self._opening is None

    # What comes from the page

    def respond(self, content: Mapping[str, Any]) -> None:
        act = content.get("act")
        if (do := getattr(self, f"do_{act}", None)) is None or (self.is_way_in and act not in IN_EACH):
            return
        self.typed |= typed_texts(content)
        self.weights = {code: self.typed.get(f"weight-{code}", text).strip() for code, text in self.weights.items()}
        self.focus = ""
        if act != "weigh":  # what was said of an earlier press no longer holds
            self.errors, self.states, self.said = {}, {}, {}
        try:
            do(content)
        finally:
            self.element, self.progress = self.markup(), ""

    def do_weigh(self, _content: Mapping[str, Any]) -> None:
        """A weight was typed, which is told while somebody types: the page says what would be saved."""

    def _take(self, content: Mapping[str, Any], endings: Sequence[str], take: Callable[[UploadedFile], None]) -> bool:
        """Whether a file was taken that was handed in; if not, its field says why."""
        name = str(content["act"])
        try:
            take(file := UploadedFile.of(content, endings))
        except T4CError as error:
            self.errors[name] = str(error)
            return False
        self.states[name] = f"{file.name}, {file.size}, was uploaded."
        return True

    def do_figures(self, content: Mapping[str, Any]) -> None:
        """Store the figures of a file, and say on the page how far it is."""

        def tell(words: str, share: float) -> None:
            self.progress = f"{words} ({share:.0%})"

        if self._take(content, FIGURES, lambda file: self.figures.take(file, tell)):
            self._saved()

    # Files that are handed over

    @property
    def downloads(self) -> dict[str, Callable[[], tuple[str, bytes]]]:
        """What makes name and bytes of each file that can be had, by the name of its button."""
        found: dict[str, Callable[[], tuple[str, bytes]]] = {"marked": lambda: self.figures.marked}
        if not self.is_way_in:
            found |= {"calendar": self._calendar, "workbook": self._collection_workbook}
            found |= {f"plan{ending}": partial(self.plans.file, ending) for ending in (".docx", EXCEL, ".yaml")}
        return found

    def do_download(self, content: Mapping[str, Any]) -> None:
        name = str(content.get("name", ""))
        if (make := self.downloads.get(name)) is None:
            return
        try:
            file, made = make()
        except T4CError as error:
            self.states[name] = error.on_page
            return
        self.send_file(file, made)
        self.states[name] = f"Downloaded: {file}"

    def _calendar(self) -> tuple[str, bytes]:
        code = self.organisation.code
        due = (*self.home.ever_due, *follow_up_reminders(self.register))
        return f"{code}-due.ics", reminders_calendar(due, code, dt.datetime.now(dt.UTC))

    def _collection_workbook(self) -> tuple[str, bytes]:
        keys = {one.key for one in self.home.coverage.missing}
        last = Month.of(today()) + -1
        asked = plan_collection(self.organisation, self.home.plan, last, only=keys or None)
        if not asked.items:  # the plan has none of them
            asked = plan_collection(self.organisation, self.home.plan, last)
        return f"{self.organisation.code}-figures-asked-for.xlsx", template_bytes(asked)

    # The plan as a file, and the next one

    def _propose(self, look: Callable[[], object]) -> None:
        """Take a look at a plan; the note of what it would change stands in its form then."""
        before = self.plans.proposed
        look()
        if (now := self.plans.proposed) is not None and now is not before:
            self.typed["plan-note"] = now.note
            self.version += 1

    def do_plan(self, content: Mapping[str, Any]) -> None:
        self._forget("own", "accepted")
        self._propose(lambda: self._take(content, PLANS, self.plans.take))

    def do_next_year(self, _content: Mapping[str, Any]) -> None:
        self._propose(self.plans.propose_next)

    def do_read_word(self, _content: Mapping[str, Any]) -> None:
        self._propose(lambda: self.plans.read_word(self.typed.get("own", ""), self.typed.get("accepted", "")))

    def do_drop(self, _content: Mapping[str, Any]) -> None:
        self.plans.drop()

    def do_save_plan(self, content: Mapping[str, Any]) -> None:
        proposed = self.plans.proposed
        if proposed is None:
            return
        if content.get("about") != proposed.about:
            self.said["plan"] = Said(ANOTHER, "Not done.", "refused")
            return
        if (saved := self._save("plan", proposed.plan, self.plans.revision, proposed.document)) is not None:
            self.plans.drop()
            self.plans.forget_word()
            self._forget("own", "accepted")
            self._saved()
            self.plans.answer = Said(f"The plan is now at {saved}.", "Saved:")

    def _forget(self, *names: str) -> None:
        """Empty these fields."""
        self.typed = {name: text for name, text in self.typed.items() if name not in names}
        self.version += 1

    def _save(self, form: str, plan: Plan, parent: Revision | None, document: str | None = None) -> Revision | None:
        """Save a plan with what its form says; None where that was refused, and the form says why.

        Raises StoreError, which is logged. `parent`: None for a first plan. `document`: its text, if a person wrote it.
        """
        by, side, note = (self.typed.get(f"{form}-{name}", "") for name in ("by", "side", "note"))
        by, revision = self.top.name_of(by), parent.revision if parent else None
        try:
            saved = self.store.save_plan(plan, by=by, side=side, note=note, parent_revision=revision, document=document)
        except T4CError as error:
            lacking = {
                "by": "" if by else f"Enter your name: it is saved with the {form}.",
                "side": "" if side in SIDES else "Choose for whom you speak.",
            }
            self.errors |= {f"{form}-{name}": words for name, words in lacking.items() if words}
            self.focus = next(iter(self.errors), "")
            self.said[form] = Said(refusal(error), "Not saved.", "refused")
            if isinstance(error, StoreError):
                raise
            return None
        self._forget(*(f"{form}-{name}" for name in ("by", "side", "note")))
        return saved

    # The local authorities

    @property
    def names(self) -> dict[str, str]:
        """The names of all local authorities of which residents are known, by code."""
        return self.home.local.names

    @property
    def changes(self) -> Said:
        """What of the list is changed and not saved yet, or why it can't be saved."""
        chosen = self._chosen_from
        try:
            changes = changes_between(chosen.plan, self._listed(chosen)) if chosen else ()
        except InputError as error:
            return Said(refusal(error), "Can't be saved like this.", "refused")
        words = "; ".join(str(one) for change in changes for one in change.fields)
        for code, name in self.names.items() if changes else ():
            words = words.replace(code, name)
        return Said(words, "Not saved yet:")

    def _listed(self, revision: Revision) -> Plan:
        """The plan with what the fields say. Raises InputError."""
        return revision.plan.changed(local_authorities=served_authorities(self.weights.items(), self.names))

    def do_add(self, _content: Mapping[str, Any]) -> None:
        typed, self.focus = self.typed.get("add", ""), "add"
        try:
            (one,) = served_authorities([(typed, "")], self.names)
        except InputError as error:
            names = "" if self.names else " Names can be typed once the file of residents is in."
            self.errors["add"] = f"{refusal(error)}{names}" if typed.strip() else "Enter its name or its code."
            return
        if one.code in self.weights:
            self.errors["add"] = f"{self.names.get(one.code, one.code)} is in the list already."
            return
        self.weights[one.code] = ""
        self._forget("add", f"weight-{one.code}")

    def do_take_away(self, content: Mapping[str, Any]) -> None:
        self.weights.pop(str(content.get("code")), None)
        self.focus = "add"

    def do_save_list(self, _content: Mapping[str, Any]) -> None:
        revision = self._chosen_from
        if revision is None or self.changes.tone == "refused":
            return
        if (saved := self._save("list", self._listed(revision), revision)) is not None:
            self._chosen_from = saved  # what the fields show is saved
            self.weights = _typed(saved)
            self._saved()
            self.said["authorities"] = Said(f"The plan is now at {saved}.", "Saved:")


def _typed(revision: Revision | None) -> dict[str, str]:
    """The weights that are saved, as their fields have them, by code."""
    saved = revision.plan.local_authorities if revision else ()
    return {one.code: "" if one.weight is None else decimal_text(one.weight) for one in saved}


def opening_html(*shown: object) -> str:
    """The organisation's name, four facts, and the way to the forum, of its figures and the page's address."""
    return from_template(TEMPLATE, "opening", *shown)


def home(top: Frame) -> Page:
    """The home page, or the way in where no organisation is chosen."""
    try:
        store, organisation = top.chosen
        opening = Html(opening_html(home_figures(store, organisation, today()), top.address))
    except NothingChosenError:
        return Page(Html() if top.store is None else HomePanel(top, top.store))
    except T4CError as error:
        return Page(Html(section_html(Section("This page can't be shown", warning=error.on_page))))
    if top.address.date is not None:
        top.said = TODAY_ONLY

    def rest() -> HomePanel:
        panel = HomePanel(top, store, opening)
        keep(home_name(today()))
        return panel

    return Page(opening, rest)


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


def take_over(query: str) -> None:
    """Hold what pages have kept of the organisation of the last address, for the kernels that are forked next."""
    if code := Address.from_query(query).organisation:
        find_kept(code, home_name(today()))
