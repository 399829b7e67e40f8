"""Keeps the work experience programme's records: every save whole, a correction beside what it corrects.

Two exceptions to "nothing is overwritten": what is about a person is deleted when its time is over, and a name that
should not have been entered when a correction says so.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pydantic_core import from_json
from sqlalchemy import Connection, delete, insert, select, text, update

from t4c_lib.errors import InputError, Problem, refuse
from t4c_lib.evidence import Loaded, SourceFile
from t4c_lib.periods import FinancialYear, PeriodError, today
from t4c_lib.programme.records import REMOVED, SIZES, WITHDRAWN, Content, record_kind, record_kinds
from t4c_lib.programme.register import SETTINGS, TOTALS, Entry, Register
from t4c_lib.store.audit import log_change
from t4c_lib.store.engine import PartOfStore, is_sqlite, reads, writing
from t4c_lib.store.evidence import PROGRAMME, add_file, compared, current_observations
from t4c_lib.store.schema import last_number, programme_entry
from t4c_lib.typed_text import NAME, NOTE, sound_text, take_text

REGISTER_FILE = "work experience register"
READER_VERSION = 1
Named = Iterable[tuple[str, Content]]  # references of records, and what each says
SHORTEST, LONGEST = 6, 120  # months for which what is known of a person can be kept


def register_of(connection: Connection, code: str, day: dt.date | None = None, kinds: Sequence[str] = ()) -> Register:
    """An organisation's records as they stood at the end of a day, by the clock of UTC; as they stand now without one.

    `kinds`: of these kinds alone; of all where there is none.
    """
    table = programme_entry
    query = select(*(table.c[name] for name in Entry._fields)).where(table.c.organisation == code)
    if day is not None:
        query = query.where(table.c.at < dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC))
    rows = connection.execute((query.where(table.c.kind.in_(kinds)) if kinds else query).order_by(table.c.number))
    entries = [Entry(*one, from_json(content), by, at) for *one, content, by, at in rows.all()]  # type: ignore[call-arg]
    return Register(entries, day or today())


class ProgrammeRecords(PartOfStore):
    """The programme of every organisation. Found as `Store.programme`."""

    register = reads(register_of)

    def add(
        self, code: str, kind: str, contents: Sequence[Content], *, by: str, at: dt.datetime | None = None
    ) -> list[Entry]:
        """Keep new records of a kind, as `RecordKind.take` made them; all of them or none. Gives them as they are kept.

        `at`: when, now if it is None. Raises InputError: nobody says who enters them; StoreError: the store can't be
        written.
        """
        with writing(self._engine, code) as connection:
            prefix, last = record_kind(kind).prefix, self._last_reference(connection, code, kind)
            named = [(f"{prefix}-{last + place:04}", content) for place, content in enumerate(contents, 1)]
            return self._keep(connection, (code, kind), named, by, at=at)

    def correct(self, code: str, ref: str, content: Content, *, by: str, was_name: bool = False) -> Entry:
        """Keep a record as it should have been; what it said before stays beside it. Raises InputError: no such one.

        `was_name`: it takes a name out. Then what it changes goes from all that was saved before, and so does what
        looks like a name there; backups that were made earlier still have it.
        """
        with self._erasing(code) if was_name else writing(self._engine, code) as connection:
            table = programme_entry
            query = select(table.c.kind).where(table.c.organisation == code, table.c.ref == ref).limit(1)
            if (kind := connection.execute(query).scalar()) is None:
                raise InputError.of(
                    "this record", f"there is no record {ref}.", "It may have been forgotten meanwhile."
                )
            if was_name:
                self._take_out(connection, register_of(connection, code), code, ref, content)
            return self._keep(connection, (code, str(kind)), [(ref, content)], by)[0]

    def _take_out(self, connection: Connection, register: Register, code: str, ref: str, content: Content) -> None:
        """Put REMOVED in place of what a record said before in texts that its new content changes, and of names."""
        versions, table = register.history(ref), programme_entry
        kind, last = record_kind(versions[-1].kind), versions[-1].content
        typed = [key for key, one in kind.fields.items() if one.kind in SIZES]
        for one in versions:
            old = {key: one.content[key] for key in typed if one.content.get(key, content.get(key)) != content.get(key)}
            names = [key for key, was in old.items() if kind.likely_names({key: was}, register.names.values())]
            gone = [key for key in old if key in names or last.get(key) != content.get(key)]
            kept = json.dumps({**one.content, **dict.fromkeys(gone, REMOVED)}, ensure_ascii=False, sort_keys=True)
            mine = (table.c.organisation == code) & (table.c.number == one.number)
            connection.execute(update(table).where(mine).values(content=kept))

    @contextmanager
    def _erasing(self, code: str) -> Iterator[Connection]:
        """A transaction after which what went can't be read from a SQLite file."""
        with writing(self._engine, code) as connection:
            if is_sqlite(self._engine):
                connection.execute(text("PRAGMA secure_delete = ON"))
            yield connection
        if is_sqlite(self._engine):
            with self._engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def withdraw(self, code: str, ref: str, reason: str, *, by: str) -> Entry:
        """Take out a record that was a mistake. Raises InputError: no such one, no reason, or others name it."""
        problems: list[Problem] = []
        reason = take_text(problems, "reason", reason, NOTE, "say why it is taken out.")
        register = self.register(code)
        known = [one.content for kind in record_kinds() for one in register.of(kind) if kind != "outcome"]
        if many := sum(ref in one.values() for one in known):
            others = "One other record names" if many == 1 else f"{many:,} other records name"
            problems.append(Problem("record", f"{others} it.", "Correct this one, or correct those first."))
        refuse("this record", problems)
        return self.correct(code, ref, {WITHDRAWN: reason}, by=by)

    def keep_for(self, code: str, typed: str | int, *, by: str) -> int:
        """Say for how many months after a placement what is known of its person is kept. Raises InputError."""
        months = int(typed) if str(typed).isdecimal() else 0
        if not SHORTEST <= months <= LONGEST:
            raise InputError.of("retention period", f"it can be {SHORTEST} to {LONGEST} months, not '{typed}'.")
        with writing(self._engine, code) as connection:
            self._keep(connection, (code, SETTINGS), [(SETTINGS, {"months": months})], by)
        return months

    def whole_from(self, code: str, typed: str, *, by: str) -> None:
        """Say from which financial year on the record is whole: figures of earlier ones go. Raises InputError."""
        try:
            year = FinancialYear.parse(typed)
        except PeriodError as error:
            raise InputError.of("year", str(error)) from None
        with writing(self._engine, code) as connection:
            self._keep(connection, (code, SETTINGS), [(SETTINGS, {"whole_from": str(year)})], by)

    def purge(self, code: str, *, by: str, day: dt.date | None = None) -> int:
        """Delete what is known of every person whose time is over on a day, and keep what they add to the totals.

        Every figure of the evaluation stays what it was. What was saved of them before goes too, outcomes and all;
        backups that were made earlier still have it. Gives how many placements were forgotten. Raises StoreError.
        """
        from t4c_lib.programme.evaluation import COUNTS, KEYS, tally_of

        table = programme_entry
        with self._erasing(code) as connection:
            whole = register_of(connection, code)
            gone = {one.ref for one in Register(whole.entries, day or today()).past_retention()}
            if not gone:
                return 0
            numbers = [one.number for one in whole.entries if {one.ref, one.content.get("placement")} & gone]
            deleted = set(numbers)
            both = whole, Register((one for one in whole.entries if one.number not in deleted), whole.day)
            before, after = (tally_of(one).set_index(KEYS)[[*COUNTS]] for one in both)
            difference = before.sub(after.reindex(before.index, fill_value=0)).reset_index()
            rows = difference[difference[[*COUNTS]].any(axis="columns")].to_numpy().tolist()
            first = min(str(one.content["starts"]) for one in whole.of("placement") if one.ref in gone)
            last = {kind: self._last_reference(connection, code, kind) for kind in ("placement", "outcome")}
            for some in range(0, len(numbers), 500):
                mine = table.c.number.in_(numbers[some : some + 500])
                connection.execute(delete(table).where(table.c.organisation == code, mine))
            totals = [(f"{TOTALS}-{whole.entries[-1].number:06}", {"rows": rows, "last": last, "first": first})]
            self._keep(connection, (code, TOTALS), totals, by)
        return len(gone)

    def _keep(
        self, connection: Connection, of: tuple[str, str], named: Named, by: str, *, at: dt.datetime | None = None
    ) -> list[Entry]:
        code, kind = of  # organisation and kind
        by = sound_text("the programme", "by", by, NAME, "enter your name.")
        moment, number = at or dt.datetime.now(dt.UTC), last_number(connection, programme_entry.c.number, code)
        made = [Entry(number + place, kind, ref, content, by, moment) for place, (ref, content) in enumerate(named, 1)]
        rows = [
            {"organisation": code, "number": one.number, "kind": kind, "ref": one.ref, "by": by, "at": moment}
            | {"content": json.dumps(one.content, ensure_ascii=False, sort_keys=True)}
            for one in made
        ]
        if rows:
            connection.execute(insert(programme_entry), rows)
            self._feed(connection, code, moment)
            log_change(connection, "programme", moment, organisation=code, number=made[-1].number, by=by)
        return made

    def _feed(self, connection: Connection, code: str, at: dt.datetime) -> None:
        """Put what the register says of measures among the figures, where it says something new."""
        from t4c_lib.programme.feeds import fed_figures, fed_series

        register = register_of(connection, code)
        before = current_observations(connection, code, [series for series, *_ in fed_series()])
        figures = fed_figures(register, code, before[before["source"] == REGISTER_FILE])
        if len(figures) and not compared(connection, figures)[1].all():
            digest = hashlib.sha256(f"{code} {register.entries[-1].number}".encode()).hexdigest()
            source = SourceFile(REGISTER_FILE, digest, PROGRAMME, READER_VERSION, len(figures), at.date(), "")
            add_file(connection, Loaded(source, (), figures), at)

    def _last_reference(self, connection: Connection, code: str, kind: str) -> int:
        """The highest number of a reference of a kind, of those that were forgotten too."""
        table = programme_entry
        mine = select(table.c.ref).where(table.c.organisation == code, table.c.kind == kind).distinct()
        given = [int(ref.rpartition("-")[2]) for ref in connection.execute(mine).scalars()]
        totals = select(table.c.content).where(table.c.organisation == code, table.c.kind == TOTALS)
        forgotten = [int(json.loads(one)["last"].get(kind, 0)) for one in connection.execute(totals).scalars()]
        return max([0, *given, *forgotten])
