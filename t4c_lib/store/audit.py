"""The record of who did what and when: append-only, and chained, so that no entry can be altered or taken out unseen.

Each entry's digest is the SHA-256 over the entry and the digest of the one before; of a save it covers the rows that
were written, too, so the store's history hangs on the same chain. Who owns the database can reckon a whole new chain:
that shows beside an entry that was written down elsewhere, in a backup, in minutes, in a report's manifest.
"""

import datetime as dt
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import RootModel

from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.quantities import count_of
from t4c_lib.store import engine as database
from t4c_lib.store import schema
from t4c_lib.store.engine import PartOfStore, reading, reads, writing
from t4c_lib.store.people import Person, Row, acting, signed_in
from t4c_lib.store.schema import audit_entry, metadata
from t4c_lib.validation_messages import read_shipped

# Whose rows hang on the chain. Not what people enter in rounds, which no backup has before a round is closed, nor the
# work experience programme, of which people are taken out when their time is over.
COVERED = (
    *("source_file", "plan_revision", "speakers", "agreement_act", "forum_round", "round_act"),
    *("pledge_revision", "pledge_step", "progress_note", "people"),
)
LEFT_OUT = {"plan_revision": {"digest"}}  # what a later form of digests may reckon anew
REMOVED = "without"  # begins the detail of an entry with which rows went, before the codes of their organisations
ANCHOR = re.compile(r"(\d[\d,]*)(?:[ (]+|, check mark )([0-9a-f]{12,64})\b")
WRITTEN_DOWN = re.compile(r"(?:Audit|changes:) entry (\d[\d,]*)(?: \(|, check mark )([0-9a-f]{16})")  # once in brackets
SHOWN_DIGITS = 16
NOTHING_YET = '"audit":""'  # in a backup's manifest
ACTIONS = read_shipped(RootModel[dict[str, str]], "t4c_lib.store", "audit_actions.yaml").root
NOBODY = "not kept (anonymous round)"
Asked = str | None  # of an entry; None for any
PACKED, MOST_READ = b"\x1f\x8b", 1_000_000  # how a backup begins; bytes in which a file says it
NEWEST_FIRST = sa.select(audit_entry).order_by(audit_entry.c.id.desc())
Keys = dict[str, list[list[Any]]]  # primary keys of rows, by table


class AuditEntry(NamedTuple):
    """One thing that was done."""

    id: int  #: 1, 2, 3 ... without a gap
    at: dt.datetime  #: when it was written down, in UTC
    login: str  #: under which somebody had signed in; empty for what is entered in an anonymous round
    by: str  #: the name that was said; empty where nobody is to be named
    action: str  #: opened, exported, or what the log of changes calls a save
    organisation: str  #: code; empty for what concerns all
    number: int  #: of the revision, round or note; 0 where there is none
    detail: str  #: which page or file
    rows: str  #: JSON: the keys of the rows that were saved, by table
    content: str  #: SHA-256 over those rows; empty where there are none
    digest: str  #: SHA-256 over all of this and the digest of the entry before

    @property
    def anchor(self) -> str:
        """What is written down elsewhere of it: "1,204 (3f2a91bc04d7e6a1)"."""
        return f"{self.id:,} ({self.digest[:SHOWN_DIGITS]})"

    @property
    def in_words(self) -> tuple[str, str, str, str]:
        """When, who, what and where: "26 May 2026 at 10:42", "Ada Example (ada)", "opened: forum", "RXX"."""
        at = self.at.astimezone()
        who = f"{self.by} ({self.login})" if self.by and self.login else self.by or self.login or NOBODY
        number = f", number {self.number:,}" if self.number else ""
        what = f"{ACTIONS.get(self.action, self.action)}{number}{f': {self.detail}' if self.detail else ''}"
        return f"{Day(at.date()).label} at {at:%H:%M}", who, what, self.organisation or "all"

    @property
    def written_down(self) -> str:
        """As backups, manifests and minutes have it: "Record of changes: entry 1,204, check mark 3f2a91bc04d7e6a1"."""
        return f"Record of changes: entry {self.id:,}, check mark {self.digest[:SHOWN_DIGITS]}"


class Verified(NamedTuple):
    """What became of checking the chain."""

    entries: int  #: how many were read, the newest of them
    newest: AuditEntry | None
    faults: tuple[str, ...]  #: in words, by entry; empty for a chain that holds

    @property
    def in_words(self) -> str:
        """Whether the record holds, in a sentence; what does not hold stands beside it."""
        return text_from("store/audit_verified.txt.j2", found=self, count_of=count_of).rstrip()


