"""Reads finished files as somebody outside would, and says which hidden counts they give away.

Figures are read back out of the tables of figures (CSV) of a folder: each must show its counts hidden or rounded, and
what may be known to hold between them is taken from the figures alone, as a reader has to. Pages, notebooks and papers
in Word are read for exact figures among them.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from t4c_lib.disclosure import Audience, digest_of_text, is_as_made, is_still_sealed, parts_of
from t4c_lib.disclosure.intruder import days_of_few, narrow_counts
from t4c_lib.disclosure.relations import DENOMINATOR, NUMERATOR, Name, SeriesSums
from t4c_lib.disclosure.suppression_policy import AS_PUBLISHED, HIDDEN, LEFT_OUT, ROUNDED, SMALL_BASE, TREATMENT, Policy
from t4c_lib.errors import InputError
from t4c_lib.filesystem import BROKEN_ARCHIVE

NUMBERS = (NUMERATOR, DENOMINATOR, "value")
_TEXTS = ("organisation", "series", "population", "breakdown", "period", TREATMENT)
_TREATMENTS = (AS_PUBLISHED, ROUNDED, HIDDEN, SMALL_BASE, LEFT_OUT)
_LINES_NAMED = 3
_ONLY_SO = "Publish tables of figures only as  t4c evidence check CODE  wrote them."
_ONLY_PAGES = "Publish pages and papers only as the workbook made them."
_COUNT = r"(\d[\d,]*(?:\.\d+)?)"
_OUT_OF = re.compile(rf"(?<![\d,.]){_COUNT} of (?:today's )?{_COUNT}(?= people| leavers| newcomers| FTE days|\))")
_TAGS = re.compile(r"<style.*?</style>|<[^>]+>", re.DOTALL)
Within = tuple[str, str]  # a population, and the one that it is a part of


class Finding(NamedTuple):
    """Something that the files give away."""

    file: str  #: its name, from the folder on
    what: str  #: the figure, in words
    message: str  #: what is known of it, and from what

    def __str__(self) -> str:
        return f"{self.file}: {self.what}: {self.message}"


class Checked(NamedTuple):
    """What was read, and what was found."""

    files: int  #: how many
    figures: int  #: how many figures of tables were read
    hidden: int  #: how many counts among them are hidden
    findings: tuple[Finding, ...]  #: what the files give away, and tables that are not as they are published
    #: how many files and how many figures of an earlier release the tables were compared with.
    earlier: tuple[int, int] = (0, 0)
    not_compared: tuple[str, ...] = ()  #: codes of organisations of which the earlier release has nothing
    organisations: tuple[str, ...] = ()  #: codes of those whose figures stand in the tables


class CheckError(InputError):
    """A folder that can't be checked."""

    outcome = "nothing was checked"


def check_folder(
    folder: Path,
    policy: Policy,
    *,
    of_time: Collection[str],
    sums: SeriesSums,
    columns: Collection[str],
    before: Path | None = None,
) -> Checked:
    """Check the files of a folder (CSV, HTML, notebooks, Word), and of its folders, before they are published.

    `policy`: by which they were made. `of_time`: series that are time over time; days are no people. `sums`: what
    readers know to hold between series. `columns`: of a table of figures; a table with others is not as it was written.
    `before`: an earlier release, whose figures readers have too. Raises CheckError: no such folder, nothing in it that
    can be read, or no table of figures in the earlier one.
    """
    now = _Release(folder, folder, columns)
    if not now.tables and not now.pages:
        hint = f"{now.unknown[0]} has other columns than a table of figures." if now.unknown else ""
        message = "It holds no table of figures (CSV), page (HTML), notebook or paper (Word)."
        raise CheckError.of(str(folder), message, hint)
    earlier = _Release(before, before.parent, columns) if before else None
    told = _comparable(earlier, now) if earlier else []
    before_that = earlier.findings(policy, of_time, sums.within) if earlier else ()
    findings = [one._replace(file=f"{one.file} (the earlier release)") for one in before_that]
    findings += now.findings(policy, of_time, sums.within)
    tables_of: dict[str, list[str]] = {}
    for read in now.marked:
        for code in sorted(set(read.table["organisation"])):
            tables_of.setdefault(code, []).append(read.name)
    for code, names in tables_of.items():
        if len(names) > 1:
            said = f"{code} has another table of figures here, {names[0]}: two releases tell more than each by itself. "
            findings.append(Finding(names[1], "the whole file", f"{said}Keep one, and give the other with --before."))
    hidden = 0
    for read in now.marked:
        for code, own in read.table.groupby("organisation"):
            releases = [one[(one["organisation"] == code) & ~one["series"].isin(of_time)] for one in (*told, own)]
            narrow, asked = narrow_counts(releases, policy, sums)
            findings += [Finding(read.name, _in_words(name), _values(*known)) for name, known in narrow.items()]
            hidden += asked
    files, figures = len(now.tables) + len(now.pages), sum(len(read.table) for read in now.marked)
    compared = len(told), sum(map(len, told))
    before_too = {code for table in told for code in table["organisation"]} if earlier else tables_of.keys()
    new = tuple(sorted(tables_of.keys() - before_too))
    return Checked(files, figures, hidden, tuple(findings), compared, new, tuple(tables_of))


