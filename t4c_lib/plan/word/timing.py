"""Dates as people write them into the timeline column: read to months where they can be, the text kept in any case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from t4c_lib.periods import FinancialYear, Month, PeriodError, Quarter

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR: Final = r"[,\s-]*(?:of\s+)?['’]?(20\d\d|\d\d)(?![\d/])"
# The first form that fits at a place counts.
_DATE: Final = re.compile(
    rf"(?P<q>(?:q|quarter\s*)(?P<quarter>[1-4])(?:\s+of)?\s+(?P<quarter_of>20\d\d)\s*[/-]\s*\d\d)\b"
    rf"|(?P<iso>\b20\d\d-(?:0[1-9]|1[0-2])\b)"
    rf"|(?P<day>\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:20)?\d\d\b)"
    rf"|(?P<numbers>\b\d{{1,2}}/20\d\d\b)"
    rf"|(?P<year>\b20\d\d\s*[/-]\s*\d\d\b)"
    rf"|(?P<named>\b(?P<name>{_NAME}){_YEAR})",
    re.IGNORECASE,
)
# "April to June 2026": the year is said once for both.
_SPAN: Final = re.compile(rf"\b(?P<first>{_NAME})(?P<to>\s*(?:-|–|to|/|and)\s*){_NAME}(?P<year>{_YEAR})", re.IGNORECASE)
_STARTING: Final = re.compile(r"\b(?:from|start\w*|commenc\w+|begin\w*|since)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Timing:
    """What the timeline column says of a row.

    Attributes:
        text: as written, line by line.
        months: every month named, in the order of the text; the last one of a quarter or financial year.
        starting: the text speaks of a start, not of an end.
    """

    text: str
    months: tuple[Month, ...] = ()
    starting: bool = False

    @property
    def month(self) -> Month | None:
        """The month, if exactly one is named."""
        return self.months[0] if len(set(self.months)) == 1 else None


def read_timing(text: str) -> Timing | None:
    """Read the dates in a text; None for an empty one. What can't be read stays text, and nothing is refused."""
    if not text.strip():
        return None
    return Timing(text, tuple(_months(text)), bool(_STARTING.search(text)))


def _months(text: str) -> Iterator[Month]:
    whole = _SPAN.sub(lambda span: span[0].replace(span["first"], f"{span['first']} {span['year'].strip()}", 1), text)
    for match in _DATE.finditer(whole):
        try:
            yield _month(match)
        except PeriodError:  # "13/2026": no month, so it stays text
            continue


def _month(match: re.Match[str]) -> Month:
    numbers = [int(digits) for digits in re.findall(r"\d+", match[0])]
    if match["q"]:
        return Quarter(int(match["quarter_of"]), int(match["quarter"])).months[-1]
    if match["iso"]:
        return Month.parse(match[0])
    if match["year"]:
        return FinancialYear.parse(f"{numbers[0]}/{numbers[1]:02d}").months[-1]
    month = numbers[-2] if match["name"] is None else _MONTHS.index(match["name"][:3].casefold()) + 1
    return Month(numbers[-1] % 100 + 2000, month)
