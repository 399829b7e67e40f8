"""Reads what the command line prints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tests.one_truth.reading import (
    CHANCE,
    EXPECTED,
    KEPT,
    PLAN,
    REGISTERED,
    VALUE,
    YOUNG,
    YOUNG_SUPPORT,
    Reader,
    figures_in,
)
from tests.one_truth.statements import NUMBER, PERIOD, WHEN, Row, period, plain
from tests.one_truth.surfaces import Piece, joined_rows, line_pieces

OUTCOMES = {"Support staff aged 16 to 24": YOUNG_SUPPORT, "Staff aged 16 to 24": YOUNG}
CERTIFICATE = Row("certificate-in-12-weeks", "clinical support starters")
AT_THE_END = {key: Row(key, "support staff") for key in ("turnover", "staff-on-new-pathways")}
OTHERS = {
    "Turnover of support staff": AT_THE_END["turnover"],
    "Staff using new pathways, part-time and distance learning included": AT_THE_END["staff-on-new-pathways"],
}
NOTHING = "Doing nothing"
TAKES = rf"What it takes: (.*): ({VALUE}) by ({WHEN}), with nothing else done$"


class StatusReader(Reader):
    """Reads `t4c progress status`, with `--chances`, and `t4c progress reminders`."""

    def read_status(self, text: str, *, chances: bool = False) -> None:
        """One listing."""
        self.figures += len(NUMBER.findall(text))
        measures, actions = Counter[str](), Counter[str]()
        for block in _blocks(line_pieces(text)):
            if found := re.match(
                rf"(?:Chances are worked out from the counts of ({WHEN}),|.*\), on ({WHEN}), plan of revision (\d+))",
                block[0].caption,
            ):
                if found[2]:
                    self.say(PLAN, "as on", found[2], place="first line", word=True)
                    self.say(PLAN, "revision number", found[3], place="first line")
                    continue
                self.say(PLAN, "the what-if starts from", found[1], place="last line")
                rests = re.sub(r" \d+ other targets have none; --chances says why\.$", "", block[0].caption.strip())
                self.say(PLAN, "what chances rest on", rests, place="last line", word=True)
                continue
            if block[0].caption.startswith("Agreed by both sides"):
                for line in block:
                    said, place = line.caption.strip(), "last lines"
                    if not self.said_of_agreement(said, place=place) and not self.said_of_pledge(said, place=place):
                        name, _, state = said.partition(": ")
                        self.said_of_row_agreed(self.names.find(name), state, place="last lines")
                continue
            block = [line for line in block if not _is_note(line)]  # noqa: PLW2901  (what was noted is no row)
            rows = joined_rows(block, columns=4)
            for ref, label, word, reason in rows:
                if not label or re.fullmatch(r"\d+\.", ref):
                    continue
                row = self.names.find(f"{ref} {label}")
                place = f"{'--chances, ' if chances else ''}{ref} {label}"
                self._row(row, word, reason, place)
                if row is None:
                    self.unread.append(Piece("line", (ref, label, word, reason)))
                is_action = bool(re.fullmatch(r"\d+a\d+", ref)) or (
                    row is not None and not row.population and ref == "own"
                )
                (actions if is_action else measures)[_word(word)] += 1
        if not chances:
            self.counted_rows(measures, "measures", place="status")
            self.counted_rows(actions, "actions", place="status")

    def _row(self, row: Row | None, word: str, reason: str, place: str) -> None:
        if found := re.search(rf"chance ({CHANCE})$", word):
            self.say(row, "chance", found[1], place=place, word=True)
        elif word == "no chance given":
            self.say(row, "chance", "none", place=place, word=True)
            self.say(row, "why it has no chance", reason, place=place, word=True)
            return
        if status := _word(word):
            self.said_of_status(row, status, place=place)
        if found := re.search(r"by ([\d,]+ days?)", word):
            self.say(row, "days of review overdue" if "held" in reason else "days late", found[1], place=place)
        if reason:
            self.said_of_row(row, reason, place=place)

    def read_reminders(self, text: str) -> None:
        """The list of what is due."""
        lines = line_pieces(text)
        self.figures += len(NUMBER.findall(text))
        overdue = 0
        rows = joined_rows(lines[1:], columns=3, first=2)
        for due, who, what in rows:
            overdue += "overdue" in due
            self.said_of_reminder(due, who, what, place="reminders")
        self.say(PLAN, "reminders overdue", str(overdue), place="reminders, rows counted")
        self.say(PLAN, "reminders to come", str(len(rows) - overdue), place="reminders, rows counted")
        if found := re.search(r": (\d+) reminders?", lines[0].caption):
            self.say(PLAN, "reminders", found[1], place="reminders")
            self.say(PLAN, "reminders", str(len(rows)), place="reminders, rows counted")


def _is_note(line: Piece) -> bool:
    return bool(re.match(rf"  {WHEN}, (?:note|reflection|review) by ", line.caption))


def _word(cell: str) -> str:
    return re.sub(rf" ?(by [\d,]+ days?|chance ({CHANCE})|no chance given)", "", cell)


class WhatIfReader(Reader):
    """Reads `t4c whatif`.

    Attributes:
        outcome: whose share the answer is about.
        kept: what is added to a kind where joiners fill what is vacant, and no more.
        doubt: why no forecast is made; empty if one is.
    """

    outcome: Row = YOUNG_SUPPORT
    kept: str = ""
    doubt: str = ""

    def read_whatif(self, text: str, *, keeps_size: bool = False) -> None:
        """One answer."""
        self.figures += len(NUMBER.findall(text))
        self.kept = KEPT if keeps_size else ""
        for block in _blocks(line_pieces(text)):
            head = block[0].caption.strip()
            if found := re.search(
                rf"\), from the counts of ({WHEN}), (.*?)(?:, with the workforce kept at its size)?$", head
            ):
                self.start = period(found[1])
                self.say(PLAN, "the what-if starts from", found[1], place="first line")
                self.said_of_age(found[1], found[2], place="first line")
                self._doubts(block[1:])
            elif head in OUTCOMES:
                self._scenarios(OUTCOMES[head], [one for one in block[1:] if not one.text.endswith(", at the end")])
            elif (found := re.match(TAKES, head)) and found[1] in OUTCOMES:
                row = OUTCOMES[found[1]]
                self.say(row, "due", period(found[3]), place="what it takes", word=True)
                self._levers(row, found[2], block[1:])
            elif found := re.match(rf"Odds in ({WHEN}), from", head):
                self._odds(found[1], block[1:])
            elif head.startswith("What it starts from"):
                self._starts(block[1:])
            elif head.startswith("Figures that are not the national ones"):
                self._assumptions(block[1:])
            elif found := re.match(r"(\d+) of (\d+) starting numbers stand in", head):
                self.say(PLAN, "starting numbers that stand in", found[1], place="last line")
                self.say(PLAN, "starting numbers", found[2], place="last line")
            else:
                self.unread += [line for line in block if figures_in(line)]

    def _doubts(self, lines: Sequence[Piece]) -> None:
        """Why no forecast is made, and of whose share; nothing follows then."""
        self.doubt = ""
        for line in lines:
            if found := re.match(r"No forecast is made of ([^.]*)\. (.*)$", line.text):
                self.doubt = found[2] if found[1] in OUTCOMES else self.doubt
                row = (OUTCOMES | OTHERS)[found[1]]
                self.say(row, "why there is no forecast", found[2], place="instead of one", word=True)
            elif figures_in(line):
                self.unread.append(line)

    def _scenarios(self, row: Row, lines: Sequence[Piece]) -> None:
        heads = lines[0].cells
        self.outcome = row
        self.say(row, "why there is no forecast", self.doubt, place="below the first line", word=True)
        for line in lines[1:]:
            place = f"scenarios, {line.text}"
            if found := re.match(r"([^:]+): (.*(?:hours needed|possible in).*)", line.text):
                self.say(
                    Row(f"what '{found[1]}' runs into"), found[2].partition(":")[0], found[2], place=place, word=True
                )
                continue
            if len(line.cells) != len(heads) + 1:
                self.unread += [line] if figures_in(line) else []
                continue
            later = (EXPECTED if line.text == NOTHING else f"expected with '{line.text}'") + self.kept
            for head, cell in zip(heads, line.cells[1:], strict=True):
                is_month = bool(re.match(WHEN, head))
                when = head if is_month else self._last(heads)
                kind = "figure" if period(when) == self.start else later
                self.say(row if is_month else AT_THE_END[head], kind, cell, when, place=place)

    @staticmethod
    def _last(heads: Sequence[str]) -> str:
        return [one for one in heads if re.match(WHEN, one)][-1]

    def _levers(self, row: Row, goal: str, lines: Sequence[Piece]) -> None:
        self.say(row, "target", goal, place="what it takes")
        table = [one for one in lines if not re.match(r"(Does not|What ')", one.text)]
        for one in lines:
            if found := re.match(r"(Does not move it, or hardly): (.*)\.$", one.text):
                self.say(row, f"what it takes{self.kept}, {found[1]}", found[2], place="what it takes", word=True)
            elif one not in table and figures_in(one):
                self.unread.append(one)
        rows = joined_rows(table, columns=3, first=1)
        for name, central, likely in rows[1:]:
            label, _, today = name.partition(" (today ")
            place = f"what it takes{self.kept}, {label}"
            if label.startswith("Joiners aged 16 to 24"):
                self.said_of_joiners(row, central, place=place, kept=bool(self.kept))
                self.say(YOUNG, "joiners aged 16 to 24 a year today", today.partition(" a year")[0], place=place)
            self.say(row, f"what it takes{self.kept}: {label}", central, place=place)
            self.say(row, f"what it takes{self.kept}, {rows[0][2]}: {label}", likely, place=place)

    def _odds(self, when: str, lines: Sequence[Piece]) -> None:
        heads = lines[0].cells
        for line in lines[1:]:
            doing = "if nothing changes" if line.text == NOTHING else f"with '{line.text}'"
            for head, cell in zip(heads, line.cells[1:], strict=True):
                kind, is_chance = f"{head} {doing}", head.startswith("chance of ")
                kind = f"chance {doing}" if is_chance else kind
                self.say(self.outcome, kind, cell, when, place=f"odds, {line.text}", word=is_chance)
                if is_chance:
                    self.say(self.outcome, "target", head.removeprefix("chance of "), place="odds")

    def _starts(self, lines: Sequence[Piece]) -> None:
        rows = joined_rows(lines, columns=4, first=3)
        stand_in = [label for mark, label, *_ in rows if mark == "*"]
        self.say(PLAN, "starting numbers that stand in", str(len(stand_in)), place="--rests-on, rows counted")
        names = "; ".join(plain(label) for label in stand_in)
        self.say(PLAN, "which starting numbers stand in", names, place="--rests-on, rows listed", word=True)
        self.say(PLAN, "starting numbers", str(len(rows)), place="--rests-on, rows counted")
        for mark, label, value, source in rows:
            self.said_of_start(label, value, source, stands_in=mark == "*", place="--rests-on")

    def _assumptions(self, lines: Sequence[Piece]) -> None:
        for label, _, text in joined_rows(lines, columns=3, first=2):
            place = "--rests-on, not national"
            value, _, source = text.partition(", ")
            if label.startswith("Newcomers to care who hold the Care Certificate"):
                if found := re.match(rf"([\d,.]+) of ([\d,.]+), ({PERIOD})", source):
                    for kind, shown in (("figure", value), ("numerator", found[1]), ("denominator", found[2])):
                        self.say(CERTIFICATE, kind, shown, found[3], place=place)
            elif found := re.match(r"(\d+) moves? in 12 months", source):
                self.say(REGISTERED, "figure", found[1], self.start, place=place)
            else:
                self.say(Row("assumption"), label, value, place=place)


class EvidenceReader(Reader):
    """Reads `t4c evidence show`."""

    def read_evidence(self, text: str) -> None:
        """Every measure's line."""
        lines = line_pieces(text)
        for line in lines:
            self.read(line, self._measure)
        rows = [line.caption for line in lines if re.match(r"\S+ [a-z0-9-]+: ", line.caption)]
        count = sum(not re.search(r": (?:no figure|newest: \S+ (?:not applicable|missing))$", row) for row in rows)
        self.say(PLAN, "measures of the framework with a figure", str(count), place="rows counted")

    def _measure(self, piece: Piece) -> bool:
        found = re.match(
            r"\S+ (?P<key>[a-z0-9-]+): (?P<value>[^,(]*(?:\d,\d{3})*[^,(]*?)"
            r"(?: \((?P<part>[\d,.]+) of (?P<whole>[\d,.]+)\))?, "
            rf"(?P<when>{WHEN}|\S+?)(?:, (?P<whom>[^,;]+))?(?:, a proxy.*?)?(?:; .*)?$",
            piece.caption,
        )
        if found is None:
            return bool(re.match(r"\s+(from|newer)|\S+ [a-z0-9-]+: no (?:overall )?figure", piece.caption))
        row = Row(found["key"], found["whom"] or "")
        place = f"{found['key']}"
        self.say(row, "figure", found["value"], found["when"], place=place)
        self.say(row, "numerator", found["part"] or "", found["when"], place=place)
        self.say(row, "denominator", found["whole"] or "", found["when"], place=place)
        self.say(row, "newest figure is of", period(found["when"]), place=place, word=True)
        self.say(row, "has a figure", "yes", place=place, word=True)
        return self.say(Row(found["key"]), "has a figure", "yes", place=place, word=True)


