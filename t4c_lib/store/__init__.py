"""Where partners' plans and evidence are kept: append-only, in SQLite or PostgreSQL, nothing overwritten."""

from t4c_lib.store.adding import Added
from t4c_lib.store.engine import StoreError
from t4c_lib.store.location import DATABASE_URL, default_database
from t4c_lib.store.plans import Revision, RevisionConflictError
from t4c_lib.store.store import Store

__all__ = ["DATABASE_URL", "Added", "Revision", "RevisionConflictError", "Store", "StoreError", "default_database"]
