"""What stands in the report of one organisation. Its notebook shows these sections one after another."""

import ast
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup

from t4c_lib.charts.renderer import DRAWINGS
from t4c_lib.disclosure import Audience
from t4c_lib.errors import Problem, did_you_mean, refuse, unknown_choice
from t4c_lib.framework import Intention, catalogue
from t4c_lib.framework.definitions import WHOLE_PLAN
from t4c_lib.html_templates import environment, from_template
from t4c_lib.periods import Day, PeriodError, today
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.progress.target_chances import FORUM_ONLY
from t4c_lib.progress.what_if import scenarios
from t4c_lib.sections import figure_sections as figures
from t4c_lib.sections.board import Board
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.meeting import standing_sentence
from t4c_lib.sections.row_view import RowsByStatus, history_words
from t4c_lib.sections.section import Section, Sections
from t4c_lib.sections.worked_out import WorkedOut
from t4c_lib.store import Store
from t4c_lib.typed_text import listed
from t4c_lib.whatif import Scenario

TEMPLATE = "sections/report.html.j2"
FULL_CHARTS = 6  # those of the measures that most need attention; the others are folded
PARAMETERS = ("organisation", "plan", "as_of", "since", "audience", "scenario")
# What follows the first page: by the name of each part its heading, and whether it needs a plan.
PARTS = {
    "decisions": ("The decisions, with their options", True),
    "changes": ("What changed", True),
    "measures": ("Summary of measures", True),
    "intentions": ("Intention by intention", True),
    "due": ("Overdue and due", True),
    "agreement": ("Agreement and pledge", True),
    "takes": (figures.TARGETS_TAKE, True),
    "further": ("What else is known", False),
    "gaps": ("What is not known", False),
    "sources": ("Sources, and how to read this report", False),
}
INJECTED = "# Parameters\n"  # begins the cell in which papermill sets what a run was given


def _made(part: str, report: "TrustReport") -> Markup:
    return Markup(from_template(TEMPLATE, part, report))  # noqa: S704  (a template escapes what it shows)


environment().filters |= {
    "measure_picture": figures.measure_picture,
    "side_words": side_words,
    "standing": lambda views: standing_sentence(one.progress for one in views),
    "history": history_words,
}


@dataclass(frozen=True, eq=False)
class TrustReport:
    """One organisation's report; every section is a property that a notebook cell shows by ending with it."""

    board: Board  #: where the plan stands and what is to be decided; exact, or as it may be published
    scenario: Scenario | None = None  #: of which the chances stand beside the plan's
    worked_out: WorkedOut | None = None  #: of the exact figures, published or not

    @property
    def home(self) -> HomeFigures:
        return self.board.home

    @property
    def first_page(self) -> Section:
        """What a reader with five minutes needs: it stands alone."""
        one = self.home.organisation
        warning = f"This organisation closed on {Day(one.closed).label}." if one.closed is not None else ""
        return Section(one.name, warning=warning, level=1, tables=_made("first_page", self))

    @property
    def contents(self) -> list[tuple[str, str]]:
        """The parts that follow the first page: where each begins, and its heading."""
        return [(anchor, heading) for anchor, (heading, of_plan) in PARTS.items() if self.home.plan or not of_plan]

    @property
    def decisions(self) -> Sections:
        """What needs a decision, and the options that can be worked out."""
        return self._part_of_plan("decisions")

    @property
    def changes(self) -> Sections:
        """What changed since the day that the report is compared with, and why."""
        return self._part_of_plan("changes", "all_changes")

    @property
    def measures(self) -> Sections:
        """The summary table of measures: latest, target, status, variation, assurance, limits, chance."""
        words = (one.progress.chance_basis for one in self.board.table.views)  # the same for all of a plan
        return self._part_of_plan("measures", sentences=dict.fromkeys(filter(None, words)))

    @property
    def intentions(self) -> Sections:
        """Intention by intention: measures with their charts, actions, notes, what was left out."""
        notes = (f"Note {one.number} of the framework: {one.text}" for one in catalogue().notes_on(WHOLE_PLAN))
        return self._part_of_plan("intentions", sentences=notes)

    @property
    def due(self) -> Sections:
        """What is overdue and what is due in the coming weeks, with the responsible posts."""
        return self._part_of_plan("due")

    def _part_of_plan(self, name: str, macro: str = "", sentences: Iterable[str] = ()) -> Sections:
        tables = _made(macro or name, self) if self.home.plan else None
        return self._from(name, Section("", tuple(sentences), tables=tables))

    def _from(self, name: str, first: Section, *further: Section) -> Sections:
        """The sections of a part of the contents, the first with its heading; none where it needs a plan."""
        heading, of_plan = PARTS[name]
        if of_plan and self.home.plan is None:
            return Sections()
        return Sections(replace(first, heading=heading, anchor=name, level=2), *further)

    @property
    def parts(self) -> list[tuple[Intention, RowsByStatus]]:
        """The intentions that the plan has rows of, each with them."""
        return [line for _, several in self.board.table.lines for line in several if line[1].rows]

    @cached_property
    def full_charts(self) -> list[str]:
        """The measures that need attention now, whose charts are not folded, by their ids."""
        drawn = [*self.board.targets, *(one for one in self.board.table.views if one.counts)]
        return list(dict.fromkeys(one.id for one in drawn if one.progress.latest is not None))[:FULL_CHARTS]

    @property
    def agreement(self) -> Sections:
        """Who agreed to what, what was re-opened, how far the pledge is, and what was noted."""
        return Sections(made=_made("agreement", self)) if self.home.plan else Sections()

    @property
    def takes(self) -> Sections:
        """What the targets take that can be forecast, and what the forecasts rest on."""
        if self.home.audience is Audience.PUBLISHED:
            return self._from("takes", Section("", (FORUM_ONLY,)))
        opened = self.home.what_if
        if isinstance(opened, str):
            return self._from("takes", Section("", ("Without a staff extract nothing is forecast.",)))
        each = figures.targets_section(self.home.rows, opened, self.board.plan_takes, self.scenario)
        return self._from("takes", each, figures.what_it_rests_on(opened.start))

    @property
    def further(self) -> Sections:
        """What is known besides the plan's measures: staff by age, and sickness where the plan doesn't show it."""
        sections = [figures.age_section(self.home.observations)]
        if not any(one.key and one.key[0] == figures.SICKNESS and one.latest is not None for one in self.home.rows):
            sections.append(figures.sickness_section(self.home.observations, self.home.organisation, self.home.day))
        return self._from("further", Section(""), *(replace(one, level=3) for one in sections))

    @property
    def gaps(self) -> Sections:
        """The measures without a figure."""
        return self._from("gaps", figures.what_is_not_known(self.home.observations, self.home.organisation))

    @property
    def sources(self) -> Sections:
        """The files that the figures came from, and how the report is read."""
        return self._from("sources", Section("", tables=_made("sources", self)))


