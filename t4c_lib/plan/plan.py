"""A local plan. It and its rows are frozen: a change makes a new object, and the old one stays what was agreed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, PlainValidator, RootModel

from t4c_lib.errors import InputError, Problem, T4CError, UnknownNameError, find_named, refuse
from t4c_lib.framework import catalogue
from t4c_lib.periods import FinancialYear, Month
from t4c_lib.plan import row_fields
from t4c_lib.plan.action_rows import ActionRow, Actions, Route, Timelines, row_dates, timelines_for
from t4c_lib.plan.measure_rows import MeasureKey, MeasureRow, Measures, Target
from t4c_lib.plan.plan_text import rewritten, rows_rewritten, written
from t4c_lib.plan.row_base import RowKey, digest_of, plain_value
from t4c_lib.plan.row_fields import Effect, Row, Text, each_once, trimmed
from t4c_lib.quantities import number
from t4c_lib.typed_text import AUTHORITY_CODE
from t4c_lib.validation_messages import Faults, in_words, make_model, read_model, read_shipped, refuse_parts, refused
from t4c_lib.yaml_text import RowName, read_yaml


class PlanError(T4CError):
    """Something was asked of a plan that can't be done with it."""


def groups_to_consider() -> tuple[str, ...]:
    """The nine characteristics of the Equality Act 2010, and widening participation, as the framework lists them."""
    return catalogue().by_group.groups


class GroupEffect(Row):
    """What the plan does to one group."""

    #: a characteristic ("disability"), or another group that the partners want to look at ("carers").
    group: row_fields.FilledText
    effect: row_fields.Trimmed[Effect] = Effect.NOT_KNOWN  #: positive, neutral, negative or not known
    evidence: Text = ""  #: what that rests on
    mitigation: Text = ""  #: what is done about it; needed where the effect is negative

    keyed_by = ("group",)

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"equality impact on {self.group}"


class EqualityAssessment(Row):
    """The assessment."""

    by: Text = ""  #: the post that answers for it
    date: row_fields.DayField | None = None  #: when it was made
    #: the groups considered.
    groups: Annotated[tuple[GroupEffect, ...], each_once("group", lambda one: f"'{one.group}'")] = ()
    note: Text = ""  #: whatever else is to be said

    @property
    def not_considered(self) -> tuple[str, ...]:
        """The groups that the framework names and the assessment doesn't."""
        considered = {one.group for one in self.groups}
        return tuple(group for group in groups_to_consider() if group not in considered)


def _years_in_order(years: tuple[Any, ...]) -> tuple[Any, ...]:
    if not years:
        raise refused("a plan is for one financial year at least, such as [2026/27].")
    if list(years) != sorted(set(years)):
        raise refused(f"list the years in order, each once; found {', '.join(map(str, years))}.")
    return years


Years = Annotated[tuple[row_fields.YearField, ...], AfterValidator(_years_in_order)]

# The local authorities that an organisation serves: with whose residents its workforce is compared.
MOST_WEIGHT = 1e9  # more than a country has people


class LocalAuthority(Row):
    """A local authority that an organisation serves. Its residents are whom the workforce is compared with."""

    code: str  #: by which the Office for National Statistics knows it: E06000047
    #: how much it counts against the others, on any scale; None where each counts by its residents.
    weight: float | None = None

    def __str__(self) -> str:
        return self.code if self.weight is None else f"{self.code} (weight {number(self.weight, 6)})"


def _authorities(value: object) -> tuple[LocalAuthority, ...]:
    if isinstance(value, Mapping):
        entries: list[tuple[Any, ...]] = [(code, trimmed(code), weight) for code, weight in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(one.code, one.weight) if isinstance(one, LocalAuthority) else (trimmed(one), None) for one in value]
        entries = [(place, *pair) for place, pair in enumerate(pairs)]
    else:
        words = "a list of codes such as [E06000047], or codes with their weights such as {E06000047: 3}"
        raise refused(f"{words}, belongs here, not {in_words(value)}.")
    refuse_parts(_authority_faults(entries, {}))
    return _by_code(entries)


def _by_code(entries: Iterable[tuple[Any, ...]]) -> tuple[LocalAuthority, ...]:
    """In the order of their codes: in which order somebody wrote them means nothing."""
    return tuple(LocalAuthority(code=code, weight=weight) for code, weight in sorted(entry[1:] for entry in entries))


def _authority_faults(entries: Sequence[tuple[Any, ...]], names: Mapping[str, str]) -> Iterator[tuple[str | int, str]]:
    """The place of each entry (place, code, weight) that can't be, and what is wrong with it."""
    weighted, seen = any(weight is not None for _, _, weight in entries), list[object]()
    for place, code, weight in entries:
        if names and code not in names:
            yield place, str(UnknownNameError("local authority", code, [*names.values(), *names]))
        elif not (isinstance(code, str) and re.fullmatch(AUTHORITY_CODE, code)):
            yield place, f"{in_words(code)} is not the code of a local authority. Write it as E06000047."
        elif code in seen:
            yield place, f"{names.get(code, code)} is given twice. Give each local authority once."
        elif weighted and weight is None:
            called = names.get(code, code)
            yield place, f"{called} has no weight, though others have. Give a weight to all, or to none."
        elif weighted and not (type(weight) in (int, float) and 0 < weight <= MOST_WEIGHT):
            words = f"is a number above 0, up to a billion, not {in_words(weight)}."
            yield place, f"the weight of {names.get(code, code)} {words}"
        seen.append(code)


