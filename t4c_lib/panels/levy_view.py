"""What the what-if page says of the levy account, of hours away from posts, and of what one apprenticeship takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from t4c_lib.framework import series
from t4c_lib.html_templates import environment
from t4c_lib.parameters.assumption import ENDS
from t4c_lib.periods import Month, Quarter
from t4c_lib.progress.levy import LevyRule, levy_rules, newest_by_group, standard_costs
from t4c_lib.progress.what_if_answers import Span, WhatIfQuestion, two_figures
from t4c_lib.quantities import number
from t4c_lib.whatif import DOING_NOTHING, Scenario
from t4c_lib.whatif.measures_and_costs import WEEKS_A_MONTH

SALARY = "apprentice-salary"

environment().filters["two_figures"] = two_figures


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
    def columns(self) -> dict[str, Scenario]:
        """Doing nothing and, where anything is set, the scenario."""
        return {DOING_NOTHING.name: DOING_NOTHING, **({self.name: self.scenario} if self.scenario.settings else {})}

    @property
    def rules(self) -> tuple[LevyRule, LevyRule, Month]:
        """The rule of before, the newest one, and the month from which that holds."""
        before, newest = levy_rules()[-2:]
        return before, newest, Month.parse(newest.begins)

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
        bars = []
        for quarter, (used, expired, hours) in zip(quarters, sums, strict=True):
            stretches = (0.0, 100 * used / most), (100 * used / most, 100 * expired / most)
            texts = two_figures(used, "£"), two_figures(expired, "£"), two_figures(hours)
            bars.append(Bar(_short(quarter), stretches, texts))
        return bars

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
