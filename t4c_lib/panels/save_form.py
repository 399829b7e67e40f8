"""The fields that something is saved with on a page: name, side, note; and why a save was refused, in sentences."""

from collections.abc import Callable

from t4c_lib.errors import InputError, T4CError
from t4c_lib.panels.controls import Button, Message, Select, Text
from t4c_lib.panels.markup import HBox, VBox
from t4c_lib.plan import Plan, Side
from t4c_lib.store import Revision, Store, StoreError
from t4c_lib.typed_text import capitalised

SIDES = [
    ("Choose", None),
    ("Management side", Side.management),
    ("Staff side", Side.staff),
    ("Both sides together", Side.both),
]


class SaveForm:
    """Name, side, note and a button.

    Args:
        on_save: called when the button is pressed.
        what: is saved, in a word.

    Attributes:
        box: the widget to show.
        warning: what a save would do besides.
        result: what came of the last press.
    """

    def __init__(self, on_save: Callable[[], None], what: str) -> None:
        self._what = what
        self.by = Text("Your name")
        self.side = Select("You speak for", SIDES)
        self.note = Text("Note (optional)")
        self.result, self.warning = Message(), Message()
        fields = [self.by, self.side, self.note]
        self.button = Button(f"Save this {what}", on_save, self.result, fields)
        row = HBox(fields, layout={"align_items": "flex-start"})
        self.box = VBox([row, self.warning, self.button, self.result])

    def save(self, store: Store, plan: Plan, parent: Revision | None, document: str | None = None) -> Revision | None:
        """Save a plan with what the fields say; None where that was refused, and the form says why.

        Raises StoreError: for whoever looks after the workbook, who finds it in the log.

        Args:
            store: where plans are.
            plan: the plan.
            parent: the revision that it was made from; None for a first plan.
            document: its text, where a person wrote one.
        """
        try:
            return store.save_plan(
                plan,
                by=self.by.value,
                side=self.side.value or "",
                note=self.note.value,
                parent_revision=parent.revision if parent else None,
                document=document,
            )
        except T4CError as error:
            self._refused(refusal(error))
            if isinstance(error, StoreError):
                raise
            return None

    def _refused(self, text: str) -> None:
        if not self.by.value.strip():
            self.by.error = f"Enter your name: it is saved with the {self._what}."
        self.side.error = "" if self.side.value else "Choose for whom you speak."
        self.result.say(text, lead="Not saved.", tone="refused")


def refusal(error: Exception) -> str:
    """Why a save was refused, in sentences; what is wrong with a name says that it is the name."""
    if not isinstance(error, InputError):
        return error.on_page if isinstance(error, T4CError) else str(error)
    sentences = []
    for one in error.problems:
        place = {"by": "" if one.message.startswith("enter") else "Your name", "side": ""}.get(one.place, one.place)
        sentences.append(capitalised(f"{f'{place}: ' if place else ''}{one.sentence}"))
    return "\n".join(sentences)
