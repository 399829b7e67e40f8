"""Keeps what the sides said of rows and pledge, and who may speak for them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, func, insert, select

from t4c_lib.errors import InputError, Problem, T4CError
from t4c_lib.plan import Side
from t4c_lib.plan.partnership import (
    Act,
    Agreeable,
    NotEntitledError,
    Speaker,
    Speakers,
    Standing,
    agreeable_rows,
    covered_changes,
    covered_text,
    row_states,
    subject_of,
)
from t4c_lib.store import plans
from t4c_lib.store.changes import log_change
from t4c_lib.store.engine import in_turn, reading, writing
from t4c_lib.store.partnership_rows import ACT_NAMES, acts_of, latest_wording, speakers_of
from t4c_lib.store.schema import agreement_act, speakers


class StaleActError(T4CError):
    """What somebody agreed to is not what is saved now. Nothing was recorded; says what changed."""


class Agreements:
    """What the two sides agreed on, of every organisation. Found as `Store.agreements`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, code: str, acts: Sequence[Act]) -> tuple[Act, ...]:
        """Record what somebody said of one row or several: all of it or, after any error, nothing.

        Args:
            code: of the organisation.
            acts: made with `Act.on` from the rows (or the pledge's wording) that the person saw.

        Returns:
            The acts as they were recorded: with the role that the setting has for the person, if none was given.

        Raises:
            NotEntitledError: the person may not speak for that side on that day.
            StaleActError: a row has changed since the person saw it.
        """
        with writing(self._engine) as connection:
            in_turn(connection, code)
            setting = speakers_of(connection, code)
            now = _agreeable(connection, code)
            checked = tuple(_checked(act, setting, now) for act in acts)
            if checked:
                rows = [{**{name: getattr(act, name) for name in ACT_NAMES}, "organisation": code} for act in checked]
                texts = [{**row, "decision": str(row["decision"]), "side": str(row["side"])} for row in rows]
                connection.execute(insert(agreement_act), texts)
                last = checked[-1]
                log_change(connection, "agreement", last.at, organisation=code, number=last.revision, by=last.name)
            return checked

    def acts(self, code: str) -> tuple[Act, ...]:
        """Everything that was said, in the order in which it was recorded."""
        with reading(self._engine) as connection:
            return acts_of(connection, code)

    def standings(self, code: str) -> tuple[Standing, ...]:
        """How far the two sides are with each row of the current plan; empty if there is no plan."""
        with reading(self._engine) as connection:
            latest = plans.latest(connection, code)
            return row_states(agreeable_rows(latest.plan), acts_of(connection, code)) if latest else ()

    def speakers(self, code: str) -> Speakers:
        """Who may speak for each side; nobody if that was never set."""
        with reading(self._engine) as connection:
            return speakers_of(connection, code)

    def save_speakers(self, code: str, setting: Speakers, *, by: str, note: str = "") -> int:
        """Set who may speak, in the place of whom the setting had so far; gives the number of the setting.

        Raises:
            InputError: nobody is named who sets it.
        """
        if not by.strip():
            raise InputError(f"the speakers of {code}", [Problem("by", "whoever sets this says who they are.")])
        at = dt.datetime.now(dt.UTC)
        with writing(self._engine) as connection:
            in_turn(connection, code)
            newest = select(func.coalesce(func.max(speakers.c.revision), 0)).where(speakers.c.organisation == code)
            number = int(connection.execute(newest).scalar_one()) + 1
            content = json.dumps(setting.parameters(), ensure_ascii=False)
            row = {"organisation": code, "revision": number, "content": content, "by": by.strip(), "at": at}
            connection.execute(insert(speakers).values({**row, "note": note.strip()}))
            log_change(connection, "speakers", at, organisation=code, number=number, by=by.strip())
            return number


def _agreeable(connection: Connection, code: str) -> dict[str, Agreeable]:
    """What can be agreed to now, by subject."""
    latest, pledge = plans.latest(connection, code), latest_wording(connection, code)
    rows: list[Agreeable] = [*agreeable_rows(latest.plan)] if latest else []
    return {subject_of(row): row for row in [*rows, *([pledge] if pledge else [])]}


def _checked(act: Act, setting: Speakers, now: dict[str, Agreeable]) -> Act:
    row = now.get(act.subject)
    if row is None:
        raise StaleActError(f"There is no {act.label} to agree to: it was taken out, or never saved.")
    if row.digest != act.digest:
        changes = "; ".join(covered_changes(act.covered, covered_text(row.covered)))
        raise StaleActError(
            f"{act.label[:1].upper()}{act.label[1:]} has changed since you looked at it: {changes}. Nothing was "
            "recorded. Look at it as it is now, and say again."
        )
    speaker = _speaker(act, setting)
    return act if act.role else replace(act, role=speaker.role)


def _speaker(act: Act, setting: Speakers) -> Speaker:
    day = act.at.date()
    if act.side is not Side.both:
        return setting.speaker(act.side, act.name, act.role, day)
    try:
        return setting.speaker(Side.management, act.name, act.role, day)
    except NotEntitledError:
        return setting.speaker(Side.staff, act.name, act.role, day)
