"""`t4c demo`: the demonstration trusts."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from t4c_lib.cli.screen import progress, say

if TYPE_CHECKING:
    from t4c_lib.plan import Plan
    from t4c_lib.store import Store

app = typer.Typer(help="The fictional organisations to try the workbook on.", no_args_is_help=True)

BY = "Demonstration"
MADE_UP = "made up, to try the workbook on"
# What people call the rows of the store's tables.
ROWS = {
    "observation": "figures", "source_file": "files of evidence", "plan_revision": "revisions of plans",
    "agreement_act": "decisions on rows", "speakers": "lists of signatories", "forum_round": "rounds",
    "pledge_revision": "wordings of pledges", "pledge_step": "steps of pledges", "progress_note": "notes",
}  # fmt: skip


@app.callback()
def _group() -> None:
    """The fictional organisations to try the workbook on."""


@app.command()
def load() -> None:
    """Add the demonstration organisations' extracts, and where no plan was saved yet their plans and agreements."""
    from ruamel.yaml import YAML

    from t4c_lib.evidence import read_files
    from t4c_lib.plan import Plan
    from t4c_lib.store import Store
    from t4c_lib.store.location import project_root

    folder = project_root() / "data" / "demo"
    if not any((folder / "extracts").glob("*.csv*")):
        say("Making the demonstration's extracts ...")
        subprocess.run([sys.executable, folder / "generate.py"], check=True)  # noqa: S603  (a program of our own)
    extracts = sorted((folder / "extracts").glob("*.csv*"))
    partnerships = YAML(typ="safe").load(folder / "partnership.yaml")
    with progress() as step:
        loaded = read_files(extracts, step)
        with Store.open() as store:
            for result in store.add_evidence(loaded):
                say(str(result))
            for file in sorted((project_root() / "parameters" / "demo").glob("*.yaml")):
                text = file.read_text(encoding="utf-8")
                plan = Plan.from_yaml(text, file.name)
                if store.latest_plan(plan.organisation) is None:
                    _save(store, plan, text, partnerships.get(plan.organisation, {}))


@app.command()
def remove(yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False) -> None:
    """Remove the demonstration organisations with all that was saved of them, before a trust goes live.

    Nothing of other organisations is touched. Written reports and backups stay; delete those by hand.
    """
    from t4c_lib.cli.saving import confirm
    from t4c_lib.store import Store

    with Store.open() as store:
        there = store.demonstrations()
        if not there.organisations:
            say("There is no demonstration organisation here.")
            return
        say("Demonstration organisations that go, with all that was saved of them:")
        for one in there.organisations:
            say(f"  {one.title} ({one.code})")
        say(f"  {', '.join(f'{count:,} {noun}' for name, noun in ROWS.items() if (count := there.rows.get(name)))}")
        confirm("Remove all of this? It can't be undone.", yes=yes)
        store.remove_demonstrations()
    say("Removed.")


def _save(store: Store, plan: Plan, text: str, told: Mapping[str, Any]) -> None:
    """A plan as its partners came to it: as it was agreed, what was agreed and signed, and as it is now."""
    code = plan.organisation
    first = plan
    for name, fields in told.get("before", {}).items():
        first = first.with_measure(first.measure(name).changed(**fields))
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
    say(f"plan of {code}: {revision}")


def _agree(store: Store, plan: Plan, told: Mapping[str, Any]) -> None:
    """The list of signatories, the rows and the pledge, in the order in which partners come to them."""
    from t4c_lib.plan import Side
    from t4c_lib.plan.partnership import Act, PledgeWording, Speakers, rows_to_agree

    code, agreed = plan.organisation, _moment(told["agreed"], 10)
    people = [(side, *map(str.strip, text.split(","))) for side, texts in told["signatories"].items() for text in texts]
    rows = [{"side": side, "name": name, "role": role} for side, name, role in people]
    listed, speaks = Speakers.from_parameters({"speakers": rows}), _speaks(told)
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
    from t4c_lib.plan.partnership import Act

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
