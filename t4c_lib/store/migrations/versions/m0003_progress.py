"""Progress: the log of notes and reflections; m0003_progress.yaml has its table."""

from t4c_lib.store.schema import makes_tables

revision = "0003"
down_revision = "0002"
upgrade = makes_tables("migrations/versions/m0003_progress.yaml")
