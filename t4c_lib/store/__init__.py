"""Where partners' plans and evidence are kept: append-only, in SQLite or PostgreSQL, nothing overwritten."""

from t4c_lib.plan.partnership.event_log import Revision
from t4c_lib.store.agreements import IncompleteRowError, StaleActError
from t4c_lib.store.engine import DATABASE_URL, StoreError, default_database
from t4c_lib.store.evidence import NotAnEmployerError
from t4c_lib.store.plans import MergeClashError, RevisionConflictError, Saved
from t4c_lib.store.schema import StoreChange
from t4c_lib.store.store import Store
