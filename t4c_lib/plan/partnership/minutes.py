"""Minutes: what was decided at a meeting, by whom for which side, and what stays open at its end."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from t4c_lib.errors import InputError, Problem
from t4c_lib.periods import Day
from t4c_lib.plan.model import Plan
from t4c_lib.plan.partnership.acts import agreeable_rows
from t4c_lib.plan.partnership.agreement import AgreementState, Standing, row_states
from t4c_lib.plan.partnership.happenings import Happening, Past, story
from t4c_lib.plan.partnership.pledge import PledgeStanding
from t4c_lib.plan.partnership.rounds import Round
from t4c_lib.plan.parts import Side

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
        decisions: what was decided, in order.
        prepared: what else was done: revisions saved, rounds held, in order.
        spoke: for each side, who spoke for it.
        standings: how far the two sides were with each row at the end of the last day.
        pledge: how far the pledge was then; None if there was none.
        open_rounds: rounds that were still open.
    """

    organisation: str
    organisation_name: str
    first: dt.date
    last: dt.date
    decisions: tuple[Happening, ...]
    prepared: tuple[Happening, ...]
    spoke: tuple[tuple[Side, tuple[str, ...]], ...]
    standings: tuple[Standing, ...]
    pledge: PledgeStanding | None = None
    open_rounds: tuple[Round, ...] = ()

    @property
    def open(self) -> tuple[Standing, ...]:
        """The rows on which the two sides don't agree yet, in the order of the plan."""
        return tuple(one for one in self.standings if one.state is not AgreementState.AGREED)

    @property
    def text(self) -> str:
        """The minutes as plain text."""
        return "\n".join(_wrapped(line) for line in self._lines()) + "\n"

    def _lines(self) -> list[str]:
        when = (
            Day(self.first).label if self.first == self.last else f"{Day(self.first).label} to {Day(self.last).label}"
        )
        lines = [f"Partnership forum of {self.organisation_name} ({self.organisation})", f"Minutes, {when}"]
        lines += ["Inside the forum, not for publication", ""]
        for side, names in self.spoke:
            lines.append(f"For {side} side: {', '.join(names)}")
        if self.spoke:
            lines.append("")
        lines += ["Decided", *_listed(one.sentence for one in self.decisions), ""]
        lines += ["Done besides", *_listed(one.sentence for one in self.prepared), ""]
        if self.pledge is not None:
            lines += ["The pledge", *_listed([f"it is {self.pledge.state}; {_slots(self.pledge.agreement)}"]), ""]
        agreed = len(self.standings) - len(self.open)
        lines += ["Open", *_listed(self._open_lines()), ""]
        lines.append(f"Agreed by both sides: {agreed} of {len(self.standings)} rows.")
        return lines

    def _open_lines(self) -> list[str]:
        lines = [f"{one.label}: round {one.number} is still open" for one in self.open_rounds]
        for state in OPEN_ORDER:
            rows = [one for one in self.open if one.state is state]
            plain = [one for one in rows if state is AgreementState.PROPOSED and not one.was_reopened]
            lines += [str(one) for one in rows if one not in plain]
            if plain:
                lines.append(f"nobody has agreed yet to: {', '.join(one.label for one in plain)}")
        return lines


def make_minutes(
    plan: Plan | None,
    past: Past,
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
    known = past.until(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), dt.UTC))
    happened = tuple(one for one in story(known) if one.at.date() >= first)
    acts = [act for act in known.acts if act.at.date() >= first]
    spoke = {side: tuple(dict.fromkeys(act.who for act in acts if act.side is side)) for side in Side}
    name = organisation_name or (plan.organisation_name if plan else organisation)
    return Minutes(
        organisation,
        name,
        first,
        last,
        tuple(one for one in happened if one.is_decision),
        tuple(one for one in happened if not one.is_decision),
        tuple((side, names) for side, names in spoke.items() if names),
        row_states(agreeable_rows(plan), known.acts) if plan else (),
        known.pledge,
        tuple(known.open_rounds),
    )


def _slots(agreement: Standing) -> str:
    return "; ".join(map(str, agreement.slots))


def _listed(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines] or ["- nothing"]


def _wrapped(line: str) -> str:
    if not line.startswith("- "):
        return line
    return textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
