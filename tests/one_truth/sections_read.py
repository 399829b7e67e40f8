"""Reads the sections that page and report are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from t4c_lib.sections.row_view import GROUPS
from tests.one_truth.reading import CHANCE, EXPECTED, PLAN, VALUE, YOUNG, YOUNG_SUPPORT, Names, Reader
from tests.one_truth.statements import PERIOD, WHEN, Row, in_full, period, plain
from tests.one_truth.surfaces import Piece

COUNTED = {"Targets": "measures with an amount", "Evidence, reviews": "evidence and reviews", "Actions": "actions"}
SUMMARY = ("Measure", "Figures", "Latest", "Planned by then", "Target", "Status")


class SectionReader(Reader):
    """Reads pieces of HTML in order; which measure is spoken of is told by the last heading.

    Attributes:
        row: the measure whose section it is; None in sections of no single measure.
        stand_ins: starting numbers that stand in for what nobody counted, with a small first letter.
        x_row: whose X it is that the section of staff aged 16 to 24 speaks of: one that is just tried out is no target.
    """

    def __init__(self, surface: str, names: Names) -> None:
        super().__init__(surface, names)
        self.row: Row | None = None
        self.stand_ins: list[str] = []
        self.x_row = YOUNG
        self.shown_words: dict[str, Counter[str]] = {}

    def readers(self) -> Mapping[str, Sequence[Callable[[Piece], bool]]]:
        """What takes statements off the pieces of each kind."""
        raise NotImplementedError

    def read_all(self, pieces: Iterable[Piece]) -> None:
        """Read a surface."""
        readers = self.readers()
        for piece in pieces:
            self.read(piece, *readers.get(piece.kind, ()))
        for kind, words in self.shown_words.items():
            self.counted_rows(words, kind, place="table")

    # Headings

    def _heading(self, piece: Piece) -> bool:
        self.row = self.names.find(piece.text)
        if piece.text.startswith("Sickness absence"):
            self.row = Row("sickness", "support staff")
        return self._share_title(piece) or True

    # Agreement and pledge

    def _agreement_fact(self, piece: Piece) -> bool:
        label, figure, _ = piece.cells[:3]
        if label == "actions and measures agreed by both sides":
            return self.said_of_agreement(f"Agreed by both sides: {figure} rows.", place=f"facts of '{piece.heading}'")
        if label == "re-opened":
            shown = figure if figure != "0" else ""  # the sentence names none where there is none
            return self.say(PLAN, "rows re-opened", shown, place=f"facts of '{piece.heading}'")
        return label == "the pledge" and self.said_of_pledge(f"The pledge is {figure}.", place="facts of the pledge")

    def _agreement(self, piece: Piece) -> bool:
        if found := re.match(r"This X: (.*)$", piece.text):
            return self.said_of_row_agreed(self.x_row, found[1], place="'This X'")
        place = f"'{piece.heading}'"
        return (
            self.said_of_agreement(piece.text, place=place)
            or (self.row is None and self.said_of_pledge(piece.text, place=place))
            or piece.heading == "The pledge"
        )

    def _open_row(self, piece: Piece) -> bool:
        if piece.heads[:1] != ("Row",) or "Management side" not in piece.heads:
            return False
        name, wording, management, staff, why = piece.cells
        row = self.names.find(f"Measure {name} {wording}") or self.names.find(f"{name} {wording}")
        state = why.partition(":")[0]
        if state not in {"not agreed", "parked", "escalated"}:
            both = {"management": management, "staff": staff}
            sides = [side for side, said in both.items() if said.startswith("agreed,")]
            state = f"{sides[0]} side only" if len(sides) == 1 else "re-opened"
        return self.said_of_row_agreed(row, state, place="rows to be agreed") and row is not None

    def _note_row(self, piece: Piece) -> bool:
        if piece.heads[:3] != ("Intention", "Day", "Kind"):
            return False
        number, day, kind, who, text = piece.cells
        return self.say(Row("note", "", f"{day} {text}"), "note", f"{number} {kind} {who}", place="notes", word=True)

    # What the targets take

    def _targets_row(self, piece: Piece) -> bool:
        if piece.heads[2:3] != ("Chance with the plan",):
            return False
        measure, target, chance, _ = piece.cells
        row, place = self.names.find(f"Measure {measure}") or self.names.find(measure), "'What the targets take'"
        goal, _, due = target.partition(" by ")
        self.say(row, "target", goal, place=place)
        self.say(row, "due", period(due), place=place, word=True)
        return self.say(row, "chance", chance, place=place)

    def _share_title(self, piece: Piece) -> bool:
        found = re.match(
            rf"({VALUE}) of all staff were aged 16 to 24 in ({WHEN})(?:; the target for ({WHEN}) is ({VALUE})"
            rf"(?:, and if nothing changes it is ({VALUE}) then)?)?$",
            piece.text,
        )
        if found is None:
            return False
        place = "title of the chart of staff aged 16 to 24"
        self.say(YOUNG, "figure", found[1], found[2], place=place)
        if found[3]:
            self.say(self.x_row, "due", period(found[3]), place=place, word=True)
            self.say(self.x_row, "target", found[4], place=place)
            self.say(YOUNG, EXPECTED, found[5] or "", found[3], place=place)
            self.say(self.x_row, "expected when the target is due", found[5] or "", place=place)
        return True

    def _rests(self, piece: Piece) -> bool:
        place = "'What this rests on'"
        if found := re.match(r"(\d+) of (\d+) numbers are stand-ins for figures not counted here: (.*)\.$", piece.text):
            self.stand_ins = found[3].split("; ")
            self.say(PLAN, "starting numbers that stand in", found[1], place=place)
            self.say(PLAN, "starting numbers", found[2], place=place)
            return self.say(PLAN, "which starting numbers stand in", found[3], place=place, word=True)
        if piece.text.startswith("Worked out month by month"):
            return self.say(PLAN, "how forecasts are worked out", piece.text, place=place, word=True)
        return False

    def _start_row(self, piece: Piece) -> bool:
        if piece.heads != ("Number", "Value", "Where it comes from"):
            return False
        label, value, source = piece.cells
        stands_in = plain(label) in self.stand_ins
        self.said_of_start(label, value, source, stands_in=stands_in, place="'What this rests on'")
        return True

    # Progress

    def _progress_fact(self, piece: Piece) -> bool:
        label, figure, detail = piece.cells[:3]
        place = f"facts of {self.row.measure if self.row else piece.heading}"
        if found := re.fullmatch(r"Latest (?:figure|gap), (.*)", label):
            self.say(self.row, "newest figure is of", period(found[1]), place=place, word=True)
            self.say(self.row, "has a figure", "yes", place=place, word=True)
            self.said_of_counts_inside(self.row, detail, found[1], place=place)
            return self.say(self.row, "figure", figure, found[1], place=place)
        if found := re.fullmatch(rf"Target by ({WHEN})", label):
            self.say(self.row, "target", figure, place=place)
            self.say(self.row, "due", period(found[1]), place=place, word=True)
            if planned := re.match(rf"Planned for ({PERIOD}): (.*)$", detail):
                self.say(self.row, "planned", planned[2], planned[1], place=place)
            elif detail.startswith("Baseline: "):
                self.say(self.row, "baseline", detail.removeprefix("Baseline: "), place=place)
            return True
        if label == "Status":
            self.said_of_status(self.row, figure, place=place)
            if chance := re.search(rf"chance of meeting the target: ({CHANCE})", detail):
                self.say(self.row, "chance", chance[1], place=place, word=True)
            return True
        return False

    def _finding(self, piece: Piece) -> bool:
        if self.row is None or (self.row.measure == "sickness" and piece.text.startswith("Sickness absence was")):
            return False
        place = f"title of the chart of {self.row.measure}"
        text = piece.text.rpartition(". ")[2]  # after the name of the measure
        if found := re.fullmatch(
            rf"([A-Z][a-z ]+): (.*) in (.*), target (.*) by ({WHEN})(?:; chance .* then (.*))?", text
        ):
            self.said_of_status(self.row, found[1], place=place)
            self.say(self.row, "figure", found[2], found[3], place=place)
            self.say(self.row, "target", found[4], place=place)
            self.say(self.row, "chance", found[6] or "", place=place, word=True)
            return self.say(self.row, "due", period(found[5]), place=place, word=True)
        if found := re.fullmatch(r"(.*\d.*) in (.*?)[;:] ([a-z ,]+)", text):
            self.say(self.row, "figure", found[1], found[2], place=place)
            if found[3] == "no target":
                return self.say(self.row, "has an X", "no", place=place, word=True)
            self.said_of_status(self.row, found[3], place=place)
            return True
        return False

    def _course_alt(self, piece: Piece) -> bool:
        if self.row is None or not piece.text.startswith(("Line chart of", "Line chart without")):
            return False
        place = f"description of the chart of {self.row.measure}"
        if found := re.match(
            rf"Line chart of (\d+ figures?): (.*?) in (.*?)"
            rf"(?:, ({VALUE})(?: \(95% interval (\S+) to (\S+)\))? in (.*?))?\. ",
            piece.text,
        ):
            self.say(self.row, "figures drawn", found[1], place=place)
            self.say(self.row, "figure", re.sub(r" \(95%.*", "", found[2]), found[3], place=place)
            if found[4]:
                self.say(self.row, "figure", found[4], found[7], place=place)
                self.say(self.row, "interval, low", found[5] or "", found[7], place=place)
                self.say(self.row, "interval, high", found[6] or "", found[7], place=place)
        if found := re.search(rf"The planned trajectory leads to ({VALUE}) by ({WHEN})", piece.text):
            self.say(self.row, "target", found[1], place=place)
            self.say(self.row, "due", period(found[2]), place=place, word=True)
        if found := re.search(rf"Chance of meeting the target: ({CHANCE})\.", piece.text):
            self.say(self.row, "chance", found[1], place=place, word=True)
        if found := re.search(r"Status: ([a-z ,]+)\.", piece.text):
            self.said_of_status(self.row, found[1], place=place)
        return self._icons(piece, place)

    def _icons(self, piece: Piece, place: str) -> bool:
        for name in ("Variation", "Assurance"):
            if found := re.search(rf"{name}: ([^.]*)\.", piece.text):
                self.say(self.row, name.lower(), found[1], place=place, word=True)
        return True

    def _chart_alt(self, piece: Piece) -> bool:
        if self.row is None or not (
            found := re.match(
                r"(?:XmR|Run) chart of (\d+ figures?), (.*?) to (.*?): (.*?) at first, (.*?) at last[,;.]", piece.text
            )
        ):
            return False
        place = f"description of the chart of {self.row.measure}"
        self.say(self.row, "figure", found[4], found[2], place=place)
        self.say(self.row, "figure", found[5], found[3], place=place)
        if median := re.search(r"median (\S+?)\. ", piece.text):
            self.say(self.row, "median", median[1], place=place)
        if limits := re.search(r"Mean (\S+), limits (\S+) to (\S+)\.", piece.text):
            for kind, value in zip(("mean", "lower limit", "upper limit"), limits.groups(), strict=True):
                self.say(self.row, f"XmR {kind}", value, found[3], place=place)
        return self._icons(piece, place)

    def _course_row(self, piece: Piece) -> bool:
        if self.row is None or piece.heads[:2] != ("Period", "Figure"):
            return False
        place, when = f"table of the chart of {self.row.measure}", piece.cells[0]
        if when.startswith("Planned: "):
            return self.say(self.row, "planned", piece.cells[1], when.removeprefix("Planned: "), place=place)
        if when.startswith("Expected: "):
            return self.say(self.row, "expected with the plan", piece.cells[1], when[10:], place=place)
        self.say(self.row, "figure", piece.cells[1], when, place=place)
        for head, cell in zip(piece.heads[2:], piece.cells[2:], strict=True):
            if head == "95% interval" and " to " in cell:
                for kind, end in zip(("interval, low", "interval, high"), cell.split(" to "), strict=True):
                    self.say(self.row, kind, end, when, place=place)
            elif head in {"Mean", "Lower limit", "Upper limit"}:
                self.say(self.row, f"XmR {head.lower()}", cell, when, place=place)
            elif head == "Special cause":
                self.say(self.row, "XmR rule", cell, when, place=place, word=True)
        return True

    def _drawn(self, piece: Piece) -> bool:
        row = self.row or (self.x_row if "aged 16 to 24" in piece.heading else None)
        known = False
        for kind in ("target", "median"):
            for one in {one.lower() for one in piece.cells if re.match(rf"{kind} -?\d", one, re.IGNORECASE)}:
                known = (
                    self.say(row, kind, one.removeprefix(f"{kind} "), place="words in the chart") and row is not None
                )
        if piece.heading == "Actions by date":
            return True  # months along an axis, and the word of each bar that has room for one
        if piece.heading == "Age profile":
            ages = [one for one in piece.cells if re.match(r"\d+ (to|and) ", one)]
            shares = [one for one in piece.cells if re.fullmatch(r"\d+\.\d%", one)]
            for age, share in zip(ages, shares, strict=False):
                self._aged(age, share, self.start, "trust workforce", "words in the age profile")
            return bool(shares)
        return known

    # All rows at a glance

    def _tally(self, piece: Piece) -> bool:
        if found := re.fullmatch(rf"Starting point, ({WHEN})", piece.text):
            return self.say(PLAN, "the what-if starts from", found[1], place="'What this rests on'")
        if found := re.fullmatch(r"Due by (\d+ \w+ \d+), by date", piece.text):
            return self.say(PLAN, "reminders up to", found[1], place="'What comes next'", word=True)
        if found := re.fullmatch(r"(\d+) of (\d+) actions (?:are|is) overdue\.", piece.text):
            self.say(PLAN, "actions: late", found[1], place="'Actions by date'")
            return self.say(PLAN, "actions not left out", found[2], place="'Actions by date'")
        return False

    def _counts(self, piece: Piece) -> bool:  # noqa: PLR0911  (one return for each kind of sentence)
        text, place = piece.text, f"'{piece.heading}'"
        if found := re.match(r"(\d+) of the plan's (\d+) measures that count something have figures", text):
            self.say(PLAN, "measures with figures", found[1], place=place)
            return self.say(PLAN, "measures that count something", found[2], place=place)
        if found := re.match(rf"Chances are worked out from the counts of ({WHEN}),", text):
            self.say(PLAN, "the what-if starts from", found[1], place=place)
            return self.say(PLAN, "what chances rest on", text, place=place, word=True)
        if found := re.search(
            r"(\d+) actions and (\d+) measures\. Of the (\d+) open measures that count something, (\w+) ha", text
        ):
            self.say(PLAN, "actions", found[1], place=place)
            self.say(PLAN, "measures", found[2], place=place)
            return self.say(PLAN, "open measures with an X", found[4].replace("none", "0"), place=place)
        if found := re.match(rf"By ({WHEN}): (\d+) still to come, (\d+) overdue", text):
            self.say(PLAN, "reminders to come", found[2], place=place)
            return self.say(PLAN, "reminders overdue", found[3], place=place)
        if found := re.match(r"Left out of the plan with a reason, and not counted here: (\d+)", text):
            return self.say(PLAN, "rows left out", found[1], place=place)
        if text.startswith("The plan as a whole, "):
            return self.say(PLAN, "takes as a whole", text, place=place, word=True)
        if found := re.match(rf"([\d,]+) people whose age is known, ({WHEN})", text):
            return self.say(Row("age known", "trust workforce"), "people", found[1], found[2], place=place)
        if found := re.search(r"Of the framework's \d+ measures that count something, (\d+) ha\w+ a figure", text):
            return self.say(PLAN, "measures of the framework with a figure", found[1], place=place)
        if found := re.fullmatch(rf"[A-Z0-9-]+(?:, .*)?, ({WHEN})", text):
            return self.say(PLAN, "as on", found[1], place="under the title", word=True)
        if found := re.match(rf"(\d+) months, ({WHEN}) to ({WHEN})\. The rate", text):
            return self.say(self.row, "newest figure is of", period(found[3]), place=place, word=True)
        return False

    def _ten_row(self, piece: Piece) -> bool:
        """One of the ten intentions, or all of them: how many rows have which status, and how many are agreed."""
        if piece.heads[:1] != ("Intention",) or "Agreed" not in piece.heads:
            return False
        if len(piece.cells) == 1:
            return True  # a strand
        name, *cells, agreed = piece.cells
        number = "".join(re.findall(r"^\d+", name))
        place = f"the ten intentions, {name}"
        columns = piece.heads[piece.heads.index("Agreed") + 1 :]
        for at, (word, cell) in enumerate(zip(columns, cells, strict=True)):
            is_action = "Actions" in piece.heads and at == len(columns) - 1
            kind = COUNTED["Actions" if is_action else next(one for one in GROUPS if word in set(GROUPS[one]))]
            count, _, said = cell.partition(" ")
            if number and cell:
                self.say(PLAN, f"{kind}, intention {number}: {said}", count, place=place)
                if not is_action:  # these are counted from their timeline
                    self.shown_words.setdefault(kind, Counter())[said] += int(count)
            self.say(PLAN, f"{kind}: {word}", "" if number else cell, place=place)
        done, _, every = agreed.partition(" of ")
        if not number:
            return self.said_of_agreement(f"Agreed by both sides: {agreed} rows.", place=place)
        self.say(Row("intention", "", number), "agreed", done, place=place)
        return self.say(Row("intention", "", number), "rows", every, place=place)

    def named(self, name: str) -> Row | None:
        """The row of a measure whose code follows its name."""
        words, _, code = name.rpartition(" ")
        return self.names.find(f"{code} {words}")

    def said_of_figures(self, row: Row | None, cells: Sequence[str], *, place: str) -> str:
        """Latest figure, what was planned by then, and target; gives the period of the figure."""
        latest, planned, target = cells
        when = ""
        if found := re.match(
            rf"([-−]?[\d,.]+%?(?: points?)?(?: above)?) (?:(.*\d of .*), )?({WHEN}|\d+ (?:of \S+ \d+ )?months .*?)"
            r"(?:, a proxy)?(?:; newer ones not shown)?$",
            in_full(latest),
        ):
            when = found[3]
            self.say(row, "figure", found[1], when, place=place)
            self.said_of_counts_inside(row, found[2] or "", when, place=place)
            self.say(row, "newest figure is of", period(when), place=place, word=True)
            self.say(row, "has a figure", "yes", place=place, word=True)
        self.say(row, "planned", planned if re.search(r"\d", planned) else "", when, place=place)
        if found := re.match(rf"(.*) by ({WHEN})$", in_full(target)):
            self.say(row, "target", found[1], place=place)
            self.say(row, "due", period(found[2]), place=place, word=True)
        return when

    def _summary_row(self, piece: Piece) -> bool:
        if piece.heads[:6] != SUMMARY:
            return False
        name, _, *figures, word = piece.cells[:6]
        *limits, chance = piece.cells[6:]
        row, place = self.named(name), "summary of measures"
        when = self.said_of_figures(row, figures, place=place)
        self.said_of_status(row, word, place=place)
        for kind, value in zip(("mean", "lower limit", "upper limit"), limits[2:], strict=False):
            self.say(row, f"XmR {kind}", value, when, place=place)
        self.say(row, "chance", chance if re.search(r"\d", chance) else "", place=place, word=True)
        return row is not None

    # The plan, and the rest of the report

    def _sickness_fact(self, piece: Piece) -> bool:
        label, figure, detail = piece.cells[:3]
        found = re.match(r"([\d,.]+) of ([\d,.]+) FTE days, (.*)", detail)
        if found is None:
            return False
        row = Row("sickness", "trust workforce" if found[3].startswith("all staff") else found[3])
        when = label.removeprefix("Sickness absence, ")
        self.row = row
        self.say(row, "numerator", found[1], when, place="'Sickness absence'")
        self.say(row, "denominator", found[2], when, place="'Sickness absence'")
        return self.say(row, "figure", figure, when, place="'Sickness absence'")

    def _sickness_row(self, piece: Piece) -> bool:
        if piece.heads != ("Month", "FTE days lost", "FTE days available", "Sickness absence"):
            return False
        for kind, cell in zip(("numerator", "denominator", "figure"), piece.cells[1:], strict=True):
            if re.search(r"\d", cell):
                self.say(self.row, kind, cell, piece.cells[0], place="table of sickness absence")
        return True

    def _ages_title(self, piece: Piece) -> bool:
        if found := re.fullmatch(rf"Sickness absence was ({VALUE}) in ({WHEN})", piece.text):
            return self.say(self.row, "figure", found[1], found[2], place="title of sickness absence")
        if found := re.fullmatch(rf"({VALUE}) of all staff were (.*) in ({WHEN})", piece.text):
            return self._aged(found[2], found[1], found[3], "trust workforce", "title of the age profile")
        return False

    def _aged(self, age: str, shown: str, when: str, population: str, place: str) -> bool:
        # Where everybody's age is known, this is the measure itself.
        return self.say(Row("age group", population, age), "share", shown, when, place=place)

    def _age_row(self, piece: Piece) -> bool:
        if piece.heads[:3] != ("Age", "People", "All staff"):
            return False
        self._aged(piece.cells[0], piece.cells[2], self.start, "trust workforce", "table of the age profile")
        if len(piece.cells) > 3:
            self._aged(piece.cells[0], piece.cells[3], self.start, "support staff", "table of the age profile")
        if piece.cells[0] == "16 to 24":
            self.say(YOUNG, "numerator", piece.cells[1], self.start, place="table of the age profile")
            self.say(YOUNG, "figure", piece.cells[2], self.start, place="table of the age profile")
            self.say(YOUNG_SUPPORT, "figure", "".join(piece.cells[3:]), self.start, place="table of the age profile")
        return True

    def _ages_alt(self, piece: Piece) -> bool:
        if not piece.text.startswith("Bar chart of All staff by age"):
            return False
        for age, share, other in re.findall(
            r"[:;] ([\d a-z]+?) ([\d.]+%)(?: \(Support staff: ([\d.]+%)\))?", piece.text
        ):
            self._aged(age, share, self.start, "trust workforce", "description of the age profile")
            self._aged(age, other, self.start, "support staff", "description of the age profile")
        return True

    def _gap_row(self, piece: Piece) -> bool:
        if piece.heads != ("Measure", "Where a figure would come from"):
            return False
        ref = re.sub(r"^(\S+) \((\w+)\) ", r"\1-\2 ", piece.cells[0])
        row = self.names.find(ref)
        return self.say(row and Row(row.measure), "has a figure", "no", place="'What is not known'", word=True)
