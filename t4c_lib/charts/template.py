"""Charts by template: the specification is built and checked by Altair once, then filled with figures.

Building a layered chart with Altair and checking it against the schema takes a tenth of a second and more; putting
other figures into a specification that was checked takes less than a millisecond. So a template names its tables
instead of holding them (the names Altair would give by itself are digests of the data and would change with it), and
what depends on the figures, such as where an axis ends, is a parameter of the specification.

What Altair made is kept in `templates/`, written and held fresh by docs/build.py: a process that draws charts has no
need of Altair, which takes half a second to import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from t4c_lib.charts.letters import lines_of
from t4c_lib.charts.theme import NARROW, TEXT

if TYPE_CHECKING:
    import altair as alt


Rows = Sequence[Mapping[str, Any]]
Specification = dict[str, Any]
LINES = (262, NARROW, 760)  # pixels that a line of words may take, by the room there is


def table_named(name: str) -> alt.NamedData:
    """The data of a layer whose rows come when the template is filled."""
    import altair as alt

    return alt.NamedData(name)


@lru_cache(maxsize=256)
def in_lines(text: str) -> str:
    """A Vega expression for a text in lines as long as the chart has room for: Vega breaks no lines itself."""
    shorter, longer, whole = (json.dumps(lines_of(text, room, TEXT) or [""]) for room in LINES)
    return f"width < {LINES[1]} ? {shorter} : width < {LINES[2]} ? {longer} : {whole}"


TEMPLATES: dict[str, Template] = {}  # every one there is, by its name


class Template:
    """A chart without its figures.

    Args:
        name: how messages call it.
        build: makes the Altair chart; called once, when first needed.
        tables: names of the tables it draws.
    """

    def __init__(self, name: str, build: Callable[[], Any], tables: Sequence[str]) -> None:
        self.name = name
        self.tables = tuple(tables)
        self._build = build
        TEMPLATES[name] = self

    @cached_property
    def specification(self) -> Specification:
        """The Vega-Lite specification, as `built` once and kept as a file of the project. Not to be changed."""
        found: Specification = json.loads(files(__package__).joinpath(self.file).read_text(encoding="utf-8"))
        return found

    @property
    def file(self) -> str:
        """Where it is kept, within this folder."""
        return f"templates/{self.name}.json"

    @cached_property
    def built(self) -> Specification:
        """The specification made anew by Altair, which checks it against Vega-Lite's schema."""
        made: Specification = self._build().to_dict()
        return made

    def text(self) -> str:
        """What its file is to hold."""
        return json.dumps(self.built, indent=1, sort_keys=True, ensure_ascii=False)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of what else can be filled in."""
        return tuple(one["name"] for one in self.specification.get("params", ()))

    def filled(
        self,
        tables: Mapping[str, Rows],
        *,
        measured: str,
        description: str,
        height: int | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Specification:
        """The specification with figures; shares what doesn't change with the template, so it is not to be changed.

        Args:
            tables: rows by the name of their table; each row holds plain values only.
            measured: what is measured, with its unit: the words above the chart.
            description: for who can't see the chart.
            height: in pixels, where it depends on the figures.
            parameters: values of the template's parameters by name; those not given keep theirs.

        Raises:
            ValueError: a table is missing, or there is one, or a parameter, that the template doesn't have.
        """
        if set(tables) != set(self.tables):
            raise ValueError(f"{self.name} draws the tables {sorted(self.tables)}, not {sorted(tables)}.")
        given = parameters or {}
        if strange := set(given) - set(self.parameters):
            raise ValueError(f"{self.name} has no parameter {sorted(strange)}; it has {sorted(self.parameters)}.")
        base = self.specification
        made = {
            **base,
            "datasets": {name: list(rows) for name, rows in tables.items()},
            "description": description,
            "title": {**base["title"], "text": {"expr": in_lines(measured)}},
        }
        if given:
            made["params"] = [
                {**one, "value": given[one["name"]]} if one["name"] in given else one for one in base["params"]
            ]
        if height is not None:
            made["height"] = height
        return made
