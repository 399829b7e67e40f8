"""Keeps what is on record of a partnership: what the sides said of rows and pledge, who may speak for them, notes."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select

from t4c_lib.errors import Problem, T4CError, refuse, unknown_choice
from t4c_lib.framework import catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.partnership import authorised_signatories as signing
from t4c_lib.plan.partnership import decisions, pledge
from t4c_lib.plan.partnership.agreement_status import not_ready
from t4c_lib.plan.partnership.event_log import PartnershipHistory, ProgressNote, WordingSave, new_note
from t4c_lib.plan.partnership.partnership_record import Minutes, PartnershipRecord, make_minutes
from t4c_lib.plan.partnership.pledge import PledgeError, PledgeStatus, PledgeStep, Step
from t4c_lib.plan.row_base import PlannedRow
from t4c_lib.programme.register import recorded_evidence, recorded_reviews
from t4c_lib.store import plans, schema
from t4c_lib.store.audit import log_change, written_down
from t4c_lib.store.engine import PartOfStore, reading, reads, writing
from t4c_lib.store.evidence import organisations_now
from t4c_lib.store.programme_records import register_of
from t4c_lib.store.rounds import result_of, rounds_of
from t4c_lib.typed_text import NAME, NOTE, ORGANISATION, ROLE, WORDING, capitalised, take_text


def signatories_of(connection: Connection, code: str) -> list[signing.SignatoryProposal]:
    """Every list of signatories that somebody put a name to, oldest first."""
    query = select(schema.speakers).where(schema.speakers.c.organisation == code).order_by(schema.speakers.c.revision)
    read, rows = signing.AuthorisedSignatories.from_parameters, connection.execute(query)
    return [signing.SignatoryProposal(read(json.loads(row.content)), row.side, row.by, row.at) for row in rows]


def lists_of(connection: Connection, code: str) -> signing.SignatoryLists:
    """Who may speak and sign for each side, and the list that waits for the other side."""
    return signing.SignatoryLists.of(signatories_of(connection, code))


def acts_of(connection: Connection, code: str) -> tuple[decisions.Act, ...]:
    """Everything that was said, in the order in which it was recorded."""
    return schema.records_of(connection, schema.agreement_act, decisions.Act, code)


def wordings_of(connection: Connection, code: str) -> tuple[WordingSave, ...]:
    """Every wording of the pledge that was saved, oldest first."""
    table = schema.pledge_revision.c
    wording = (table.organisation, table.organisation_name, table.wording, table.revision)
    query = select(*wording, table.by, table.side, table.at, table.note).where(table.organisation == code)
    rows = connection.execute(query.order_by(table.revision))
    return tuple(WordingSave(decisions.PledgeWording(*row[:4]), *row[4:]) for row in rows)


def latest_wording(connection: Connection, code: str) -> decisions.PledgeWording | None:
    """The wording of now; None if none was saved."""
    saved = wordings_of(connection, code)
    return saved[-1].wording if saved else None


def past_of(connection: Connection, code: str) -> PartnershipHistory:
    """Everything on record; of an open round only that it is open."""
    saves, rounds = plans.history(connection, code), rounds_of(connection, code)
    return PartnershipHistory(
        saves=saves,
        wordings=wordings_of(connection, code),
        acts=acts_of(connection, code),
        rounds=tuple(result_of(connection, one) for one in rounds if not one.is_open),
        open_rounds=tuple(one for one in rounds if one.is_open),
        steps=schema.records_of(connection, schema.pledge_step, PledgeStep, code),
        signatories=signatories_of(connection, code),
        notes=schema.records_of(connection, schema.progress_note, ProgressNote, code),
        needs_board=pledge.needs_board(saves[-1].plan if saves else None),
    )


def minutes_of(connection: Connection, code: str, first: dt.date, last: dt.date | None = None) -> Minutes:
    """What was decided on a day, or from one day to another, both included, and what stayed open then.

    Raises InputError: the last day is before the first.
    """
    last = last or first
    past, known = past_of(connection, code), organisations_now(connection, [code]).get(code)
    saved, name = [one for one in past.saves if one.at.date() <= last], known.title if known else ""
    plan = saved[-1].plan if saved else None
    made = make_minutes(plan, past, first, last, organisation=code, organisation_name=name)
    return made._replace(audit=written_down(connection))


def record_of(connection: Connection, code: str, as_of: dt.date, plan: Plan | None = None) -> PartnershipRecord:
    """What both sides have on record at a day's end, nothing later: for the rows of `plan`, or the current one."""
    latest = plans.latest(connection, code) if plan is None else None
    record = PartnershipRecord.of(latest.plan if latest else plan, past_of(connection, code), as_of)
    lists = register_of(connection, code, as_of, ("policy", "recognition"))
    return (
        replace(record, documents=recorded_evidence(lists), held=recorded_reviews(lists)) if lists.entries else record
    )


