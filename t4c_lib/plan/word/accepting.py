"""An accepted proposal becomes a plan: the trust's own words in the framework's rows, and no word lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.periods import FinancialYear
from t4c_lib.plan.actions import ActionRow
from t4c_lib.plan.local_measures import LocalMeasure
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.model import Plan
from t4c_lib.plan.parts import RowState
from t4c_lib.plan.timelines import timelines_for
from t4c_lib.plan.word.proposal import Proposal, ProposedRow, RowKind

# The blank of the source as trusts leave it standing: "train x number of staff", "X%".
BLANK = re.compile(r"(?<!\w)x(?!\w)", re.IGNORECASE)
LONGEST_KEY = 40


def plan_from(
    proposal: Proposal,
    organisation: str,
    name: str,
    years: Sequence[FinancialYear | str],
    *,
    own: Collection[int] = (),
) -> Plan:
    """The plan that a proposal comes to once a person accepted it. No X is set: numbers are told in notes, not taken.

    Rows matched to the framework carry the document's words; rows that match nothing become rows of the organisation's
    own; what the framework has and the document hasn't is left out, with that as the reason.

    Args:
        proposal: what was read.
        organisation: code.
        name: of the organisation.
        years: that the plan is for.
        own: numbers of rows (from 1, as `Proposal.to_text` shows them) that the person takes for rows of their own.

    Raises:
        InputError: a code, a name or years that can't be.
    """
    actions: dict[str, ActionRow] = {}
    measures: dict[str, MeasureRow] = {}
    for number, row in enumerate(proposal.rows, 1):
        if row.kind is RowKind.intention or row.intention is None:
            continue
        keys = () if number in own else row.keys
        if row.kind is RowKind.action:
            for action in _actions(row, keys, proposal.source, actions):
                actions[action.key] = action
        else:
            for measure in _measures(row, keys, proposal.source, measures):
                measures[measure.measure] = measure
    reason = f"Not in {proposal.source}"
    for known in catalogue().actions:
        actions.setdefault(known.key, ActionRow(action=known.key, state=RowState.LEFT_OUT, reason=reason))
    for measured in catalogue().measures:
        measures.setdefault(measured.key, MeasureRow(measure=measured.key, state=RowState.LEFT_OUT, reason=reason))
    plan = Plan.of(organisation=organisation, organisation_name=name, years=tuple(years))
    return plan.changed(
        actions=tuple(sorted(actions.values(), key=lambda row: row.intention_number)),
        measures=tuple(sorted(measures.values(), key=lambda row: row.intention_number)),
        timelines=timelines_for(plan.years),
    )


def unplaced_text(proposal: Proposal) -> tuple[str, ...]:
    """What stands in no row of the plan: headings, texts beside the table, entries without an intention."""
    homeless = [row.text for row in proposal.rows if row.intention is None or row.kind is RowKind.intention]
    return tuple(dict.fromkeys([*homeless, *(left.text for left in proposal.leftover)]))


def document_of(plan: Plan, proposal: Proposal) -> str:
    """The plan as YAML, with every unplaced text of the document as a comment at its end."""
    lines = [f"# Read from {proposal.source}. What stands there and in no row of this plan:"]
    for text in unplaced_text(proposal):
        first, *others = text.splitlines() or [""]
        lines += [f"#   - {first}", *(f"#     {other}" for other in others)]
    text = plan.to_yaml()
    return text + "\n".join(lines) + "\n" if len(lines) > 1 else text


def _actions(row: ProposedRow, keys: Sequence[str], source: str, taken: Collection[str]) -> Iterator[ActionRow]:
    text = _one_line(row.text)
    common = _common(row, source)
    free = [key for key in keys if key not in taken]
    for key in free:
        suggestion = catalogue().action(key)
        own_text = BLANK.sub("{x}", text, count=1) if "{x}" in suggestion.text else text
        if own_text.casefold() == suggestion.text.casefold():
            yield ActionRow(action=key, **common)
        else:
            yield ActionRow(action=key, state=RowState.REWORDED, text=own_text, **common)
    if not free:
        own = _own_key(text, taken, {action.key for action in catalogue().actions})
        yield ActionRow(action=own, intention=row.intention, state=RowState.ADDED, text=text, **common)


def _measures(row: ProposedRow, keys: Sequence[str], source: str, taken: Collection[str]) -> Iterator[MeasureRow]:
    text = _one_line(row.text)
    common = _common(row, source)
    free = [key for key in keys if key not in taken]
    for key in free:
        if text.casefold() == catalogue().measure(key).name.casefold():
            yield MeasureRow(measure=key, **common)
        else:
            yield MeasureRow(measure=key, state=RowState.REWORDED, name=text, **common)
    if not free:
        own = _own_key(text, taken, {measure.key for measure in catalogue().measures})
        assert row.intention is not None  # noqa: S101  (rows without one are not placed)
        # What kind of measure it is, a person must say; that something is there to be seen holds for every kind.
        definition = LocalMeasure(intention=row.intention, name=text, kind=MeasureKind.EVIDENCE)
        yield MeasureRow(measure=own, state=RowState.ADDED, definition=definition, **common)


def _common(row: ProposedRow, source: str) -> dict[str, Any]:
    """Post, dates and note of a row. A note keeps what the timeline and the numbers say in the document's words."""
    fields: dict[str, Any] = {}
    notes = []
    if row.postholder:
        fields["post"] = _one_line(row.postholder)
    if row.timing is not None:
        notes.append(f"When, in {source}: {_one_line(row.timing.text)}.")
        if row.timing.month is not None:
            fields["start" if row.timing.starting else "due"] = row.timing.month
    notes += [f"'{one.found}' may mean {one.text}." for one in row.suggestions]
    if notes:
        fields["note"] = " ".join(notes)
    return fields


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _own_key(text: str, taken: Collection[str], framework: Collection[str]) -> str:
    """A key made of the first words of a text, with a number where it is taken."""
    words = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    stem = words[:LONGEST_KEY].rsplit("-", 1)[0] if len(words) > LONGEST_KEY else words
    stem = stem or "own-row"
    key, number = stem, 2
    while key in taken or key in framework:
        key, number = f"{stem}-{number}", number + 1
    return key