def served_authorities(typed: Iterable[tuple[str, str]], names: Mapping[str, str]) -> tuple[LocalAuthority, ...]:
    """Local authorities as somebody typed them: code or name of each, capitals ignored, and its weight or nothing.

    Names are of those that are known, by code; where none are, a code is taken as it is. Raises InputError with every
    problem.
    """
    called = {text.casefold(): code for code, name in names.items() for text in (code, name)}
    entries = [("", called.get(text.strip().casefold(), text.strip()), _weight(weight)) for text, weight in typed]
    refuse("local authorities", [Problem("", words) for _, words in _authority_faults(entries, names)])
    return _by_code(entries)


def _weight(text: str) -> object:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return text


LocalAuthorities = Annotated[
    tuple[LocalAuthority, ...], PlainValidator(_authorities, json_schema_input_type=list[str] | dict[str, float])
]

ROW_NAMES = read_shipped(RootModel[dict[str, RowName]], "t4c_lib.plan", "row_names.yaml").root


class OrganisationBlock(Row):
    """What a plan file says of the organisation."""

    code: row_fields.OrganisationCode  #: as in the evidence
    name: row_fields.FilledText  #: as it is to be printed


class PlanContent(Row):
    """What a plan holds, whoever's it is."""

    years: Years  #: financial years the plan is for, in order: [2026/27, 2027/28]
    actions: Actions = ()  #: what is to be done, in the order in which it is shown
    #: what is measured, in that order too; a row for each measure, population and group. Its X may be unset.
    measures: Measures = ()
    timelines: Timelines = ()  #: the framework's dates, carried to the plan's years
    equality: EqualityAssessment | None = None  #: the equality impact assessment
    route: Route = ()  #: where the paper of the plan goes, in order: networks, committees, the Board
    #: those that the organisation serves: a list of codes, each counting by its residents, or codes with their weights.
    local_authorities: LocalAuthorities = ()


class PlanBlock(PlanContent):
    """What a plan file says of the plan."""

    targets: Measures = ()  #: the name that `measures` had in the first plan files; either of the two is read

    def faults(self) -> Faults:
        if self.measures and self.targets:
            yield "targets", "'targets' is the old name of 'measures', and both are here. Move its rows to 'measures'."


