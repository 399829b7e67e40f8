"""Minutes: what was decided at a meeting, by whom for which side, and what stays open at its end."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from t4c_lib.errors import InputError, Problem
from t4c_lib.periods import Day, today
from t4c_lib.plan.partnership.agreement import AgreementState, AgreementStatus
from t4c_lib.plan.partnership.agreement_diff import agreed_in_words
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.partnership.decisions import Act, Decision
from t4c_lib.plan.partnership.event_log import Event, PartnershipHistory, events_of
from t4c_lib.plan.partnership.record import PartnershipRecord
from t4c_lib.plan.partnership.rounds import Round
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_fields import Side

WIDTH = 100
OPEN_ORDER = tuple(state for state in AgreementState if state is not AgreementState.AGREED)


@dataclass(frozen=True)
class Minutes:
    """What a meeting came to.

    Attributes:
        organisation: code.
        organisation_name: as it is printed.
        first: first day.
        last: last day, included.
        decisions: what was decided, in order; that rows were agreed stands in `agreed`.
        agreed: the rows that somebody agreed to in these days, each with its X in words and who agreed to it.
        prepared: what else was done: revisions saved, rounds held, in order.
        spoke: for each side, who spoke for it.
        record: how far the two sides were with each row and with the pledge at the end of the last day.
        open_rounds: rounds that were still open.
    """

    organisation: str
    organisation_name: str
    first: dt.date
    last: dt.date
    decisions: tuple[Event, ...]
    agreed: tuple[str, ...]
    prepared: tuple[Event, ...]
    spoke: tuple[tuple[Side, tuple[str, ...]], ...]
    record: PartnershipRecord
    open_rounds: tuple[Round, ...] = ()

    @property
    def open(self) -> tuple[AgreementStatus, ...]:
        """The rows on which the two sides don't agree yet, in the order of the plan."""
        return tuple(one for one in self.record.standings if one.state is not AgreementState.AGREED)

    @property
    def text(self) -> str:
        """The minutes as plain text."""
        return "\n".join(_wrapped(line) for line in self._lines()) + "\n"

    def _lines(self) -> list[str]:
        when = (
            Day(self.first).label if self.first == self.last else f"{Day(self.first).label} to {Day(self.last).label}"
        )
        lines = [f"Partnership forum of {self.organisation_name} ({self.organisation})", f"Minutes, {when}"]
        lines += ["Inside the forum: not for publication", ""]
        for side, names in self.spoke:
            lines.append(f"Speaking for {side_words(side)}: {', '.join(names)}")
        if self.spoke:
            lines.append("")
        lines += ["Decisions", *_listed(one.sentence for one in self.decisions), ""]
        lines += ["Rows agreed", *_listed(self.agreed), ""]
        lines += ["Also recorded", *_listed(one.sentence for one in self.prepared), ""]
        lines += ["The pledge", *_listed([self.record.pledge_sentence]), ""]
        return [*lines, "Still open", *_listed(self._open_lines()), "", self.record.agreed_sentence]

    def _open_lines(self) -> list[str]:
        lines = [f"{one.label}: round {one.number} is still open" for one in self.open_rounds]
        for state in OPEN_ORDER:
            rows = [one for one in self.open if one.state is state]
            plain = [one for one in rows if state is AgreementState.PROPOSED and not one.was_reopened]
            lines += [str(one) for one in rows if one not in plain]
            if plain:
                lines.append(f"not agreed by either side yet: {', '.join(one.title.split()[0] for one in plain)}")
        return lines


def make_minutes(
    plan: Plan | None,
    past: PartnershipHistory,
    first: dt.date,
    last: dt.date,
    *,
    organisation: str,
    organisation_name: str = "",
) -> Minutes:
    """The minutes of a meeting of one day or several.

    Args:
        plan: as it was at the end of the last day; None if there was none.
        past: everything on record; what came after the last day is left out.
        first: first day, by the clock of UTC.
        last: last day, included.
        organisation: code.
        organisation_name: as it is printed; the plan's, if nothing is said.

    Raises:
        InputError: the last day is before the first.
    """
    if last < first:
        words = f"the last day, {Day(last).label}, is before the first, {Day(first).label}."
        raise InputError("minutes", [Problem("last", words)])
    if first > today():
        raise InputError("minutes", [Problem("first", f"{Day(first).label} is in the future.")])
    known = past.until(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC))
    acts = [act for act in known.acts if act.at.date() >= first]
    # Whoever agrees to seventy rows is told of once, and every row once with what was agreed.
    agreed = [act for act in acts if act.decision is Decision.AGREED and act.is_of_row]
    without = replace(known, acts=[*_without(known.acts, agreed)])
    others = tuple(one for one in events_of(without) if one.at.date() >= first)
    happened = tuple(sorted((*others, *_agreements(agreed)), key=lambda one: one.at))
    spoke = {side: tuple(dict.fromkeys(act.who for act in acts if act.side is side)) for side in Side}
    record = PartnershipRecord.of(plan, past, last)
    name = organisation_name or (plan.organisation_name if plan else organisation)
    return Minutes(
        organisation,
        name,
        first,
        last,
        tuple(one for one in happened if one.is_decision),
        tuple(_agreed_lines(agreed, record)),
        tuple(one for one in happened if not one.is_decision),
        tuple((side, names) for side, names in spoke.items() if names),
        record,
        tuple(known.open_rounds),
    )


def _without(acts: Iterable[Act], some: Iterable[Act]) -> Iterator[Act]:
    taken = {id(act) for act in some}
    return (act for act in acts if id(act) not in taken)


def _agreements(acts: Iterable[Act]) -> Iterator[Event]:
    """That somebody agreed to rows for a side: once for each person, side and day, at the time of the last row."""
    by_person: dict[tuple[str, Side, dt.date], list[Act]] = {}
    for act in acts:
        by_person.setdefault((act.who, act.side, act.at.date()), []).append(act)
    for (who, side, _), said in by_person.items():
        rows = len({act.subject for act in said})
        what = f"{rows} rows" if rows > 1 else said[0].label
        sentence = f"{who} agreed to {what} for {side_words(side)}"
        yield Event(said[-1].at, "agreement", said[-1].name, side, sentence)


def _agreed_lines(acts: Iterable[Act], record: PartnershipRecord) -> Iterator[str]:
    """Each row that somebody agreed to, once: what was agreed last, in words, and who agrees to it at the end."""
    standings = {one.subject: one for one in record.standings}
    for act in {act.subject: act for act in acts}.values():
        standing = standings.get(act.subject)
        if standing is None or not _still_holds(act, standing):
            who = f"agreed by {side_words(act.side)}, and changed or removed since"
        elif standing.state is AgreementState.AGREED:
            who = "both sides"
        else:
            who = standing.short_text
        yield f"{agreed_in_words(act.covered).removesuffix('.')} ({who})"


def _still_holds(act: Act, standing: AgreementStatus) -> bool:
    """Whether the row is what the act was of: the same, or the framework alone words it otherwise since."""
    unchanged = (slot.act.digest for slot in standing.slots if slot.act is not None and not slot.changed)
    return act.digest == standing.digest or act.digest in unchanged


def _listed(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines] or ["- none"]


def _wrapped(line: str) -> str:
    if not line.startswith("- "):
        return line
    return textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
