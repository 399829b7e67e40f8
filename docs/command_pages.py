"""Reference pages made from what the program declares: commands, levers, files and pages of the workbook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from t4c_lib.cli import app
from t4c_lib.evidence import dictionary
from t4c_lib.evidence.collection_workbook.sheet_layout import COLUMNS as COLLECTED
from t4c_lib.framework import catalogue
from t4c_lib.progress.provenance import PROVENANCE_COLUMNS
from t4c_lib.quantities import number
from t4c_lib.reports.run import Format
from t4c_lib.whatif import LEVERS
from t4c_lib.whatif.levers import ACTIVITIES

ROOT = Path(__file__).resolve().parents[1]
# Where the guides tell of a page of the workbook, and the picture of it that they show.
GUIDES = {
    "home": ("evidence.md", "home.png"),
    "forum": ("forum.md", "forum.png"),
    "what_if": ("what-if.md", "what-if-page.png"),
    "board": ("board.md", "board.png"),
    "work_experience": ("work-experience.md", "work-experience.png"),
    "compare": ("compare.md", "compare.png"),
    "trust_report": ("reports.md", ""),
}
RUN_BY_THE_SITE = "analysis"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown, a line at a time."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in row)} |"


def commands_page() -> str:
    """Every command of `t4c` with its arguments and options, as `--help` shows them."""
    lines = ["# Commands", "", "Made by `make docs` from the program itself: `t4c COMMAND --help` says the same.", ""]
    whole: Any = typer.main.get_command(app)
    for command in whole.commands.values():
        if hasattr(command, "commands"):
            lines += [f"## t4c {command.name}", "", *_paragraphs(command.help), ""]
            for inner in command.commands.values():
                lines += _command(inner, f"t4c {command.name} {inner.name}", 3)
        else:
            lines += _command(command, f"t4c {command.name}", 2)
    return "\n".join(lines)


def _command(command: Any, name: str, level: int) -> Iterator[str]:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = [name, *(_metavar(one) for one in arguments), *(["[OPTIONS]"] if options else [])]
    yield from (f"{'#' * level} {name}", "", *_paragraphs(command.help), "", f"    {' '.join(usage)}", "")
    rows = [(f"`{_metavar(one)}`", one.help or "") for one in arguments]
    context = typer.Context(command)
    for one in options:
        words = ", ".join(f"`{word}`" for word in (*one.opts, *one.secondary_opts))
        rows.append((words, _explained(one, context)))
    if rows:
        yield from (*table(("Argument or option", "What it is for"), rows), "")


def _metavar(argument: Any) -> str:
    word = argument.metavar or argument.name.upper()
    return word if argument.required else f"[{word}]"


def _explained(option: Any, context: Any) -> str:
    choices = str(option.display_type(context)).strip("<>")
    allowed = f" One of: {choices.replace('|', ', ')}." if "|" in choices else ""
    return f"{(option.help or '').rstrip()}{allowed}{' Must be given.' if option.required else ''}"


def _paragraphs(text: str | None) -> list[str]:
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n")).split("\n")


def levers_page() -> str:
    """Every lever of the what-if, with its unit, its range and what it moves."""
    moved: dict[str, list[str]] = {}
    for measure in catalogue().measures:
        for lever in measure.what_if.moved_by if measure.what_if is not None else ():
            moved.setdefault(lever, []).append(measure.key)
    activity = {lever: name for name, levers in ACTIVITIES.items() for lever in levers}
    rows = [
        (
            one.label,
            f"`{one.name}`",
            one.unit,
            f"{number(one.low)} to {number(one.high)}",
            activity.get(one.name, ""),
            ", ".join(f"`{key}`" for key in moved.get(one.name, ())),
        )
        for one in LEVERS.values()
    ]
    heads = ("Lever", "Name in files", "Counted in", "Range", "Hours and pounds counted under", "Measures it moves")
    return "\n".join(
        [
            "# Levers",
            "",
            "What partners can decide in the what-if. The amount of a lever is always its change against today.",
            "Made by `make docs` from `t4c_lib/whatif/levers.yaml`.",
            "",
            "Where an amount is counted as a fraction, 0.1 in the column Range is 10 points, or 10%.",
            "",
            *table(heads, rows),
            "",
            "[One X from wish to what it takes](../guide/what-if.md) shows them at work.",
        ]
    )


FILES_IN = (
    (
        "Official publications",
        "`.csv`, `.csv.gz`, `.xlsx`",
        "`t4c evidence add`",
        "[files that are read](publications.md)",
    ),
    ("Staff extract", "`.csv`, `.csv.gz`", "`t4c evidence add`", "[the columns below](#columns-of-a-staff-extract)"),
    ("Collection workbook, filled in", "`.xlsx`", "`t4c evidence add`", "[its sheet below](#collection-workbook)"),
    ("Plan", "`.yaml`", "`t4c plan import`", "[plan.schema.json](plan.schema.json)"),
    ("Plan as a table", "`.docx`, `.xlsx`", "`t4c plan import`", "[forum guide](../guide/forum.md)"),
    ("Scenarios of an organisation", "`.yaml`", "What-if page", "[what-if guide](../guide/what-if.md)"),
    ("Backup", "any but a document's", "`t4c restore`", "[looking after](../guide/looking-after.md)"),
)
FILES_OUT = (
    ("Plan", "`.yaml`, `.docx`, `.xlsx`", "`t4c plan export`"),
    ("Minutes, pre-read", "`.docx`", "`t4c minutes`, `t4c pre-read`"),
    ("Figures with their sources", "`.csv`", "`t4c evidence check --out`"),
    ("Levy account month by month", "`.csv`", "`t4c whatif --levy --out`"),
    ("Collection workbook, empty", "`.xlsx`", "`t4c evidence template`"),
    ("A page as one file", "`.html`", "`t4c snapshot`"),
    ("Backup", "any but a document's", "`t4c backup`"),
)


def file_formats_page() -> str:
    """What goes in and what comes out, with the columns of the tables that people make or read."""
    reports = ("Report", ", ".join(f"`{one.value}`" for one in Format), "`t4c report --formats`")
    columns = [
        (f"`{one.column}`", one.required, one.type, one.allowed, one.unit, one.blank_means, one.description)
        for one in dictionary()
    ]
    heads = ("Column", "Required", "Type", "Allowed", "Unit", "Empty means", "What it holds")
    return "\n".join(
        [
            "# File formats",
            "",
            "Text is UTF-8. Dates are written 2026-03-31, months 2026-03, financial years 2026/27.",
            "",
            "## What goes in",
            "",
            *table(("File", "Ending", "Read by", "What it looks like"), FILES_IN),
            "",
            "## What comes out",
            "",
            *table(("File", "Ending", "Written by"), (*FILES_OUT, reports)),
            "",
            "## Columns of a staff extract",
            "",
            "A row is a person's assignment in a month; [what is made of it](staff-extract.md). No person is kept.",
            "",
            *table(heads, columns),
            "",
            "## Collection workbook",
            "",
            f"The sheet for figures has the columns {', '.join(COLLECTED)}. What is typed wrongly is marked in a copy.",
            "",
            "## Table of figures",
            "",
            f"`t4c evidence check --out` writes the columns {', '.join(f'`{one}`' for one in PROVENANCE_COLUMNS)}.",
        ]
    )


def workbook_pages_page() -> str:
    """The notebooks, as the program lists them, each with the picture that its guide shows."""
    found = []
    for file in sorted((ROOT / "workbooks").glob("*.ipynb")):
        metadata = json.loads(file.read_text(encoding="utf-8"))["metadata"]
        ours = metadata.get("t4c", {})
        found.append((ours.get("order", 1_000), file.stem, metadata["title"], ours.get("summary", "")))
    lines = [
        "# Pages of the workbook",
        "",
        "Each page is a notebook in `workbooks/`. The pictures show made-up organisations.",
        "",
    ]
    for _, name, title, summary in sorted(found):
        lines += [f"## {title}", "", *([summary, ""] if summary else [])]
        if name in GUIDES:
            guide, picture = GUIDES[name]
            lines += [f"![The page for a made-up organisation: {title}](../guide/{picture})", ""] if picture else []
            lines += [f"`workbooks/{name}.ipynb` · [guide](../guide/{guide})", ""]
        elif name == RUN_BY_THE_SITE:
            lines += [f"[The notebook with what it gives](../../workbooks/{name}.ipynb)", ""]
        else:
            lines += [f"`workbooks/{name}.ipynb`", ""]
    return "\n".join(lines)
