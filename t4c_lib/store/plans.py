"""Keeps every revision of every plan. Two savers of one revision collide on its key: organisation and number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy import Connection, Select, func, insert, select

from t4c_lib.errors import T4CError, UnknownNameError
from t4c_lib.periods import Day
from t4c_lib.plan import Plan, Side, changes_between, in_short
from t4c_lib.store.schema import plan_revision

COLUMNS = ("organisation", "revision", "document", "digest", "side", "by", "at", "note")


@lru_cache(maxsize=128)
def _read(document: str, source: str) -> Plan:
    """A saved plan. Reading a long one takes a tenth of a second, and a forum asks for the same one all the time."""
    return Plan.from_yaml(document, source)


@dataclass(frozen=True)
class Revision:
    """One saved state of a plan.

    Attributes:
        organisation: code.
        revision: 1, 2, 3 ... within the organisation.
        document: the plan as YAML, its comments included.
        digest: of the plan's content.
        side: for whom it was saved: management, staff or both.
        by: the name of the person.
        at: when, in UTC.
        note: what the person said about it.
    """

    organisation: str
    revision: int
    document: str
    digest: str
    side: Side
    by: str
    at: dt.datetime
    note: str

    @cached_property
    def plan(self) -> Plan:
        """The plan that was saved."""
        return _read(self.document, f"plan of {self.organisation}, revision {self.revision}")

    def __str__(self) -> str:
        side = "both sides" if self.side is Side.both else f"{self.side} side"
        said = f': "{self.note}"' if self.note else ""
        when = f"{Day(self.at.date()).label} at {self.at:%H:%M} UTC"
        return f"revision {self.revision} by {self.by} ({side}) on {when}{said}"


class RevisionConflictError(T4CError):
    """Somebody else saved the plan in the meantime, so this save, made from an older revision, was not made.

    Attributes:
        organisation: code.
        parent_revision: the revision that the refused save was made from; None or 0 if from no plan at all.
        meanwhile: the revisions that were saved since, oldest first, the last being the current one.
    """

    def __init__(self, organisation: str, parent: Revision | None, meanwhile: Sequence[Revision]) -> None:
        self.organisation = organisation
        self.parent_revision = parent.revision if parent else 0
        self.meanwhile = tuple(meanwhile)
        self._before = parent
        super().__init__(organisation, self.parent_revision, self.meanwhile)

    @property
    def parent_plan(self) -> Plan | None:
        """The plan that the refused save was made from; None if from no plan at all."""
        return self._before.plan if self._before else None

    def __str__(self) -> str:
        start = f"revision {self.parent_revision}" if self.parent_revision else "an empty plan"
        lines = [f"The plan of {self.organisation} was not saved: your changes start from {start}, and meanwhile came"]
        before = self.parent_plan
        for saved in self.meanwhile:
            rows = in_short(changes_between(before, saved.plan))
            lines.append(f"  - {saved}; {rows}")
            before = saved.plan
        lines.append("Look at the current revision, put your changes to it, and save again.")
        return "\n".join(lines)


def history(connection: Connection, code: str) -> tuple[Revision, ...]:
    """Every revision of an organisation's plan, oldest first; empty if it has none."""
    return tuple(_revision(row) for row in connection.execute(_revisions(code).order_by(plan_revision.c.revision)))


def latest(connection: Connection, code: str) -> Revision | None:
    """The current revision of an organisation's plan, if it has one."""
    row = connection.execute(_revisions(code).order_by(plan_revision.c.revision.desc()).limit(1)).first()
    return _revision(row) if row else None


def check_parent(connection: Connection, code: str, parent_revision: int | None) -> Revision | None:
    """The current revision, if it is the one a save is made from.

    Raises:
        RevisionConflictError: it is an older one.
        UnknownNameError: there is no such revision.
    """
    parent = parent_revision or 0
    current = latest(connection, code)
    newest = current.revision if current else 0
    if parent == newest:
        return current
    saved = history(connection, code)
    if not 0 <= parent < newest:
        known = [str(one.revision) for one in saved]
        raise UnknownNameError(f"revision of the plan of {code}", str(parent), known)
    raise RevisionConflictError(code, saved[parent - 1] if parent else None, saved[parent:])


def newest_number(connection: Connection, code: str) -> int:
    """The number of the current revision; 0 if there is none."""
    newest = select(func.coalesce(func.max(plan_revision.c.revision), 0)).where(plan_revision.c.organisation == code)
    return int(connection.execute(newest).scalar_one())


def append(connection: Connection, revision: Revision) -> None:
    """Write a revision down. The database refuses a second one with the same number."""
    row = {name: getattr(revision, name) for name in COLUMNS}
    connection.execute(insert(plan_revision).values({**row, "side": str(revision.side)}))


def _revisions(code: str) -> Select[tuple[object, ...]]:
    return select(*(plan_revision.c[name] for name in COLUMNS)).where(plan_revision.c.organisation == code)


def _revision(row: Sequence[object]) -> Revision:
    values = dict(zip(COLUMNS, row, strict=True))
    return Revision(**{**values, "side": Side(str(values["side"]))})  # type: ignore[arg-type]
