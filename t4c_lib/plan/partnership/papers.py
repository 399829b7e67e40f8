"""A paper that partners take along, one content for page, Word and command line; and the plan's rows changed since."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from t4c_lib.disclosure import Audience
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.partnership.authorised_signatories import SIDES, side_words
from t4c_lib.plan.partnership.decisions import agreed_in_words, covered_text
from t4c_lib.plan.partnership.event_log import Revision
from t4c_lib.plan.partnership.pledge import PledgeState, PledgeStatus
from t4c_lib.plan.plan_diff import FieldChange, field_changes, format_value
from t4c_lib.plan.row_base import RowKey
from t4c_lib.quantities import Unit

X_FIELDS = ("change", "number")


class PaperPart(NamedTuple):
    """A part of a paper."""

    heading: str  #: of it
    points: tuple[tuple[str, str], ...] = ()  #: what stands in it, each with the words that lead it in bold, or none
    opening: tuple[str, ...] = ()  #: sentences before the points
    empty: str = "None."  #: what is said where there are no points; empty where the opening is enough

    @classmethod
    def listed(cls, heading: str, points: Iterable[str]) -> "PaperPart":
        """A part with points that nothing leads."""
        return cls(heading, tuple(("", one) for one in points))


class Paper(NamedTuple):
    """A paper."""

    title: str  #: whose it is
    kind: str  #: what it is, for the name of its file: "minutes", "pre-read"
    opening: tuple[str, ...]  #: what must be known of it: what it is and of when, for whom, then what else
    parts: tuple[PaperPart, ...]  #: in order

    @property
    def text(self) -> str:
        """The paper as plain text."""
        return text_from("plan/partnership/paper.txt.j2", paper=self)


@dataclass(frozen=True)
class RowSince:
    """One row that changed: as it was, None if added, and as it is, None if taken out; by whom last, and when."""

    before: PlanRow | None
    after: PlanRow | None
    by: str
    at: dt.datetime

    @property
    def row(self) -> PlanRow:
        """The row as it is, or as it was last."""
        found = self.after or self.before
        assert found is not None  # noqa: S101  (one of the two is there)
        return found

    @property
    def x_moved(self) -> bool:
        """Whether its X is another one."""
        return any(one.field in X_FIELDS for one in self._changed)

    @property
    def x_before(self) -> str:
        """The X as it was; empty where there was none."""
        return _x(self.before)

    @property
    def x_after(self) -> str:
        """The X as it is; empty where there is none."""
        return _x(self.after)

    @property
    def statement(self) -> str:
        """The row as it is now, with its X in words; or that it was taken out."""
        if self.after is None:
            return "taken out"
        words = agreed_in_words(covered_text(self.after.covered))
        return words.removeprefix(f"{self.after.reference} ").removeprefix("own ")

    @property
    def others(self) -> tuple[str, ...]:
        """What else of it changed, field by field."""
        return tuple(str(one) for one in self._changed if one.field not in X_FIELDS)

    @cached_property
    def _changed(self) -> tuple[FieldChange, ...]:
        return () if self.before is None or self.after is None else field_changes(self.before, self.after)


def rows_since(revisions: Sequence[Revision], since: dt.date) -> tuple[RowSince, ...]:
    """The rows of the plan of now that are not what they were at the end of a day, in the order of the plan.

    Revisions stand oldest first; the day is by the clock of UTC. Without a plan by then every row was added.
    """
    if not revisions:
        return ()
    known = [one for one in revisions if one.at.date() <= since]
    then = known[-1].plan.rows_by_key if known else {}
    now = revisions[-1].plan.rows_by_key
    moved = [key for key in [*now, *(key for key in then if key not in now)] if then.get(key) != now.get(key)]
    last, before = dict[RowKey, Revision](), then
    for one in revisions[max(len(known) - 1, 0) :]:
        saved = one.plan.rows_by_key
        last |= {key: one for key in moved if before.get(key) != saved.get(key)}
        before = saved
    return tuple(RowSince(then.get(key), now.get(key), last[key].by, last[key].at) for key in moved)


def _x(row: PlanRow | None) -> str:
    value = None if row is None else row.number if isinstance(row, ActionRow) else row.change
    is_fraction = isinstance(row, MeasureRow) and row.what.baseline_unit in (Unit.SHARE, Unit.RATE)
    return "" if value is None else format_value(value, is_fraction)


def pledge_paper(pledge: PledgeStatus, audience: Audience | None = None) -> Paper:
    """The pledge as a page to sign: its wording, a line for each side, and what is on record of it.

    `audience`: by None a draft is the forum's, and what both sides agreed is to be published.
    """
    readers = audience or (Audience.FORUM if pledge.state is PledgeState.DRAFT else Audience.PUBLISHED)
    wording = pledge.wording
    parts = []
    for side in SIDES:
        names = "; ".join(f"{one.who}, {Day(one.date).label}" for one in pledge.signatures if one.side is side)
        parts.append((f"For {side_words(side)}", names or "name, role, signature and date"))
    paragraphs = tuple(one.strip() for one in wording.wording.split("\n\n") if one.strip())
    whole = PaperPart("What we pledge", opening=paragraphs, empty=""), PaperPart("Signed", tuple(parts))
    on_record = PaperPart.listed("On record", map(str, pledge.steps))
    title, state = f"Local Partnership Pledge of {wording.organisation_name}", f"The pledge is {pledge.state}."
    return Paper(title, "pledge", (state, readers.marking), (*whole, on_record))
