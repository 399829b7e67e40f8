"""The evaluation, counted: from planned to completed, what became of those who completed, and what they said.

Everything is a sum of one table of counts, by year, programme and group. So what is kept when people are forgotten is
that table, and every figure stays what it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from t4c_lib.disclosure.published import publish
from t4c_lib.disclosure.suppression_policy import policy
from t4c_lib.evidence.observations import ALL, State
from t4c_lib.programme.records import record_kind
from t4c_lib.programme.register import AT_END, TOTALS, Register, months_after

NHS = ("NHS job", "NHS apprenticeship", "course leading to an NHS role")
ELSEWHERE, VOLUNTEERING, NOT_KNOWN = ("other work", "college or university"), "NHS volunteering", "not known"
HOW_FAR = {"interested": 1, "decided to apply": 2, "applied": 3, "offered": 4, "started": 5, "completed": 6, "left": 5}
BY_SIX_MONTHS = (AT_END, "3 months", "6 months")
YOUNG = ("under 16", "16 to 18", "19 to 24")
LOCAL = "local"
STAGE_COUNTS = ("planned", "offered", "hosted", "completed")
# What became of those who completed and whose six months are over: the first three are one within the other, and the
# first adds up with the last four to all of them.
OUTCOME_COUNTS = ("applied", "offer", "started", "elsewhere", "volunteering", "none", "unknown")
SAID_COUNTS = ("asked", "wants", "rated", "rating")  # `rating`: the ratings added up
OTHERS = "others"
COUNTS = (*STAGE_COUNTS, *OUTCOME_COUNTS, *SAID_COUNTS, "followed", "choosing", "over")  # `over`: see `is_over`
KEYS = ["year", "programme", "dimension", "group"]
DIMENSIONS = (
    *("partner", "setting", "course", "target_group", "age", "before", "area", "role"),
    *("sex", "ethnicity", "disability", "religion", "orientation"),
)
# What the programmes of records.yaml count as. One that an organisation adds counts as work experience.
NO_WORK_EXPERIENCE = ("Volunteering",)
PRE_EMPLOYMENT = "Pre-employment course"
_COMPLETED = len(KEYS) + COUNTS.index("completed")
HOSTED = 3  # the place of that stage, see `Register.placements`


def as_in_plan(placements: pd.DataFrame) -> "pd.Series[bool]":
    """Which placements the plan's measure of work experience counts."""
    return ~placements["programme"].isin(NO_WORK_EXPERIENCE)


def tally_of(register: Register, dimensions: Sequence[str] = DIMENSIONS) -> pd.DataFrame:
    """Counts of placements: columns KEYS, then COUNTS as whole numbers; a row for each group in which there is one.

    `dimension` "all" holds everybody, the others those of whom the register says something, by the name of a partner,
    setting or course and by what was entered else. People who were forgotten are among them, by all dimensions.
    """
    people = _people(register)
    each = people[["year", "programme", *COUNTS]]
    parts = [each.assign(dimension=ALL, group=ALL)]
    for name in dimensions:
        groups = (known := people.loc[people[name] != "", name]).map(register.names.get).fillna(known)
        parts.append(each.loc[groups.index].assign(dimension=name, group=groups))
    counted = pd.concat(parts, ignore_index=True).groupby(KEYS, sort=False)[[*COUNTS]].sum().reset_index()
    both = pd.concat([kept, counted], ignore_index=True) if len(kept := _forgotten(register)) else counted
    return both.groupby(KEYS, sort=True)[[*COUNTS]].sum().astype(int).reset_index()


def _forgotten(register: Register) -> pd.DataFrame:
    """What people who were forgotten add to the counts, laid out likewise."""
    # Rows that were kept before there was `over` end in what it is of them: all who completed.
    every = (row for one in register.of(TOTALS) for row in one.content["rows"])
    kept = [[*row, row[_COMPLETED]][: len(KEYS) + len(COUNTS)] for row in every]
    return pd.DataFrame(kept, columns=[*KEYS, *COUNTS])


def _people(register: Register) -> pd.DataFrame:
    """A row for each placement, with 1 or 0 in each of COUNTS, and the columns by which they are grouped."""
    people = register.placements
    reached, became = people["reached"], _became(register)
    made = {stage: reached >= place for place, stage in enumerate(STAGE_COUNTS, 1)}
    ended = made["over"] = made["completed"] & is_over(register)
    far = became["far"]
    states = became["state"].where(far < HOW_FAR["applied"], "applied")
    made |= {"applied": ended & (far >= HOW_FAR["applied"]), "offer": ended & (far >= HOW_FAR["offered"])}
    made |= {"started": ended & (far >= HOW_FAR["started"])}
    made |= {name: ended & (states == name) for name in OUTCOME_COUNTS[3:]}
    said = people["wants_career"].isin(("yes", "no", "unsure"))
    made |= {"asked": said, "wants": people["wants_career"] == "yes", "rated": people["rating"].notna()}
    young = people["age"].isin(YOUNG) & (people["area"] == LOCAL)
    made |= {"followed": people.index.to_series().isin(register.outcomes["placement"])}
    made |= {"choosing": young & (became["ever"] >= HOW_FAR["decided to apply"])}
    counts = pd.DataFrame({name: column.astype(int) for name, column in made.items()}, index=people.index)
    return people.assign(**counts, rating=people["rating"].fillna(0).astype(int))


