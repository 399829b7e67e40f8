"""The local authorities that an organisation serves: chosen by name or code, weighed, and saved with its plan."""

from collections.abc import Callable
from functools import partial

from t4c_lib.errors import InputError
from t4c_lib.panels.controls import Button, Message, Text
from t4c_lib.panels.markup import LIVE_ONLY, HBox, Html, VBox, show_if
from t4c_lib.panels.row_saver import SaveForm, refusal
from t4c_lib.plan import Plan, changes_between, decimal_text
from t4c_lib.plan.plan import served_authorities
from t4c_lib.sections.home_figures import HomeFigures
from t4c_lib.store import Revision, Store

HELP = "By name or code, as the Office for National Statistics has them."
WEIGHTS = (
    "Weights are for all or none: how many of your staff live there, say. Without them each counts by its residents."
)


class LocalAuthorities:
    """The form, and above it what the choice means. What is changed stands here only, until it is saved.

    Args:
        store: where plans are.
        shown: what the choice means.
        on_saved: called after a plan was saved.

    Attributes:
        box: the widget to show.
        add: the field in which one is named.
        add_button: adds it to the list.
        weights: the field of each one's weight, by its code.
        form: who saves.
    """

    def __init__(self, store: Store, shown: Html, on_saved: Callable[[], None]) -> None:
        self._store, self._on_saved = store, on_saved
        self._revision: Revision | None = None
        self._names: dict[str, str] = {}
        self.weights: dict[str, Text] = {}
        self._row_of: dict[str, HBox] = {}
        self._rows, self._changes, self.answer = VBox(), Message(), Message()
        self._about_weights = Html(f"<p>{WEIGHTS}</p>")
        self.add = Text("Add a local authority", help=HELP)
        self.add_button = Button("Add", self._add, self.answer, [self.add], secondary=True)
        self.form = SaveForm(self._save, "list")
        choosing = VBox([self._rows, self.add, self.add_button])
        choosing.add_class("t4c-shapes")  # a press in here changes which fields there are: see common.js
        self._fields = VBox([choosing, self.answer, self._changes, self.form.box])
        self._fields.add_class(LIVE_ONLY)
        self._rows.add_class("t4c-weights")
        self.box = VBox([shown, self._fields])

    def show(self, home: HomeFigures) -> None:
        """The plan as it is saved now. What was changed here and is not saved yet stays as it is."""
        is_changed = self._authorities() != _typed(self._revision)
        self._revision, self._names = home.revision, home.local.names
        show_if(self._fields, shown=home.plan is not None)
        self._list(self._authorities() if is_changed else _typed(self._revision))

    def _authorities(self) -> dict[str, str]:
        """The weight of each as it stands in its field, by code."""
        return {code: field.value.strip() for code, field in self.weights.items()}

    def _list(self, authorities: dict[str, str]) -> None:
        """A row for each of these; one that is there stays, with what is in it."""
        self._row_of = {code: self._row_of.get(code) or self._row(code) for code in authorities}
        self.weights = {code: row.children[0] for code, row in self._row_of.items()}
        for code, weight in authorities.items():
            self.weights[code].value = weight
        self._rows.children = [*self._row_of.values(), *([self._about_weights] if len(authorities) > 1 else [])]
        self._follow()

    def _row(self, code: str) -> HBox:
        name = self._names.get(code, code)
        weight = Text(f"Weight of {name} (optional)").on_value(self._follow)
        return HBox([weight, Button(f"Take away {name}", partial(self._take_away, code), self.answer, secondary=True)])

    def _take_away(self, code: str) -> None:
        self._list({one: weight for one, weight in self._authorities().items() if one != code})

    def _add(self) -> None:
        try:
            (one,) = served_authorities([(self.add.value, "")], self._names)
        except InputError as error:
            names = "" if self._names else " Names can be typed once the file of residents is in."
            self.add.error = f"{refusal(error)}{names}" if self.add.value.strip() else "Enter its name or its code."
            return
        is_there = one.code in self.weights
        self.add.error = f"{self._names.get(one.code, one.code)} is in the list already." if is_there else ""
        if not is_there:
            self.add.value = ""
            self._list({**self._authorities(), one.code: ""})

    def _follow(self) -> None:
        """Say what is changed and not saved yet, or why it can't be saved."""
        try:
            changes = changes_between(self._revision.plan, self._plan(self._revision)) if self._revision else ()
        except InputError as error:
            show_if(self.form.box, shown=False)
            self._changes.say(refusal(error), lead="Can't be saved like this.", tone="refused")
            return
        words = "; ".join(str(field) for change in changes for field in change.fields)
        for code, name in self._names.items() if changes else ():
            words = words.replace(code, name)
        self._changes.say(words, lead="Not saved yet:")
        show_if(self.form.box, shown=bool(changes))

    def _plan(self, revision: Revision) -> Plan:
        """The plan with what the fields say. Raises InputError."""
        return revision.plan.changed(local_authorities=served_authorities(self._authorities().items(), self._names))

    def _save(self) -> None:
        assert self._revision is not None  # noqa: S101  (the form stands only where there is one)
        saved = self.form.save(self._store, self._plan(self._revision), self._revision)
        if saved is not None:
            self._revision = saved  # what the fields show is saved
            self.form.result.say("")
            self._on_saved()
            self.answer.say(f"The plan is now at {saved}.", lead="Saved:", tone="done")


def _typed(revision: Revision | None) -> dict[str, str]:
    """The weights that are saved, as their fields have them, by code."""
    saved = revision.plan.local_authorities if revision else ()
    return {one.code: "" if one.weight is None else decimal_text(one.weight) for one in saved}
