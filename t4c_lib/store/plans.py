"""Keeps every revision of every plan. Two savers of one revision collide on its key: organisation and number."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from t4c_lib.errors import Problem, T4CError, UnknownNameError, refuse, unknown_choice
from t4c_lib.html_templates import text_from
from t4c_lib.plan import Plan, Side, changes_between, summarise_changes
from t4c_lib.plan.partnership.event_log import Revision
from t4c_lib.plan.plan_diff import Merge, merge
from t4c_lib.store.audit import log_change
from t4c_lib.store.engine import PartOfStore, reading, reads, writing
from t4c_lib.store.schema import keep_record, plan_revision, records_of
from t4c_lib.typed_text import NAME, NOTE, entry_problems, take_text


class RevisionConflictError(T4CError):
    """Somebody else saved the plan in the meantime, so this save, made from an older revision, was not made.

    `parent_revision`: that the refused save was made from; None or 0 if from no plan at all. `meanwhile`: the revisions
    that were saved since, oldest first, the last being the current one.
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
        pairs = zip((self.parent_plan, *(saved.plan for saved in self.meanwhile)), self.meanwhile, strict=False)
        changes = [summarise_changes(changes_between(before, saved.plan)) for before, saved in pairs]
        return text_from("store/not_saved.txt.j2", error=self, changes=changes).rstrip()


def history(connection: Connection, code: str) -> tuple[Revision, ...]:
    """Every revision of an organisation's plan, oldest first; empty if it has none."""
    return records_of(connection, plan_revision, Revision, code)


def latest(connection: Connection, code: str) -> Revision | None:
    """The current revision of an organisation's plan, if it has one."""
    is_newest = plan_revision.c.revision == _newest(code).scalar_subquery()
    return next(iter(records_of(connection, plan_revision, Revision, code, is_newest)), None)


def _newest(code: str) -> Select[Any]:
    return select(func.max(plan_revision.c.revision)).where(plan_revision.c.organisation == code)


def check_parent(connection: Connection, code: str, parent_revision: int | None) -> Revision | None:
    """The current revision, if it is the one a save is made from.

    Raises RevisionConflictError: it is made from an older one; UnknownNameError: from none that there is.
    """
    parent = parent_revision or 0
    current = latest(connection, code)
    newest = current.revision if current else 0
    if parent == newest:
        return current
    saved = history(connection, code)
    if not 0 <= parent < newest:
        raise UnknownNameError(f"revision of the plan of {code}", str(parent), [str(one.revision) for one in saved])
    raise RevisionConflictError(code, saved[parent - 1] if parent else None, saved[parent:])


class Saved(NamedTuple):
    """What came of a save."""

    revision: Revision  #: that was made; the current one if there was nothing new to save
    #: revisions of others that were put together with it, oldest first; usually none.
    merged_with: tuple[Revision, ...] = ()

    def __str__(self) -> str:
        if not self.merged_with:
            return str(self.revision)
        others = ", ".join(f"revision {one.revision} by {one.by}" for one in self.merged_with)
        return f"{self.revision}; put together with {others}"


class MergeClashError(T4CError):
    """What was changed here and what others saved meanwhile don't go together. Nothing was saved, nothing is lost.

    `merge`: all that fits, with theirs where it clashes, and each clash in both versions. `meanwhile`: oldest first.
    """

    def __init__(self, merged: Merge, meanwhile: tuple[Revision, ...]) -> None:
        self.merge, self.meanwhile = merged, meanwhile
        super().__init__(merged, meanwhile)

    def __str__(self) -> str:
        return text_from("store/not_saved.txt.j2", error=self, clashes=self.merge.clashes).rstrip()


