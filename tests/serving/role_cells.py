"""What the guide allows each role, and what people do on pages, as messages that browsers send."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from t4c_lib.plan import Side
from t4c_lib.plan.partnership.agreement_status import rows_to_agree
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import PledgeWording
from t4c_lib.sections.row_view import row_id
from t4c_lib.store import Store
from t4c_lib.store.audit import AuditEntry
from tests.browser.conftest import SICKNESS_ALONE
from tests.signed import LOGINS, everybody

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "whole-organisation.md"
EVERY_PAGE = ("home", "forum", "what_if", "board", "work_experience", "compare", "audit")
# The guide's words, and what the log of changes calls the same.
IN_GUIDE = {
    "plan": "plan",
    "rounds (opening, closing, settling)": "round",
    "their X in a round": "entry",
    "pledge": "pledge",
    "notes": "note",
    "work experience": "programme",
    "evidence": "evidence",
    "what-if scenarios": "scenario",
    "own figures of the model": "assumption",
    "agreement": "agreement",
    "signatories": "speakers",
    "the list of people": "people",
    "restoring": "restore",
}
# How somebody is told that they may not save it.
IN_WORDS = {
    "plan": "the plan",
    "round": "rounds (opening, closing, settling)",
    "entry": "your own X in a round",
    "pledge": "the pledge",
    "programme": "work experience records",
    "evidence": "figures",
    "scenario": "what-if scenarios",
    "assumption": "the organisation's own figures of the model",
    "agreement": "agreements",
    "speakers": "signatories",
}


class Allowed(NamedTuple):
    """What the guide's table says of a role."""

    saves: frozenset[str]
    sides: frozenset[str]
    pages: frozenset[str]


def table_of_the_guide() -> dict[str, Allowed]:
    """By role; a word that is not known fails here."""
    found: dict[str, Allowed] = {}
    sides = {"both sides together": "both", "their own side": "own"}
    for line in GUIDE.read_text(encoding="utf-8").splitlines():
        cells = [one.strip() for one in line.strip("| ").split("|")]
        if len(cells) != 4 or cells[0] not in LOGINS:
            continue
        role, saves, speaks, pages = cells
        kinds: set[str] = set()
        for one in re.split(r", (?![^(]*\))", saves):
            words = one.removeprefix("and ")
            kinds |= found["partner"].saves if words == "as a partner" else set()
            kinds |= {IN_GUIDE[words]} if words not in {"as a partner", "nothing"} else set()
        named = {one.strip().casefold().replace(" ", "_") for one in pages.split(",")}
        opens = set(EVERY_PAGE) - {"audit"} if pages == "all but Audit" else named
        assert opens <= set(EVERY_PAGE), pages
        says = frozenset({sides[speaks]} if speaks != "nobody" else ())
        found[role] = Allowed(frozenset(kinds), says, frozenset(opens))
    return found


TABLE = table_of_the_guide()


class Action(NamedTuple):
    """A kind of thing that is done on a page."""

    saves: str  #: what the log of changes calls it
    page: str
    messages: Callable[[Mapping[str, Any]], list[dict[str, Any]]]  #: to the page's main widget, of what is said below


CODE = "DEMO-AC"
YOUNG, PARTNERS, TURNOVER, LOCAL = (
    f"measure-{one}"
    for one in (
        "young-share-trust-workforce",
        "pre-employment-partners",
        "turnover-support-staff",
        "local-applications-applicants-for-support-roles",
    )
)
FIGURE = "young-share-all-staff"  # an assumption of the model
LISTED = "\n".join(LOGINS[one] for one in LOGINS)  # as staff's, so that it is the role alone that refuses
MANAGEMENT = "Fern Example, Head of Widening Participation"


def _on(row: str, *messages: dict[str, Any], number: int = 1) -> list[dict[str, Any]]:
    """These on a row that is opened first."""
    return [{"kind": "intention", "number": str(number)}, {"kind": "open", "row": row}, *messages]


