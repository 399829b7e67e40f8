"""Puts evidence into the store: all files or none, each once, and only rows that say something new.

The demonstration organisations can be taken out again, before a trust goes live: the one thing that is ever deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, Connection, Table, delete, func, insert, or_, select

from t4c_lib.errors import Problem, refuse
from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile, State
from t4c_lib.evidence.observations import AUTHORITY, NUMBER_COLUMNS, OBSERVATION_KEY
from t4c_lib.store.engine import PartOfStore, in_turn, one_at_a_time, reads, writing
from t4c_lib.store.evidence_queries import current_observations, organisations_now
from t4c_lib.store.schema import change, log_change, metadata, observation, organisation, source_file
from t4c_lib.typed_text import code_fault

if TYPE_CHECKING:
    import pandas as pd

VALUES = OBSERVATION_COLUMNS[len(OBSERVATION_KEY) :]
ORGANISATIONS, AUTHORITIES = ("organisation", "organisations"), ("local authority", "local authorities")
FEW = 500  # organisations up to which the rows in the store are asked for by code


@dataclass(frozen=True)
class Added:
    """What came of adding one file."""

    source: SourceFile  #: the file
    new: int  #: observations of which nothing was known
    corrected: int  #: observations that replace a different figure, which stays in the store as history
    unchanged: int  #: observations that were known already, just so
    organisations: int = 0  #: organisations of which something new was learnt
    known: bool = False  #: True if the very same file, read by the same version of its reader, had been added before
    called: tuple[str, str] = ORGANISATIONS  #: one of these organisations, and several

    def __str__(self) -> str:
        if self.known:
            return f"{self.source.name}: added before, nothing changed"
        parts = []
        if self.organisations:
            parts.append(f"{self.organisations:,} {self.called[self.organisations > 1]}")
        counts = (("new", self.new), ("corrected", self.corrected), ("unchanged", self.unchanged))
        if figures := [f"{count:,} {what}" for what, count in counts if count]:
            parts.append(f"figures: {', '.join(figures)}")
        return f"{self.source.name}: {'; '.join(parts) or 'nothing new'}"


def add_file(connection: Connection, loaded: Loaded, at: dt.datetime) -> Added:
    """Add one file within a transaction of the caller's.

    Raises InputError: two rows of the file say different things of the same figure, or a row lacks part of its name.
    """
    source, frame = loaded.source, _checked(loaded)
    its_key = ("digest", "publication", "reader_version")
    same_file = (source_file.c[name] == getattr(source, name) for name in its_key)
    if connection.execute(select(source_file.c.id).where(*same_file)).first():
        return Added(source, 0, 0, len(frame), known=True)
    row = {field.name: getattr(source, field.name) for field in fields(source)}
    inserted = connection.execute(insert(source_file).values(**row, added_at=at, as_of=loaded.as_of))
    source_id = inserted.inserted_primary_key[0] if inserted.inserted_primary_key else None
    learnt = _add_organisations(connection, loaded.organisations, source_id)
    called = AUTHORITIES if all(one.type == AUTHORITY for one in loaded.organisations) else ORGANISATIONS
    known, same = compared(connection, frame)
    rows = frame[~same].astype(object)
    if len(rows):
        records = rows.where(rows.notna(), None).assign(source_id=source_id).to_dict("records")
        connection.execute(insert(observation), cast("list[dict[str, Any]]", records))
    return Added(source, int((~known).sum()), int((known & ~same).sum()), int(same.sum()), learnt, called=called)


def _checked(loaded: Loaded) -> pd.DataFrame:
    """The observations, each once, with numbers as numbers. Raises InputError for what contradicts itself."""
    frame = loaded.observations[list(OBSERVATION_COLUMNS)].reset_index(drop=True)
    frame = frame.astype(dict.fromkeys(NUMBER_COLUMNS, "float64")).drop_duplicates(ignore_index=True)
    problems = [
        Problem(f"row {row}", f"an observation has no {name}.")
        for name in (*OBSERVATION_KEY, "state", "unit")
        for row in (frame[name].isna().to_numpy().nonzero()[0] + 1)
    ]
    states = {str(state) for state in State}
    problems += [
        Problem("", f"'{state}' is not a state of an observation.", f"Allowed: {', '.join(sorted(states))}.")
        for state in sorted(set(frame["state"].dropna()) - states)
    ]
    codes = {one.code for one in loaded.organisations} | set(frame["organisation"].dropna())
    problems += [Problem("", fault) for code in sorted(codes) if (fault := code_fault(code))]
    twice = frame[frame.duplicated(list(OBSERVATION_KEY))]
    problems += [
        Problem(", ".join(map(str, row)), "two different figures are given for this in one file.")
        for row in twice[list(OBSERVATION_KEY)].itertuples(index=False, name=None)
    ]
    refuse(loaded.source.name, problems)
    return frame


def compared(connection: Connection, frame: pd.DataFrame) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """For each row: is something known in its place, and is it just the same?"""
    codes = sorted(set(frame["organisation"]))
    few, series = codes if len(codes) <= FEW else None, sorted(set(frame["series"]))
    now = current_observations(connection, organisation=few, series=series, with_source=False)
    both = frame.merge(now, on=list(OBSERVATION_KEY), how="left", suffixes=("", " now"), indicator=True)
    known = both["_merge"] == "both"
    before = both[[f"{name} now" for name in VALUES]].set_axis(list(VALUES), axis="columns")
    same = both[list(VALUES)].eq(before) | (both[list(VALUES)].isna() & before.isna())
    return known, known & same.all(axis="columns")


def _add_organisations(connection: Connection, stated: Sequence[Organisation], source_id: Any) -> int:
    """Write all that a file says, as an older file may yet be added; tells of how many something new was learnt."""
    if not stated:
        return 0
    codes = sorted({one.code for one in stated})
    wanted = codes if len(codes) <= FEW else None
    before = organisations_now(connection, wanted)
    connection.execute(insert(organisation), [{**asdict(one), "source_id": source_id} for one in stated])
    after = organisations_now(connection, wanted)
    return sum(after[code] != before.get(code) for code in codes)


@dataclass(frozen=True)
class Demonstrations:
    """What a store holds of the demonstration organisations."""

    organisations: tuple[Organisation, ...]  #: in the order of their codes
    #: of each table that are of theirs only, by the table's name; the log of changes is not counted.
    rows: dict[str, int]


def _found(connection: Connection) -> Demonstrations:
    """What the store holds of the demonstration organisations."""
    known = tuple(one for one in organisations_now(connection).values() if one.demonstration)
    codes = [one.code for one in known]
    rows = {source_file.name: len(_files(connection, codes))}
    for table in metadata.sorted_tables:
        if table not in (source_file, change):
            count = select(func.count()).select_from(table).where(_of_whom(table).in_(codes))
            rows[table.name] = int(connection.execute(count).scalar_one())
    return Demonstrations(known, {name: count for name, count in rows.items() if count})


def _of_whom(table: Table) -> Column[str]:
    return table.c.code if table is organisation else table.c.organisation


class EvidenceWrites(PartOfStore):
    """The evidence of a `Store`, written; and its demonstration organisations, to be taken out of it."""

    def add_evidence(self, files: Sequence[Loaded]) -> list[Added]:
        """Add what was read from files: all of them, or after any error none.

        A file that was added before changes nothing; of another only those figures are written that differ from what
        holds now. Where two files speak of the same figure, the one that was added later counts;
        of the name and the dates of an organisation the newer file has the last word, whenever it was added.

        Raises InputError: a file that contradicts itself; StoreError: the store can't be written.
        """
        at = dt.datetime.now(dt.UTC)
        with writing(self._engine) as connection:
            one_at_a_time(connection)
            added = [add_file(connection, loaded, at) for loaded in files]
            if not all(one.known for one in added):
                log_change(connection, "evidence", at)
            return added

    demonstrations = reads(_found)

    def remove_demonstrations(self) -> Demonstrations:
        """Delete everything of the demonstration organisations, whole or not at all; gives what was there.

        Nothing of others is deleted, and a file that told of others too stays. Raises StoreError: the store can't be
        written; nothing was deleted.
        """
        with writing(self._engine) as connection:
            one_at_a_time(connection)
            there = _found(connection)
            codes = [one.code for one in there.organisations]
            for code in codes:
                in_turn(connection, code)
            files = _files(connection, codes)
            # The log's new entry comes first: its number must be above every one that an open page has seen.
            log_change(connection, "restore", dt.datetime.now(dt.UTC))
            for table in reversed(metadata.sorted_tables):
                if table is not source_file:
                    connection.execute(delete(table).where(_of_whom(table).in_(codes)))
            connection.execute(delete(source_file).where(source_file.c.id.in_(files)))
        return there


def _files(connection: Connection, codes: list[str]) -> list[int]:
    """The files that told of nobody else, in each version of their reader, so that they can be added again."""
    columns = [(observation.c.source_id, observation.c.organisation), (organisation.c.source_id, organisation.c.code)]
    of_them = [select(source).where(code.in_(codes)) for source, code in columns]
    of_others = [select(source).where(code.not_in(codes)) for source, code in columns]
    digests = select(source_file.c.digest).where(or_(*(source_file.c.id.in_(one) for one in of_them)))
    told_by_none = (source_file.c.id.not_in(one) for one in of_others)
    return [*connection.scalars(select(source_file.c.id).where(source_file.c.digest.in_(digests), *told_by_none))]
