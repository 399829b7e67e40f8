"""People who edit one plan at once, each a process of its own, some of whom are killed in the middle of it."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from t4c_lib.plan import Plan
from t4c_lib.quantities import Change, ChangeKind
from t4c_lib.store import MergeClashError, Revision, Store

from .store_making import plan, target

CODE = "X01"
LONGEST_WAIT = 0.15  # seconds between what is told last and the killing: about as long as a save or two take


@dataclass(frozen=True)
class Edit:
    """One field of one row is set; no two edits set the same value."""

    row: int
    field: str
    value: str

    def on(self, before: Plan) -> Plan:
        row = before.measures[self.row]
        value = Change(ChangeKind.POINTS, float(self.value)) if self.field == "change" else self.value
        return before.with_row(row.changed(**{self.field: value}))


@dataclass(frozen=True)
class Accepted:
    """A save that was acknowledged."""

    writer: str
    revision: int
    edit: Edit


def first_plan(rows: int = 5) -> Plan:
    """Up to five rows of shares, each with its X. The fewer, the more of a save is the write itself."""
    return plan(*(target(name) for name in share_rows()[:rows]))


def share_rows() -> tuple[str, ...]:
    from t4c_lib.framework import MeasureKind, catalogue

    shares = [one for one in catalogue().measures if one.kind is MeasureKind.SHARE and one.better == "higher"]
    return tuple(one.key for one in shares if ChangeKind.POINTS in one.changes)[:5]


def edits(writer: int, seed: int, rows: int) -> Iterator[Edit]:
    """Ever new edits: an X, a note, who holds a post."""
    chance, number = random.Random(seed * 1000 + writer), 0
    while True:
        number += 1
        field = chance.choice(["change", "note", "holder"])
        amount = f"0.{1 + writer % 8}{seed % 1000:03d}{number % 1000:03d}1"
        yield Edit(chance.randrange(rows), field, amount if field == "change" else f"{seed}-{writer}-{number}")


def write(url: str, writer: int, seed: int, count: int, told: int) -> None:
    """Save so many edits, or for ever if 0, each from the revision seen last, and tell of every one accepted."""
    with Store.open(url) as store:
        seen = store.latest_plan(CODE)
        assert seen is not None
        for done, edit in enumerate(edits(writer, seed, len(seen.plan.measures)), 1):
            try:
                saved = store.save_merged(
                    edit.on(seen.plan), by=f"writer {writer}", side="both", parent_revision=seen.revision
                )
            except MergeClashError as clash:
                seen = clash.meanwhile[-1]
                line = {"writer": f"writer {writer}", "refused": True}
            else:
                seen = saved.revision
                said = {"row": edit.row, "field": edit.field, "value": edit.value}
                line = {"writer": f"writer {writer}", "revision": seen.revision, "edit": said}
            os.write(told, json.dumps(line).encode() + b"\n")  # at once, or not at all
            if done == count:
                return


@dataclass(frozen=True)
class Outcome:
    """What the writers told before they ended or were killed."""

    accepted: tuple[Accepted, ...]
    refused: int


def run_writers(
    url: str,
    writers: int,
    seed: int,
    *,
    count: int = 0,
    kill_after: int | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Outcome:
    """Let writers work at once: each so many edits; or kill them all at a random moment after so many were told.

    Args:
        url: of the store.
        writers: how many.
        seed: of what they edit.
        count: edits of each; 0 for ever.
        kill_after: after so many lines all are killed.
        meanwhile: done again after everything that is told.
    """
    listen, tell = os.pipe()
    children = []
    for writer in range(writers):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(listen)
                write(url, writer, seed, count, tell)
                status = 0
            except BaseException:  # noqa: BLE001  (a child ends here, and says why)
                traceback.print_exc()
            finally:
                os._exit(status)
        children.append(child)
    os.close(tell)
    text = _listen(listen, kill_after, meanwhile)
    if kill_after is not None:
        select.select([], [], [], random.Random(seed).uniform(0, LONGEST_WAIT))
        for child in children:
            os.kill(child, signal.SIGKILL)
        text += _listen(listen, None)
    os.close(listen)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert all(end == (0 if kill_after is None else -signal.SIGKILL) for end in ends), ends
    lines = [json.loads(line) for line in text.decode().splitlines()]
    accepted = [Accepted(one["writer"], one["revision"], Edit(**one["edit"])) for one in lines if "edit" in one]
    return Outcome(tuple(accepted), sum("refused" in one for one in lines))


def _listen(pipe: int, enough: int | None, meanwhile: Callable[[], None] | None = None) -> bytes:
    """What is told: until nobody is there to tell more, or until there are enough lines."""
    text = b""
    while enough is None or text.count(b"\n") < enough:
        more = os.read(pipe, 65_536)
        if not more:
            break
        text += more
        if meanwhile is not None:
            meanwhile()
    return text


def check_history(history: tuple[Revision, ...], accepted: tuple[Accepted, ...], first: int = 1) -> int:
    """The history from revision `first` on is the fold of what was accepted; gives how many saves nobody told of.

    A writer that was killed between the save and the telling of it leaves a save that nobody told of: a change of one
    row by that writer, and by each at most one.
    """
    by_revision = {one.revision: one for one in accepted}
    assert len(by_revision) == len(accepted), "two edits became the same revision"
    assert [one.revision for one in history] == list(range(1, len(history) + 1))
    assert not set(by_revision) - {one.revision for one in history}, "an accepted edit is not in the history"
    untold = []
    state = history[first - 1].plan
    for saved in history[first:]:
        told = by_revision.get(saved.revision)
        if told is None:
            untold.append(saved.by)
            changed = [a for a, b in zip(state.measures, saved.plan.measures, strict=True) if a != b]
            assert len(changed) == 1
        else:
            assert told.writer == saved.by
            assert told.edit.on(state) == saved.plan, f"revision {saved.revision} lost or gained a change"
        state = saved.plan
    assert len(untold) == len(set(untold))
    return len(untold)
