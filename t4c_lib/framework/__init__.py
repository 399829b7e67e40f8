"""The national framework as data: what it asks for, how each measure is defined, and which series it reads."""

from t4c_lib.framework.catalogue import Catalogue, Series, catalogue, population, populations, series, series_followed
from t4c_lib.framework.definitions import Action, Better, Intention, Measure, MeasureKind, ModelPath, OnRecord
