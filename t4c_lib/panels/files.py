"""Files that go in and out on a page: figures, told problem by problem; plans, each change shown before it is saved."""

import datetime as dt
import re
import secrets
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from t4c_lib.address import Address
from t4c_lib.documents.office_files import changed_outside, made_here, plan_file
from t4c_lib.errors import InputError, Problem, RefusedInputsError, T4CError
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.collection_workbook.workbook_writer import mark_refused
from t4c_lib.html_templates import from_template
from t4c_lib.panels.controls import Button, Download, Message, Text, Upload, UploadedFile
from t4c_lib.panels.markup import LIVE_ONLY, Html, VBox, show_if
from t4c_lib.panels.row_saving import SaveForm, refusal
from t4c_lib.periods import FinancialYear, Month, today
from t4c_lib.plan import Plan, changes_as_lines, changes_between, roll
from t4c_lib.plan.word import Proposal, proposal_to_plan, propose_from_word
from t4c_lib.progress import RowFigures
from t4c_lib.quantities import count_of
from t4c_lib.sections.home import TEMPLATE
from t4c_lib.store import Revision, Store
from t4c_lib.typed_text import capitalised

WORD = (".docx", ".doc")
EXCEL = ".xlsx"
PLANS = (".yaml", ".yml", EXCEL, *WORD)
ENDINGS = (".csv", ".gz", ".xlsx")
MOST_NAMED = 3  # organisations of one file; a publication may have hundreds, which are found at the top of the page


class NotLoadedError(T4CError):
    """A file that was handed in and refused; what is wrong with it is told in the list of files."""


class FilesHandedIn:
    """A file handed in is read and stored as `t4c evidence add` does it: whole, or not at all.

    `on_loaded`: called after a file was stored. `address`: of the page, which links keep. `after`: what the list says
    under a file that was stored. Attributes: `results`: what came of each file, the newest first. `marked`: hands over
    a copy of a refused collection workbook in which each problem is marked.
    """

    def __init__(
        self, store: Store, on_loaded: Callable[[], None], address: Address | None = None, after: str = ""
    ) -> None:
        self._store, self._on_loaded, self._after = store, on_loaded, after
        self._address = address or Address()
        self._told: list[dict[str, object]] = []  # files handed in and what came of each, the newest first
        self._copy = ("", b"")
        self.field = Upload("Publication, staff extract or collection workbook, up to 20 MB", self._take, ENDINGS)
        self.field_box = VBox([Html("<h2 id='t4c-bring'>Bring figures in</h2>"), self.field])
        self.field_box.add_class(LIVE_ONLY)
        self._list = Html()
        self.marked = Download("", lambda: self._copy)
        show_if(self.marked, shown=False)
        self.results = VBox([self._list, self.marked])

    def _take(self, file: UploadedFile) -> None:
        def tell(words: str, share: float) -> None:
            self.field.state = f"{words} ({share:.0%})"

        show_if(self.marked, shown=False)
        with tempfile.TemporaryDirectory(prefix="t4c-") as folder:
            path = Path(folder, file.name)
            try:
                path.write_bytes(file.content)
            except (OSError, ValueError):
                raise NotLoadedError("A file of this name can't be kept here. Give it a shorter, plain name.") from None
            try:
                (loaded,) = read_files([path], tell)
                (added,) = self._store.add_evidence([loaded])
            except RefusedInputsError as error:
                self._offer_marked_copy(path, error)
                raise self._refused(file, error.errors[0]) from None
            except InputError as error:
                raise self._refused(file, error) from None
        words = capitalised(str(added).removeprefix(f"{added.source.name}: "))
        codes = list(loaded.observations["organisation"].unique()) or [one.code for one in loaded.organisations]
        self._tell(file, words, (*loaded.notes, *filter(None, [self._after])), codes, is_loaded=True)
        self._on_loaded()

    def _refused(self, file: UploadedFile, error: InputError) -> NotLoadedError:
        self.field.state = ""
        count = count_of(len(error.problems), "problems")
        points = [capitalised(one) for one in error.shown]
        self._tell(file, f"{count}, nothing was loaded. Correct the file and choose it again.", points)
        return NotLoadedError(f"{file.name} was not loaded: {count}, listed under Files handed in.")

    def _offer_marked_copy(self, path: Path, error: RefusedInputsError) -> None:
        for _, copy in mark_refused([path], error.errors):
            self._copy = (copy.name, copy.read_bytes())
            self.marked.label = f"{copy.name}: every problem marked in its cell"
            show_if(self.marked, shown=True)

    def _tell(
        self,
        file: UploadedFile,
        words: str,
        points: Sequence[str],
        codes: Sequence[str] = (),
        *,
        is_loaded: bool = False,
    ) -> None:
        now = f"today, {dt.datetime.now():%H:%M}"
        named = [self._store.organisation(code) for code in codes] if len(codes) <= MOST_NAMED else []
        of = [(one.title, self._address.link("home", organisation=one.code)) for one in named]
        told = {"name": file.name, "when": now, "size": file.size, "is_loaded": is_loaded}
        self._told.insert(0, {**told, "words": words, "points": points, "of": of})
        self._list.value = from_template(TEMPLATE, "files", self._told)


