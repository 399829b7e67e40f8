"""The national framework as data: what it asks for, how each measure is defined, and which series it reads."""

from t4c_lib.framework.catalogue import Catalogue, catalogue, read_catalogue, series, series_followed, series_named
from t4c_lib.framework.definitions import (
    Action,
    Body,
    Forecast,
    History,
    Intention,
    InTheModel,
    Measure,
    Note,
    Pledge,
    Signatory,
    Source,
    StatedTarget,
    Strand,
    Timeline,
)
from t4c_lib.framework.kinds import WHOLE_PLAN, Better, Blank, MeasureKind, ModelPath, OnRecord
from t4c_lib.framework.series import Population, Series, population, populations, read_series