# Of each: `role`, `name` and `side` of whoever acts, `rows` of the plan by role, `agreed` (a row and its intention).
ACTIONS: dict[str, Action] = {
    "save a row of the plan": Action(
        "plan",
        "forum",
        lambda of: _on(
            of["row"][0],
            {"kind": "save", "row": of["row"][0], "values": {"post": f"Head of {of['role']}"}},
            number=of["row"][1],
        ),
    ),
    "enter an X in a round": Action(
        "entry",
        "forum",
        lambda of: _on(
            YOUNG,
            {
                "kind": "round-entry",
                "entry_name": of["name"],
                "for": "staff",
                "entry_amount": "7",
                "entry_kind": "level",
            },
            {"kind": "round-confirm"},
        ),
    ),
    "settle a round": Action(
        "round", "forum", lambda _: _on(PARTNERS, {"kind": "settle-round", "entry_amount": "5", "entry_kind": "level"})
    ),
    # Rows on which nothing else stands in the way: what a facilitator has opened or closed is no row for the others.
    "open a round": Action(
        "round",
        "forum",
        lambda of: _on(
            TURNOVER if of["role"] == "facilitator" else PARTNERS,
            {"kind": "open-round", "named": "yes", "facilitator": of["name"]},
        ),
    ),
    "close a round": Action(
        "round",
        "forum",
        lambda of: (
            _on(LOCAL, {"kind": "close-round"}, number=2)
            if of["role"] == "facilitator"
            else _on(YOUNG, {"kind": "close-round"})
        ),
    ),
    "record an agreement": Action(
        "agreement",
        "forum",
        lambda of: [
            {"kind": "intention", "number": str(of["agreed"][1])},
            {"kind": "agree", "row": of["agreed"][0], "for": "staff", "speaker-staff": of["name"]},
        ],
    ),
    "word the pledge": Action(
        "pledge", "forum", lambda of: [{"kind": "wording", "wording": f"What the {of['role']} would pledge."}]
    ),
    "put signatories forward": Action(
        "speakers",
        "forum",
        lambda of: [
            {
                "kind": "signatories",
                "for": "staff",
                "speaker-staff": of["name"],
                "list-management": MANAGEMENT,
                "list-staff": f"{LISTED}\nNew Person, {of['role']}",
            }
        ],
    ),
    "add figures": Action(
        "evidence",
        "home",
        lambda of: [
            {
                "act": "figures",
                "name": "nhs_sickness_absence_2024-04.csv",
                "file": SICKNESS_ALONE.replace("ZZ9,Yonder", f"ZZ{len(of['role']) % 10},Yonder").encode(),
            }
        ],
    ),
    "save a scenario": Action(
        "scenario",
        "what_if",
        lambda of: [{"kind": "save", "name": f"Of the {of['role']}", "reason": "To try", "by": of["name"]}],
    ),
    "save a figure of the model": Action(
        "assumption",
        "what_if",
        lambda of: [
            {"kind": "figure", "name": FIGURE, "central": f"{5 + len(of['role'])}", "reason": "Ours", "by": of["name"]}
        ],
    ),
    "add a work experience record": Action(
        "programme",
        "work_experience",
        lambda of: [
            {
                "act": "save",
                "kind": "partner",
                "form": "add-partner",
                "by": of["name"],
                "values": {"name": f"College of the {of['role']}"},
            }
        ],
    ),
}
# What is sent first, so that what a page said before stands on it no more.
RESET: dict[str, list[dict[str, Any]]] = {
    "forum": [{"kind": "close"}, {"kind": "pledge-word"}],
    "home": [{"act": "drop"}],
    "work_experience": [{"act": "tab", "tab": "register"}],
    "what_if": [{"kind": "assumption", "name": FIGURE}],
}


def query(page: str) -> str:
    """The address of a page, after its name."""
    return f"?organisation={CODE}{'&scenario=Open+the+doors' if page == 'what_if' else ''}"


def prepared(demonstration: Path, folder: Path) -> Path:
    """A store with rounds in every state, everybody a signatory of staff side by name, and then the list of people."""
    file = Path(shutil.copy(demonstration, folder / "store.sqlite"))
    with Store.open(file) as store:
        listed = [{"side": "staff", "name": name} for name in LOGINS.values()]
        fern = dict(zip(("name", "role"), MANAGEMENT.split(", "), strict=True))
        everyone = {"speakers": [{"side": "management", **fern}, *listed]}
        current = store.agreements.signatories(CODE).now.speakers
        wanted = AuthorisedSignatories.from_parameters(everyone)
        for side in ("management", "staff"):  # by those who speak now
            one = next(one for one in current if one.side == side)
            store.agreements.name_signatories(CODE, wanted, by=one.name, side=side, role=one.role)
        for key in ("young-share", "pre-employment-partners", "local-applications"):
            store.rounds.open(CODE, key, by="Fern Example", named=True)
        for number in range(4):
            store.rounds.enter(CODE, 2, partner=f"Partner {number}", side=Side.staff, change="to 5")
        store.rounds.close(CODE, 2, by="Fern Example")
        store.pledges.save(PledgeWording.suggested(CODE, "Example"), by="Fern Example", side="both")
        store.set_people(everybody(), "people.yaml")
    return file


def said_of(store: Store, role: str) -> dict[str, Any]:
    """What the messages of somebody of a role are made of."""
    revision = store.latest_plan(CODE)
    assert revision is not None
    mine = revision.plan.actions[list(LOGINS).index(role)]  # nobody else's, so that nothing is in the way
    ready = rows_to_agree(revision.plan, store.agreements.acts(CODE), Side.staff).ready
    return {
        "role": role,
        "name": LOGINS[role],
        "side": "both" if role == "facilitator" else "staff",
        "row": (row_id(mine.row_key), mine.intention_number),
        "agreed": (row_id(ready[0].row_key), ready[0].intention_number),
    }


def what_is_kept(file: Path, own: Path) -> tuple[dict[str, int], dict[str, str], tuple[AuditEntry, ...]]:
    """How many rows there are, what the files of scenarios and figures say, and what was saved by the record."""
    with Store.open(file) as store:
        entries = tuple(one for one in store.audit.entries(most=1_000) if one.action not in {"opened", "exported"})
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        tables = [one for one in sa.inspect(connection).get_table_names() if one != "audit_entry"]
        rows = {one: connection.scalar(sa.text(f'SELECT count(*) FROM "{one}"')) or 0 for one in tables}
    engine.dispose()
    files = {one.name: one.read_text(encoding="utf-8") for one in sorted(own.rglob("*")) if one.is_file()}
    return rows, files, entries


def words_on(widgets: Mapping[str, Mapping[str, Any]]) -> str:
    """All that stands on a page, as it is read."""
    texts = [str(state.get(one, "")) for state in widgets.values() for one in ("element", "said", "value")]
    return re.sub(r"\s+", " ", " ".join(texts).replace("&#39;", "'").replace("&#34;", '"'))


def cells() -> Iterator[tuple[str, str]]:
    """Every role and action: those of one page after the other, so that a role has one kernel for each."""
    for role in LOGINS:
        for name in sorted(ACTIONS, key=lambda one: EVERY_PAGE.index(ACTIONS[one].page)):
            yield role, name
