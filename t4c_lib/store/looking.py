"""Reads evidence from the store: of everything that was ever added, what holds now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from t4c_lib.evidence import OBSERVATION_COLUMNS, Organisation, SourceFile
from t4c_lib.store.schema import observation, organisation, source_file

if TYPE_CHECKING:
    import pandas as pd

KEY = ("organisation", "series", "population", "breakdown", "period")
SOURCE_COLUMNS = ("source", "source_digest", "extract_date", "reader", "reader_version")
Wanted = str | Sequence[str] | None


def current_observations(
    connection: Connection,
    *,
    organisation: Wanted,
    series: Wanted,
    population: Wanted,
    breakdown: Wanted,
    with_source: bool = True,
) -> pd.DataFrame:
    """The newest row for each figure, sorted by period and then by the rest of its name.

    Args:
        connection: a connection of the store.
        organisation: one code, several, or None for all; likewise the next three.
        series: key or keys.
        population: name or names.
        breakdown: "all", "age=16-24" and so on.
        with_source: also the columns of SOURCE_COLUMNS.
    """
    import pandas as pd

    table = observation
    wanted = {"organisation": organisation, "series": series, "population": population, "breakdown": breakdown}
    conditions = [_is(table.c[name], value) for name, value in wanted.items() if value is not None]
    newest = select(func.max(table.c.id)).where(*conditions).group_by(*(table.c[name] for name in KEY))
    query: Select[Any] = select(*(table.c[name] for name in OBSERVATION_COLUMNS)).where(table.c.id.in_(newest))
    if with_source:
        named = ("name", "digest", "extract_date", "publication", "reader_version")
        query = query.join(source_file).add_columns(*(source_file.c[name] for name in named))
    columns = [*OBSERVATION_COLUMNS, *(SOURCE_COLUMNS if with_source else ())]
    rows = connection.execute(query).all()
    frame = pd.DataFrame(rows, columns=columns)
    texts = [name for name in OBSERVATION_COLUMNS if name not in {"numerator", "denominator", "value"}]
    types = dict.fromkeys(texts, "str") | dict.fromkeys(("numerator", "denominator", "value"), "float64")
    return frame.astype(types).sort_values(["period", *KEY[:-1]], kind="stable", ignore_index=True)


def _is(column: ColumnElement[str], wanted: str | Sequence[str]) -> ColumnElement[bool]:
    return column == wanted if isinstance(wanted, str) else column.in_(list(wanted))


def organisations_now(connection: Connection, codes: Collection[str] | None = None) -> dict[str, Organisation]:
    """What is known of each organisation, by code, in the order of codes.

    Args:
        connection: a connection of the store.
        codes: only these; all, if None.
    """
    names = tuple(field.name for field in fields(Organisation))
    query = select(*(organisation.c[name] for name in names)).order_by(organisation.c.code, organisation.c.id)
    if codes is not None:
        query = query.where(organisation.c.code.in_(list(codes)))
    found: dict[str, Organisation] = {}
    for row in connection.execute(query):
        told = Organisation(**dict(zip(names, row, strict=True)))
        found[told.code] = learn(found.get(told.code), told)
    return found


def learn(before: Organisation | None, told: Organisation) -> Organisation:
    """What is known after another file told of an organisation: the newest word on each matter on which it speaks.

    Files know more or less of an organisation, and one that is silent on a matter takes nothing away. Opening and
    closing go together: who gives the one knows of the other, so that a closure that was withdrawn ends. What was once
    a made-up organisation stays one.
    """
    if before is None:
        return told
    texts = {name: getattr(told, name) or getattr(before, name) for name in ("type", "region", "ics", "sector")}
    # A file without names gives the code in their place.
    name = told.name if told.name and told.name != told.code else before.name
    dates = told if told.opened or told.closed else before
    return replace(
        before,
        name=name,
        **texts,
        opened=dates.opened,
        closed=dates.closed,
        demonstration=before.demonstration or told.demonstration,
    )


def sources(connection: Connection, code: str | None = None) -> tuple[SourceFile, ...]:
    """The files that were added, oldest first; for one organisation those that told something new of it."""
    names = tuple(field.name for field in fields(SourceFile))
    query = select(*(source_file.c[name] for name in names)).order_by(source_file.c.id)
    if code is not None:
        query = query.where(
            or_(
                source_file.c.id.in_(select(observation.c.source_id).where(observation.c.organisation == code)),
                source_file.c.id.in_(select(organisation.c.source_id).where(organisation.c.code == code)),
            )
        )
    return tuple(SourceFile(**dict(zip(names, row, strict=True))) for row in connection.execute(query))
