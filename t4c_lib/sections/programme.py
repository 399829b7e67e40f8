"""The work experience programme as its page shows it: the evaluation in figures and sentences, the year in short."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isnan

import pandas as pd

from t4c_lib.disclosure.suppression_policy import policy
from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.programme.evaluation import HOSTED, Tally, tally_of
from t4c_lib.programme.records import Content, record_kind
from t4c_lib.programme.register import Register
from t4c_lib.progress.figures import wilson
from t4c_lib.progress.intake import Intake, intake_for
from t4c_lib.quantities import count_of, number, percent
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.row_view import RowView
from t4c_lib.typed_text import listed

STAGES = {"planned": "Planned", "offered": "Offered", "hosted": "Hosted", "completed": "Completed"}
OUTCOMES = {
    "applied": "Applied for an NHS job, apprenticeship or course",
    "offer": "Were offered one",
    "started": "Started",
    "volunteering": "Went into NHS volunteering",
    "elsewhere": "Went elsewhere: work, college or university",
    "none": "Nothing yet",
    "unknown": "Not known",
}
GROUPED = {"partner": "Partner", "setting": "Setting", "course": "Course or cohort", "target_group": "Target group"}
NOT_SHOWN = "not shown"  # in place of a count that is hidden
NOT_DECLARED = ("not asked", "none")
FEWEST_STARTED = 30  # people of whom it is known what became, in two groups, before their outcomes are compared


@dataclass(frozen=True)
class Share:
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
        """The share in whole per cent; empty where none can be told."""
        return percent(self.part / self.whole, 0) if self.is_shown else ""

    @property
    def ends(self) -> tuple[float, float] | None:
        """Wilson's 95% interval; None for published counts, which are rounded, and where there is no share."""
        if self.is_public or not self.is_shown:
            return None
        low, high = wilson(self.part, self.whole)
        return float(low), float(high)

    @property
    def interval(self) -> str:
        """The interval in words: "10% to 29%"."""
        return f"{percent(self.ends[0], 0)} to {percent(self.ends[1], 0)}" if self.ends else ""

    @property
    def of(self) -> str:
        """The counts in words: "22 of 24"; for a hidden one, that it is."""
        if isnan(self.part):
            return NOT_SHOWN
        return f"{count_text(self.part)} of {count_text(self.whole)}"


def count_text(count: float) -> str:
    """A count as people read it."""
    return NOT_SHOWN if isnan(count) else number(count, 0)


@dataclass(frozen=True)
class FunnelLine:
    """One line from planned to started."""

    label: str
    count: float  #: of people; NaN where it is hidden
    share: Share | None  #: of the stage before, or of those who completed
    of: str  #: what the share is of
    bar: float  #: length, 0 to 100


