"""Words: one line or several."""

from __future__ import annotations

import traitlets

from t4c_lib.panels.controls.field import Field

LONGEST = 2_000


class Text(Field):
    """A field for words.

    Attributes:
        value: what was typed.
        lines: how many are shown; more than one makes a box that can be made taller. Fixed from the start.
        longest: how many characters are taken; more can't be typed, and what a program sends is cut off there.
        needed: whether it must be filled in.
    """

    value = traitlets.Unicode().tag(sync=True)
    lines = traitlets.Int(1).tag(sync=True)
    longest = traitlets.Int(LONGEST).tag(sync=True)
    needed = traitlets.Bool(False)

    @traitlets.validate("value")
    def _not_longer(self, proposal: dict[str, str]) -> str:
        return proposal["value"][: self.longest]

    def problem(self) -> str:
        """Nothing given where something is needed."""
        return "Fill this in." if self.needed and not self.value.strip() else ""