class StaleActError(T4CError):
    """What somebody agreed to is not what is saved now. Nothing was recorded; says what changed."""


class IncompleteRowError(T4CError):
    """Rows that can't be agreed as they stand: incomplete, or in contradiction to themselves. Nothing was recorded."""


class Agreements(PartOfStore):
    """What the two sides agreed on, of every organisation. Found as `Store.agreements`."""

    def record(self, code: str, acts: Sequence[decisions.Act]) -> tuple[decisions.Act, ...]:
        """Record what somebody said of one row or several: all of it or, after any error, nothing.

        The acts are made with `Act.on` from the rows (or the pledge's wording) that the person saw, and come back as
        they were recorded: with the role that the setting has for the person, if none was given. Raises
        NotAuthorisedError: the person may not speak for that side on that day; StaleActError: a row has changed since
        the person saw it; IncompleteRowError: names all rows that are to be agreed and are incomplete or contradict
        themselves.
        """
        with writing(self._engine, code) as connection:
            setting = lists_of(connection, code).now
            latest = plans.latest(connection, code)
            rows: list[decisions.Agreeable] = [*latest.plan.every_row] if latest else []
            rows += filter(None, [latest_wording(connection, code)])
            now = {decisions.subject_of(row): row for row in rows}
            checked = tuple(_checked(act, setting, now) for act in acts)
            if latest is not None:
                _check_ready(latest.plan, checked, now)
            if checked:
                for act in checked:
                    schema.keep_record(connection, schema.agreement_act, act, code)
                last, kind = checked[-1], "agreement"
                log_change(connection, kind, last.at, organisation=code, number=last.revision, by=last.name)
            return checked

    acts = reads(acts_of)
    signatories = reads(lists_of)

    def name_signatories(
        self,
        code: str,
        signatories: signing.AuthorisedSignatories,
        *,
        by: str,
        side: Side | str,
        role: str = "",
        note: str = "",
        at: dt.datetime | None = None,
    ) -> signing.SignatoryLists:
        """Put a side's name to a list of signatories. It holds once the other side has put its name to the same list.

        The whole list takes the place of the one that holds. Whoever names it, as of now if no moment is given, is a
        signatory of that side on the list that holds; for the first list, on this one. The role is needed where the
        list names a post and no person. Gives the list that holds after that, and the one that waits for the other
        side. Raises InputError: no name, no side, or a list that names nobody for a side; NotAuthorisedError: it is
        not for that person to say.
        """
        problems: list[Problem] = []
        by = take_text(problems, "by", by, NAME, "enter your name.")
        role, note = take_text(problems, "role", role, ROLE), take_text(problems, "note", note, NOTE)
        for number, one in enumerate(signatories.speakers, 1):
            take_text(problems, f"signatory {number}, name", one.name, NAME)
            take_text(problems, f"signatory {number}, role", one.role, ROLE)
        refuse("the list of signatories", problems)
        proposal = signing.SignatoryProposal(signatories, Side(side), by, at or dt.datetime.now(dt.UTC))
        with writing(self._engine, code) as connection:
            proposals = signatories_of(connection, code)
            before = signing.SignatoryLists.of(proposals)
            before.check(proposal, role)
            if (after := before.after(proposal)) == before:
                return after
            number = len(proposals) + 1
            content = json.dumps(signatories.parameters(), ensure_ascii=False)
            row = {"organisation": code, "revision": number, "content": content, "by": proposal.by, "at": proposal.at}
            connection.execute(insert(schema.speakers).values({**row, "side": proposal.side, "note": note}))
            log_change(connection, "speakers", proposal.at, organisation=code, number=number, by=proposal.by)
            return after