class PlanFile(Row):
    """A whole plan file."""

    organisation: OrganisationBlock  #: whose plan
    plan: PlanBlock  #: the plan

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a Plan."""
        content = dict(self.plan)
        old = content.pop("targets")
        whose = {"organisation": self.organisation.code, "organisation_name": self.organisation.name}
        return {**whose, **content, "measures": self.plan.measures or old}


class Plan(PlanContent):
    """What one organisation's partners set out to do."""

    organisation: row_fields.OrganisationCode  #: its code, as in the evidence
    organisation_name: row_fields.FilledText  #: as it is to be printed

    called = ("plan of", "organisation")

    @classmethod
    def suggested(
        cls, organisation: str, name: str, years: Sequence[FinancialYear | str], since: Month | None = None
    ) -> Self:
        """A plan that adopts the framework whole: every action, and every measure with its X unset.

        The framework's dates are carried to the first of the plan's years. One that lies before the month `since` has
        passed, and is left unset. Raises InputError: a code, a name or years that can't be.
        """
        bare = cls.of(organisation=organisation, organisation_name=name, years=tuple(years))
        dates = row_dates(bare.years, since)
        return bare.changed(
            actions=tuple(ActionRow(action=one.key, **dates.get(one.key, {})) for one in catalogue().actions),
            measures=tuple(MeasureRow(measure=one.key, **dates.get(one.key, {})) for one in catalogue().measures),
            timelines=timelines_for(bare.years),
        )

    @classmethod
    def from_yaml(cls, text: str, source: str = "plan") -> "Plan":
        """Read a plan file (`organisation`, `plan`), whole or not at all. Raises InputError: all problems, by line."""
        try:
            return _read(text)
        except InputError as error:
            raise InputError(source, error.problems) from None

    @classmethod
    def from_parameters(cls, organisation: object, plan: object, source: str = "parameters") -> Self:
        """Make one of a plan file's two values, as papermill hands them on. Raises InputError: every problem."""
        return cls(**make_model(PlanFile, {"organisation": organisation, "plan": plan}, source).fields)

    def parameters(self) -> dict[str, Any]:
        """The plan as plain values under `organisation` and `plan`: what a plan file holds."""
        fields = {name: getattr(self, name) for name in PlanContent.model_fields}
        content = {name: plain_value(value) for name, value in fields.items() if value or name == "measures"}
        if self.local_authorities:
            weights = {one.code: one.weight for one in self.local_authorities}
            content["local_authorities"] = list(weights) if None in weights.values() else weights
        return {"organisation": {"code": self.organisation, "name": self.organisation_name}, "plan": content}

    def to_yaml(self, over: str | None = None) -> str:
        """The plan as the text of a plan file; a new one has the framework's words as comments above the rows.

        Over an earlier text of the same plan, its comments and its layout are kept where rows are still there.
        """
        if over is not None:
            before = Plan.from_yaml(over, "the earlier text of the plan")
            if before == self:
                return over
            then, now = before.parameters(), self.parameters()
            for rewrite in (rows_rewritten, rewritten):
                text = rewrite(over, then, now)
                # Comments are worth keeping, but never at the price of the content.
                with suppress(InputError):
                    if text is not None and Plan.from_yaml(text, "the merged plan") == self:
                        return text
        words = {
            name: [(row.reference, row.suggested_words) for row in rows]
            for name, rows in (("actions", self.actions), ("measures", self.measures))
        }
        return written(self.parameters(), words)

    # Rows

    def action(self, name: str) -> ActionRow:
        """The row of an action, by its key or its place in the framework. Raises UnknownNameError."""
        with suppress(UnknownNameError):  # it may be one of the plan's own
            name = catalogue().action(name).key
        return find_named("action in this plan", name, {row.action: row for row in self.actions})

    def measure(self, name: str, population: str | None = None, group: str | None = None) -> MeasureRow:
        """A measure's row, by key or place; of this population and group. Raises UnknownNameError: the closest."""
        with suppress(UnknownNameError):  # it may be one of the plan's own
            name = catalogue().measure(name).key
        for row in self.measures:
            if row.measure == name and population in (None, row.population) and group in (None, row.group):
                return row
        raise UnknownNameError("measure in this plan", name, dict.fromkeys(row.measure for row in self.measures))

    def row_of(self, key: MeasureKey) -> MeasureRow | None:
        """The row of a measure by its key; None if there is none."""
        return next((row for row in self.measures if row.key == key), None)

    def rows(self, name: str) -> tuple[ActionRow | MeasureRow, ...]:
        """The rows that a name stands for, in the order of the plan.

        A row is called by its place ("1m1", "1m4" for all of that bullet) or its key; several together by an intention
        ("3", "intention-3"), its actions or measures ("3a", "3m"), "actions", "measures" or "all". Raises
        UnknownNameError: the plan has none of that name; with the closest places and keys.
        """
        called: dict[str, list[ActionRow | MeasureRow]] = {}
        for row in self.every_row:
            kind, of = row.row_key[0], row.intention_number
            place = row.what.ref if isinstance(row, MeasureRow) else row.reference
            together = ("all", f"{kind}s", f"{of}", f"intention-{of}", f"{of}{kind[0]}")
            for one in {row.reference, row.row_key[1], place, *together}:
                called.setdefault(one, []).append(row)
        if name not in called:
            raise UnknownNameError("row in this plan", name, called)
        return tuple(called[name])

    def with_row(self, row: ActionRow | MeasureRow, instead_of: ActionRow | MeasureRow | None = None) -> Self:
        """The plan with this row, of either kind, in the place of the one of the same key, or at the end.

        It takes the place of another row, although its key differs, as when a group was chosen, where one is given.
        Raises InputError: there is a row of that key besides.
        """
        of, replaced = "measures" if isinstance(row, MeasureRow) else "actions", (instead_of or row).key
        rows = getattr(self, of)
        others = tuple(row if one.key == replaced else one for one in rows)
        return self.changed(**{of: others if any(one.key == replaced for one in rows) else (*rows, row)})

    @property
    def every_row(self) -> tuple[ActionRow | MeasureRow, ...]:
        """Its actions, then its measures: the rows to which the two sides agree one by one."""
        return (*self.actions, *self.measures)

    @property
    def rows_by_key(self) -> dict[RowKey, ActionRow | MeasureRow]:
        """The same, each by its `row_key`."""
        return {row.row_key: row for row in self.every_row}

    def with_rows(self, rows: Iterable[ActionRow | MeasureRow]) -> Self:
        """The plan with these rows, of either kind, in the place of all that it has."""
        every = tuple(rows)
        actions, measures = (tuple(row for row in every if isinstance(row, kind)) for kind in (ActionRow, MeasureRow))
        return self.changed(actions=actions, measures=measures)

    # Targets

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets of the rows whose X is set and that can be reckoned with, in the order of the plan."""
        return tuple(row.target for row in self.measures if row.target is not None)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole document, notes and the order of rows included; comments are not content."""
        return digest_of("plan 2", self.parameters())


@lru_cache(maxsize=128)
def _read(text: str) -> Plan:
    """A plan that stays as it is. Reading a long one takes a while, and a forum asks for the same one all the time."""
    # An alias repeats what stands elsewhere, and would be lost when the plan is written again.
    document = read_yaml(text, "plan", needs=tuple(PlanFile.model_fields), aliases=False, rows=ROW_NAMES)
    return Plan(**read_model(PlanFile, document).fields)
