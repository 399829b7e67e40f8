"""What was counted: observations, and readers that make them from official publications and staff extracts."""

from t4c_lib.evidence.ingest import read_files
from t4c_lib.evidence.observations import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile, State
from t4c_lib.evidence.staff_extract.dictionary import DictionaryColumn, dictionary, dictionary_column
