"""The what-if of one organisation, opened once: what page, report, command line and chances all ask.

Month 0 is the newest month counted by age that had ended on the day; what goes on today is the newest figure of it, or
what the partners wrote down as its baseline. There is no other way to open it, so there is one answer to a question.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from t4c_lib import whatif
from t4c_lib.evidence import Organisation
from t4c_lib.evidence.observations import SUPPORT_STAFF, TRUST_WORKFORCE
from t4c_lib.filesystem import own_folder, read_text, write_whole
from t4c_lib.framework import ModelPath, catalogue
from t4c_lib.framework.definitions import Forecast
from t4c_lib.html_templates import text_from
from t4c_lib.parameters import Assumptions, Layered, assumption
from t4c_lib.parameters.assumption import FOLDER
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import ActionRow, MeasureRow, Plan
from t4c_lib.plan.edits import PlanRow
from t4c_lib.plan.measure_rows import change_to
from t4c_lib.progress.figures import Figure, FigureTables, end_and_kind, latest_figure
from t4c_lib.progress.initial_state import NoStartError, StartingState, activity_series, starting_state
from t4c_lib.progress.row_progress import RowKey
from t4c_lib.typed_text import NOTE, check_organisation_code, sound_text
from t4c_lib.whatif.outcomes_and_odds import ODDS_DRAWS
from t4c_lib.whatif.rates import DEFAULT_SEED, Array

OUR_PLAN = "Our plan"
YEAR, LOOKED_BACK_DRAWS = 12, 400
LOOKED_FURTHER, MOST_KEPT = 4 * YEAR, 4
HARDLY = 1e-3  # less of an outcome is not told


def plan_scenario(plan: Plan, latest: Mapping[RowKey, Figure | None], now: Month) -> whatif.Scenario:
    """A scenario of what a plan sets; doing nothing where it sets nothing.

    A lever goes from today's figure to the target in equal steps, from the month after `now`, or the one in which the
    row starts, to the one in which it is due. What was due already, and what is there already, moves nothing.

    `latest` is the newest figure of each of its measures; the baseline is taken where there is none.
    """
    settings = {one.lever: one for one in (*_of_measures(plan.measures, latest, now), *_of_actions(plan.actions, now))}
    if not settings:
        return whatif.DOING_NOTHING
    rationale = "The activity in the plan is delivered; everything else continues as today."
    return whatif.Scenario(OUR_PLAN, rationale, tuple(settings.values()))


def _of_measures(
    rows: Iterable[MeasureRow], latest: Mapping[RowKey, Figure | None], now: Month
) -> Iterator[whatif.LeverSetting]:
    for row in rows:
        name = None if row.what.what_if is None else row.what.what_if.decided_by
        if name is None or row.group or not row.is_open or row.target is None:
            continue
        figure = latest.get(row.key)
        before = row.target.baseline.value
        more = row.target.goal - (before if figure is None else figure.value)
        if more * (row.target.goal - before) > 0:  # else it is there, or beyond: nobody sets out to go back
            yield from _setting(name, more, (row.start, row.target.due), now)


def _of_actions(rows: Iterable[ActionRow], now: Month) -> Iterator[whatif.LeverSetting]:
    for row in rows:
        if (name := lever_of(row)) is not None and row.is_open and row.number and row.due is not None:
            yield from _setting(name, row.number, (row.start, row.due), now)


def lever_of(row: ActionRow) -> str | None:
    """The lever of which an action's number is an amount, on top of today; None for other actions."""
    return None if row.suggestion is None else row.suggestion.decided_by


def _setting(name: str, more: float, dates: tuple[Month | None, Month], now: Month) -> Iterator[whatif.LeverSetting]:
    start, due = dates
    first = 1 if start is None else max(now.months_until(start), 1)
    last = now.months_until(due)
    if last >= first:
        lever = whatif.LEVERS[name]
        yield whatif.LeverSetting(name, min(max(float(more), lever.low), lever.high), first, last - first + 1)


def proposed_rows(opened: "WhatIf", scenario: whatif.Scenario) -> Iterator[tuple[PlanRow, PlanRow]]:
    """The rows of the plan by which partners decide what a scenario sets, as they are and as they would be."""
    plan = opened.plan
    for one in scenario.settings:
        start = opened.month + one.start_month
        due = start + max(one.ramp_months - 1, 0)
        there = whatif.LEVERS[one.lever].shown.amount_today(opened.start.state)
        for row in plan.measures if plan else ():
            decides = row.what.what_if is not None and row.what.what_if.decided_by == one.lever
            if decides and row.is_open and not row.group and row.baseline is not None:
                change = change_to(row, row.baseline, there + float(one.amount))
                after = row.changed(change=change, start=start, due=due, checkpoints=())
                if row.target is None or after.target is None or (row.target.goal, row.due) != (after.target.goal, due):
                    yield row, after
        for action in plan.actions if plan and one.amount >= 0 else ():  # of less than today no action has a number
            if lever_of(action) == one.lever and action.is_open and (action.number, action.due) != (one.amount, due):
                yield action, action.changed(number=float(one.amount), start=start, due=due)


