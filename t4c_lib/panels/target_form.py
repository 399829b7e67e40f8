"""The fields in which partners set one X: reckoned from what, how it is meant, how much, by when."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from t4c_lib.periods import Month, parse_period
from t4c_lib.quantities import Baseline, Change, ChangeKind

# How people say each reading, and what the number in the field then is. `scale` turns it into an amount.
WORDS: dict[ChangeKind, tuple[str, str, float]] = {
    ChangeKind.POINTS: ("by percentage points", "How many percentage points", 100),
    ChangeKind.RELATIVE: ("by a percentage of today's share", "By how many per cent of today's share", 100),
    ChangeKind.LEVEL: ("to a share of all staff", "To what share, per cent", 100),
    ChangeKind.COUNT: ("by a number of people", "How many more people", 1),
    ChangeKind.MULTIPLE: ("to a multiple of today", "How many times today's share", 1),
}
STARTING_AMOUNTS = {
    ChangeKind.POINTS: 1.0,
    ChangeKind.RELATIVE: 10.0,
    ChangeKind.LEVEL: 8.0,
    ChangeKind.COUNT: 50.0,
    ChangeKind.MULTIPLE: 2.0,
}
YEARS_AHEAD = 5
DECIMALS = 6


class TargetForm:
    """Baseline, kind, amount and due month, with `on_change` called after each change a person makes.

    Attributes:
        box: the widget to show.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._quiet = False
        self.base = widgets.Dropdown(options=[], description="Reckoned from")
        self.kind = widgets.RadioButtons(
            options=[(words, kind) for kind, (words, _, _) in WORDS.items()],
            value=ChangeKind.POINTS,
            description="The share is to rise",
        )
        self.amount = widgets.FloatText(
            value=STARTING_AMOUNTS[ChangeKind.POINTS],
            step=0.1,
            description=WORDS[ChangeKind.POINTS][1],
            continuous_update=True,
        )
        self.due = widgets.Dropdown(options=[], description="By the end of")
        self.base.observe(self._changed, names="value")
        self.kind.observe(self._kind_changed, names="value")
        self.amount.observe(self._changed, names="value")
        self.due.observe(self._changed, names="value")
        self.box = widgets.VBox([self.kind, self.amount, self.due, self.base])

    @property
    def change(self) -> Change:
        """The X as set. Raises ChangeError for an amount that means nothing, such as a multiple of 0."""
        kind = self.kind.value
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
        """Start anew: from the newest count, by the third March after that month, which is where the months begin."""
        months = [month + step for step in range(1, 12 * YEARS_AHEAD + 1)]
        marches = [later for later in months if later.month == 3]
        with _quietly(self):
            self._offer([("newest count", newest)])
            self.due.options = [(later.label, str(later)) for later in months]
            self.due.value = str(marches[2])
            self.kind.value = ChangeKind.POINTS
            self.amount.value = STARTING_AMOUNTS[ChangeKind.POINTS]
            self._describe()

    def show(self, baseline: Baseline, change: Change, due: Month) -> None:
        """Fill the fields with a target that was saved. Its baseline stays chosen: a newer count never alters it."""
        newest = self.baseline
        with _quietly(self):
            self._offer([("as saved", baseline), *([("newest count", newest)] if newest != baseline else [])])
            self.kind.value = change.kind
            self._describe()
            self.amount.value = round(change.amount * WORDS[change.kind][2], DECIMALS)
            if str(due) not in [value for _, value in self.due.options]:
                self.due.options = [(due.label, str(due)), *self.due.options]
            self.due.value = str(due)

    def _offer(self, baselines: list[tuple[str, Baseline]]) -> None:
        named = [(f"{one.text}, {parse_period(one.period).label} ({words})", one) for words, one in baselines]
        self.base.options = named
        self.base.value = named[0][1]

    def _kind_changed(self, _event: object) -> None:
        if self._quiet:
            return
        with _quietly(self):
            self.amount.value = STARTING_AMOUNTS[self.kind.value]
            self._describe()
        self._on_change()

    def _changed(self, _event: object) -> None:
        if not self._quiet:
            self._on_change()

    def _describe(self) -> None:
        self.amount.description = WORDS[self.kind.value][1]
        self.amount.step = 1 if self.kind.value is ChangeKind.COUNT else 0.1


class _quietly:  # noqa: N801  (reads as a word where it is used)
    """While it lasts, changes to the fields are the program's and call nobody."""

    def __init__(self, form: TargetForm) -> None:
        self.form = form

    def __enter__(self) -> None:
        self.form._quiet = True

    def __exit__(self, *_: object) -> None:
        self.form._quiet = False
