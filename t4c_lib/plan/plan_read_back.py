"""The plan as this workbook writes it in Word and Excel, a row of a table for each row of it, and read back as edits.

A trust's own document is matched to the framework by its words (`proposal`). In one that was written here each entry
has a mark, its place in the framework ("1a2") or a number for rows of the plan's own, so what came back is held against
what went out: only what somebody changed there changes in the plan, and whatever the table has no column for stays.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from t4c_lib.errors import InputError, Problem, refuse
from t4c_lib.periods import today
from t4c_lib.plan.action_rows import ActionRow
from t4c_lib.plan.edits import PlanRow, edited_row
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_base import decimal_text
from t4c_lib.plan.row_fields import RowState
from t4c_lib.plan.word.amounts_and_dates import read_timing
from t4c_lib.plan.word.plan_table import read_word_table
from t4c_lib.plan.word.proposal_to_plan import own_key
from t4c_lib.plan.word.table_entries import Bullet
from t4c_lib.quantities import ChangeKind, Unit, number
from t4c_lib.typed_text import in_short

MADE = "Talent for Care action plan {code}, revision {revision}"  # the file's subject, by which it is known again
X_IS, LEFT_OUT_IS = "X: ", "Left out: "  # what begins the line below an entry's words
_BELOW = re.compile(rf"(.*)(?:\s{X_IS.strip()}|\n(?={LEFT_OUT_IS}))\s*(.*)", re.DOTALL)  # an X also beside the words
_POINTS = re.compile(r"(to [\d.]+) (?:percentage )?points?")  # a gap is left, which is typed as a percentage
# The table's names for what is typed, where they aren't those of the fields themselves.
COLUMNS = {"x": "X", "number": "X", "post": "Responsible post", "text": "Wording", "name": "Wording"}
COLUMNS |= dict.fromkeys(("because", "reason"), LEFT_OUT_IS.rstrip(": "))
COLUMNS |= dict.fromkeys(("start", "due"), "Timeline")
MOST_NAMED = 5  # rows that are not in the file
_PLACE = re.compile(r"\d{1,2}(?:[am]\d{1,2}|-intention)(?:-[a-z]+)?")  # in the framework, as a mark is known in a table
_WHEN = re.compile(r"(?:from (?P<start>.+?))?(?:[, ]*by (?P<due>.+))?", re.IGNORECASE)


class PlanEntry(NamedTuple):
    """A row of the plan as the table has it."""

    mark: str  #: typed before it: "1a2", "1m3-b" for a second group of 1m3, "3." for the third row of the plan's own
    row: PlanRow
    words: str
    x: str = ""  #: as it can be typed, or "Left out: " and why; empty for none
    who: str = ""  #: the responsible post
    when: str = ""  #: "from September 2025 by March 2028"

    @property
    def is_action(self) -> bool:
        return isinstance(self.row, ActionRow)


def entries_of_plan(plan: Plan) -> tuple[PlanEntry, ...]:
    """Every row in the order of the plan; each mark stands once."""
    places, found = Counter[str](), []
    for row in plan.every_row:
        mark = row.place if _PLACE.fullmatch(row.place) else ""
        places[mark] += 1
        if not mark:  # a row of the plan's own
            mark = f"{places[mark]}."
        elif (more := places[mark] - 2) >= 0:  # one of several groups of a measure
            mark = f"{mark}-{'z' * (more // 25)}{'bcdefghijklmnopqrstuvwxyz'[more % 25]}"
        start = f"from {row.start.label}" if row.start else ""
        due = f"by {row.due.label}" if row.due else ""
        found.append(PlanEntry(mark, row, row.wording_and_group, _x_of(row), row.post, f"{start} {due}".strip()))
    return tuple(found)


def _x_of(row: PlanRow) -> str:
    if row.state is RowState.LEFT_OUT:
        return f"{LEFT_OUT_IS}{' '.join(row.reason.split())}"
    if isinstance(row, ActionRow):
        return "" if row.number is None else number(row.number)
    if row.change is None:
        return ""
    if row.change.kind is not ChangeKind.LEVEL:
        return row.change.text
    if row.what.baseline_unit is Unit.COUNT:
        return f"to {decimal_text(row.change.amount)}"
    amount = decimal_text(round(row.change.amount * 100, 6))
    return f"to {amount} percentage point{'s' * (amount != '1')}" if row.is_closer else f"to {amount}%"


class EntryRead(NamedTuple):
    """An entry as the table has it, from whoever's hands."""

    mark: str  #: as `PlanEntry` has it; empty for what somebody added
    place: str  #: where it stands, in the reader's own terms
    intention: int  #: number of the one under which it stands; 0 where that is not known
    is_action: bool
    words: str
    x: str
    who: str
    when: str
    wrong: tuple[Problem, ...] = ()  #: what can't be read of it, each with the name of its column


