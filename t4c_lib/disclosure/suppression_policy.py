"""The small-number policy: which counts of people are hidden, and how the others are rounded.

A count of few people is hidden and reads "7 or fewer"; any other is rounded to the nearest 5. Shares, rates,
intervals, heads and differences are worked out from the rounded counts. The numbers are those of
parameters/disclosure.yaml.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, Field

from t4c_lib.filesystem import shipped
from t4c_lib.html_templates import text_from
from t4c_lib.validation_messages import Text, read_model
from t4c_lib.yaml_text import read_yaml

# Columns that published figures have besides, and what the first of them says.
TREATMENT = "published_as"  # the column that says how a figure was treated
ROUNDED_TO = "rounded_to"  # the column that says to which multiple its counts are rounded; 0 where they are exact
AS_PUBLISHED = "as officially published"
ROUNDED = "rounded"
DAYS_A_MONTH = 30
HIDDEN = "hidden: few people"
SMALL_BASE = "hidden: share of few people"
LEFT_OUT = "left out: it could be worked out from other figures"
FILE = shipped("parameters") / "disclosure.yaml"


class _Row(BaseModel, frozen=True, extra="forbid", strict=True):
    source: Text
    date: int | str
    note: str = ""


class WholeNumber(_Row):
    """A number of the policy, with its unit, source and date."""

    value: int = Field(ge=1)
    unit: Text


class Choice(_Row):
    """A yes or no of the policy, with its source and date."""

    value: bool


class _Rows(BaseModel, frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-")):
    hidden_up_to: WholeNumber
    zero_shown: Choice
    rounded_to: WholeNumber
    smallest_base: WholeNumber
    fewest_possible_values: WholeNumber


class _File(BaseModel, frozen=True, extra="forbid"):
    disclosure: _Rows


class Policy(NamedTuple):
    """What is hidden and what is rounded."""

    hidden_up_to: int = 7  #: the largest count of people that is hidden, inclusive
    zero_shown: bool = False  #: whether a count of nobody is shown as 0
    rounded_to: int = 5  #: the number to whose multiples other counts are rounded
    smallest_base: int = 20  #: the smallest rounded denominator of which a share or rate is shown
    fewest_possible_values: int = 3  #: how many values of a hidden count all published figures together must leave

    @property
    def least_days(self) -> int:
        """The fewest days, of sickness or available, of which a rate is shown: those of a month of so many people."""
        return self.smallest_base * DAYS_A_MONTH

    @property
    def hidden_text(self) -> str:
        """What stands in place of a hidden count."""
        return f"{self.hidden_up_to} or fewer"

    @property
    def sentence(self) -> str:
        """What readers of published figures must know of them."""
        return text_from("disclosure/published.txt.j2", policy=self).strip()

    def hides(self, counts: ArrayLike) -> np.ndarray:
        """Which counts are hidden; those that are not known (NaN) are not."""
        exact = np.asarray(counts, dtype=float)
        return np.asarray((exact <= self.hidden_up_to) & ~(self.zero_shown & (exact == 0)))

    def nearest(self, counts: ArrayLike) -> np.ndarray:
        """The multiples that numbers are rounded to, halves upwards; NaN stays NaN."""
        return np.asarray(np.floor(np.asarray(counts, dtype=float) / self.rounded_to + 0.5) * self.rounded_to)

    def rounded(self, counts: ArrayLike) -> np.ndarray:
        """Counts as they are published: rounded, halves upwards; NaN where hidden or not known."""
        return np.where(self.hides(counts), np.nan, self.nearest(counts))

    def possible(self, published: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """The least and greatest whole count, inclusive, behind each published one, NaN for a hidden one."""
        shown = np.asarray(published, dtype=float)
        hidden, half = np.isnan(shown), self.rounded_to / 2
        is_zero = (shown == 0) & self.zero_shown
        least = np.maximum(np.ceil(np.nan_to_num(shown) - half), self.hidden_up_to + 1)
        greatest = np.ceil(np.nan_to_num(shown) + half) - 1
        low = np.where(hidden, int(self.zero_shown), np.where(is_zero, 0, least))
        high = np.where(hidden, self.hidden_up_to, np.where(is_zero, 0, greatest))
        return low.astype(np.int64), high.astype(np.int64)


def read_policy(text: str, source: str) -> Policy:
    """Read a policy. Raises InputError: every problem: no YAML; keys missing, unknown or twice; wrong values."""
    rows = read_model(_File, read_yaml(text, source, needs=tuple(_File.model_fields))).disclosure
    return Policy(**{name: getattr(rows, name).value for name in _Rows.model_fields})


@lru_cache(maxsize=1)
def policy(file: Path = FILE) -> Policy:
    """The policy that holds here, from parameters/disclosure.yaml. Raises InputError where that file has a slip."""
    return read_policy(file.read_text(encoding="utf-8"), file.name)
