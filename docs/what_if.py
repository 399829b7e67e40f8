"""The worked page on the what-if: docs/guide/what-if.md and its drawings, made by the code that it explains.

Its organisation and figures are those of the gallery (docs/reference/gallery/figures.csv), so that a number on the page
changes when the what-if, an assumption or a scenario changes, and not when somebody loads other data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from pathlib import Path

import pandas as pd
from bayes_update import update_share
from chart_sections import contributions_section, expected_section, sensitivity_section
from gallery import OWN, ROOT, read_figures
from scenario_comparison import bands_table, compare_scenarios, contributions_table, need_sentence

from t4c_lib.charts import Picture
from t4c_lib.parameters import assumptions
from t4c_lib.periods import parse_period
from t4c_lib.plan import Plan
from t4c_lib.progress import scenarios
from t4c_lib.progress.figures import amount_text
from t4c_lib.progress.target_outcome import JoinersNeeded, at_best
from t4c_lib.progress.what_if import open_what_if
from t4c_lib.progress.what_if_answers import WhatIfQuestion
from t4c_lib.quantities import Baseline, number, parse_change, percent
from t4c_lib.whatif import (
    DOING_NOTHING,
    LEVERS,
    YOUNG_JOINERS,
    LeverSetting,
    Need,
    Odds,
    OutcomeTarget,
    Scenario,
    format_amount,
    format_setting,
    solve_each,
)
from t4c_lib.whatif.outcomes_and_odds import format_chance
from t4c_lib.whatif.what_matters import lever_contributions, sensitivity

FOLDER = "docs/guide"
TEXT = "what-if.txt"
SHARE = "support_young_share"
YEARS = (12, 24, 36)
AFTER = (36, 60)
MONTHS, CHANCE, DRAWS = 36, 0.8, 1000
X = "to 8%"


class Worked:
    """Everything that the page tells, worked out once."""

    def __init__(self, root: Path) -> None:
        figures = read_figures(root)
        file = root / "parameters" / "demo" / f"{OWN}.yaml"
        self.plan = Plan.from_yaml(file.read_text(encoding="utf-8"), file.name)
        observations = figures[figures["organisation"] == OWN]
        newest = max(parse_period(str(period)).last_day for period in observations["period"].unique())
        self.opened = open_what_if(self.plan, observations, newest)
        self.start, self.assumptions, self.pipeline = self.opened.start, self.opened.assumptions, self.opened.pipeline
        state = self.start.state
        self.today = Baseline.of(float(state.total("support_young")), float(state.support))
        self.change = parse_change(X, self.today)
        self.target = OutcomeTarget(SHARE, self.change.reading(self.today).goal, MONTHS)
        self.when = self.start.month + MONTHS

    @cached_property
    def ours(self) -> Scenario:
        """What the partners of the page settle on: keep the young, then as many young joiners as it takes."""
        known = scenarios()
        keep, grow = known.get("Keep the young"), known.get("Grow registered staff")
        settings = (*keep.settings, *grow.settings)
        besides = Scenario("Besides", "What is decided before the last lever is set.", settings)
        ramp = known.get("Recruit younger").setting("young-joiners") or LeverSetting("young-joiners", 0.0)
        (need,) = solve_each(
            self.pipeline,
            self.start.state,
            self.assumptions,
            [self.target],
            ["young-joiners"],
            scenario=besides,
            start_month=ramp.start_month,
            ramp_months=ramp.ramp_months,
            chance=CHANCE,
            draws=DRAWS,
        )
        assert need.practical is not None, need_sentence(need)  # noqa: S101
        last = LeverSetting("young-joiners", need.practical, ramp.start_month, ramp.ramp_months)
        return Scenario(
            "Our way", "Keep who comes, bring in more of the young, and go on to register.", (*settings, last)
        )

    @cached_property
    def compared(self) -> tuple[Scenario, ...]:
        known = scenarios()
        names = ("Open the doors", "Courses into jobs", "Recruit younger", "Keep the young", "Bring in and keep")
        return (DOING_NOTHING, *(known.get(name) for name in names), self.ours)

    def odds(self, scenario: Scenario) -> Odds:
        """Of the X, under a scenario."""
        return self.opened.odds([self.target], scenario=scenario, months=MONTHS, draws=DRAWS)


@cache
def worked(root: Path = ROOT) -> Worked:
    """The page's figures."""
    return Worked(root)


