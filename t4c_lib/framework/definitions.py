"""The rows of catalogue.yaml, frozen, with nothing unknown in them; what ties rows to each other is in `catalogue`."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from t4c_lib.periods import Month
from t4c_lib.quantities import Change, ChangeKind, Unit
from t4c_lib.validation_messages import Checked, Faults, Key, Text, reading

WHOLE_PLAN = "plan"  # what a note applies to that is about no single row
WHOLE_WORKFORCE = "trust workforce"


class MeasureKind(StrEnum):
    """What kind of thing a measure is; the kind decides what can be done with it."""

    SHARE = "share"  # people out of people, a fraction from 0 to 1
    RATE = "rate"  # events per exposure, 0 or more
    COUNT = "count"  # things or people, in a period or on a day
    EVIDENCE = "evidence"  # it exists, has a date and a document
    REVIEW = "review"  # it is done on a rhythm: last done, next due

    @property
    def is_divided(self) -> bool:
        """Whether it is a part of a whole, so that its values are fractions."""
        return self in (MeasureKind.SHARE, MeasureKind.RATE)


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


class Strand(Checked):
    """One of the four parts of the framework; intentions name the strand they belong to."""

    key: Key
    name: Text
    purpose: Text


class Timeline(Checked):
    """A date of the source, with our reading of what it is for."""

    #: (`for` in the file) what the date is for, as we read it: the source doesn't say.
    concerns: Text = Field(alias="for")
    covers: tuple[ActionRef, ...] = ()  #: refs of the actions it holds for, as we read it; empty for a baseline
    when: MonthText | None = None  #: the source's own month, as "2015-04"; None where it gives a rhythm only
    starting: bool = False  #: True for "from that month on", False for "by, or in, that month"
    then: Text | None = None  #: what follows, or the rhythm
    note: str = ""  #: what is odd about the date in the source

    @property
    def month(self) -> Month | None:
        return None if self.when is None else Month.parse(self.when)

    @property
    def text(self) -> str:
        """The date as people say it: "from September 2015, then once a year"."""
        parts = [] if self.month is None else [f"{'from ' if self.starting else ''}{self.month.label}"]
        if self.then is not None:
            parts.append(f"then {self.then}" if parts else self.then)
        return ", ".join(parts)

    def faults(self) -> Faults:
        if self.when is None and self.then is None:
            yield "", "A timeline needs a month ('when'), a rhythm ('then'), or both."


class History(Checked):
    """What the source said of a row in 2015 and holds no more: shown small beside it, never as today's aim."""

    text: Text  #: what it said, as the end of a sentence
    when: MonthText | None = None  #: the month that it named, as "2016-03"
    bodies: tuple[Key, ...] = ()  #: keys of the bodies that it named

    @property
    def words(self) -> str:
        """As it is shown: "2015 framework: from April 2015"."""
        return f"2015 framework: {self.text}"

    def faults(self) -> Faults:
        if self.when is not None and Month.parse(self.when).label not in self.text:
            yield "", f"The text does not name {Month.parse(self.when).label}, which 'when' says."


class Action(Checked):
    """What the framework suggests to do. `text` holds {x} where the source leaves a blank; keywords: see Intention.

    `on_record` names what of the pledge's record settles it, where one does; `decided_by` the lever of the what-if that
    its number is an amount of.
    """

    ref: ActionRef
    key: Key
    text: Text
    keywords: tuple[Text, ...] = ()
    x: Blank | None = None
    readings: tuple[ChangeKind, ...] = ()
    unit: str = ""
    series: Key | None = None
    on_record: OnRecord | None = None
    decided_by: Key | None = None
    notes: tuple[int, ...] = ()
    history: History | None = None

    @property
    def intention_number(self) -> int:
        return int(self.ref.split("a")[0])

    @property
    def reference(self) -> str:
        """Its ref, under the name that a measure has it by."""
        return self.ref

    def faults(self) -> Faults:
        if (self.x is not None) != ("{x}" in self.text):
            yield "", "An action with an 'x' has {x} in its text, and only such an action has."
        elif self.x is not None and not (self.readings and self.unit and self.series):
            yield "", "An action with an 'x' needs 'readings', 'unit' and 'series'."


