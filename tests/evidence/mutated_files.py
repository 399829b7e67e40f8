"""Sound files with something wrong, always the same for a seed, and what becomes of each: the trial of the readers.

A sample is judged in the tests; benchmarks/mutated_files.py judges thousands, each in a process of its own.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd

from t4c_lib.errors import T4CError
from t4c_lib.evidence import Loaded, State, read_files
from t4c_lib.evidence.files import DELIMITERS
from t4c_lib.store import Store

from .mutations import HEAVY_TEXT, OF_BYTES, OF_TEXT, Mutation
from .originals import Original, originals
from .workbook_mutations import HEAVY_WORKBOOKS, OF_WORKBOOKS

SEED = 2015
LOADED, REFUSED = "loaded", "refused"
_KEY = ["organisation", "series", "population", "breakdown", "period"]


@dataclass(frozen=True)
class Mutated:
    """A file with something wrong.

    Attributes:
        name: what was done to which file.
        original: what it was made of.
        content: its bytes.
    """

    name: str
    original: Original
    content: bytes


def mutated_files(how_many: int, seed: int = SEED, heavy_every: int = 0) -> Iterator[Mutated]:
    """So many files, always the same for a seed; every way to spoil one has its turn, on files by chance.

    Args:
        how_many: files.
        seed: of chance.
        heavy_every: each so-manieth file is one that is made to fill the memory; 0 for none.
    """
    chance = random.Random(seed)
    tables = [one for one in originals() if not one.is_workbook]
    books = [one for one in originals() if one.is_workbook]
    usual = [*((way, tables) for way in OF_TEXT), *((way, books) for way in OF_WORKBOOKS)]
    usual += [(way, kind) for way in OF_BYTES for kind in (tables, books)]
    heavy = [*((way, tables) for way in HEAVY_TEXT), *((way, books[:1]) for way in HEAVY_WORKBOOKS)]
    made = tried = heavies = 0
    while made < how_many:
        if heavy_every and (made + 1) % heavy_every == 0:
            way, kinds = heavy[heavies % len(heavy)]
            heavies += 1
        else:
            way, kinds = usual[tried % len(usual)]
            tried += 1
        original = chance.choice(kinds)
        content = spoilt(original, way, chance)
        if content is not None:
            made += 1
            yield Mutated(f"{made}: {way.__name__} in {original.name}", original, content)


def spoilt(original: Original, way: Mutation, chance: random.Random) -> bytes | None:
    """The file with something wrong; now and then with something else wrong besides. None where it can't be."""
    packed = original.name.endswith(".gz") and way not in OF_BYTES
    body = gzip.decompress(original.content) if packed else original.content
    content = way(body, chance)
    if content is not None and chance.random() < 0.1:
        content = chance.choice(OF_BYTES)(content or b"x", chance) if content else content
    return content


def verdict(mutated: Mutated, folder: Path, store: Store) -> str:
    """What becomes of a file: "loaded", "refused", or what is wrong with the answer.

    A refused file leaves nothing in the store. What is loaded is there whole: as many rows as the file has by another
    reader, every observation in the store, each with a state that fits its figures.
    """
    path = folder / mutated.original.name
    path.write_bytes(mutated.content)
    before = _held(store)
    try:
        (loaded,) = read_files([path])
        (added,) = store.add_evidence([loaded])
    except T4CError as error:
        if mutated.original.name not in str(error):
            return f"refused without the file's name: {error}"
        return REFUSED if _held(store) == before else f"refused, but something of it was stored: {error}"
    except Exception as error:  # noqa: BLE001  (whatever else is raised is what the trial looks for)
        return f"broke off with {type(error).__name__}: {error}"
    if not added.known and added.new + added.corrected + added.unchanged != len(loaded.observations):
        return f"loaded, but of {len(loaded.observations)} observations the store took {added}"
    return _not_whole(mutated, loaded, folder) or LOADED


def _held(store: Store) -> tuple[int, int, int]:
    return len(store.sources()), len(store.organisations()), store.mark()


def _not_whole(mutated: Mutated, loaded: Loaded, folder: Path) -> str:
    observed = loaded.observations
    if observed.duplicated(_KEY).any():
        return "loaded, but a figure is there twice"
    known = observed["state"].isin([State.counted.value, State.zero.value])
    if (known != observed["value"].notna()).any() or observed[[*_KEY, "unit"]].isna().to_numpy().any():
        return "loaded, but figures and their states don't fit"
    if mutated.original.is_workbook:
        return _differs_from_another_library(mutated, loaded, folder)
    rows = rows_by_another_reader(mutated)
    return "" if rows == loaded.source.rows else f"loaded in part: {loaded.source.rows} rows of {rows}"


def rows_by_another_reader(mutated: Mutated) -> int:
    """How many rows with anything in them a file of text has below its names, by the csv module."""
    body = mutated.content
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    text = _text(body)
    csv.field_size_limit(1_000_000_000)
    readings = []
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        readings.append([row for row in rows if any(cell.strip() for cell in row)])
    best = max(readings, key=lambda rows: len(rows[0]) if rows else 0)
    return len(best) - mutated.original.named_columns


def _text(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252")


def _sound(original: Original, folder: Path) -> pd.DataFrame:
    """The figures of the file as it was."""
    path = folder / f"sound {original.name}"
    path.write_bytes(original.content)
    return read_files([path])[0].observations


def _differs_from_another_library(mutated: Mutated, loaded: Loaded, folder: Path) -> str:
    """Read and written anew by openpyxl, a workbook must give the same figures.

    Openpyxl is stricter: it also wants what we don't need (tables, properties, notes). Where it gives up, the figures
    must be those of the sound file.
    """
    if loaded.observations.equals(_sound(mutated.original, folder)):
        return ""
    try:
        book = openpyxl.load_workbook(io.BytesIO(mutated.content), data_only=True)
    except Exception as error:  # noqa: BLE001  (whatever makes a damaged workbook unreadable)
        return f"loaded, but another library can't: {type(error).__name__}: {error}"
    path = folder / f"again {mutated.original.name}"
    book.save(path)
    try:
        (again,) = read_files([path])
    except T4CError as error:
        return f"loaded, but what another library reads is refused: {error}"
    return "" if again.observations.equals(loaded.observations) else "loaded, but another library reads other figures"
