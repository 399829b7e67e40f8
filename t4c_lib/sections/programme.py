"""The work experience programme as its page shows it: the evaluation in figures and sentences, the year in short."""

import datetime as dt
from functools import cached_property
from math import isnan, nan
from typing import NamedTuple

from t4c_lib.disclosure.suppression_policy import policy
from t4c_lib.html_templates import plain_from, text_from
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import MeasureRow
from t4c_lib.programme.evaluation import HOSTED, NO_WORK_EXPERIENCE, Tally, as_in_plan, hosted_by_course, tally_of
from t4c_lib.programme.feeds import CHOOSING
from t4c_lib.programme.records import record_kind, record_kinds
from t4c_lib.programme.register import STAGES, Entry, Register, day_of
from t4c_lib.progress.figures import wilson
from t4c_lib.progress.intake import Intake, intake_for
from t4c_lib.quantities import number, percent
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.row_view import RowView
from t4c_lib.typed_text import capitalised

GROUPED = {"partner": "Partner", "setting": "Setting", "course": "Course or cohort", "target_group": "Target group"}
CHARACTERISTICS = ("age", "before", "area", "sex", "ethnicity", "disability", "target_group")
NOT_SHOWN = "not shown"  # in place of a count that is hidden
NOT_DECLARED = ("not asked", "none")
FEWEST_KNOWN = 30  # people of whom it is known what became, before outcomes of groups are compared


class Share(NamedTuple):
    """So many of so many people, with what that allows to say. NaN where a count is hidden."""

    part: float
    whole: float
    is_public: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a share can be told: there are people, no count is hidden, published ones are of enough people."""
        return self.whole >= (policy().smallest_base if self.is_public else 1) and not isnan(self.part + self.whole)

    @property
    def text(self) -> str:
        """The share in whole per cent; empty where none can be told, or where rounded counts may hide a few."""
        return percent(self.part / self.whole, 0) if self.is_shown and not self._is_nearly_all else ""

    @property
    def _is_nearly_all(self) -> bool:
        return self.is_public and 0 < self.whole <= self.part

    @property
    def ends(self) -> tuple[float, float] | None:
        """Wilson's 95% interval; None for published counts, which are rounded, and where there is no share."""
        low, high = wilson(self.part, self.whole) if self.is_shown and not self.is_public else (None, None)
        return None if low is None or high is None else (float(low), float(high))

    @property
    def interval(self) -> str:
        """The interval in words: "10% to 29%"."""
        return f"{percent(self.ends[0], 0)} to {percent(self.ends[1], 0)}" if self.ends else ""

    @property
    def of(self) -> str:
        """The counts in words: "22 of 24"."""
        nearly = "all or nearly all" if self._is_nearly_all else count_text(self.part)
        return NOT_SHOWN if isnan(self.part) else f"{nearly} of {count_text(self.whole)}"


def count_text(count: float) -> str:
    """A count as people read it."""
    return NOT_SHOWN if isnan(count) else number(count, 0)