class Evaluation:
    """The evaluation of a year's placements.

    Args:
        register: what is kept.
        home: of the organisation, for what it does to the plan.
        year: the financial year of the placements' first days, as "2025/26"; the last that is over if it is empty.
        programme: the only one that is meant; all where it is empty.
        is_public: whether it leaves the forum.
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

    def _share(self, part: str, whole: str, counts: dict[str, float] | None = None) -> Share:
        of = self.whole if counts is None else counts
        return Share(of[part], of[whole], self.is_public)

    @property
    def sentence(self) -> str:
        """What became of the year's people, as a heading."""
        completed, started, unknown = (self.whole[name] for name in ("completed", "started", "unknown"))
        what = f" ({self.programme[0].lower()}{self.programme[1:]})" if self.programme else ""
        if not self.years:
            return "There is nothing to evaluate yet: no placement is on record"
        if completed == 0:
            hosted = f"{count_text(self.whole['hosted'])} placements were hosted in {self.year}{what}"
            return f"{hosted}; nobody is on record as having completed one"
        told = f"{count_text(started)} started in the NHS by six months; of {count_text(unknown)} it is not known"
        return f"Of {count_text(completed)} people who completed a placement in {self.year}{what}, {told}"

    @property
    def funnel(self) -> list[FunnelLine]:
        """From planned to completed, each of the one before."""
        names = [*STAGES]
        lines = []
        for before, name in zip(("", *names), names, strict=False):
            share = self._share(name, before) if before else None
            of = f"of {STAGES[before].lower()}" if before else ""
            lines.append(FunnelLine(STAGES[name], self.whole[name], share, of, self._bar(name)))
        return lines

    @property
    def outcomes(self) -> list[FunnelLine]:
        """What became of those who completed; nothing where nobody did."""
        there = [name for name in OUTCOMES if name != "volunteering" or self.whole[name] != 0]
        lines = (
            FunnelLine(
                OUTCOMES[name], self.whole[name], self._share(name, "completed"), "of completed", self._bar(name)
            )
            for name in there
        )
        return [*lines] if self.whole["completed"] else []

    def _bar(self, name: str) -> float:
        count, most = self.whole[name], self.whole["planned"]
        return 0.0 if isnan(count) or isnan(most) or not most else 100 * count / most

    @property
    def feedback(self) -> list[str]:
        """What people said of their placement, a sentence each; and of whole courses, as it was entered."""
        said, told = [], self._share("wants", "asked")
        if self.whole["asked"]:
            interval = f" ({told.text}, {told.interval})" if told.interval else ""
            not_asked = self.whole["hosted"] - self.whole["asked"]
            rest = f"; {count_of(not_asked, 'people')} were not asked or did not say" if not_asked > 0 else ""
            said.append(f"{told.of} want a career in healthcare{interval}{rest}.")
        if self.whole["rated"] and not self.is_public:
            rating = self.whole["rating"] / self.whole["rated"]
            said.append(
                f"Rating of the placement: {number(rating)} of 5, by {count_of(self.whole['rated'], 'people')}."
            )
        return said

    @property
    def courses(self) -> list[tuple[str, str, str]]:
        """Courses of the year: name, what is known of their size, and feedback as a whole; not for publication."""
        kind, found = record_kind("course"), []
        for one in self.register.of("course"):
            month, said = Month.parse(str(one.content["starts"])), one.content
            if (
                str(month.financial_year) == self.year
                and self.programme in ("", said["programme"])
                and not self.is_public
            ):
                mine = self.register.placements["course"] == one.ref
                hosted = int((mine & (self.register.placements["reached"] >= HOSTED)).sum())
                places = f" of {said['places']} in the whole programme" if "places" in said else ""
                size = f"{hosted} hosted here{places}. Partners: {said.get('partners', 'not entered')}."
                size += f" Settings offered: {said['settings']}." if "settings" in said else ""
                trainees = (
                    f" ({count_of(said['trainees'], 'trainees')})"
                    if "trainees" in said
                    else " (how many said so is not on record)"
                )
                told = kind.text_of("feedback", said)
                found.append((str(said["name"]), size, told and f"{told}{trainees}"))
        return found

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, dict[str, float], Share, Share]]]]:
        """By partner, setting, course and target group: counts, share that started, share that wants a career."""
        found = []
        for dimension, label in GROUPED.items():
            lines = [
                (name, counts, self._share("started", "completed", counts), self._share("wants", "asked", counts))
                for name, counts in self.tally.groups(dimension)
                if name not in NOT_DECLARED
            ]
            found.append((label, lines))
        return [one for one in found if one[1]]

    @property
    def finding(self) -> str:
        """Whether the outcomes of a partner or setting differ from those of all, as a heading."""
        rate = self.whole["started"] / self.whole["completed"] if self.whole["completed"] else 0.0
        apart = [
            f"{name} ({started.of} started)"
            for label, lines in self.groups
            if label in ("Partner", "Setting")
            for name, _, started, _ in lines
            if started.ends and not started.ends[0] <= rate <= started.ends[1]
        ]
        return (
            f"By partner and setting: apart from the others {'stand' if len(apart) > 1 else 'stands'} {listed(apart)}"
            if apart
            else "By partner and setting: none stands out"
        )

    @property
    def reached(self) -> list[tuple[str, str, Share, str, Share]]:
        """Who was hosted: characteristic, group, share of those who declared, residents' share, who started."""
        labels, local = (
            record_kind("placement").fields,
            dict(self.home.local.around.groups) if self.home.local.around else {},
        )
        found = []
        for dimension in ("age", "before", "area", "sex", "ethnicity", "disability", "target_group"):
            those = [(name, counts) for name, counts in self.tally.groups(dimension) if name not in NOT_DECLARED]
            declared = sum(counts["hosted"] for _, counts in those)
            for name, counts in those:
                share = Share(counts["hosted"], declared, self.is_public)
                beside = percent(local[name], 0) if dimension == "ethnicity" and name in local else ""
                found.append(
                    (labels[dimension].label, name, share, beside, self._share("started", "completed", counts))
                )
        return found

    @property
    def as_good_for_everyone(self) -> str:
        """Whether outcomes differ between groups of people, as far as can be said."""
        known = self.whole["completed"] - self.whole["unknown"]
        if isnan(known) or known < FEWEST_STARTED:
            return (
                f"Whether outcomes are as good for everyone can't be said yet: of {count_text(known)} people it is "
                f"known what became of them, and with fewer than {FEWEST_STARTED} chance decides."
            )
        rate, apart = self.whole["started"] / self.whole["completed"], []
        for label, name, _, _, started in self.reached:
            if started.ends and not started.ends[0] <= rate <= started.ends[1]:
                apart.append(f"{label.lower()} {name} ({started.of})")
        if apart:
            return f"Outcomes differ by more than chance explains: {listed(apart)}, of all {percent(rate, 0)} started."
        return "No group's outcomes differ from those of all by more than chance explains; small groups say little."

    @cached_property
    def fed(self) -> list[RowView]:
        """The plan's measures that the register and the lists count, as every page has them."""
        counted = {one.key for one in catalogue().measures if one.fed_by}
        return [RowView(one) for one in self.home.rows if one.key is not None and one.key[0] in counted]

    @cached_property
    def intake(self) -> Intake | None:
        """What next year's intake has to be for the plan's X; None without an X or without anybody placed."""
        choosing = (one for one in self.home.rows if one.key and one.key[0] == "nhs-as-career-choice")
        row = next((one for one in choosing if one.trajectory is not None), None)
        if row is None or row.trajectory is None or self.is_public:
            return None
        return intake_for(self.table[self.table["year"].isin(self.over)], row.trajectory, row.latest)


