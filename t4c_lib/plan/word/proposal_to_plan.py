"""An accepted proposal becomes a plan: the trust's own words in the framework's rows, and no word lost."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from t4c_lib.errors import InputError
from t4c_lib.framework import MeasureKind, catalogue
from t4c_lib.html_templates import text_from
from t4c_lib.periods import FinancialYear
from t4c_lib.plan.action_rows import ActionRow, timelines_for
from t4c_lib.plan.measure_rows import MeasureRow
from t4c_lib.plan.measure_validation import LocalMeasure
from t4c_lib.plan.plan import Plan
from t4c_lib.plan.row_fields import RowState
from t4c_lib.plan.word.proposal import Proposal, ProposedRow, RowKind
from t4c_lib.quantities import Change, number

# The blank of the source as trusts leave it standing: "train x number of staff", "X%".
BLANK = re.compile(r"(?<!\w)x(?!\w)", re.IGNORECASE)
LONGEST_KEY = 40
FIRST_PARAGRAPHS = 10  # of a document, which may say whose it is
_SAYS_WHOSE = ("title of the file", "header of the pages", "footer of the pages", "text box")
_EMPLOYER = re.compile(r"\b(?:hospitals?|health(?:care)?|care|university|teaching|community|ambulance|partnership)\b")
_WORD_OF_NAME = r"(?!(?:NHS|T(?:rust|RUST|he)|Our|This|Your|Each|Every|An?)\b)[A-Z][\w’'-]*"
_UNKNOWN_TRUST = re.compile(
    rf"\b({_WORD_OF_NAME}(?:[ ,]+(?:{_WORD_OF_NAME}|and|of|for|on|&))*) NHS (?:{_WORD_OF_NAME} )?T(?:rust|RUST)"
)


def plan_from(
    proposal: Proposal,
    organisation: str,
    name: str,
    years: Sequence[FinancialYear | str],
    *,
    own: Collection[int] = (),
    accepted: Mapping[str, Change] | None = None,
) -> Plan:
    """The plan that a proposal comes to once a person accepted it. An X that was not accepted is kept as a note.

    Rows matched to the framework carry the document's words; rows that match nothing become rows of the organisation's
    own; what the framework has and the document hasn't is left out, with that as the reason. The person takes the rows
    of these numbers (from 1, as `Proposal.to_text` shows them) for rows of their own, and accepts these X's, by the key
    of their measure or action. Raises InputError: a code, a name or years that can't be.
    """
    actions: dict[str, ActionRow] = {}
    measures: dict[str, MeasureRow] = {}
    for place, row in enumerate(proposal.rows, 1):
        of_whom = (row, () if place in own else row.keys, proposal.source)
        if row.kind is RowKind.action and row.intention is not None:
            actions |= {one.action: one for one in _actions(*of_whom, actions, accepted or {})}
        elif row.kind is RowKind.measure and row.intention is not None:
            measures |= {one.measure: one for one in _measures(*of_whom, measures, accepted or {})}
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


def row_numbers(typed: str, count: int) -> set[int]:
    """Rows of a proposal by their numbers, as people type them ("3, 17"). Raises InputError for one without a row."""
    words = typed.replace(",", " ").split()
    if wrong := [word for word in words if not (word.isdecimal() and 1 <= int(word) <= count)]:
        raise InputError.of("rows", f"{', '.join(wrong)}: rows have numbers from 1 to {count}.")
    return {int(word) for word in words}


def accepted_amounts(proposal: Proposal, typed: str, own: Collection[int] = ()) -> dict[str, Change]:
    """The X's that a person accepts, by the key of their measure or action.

    `typed`: numbers as `Proposal.to_text` shows them, with a letter where there are several readings ("1, 4b"); or
    "all", which takes those that have one reading only. `own`: rows that the person takes for rows of their own; their
    X's stay in their words. Raises InputError: a number that no X has, no letter where one is needed, or an X given
    twice.
    """
    offered = {
        f"{number}{letter}": (found.key, reading)
        for number, (row, found) in enumerate(proposal.amounts, 1)
        for letter, reading in zip("abcdef" if found.is_ambiguous else [""], found.readings, strict=False)
        if row not in own
    }
    if typed.strip().casefold() == "all":
        return dict(found for name, found in offered.items() if name.isdigit())
    names = typed.casefold().replace(",", " ").split()
    if wrong := [name for name in names if name not in offered]:
        words = f"there is no such X. Available: {', '.join(offered) or 'none'}."
        raise InputError.of("X's", words, place=", ".join(wrong))
    accepted = dict(offered[name] for name in names)
    if len(accepted) < len(names):
        raise InputError.of("X's", f"{typed}: one of them is given twice.")
    return accepted


def other_organisation(proposal: Proposal, name: str, known: Iterable[str]) -> tuple[str, str] | None:
    """Where a document says that it is another organisation's, and whose; None where it names this one, or none.

    Looked at are the file's title, headers, footers, text boxes, what stands above the table's headings and the first
    paragraphs. Capitals count for nothing, nor whether it is called NHS Trust, NHS Foundation Trust or just Trust.
    The plan is for the organisation of that name; `known` are the names of all organisations.
    """
    own, found = _bare_name(name), dict[str, tuple[str, str]]()
    names = {own: name, **{_bare_name(one): one for one in known}}
    for left in proposal.leftover:
        paragraph = re.fullmatch(r"paragraph (\d+)", left.place)
        is_first = paragraph is not None and int(paragraph[1]) <= FIRST_PARAGRAPHS
        if not (is_first or left.place in _SAYS_WHOSE or left.why == "above the headings"):
            continue
        text = _plain_name(left.text)
        for bare in sorted(names, key=len, reverse=True):
            # "Leeds Teaching Hospitals" is a trust wherever it stands, "Kent" only as "Kent NHS Trust".
            end = "" if _EMPLOYER.search(bare) and " " in bare else r"(?: nhs)?(?: foundation)? trust"
            if bare and (match := re.search(rf"\b{re.escape(bare)}\b{end}", text)):
                found.setdefault(bare, (left.place, names[bare]))
                text = text.replace(match[0], "#")
        for match in _UNKNOWN_TRUST.finditer(" ".join(left.text.split())):
            if (bare := _bare_name(match[1])) and not any(bare.endswith(one) for one in (*found, own)):
                found[bare] = left.place, match[0].strip()
    return None if own in found else next(iter(found.values()), None)


def _plain_name(name: str) -> str:
    return " ".join(re.findall(r"[\w#]+", re.sub(r"['’]", "", name.casefold().replace("&", " and "))))


def _bare_name(name: str) -> str:
    return " ".join(re.sub(r"\b(?:the|nhs|foundation|trust)\b", " ", _plain_name(name)).split())


def document_of(plan: Plan, proposal: Proposal) -> str:
    """The plan as YAML, with every unplaced text of the document as a comment at its end."""
    homeless = [row.text for row in proposal.rows if row.intention is None or row.kind is RowKind.intention]
    texts = dict.fromkeys([*homeless, *(left.text for left in proposal.leftover)])
    unplaced = text_from("plan/word/unplaced.txt.j2", source=proposal.source, texts=texts) if texts else ""
    return plan.to_yaml() + unplaced


def _actions(
    row: ProposedRow, keys: Sequence[str], source: str, taken: Collection[str], accepted: Mapping[str, Change]
) -> Iterator[ActionRow]:
    text = _one_line(row.text)
    free = [key for key in keys if key not in taken]
    for key in free:
        suggestion = catalogue().action(key)
        common = _common(row, source, accepted.get(key))
        if (change := common.pop("change", None)) is not None:
            digits = number(change.amount)
            text = re.sub(rf"(?<!\w)(?:{digits}|{digits.replace(',', '')})(?!\w)", "{x}", text, count=1)
            common["number"] = change.amount
        own_text = BLANK.sub("{x}", text, count=1) if "{x}" in suggestion.text and change is None else text
        if own_text.casefold() != suggestion.text.casefold():
            common |= {"state": RowState.REWORDED, "text": own_text}
        yield ActionRow(action=key, **common)
    if not free:
        own = own_key(text, {*taken, *(action.key for action in catalogue().actions)})
        common = _common(row, source)
        yield ActionRow(action=own, intention=row.intention, state=RowState.ADDED, text=text, **common)


def _measures(
    row: ProposedRow, keys: Sequence[str], source: str, taken: Collection[str], accepted: Mapping[str, Change]
) -> Iterator[MeasureRow]:
    text = _one_line(row.text)
    free = [key for key in keys if key not in taken]
    for key in free:
        common = _common(row, source, accepted.get(key))
        if text.casefold() != catalogue().measure(key).name.casefold():
            common |= {"state": RowState.REWORDED, "name": text}
        yield MeasureRow(measure=key, **common)
    if not free:
        own = own_key(text, {*taken, *(measure.key for measure in catalogue().measures)})
        assert row.intention is not None  # noqa: S101  (rows without one are not placed)
        # What kind of measure it is, a person must say; that something is there to be seen holds for every kind.
        definition = LocalMeasure(intention=row.intention, name=text, kind=MeasureKind.EVIDENCE)
        yield MeasureRow(measure=own, state=RowState.ADDED, definition=definition, **_common(row, source))


def _common(row: ProposedRow, source: str, change: Change | None = None) -> dict[str, Any]:
    """Post, dates, X and note of a row. A note keeps what the timeline and the numbers say in the document's words.

    Where an X was accepted and no column gives its date, the one that its own words name is the date.
    """
    fields: dict[str, Any] = {}
    notes = []
    if row.postholder:
        fields["post"] = _one_line(row.postholder)
    if row.timing is not None:
        notes.append(f"Timeline in {source}: {_one_line(row.timing.text)}.")
        if row.timing.month is not None:
            fields["start" if row.timing.starting else "due"] = row.timing.month
    if change is not None:
        fields["change"] = change
        fields |= {} if row.due is None else {"due": row.due}
    notes += [f"'{one.found}' may mean {one.text}." for one in row.suggestions if change not in one.readings]
    if notes:
        fields["note"] = " ".join(notes)
    return fields


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def own_key(text: str, taken: Collection[str]) -> str:
    """A key made of the first words of a text, with a number where it is taken."""
    words = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    stem = (words[:LONGEST_KEY].rsplit("-", 1)[0] if len(words) > LONGEST_KEY else words) or "own-row"
    return next(key for key in (stem, *(f"{stem}-{place}" for place in range(2, len(taken) + 3))) if key not in taken)
