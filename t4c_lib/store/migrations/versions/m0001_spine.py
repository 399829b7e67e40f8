"""The spine: source files, organisations, observations, revisions of plans; m0001_spine.yaml has the four tables."""

from t4c_lib.store.schema import makes_tables

revision = "0001"
down_revision = None
upgrade = makes_tables("migrations/versions/m0001_spine.yaml")
