"""The national framework as data: what it asks for, how each measure is defined, and which series it reads."""

from t4c_lib.framework.catalogue import Catalogue, catalogue, read_catalogue, series, series_followed
from t4c_lib.framework.definitions import Action, Better, Intention, Measure, MeasureKind, ModelPath, OnRecord
from t4c_lib.framework.series import Series, population, populations, read_series
