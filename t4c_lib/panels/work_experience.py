"""The work experience page: the register, its evaluation, the lists of the programme, and what was learnt."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from t4c_lib.address import TABS
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, Problem, T4CError, did_you_mean, refuse, with_article
from t4c_lib.html_templates import text_from
from t4c_lib.panels.between_pages import Watch, home_figures
from t4c_lib.panels.controls.form_controls import Answering
from t4c_lib.panels.frame import Frame, page_or_reason
from t4c_lib.panels.markup import Html
from t4c_lib.periods import Day, Month, parse_period, today
from t4c_lib.programme import records
from t4c_lib.programme.evaluation import HOSTED, NHS, as_in_plan, hosted_by_course
from t4c_lib.programme.records import CellProblem, Content, PastedRows, record_kind, record_kinds
from t4c_lib.programme.register import Entry, Register, contradictions, said_in_words
from t4c_lib.quantities import count_of
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.programme import Evaluation, blog_draft, fed_views, year_in_months
from t4c_lib.store import StoreChange
from t4c_lib.typed_text import NAME, capitalised, in_short, take_text

WORDS = ("Register", "Evaluation", "Policies and campaigns", "Ambassadors and learning reps", "Reflection")
NEWEST, MOST_SHOWN = 8, 500  # placements that are listed at first, and at most
PERSONAL = "This may be personal data: {}. If it identifies somebody, take it out: no names are kept here."
OFTEN = 3  # records in which a text stands: then it is of no one person


class WorkExperience(Answering):
    """The page below its frame. Raises NothingChosenError: the frame has no organisation.

    `top`: the page's frame; there it is told what was saved.
    """

    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board", "t4c-work")
    titles, newest, most_shown = dict(zip(TABS, WORDS, strict=True)), NEWEST, MOST_SHOWN
    record_kind, record_kinds = staticmethod(record_kind), staticmethod(record_kinds)
    with_article, year_in_months = staticmethod(with_article), staticmethod(year_in_months)
    blog_draft, hosted_by_course = staticmethod(blog_draft), staticmethod(hosted_by_course)
    fed_views = staticmethod(fed_views)

    def __init__(self, top: Frame) -> None:
        self.top, address = top, top.address
        self.store, self.organisation = top.chosen
        self.is_public = address.audience is Audience.PUBLISHED
        self.tab = "evaluation" if self.is_public else address.tab or "register"
        self.cohort, self.programme = address.cohort, address.programme
        self.show, self.record = address.show, address.record
        self.by = top.name_of("")
        self.focus = self.notice = self.noticed = self.pasted_text = ""  # noticed: the form that was refused
        self.errors, self.typed = dict[str, str](), dict[str, str]()  # by field of that form
        self.unsure = ""  # what looks like a person in it, and is kept if it is sent once more
        self.pasted: PastedRows | None = None
        self.cells, self.doubts = list[list[str]](), list[CellProblem]()  # of pasted rows
        self.asked, self.refs, self.saved_in = list[CellProblem](), list[str](), ""  # of the last save, and its form
        self.versions = Counter[str]()  # of each form: another one means that it is made anew, and empty
        self._gather()
        super().__init__()
        self._watch = Watch(self.store, self._others_saved, top.store_answers)

    def _gather(self) -> None:
        self.register = self.store.programme.register(self.organisation.code)

    # What it shows

    @property
    def home(self) -> HomeFigures:
        """What the evaluation is set beside; the register does without it."""
        return home_figures(self.store, self.organisation, today())

    @property
    def evaluation(self) -> Evaluation:
        return Evaluation(self.register, self.home, self.cohort, self.programme, is_public=self.is_public)

    @property
    def year(self) -> str:
        """The financial year that is looked back on."""
        return self.cohort or str(Month.of(today()).financial_year)

    @property
    def years(self) -> list[str]:
        """Those of which there are placements, and that one, the newest first."""
        return sorted({*self.register.placements["year"], self.year}, reverse=True)

    @property
    def heading(self) -> str:
        """How far the year is, and what has to be done, in a sentence or two."""
        frame, year = self.register.placements, str(Month.of(today()).financial_year)
        planned, this_year = as_in_plan(frame), frame["year"] == year
        hosted = [int((frame[those & this_year]["reached"] >= HOSTED).sum()) for those in (planned, ~planned)]
        late = len(self.register.follow_ups["overdue"])
        shown = {"counts": [len(frame), (planned & this_year).sum(), *hosted, late], "year": year, "count_of": count_of}
        return text_from("panels/work_experience.txt.j2", **shown).strip()

    def choices(self, kind: str, key: str) -> list[str]:
        """What a field offers: its options, what is known, and of an open one what was entered before."""
        one = record_kind(kind).fields[key]
        offered = [*one.offered.values(), *self.register.known.get(one.of, {}).values()]
        if key == "quarter":
            offered = [(Month.of(today()).quarter + -back).label for back in range(8)]
        entered = self.register.of(kind) if one.kind == "open" and key != "quarter" else []
        times = Counter(str(each.content[key]) for each in entered if key in each.content)
        offered += sorted(text for text in times if times[text] >= OFTEN or not self._names(kind, {key: text}))
        return list(dict.fromkeys(offered))

    def _names(self, kind: str, content: Content) -> tuple[str, ...]:
        return record_kind(kind).likely_names(content, self.register.names.values())

    def text(self, one: Entry, key: str) -> str:
        """What a record says in a field, as people read it."""
        return record_kind(one.kind).text_of(key, one.content, self.register.names)

    @property
    def opened(self) -> Entry | None:
        """The record that is open; None where there is none."""
        return next(iter(self.register.history(self.record)[-1:]), None)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """Every save of the opened record, the newest first: who and when, and what it changed."""
        versions, names = self.register.history(self.record), self.register.names
        pairs = [*zip([None, *versions], versions, strict=False)][::-1]
        return [(f"{Day(one.at.date()).label}, {one.by}", said_in_words(before, one, names)) for before, one in pairs]

    # What comes from the page

    def respond(self, content: Mapping[str, Any]) -> None:
        act = content.get("act")
        if (do := getattr(self, f"do_{act}", None)) is None or (self.is_public and act != "filter"):
            return  # what is shown for everybody can't be used to enter anything
        self.by = self.top.name_of(content.get("by", self.by))
        self.notice = self.noticed = self.focus = self.unsure = ""
        self.errors, self.typed = {}, {}
        try:
            do({"values": {}, **content})
        except InputError as error:
            self._refuse(error, str(content.get("kind", "")), str(content.get("form", act)))
            self.typed = {str(key): str(value) for key, value in content.get("values", {}).items()}
        except T4CError as error:
            self.notice = error.on_page
        self.element = self.markup()

    def _refuse(self, error: InputError, kind: str, form: str) -> None:
        fields = {one.label: key for key, one in record_kind(kind).fields.items()} if kind else {}
        self.errors = {fields[one.place]: capitalised(one.sentence) for one in error.problems if one.place in fields}
        rest = [capitalised(one.sentence) for one in error.problems if one.place not in fields]
        lacks_name = any(one.place == "by" for one in error.problems)
        self.noticed, self.focus = form, "by" if lacks_name else next(iter(self.errors), "")
        first = {"paste": "Not read.", "file": "Not read.", "find": ""}.get(form, "Not saved.")
        first = "Not saved yet." if self.unsure else first
        self.notice = " ".join(filter(None, [first, *rest]))

    def _saved(self, words: str, form: str, asked: Iterable[CellProblem] = (), refs: Iterable[str] = ()) -> None:
        self.asked, self.refs, self.saved_in = [*asked], [*refs], form
        self._gather()
        self.versions[form] += 1
        self.top.settled += 1
        self.top.said = words

    def do_tab(self, content: Mapping[str, Any]) -> None:
        self.tab, self.record = (str(content["tab"]) if content.get("tab") in TABS else self.tab), ""

    def do_filter(self, content: Mapping[str, Any]) -> None:
        self.cohort, self.programme = str(content.get("cohort", "")), str(content.get("programme", ""))

    def do_show(self, content: Mapping[str, Any]) -> None:
        self.show = str(content.get("show", ""))

    def do_open(self, content: Mapping[str, Any]) -> None:
        """Open a record to correct it, by its reference or a placement by its number; or close it."""
        wanted = str(content["values"].get("number", "")).strip()
        digits = wanted.upper().removeprefix("P-").lstrip("0")
        mine = {str(one.content.get("own", "")).casefold(): one.ref for one in self.register.of("placement")}
        self.record = mine.get(wanted.casefold(), f"P-{digits:>04}") if wanted else str(content.get("record", ""))
        if asked := content.get("asked"):  # at a follow-up that is due
            self.typed, self.noticed = {"asked_at": str(asked), "on": Day(today()).label}, f"add-outcome-{self.record}"
        elif meant := content.get("meant"):  # in a record that has a word that is nearly this one
            self.typed, self.noticed = {str(content["key"]): str(meant)}, f"open-{self.record}"
        if self.record and self.opened is None:
            self.record = ""
            raise InputError.of("the register", f"there is no record {wanted or content['record']}.")
        self.focus = str(content.get("key", "opened" if self.record else ""))

    def do_save(self, content: Mapping[str, Any]) -> None:
        """Keep a new record, or a correction of the opened one."""
        kind, ref, code = str(content["kind"]), str(content.get("record", "")), self.organisation.code
        typed = {str(key): str(one) for key, one in content["values"].items()}
        problems, kept, of = list[Problem](), self.store.programme, record_kind(kind)
        read = of.read(typed, self.register.known, problems)
        problems = problems or [*contradictions(kind, read, self.register, ref)]
        take_text(problems, "by", self.by, NAME, "enter your name.")
        refuse(f"this {of.noun}", problems)
        before = {str(value) for old in self.register.history(ref)[-1:] for value in old.content.values()}
        new = {key: value for key, value in read.items() if str(value) not in {*before, *self.choices(kind, key)}}
        self._ask(content, {of.fields[key].label: self._names(kind, {key: value}) for key, value in new.items()})
        asked = [*self._doubts(kind, {0: read}, ref), *self._slips(kind, {0: read})]
        by, gone = self.by, "was_name" in typed
        one = kept.correct(code, ref, read, by=by, was_name=gone) if ref else kept.add(code, kind, [read], by=by)[0]
        self.record = "" if ref == self.record and kind != "outcome" and not asked else self.record
        done = f"{'Corrected' if ref else 'Added'}: {record_kind(kind).noun} {one.ref}"
        self._saved(done, str(content.get("form", "")), asked, [one.ref])

    def _ask(self, content: Mapping[str, Any], found: Mapping[str, Iterable[str]]) -> None:
        """Ask about what looks like a person, by the label of its field, before it is kept. Raises InputError, once."""
        said = {label: in_short([*dict.fromkeys(names)], 3) for label, names in found.items() if names}
        asked = "; ".join(said.values())
        self.unsure = "" if asked == content.get("asked", "") else asked
        refuse("this record", [Problem(at, PERSONAL.format(names)) for at, names in said.items() if self.unsure])

    def _doubts(self, kind: str, contents: Mapping[int, Content], ref: str = "") -> Iterator[CellProblem]:
        """What is doubtful in new records, or in what the record `ref` is corrected to; `row`: of which one."""
        there = {frozenset(one.content.items()): f"is on record as {one.ref}" for one in self.register.of(kind)}
        for at, one in contents.items():
            said, hosted = frozenset(one.items()), hosted_by_course(self.register) if kind == "course" else {}
            shown = {"kind": kind, "one": one, "ref": ref, "register": self.register, "period": parse_period}
            shown |= {"same": "" if ref else there.get(said), "hosted": hosted, "nhs": NHS}
            there.setdefault(said, "stands twice among these")
            for words in filter(None, text_from("panels/questions.txt.j2", **shown).splitlines()):
                yield CellProblem(at, "", "", Problem("", words))
        yield from self._overbooked(contents, ref) if kind == "placement" else ()

    def _slips(self, kind: str, contents: Mapping[int, Content]) -> Iterator[CellProblem]:
        """Words that are nearly others in records, as far as these could be read."""
        fields = {key: field for key, field in record_kind(kind).fields.items() if field.kind == "open"}
        known = {key: self.choices(kind, key) for key in fields}
        for at, one in contents.items():
            for key, new in ((key, str(one[key])) for key in known if key in one and one[key] not in known[key]):
                if hint := did_you_mean(new, known[key]):
                    yield CellProblem(at, key, new, Problem("", f"'{new}' is new under {fields[key].label}.", hint))

    def _overbooked(self, contents: Mapping[int, Content], ref: str) -> Iterator[CellProblem]:
        """Of each placement the first week in which more are booked with these than its setting has places."""
        new = [Entry(0, "placement", ref or str(at), one, "", datetime.now(UTC)) for at, one in contents.items()]
        booked = Register([*self.register.entries, *new], self.register.day)
        before, after = self.register.free_places(), booked.free_places()
        begins, ends = (booked.placements[end].dt.date for end in ("first", "last"))
        for at, one in zip(contents, new, strict=True):
            setting, first, last = str(one.content.get("setting", "")), begins[one.ref], ends[one.ref]
            weeks = zip(booked.coming_weeks, before.get(setting, ()), after.get(setting, ()), strict=False)
            full = [day for day, (was, _), (left, _) in weeks if left < min(was, 0)]
            for day in [day for day in full if first < day + timedelta(weeks=1) and last >= day][:1]:
                words = f"{self.register.names[setting]} is full in the week from {Day(day).label}."
                yield CellProblem(at, "", "", Problem("", words))

    def do_withdraw(self, content: Mapping[str, Any]) -> None:
        reason = str(content["values"].get("reason", ""))
        self._ask(content, {"reason": records.names_in(reason, self.register.names.values())})
        one = self.store.programme.withdraw(self.organisation.code, str(content["record"]), reason, by=self.by)
        self.record = ""
        self._saved(f"Taken out: {record_kind(one.kind).noun} {one.ref}", "withdraw")

    def do_repeat(self, _content: Mapping[str, Any]) -> None:
        """Put the last placement's fields into the form for a new one."""
        last, self.noticed = self.register.of("placement")[-1:], "add-placement"
        self.typed = {key: self.text(one, key) for one in last for key in record_kind("placement").pasted}
        self.top.said = "" if last else "There is no placement on record to repeat yet."
        self.versions["add-placement"] += 1

    def do_paste(self, content: Mapping[str, Any]) -> None:
        """Check pasted rows; nothing is kept yet."""
        self.pasted_text, self.pasted = str(content["values"].get("pasted", "")), None
        self.cells = [row for row in records.cells_of(self.pasted_text) if any(cell.strip() for cell in row)]
        doubts = partial(contradictions, register=self.register)
        self.pasted = records.read_rows("placement", self.cells, self.register.known, doubts)
        names = {row: in_short(self._names("placement", one), 3) for row, one in self.pasted.read.items()}
        found = [CellProblem(row, "", "", Problem("", PERSONAL.format(said))) for row, said in names.items() if said]
        slips = self._slips("placement", self.pasted.read)  # at once, whatever else a row has to correct
        self.doubts, self.asked = [*found, *self._doubts("placement", self.pasted.ready), *slips], []
        to_correct = f", {self.pasted.wrong} to correct" if self.pasted.wrong else ""
        self.top.said = f"{count_of(len(self.pasted.read), 'rows')} read, {len(self.pasted.ready)} ready{to_correct}"

    def _check(self, rows: Sequence[Sequence[str]]) -> None:
        """The same for rows of cells; they stand in the field for pasted rows then."""
        self.versions["paste"] += 1
        text = "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
        self.do_paste({"values": {"pasted": text}})

    def do_file(self, content: Mapping[str, Any]) -> None:
        self._check(records.rows_of_file(str(content["name"]), content["file"], int(content.get("size", 0))))

    def do_take(self, _content: Mapping[str, Any]) -> None:
        """Keep the pasted rows that are ready; the others stay to be corrected."""
        if self.pasted is None or not self.pasted.ready:
            return
        ready, left, places = self.pasted.ready, self.pasted.left, {row: at for at, row in enumerate(self.pasted.ready)}
        doubts = [one._replace(row=places[one.row]) for one in self.doubts if one.row in places]
        heading = self.cells[: len(self.cells) - len(self.pasted.read)]
        kept = self.store.programme.add(self.organisation.code, "placement", [*ready.values()], by=self.by)
        last = f" to {kept[-1].ref}" if len(kept) > 1 else ""
        self.pasted_text, self.pasted, self.doubts = "", None, []
        if left:
            self._check([*heading, *left])
        done = f"Added: {count_of(len(kept), 'placements')}, {kept[0].ref}{last}"
        self._saved(done, "paste", doubts, [one.ref for one in kept])

    def do_workbook(self, _content: Mapping[str, Any]) -> None:
        self.send_file(f"{self.organisation.code}-placements.xlsx", records.placements_workbook(self.register.known))

    def do_keep_for(self, content: Mapping[str, Any]) -> None:
        months = self.store.programme.keep_for(self.organisation.code, content["values"].get("months", ""), by=self.by)
        self._saved(f"What is known of a person is kept for {months} months after the placement", "keep_for")

    def do_whole_from(self, content: Mapping[str, Any]) -> None:
        year = str(content["values"].get("year", ""))
        self.store.programme.whole_from(self.organisation.code, year, by=self.by)
        self._saved(f"The record counts as whole from {year}", "whole_from")

    def do_purge(self, _content: Mapping[str, Any]) -> None:
        count = self.store.programme.purge(self.organisation.code, by=self.by)
        self._saved(f"Deleted: what was known of {count_of(count, 'people')}. The totals stay as they were", "purge")

    # What comes from others

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        known = self.register.entries[-1].number if self.register.entries else 0
        mine = [one for one in changes if one.organisation in {"", self.organisation.code}]
        if any(one.what != "programme" or one.number > known for one in mine):  # not this page's own save
            self._gather()
            self.focus = ""  # whoever types here stays where they are
            for one in self.register.entries[-1:]:
                if one.number > known and one.by != self.by:
                    self.top.said = f"{one.by} saved: {one.ref}"
            self.element = self.markup()


def work_experience(top: Frame) -> WorkExperience | Html:
    """The work experience page, for the organisation of its frame; as it may be published, the evaluation alone."""
    return page_or_reason(lambda: WorkExperience(top), "Work experience")
