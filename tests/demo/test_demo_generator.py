"""The generator: the same files from the same seed, told plainly when they are not."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Module = Callable[[str], Any]  # tests/demo/conftest.py: gives a module of the generator

SCRIPT = Path(__file__).resolve().parents[2] / "data" / "demo" / "generate.py"
SMALLEST = "DEMO-SC"


@pytest.mark.law
def test_the_same_seed_makes_the_same_bytes_and_they_are_those_of_the_digests(module: Module) -> None:
    generate = module("generate")
    first, second = generate.make(SMALLEST), generate.make(SMALLEST)
    assert first == second
    assert generate.Digest.of(first) == generate.read_digests()[SMALLEST]


@pytest.mark.law
def test_another_seed_makes_other_people(module: Module) -> None:
    settings = module("settings").read_settings()
    other = settings.model_copy(update={"seed": settings.seed + 1})
    births = [module("people").Simulation(one, SMALLEST).run().born[:50].tolist() for one in (settings, other)]
    assert births[0] != births[1]


@pytest.mark.law
def test_a_draw_keeps_to_its_weights_and_bounds(module: Module) -> None:
    draw = module("draw").Draw(1, "DEMO-XX", "topic")
    chosen = draw.choose((0, 3, 1, 0), 20_000)
    assert set(chosen.tolist()) == {1, 2}
    assert (chosen == 1).mean() == pytest.approx(0.75, abs=0.02)
    whole = draw.whole(3, 5, 2_000)
    assert set(whole.tolist()) == {3, 4, 5}


@pytest.mark.unit
def test_topics_have_streams_of_their_own(module: Module) -> None:
    draw = module("draw").Draw
    assert draw(1, "A", "x").uniform(3).tolist() == draw(1, "A", "x").uniform(3).tolist()
    assert draw(1, "A", "x").uniform(3).tolist() != draw(1, "A", "y").uniform(3).tolist()
    assert draw(1, "A", "x").uniform(3).tolist() != draw(1, "B", "x").uniform(3).tolist()


@pytest.mark.unit
def test_every_organisation_has_a_digest(module: Module) -> None:
    assert list(module("generate").read_digests()) == list(module("settings").read_settings().organisations)


@pytest.mark.unit
def test_packed_bytes_hold_no_clock_and_no_name(module: Module, tmp_path: Path) -> None:
    generate = module("generate")
    for name in ("one.csv.gz", "two.csv.gz"):
        generate.write(b"a,b\n1,2\n", tmp_path / name)
    assert (tmp_path / "one.csv.gz").read_bytes() == (tmp_path / "two.csv.gz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.csv.gz", "two.csv.gz"]


@pytest.mark.unit
@pytest.mark.parametrize(
    "content",
    [b"", b"not packed", gzip.compress(b"a,b\n")[:-4], gzip.compress(b"a,b\n1,2\n")],
    ids=["empty", "not packed", "cut short", "other rows"],
)
def test_an_extract_that_is_cut_short_or_changed_is_not_taken_for_right(
    module: Module, content: bytes, tmp_path: Path
) -> None:
    generate = module("generate")
    generate.extract_path(SMALLEST, tmp_path).write_bytes(content)
    wanted = {SMALLEST: generate.read_digests()[SMALLEST]}
    assert not generate.is_current(tmp_path, wanted)
    assert not generate.is_current(tmp_path / "nowhere", wanted)


@pytest.mark.unit
def test_without_digests_nothing_is_taken_for_right(module: Module, tmp_path: Path) -> None:
    assert not module("generate").is_current(tmp_path, {})


@pytest.mark.unit
def test_a_difference_is_told_by_organisation_and_the_file_is_not_written(
    module: Module, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate = module("generate")
    wanted = generate.read_digests()
    spoilt = generate.Digest("0" * 64, 7)
    digests = tmp_path / "digests.txt"
    generate.write_digests({**wanted, SMALLEST: spoilt, "DEMO-ZZ": spoilt}, digests)
    assert generate.main(["--into", str(tmp_path / "made")], digests) == 1
    told = capsys.readouterr().err
    assert f"DEMO-SC: made {wanted[SMALLEST].rows:,} rows" in told
    assert "it says 7 rows, 000000000000." in told
    assert "DEMO-ZZ: has a digest but is not in organisations.yaml." in told
    assert "--write-digests" in told
    made = {path.name for path in (tmp_path / "made").iterdir()}
    assert made == {f"{code}_staff.csv.gz" for code in wanted if code != SMALLEST}


@pytest.mark.detail
@pytest.mark.unit
def test_new_digests_are_those_of_the_files_written_with_them(tmp_path: Path, module: Module) -> None:
    generate = module("generate")
    digests = tmp_path / "digests.txt"
    assert generate.main(["--write-digests", "--into", str(tmp_path)], digests) == 0
    assert generate.read_digests(digests) == generate.read_digests()
    assert generate.is_current(tmp_path, generate.read_digests(digests))


@pytest.mark.flow
def test_a_second_run_does_nothing(extracts: Path) -> None:
    folder = extracts
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    command = [sys.executable, str(SCRIPT), "--into", str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == "Demonstration extracts: 6 files are there and right.\n"
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