@dataclass(frozen=True)
class _Proposed:
    """A plan that is shown and not saved yet, with the text that a person wrote it in, and what is noted of it."""

    plan: Plan
    document: str | None
    note: str
    again: Callable[[], object]  #: proposes it anew when somebody else has saved


class PlanFiles:
    """The plan as a file, down and up, and the plan of the next year. Nothing is saved before its changes were shown.

    `on_saved`: called after a plan was saved. Attributes: `word`: what a Word document that was handed in holds, and
    what has to be said of it. `preview`: what a proposed plan would change, and the form to save it; hidden if none is.
    """

    def __init__(self, store: Store, organisation: Organisation, on_saved: Callable[[], None]) -> None:
        self._store, self._organisation, self._on_saved = store, organisation, on_saved
        self._revision: Revision | None = None
        self._proposed: _Proposed | None = None
        self._year = Month.of(today()).financial_year
        self.download = Download("The plan as a file (YAML)", partial(self._file, ".yaml"))
        self.in_word = Download("The plan as a table in Word", partial(self._file, ".docx"))
        self.in_excel = Download("The plan for Excel", partial(self._file, EXCEL))
        self.upload = Upload("", self._take, PLANS)
        self.answer = Message()
        self.next_year = Button("", self._propose_next, self.answer)
        self._heading = Html()
        self._words = Html()
        self._with_plan = VBox([self.in_word, self.in_excel, self.download])
        self.box = VBox([self._heading, self._with_plan, self.upload, self.next_year, self._words, self.answer])
        self.box.add_class(LIVE_ONLY)
        self._changes, self._dropped = Html(), Message()
        self.form = SaveForm(store, self._save, "plan")
        self.drop = Button("Don't save it", self._drop, self._dropped, secondary=True)
        self.word = WordPlan(store, organisation, self._propose_text)
        self.preview = VBox([self._changes, self.form.box, self.drop])
        show_if(self.preview, shown=False)

    def show(self, revision: Revision | None) -> None:
        is_newer = revision != self._revision
        self._revision = revision
        plan = revision.plan if revision else None
        now = Month.of(today()).financial_year
        self._year = max(FinancialYear(plan.years[-1].start_year + 1), now) if plan else now
        self.next_year.label = f"Start the plan for {self._year}{' from this one' if plan else ''}"
        covered = plan is not None and now < plan.years[-1]
        show_if(self.next_year, shown=not covered)
        words = "Every change is shown before anything is saved."
        if plan and covered:
            years = f"{plan.years[0]} to {plan.years[-1]}"
            words += f" The plan covers {years}: the next one can be started in its last year."
        self._words.value = f"<p>{words}</p>"
        self._heading.value = f"<h2 id='t4c-plan'>{'The plan as a file' if plan else 'The plan'}</h2>"
        show_if(self._with_plan, shown=plan is not None)
        bring = "Bring back a changed plan (YAML), or" if plan else "Bring a plan (YAML), or"
        self.upload.label = f"{bring} the pledge's table in Word (.docx){', or Excel (.xlsx)' if plan else ''}"
        if self._proposed is not None and is_newer:
            self._proposed.again()  # somebody else saved: what it would change is another thing now

    def _file(self, ending: str) -> tuple[str, bytes]:
        saved = self._revision
        assert saved is not None  # noqa: S101  (the button stands only where there is one)
        name = f"{self._organisation.code}-plan-{saved.revision}{ending}"
        if ending == ".yaml":
            return name, saved.document.encode()
        return name, plan_file(ending, saved.plan, saved.revision, self._organisation.title)

    def _take(self, file: UploadedFile) -> None:
        self.word.forget()
        if file.name.casefold().endswith((EXCEL, *WORD)) and self._came_back(file):
            return
        if file.name.casefold().endswith(EXCEL):
            words = "this workbook was not downloaded here, so it can't be told which cell is which."
            raise InputError.of(file.name, words, "Download the plan for Excel, and change that.")
        if file.name.casefold().endswith(WORD):
            self._drop()
            plan = self._revision.plan if self._revision else None
            self.word.take(file, plan.years if plan else [Month.of(today()).financial_year])
            self.answer.say("What is in the document is shown below.", tone="plain")
            return
        try:
            text = file.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError(file.name, [Problem("", "a plan file is text in UTF-8, which this is not.")]) from None
        plan = Plan.from_yaml(text, file.name)
        self._refuse_other(file.name, plan.organisation, f"{plan.organisation_name} ({plan.organisation})")
        self._propose_text(plan, text, f"from {file.name}")

    def _refuse_other(self, source: str, code: str, whose: str) -> None:
        if code != self._organisation.code:
            words = f"this is the plan of {whose}, and the page is of {self._organisation.code}."
            raise InputError.of(source, words, "Choose that organisation first.", place="organisation")

    def _came_back(self, file: UploadedFile) -> bool:
        """Whether it is a table that was written here; then what was changed in it is shown."""
        if (made := made_here(file.content)) is None or self._revision is None:
            return False
        code, number = made
        self._refuse_other(file.name, code, code)
        before = {one.revision: one.plan for one in self._store.plan_history(code)}[number]
        plan, remarks = changed_outside(file.content, file.name, before, self._revision.plan)
        self._propose(_Proposed(plan, None, f"from {file.name}", partial(self._came_back, file)))
        if remarks:
            self.answer.say("\n".join(remarks), lead="What was not taken:", tone="plain")
        return True

    def _propose_text(self, plan: Plan, document: str, note: str) -> None:
        self._propose(_Proposed(plan, document, note, partial(self._propose_text, plan, document, note)))

    def _propose_next(self) -> None:
        code, year = self._organisation.code, self._year
        if self._revision is None:
            plan = Plan.suggested(code, self._organisation.name, [year], since=Month.of(today()))
            self._propose(_Proposed(plan, None, "as suggested", self._propose_next))
            return
        try:
            plan = roll(self._revision.plan, year, RowFigures(self._store.observations(code)).newest)
        except T4CError as error:
            self.answer.say(error.on_page, lead="Not started.", tone="refused")
            return
        self._propose(_Proposed(plan, None, f"carried to {year}", self._propose_next))

    def _propose(self, proposed: _Proposed) -> None:
        before = self._revision.plan if self._revision else None
        if before is None:
            unset = sum(row.can_have_x and row.target is None for row in proposed.plan.measures)
            counts = f"{len(proposed.plan.actions)} actions, {len(proposed.plan.measures)} measures"
            lines: tuple[str, ...] = (f"A first plan: {counts}, {unset} of them without an X.",)
        else:
            lines = changes_as_lines(changes_between(before, proposed.plan))
            if not lines and self._revision and proposed.document not in (None, self._revision.document):
                lines = ("Only comments or the layout of the file.",)
        if not lines:
            self._drop()
            self.answer.say("Nothing new: this is the plan as it is saved.")
            return
        self._proposed = proposed
        self._changes.value = from_template(TEMPLATE, "proposed", proposed.note, lines)
        again = self._store.reopened_by(proposed.plan, today())
        reopens = f"Re-opens what both sides had agreed: {'; '.join(again)}." if again else ""
        self.form.warning.say("\n".join(filter(None, (self._older(proposed), reopens))))
        self.form.note.value = proposed.note
        # A press that was made for an earlier list of changes is not to save this one.
        self.form.button.about = f"{self._organisation.code} {secrets.token_hex(4)}"
        show_if(self.preview, shown=True)
        self.answer.say("What it would change is shown below. Nothing is saved yet.", tone="plain")

    def _older(self, proposed: _Proposed) -> str:
        """That it was made from an older plan than the one that is saved; its name says so, or all that is in it."""
        saved = self._revision.revision if self._revision else 0
        named = re.search(rf"{re.escape(self._organisation.code)}-plan-(\d+)\b", proposed.note)
        same = [one.revision for one in self._store.plan_history(self._organisation.code) if one.plan == proposed.plan]
        made_from = int(named[1]) if named else max(same, default=saved)
        if proposed.document is None or made_from >= saved:
            return ""
        since = f"what was saved since (revision {saved})"
        return f"This file is older than the saved plan: it is of revision {made_from}, and takes back {since}."

    def _drop(self) -> None:
        self._proposed = None
        show_if(self.preview, shown=False)
        self.form.result.say("")
        self.answer.say("")

    def _save(self) -> None:
        if self._proposed is None:
            return
        saved = self.form.save(self._store, self._proposed.plan, self._revision, self._proposed.document)
        if saved is None:
            return
        self._drop()
        self.word.forget()
        self.answer.say(f"The plan is now at {saved}.", lead="Saved:", tone="done")
        self._on_saved()