def _comparable(earlier: "_Release", now: "_Release") -> list[pd.DataFrame]:
    """An earlier release's figures, of this one's organisations. Raises CheckError: no table, or none of these."""
    if not earlier.tables:
        message = "It holds no table of figures (CSV) to compare with."
        hint = "Reports alone can't be compared. Leave --before out, or give the folder with that release's figures."
        raise CheckError.of(str(earlier.folder), message, hint)
    codes = {code for read in now.marked for code in read.table["organisation"]}
    before = {code for read in earlier.tables for code in read.table["organisation"]}
    if codes and not codes & before:
        checked, found = (", ".join(sorted(some)[:5]) for some in (codes, before))
        message = f"It holds figures of {found or 'nobody'} and none of {checked}."
        raise CheckError.of(str(earlier.folder), message, "Give that organisation's earlier release.")
    tables = [read.table[read.table["organisation"].isin(codes)] for read in earlier.marked]
    return [table for table in tables if len(table)]


class _Release:
    """The files of a folder and its folders, named from `root` on, by what they are, in order of their names."""

    def __init__(self, folder: Path, root: Path, columns: Collection[str]) -> None:
        if not folder.is_dir():
            is_file = folder.exists()
            message = "This is a file, and a folder is asked for." if is_file else "There is no such folder."
            hint = f"Give the folder that it is in: {folder.parent}" if is_file else ""
            raise CheckError.of(str(folder), message, hint)
        self.folder, self._columns = folder, frozenset(columns)
        self.tables: list[_FiguresFile] = []
        self.pages: list[tuple[str, Path]] = []
        self.unknown: list[str] = []  # CSV that is no table of figures
        self.not_read: list[str] = []
        vouched = set(_vouched_for(folder))
        for file in sorted(folder.rglob("*")):
            name = str(file.relative_to(root))
            if not file.is_file() or file.name.startswith("."):
                continue
            kind = file.suffix.casefold()
            if file in vouched and kind not in (".html", ".ipynb"):
                continue
            if kind in (".html", ".htm", ".ipynb", ".docx"):
                self.pages.append((name, file))
            elif kind != ".csv":
                self.not_read.append(name)
            elif (table := _FiguresFile.read(file, name)) is not None:
                self.tables.append(table)
            else:
                self.unknown.append(name)

    @property
    def marked(self) -> "list[_FiguresFile]":
        return [read for read in self.tables if read.is_marked]

    def findings(self, policy: Policy, of_time: Collection[str], within: Collection[Within]) -> Iterator[Finding]:
        for read in self.tables:
            yield from read.findings(policy, of_time, within)
            if more := [name for name in read.table if name not in self._columns]:
                yield Finding(read.name, "the whole file", f"it has another column, {more[0]}. {_ONLY_SO}")
        for name in self.not_read:
            said = "what is in it can't be checked. Take it out of the folder, or look at every number in it yourself."
            yield Finding(name, "the whole file", said)
        for name in self.unknown:
            words = "its columns are not those of a table of figures, so it can't be checked."
            yield Finding(name, "the whole file", f"{words} {_ONLY_SO}")
        for name, file in self.pages:
            yield from (Finding(name, *one) for one in _page_findings(file, policy))


