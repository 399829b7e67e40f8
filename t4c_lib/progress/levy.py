"""The apprenticeship levy: dated rules, an account, and where a scenario takes the account of one organisation.

The oldest funds are spent first and the rest expires. The rules and their sources stand in parameters/levy.yaml. Wages,
backfill and supervision are no part of the account.

Paid in, spent, balance, prices and planned times come from the collection workbook where they were entered; national
figures stand in. Without a balance the account begins with what two years of payments and training leave: as they were
entered, and as today for the other months.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field

from t4c_lib.filesystem import read_text
from t4c_lib.framework.definitions import MonthText
from t4c_lib.parameters import Assumption, Assumptions, Layer, Layered, assumptions
from t4c_lib.parameters.assumption import FOLDER
from t4c_lib.periods import Month
from t4c_lib.progress.observed_rates import with_local_figures
from t4c_lib.progress.turnover_and_derived_series import KNOWN
from t4c_lib.quantities import count_of, number
from t4c_lib.validation_messages import Text, read_model
from t4c_lib.whatif.rates import MONTHS_A_YEAR, Array
from t4c_lib.yaml_text import read_yaml

FILE = FOLDER / "levy.yaml"


class _Row(BaseModel, frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-")):
    source: Text
    date: int | str


class LevyRule(_Row):
    """What holds from a month on, until the next rule begins."""

    begins: MonthText = Field(alias="from")  #: the first month, as 2026-08
    rate: float = Field(ge=0, le=1)  #: of the pay bill
    allowance: float = Field(ge=0)  #: pounds a year of it that are not paid
    top_up: float = Field(ge=0, le=1)  #: by government, of what is paid in
    lasts: int = Field(ge=1)  #: months until unspent funds expire
    co_investment: float = Field(ge=0, le=1)  #: the employer's part of the price once the account is empty
    most_transferred: float = Field(ge=0, le=1)  #: of a year's funds, to other employers

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


class _LevyFile(BaseModel, frozen=True, extra="forbid"):
    rules: tuple[LevyRule, ...] = Field(min_length=1)
    standards: tuple[Standard, ...]


@cache
def _file() -> _LevyFile:
    return read_model(_LevyFile, read_yaml(read_text(FILE), FILE.name, needs=tuple(_LevyFile.model_fields)))


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


class LevyAccount(NamedTuple):
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
        spent = np.minimum(np.cumsum(left[: month + 1], axis=0), training[month])
        left[: month + 1] -= np.diff(spent, axis=0, prepend=0.0)
        used[month], unpaid[month] = spent[-1], training[month] - spent[-1]
        is_over = ends[: month + 1] <= month
        expired[month] = left[: month + 1][is_over].sum(axis=0)
        left[: month + 1][is_over] = 0.0
        balance[month] = left.sum(axis=0)
    return LevyAccount(np.broadcast_to(paid_in, left.shape), used, expired, unpaid, balance, left)


ACCOUNT_BEFORE = 24  # months in which an account fills before month 0; no funds last longer
OLD_FUNDS, PAY_BILL, ENGLISH = "levy-months-before-august-2026", "pay-bill-per-person", "levy-english-share"
TRANSFERRED, PRICE, DURATION = "levy-transferred", "apprenticeship-price", "apprenticeship-months"
PARAMETERS = (PAY_BILL, ENGLISH, TRANSFERRED, PRICE)
HOURS = "apprenticeship-release"
# What standards say of all apprentices, by assumption: the series, what it is called, and whether the mean is one of
# starts (else of learners: whoever learns for longer counts for longer).
BY_STANDARD = {
    PRICE: ("apprenticeship-price", "prices", True),
    DURATION: ("apprenticeship-duration", "planned months", True),
    HOURS: ("apprenticeship-training-hours", "hours", False),
}


def _known(observations: pd.DataFrame, series: str) -> pd.DataFrame:
    return observations[(observations["series"] == series) & observations["state"].isin(KNOWN)]


def newest_by_group(observations: pd.DataFrame, series: str, column: str = "value") -> dict[str, float]:
    """The newest value, or another column, of a series for each of its groups, as observations name them."""
    chosen = _known(observations, series)
    newest = chosen.sort_values("period", kind="stable").drop_duplicates("breakdown", keep="last")
    return dict(zip(newest["breakdown"], newest[column].astype(float), strict=True))


def counted_levy(observations: pd.DataFrame, people: float, now: Month) -> dict[str, Assumption]:
    """Assumptions by its own account and standards, the pay bill in proportion to `people`: all staff in month 0."""
    found, here = dict[str, Assumption](), by_standard(observations)
    for name, (_, what, _) in BY_STANDARD.items():
        known = here.dropna(subset=[name])
        if len(known):
            source = f"{what} of {count_of(len(known), 'standards')}, {number(known['learners'].sum())} learners"
            found[name] = _certain(name, _mean_of_standards(here, name), source, now)
    paid = _months_of(observations, "levy-paid-in")
    if paid and people:
        share = assumptions().get(ENGLISH).central
        bills = [rule_in(month).pay_bill(value, share) for month, value in paid.items()]
        source = f"{count_of(len(paid), 'months')} of levy paid in, worked back to the pay bill"
        found[PAY_BILL] = _certain(PAY_BILL, float(np.mean(bills)) / people, source, max(paid))
    given = _months_of(observations, "levy-transferred")
    if given and any(paid.values()):
        part = min(float(np.sum([*given.values()]) / np.sum([*paid.values()])), 1.0)
        found[TRANSFERRED] = _certain(TRANSFERRED, part, "transferred of what was paid in", max(given))
    return found


def _months_of(observations: pd.DataFrame, series: str) -> dict[Month, float]:
    chosen = _known(observations, series)
    months = {Month.parse(month): float(value) for month, value in zip(chosen["period"], chosen["value"], strict=True)}
    return {month: value for month, value in months.items() if month.months_until(max(months)) < MONTHS_A_YEAR}


def by_standard(observations: pd.DataFrame) -> pd.DataFrame:
    """The organisation's apprenticeships by standard: a row each that has learners; none where they are not known.

    Columns: `learners`; `starts` a month that keep as many in learning; and of each assumption of BY_STANDARD what was
    entered, NaN where nothing was. A standard without planned months lasts as long as the others do on average.
    """
    learners = pd.Series(newest_by_group(observations, "apprentices-by-standard"), dtype=float)
    table = pd.DataFrame({"learners": learners[learners > 0]})
    for name, (series, *_) in BY_STANDARD.items():
        entered = pd.Series(newest_by_group(observations, series), dtype=float)
        table[name] = entered[entered > 0].reindex(table.index)
    starts = table["learners"] / table[DURATION]
    others = starts.sum() / table["learners"][starts.notna()].sum() if starts.notna().any() else 1.0
    return table.assign(starts=starts.fillna(table["learners"] * others))


def _mean_of_standards(standards_here: pd.DataFrame, name: str) -> float:
    """Of an assumption of BY_STANDARD, over the standards for which it was entered; NaN where it was for none."""
    known = standards_here.dropna(subset=[name])
    weights = known["starts" if BY_STANDARD[name][-1] else "learners"]
    return float(np.average(known[name], weights=weights)) if len(known) else np.nan


def _certain(name: str, value: float, source: str, month: Month) -> Assumption:
    return with_local_figures(name, (value, value, value), source, str(month), interval="")


class LevyOutlook(NamedTuple):
    """The account under one scenario, from month 1 on; arrays are months x batch, of which the first is the central."""

    account: LevyAccount
    co_invested: Array  #: what the organisation pays towards training that the account couldn't pay
    training_today: float  #: pounds of training a month that today's apprentices take
    #: training of the last 12 months as the organisation entered it; empty where it did not.
    spent: Mapping[Month, float]
    is_choice_open: bool  #: whether it is not known when funds of before August 2026 expire


class InTraining(NamedTuple):
    """What the account needs of a run: arrays (months + 1) x batch, but for the starts, which begin with month 1."""

    staff: Array  #: heads of the organisation
    learners: Array  #: apprentices
    starts: Array  #: apprenticeships begun in the month


def levy_outlook(
    run: InTraining,
    rates: Mapping[str, Array],
    assumptions: Layered,
    observations: pd.DataFrame,
    now: Month,
    *,
    lasts: int,
) -> LevyOutlook:
    """Where a run, whose batch is that of the rates, takes the account.

    `rates`: a value for each of the batch of PARAMETERS and DURATION. `assumptions`: whose layers say whether the age
    of older funds was chosen. `now`: month 0. `lasts`: months until funds paid in before the newest rule expire.
    """
    months = [now + step for step in range(1 - ACCOUNT_BEFORE, len(run.staff))]
    # Before month 0 there were as many as in it, but for what was counted.
    staff, training = (
        np.concatenate([np.repeat(values[:1], ACCOUNT_BEFORE - 1, axis=0), values])
        for values in (run.staff, _training(run, rates, by_standard(observations)))
    )
    today, spent = float(training[0, 0]), _months_of(observations, "levy-spent")
    for at, month in enumerate(months[:ACCOUNT_BEFORE]):
        training[at] = spent.get(month, training[at])
    rules = [rule_in(month) for month in months]
    pay_bill = staff * rates[PAY_BILL]
    paid_in = np.stack([rule.paid_in(bill, rates[ENGLISH]) for rule, bill in zip(rules, pay_bill, strict=True)])
    most = np.array([rule.most_transferred for rule in rules])[:, None]
    paid_in = paid_in * (1 - np.minimum(rates[TRANSFERRED], most))
    newest = levy_rules()[-1]
    # Until the newest rule begins, funds last as long as the one says under which they were paid in.
    until = (month.months_until(Month.parse(newest.begins)) for month in months)
    ages = ((rule, max(lasts, min(rule.lasts, left))) for rule, left in zip(rules, until, strict=True))
    age = [rule.lasts if rule is newest else older for rule, older in ages]
    before = run_account(paid_in[:ACCOUNT_BEFORE], training[:ACCOUNT_BEFORE], age[:ACCOUNT_BEFORE])
    opening = _as_counted(before.left, age[:ACCOUNT_BEFORE], observations)
    account = run_account(paid_in, training, age, opening, ACCOUNT_BEFORE)
    parts = np.array([rule.co_investment for rule in rules])[:, None]
    later = {one: getattr(account, one)[ACCOUNT_BEFORE:] for one in ("paid_in", "used", "expired", "unpaid", "balance")}
    is_open = assumptions.layer(OLD_FUNDS) is Layer.national and any(rule is not newest for rule in rules)
    return LevyOutlook(account._replace(**later), (account.unpaid * parts)[ACCOUNT_BEFORE:], today, spent, is_open)


def _training(run: InTraining, rates: Mapping[str, Array], here: pd.DataFrame) -> Array:
    """Pounds of training to be paid in each month, from month 0 on: months + 1 x batch.

    Starts are shared out among standards as they stand today, and each standard is paid in equal parts over its own
    months. What it costs and how long it takes are in proportion to the mean, which the rates have. How many are in
    learning is the model's, which lets all learn equally long: it says how many of those who began have left.
    """
    in_learning, begun = run.learners, run.starts.cumsum(axis=0)
    price, lasts = rates[PRICE], np.maximum(np.rint(rates[DURATION]), 1.0)
    month, each = np.arange(len(begun))[:, None], np.arange(begun.shape[1])

    def learners(of_first: float, of_starts: float, months: Array) -> Array:
        """Who would be in learning if nobody left: a part of today's, who end evenly, and of those who begin."""
        gone = begun[np.maximum(month - months.astype(int), 0), each]
        ending = in_learning[0] * np.maximum(1 - month / months, 0.0)
        return np.asarray(of_first * ending + of_starts * (begun - gone))

    everybody = learners(1.0, 1.0, lasts)
    stay = np.divide(in_learning, everybody, out=np.zeros_like(everybody), where=everybody > 0)
    if here.empty:
        return np.asarray(in_learning * price / lasts)
    parts = here[["learners", "starts"]] / here[["learners", "starts"]].sum()
    ratios = pd.DataFrame({name: here[name] / _mean_of_standards(here, name) for name in (PRICE, DURATION)}).fillna(1.0)
    pounds = np.zeros_like(everybody)
    for (first, starts), (dearer, longer) in zip(parts.to_numpy(), ratios.to_numpy(), strict=True):
        months = np.maximum(np.rint(rates[DURATION] * longer), 1.0)
        pounds += learners(first, starts, months) * price * dearer / months
    return np.asarray(pounds * stay)


