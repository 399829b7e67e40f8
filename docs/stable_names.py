"""The names of docs/reference/stable-names.md: the site shows what they say of themselves, a test holds them."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent / "reference" / "stable-names.md"
_ROW = re.compile(r"^\| `(t4c_lib\.[\w.]+)` \| (.+) \|$", re.MULTILINE)


def stable_names() -> dict[str, str]:
    """The full name of each, in the page's order, with what the page says of it."""
    return dict(_ROW.findall(PAGE.read_text(encoding="utf-8")))


def columns_of(name: str) -> list[str]:
    """The columns of the table that a name gives, as the page lists them: its first sentence, after the colon."""
    said = stable_names()[name].partition(": ")[2].partition(".")[0]
    return re.findall(r"`(\w+)`", said)


def found(name: str) -> Any:
    """What a full name stands for. Raises AttributeError or ImportError where it is gone."""
    room, _, last = name.rpartition(".")
    return getattr(found(room) if room.rpartition(".")[2][0].isupper() else import_module(room), last)
