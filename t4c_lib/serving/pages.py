"""Which notebooks are pages: those with a title, save reports, which have a cell of parameters."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from t4c_lib.errors import InputError, Problem

NAME = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Page:
    """A notebook that is served.

    Attributes:
        name: the file's name without its ending, which is also its address: `forum` for `/forum`.
        title: from the notebook's metadata (`title`).
        summary: one sentence for the list of pages (`t4c.summary` of the metadata), or empty.
        order: its place in that list (`t4c.order` of the metadata, a number); pages without one come last, by name.
        notebook: the file.
    """

    name: str
    title: str
    summary: str
    order: float
    notebook: Path


def find_pages(folder: Path) -> tuple[Page, ...]:
    """The pages among a folder's notebooks, in the order in which they are listed. Folders inside it are not searched.

    Raises:
        InputError: the folder is not there, or a notebook can't be read or has a name no address can have.
    """
    if not folder.is_dir():
        raise InputError(str(folder), [Problem("", "There is no such folder of notebooks.")])
    problems: list[Problem] = []
    pages = [page for file in sorted(folder.glob("*.ipynb")) if (page := _read(file, problems)) is not None]
    if problems:
        raise InputError(str(folder), problems)
    return tuple(sorted(pages, key=lambda page: (page.order, page.name)))


def _read(file: Path, problems: list[Problem]) -> Page | None:
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
        metadata, cells = dict(notebook["metadata"]), list(notebook["cells"])
        is_report = any("parameters" in cell["metadata"].get("tags", []) for cell in cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        problems.append(Problem(file.name, "This is not a notebook, or it was damaged when it was saved."))
        return None
    if is_report or not metadata.get("title"):
        return None
    if not NAME.fullmatch(file.stem):
        problems.append(
            Problem(file.name, "A page's name may have small letters, digits and underscores only: it is an address.")
        )
        return None
    ours = metadata.get("t4c", {})
    order = ours.get("order", math.inf)
    if not isinstance(order, int | float):
        problems.append(
            Problem(file.name, f"The page's place in the list (t4c.order) is '{order}'; it must be a number.")
        )
        return None
    return Page(
        name=file.stem,
        title=str(metadata["title"]),
        summary=str(ours.get("summary", "")),
        order=order,
        notebook=file,
    )
