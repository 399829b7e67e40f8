"""What was counted: observations, and readers that make them from official publications and staff extracts."""

from t4c_lib.evidence.dictionary import DictionaryColumn, dictionary, dictionary_column
from t4c_lib.evidence.observation import (
    OBSERVATION_COLUMNS,
    Loaded,
    Observation,
    Organisation,
    SourceFile,
    State,
)
from t4c_lib.evidence.reading import read_files

__all__ = [
    "OBSERVATION_COLUMNS",
    "DictionaryColumn",
    "Loaded",
    "Observation",
    "Organisation",
    "SourceFile",
    "State",
    "dictionary",
    "dictionary_column",
    "read_files",
]