def open_report(
    organisation: str | Mapping[str, Any],
    plan: Mapping[str, Any] | None = None,
    store: Store | None = None,
    as_of: dt.date | str | None = None,
    audience: Audience | str = Audience.PUBLISHED,
    *,
    since: dt.date | str | None = None,
    scenario: str = "",
) -> TrustReport:
    """Gather what an organisation's report needs.

    `organisation` is its code, or as a plan file gives it, a mapping with `code` and `name`; `plan` stands in for the
    saved one, as a plan file gives it. `as_of` is the day for which it is written, a text as 2026-03-31, or today;
    `since` the earlier day that it is compared with, or the last one with decisions; `scenario` the name of one of the
    what-if, whose chances stand beside the plan's. For `audience` small numbers are
    hidden ("published") or figures exact ("forum"). Without a `store` the default one is opened.

    Raises InputError: every parameter that the notebook doesn't have or that is of another type, and a plan that can't
    be read. UnknownNameError: nothing is known of that code; names the closest. StoreError: the store can't be read.
    """
    code = organisation.get("code", "") if isinstance(organisation, Mapping) else organisation
    unknown = list(unknown_parameters())
    problems = [*unknown, *unknown_choice("audience", str(audience), [str(one) for one in Audience])]
    day, earlier = asked_days(problems, as_of, since, audience, scenario)
    if not unknown and not (code and isinstance(code, str)):  # a misspelled name may have held it
        problems.append(Problem("parameter organisation", "Give a code, such as -p organisation DEMO-AC."))
    if plan is not None and not isinstance(plan, Mapping):
        problems.append(Problem("parameter plan", "It is the content of a plan file: papermill -f FILE gives it."))
    refuse("trust_report", problems)
    opened = store or Store.open()
    try:
        found, given_plan = opened.organisation(str(code)), None
        if plan is not None:
            named = organisation if isinstance(organisation, Mapping) else {"code": found.code, "name": found.name}
            given_plan = Plan.from_parameters(named, plan)
        exact = HomeFigures.of(opened, found, day, plan=given_plan)
        DRAWINGS.update(exact.worked_out.last("drawings", {}))
        gathered = exact.published() if audience == Audience.PUBLISHED else exact
        before = partial(HomeFigures.of, opened, found, before=exact, audience=Audience(audience))
        offered = None if isinstance(gathered.what_if, str) else gathered.what_if.offered(scenarios(found.code))
        beside = offered.get(scenario) if scenario and offered is not None else None
        report = TrustReport(Board.of(opened, gathered, earlier, "", before), beside, exact.worked_out)
        _ = report.board.changes, report.board.decisions  # they ask the store, which may be closed by then
        return report
    finally:
        if store is None:
            opened.close()


def unknown_parameters() -> Iterator[Problem]:
    """What papermill was given in this kernel that the notebook has no parameter for; nothing outside of a notebook."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    cells = shell.user_ns.get("In", []) if shell is not None else []
    for cell in cells:
        if cell.startswith(INJECTED):
            for name in (one.id for one in ast.walk(ast.parse(cell)) if isinstance(one, ast.Name)):
                if name not in PARAMETERS:
                    words = f"The report has no such parameter. It has {listed(PARAMETERS)}."
                    yield Problem(f"parameter {name}", words, did_you_mean(name, PARAMETERS))


def asked_days(
    problems: list[Problem], as_of: dt.date | str | None, since: dt.date | str | None, audience: str, scenario: str
) -> tuple[dt.date, dt.date | None]:
    """The day that a report is for, and the one that it is compared with; adds what can't be asked for to problems."""
    day, earlier = (_day(problems, given, name) for given, name in ((as_of, "as_of"), (since, "since")))
    day = day or today()
    if earlier is not None and earlier >= day:
        problems.append(Problem("parameter since", f"{Day(earlier).label} is not before {Day(day).label}."))
    if scenario and audience == Audience.PUBLISHED:
        problems.append(Problem("parameter scenario", FORUM_ONLY, 'Make the report for the audience "forum".'))
    return day, earlier


def _day(problems: list[Problem], given: dt.date | str | None, name: str) -> dt.date | None:
    """A day that was given; None where none was, or where it is none, which is then among the problems."""
    if not given or isinstance(given, dt.date):
        return given or None
    try:
        return Day.parse(str(given)).date
    except PeriodError as error:
        problems.append(Problem(f"parameter {name}", str(error)))
        return None
