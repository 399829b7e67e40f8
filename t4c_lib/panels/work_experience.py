"""The work experience page: the register, its evaluation, the lists of the programme, and what was learnt."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import traitlets

from t4c_lib.address import TABS
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError, T4CError
from t4c_lib.panels.between_pages import Watch, home_figures
from t4c_lib.panels.controls.form_controls import LARGEST, Control
from t4c_lib.panels.frame import Frame, page_or_reason
from t4c_lib.panels.markup import VBox
from t4c_lib.periods import Day, Month, today
from t4c_lib.programme.evaluation import HOSTED, as_in_plan
from t4c_lib.programme.records import PastedRows, RecordField, Value, cells_of, read_rows, record_kind
from t4c_lib.programme.register import Entry, said_in_words
from t4c_lib.programme.workbook import placements_workbook, rows_of_file
from t4c_lib.quantities import count_of
from t4c_lib.sections.home import HomeFigures
from t4c_lib.sections.programme import Evaluation, Reflection, review_words
from t4c_lib.store import StoreChange
from t4c_lib.typed_text import capitalised, in_short

TITLES = dict(
    zip(
        TABS,
        ("Register", "Evaluation", "Policies and campaigns", "Ambassadors and learning reps", "Reflection"),
        strict=True,
    )
)
# The kinds of record that each tab lists, each with the fields that its table shows.
LISTS = {
    "policies": {
        "policy": ("title", "owner", "status", "approved_on"),
        "campaign": ("title", "month", "aim", "activities", "audience", "reach"),
        "recognition": ("title", "by", "on", "result", "categories"),
        "story": ("title", "published", "link"),
    },
    "people": {
        "ambassador": ("post", "employer", "trained", "until"),
        "activity": ("ambassador", "on", "what", "contacts"),
        "destination": ("partner", "month", "people"),
        "representative": ("union", "role", "since", "until", "hours"),
    },
    "reflection": {"reflection": ("quarter", "did", "changed", "learned", "next")},
    "register": {
        "partner": ("name", "type", "agreement"),
        "setting": ("name", "places"),
        "course": ("name", "programme", "starts", "partners", "places"),
    },
}
NEWEST, MOST_SHOWN = 8, 500  # placements that are listed at first, and at most
QUICK = ("programme", "stage", "partner", "setting", "starts", "days", "age", "before", "area")  # of a placement's form


class WorkExperience(Control):
    """The page below its frame. Raises NothingChosenError: the frame has no organisation.

    Args:
        top: the page's frame; there it is told what was saved.
    """

    kind = traitlets.Unicode("work_experience").tag(sync=True)
    template = "work_experience.html.j2"
    looks = ("t4c-control", "t4c-wide", "t4c-forum", "t4c-board", "t4c-work")
    #: number of the page's last message that was dealt with, whether or not anything changed by it.
    heard = traitlets.Int(0).tag(sync=True)
    titles, quick, lists, most_shown = TITLES, QUICK, LISTS, MOST_SHOWN

    def __init__(self, top: Frame) -> None:
        self.top = top
        self.store, self.organisation = top.chosen
        self.is_public = top.address.audience is Audience.PUBLISHED
        self.tab = "evaluation" if self.is_public else top.address.tab or "register"
        self.cohort, self.programme, self.show = top.address.cohort, top.address.programme, top.address.show
        self.record, self.by, self.focus, self.version = top.address.record, "", "", 0
        self.notice = self.noticed = ""  # what was refused, and in which form
        self.errors: dict[str, str] = {}
        self.typed: dict[str, str] = {}
        self.pasted_text, self.pasted = "", None
        self._gather()
        super().__init__()
        self.on_msg(self._came)
        self._watch = Watch(self.store, self._others_saved, self._store_answers)

    pasted: PastedRows | None

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
    def reflection(self) -> Reflection:
        return Reflection(self.register, self.cohort or str(Month.of(today()).financial_year))

    @property
    def heading(self) -> str:
        """How far the year is, and what has to be done, in a sentence or two."""
        frame, year = self.register.placements, str(Month.of(today()).financial_year)
        if not len(frame):
            return "The register of placements is empty. Begin with a partner and a setting, or paste rows from Excel."
        counts = as_in_plan(frame)
        mine, others = frame[counts & (frame["year"] == year)], frame[~counts & (frame["year"] == year)]
        hosted, volunteers = (int((those["reached"] >= HOSTED).sum()) for those in (mine, others))
        late = sum(one.state == "overdue" for one in self.register.follow_ups)
        follow = {0: "No follow-up is overdue.", 1: "One follow-up is overdue."}
        besides = f", and {count_of(volunteers, 'volunteers')}" if volunteers else ""
        began = f"{count_of(hosted, 'placements')} hosted since April, of {len(mine)} planned in {year}{besides}."
        return f"{began} {follow.get(late, f'{late} follow-ups are overdue.')}"

    def field_value(self, kind: str, key: str, content: Mapping[str, Value]) -> str:
        """What stands in a field of a form: what was typed and refused, else what is kept."""
        if self.noticed and key in self.typed:
            return self.typed[key]
        if kind == "placement" and not content and key == "stage":
            return "planned"
        return record_kind(kind).text_of(key, content, self.register.names)

    def choices(self, kind: str, key: str) -> list[str]:
        """What a field offers: its options, what is known, and of an open one what was entered before."""
        one = record_kind(kind).fields[key]
        offered = [*one.offered.values(), *self.register.known.get(one.of, {}).values()]
        if one.kind == "open":
            if key == "quarter":
                offered = [f"{Month.of(today() - timedelta(days=91 * back)).quarter.label}" for back in range(4)]
            offered += sorted({str(each.content[key]) for each in self.register.of(kind) if key in each.content})
        return [*dict.fromkeys(offered)]

    def fields(self, kind: str) -> dict[str, RecordField]:
        return record_kind(kind).fields

    def noun(self, kind: str) -> str:
        return record_kind(kind).noun

    def title(self, kind: str) -> str:
        return record_kind(kind).title

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
        versions = self.register.history(self.record)
        pairs = zip([None, *versions], versions, strict=False)
        told = [
            (f"{Day(one.at.astimezone().date()).label}, {one.by}", said_in_words(before, one, self.register.names))
            for before, one in pairs
        ]
        return told[::-1]

    @property
    def outcomes(self) -> list[Entry]:
        """What is known of what became of the opened person."""
        return [one for one in self.register.of("outcome") if one.content["placement"] == self.record]

    @property
    def listed(self) -> list[Entry]:
        """The placements that are listed, the newest first."""
        return self.register.of("placement")[::-1][: MOST_SHOWN if self.show else NEWEST]

    @property
    def weeks(self) -> list[str]:
        """The coming weeks of the table of places, by their Mondays."""
        monday = today() - timedelta(days=today().weekday())
        days = [monday + timedelta(weeks=week) for week in range(6)]
        return [f"{day.day} {day:%b}" for day in days]

    def review(self, one: Entry) -> str:
        """When a policy's next review is, and how often it was put back."""
        return capitalised(review_words(self.register, one.ref)) if "review" in one.content else ""

    def link(self, **parts: str) -> str:
        return self.top.address.link(**parts)

    # What comes from the page

    def _came(self, _widget: object, content: Any, buffers: Sequence[Any]) -> None:
        if not isinstance(content, dict) or (do := getattr(self, f"do_{content.get('act')}", None)) is None:
            return
        self.by = str(content.get("by", self.by)).strip()
        self.notice = self.noticed = self.focus = ""
        self.errors, self.typed = {}, {}
        try:
            do({**content, "file": bytes(buffers[0])} if buffers else content)
        except InputError as error:
            self._refuse(error, content)
        except T4CError as error:
            self.notice = error.on_page
        finally:
            self.heard = int(content.get("turn", 0))
        self.element = self.markup()

    def _refuse(self, error: InputError, content: Mapping[str, Any]) -> None:
        fields = {one.label: key for key, one in self.fields(str(content["kind"])).items()} if "kind" in content else {}
        self.noticed = str(content.get("form", content.get("act")))
        self.typed = {str(key): str(value) for key, value in content.get("values", {}).items()}
        rest = []
        for one in error.problems:
            if one.place in fields:
                self.errors[fields[one.place]] = capitalised(one.sentence)
            else:
                rest.append(capitalised(one.sentence))
        if any(one.place == "by" for one in error.problems):
            self.focus = "by"
        self.focus = self.focus or next(iter(self.errors), "")
        self.notice = " ".join(["Not saved.", *rest])

    def _saved(self, words: str) -> None:
        self._gather()
        self.version += 1
        self.top.said = words

    def do_tab(self, content: Mapping[str, Any]) -> None:
        self.tab, self.record = (str(content["tab"]) if content.get("tab") in TITLES else self.tab), ""

    def do_filter(self, content: Mapping[str, Any]) -> None:
        self.cohort, self.programme = str(content.get("cohort", "")), str(content.get("programme", ""))

    def do_show(self, content: Mapping[str, Any]) -> None:
        self.show = str(content.get("show", ""))

    def do_open(self, content: Mapping[str, Any]) -> None:
        """Open a record to correct it, or close it."""
        self.record = str(content.get("record", ""))
        self.focus = "opened" if self.record else ""
        self.version += 1

    def do_find(self, content: Mapping[str, Any]) -> None:
        """Open the placement of a number."""
        wanted = str(content["values"].get("number", "")).strip().upper().removeprefix("P-")
        found = [
            one.ref
            for one in self.register.of("placement")
            if one.ref.removeprefix("P-").lstrip("0") == wanted.lstrip("0")
        ]
        if not found:
            raise InputError.of("find", f"there is no placement {wanted or 'without a number'}.")
        self.do_open({"record": found[0]})

    def do_save(self, content: Mapping[str, Any]) -> None:
        """Keep a new record, or a correction of the opened one."""
        kind, ref = str(content["kind"]), str(content.get("record", ""))
        read = record_kind(kind).take(
            {str(key): str(one) for key, one in content["values"].items()}, self.register.known
        )
        programme, code = self.store.programme, self.organisation.code
        one = (
            programme.correct(code, ref, read, by=self.by) if ref else programme.add(code, kind, [read], by=self.by)[0]
        )
        self.record = self.record if kind == "outcome" else ""
        self._saved(f"{'Corrected' if ref else 'Added'}: {self.noun(kind)} {one.ref}{_names_warning(kind, read)}")

    def do_withdraw(self, content: Mapping[str, Any]) -> None:
        reason = str(content["values"].get("reason", ""))
        one = self.store.programme.withdraw(self.organisation.code, str(content["record"]), reason, by=self.by)
        self.record = ""
        self._saved(f"Taken out: {self.noun(one.kind)} {one.ref}")

    def do_repeat(self, _content: Mapping[str, Any]) -> None:
        """Put the last placement's fields into the form for a new one."""
        last = self.register.of("placement")[-1:]
        self.typed = {key: self.text(last[0], key) for key in QUICK} if last else {}
        self.noticed, self.version = "add-placement", self.version + 1

    def do_paste(self, content: Mapping[str, Any]) -> None:
        """Check pasted rows; nothing is kept yet."""
        self.pasted_text = str(content["values"].get("pasted", ""))
        self.pasted = None
        self.pasted = read_rows("placement", cells_of(self.pasted_text), self.register.known)

    def do_file(self, content: Mapping[str, Any]) -> None:
        """Check the rows of a file."""
        if int(content.get("size", 0)) > LARGEST:
            raise InputError.of(str(content["name"]), "it is too large to be read here.")
        rows = rows_of_file(str(content["name"]), content["file"])
        self.version += 1
        self.do_paste(
            {"values": {"pasted": "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in rows)}}
        )

    def do_fix(self, content: Mapping[str, Any]) -> None:
        """Put what was likely meant in the place of what was pasted, and check again."""
        found = (
            next(
                (
                    one
                    for one in self.pasted.problems
                    if str(one.row) == str(content["row"]) and one.column == content["column"]
                ),
                None,
            )
            if self.pasted
            else None
        )
        if found is not None:
            lines = [line for line in self.pasted_text.splitlines() if line.strip()]
            mark = "\t" if "\t" in self.pasted_text else ","
            cells = lines[found.row - 1].split(mark)
            place = next(
                place for place, cell in enumerate(cells) if " ".join(cell.split()) == " ".join(found.found.split())
            )
            cells[place] = found.meant
            lines[found.row - 1] = mark.join(cells)
            self.version += 1
            self.do_paste({"values": {"pasted": "\n".join(lines)}})

    def do_take(self, _content: Mapping[str, Any]) -> None:
        """Keep the pasted rows that are ready; the others stay to be corrected."""
        if self.pasted is None or not self.pasted.ready:
            return
        kept = self.store.programme.add(self.organisation.code, "placement", self.pasted.ready, by=self.by)
        names = "".join(dict.fromkeys(_names_warning("placement", one) for one in self.pasted.ready))
        self.pasted_text = "\n".join("\t".join(row) for row in self.pasted.left)
        self.pasted = read_rows("placement", self.pasted.left, self.register.known) if self.pasted.left else None
        self._saved(f"Added: {len(kept)} placements, {kept[0].ref} to {kept[-1].ref}{names}")

    def do_workbook(self, _content: Mapping[str, Any]) -> None:
        """Hand over the workbook to fill in."""
        name = f"{self.organisation.code}-placements.xlsx"
        self.send(
            {"kind": "file", "name": name, "type": "application/octet-stream"}, [placements_workbook(self.register)]
        )

    def do_keep_for(self, content: Mapping[str, Any]) -> None:
        months = str(content["values"].get("months", ""))
        if not months.isdigit():
            raise InputError.of("retention period", f"'{months[:20]}' is not a number of months.")
        self.store.programme.keep_for(self.organisation.code, int(months), by=self.by)
        self._saved(f"What is known of a person is kept for {months} months after the placement")

    def do_purge(self, _content: Mapping[str, Any]) -> None:
        count = self.store.programme.purge(self.organisation.code, by=self.by)
        self._saved(f"Forgotten: {count} people, whose time was over. The totals stay as they were")

    # What comes from others

    def _others_saved(self, changes: Sequence[StoreChange]) -> None:
        if any(one.organisation in {"", self.organisation.code} for one in changes):
            known = self.register.entries[-1:]
            self._gather()
            newest = self.register.entries[-1:]
            if newest != known and newest[0].by != self.by:
                self.top.said = f"{newest[0].by} saved: {newest[0].ref}"
            self.element = self.markup()

    def _store_answers(self, trouble: str) -> None:
        self.top.said = trouble and f"{trouble} Meanwhile this page can't show what others save."


def _names_warning(kind: str, content: Mapping[str, Value]) -> str:
    names = record_kind(kind).likely_names(content)
    return (
        f". Is that a person's name: {in_short(names, 3)}? If so, correct it: no names are kept here" if names else ""
    )


def work_experience(top: Frame) -> Control | VBox:
    """The work experience page, for the organisation of its frame; as it may be published, the evaluation alone."""
    return page_or_reason(lambda: WorkExperience(top), "Work experience")
