"""Files to evidence: all are read and checked before anything is handed over, and one bad file refuses them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from t4c_lib.errors import InputError, Problem, RefusedInputsError
from t4c_lib.evidence.files import MOST_UNPACKED_BYTES, TextFile, read_file
from t4c_lib.evidence.observation import Loaded, SourceFile
from t4c_lib.typed_text import ORGANISATION, code_fault, take_text

if TYPE_CHECKING:
    from t4c_lib.evidence.publication import Publication, Reading, WorkbookPublication
    from t4c_lib.evidence.workbook import Workbook

Progress = Callable[[str, float], None]


def read_files(
    paths: Sequence[str | Path],
    on_progress: Progress | None = None,
    *,
    most_unpacked_bytes: int = MOST_UNPACKED_BYTES,
) -> list[Loaded]:
    """Read publications and staff extracts, whatever they are called.

    Args:
        paths: files; `.csv`, the same packed by gzip, or `.xlsx`.
        on_progress: is told in words what is being done and which share of the whole (0-1, by bytes) is behind us.
        most_unpacked_bytes: a file that is larger, or unpacks to more, is refused.

    Returns:
        One `Loaded` for each file, in the order given.

    Raises:
        RefusedInputsError: any file was refused; holds every problem of every file, and nothing is loaded.
    """
    files = [Path(path) for path in paths]
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    total = max(1, sum(sizes))
    tell = on_progress or (lambda _text, _share: None)
    loaded: list[Loaded] = []
    errors: list[InputError] = []
    behind = 0
    for path, size in zip(files, sizes, strict=True):
        step = partial(_tell_part, tell, behind / total, size / total)
        step(0.0, f"{path.name}: reading")
        try:
            found = read_file(path, most_unpacked_bytes)
            one = _from_text(found, step) if isinstance(found, TextFile) else _from_workbook(found, step)
        except InputError as error:
            errors.append(error)
            step(1.0, f"{path.name}: refused")
        else:
            loaded.append(one)
            step(1.0, f"{path.name}: {one.source.rows:,} rows read")
        behind += size
    if errors:
        raise RefusedInputsError(errors)
    return loaded


Step = Callable[[float, str], None]  # which part of a file is behind us, and what is being done


def _tell_part(tell: Progress, behind: float, size: float, part: float, text: str) -> None:
    tell(text, behind + size * part)


def _from_text(text: TextFile, step: Step) -> Loaded:
    """Check the column names, then the rows; the reader tells the problems of both together."""
    from t4c_lib.evidence.recognise import recognise
    from t4c_lib.evidence.table import parse_table

    recognised = recognise(text)
    publication = recognised.publication
    step(0.15, f"{text.name}: {publication.title}, looking for rows")
    fields, above = recognised.fields, recognised.above
    table = parse_table(text, recognised.delimiter, fields=fields, above=above, most_rows=publication.most_rows)
    step(0.5, f"{text.name}: {publication.title}, {table.rows:,} rows, checking")
    header = publication.header_problems(table.names) if fields is None else []
    reading = publication.read(table.named_as(publication.known, header))
    return _loaded(text, publication, reading, table.rows)


def _from_workbook(book: Workbook, step: Step) -> Loaded:
    from t4c_lib.evidence.recognise import recognise_workbook

    publication = recognise_workbook(book)
    step(0.5, f"{book.name}: {publication.title}, checking")
    reading = publication.read(book)
    return _loaded(book, publication, reading, reading.rows)


def _loaded(
    file: TextFile | Workbook, publication: Publication | WorkbookPublication, reading: Reading, rows: int
) -> Loaded:
    _refuse_two_figures_for_one(file.name, reading)
    _refuse_odd_names(file.name, reading)
    source = SourceFile(
        name=file.name,
        digest=file.digest,
        publication=publication.key,
        reader_version=publication.version,
        rows=rows,
        extract_date=reading.extract_date,
        attribution=publication.attribution,
    )
    return Loaded(source, reading.organisations, reading.observations, (*file.notes, *reading.notes))


def _refuse_odd_names(name: str, reading: Reading) -> None:
    told = {one.code: one.name for one in reading.organisations}
    codes = sorted(set(told) | set(reading.observations["organisation"].dropna().map(str)))
    problems = [Problem("", fault) for code in codes if (fault := code_fault(code))]
    for code, called in told.items():
        take_text(problems, f"name of {code}", called, ORGANISATION)
    if problems:
        raise InputError(name, problems)


def _refuse_two_figures_for_one(name: str, reading: Reading) -> None:
    """Rows that differ in the file may mean the same: "All" and "All staff groups", two spellings of one group."""
    key = ["organisation", "series", "population", "breakdown", "period"]
    twice = reading.observations[reading.observations.duplicated(key)]
    if len(twice):
        problems = [
            Problem(", ".join(map(str, row)), "two rows of the file come to be this one figure.", _HINT)
            for row in twice[key].drop_duplicates().itertuples(index=False, name=None)
        ]
        raise InputError(name, problems)


_HINT = "Is a group or an organisation in it under two names?"
