"""What is chosen: one of several, or yes or no."""

from collections.abc import Sequence
from typing import Any

import traitlets

from t4c_lib.panels.controls.fields import Control, Field
from t4c_lib.typed_text import shown_safely


class Choice(Field):
    """What both kinds of choice share. The browser learns the labels and the place of the one that is chosen.

    Args:
        label: what is asked.
        options: pairs of a label and the value that it stands for.

    Attributes:
        value: of the chosen option, or None while nothing is.
    """

    shape = ("labels",)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int(None, allow_none=True).tag(sync=True)
    value = traitlets.Any(None, allow_none=True)

    def __init__(self, label: str = "", options: Sequence[tuple[str, Any]] = (), **traits: Any) -> None:
        value = traits.pop("value", None)
        self._values: list[Any] = [one for _, one in options]
        chosen = self._values.index(value) if value in self._values else (0 if self._values else None)
        labels = [shown_safely(name) for name, _ in options]
        super().__init__(label, labels=labels, index=chosen, **traits)

    @property
    def shown(self) -> str | None:
        """The label of the chosen option."""
        return None if self.index is None else self.labels[self.index]

    @property
    def options(self) -> list[tuple[str, Any]]:
        """The pairs of label and value."""
        return list(zip(self.labels, self._values, strict=True))

    def offer(self, options: Sequence[tuple[str, Any]], value: Any = None) -> None:
        """Offer these from now on, and choose one of them: the first, unless another value is named."""
        values = [one for _, one in options]
        chosen = values.index(value) if value in values else (0 if values else None)
        with self.hold_sync(), self.hold_trait_notifications():
            self._values = values
            self.labels = [shown_safely(name) for name, _ in options]
            self.index = chosen
            self.value = None if chosen is None else values[chosen]

    @traitlets.validate("index")
    def _known_place(self, proposal: Any) -> int | None:
        place: int | None = proposal["value"]
        return place if place is None or 0 <= place < len(self._values) else self.index

    @traitlets.validate("value")
    def _known_value(self, proposal: Any) -> Any:
        value = proposal["value"]
        if value is not None and value not in self._values:
            raise traitlets.TraitError(f"{self.label}: {value!r} is not among what is offered: {self.labels}")
        return value

    @traitlets.observe("index")
    def _chosen(self, _change: object) -> None:
        self.value = None if self.index is None else self._values[self.index]

    @traitlets.observe("value")
    def _shown(self, _change: object) -> None:
        self.index = None if self.value is None else self._values.index(self.value)


class Select(Choice):
    """One of a list that folds out."""

    looks = ("t4c-control", "t4c-fit")


class Radio(Choice):
    """One of a few that all are in sight."""


class Check(Control):
    """Yes or no.

    Attributes:
        label: what is agreed to.
        help: a sentence under it, or empty.
        value: whether it is ticked.
        disabled: whether it can be changed at all.
    """

    label = traitlets.Unicode().tag(sync=True)
    help = traitlets.Unicode().tag(sync=True)
    value = traitlets.Bool(False).tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str = "", **traits: Any) -> None:
        super().__init__(label=label, **traits)
