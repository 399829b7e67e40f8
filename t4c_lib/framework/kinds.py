"""The words that rows of the catalogue are written with: kinds, directions, blanks, the shapes of refs and dates."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from t4c_lib.periods import Month
from t4c_lib.quantities import ChangeKind
from t4c_lib.validation_messages import reading

WHOLE_PLAN = "plan"  # what a note applies to that is about no single row


class MeasureKind(StrEnum):
    """What kind of thing a measure is; the kind decides what can be done with it."""

    SHARE = "share"  # people out of people, a fraction from 0 to 1
    RATE = "rate"  # events per exposure, 0 or more
    COUNT = "count"  # things or people, in a period or on a day
    EVIDENCE = "evidence"  # it exists, has a date and a document
    REVIEW = "review"  # it is done on a rhythm: last done, next due


class Better(StrEnum):
    """In which direction a measure gets better."""

    HIGHER = "higher"
    LOWER = "lower"
    CLOSER = "closer"  # closer to the group it is compared with


class Blank(StrEnum):
    """What the partners are to write into a blank of the source."""

    PERCENT = "percent"
    NUMBER = "number"
    TARGET = "target"


class OnRecord(StrEnum):
    """What of the pledge's record settles a row, so that a plan has nothing to fill in for it."""

    SIGNATURES = "signatures"  # of both sides
    BOARD_APPROVAL = "board approval"
    PUBLICATION = "publication"


class ModelPath(StrEnum):
    """The formulas by which the what-if follows measures; a measure of the catalogue names the one it goes by."""

    YOUNG_SHARE = "share of staff aged 16 to 24"
    QUALIFIED_SHARE = "share of support staff qualified at level 2 or above"
    QUALIFIED = "support staff qualified at level 2 or above"
    TURNOVER = "leavers of a year over the mean headcount"
    PLACEMENTS = "work experience placements of a year"
    COURSES = "pre-employment courses of a year"
    APPRAISED = "share of support staff appraised in a year"
    CERTIFIED = "share of new starters certified in time"
    APPRENTICESHIP_STARTS = "apprenticeship starts of a year"
    ON_PATHWAY = "people on a registered pathway"
    REGISTERING = "moves into registered roles of a year"


# Which changes a plan may agree for a measure of each kind. Points need a fraction; evidence and reviews have none.
CHANGES_BY_KIND: dict[MeasureKind, tuple[ChangeKind, ...]] = dict.fromkeys(MeasureKind, ()) | {
    MeasureKind.SHARE: tuple(ChangeKind),
    MeasureKind.RATE: tuple(ChangeKind),
    MeasureKind.COUNT: tuple(kind for kind in ChangeKind if kind is not ChangeKind.POINTS),
}
# Where closer is better the gap is what changes: by points, or down to a level.
CHANGES_OF_A_GAP = (ChangeKind.POINTS, ChangeKind.LEVEL)

ActionRef = Annotated[str, Field(pattern=r"^\d+a\d+$", description="intention, a and number, such as 1a2")]
MeasureRef = Annotated[str, Field(pattern=r"^\d+(m\d+)?$", description="intention, m and number, such as 1m4")]
MonthText = Annotated[str, AfterValidator(lambda text: reading(lambda: str(Month.parse(text))))]


class Noun(BaseModel, frozen=True, extra="forbid"):
    """What all of them share: frozen, unknown keys refused."""
