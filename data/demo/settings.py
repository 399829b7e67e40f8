"""Reads organisations.yaml: what is fixed about the demonstration organisations, checked and frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from t4c_lib.periods import Month

FILE = Path(__file__).with_name("organisations.yaml")

Pool = Literal["support", "other"]
POOLS: tuple[Pool, Pool] = ("support", "other")
SUPPORT_BANDS = frozenset(f"{word} {band}" for word in ("Band", "Equivalent") for band in (1, 2, 3, 4))

Share = Annotated[float, Field(ge=0, le=1)]
Weights = tuple[float, ...]
MonthOfYear = Annotated[tuple[float, ...], Field(min_length=12, max_length=12)]
AMonth = Annotated[Month, BeforeValidator(lambda text: Month.parse(str(text)))]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Job(_Part):
    """A post: its title, staff group and band. `kind` decides on qualifications, hours and the Care Certificate."""

    title: str
    group: str
    band: str
    kind: Literal["care", "support", "registered", "doctor", "office"]
    next: str = ""

    @property
    def is_support(self) -> bool:
        return self.band in SUPPORT_BANDS

    @property
    def is_registered(self) -> bool:
        return self.kind in {"registered", "doctor"}


class People(_Part):
    """Rates that hold for all organisations alike. Shares 0-1; "a year" is events over staff in post."""

    ages_25_and_over: dict[Pool, Weights]
    leavers_a_year: dict[Pool, Weights]
    young_in_post: dict[Pool, Weights]
    young_starters: dict[Pool, Weights]
    older_starters: Weights
    starts_by_month: MonthOfYear
    leaves_by_month: MonthOfYear
    sickness_by_month: MonthOfYear
    sickness: dict[Pool, Share]
    vacancies: Share
    filled_a_month: Share
    to_registered_a_year: Share
    to_next_band_a_year: Share


class Young(_Part):
    """Shares under 25 in post at the start, and of starters in the first and the last month."""

    support: Share
    support_starters: tuple[Share, Share]
    other: Share
    other_starters: tuple[Share, Share]


class Departments(_Part):
    """Where people work: care and registered staff in the first ones, estates staff, and the offices."""

    care: tuple[str, ...]
    estates: str
    office: str

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.care, self.estates, self.office)


class Organisation(_Part):
    """One demonstration organisation."""

    name: str
    type: str
    sector: str
    staff: int
    growth: float
    young: Young
    september_apprentices: int = 0
    leaving: float
    sick: float
    weeks: float
    female: Share
    ethnicity: Annotated[tuple[float, ...], Field(min_length=6, max_length=6)]
    departments: Departments
    registered: str
    missing_months: tuple[AMonth, ...] = ()
    missing_columns: tuple[str, ...] = ()
    jobs: dict[str, float]


class Settings(_Part):
    """The whole file."""

    seed: int
    first_month: AMonth
    months: int
    people: People
    jobs: dict[str, Job]
    organisations: dict[str, Organisation]

    @model_validator(mode="after")
    def _check_jobs(self) -> Settings:
        named = {job.next for job in self.jobs.values() if job.next}
        for organisation in self.organisations.values():
            named |= {organisation.registered, *organisation.jobs}
        if unknown := named - set(self.jobs):
            raise ValueError(f"jobs that are named but not described: {sorted(unknown)}")
        return self


def read_settings(path: Path = FILE) -> Settings:
    """The settings of all organisations. Raises pydantic's ValidationError where the file is wrong."""
    raw: Any = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return Settings.model_validate(raw)
