"""What the what-if page says of a question and its levy: figures of `progress.what_if_answers` as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, ClassVar, NamedTuple

import pandas as pd

from t4c_lib.charts import Picture, fan
from t4c_lib.framework import series
from t4c_lib.html_templates import environment
from t4c_lib.parameters import Layer
from t4c_lib.parameters.assumption import ENDS
from t4c_lib.periods import Month, parse_period
from t4c_lib.progress import RowProgress
from t4c_lib.progress.figures import amount_text
from t4c_lib.progress.levy import OLD_FUNDS, LevyRule, levy_rules, newest_by_group, standard_costs
from t4c_lib.progress.levy import PARAMETERS as LEVY_PARAMETERS
from t4c_lib.progress.target_outcome import UNDER_TEN, needed
from t4c_lib.progress.what_if import OUR_PLAN, YEAR
from t4c_lib.progress.what_if_answers import FEW_HOURS, FINEST, Span, WhatIfQuestion, two_figures
from t4c_lib.quantities import number
from t4c_lib.sections.figure_sections import Drawable, drawable
from t4c_lib.whatif import DOING_NOTHING, LEVERS, Scenario, format_setting
from t4c_lib.whatif.levers import Lever, shown_amount
from t4c_lib.whatif.measures_and_costs import WEEKS_A_MONTH
from t4c_lib.whatif.outcomes_and_odds import format_chance
from t4c_lib.whatif.rates import MODEL_PARAMETERS

SALARY = "apprentice-salary"


class Bar(NamedTuple):
    """A line of a table with a bar: what it is of, the stretches of the bar from 0 to 100, and texts behind it."""

    label: str
    stretches: tuple[tuple[float, float], ...]  #: beginning and width; of no width, a line
    texts: tuple[str, ...]
    of: Mapping[str, object] | None = None  #: an assumption's interval, source, date and kind


def apprentice_salaries(observations: pd.DataFrame) -> list[tuple[str, str]]:
    """Salaries of apprentices with on-costs by band, as far as they were entered; none where none was."""
    found = newest_by_group(observations, SALARY)
    asked = [one.collected.groups for one in series() if one.key == SALARY and one.collected]
    entered = {group: found.get(group.replace(": ", "=")) for group in sum(asked, ()) if found}
    return [
        (group.replace("band: ", "Band "), "not entered" if pounds is None else f"£{number(pounds, 0)}")
        for group, pounds in entered.items()
    ]


AS_SET = "What is set here"
AWAITED = "…"  # stands where a figure is still being worked out
MOST_MATTERING = 6
MINUS = "−"
FEWEST = 0.05  # of a person
YEARS_SHOWN = 2  # of figures before month 0

environment().filters |= {"setting": format_setting, "two_figures": two_figures, "needed": needed}


class LeverShown(NamedTuple):
    """A lever as a page shows it; numbers are in the unit shown, what there is today included."""

    lever: Lever
    low: float  #: where its slider begins
    high: float  #: where it ends
    value: str  #: as a field has it
    set: str  #: the same as a table has it
    today: str  #: what there is today, in words; empty where the change is shown
    brings: str  #: to the measure, with what else is set
    people: str  #: what that is in people, by the due month and a month; empty where the measure counts no people
    takes: str  #: pounds and hours of it alone; empty where it is not set


class LeverPair(NamedTuple):
    """Two levers that reach a target together: how much of one spares how much of the other."""

    levers: tuple[str, str]  #: their names
    ends: tuple[tuple[str, str], tuple[str, str]]  #: of each axis, the amount at its beginning and at its end
    amounts: list[tuple[str, str]]  #: a pair a line, as a table has them
    points: list[tuple[float, float]]  #: the same pairs in a square of 100 by 100, from the left and from the top


@dataclass(frozen=True)
class WhatIfView:
    """One question under one scenario, beside doing nothing, the plan and other scenarios."""

    question: WhatIfQuestion
    progress: RowProgress  #: the measure's row, with its figures
    name: str  #: of the scenario, as a sentence has it after "With"
    scenario: Scenario  #: what is set
    beside: Mapping[str, Scenario]  #: other scenarios by the names that they have on the page
    wanted: float  #: the chance wanted of a target
    is_quick: bool  #: whether draws are not to be waited for
    few_hours: ClassVar[int] = FEW_HOURS  #: fewer are not told
    apprentice_salaries = staticmethod(apprentice_salaries)

    @cached_property
    def columns(self) -> dict[str, Scenario]:
        """What is compared, the scenario itself last."""
        others = {name: one for name, one in self.beside.items() if one.settings != self.scenario.settings}
        return others | {self.name: self.scenario}

    @cached_property
    def _drawn(self) -> Drawable:
        return drawable(self.progress)

    # In words

    def text(self, value: float, *, is_typed: bool = False) -> str:
        return amount_text(self.question.row, value, is_typed=is_typed)

    def difference(self, value: float) -> str:
        is_share = self._drawn.scale.is_fraction
        size, unit = abs(value) * (100 if is_share else 1), " points" if is_share else ""
        if size < FINEST:
            return "none" if not value else f"under {FINEST}{unit}"
        return f"{MINUS if value < 0 else '+'}{f'{size:.2f}' if is_share else number(size, 1)}{unit}"

    @property
    def spoken(self) -> str:
        """The scenario's name within a sentence."""
        return self.name.lower() if self.name in (OUR_PLAN, AS_SET, DOING_NOTHING.name) else self.name

    @property
    def goal(self) -> str:
        less = " or less" if self.question.target(self.question.month).lower_is_better else ""
        return "" if self.question.goal is None else f"{self.text(self.question.goal, is_typed=True)}{less}"

    def chance(self, scenario: Scenario, month: int) -> str:
        """Of the target by a month, in words."""
        if scenario is self.scenario and self.is_quick:
            return AWAITED
        return format_chance(self.question.odds(scenario).chance(self.question.target(month)))

    def when(self, month: int) -> str:
        return (self.question.opened.month + month).label

    @property
    def months(self) -> tuple[int, int]:
        """The due month and the one a year after, counted from month 0."""
        return self.question.month, self.question.month + YEAR

    @property
    def expected_text(self) -> str:
        """What is expected in the due month, and between what it lies."""
        path, due = self.question.path(self.scenario), self.question.month
        middle = f"{self.text(float(path[due]))} is expected in {self.when(due)}"
        if self.is_quick:
            return f"{middle}, in 80 of 100 cases between {AWAITED} and {AWAITED}"
        low, _, high = self.question.odds(self.scenario).bands[self.question.outcome][:, due]
        scale = self._drawn.scale
        return f"{middle}, in 80 of 100 cases between {scale.text(low)} and {scale.text(high)}"

    def picture(self, also: Sequence[float] = ()) -> Picture:
        """The fan, with the figures so far, the target and two other scenarios."""
        question, due = self.question, self.question.month
        names = [one for one in self.columns if one != self.name][:2]
        others = {one: pd.DataFrame({"day": question.days, "value": question.path(self.columns[one])}) for one in names}
        goal = None if question.goal is None else (question.days[due], question.goal)
        figures = self._drawn.figures[["day", "value"]]
        since = question.days[0] - pd.DateOffset(years=YEARS_SHOWN)
        return fan(
            question.band(self.scenario, is_quick=self.is_quick),
            scale=replace(self._drawn.scale, typed=question.goal),
            measured=self._drawn.measured,
            title=self.expected_text,
            name=self.name,
            others=others,
            counted=figures[figures["day"] > since],
            goal=goal,
            also=also,
        )

    # Levers

    def levers(self, order: Sequence[str]) -> list[LeverShown]:
        brought, heads = self.question.brought(self.scenario), self.question.people_brought(self.scenario)
        return [self._lever(name, brought.get(name), heads.get(name)) for name in order]

    def _people(self, name: str, heads: float | None) -> str:
        """So many people by the due month, and a month since the lever acts."""
        setting = self.scenario.setting(name)
        if heads is None or setting is None or abs(heads) < FEWEST:
            return ""
        months = max(self.question.month - setting.start_month + 1, 1)
        size, more = abs(heads), "more" if heads > 0 else "fewer"
        monthly = f", {number(size / months, 1)} a month" if size / months >= FEWEST else ""
        return f"{number(size, 0 if size >= UNDER_TEN else 1)} {more} people{monthly}"

    def _lever(self, name: str, brings: float | None, heads: float | None) -> LeverShown:
        lever, setting = LEVERS[name], self.scenario.setting(name)
        scale = lever.shown.scale
        today = lever.shown.amount_today(self.question.opened.start.state)
        amount = float(setting.amount) if setting else 0.0
        most = 1.0 if lever.shown.of or lever.shown.unit.startswith("% of") else float("inf")
        least = 0.0 if lever.shown.today else lever.low
        return LeverShown(
            lever,
            round(max(today + lever.low, least) * scale, 1),
            round(min(today + max(lever.shown.most, amount), most) * scale, 1),
            number((today + amount) * scale),
            shown_amount(lever, today + amount),
            f"{shown_amount(lever, today)} today" if lever.shown.today else "",
            "" if brings is None else self.difference(brings),
            self._people(name, heads),
            "" if setting is None else self.question.takes(DOING_NOTHING.with_setting(setting)).text,
        )

    # Below: side by side, backward, parts, assumptions

    def expected(self, scenario: Scenario) -> str:
        """What is expected in the due month, and in a line of its own between what it lies."""
        scale = self._drawn.scale
        low, middle, high = self.question.odds(scenario).bands[self.question.outcome][:, self.question.month]
        return f"{scale.text(middle)}\n{scale.text(low)} to {scale.text(high)}"

    @property
    def moved(self) -> list[tuple[str, list[str]]]:
        """Other measures that differ between the columns in the due month, with a value for each of these."""
        found = self.question.elsewhere(list(self.columns.values()))
        rows = [(row.wording, [amount_text(row, one) for one in values]) for row, values in found]
        return [(label, texts) for label, texts in rows if len(set(texts)) > 1]

    def _shown_amount(self, name: str, amount: float) -> str:
        lever = LEVERS[name]
        return shown_amount(lever, lever.shown.amount_today(self.question.opened.start.state) + amount)

    def together(self, first: str, second: str) -> LeverPair:
        """Amounts of two levers that reach the target as expected."""
        found = self.question.together(self.scenario, first, second)
        most = [max((pair[place] for pair in found), default=0.0) or 1.0 for place in (0, 1)]
        ends = [
            (self._shown_amount(name, 0.0), self._shown_amount(name, one))
            for name, one in zip((first, second), most, strict=True)
        ]
        return LeverPair(
            (first, second),
            (ends[0], ends[1]),
            [(self._shown_amount(first, one), self._shown_amount(second, other)) for one, other in found],
            [(100 * one / most[0], 100 - 100 * other / most[1]) for one, other in found],
        )

    @property
    def parts(self) -> list[Bar]:
        """What each part brings, from doing nothing to all of it."""
        brought, paths = self.question.brought(self.scenario), map(self.question.path, (DOING_NOTHING, self.scenario))
        start, whole = (float(path[self.question.month]) for path in paths)
        ends = list(accumulate(brought.values(), initial=start))
        labels = (LEVERS[part].label if part in LEVERS else "Its own assumptions" for part in brought)
        return [
            Bar("Doing nothing", _stretch((start, start), ends), (self.text(start),)),
            *(
                Bar(label, _stretch(pair, ends), (self.difference(amount),))
                for label, amount, pair in zip(labels, brought.values(), pairwise(ends), strict=True)
            ),
            Bar("Together", _stretch((whole, whole), ends), (self.text(whole),)),
        ]

    # The levy account, hours away from posts, and what one apprenticeship takes

    @property
    def levy_columns(self) -> dict[str, Scenario]:
        """Doing nothing and, where anything is set, the scenario."""
        return {DOING_NOTHING.name: DOING_NOTHING, **({self.name: self.scenario} if self.scenario.settings else {})}

    @property
    def levy_rules(self) -> tuple[LevyRule, LevyRule, Month]:
        """The rule of before, the newest one, and the month from which that holds."""
        before, newest = levy_rules()[-2:]
        return before, newest, Month.parse(newest.begins)

    @property
    def levy_by_quarter(self) -> list[Bar]:
        """Levy used and expired, and hours away from the post in an average month, quarter by quarter."""
        account, until = self.question.levy(self.scenario).account, self.question.month
        hours = self.question.run(self.scenario).release.total[1 : until + 1]
        months = pd.DataFrame({"used": account.used[:, 0], "expired": account.expired[:, 0], "hours": hours})
        quarters = pd.Series([(self.question.opened.month + step).quarter for step in range(1, until + 1)])
        sums = months.groupby(quarters, sort=False).agg({"used": "sum", "expired": "sum", "hours": "mean"})
        most = float((sums["used"] + sums["expired"]).max()) or 1.0
        bars = []
        for quarter, (used, expired, away) in zip(sums.index, sums.to_numpy(), strict=True):
            first, *_, last = quarter.months
            stretches = (0.0, 100 * used / most), (100 * used / most, 100 * expired / most)
            texts = two_figures(used, "£"), two_figures(expired, "£"), two_figures(away)
            bars.append(Bar(f"{first.label[:3]}–{last.label[:3]} {last.year}", stretches, texts))
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

    @cached_property
    def assumed(self) -> list[dict[str, Any]]:
        """Those that matter most, and after them all others that model and levy account take."""
        most = [str(one.of["name"]) for one in self.matters if one.of is not None]
        return [self._about(name) for name in dict.fromkeys((*most, *MODEL_PARAMETERS, *LEVY_PARAMETERS, OLD_FUNDS))]

    def _about(self, name: str) -> dict[str, Any]:
        """An assumption as tables and the form for an own figure have it: its ends as text and as they are typed."""
        known = self.question.opened.assumptions
        one, layer = known.get(name), known.layer(name)
        values = {end: float(getattr(one, end)) for end in ENDS}
        return {
            "name": name,
            "label": one.label,
            "ends": {end: one.text_of(value, bare=end != "high") for end, value in values.items()},
            "typed": {end: f"{value * one.shown_scale:.4g}" for end, value in values.items()},
            "kind": "national judgement" if one.judgement and layer is Layer.national else str(layer),
            "is_own": layer is Layer.own,
            "source": one.source,
            "date": one.date if one.date.isdecimal() else parse_period(one.date).label,  # a calendar year is no period
        }

    @cached_property
    def matters(self) -> list[Bar]:
        """The assumptions that move the answer most: their interval, source and kind, and where each end leads."""
        table = self.question.matters(self.scenario).head(MOST_MATTERING)
        found, ends = table[table["swing"] > 0].to_dict("records"), [*table["at_low"], *table["at_high"]]
        bars = []
        for one in found:
            sides = (_stretch((one["at_central"], one[end]), ends)[0] for end in ("at_low", "at_high"))
            texts = (self.text(one["at_low"]), self.text(one["at_high"]))
            bars.append(Bar(one["label"], tuple(sides), texts, self._about(one["name"])))
        return bars


def _stretch(pair: tuple[float, float], ends: Sequence[float]) -> tuple[tuple[float, float]]:
    """Where a bar from one value to another begins and how wide it is, 0 to 100, among values that end at these."""
    low, high = min(ends), max(ends)
    first, last = sorted(5 + 90 * (value - low) / ((high - low) or 1.0) for value in pair)
    return ((first, last - first),)
