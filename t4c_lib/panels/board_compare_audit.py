"""Pages on which nothing is set: the board's, organisations side by side, and the auditor's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from t4c_lib.address import BESIDE, Address
from t4c_lib.charts import Picture
from t4c_lib.framework import Intention, catalogue
from t4c_lib.panels.between_pages import Watch, home_figures, home_name, keep, kept_between_pages
from t4c_lib.panels.controls.form_controls import Answering, Control
from t4c_lib.panels.frame import Frame, NothingChosenError, Page, page_or_reason
from t4c_lib.panels.markup import Html
from t4c_lib.periods import Day, parse_period, today
from t4c_lib.progress.figures import end_and_kind
from t4c_lib.sections.board import Board
from t4c_lib.sections.compared_figures import Compared
from t4c_lib.sections.comparison import Comparison
from t4c_lib.sections.figure_sections import measure_picture, sickness_section
from t4c_lib.sections.row_view import RowView, intention_asked
from t4c_lib.sections.section import Section
from t4c_lib.store import StoreChange
from t4c_lib.store.audit import ACTIONS, AuditEntry


class BoardPart(Control):
    """One of the two places of the page; nothing in it can be typed or pressed but links."""

    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board")

    def __init__(self, panel: "BoardPanel", part: str) -> None:
        self.panel, self.part = panel, part
        super().__init__()


class BoardPanel:
    """The page of its frame's organisation, on the day of the address. Raises NothingChosenError: there is none."""

    def __init__(self, top: Frame) -> None:
        self.top, (self.store, self.organisation) = top, top.chosen
        self.day = min(top.address.date or today(), today())
        self._gather()
        self.parts = [BoardPart(self, "opening")]
        self._watch = Watch(self.store, self._others_saved, self.top.store_answers)

    def _gather(self) -> None:
        address, asked = self.top.address, (self.store, self.organisation)
        home = home_figures(*asked, self.day)
        gather = partial(home_figures, *asked, before=home)
        self.board = Board.of(self.store, home, address.since, address.strand, gather)
        self.top.saved(self.board.home.revision)

    @property
    def days(self) -> list[tuple[str, str, bool]]:
        """The days on which it can be looked at: words, link, and whether it is this one."""
        link, every = partial(self.top.address.link, since=None), {today(), *self.board.meetings, self.day}
        at = sorted(every, reverse=True)
        return [(Day(one).label, link(date=None if one == today() else one), one == self.day) for one in at]

    @property
    def before(self) -> list[tuple[str, str, bool]]:
        """The earlier days with which it can be compared, likewise."""
        earlier = [one for one in self.board.meetings if one < self.day]
        return [(Day(one).label, self.top.address.link(since=one), one == self.board.since) for one in earlier]

    @property
    def intention(self) -> Intention:
        """The one that is opened: by the address, else the first that has something to decide."""
        address = self.top.address
        if address.intention or address.measure:
            return catalogue().intention(intention_asked(address))
        numbers = (one.target.intention_number for one in self.board.decisions if one.target)
        return catalogue().intention(next(numbers, self.neighbours[0].number))

    @property
    def neighbours(self) -> list[Intention]:
        return [one for one in catalogue().intentions if self.board.shows(one.number)]

    @property
    def strands(self) -> list[tuple[str, str, bool]]:
        """The strands that can be shown alone, and all: words, link, and whether it is that."""
        every = [("", "All four"), *((one.key, one.name) for one in catalogue().strands)]
        link = partial(self.top.address.link, intention=None, measure="")
        return [(name, link(strand=key), key == self.board.strand) for key, name in every]

    @property
    def links(self) -> dict[int, str]:
        """Where each intention is opened, by its number."""
        return {one.number: f"{self.top.address.link(intention=one.number)}#b-intention" for one in self.neighbours}

    def rows_of(self, intention: Intention, *, actions: bool) -> list[RowView]:
        mine = (one for one in self.board.table.views if one.row.intention_number == intention.number)
        return [one for one in mine if one.progress.is_action is actions]

    def charted(self, measures: Sequence[RowView]) -> Picture | None:
        """The chart of the measure of the intention that most needs to be looked at; None without a figure."""
        first = [one for one in self.board.targets if one in measures and one.progress.latest is not None]
        return measure_picture(first[0].progress) if first else None

    @property
    def sickness(self) -> Section:
        """Sickness absence by month, for an organisation without a plan."""
        return sickness_section(self.board.home.observations, self.organisation, self.day)

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            self._gather()
            for one in self.parts:
                one.element = one.markup()


