"""Broken plan files: good ones with one slip each, made from a seed. Each must be read, or refused naming the place."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Row
from t4c_lib.errors import InputError
from t4c_lib.plan import Plan
from tests.samples import BROKEN_PLANS

PLANS = Path(__file__).resolve().parents[1] / "parameters" / "demo"
SEED = 2015

Lines = list[str]
Slip = Callable[[Lines, random.Random], Lines | None]


@dataclass(frozen=True)
class Broken:
    """A broken plan file.

    Attributes:
        name: of the slip and of the file it was made in.
        text: the file.
        good: what it was made from.
    """

    name: str
    text: str
    good: str


def broken_plans(how_many: int = BROKEN_PLANS.whole, seed: int = SEED) -> Iterator[Broken]:
    """So many broken files, always the same for a seed; every kind of slip has its turn."""
    chance = random.Random(seed)
    good = [(file.stem, file.read_text(encoding="utf-8")) for file in sorted(PLANS.glob("*.yaml"))]
    made = 0
    turn = 0
    while made < how_many:
        slip = SLIPS[turn % len(SLIPS)]
        turn += 1
        name, text = chance.choice(good)
        lines = slip(text.splitlines(), chance)
        broken = "\n".join(lines) + "\n" if lines is not None else text
        if broken != text:
            made += 1
            yield Broken(f"{slip.__name__} in {name}", broken, text)


def verdict(broken: Broken) -> str:
    """What becomes of a file: "read", "refused with its place", or what is wrong with the answer.

    A file is read whole or not at all: what was read must come back the same from what is written of it.
    """
    try:
        plan = Plan.from_yaml(broken.text, "plan.yaml")
    except InputError as error:
        places = [problem.place for problem in error.problems]
        if all(re.match(r"line \d+", place) for place in places) or "the file is empty" in str(error):
            return "refused with its place"
        return f"refused without a line: {error}"
    except Exception as error:  # noqa: BLE001  (whatever else is raised is what the trial looks for)
        return f"broke off with {type(error).__name__}: {error}"
    return "read" if Plan.from_yaml(plan.to_yaml()) == plan else "read, but not whole"


def trial() -> list[Row]:
    """Judge every broken file."""
    verdicts = [(broken, verdict(broken)) for broken in broken_plans()]
    counts = {word: sum(one == word for _, one in verdicts) for word in ("refused with its place", "read")}
    rest = [f"{broken.name}: {one}" for broken, one in verdicts if one not in counts]
    return [
        Row("broken plan files", str(len(verdicts)), f"seed {SEED}, {len(SLIPS)} kinds of slip"),
        Row("refused, each problem with its line", str(counts["refused with its place"])),
        Row("read all the same", str(counts["read"]), "the slip left a good plan: a word in a note, a row less"),
        Row("anything else", str(len(rest)), "; ".join(rest)[:300] or "none, as it must be"),
    ]


def _pick(lines: Lines, chance: random.Random, pattern: str) -> int | None:
    places = [place for place, line in enumerate(lines) if re.search(pattern, line) and not line.startswith("#")]
    return chance.choice(places) if places else None


def _change(
    lines: Lines, chance: random.Random, pattern: str, to: Sequence[str] | Callable[[str], str]
) -> Lines | None:
    """Replace what the pattern finds in one line of those that have it."""
    place = _pick(lines, chance, pattern)
    if place is None:
        return None
    if callable(to):
        lines[place] = to(lines[place])
    else:
        lines[place] = re.sub(pattern, lambda _found: chance.choice(to), lines[place], count=1)
    return lines


def key_misspelt(lines: Lines, chance: random.Random) -> Lines | None:
    """Two letters of a key change places."""

    def swap(line: str) -> str:
        found = re.search(r"([a-z_]{3,}):", line)
        assert found is not None
        at = chance.randrange(found.start(1), found.end(1) - 1)
        return line[:at] + line[at + 1] + line[at] + line[at + 2 :]

    return _change(lines, chance, r"[a-z_]{3,}:", swap)


def line_dropped(lines: Lines, chance: random.Random) -> Lines:
    """A line is missing."""
    del lines[chance.randrange(len(lines))]
    return lines


def line_doubled(lines: Lines, chance: random.Random) -> Lines:
    """A line stands there twice."""
    place = chance.randrange(len(lines))
    return [*lines[: place + 1], *lines[place:]]


def indentation_broken(lines: Lines, chance: random.Random) -> Lines | None:
    """A line stands further in or out than it should."""
    by = chance.choice(["  ", " ", "\t", "-"])
    return _change(lines, chance, r"^ +\S", lambda line: line[1:] if by == "-" else by + line)


def type_changed(lines: Lines, chance: random.Random) -> Lines | None:
    """Something of another kind stands where a value belongs."""
    return _change(lines, chance, r"(?<=: )[^\[{|>].*$", ["[1, 2]", "{a: 1}", "true", "17", "", "~", "!!set x", "-"])


def date_impossible(lines: Lines, chance: random.Random) -> Lines | None:
    """A date that there is not."""
    dates = ["2027-13", "2027-00", "0000-03", "9999-12", "2026-02-30", "next spring", "03/2027", "2027-3", "27-03"]
    return _change(lines, chance, r"(?<=: )\"?\d{4}-\d{2}(-\d{2})?\"?", dates)


def measure_unknown(lines: Lines, chance: random.Random) -> Lines | None:
    """A measure that the framework doesn't have."""
    return _change(lines, chance, r"(?<=- measure: ).*$", UNKNOWN)


