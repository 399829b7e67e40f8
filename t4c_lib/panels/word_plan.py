"""A plan that comes from a Word document: what each of its rows was taken for, and what a person has to say of it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from t4c_lib.errors import InputError
from t4c_lib.evidence import Organisation
from t4c_lib.html_templates import from_template
from t4c_lib.panels.controls import Button, Message, Text, UploadedFile
from t4c_lib.panels.markup import LIVE_ONLY, Html, VBox, show_if
from t4c_lib.panels.save_form import refusal
from t4c_lib.periods import FinancialYear
from t4c_lib.plan import Plan
from t4c_lib.sections.home import TEMPLATE
from t4c_lib.store import Store

if TYPE_CHECKING:
    from t4c_lib.plan.word import Proposal

OWN_HELP = "Numbers of the rows above, such as 3, 17. Leave it empty if every match is right."
ACCEPTED_HELP = "Numbers of the X's above, with the letter of a reading where there are several: 1, 4b. Or: all."


class WordPlan:
    """What `t4c plan import` asks of a Word document, on a page.

    Args:
        store: where organisations are.
        organisation: whose plan it is to be.
        on_read: called with the plan, its text as YAML and a note, once a person has said what holds.

    Attributes:
        box: the widget to show; hidden while no document is there.
        own: in which rows of the organisation's own are named.
        accepted: in which the X's that hold are named.
        button: makes the plan of them.
        answer: why that can't be done.
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
        # It takes as long to import as a page may take to open.
        from t4c_lib.plan.word import propose_from_word
        from t4c_lib.plan.word.proposal_to_plan import other_organisation

        found = propose_from_word(file.content, file.name)
        known = [one.name for one in self._store.organisations() if one.is_employer]
        other = other_organisation(found, self._organisation.name, known)
        self._proposal, self._years = found, years
        self._shown.value = from_template(TEMPLATE, "from_word", found, other, self._organisation.name)
        show_if(self.accepted, shown=bool(found.amounts))
        show_if(self.box, shown=True)

    def forget(self) -> None:
        """No document is there."""
        self._proposal = None
        self.own.value = self.accepted.value = ""
        self.answer.say("")
        show_if(self.box, shown=False)

    def _read(self) -> None:
        from t4c_lib.plan.word.proposal_to_plan import accepted_amounts, document_of, plan_from, row_numbers

        found, of = self._proposal, self._organisation
        if found is None:
            return
        try:
            own = row_numbers(self.own.value, len(found.rows))
            accepted = accepted_amounts(found, self.accepted.value, own)
            plan = plan_from(found, of.code, of.name, self._years, own=own, accepted=accepted)
        except InputError as error:
            self.answer.say(refusal(error), lead="Not read.", tone="refused")
            return
        left = len(found.amounts) - len(accepted)
        kept = f"X's set: {len(accepted)}. Kept in the notes of their rows: {left}. " if found.amounts else ""
        self.answer.say(f"{kept}Nothing is saved yet.", tone="plain")
        self._on_read(plan, document_of(plan, found), f"from {found.source}")