class AgreementReader(Reader):
    """Reads `t4c agreement show`, `t4c pledge show` and `t4c minutes` of all days."""

    def read_agreement(self, text: str) -> None:
        """Every row, and the lines of the pledge."""
        for line in line_pieces(text):
            self.read(line, self._sentence, self._row)

    def _sentence(self, piece: Piece) -> bool:
        said = piece.caption.strip()
        agreed = self.said_of_agreement(said, place="last lines")
        return self.said_of_pledge(said, place="pledge") or agreed or bool(re.match(rf"{WHEN}: |\w+ side: ", said))

    def _row(self, piece: Piece) -> bool:
        row = self.names.longest(piece.caption)
        if row is None:
            return False
        what, name = row
        return self.said_of_row_agreed(what, piece.caption[len(name) :].removeprefix(": "), place="agreement")

    def read_minutes(self, text: str) -> None:
        """What was agreed in words, and what is open at the end."""
        heading = ""
        pieces = line_pieces(re.sub(r"\n  (?=\S)", " ", text))
        agreed: list[tuple[Row, str]] = []
        reopened: set[Row] = set()
        for piece in pieces:
            said = piece.caption.strip()
            heading = said if not said.startswith("- ") else heading
            if heading.startswith("Rows agreed") and said.startswith("- "):
                self.figures += figures_in(piece)
                found = self.names.longest(said[2:])
                if found is None:
                    self.unread.append(piece)
                else:
                    agreed.append((found[0], said[2 + len(found[1]) :]))
            elif re.match(r"Rows agreed: \d+ ", said):  # the number is an intention's
                self.figures += figures_in(piece)
            elif listed := re.match(r"- \d+ [^:;]+, not agreed by either side yet: (.*)$", said):
                self.figures += figures_in(piece)
                for name in listed[1].split("; "):
                    self.said_of_row_agreed(self.names.find(name), "not agreed by either side yet", place="open")
            elif heading == "Still open" and said.startswith("- ") and (found := self.names.longest(said[2:])):
                self.figures += figures_in(piece)
                reopened.add(found[0])
                words = re.sub(r"\. Responsible: .*$", "", said[2 + len(found[1]) :])
                self.said_of_row_agreed(found[0], words.removeprefix(": "), place="open")
            else:
                self.read(piece, self._sentence, self._decided)
        for row, x in agreed:
            if row not in reopened:
                self._x(row, x)

    def _decided(self, piece: Piece) -> bool:
        return re.match(r"- \d+ [^:;]+, not agreed by either side yet", piece.caption) is None

    def _x(self, row: Row, text: str) -> None:
        """The X as it was agreed: ": from 4.9% in March 2025 to 5.9% by March 2028 (...) (both sides)"."""
        if found := re.search(r"\((both sides|\w+ side only)\)$", text):
            self.said_of_row_agreed(row, found[1], place="agreed")
        if found := re.match(rf": from ({VALUE}) in ({PERIOD}) to ({VALUE}) by ({WHEN})", text):
            self.say(row, "baseline", found[1], place="agreed")
            self.say(row, "target", found[3], place="agreed")
        if due := re.search(rf"(?:,| to \S+| more| fewer|\)) by ({WHEN})", text):
            self.say(row, "due", period(due[1]), place="agreed", word=True)