def _checked(
    act: decisions.Act, setting: signing.AuthorisedSignatories, now: dict[str, decisions.Agreeable]
) -> decisions.Act:
    if (row := now.get(act.subject)) is None:
        raise StaleActError(f"There is no {act.label} to agree to: it was taken out, or never saved.")
    if row.digest != act.digest:
        changes = "; ".join(decisions.covered_changes(act.covered, decisions.covered_text(row.covered)))
        changed = f"{capitalised(act.label)} has changed since you looked at it: {changes}."
        raise StaleActError(f"{changed} Nothing was recorded. Look at it as it is now, and say again.")
    who = act.name, act.role, act.at.date()
    try:
        listed = setting.signatory(Side.management if act.side is Side.both else act.side, *who)
    except signing.NotAuthorisedError:
        if act.side is not Side.both:
            raise
        listed = setting.signatory(Side.staff, *who)
    return replace(act, name=listed.name or act.name, role=act.role or listed.role)


def _check_ready(plan: Plan, acts: Sequence[decisions.Act], now: dict[str, decisions.Agreeable]) -> None:
    """Raises IncompleteRowError if a row of a plan that somebody agrees to can't be agreed as it stands."""
    faults = not_ready(plan)
    wanted = dict.fromkeys(act.subject for act in acts if act.decision is decisions.Decision.AGREED)
    rows = [row for subject in wanted if isinstance(row := now[subject], PlannedRow) and row.row_key in faults]
    if rows:
        raise IncompleteRowError(text_from("store/not_recorded.txt.j2", rows=rows, faults=faults).rstrip())


def _standing(connection: Connection, code: str) -> PledgeStatus | None:
    """How far the pledge is; None if no wording was saved."""
    if (wording := latest_wording(connection, code)) is None:
        return None
    latest = plans.latest(connection, code)
    acts, steps = acts_of(connection, code), schema.records_of(connection, schema.pledge_step, PledgeStep, code)
    return pledge.pledge_status(wording, acts, steps, needs_board=pledge.needs_board(latest.plan if latest else None))