def scenario_words(scenario: whatif.Scenario, now: Month) -> str:
    """What is done, as the end of a sentence."""
    ways = {"levers": whatif.LEVERS, "format_amount": whatif.format_amount}
    return text_from("progress/scenario_words.txt.j2", settings=scenario.settings, now=now, **ways).rstrip()


NATIONAL_SCENARIOS = FOLDER / "scenarios.yaml"


def scenarios(code: str | None = None, folder: Path | None = None) -> whatif.Scenarios:
    """The scenarios of parameters/scenarios.yaml, and after them the organisation's own, if it has a file.

    An organisation's file is <CODE>-scenarios.yaml in `folder` (parameters/own unless given), laid out like
    parameters/scenarios.yaml: partners read it, copy it and send it to one another, and a plan never points to it.
    Raises InputError: a file cannot be read, any part of it is wrong, or a name stands for two scenarios.
    """
    if code is None or not (path := own_scenarios_file(code, folder)).exists():
        return _national()
    return _national().with_others(whatif.Scenarios.from_yaml(read_text(path), path.name))


def own_scenarios_file(code: str, folder: Path | None = None) -> Path:
    """Where an organisation's own scenarios stand. Raises InputError for what can't be a code."""
    check_organisation_code(code)
    return (folder or assumption.own_parameters()) / f"{code}-scenarios.yaml"


def save_scenario(code: str, scenario: whatif.Scenario, folder: Path | None = None, *, instead_of: str = "") -> Path:
    """Add a scenario to the organisation's own. The file is replaced whole; comments in it are lost.

    `instead_of` is the name of the one that it replaces, such as one that is renamed or archived; "" for none. Raises
    InputError: the name can't be one, or another scenario has it, or the file can't be written; it stays as it was;
    UnknownNameError: the one to be replaced is not among the organisation's own.
    """
    sound_text(f"scenario {scenario.name}", "rationale", scenario.rationale, NOTE)
    path = own_scenarios_file(code, folder)
    own = whatif.Scenarios.from_yaml(read_text(path), path.name) if path.exists() else whatif.Scenarios.none()
    if instead_of:
        own = own.without(instead_of)
    _national().with_others(own).with_scenario(scenario)  # refuses a name that is taken by anybody's
    own_folder(path.parent)
    write_whole(path, own.with_scenario(scenario).to_yaml().encode())
    return path


@cache
def _national() -> whatif.Scenarios:
    return whatif.Scenarios.from_yaml(read_text(NATIONAL_SCENARIOS), NATIONAL_SCENARIOS.name)


# What the model calls the share aged 16 to 24 of whom; every other measure goes by its own key.
SHARE_OF = {TRUST_WORKFORCE: "trust_young_share", SUPPORT_STAFF: "support_young_share"}


def outcome_of(measure: str, population: str) -> str:
    """What the model calls a measure of some people."""
    return SHARE_OF.get(population, measure) if catalogue().path_of(measure) is ModelPath.YOUNG_SHARE else measure


def forecasts() -> dict[tuple[str, str], Forecast]:
    """What can be forecast and of whom, by measure and population, and what a forecast of it needs."""
    followed = ((measure.key, measure.what_if) for measure in catalogue().followed.values())
    return {(key, one.population): one for key, how in followed if how is not None for one in how.forecasts}


def is_followed(row: MeasureRow) -> bool:
    """Whether page and command ask about a row: an open one that the model follows and partners do not decide."""
    followed = row.what.what_if
    is_forecast = followed is not None and followed.path is not None and not followed.decided_by
    return is_forecast and not row.group and row.definition is None and row.is_open


