"""The record of who did what, as the auditor's page and the command line show it."""

from collections.abc import Sequence

import pandas as pd
from pydantic import RootModel

from t4c_lib.html_templates import text_from
from t4c_lib.periods import Day
from t4c_lib.quantities import count_of
from t4c_lib.sections.section import Section, Sections
from t4c_lib.store import Store
from t4c_lib.store.audit import AuditEntry, Verified
from t4c_lib.validation_messages import read_shipped

SHOWN, CHECKED = 200, 2_000  # entries: on the page, and read through whenever it is opened (half a second)
ACTIONS = read_shipped(RootModel[dict[str, str]], __package__, "audit_actions.yaml").root
NOBODY = "not kept (anonymous round)"


def entry_words(one: AuditEntry) -> tuple[str, str, str, str]:
    """When, who, what and where of an entry: "26 May 2026 at 10:42", "Ada Example (ada)", "opened: forum", "RXX"."""
    at = one.at.astimezone()
    who = f"{one.by} ({one.login})" if one.by and one.login else one.by or one.login or NOBODY
    number = f", number {one.number:,}" if one.number else ""
    what = f"{ACTIONS.get(one.action, one.action)}{number}{f': {one.detail}' if one.detail else ''}"
    return f"{Day(at.date()).label} at {at:%H:%M}", who, what, one.organisation or "all"


def verified_words(found: Verified) -> str:
    """Whether the record holds, in a sentence; what does not hold stands beside it."""
    return text_from("sections/audit_verified.txt.j2", found=found, count_of=count_of).rstrip()


def audit_sections(store: Store, organisation: str) -> Sections:
    """The record of an organisation, and of what concerns all; the newest first."""
    found = store.audit.verify(most=CHECKED)
    entry = f"The newest is entry {found.newest.anchor}. Backups and report runs write it down." if found.newest else ""
    holds, fails = ("", verified_words(found)) if found.faults else (verified_words(found), "")
    texts = tuple(filter(None, (holds, entry)))
    opening = Section("Who did what", texts, warning=fails, points=found.faults[:20], level=1)
    of_it = _listed("This organisation", store.audit.entries(organisation=organisation, most=SHOWN))
    return Sections(opening, of_it, _listed("All organisations", store.audit.entries(organisation="", most=SHOWN)))


def _listed(heading: str, entries: Sequence[AuditEntry]) -> Section:
    if not entries:
        return Section(heading, ("Nothing yet.",))
    rows = [entry_words(one)[:3] for one in entries]  # where stands in the heading
    table = pd.DataFrame(rows, columns=["When", "Who", "What"])
    more = (f"The newest {SHOWN} are shown. All: t4c audit show",) if len(entries) == SHOWN else ()
    return Section(heading, more, table=table, table_caption="The newest first")