_TOGETHER = re.compile(r"\s*- (.*): ((?:\d+ (?:actions?|measures?)(?: and )?)+) \((.*)\)$")


class CheckReader(Reader):
    """Reads `t4c plan check`."""

    def read_check(self, text: str) -> None:
        """Every finding."""
        said, found = Counter[str](), Counter[str]()
        heading = ""
        for line in line_pieces(text):
            if counted := re.match(r"([A-Z][a-z ]+) \((\d+)\):$", line.caption):
                heading = counted[1]
                said[heading] = int(counted[2])
            elif line.caption.startswith("  - "):
                together = _TOGETHER.match(line.caption)
                rows = sum(map(int, re.findall(r"\d+", together[2]))) if together else 0
                found[heading] += rows or max(1, len(re.findall(r"\bintention \d+(?=,|$)", line.caption)))
            self.read(line, self._heading, self._findings, self._finding)
        for name, count in said.items():
            self.say(PLAN, name, str(count), place="heading")
            self.say(PLAN, name, str(found[name]), place="rows counted")

    def _heading(self, piece: Piece) -> bool:
        if found := re.search(r"\), (revision (\d+) by .*)$", piece.caption):
            self.say(PLAN, "revision", found[1], place="first line", word=True)
            return self.say(PLAN, "revision number", found[2], place="first line")
        return bool(re.match(r"[A-Z][a-z ]+ \(\d+\):$", piece.caption))

    def _findings(self, piece: Piece) -> bool:
        """One sentence of several rows: "It was due in September 2026 and is not done: 4 actions (1a3, 1a4, ...)"."""
        found = _TOGETHER.match(piece.caption)
        if found is None:
            return False
        places = found[3].split(", ")
        counted = sum(map(int, re.findall(r"\d+", found[2])))
        # A bullet of which several groups are followed is named once, and stands for as many rows.
        self.say(PLAN, f"rows of '{plain(found[1])}'", str(counted), place="check")
        for place in places:
            self._said(self.names.find(place), plain(found[1]))
        return True

    def _finding(self, piece: Piece) -> bool:
        found = re.match(r"\s*- (.*?), (\w+): (.*)$", piece.caption)
        return found is not None and self._said(self.names.find(found[1]), plain(found[3]))

    def _said(self, row: Row | None, text: str) -> bool:  # noqa: PLR0911  (one return for each kind of finding)
        if due := re.match(rf"it was due in ({WHEN}) and is not done", text):
            return self.say(row, "due", period(due[1]), place="check", word=True)
        if due := re.match(rf"a review was due in ({WHEN})(?:, last held on ({WHEN}))?", text):
            self.say(row, "last held", period(due[2] or ""), place="check", word=True)
            return self.say(row, "review due", period(due[1]), place="check", word=True)
        if newest := re.match(rf".*the evidence has (.*) for ({WHEN})$", text):
            return self.say(row, "figure", newest[1], newest[2], place="check")
        if agreed := re.match(
            r"neither side has|only (\w+ side)|(re-opened): |it is (not agreed|parked|escalated)", text
        ):
            state = f"{agreed[1]} only" if agreed[1] else agreed[2] or agreed[3] or "not yet"
            return self.said_of_row_agreed(row, state, place="check")
        if past := re.match(rf"its due date, ({WHEN}), has passed", text):
            return self.say(row, "due", period(past[1]), place="check", word=True)
        if base := re.match(rf"the evidence has ({VALUE})(?: \([^()]*\))? for {WHEN}, not ({VALUE})(?: \(|$)", text):
            is_gap = row is not None and "diversity" in row.measure
            return self.say(row, "share of the baseline" if is_gap else "baseline", base[2], place="check")
        return text.startswith("no responsible post")


def _blocks(lines: Sequence[Piece]) -> list[list[Piece]]:
    """Lines that stand together."""
    blocks: list[list[Piece]] = []
    for line in lines:
        if blocks and blocks[-1][0].heading is line.heading:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks
