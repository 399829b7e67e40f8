"""What every reader of a surface shares: who is spoken of, and sentences that more than one surface says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from t4c_lib.plan import Plan
from tests.one_truth.statements import NUMBER, PERIOD, WHEN, Key, Row, Statement, period, plain
from tests.one_truth.surfaces import Piece

PLAN = Row("the plan")
YOUNG = Row("young-share", "trust workforce")
YOUNG_SUPPORT = Row("young-share", "support staff")
OF_WHOM = {"all staff": YOUNG, "support staff": YOUNG_SUPPORT}
TRIED = Row("young-share, tried out", "trust workforce")
STARTS = Row("apprenticeship-starts", "trust workforce")
REGISTERED = Row("support-to-registered", "support staff")
ATTAINMENT = Row("attainment", "support staff")
START = {  # starting numbers of the what-if that are figures of measures
    "Support staff, aged 16 to 24": (YOUNG_SUPPORT, "numerator"),
    "Apprenticeship starts a year": (STARTS, "figure"),
    "Support staff who move into a registered role in a year": (REGISTERED, "figure"),
    "Support staff with a qualification of level 2 or above": (ATTAINMENT, "figure"),
}
EXPECTED = "expected if nothing changes"
KEPT = ", size kept"
VALUE = r"(?:a gap of )?[-−+]?\d[\d,]*(?:\.\d+)?%?(?: [a-z][a-z ]*?)?"
COUNTED = re.compile(r"(\d[\d,]*) ([a-z][a-z ]*?(?:, no target)?)(?=,| and \d|;|\.|$)")
PLEDGE_STATES = {"a draft", "agreed", "approved by the board", "signed by both sides", "published", "no wording yet"}
CHANCE = r"less than \d+%|more than \d+%|\d+%"


@dataclass
class Names:
    """The rows of a plan by what surfaces call them.

    Attributes:
        organisation: its code.
        rows: by name in small letters: "1m4-turnover turnover of support staff", "1a1 profile young workforce".
    """

    organisation: str
    rows: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: str, plan: Plan | None) -> Names:
        """Those of a plan; a name that two rows have stands for neither."""
        made = cls(organisation)
        several: Counter[str] = Counter()
        for name, row in cls._named(plan):
            if made.rows.setdefault(plain(name).casefold(), row) != row:
                several[plain(name).casefold()] += 1
        for name in several:
            del made.rows[name]
        return made

    @staticmethod
    def _named(plan: Plan | None) -> Iterator[tuple[str, Row]]:
        for row in plan.measures if plan else ():
            what = Row(row.measure, row.population, row.group)
            group = f" ({row.group})" if row.group else ""
            wording = f"{row.wording}{group}"
            for ref in ("Own", "own") if row.definition else (row.what.reference, row.what.ref):
                yield f"{ref} {wording}", what
                yield ref, what
            yield f"Measure {'own' if row.definition else row.what.reference} {wording}", what
            yield wording, what
            yield f"measure {row.measure}{group}", what
            yield f"{row.what.reference} {row.measure}", what
            yield f"{row.reference} {row.measure}{group}", what
            yield f"{row.reference} {wording}", what
            yield f"{row.measure}{group}", what
            yield f"measure {row.measure} of {row.population}{group}", what
        for action in plan.actions if plan else ():
            what, words = Row(action.action), action.action.replace("-", " ")
            ref = action.suggestion.ref if action.suggestion else "own"
            titles = (action.short_title, f"{ref} {action.short_name}", f"Action {ref} {action.short_name}")
            for name in (
                f"{ref} {words}",
                f"{ref} {action.wording}",
                action.wording,
                f"action {action.action}",
                *titles,
            ):
                yield name, what
            yield from ((name, what) for name in (action.reference, f"{ref} {action.action}", action.action))
            yield f"{action.action} {action.wording}", what
            yield f"Action {ref} {action.wording}", what

    def find(self, name: str) -> Row | None:
        """The row of that name."""
        return self.rows.get(plain(name).casefold())

    def longest(self, text: str) -> tuple[Row, str] | None:
        """The row whose name a text begins with, the longest of them, and that name as the text has it."""
        low = text.casefold()
        names = [name for name in self.rows if low.startswith(name) and not low[len(name) : len(name) + 1].isalnum()]
        return (self.rows[(name := max(names, key=len))], text[: len(name)]) if names else None


@dataclass
class Reader:
    """Takes statements off the pieces of one surface of one organisation.

    Attributes:
        surface: its name.
        names: of the organisation.
        statements: what was read.
        unread: pieces with a figure that no reader knows.
        figures: how many figures stood in all pieces.
        start: month 0, from which forecasts go; empty before it was said.
    """

    surface: str
    names: Names
    statements: list[Statement] = field(default_factory=list)
    unread: list[Piece] = field(default_factory=list)
    figures: int = 0
    start: str = ""

    def say(self, row: Row | None, kind: str, shown: str, when: str = "", *, place: str, word: bool = False) -> bool:
        """One statement; nothing is said where nothing is shown. Gives True, so that a reader can say "read"."""
        if row is not None and shown.strip():
            key = Key(self.names.organisation, *row, period(when), kind)
            self.statements.append(Statement(key, shown.strip(), self.surface, place, word))
        return True

    def read(self, piece: Piece, *readers: Callable[[Piece], bool]) -> None:
        """Let the first reader that knows a piece take it; what none knows is kept aside if a figure stands in it."""
        self.figures += figures_in(piece)
        if not any(reader(piece) for reader in readers) and figures_in(piece):
            self.unread.append(piece)

    def said_of_row(self, row: Row | None, reason: str, *, place: str) -> None:
        """A status's reason, and what stands in it."""
        self.say(row, "reason", reason, place=place, word=True)
        if plain(reason).startswith("no figure has been reported yet"):
            self.say(row, "has a figure", "no", place=place, word=True)
        for pattern, kinds in REASONS:
            if found := re.search(pattern, plain(reason)):
                parts = found.groupdict()
                for kind, dated in kinds.items():
                    shown = parts.get(kind.replace(" ", "_").replace(",", "").replace("%", ""))
                    if shown:
                        is_word = kind in WORDS_OF_REASONS
                        if kind == "inside":
                            self.said_of_counts_inside(row, shown, parts[dated] or "", place=place)
                            continue
                        shown = period(shown) if re.fullmatch(WHEN, shown, re.IGNORECASE) else shown
                        self.say(row, kind, shown, parts.get(dated, "") or "", place=place, word=is_word)

    def said_of_counts_inside(self, row: Row | None, text: str, when: str, *, place: str) -> None:
        """What a figure was divided from: "182 of 2,842"; of a gap "the group is 182 of 2,842"."""
        if found := re.match(r"(the group is )?([\d,.]+) of ([\d,.]+)", text):
            # A gap is the difference of two shares; what its group counts is no numerator of the gap.
            is_gap = bool(found[1]) or (row is not None and bool(row.group))
            for kind, shown in (("numerator", found[2]), ("denominator", found[3])):
                self.say(row, f"{kind} of the group" if is_gap else kind, shown, when, place=place)

    def said_of_status(self, row: Row | None, word: str, *, place: str) -> None:
        """A status's word, and whether it can only be of a row that has a target."""
        self.say(row, "status", word, place=place, word=True)
        has_target = dict.fromkeys(
            (
                "target not set",
                "above the comparison",
                "above the comparison, no target",
                "reported, no target",
                "no figure yet, no target",
            ),
            "no",
        )
        has_target |= dict.fromkeys(
            ("no figure yet", "baseline only", "met", "ahead", "on course", "behind", "off course"), "yes"
        )
        self.say(row, "has an X", has_target.get(plain(word), ""), place=place, word=True)

    def said_of_change(self, row: Row | None, sentence: str, *, place: str) -> None:
        """An X in words: "from 4.9% to 5.9%: 1 percentage point, 34 more people than now if the workforce ..."."""
        sentence = plain(sentence)
        if not (
            found := re.match(rf"(the gap goes )?from (?P<base>{VALUE}) to (?P<goal>{VALUE}): (?P<by>.*)", sentence)
        ):
            return
        base, goal = found["base"], found["goal"]
        self.say(row, "X", sentence, place=place, word=True)
        self.say(row, "has an X", "yes", place=place, word=True)
        if found[1]:
            base, goal = base.replace("%", ""), goal.replace("%", "")
        self.say(row, "baseline", base, place=place)
        self.say(row, "target", goal, place=place)
        if gap := re.search(r"([\d.]+) percentage points?", found["by"]):
            self.say(row, "X in percentage points", gap[1], place=place)
        if part := re.search(r"([\d.]+)% (?:more|less) than the baseline share", found["by"]):
            self.say(row, "X in per cent of the share", part[1], place=place)
        if heads := re.search(
            rf"([\d,]+ (?:more|fewer))( \w+)*? (?:(than now) )?if the [a-z ]+ stays at (?:today's )?([\d,.]+)"
            rf"(?: \(({PERIOD})\))?$",
            found["by"],
        ):
            self.say(row, "X in people", heads[1], place=place)
            self.say(row, "X in people, of how many", heads[4], place=place)
            if heads[3] or (self.start and period(heads[5] or "") == period(self.start)):
                self.said_of_heads(row, heads[1], heads[4], place=place)

    def said_of_heads(self, row: Row | None, heads: str, of: str, *, place: str) -> None:
        """How many people more, counted from today's figure, and how many people today's are."""
        self.say(row, "people from today to the target", heads, place=place)
        self.say(YOUNG if row == TRIED else row, "denominator", of, self.start, place=place)

    def said_of_joiners(self, row: Row | None, text: str, *, place: str, kept: bool = False) -> None:
        """What a target takes: "93 a year (7.8 a month)"; or "no more", or "at best 4.9%"."""
        kind = f"joiners aged 16 to 24 needed{KEPT if kept else ''}"
        rates = re.findall(r"([\d,.]+) a (year|month)", text)
        for number, each in rates:
            self.say(row, f"{kind}, a {each}", number, place=place)
        answer = "so many" if rates else "out of reach" if "at best" in text else plain(text)
        self.say(row, f"{kind}, answer", answer, place=place, word=True)
        if found := re.search(rf"at best ({VALUE})", text):
            self.say(row, f"{kind}, best", found[1], place=place)

    def said_of_agreement(self, text: str, *, place: str) -> bool:
        """How many rows are agreed: "Agreed by both sides: 76 of 78 actions and measures; 2 re-opened."."""
        found = re.match(r"agreed by both sides: (\d+) of (\d+) (?:rows|actions and measures)(?:; (.*))?$", plain(text))
        if found is None:
            return False
        self.say(PLAN, "rows agreed by both sides", found[1], place=place)
        self.say(PLAN, "rows that can be agreed", found[2], place=place)
        for number, words in re.findall(r"(\d+) ([a-z -]+?)(?=,|$)", found[3] or ""):
            self.say(PLAN, f"rows {words}", number, place=place)
        return True

    def said_of_pledge(self, text: str, *, place: str) -> bool:
        """How far the pledge is, and who signed it for which side and when."""
        state = re.match(r"the pledge (is|has) ([a-z -]+?)(?:\.|$)", plain(text))
        if state and state[2] in PLEDGE_STATES:
            self.say(PLAN, "the pledge is", state[2], place=place, word=True)
        signed = re.findall(rf"for (management|staff) side by ([^,]*?) on ({WHEN})", text)
        signed += [
            (side, who, day)
            for day, who, side in re.findall(rf"({WHEN}): ([^:]*?) signed the pledge for (management|staff) side", text)
        ]
        for side, who, day in signed:
            self.say(PLAN, f"signed for {side} side", f"{who}, {day}", place=place, word=True)
        approved = rf"({WHEN}): the board approved|board approved the pledge \(.*?\),(?: on)? ({WHEN})"
        published = rf"({WHEN}): the pledge was published|pledge was published: .*?,(?: on)? ({WHEN})\.?$"
        for what, pattern in (("approved by the board", approved), ("published", published)):
            if found := re.search(pattern, text):
                self.say(PLAN, what, found[1] or found[2], place=place, word=True)
        return bool(state or signed)

    def said_of_row_agreed(self, row: Row | None, state: str, *, place: str) -> bool:
        """By whom a row is agreed: "both sides", "management side only", "re-opened", "not yet", "parked"."""
        said = re.sub(r"^agreed by (?=\w+ side only)", "", plain(state))
        said = re.sub(r"^(?:both sides|agreed by [^;]*), \d{1,2} \w+ \d{4}$", "both sides", said)
        said = {"not agreed by either side yet": "not yet"}.get(said, said)
        said = re.sub(r"(?: \(reason: .*|[;,:] .*)$", "", said)
        said = re.sub(r"^not agreed by .*$", "not agreed", said)
        return self.say(row, "agreed by", said, place=place, word=True)

    def said_of_age(self, when: str, ago: str, *, place: str) -> None:
        """How long ago a month was: "eight months ago"."""
        self.say(Row("how long ago"), "ago", ago, when, place=place, word=True)

    def said_of_start(self, label: str, value: str, source: str, *, stands_in: bool, place: str) -> None:
        """One starting number, and the figure of a measure that it is where it was counted."""
        self.say(Row("the start", "", label), "starts at", value, place=place)
        self.say(Row("the start", "", label), "comes from", source, place=place, word=True)
        if (found := START.get(label)) and not stands_in:
            row, kind = found
            counted = re.search(rf"counted, ({WHEN})", source)
            self.say(row, kind, value, counted[1] if counted else self.start, place=place)

    def said_of_reminder(self, due: str, who: str, what: str, *, place: str) -> bool:
        """What is due when, and who sees to it; the days by which it is overdue are those of its status."""
        day, _, days = due.partition(", overdue by ")
        self.say(Row("reminder", "", plain(what)), f"due, {plain(who)}", due, place=place, word=True)
        kind, _, name = what.partition(": ")
        is_review = kind.lower() == "review"
        row = self.names.find(name if is_review or kind.lower() in {"target", "evidence for"} else what)
        self.say(row, "review due" if is_review else "due", period(day), place=place, word=True)
        return self.say(row, "days of review overdue" if is_review else "days late", days, place=place)

    def said_of_counts(self, text: str, kind: str, *, place: str) -> None:
        """How many rows have which status: "15 not measured, 14 in place and 5 met"."""
        for number, word in COUNTED.findall(text):
            self.say(PLAN, f"{kind}: {word}", number, place=place)

    def counted_rows(self, words: Counter[str], kind: str, *, place: str) -> None:
        """The same, counted from the rows that a surface lists."""
        for word, number in words.items():
            self.say(PLAN, f"{kind}: {word}", str(number), place=f"{place}, rows counted")


