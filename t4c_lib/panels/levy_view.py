"""What the what-if page says of the levy account, of hours away from posts, and of what one apprenticeship takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from t4c_lib.framework import series
from t4c_lib.parameters.assumption import ENDS
from t4c_lib.periods import Month, Quarter
from t4c_lib.progress.levy import OLD_FUNDS, newest_by_group, standard_costs
from t4c_lib.progress.what_if_answers import Span, WhatIfQuestion, two_figures
from t4c_lib.quantities import number, percent
from t4c_lib.whatif import DOING_NOTHING, Scenario
from t4c_lib.whatif.levy import levy_rules
from t4c_lib.whatif.resources import WEEKS_A_MONTH

SALARY = "apprentice-salary"
LEAST_POUNDS = 500.0  # less is none to speak of


@dataclass(frozen=True)
class Bar:
    """A line of a table with a bar: what it is of, the stretches of the bar from 0 to 100, and texts behind it."""

    label: str
    stretches: tuple[tuple[float, float], ...]  #: beginning and width; of no width, a line
    texts: tuple[str, ...]
    of: Mapping[str, object] | None = None  #: an assumption's interval, source, date and kind


@dataclass(frozen=True)
class LevyView:
    """The account under one scenario beside doing nothing, to the due month of a question."""

    question: WhatIfQuestion
    name: str  #: of the scenario
    scenario: Scenario

    @property
    def heading(self) -> str:
        """How much of the levy would expire, and how that differs from doing nothing."""
        mine, nothing = (self.question.levy_totals(one).expired.middle for one in (self.scenario, DOING_NOTHING))
        by = self.question.due.label
        if mine < LEAST_POUNDS:
            return f"No levy funds would expire by {by}"
        words = f"{two_figures(mine, '£')} of the levy would expire by {by}"
        if abs(mine - nothing) < LEAST_POUNDS:
            return f"{words}, as with doing nothing" if self.scenario.settings else words
        more = "less" if mine < nothing else "more"
        return f"{words}, {two_figures(abs(mine - nothing), '£')} {more} than with doing nothing"

    @property
    def columns(self) -> dict[str, Scenario]:
        """Doing nothing and, where anything is set, the scenario."""
        return {DOING_NOTHING.name: DOING_NOTHING, **({self.name: self.scenario} if self.scenario.settings else {})}

    @property
    def rows(self) -> Iterator[tuple[str, list[str], str]]:
        """What is counted, a range for each of `columns`, and how it is counted."""
        every = [self.question.levy_totals(one) for one in self.columns.values()]
        rule, later = levy_rules()[-2:]
        since = Month.parse(later.begins)
        pays = f"{percent(rule.rate, 1)} of the pay bill less {two_figures(rule.allowance, '£')} a year"
        age = round(self.question.opened.assumptions.get(OLD_FUNDS).central)
        expiry = f"Unspent after {age} months; paid in from {since.label}, after {later.lasts}"
        part = percent(later.co_investment, 0)
        for label, name, how in (
            ("Levy paid in", "paid_in", f"{pays}; {percent(rule.top_up, 0)} top-up until {(since + -1).label}"),
            ("Levy used", "used", "Training and assessment, the oldest funds first"),
            ("Levy expired", "expired", expiry),
            (
                "Training beyond the levy",
                "beyond",
                f"{part} of the price from {since.label}, once the account is empty",
            ),
        ):
            yield label, [getattr(one, name).text("£") for one in every], how

    @property
    def choice(self) -> str:
        """What the other reading of an open rule would come to; empty where the organisation chose."""
        if not self.question.levy(self.scenario).is_choice_open:
            return ""
        newest = levy_rules()[-1]
        other = self.question.levy_totals(self.scenario, newest.lasts).expired
        return (
            f"To check: whether funds paid in before {Month.parse(newest.begins).label} keep their 24 months was not "
            f"found. If they expire after {newest.lasts}, {other.text('£', ' ({} to {})')} would expire. The account's "
            "own projection in the collection workbook settles it."
        )

    @property
    def by_quarter(self) -> list[Bar]:
        """Levy used and expired, and hours away from the post in an average month, quarter by quarter."""
        account, run = self.question.levy(self.scenario).account, self.question.run(self.scenario)
        months = range(self.question.month)
        at = self.question.opened.month
        quarters = list(dict.fromkeys((at + (step + 1)).quarter for step in months))
        sums = []
        for quarter in quarters:
            of = [step for step in months if (at + (step + 1)).quarter == quarter]
            hours = float(run.release.total[[step + 1 for step in of]].mean())
            sums.append((float(account.used[of, 0].sum()), float(account.expired[of, 0].sum()), hours))
        most = max((used + expired for used, expired, _ in sums), default=0.0) or 1.0
        return [
            Bar(
                _short(quarter),
                ((0.0, 100 * used / most), (100 * used / most, 100 * expired / most)),
                (two_figures(used, "£"), two_figures(expired, "£"), two_figures(hours)),
            )
            for quarter, (used, expired, hours) in zip(quarters, sums, strict=True)
        ]

    @property
    def standards(self) -> list[tuple[str, ...]]:
        """What one start of each standard takes: name, months, pounds of levy, hours a week, backfill; "" unknown."""
        opened = self.question.opened
        rows: list[tuple[str, ...]] = []
        backfill = opened.assumptions.get("backfill-cost")
        for one in standard_costs(opened.observations, opened.assumptions):
            hours = None if one.months is None else one.hours * WEEKS_A_MONTH * one.months
            pounds = "" if hours is None else Span(*(hours * getattr(backfill, end) for end in ENDS)).text("£")
            price = "" if one.price is None else f"£{number(one.price, 0)}"
            source = "Entered here" if one.is_own else f"{one.standard.source} ({one.standard.date})"
            months = "" if one.months is None else number(one.months, 0)
            rows.append((one.standard.label, months, price, number(one.hours), pounds, source))
        return rows

    @property
    def salaries(self) -> list[tuple[str, str]]:
        """Salaries of apprentices with on-costs by band, as far as they were entered; none where none was."""
        found = newest_by_group(self.question.opened.observations, SALARY)
        asked = [one.collected.groups for one in series() if one.key == SALARY and one.collected]
        entered = {group: found.get(group.replace(": ", "=")) for group in sum(asked, ()) if found}
        return [
            (group.replace("band: ", "Band "), "not entered" if pounds is None else f"£{number(pounds, 0)}")
            for group, pounds in entered.items()
        ]


def _short(quarter: Quarter) -> str:
    """A quarter in a narrow column: "Apr–Jun 2026"."""
    first, *_, last = quarter.months
    return f"{first.label[:3]}–{last.label[:3]} {last.year}"
