"""The apprenticeship levy: dated rules, and an account in which the oldest funds are spent first and the rest expires.

The rules and their sources stand in parameters/levy.yaml. Wages, backfill and supervision are no part of the account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from t4c_lib.parameters.assumption import FOLDER, read_parameters
from t4c_lib.periods import Month
from t4c_lib.validation_messages import Text, read_model, reading
from t4c_lib.whatif.model_parameters import MONTHS_A_YEAR, Array
from t4c_lib.yaml_text import read_yaml

FILE = FOLDER / "levy.yaml"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"))

    source: Text
    date: int | str


class LevyRule(_Row):
    """What holds from a month on, until the next rule begins."""

    begins: str = Field(alias="from")  #: the first month, as 2026-08
    rate: float = Field(ge=0, le=1)  #: of the pay bill
    allowance: float = Field(ge=0)  #: pounds a year of it that are not paid
    top_up: float = Field(ge=0, le=1)  #: by government, of what is paid in
    lasts: int = Field(ge=1)  #: months until unspent funds expire
    co_investment: float = Field(ge=0, le=1)  #: the employer's part of the price once the account is empty
    most_transferred: float = Field(ge=0, le=1)  #: of a year's funds, to other employers

    @field_validator("begins")
    @classmethod
    def _check_month(cls, value: str) -> str:
        return reading(lambda: str(Month.parse(value)))

    def paid_in(self, pay_bill: Array, english_share: Array) -> Array:
        """Pounds a month that enter the account, top-up included, for a pay bill in pounds a year."""
        levy = np.maximum(self.rate * pay_bill - self.allowance, 0.0) * english_share / MONTHS_A_YEAR
        return np.asarray(levy * (1 + self.top_up))

    def pay_bill(self, paid_in: float, english_share: float) -> float:
        """The pay bill, in pounds a year, for which so many pounds a month enter the account."""
        levy = paid_in * MONTHS_A_YEAR / (1 + self.top_up) / english_share
        return (levy + self.allowance) / self.rate


class Standard(_Row):
    """An apprenticeship standard: what its training costs and how long it takes, as far as a source says so."""

    name: Text
    level: int = Field(ge=2, le=8)
    price: float | None = Field(ge=0)  #: pounds a start, training and assessment
    months: float | None = Field(gt=0)  #: from start to end

    @property
    def label(self) -> str:
        """Name and level, as the groups of observations have them."""
        return f"{self.name}, level {self.level}"


class _LevyFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[LevyRule, ...] = Field(min_length=1)
    standards: tuple[Standard, ...]


@cache
def _file() -> _LevyFile:
    return read_model(_LevyFile, read_yaml(read_parameters(FILE), FILE.name, needs=tuple(_LevyFile.model_fields)))


def levy_rules() -> tuple[LevyRule, ...]:
    """The rules, oldest first. Raises InputError where parameters/levy.yaml has a slip."""
    return tuple(sorted(_file().rules, key=lambda one: one.begins))


def standards() -> tuple[Standard, ...]:
    """The apprenticeship standards, in the file's order. Raises InputError likewise."""
    return _file().standards


def rule_in(month: Month) -> LevyRule:
    """The rule that holds in a month; in one before all of them, the first."""
    rules = levy_rules()
    return next((one for one in reversed(rules) if one.begins <= str(month)), rules[0])


@dataclass(frozen=True, eq=False)
class LevyAccount:
    """Pounds by month. Arrays have the shape months x batch; the first month is the first one that was given."""

    paid_in: Array  #: the levy and its top-up, less what was transferred
    used: Array  #: training paid from the account
    expired: Array
    unpaid: Array  #: training for which nothing was left
    balance: Array  #: what is left at each month's end
    left: Array  #: at the end of the last month, by the month in which it was paid in


def run_account(
    paid_in: Array, training: Array, lasts: Sequence[int], opening: Array | None = None, months_before: int = 0
) -> LevyAccount:
    """Follow an account: funds enter, training is paid from the oldest, and what has reached its age expires.

    Args:
        paid_in: pounds that enter at the beginning of each month, months x batch.
        training: pounds of training to be paid in each month, months x batch.
        lasts: for each month, after how many months unspent funds of it expire, at the month's end.
        opening: what was left of funds paid in earlier, by their month, in place of the first `months_before` rows.
        months_before: how many of the rows only say what is left of them; nothing is paid or expires in these.
    """
    left = np.zeros(np.broadcast_shapes(paid_in.shape, training.shape))
    used, expired, unpaid, balance = (np.zeros_like(left) for _ in range(4))
    if opening is not None:
        left[:months_before] = opening
    ends = np.arange(len(left)) + np.asarray(lasts)
    for month in range(months_before, len(left)):
        left[month] += paid_in[month]
        before = np.cumsum(left[: month + 1], axis=0)
        spent = np.minimum(before, training[month])
        left[: month + 1] -= np.diff(spent, axis=0, prepend=0.0)
        used[month], unpaid[month] = spent[-1], training[month] - spent[-1]
        is_over = ends[: month + 1] <= month
        expired[month] = left[: month + 1][is_over].sum(axis=0)
        left[: month + 1][is_over] = 0.0
        balance[month] = left.sum(axis=0)
    return LevyAccount(np.broadcast_to(paid_in, left.shape), used, expired, unpaid, balance, left)
