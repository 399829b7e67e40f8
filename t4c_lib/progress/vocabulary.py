"""The one vocabulary of where rows stand: every word, what it means for the reader, and every reason for one."""

from __future__ import annotations

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
    NO_FIGURE = "no figure yet"
    BASELINE_ONLY = "baseline only"
    REPORTED = "reported, no target"
    ABOVE_COMPARISON = "above the comparison, no target"
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
    **dict.fromkeys((StatusWord.TARGET_UNSET, StatusWord.BASELINE_MISSING, StatusWord.NO_FIGURE), Tone.OPEN),
    **dict.fromkeys((StatusWord.BASELINE_ONLY, StatusWord.REPORTED, StatusWord.ABOVE_COMPARISON), Tone.OPEN),
    **dict.fromkeys((StatusWord.MET, StatusWord.AHEAD, StatusWord.IN_PLACE), Tone.GOOD),
    **dict.fromkeys((StatusWord.ALREADY_IN_PLACE, StatusWord.DONE), Tone.GOOD),
    **dict.fromkeys((StatusWord.ON_COURSE, StatusWord.UNDER_WAY), Tone.FAIR),
    **dict.fromkeys((StatusWord.BEHIND, StatusWord.DUE), Tone.WATCH),
    **dict.fromkeys((StatusWord.OFF_COURSE, StatusWord.OVERDUE, StatusWord.LATE), Tone.BAD),
    StatusWord.NOT_STARTED: Tone.OPEN,
    StatusWord.LEFT_OUT: Tone.OUT,
}


class Because(StrEnum):
    """Every reason for a word; `wording.sentence` says it with the row's numbers."""

    LEFT_OUT = "left out"
    THERE_BEFORE = "there before the plan began"
    RECORDED = "on record"
    BEGUN_ON_RECORD = "partly on record"
    CLOSED = "closed as done"
    # measures with an amount, without a target
    ABOVE_COMPARISON = "above the comparison"
    NO_BASELINE = "no baseline"
    NO_DATE = "no date"
    IMPOSSIBLE = "impossible target"
    BLANK_UNSET = "blank not filled in"
    NEVER_COUNTED = "never counted, no target"
    FOLLOWED = "followed without a target"
    # ... with a target
    NO_FIGURE = "no figure yet"
    BASELINE_ONLY = "nothing newer than the baseline"
    MET = "at or past the target"
    LOW_CHANCE = "low chance of meeting the target"
    INTERVAL_AHEAD = "interval better than planned"
    INTERVAL_SHORT = "interval worse than planned"
    AS_PLANNED = "no worse than planned"
    SHORT = "worse than planned"
    # actions
    SAID_DONE = "said to be done"
    PAST_DUE = "past its due date"
    UNDER_WAY = "under way"
    NOT_STARTED = "not started"
    # evidence and reviews
    SHOWN = "a document shows it"
    HELD = "held, and not yet due again"
    OWED_LATE = "owed, and its date has passed"
    OWED = "owed"
