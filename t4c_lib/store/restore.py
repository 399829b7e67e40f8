"""Takes a store back from a backup: the file is checked from end to end first, then each row as it is written.

A restore is a way into the store like a page or a command, and takes no more than these do: each row is held to what it
had to be when it was first saved. That a person was entitled to say what a row says, no row shows: for that there is
the seal.
"""

import datetime as dt
import itertools
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from t4c_lib.errors import InputError, T4CError
from t4c_lib.evidence import State
from t4c_lib.framework import catalogue
from t4c_lib.periods import parse_period
from t4c_lib.plan import Plan, Side
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import NEEDS_REASON, Act, Decision, PledgeWording
from t4c_lib.plan.partnership.event_log import NoteKind
from t4c_lib.plan.partnership.pledge import Step
from t4c_lib.plan.row_base import digest_of
from t4c_lib.programme.register import is_sound
from t4c_lib.quantities import Baseline, Change, ChangeKind
from t4c_lib.store.audit import log_change
from t4c_lib.store.backup import AS_IT_WAS, AT_ONCE, Backup, check_backup, rows_of, unfit, write_backup
from t4c_lib.store.engine import StoreError, is_alone, is_sqlite, make_engine, one_at_a_time, shown, writing
from t4c_lib.store.people import KINDS, People, acting, people_of
from t4c_lib.store.schema import HEAD, metadata, migrate_to, people, plan_revision
from t4c_lib.typed_text import NAME, PLACE, WORDING, TextKind, check_organisation_code, sound_text

OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
 AND backend_type = 'client backend'"""


def restore_backup(engine: Engine, file: Path, keep_in: Path | None, key: bytes | None = None) -> Backup:
    """What `Store.restore` does. A backup that an older version made is brought up to date on the way."""
    if keep_in is not None and keep_in.exists() and keep_in.samefile(file):
        raise StoreError(f"{keep_in} is the backup itself: what is in the store now needs a file of its own.")
    backup = check_backup(file, key)
    with tempfile.TemporaryDirectory(prefix="t4c-restore-") as folder:
        current = backup if backup.migration == HEAD else _brought_up_to_date(backup, Path(folder))
        if keep_in is not None and is_sqlite(engine) and not is_alone(engine):
            raise _in_use(engine)
        with writing(engine) as connection:
            one_at_a_time(connection)
            if (person := acting(connection)) is not None:
                person.check_save("restore")
            held = connection.execute(select(people).order_by(people.c.id.desc()).limit(1)).mappings().first()
            if any(connection.execute(select(table).limit(1)).first() for table in metadata.sorted_tables):
                _make_room(engine, connection, keep_in, key)
            _fill(connection, current, metadata)
            _count_on(connection)
            detail = f"backup {backup.digest[:12]}"
            if held is not None and people_of(connection) is None:
                # Without a list everybody may do everything, which nobody asks for who takes a backup back.
                connection.execute(insert(people).values(**held))
                detail += ", which has no list of people; the one that held before holds on"
            log_change(connection, "restore", dt.datetime.now(dt.UTC), detail=detail, is_allowed=True)
    return backup


def _make_room(engine: Engine, connection: Connection, keep_in: Path | None, key: bytes | None) -> None:
    """Keep what is in the store in a file, and take it out. Raises StoreError: no file is named, or it is in use."""
    if keep_in is None:
        raise StoreError(
            f"The store ({shown(engine.url)}) isn't empty, so the backup was not taken into it. Take it into a new "
            "store (T4C_DATABASE_URL names one), or name a file in which what is here now is kept (--keep FILE)."
        )
    if not is_sqlite(engine):
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
        if connection.scalar(text(OTHERS)):
            raise _in_use(engine)
    # Nobody can write from here on, so what is kept is what is replaced.
    write_backup(engine, keep_in, key)
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))


def _in_use(engine: Engine) -> StoreError:
    return StoreError(
        f"The store ({shown(engine.url)}) is in use: others have it open. End the pages and commands that use it, and "
        f"try again. {AS_IT_WAS}"
    )


def _fill(connection: Connection, backup: Backup, into: MetaData) -> None:
    """Write every row; of tables as they are now, once it was found to be what it had to be when it was first saved."""
    count, numbers = 0, Counter[tuple[str, str]]()
    for (name, columns), group in itertools.groupby(rows_of(backup), key=lambda row: row[:2]):
        # Of plans, which are long, a few fill the memory that thousands of figures take.
        while chunk := list(itertools.islice(group, AT_ONCE if name == "observation" else AT_ONCE // 100)):
            try:
                table, rows = into.tables[name], []
                for _, _, values in chunk:
                    count += 1
                    # ValueError or TypeError: a value is of another kind than its column.
                    rows.append(
                        {
                            of.name: None if value is None and of.nullable else _KINDS[of.type.python_type](value)
                            for of, value in zip((table.c[column] for column in columns), values, strict=True)
                        }
                    )
                    if into is metadata:
                        check_row(name, rows[-1], numbers)
                connection.execute(insert(table), rows)
            except (*FAULTS, DBAPIError) as error:
                why = "; ".join(map(str, error.problems)) if isinstance(error, InputError) else str(error)
                why = why.partition("\n")[0][:300].rstrip(".")
                words = f"has a row that can't be taken in, {count:,} ({name}): {why}"
                raise unfit(Path(backup.file.name), words) from None


def _count_on(connection: Connection) -> None:
    """PostgreSQL counts by itself, and doesn't look at numbers that were brought along."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        if "id" in table.c:
            newest = select(func.max(table.c.id)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, newest)).where(newest.is_not(None)))