def plan_read_back(
    came: Iterable[EntryRead], source: str, went: Iterable[EntryRead], before: Plan, now: Plan
) -> tuple[Plan, list[str]]:
    """The plan with what somebody changed in its table, and what a person should know of it.

    `went` are the entries that went out, written from `before`; where those that came back differ they were changed.
    What was changed in the plan since, as it is saved `now`, stays, unless the file changes the same. Raises
    InputError: everything that can't be read or can't be, by its place and the name of the row.
    """
    entries = {one.mark: one.row for one in entries_of_plan(before)}
    gone_out = {one.mark: one for one in went}
    rows = {row.row_key: row for row in now.every_row}
    problems, remarks, added, came_back = list[Problem](), list[str](), list[ActionRow](), set[str]()
    for one in came:
        mark, wrong = one.mark, list(one.wrong)
        try:
            if mark in gone_out and mark in entries:
                came_back.add(mark)
                row = rows.get(entries[mark].row_key)
                values = _changed(gone_out[mark], one, entries[mark], wrong)
                if row is None:
                    remarks.append(f"{mark}: the row was taken out of the plan since.")
                elif values:
                    rows[row.row_key] = edited_row(row, values, today())
                    if row != entries[mark]:
                        remarks.append(f"{mark}: others changed this row since the file was written; look at it twice.")
            elif one.is_action and one.intention and not mark:
                alike = (row for row in rows.values() if row.intention_number == one.intention)
                if one.words.casefold() not in {row.wording.casefold() for row in alike}:  # or it was handed in before
                    taken = {str(key[1]) for key in rows} | {row.action for row in added}
                    added.append(_new_action(one, taken, wrong))
            elif not wrong:
                remarks.append(f"'{one.words}' ({one.place}) is no row of the plan and was not taken.")
        except InputError as error:
            wrong += error.problems
        named = f" of {mark} {entries[mark].wording_and_group}" if mark in entries else ""
        columns = ((at, at.place.rpartition(".")[2]) for at in wrong)
        problems += [Problem(f"{one.place}, {COLUMNS.get(of, of)}{named}", at.message, at.hint) for at, of in columns]
    refuse(source, problems)
    # Words without a letter ("<<") are read as none, so their row has no mark in the table.
    if missing := [mark for mark in gone_out if mark in entries and mark not in came_back]:
        names = in_short([f"{mark} {entries[mark].wording_and_group}" for mark in missing], MOST_NAMED)
        remarks.append(
            f"Missing from the file: {names}. What is deleted there stays in the plan, unchanged. "
            "To leave a row out, open it in the Forum, press 'Leave out…' and give the reason."
        )
    return now.with_rows([*rows.values(), *added]), remarks


def entries_in_word(content: bytes, source: str) -> Iterator[EntryRead]:
    """The entries of a Word document. Raises InputError: it can't be read."""
    for block in read_word_table(content, source).blocks:
        intention = re.match(r"\d{1,2}", block.heading)
        for line in block.rows:
            who, when = (" ".join(" ".join(lines).split()) for lines in (line.postholders, line.timeline))
            for bullets in (line.actions, line.measures):
                for bullet in _with_their_x(bullets):
                    below = _BELOW.fullmatch(bullet.text)
                    words, x = (" ".join(one.split()) for one in (below.groups() if below else (bullet.text, "")))
                    number, is_action = int(intention[0]) if intention else 0, bullets is line.actions
                    yield EntryRead(bullet.mark, bullet.place, number, is_action, words, x, who, when)


def _with_their_x(bullets: Iterable[Bullet]) -> list[Bullet]:
    """An X in a paragraph of its own, or why a row is left out, is that of the entry above it."""
    found: list[Bullet] = []
    for one in bullets:
        if found and not one.mark and one.text.startswith((X_IS.strip(), LEFT_OUT_IS)):
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{one.text}")
        else:
            found.append(one)
    return found


def _changed(before: EntryRead, now: EntryRead, row: PlanRow, wrong: list[Problem]) -> dict[str, str]:
    """What differs from what went out, as fields that are typed; a date that can't be read is added to the wrong."""
    values = {}
    if now.words != before.words:
        said, group = now.words, "" if isinstance(row, ActionRow) else row.group
        said = said.removesuffix(f" ({group})") if group else said
        if isinstance(row, ActionRow) and row.number is not None:
            said = re.sub(rf"(?<!\w){re.escape(number(row.number))}(?!\w)", "{x}", said, count=1)
        values["text" if before.is_action else "name"] = said
    if now.x != before.x and re.fullmatch(r"0?\.\d+", now.x):
        is_count = isinstance(row, ActionRow) or row.what.baseline_unit is Unit.COUNT
        hint = f"Write it as text, such as {'12 more or to 60' if is_count else f'to {float(now.x):.1%}'}."
        wrong.append(Problem("X", f"{now.x} is what Excel keeps of a percentage.", hint))
    elif now.x != before.x:
        if now.x.startswith(LEFT_OUT_IS):
            values |= {"state": str(RowState.LEFT_OUT), "because": now.x.removeprefix(LEFT_OUT_IS)}
        elif row.state is RowState.LEFT_OUT:
            wrong.append(Problem("because", "The row is left out.", "To take it up again, open it in the Forum."))
        elif is_gap := isinstance(row, MeasureRow) and row.is_closer and _POINTS.fullmatch(now.x):
            values["x"] = f"{is_gap[1]}%"
        else:
            values["number" if before.is_action else "x"] = now.x
    if now.who != before.who:
        values |= {"post": now.who, "holder": ""}  # whoever held the post before need not hold this one
    return values | (_dates(now.when, wrong) if now.when != before.when else {})


def _dates(when: str, wrong: list[Problem]) -> dict[str, str]:
    """The fields `start` and `due`, as "2026-09", empty for none; a date alone is `due`. What is no date is wrong."""
    said = _WHEN.fullmatch(when)
    texts = {"due": when} if said is None else said.groupdict(default="")
    found = {name: read_timing(text) for name, text in texts.items()}
    if any(one is not None and len(one.months) != 1 for one in found.values()):
        hint = "Write it as 'from September 2026 by March 2028', or one of the two."
        wrong.append(Problem("Timeline", f"'{when}' can't be read as a date.", hint))
        return {}
    return {name: str(one.month) if one is not None else "" for name, one in found.items()}


def _new_action(one: EntryRead, taken: set[str], wrong: list[Problem]) -> ActionRow:
    dates = {name: month for name, month in _dates(one.when, wrong).items() if month}
    fields = {"action": own_key(one.words, taken), "intention": one.intention, "state": RowState.ADDED}
    return ActionRow.of(**fields, text=one.words, post=one.who, **dates)
