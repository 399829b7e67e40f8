"""What was counted: observations, and readers that make them from official publications and staff extracts."""

from t4c_lib.evidence.observation import (
    OBSERVATION_COLUMNS,
    Loaded,
    Observation,
    Organisation,
    SourceFile,
    State,
)

__all__ = ["OBSERVATION_COLUMNS", "Loaded", "Observation", "Organisation", "SourceFile", "State"]