def action_unknown(lines: Lines, chance: random.Random) -> Lines | None:
    """An action that the framework doesn't have."""
    return _change(lines, chance, r"(?<=- action: ).*$", UNKNOWN)


def bare_percentage(lines: Lines, chance: random.Random) -> Lines | None:
    """An amount as people type it."""
    return _change(lines, chance, r"(?<=amount: )-?[\d.]+", ["5%", "'2 points'", "two", "1,5", "5 %", "ten per cent"])


def number_huge(lines: Lines, chance: random.Random) -> Lines | None:
    """A number that nobody means."""
    huge = ["1e400", "9" * 400, "9" * 6000, "-1", ".inf", ".nan", "0x7fffffffffffffff", "1_000", "1e-400", "1710000"]
    return _change(lines, chance, r"(?<=: )\d[\d.]*$", huge)


def control_character(lines: Lines, chance: random.Random) -> Lines:
    """A character that can't be seen."""
    place = chance.randrange(len(lines))
    at = chance.randrange(len(lines[place]) + 1)
    mark = chance.choice(["\x00", "\x07", "\x1b", "\x85", "\ufeff", "\u2028", "\ud800", "\x7f", "\u200b"])
    lines[place] = lines[place][:at] + mark + lines[place][at:]
    return lines


def truncated(lines: Lines, chance: random.Random) -> Lines:
    """The file ends in the middle."""
    text = "\n".join(lines)
    return text[: chance.randrange(1, len(text))].split("\n")


def merged_wrongly(lines: Lines, chance: random.Random) -> Lines:
    """Two versions of a file, with the marks of an unfinished merge."""
    place = chance.randrange(len(lines) - 3)
    return [*lines[:place], "<<<<<<< ours", *lines[place : place + 2], "=======", *lines[place:], ">>>>>>> theirs"]


def files_joined(lines: Lines, chance: random.Random) -> Lines:
    """A file hung on to itself, with or without a mark between."""
    return [*lines, *(["---"] if chance.random() < 0.5 else []), *lines]


def row_moved(lines: Lines, chance: random.Random) -> Lines:
    """A line stands somewhere else."""
    line = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines)), line)
    return lines


def quote_open(lines: Lines, chance: random.Random) -> Lines | None:
    """A quotation mark too many."""
    return _change(lines, chance, r"(?<=: )\S", ['"', "'", "*", "&", "@", "`", "%", "{", "[", "!", "|"])


def kind_misspelt(lines: Lines, chance: random.Random) -> Lines | None:
    """A word that is none of the few that may stand there."""
    words = ["pionts", "percent", "%", "POINTS", "left-out", "finished", "yes", "no", "on hold"]
    return _change(lines, chance, r"(?<=(?:kind|tate|atus|fect): )[a-z ]+", words)


UNKNOWN = ("yung-share", "1m9", "99a1", "turn over", "''", "Young-Share", "sickness absence", "x" * 3000)
SLIPS: tuple[Slip, ...] = (
    *(key_misspelt, line_dropped, line_doubled, indentation_broken, type_changed, date_impossible, measure_unknown),
    *(action_unknown, bare_percentage, number_huge, control_character, truncated, merged_wrongly, files_joined),
    *(row_moved, quote_open, kind_misspelt),
)
