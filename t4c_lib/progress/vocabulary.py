"""The one vocabulary of where rows stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a word means for the reader: for shapes and colours, which never stand alone."""

    GOOD = "good"
    FAIR = "fair"
    WATCH = "watch"
    BAD = "bad"
    OPEN = "open"
    OUT = "out"


class StatusWord(StrEnum):
    """Every word there is."""

    TARGET_UNSET = "target unset"
    BASELINE_MISSING = "baseline missing"
    NOT_MEASURED = "not measured"
    MET = "met"
    AHEAD = "ahead"
    ON_COURSE = "on course"
    BEHIND = "behind"
    OFF_COURSE = "off course"
    IN_PLACE = "in place"  # evidence and reviews
    DUE = "due"
    OVERDUE = "overdue"
    ALREADY_IN_PLACE = "already in place"  # before the plan began
    NOT_STARTED = "not started"  # actions
    UNDER_WAY = "under way"
    DONE = "done"
    LATE = "late"
    LEFT_OUT = "left out"

    @property
    def tone(self) -> Tone:
        """What it means for the reader."""
        return _TONES[self]


_TONES = {
    **dict.fromkeys((StatusWord.TARGET_UNSET, StatusWord.BASELINE_MISSING, StatusWord.NOT_MEASURED), Tone.OPEN),
    **dict.fromkeys((StatusWord.MET, StatusWord.AHEAD, StatusWord.IN_PLACE), Tone.GOOD),
    **dict.fromkeys((StatusWord.ALREADY_IN_PLACE, StatusWord.DONE), Tone.GOOD),
    **dict.fromkeys((StatusWord.ON_COURSE, StatusWord.UNDER_WAY), Tone.FAIR),
    **dict.fromkeys((StatusWord.BEHIND, StatusWord.DUE), Tone.WATCH),
    **dict.fromkeys((StatusWord.OFF_COURSE, StatusWord.OVERDUE, StatusWord.LATE), Tone.BAD),
    StatusWord.NOT_STARTED: Tone.OPEN,
    StatusWord.LEFT_OUT: Tone.OUT,
}


@dataclass(frozen=True)
class RowStatus:
    """Where a row stands.

    Attributes:
        word: of the vocabulary.
        reason: why, one sentence.
        chance: of meeting the target from the latest figures, where the what-if models the measure (0-1).
        days: by how many days it is overdue or late.
    """

    word: StatusWord
    reason: str
    chance: float | None = None
    days: int | None = None

    @property
    def tone(self) -> Tone:
        """What it means for the reader."""
        return self.word.tone

    @property
    def text(self) -> str:
        """The word, with the days where there are some: "overdue by 12 days"."""
        if self.days is None:
            return str(self.word)
        return f"{self.word} by {self.days:,} day{'' if self.days == 1 else 's'}"
