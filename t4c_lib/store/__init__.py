"""Where partners' plans and evidence are kept: append-only, in SQLite or PostgreSQL, nothing overwritten."""

from t4c_lib.store.agreements import Agreements, IncompleteRowError, StaleActError
from t4c_lib.store.backup import Backup
from t4c_lib.store.engine import DATABASE_URL, StoreError, default_database
from t4c_lib.store.evidence_queries import NotAnEmployerError
from t4c_lib.store.evidence_writes import Added
from t4c_lib.store.plans import MergeClashError, Revision, RevisionConflictError, Saved
from t4c_lib.store.pledges import Pledges
from t4c_lib.store.progress_notes import ProgressNotes
from t4c_lib.store.rounds import Rounds, RoundStatus
from t4c_lib.store.save_log import StoreChange
from t4c_lib.store.store import Store
