"""The fields in which partners set one X (baseline, kind of change, how much, by when), and those to save it with."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from t4c_lib.errors import InputError, T4CError
from t4c_lib.panels.controls import Button, Message, Number, Radio, Select, Text, Undo
from t4c_lib.panels.controls.fields import Field
from t4c_lib.panels.light_widgets import HBox, VBox
from t4c_lib.periods import Month, parse_period
from t4c_lib.plan import Plan, Side
from t4c_lib.quantities import Baseline, Change, ChangeError, ChangeKind
from t4c_lib.store import Revision, Store, StoreError

# How people say each reading, and what the number in the field then is. `scale` turns it into an amount.
WORDS: dict[ChangeKind, tuple[str, str, float]] = {
    ChangeKind.POINTS: ("by percentage points", "How many percentage points", 100),
    ChangeKind.RELATIVE: ("by a percentage of the baseline share", "By how many per cent of the baseline share", 100),
    ChangeKind.LEVEL: ("to a share of all staff", "To what share, per cent", 100),
    ChangeKind.COUNT: ("by a number of people", "How many more people", 1),
    ChangeKind.MULTIPLE: ("to a multiple of the baseline", "How many times the baseline share", 1),
}
STARTING_AMOUNTS = {
    ChangeKind.POINTS: 1.0,
    ChangeKind.RELATIVE: 10.0,
    ChangeKind.LEVEL: 8.0,
    ChangeKind.COUNT: 50.0,
    ChangeKind.MULTIPLE: 2.0,
}
SIGNED = frozenset({ChangeKind.POINTS, ChangeKind.RELATIVE, ChangeKind.COUNT})  # below 0 these mean a fall
HOW_TO_FALL = "A number below 0 means a fall."
YEARS_AHEAD = 5
DECIMALS = 6


class TargetForm:
    """Baseline, kind, amount and due month, with `on_change` called after each change a person makes.

    Attributes:
        box: the widget to show.
        fields: what can be set.
        undo: takes back what was changed since the fields were last filled; it stands in the page's frame.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._quiet = False
        self.base = Select("Baseline")
        self.kind = Radio(
            "The share is to change", [(words, kind) for kind, (words, _, _) in WORDS.items()], value=ChangeKind.POINTS
        )
        self.amount = Number(
            WORDS[ChangeKind.POINTS][1], value=STARTING_AMOUNTS[ChangeKind.POINTS], step=0.1, help=HOW_TO_FALL
        )
        self.due = Select("By the end of")
        self.undo = Undo(
            {"how it is meant": self.kind, "the number": self.amount, "the date": self.due, "the baseline": self.base}
        )
        self.fields = (self.kind, self.amount, self.due, self.base)
        self.kind.on_value(self._kind_changed)
        for field in (self.base, self.amount, self.due):
            field.on_value(self._changed)
        self.box = VBox(list(self.fields))

    @property
    def kinds(self) -> list[tuple[ChangeKind, float]]:
        """Each way to mean an X, in the order in which they are offered, and what its number is divided by."""
        return [(kind, scale) for kind, (_, _, scale) in WORDS.items()]

    @property
    def change(self) -> Change:
        """The X as set. Raises ChangeError for an amount that means nothing, such as a multiple of 0, or for none."""
        kind = self.kind.value
        if self.amount.value is None:
            raise ChangeError("No amount is given yet: type a number.")
        return Change(kind, round(self.amount.value / WORDS[kind][2], DECIMALS + 2))

    @property
    def baseline(self) -> Baseline:
        """The figure that the X is reckoned from."""
        chosen: Baseline = self.base.value
        return chosen

    @property
    def due_month(self) -> Month:
        """The month by whose end the target is to be reached."""
        return Month.parse(self.due.value)

    def start_from(self, newest: Baseline, month: Month) -> None:
        """Start anew: from the newest count, by the third March after this month, which is where the months begin."""
        months = [month + step for step in range(1, 12 * YEARS_AHEAD + 1)]
        marches = [later for later in months if later.month == 3]
        with _quietly(self):
            self._offer([("newest count", newest)])
            self.due.offer([(later.label, str(later)) for later in months], str(marches[2]))
            self.kind.value = ChangeKind.POINTS
            self.amount.value = STARTING_AMOUNTS[ChangeKind.POINTS]
            self._describe()
        self.undo.forget()

    def show(self, baseline: Baseline, change: Change, due: Month) -> None:
        """Fill the fields with a target that was saved. Its baseline stays chosen: a newer count never alters it."""
        newest = self.baseline
        with _quietly(self):
            self._offer([("as saved", baseline), *([("newest count", newest)] if newest != baseline else [])])
            self.kind.value = change.kind
            self.amount.value = round(change.amount * WORDS[change.kind][2], DECIMALS)
            if str(due) not in [value for _, value in self.due.options]:
                self.due.offer([(due.label, str(due)), *self.due.options])
            self.due.value = str(due)
            self._describe()
        self.undo.forget()

    def _offer(self, baselines: list[tuple[str, Baseline]]) -> None:
        named = [(f"{one.text}, {parse_period(one.period).label} ({words})", one) for words, one in baselines]
        self.base.offer(named)

    def _kind_changed(self) -> None:
        if self._quiet:
            return
        with _quietly(self):
            self.amount.value = STARTING_AMOUNTS[self.kind.value]
        self._changed()

    def _changed(self) -> None:
        if not self._quiet:
            self._describe()
            self._on_change()

    def _describe(self) -> None:
        """The words that depend on what is set: what the number counts, and whether it is a rise or a fall."""
        label, unit = WORDS[self.kind.value][1].partition(", ")[::2]
        falls = self._falls()
        with self.amount.hold_sync():
            self.amount.label, self.amount.unit = label, unit
            self.amount.step = 1 if self.kind.value is ChangeKind.COUNT else 0.1
            self.amount.help = falls or (HOW_TO_FALL if self.kind.value in SIGNED else "")

    def _falls(self) -> str:
        """The sentence that this X is a fall, or nothing when it isn't, or can't be."""
        if self.base.value is None:
            return ""
        try:
            reading = self.change.reading(self.baseline)
        except T4CError:
            # A fall to less than nothing is still one; what is wrong with it is said where its meaning is shown.
            below = self.kind.value in SIGNED and (self.amount.value or 0) < 0
            return "This is a fall." if below else ""
        return f"This is a fall, {reading.sentence}." if reading.goal < self.baseline.value else ""


@contextmanager
def _quietly(form: TargetForm) -> Iterator[None]:
    """While it lasts, changes to the fields are the program's: nobody is called, and they are one change to undo."""
    with form.undo.joined():
        form._quiet = True
        try:
            yield
        finally:
            form._quiet = False


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
        words = f"{f'{place}: ' if place else ''}{one.message} {one.hint}".strip()
        sentences.append(words[0].upper() + words[1:])
    return "\n".join(sentences)
