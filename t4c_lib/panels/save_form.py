"""The fields that something is saved with on a page: name, side, note; and why a save was refused, in sentences."""

from collections.abc import Callable, Sequence

from t4c_lib.errors import InputError, T4CError
from t4c_lib.panels.controls import Button, Message, Select, Text
from t4c_lib.panels.controls.fields import Field
from t4c_lib.panels.light_widgets import HBox, VBox
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
        shown: the fields beside these whose values are saved.
        what: is saved, in a word.

    Attributes:
        box: the widget to show.
    """

    def __init__(self, on_save: Callable[[], None], shown: Sequence[Field], what: str = "target") -> None:
        self._what = what
        self.by = Text("Your name")
        self.side = Select("You speak for", SIDES)
        self.note = Text("Note (optional)")
        self._result = Message()
        self.button = Button(f"Save this {what}", on_save, self._result, [*shown, self.by, self.side, self.note])
        self.by.on_value(self._named)
        self.side.on_value(self._named)
        fields = HBox([self.by, self.side, self.note], layout={"align_items": "flex-start"})
        self._warning = Message()
        self.box = VBox([fields, self._warning, self.button, self._result])

    def warn(self, text: str) -> None:
        """Say what a save would do besides; nothing if it is empty."""
        self._warning.say(text)

    def save(self, store: Store, plan: Plan, parent: Revision | None, document: str | None = None) -> Revision | None:
        """Save a plan with what the fields say; None where that was refused, and the form says why.

        Args:
            store: where plans are.
            plan: the plan.
            parent: the revision that it was made from; None for a first plan.
            document: its text, where a person wrote one.

        Raises:
            StoreError: for whoever looks after the workbook, who finds it in the log.
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
            self.refused(refusal(error))
            if isinstance(error, StoreError):
                raise
            return None

    def done(self, text: str, lead: str = "Saved:") -> None:
        """Say what was saved."""
        self._result.say(text, lead=lead, tone="done")

    def refused(self, text: str, lead: str = "Not saved.") -> None:
        """Say why it didn't."""
        if not self.by.value.strip():
            self.by.error = f"Enter your name: it is saved with the {self._what}."
        self.side.error = "" if self.side.value else "Choose for whom you speak."
        self._result.say(text, lead=lead, tone="refused")

    def changed(self) -> None:
        """What was saved is no longer what the fields show."""
        if self._result.tone == "done" and self._result.text:
            self._result.say(f"{self._result.text} What the fields show now is not saved.", lead="Saved before:")

    def clear(self) -> None:
        """Nothing was saved in this view yet."""
        self._result.say("")

    def _named(self) -> None:
        if self.by.value.strip():
            self.by.error = ""
        if self.side.value:
            self.side.error = ""


def refusal(error: Exception) -> str:
    """Why a save was refused, in sentences; what is wrong with a name says that it is the name."""
    if not isinstance(error, InputError):
        return error.on_page if isinstance(error, T4CError) else str(error)
    sentences = []
    for one in error.problems:
        place = {"by": "" if one.message.startswith("enter") else "Your name", "side": ""}.get(one.place, one.place)
        sentences.append(capitalised(f"{f'{place}: ' if place else ''}{one.sentence}"))
    return "\n".join(sentences)