class StatedTarget(Checked):
    """A target that the source itself sets, so that no blank is left."""

    kind: ChangeKind
    amount: float
    by: MonthText | None = None

    @property
    def change(self) -> Change:
        return Change(self.kind, self.amount)


class Forecast(Checked):
    """What a forecast of a measure of some people needs."""

    population: Text  #: of whom
    #: the starting numbers of the what-if, or the assumptions, that must have been counted here.
    rests_on: tuple[Text, ...]
    label: Text  #: what that is, for people
    #: assumptions that decide where the figure goes. Where a national figure stands in for one of them, the model must
    #: have forecast the last year.
    depends_on: tuple[Text, ...] = ()
    has_held: bool = True  #: whether forecasts of it have passed the back-test (docs/reference/backtest.md)
    #: of fewer there are too few cases in a year to forecast it.
    least_support_staff: Annotated[int, Field(ge=1)] | None = None


class InTheModel(Checked):
    """How the what-if follows a measure, or why it doesn't."""

    path: ModelPath | None = None  #: the formula by which it is followed month by month
    moved_by: tuple[Key, ...] = ()  #: levers that move it, most direct first
    note: str = ""  #: what the path leaves out or stands in for
    #: the lever whose amount it is: the partners decide the number, and it is not forecast.
    decided_by: Key | None = None
    forecasts: tuple[Forecast, ...] = ()  #: of whom it can be forecast, and what that takes
    not_followed: str = ""  #: why it has no path, one sentence

    def faults(self) -> Faults:
        if (self.path is None) != bool(self.not_followed):
            yield "", "A measure has a 'path', or the sentence 'not_followed' that says why it has none."
        elif bool(self.moved_by) != (self.path is not None):
            yield "", "What has a path says by which levers it is 'moved_by'; nothing else does."
        elif self.path is None and (self.note or self.decided_by or self.forecasts):
            yield "", "What is not followed has no 'note', 'decided_by' or 'forecasts'."


