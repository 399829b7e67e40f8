"""Evidence in the store: what holds now of all that was added; files go in all or none, each once, only what is new."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import Connection, Select, func, insert, or_, select

from t4c_lib.errors import Problem, T4CError, UnknownNameError, find_named, refuse
from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile, State, observations
from t4c_lib.evidence.files import months_in_name
from t4c_lib.evidence.observations import ALL, ANY_TRUST, AUTHORITY, NUMBER_COLUMNS, OBSERVATION_KEY, TRUSTS
from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day, Month, today
from t4c_lib.store.audit import log_change
from t4c_lib.store.engine import PartOfStore, one_at_a_time, reading, reads, writing
from t4c_lib.store.schema import observation, organisation, source_file
from t4c_lib.typed_text import code_fault

if TYPE_CHECKING:
    import pandas as pd

PROGRAMME = "work-experience-register"  # the publication of what the programme counts

SOURCE_COLUMNS = ("source", "source_digest", "extract_date", "reader", "reader_version")
Wanted = str | Sequence[str] | None


def current_observations(
    connection: Connection,
    organisation: Wanted = None,
    series: Wanted = None,
    population: Wanted = None,
    breakdown: Wanted = None,
    *,
    with_source: bool = True,
) -> pd.DataFrame:
    """The figures that hold now, the newest row for each, sorted by period and then by the rest of its name.

    Each of the four names is one, several, or None for all: codes of organisations, keys of series, names of
    populations, and breakdowns ("all", "age=16-24" and so on). The columns are OBSERVATION_COLUMNS, numbers that are
    not known NaN, then, if they are wanted, SOURCE_COLUMNS: source (file name), source_digest, extract_date, reader and
    reader_version: of the file that told it.
    """
    import pandas as pd

    table = observation.c
    wanted = {"organisation": organisation, "series": series, "population": population, "breakdown": breakdown}
    lists = {name: [value] if isinstance(value, str) else value for name, value in wanted.items()}
    conditions = [table[name].in_(list(values)) for name, values in lists.items() if values is not None]
    newest = select(func.max(table.id)).where(*conditions).group_by(*(table[name] for name in OBSERVATION_KEY))
    query: Select[Any] = select(*(table[name] for name in OBSERVATION_COLUMNS)).where(table.id.in_(newest))
    if with_source:
        named = ("name", "digest", "extract_date", "publication", "reader_version")
        query = query.join(source_file).add_columns(*(source_file.c[name] for name in named))
    columns = [*OBSERVATION_COLUMNS, *(SOURCE_COLUMNS if with_source else ())]
    # As plain tuples: of each of SQLAlchemy's rows pandas would first ask what it is.
    frame = pd.DataFrame.from_records([tuple(row) for row in connection.execute(query)], columns=columns)
    types = dict.fromkeys(OBSERVATION_COLUMNS, "str") | dict.fromkeys(NUMBER_COLUMNS, "float64")
    return frame.astype(types).sort_values(["period", *OBSERVATION_KEY[:-1]], kind="stable", ignore_index=True)


def organisations_now(connection: Connection, codes: Collection[str] | None = None) -> dict[str, Organisation]:
    """What is known of each organisation, or those of these codes, by code; the same in whatever order files came."""
    told_of = (organisation.c[name] for name in Organisation._fields)
    query = select(organisation.c.source_id, organisation.c.id, *told_of)
    if codes is not None:
        query = query.where(organisation.c.code.in_(list(codes)))
    order = {source: place for place, source in enumerate(_oldest_first(connection))}
    rows = sorted(connection.execute(query), key=lambda row: (row.code, order[row.source_id], row.id))
    found: dict[str, Organisation] = {}
    said: tuple[Any, ...] = ()
    for row in rows:
        if (words := tuple(row[2:])) != said:  # most files repeat what others said
            said, told = words, Organisation(*words)
            found[told.code] = learn(found.get(told.code), told)
    return found


_LIST_LAG = dt.timedelta(days=365)
_WHOLE_LIST = 100  # trusts from which on a list is the whole one: England has twice as many, a person's selection fewer


def _oldest_first(connection: Connection, lag: dt.timedelta = _LIST_LAG) -> list[int]:
    """The files, by the day up to which they know of organisations; of two that know as much, the later added is last.

    A list of trusts tells no day of its own, only openings and closings, and some come every year: so it is taken to
    know a year more than the newest of them. A later month or year in its name counts, as between lists of one day.
    """
    query: Select[Any] = select(*(source_file.c[name] for name in ("id", "publication", "as_of", "name")))

    def place(row: Any) -> tuple[dt.date, bool, str, dt.date, int]:
        day = row.as_of or dt.date.min
        if row.publication != TRUSTS:
            return day, False, row.publication, dt.date.min, row.id
        named = [month.last_day for month in months_in_name(row.name)]
        named += [dt.date(int(year), 1, 1) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", row.name)]
        latest = max(named, default=dt.date.min)
        return max(day + lag, latest), True, row.publication, latest, row.id

    return [row.id for row in sorted(connection.execute(query), key=place)]


class NotAnEmployerError(T4CError):
    """An organisation that can't have a plan: it closed, or never employed anybody."""


