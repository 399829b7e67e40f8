"""The pre-read of a meeting: where each intention stands, and what is asked of the partners; a page each at most."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation
from t4c_lib.framework import Intention, catalogue
from t4c_lib.periods import Day, Month
from t4c_lib.plan import MeasureRow
from t4c_lib.plan.partnership.papers import Paper, PaperPart, RowSince, rows_since
from t4c_lib.progress import RowProgress, StatusWord
from t4c_lib.quantities import count_of, count_words
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.sections.open_points import Ask, OpenPoint, by_ask, open_points
from t4c_lib.store import Store
from t4c_lib.typed_text import capitalised, in_short, listed
from t4c_lib.validation_messages import read_shipped

MOST = 6  # rows named under one heading: an intention is to fit on a page
NEITHER, FIGURE_AWAITED = "neither", "figure awaited"  # a target not set or set, and no figure


class _Wording(BaseModel, frozen=True, extra="forbid"):
    stands: dict[str, str]
    plurals: dict[str, str]


_wording = read_shipped(_Wording, __package__, "standing.yaml")
STANDS, PLURALS = _wording.stands, _wording.plurals


def standing_sentence(rows: Iterable[RowProgress]) -> str:
    """Where the open measures that count something stand, as said in a meeting: those off course by name first.

    Empty where there is none. It begins small, after "Where we stand:".
    """
    measures = [one for one in rows if isinstance(one.row, MeasureRow) and one.row.can_have_x]
    off = [one for one in measures if one.status.word is StatusWord.OFF_COURSE]
    counted = Counter(_standing(one) for one in measures if one not in off)
    said = [_stand(word, counted[word]) for word in STANDS if counted[word]]
    left, other, what = counted.total(), "other " if off else "", "" if off else " that count something"
    if not said:
        rest = ""
    elif len(said) > 1:
        rest = f"of the {other}{count_words(left)} measures{what}, {listed(said)}."
    else:
        whose = {1: f"the {other or 'one '}measure", 2: f"both {other}measures"}
        some = whose.get(left, f"all {count_words(left)} {other}measures")
        rest = f"{some}{what if left > 1 else what.replace('count', 'counts')} {said[0].partition(' ')[2]}."
    if not off:
        return rest
    names = listed([f"{one.row.wording_and_group}{_latest(one)}" for one in off])
    some = f"{count_words(len(off))} {'measures are' if len(off) > 1 else 'measure is'} off course, {names}."
    return f"{some} {capitalised(rest)}".strip()


def _standing(one: RowProgress) -> str:
    """Its status, or that it has no figure either. A gap has figures, by group, whether or not a group was chosen."""
    is_closer = isinstance(one.row, MeasureRow) and one.row.is_closer
    is_neither = one.status.word is StatusWord.TARGET_UNSET and one.latest is None and not is_closer
    if one.status.word is StatusWord.NO_FIGURE and isinstance(one.row, MeasureRow) and one.row.change is not None:
        return FIGURE_AWAITED
    return NEITHER if is_neither else one.status.word


def _stand(word: str, amount: int) -> str:
    words = STANDS[word]
    if amount > 1:
        words = " ".join(PLURALS.get(one, one) for one in words.split(" "))
    return f"{count_words(amount)} {words}"


def _latest(one: RowProgress) -> str:
    return "" if one.latest is None else f" ({one.text_of(one.latest.value)})"


@dataclass(frozen=True)
class PreRead:
    """What a pre-read is made of."""

    home: HomeFigures  #: what is known of the organisation whose forum meets
    rows: Sequence[RowProgress]  #: where its rows stand, from figures that its readers may see
    changes: Sequence[RowSince]  #: rows that changed since the last meeting
    since: dt.date | None  #: the day of the last meeting; None where there was none
    meets: dt.date | None  #: the day of the meeting; None where it isn't said
    audience: Audience  #: who its readers are
    policy: str  #: what was done to small numbers, for readers outside the forum

    @property
    def paper(self) -> Paper:
        """The paper: the whole plan first, then each intention."""
        points = open_points(self.rows, self.home.findings)
        when = f" for the meeting of {Day(self.meets).label}" if self.meets else ""
        newest = f"As at {Day(self.rows[0].as_of).label}." if self.rows else ""
        opening = (f"Pre-read{when}", self.audience.marking, f"{newest} {self.policy}".strip())
        title = f"Partnership forum of {self.home.organisation.title} ({self.home.organisation.code})"
        parts = (self._intention(one, points.get(one.number, ())) for one in catalogue().intentions)
        return Paper(title, "pre-read", opening, (self._whole(points.values()), *parts))

    def _whole(self, points: Iterable[Sequence[OpenPoint]]) -> PaperPart:
        counted = Counter(one.ask for some in points for one in some)
        asked = "; ".join(f"{ask} ({counted[ask]})" for ask in Ask if counted[ask])
        said = (
            ("Agreement", self.home.record.agreed_sentence),
            ("X set", f"{self.home.x_set} measures that count something."),
            ("The pledge", self.home.record.pledge_sentence),
            ("Since the last meeting", self._since(self.changes)),
            ("Asked of the meeting, in all", f"{asked or 'nothing'}."),
        )
        return PaperPart("The plan as a whole", said)

    def _since(self, changes: Sequence[RowSince]) -> str:
        if self.since is None:
            return "there was none yet."
        names = f": {_first(one.row.short_title for one in changes)}" if changes else "."
        return f"{count_of(len(changes), 'rows') if changes else 'no row'} changed since {Day(self.since).label}{names}"

    def _intention(self, intention: Intention, points: Sequence[OpenPoint]) -> PaperPart:
        rows = [one for one in self.rows if one.intention_number == intention.number]
        changes = [one for one in self.changes if one.row.intention_number == intention.number]
        stands = standing_sentence(rows)
        said = [("Where we stand", f"{stands[0].upper()}{stands[1:]}")] if stands else []
        said += _known(rows)
        said += [("Changed since the last meeting", self._since(changes))] if changes else []
        asked = [(f"{ask} ({len(some)})", _first(one.text for one in some)) for ask, some in by_ask(points).items()]
        nothing = [("Asked of the meeting", "nothing: both sides have agreed to every row.")]
        lines = tuple(said + (asked or nothing))
        return PaperPart(f"{intention.number} {intention.short}", lines, (intention.title,))


def _known(rows: Iterable[RowProgress]) -> list[tuple[str, str]]:
    """Open measures with a figure, and what it is: those that need attention first, last those without a target."""
    found = [one for one in rows if one.row.is_open and one.latest is not None]
    order = ("off course", "behind")
    found.sort(key=lambda one: order.index(one.status.word) if one.status.word in order else len(order))
    found.sort(key=lambda one: one.trajectory is None)
    return [(one.row.wording_and_group, _figures(one)) for one in found[:MOST] if isinstance(one.row, MeasureRow)]


def _figures(one: RowProgress) -> str:
    """Its newest figure and its target, if it has one, with its status."""
    assert one.latest is not None  # noqa: S101  (callers leave those out)
    proxy = ", a proxy" if one.latest.is_proxy else ""
    newer = "; newer ones not shown" if one.hidden_since else ""
    figure = f"{one.text_of(one.latest.value)} ({one.latest.label}{proxy}{newer})"
    if one.trajectory is None:
        return f"{figure}, {one.status.word}"
    goal = f"{one.text_of(one.trajectory.target)} by {Month.of(one.trajectory.due).label}"
    return f"{figure}, target {goal}: {one.status.word}"


def _first(names: Iterable[str]) -> str:
    return f"{in_short(list(names), MOST)}."


def gather_pre_read(
    store: Store,
    organisation: Organisation,
    day: dt.date,
    *,
    since: dt.date | None = None,
    meets: dt.date | None = None,
    audience: Audience = Audience.FORUM,
    home: HomeFigures | None = None,
) -> Paper:
    """The pre-read of an organisation's plan as at a day, from the store, or from what was gathered of it before.

    Changes are told since the last meeting: the last day with decisions before `day`, unless a day is given. Beyond the
    forum figures are those that may be published. Raises InputError: there is no plan yet; the days can't be.
    """
    home = home or HomeFigures.of(store, organisation, day)
    if home.plan is None:
        raise InputError.of("pre-read", f"{organisation.title} has no plan yet, so there is nothing to prepare.")
    if meets is not None and meets < day:
        raise InputError.of("pre-read", f"the meeting, {Day(meets).label}, is in the past.", place="meets")
    since, changes = changes_since_meeting(store, organisation.code, day, since)
    shown = home if audience is Audience.FORUM else home.published()
    return PreRead(home, shown.rows, changes, since, meets, audience, shown.policy).paper


def changes_since_meeting(
    store: Store, code: str, day: dt.date, since: dt.date | None = None
) -> tuple[dt.date | None, tuple[RowSince, ...]]:
    """The day of the last meeting and the rows that changed since; none where there was no meeting.

    The last meeting is the last day before `day` on which something was decided, unless a day is chosen. Raises
    InputError: the chosen day is to come.
    """
    if since is not None and since > day:
        raise InputError.of("changes", f"{Day(since).label} is in the future.", place="since")
    since = since or max((one for one in store.decision_days(code) if one < day), default=None)
    saved = [one for one in store.plan_history(code) if one.at.date() <= day]
    return since, () if since is None else rows_since(saved, since)