def log_change(
    connection: sa.Connection,
    what: str,
    at: dt.datetime,
    *,
    organisation: str = "",
    number: int = 0,
    by: str = "",
    detail: str = "",
    is_allowed: bool = False,
) -> None:
    """Write down that something was saved: the last thing that a transaction does.

    `is_allowed`: whether it is known that its author may save it, as before a restore by the list that held then.
    Raises NotAllowedError: its author may not save this; then nothing was saved.
    """
    saved: dict[str, list[list[Any]]] = connection.get_execution_options().get(database.SAVED) or {}
    if not is_allowed and (person := acting(connection)) is not None:
        person.check_save(what, organisation, by, _rows(connection, saved))
    database.finish_in_order(connection)
    said = {"organisation": organisation, "number": number, "by": by}
    connection.execute(sa.insert(schema.change).values(**said, what=what, at=at))
    # Who enters an X in an anonymous round is to be known from nothing.
    login = "" if what == "entry" and not by else signed_in().login
    covered = {table: keys for table, keys in saved.items() if table in COVERED}
    append(connection, what, covered, login=login, detail=detail, **said)


def append(connection: sa.Connection, action: str, keys: Keys, **said: Any) -> AuditEntry:
    """Add an entry to the chain, in a transaction that is about to end. The first one covers what was there before."""
    last = newest(connection)
    if last is None:
        keys = {name: _every_key(connection, metadata.tables[name]) for name in COVERED}
        keys = {name: some for name, some in keys.items() if some}
    blank = {"organisation": "", "number": 0, "by": "", "detail": "", "login": signed_in().login}
    # By this machine's clock, whatever day is said of what was saved.
    entry = {"id": last.id + 1 if last else 1, **blank, **said, "action": action, "at": dt.datetime.now(dt.UTC)}
    content, _ = _content(connection, keys)
    entry |= {"rows": json.dumps(keys, separators=(",", ":")), "content": content}
    made = AuditEntry(**entry, digest=_digest(entry, last.digest if last else ""))
    connection.execute(sa.insert(audit_entry).values(**made._asdict()))
    return made


def newest(connection: sa.Connection) -> AuditEntry | None:
    """The entry at the end of the chain; None before the first."""
    return next(iter(_entries(connection, NEWEST_FIRST.limit(1))), None)


def written_down(connection: sa.Connection) -> str:
    """The newest entry as it is written down elsewhere; empty before the first."""
    return last.written_down if (last := newest(connection)) else ""


def _entries(connection: sa.Connection, query: sa.Select[Any]) -> list[AuditEntry]:
    return [AuditEntry(**row) for row in connection.execute(query).mappings()]


def _digest(entry: Mapping[str, Any], before: str) -> str:
    said = {name: value for name, value in entry.items() if name != "digest"}
    return _sha256([*(_plain(said[name]) for name in sorted(said)), before])


def _sha256(values: object) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value if isinstance(value, int | float) else str(value)


def _every_key(connection: sa.Connection, table: sa.Table) -> list[list[Any]]:
    return [list(row) for row in connection.execute(sa.select(*table.primary_key).order_by(*table.primary_key))]


def _rows(connection: sa.Connection, keys: Keys) -> list[Row]:
    """The rows of these keys as they stand, each with the name of its table; one that is gone is left out."""
    found: list[Row] = []
    for name, some in keys.items():
        table = metadata.tables[name]
        for key in some:
            same = [column == value for column, value in zip(table.primary_key, key, strict=True)]
            found += [(name, dict(row)) for row in connection.execute(sa.select(table).where(*same)).mappings()]
    return found


def _content(connection: sa.Connection, keys: Keys) -> tuple[str, int]:
    """The digest of rows, empty where there are none, and how many of them are gone."""
    rows = _rows(connection, keys)
    told = [
        [name, {column: _plain(value) for column, value in row.items() if column not in LEFT_OUT.get(name, ())}]
        for name, row in rows
    ]
    return _sha256(told) if told else "", sum(map(len, keys.values())) - len(rows)


def verify(connection: sa.Connection, anchors: Sequence[str] = (), most: int | None = None) -> Verified:
    """Read the whole chain, or its newest entries, and say what does not hold.

    `anchors`: texts with the number of an entry and the first digits of its digest, as `AuditEntry.anchor` has them.
    `most`: so many of the newest entries are read, beside the one before them, and the rows that they saved.
    """
    is_whole = most is None or (last := newest(connection)) is None or last.id <= most
    # Before the entries: what is saved meanwhile is in these and not in those.
    there = {name: _every_key(connection, metadata.tables[name]) for name in COVERED} if is_whole else {}
    faults: list[str] = []
    entries = _entries(connection, NEWEST_FIRST.limit(most + 1 if most else None))[::-1]
    before, number = "", 0
    if most is not None and len(entries) > most:
        known, *entries = entries
        before, number = known.digest, known.id
    for entry in entries:
        number += 1
        if entry.id != number:
            faults.append(f"Entry {number:,} is missing: the one after it is entry {entry.id:,}.")
            number = entry.id
        elif entry.digest != _digest(entry._asdict(), before):
            faults.append(f"Entry {entry.id:,} was altered, or what came before it was.")
        before = entry.digest
        faults += _row_faults(connection, entry, entries)
    faults += _unrecorded(there, entries)
    by_number = {entry.id: entry for entry in entries}
    for anchor in anchors:
        faults += _anchor_faults(anchor, by_number)
    return Verified(len(entries), entries[-1] if entries else None, tuple(faults))


