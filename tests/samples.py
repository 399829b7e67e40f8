"""How much is tried.

In `make test` whole tasks and a sample of each large set; in `make test-details` what stands beside them too (tests
marked `detail`, and all cases of `some_of`); in `make test-long` and benchmarks/ all of it, the large sets whole.

The variable in front gives the whole another size, for a busy machine: T4C_LINE_SEQUENCES=50.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

Case = TypeVar("Case")

ASKED = os.environ.get("T4C_SAMPLES", "tasks")  # set by `make test-details` and `make test-long`
assert ASKED in {"tasks", "details", "whole"}, f"T4C_SAMPLES is {ASKED}: it can be tasks, details or whole"
LONG = ASKED == "whole"
DETAILS = LONG or ASKED == "details"


class Size(NamedTuple):
    """How many are tried in `make test`, how many in all, and whether those were asked to be fewer than there are."""

    sample: int
    whole: int
    is_reduced: bool = False


def _size(variable: str, sample: int, whole: int) -> Size:
    asked = int(os.environ.get(variable, whole))
    return Size(sample, asked, asked < whole)


LINE_SEQUENCES = _size("T4C_LINE_SEQUENCES", 4 if DETAILS else 2, 200)  # typed and saved over a faulty line
KILLINGS = _size("T4C_KILLINGS", 4, 500)  # of those who write, on each kind of database
MISHAPS = _size("T4C_MISHAPS", 1, 20)  # of each kind, to a database
MUTATED_FILES = _size("T4C_MUTATED_FILES", 150, 5_000)  # publications with something wrong
BROKEN_PLANS = _size("T4C_BROKEN_PLANS", 34, 200)  # plan files with a slip: two of each kind in the sample
BACKTESTED = _size("T4C_BACKTESTED", 16, 1_000)  # organisations whose later counts were forecast
ATTACKED_SAVES = _size("T4C_ATTACKED_SAVES", 2, 7)  # with another attack in each field, turn by turn
AT_ONE_LAPTOP = _size("T4C_AT_ONE_LAPTOP", 4, 12)  # partners who enter their X in one round
TWO_BY_TWO = _size("T4C_TWO_BY_TWO", 18, 40)  # people at most in a table of which every pattern is published
# Demonstrations whose surfaces are compared, besides the organisations at the edge: one whose X are relative, the one
# with the fullest plan, and the smallest; without details the last two. None: all of them.
ONE_TRUTH: tuple[str, ...] = () if LONG else ("DEMO-AM", "DEMO-MH", "DEMO-SC")[not DETAILS :]
# Whose Home and Board axe looks at, at every width: the fullest plan, another one, and nobody's.
LOOKED_AT = ("DEMO-MH", "DEMO-AC", "ZZ9") if LONG else ("DEMO-MH", "ZZ9") if DETAILS else ("DEMO-MH",)
DEFAULT_EXAMPLES = 1_000 if LONG else 40  # of a property whose test asks hypothesis for no number


def examples(asked: int) -> int:
    """How many a test gets that asks hypothesis for so many: ten times as many, or two fifths. Few stay."""
    return 10 * asked if LONG else max(min(asked, 10), asked * 2 // 5)


def some_of(cases: Sequence[Case], count: int) -> Sequence[Case]:
    """All cases where details are asked for, else the first few: put those first that say most."""
    return cases if DETAILS else cases[:count]
