"""Files to evidence: all are read and checked before anything is handed over, and one bad file refuses them all.

Which publication a file is, its content says: the names of its columns or the shape of its first rows, never its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from t4c_lib.errors import InputError, Problem, RefusedInputsError, refuse
from t4c_lib.evidence.files import DELIMITERS, MOST_UNPACKED_BYTES, TextFile, first_records, folded
from t4c_lib.evidence.observations import OBSERVATION_KEY, Loaded, SourceFile
from t4c_lib.evidence.slips import said
from t4c_lib.evidence.staff_extract.dictionary import esr_advice
from t4c_lib.typed_text import ORGANISATION, code_fault, take_text

if TYPE_CHECKING:
    from t4c_lib.evidence.publication import Publication, WorkbookPublication
    from t4c_lib.evidence.table_layout import FileContents
    from t4c_lib.evidence.xlsx_workbook import Workbook

# A file with half of a publication's required columns is that publication with mistakes; with fewer, it is another.
_ENOUGH = 0.5
_MOST_LINES_ABOVE = 20
# With fewer of its own column names known, a file is compared with no publication: all that could be said is "delete".
_FEWEST_KNOWN = 3

# Files of declarations in publications/, in the order in which a file is compared with what they declare.
FAMILIES = (
    *("ods_trusts", "sickness_absence", "turnover", "workforce"),
    *("apprenticeship_target", "residents", "staff_survey"),
)

Progress = Callable[[str, float], None]


def read_files(
    paths: Sequence[str | Path], on_progress: Progress | None = None, *, most_unpacked_bytes: int = MOST_UNPACKED_BYTES
) -> list[Loaded]:
    """Read publications and staff extracts, whatever they are called: one `Loaded` for each file, in the order given.

    Files are `.csv`, the same packed by gzip, or `.xlsx`. `on_progress` is told in words what is being done and which
    share of the whole (0-1, by bytes) is behind us. Raises RefusedInputsError: a file was refused, or is larger, or
    unpacks to more, than `most_unpacked_bytes`; holds every problem of every file, and nothing is loaded.
    """
    from t4c_lib.evidence.xlsx_workbook import read_file

    files = [Path(path) for path in paths]
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    total = max(1, sum(sizes))
    tell = on_progress or (lambda _text, _share: None)
    loaded: list[Loaded] = []
    errors: list[InputError] = []
    behind = 0

    def step(part: float, text: str) -> None:
        tell(text, (behind + size * part) / total)

    for path, size in zip(files, sizes, strict=True):
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


def _from_text(text: TextFile, step: Step) -> Loaded:
    """Check the column names, then the rows; the reader tells the problems of both together."""
    from t4c_lib.evidence.csv_table import parse_table

    publication, delimiter, fields, above = recognise(text)
    step(0.15, f"{text.name}: {publication.title}, reading rows")
    table = parse_table(text, delimiter, fields=fields, above=above, most_rows=publication.most_rows)
    step(0.5, f"{text.name}: {publication.title}, {table.rows:,} rows, checking")
    header = publication.header_problems(table.names) if fields is None else []
    return _loaded(text, publication, publication.read(table.named_as(publication.known, header)), table.rows)


def _from_workbook(book: Workbook, step: Step) -> Loaded:
    publication = recognise_workbook(book)
    step(0.5, f"{book.name}: {publication.title}, checking")
    return _loaded(book, publication, reading := publication.read(book), reading.rows)


def _loaded(
    file: TextFile | Workbook, kind: Publication | WorkbookPublication, reading: FileContents, rows: int
) -> Loaded:
    _check(file.name, reading)
    source = SourceFile(file.name, file.digest, kind.key, kind.version, rows, reading.extract_date, kind.attribution)
    return Loaded(source, reading.organisations, reading.observations, (*file.notes, *reading.notes))


def _check(name: str, reading: FileContents) -> None:
    """Raises InputError: odd names, or two rows that differ in the file and mean the same, as two spellings may."""
    key = [*OBSERVATION_KEY]
    twice = reading.observations[reading.observations.duplicated(key)]
    rows = twice[key].drop_duplicates().itertuples(index=False, name=None)
    refuse(name, [Problem(", ".join(map(str, row)), *said("same figure twice")) for row in rows])
    names = {one.code: one.name for one in reading.organisations}
    codes = sorted(set(names) | set(reading.observations["organisation"].dropna().map(str)))
    problems = [Problem("", fault) for code in codes if (fault := code_fault(code))]
    for code, called in names.items():
        take_text(problems, f"name of {code}", called, ORGANISATION)
    refuse(name, problems)


@cache
def known_tables() -> tuple[Publication, ...]:
    """The kinds of text file that are read."""
    from t4c_lib.evidence.publication import family
    from t4c_lib.evidence.staff_extract import extract_reader

    return (*(one for name in FAMILIES for one in family(name).publications), extract_reader.PUBLICATION)


@cache
def known_workbooks() -> tuple[WorkbookPublication, ...]:
    """The kinds of Excel workbook that are read."""
    from t4c_lib.evidence.collection_workbook import returned_workbook
    from t4c_lib.evidence.publication import family

    return (returned_workbook.PUBLICATION, *(one for name in FAMILIES for one in family(name).workbooks))


def recognise(text: TextFile) -> tuple[Publication, str, int | None, int]:
    """The publication, by content, and its delimiter; of a file without column names cells in a row, and rows on top.

    Raises InputError: none that is known; says how the nearest differs where one is near, else which are read.
    """
    from t4c_lib.evidence.publications import ods_trusts

    candidates = [
        (publication.similarity(header), publication.closeness(header), len(header), publication, delimiter)
        for delimiter in DELIMITERS
        for header in first_records(text, delimiter)
        for publication in known_tables()
    ]
    enough = [candidate for candidate in candidates if candidate[0] >= _ENOUGH]
    *_, publication, delimiter = max(enough or candidates, key=lambda candidate: candidate[1:3])
    if enough:
        return publication, delimiter, None, 0
    if layout := ods_trusts.ods_trust_list(text):
        return next(one for one in known_tables() if not one.columns), *layout
    raise InputError(text.name, _unknown(text, delimiter))


def recognise_workbook(book: Workbook) -> WorkbookPublication:
    """The publication that an Excel workbook is, by the first rows of its sheets.

    Raises InputError: none that is known; says which sheet to save as CSV where one is known as such, or what is read.
    """
    from t4c_lib.evidence.publications import ods_trusts

    for publication in known_workbooks():
        if publication.sheets(book, publication.layout):
            return publication
    _, save_sheet = said("unknown workbook")
    for sheet, number, row in book.heads:
        place = f"sheet '{sheet.name}', row {number}"
        if advice := esr_advice(row, place):
            raise InputError(book.name, [*advice, Problem("", save_sheet)])
        if table := next((one for one in known_tables() if one.similarity(row) >= _ENOUGH), None):
            raise InputError.of(book.name, f"has the column names of {table.title}.", save_sheet, place=place)
        if ods_trusts.is_row(row):
            hint = f"{save_sheet} {ods_trusts.WANTED}"
            raise InputError.of(book.name, "looks like a row of an ODS list.", hint, place=place)
    sheets = ", ".join(f"'{sheet.name}'" for sheet in book.sheets)[:120]
    unknown = said("unknown workbook", sheets=sheets), said("what can be read")
    raise InputError(book.name, [Problem("", *words) for words in unknown])


def _unknown(text: TextFile, delimiter: str) -> list[Problem]:
    top = first_records(text, delimiter, _MOST_LINES_ABOVE)
    header = top[0]
    for number, record in enumerate(top, 1):
        if advice := esr_advice(record, f"row {number}"):
            return advice
    start = ", ".join(header)[:120]
    problem = Problem("row 1", f"begins '{start}', which doesn't match any publication that can be read.", _hint(text))
    own = [sum(folded(name) in publication.known for name in header) for publication in known_tables()]
    nearest = known_tables()[own.index(max(own))]
    if max(own) >= _FEWEST_KNOWN and 2 * max(own) >= sum(map(bool, header)):
        near = Problem("", f"The closest match is {nearest.title}; this file differs from it as follows.")
        return [problem, near, *nearest.header_problems(header)]
    return [problem, Problem("", *said("what can be read"))]


def _hint(text: TextFile) -> str:
    """What to do with a plan, or where the column names stand further down, below a title."""
    if text.name.casefold().endswith((".yaml", ".yml")):
        return "It looks like a plan: t4c plan import FILE."
    for delimiter in DELIMITERS:
        for row, record in enumerate(first_records(text, delimiter, _MOST_LINES_ABOVE), 1):
            for publication in known_tables():
                if row > 1 and publication.similarity(record) >= _ENOUGH:
                    return f"Row {row} has the column names of {publication.title}: delete the rows above it."
    return ""
