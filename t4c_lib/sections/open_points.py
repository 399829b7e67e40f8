"""What is open in a plan, intention by intention: what is asked of a meeting, of whom, and how long that may take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from t4c_lib.plan import Finding
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.row_base import RowKey
from t4c_lib.progress import RowProgress


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
_STATES = {
    AgreementState.NOT_AGREED: Ask.NOT_AGREED,
    AgreementState.PARKED: Ask.PARKED,
    AgreementState.ESCALATED: Ask.PARKED,
}
_FIELDS = {"change": Ask.SET_X, "number": Ask.SET_X, "post": Ask.POST}


@dataclass(frozen=True)
class OpenPoint:
    """One thing that is open: what is asked, of which row of the plan, and why, where somebody said so."""

    ask: Ask
    row: RowProgress
    because: str = ""

    @property
    def whose(self) -> str:
        """Who is to see to it: the side that has not agreed, or the responsible post; the forum where there is none."""
        standing = self.row.agreement
        if self.ask in (Ask.AGREE, Ask.NOT_AGREED, Ask.REOPENED) and standing is not None:
            missing = [side_words(side) for side in SIDES if side not in standing.agreed_by]
            return missing[0] if len(missing) == 1 else "both sides"
        return self.row.row.post or "the forum"

    @property
    def text(self) -> str:
        """The row, and why it is open."""
        return f"{self.row.row.short_title}{f' (because {self.because})' if self.because else ''}"


def open_points(rows: Iterable[RowProgress], findings: Iterable[Finding]) -> dict[int, tuple[OpenPoint, ...]]:
    """What is open, by the number of the intention; empty for one in which nothing is.

    The rows are as `plan_progress` gives them, the findings what the check of the plan says.
    """
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
    if (ask := _STATES.get(standing.state)) is not None:
        yield OpenPoint(ask, row, standing.reason)
    elif standing.was_reopened:
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