def _brought_up_to_date(backup: Backup, folder: Path) -> Backup:
    """The same backup with the tables of now: taken into a store of its day, and migrated there."""
    engine = make_engine(URL.create("sqlite", database=str(folder / "then.sqlite")))
    with writing(engine) as connection:
        migrate_to(connection, backup.migration)
        then = MetaData()
        then.reflect(connection)
        _fill(connection, backup, then)
        migrate_to(connection, HEAD)
        for row in connection.execute(select(plan_revision)).all():  # the digest of its day may be of another form
            mine = (plan_revision.c.organisation == row.organisation) & (plan_revision.c.revision == row.revision)
            digest = Plan.from_yaml(row.document, f"plan of {row.organisation}").digest
            connection.execute(update(plan_revision).where(mine).values(digest=digest))
    made = write_backup(engine, folder / backup.file.name)
    engine.dispose()
    return made


CLOCKS = dt.timedelta(days=1)  # by so much the clocks of two machines may differ, time zones included
FAULTS = (T4CError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
Row = dict[str, Any]
Check = Callable[[Any, Row], object]


def check_row(table: str, row: Row, numbers: Counter[tuple[str, str]]) -> None:
    """Hold a row to what it had to be when it was first saved, its number too; raises one of FAULTS."""
    for name, value in row.items():
        check = CHECKS.get(f"{table}.{name}", CHECKS.get(name, _line if isinstance(value, str) else None))
        if value is not None and check and not check(value, row):
            raise ValueError(f"'{name}' is not what it has to be")
    if table in NUMBERED:
        numbers[table, row["organisation"]] += 1
        if row[NUMBERED[table]] != numbers[table, row["organisation"]]:
            raise ValueError("its number does not follow the one before")


def _exactly(low: Any, high: Any, *kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds or not (low is None or low <= value <= high):
            raise ValueError(f"{str(value)[:40]!r} is of another kind than its column")
        return value

    return read


_KINDS: dict[type, Callable[[Any], Any]] = {
    # A Moment says of itself that it holds any object; tables of earlier versions have plain times.
    **dict.fromkeys((object, dt.datetime), lambda value: dt.datetime.fromisoformat(value).astimezone(dt.UTC)),
    **{dt.date: dt.date.fromisoformat, bool: _exactly(None, None, bool), str: _exactly(None, None, str)},
    **{int: _exactly(0, 2**31 - 1, int), float: _exactly(-1e300, 1e300, int, float)},
}


def _reads(read: Callable[[Any], object]) -> Check:
    """Holds if the value can be read. Words repeat, so each is read once."""
    cached = lru_cache(maxsize=4_096)(read)
    return lambda value, _row: cached(value) or True


def _text(kind: TextKind, missing: str = "") -> Check:
    return _reads(lambda value: sound_text("", kind.noun, value, kind, missing))


def _was(value: dt.date, _row: Row) -> bool:
    now = dt.datetime.now(dt.UTC) + CLOCKS
    return value <= (now if isinstance(value, dt.datetime) else now.date())


def _plan(digest: str, row: Row) -> bool:
    plan = Plan.from_yaml(row["document"], "its plan")
    return (plan.organisation, plan.digest) == (row["organisation"], digest)


def _act(digest: str, row: Row) -> bool:
    act = Act(**{field.name: row[field.name] for field in fields(Act)})
    one_side = not act.fills_slot or act.side != Side.both
    has_reason = act.reason != "" or act.decision not in NEEDS_REASON
    return one_side and has_reason and digest == digest_of(f"{json.loads(act.subject)[0]} 1", json.loads(act.covered))


_code, _line, _name, _long = _reads(check_organisation_code), _text(PLACE), _text(NAME, "it's empty."), _text(WORDING)
NUMBERED = dict.fromkeys(("plan_revision", "speakers", "pledge_revision"), "revision")
NUMBERED |= dict.fromkeys(("forum_round", "progress_note"), "number")  # 1, 2, 3 ... of each organisation
# By column, or by table and column. A note of an earlier version may be as long as a wording.
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("organisation", "organisation.code"), _code),
    "audit_entry.organisation": lambda code, row: code == "" or _code(code, row),
    **{"audit_entry.login": _text(NAME), "audit_entry.by": _text(NAME), "audit_entry.rows": lambda _text, _row: True},
    "audit_entry.content": lambda value, _row: re.fullmatch("([0-9a-f]{64})?", value),
    "people.document": _reads(lambda document: People.from_yaml(document, "its list of people")),
    "change.organisation": lambda code, row: code == "" or _code(code, row),
    "change.what": lambda one, _: one in KINDS,
    **{"state": _reads(State), "side": _reads(Side), "decision": _reads(Decision), "step": _reads(Step)},
    **{"period": _reads(parse_period), "intention": _reads(lambda number: catalogue().intention(number))},
    **dict.fromkeys(("at", "added_at", "date", "on"), _was),
    **dict.fromkeys(("by", "partner", "agreement_act.name"), _name),
    **dict.fromkeys(("change.by", "pledge_step.name", "role", "organisation_name"), _text(NAME)),
    **dict.fromkeys(("note", "text", "reason", "wording"), _long),
    **dict.fromkeys(("document", "covered"), lambda _text, _row: True),  # read where their digests are checked
    **{"plan_revision.digest": _plan, "agreement_act.digest": _act},
    "pledge_revision.digest": lambda digest, row: (
        digest == PledgeWording(row["organisation"], row["organisation_name"], row["wording"]).digest
    ),
    "digest": lambda value, _row: re.fullmatch("[0-9a-f]{64}", value),
    "sha256": lambda value, _row: re.fullmatch("([0-9a-f]{64})?", value),
    "content": _reads(lambda content: AuthorisedSignatories.from_parameters(json.loads(content))),
    "programme_entry.content": lambda content, row: is_sound(row["kind"], json.loads(content)),
    "programme_entry.kind": _line,
    "baseline": _reads(lambda baseline: Baseline(**json.loads(baseline))),
    "secret": lambda secret, row: bool(re.fullmatch("[0-9a-f]{32}", secret)) != row["named"],
    "kind": lambda kind, row: Change(ChangeKind(kind), row["amount"]),
    "progress_note.kind": _reads(NoteKind),
    "round_act.what": lambda what, row: what == ("closed" if row["kind"] is None else "settled"),
}