class _FiguresFile(NamedTuple):
    """A table of figures as it was found; numbers as numbers, NaN where there is none."""

    name: str
    table: pd.DataFrame
    unreadable: pd.DataFrame  # whether it is none, of each row of each column of numbers
    marks: frozenset[str]  # for whom it says that it is

    @classmethod
    def read(cls, file: Path, name: str) -> "_FiguresFile | None":
        try:
            table = pd.read_csv(file, dtype=str, keep_default_na=False)
        except (ValueError, OSError):
            return None
        if not {*_TEXTS, *NUMBERS} <= set(table.columns):
            return None
        texts = table[[*NUMBERS]]
        numbers = texts.replace("", np.nan).apply(pd.to_numeric, errors="coerce")
        marks = frozenset(table["audience"]) if "audience" in table else frozenset()
        return cls(name, table.assign(**numbers), (texts != "") & numbers.isna(), marks)

    @property
    def is_marked(self) -> bool:
        return self.marks == {Audience.PUBLISHED.marking} or (not len(self.table) and not self.marks)

    def findings(self, policy: Policy, of_time: Collection[str], within: Collection[Within]) -> Iterator[Finding]:
        if not self.is_marked:
            exact, unmarked = f'it is marked "{Audience.FORUM.marking}".', f"it is not marked as published. {_ONLY_SO}"
            said = exact if Audience.FORUM.marking in self.marks else unmarked
            yield Finding(self.name, "the whole file", said)
            return
        for wrong, said in self._untreated(policy, of_time):
            if wrong.any():
                yield Finding(self.name, self._lines(np.flatnonzero(wrong)), said)
        own = self.table["series"].isin(of_time) & (self.table[TREATMENT] != AS_PUBLISHED)
        found: dict[str, list[tuple[list[int], float]]] = {}
        for _, days in self.table[own].groupby("organisation"):
            for rows, whose, rest in days_of_few(days, policy.least_days, within, policy.rounded_to / 2):
                found.setdefault(whose, []).append((rows, rest))
        for whose, some in found.items():
            lines = self._lines(np.concatenate([rows for rows, _ in some]))
            least = f"{min(rest for _, rest in some):,.0f} days"
            yield Finding(self.name, lines, f"the sickness of few people can be worked out: {whose} ({least}).")

    def _untreated(self, policy: Policy, of_time: Collection[str]) -> Iterator[tuple[np.ndarray, str]]:
        """Which rows are not as the policy has it, and why."""
        no_number = f"{self.unreadable.any().idxmax()}: something that is no number. {_ONLY_SO}"
        yield self.unreadable.any(axis="columns").to_numpy(), no_number
        treatment = self.table[TREATMENT]
        own = (treatment != AS_PUBLISHED).to_numpy()
        time = self.table["series"].isin(of_time).to_numpy()
        numerator, denominator, value = (self.table[column].to_numpy(dtype=float) for column in NUMBERS)
        is_count = np.isnan(denominator)
        counts = np.array([np.where(is_count & np.isnan(numerator), value, numerator), denominator])
        few = (policy.hides(counts) & ~time).any(axis=0)
        exact = ((counts != policy.nearest(counts)) & ~np.isnan(counts)).any(axis=0)
        yield own & few, f"a count of {policy.hidden_text} is shown."
        yield own & exact & ~few, f"a count is not rounded to the nearest {policy.rounded_to}."
        with np.errstate(divide="ignore", invalid="ignore"):
            due = np.where(is_count, counts[0], numerator / denominator)
        wrong = ~np.isnan(value) & ~np.isclose(value, due, rtol=1e-9, atol=0.0)
        yield own & wrong & ~few & ~exact, "the value is not that of the rounded counts beside it."
        unsaid = ~treatment.isin(_TREATMENTS).to_numpy() & ~np.isnan(counts).all(axis=0)
        yield unsaid & ~few & ~exact & ~wrong, f"{TREATMENT} doesn't say how it was rounded. {_ONLY_SO}"

    def _lines(self, rows: np.ndarray) -> str:
        """Where rows stand in the file, in words; the first line holds the headings."""
        lines = sorted({int(row) + 2 for row in rows})
        first = ", ".join(str(line) for line in lines[:_LINES_NAMED])
        more = f" and {len(lines) - _LINES_NAMED:,} more" if len(lines) > _LINES_NAMED else ""
        return f"line{'' if len(lines) == 1 else 's'} {first}{more}"


