"""Reads finished files as somebody outside would, and says which hidden counts they give away.

Figures are read back out of the tables of figures (CSV) of a folder; what may be known to hold between them is taken
from the figures alone, as a reader has to. Pages and notebooks are read for exact figures among them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd

from t4c_lib.disclosure import Audience
from t4c_lib.disclosure.policy import TREATMENT, Policy
from t4c_lib.disclosure.reader import Name, narrow_counts
from t4c_lib.disclosure.relations import DENOMINATOR, NUMERATOR, SeriesSums
from t4c_lib.errors import InputError, Problem

COLUMNS = ("organisation", "series", "population", "breakdown", "period", NUMERATOR, DENOMINATOR, "value", TREATMENT)
_TEXTS = (*COLUMNS[:5], TREATMENT)
_COUNT = r"(\d[\d,]*(?:\.\d+)?)"
_OUT_OF = re.compile(rf"(?<![\d,.]){_COUNT} of (?:today's )?{_COUNT}(?= people| leavers| newcomers| FTE days|\))")
_TAGS = re.compile(r"<style.*?</style>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """Something that the files give away.

    Attributes:
        file: its name, from the folder on.
        what: the figure, in words.
        message: what is known of it, and from what.
    """

    file: str
    what: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}: {self.message}"


@dataclass(frozen=True)
class Checked:
    """What was read, and what was found.

    Attributes:
        files: how many.
        figures: how many figures of tables were read.
        hidden: how many counts among them are hidden.
        findings: what the files give away.
    """

    files: int
    figures: int
    hidden: int
    findings: tuple[Finding, ...]


def check_folder(
    folder: Path, policy: Policy, *, of_time: Collection[str], sums: SeriesSums, before: Path | None = None
) -> Checked:
    """Check the files of a folder, and of its folders, before they are published.

    Args:
        folder: with tables of figures (CSV), pages (HTML) and notebooks.
        policy: by which they were made.
        of_time: series that are time over time; days are no people.
        sums: what readers know to hold between series.
        before: the folder of the release before, whose figures readers have too.

    Raises:
        InputError: there is no such folder, or nothing in it that can be read.
    """
    for one in (folder, *([before] if before else [])):
        if not one.is_dir():
            raise InputError(str(one), [Problem("", "There is no such folder.")])
    tables = {file: table for file in sorted(folder.rglob("*.csv")) if (table := _table(file)) is not None}
    pages = sorted([*folder.rglob("*.html"), *folder.rglob("*.ipynb")])
    if not tables and not pages:
        raise InputError(str(folder), [Problem("", "It holds no table of figures (CSV), page (HTML) or notebook.")])
    earlier = [table for file in sorted(before.rglob("*.csv")) if (table := _table(file)) is not None] if before else []
    findings, figures, hidden = [], 0, 0
    for file, table in tables.items():
        name = str(file.relative_to(folder))
        if Audience.FORUM.marking in set(table.get("audience", ())):
            findings.append(Finding(name, "the whole file", f'it is marked "{Audience.FORUM.marking}".'))
            continue
        for code, own in table.groupby("organisation"):
            releases = [one[(one["organisation"] == code) & ~one["series"].isin(of_time)] for one in (*earlier, own)]
            told, asked = _narrow(releases, policy, sums)
            findings += [Finding(name, what, message) for what, message in told.items()]
            figures, hidden = figures + len(own), hidden + asked
    findings += [Finding(str(file.relative_to(folder)), *one) for file in pages for one in _page_findings(file, policy)]
    return Checked(len(tables) + len(pages), figures, hidden, tuple(findings))


def _table(file: Path) -> pd.DataFrame | None:
    """A table of figures; None where the file is none."""
    try:
        table = pd.read_csv(file, dtype=dict.fromkeys(_TEXTS, str))
    except (ValueError, OSError):
        return None
    return table.fillna({"population": "", TREATMENT: ""}) if set(COLUMNS) <= set(table.columns) else None


def _narrow(releases: Sequence[pd.DataFrame], policy: Policy, sums: SeriesSums) -> tuple[dict[str, str], int]:
    """The hidden counts of the last release that are known too well, with what is known; and how many are hidden."""
    narrow, hidden = narrow_counts(releases, policy, sums)
    return {_in_words(name): _values(*known) for name, known in narrow.items()}, hidden


def _values(low: int, high: int, beside: Sequence[Name]) -> str:
    values = f"it is {low}" if low == high else f"it is {' or '.join(map(str, range(low, high + 1)))}"
    adding = "; ".join(map(_in_words, beside[:6]))
    return f"{values}{f', if this adds up: {adding}' if adding else ''}."


def _in_words(name: Name) -> str:
    *what, part = name
    return ", ".join(filter(None, (*what, part if part == DENOMINATOR else "")))


def _page_findings(file: Path, policy: Policy) -> Iterator[tuple[str, str]]:
    """Exact figures in a page or notebook, and pages that are not for publication."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix == ".ipynb":
        text = _shown(text)
    if Audience.FORUM.marking in text:
        yield "the whole page", f'it is marked "{Audience.FORUM.marking}".'
        return
    said = unescape(_TAGS.sub(" ", " ".join([*re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text), text])))
    found = {one.group(): one.groups() for one in _OUT_OF.finditer(said)}
    for words, counts in sorted(found.items()):
        numbers = [float(count.replace(",", "")) for count in counts]
        if any(policy.hides(numbers)) or any(number % policy.rounded_to for number in numbers):
            yield f'"{words}"', "a count that is not rounded, or of too few people."


def _shown(notebook: str) -> str:
    """What the cells of a notebook show."""
    try:
        cells = json.loads(notebook)["cells"]
    except (ValueError, KeyError, TypeError):
        return notebook
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return " ".join("".join(text) for output in outputs for text in output.get("data", {}).values())