def board(top: Frame) -> Page:
    """The board's page, for the organisation and the day of its frame.

    Below its opening: options, what changed, what is overdue, the summary of measures, and one intention.
    """
    panel = page_or_reason(lambda: BoardPanel(top), "Board")
    if isinstance(panel, Html):
        return Page(panel)

    def rest() -> BoardPart:
        panel.parts.append(BoardPart(panel, "detail"))
        keep(home_name(panel.day), "board")
        if panel.board.since:
            keep(home_name(panel.board.since))
        return panel.parts[-1]

    return Page(panel.parts[0], rest)


NOTHING = (
    "There is nothing to compare yet: of no measure are figures of two organisations known. Publications such as "
    "sickness absence and the NHS Staff Survey have those of all trusts: add them on Home, under Bring figures in."
)

PARTS = ("measure", "date", *BESIDE)  # of an address, that the page heeds


class ComparePanel(Answering):
    """What stands below the frame: the question, and what is known.

    Raises NothingChosenError: no organisation, or nothing is known of two.
    """

    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board", "t4c-compare")

    def __init__(self, top: Frame) -> None:
        self.top, (self.store, self.organisation) = top, top.chosen
        self._gather()
        if not self.among.rows:
            raise NothingChosenError(NOTHING)
        address = top.address
        if address.measure and address.measure not in self.among.rows:
            top.said = "The measure in the address can't be compared; another one is shown."
        self.asked = address
        super().__init__()
        self._watch = Watch(self.store, self._others_saved, self.top.store_answers)

    def _gather(self) -> None:
        self.among = Compared(self.store, self.organisation, today(), partial(kept_between_pages, self.store))

    @property
    def shown(self) -> Comparison:
        """What is compared now; what was asked for and isn't there is left out."""
        one = Comparison(self.among, self.asked)
        there = {name: {value for value, _, _ in one.choices(name)} for name in ("type", "region", "size")}
        gone: dict[str, Any] = {name: "" for name, values in there.items() if getattr(self.asked, name) not in values}
        self.asked = replace(self.asked, measure=one.row.measure, **gone)
        return one if self.asked == one.asked else Comparison(self.among, self.asked)

    def respond(self, content: Mapping[str, Any]) -> None:
        """Take what was chosen on the page: the parts of an address, by name."""
        if isinstance(asked := content.get("asked"), dict):
            self.asked = Address().with_parts(**{name: str(asked[name]) for name in PARTS if asked.get(name)})
            self.element = self.markup()

    def choices(self, one: Comparison) -> list[tuple[str, str, list[tuple[str, str]], str]]:
        """The fields of the question: the part of the address, its label, values with their words, the chosen value."""
        ends = {str(end_and_kind(period)[0]): parse_period(period).label for period in one.periods}
        found = [
            ("measure", "Measure", [(key, row.wording) for key, row in self.among.rows.items()], one.row.measure),
            ("date", "Date", list(ends.items()), str(end_and_kind(one.period)[0])),
        ]
        for name in ("type", "region", "size"):
            options = [(value, f"{words} ({count})") for value, words, count in one.choices(name)]
            if len(options) > 1:
                found.append((name, name.capitalize(), options, getattr(one.asked, name)))
        return [*found, ("picture", "Picture", list(one.pictures.items()), one.picture)]

    def in_address(self, one: Comparison) -> str:
        """The parts of an address that open this again; one is empty where the page has it by itself."""
        return urlencode({name: getattr(one.asked, name) or "" for name in PARTS})

    @property
    def not_compared(self) -> list[str]:
        """Measures that can't be set side by side, by name."""
        return [one.name for one in catalogue().measures if one.key not in self.among.rows]

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation == "" or one.organisation in self.among.organisations for one in changes):
            self._gather()
            self.element = self.markup()


def compare(top: Frame) -> ComparePanel | Html:
    """The page of the organisation of its frame, beside the others."""
    return page_or_reason(lambda: ComparePanel(top), "Compare")


class AuditPanel(Control):
    """Who did what: in the frame's organisation and in all, as the address asks. Raises NothingChosenError: none."""

    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board", "t4c-compare", "t4c-audit")
    actions, most = ACTIONS, 200  # entries that are shown

    def __init__(self, top: Frame) -> None:
        self.top, (self.store, self.organisation) = top, top.chosen
        self.found = self.store.audit.verify(most=2_000)  # half a second whenever the page is opened
        super().__init__()

    def entries(self, code: str) -> tuple[AuditEntry, ...]:
        """Those that the address asks for, of an organisation; of what concerns all without a code."""
        asked, day = self.top.address, Day(self.top.address.day) if self.top.address.day else None
        return self.store.audit.entries(code, asked.action or None, asked.by or None, day, self.most)


def audit(top: Frame) -> AuditPanel | Html:
    """The auditor's page, for the organisation of its frame."""
    return page_or_reason(lambda: AuditPanel(top), "Audit")