def _row_faults(connection: sa.Connection, entry: AuditEntry, entries: Sequence[AuditEntry]) -> Iterator[str]:
    try:
        content, gone = _content(connection, json.loads(entry.rows))
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f"Entry {entry.id:,} does not say in a way that can be read what was saved."
        return
    if content == entry.content:
        return
    later = (one.detail.split() for one in entries if one.id > entry.id and one.action == "restore")
    removed = {code for first, *codes in later if first == REMOVED for code in codes}
    # Without an organisation: a file, or what was there before the record began.
    if gone and removed and entry.organisation in {"", *removed}:
        return
    became = "is not there any more" if gone else "was altered since"
    yield f"What entry {entry.id:,} saved ({entry.action} of {entry.organisation or 'all'}) {became}."


def _unrecorded(there: Keys, entries: Sequence[AuditEntry]) -> Iterator[str]:
    """Rows that no entry names: they were put in past the workbook."""
    if not entries and any(there.values()):
        yield (
            "Nothing is recorded, though the store holds what was saved. Either it is of before the record began, and "
            "the next save begins it, or the record was taken out."
        )
        return
    named: dict[str, set[tuple[Any, ...]]] = {name: set() for name in there}
    for entry in entries:
        with suppress(ValueError, TypeError, AttributeError, KeyError):
            for name, keys in json.loads(entry.rows).items():
                named[name].update(map(tuple, keys))
    for name, keys in there.items():
        if more := sum(tuple(key) not in named[name] for key in keys):
            yield f"The table '{name}' holds {count_of(more, 'rows')} that no entry names: put in past the workbook."


def _anchor_faults(anchor: str, entries: Mapping[int, AuditEntry]) -> Iterator[str]:
    if (found := ANCHOR.search(anchor)) is None:
        yield f"'{anchor}' is no entry that was written down. Write its number and digits: 1204 3f2a91bc04d7e6a1."
        return
    number, digits = int(found[1].replace(",", "")), found[2]
    if number not in entries:
        yield f"Entry {number:,}, which was written down elsewhere, is not there: the end of the record was cut off."
    elif not entries[number].digest.startswith(digits):
        yield f"Entry {number:,} is another one than was written down elsewhere: the record was written anew."


def anchors_in(file: Path) -> list[str] | None:
    """What a backup, manifest or minutes have written down, be it that nothing was; None of others. Raises OSError."""
    with file.open("rb") as raw:
        is_packed = raw.read(2) == PACKED
    with gzip.open(file) if is_packed else file.open("rb") as opened:
        text = opened.read(MOST_READ).decode("utf-8", "replace")
    found = [" ".join(one) for one in WRITTEN_DOWN.findall(text)]
    return found if found or NOTHING_YET in text else None


class Audit(PartOfStore):
    """The record of a store. Found as `Store.audit`."""

    newest = reads(newest)
    written_down = reads(written_down)
    verify = reads(verify)

    def record(self, action: str, organisation: str = "", detail: str = "") -> None:
        """Write down that somebody opened or exported something, which is no save. Raises StoreError."""
        with writing(self._engine) as connection:
            self._add(connection, action, organisation, detail, acting(connection))

    @contextmanager
    def saving(self, what: str, organisation: str, detail: str) -> Iterator[None]:
        """Write down what is saved meanwhile in a file beside the store; where that fails nothing was done.

        Raises NotAllowedError: its author may not save this. Raises StoreError.
        """
        with writing(self._engine) as connection:
            if (person := acting(connection)) is not None:
                person.check_save(what, organisation)
            yield
            self._add(connection, what, organisation, detail, person)

    def _add(
        self, connection: sa.Connection, action: str, organisation: str, detail: str, person: Person | None
    ) -> None:
        database.finish_in_order(connection)
        append(connection, action, {}, organisation=organisation, detail=detail, by=person.name if person else "")

    def entries(
        self, organisation: Asked = None, action: Asked = None, by: Asked = None, on: Day | None = None, most: int = 200
    ) -> tuple[AuditEntry, ...]:
        """The newest entries, the last first: of an organisation ("": all), action, day, or part of a name or login."""
        query = NEWEST_FIRST.limit(most)
        for column, value in (("organisation", organisation), ("action", action)):
            query = query.where(audit_entry.c[column] == value) if value is not None else query
        if by is not None:
            query = query.where(sa.or_(*(audit_entry.c[one].icontains(by, autoescape=True) for one in ("by", "login"))))
        if on is not None:
            days = (on.date + dt.timedelta(days=one) for one in (0, 1))
            begins, ends = (dt.datetime.combine(day, dt.time()).astimezone() for day in days)
            query = query.where(audit_entry.c.at >= begins, audit_entry.c.at < ends)
        with reading(self._engine) as connection:
            return tuple(_entries(connection, query))
