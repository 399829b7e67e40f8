"""Files that go in and out on Home: figures, told problem by problem; plans, each change shown before it is saved."""

import datetime as dt
import re
import secrets
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from t4c_lib.address import Address
from t4c_lib.documents.plan_in_word_and_excel import changed_outside, made_here, plan_file
from t4c_lib.errors import InputError, Problem, RefusedInputsError, T4CError
from t4c_lib.evidence import Organisation, read_files
from t4c_lib.evidence.collection_workbook.workbook_writer import mark_refused
from t4c_lib.html_templates import text_from
from t4c_lib.panels.controls.form_controls import FileRefusedError, UploadedFile
from t4c_lib.panels.row_saving import refusal
from t4c_lib.periods import FinancialYear, Month, today
from t4c_lib.plan import Plan, changes_as_lines, changes_between, check, roll
from t4c_lib.plan.word import Proposal, proposal_to_plan, propose_from_word
from t4c_lib.progress import RowFigures
from t4c_lib.quantities import count_of
from t4c_lib.store import Revision, Store
from t4c_lib.typed_text import capitalised

WORD = (".docx", ".doc")
EXCEL = ".xlsx"
PLANS = (".yaml", ".yml", EXCEL, *WORD)
FIGURES = (".csv", ".gz", ".xlsx")
MOST_TO_MEND = 5  # of what a proposed plan would lack, named
MOST_NAMED = 3  # organisations of one file; a publication may have hundreds, which are found at the top of the page


class Said(NamedTuple):
    """A message on the page. It is text, whatever it holds: markup in it is shown as it was typed."""

    text: str = ""  #: lines may be broken; empty shows nothing
    lead: str = ""  #: a word or two in bold before it
    tone: str = ""  #: "" (in a box), "plain" (without one) or "refused"


class FiguresHandedIn:
    """Files of figures: each is read and stored as `t4c evidence add` does it, whole or not at all.

    `address`: of the page, which links keep. `after`: what the list says under a file that was stored. Attributes:
    `told`: what came of each file, the newest first, for the page's table. `marked`: name and bytes of a copy of a
    refused collection workbook in which each problem is marked; empty unless the last file was one.
    """

    def __init__(self, store: Store, address: Address, after: str = "") -> None:
        self._store, self._address, self._after = store, address, after
        self.told: list[dict[str, object]] = []
        self.marked = "", b""

    def take(self, file: UploadedFile, tell: Callable[[str, float], None] = lambda _words, _share: None) -> None:
        """Store what a file holds. Raises FileRefusedError: it was not. `tell`: is told how far the reading is."""
        self.marked = "", b""
        with tempfile.TemporaryDirectory(prefix="t4c-") as folder:
            path = Path(folder, file.name)
            try:
                path.write_bytes(file.content)
            except (OSError, ValueError):
                words = "A file of this name can't be kept here. Give it a shorter, plain name."
                raise FileRefusedError(words) from None
            try:
                (loaded,) = read_files([path], tell)
                (added,) = self._store.add_evidence([loaded])
            except RefusedInputsError as error:
                for _, copy in mark_refused([path], error.errors):
                    self.marked = copy.name, copy.read_bytes()
                raise self._refused(file, error.errors[0]) from None
            except InputError as error:
                raise self._refused(file, error) from None
        codes = list(loaded.observations["organisation"].unique()) or [one.code for one in loaded.organisations]
        named = [self._store.organisation(code) for code in codes] if len(codes) <= MOST_NAMED else []
        of = [(one.title, self._address.link("home", organisation=one.code)) for one in named]
        words, points = str(added).removeprefix(f"{added.source.name}: "), [*loaded.notes, *filter(None, [self._after])]
        self._tell(file, is_loaded=True, words=capitalised(words), points=points, of=of)

    def _refused(self, file: UploadedFile, error: InputError) -> FileRefusedError:
        count, points = count_of(len(error.problems), "problems"), [capitalised(one) for one in error.shown]
        words = f"{count}, nothing was loaded. Correct the file and choose it again."
        self._tell(file, is_loaded=False, words=words, points=points, of=())
        return FileRefusedError(f"{file.name} was not loaded: {count}, listed under Files handed in.")

    def _tell(self, file: UploadedFile, **told: object) -> None:
        now = f"today, {dt.datetime.now():%H:%M}"
        self.told.insert(0, {"name": file.name, "when": now, "size": file.size, **told})