def figures_in(piece: Piece) -> int:
    """How many figures stand in a piece."""
    return sum(len(NUMBER.findall(cell)) for cell in piece.cells)


WORDS_OF_REASONS = {"chance", "due", "review due", "last held", "baseline of", "evidence"}
_FIGURE = rf"(?P<figure>{VALUE}(?: above the comparison)?)(?: \((?P<inside>[^()]*)\))? in (?P<when>{PERIOD})"
# What a reason says: a pattern, and for each of its named parts what it is dated by.
REASONS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        rf"^at {_FIGURE} the chance of reaching (?P<target>{VALUE}) by (?P<due>{WHEN}) is (?P<chance>{CHANCE})",
        {"figure": "when", "inside": "when", "target": "", "due": "", "chance": ""},
    ),
    (rf"^at {_FIGURE}", {"figure": "when", "inside": "when"}),
    (rf"the newest figure(?:,| is) {_FIGURE}", {"figure": "when", "inside": "when", "newest": ""}),
    (rf"the group was {_FIGURE}, and the target was a gap of (?P<target>{VALUE})", {"figure": "when", "target": ""}),
    (rf"has reached the target of (?P<target>{VALUE})(?:,|;|$)", {"target": ""}),
    (rf"past the target of (?P<target>{VALUE}) by (?P<due>{WHEN})", {"target": "", "due": ""}),
    (rf"; the target of (?P<target>{VALUE}) by (?P<due>{WHEN}) (?:is|was)", {"target": "", "due": ""}),
    (rf"the target is (?P<target>{VALUE}) by (?P<due>{WHEN})$", {"target": "", "due": ""}),
    (rf"the target of (?P<target>{VALUE}) was due on (?P<due>{WHEN})", {"target": "", "due": ""}),
    (rf"the baseline is (?P<baseline>{VALUE}) in (?P<baseline_of>{PERIOD})", {"baseline": "", "baseline of": ""}),
    (rf"which the plan gives as (?P<baseline>{VALUE});", {"baseline": ""}),
    (rf"the chance of (?:still )?meeting (?:it|the target) by (?P<due>{WHEN}) is (?P<chance>{CHANCE})", {"chance": ""}),
    (rf"the chance of meeting it from here is (?P<chance>{CHANCE})", {"chance": ""}),
    (rf"in (?P<when>{PERIOD}) it is .* the (?P<planned>{VALUE}) planned by then", {"planned": "when"}),
    (rf"than the (?P<target>{VALUE}) that was due by then", {"target": ""}),
    (
        rf"in (?P<when>{PERIOD}) it is .*(?:its whole interval \(|chance \(interval )"
        rf"(?P<interval_low>-?[\d.]+%?) to (?P<interval_high>-?[\d.]+%?)",
        {"interval, low": "when", "interval, high": "when"},
    ),
    (rf"(?:\((?:[^()]*)\) )?in (?P<when>{PERIOD}), is (?P<figure>{VALUE} above) the ", {"figure": "when"}),
    (rf"last held on (?P<last_held>{WHEN})", {"last held": ""}),
    (rf"; it (?:was|is) due by the end of (?P<review_due>{WHEN})", {"review due": ""}),
    (rf"is next due in (?P<review_due>{WHEN})", {"review due": ""}),
    (rf"a review was due in (?P<review_due>{WHEN})", {"review due": ""}),
    (rf"^it was due (?:by the end of|in) (?P<due>{WHEN}) and (?:is|has)", {"due": ""}),
    (rf", due by the end of (?P<due>{WHEN})", {"due": ""}),
    (r"^shown by '(?P<evidence>.*)'", {"evidence": ""}),
)