def hosted_by_course(register: Register) -> dict[str, int]:
    """How many were hosted on each course, by its reference, those who were forgotten among them.

    Left out is a course that nobody is known to have been on: none was hosted, and none gave feedback.
    """
    now, before = register.placements, _forgotten(register)
    here = now[now["reached"] >= HOSTED]["course"].value_counts()
    gone = before[before["dimension"] == "course"].groupby("group")["hosted"].sum()
    each = ((one, here.get(one.ref, 0), gone.get(register.names[one.ref], 0)) for one in register.of("course"))
    counts = ((one, int(hosted + forgotten)) for one, hosted, forgotten in each)
    return {one.ref: count for one, count in counts if count or one.content.get("trainees")}


def is_over(register: Register) -> "pd.Series[bool]":
    """Whose six months after the placement are over, or who was asked at six months: before, nothing can be said."""
    over: pd.Series[bool] = (
        register.placements["last"].dt.date.map(lambda day: months_after(day, 6) < register.day).astype(bool)
    )
    over[over.index.isin(register.outcomes[register.outcomes["asked_at"] == BY_SIX_MONTHS[-1]]["placement"])] = True
    return over


def _became(register: Register) -> pd.DataFrame:
    """How far each placement's person came, by its reference.

    `far`: how far towards the NHS by six months, in steps of HOW_FAR; `ever`: the same, with what was told since;
    `state`: one of OUTCOME_COUNTS for those who have not applied by six months.
    """
    told = register.outcomes
    far = told["stage"].map(HOW_FAR).fillna(HOW_FAR["started"]).where(told["what"].isin(NHS), 0)
    told = told.assign(far=far.astype(int), early=told["asked_at"].isin(BY_SIX_MONTHS)).sort_values("on", kind="stable")
    early = told[told["early"]]
    last = early.drop_duplicates("placement", keep="last").set_index("placement")["what"]
    states = {**dict.fromkeys(ELSEWHERE, "elsewhere"), VOLUNTEERING: "volunteering", NOT_KNOWN: "unknown"}
    index = register.placements.index
    return pd.DataFrame(
        {
            "far": early.groupby("placement")["far"].max().reindex(index).fillna(0).astype(int),
            "ever": told.groupby("placement")["far"].max().reindex(index).fillna(0).astype(int),
            "state": last.map(lambda what: states.get(what, "none")).reindex(index).fillna("unknown"),
        },
        index=index,
    )


@dataclass(frozen=True, eq=False)
class Tally:
    """The counts of some years and programmes, by group; of everybody, or as they may be published."""

    counts: pd.DataFrame  #: columns dimension, group, COUNTS; NaN where a count is hidden

    @classmethod
    def of(cls, table: pd.DataFrame, years: Iterable[str], programme: str = "") -> "Tally":
        """Those of a table of `tally_of`. `programme`: the only one that is meant; all where it is empty."""
        mine = table[table["year"].isin([*years])]
        mine = mine[mine["programme"] == programme] if programme else mine
        return cls(mine.groupby(["dimension", "group"], sort=False)[[*COUNTS]].sum().reset_index())

    def published(self, year: str) -> "Tally":
        """The same through the disclosure door: small counts hidden, others rounded.

        A group that is called as somebody typed it, and is of few people, may name or describe one: it is among OTHERS.
        """
        fields = {key: one for key, one in record_kind("placement").fields.items() if one.kind == "open"}
        typed = [
            dimension in fields and group not in fields[dimension].offered
            for dimension, group in zip(self.counts["dimension"], self.counts["group"], strict=True)
        ]
        names = self.counts["group"].mask(np.array(typed, dtype=bool) & policy().hides(self.counts["planned"]), OTHERS)
        counts = self.counts.assign(group=names).groupby(["dimension", "group"], sort=False)[[*COUNTS]].sum()
        long = counts.reset_index().melt(["dimension", "group"], [*COUNTS], var_name="series", value_name="value")
        whole = long["dimension"] == ALL
        figures = long.assign(
            population="placements",
            breakdown=np.where(whole, ALL, long["dimension"] + "=" + long["group"]),
            period=year,
            numerator=np.nan,
            denominator=np.nan,
            value=long["value"].astype(float),
            state=np.where(long["value"] > 0, State.counted.value, State.zero.value),
        )
        is_sum = (figures["series"] == "rating").to_numpy()  # of ratings, not of people: it is left out whole
        people = figures[~is_sum]
        public = publish(people, official=[False] * len(people), of_time=[False] * len(people), policy=policy())
        table = public.table.pivot(index=["dimension", "group"], columns="series", values="value")
        return Tally(table.reindex(columns=[*COUNTS]).rename_axis(columns=None).reset_index())

    @cached_property
    def whole(self) -> dict[str, float]:
        """The counts of everybody; 0 where there is nobody, NaN where a count is hidden."""
        mine = self.counts[self.counts["dimension"] == ALL]
        return {name: float(mine[name].iloc[0]) if len(mine) else 0.0 for name in COUNTS}

    def groups(self, dimension: str) -> list[tuple[str, dict[str, float]]]:
        """The groups of a dimension with their counts, the largest first."""
        mine = self.counts[self.counts["dimension"] == dimension].sort_values("hosted", ascending=False, kind="stable")
        return [(str(row["group"]), {name: float(row[name]) for name in COUNTS}) for _, row in mine.iterrows()]