class Reflection:
    """The quarters' reflections, the year as a picture, and what can be written of it.

    Args:
        register: what is kept.
        year: a financial year, as "2025/26".
    """

    def __init__(self, register: Register, year: str) -> None:
        self.register, self.year = register, year

    @property
    def years(self) -> list[str]:
        """The years of which there are placements, and this one, the newest first."""
        return sorted({*self.register.placements["year"], self.year}, reverse=True)

    @cached_property
    def events(self) -> list[tuple[dt.date, str, str]]:
        """What happened in the year, in order: the day or first of the month, the kind, and what."""
        return sorted(one for one in self._every_event() if str(Month.of(one[0]).financial_year) == self.year)

    def _every_event(self) -> Iterator[tuple[dt.date, str, str]]:
        for kind, field, label in EVENTS:
            for one in self.register.of(kind):
                if text := str(one.content.get(field, "")):
                    yield dt.date.fromisoformat(f"{text}-01"[:10]), label, _what(kind, one.content)

    @property
    def months(self) -> list[tuple[str, int, list[str]]]:
        """The twelve months: name, placements that began and were hosted, what else happened."""
        frame = self.register.placements
        hosted = frame[(frame["reached"] >= HOSTED) & (frame["year"] == self.year)]
        begun = pd.Series([str(Month.of(day)) for day in hosted["first"].dt.date]).value_counts()
        found = []
        for month in FinancialYear.parse(self.year).months:
            events = [f"{label}: {what}" for day, label, what in self.events if Month.of(day) == month]
            found.append((month.label, int(begun.get(str(month), 0)), events))
        return found

    @property
    def draft(self) -> list[str]:
        """Paragraphs for a blog or case study, made of what is on record and of nothing else."""
        frame = self.register.placements
        mine = frame[(frame["year"] == self.year) & (frame["reached"] >= HOSTED)]
        partners = sorted({self.register.names.get(one, "") for one in mine["partner"]} - {""})
        with_whom = f" with {listed(partners)}" if partners else ""
        text = [f"In {self.year} we hosted {count_of(len(mine), 'placements')}{with_whom}."] if len(mine) else []
        for one in self.register.of("course"):
            if str(Month.parse(str(one.content["starts"])).financial_year) == self.year and one.content.get("feedback"):
                text.append(f"{one.content['name']}: {one.content['feedback']}")
        text += [f"{label}: {what}." for _, label, what in self.events if label != "Course"]
        for one in self.register.of("policy"):
            if "review" in one.content:
                text.append(f"{one.content['title']}: {review_words(self.register, one.ref)}.")
        for one in self.register.of("reflection"):
            if self.year in str(one.content["quarter"]):
                text += [str(one.content[key]) for key in ("did", "changed", "learned", "next") if key in one.content]
        return text


EVENTS = (
    ("campaign", "month", "Campaign"),
    ("recognition", "on", "Award or event"),
    ("story", "published", "Case study"),
    ("course", "starts", "Course"),
)


def _what(kind: str, content: Content) -> str:
    name = str(content[record_kind(kind).name])
    if kind != "recognition":
        return name
    categories = f", {count_of(float(str(content['categories'])), 'categories')}" if "categories" in content else ""
    by = f" ({content['by']})" if "by" in content else ""
    return f"{name}: {content.get('result', 'noted')}{categories}{by}"


def review_words(register: Register, ref: str) -> str:
    """When a policy is next to be reviewed, and how often that was put back."""
    versions = [str(one.content.get("review", "")) for one in register.history(ref)]
    put_back = sum(bool(before) and after > before for before, after in pairwise(versions))
    due = Month.parse(versions[-1])
    late = "overdue since" if due.last_day < register.day else "due by"
    often = f", put back {['once', 'twice'][put_back - 1] if put_back < 3 else f'{put_back} times'}" if put_back else ""
    return f"review {late} {due.label}{often}"
