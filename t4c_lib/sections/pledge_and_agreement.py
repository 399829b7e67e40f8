"""What the two sides have on record: agreement, pledge and notes."""

from collections.abc import Iterator

import pandas as pd

from t4c_lib.framework import catalogue
from t4c_lib.periods import Day
from t4c_lib.plan import Plan
from t4c_lib.plan.partnership.agreement_status import AgreementState, Slot
from t4c_lib.plan.partnership.authorised_signatories import side_words
from t4c_lib.plan.partnership.partnership_record import PartnershipRecord
from t4c_lib.plan.partnership.pledge import PledgeStatus
from t4c_lib.sections.section import Fact, Section, Sections
from t4c_lib.typed_text import capitalised

COLUMNS = ["Row", "What it is", "Management side", "Staff side", "Why, or what changed"]
NOTE_COLUMNS = ["Intention", "Day", "Kind", "Written by", "What was done or learnt"]


def partnership_sections(plan: Plan | None, record: PartnershipRecord) -> Sections:
    """Agreement and pledge as on record, and under them what was noted; without a plan, a sentence that says so."""
    heading = "Agreement and pledge"
    if plan is None:
        return Sections(Section(heading, ("There is no plan to agree yet.",)))
    rows = _open_rows(plan, record)
    table = pd.DataFrame(rows, columns=COLUMNS) if rows else None
    caption = "Re-opened, not agreed, parked, escalated or agreed by one side only" if rows else ""
    agreement = Section(heading, (record.agreed_sentence,), _facts(record), table=table, table_caption=caption)
    return Sections(agreement, _pledge(record.pledge), *_notes(record))


def _facts(record: PartnershipRecord) -> tuple[Fact, ...]:
    state = "no wording yet" if record.pledge is None else str(record.pledge.state)
    return (
        Fact(f"{record.agreed} of {len(record.standings)}", "actions and measures agreed by both sides"),
        Fact(str(len(record.reopened)), "re-opened", "agreed before, and changed since"),
        Fact(state, "the pledge"),
    )


def _open_rows(plan: Plan, record: PartnershipRecord) -> list[tuple[str, ...]]:
    """The rows of which something is to be said: neither agreed by both sides nor untouched."""
    rows = []
    for row in plan.every_row:
        standing = record.of_row(row).standing
        if standing is None or standing.state is AgreementState.AGREED:
            continue
        if standing.state is AgreementState.PROPOSED and not standing.was_reopened:
            continue
        because = f"{standing.state}: {standing.reason}" if standing.reason else ""
        why = "; ".join(filter(None, (because, *standing.changed)))
        rows.append((row.reference, row.wording_and_group, *map(_decision_text, standing.slots), why))
    return rows


def _decision_text(slot: Slot) -> str:
    if slot.act is None:
        return "not yet"
    before = " before it changed" if slot.changed else ""
    return f"{slot.act.decision}{before}, {slot.act.who}, {Day(slot.act.at.date()).label}"


def _pledge(pledge: PledgeStatus | None) -> Section:
    if pledge is None:
        return Section("The pledge", ("The pledge has no wording yet.",), level=3)
    points = [str(slot) for slot in pledge.agreement.slots]
    points += [str(step) for step in pledge.steps]
    points += [f"{step} (an earlier wording)" for step in pledge.earlier]
    missing = pledge.missing
    still = (f"Before it can be published: {'; '.join(missing)}.",) if missing else ()
    capital = tuple(map(capitalised, points))
    return Section("The pledge", (f"The pledge is {pledge.state}.", *still), points=capital, level=3)


def _notes(record: PartnershipRecord) -> Iterator[Section]:
    lines = [
        (str(one.number), Day(note.on).label, str(note.kind), f"{note.by} ({side_words(note.side)})", note.text)
        for one in catalogue().intentions
        for note in record.of_intention(one.number)
    ]
    if lines:
        table = pd.DataFrame(lines, columns=NOTE_COLUMNS)
        caption = "Notes, reflections and reviews, by intention"
        yield Section("What was done and learnt", (), table=table, table_caption=caption, level=3)