class Proposed(NamedTuple):
    """A plan that is shown and not saved yet."""

    plan: Plan
    document: str | None  #: the text that a person wrote it in
    note: str  #: what is noted of it
    again: Callable[[], object]  #: proposes it anew when somebody else has saved
    lines: tuple[str, ...] = ()  #: what it would change
    warning: Said = Said()  #: what a save would do besides
    about: str = ""  #: another one for each list of changes: a press made for an earlier one is not to save this one


class PlanFiles:
    """The plan as a file, down and up, and the plan of the next year. Nothing is saved before its changes were shown.

    Attributes: `revision`: the plan as it is saved; None where there is none. `proposed`: what is shown and not saved
    yet. `word`, `other`: what a Word document that was handed in holds, and whom it names instead of the organisation;
    `answer`, `word_answer`: what came of the last press, and of the last look into that document.
    """

    def __init__(self, store: Store, organisation: Organisation) -> None:
        self._store, self._organisation = store, organisation
        self.revision: Revision | None = None
        self.proposed: Proposed | None = None
        self.word: Proposal | None = None
        self.other: tuple[str, str] | None = None
        self.answer = self.word_answer = Said()

    def look(self, revision: Revision | None) -> None:
        """The plan is saved like this now; what it was to change is another thing then."""
        is_newer, self.revision = revision != self.revision, revision
        if self.proposed is not None and is_newer:
            self.proposed.again()

    @property
    def plan(self) -> Plan | None:
        return self.revision.plan if self.revision else None

    @property
    def year(self) -> FinancialYear:
        """The year of which a plan can be started."""
        now = Month.of(today()).financial_year
        return max(FinancialYear(self.plan.years[-1].start_year + 1), now) if self.plan else now

    @property
    def covered(self) -> str:
        """The years of a plan that goes on beyond this one, which is no time to start the next; empty otherwise."""
        years = self.plan.years if self.plan else ()
        return f"{years[0]} to {years[-1]}" if (years and Month.of(today()).financial_year < years[-1]) else ""

    def file(self, ending: str) -> tuple[str, bytes]:
        """Name and bytes of the plan as a file that ends so."""
        saved = self.revision
        assert saved is not None  # noqa: S101  (it is offered only where there is one)
        name = f"{self._organisation.code}-plan-{saved.revision}{ending}"
        if ending == ".yaml":
            return name, saved.document.encode()
        return name, plan_file(ending, saved, self._organisation.title)

    def take(self, file: UploadedFile) -> None:
        """Show what a file would change. Raises InputError: it is no plan, or none of this organisation."""
        self.forget_word()
        self.answer, name = Said(), file.name.casefold()
        if name.endswith((EXCEL, *WORD)) and self._came_back(file):
            return
        if name.endswith(EXCEL):
            words = "this workbook was not downloaded here, so it can't be told which cell is which."
            raise InputError.of(file.name, words, "Download the plan for Excel, and change that.")
        if name.endswith(WORD):
            self.drop()
            found = propose_from_word(file.content, file.name)
            known = [one.name for one in self._store.organisations() if one.is_employer]
            self.other = proposal_to_plan.other_organisation(found, self._organisation.name, known)
            self.word = found
            self.answer = Said("What is in the document is shown below.", tone="plain")
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
        if (made := made_here(file.content)) is None or self.revision is None:
            return False
        code, number = made
        self._refuse_other(file.name, code, code)
        before = {one.revision: one.plan for one in self._store.plan_history(code)}[number]
        plan, remarks = changed_outside(file.content, file.name, before, self.revision.plan)
        self._propose(plan, None, f"from {file.name}", partial(self._came_back, file))
        if remarks:
            self.answer = Said("\n".join(remarks), "What was not taken:", "plain")
        return True

    def read_word(self, own: str, accepted: str) -> None:
        """Show what the Word document would change, once a person has said what of it holds.

        `own`: the rows that are the organisation's own. `accepted`: the X's that hold.
        """
        found, of = self.word, self._organisation
        if found is None:
            return
        years = self.plan.years if self.plan else [Month.of(today()).financial_year]
        try:
            rows = proposal_to_plan.row_numbers(own, len(found.rows))
            amounts = proposal_to_plan.accepted_amounts(found, accepted, rows)
            plan = proposal_to_plan.plan_from(found, of.code, of.name, years, own=rows, accepted=amounts)
        except InputError as error:
            self.word_answer = Said(refusal(error), "Not read.", "refused")
            return
        left = len(found.amounts) - len(amounts)
        kept = f"X's set: {len(amounts)}. Kept in the notes of their rows: {left}. " if found.amounts else ""
        self.word_answer = Said(f"{kept}Nothing is saved yet.", tone="plain")
        self._propose_text(plan, proposal_to_plan.document_of(plan, found), f"from {found.source}")

    def _propose_text(self, plan: Plan, document: str, note: str) -> None:
        self._propose(plan, document, note, partial(self._propose_text, plan, document, note))

    def propose_next(self) -> None:
        """Show the plan of the next year, or the first one."""
        code, year = self._organisation.code, self.year
        if self.revision is None:
            plan = Plan.suggested(code, self._organisation.name, [year], since=Month.of(today()))
            self._propose(plan, None, "as suggested", self.propose_next)
            return
        try:
            plan = roll(self.revision.plan, year, RowFigures(self._store.observations(code)).newest)
        except T4CError as error:
            self.answer = Said(error.on_page, "Not started.", "refused")
            return
        self._propose(plan, None, f"carried to {year}", self.propose_next)

    def _propose(self, plan: Plan, document: str | None, note: str, again: Callable[[], object]) -> None:
        if self.plan is None:
            unset = sum(row.can_have_x and row.change is None for row in plan.measures)
            counts = f"{len(plan.actions)} actions, {len(plan.measures)} measures"
            lines: tuple[str, ...] = (f"A first plan: {counts}, {unset} of them without an X.",)
        else:
            lines = changes_as_lines(changes_between(self.plan, plan))
            if not lines and self.revision and document not in (None, self.revision.document):
                lines = ("Only comments or the layout of the file.",)
        if not lines:
            self.drop()
            self.answer = Said("Nothing was changed in this file, so the plan stays as it is saved.")
            return
        known = set(check(self.plan, today())) if self.plan else set()
        new = [str(one) for one in check(plan, today()) if self.plan and one not in known]
        shown = {"reopened": self._store.reopened_by(plan, today()), "new": new, "most": MOST_TO_MEND}
        made_from, saved = self._made_from(plan, note) if document else 0, self.revision and self.revision.revision
        warning = text_from("panels/proposed.txt.j2", made_from=made_from, saved=saved, **shown).strip()
        self.proposed = Proposed(plan, document, note, again, lines, Said(warning), secrets.token_hex(4))
        self.answer = Said("What it would change is shown below. Nothing is saved yet.", tone="plain")

    def _made_from(self, plan: Plan, note: str) -> int:
        """The revision that a file was made from: its name says so, or all that is in it; 0 where neither does."""
        code = self._organisation.code
        named = re.search(rf"{re.escape(code)}-plan-(\d+)\b", note)
        same = (one.revision for one in self._store.plan_history(code) if one.plan == plan)
        return int(named[1]) if named else max(same, default=0)

    def drop(self) -> None:
        self.proposed, self.answer = None, Said()

    def forget_word(self) -> None:
        self.word, self.other, self.word_answer = None, None, Said()
