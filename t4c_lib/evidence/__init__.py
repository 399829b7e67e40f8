"""What was counted: observations, and readers that make them from official publications and staff extracts."""

from t4c_lib.evidence.dictionary import DictionaryColumn, dictionary, dictionary_column
from t4c_lib.evidence.local_population import LocalPopulation, local_population, weights_by_population
from t4c_lib.evidence.observation import (
    OBSERVATION_COLUMNS,
    Loaded,
    Organisation,
    SourceFile,
    State,
)
from t4c_lib.evidence.reading import read_files
from t4c_lib.evidence.successions import Closure, Link, Successions, checked_links, combined_history, successions

__all__ = [
    "OBSERVATION_COLUMNS",
    "Closure",
    "DictionaryColumn",
    "Link",
    "Loaded",
    "LocalPopulation",
    "Organisation",
    "SourceFile",
    "State",
    "Successions",
    "checked_links",
    "combined_history",
    "dictionary",
    "dictionary_column",
    "local_population",
    "read_files",
    "successions",
    "weights_by_population",
]