def plan_with_rows(plan: Plan | None, trust: Organisation, year: FinancialYear, rows: Iterable[MeasureRow]) -> Plan:
    """The plan with a row for each of these measures; a first plan of one year where there is none."""
    known = plan or Plan(organisation=trust.code, organisation_name=trust.name, years=(year,))
    for row in rows:
        if all(row.key != one.key for one in known.measures):
            known = known.with_row(row)
    return known


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The what-if of one organisation on a day."""

    start: StartingState  #: month 0, with what each of its numbers rests on
    assumptions: Layered  #: those that hold: national, counted here, the organisation's own
    #: what the plan sets outright; doing nothing where it sets nothing or there is no plan.
    plan_scenario: whatif.Scenario
    observations: pd.DataFrame  #: those of periods that had ended on the day
    latest: Mapping[RowKey, Figure | None]  #: the newest figure of each measure of the plan, by key
    as_of: dt.date  #: the day
    #: what it was opened with.
    plan: Plan | None
    own: Assumptions | None
    pipeline: whatif.Pipeline = field(default_factory=whatif.Pipeline)  #: the model, with joiners as given
    #: what the model gave at amounts of levers that were tried, see `whatif.solve_each`.
    tried: whatif.KnownParts = field(default_factory=dict, init=False, repr=False)
    #: what was drawn for the scenarios asked about last, see `odds`.
    kept_draws: dict[object, whatif.Odds] = field(default_factory=dict, init=False, repr=False)
    #: what questions put to it came to, see `WhatIfQuestion`.
    answers: dict[tuple[object, ...], object] = field(default_factory=dict, init=False, repr=False)

    def with_plan(self, plan: Plan | None, as_of: dt.date) -> "WhatIf":
        """The same for a plan of the same rows and baselines, and a day on which the same periods had ended.

        X's alone decide nothing of where it starts.
        """
        scenario = plan_scenario(plan, self.latest, self.month) if plan is not None else self.plan_scenario
        return replace(self, plan=plan, plan_scenario=scenario, as_of=as_of).knowing(self)

    def knowing(self, other: "WhatIf") -> "WhatIf":
        """This one, with what another one of the organisation worked out, as far as it rests on the same."""
        if (self.start, self.assumptions) == (other.start, other.assumptions):
            self.kept_draws.update(other.kept_draws)
            if self.acts_from == other.acts_from:
                self.tried.update(other.tried)
                self.answers.update(other.answers if self.observations is other.observations else {})
            rows, others = (
                [(row.key, row.baseline) for row in one.plan.measures] if one.plan else [] for one in (self, other)
            )
            started = ("at_start", "counted_names", *(("a_year_ago",) if rows == others else ()))
            self.__dict__.update({name: other.__dict__[name] for name in started if name in other.__dict__})
        return self

    @property
    def month(self) -> Month:
        """Month 0."""
        return self.start.month

    @property
    def acts_from(self) -> int:
        """The first month, counted from month 0, in which something can still be done: the one after the day's own."""
        return max(self.month.months_until(Month.of(self.as_of)) + 1, 1)

    def run(self, scenario: whatif.Scenario = whatif.DOING_NOTHING, months: int = 60) -> whatif.Projection:
        """What is expected under a scenario, with central figures, from month 0 to `months`, both included."""
        rates = whatif.central_rates(whatif.with_scenario(self.assumptions, scenario))
        return self.pipeline.run(self.start.state, rates, scenario.settings, months)

    def odds(
        self,
        targets: Sequence[whatif.OutcomeTarget] = (),
        *,
        outcomes: Sequence[str] = (),
        scenario: whatif.Scenario = whatif.DOING_NOTHING,
        months: int = 60,
        draws: int = ODDS_DRAWS,
        seed: int = DEFAULT_SEED,
    ) -> whatif.Odds:
        """Bands and chances, what we don't know and individual chance: see `whatif.odds`.

        Of the scenarios asked about last the draws are kept: months are drawn in their order, so what a longer run
        gave for a month is what a shorter one gives.
        """
        asked = dict.fromkeys((*outcomes, *(one.outcome for one in targets)))
        key = scenario.settings, tuple(scenario.assumptions.items()), draws, seed
        known = self.kept_draws.pop(key, None)
        if known is None or known.months < months or any(name not in known.drawn for name in asked):
            # Who asks again often looks further yet.
            until = months if known is None else max(months, known.months + LOOKED_FURTHER)
            of, every = (self.pipeline, self.start.state, self.assumptions), (*(known.drawn if known else ()), *asked)
            known = whatif.odds(*of, targets, scenario=scenario, outcomes=every, months=until, draws=draws, seed=seed)
            still = self._unmoved(scenario, known) if scenario.settings and not scenario.assumptions else {}
            if any(still.values()):
                base = self.odds(outcomes=every, months=until, draws=draws, seed=seed)
                for name, rows in still.items():
                    known.drawn[name][rows] = base.drawn[name][rows]
        self.kept_draws[key] = known
        if len(self.kept_draws) > MOST_KEPT:
            del self.kept_draws[next(iter(self.kept_draws))]
        return known.part(scenario.name, asked, months)

    def _unmoved(self, scenario: whatif.Scenario, found: whatif.Odds) -> dict[str, list[int]]:
        # Where people change in number they are drawn anew, and chances of what stays would differ by that alone.
        plain, late = self.run(months=found.months), min(one.start_month for one in scenario.settings) + YEAR
        known = {name: (path, whatif.outcome(plain, name)) for name, path in found.expected.items()}
        same = {name: np.isclose(*paths, rtol=HARDLY, atol=0) for name, paths in known.items()}
        return {name: [late + int(one) for one in np.flatnonzero(months[late:])] for name, months in same.items()}

    def from_now(self, scenario: whatif.Scenario) -> whatif.Scenario:
        """A scenario of a list, whose months are counted from the first in which something can still be done."""
        later = self.acts_from - 1
        settings = tuple(replace(one, start_month=one.start_month + later) for one in scenario.settings)
        return replace(scenario, settings=settings)

    def offered(self, known: whatif.Scenarios) -> whatif.Scenarios:
        """Those to choose from: doing nothing, what the plan sets, and of a list what is not archived, from now on."""
        listed = (self.from_now(one) for one in known if one is not whatif.DOING_NOTHING and not one.archived)
        every = (whatif.DOING_NOTHING, self.plan_scenario, *listed)
        return whatif.Scenarios(known.source, {one.name: one for one in every})

    def from_here(self, setting: whatif.LeverSetting) -> whatif.LeverSetting:
        """A setting as it can still be decided: what is past of it is left out, and it is in full when it was to be."""
        start = max(setting.start_month, self.acts_from)
        in_full = setting.start_month + setting.ramp_months
        return replace(setting, start_month=start, ramp_months=max(in_full - start, 0))

    @cached_property
    def at_start(self) -> whatif.Projection:
        """Month 0 alone."""
        return self.run(months=0)

    @cached_property
    def a_year_ago(self) -> "WhatIf | None":
        """As it would have been opened 12 months before, without the plan; None where no staff were counted then."""
        day = (self.month + -YEAR).last_day
        series = set(activity_series().values())
        rows = [row for row in self.plan.measures if row.what.series in series] if self.plan else []
        try:
            past = _opened(rows, self.observations, day, self.own)
        except NoStartError:
            return None
        return past if past.month + YEAR == self.month else None

    @cached_property
    def bands_a_year_on(self) -> Mapping[str, Array]:
        """Bands of all outcomes that can be forecast, for 12 months: one run serves every measure."""
        names = [outcome_of(*measure) for measure in forecasts()]
        return self.odds(outcomes=names, months=YEAR, draws=LOOKED_BACK_DRAWS).bands

    @cached_property
    def counted_names(self) -> frozenset[str]:
        """Starting numbers that were counted here."""
        return frozenset(part.name for part in self.start.numbers if not part.is_default)


