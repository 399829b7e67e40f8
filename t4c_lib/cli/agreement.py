"""`t4c agreement`: who agreed to what for which side, row by row; who may speak and sign; the minutes of a meeting."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import Explained, GivenSide, GivenText, check_ending, say, say_each, say_from
from t4c_lib.cli.saving import confirm, store_of
from t4c_lib.disclosure import Audience
from t4c_lib.errors import InputError
from t4c_lib.filesystem import read_text, write_whole
from t4c_lib.periods import Day, today
from t4c_lib.plan import MeasureRow, Plan, Side, check
from t4c_lib.plan.partnership import authorised_signatories as signing
from t4c_lib.plan.partnership import decisions
from t4c_lib.plan.partnership.agreement_status import row_history, rows_to_agree
from t4c_lib.plan.partnership.decisions import PledgeWording
from t4c_lib.plan.partnership.papers import Paper
from t4c_lib.quantities import count_of
from t4c_lib.store import Store
from t4c_lib.typed_text import capitalised

ALL, PLEDGE = "all", "pledge"

app = typer.Typer(help="What the two sides agreed to, row by row.", no_args_is_help=True)


@app.command(cls=Explained)
def show(code: str, row: Annotated[str | None, typer.Argument()] = None) -> None:
    """Show how far the two sides have agreed on each row of the plan."""
    with store_of(code) as (store, known):
        if row is None:
            record = store.partnership(known.code, today())
            say_each(record.standings)
            say(record.agreed_sentence)
            say(record.pledge_sentence)
            return
        acts = store.agreements.acts(known.code)
        for one, _ in _rows(store, known.code, [row]):
            say(one.title)
            say_each(row_history(one, acts), indent="  ")
        if row == PLEDGE:
            say(store.partnership(known.code, today()).pledge_sentence)


@app.command(cls=Explained)
def record(
    code: str,
    rows: Annotated[list[str], typer.Argument(metavar="ROW...")],
    side: GivenSide,
    name: GivenText,
    role: str = "",
    decision: decisions.Decision = decisions.Decision.AGREED,
    because: str = "",
    yes: bool = False,
) -> None:
    """Record a side's decision on one row or several: all of it, or nothing.

    What is to be agreed is listed with its X, and asked about. "all" leaves out what is incomplete, and overturns no
    "not agreed".
    """
    agrees = decision is decisions.Decision.AGREED
    if ALL in rows and not agrees:
        raise InputError.of("command line", f"name the rows that are {decision}, one by one.", place="all")
    with Store.open() as store:
        found = dict.fromkeys(_rows(store, code, [name for name in rows if name != ALL]))
        if ALL in rows:
            found |= dict.fromkeys(_all_rows(store, code, side))
        if agrees:
            latest = store.latest_plan(code)
            record = store.partnership(store.organisation(code).code, today())
            already = {one.subject for one in record.standings if side in one.agreed_by}
            found = {row: None for row in found if decisions.subject_of(row[0]) not in already}
            if not found:
                say(f"Nothing is left there to be agreed for {signing.side_words(side)}.")
                return
            words = _in_words([row for row, _ in found], latest.plan if latest else None)
            _say_list(f"To be agreed for {signing.side_words(side)}", words)
            confirm(f"Record that {name} agrees to that for {signing.side_words(side)}?", yes=yes)
        acts = [
            decisions.Act.on(row, decision, side=side, name=name, role=role, reason=because, revision=revision)
            for row, revision in found
        ]
        recorded = store.agreements.record(code, acts)
        if not agrees:
            say_each(recorded)
            return
        rows_agreed = sum(act.is_of_row for act in recorded)
        what = [count_of(rows_agreed, "rows")] * (rows_agreed > 0) + ["the pledge"] * (rows_agreed < len(recorded))
        say(f"{decisions.said_agreed(recorded[-1].who, ' and '.join(what), side)}.")


def _in_words(rows: Iterable[decisions.Agreeable], plan: Plan | None) -> list[str]:
    """What is to be agreed, a line each, with what is worth checking of an X."""
    doubts: dict[str, str] = {}
    for one in check(plan) if plan else ():
        if one.field == "change" and one.row_key is not None:
            doubts[json.dumps(one.row_key, ensure_ascii=False)] = f" (Mind: {one.message})"
    lines = []
    for row in rows:
        has_x = isinstance(row, MeasureRow) and row.change is not None
        doubt = doubts.get(decisions.subject_of(row), "") if has_x else ""
        words = f"the pledge, wording {row.revision}" if isinstance(row, PledgeWording) else ""
        lines.append(f"{words or decisions.agreed_in_words(decisions.covered_text(row.covered))}{doubt}")
    return lines


def _all_rows(store: Store, code: str, side: Side) -> list[tuple[decisions.Agreeable, int]]:
    """Every row that a side can agree to; those that are left out of it are listed."""
    if (revision := store.latest_plan(store.organisation(code).code)) is None:
        raise _nothing_saved(code, ALL)
    rows = rows_to_agree(revision.plan, store.agreements.acts(code), side)
    _say_list("Left out", [f"{row.title}: {why}" for row, why in rows.left])
    return [(row, revision.revision) for row in rows.ready]


def _say_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"{heading} ({len(lines)}):")
        say_each(lines, indent="  - ")


def _rows(store: Store, code: str, names: Sequence[str]) -> list[tuple[decisions.Agreeable, int]]:
    """The rows of those names, each with the revision it stands in. Raises UnknownNameError for a name of no row."""
    revision = store.latest_plan(store.organisation(code).code)
    wording = store.pledges.latest(code)
    found: list[tuple[decisions.Agreeable, int]] = []
    for name in names:
        if name == PLEDGE and wording is not None:
            found.append((wording, wording.revision))
        elif name != PLEDGE and revision is not None:
            found += [(row, revision.revision) for row in revision.plan.rows(name)]
        else:
            raise _nothing_saved(code, name)
    return found


def _nothing_saved(code: str, name: str) -> InputError:
    how = f"Save its wording first: t4c pledge save {code}" if name == PLEDGE else f"Start a plan: t4c plan new {code}"
    return InputError.of(code, "There is nothing saved yet to agree.", how, place=name)


@app.command(cls=Explained)
def signatories(
    code: str,
    management: list[str] | None = None,
    staff: list[str] | None = None,
    file: Path | None = None,
    confirm: bool = False,
    by: str = "",
    side: Side | None = None,
    role: str = "",
) -> None:
    """Say who may speak and sign for each side; propose another list, or confirm the one that was proposed.

    A list takes effect when both sides have put their name to it: one proposes, the other confirms.
    """
    with store_of(code) as (store, known):
        lists = store.agreements.signatories(known.code)
        new = _new_list(lists, file, [*(management or ())], [*(staff or ())], confirm=confirm)
        if new is not None:
            if side is None or not by.strip():
                needs = "Give --by and --side: a list of signatories is proposed or confirmed for a side."
                raise InputError.of("command line", needs)
            lists = store.agreements.name_signatories(known.code, new, by=by, side=side, role=role)
    say_from("signatories", lists=lists, side_words=signing.side_words)


def _new_list(
    lists: signing.SignatoryLists, file: Path | None, management: list[str], staff: list[str], *, confirm: bool
) -> signing.AuthorisedSignatories | None:
    """The list that the options give, or None where they give none. Raises InputError for two at once."""
    given = [file is not None, bool(management or staff), confirm]
    if sum(given) > 1:
        raise InputError.of("command line", "Give --file, or --management and --staff, or --confirm; one of them.")
    if confirm:
        if lists.proposed is None:
            raise InputError.of("command line", "there is no list waiting to be confirmed.", place="--confirm")
        return lists.proposed.signatories
    if file is not None:
        return signing.AuthorisedSignatories.from_yaml(read_text(file), file.name)
    people = [(Side.management, text) for text in management] + [(Side.staff, text) for text in staff]
    rows = [dict(zip(("name", "role"), signing.name_and_role(text), strict=True), side=side) for side, text in people]
    if not rows:
        return None
    return signing.AuthorisedSignatories.from_parameters({"speakers": rows}, "the list of signatories")


def minutes(
    code: str,
    date: Annotated[str | None, typer.Argument()] = None,
    until: str | None = None,
    present: list[str] | None = None,
    next_meeting: Annotated[str | None, typer.Option("--next")] = None,
    word: Path | None = None,
) -> None:
    """Write what was decided at a meeting, by whom for which side, and what stays open."""
    first = _day(date) or today()
    with store_of(code) as (store, known):
        found = store.minutes(known.code, first, _day(until))
        _write(found._replace(present=tuple(present or ()), next_meeting=_day(next_meeting)).paper, word)
        if not found.decisions:
            days = [Day(one).label for one in store.decision_days(known.code)]
            say(f"\nDays with decisions: {', '.join(days) or 'none yet'}.")


def pre_read(
    code: str,
    date: Annotated[str | None, typer.Argument()] = None,
    since: str | None = None,
    audience: Audience = Audience.PUBLISHED,
    word: Path | None = None,
) -> None:
    """Write what partners read before a meeting: where each intention stands, and what is asked of the meeting."""
    from t4c_lib.sections.meeting import gather_pre_read

    with store_of(code) as (store, organisation):
        last, meets = _day(since), _day(date)
        _write(gather_pre_read(store, organisation, today(), since=last, meets=meets, audience=audience), word)


def _day(typed: str | None) -> dt.date | None:
    return Day.parse(typed).date if typed else None


def _write(paper: Paper, word: Path | None) -> None:
    if word is None:
        say(paper.text.rstrip("\n"))
        return
    from t4c_lib.documents import word_paper

    check_ending(word, "a Word document", ".docx")
    write_whole(word, word_paper(paper))
    say(f"{capitalised(paper.kind)}: {word}")
