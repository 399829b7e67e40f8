"""The columns of a person-level staff extract, as data/dictionary.csv defines them: the one place that says so."""

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import RootModel

from t4c_lib.errors import Problem, find_named
from t4c_lib.evidence.files import folded
from t4c_lib.evidence.slips import slips
from t4c_lib.html_templates import text_from
from t4c_lib.validation_messages import read_shipped

REFUSED = "refused"  # stands in blank_means where a cell may not be empty


class DictionaryColumn(NamedTuple):
    """One column of a staff extract."""

    column: str  #: its name
    required: str  #: "yes", "no", or the condition in words
    type: str  #: date, text, choice, number or whole number
    allowed: str  #: what its values may be: choices with " | " between them, a range "0 to 1.5", or words
    unit: str  #: of a number
    blank_means: str  #: what an empty cell says; "refused" where it may not be empty
    description: str  #: what it holds
    used_by: str  #: keys of the series that are made of it, with spaces between them

    @property
    def is_required(self) -> bool:
        return self.required == "yes"

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
    in_wheel = Path(__file__).with_name("dictionary.csv")  # a wheel carries the checkout's data/dictionary.csv
    path = in_wheel if in_wheel.is_file() else Path(__file__).parents[3] / "data" / "dictionary.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(DictionaryColumn(**row) for row in csv.DictReader(file))


def dictionary_column(name: str) -> DictionaryColumn:
    """One column by its name. Raises UnknownNameError."""
    return find_named("column of a staff extract", name, {one.column: one for one in dictionary()})


# The column of the staff extract for each heading of a staff list out of the Electronic Staff Record.
_CALLED = read_shipped(RootModel[dict[str, tuple[str, ...]]], __package__, "esr_headings.yaml").root
ESR_HEADINGS = {heading: column for column, headings in _CALLED.items() for heading in headings}


def esr_advice(header: Sequence[str], row: str) -> list[Problem]:
    """How a staff list's headings, which stand in `row`, become a staff extract's; nothing for any other header."""
    called = {folded(name): name for name in header if name}
    taken: dict[str, str] = {}
    for heading, name in called.items():
        if heading in ESR_HEADINGS:
            taken.setdefault(ESR_HEADINGS[heading], name)
    telling = [one.pattern for one in slips("heading of a staff list")]
    if len(taken) < 3 or sum(any(re.fullmatch(one, heading) for one in telling) for heading in called) < 2:
        return []
    absent = [one.column for one in dictionary() if one.is_required and one.column not in taken]
    absent += [] if taken.keys() & {"age", "birth_year"} else ["age or birth_year"]
    others = [name for heading, name in called.items() if heading not in ESR_HEADINGS]
    advice = text_from("evidence/staff_extract/esr_advice.txt.j2", taken=taken, absent=absent, others=others)
    what_it_is, _, what_to_do = advice.strip().partition("\n")
    return [Problem(row, what_it_is), Problem("", what_to_do)]
