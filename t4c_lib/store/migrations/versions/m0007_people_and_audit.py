"""The people of a store, and the record of what was done; m0007_people_and_audit.yaml has their tables."""

from t4c_lib.store.schema import makes_tables

revision = "0007"
down_revision = "0006"
upgrade = makes_tables("migrations/versions/m0007_people_and_audit.yaml")