class PlanStore(PartOfStore):
    """The plans of a `Store`: each save is a revision, and none is ever altered."""

    def save_plan(
        self,
        plan: Plan,
        *,
        by: str,
        side: Side | str,
        note: str = "",
        parent_revision: int | None = None,
        document: str | None = None,
        at: dt.datetime | None = None,
    ) -> Revision:
        """Save a plan as the next revision, as of now, if no moment is given; gives the current one if nothing is new.

        The changes were made to `parent_revision`, which is None for an organisation's first plan. The document is the
        plan's text, where a person wrote one; else the last text is brought up to date, its comments kept. Raises
        RevisionConflictError: somebody else saved meanwhile; nothing was saved. Raises InputError: no name, an unknown
        side, or a document that holds another plan. Raises StoreError: the store can't be written.
        """
        said = _checked(plan, by, side, note, document) | ({"at": at} if at else {})
        return self._save(plan, said, parent_revision, document, merges=False).revision

    def save_merged(
        self, plan: Plan, *, by: str, side: Side | str, note: str = "", parent_revision: int | None = None
    ) -> Saved:
        """Save a plan; if others saved meanwhile, put both together row by row, and save that. Else as `save_plan`.

        Raises MergeClashError, with both versions: they don't go together; nothing was saved. Else as `save_plan`.
        """
        return self._save(plan, _checked(plan, by, side, note), parent_revision, None, merges=True)

    def _save(
        self, plan: Plan, said: dict[str, Any], parent_revision: int | None, document: str | None, *, merges: bool
    ) -> Saved:
        # Whatever takes time comes before the turn to write, so that others can go on.
        with reading(self._engine) as connection:
            whole, current, meanwhile = _put_together(connection, plan, parent_revision, merges=merges)
        text = document or whole.to_yaml(current.document if current else None)
        with writing(self._engine, plan.organisation) as connection:
            if connection.scalar(_newest(plan.organisation)) != (current.revision if current else None):
                # Somebody was faster. From here on others wait, so that nobody can be overtaken for ever.
                whole, current, meanwhile = _put_together(connection, plan, parent_revision, merges=merges)
                text = document or whole.to_yaml(current.document if current else None)
            return Saved(_append(connection, whole, text, current, said), meanwhile)

    latest_plan = reads(latest)
    plan_history = reads(history)

    def plan_on(self, code: str, day: dt.date) -> Revision | None:
        """The plan as it stood at the end of a day, by the clock of UTC; None where there was none yet."""
        newest = self.latest_plan(code)
        if newest is None or newest.at.date() <= day:
            return newest
        return next((one for one in reversed(self.plan_history(code)) if one.at.date() <= day), None)

    def organisations_with_plans(self) -> frozenset[str]:
        """The codes of the organisations that have a plan."""
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(select(plan_revision.c.organisation).distinct()))


def _put_together(
    connection: Connection, plan: Plan, parent_revision: int | None, *, merges: bool
) -> tuple[Plan, Revision | None, tuple[Revision, ...]]:
    """A plan with what others saved meanwhile in it, if it may be merged; the current revision, and theirs."""
    try:
        return plan, check_parent(connection, plan.organisation, parent_revision), ()
    except RevisionConflictError as conflict:
        if not merges:
            raise
        merged = merge(conflict.parent_plan, plan, conflict.meanwhile[-1].plan)
        if merged.clashes:
            raise MergeClashError(merged, conflict.meanwhile) from None
        return merged.plan, conflict.meanwhile[-1], conflict.meanwhile


def _append(connection: Connection, plan: Plan, text: str, current: Revision | None, said: dict[str, Any]) -> Revision:
    if current and current.document == text:
        return current
    number = current.revision + 1 if current else 1
    revision = Revision(plan.organisation, number, text, plan.digest, **{"at": dt.datetime.now(dt.UTC), **said})
    # The database refuses a second one with the same number.
    keep_record(connection, plan_revision, revision, plan.organisation)
    log_change(connection, "plan", revision.at, organisation=plan.organisation, number=number, by=revision.by)
    return revision


def _checked(plan: Plan, by: str, side: Side | str, note: str, document: str | None = None) -> dict[str, Any]:
    """Who says what, if everything about a save is in order. Raises InputError with every problem."""
    problems: list[Problem] = []
    who = take_text(problems, "by", by, NAME, "enter your name.")
    said = take_text(problems, "note", note, NOTE)
    problems += entry_problems(plan.parameters())
    problems += unknown_choice("side", side, list(Side)) if side else [Problem("side", "choose for whom you speak.")]
    if document is not None and Plan.from_yaml(document, "the plan's text") != plan:
        problems.append(Problem("document", "the text holds another plan than the one to be saved."))
    refuse(f"saving the plan of {plan.organisation}", problems)
    return {"by": who, "side": Side(side), "note": said}
