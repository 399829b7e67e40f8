"""The page that sets organisations side by side: a measure and a time are chosen, and everything follows at once."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import traitlets

from t4c_lib.address import BESIDE, Address
from t4c_lib.framework import catalogue
from t4c_lib.panels.controls.fields import Control
from t4c_lib.panels.frame import Frame, NothingChosenError, page_or_reason
from t4c_lib.panels.kept_between_pages import kept_between_pages
from t4c_lib.panels.markup import VBox
from t4c_lib.panels.store_polling import Watch
from t4c_lib.periods import parse_period, today
from t4c_lib.progress.figures import end_and_kind
from t4c_lib.sections.compared_figures import Compared
from t4c_lib.sections.comparison import Asked, Comparison
from t4c_lib.store import StoreChange

NOTHING = (
    "There is nothing to compare yet: of no measure are figures of two organisations known. Official publications "
    "bring those of all trusts, such as sickness absence and the NHS Staff Survey: t4c evidence add FILE"
)


PARTS = ("measure", "date", *BESIDE)  # of an address, that the page heeds


def _asked(address: Address) -> Asked:
    return Asked(*(getattr(address, one) for one in PARTS))


class ComparePart(Control):
    """The page's one place: the question, and below it what is known."""

    kind = traitlets.Unicode("compare").tag(sync=True)
    template = "compare.html.j2"
    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board", "t4c-compare")

    def __init__(self, panel: "ComparePanel") -> None:
        self.panel = panel
        super().__init__()
        self.on_msg(self._came)

    def _came(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and isinstance(content.get("asked"), dict):
            self.panel.ask({str(name): str(value) for name, value in content["asked"].items()})
            self.element = self.markup()


class ComparePanel:
    """What stands below the frame. Raises NothingChosenError: no organisation, or nothing is known of two."""

    def __init__(self, top: Frame) -> None:
        self.top = top
        self.store, self.organisation = top.chosen
        self._gather()
        if not self.among.rows:
            raise NothingChosenError(NOTHING)
        address = top.address
        if address.measure and address.measure not in self.among.rows:
            top.said = "The measure in the address can't be compared; another one is shown."
        self.asked = _asked(address)
        self.part = ComparePart(self)
        self._watch = Watch(self.store, self._others_saved, self._store_answers)

    def _gather(self) -> None:
        self.among = Compared(self.store, self.organisation, today(), partial(kept_between_pages, self.store))

    @property
    def shown(self) -> Comparison:
        """What is compared now; what was asked for and isn't there is left out."""
        one = Comparison(self.among, self.asked)
        there = {name: {value for value, _, _ in one.choices(name)} for name in ("type", "region", "size")}
        kept = {name: getattr(self.asked, name) for name in there if getattr(self.asked, name) in there[name]}
        self.asked = Asked(one.row.measure, one.asked.date, **kept, picture=one.asked.picture)
        return one if self.asked == one.asked else Comparison(self.among, self.asked)

    def ask(self, asked: dict[str, str]) -> None:
        """Take what was chosen on the page: the parts of an address, by name."""
        self.asked = _asked(Address().with_parts(**{name: asked[name] for name in PARTS if asked.get(name)}))

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

    def _store_answers(self, trouble: str) -> None:
        self.top.said = trouble

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation == "" or one.organisation in self.among.organisations for one in changes):
            self._gather()
            self.part.element = self.part.markup()


def compare(top: Frame) -> ComparePart | VBox:
    """The page of the organisation of its frame, beside the others."""
    return page_or_reason(lambda: ComparePanel(top).part, "Compare")
