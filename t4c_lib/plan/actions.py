"""The row of an action: what the partners will do, by whom and when."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, ValidationInfo, field_validator, model_validator

from t4c_lib.errors import UnknownNameError
from t4c_lib.framework import Action, OnRecord, catalogue
from t4c_lib.plan.digests import digest_of
from t4c_lib.plan.fields import Amount, FilledText, IntentionField, Text
from t4c_lib.plan.measures import Fault
from t4c_lib.plan.parts import RowState, first_repeats
from t4c_lib.plan.planned import PlannedRow, row_key
from t4c_lib.pydantic_words import refused
from t4c_lib.quantities import number

BLANK = "{x}"


class ActionRow(PlannedRow):
    """An action of the framework, or one of the plan's own.

    Attributes:
        action: key of an action of the framework (its ref, "1a2", is understood), or a key of its own for one that is
            added.
        intention: number of the intention that an added action belongs to.
        text: own words; {x} stands where the number goes.
        number: the action's own X, where its words have one (3a1: how many ambassadors).
        cost: in pounds, if known.
        backfill_hours: hours for which somebody else must stand in, if known.
    """

    action: FilledText
    intention: IntentionField | None = None
    text: Text = ""
    number: Amount | None = None
    cost: Amount | None = None
    backfill_hours: Amount | None = None

    written: ClassVar[tuple[str, ...]] = (
        *("action", "intention", "state", "text", "reason", "number", "post", "holder", "start", "due", "status"),
        *("closed", "cost", "backfill_hours", "evidence", "note"),
    )
    agreed: ClassVar[frozenset[str]] = frozenset(
        {"action", "intention", "state", "text", "reason", "number", "post", "start", "due"}
    )

    @field_validator("action")
    @classmethod
    def _action_is_known(cls, key: str, info: ValidationInfo) -> str:
        return row_key(key, info.data.get("state"), lambda name: catalogue().action(name).key)

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        faults = self._state_faults(self.text, "text")
        added = self.state is RowState.ADDED
        if added and not self.text:
            faults.append(("text", "an action that is added needs its 'text'."))
        if added and self.intention is None:
            faults.append(("intention", "an action that is added needs the number of its 'intention'."))
        if not added and self.intention is not None and self.suggestion is not None:
            faults += self._wrong_intention(self.suggestion)
        faults += self._number_faults()
        if faults:
            raise refused(" ".join(message for _, message in faults), faults)
        return self

    def _wrong_intention(self, suggestion: Action) -> list[Fault]:
        right = suggestion.intention_number
        if self.intention == right:
            return []
        return [("intention", f"'{self.action}' belongs to intention {right}. Leave the field out.")]

    def _number_faults(self) -> list[Fault]:
        if self.number is None:
            return []
        if not self.has_blank:
            return [("number", f"there is no {BLANK} in the words of '{self.action}' for a number to stand in.")]
        people = self.suggestion is not None and self.suggestion.unit == "people"
        if people and not self.number.is_integer():
            return [("number", f"this is a number of people, and {self.number:g} is not a whole one.")]
        return []

    @classmethod
    def _called(cls, fields: dict[str, Any]) -> str:
        return f"action {fields.get('action', '')}".strip()

    @property
    def key(self) -> str:
        """What makes it this action of its plan and no other."""
        return self.action

    @property
    def on_record(self) -> OnRecord | None:
        """What of the pledge's record settles it; None where the plan itself says how far it is."""
        return self.suggestion.on_record if self.suggestion else None

    @property
    def reference(self) -> str:
        """Its place in the framework, "1a2"; for one that is added, its key."""
        return self.suggestion.ref if self.suggestion else self.action

    @property
    def suggestion(self) -> Action | None:
        """The action of the framework; None for one that is added."""
        try:
            return catalogue().action(self.action)
        except UnknownNameError:
            return None

    @property
    def suggested_words(self) -> str:
        """The framework's words for it, an X for its number; empty for one that is added."""
        return self.suggestion.text.replace(BLANK, "X") if self.suggestion else ""

    @property
    def intention_number(self) -> int:
        """Under which intention it stands."""
        if self.suggestion is not None:
            return self.suggestion.intention_number
        assert self.intention is not None  # noqa: S101  (checked when it was made)
        return self.intention

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"action {self.action}"

    @property
    def _words(self) -> str:
        return self.text or (self.suggestion.text if self.suggestion else "")

    @property
    def has_blank(self) -> bool:
        """Whether its words leave a number open."""
        return BLANK in self._words

    @property
    def wording(self) -> str:
        """The words that hold, with the number where it is known, and an X where it isn't."""
        return self._words.replace(BLANK, "X" if self.number is None else number(self.number))

    @property
    def covered(self) -> dict[str, object]:
        """What the two sides agree on when they agree to this row. Not how far it is, nor links, notes and names."""
        return {
            "action": self.action,
            "intention": self.intention_number,
            "wording": self._words,
            "number": self.number,
            **self._covered_alike(),
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is agreed. The same for the same content, however it was typed."""
        return digest_of("action 1", self.covered)


def _each_once(actions: tuple[ActionRow, ...]) -> tuple[ActionRow, ...]:
    faults = [
        (place, f"action {earlier + 1} is '{actions[place].action}' already; keep one of the two.")
        for place, earlier in first_repeats(action.key for action in actions)
    ]
    if faults:
        raise refused(" ".join(message for _, message in faults), faults)
    return actions


Actions = Annotated[tuple[ActionRow, ...], AfterValidator(_each_once)]
