"""Keeps every wording of every pledge, and what was done with each."""

import datetime as dt
from typing import Any

from sqlalchemy import Connection, insert

from t4c_lib.errors import Problem, refuse, unknown_choice
from t4c_lib.plan import Side
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.partnership.decisions import wording_changes
from t4c_lib.plan.partnership.event_log import WordingSave
from t4c_lib.plan.partnership.pledge import (
    PledgeError,
    PledgeStatus,
    PledgeStep,
    PledgeWording,
    Step,
    needs_board,
    next_step,
    pledge_status,
)
from t4c_lib.store import plans
from t4c_lib.store.engine import PartOfStore, reads, writing
from t4c_lib.store.partnership_history import acts_of, latest_wording, lists_of, steps_of, wordings_of
from t4c_lib.store.save_log import log_change
from t4c_lib.store.schema import keep_record, pledge_revision, pledge_step
from t4c_lib.typed_text import NAME, NOTE, ORGANISATION, WORDING, take_text


def _standing(connection: Connection, code: str) -> PledgeStatus | None:
    """How far the pledge is; None if no wording was saved."""
    saved = wordings_of(connection, code)
    if not saved:
        return None
    latest = plans.latest(connection, code)
    acts, steps = acts_of(connection, code), steps_of(connection, code)
    return pledge_status(saved[-1].wording, acts, steps, needs_board=needs_board(latest.plan if latest else None))


class Pledges(PartOfStore):
    """The pledge of every organisation. Found as `Store.pledges`."""

    def save(
        self,
        wording: PledgeWording,
        *,
        by: str,
        side: Side | str,
        note: str = "",
        parent_revision: int | None = None,
        at: dt.datetime | None = None,
    ) -> PledgeWording:
        """Save a wording as the next revision. Another wording than before opens the pledge again for both sides.

        `PledgeWording.suggested` has ours. `parent_revision` is the one that was edited, None for the first. It is
        saved as of now, if no moment is given.

        Returns:
            The wording with its number; the current one if nothing is different.

        Raises:
            InputError: an empty text, no name, an unknown side.
            PledgeError: somebody else saved a wording meanwhile; nothing was saved.
        """
        code, problems = wording.organisation, list[Problem]()
        text = take_text(problems, "wording", wording.wording, WORDING, "a pledge has a text.")
        name, unnamed = wording.organisation_name, "an organisation has a name."
        called = take_text(problems, "organisation", name, ORGANISATION, unnamed)
        by = take_text(problems, "by", by, NAME, "enter your name.")
        note = take_text(problems, "note", note, NOTE)
        problems += unknown_choice("side", str(side), list(Side))
        refuse(f"the pledge of {code}", problems)
        with writing(self._engine, code) as connection:
            saved = wordings_of(connection, code)
            _check_parent(saved, parent_revision or 0, text)
            new = PledgeWording(code, called, text, len(saved) + 1)
            if saved and saved[-1].wording.digest == new.digest:
                return saved[-1].wording
            moment = at or dt.datetime.now(dt.UTC)
            row = {"organisation": code, "revision": new.revision, "organisation_name": new.organisation_name}
            row |= {"wording": text, "digest": new.digest, "side": str(side), "by": by, "at": moment}
            connection.execute(insert(pledge_revision).values({**row, "note": note}))
            log_change(connection, "pledge", moment, organisation=code, number=new.revision, by=by)
            return new

    latest = reads(latest_wording)
    history = reads(wordings_of)
    standing = reads(_standing)

    def record(self, code: str, step: Step | str, *, by: str, date: dt.date, **fields: Any) -> PledgeStep:
        """Record what was done with the agreed pledge, and on which day; `by` writes it down, the rest see `next_step`.

        Raises:
            InputError: what the step needs and lacks, or a day that is still to come.
            NotAuthorisedError: whoever signed is not listed as a signatory for that side.
            PledgeError: it isn't its turn yet, it was done before, or there is no pledge.
        """
        with writing(self._engine, code) as connection:
            if (standing := _standing(connection, code)) is None:
                raise PledgeError(f"{code} has no pledge yet: save its wording first.")
            signatories = lists_of(connection, code).now
            done = next_step(standing, step, by=by, date=date, signatories=signatories, **fields)
            keep_record(connection, pledge_step, done, code)
            revision = standing.wording.revision
            log_change(connection, "pledge", done.at, organisation=code, number=revision, by=done.by)
            return done


def _check_parent(saved: tuple[WordingSave, ...], parent: int, text: str) -> None:
    if parent == len(saved):
        return
    if parent > len(saved):
        raise PledgeError(f"There is no revision {parent} of the pledge; the last is {len(saved)}.")
    last = saved[-1]
    changes = "; ".join(wording_changes(last.wording.wording, text)) or "the two are the same"
    raise PledgeError(
        f"The pledge was not saved: your wording starts from revision {parent}, and meanwhile {last.by} saved "
        f"revision {last.wording.revision} for {side_words(last.side)}. From that one to yours: {changes}."
    )
