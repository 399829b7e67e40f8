"""Databases that are killed, stopped, paused, taken over, full or closed to writing under those who save.

    python -m benchmarks failing_stores

Nothing that was acknowledged may be lost: that ends the trial. What was not done has to be said: any other end of a
writer than a sentence of the store's ends the trial too.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.table import Row
from t4c_lib.store import Store, StoreError
from tests.samples import MISHAPS
from tests.store.failing import Postgres, Told, killed, lost, open_partnership, paused, stopped, under
from tests.store.writers import CODE, edits, first_plan

WRITERS = 4
BEFORE, AFTER = 20, 20  # acknowledgements on either side of a mishap
SEEDS = itertools.count()  # an edit that was made before would be no change
DISK = "3m"  # of the disk that is to be full


def trial() -> list[Row]:
    """PostgreSQL where a server can be started, SQLite on disks of its own where they can be made."""
    rows: list[Row] = []
    try:
        rows += _postgresql()
    except (OSError, RuntimeError, LookupError, subprocess.CalledProcessError) as error:
        rows.append(Row("PostgreSQL", "not tried", f"no server can be started here: {error}"))
    try:
        rows += [_full_disk(), _read_only_disk()]
    except (OSError, subprocess.CalledProcessError) as error:
        rows.append(Row("SQLite on a disk of its own", "not tried", f"none can be made here: {error}"))
    return rows


def _postgresql() -> Iterator[Row]:
    server = Postgres()
    try:
        open_partnership(server.url(), WRITERS)
        for name, mishap in (
            ("killed (-9), restarted", killed),
            ("stopped (fast), restarted", stopped),
            ("stopped (immediate), restarted", partial(stopped, how="immediate")),
            ("paused, half a second", partial(paused, seconds=0.5)),
        ):
            yield _row(f"PostgreSQL {name}", server.url(), [partial(mishap, server)] * MISHAPS.whole)
    finally:
        server.remove()
    for _ in range(max(1, MISHAPS.whole // 10)):
        yield _fail_over()


def _fail_over() -> Row:
    """The server is killed, and the one that follows it takes over; a save is acknowledged when both have it."""
    first = Postgres()
    second = None
    try:
        open_partnership(first.url(), WRITERS)
        second = follower = Postgres(follows=first)
        (first.folder / "data" / "postgresql.auto.conf").open("a").write("synchronous_standby_names = '*'\n")
        first.control("reload")
        url = first.url(follower)

        def taken_over() -> None:
            first.kill()
            follower.control("promote")

        return _row("PostgreSQL killed, another takes over", url, [taken_over])
    finally:
        for one in filter(None, (second, first)):
            one.remove()


def _row(what: str, url: str, mishaps: list[Callable[[], object]]) -> Row:
    plans = acts = 0
    failures: list[str] = []
    for mishap in mishaps:
        told: Told = under(url, WRITERS, next(SEEDS), mishap, before=BEFORE, after=AFTER)
        missing = lost(url, told)
        if missing != (0, 0):
            raise RuntimeError(f"{what}: {missing[0]} saves and {missing[1]} acts were acknowledged and are lost.")
        plans, acts = plans + len(told.plans), acts + len(told.acts)
        failures += told.failures
    kinds = sorted({one.partition("can't be used: ")[2][:70] for one in failures})
    said = f"{len(failures)} times a writer was told that nothing was saved: {'; '.join(kinds)}" if failures else ""
    return Row(f"{what}, {len(mishaps)} times", f"0 of {plans + acts:,} lost", f"{plans} plans, {acts} acts. {said}")


@contextlib.contextmanager
def _disk() -> Iterator[Path]:
    """A small disk of its own, which goes with everything on it."""
    folder = Path(tempfile.mkdtemp(prefix="t4c-disk-"))
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=True)
        yield folder
    finally:
        subprocess.run(["umount", folder], check=False, capture_output=True)
        shutil.rmtree(folder)


def _save_until_refused(store: Store, note: str) -> tuple[int, str]:
    """How many revisions were acknowledged until a save was refused, and the words."""
    seen = store.latest_plan(CODE)
    for edit in edits(1, 1, 5):
        plan = edit.on(seen.plan) if seen else first_plan()
        try:
            parent = seen.revision if seen else None
            seen = store.save_plan(plan, by="A", side="both", note=note, parent_revision=parent)
        except StoreError as error:
            return (seen.revision if seen else 0), str(error).partition("can't be used: ")[2]
    raise RuntimeError("nothing was refused")


def _full_disk() -> Row:
    with _disk() as disk, Store.open(disk / "t4c.sqlite") as store:
        acknowledged, said = _save_until_refused(store, "x" * 2_000)
        there = len(store.plan_history(CODE))
        if there != acknowledged:
            raise RuntimeError(f"{acknowledged} were acknowledged on the full disk, and {there} are there.")
    return Row("SQLite on a full disk", f"0 of {acknowledged:,} lost", said)


def _read_only_disk() -> Row:
    with _disk() as disk, Store.open(disk / "t4c.sqlite") as store:
        store.save_plan(first_plan(), by="A", side="both")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        try:
            said = str(store.save_plan(first_plan(rows=1), by="A", side="both", parent_revision=1))
            raise RuntimeError(f"saved on a disk that may only be read: {said}")
        except StoreError as error:
            said = str(error).partition("can't be used: ")[2]
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        there = len(store.plan_history(CODE))
    return Row("SQLite on a disk that may only be read", f"{1 - there} of 1 lost", said)