class Measure(Checked):
    """One thing that can be measured, with its definition."""

    #: the source's place: intention and bullet ("1m4"); the bare intention where it stands in no bullet ("6").
    ref: MeasureRef
    part: Key | None = None  #: which piece of a bullet that holds several; None for a whole bullet
    key: Key  #: the name used everywhere else in the project
    name: Text
    keywords: tuple[Text, ...] = ()  #: see Intention
    kind: MeasureKind
    better: Better
    x: Blank | None = None  #: what kind of blank the source leaves; None where it leaves none
    readings: tuple[ChangeKind, ...] = ()  #: the ways in which the blank, or the wish, can be meant; likeliest first
    unit: Text  #: unit of its values; "share" means a fraction from 0 to 1
    population: Text | None = None  #: name of the population it is about; None where it counts things, not people
    population_note: str = ""  #: doubts about the population, or what stands in for it (a proxy)
    #: what is divided by what; for shares and rates only.
    numerator: Text | None = None
    denominator: Text | None = None
    counted: Text = "people"  #: the numerator in a word or two, in the plural
    #: what the denominator is a number of, in the singular; "workforce" also stands for the people of the measure's own
    #: population, see `base_of`.
    base: Text = "workforce"
    compare_with: Text | None = None  #: the group a share should come closer to; only where closer is better
    groups: tuple[Text, ...] = ()  #: the groups it is worked out for, one by one
    #: level of qualification that counts, unless a plan names another.
    default_level: Annotated[int, Field(ge=1, le=8)] | None = None
    series: Key  #: the series whose observations it reads; by default the one of its own key
    counts_also: tuple[Key, ...] = ()  #: other series that belong beside it
    fed_by: str = ""  #: what of the work experience programme counts it (t4c_lib.programme.feeds); empty for nothing
    target: StatedTarget | None = None  #: what the source itself asks for
    within: str = ""  #: by when the source wants it, where it says so in words
    every: Annotated[int, Field(ge=1)] | None = None  #: rhythm of a review in months; None where the source names none
    #: so many months together make a figure that can be judged, where each month brings a cohort of its own and that is
    #: a handful of people; None where a period's own figure is judged.
    judged_on: Annotated[int, Field(ge=2)] | None = None
    counts_things: bool = False  #: whether what is counted is no person, so that small numbers of it may be published
    approved_by: str = ""  #: who must approve the evidence
    on_record: OnRecord | None = None  #: what of the pledge's record settles it; None where the plan says how far it is
    joined_with: Key | None = None  #: key of the measure that must hold together with this one
    source_of_data: Text  #: where an English NHS employer finds the figures
    note: str = ""
    added: str = ""  #: what the source doesn't say and we decided
    history: History | None = None
    #: how the what-if follows it, or why it doesn't; None for evidence and reviews, which have no number.
    what_if: InTheModel | None = None

    @model_validator(mode="before")
    @classmethod
    def _own_series_by_default(cls, row: Any) -> Any:
        return {"series": row["key"], **row} if isinstance(row, dict) and "key" in row else row

    def faults(self) -> Faults:
        """What in this row doesn't go with its kind."""
        divided, closer = self.kind.is_divided, self.better is Better.CLOSER
        has_parts = bool(self.numerator or self.denominator)
        wrong_unit = self.kind is MeasureKind.SHARE and self.unit != "share"
        rules = (
            (divided and not (self.numerator and self.denominator), f"A {self.kind} needs numerator and denominator."),
            (not divided and has_parts, f"A {self.kind} has no numerator or denominator."),
            (wrong_unit, f"A share's unit is 'share', not '{self.unit}'."),
            (closer and not self.compare_with, "Where closer is better, 'compare_with' says closer to what."),
            (not closer and bool(self.compare_with), "'compare_with' is for measures where closer is better."),
            (self.every is not None and self.kind is not MeasureKind.REVIEW, "'every' is for reviews."),
            (self.judged_on is not None and self.kind is not MeasureKind.SHARE, "'judged_on' is for shares."),
            (self.what_if is not None and self.baseline_unit is None, "'what_if' is for measures with a number."),
            (self.x is not None and not self.readings, "A measure with a blank ('x') needs 'readings'."),
            (self.x is not None and self.target is not None, "A blank ('x') and a stated target exclude each other."),
        )
        allowed = ", ".join(self.changes) or "none"
        wrong = [kind for kind in self.readings if kind not in self.changes]
        yield from (("", sentence) for broken, sentence in rules if broken)
        yield from (("", f"The reading '{kind}' does not go with this measure; allowed: {allowed}.") for kind in wrong)

    @property
    def intention_number(self) -> int:
        return int(self.ref.split("m")[0])

    @property
    def reference(self) -> str:
        """Ref and part together, unique in the catalogue: "1m4-turnover"."""
        return self.ref if self.part is None else f"{self.ref}-{self.part}"

    @property
    def changes(self) -> tuple[ChangeKind, ...]:
        """Every kind of change a plan may agree for it; the readings come from among these."""
        return CHANGES_OF_A_GAP if self.better is Better.CLOSER else CHANGES_BY_KIND[self.kind]

    def base_of(self, population: str) -> str:
        """What the denominator is, of this population: "workforce" is said of a whole workforce only."""
        is_whole = population in {"", WHOLE_WORKFORCE} or self.base != "workforce"
        return self.base if is_whole else f"number of {population}"

    @property
    def baseline_unit(self) -> Unit | None:
        """The unit that a baseline of this measure has; None for evidence and reviews, which have no amount."""
        return Unit(self.kind.value) if self.kind.value in list(Unit) else None


class Intention(Checked):
    """One of the ten strategic intentions, with its timeline, its suggested actions and its suggested measures.

    `title` heads it, `short` stands where space is narrow: menus and charts.
    Its keywords, like those of its rows, are words that employers use for it however they word the whole: a plan that
    comes in as a Word table is matched by them.
    """

    number: Annotated[int, Field(ge=1)]
    key: Key
    strand: Key
    short: Annotated[Text, Field(max_length=28)]
    title: Text
    keywords: tuple[Text, ...] = ()
    timeline: tuple[Timeline, ...]
    note: str = ""
    history: History | None = None
    actions: tuple[Action, ...]
    measures: tuple[Measure, ...]