class Evaluation:
    """The evaluation of the placements that began in a financial year, as "2025/26"; the last that is over if empty.

    `programme`: the only one that is meant; all where it is empty. `is_public`: whether it leaves the forum.
    """

    def __init__(
        self, register: Register, home: HomeFigures, year: str = "", programme: str = "", *, is_public: bool = False
    ) -> None:
        self.register, self.home, self.is_public = register, home, is_public
        self.table = tally_of(register)
        self.years = sorted(set(self.table["year"]), reverse=True)
        self.over = [one for one in self.years if FinancialYear.parse(one).last_day < register.day]
        self.year = year if year in self.years else next(iter(self.over or self.years), "")
        self.programmes = sorted(set(self.table["programme"]))
        self.programme = programme if programme in self.programmes else ""
        exact = Tally.of(self.table, [self.year], self.programme)
        self.tally = exact.published(self.year) if is_public else exact
        self.whole = self.tally.whole
        early = self.whole["completed"] - self.whole["over"]
        # Of rounded counts a small difference tells a small number.
        self.whole["early"] = nan if is_public and early and policy().hides(early) else early

    def share(self, part: str, whole: str, counts: dict[str, float] | None = None) -> Share:
        """Some of the people counted as others, by the names of the counts; of everybody unless `counts` are given."""
        of = counts or self.whole
        return Share(of[part], of[whole], self.is_public)

    @property
    def sentence(self) -> str:
        """What became of the year's people, as a heading."""
        what = f"{self.year} ({self.programme})" if self.programme else self.year
        return plain_from("sections/evaluation.html.j2", "sentence", self.whole, what, self.is_public)

    @property
    def courses(self) -> list[tuple[Entry, int | None]]:
        """Courses of the year, and how many were hosted here, None where nobody was on it; none for publication."""
        hosted = hosted_by_course(self.register)
        courses = [] if self.is_public else self.register.of("course")
        mine = (one for one in courses if self.programme in ("", one.content["programme"]))
        return [(one, hosted.get(one.ref)) for one in mine if _year_of(one, "starts") == self.year]

    @property
    def not_counted(self) -> list[str]:
        """Who is in no count of outcomes though one is on record: they did not complete. Nobody for publication."""
        frame = self.register.placements
        told = frame[frame.index.isin(self.register.outcomes["placement"]) & (frame["year"] == self.year)]
        left = told[(told["stage"] != STAGES[-1]) & (told["programme"].eq(self.programme) | (self.programme == ""))]
        return [] if self.is_public else [*left.index]

    @cached_property
    def groups(self) -> dict[str, list[tuple[str, dict[str, float], Share, Share]]]:
        """By partner, setting, course and target group: counts, share that started, share that wants a career."""
        return {
            label: [
                (name, counts, self.share("started", "over", counts), self.share("wants", "asked", counts))
                for name, counts in declared
            ]
            for dimension, label in GROUPED.items()
            if (declared := self._declared(dimension))
        }

    def _declared(self, dimension: str) -> list[tuple[str, dict[str, float]]]:
        """Groups with their counts, the largest first; ages in their order."""
        found = [one for one in self.tally.groups(dimension) if one[0] not in NOT_DECLARED]
        bands = record_kind("placement").fields["age"].options
        return sorted(found, key=lambda one: bands.index(one[0])) if dimension == "age" else found

    def _apart(self, shares: dict[str, Share]) -> list[str]:
        """Those whose interval leaves out the share of everybody."""
        rate = self.whole["started"] / (self.whole["over"] or 1)
        off = (name for name, one in shares.items() if one.ends and not one.ends[0] <= rate <= one.ends[1])
        return [f"{name} ({shares[name].of} started)" for name in off]

    @property
    def finding(self) -> str:
        """Whether the outcomes of a partner or setting differ from those of all, as a heading."""
        lines = [line for label in ("Partner", "Setting") for line in self.groups.get(label, [])]
        apart = self._apart({name: started for name, _, started, _ in lines})
        known = self.whole["over"] - self.whole["unknown"]
        return plain_from("sections/evaluation.html.j2", "finding", apart, known >= FEWEST_KNOWN)

    @cached_property
    def reached(self) -> list[tuple[str, str, Share, str, Share]]:
        """Who was hosted: characteristic, group, share of those who declared, residents' share, who started."""
        local = dict(self.home.local.around.groups) if self.home.local.around else {}
        found = []
        for dimension in CHARACTERISTICS:
            label, those = record_kind("placement").fields[dimension].label, self._declared(dimension)
            declared = sum(counts["hosted"] for _, counts in those)
            for name, counts in those:
                beside = percent(local[name], 0) if dimension == "ethnicity" and name in local else ""
                hosted = Share(counts["hosted"], declared, self.is_public)
                found.append((label, name, hosted, beside, self.share("started", "over", counts)))
        return found

    @property
    def as_good_for_everyone(self) -> str:
        """Whether outcomes differ between groups of people, as far as can be said."""
        known = self.whole["over"] - self.whole["unknown"]
        apart = self._apart({f"{label.lower()} {name}": started for label, name, _, _, started in self.reached})
        return plain_from("sections/evaluation.html.j2", "as_good", known, FEWEST_KNOWN, apart)

    @cached_property
    def intake(self) -> Intake | None:
        """What next year's intake has to be for the plan's X; None without an X or without anybody placed."""
        choosing = (one.progress for one in fed_views(self.home, CHOOSING))
        row = next((one for one in choosing if one.trajectory is not None), None)
        if row is None or row.trajectory is None or self.is_public:
            return None
        counts = self.table["year"].isin(self.over) & ~self.table["programme"].isin(NO_WORK_EXPERIENCE)
        return intake_for(self.table[counts], row.trajectory, row.latest)