def _employer(connection: Connection, code: str, day: dt.date | None = None) -> Organisation:
    """One that can have a plan. Raises NotAnEmployerError, which says what became of it, and UnknownNameError."""
    day, known = day or today(), organisations_now(connection)
    one = find_named("organisation", code, known)
    if one.is_employer and one.is_open_on(day) and code not in _not_listed(connection):
        return one
    names = select(organisation.c.code).where(organisation.c.source_id.in_(_LISTS)).group_by(organisation.c.code)
    renamed = set(connection.scalars(names.having(func.count(organisation.c.name.distinct()) > 1)))
    opened = one.closed + dt.timedelta(days=1) if one.closed else None
    since = [other for other in known.values() if other.code in renamed or (opened and other.opened == opened)]
    leads = observations.leads(one, (other for other in since if other.code != code and other.is_open_on(day)))
    words = text_from("store/not_an_employer.txt.j2", one=one, day=day, leads=leads, Day=Day)
    raise NotAnEmployerError(words.rstrip())


_LISTS = select(source_file.c.id).where(source_file.c.publication == TRUSTS)


def _not_listed(connection: Connection) -> set[str]:
    """Trusts of older files that the newest whole list doesn't have: it drops them some two years after they close."""
    told: dict[str, set[int]] = {}
    rows = connection.execute(select(organisation.c.code, organisation.c.source_id)).all()
    for code, source in rows:
        told.setdefault(code, set()).add(source)
    lists = set(connection.scalars(_LISTS))
    counts = Counter(source for _, source in rows if source in lists)
    order = _oldest_first(connection, dt.timedelta())  # a trust may be newer than the list, and of its year
    newest = max((at for at, source in enumerate(order) if counts[source] >= _WHOLE_LIST), default=0)
    newer, old_trust = set(order[newest:]), re.compile(observations.OLD_TRUST_CODE)
    return {code for code, by in told.items() if not by & newer and (by & lists or old_trust.fullmatch(code))}


def learn(before: Organisation | None, newer: Organisation) -> Organisation:
    """What is known after a newer file told of an organisation: the newest word on each matter on which it speaks.

    Files know more or less of an organisation, and one that is silent on a matter takes nothing away. Opening and
    closing go together: who gives the one knows of the other, so that a closure that was withdrawn ends. What was once
    a made-up organisation stays one. That it is an NHS trust says less of its type than an older file that knows which.
    """
    if before is None:
        return newer
    texts = {name: getattr(newer, name) or getattr(before, name) for name in ("type", "region", "ics", "sector")}
    if newer.type == ANY_TRUST and before.type:
        texts["type"] = before.type
    # A file without names gives the code in their place.
    name = newer.name if newer.name and newer.name != newer.code else before.name
    dates = newer if newer.opened or newer.closed else before
    made_up = before.demonstration or newer.demonstration
    return before._replace(name=name, **texts, opened=dates.opened, closed=dates.closed, demonstration=made_up)


VALUES = OBSERVATION_COLUMNS[len(OBSERVATION_KEY) :]
ORGANISATIONS, AUTHORITIES = ("organisation", "organisations"), ("local authority", "local authorities")
FEW = 500  # organisations up to which the rows in the store are asked for by code


class Added(NamedTuple):
    """What came of adding one file."""

    source: SourceFile  #: the file
    new: int  #: observations of which nothing was known
    corrected: int  #: observations that replace a different figure, which stays in the store as history
    unchanged: int  #: observations that were known already, just so
    organisations: int = 0  #: organisations of which something new was learnt
    known: bool = False  #: True if the very same file, read by the same version of its reader, had been added before
    called: tuple[str, str] = ORGANISATIONS  #: one of these organisations, and several

    def __str__(self) -> str:
        return text_from("store/added.txt.j2", added=self).rstrip()


