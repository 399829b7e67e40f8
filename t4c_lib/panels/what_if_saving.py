"""What the what-if page keeps: scenarios, an organisation's own figures, and rows of the plan."""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Any

from pydantic import ValidationError

from t4c_lib.errors import SettingError, T4CError, find_named
from t4c_lib.panels.row_saver import RowSaver, row_changes
from t4c_lib.panels.what_if_asked import WhatIfAsked
from t4c_lib.parameters import assumptions
from t4c_lib.parameters.assumption import ENDS, save_own_assumption, wrong_ends
from t4c_lib.periods import Month, today
from t4c_lib.plan.measure_rows import typed_number
from t4c_lib.progress.what_if import OUR_PLAN, proposed_rows, save_scenario
from t4c_lib.quantities import count_of
from t4c_lib.whatif import Scenario

SAVES = {"save", "rename", "archive", "figure", "propose", "assumption"}


class WhatIfSaver:
    """Saves for a panel and says how it went: `refused` why not, `done` what was saved."""

    def __init__(self, panel: WhatIfAsked) -> None:
        self._panel, self._code = panel, panel.organisation.code
        self.refused = self.done = ""
        self.assumption = ""  # the one of all assumptions that the form is about; all are shown once one was chosen

    def answer(self, kind: str, content: Mapping[str, Any]) -> bool:
        """Do what a form of the page asks for; False for what is no form's."""
        self.refused = self.done = ""
        save = getattr(self, f"_{kind}", None) if kind in SAVES else None
        if save is None:
            return False
        try:
            save({name: str(value).strip() for name, value in content.items()})
        except T4CError as error:
            self.refused = f"Not saved. {error.on_page}"
        return True

    def _save(self, given: Mapping[str, str]) -> None:
        """Keep what is set as a scenario of the organisation's own; its months are counted from now again."""
        panel, earlier = self._panel, self._panel.opened.acts_from - 1
        settings = (replace(one, start_month=max(one.start_month - earlier, 1)) for one in panel.scenario.settings)
        needed = {"a name": "name", "a reason": "reason", "your name": "by"}
        missing = [what for what, field in needed.items() if not given.get(field)]
        missing += [] if panel.scenario.settings else ["a lever moved"]
        SettingError.refuse([f"It needs {', '.join(missing)}."] if missing else [])
        name = given["name"]
        made = Scenario(name, given["reason"], tuple(settings), panel.scenario.assumptions, by=given["by"])
        save_scenario(self._code, made)
        panel.show_saved(name)
        self.done = f"Saved: {name}"

    def _rename(self, given: Mapping[str, str]) -> None:
        old, new = given.get("old", ""), given.get("name", "")
        SettingError.refuse([] if new else ["It needs a name."])
        save_scenario(self._code, replace(find_named("scenario", old, self._panel.own), name=new), instead_of=old)
        self._panel.show_saved(new)
        self.done = f"Renamed: {old} is now {new}"

    def _archive(self, given: Mapping[str, str]) -> None:
        """Take a scenario out of those that are offered, or bring it back."""
        old = given.get("old", "")
        known = find_named("scenario", old, self._panel.own)
        kept = replace(known, archived=not known.archived)
        save_scenario(self._code, kept, instead_of=old)
        self._panel.show_saved("" if kept.archived else old)
        self.done = f"Archived: {old}" if kept.archived else f"Offered again: {old}"

    def _assumption(self, given: Mapping[str, str]) -> None:
        self.assumption = assumptions().get(given.get("name", "")).name

    def _figure(self, given: Mapping[str, str]) -> None:
        """Write down the organisation's own figure of an assumption, or without figures take it back."""
        national = assumptions().get(given.get("name", ""))
        typed = {end: given.get(end, "") for end in ENDS}
        if not any(typed.values()):
            save_own_assumption(self._code, national.name, None)
            self._panel.show_saved(self._panel.name)
            self.done = f"{national.label}: the organisation's own figure is taken back"
            return
        missing = [what for what, field in (("a reason", "reason"), ("your name", "by")) if not given.get(field)]
        SettingError.refuse([f"It needs {' and '.join(missing)}."] if missing else [])
        try:
            low, central, high = (typed_number((text or typed["central"]).rstrip("% ")) for text in typed.values())
        except ValueError as error:
            raise SettingError([str(error)]) from None
        problems = wrong_ends(low, central, high, None)
        is_share = national.unit.is_share
        if min(low, central, high) < 0 or max(low, central, high) > (100 if is_share else inf):
            problems.append(f"Figures are 0 or more{', at most 100 per cent' if is_share else ''}.")
        SettingError.refuse(problems)
        scale = national.shown_scale
        ends = {"low": low / scale, "central": central / scale, "high": high / scale}
        said = f"{given['reason']} ({given['by']})"
        month = str(Month.of(today()))
        try:
            own = national.with_values(**ends, source=said, interval=said, date=month, judgement=False, note="")
        except ValidationError as error:
            raise SettingError([str(one["msg"]) for one in error.errors()]) from None
        save_own_assumption(self._code, national.name, own)
        self._panel.show_saved(self._panel.name)
        self.done = f"Saved: {national.label}, the organisation's own figure"

    @property
    def proposals(self) -> list[tuple[str, str]]:
        """What of the scenario the plan would hold: the row, and what changes of it."""
        rows = proposed_rows(self._panel.opened, self._panel.scenario)
        return [(after.wording, row_changes(before, after)) for before, after in rows]

    def _propose(self, given: Mapping[str, str]) -> None:
        """Put what the partners decide of the scenario into the plan, as any other change of its rows."""
        panel = self._panel
        saver, rows = RowSaver(panel.store, self._code), list(proposed_rows(panel.opened, panel.scenario))
        saver.by, saver.side = given.get("by", ""), given.get("side", "")
        revision = panel.store.latest_plan(self._code)
        assert revision is not None  # noqa: S101  (its measures are asked about)
        name = panel.name
        if saver.save(revision, rows, name) is None:
            clash = "Not saved. Somebody changed the same rows meanwhile: look at the forum first."
            self.refused = saver.refused.replace(", at the left", "").replace(" at the left", "") or clash
            return
        panel.show_saved(OUR_PLAN)
        self.done = f"Saved in the plan: {count_of(len(rows), 'rows')}, from {name}"
