"""Whoever can alter a backup puts nothing into a store by it: each row is held to what it had to be."""

from __future__ import annotations

import contextlib
import copy
import gzip
import hashlib
import json
import shutil
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from t4c_lib.store import Store, StoreError, backup
from t4c_lib.store.backup import LONGEST_LINE, check_backup, read_key

from .test_store_backup import fill
from .writers import CODE


def resealed(lines: list[bytes]) -> bytes:
    """A file whose digest fits what is in it, as whoever alters a backup on purpose would make it."""
    body = b"".join(lines)
    return gzip.compress(body + json.dumps({"sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n", 1)


@pytest.fixture(scope="module")
def sound_lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The lines of a sound backup with something in every table, but for the last one."""
    folder = tmp_path_factory.mktemp("sound")
    with Store.open(folder / "a.sqlite") as store:
        fill(store)
        store.backup(folder / "store.t4c")
    return gzip.decompress((folder / "store.t4c").read_bytes()).splitlines(keepends=True)[:-1]


@pytest.fixture
def into(empty_store: Path, tmp_path: Path) -> Path:
    """A store in which nothing is yet."""
    return Path(shutil.copy(empty_store, tmp_path / "b.sqlite"))


def with_value(lines: list[bytes], table: str, column: str, value: object) -> list[bytes]:
    """The lines with another value in the first row of a table."""
    at, columns = next(
        (number, read["columns"])
        for number, line in enumerate(lines)
        if isinstance(read := json.loads(line), dict) and read.get("table") == table
    )
    row = json.loads(lines[at + 1])
    row[columns.index(column)] = value
    return [*lines[: at + 1], json.dumps(row).encode() + b"\n", *lines[at + 2 :]]


TO_COME = "2199-01-01T00:00:00+00:00"  # the same in every worker that collects these tests
COVERED = '{"measure": "young-share", "population": "all staff"}'
FORGED: list[tuple[str, str, object]] = [
    *(("plan_revision", "document", text) for text in ("", "[", "organisation: {code: X01, name: Other}\nplan: {}")),
    ("plan_revision", "digest", "0" * 64),
    ("plan_revision", "revision", 2),
    ("plan_revision", "organisation", "../../X01"),
    ("plan_revision", "side", "the chair"),
    ("plan_revision", "by", ""),
    ("plan_revision", "by", "\x1b]0;evil\x07"),
    ("plan_revision", "by", "A" * 101),
    ("plan_revision", "by", "A\nB"),
    ("plan_revision", "by", "\ud800"),
    ("plan_revision", "note", "x" * 10_001),
    ("plan_revision", "at", TO_COME),
    ("plan_revision", "at", "yesterday"),
    ("plan_revision", "at", 5),
    ("plan_revision", "note", None),
    ("agreement_act", "covered", COVERED),
    ("agreement_act", "subject", "[]"),
    ("agreement_act", "subject", '["letter", "x"]'),
    ("agreement_act", "decision", "agreed by all"),
    ("agreement_act", "decision", "not agreed"),  # without its reason
    ("agreement_act", "side", "both"),
    ("agreement_act", "name", "\u200b"),
    ("agreement_act", "at", TO_COME),
    ("agreement_act", "revision", -1),
    ("agreement_act", "revision", 10**400),
    ("speakers", "content", '{"speakers": [{"side": "king"}]}'),
    ("speakers", "content", "[" * 100_000),
    ("source_file", "digest", "../x"),
    ("source_file", "id", 7),  # the figures' file is then another one
    ("organisation", "code", "<b>X</b>"),
    ("organisation", "demonstration", 1),
    ("organisation", "opened", "2001-13-01"),
    ("observation", "period", "2026-13"),
    ("observation", "state", "guessed"),
    ("observation", "numerator", 1e999),
    ("observation", "value", "0.1"),
    ("forum_round", "baseline", '{"value": -1}'),
    ("forum_round", "named", True),
    ("round_entry", "amount", None),
    ("round_entry", "kind", "leap"),
    ("round_entry", "side", "x"),
    ("round_act", "what", "won"),
    ("pledge_revision", "wording", "We promise nothing."),
    ("pledge_step", "step", "burnt"),
    ("pledge_step", "date", TO_COME[:10]),
    ("pledge_step", "sha256", "abc"),
    ("progress_note", "kind", "rumour"),
    ("progress_note", "intention", 11),
    ("progress_note", "on", TO_COME[:10]),
    ("progress_note", "text", "\x00"),
    ("change", "what", "theft"),
]


@pytest.mark.law
@pytest.mark.parametrize(("table", "column", "value"), FORGED)
def test_a_row_that_nothing_could_have_saved_is_named_and_nothing_is_taken_in(
    sound_lines: list[bytes], into: Path, table: str, column: str, value: object
) -> None:
    file = into.with_name("forged.t4c")
    file.write_bytes(resealed(with_value(sound_lines, table, column, value)))
    with Store.open(into) as store:
        with pytest.raises(StoreError, match=r"The store is as it was") as caught:
            store.restore(file)
        assert store.mark() == 0
    wrong = str(caught.value)
    assert any(named in wrong for named in (f"({table})", "(observation)", "not a backup of a store"))
    assert "\x1b" not in wrong


@pytest.mark.law
def test_what_was_not_altered_is_taken_in(sound_lines: list[bytes], tmp_path: Path) -> None:
    (tmp_path / "same.t4c").write_bytes(resealed(sound_lines))
    with Store.open(tmp_path / "b.sqlite") as store:
        store.restore(tmp_path / "same.t4c")
        assert len(store.plan_history(CODE)) == 1


SCRAPS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["9999", "0001", "0005", "table", "[]", "{}", TO_COME, -1, 10**30, [], {}, [[]], {"sha256": "x"}]),
).map(copy.deepcopy)  # the same list or mapping, put into itself, would be no JSON


@pytest.mark.law
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_backup_is_turned_into_is_taken_in_or_told(
    sound_lines: list[bytes], empty_store: Path, tmp_path: Path, data: st.DataObject
) -> None:
    lines = [json.loads(line) for line in sound_lines]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.one_of(st.just(0), st.integers(0, len(lines) - 1)))
        line = lines[at]
        if isinstance(line, dict) and data.draw(st.booleans()):
            part = line.get("rows", line) if data.draw(st.booleans()) else line
            if isinstance(part, dict):
                part[data.draw(st.sampled_from(sorted(part) or ["form"]))] = data.draw(SCRAPS)
        elif isinstance(line, list) and line and data.draw(st.booleans()):
            line[data.draw(st.integers(0, len(line) - 1))] = data.draw(SCRAPS)
        else:
            lines[at] = data.draw(st.one_of(SCRAPS, st.lists(SCRAPS, max_size=4)))
    file = tmp_path / "mutated.t4c"
    file.write_bytes(resealed([json.dumps(line).encode() + b"\n" for line in lines]))
    with Store.open(shutil.copy(empty_store, tmp_path / "b.sqlite")) as store, contextlib.suppress(StoreError):
        store.restore(file)


@pytest.mark.law
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(at=st.floats(0, 1), bits=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_told(sound_lines: list[bytes], tmp_path: Path, at: float, bits: int, cut: bool) -> None:
    raw = bytearray(resealed(sound_lines))
    where = int(at * (len(raw) - 1))
    raw[where] ^= bits
    file = tmp_path / "damaged.t4c"
    file.write_bytes(raw[:where] if cut else raw)
    with contextlib.suppress(StoreError):
        check_backup(file)


@pytest.mark.unit
def test_what_unpacks_without_end_is_not_unpacked(
    sound_lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bomb.t4c"
    file.write_bytes(gzip.compress(sound_lines[0] + b"[" + b"0," * LONGEST_LINE))
    tracemalloc.start()
    with pytest.raises(StoreError, match="holds more than a backup of ours can"):
        check_backup(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * LONGEST_LINE
    monkeypatch.setattr(backup, "MOST_BYTES", 1_000)
    file.write_bytes(resealed(sound_lines))
    with pytest.raises(StoreError, match="holds more than a backup of ours can"):
        check_backup(file)
    many = json.loads(sound_lines[0])
    many["rows"]["observation"] = 10**9
    file.write_bytes(resealed([json.dumps(many).encode() + b"\n"]))
    with pytest.raises(StoreError, match="more rows than a store can have"):
        check_backup(file)


@pytest.mark.law
def test_a_seal_holds_for_its_key_and_its_content_only(sound_lines: list[bytes], tmp_path: Path) -> None:
    key, other, file = b"k" * 32, b"o" * 32, tmp_path / "sealed.t4c"
    with Store.open(tmp_path / "a.sqlite") as store:
        fill(store)
        assert store.backup(file, key).sealed
    assert check_backup(file, key) == check_backup(file)
    with Store.open(tmp_path / "b.sqlite") as store:
        with pytest.raises(StoreError, match="does not hold: it was made with another key, or altered"):
            store.restore(file, key=other)
        lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
        seal = json.loads(lines[-1])["seal"]
        body = b"".join(with_value(lines[:-1], "plan_revision", "note", "changed"))
        last = json.dumps({"sha256": hashlib.sha256(body).hexdigest(), "seal": seal}).encode()
        forged = tmp_path / "forged.t4c"
        forged.write_bytes(gzip.compress(body + last))
        with pytest.raises(StoreError, match="does not hold: it was made with another key, or altered"):
            store.restore(forged, key=key)
        forged.write_bytes(resealed(sound_lines))
        with pytest.raises(StoreError, match="has no seal"):
            store.restore(forged, key=key)
        assert store.mark() == 0
        assert store.restore(file, key=key).sealed


@pytest.mark.unit
@pytest.mark.parametrize("content", [b"", b"short", b" " * 100 + b"x" * 31, b"x" * 5_000])
def test_a_key_that_is_none_is_refused_without_repeating_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(StoreError, match="holds no key") as caught:
        read_key(tmp_path / "key")
    assert "xxx" not in str(caught.value)
    with pytest.raises(StoreError, match="can't be read"):
        read_key(tmp_path / "none")