def what_if_files() -> Iterator[tuple[str, Callable[[], str]]]:
    """The page and its drawings: path, and what renders it."""
    yield f"{FOLDER}/what-if.md", what_if_page
    for name in ("expected", "parts", "matters"):
        yield f"{FOLDER}/what-if-{name}.svg", partial(_drawing, name)


def what_if_page(root: Path = ROOT) -> str:
    """The page, its tables filled in."""
    made = worked(root)
    text = (root / FOLDER / TEXT).read_text(encoding="utf-8")
    return text.format_map(_Filled(made))


class _Filled(dict[str, str]):
    """What stands for each name in braces in the page's text."""

    def __init__(self, made: Worked) -> None:
        self.made = made
        super().__init__()

    def __missing__(self, name: str) -> str:
        self[name] = FILLED[name](self.made)
        return self[name]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def _starting(made: Worked) -> str:
    rows = []
    for part in made.start.numbers:
        rows.append((part.label, part.text, f"{part.source} (stand-in)" if part.is_default else part.source))
    return _table(("What", "Today", "Rests on"), rows)


def _scenarios(made: Worked) -> str:
    rows = []
    for one in made.compared:
        table = _against(made, one, (SHARE, "turnover"))
        shares = [percent(table.loc[(SHARE, month), "value"]) for month in YEARS]
        rows.append((one.name, *shares, percent(table.loc[("turnover", MONTHS), "value"])))
    months = [(made.start.month + month).label for month in YEARS]
    return _table(("Scenario", *months, "turnover then"), rows)


def _against(made: Worked, scenario: Scenario, outcomes: Sequence[str], months: Sequence[int] = YEARS) -> pd.DataFrame:
    table = compare_scenarios(
        made.pipeline, made.start.state, made.assumptions, [scenario], months=months, outcomes=outcomes
    )
    return table.set_index(["outcome", "month"])


def _nothing(made: Worked) -> float:
    return float(_against(made, DOING_NOTHING, (SHARE,)).loc[(SHARE, MONTHS), "value"])


def _needs(made: Worked) -> str:
    asked = (made.pipeline, made.start.state, made.assumptions, [made.target])
    rows = []
    for need, sure in zip(solve_each(*asked), solve_each(*asked, chance=CHANCE), strict=True):
        if need.target.format_value(need.best) == need.target.format_value(need.outcome) or need.best_amount < 0:
            continue
        rows.append((LEVERS[need.lever].label, *(_need_told(made, one) for one in (need, sure))))
    return _table(("One lever alone", "as expected", f"with a chance of {percent(CHANCE, 0)}"), rows)


def _need_told(made: Worked, need: Need) -> str:
    if need.lever == YOUNG_JOINERS:
        return f"{JoinersNeeded.of(made.opened, need).text}, all in all"
    return at_best(need) if need.practical is None else format_amount(need.lever, need.practical)


def _odds(made: Worked) -> str:
    rows = []
    for one in made.compared:
        found = made.odds(one)
        band = [percent(float(value)) for value in found.bands[SHARE][:, MONTHS]]
        met = percent(found.goal_at(made.target, CHANCE))
        rows.append((one.name, *band, format_chance(found.chance(made.target)), met))
    head = (
        "Scenario",
        "1 in 10 below",
        "expected",
        "1 in 10 above",
        f"chance of {made.target.format_value(made.target.value)}",
    )
    return _table((*head, f"X met with {percent(CHANCE, 0)}"), rows)


ELSEWHERE = (
    *("support", "turnover", "appraisal-received", "apprenticeship-starts"),
    *("staff-on-new-pathways", "support-to-registered", "registered"),
)


def _elsewhere(made: Worked) -> str:
    table = _against(made, made.ours, ELSEWHERE, AFTER)
    rows = []
    for name in ELSEWHERE:
        is_share = name in {"turnover", "appraisal-received"}
        tell = percent if is_share else partial(number, decimals=0)
        cells = []
        for month in AFTER:
            row = table.loc[(name, month)]
            cells.append(f"{tell(row['value'])} ({_difference(row['difference'], is_share=is_share)})")
        rows.append((table.loc[(name, MONTHS), "label"], *cells))
    return _table((made.ours.name, *((made.start.month + month).label for month in AFTER)), rows)