def fed_views(home: HomeFigures, only: str = "") -> list[RowView]:
    """The plan's measures that the register and the lists count, as every page has them; those of one feed alone."""
    feeds = {one.row.key: one.row.what.fed_by for one in home.rows if isinstance(one.row, MeasureRow)}
    return [RowView(one) for one in home.rows if one.key and (feed := feeds[one.key]) and only in ("", feed)]


def _year_of(one: Entry, field: str) -> str:
    """The financial year of one of a record's days or months; empty without it."""
    return str(Month.of(day_of(one, field)).financial_year) if field in one.content else ""


def year_events(register: Register, year: str) -> list[tuple[dt.date, str, Entry]]:
    """What happened in a financial year, in order: the day or the first of the month, what it is called, the record."""
    found = [
        (day_of(one, kind.happens_on), capitalised(kind.noun), one)
        for key, kind in record_kinds().items()
        for one in register.of(key)
        if _year_of(one, kind.happens_on) == year
    ]
    return sorted(found, key=lambda one: (one[0], one[1]))


def year_in_months(register: Register, year: str) -> list[tuple[str, int, list[tuple[str, Entry]]]]:
    """The twelve months of a year: name, how many placements began and were hosted, and what else happened."""
    frame, events = register.placements, year_events(register, year)
    hosted = [Month.of(day) for day in frame[(frame["reached"] >= HOSTED) & (frame["year"] == year)]["first"].dt.date]
    return [
        (month.label, hosted.count(month), [(label, one) for day, label, one in events if Month.of(day) == month])
        for month in FinancialYear.parse(year).months
    ]


def blog_draft(register: Register, year: str) -> str:
    """Text for a blog or case study, made of what is on record of a year and of nothing else."""
    frame = register.placements
    mine = frame[(frame["year"] == year) & (frame["reached"] >= HOSTED)]
    partners = sorted({register.names.get(one, "") for one in mine["partner"]} - {""})
    quarters = {month.quarter for month in FinancialYear.parse(year).months}
    called = [year, *(f"{one.months[0].label.split()[0]} to {one.months[-1].label}" for one in quarters)]
    of_year = [one for one in register.of("reflection") if any(name in str(one.content["quarter"]) for name in called)]
    events = year_events(register, year)
    told = [one for _, _, one in events if one.kind == "course"] + of_year
    doubtful = [one for one in told if record_kind(one.kind).likely_names(one.content, register.names.values())]
    counts = (int(those.sum()) for those in (as_in_plan(mine), ~as_in_plan(mine)))
    hosted, volunteers = (
        number(float(policy().nearest(one))) if one > policy().hidden_up_to else one for one in counts
    )
    shown = {"year": year, "hosted": hosted, "volunteers": volunteers, "partners": partners, "doubtful": doubtful}
    policies = [one for one in register.of("policy") if _year_of(one, "review") >= year]
    reviews = [(one.content["title"], day_of(one, "review")) for one in policies]
    of_day = {"day": register.day, "events": events, "reviews": reviews}
    return text_from("sections/blog_draft.txt.j2", **shown, **of_day, reflections=of_year)
