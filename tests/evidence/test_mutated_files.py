"""Files with something wrong are loaded whole or refused clearly; benchmarks/mutated_files.py tries them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from t4c_lib.evidence import read_files
from t4c_lib.evidence.ingest import known_tables, known_workbooks
from t4c_lib.store import Store
from tests.samples import MUTATED_FILES

from .mutated_files import LOADED, REFUSED, mutated_files, verdict
from .originals import Original, originals

pytestmark = pytest.mark.law


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("mutated") / "store.sqlite") as opened:
        yield opened


@pytest.mark.parametrize("original", originals(), ids=lambda one: one.name)
def test_what_files_are_spoilt_from_is_sound(original: Original, tmp_path: Path) -> None:
    path = tmp_path / original.name
    path.write_bytes(original.content)
    (loaded,) = read_files([path])
    assert loaded.source.rows > 0
    assert loaded.source.publication in {one.key for one in known_tables()} | {one.key for one in known_workbooks()}


def test_a_sample_is_loaded_whole_or_refused_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    verdicts = {one.name: verdict(one, tmp_path, store) for one in mutated_files(MUTATED_FILES.sample)}
    assert {name: told for name, told in verdicts.items() if told not in {LOADED, REFUSED}} == {}
    counts = Counter(verdicts.values())
    # A sample in which all end alike would show nothing.
    assert min(counts[LOADED], counts[REFUSED]) > MUTATED_FILES.sample // 10


def test_a_seed_gives_the_same_files_again() -> None:
    first, again, another = ([(one.name, one.content) for one in mutated_files(60, seed)] for seed in (1, 1, 2))
    assert first == again != another


def test_the_judge_notices_rows_that_are_lost(store: Store, tmp_path: Path) -> None:
    """The trial can fail: a file of which only a part was read is told."""
    from . import mutated_files as trial

    sickness = next(one for one in originals() if one.name == "sickness.csv")
    more = trial.Mutated("more", sickness, sickness.content + sickness.content.splitlines()[1].replace(b"RAA", b"RAB"))
    assert verdict(more, tmp_path, store) == LOADED
    (loaded,) = read_files([tmp_path / "sickness.csv"])
    less = trial.Mutated("less", sickness, sickness.content)
    assert trial.rows_by_another_reader(less) == 2 != loaded.source.rows
