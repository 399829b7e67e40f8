"""The catalogue: the whole framework, read once, with look-ups that name the closest match."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib import resources

from t4c_lib.errors import UnknownNameError
from t4c_lib.framework.catalogue_checks import findings
from t4c_lib.framework.definitions import (
    Action,
    Body,
    Intention,
    Measure,
    Note,
    Pledge,
    Source,
    Strand,
)
from t4c_lib.framework.kinds import ModelPath, Noun
from t4c_lib.framework.series import other_series
from t4c_lib.pydantic_words import Text, read_model
from t4c_lib.yaml_text import RowName, read_yaml

CATALOGUE_FILE = "catalogue.yaml"

# How messages call the rows of each list.
ROW_NAMES = {
    "strands": RowName("strand", ("key",)),
    "intentions": RowName("intention", ("number",)),
    "actions": RowName("action", ("ref",)),
    "measures": RowName("measure", ("ref", "part")),
    "timeline": RowName("timeline", ("for",)),
    "notes": RowName("note", ("number",)),
    "bodies": RowName("body", ("key",)),
    "signed_by": RowName("signatory", ("postholder",)),
}


class Catalogue(Noun):
    """The national framework. Rows are suggestions: a plan may adopt, reword, leave out or add.

    Attributes:
        source: the publication retold.
        postholders: how the catalogue treats the source's empty column of postholders.
        bodies: bodies the source names, then and now.
        strands: the four parts, in order.
        intentions: the ten intentions, in order, each with its timeline, actions and measures.
        notes: the source's numbered notes and where they apply.
        pledge: the partnership pledge.
    """

    source: Source
    postholders: Text
    bodies: tuple[Body, ...]
    strands: tuple[Strand, ...]
    intentions: tuple[Intention, ...]
    notes: tuple[Note, ...]
    pledge: Pledge

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, in the order of the intentions."""
        return tuple(action for intention in self.intentions for action in intention.actions)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in the order of the intentions."""
        return tuple(measure for intention in self.intentions for measure in intention.measures)

    def strand(self, key: str) -> Strand:
        """The strand of that key. Raises UnknownNameError with the closest keys."""
        for strand in self.strands:
            if strand.key == key:
                return strand
        raise UnknownNameError("strand", key, [strand.key for strand in self.strands])

    def intention(self, key: str | int) -> Intention:
        """The intention of that key, or of that number (1 to 10). Raises UnknownNameError with what there is."""
        for intention in self.intentions:
            if key in (intention.key, intention.number, str(intention.number)):
                return intention
        is_number = isinstance(key, int) or key.isdigit()
        known = [str(row.number) if is_number else row.key for row in self.intentions]
        raise UnknownNameError("intention", str(key), known)

    def intentions_of(self, strand: str) -> tuple[Intention, ...]:
        """The intentions of a strand, in order. Raises UnknownNameError for a strand there is not."""
        key = self.strand(strand).key
        return tuple(intention for intention in self.intentions if intention.strand == key)

    def action(self, key: str) -> Action:
        """The action of that key, or of that ref ("3a1"). Raises UnknownNameError with the closest keys."""
        for action in self.actions:
            if key in (action.key, action.ref):
                return action
        raise UnknownNameError("action", key, [action.key for action in self.actions])

    @cached_property
    def followed(self) -> Mapping[ModelPath, Measure]:
        """The measures that the what-if follows, by the formulas it has for them, in the order of the intentions."""
        with_path = ((measure.what_if.path, measure) for measure in self.measures if measure.what_if is not None)
        return {path: measure for path, measure in with_path if path is not None}

    def path_of(self, measure: str) -> ModelPath | None:
        """The formula by which the what-if follows a measure, by its key; None for one that it doesn't follow."""
        return next((path for path, one in self.followed.items() if one.key == measure), None)

    @cached_property
    def by_group(self) -> Measure:
        """The measure that sets the workforce, group by group, beside the local population."""
        return next(measure for measure in self.measures if measure.groups)

    def notes_on(self, ref: str) -> tuple[Note, ...]:
        """The source's notes on the action of that ref, or on the whole plan (WHOLE_PLAN), in order."""
        return tuple(note for note in self.notes if ref in note.applies_to)

    def measure(self, key: str) -> Measure:
        """The measure of that key, or of that ref and part ("1m4-turnover"). Raises UnknownNameError likewise."""
        for measure in self.measures:
            if key in (measure.key, measure.reference):
                return measure
        raise UnknownNameError("measure", key, [measure.key for measure in self.measures])


def read_catalogue(text: str, source: str) -> Catalogue:
    """Read a catalogue from YAML text; `source` is how messages call the file.

    Raises:
        InputError: with all that is wrong: first how single rows are written (YAML, duplicate keys, fields that are
            missing, unknown or wrong, what does not go with a measure's kind); once each row is sound, what is wrong
            between them (names taken twice, references that lead nowhere).
    """
    document = read_yaml(text, source, needs=tuple(Catalogue.model_fields), rows=ROW_NAMES)
    whole = read_model(Catalogue, document)
    others = other_series()
    wrong = findings(whole, {row.key for row in others.series}, {row.name for row in others.populations})
    document.refuse(document.problem(*finding) for finding in wrong)
    return whole


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The national framework as the project ships it; read at the first call and kept."""
    file = resources.files(__package__).joinpath(CATALOGUE_FILE)
    return read_catalogue(file.read_text(encoding="utf-8"), CATALOGUE_FILE)


def series_followed(path: ModelPath) -> str:
    """The series of the measure that the what-if follows by a formula."""
    return catalogue().followed[path].series