class Pledges(PartOfStore):
    """The pledge of every organisation. Found as `Store.pledges`."""

    def save(
        self,
        wording: decisions.PledgeWording,
        *,
        by: str,
        side: Side | str,
        note: str = "",
        parent_revision: int | None = None,
        at: dt.datetime | None = None,
    ) -> decisions.PledgeWording:
        """Save a wording as the next revision. Another wording than before opens the pledge again for both sides.

        `PledgeWording.suggested` has ours. `parent_revision` is the one that was edited, None for the first. It is
        saved as of now, if no moment is given, and comes back with its number; the current one if nothing is different.
        Raises InputError: an empty text, no name, an unknown side; PledgeError: somebody else saved a wording
        meanwhile; nothing was saved.
        """
        code, problems = wording.organisation, list[Problem]()
        text = take_text(problems, "wording", wording.wording, WORDING, "a pledge has a text.")
        unnamed = "an organisation has a name."
        called = take_text(problems, "organisation", wording.organisation_name, ORGANISATION, unnamed)
        by = take_text(problems, "by", by, NAME, "enter your name.")
        note = take_text(problems, "note", note, NOTE)
        problems += unknown_choice("side", str(side), list(Side))
        refuse(f"the pledge of {code}", problems)
        with writing(self._engine, code) as connection:
            saved = wordings_of(connection, code)
            _check_parent(saved, parent_revision or 0, text)
            new = decisions.PledgeWording(code, called, text, len(saved) + 1)
            if saved and saved[-1].wording.digest == new.digest:
                return saved[-1].wording
            moment = at or dt.datetime.now(dt.UTC)
            said = {"digest": new.digest, "side": str(side), "by": by, "at": moment, "note": note}
            schema.keep_record(connection, schema.pledge_revision, new, code, **said)
            log_change(connection, "pledge", moment, organisation=code, number=new.revision, by=by)
            return new

    latest = reads(latest_wording)
    history = reads(wordings_of)
    standing = reads(_standing)

    def record(self, code: str, step: Step | str, *, by: str, date: dt.date, **fields: Any) -> PledgeStep:
        """Record what was done with the agreed pledge, and on which day; `by` writes it down, the rest see `next_step`.

        Raises InputError: what the step needs and lacks, or a day that is still to come; NotAuthorisedError: whoever
        signed is not listed as a signatory for that side; PledgeError: it isn't its turn yet, it was done before, or
        there is no pledge.
        """
        with writing(self._engine, code) as connection:
            if (standing := _standing(connection, code)) is None:
                raise PledgeError(f"{code} has no pledge yet: save its wording first.")
            signatories = lists_of(connection, code).now
            done = pledge.next_step(standing, step, by=by, date=date, signatories=signatories, **fields)
            schema.keep_record(connection, schema.pledge_step, done, code)
            log_change(connection, "pledge", done.at, organisation=code, number=standing.wording.revision, by=done.by)
            return done


def _check_parent(saved: tuple[WordingSave, ...], parent: int, text: str) -> None:
    if parent == len(saved):
        return
    if parent > len(saved):
        raise PledgeError(f"There is no revision {parent} of the pledge; the last is {len(saved)}.")
    changes = decisions.wording_changes(saved[-1].wording.wording, text)
    shown = {"last": saved[-1], "parent": parent, "changes": changes, "side_words": signing.side_words}
    raise PledgeError(text_from("store/wording_not_saved.txt.j2", **shown).rstrip())


class ProgressNotes(PartOfStore):
    """The log of every organisation. Found as `Store.progress_notes`."""

    def add(self, code: str, about: int | str, text: str, *, by: str, side: Side | str, **when: Any) -> ProgressNote:
        """Write an entry down as `new_note` has it (`when`: on, kind, at), and give it with its number.

        It is about an intention, by its number or key, or about a row of the plan, by its key or its place, such as
        10m4. Raises UnknownNameError: no such intention, and no such row in the plan; InputError: every other problem
        at once, and nothing was saved; StoreError: the store can't be written.
        """
        with reading(self._engine) as connection:
            latest = plans.latest(connection, code)
        names_row = not str(about).isdigit() and all(one.key != about for one in catalogue().intentions)
        about_row = latest.plan.rows(str(about))[0] if latest is not None and names_row else None
        intention = about if about_row is None else about_row.intention_number
        note = new_note(code, intention, text, by=by, side=side, row=about_row, **when)
        with writing(self._engine, code) as connection:
            number = schema.last_number(connection, schema.progress_note.c.number, code) + 1
            saved = note._replace(number=number)
            schema.keep_record(connection, schema.progress_note, saved, code)
            log_change(connection, "note", saved.at, organisation=code, number=number, by=saved.by)
        return saved

    def all(self, code: str, intention: int | str | None = None) -> tuple[ProgressNote, ...]:
        """Entries of an organisation, or on an intention (number or key), in writing order. Raises UnknownNameError."""
        wanted = None if intention is None else catalogue().intention(intention).number
        with reading(self._engine) as connection:
            notes = schema.records_of(connection, schema.progress_note, ProgressNote, code)
        return tuple(one for one in notes if wanted in (None, one.intention))