def account_table(outlook: LevyOutlook, now: Month, scenario: str) -> pd.DataFrame:
    """The account in pounds month by month, as expected; `now` is month 0."""
    account = outlook.account
    pounds = {
        "levy paid in": account.paid_in,
        "levy used": account.used,
        "levy expired": account.expired,
        "balance at month end": account.balance,
        "training the account could not pay": account.unpaid,
        "paid of it by the organisation": outlook.co_invested,
    }
    months = [str(now + step) for step in range(1, len(account.used) + 1)]
    columns = {name: values[:, 0].round(2) for name, values in pounds.items()}
    return pd.DataFrame({"scenario": scenario, "month": months, **columns})


def _as_counted(left: Array, age: list[int], observations: pd.DataFrame) -> Array:
    """What is left at month 0, brought to the balance and to what the account itself expects to expire in a year."""
    balance = newest_by_group(observations, "levy-balance").get("all")
    if balance is None:
        return left
    expiring = min(newest_by_group(observations, "levy-expiring").get("all", np.nan), balance)
    ends = np.arange(len(left)) + np.asarray(age) - (len(left) - 1)
    is_soon = (ends <= MONTHS_A_YEAR)[:, None] & np.ones_like(left, dtype=bool)
    groups = [(is_soon, expiring), (~is_soon, balance - expiring)]
    if np.isnan(expiring):
        groups = [(np.ones_like(is_soon), balance)]
    found = np.zeros_like(left)
    for chosen, pounds in groups:
        there = np.where(chosen, left, 0.0)
        evenly = chosen / np.maximum(chosen.sum(axis=0), 1)
        whole = there.sum(axis=0)
        found += pounds * np.where(whole > 0, there / np.where(whole > 0, whole, 1.0), evenly)
    return found


class StandardCost(NamedTuple):
    """What one start of a standard takes, as far as it is known."""

    standard: Standard
    price: float | None  #: pounds of levy
    months: float | None
    hours: float  #: off-the-job, a week
    is_own: bool  #: whether the price is the organisation's


def standard_costs(observations: pd.DataFrame, assumptions: Assumptions) -> list[StandardCost]:
    """The standards with the organisation's own prices, times and hours where it entered them."""
    prices, months, hours = (newest_by_group(observations, series) for series, *_ in BY_STANDARD.values())
    release = assumptions.get(HOURS).central
    found = []
    for one in standards():
        group = f"standard={one.label}"
        price, lasting = prices.get(group, one.price), months.get(group, one.months)
        found.append(StandardCost(one, price, lasting, hours.get(group, release), group in prices))
    return found