def _values(low: int, high: int, beside: Sequence[Name]) -> str:
    values = f"it can only be {' or '.join(map(str, range(low, high + 1)))}."
    adding = "; ".join(map(_in_words, beside[:6]))
    return f"{values} It follows from: {adding}." if adding else values


def _in_words(name: Name) -> str:
    *what, part = name
    return ", ".join(what) + (" (the number below the line)" if part == DENOMINATOR else "")


def _page_findings(file: Path, policy: Policy) -> Iterator[tuple[str, str]]:
    if (kind := file.suffix.casefold()) == ".docx":
        is_unchanged, text = _word_paper(file)
    else:
        text = file.read_text(encoding="utf-8", errors="replace")
        is_unchanged, text = _notebook(text) if kind == ".ipynb" else (is_as_made(text), text)
    if Audience.FORUM.marking in text:
        yield "the whole file", f'it is marked "{Audience.FORUM.marking}".'
        return
    if Audience.PUBLISHED.marking not in text:
        yield "the whole file", f"it is not marked as published. {_ONLY_PAGES}"
    elif not is_unchanged:
        yield "the whole file", f"it was changed after it was made, or an older version made it. {_ONLY_PAGES}"
    said = unescape(_TAGS.sub(" ", " ".join([*re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text), text])))
    for words, counts in sorted({one.group(): one.groups() for one in _OUT_OF.finditer(said)}.items()):
        numbers = [float(count.replace(",", "")) for count in counts]
        if any(policy.hides(numbers)) or any(number % policy.rounded_to for number in numbers):
            yield f'"{words}"', "a count that is not rounded, or of too few people."


def digest_of_file(file: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _vouched_for(folder: Path) -> Iterator[Path]:
    """Manifests of what was made for publication that are as they were made, and the files that are as those say."""
    for file in folder.rglob("manifest.json"):
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            is_as_made_here = said.pop("digest") == digest_of_text(json.dumps(said, sort_keys=True))
            named = {file.parent / name: digest for name, digest in said["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if is_as_made_here and said.get("audience") == Audience.PUBLISHED:
            yield file
            yield from (one for one, digest in named.items() if one.is_file() and digest_of_file(one) == digest)


def _word_paper(file: Path) -> tuple[bool, str]:
    """Whether a paper is as it was made, and what it says; nothing where it can't be read."""
    try:
        parts = parts_of(file.read_bytes())
    except BROKEN_ARCHIVE:
        return False, ""
    said = (parts[name] for name in sorted(parts) if re.fullmatch(r"word/(document|footer\d*)\.xml", name))
    return is_still_sealed(parts), " ".join(one.decode(errors="replace") for one in said)


def _notebook(text: str) -> tuple[bool, str]:
    """Whether a notebook is as it was made, and what its cells show."""
    try:
        notebook = json.loads(text)
        cells, digest = notebook["cells"], notebook["metadata"].get("t4c", {}).get("digest")
    except (ValueError, KeyError, TypeError, AttributeError):
        return False, text
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    shown = " ".join("".join(text) for output in outputs for text in output.get("data", {}).values())
    return digest == digest_of_notebook(notebook), shown


def digest_of_notebook(notebook: Mapping[str, Any]) -> str:
    """The digest of all that a file of a notebook holds, but for itself (SHA-256, hexadecimal)."""
    about = notebook.get("metadata", {})
    own = {name: value for name, value in about.get("t4c", {}).items() if name != "digest"}
    return digest_of_text(json.dumps({**notebook, "metadata": {**about, "t4c": own}}, sort_keys=True))
