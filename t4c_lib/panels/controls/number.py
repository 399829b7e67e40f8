"""A number that is typed, with a slider beside it where its range is known."""

from __future__ import annotations

import math
from typing import Any

import traitlets

from t4c_lib.panels.controls.field import Field


class Number(Field):
    """A field for a number, in its unit.

    Attributes:
        value: the number, or None while the field is empty.
        lowest: the smallest that is allowed, or None.
        highest: the largest that is allowed, or None.
        step: how far one press of an arrow key goes; 0 allows any number and steps by one.
        comma: whether a comma was typed. Browsers leave it out, so that "1,5" would be 15: there is no value then.
        slider: whether a slider stands beside it; it needs `lowest` and `highest`.
    """

    value = traitlets.Float(None, allow_none=True).tag(sync=True)
    lowest = traitlets.Float(None, allow_none=True).tag(sync=True)
    highest = traitlets.Float(None, allow_none=True).tag(sync=True)
    step = traitlets.Float(1.0).tag(sync=True)
    slider = traitlets.Bool(False).tag(sync=True)
    comma = traitlets.Bool(False).tag(sync=True)

    def __init__(self, label: str = "", **traits: Any) -> None:
        super().__init__(label, **traits)
        self.observe(self._check, names="comma")
        if self.slider and (self.lowest is None or self.highest is None):
            raise ValueError("A slider needs a lowest and a highest number: it shows where between them one stands.")

    @traitlets.validate("value")
    def _finite(self, proposal: Any) -> float | None:
        value: float | None = proposal["value"]
        return value if value is None or math.isfinite(value) else None

    def problem(self) -> str:
        """Nothing given, a comma in it, too small or too large."""
        if self.comma and self.value is None:
            return "A comma can't be read here: type it again, such as 1.5 or 1500."
        allowed = self._allowed()
        if self.value is None:
            return f"Give a number{allowed}."
        if self.lowest is not None and self.value < self.lowest:
            return f"{self.value:,g} is too small: give a number{allowed}."
        if self.highest is not None and self.value > self.highest:
            return f"{self.value:,g} is too large: give a number{allowed}."
        return ""

    def _allowed(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.lowest is not None and self.highest is not None:
            return f" from {self.lowest:,g} to {self.highest:,g}{unit}"
        if self.lowest is not None:
            return f" of at least {self.lowest:,g}{unit}"
        if self.highest is not None:
            return f" of at most {self.highest:,g}{unit}"
        return ""
