"""The national framework as data: what it asks for, how each measure is defined, and which series it reads."""

from t4c_lib.framework.catalogue import Catalogue, catalogue, read_catalogue
from t4c_lib.framework.kinds import Better, Blank, MeasureKind, OnRecord
from t4c_lib.framework.nouns import (
    Action,
    Body,
    Intention,
    Measure,
    Note,
    Pledge,
    Signatory,
    Source,
    StatedTarget,
    Strand,
    Timeline,
)
from t4c_lib.framework.series import Population, Series, population, populations, read_series, series, series_named

__all__ = [
    "Action",
    "Better",
    "Blank",
    "Body",
    "Catalogue",
    "Intention",
    "Measure",
    "MeasureKind",
    "Note",
    "OnRecord",
    "Pledge",
    "Population",
    "Series",
    "Signatory",
    "Source",
    "StatedTarget",
    "Strand",
    "Timeline",
    "catalogue",
    "population",
    "populations",
    "read_catalogue",
    "read_series",
    "series",
    "series_named",
]
