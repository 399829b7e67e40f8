"""What a meeting is given: what is open, what is asked of whom, and for how long; and the pre-read, by intention."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from pydantic import RootModel

from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation
from t4c_lib.framework import Intention, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.plan import Finding, MeasureRow
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.partnership.papers import Paper, PaperPart, RowSince, rows_since
from t4c_lib.plan.row_base import RowKey
from t4c_lib.progress import RowProgress, StatusWord
from t4c_lib.quantities import count_of, count_words
from t4c_lib.sections.home import HomeFigures
from t4c_lib.store import Store
from t4c_lib.typed_text import in_short
from t4c_lib.validation_messages import read_shipped


class Ask(StrEnum):
    """What is asked of a meeting, in the order in which it is taken."""

    NOT_AGREED = "Not agreed"
    PARKED = "Parked or escalated"
    REOPENED = "Re-opened since it was agreed"
    SET_X = "X to set"
    POST = "Responsible post to name"
    FIX = "Other things to fix before agreement"
    EVIDENCE = "Evidence missing"
    AGREE = "Ready to be agreed"


MINUTES = {Ask.NOT_AGREED: 5.0, Ask.PARKED: 4.0, Ask.REOPENED: 3.0, Ask.SET_X: 3.0, Ask.FIX: 1.5}
OTHERWISE = 0.5  # of what takes a press: a post, a document, a tick of each side
SHORTEST = 2  # minutes of an intention with open points, where the meeting is long enough for that
_FIELDS = {"change": Ask.SET_X, "number": Ask.SET_X, "post": Ask.POST}


class OpenPoint(NamedTuple):
    """One thing that is open: what is asked, of which row of the plan, and why, where somebody said so."""

    ask: Ask
    row: RowProgress
    because: str = ""

    @property
    def whose(self) -> str:
        """Who is to see to it: the side that has not agreed, or the responsible post; the forum where there is none."""
        standing = self.row.agreement
        if self.ask in (Ask.AGREE, Ask.NOT_AGREED, Ask.REOPENED) and standing is not None:
            return side_words(*([side for side in SIDES if side not in standing.agreed_by] or SIDES))
        return self.row.row.post or "the forum"

    @property
    def text(self) -> str:
        return f"{self.row.row.short_title}{f' (reason: {self.because})' if self.because else ''}"


def open_points(rows: Iterable[RowProgress], findings: Iterable[Finding]) -> dict[int, tuple[OpenPoint, ...]]:
    """What is open, by the number of the intention. `rows`: as `plan_progress` has them. `findings`: of the check."""
    said: dict[RowKey | None, list[Finding]] = {}
    for one in findings:
        said.setdefault(one.row_key, []).append(one)
    found: dict[int, list[OpenPoint]] = {}
    for row in rows:
        found.setdefault(row.intention_number, []).extend(_of(row, said.get(row.row.row_key, [])))
    order = list(Ask)
    return {number: tuple(sorted(some, key=lambda one: order.index(one.ask))) for number, some in found.items()}


def _of(row: RowProgress, findings: Sequence[Finding]) -> Iterable[OpenPoint]:
    lacks = [_FIELDS.get(one.field, Ask.FIX) for one in findings if one.blocks_agreement and one.field != "evidence"]
    if row.row.is_open and any(one.field == "evidence" for one in findings):
        lacks.append(Ask.EVIDENCE)
    yield from (OpenPoint(one, row) for one in dict.fromkeys(lacks))
    standing = row.agreement
    if standing is None or standing.state is AgreementState.AGREED:
        return
    if standing.state.is_held_up:
        ask = Ask.NOT_AGREED if standing.state is AgreementState.NOT_AGREED else Ask.PARKED
        yield OpenPoint(ask, row, standing.reason)
    elif standing.agreed_before:
        yield OpenPoint(Ask.REOPENED, row)
    elif not any(one.blocks_agreement for one in findings):
        yield OpenPoint(Ask.AGREE, row)


def by_ask(points: Iterable[OpenPoint]) -> dict[Ask, list[OpenPoint]]:
    """The same by what is asked."""
    found: dict[Ask, list[OpenPoint]] = {}
    for one in points:
        found.setdefault(one.ask, []).append(one)
    return found


def proposed_minutes(points: Mapping[int, Sequence[OpenPoint]], length: int) -> dict[int, int]:
    """How many minutes of a meeting each intention may take, by what is open in it; together they make the meeting.

    Minutes are whole, by the number of the intention; 0 where nothing is open.
    """
    weights = {number: sum(MINUTES.get(one.ask, OTHERWISE) for one in some) for number, some in points.items()}
    every, total = [number for number, weight in weights.items() if weight], sum(weights.values())
    least = SHORTEST if length >= SHORTEST * len(every) else 0
    spare = length - least * len(every)
    exact = {number: least + spare * weights[number] / total for number in every}
    minutes = {number: int(exact.get(number, 0)) for number in points}
    by_rest = sorted(every, key=lambda number: minutes[number] - exact[number])
    for number in by_rest[: length - sum(minutes.values())]:
        minutes[number] += 1
    return minutes


MOST = 6  # rows named under one heading: an intention is to fit on a page


_wording = read_shipped(RootModel[dict[str, dict[str, str]]], __package__, "standing.yaml").root
STANDS, PLURALS = _wording["stands"], _wording["plurals"]


def standing_sentence(rows: Iterable[RowProgress]) -> str:
    """Where the open measures that count something stand, as said in a meeting: those off course by name first.

    Last how many there are besides: left out, done, in place already. Empty where there is none at all. It begins
    small, after "Where we stand:".
    """
    measures = [one for one in rows if isinstance(one.row, MeasureRow) and one.row.has_amount]
    off = [one for one in measures if one.status.word is StatusWord.OFF_COURSE]
    counted, others = (Counter(_standing(one) for one in measures if one.row.is_open is way) for way in (True, False))
    said, besides = ([_stand(word, of[word]) for word in STANDS if of[word]] for of in (counted, others))
    shown = {"said": said, "left": counted.total() - len(off), "off": off, "besides": besides}
    return text_from("sections/standing.txt.j2", **shown, count_words=count_words).strip()


def _standing(one: RowProgress) -> str:
    """Its status, or that it has no figure either. A gap has figures, by group, whether or not a group was chosen."""
    is_closer = isinstance(one.row, MeasureRow) and one.row.is_closer
    is_neither = one.status.word is StatusWord.TARGET_UNSET and one.latest is None and not is_closer
    return "neither" if is_neither else one.status.word


def _stand(word: str, amount: int) -> str:
    words = STANDS[word]
    if amount > 1:
        words = " ".join(PLURALS.get(one, one) for one in words.split(" "))
    return f"{count_words(amount)} {words}"


def _whole(home: HomeFigures, points: Iterable[Sequence[OpenPoint]], changed: str) -> PaperPart:
    counted = Counter(one.ask for some in points for one in some)
    asked = "; ".join(f"{ask} ({counted[ask]})" for ask in Ask if counted[ask])
    said = (
        ("Agreement", home.record.agreed_sentence),
        ("X set", f"{home.x_set} measures that count something."),
        ("The pledge", home.record.pledge_sentence),
        ("Since the last meeting", changed),
        ("Asked of the meeting, in all", f"{asked or 'nothing'}."),
    )
    return PaperPart("The plan as a whole", said)


def _changed(changes: Sequence[RowSince], since: dt.date | None) -> str:
    if since is None:
        return "there was none yet."
    names = f": {_first(one.row.short_title for one in changes)}" if changes else "."
    return f"{count_of(len(changes), 'rows') if changes else 'no row'} changed since {Day(since).label}{names}"


def _intention(intention: Intention, rows: list[RowProgress], changed: str, points: Sequence[OpenPoint]) -> PaperPart:
    stands = standing_sentence(rows)
    said = [("Where we stand", f"{stands[0].upper()}{stands[1:]}")] if stands else []
    said += _known(rows)
    said += [("Changed since the last meeting", changed)] if changed else []
    asked = [(f"{ask} ({len(some)})", _first(one.text for one in some)) for ask, some in by_ask(points).items()]
    nothing = [("Asked of the meeting", "nothing: both sides have agreed to every row.")]
    return PaperPart(f"{intention.number} {intention.short}", tuple(said + (asked or nothing)), (intention.title,))


def _known(rows: Iterable[RowProgress]) -> list[tuple[str, str]]:
    """Open measures with a figure, and what it is: those that need attention first, last those without a target."""
    found = [one for one in rows if one.row.is_open and one.latest is not None]
    order = ("off course", "behind")
    found.sort(key=lambda one: order.index(one.status.word) if one.status.word in order else len(order))
    found.sort(key=lambda one: one.trajectory is None)
    measures = (one for one in found[:MOST] if isinstance(one.row, MeasureRow))
    return [
        (one.row.wording_and_group, text_from("sections/figure_and_target.txt.j2", one=one).strip()) for one in measures
    ]


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
    points = open_points(shown.rows, home.findings)
    when = f" for the meeting of {Day(meets).label}" if meets else ""
    newest = f"As at {Day(shown.rows[0].as_of).label}." if shown.rows else ""
    opening = (f"Pre-read{when}", audience.marking, f"{newest} {shown.policy}".strip())
    parts = [_whole(home, points.values(), _changed(changes, since))]
    for one in catalogue().intentions:
        rows = [row for row in shown.rows if row.intention_number == one.number]
        mine = [change for change in changes if change.row.intention_number == one.number]
        parts.append(_intention(one, rows, _changed(mine, since) if mine else "", points.get(one.number, ())))
    title = f"Partnership forum of {organisation.title} ({organisation.code})"
    return Paper(title, "pre-read", opening, tuple(parts))


def changes_since_meeting(
    store: Store, code: str, day: dt.date, since: dt.date | None = None
) -> tuple[dt.date | None, tuple[RowSince, ...]]:
    """The day of the last meeting and the rows that changed since; none where there was no meeting.

    That is the last day before `day` with decisions, unless one is chosen. Raises InputError: that is to come.
    """
    if since is not None and since > day:
        raise InputError.of("changes", f"{Day(since).label} is in the future.", place="since")
    since = since or max((one for one in store.decision_days(code) if one < day), default=None)
    saved = [one for one in store.plan_history(code) if one.at.date() <= day]
    return since, () if since is None else rows_since(saved, since)
