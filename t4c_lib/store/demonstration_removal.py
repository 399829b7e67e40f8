"""Takes the demonstration organisations out of a store before a trust goes live: the one thing that is ever deleted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, or_, select

from t4c_lib.evidence import Organisation
from t4c_lib.store.backup import tables
from t4c_lib.store.engine import in_turn, one_at_a_time, reading, writing
from t4c_lib.store.evidence_queries import organisations_now
from t4c_lib.store.save_log import log_change
from t4c_lib.store.schema import change, observation, organisation, source_file


@dataclass(frozen=True)
class Demonstrations:
    """What a store holds of the demonstration organisations.

    Attributes:
        organisations: in the order of their codes.
        rows: of each table that are of theirs only, by the table's name; the log of changes is not counted.
    """

    organisations: tuple[Organisation, ...]
    rows: dict[str, int]


def find_demonstrations(engine: Engine) -> Demonstrations:
    """What `remove_demonstrations` would take out."""
    with reading(engine) as connection:
        return _found(connection)


def remove_demonstrations(engine: Engine) -> Demonstrations:
    """Delete every row of the demonstration organisations, whole or not at all; a file that told of others too stays.

    Raises:
        StoreError: the store can't be written.
    """
    with writing(engine) as connection:
        one_at_a_time(connection)
        there = _found(connection)
        codes = [one.code for one in there.organisations]
        for code in codes:
            in_turn(connection, code)
        files = _files(connection, codes)
        # The log's new entry comes first: its number must be above every one that an open page has seen.
        log_change(connection, "restore", dt.datetime.now(dt.UTC))
        for table in reversed(tables()):
            if table is not source_file:
                of_whom = table.c.code if table is organisation else table.c.organisation
                connection.execute(delete(table).where(of_whom.in_(codes)))
        connection.execute(delete(source_file).where(source_file.c.id.in_(files)))
    return there


def _found(connection: Connection) -> Demonstrations:
    known = tuple(one for one in organisations_now(connection).values() if one.demonstration)
    codes = [one.code for one in known]
    rows = {source_file.name: len(_files(connection, codes))}
    for table in tables():
        if table not in (source_file, change):
            of_whom = table.c.code if table is organisation else table.c.organisation
            count = select(func.count()).select_from(table).where(of_whom.in_(codes))
            rows[table.name] = int(connection.execute(count).scalar_one())
    return Demonstrations(known, {name: count for name, count in rows.items() if count})


def _files(connection: Connection, codes: list[str]) -> list[int]:
    """The files that told of nobody else, in each version of their reader, so that they can be added again."""
    told = [
        (observation.c.source_id, observation.c.organisation),
        (organisation.c.source_id, organisation.c.code),
    ]
    of_them = [select(source).where(code.in_(codes)) for source, code in told]
    of_others = [select(source).where(code.not_in(codes)) for source, code in told]
    digests = select(source_file.c.digest).where(or_(*(source_file.c.id.in_(one) for one in of_them)))
    query = select(source_file.c.id).where(
        source_file.c.digest.in_(digests), *(source_file.c.id.not_in(one) for one in of_others)
    )
    return list(connection.execute(query).scalars())
