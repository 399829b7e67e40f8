"""What can be observed (series) and of whom (populations): the measures' series and a pinned list of others."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources

from pydantic import Field

from t4c_lib.errors import find_named
from t4c_lib.framework.definitions import Measure, MeasureKind, Noun
from t4c_lib.typed_text import capitalised
from t4c_lib.validation_messages import Key, Text, read_model
from t4c_lib.yaml_text import Place, RowName, read_yaml

SERIES_FILE = "series.yaml"
ROW_NAMES = {"series": RowName("series", ("key",)), "populations": RowName("population", ("name",))}

Finding = tuple[Place, str, str]


class Collected(Noun):
    """How a collection workbook asks for a series that no measure makes."""

    asked_with: Key  #: the measure; who is asked for it is asked for this too
    sheet: Text  #: title of the sheet
    source: Text  #: where an employer finds the figures
    months: int = Field(default=12, ge=1)  #: how many, up to the latest one
    groups: tuple[Text, ...] = ("all",)  #: one row of each, as plans write groups ("standard: Nursing associate")


class Series(Noun):
    """Observations that belong together: same thing counted, in the same unit, period after period."""

    key: Key
    label: Text
    kind: MeasureKind
    unit: Text
    description: Text
    collected: Collected | None = None  #: None where no collection workbook asks for it by itself
    fed_by: str = ""  #: see Measure


class Population(Noun):
    """A set of people whom figures are about."""

    name: Text  #: how observations name it ("support staff")
    label: Text  #: the same, to head a column or a chart
    definition: Text  #: who belongs to it
    part_of: str = ""  #: the population that it is a part of; empty where there is none
    proxy_note: str = ""  #: what published figures show in its place; empty where they show the population itself


class SamePeople(Noun):
    """Which series count the same people."""

    series: Key  #: a share
    numerator: Key  #: the series of the people above its line
    group: str = ""  #: the group of that series which they are, beside that of the share; empty for none
    denominator: Key  #: the series of the people below its line


class SeriesList(Noun):
    """The content of series.yaml."""

    series: tuple[Series, ...]
    same_people: tuple[SamePeople, ...] = ()
    populations: tuple[Population, ...]


def read_series(text: str, source: str) -> SeriesList:
    """Read a list of series and populations.

    Raises InputError: with every problem found: no YAML, duplicate keys, fields that are missing, unknown or wrong, two
    rows of one name.
    """
    document = read_yaml(text, source, needs=tuple(SeriesList.model_fields), rows=ROW_NAMES)
    found = read_model(SeriesList, document)
    wrong = [
        *repeated("key", ((("series", i), row.key) for i, row in enumerate(found.series))),
        *repeated("name", ((("populations", i), row.name) for i, row in enumerate(found.populations))),
    ]
    document.refuse(document.problem(*finding) for finding in wrong)
    return found


def repeated(noun: str, rows: Iterable[tuple[Place, str | int]]) -> Iterator[Finding]:
    """Every row whose name an earlier one has; `noun` is what the name is called."""
    seen: set[str | int] = set()
    for place, name in rows:
        if name in seen:
            yield place, f"The {noun} '{name}' is taken by an earlier row.", "Every row needs its own."
        seen.add(name)


def series_of(measure: Measure) -> Series:
    """The series a measure makes by itself, under its own key."""
    is_divided = measure.numerator and measure.denominator
    what = f"{measure.numerator}, out of {measure.denominator}" if is_divided else measure.name
    own = {"key": measure.key, "label": measure.name, "description": f"{capitalised(what)}."}
    return Series(**own, kind=measure.kind, unit=measure.unit)


@lru_cache(maxsize=1)
def other_series() -> SeriesList:
    """The series that no measure makes, and the populations, as the project ships them."""
    file = resources.files(__package__).joinpath(SERIES_FILE)
    return read_series(file.read_text(encoding="utf-8"), SERIES_FILE)


def populations() -> tuple[Population, ...]:
    """Every population there is."""
    return other_series().populations


def population(name: str) -> Population:
    """The population of that name. Raises UnknownNameError with the closest names."""
    return find_named("population", name, {one.name: one for one in populations()})
