"""Makes the staff extracts of the demonstration organisations: `python data/demo/generate.py`.

The same seed gives the same files, to the last bit; digests.txt says which. Where the files are there and right,
nothing is done. After a change to the generator, `--write-digests` takes the new files for the right ones.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXTRACTS = HERE / "extracts"
DIGESTS = HERE / "digests.txt"
HEADER = """\
# SHA-256 of each extract before packing (packed bytes differ from one zlib to the next), its rows, its name.
# Made by: python data/demo/generate.py --write-digests
"""


@dataclass(frozen=True)
class Digest:
    """What an extract must be: SHA-256 of its unpacked bytes, and its rows without the header."""

    sha256: str
    rows: int

    @classmethod
    def of(cls, content: bytes) -> Digest:
        return cls(hashlib.sha256(content).hexdigest(), content.count(b"\n") - 1)


def read_digests(path: Path = DIGESTS) -> dict[str, Digest]:
    """The committed digests by organisation code; empty where none were written yet."""
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {name.removesuffix("_staff.csv"): Digest(sha256, int(rows)) for sha256, rows, name in lines}


def write_digests(digests: dict[str, Digest], path: Path = DIGESTS) -> None:
    """Write the digests, one extract a line."""
    lines = [f"{one.sha256}  {one.rows:>7}  {code}_staff.csv\n" for code, one in digests.items()]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


def extract_path(code: str, folder: Path = EXTRACTS) -> Path:
    """Where the extract of an organisation lies."""
    return folder / f"{code}_staff.csv.gz"


def is_current(folder: Path = EXTRACTS, digests: dict[str, Digest] | None = None) -> bool:
    """Whether every extract is there and is what the digests say."""
    wanted = read_digests() if digests is None else digests
    return bool(wanted) and all(_unpacked_digest(extract_path(code, folder)) == one for code, one in wanted.items())


def _unpacked_digest(path: Path) -> Digest | None:
    try:
        return Digest.of(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error):  # not there, cut short or not packed: to be made again
        return None


def make(code: str) -> bytes:
    """The extract of one organisation, unpacked."""
    from extract import as_csv, extract_of
    from people import Simulation
    from settings import read_settings

    settings = read_settings()
    return as_csv(extract_of(settings, code, Simulation(settings, code).run()))


def write(content: bytes, path: Path) -> None:
    """Pack and write in one go: an interrupted run leaves the old file or none, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with waiting.open("wb") as file, gzip.GzipFile("", "wb", compresslevel=4, fileobj=file, mtime=0) as packed:
            packed.write(content)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None, digests: Path = DIGESTS) -> int:
    """Make what is missing or wrong; 0 when all extracts are what digests.txt says, 1 when they are not."""
    parser = argparse.ArgumentParser(description="Make the staff extracts of the demonstration organisations.")
    parser.add_argument("--write-digests", action="store_true", help="take what is made now for the right files")
    parser.add_argument("--into", type=Path, default=EXTRACTS, metavar="FOLDER", help="where to write the extracts")
    options = parser.parse_args(arguments)
    wanted = read_digests(digests)
    if not options.write_digests and is_current(options.into, wanted):
        sys.stdout.write(f"Demonstration extracts: {len(wanted)} files are there and right.\n")
        return 0

    from settings import read_settings

    found: dict[str, Digest] = {}
    wrong: list[str] = []
    for code in read_settings().organisations:
        content = make(code)
        found[code] = Digest.of(content)
        if options.write_digests or found[code] == wanted.get(code):
            write(content, extract_path(code, options.into))
        else:
            wrong.append(code)
    if options.write_digests:
        write_digests(found, digests)
    elif wrong or set(found) != set(wanted):
        _explain(wrong, found, wanted)
        return 1
    rows = sum(one.rows for one in found.values())
    sys.stdout.write(f"Demonstration extracts: made {len(found)} files, {rows:,} rows, in {options.into}.\n")
    return 0


def _explain(wrong: Sequence[str], found: dict[str, Digest], wanted: dict[str, Digest]) -> None:
    import numpy as np

    lines = ["Demonstration extracts: what was made is not what data/demo/digests.txt says."]
    for code in wrong:
        told = f"{wanted[code].rows:,} rows, {wanted[code].sha256[:12]}" if code in wanted else "nothing of it"
        lines.append(f"  {code}: made {found[code].rows:,} rows, {found[code].sha256[:12]}; it says {told}.")
    lines += [f"  {code}: has a digest but is not in organisations.yaml." for code in sorted(set(wanted) - set(found))]
    lines += [
        "  Files that differ were not written. If you changed the generator or organisations.yaml, run it once with",
        f"  --write-digests. If you did not, this numpy ({np.__version__}) draws differently from the locked one:",
        "  install from requirements/.",
    ]
    sys.stderr.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
