"""Saves the demonstration's plans, and what their partners agreed, signed and noted: `t4c demo load` runs it.

partnership.yaml says what; every step goes through the checks that hold for everybody. Plans that are there are left.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from t4c_lib.plan import Plan, Side
from t4c_lib.plan.partnership.agreement_status import rows_to_agree
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.plan.partnership.decisions import Act
from t4c_lib.plan.partnership.pledge import PledgeWording
from t4c_lib.store import Store

HERE = Path(__file__).resolve().parent
BY = "Demonstration"
MADE_UP = "made up, to try the workbook on"


def main() -> None:
    """Save what isn't there yet into the store that is meant, and say so."""
    partnerships = YAML(typ="safe").load(HERE / "partnership.yaml")
    with Store.open() as store:
        for file in sorted((HERE.parents[1] / "parameters" / "demo").glob("*.yaml")):
            text = file.read_text(encoding="utf-8")
            plan = Plan.from_yaml(text, file.name)
            if store.latest_plan(plan.organisation) is None:
                _save(store, plan, text, partnerships.get(plan.organisation, {}))


def _save(store: Store, plan: Plan, text: str, told: Mapping[str, Any]) -> None:
    """A plan as its partners came to it: as it was agreed, what was agreed and signed, and as it is now."""
    code = plan.organisation
    first = plan
    for name, fields in told.get("before", {}).items():
        first = first.with_row(first.measure(name).changed(**fields))
    saved = _moment(told.get("saved"), 9)
    document = text if first == plan else None
    revision = store.save_plan(first, by=BY, side="both", note=MADE_UP, document=document, at=saved)
    if told:
        _agree(store, first, told)
    if first != plan:
        later = told["changed"]
        revision = store.save_plan(
            plan,
            by=later["by"],
            side="both",
            note=later["note"],
            document=text,
            parent_revision=revision.revision,
            at=_moment(later["on"], 9),
        )
    _say_again(store, plan, told)
    for note in told.get("notes", ()):
        at = _moment(note["on"], 16)
        store.progress_notes.add(
            code, note["about"], note["text"], by=note["by"], side=note["side"], kind=note["kind"], at=at
        )
    sys.stdout.write(f"plan of {code}: {revision}\n")


def _agree(store: Store, plan: Plan, told: Mapping[str, Any]) -> None:
    """The list of signatories, the rows and the pledge, in the order in which partners come to them."""
    code, agreed = plan.organisation, _moment(told["agreed"], 10)
    people = [(side, *map(str.strip, text.split(","))) for side, texts in told["signatories"].items() for text in texts]
    rows = [{"side": side, "name": name, "role": role} for side, name, role in people]
    listed, speaks = AuthorisedSignatories.from_parameters({"speakers": rows}), _speaks(told)
    for side, name in speaks.items():
        store.agreements.name_signatories(code, listed, by=name, side=side, at=_moment(told["saved"], 11))
    wanted = told.get("intentions", range(1, 11))
    for side, name in speaks.items():
        ready = [row for row in rows_to_agree(plan, (), Side(side)).ready if row.intention_number in wanted]
        store.agreements.record(code, [Act.on(row, "agreed", side=side, name=name, at=agreed) for row in ready])
    if "signed" not in told:
        return
    suggested = PledgeWording.suggested(code, plan.organisation_name)
    wording = store.pledges.save(suggested, by=speaks["management"], side="both", at=_moment(told["agreed"], 11))
    for side, name in speaks.items():
        store.agreements.record(
            code, [Act.on(wording, "agreed", side=side, name=name, at=_moment(told["agreed"], 12), revision=1)]
        )
    for step, details in _steps(told):
        day = details.pop("on")
        store.pledges.record(code, step, by=BY, date=day, at=_moment(day, 15), **details)


def _steps(told: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if "board" in told:
        yield "board-approved", dict(told["board"])
    for signature in told["signed"]:
        yield "signed", dict(signature)
    if "published" in told:
        yield "published", dict(told["published"])


def _say_again(store: Store, plan: Plan, told: Mapping[str, Any]) -> None:
    """What one side has said since of single rows."""
    speaks = _speaks(told)
    for said in told.get("again", ()):
        act = Act.on(
            plan.rows(said["row"])[0],
            said["decision"],
            side=said["side"],
            name=speaks[said["side"]],
            reason=said.get("reason", ""),
            at=_moment(said["on"], 12),
        )
        store.agreements.record(plan.organisation, [act])


def _speaks(told: Mapping[str, Any]) -> dict[str, str]:
    """Who speaks for each side: the first that is listed."""
    return {side: texts[0].split(",")[0].strip() for side, texts in told.get("signatories", {}).items()}


def _moment(day: dt.date | None, hour: int) -> dt.datetime | None:
    """A day of the demonstration's story as a moment; None, which is now, where nothing is said."""
    return None if day is None else dt.datetime.combine(day, dt.time(hour), dt.UTC)


if __name__ == "__main__":
    main()