def add_file(connection: Connection, loaded: Loaded, at: dt.datetime) -> Added:
    """Add one file within a transaction of the caller's.

    Raises InputError: two rows of the file say different things of the same figure, or a row lacks part of its name.
    """
    source, frame = loaded.source, _checked(loaded)
    same_file = (source_file.c[name] == getattr(source, name) for name in ("digest", "publication", "reader_version"))
    if connection.execute(select(source_file.c.id).where(*same_file)).first():
        return Added(source, 0, 0, len(frame), known=True)
    inserted = connection.execute(insert(source_file).values(**source._asdict(), added_at=at, as_of=loaded.as_of))
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
    connection.execute(insert(organisation), [{**one._asdict(), "source_id": source_id} for one in stated])
    after = organisations_now(connection, wanted)
    return sum(after[code] != before.get(code) for code in codes)


class EvidenceStore(PartOfStore):
    """The evidence of a `Store`: what is added to it and, of everything that was ever added, what holds now."""

    observations = reads(current_observations)

    def organisations(self) -> tuple[Organisation, ...]:
        """Every organisation of which something is known, in the order of their codes."""
        with reading(self._engine) as connection:
            return tuple(organisations_now(connection).values())

    def organisation(self, code: str) -> Organisation:
        """One organisation, whatever the case of its code. Raises UnknownNameError with the closest codes."""
        with reading(self._engine) as connection:
            if found := organisations_now(connection, [code]).get(code):
                return found
            known = organisations_now(connection)
        alike = [one for name, one in known.items() if name.casefold() == code.casefold()]
        if len(alike) != 1:
            raise UnknownNameError("organisation", code, known)
        return alike[0]

    def employers(self, day: dt.date | None = None) -> tuple[Organisation, ...]:
        """The organisations that can have a plan: those that employ people on a day, today if None; by code."""
        with reading(self._engine) as connection:
            gone, known = _not_listed(connection), organisations_now(connection).values()
        on = day or today()
        return tuple(one for one in known if one.is_employer and one.is_open_on(on) and one.code not in gone)

    employer = reads(_employer)

    def sources(self, code: str | None = None, *, until: dt.date | None = None) -> tuple[SourceFile, ...]:
        """The files that were added by the end of a day, oldest first; for one organisation those that told of it."""
        query = select(*(source_file.c[name] for name in SourceFile._fields)).order_by(source_file.c.id)
        if until is not None:
            query = query.where(source_file.c.added_at < dt.datetime.combine(until, dt.time.max, dt.UTC))
        if code is not None:
            figures = select(observation.c.source_id).where(observation.c.organisation == code)
            names_it = select(organisation.c.source_id).where(organisation.c.code == code)
            query = query.where(or_(source_file.c.id.in_(figures), source_file.c.id.in_(names_it)))
        with reading(self._engine) as connection:
            return tuple(SourceFile(*row) for row in connection.execute(query))

    def organisations_by_series(self, codes: Collection[str]) -> dict[str, int]:
        """Of how many of these organisations a figure of everybody is known, by series."""
        figure = observation.c
        of = select(figure.series, func.count(figure.organisation.distinct())).group_by(figure.series)
        with reading(self._engine) as connection:
            rows = connection.execute(of.where(figure.organisation.in_(list(codes)), figure.breakdown == ALL))
            return {str(series): int(count) for series, count in rows}

    def newest_month(self, code: str, day: dt.date | None = None) -> str | None:
        """The newest month, as "2026-03", of which a figure of an organisation's staff is known, ended by `day`.

        Monthly figures of files count staff; those of the work experience programme count other things.
        """
        is_known = observation.c.period.like("____-__") & observation.c.value.is_not(None)
        of_file = observation.c.source_id.in_(select(source_file.c.id).where(source_file.c.publication != PROGRAMME))
        query = select(func.max(observation.c.period)).where(observation.c.organisation == code, is_known, of_file)
        if day is not None:
            query = query.where(observation.c.period <= str(Month.ended_by(day)))
        with reading(self._engine) as connection:
            newest: str | None = connection.scalar(query)
        return newest

    def add_evidence(self, files: Sequence[Loaded]) -> list[Added]:
        """Add what was read from files: all of them, or after any error none.

        A file that was added before changes nothing; of another only those figures are written that differ from what
        holds now. Where two files speak of the same figure, the one that was added later counts; of the name and the
        dates of an organisation the newer file has the last word, whenever it was added. Raises InputError: a file that
        contradicts itself; StoreError: the store can't be written.
        """
        at = dt.datetime.now(dt.UTC)
        with writing(self._engine) as connection:
            one_at_a_time(connection)
            added = [add_file(connection, loaded, at) for loaded in files]
            if not all(one.known for one in added):
                log_change(connection, "evidence", at)
            return added