def open_what_if(
    plan: Plan | None,
    observations: pd.DataFrame,
    as_of: dt.date,
    *,
    own: Assumptions | None = None,
    tables: FigureTables | None = None,
) -> WhatIf:
    """Open the what-if of an organisation on a day; figures of later periods are passed over.

    The plan's baselines say what goes on today where no figure does, and its own numbers are the planned activity. What
    was counted here holds over the national assumptions of parameters/national.yaml, and what the organisation wrote
    down (`own`, see parameters.own_assumptions) over both. `tables` are those of the observations on that day, where
    there are any. Raises NoStartError: no month has a count of staff by age.
    """
    opened = _opened(plan.measures if plan is not None else (), observations, as_of, own, tables)
    if plan is None:
        return opened
    return replace(opened, plan=plan, plan_scenario=plan_scenario(plan, opened.latest, opened.month))


def _opened(
    rows: Sequence[MeasureRow],
    observations: pd.DataFrame,
    as_of: dt.date,
    own: Assumptions | None,
    tables: FigureTables | None = None,
) -> WhatIf:
    """The what-if before any plan is in it, with what goes on today as these rows tell it."""
    ended = [period for period in observations["period"].unique() if end_and_kind(period)[0] <= as_of]
    known = observations[observations["period"].isin(ended)]
    found = (tables or FigureTables(known)).of(rows)
    latest = {row.key: latest_figure(row, figures) for row, figures in zip(rows, found, strict=True)}
    start = starting_state(known, Month.ended_by(as_of), known=_current_activity(rows, latest))
    return WhatIf(start, start.assumptions(own=own), whatif.DOING_NOTHING, known, latest, as_of, None, own)


def _current_activity(rows: Sequence[MeasureRow], latest: Mapping[RowKey, Figure | None]) -> dict[str, float]:
    """What goes on today, as newly as it is known: a figure, or what the partners wrote down as baseline."""
    found = {}
    for name, series in activity_series().items():
        for row in rows:
            known = latest[row.key] or row.baseline
            if row.what.series == series and not row.group and known is not None and np.isfinite(known.value):
                found[name] = max(known.value, 0.0)
    return found
