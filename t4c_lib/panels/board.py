"""The board's page: one screen of where the plan stands and what is to be decided, and the details below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import traitlets

from t4c_lib.charts import Picture
from t4c_lib.framework import Intention, catalogue
from t4c_lib.panels.controls.fields import Control
from t4c_lib.panels.frame import Frame, page_or_reason
from t4c_lib.panels.kept_between_pages import home_figures, home_name, keep
from t4c_lib.panels.markup import VBox
from t4c_lib.panels.store_polling import Watch
from t4c_lib.periods import Day, today
from t4c_lib.sections.board import Board
from t4c_lib.sections.known_figures import sickness_section
from t4c_lib.sections.measure_progress import measure_picture
from t4c_lib.sections.row_view import RowView, intention_asked
from t4c_lib.sections.section import Section
from t4c_lib.store import StoreChange


class BoardPart(Control):
    """One of the two places of the page; nothing in it can be typed or pressed but links."""

    kind = traitlets.Unicode("board").tag(sync=True)
    template = "board.html.j2"
    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board")

    def __init__(self, panel: "BoardPanel", part: str) -> None:
        self.panel, self.part = panel, part
        super().__init__()


class BoardPanel:
    """The page of its frame's organisation, on the day of the address. Raises NothingChosenError: there is none."""

    def __init__(self, top: Frame) -> None:
        self.top = top
        self.store, self.organisation = top.chosen
        self.day = min(top.address.date or today(), today())
        self._gather()
        self.parts = [BoardPart(self, "opening")]
        self._watch = Watch(self.store, self._others_saved, self._store_answers)

    def _gather(self) -> None:
        address, gather = self.top.address, partial(home_figures, self.store, self.organisation)
        self.board = Board.of(self.store, gather(self.day), address.since, address.strand, gather)
        self.top.saved(self.board.home.revision)

    @property
    def days(self) -> list[tuple[str, str, bool]]:
        """The days on which it can be looked at: words, link, and whether it is this one."""
        every = dict.fromkeys((today(), *self.board.meetings))
        link = partial(self.top.address.link, since=None)
        return [(Day(one).label, link(date=None if one == today() else one), one == self.day) for one in every]

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
        """The intentions that are shown, to go to."""
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
        """The intention's actions or measures."""
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

    def _store_answers(self, trouble: str) -> None:
        self.top.said = trouble

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            self._gather()
            for one in self.parts:
                one.element = one.markup()


@dataclass(frozen=True)
class BoardPage:
    """The page in its two places."""

    opening: BoardPart | VBox
    panel: BoardPanel | None = None

    @property
    def in_detail(self) -> BoardPart | VBox:
        """Options, what changed, what is overdue, the summary of measures, and one intention."""
        if self.panel is None:
            return VBox([])
        below = BoardPart(self.panel, "detail")
        self.panel.parts.append(below)
        keep(home_name(self.panel.day), again=True)  # with what the options rest on
        if self.panel.board.since:
            keep(home_name(self.panel.board.since))
        return below


def board(top: Frame) -> BoardPage:
    """The board's page, for the organisation and the day of its frame."""
    panel = page_or_reason(lambda: BoardPanel(top), "Board")
    return BoardPage(panel) if isinstance(panel, VBox) else BoardPage(panel.parts[0], panel)
