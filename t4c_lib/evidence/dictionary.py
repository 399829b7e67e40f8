"""The columns of a person-level staff extract, as data/dictionary.csv defines them: the one place that says so."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from t4c_lib.errors import UnknownNameError

REFUSED = "refused"  # stands in blank_means where a cell may not be empty


@dataclass(frozen=True)
class DictionaryColumn:
    """One column of a staff extract.

    Attributes:
        column: its name.
        required: "yes", "no", or the condition in words.
        type: date, text, choice, number or whole number.
        allowed: what its values may be: choices with " | " between them, a range "0 to 1.5", or words.
        unit: of a number.
        blank_means: what an empty cell says; "refused" where it may not be empty.
        description: what it holds.
        used_by: keys of the series that are made of it, with spaces between them.
    """

    column: str
    required: str
    type: str
    allowed: str
    unit: str
    blank_means: str
    description: str
    used_by: str

    @property
    def is_required(self) -> bool:
        return self.required == "yes"

    @property
    def may_be_blank(self) -> bool:
        return self.blank_means != REFUSED

    @property
    def choices(self) -> tuple[str, ...]:
        """The values a choice may have; none for other types."""
        return tuple(self.allowed.split(" | ")) if self.type == "choice" else ()

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value of a number, both allowed."""
        low, high = self.allowed.split(" to ")
        return float(low), float(high)


@cache
def dictionary() -> tuple[DictionaryColumn, ...]:
    """All columns a staff extract may have, in the order in which they are best exported."""
    with _path().open(encoding="utf-8", newline="") as file:
        return tuple(DictionaryColumn(**row) for row in csv.DictReader(file))


def dictionary_column(name: str) -> DictionaryColumn:
    """One column by its name. Raises UnknownNameError."""
    for column in dictionary():
        if column.column == name:
            return column
    raise UnknownNameError("column of a staff extract", name, [column.column for column in dictionary()])


def _path() -> Path:
    """data/dictionary.csv of the checkout; a wheel carries the same file inside the package."""
    in_wheel = Path(__file__).with_name("dictionary.csv")
    return in_wheel if in_wheel.is_file() else Path(__file__).parents[2] / "data" / "dictionary.csv"
