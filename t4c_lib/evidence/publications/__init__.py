"""For each family of publications a file of declarations, and the functions that they name."""

from t4c_lib.evidence.observation_frames import ENGLAND
from t4c_lib.evidence.observations import Organisation


def england(*_: str) -> Organisation:
    """Whom all rows of a table are about."""
    return ENGLAND