def _difference(value: float, *, is_share: bool) -> str:
    told = number(value * 100 if is_share else value)
    if told in {"0", "-0"}:
        return "as much"
    return f"{'+' if value > 0 else ''}{told}{' points' if is_share else ''}"


def _learned(_: Worked) -> str:
    found = update_share(
        assumptions().get("work-experience-into-nhs-job"), 7, 120, source="placement register", date="2025/26"
    )
    return found.sentence


ANSWERED = {  # a share, a rate and a count, each with a lever that partners ask about
    "young-share": "young-joiners",
    "turnover": "retention-25-and-over",
    "support-to-registered": "registered-pathway-places",
}


def _answers(made: Worked) -> str:
    """The targets of the plan as the What-if page answers them, by its own code."""
    rows = []
    for measure, lever in ANSWERED.items():
        row = next(one for one in made.plan.measures if one.measure == measure and not one.group)
        assert row.target is not None, measure  # noqa: S101
        asked = WhatIfQuestion(made.opened, row, row.target.due, row.target.goal)
        plan, month = made.opened.plan_scenario, asked.month
        expected = [amount_text(row, float(asked.path(one)[month])) for one in (DOING_NOTHING, plan)]
        chance = format_chance(asked.odds(plan).chance(asked.target(month)))
        central, likely = (asked.need(DOING_NOTHING, lever, wanted) for wanted in (None, CHANCE))
        alone = DOING_NOTHING.with_setting(LeverSetting(lever, central.amount or 0.0, made.opened.acts_from))
        told = [format_amount(lever, need.practical) if need.practical else at_best(need) for need in (central, likely)]
        target = f"{amount_text(row, row.target.goal)} by {row.target.due.label}"
        cost = asked.takes(alone).text if central.amount else ""
        rows.append((row.wording, target, *expected, chance, f"{LEVERS[lever].label}: {told[0]}", told[1], cost))
    head = (
        "Measure",
        "Target",
        "If nothing changes",
        "With our plan",
        "Chance",
        "One lever alone",
        "With a chance of 80%",
        "What that lever takes",
    )
    return _table(head, rows)


def _told(made: Worked) -> str:
    run = made.opened.run(made.ours, MONTHS)
    return " ".join(run.warnings()) or "The hours that all of this takes can be released; nothing was over-committed."


@cache
def _picture(name: str) -> Picture:
    made = worked()
    asked = (made.pipeline, made.start.state, made.assumptions)
    if name == "expected":
        found, nothing = made.odds(made.ours), made.odds(DOING_NOTHING)
        section = expected_section(
            bands_table(found),
            SHARE,
            made.start.month,
            nothing=bands_table(nothing),
            goal=(made.when, made.target.value),
            chance=found.chance(made.target),
        )
    elif name == "parts":
        parts = contributions_table(lever_contributions(*asked, made.ours, [SHARE], month=MONTHS))
        section = contributions_section(parts, SHARE, nothing=_nothing(made), when=made.when)
    else:
        ranked = sensitivity(*asked, SHARE, month=MONTHS, scenario=made.ours)
        section = sensitivity_section(ranked, SHARE, when=made.when)
    assert section.picture is not None, section.heading  # noqa: S101
    return section.picture


def _drawing(name: str) -> str:
    return _picture(name).svg()


def _shown(name: str) -> Callable[[Worked], str]:
    return lambda _: f"![{_picture(name).description}](what-if-{name}.svg)"


FILLED: dict[str, Callable[[Worked], str]] = {
    "organisation": lambda made: made.plan.organisation_name,
    "code": lambda _: OWN,
    "month": lambda made: made.start.month.label,
    "when": lambda made: made.when.label,
    "by": lambda made: str(made.when),
    "x": lambda _: X,
    "reading": lambda made: made.change.reading(made.today).sentence,
    "starting": _starting,
    "defaults": lambda made: f"{len(made.start.defaults)} of {len(made.start.numbers)}",
    "drift": lambda made: percent(_nothing(made)),
    "scenarios": _scenarios,
    "needs": _needs,
    "ours": lambda made: "\n".join(f"- {format_setting(one, made.start.month)}" for one in made.ours.settings),
    "odds": _odds,
    "draws": lambda _: f"{DRAWS:,}",
    "elsewhere": _elsewhere,
    "told": _told,
    "answers": _answers,
    "learned": _learned,
    "expected": _shown("expected"),
    "parts": _shown("parts"),
    "matters": _shown("matters"),
}
