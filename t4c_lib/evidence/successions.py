"""What became of NHS trusts between two editions of the ODS list: which opened, closed or took another name.

The list says that a trust closed, and not who took over its work. So nothing is linked by itself: there are leads (a
trust that opened the day after a closure, one of the same area that took another name), and a person who knows makes
them links. A link never moves a figure; `combined_history` adds up what the linked trusts counted before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from t4c_lib.errors import InputError, Problem, closest
from t4c_lib.evidence.observation import Loaded, Organisation, State
from t4c_lib.periods import Month, PeriodError

if TYPE_CHECKING:
    import pandas as pd

TRUSTS = "ods-trusts"
OLD_TRUST_CODE = r"[RT][A-Z0-9]{2}"  # of all trusts until 2024; newer codes are like G6V2S
# Counts and exposures add up; weighted shares of a survey and stability indices don't.
ADDABLE = (
    "headcount",
    "fte",
    "joiners",
    "leavers",
    "joiners-12-months",
    "leavers-12-months",
    "young-share",
    "sickness",
    "leavers-over-end",
    "turnover",
)


@dataclass(frozen=True)
class Closure:
    """A trust that was open in the older edition and is not in the newer.

    Attributes:
        organisation: as the newer edition has it, or the older where the newer has it no more.
        closed: its last day; None where it went from the list without a day: the list drops trusts some two years after
            they close, so the day lies between the editions.
        leads: trusts that may have taken over its work, and why one may think so. Not a fact of the list.
    """

    organisation: Organisation
    closed: dt.date | None
    leads: tuple[tuple[Organisation, str], ...] = ()

    def __str__(self) -> str:
        when = f"closed on {self.closed}" if self.closed else "closed on a day that neither edition gives"
        text = f"{self.organisation.code} {self.organisation.name}: {when}. The list names no successor."
        if self.leads:
            told = "; ".join(f"{one.code} {one.name} ({why})" for one, why in self.leads)
            text += f" It might be: {told}."
        return text


@dataclass(frozen=True)
class Successions:
    """The difference between two editions.

    Attributes:
        closed: open before, closed or gone now.
        opened: not there before.
        renamed: another name under the same code, before and after; their history goes on.
        dropped: closed already in the older edition, and no longer in the newer.
        reopened: with a closing day before, without one now.
    """

    closed: tuple[Closure, ...]
    opened: tuple[Organisation, ...]
    renamed: tuple[tuple[Organisation, Organisation], ...]
    dropped: tuple[Organisation, ...]
    reopened: tuple[Organisation, ...]


@dataclass(frozen=True)
class Link:
    """What a person knows: the work of one organisation went over to another.

    Attributes:
        predecessor: code of the one that closed.
        successor: code of the one that took over.
        last_month: the last month, as 2024-10, that the predecessor has of its own.
        by: who says so.
    """

    predecessor: str
    successor: str
    last_month: str
    by: str


def successions(older: Loaded, newer: Loaded) -> Successions:
    """Compare two editions of the ODS list.

    Raises:
        InputError: one of them is another publication, or they are the wrong way round.
    """
    for one in (older, newer):
        if one.source.publication != TRUSTS:
            raise InputError(
                one.source.name, [Problem("", "is not an edition of the ODS list of NHS trusts (etr.csv).")]
            )
    before = {one.code: one for one in older.organisations}
    after = {one.code: one for one in newer.organisations}
    if (older.as_of or dt.date.min) > (newer.as_of or dt.date.min):
        message = f"is the newer edition: it knows of {older.as_of}, {newer.source.name} of {newer.as_of}."
        raise InputError(older.source.name, [Problem("", message, "Give the older edition first.")])
    opened = tuple(one for code, one in after.items() if code not in before)
    both = [(one, after[code]) for code, one in before.items() if code in after]
    renamed = tuple((one, now) for one, now in both if one.name != now.name)
    closed = [now for one, now in both if one.closed is None and now.closed is not None]
    gone = [one for code, one in before.items() if code not in after and one.closed is None]
    candidates = (*opened, *(now for _, now in renamed if now.closed is None))
    return Successions(
        closed=tuple(Closure(one, one.closed, leads(one, candidates)) for one in (*closed, *gone)),
        opened=opened,
        renamed=renamed,
        dropped=tuple(one for code, one in before.items() if code not in after and one.closed is not None),
        reopened=tuple(now for one, now in both if one.closed is not None and now.closed is None),
    )


def leads(closed: Organisation, candidates: Iterable[Organisation]) -> tuple[tuple[Organisation, str], ...]:
    """Which of those that opened since, or were renamed, may have taken over the work of one that closed, and why."""
    found = []
    for other in candidates:
        is_near = bool(closed.ics) and closed.ics == other.ics
        if closed.closed and other.opened == closed.closed + dt.timedelta(days=1):
            found.append((other, "opened the day after" + (", in the same ICS" if is_near else "")))
        elif is_near and other.opened and other.opened < (closed.closed or dt.date.max):
            found.append((other, "took another name between the editions, in the same ICS"))
    return tuple(found)


def checked_links(links: Sequence[Link], organisations: Iterable[Organisation]) -> tuple[Link, ...]:
    """The links, if they make sense together.

    Raises:
        InputError: an unknown code or month; an organisation that succeeds itself, in one step or several; two
            successors of one.
    """
    known = {one.code for one in organisations}
    problems: list[Problem] = []
    onward: dict[str, str] = {}
    for number, link in enumerate(links, 1):
        place = f"link {number}"
        for code in (link.predecessor, link.successor):
            if code not in known:
                near = closest(code, known, most=1)
                hint = f"Did you mean {near[0]}?" if near else ""
                problems.append(Problem(place, f"there is no organisation {code}.", hint))
        try:
            Month.parse(link.last_month)
        except PeriodError as error:
            problems.append(Problem(place, str(error)))
        if link.predecessor in onward:
            message = f"{link.predecessor} has two successors, {onward[link.predecessor]} and {link.successor}."
            problems.append(Problem(place, message, "Its figures can't be divided between them."))
        onward.setdefault(link.predecessor, link.successor)
        if _leads_back(link.predecessor, onward):
            problems.append(Problem(place, f"{link.predecessor} would come to succeed itself."))
    if problems:
        raise InputError("links between organisations", problems)
    return tuple(links)


def _leads_back(code: str, onward: dict[str, str]) -> bool:
    seen, at = set(), onward.get(code, "")
    while at and at not in seen:
        if at == code:
            return True
        seen.add(at)
        at = onward.get(at, "")
    return False


def combined_history(
    observations: pd.DataFrame, successor: str, links: Sequence[Link], organisations: Iterable[Organisation] = ()
) -> pd.DataFrame:
    """The successor's figures with those of its predecessors added, month by month, up to each one's last month.

    Only series that add up (ADDABLE) are combined, and only months of which every organisation concerned has the
    figure: where one of them has none, or hides it, the sum is missing or suppressed and has no number. A person who
    moved from one to the other is a leaver here and a joiner there, and stays both.

    Args:
        observations: of the successor and its predecessors, with OBSERVATION_COLUMNS; others are passed over.
        successor: its code.
        links: checked ones; predecessors of predecessors count too.
        organisations: those known. One that opened later owes no figure for the months before.

    Returns:
        Observations of the successor. Months after the last link are as they were.
    """
    import numpy as np
    import pandas as pd

    last = _last_months(successor, links)
    first = {one.code: str(Month.of(one.opened)) for one in organisations if one.opened}
    chosen = observations[observations["series"].isin(ADDABLE) & observations["period"].str.fullmatch(r"\d{4}-\d{2}")]
    own = chosen[chosen["organisation"] == successor]
    parts = [own]
    for code, month in last.items():
        of_code = chosen[chosen["organisation"] == code]
        parts.append(of_code[of_code["period"] <= month])
    key = ["series", "population", "breakdown", "period", "unit"]
    frames = []
    for names, group in pd.concat(parts, ignore_index=True).groupby(key, sort=True):
        period = str(dict(zip(key, names, strict=True))["period"])
        due = {successor, *(code for code, month in last.items() if period <= month)}
        due = {code for code in due if first.get(code, "") <= period}
        if due == {successor}:
            frames.append(group)
            continue
        states = set(group["state"])
        absent = bool(due - set(group["organisation"]))
        row = group.iloc[[0]].assign(organisation=successor)
        sums = {name: float(group[name].sum(skipna=False)) for name in ("numerator", "denominator")}
        is_share = bool(group["denominator"].notna().any())
        total = float(group["value"].sum(skipna=False))
        if is_share:
            total = sums["numerator"] / sums["denominator"] if sums["denominator"] else float("nan")
        state = State.counted if total else State.zero
        if State.suppressed.value in states:
            state = State.suppressed
        elif absent or State.missing.value in states or np.isnan(total):
            state = State.missing
        is_known = state in (State.counted, State.zero)
        numbers = {**sums, "value": total} if is_known else dict.fromkeys((*sums, "value"), float("nan"))
        frames.append(row.assign(**numbers, state=state.value))
    if not frames:
        return own
    return pd.concat(frames, ignore_index=True)


def _last_months(successor: str, links: Sequence[Link]) -> dict[str, str]:
    """Every predecessor, near or far, and the last month that it has of its own."""
    found: dict[str, str] = {}
    waiting = [successor]
    while waiting:
        at = waiting.pop()
        for link in links:
            if link.successor == at and link.predecessor not in found:
                found[link.predecessor] = link.last_month
                waiting.append(link.predecessor)
    return found
