"""What an X comes to: at once in the browser what arithmetic can tell, and from the kernel what needs the model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import ipywidgets as widgets
import traitlets

from t4c_lib.panels.controls.choices import Choice
from t4c_lib.panels.controls.fields import Control, Number
from t4c_lib.periods import parse_period
from t4c_lib.quantities import Baseline, ChangeKind

_SYNCED = {"sync": True, **widgets.widget_serialization}


class Answer(Control):
    """The words and figures of a section, of which goal, people and twin reading follow each key that is pressed.

    The browser works out what an X is with arithmetic.js, which gives the same as `t4c_lib.quantities`, and puts it
    into the section as it stands; what only the model knows is pale until the kernel has sent the section anew.

    Args:
        amount: the field with the number.
        kind: the choice of how it is meant.
        base: the choice of what it is reckoned from.

    Attributes:
        html: the section. Facts with a `part` and the aside are those that the browser fills. Not sent by itself: it is
            part of the element.
        answers: how often the kernel has answered, for it may say the same again.
        kinds: for each place of `kind` its name, and what the number is divided by.
        bases: for each place of `base` the baseline, see `described`.
        now: today's figure, whose people are counted; empty where there is none.
        people: figure and detail of the fact in people, by what it takes.
        twins: the sentence for the other reading, by its kind.
        chart: in which the target is marked; or None.
    """

    shape = ("html",)
    looks = ("t4c-control", "t4c-wide", "t4c-answer")
    html = traitlets.Unicode()
    answers = traitlets.Int(0).tag(sync=True)
    amount = traitlets.Instance(Number).tag(**_SYNCED)
    kind_field = traitlets.Instance(Choice).tag(**_SYNCED)
    base = traitlets.Instance(Choice).tag(**_SYNCED)
    kinds: traitlets.List[Any] = traitlets.List().tag(sync=True)
    bases: traitlets.List[Any] = traitlets.List().tag(sync=True)
    now = traitlets.Dict().tag(sync=True)
    people = traitlets.Dict().tag(sync=True)
    twins = traitlets.Dict().tag(sync=True)
    chart = traitlets.Instance(widgets.Widget, allow_none=True).tag(**_SYNCED)

    def __init__(self, amount: Number, kind: Choice, base: Choice, kinds: Iterable[tuple[ChangeKind, float]]) -> None:
        listed = [[str(one), divided_by] for one, divided_by in kinds]
        super().__init__(amount=amount, kind_field=kind, base=base, kinds=listed)

    def attributes(self) -> dict[str, object]:
        """It is read out when it changes."""
        return {"aria-live": "polite"}

    def tell(self, html: str) -> None:
        """Show the section that the kernel has worked out."""
        with self.hold_sync():
            self.html, self.answers = html, self.answers + 1

    def start_from(
        self,
        baselines: Sequence[Baseline],
        now: Baseline | None,
        people: Mapping[str, tuple[str, str]],
        twins: Mapping[ChangeKind, str],
    ) -> None:
        """What is reckoned from: the baselines that can be chosen, today's figure, and the words."""
        with self.hold_sync():
            self.bases = [described(one) for one in baselines]
            self.now = {} if now is None else described(now)
            self.people = {name: list(words) for name, words in people.items()}
            self.twins = {str(kind): words for kind, words in twins.items()}


def described(baseline: Baseline) -> dict[str, Any]:
    """A baseline as the browser's arithmetic takes it (arithmetic.js)."""
    return asdict(baseline) | {"when": parse_period(baseline.period).label if baseline.period else ""}