OWN_HELP = "Numbers of the rows above, such as 3, 17. Leave it empty if every match is right."
ACCEPTED_HELP = "Numbers of the X's above, with the letter of a reading where there are several: 1, 4b. Or: all."


class WordPlan:
    """What `t4c plan import` asks of a Word document, on a page.

    `organisation`: whose plan it is to be. `on_read`: called with the plan, its text as YAML and a note, once a person
    has said what holds. Attributes: `box`: hidden while no document is there. `own`, `accepted`: in which rows of the
    organisation's own, and the X's that hold, are named. `answer`: why no plan can be made of them.
    """

    def __init__(self, store: Store, organisation: Organisation, on_read: Callable[[Plan, str, str], None]) -> None:
        self._store, self._organisation, self._on_read = store, organisation, on_read
        self._proposal: Proposal | None = None
        self._years: Sequence[FinancialYear] = ()
        self._shown = Html()
        self.own = Text("Rows that are your own and none of the framework's", help=OWN_HELP)
        self.accepted = Text("X's that hold", help=ACCEPTED_HELP)
        self.answer = Message()
        self.button = Button("Show what it would change", self._read, self.answer, [self.own, self.accepted])
        asked = VBox([self.own, self.accepted, self.button, self.answer])
        asked.add_class(LIVE_ONLY)
        self.box = VBox([self._shown, asked])
        self.forget()

    def take(self, file: UploadedFile, years: Sequence[FinancialYear]) -> None:
        """Show what a document holds, for a plan of these years. Raises InputError for one that can't be read."""
        found = propose_from_word(file.content, file.name)
        known = [one.name for one in self._store.organisations() if one.is_employer]
        other = proposal_to_plan.other_organisation(found, self._organisation.name, known)
        self._proposal, self._years = found, years
        self._shown.value = from_template(TEMPLATE, "from_word", found, other, self._organisation.name)
        show_if(self.accepted, shown=bool(found.amounts))
        show_if(self.box, shown=True)

    def forget(self) -> None:
        self._proposal = None
        self.own.value = self.accepted.value = ""
        self.answer.say("")
        show_if(self.box, shown=False)

    def _read(self) -> None:
        found, of = self._proposal, self._organisation
        if found is None:
            return
        try:
            own = proposal_to_plan.row_numbers(self.own.value, len(found.rows))
            accepted = proposal_to_plan.accepted_amounts(found, self.accepted.value, own)
            plan = proposal_to_plan.plan_from(found, of.code, of.name, self._years, own=own, accepted=accepted)
        except InputError as error:
            self.answer.say(refusal(error), lead="Not read.", tone="refused")
            return
        left = len(found.amounts) - len(accepted)
        kept = f"X's set: {len(accepted)}. Kept in the notes of their rows: {left}. " if found.amounts else ""
        self.answer.say(f"{kept}Nothing is saved yet.", tone="plain")
        self._on_read(plan, proposal_to_plan.document_of(plan, found), f"from {found.source}")
